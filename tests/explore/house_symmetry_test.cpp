// Orbits of the bounded machine against orbits found by brute force: every state, every renaming,
// applied to the specification's own rows.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <numeric>
#include <set>
#include <vector>

#include "models/explore/house.hpp"
#include "models/explore/search.hpp"

namespace quiesce::explore {
namespace {

constexpr std::size_t words = 3;
using State = PackedState<words>;
using Order = std::vector<std::uint32_t>;

/// Every order of the first `count` names; only the first if they are not free.
std::vector<Order> orders(std::size_t count, bool free) {
  Order order(count);
  std::iota(order.begin(), order.end(), 0U);
  std::vector<Order> all;
  do {
    all.push_back(order);
  } while (free && std::next_permutation(order.begin(), order.end()));
  return all;
}

spec::State renamed(const spec::State& s, const Order& task, const Order& obligation) {
  const auto new_name = [&](TaskName name) {
    return name.value < task.size() ? TaskName{task[name.value]} : name;
  };
  const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
  spec::State n = s;
  for (spec::Task& row : n.tasks) row.name = new_name(row.name);
  for (spec::Region& row : n.regions) {
    for (TaskName& name : row.tasks) name = new_name(name);
    std::sort(row.tasks.begin(), row.tasks.end());
  }
  for (spec::Obligation& row : n.obligations) {
    row.holder = new_name(row.holder);
    row.name.value = obligation[row.name.value];
  }
  std::sort(n.tasks.begin(), n.tasks.end(), by_name);
  std::sort(n.obligations.begin(), n.obligations.end(), by_name);
  return n;
}

struct Counts {
  std::uint64_t orbits = 0;
  std::vector<std::uint64_t> levels;
  std::map<std::string_view, std::uint64_t> actions;
};

/// The least packed member names its orbit, whether it is reachable or not: what was reserved later
/// never has the lower Name. The member that is met first speaks for it.
Counts by_brute_force(const HouseMachine& machine, bool tasks, bool obligations) {
  const House<words> house(machine);
  const HouseCodec& codec = machine.codec();
  std::map<State, std::size_t> level_of{{house.initial(), 0}};
  std::vector<State> queue{house.initial()};
  std::set<State> orbits;
  Counts found;
  spec::State state;
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const State now = queue[i];
    const std::size_t level = level_of.at(now);
    codec.decode(now, state);
    const auto bodies = static_cast<std::size_t>(
        std::count_if(state.tasks.begin(), state.tasks.end(), spec::is_body));
    State least = now;
    for (const Order& task : orders(bodies, tasks)) {
      for (const Order& obligation : orders(state.obligations.size(), obligations)) {
        State other{};
        BOOST_TEST_REQUIRE(codec.encode(renamed(state, task, obligation), other));
        least = std::min(least, other);
      }
    }
    const bool is_first = orbits.insert(least).second;
    if (is_first) {
      ++found.orbits;
      found.levels.resize(level + 1);
      ++found.levels[level];
    }
    house.successors(now, house.inspect(now), [&](std::size_t action, const State& next) {
      if (is_first) ++found.actions[machine.actions()[action]];
      if (level_of.emplace(next, level + 1).second) queue.push_back(next);
    });
  }
  return found;
}

void compare(const HouseBounds& bounds, bool tasks, bool obligations) {
  BOOST_TEST_CONTEXT(bounds.regions << " regions, " << bounds.tasks << " tasks, "
                                    << bounds.obligations << " obligations, " << bounds.finalizers
                                    << " finalizers; symmetric: tasks " << tasks << " obligations "
                                    << obligations) {
    const HouseMachine machine(bounds);
    BOOST_TEST_REQUIRE(machine.codec().words() <= words);
    const Counts brute = by_brute_force(machine, tasks, obligations);
    const House<words> house(machine, tasks, obligations);
    SearchOptions options;
    options.threads = 2;
    const SearchResult result = search(UpToSymmetry<House<words>>(house), options);
    BOOST_TEST((result.ended == Ended::Complete));
    BOOST_TEST(result.distinct_states == brute.orbits);
    BOOST_TEST(result.levels == brute.levels, boost::test_tools::per_element());
    for (const auto& [action, count] : result.actions) {
      const auto expected = brute.actions.find(action);
      BOOST_TEST(count == (expected == brute.actions.end() ? 0 : expected->second), action);
    }
    BOOST_TEST(!result.refusals.empty());
  }
}

BOOST_AUTO_TEST_CASE(house_has_as_many_orbits_as_brute_force_finds) {
  compare({.regions = 2, .tasks = 2, .obligations = 1}, true, true);
  compare({.regions = 1, .tasks = 2, .obligations = 2}, true, true);
  compare({.regions = 1, .tasks = 2, .obligations = 2}, true, false);
  compare({.regions = 1, .tasks = 2, .obligations = 2}, false, true);
  compare({.regions = 1, .tasks = 3, .obligations = 1}, true, true);
  compare({.regions = 1, .tasks = 1, .obligations = 3, .finalizers = 1}, true, true);
  compare({.regions = 1, .tasks = 2, .obligations = 1, .finalizers = 1, .policies = 2}, true, true);
  compare({.regions = 2, .tasks = 2, .obligations = 0, .small_step = true}, true, true);
  compare({.regions = 1, .tasks = 2, .obligations = 1, .time = 1}, true, true);
  compare({.regions = 1, .tasks = 1, .obligations = 2, .time = 1}, true, true);
  compare({.regions = 2, .tasks = 2, .obligations = 0, .time = 1}, true, true);
  compare({.regions = 1, .tasks = 2, .obligations = 0, .quota = 1}, true, true);
  compare({.regions = 2, .tasks = 2, .obligations = 0, .limits = 1}, true, true);
  compare({.regions = 1, .tasks = 2, .obligations = 2, .mask = 0, .joins = 1}, false, true);
}

/// What is wrong is found as early, and its counterexample is one of the machine itself.
BOOST_AUTO_TEST_CASE(house_up_to_symmetry_finds_what_is_wrong_at_the_same_depth) {
  const HouseMachine machine({.regions = 2, .tasks = 2, .obligations = 2, .claims_no_leak = true});
  const SearchResult full = search(House<words>(machine), {});
  const House<words> house(machine, true, true);
  const SearchResult orbits = search(UpToSymmetry<House<words>>(house), {});
  BOOST_TEST_REQUIRE(full.violation.has_value());
  BOOST_TEST_REQUIRE(orbits.violation.has_value());
  BOOST_TEST(orbits.violation->id == full.violation->id);
  BOOST_TEST(orbits.violation->trace.size() == full.violation->trace.size());
  BOOST_TEST(orbits.distinct_states < full.distinct_states);
}

/// The same with the sentences about steps: a witness is shown at the same level.
BOOST_AUTO_TEST_CASE(house_up_to_symmetry_shows_the_same_cases) {
  const HouseMachine machine({.regions = 2, .tasks = 2, .obligations = 1, .finalizers = 0});
  const SearchResult full = search(House<words>(machine), {});
  const House<words> house(machine, true, true);
  const SearchResult orbits = search(UpToSymmetry<House<words>>(house), {});
  BOOST_TEST_REQUIRE(full.sometimes.size() == orbits.sometimes.size());
  for (std::size_t i = 0; i < full.sometimes.size(); ++i) {
    BOOST_TEST((full.sometimes[i].first_level == orbits.sometimes[i].first_level),
               full.sometimes[i].id);
  }
  BOOST_TEST(orbits.deadlocked_states == 0U);
}

}  // namespace
}  // namespace quiesce::explore
