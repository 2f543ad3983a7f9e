// The models of the scheduler: their counts at small bounds, and that every case is reached.
#include <array>
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>
#include <string>

#include "models/explore/manifest.hpp"
#include "models/explore/run.hpp"

namespace quiesce::explore {
namespace {

SearchResult searched(std::string_view model, std::string_view bounds) {
  const ManifestEntry entry{model, "", bounds, "", "", 0, 0};
  return run_search(arguments_of(entry), [](const Progress&) {}).result;
}

struct Pinned {
  const char* model;
  const char* bounds;
  std::uint64_t states;
  std::uint64_t transitions;
  const char* why;
};
constexpr std::array<Pinned, 11> pins{{
    {"scheduling", "workers 1 slots 1 tasks 1 events 2", 198, 383, "one life, two events"},
    {"scheduling", "workers 2 slots 1 tasks 2 events 2", 8'389, 23'537, "a slot used again"},
    {"scheduling", "workers 2 slots 2 tasks 2 events 1", 5'188, 13'122, "two beside two"},
    {"scheduling", "workers 1 slots 2 tasks 2 events 2 time 1", 7'932, 23'695, "a deadline"},
    {"scheduling", "workers 1 slots 2 tasks 2 events 3 time 2", 47'888, 182'855, "two deadlines"},
    {"fairness", "limit 1 draining 1", 2'164, 11'940, "the least limit"},
    {"fairness", "limit 4 draining 1", 23'056, 129'600, "a limit to count with"},
    {"parking", "workers 2 publishers 2 entries 2", 16'883, 53'911, "two of each"},
    {"parking", "workers 2 publishers 1 entries 1 timer 1", 11'605, 34'064, "a timer"},
    {"parking", "workers 2 publishers 1 entries 1 shutdown 1", 2'096, 5'042, "the end"},
    {"parking", "workers 2 publishers 1 entries 2 failures 1", 9'737, 27'024,
     "a dequeue that fails"},
}};

BOOST_AUTO_TEST_SUITE(scheduling_models)

BOOST_AUTO_TEST_CASE(models_have_their_pinned_counts_and_every_end_is_at_rest) {
  for (const Pinned& pinned : pins) {
    BOOST_TEST_CONTEXT(pinned.model << " " << pinned.bounds << ": " << pinned.why) {
      const SearchResult result = searched(pinned.model, pinned.bounds);
      BOOST_TEST((result.ended == Ended::Complete));
      BOOST_TEST(result.distinct_states == pinned.states);
      BOOST_TEST(result.transitions == pinned.transitions);
      BOOST_TEST(result.deadlocked_states == 0U);
    }
  }
}

BOOST_AUTO_TEST_CASE(each_case_is_reached_within_some_small_bounds) {
  std::map<std::string, std::set<std::string>> reached;
  std::map<std::string, std::set<std::string>> there_are;
  for (const Pinned& pinned : pins) {
    for (const Witness& witness : searched(pinned.model, pinned.bounds).sometimes) {
      there_are[pinned.model].insert(witness.id);
      if (witness.first_level) reached[pinned.model].insert(witness.id);
    }
  }
  for (const Witness& witness :
       searched("scheduling", "workers 2 slots 2 tasks 2 pinned 1").sometimes)
    if (witness.first_level) reached["scheduling"].insert(witness.id);
  for (const auto& [model, ids] : there_are) {
    for (const std::string& id : ids) {
      BOOST_TEST(reached[model].contains(id), model << " never reaches " << id);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_case_that_bounds_cannot_show_is_not_shown_within_them) {
  for (const Pinned& pinned : pins) {
    for (const Witness& witness : searched(pinned.model, pinned.bounds).sometimes) {
      BOOST_TEST_CONTEXT(pinned.model << " " << pinned.bounds << " " << witness.id) {
        BOOST_TEST(!(witness.first_level && !witness.beyond.empty()));
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace quiesce::explore
