// Every invariant of the two texts fails on a state made wrong for it.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/external/external_tools.hpp"

namespace quiesce::external {
namespace {

const Bounds bounds{.regions = 2,
                    .tasks = 1,
                    .obligations = 1,
                    .finalizers = 2,
                    .mask = 1,
                    .kinds = 1,
                    .policies = 1};

/// The first group of every match, in order.
std::vector<std::string> all_matches(const std::string& text, const char* pattern) {
  const std::regex wanted(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), wanted), end; at != end; ++at) {
    found.push_back((*at)[1]);
  }
  return found;
}

std::set<std::string> as_set(const std::vector<std::string>& ids) {
  return {ids.begin(), ids.end()};
}

/// By the id printed before a wrong state: the ids whose assertions failed there.
std::map<std::string, std::set<std::string>> failures_by_wrong_state(const std::string& report) {
  std::map<std::string, std::set<std::string>> failures;
  std::string current;
  const std::regex line(R"((wrong|assertion violated) (inv_\w+))");
  for (std::sregex_iterator at(report.begin(), report.end(), line), end; at != end; ++at) {
    if ((*at)[1] == "wrong") {
      current = (*at)[2];
      failures[current];
    } else {
      failures[current].insert((*at)[2]);
    }
  }
  return failures;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(external_wrong_states)

BOOST_AUTO_TEST_CASE(promela_invariants_fail_on_their_wrong_states) {
  const auto absent = missing(needed_tools());
  BOOST_REQUIRE_MESSAGE(!absent, absent.value_or(""));
  const std::string report = spin_on_wrong_states(bounds);
  const auto failures = failures_by_wrong_state(report);
  for (const auto& [id, failed] : failures) {
    BOOST_TEST(failed.contains(id), id << " does not fail on its wrong state");
  }
  const std::set<std::string> asserted =
      as_set(all_matches(text_of("models/external/promela/house.pml") +
                             text_of("models/external/promela/invariants.pml"),
                         R"(assert\((inv_\w+)\))"));
  BOOST_TEST(asserted.size() > 20U);
  for (const std::string& id : asserted) {
    BOOST_TEST(failures.contains(id), id << " has no wrong state\n" << report);
  }
}

BOOST_AUTO_TEST_CASE(murphi_invariants_fail_on_their_wrong_states) {
  const auto absent = missing(needed_tools());
  BOOST_REQUIRE_MESSAGE(!absent, absent.value_or(""));
  const std::vector<std::string> wanted = all_matches(
      text_of("models/external/murphi/wrong_states.m"), R"re(startstate "([^":]+): )re");
  const std::string report = rumur_on_wrong_states(bounds);
  std::vector<std::string> failed;
  for (const std::string& id :
       all_matches(report, R"re((invariant "[^"]+" failed|Assertion failed: [^ ]+ [^\n]+))re")) {
    const std::string id_alone =
        all_matches(id, R"re((?:invariant "|failed: [^ ]+ )([^"]+))re").front();
    failed.push_back(id_alone);
  }
  BOOST_TEST(failed == wanted, boost::test_tools::per_element());
  const std::set<std::string> stated = as_set(all_matches(text_of("models/external/murphi/house.m"),
                                                          R"re((?:invariant|assert) "([^"]+)")re"));
  BOOST_TEST(stated.size() > 15U);
  BOOST_TEST((stated == as_set(wanted)), "an invariant without a wrong state\n" << report);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace quiesce::external
