// Counts up to symmetry against orbits found by brute force: every state, every renaming.
#include <boost/test/unit_test.hpp>
#include <set>

#include "models/explore/public_tla.hpp"
#include "models/explore/search.hpp"
#include "tests/explore/all_variables.hpp"

namespace quiesce::explore {
namespace {

using testing::AllVariables;

struct Renaming {
  std::vector<std::uint8_t> task, region, obligation;
};

std::vector<std::vector<std::uint8_t>> permutations(std::size_t count, bool free,
                                                    std::size_t fixed) {
  std::vector<std::uint8_t> order(count);
  std::iota(order.begin(), order.end(), std::uint8_t{0});
  std::vector<std::vector<std::uint8_t>> all;
  do {
    all.push_back(order);
  } while (free &&
           std::next_permutation(order.begin() + static_cast<std::ptrdiff_t>(fixed), order.end()));
  return all;
}

std::vector<Renaming> group(const Bounds& bounds, const Symmetry& symmetry) {
  std::vector<Renaming> all;
  for (const auto& task : permutations(bounds.tasks, symmetry.tasks, 0)) {
    for (const auto& region : permutations(bounds.regions, symmetry.regions, 1)) {
      for (const auto& obligation : permutations(bounds.obligations, symmetry.obligations, 0)) {
        all.push_back({task, region, obligation});
      }
    }
  }
  return all;
}

std::uint8_t renamed_set(std::uint8_t set, const std::vector<std::uint8_t>& to) {
  std::uint8_t result = 0;
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (testing::has(set, i)) result = testing::with(result, to[i]);
  }
  return result;
}

/// The fields of a row that was never born name nobody and are not renamed.
AllVariables renamed(const AllVariables& s, const Renaming& to) {
  AllVariables n = s;
  for (std::size_t t = 0; t < to.task.size(); ++t) {
    const std::size_t at = to.task[t];
    n.task_state[at] = s.task_state[t];
    n.task_mask[at] = s.task_mask[t];
    n.task_alive[at] = s.task_alive[t];
    n.task_region[at] = s.task_alive[t] ? to.region[s.task_region[t]] : s.task_region[t];
  }
  for (std::size_t r = 0; r < to.region.size(); ++r) {
    const std::size_t at = to.region[r];
    const std::uint8_t parent = s.region_parent[r];
    n.region_state[at] = s.region_state[r];
    n.region_cancel[at] = s.region_cancel[r];
    n.region_parent[at] =
        parent == 0 ? parent : static_cast<std::uint8_t>(to.region[parent - 1U] + 1U);
    n.region_children[at] = renamed_set(s.region_children[r], to.task);
    n.region_subs[at] = renamed_set(s.region_subs[r], to.region);
    n.region_ledger[at] = renamed_set(s.region_ledger[r], to.obligation);
  }
  for (std::size_t o = 0; o < to.obligation.size(); ++o) {
    const std::size_t at = to.obligation[o];
    n.ob_state[at] = s.ob_state[o];
    n.ob_alive[at] = s.ob_alive[o];
    n.ob_holder[at] = s.ob_alive[o] ? to.task[s.ob_holder[o]] : s.ob_holder[o];
    n.ob_region[at] = s.ob_alive[o] ? to.region[s.ob_region[o]] : s.ob_region[o];
  }
  return n;
}

struct Orbits {
  std::uint64_t count = 0;
  std::vector<std::uint64_t> levels;
  std::map<std::string, std::uint64_t> actions;
};

/// One member speaks for its orbit: the least.
Orbits orbits(const Bounds& bounds, const Symmetry& symmetry) {
  const std::vector<Renaming> renamings = group(bounds, symmetry);
  const testing::Module module(bounds);
  const testing::Enumerated all = testing::enumerate(bounds);
  Orbits found;
  found.levels.assign(all.levels.size(), 0);
  for (const auto& [state, level] : all.level_of) {
    const bool least = std::none_of(
        renamings.begin(), renamings.end(),
        [&, &member = state](const Renaming& to) { return renamed(member, to) < member; });
    if (!least) continue;
    ++found.count;
    ++found.levels[level];
    for (const auto& [action, next] : module.edges(state)) ++found.actions[action];
  }
  return found;
}

void compare(const Bounds& bounds, const Symmetry& symmetry) {
  BOOST_TEST_CONTEXT(bounds.tasks << " tasks, " << bounds.regions << " regions, "
                                  << bounds.obligations << " obligations; symmetric: tasks "
                                  << symmetry.tasks << " obligations " << symmetry.obligations
                                  << " regions " << symmetry.regions) {
    const Orbits brute = orbits(bounds, symmetry);
    const PublicTla<1> model(bounds, symmetry);
    const SearchResult result = search(UpToSymmetry<PublicTla<1>>(model), SearchOptions{});
    BOOST_TEST(result.distinct_states == brute.count);
    BOOST_TEST(result.levels == brute.levels, boost::test_tools::per_element());
    for (const auto& [action, count] : result.actions) {
      const auto expected = brute.actions.find(action);
      BOOST_TEST_CONTEXT(action) {
        BOOST_TEST(count == (expected == brute.actions.end() ? 0 : expected->second));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(symmetry_counts_exactly_the_orbits) {
  const Symmetry tasks_and_obligations{.tasks = true, .obligations = true};
  const Symmetry everything{.tasks = true, .obligations = true, .regions = true};
  for (const Bounds& bounds : {Bounds{2, 1, 2, 1}, Bounds{2, 2, 1, 2}, Bounds{3, 1, 2, 1},
                               Bounds{1, 3, 2, 1}, Bounds{2, 3, 0, 2}, Bounds{4, 1, 0, 2}}) {
    compare(bounds, tasks_and_obligations);
    compare(bounds, everything);
  }
}

BOOST_AUTO_TEST_CASE(symmetry_counts_exactly_the_orbits_of_each_kind_alone) {
  const Bounds bounds{2, 2, 2, 1};  // the least with two of each kind, the root apart
  compare(bounds, {.tasks = true});
  compare(bounds, {.obligations = true});
  compare({1, 3, 1, 1}, {.regions = true});
  compare({2, 3, 0, 1}, {.tasks = true, .regions = true});
}

BOOST_AUTO_TEST_CASE(symmetry_of_a_single_entity_changes_nothing) {
  const PublicTla<1> model({1, 2, 1, 2}, {.tasks = true, .obligations = true, .regions = true});
  const SearchResult reduced = search(UpToSymmetry<PublicTla<1>>(model), SearchOptions{});
  BOOST_TEST(reduced.distinct_states == 756U);
  BOOST_TEST(reduced.transitions == 1'814U);
}

BOOST_AUTO_TEST_CASE(canonical_form_is_a_member_of_the_orbit_that_all_members_share) {
  // Idempotent on every reachable representative, and constant under one more renaming: swapping
  // the two tasks' rows by hand.
  const PublicTla<1> model({2, 1, 0, 2}, {.tasks = true});
  std::set<PublicTla<1>::State> seen{model.initial()};
  std::vector<PublicTla<1>::State> queue{model.initial()};
  while (!queue.empty()) {
    const auto state = queue.back();
    queue.pop_back();
    const std::uint64_t swapped =
        (state[0] & ~std::uint64_t{0xFFF}) | (state[0] & 63U) << 6 | (state[0] >> 6 & 63U);
    BOOST_TEST((model.canonical(model.canonical(state)) == model.canonical(state)));
    BOOST_TEST((model.canonical({swapped}) == model.canonical(state)));
    model.successors(state, model.inspect(state),
                     [&](std::size_t, const PublicTla<1>::State& next) {
                       if (seen.insert(next).second) queue.push_back(next);
                     });
  }
  BOOST_TEST(seen.size() == 170U);
}

BOOST_AUTO_TEST_CASE(symmetry_at_the_bound_of_the_figures_has_its_pinned_counts) {
  // 2,119,568 states; the group of 3! x 2! renamings leaves about a twelfth.
  const PublicTla<1> model({3, 2, 2, 2}, {.tasks = true, .obligations = true});
  const SearchResult result = search(UpToSymmetry<PublicTla<1>>(model), SearchOptions{});
  BOOST_TEST(result.distinct_states == 208'672U);
}

}  // namespace
}  // namespace quiesce::explore
