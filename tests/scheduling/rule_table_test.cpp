// Each rule's id stands in one comment of the sources, and each such comment names a rule.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "spec/scheduling/fairness.hpp"
#include "spec/scheduling/invariants.hpp"
#include "spec/scheduling/parking.hpp"
#include "spec/scheduling/step.hpp"

using namespace quiesce::spec;

namespace {

std::map<std::string, int> places_of(const std::string& beginning) {
  std::map<std::string, int> places;
  for (const auto& file : std::filesystem::directory_iterator("spec/scheduling")) {
    if (file.path().extension() != ".cpp") continue;
    std::ifstream text{file.path()};
    for (std::string line; std::getline(text, line);) {
      std::size_t at = line.find("//");
      while (at != std::string::npos && (at = line.find(beginning, at)) != std::string::npos) {
        const std::size_t end =
            line.find_first_not_of("abcdefghijklmnopqrstuvwxyz_.", at + beginning.size());
        ++places[line.substr(at, end - at)];
        at = end;
      }
    }
  }
  return places;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scheduling_rules)

BOOST_AUTO_TEST_CASE(every_rule_stands_in_one_comment_and_every_comment_names_a_rule) {
  std::set<std::string> known;
  auto places = places_of("rule.sched.");
  places.merge(places_of("rule.park."));
  for (const scheduling::RuleRow& row : scheduling::rules()) {
    BOOST_TEST_CONTEXT(row.id) {
      BOOST_TEST(known.insert(std::string(row.id)).second);
      BOOST_TEST(places[std::string(row.id)] == 1);
      BOOST_TEST(!row.sentence.empty());
      BOOST_TEST(!row.source.empty());
    }
  }
  for (const auto& [id, count] : places) BOOST_TEST(known.contains(id), id << " is no rule");
}

BOOST_AUTO_TEST_CASE(every_sentence_has_an_id_of_its_own_and_a_fact) {
  std::set<std::string> ids;
  const auto check = [&](const auto& rows, const std::string& model) {
    for (const auto& row : rows) {
      BOOST_TEST_CONTEXT(row.id) {
        BOOST_TEST(ids.insert(model + std::string(row.id)).second);
        BOOST_TEST(std::string(row.id).starts_with("inv.sched."));
        BOOST_TEST(std::string(row.fact).starts_with("I"));
        BOOST_TEST(!row.sentence.empty());
      }
    }
  };
  check(scheduling::invariants(), "scheduling ");
  check(scheduling::step_properties(), "scheduling ");
  check(scheduling::fairness::step_properties(), "fairness ");
  check(scheduling::parking::invariants(), "parking ");
}

BOOST_AUTO_TEST_SUITE_END()
