// Ids in the sources of spec/channel: a reader who holds one finds its one place.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "spec/channel/mpsc_invariants.hpp"
#include "spec/channel/notify_invariants.hpp"

using namespace quiesce::channel;

namespace {

bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || c == '_' || c == '.';
}

/// How often each id that begins so stands in the comments of the files that end so.
std::map<std::string, int> ids_of(const std::string& beginning, const std::string& file_end) {
  std::map<std::string, int> ids;
  for (const auto& entry : std::filesystem::directory_iterator("spec/channel")) {
    if (!entry.path().filename().string().ends_with(file_end)) continue;
    std::ifstream text{entry.path()};
    for (std::string line; std::getline(text, line);) {
      std::size_t at = line.find("//");
      while (at != std::string::npos && (at = line.find(beginning, at)) != std::string::npos) {
        const std::size_t from = at;
        while (at < line.size() && is_id_character(line[at])) ++at;
        ++ids[line.substr(from, at - from)];
      }
    }
  }
  return ids;
}

std::size_t rules_of(const std::string& primitive) {
  std::size_t count = 0;
  for (const auto& [id, places] : ids_of("rule." + primitive + ".", "_rules.cpp")) {
    BOOST_TEST_CONTEXT(id) {
      BOOST_TEST(places >= 1);
    }
    ++count;
  }
  return count;
}

template <class Rows>
void add_ids(const Rows& rows, std::map<std::string, int>& ids) {
  for (const auto& row : rows) {
    ++ids[std::string(row.id)];
    BOOST_TEST(!row.sentence.empty());
    BOOST_TEST(!row.interesting_case.empty());
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rule_index)

BOOST_AUTO_TEST_CASE(every_action_has_a_rule) {
  // Each primitive's actions, and what they share: pass_on; wake_next, sender_gone, holder_ends.
  BOOST_TEST(rules_of("notify") == notify_action_count + 1);
  BOOST_TEST(rules_of("mpsc") == mpsc_action_count + 3);
}

BOOST_AUTO_TEST_CASE(every_invariant_that_a_rule_keeps_is_in_the_catalogue) {
  std::map<std::string, int> catalogue;
  add_ids(notify_invariants(), catalogue);
  add_ids(notify_step_properties(), catalogue);
  add_ids(mpsc_invariants(), catalogue);
  add_ids(mpsc_step_properties(), catalogue);
  for (const auto& [id, rows] : catalogue) BOOST_TEST(rows == 1, id << " stands twice");
  for (const auto& [id, places] : ids_of("inv.", "_rules.cpp"))
    BOOST_TEST(catalogue.contains(id), id << " is no invariant");
}

/// The first id after `breaks:` is the one that a mutant is for.
BOOST_AUTO_TEST_CASE(every_invariant_has_a_mutant_that_breaks_it) {
  std::set<std::string> broken;
  for (const auto& entry : std::filesystem::directory_iterator("models/mutants")) {
    if (entry.path().extension() != ".diff") continue;
    std::ifstream text{entry.path()};
    for (std::string line; std::getline(text, line) && !line.empty();) {
      const std::string key = "breaks: ";
      if (line.rfind(key, 0) == 0)
        broken.insert(line.substr(key.size(), line.find(',') - key.size()));
    }
  }
  std::map<std::string, int> catalogue;
  add_ids(notify_invariants(), catalogue);
  add_ids(notify_step_properties(), catalogue);
  add_ids(mpsc_invariants(), catalogue);
  add_ids(mpsc_step_properties(), catalogue);
  for (const auto& [id, rows] : catalogue) BOOST_TEST(broken.contains(id), id << " has no mutant");
}

BOOST_AUTO_TEST_CASE(every_guard_has_a_name_and_a_sentence) {
  for (int i = 0; i < guard_count; ++i) {
    const auto guard = static_cast<Guard>(i);
    BOOST_TEST(!to_text(guard).empty());
    BOOST_TEST(!sentence(guard).empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()
