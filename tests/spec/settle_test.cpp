// The internal rules: every order of the enabled steps gives the same fixpoint, exhaustively on all
// states that a small alphabet reaches.
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <functional>
#include <unordered_set>
#include <vector>

#include "spec/invariants.hpp"
#include "tests/spec/spec_scripts.hpp"

using namespace quiesce;
using namespace quiesce::spec_tests;

namespace {

struct StateHash {
  std::size_t operator()(const spec::State& state) const {
    return static_cast<std::size_t>(spec::hash_value(state));
  }
};
using States = std::unordered_set<spec::State, StateHash>;
using Take = std::function<spec::State(spec::State, const spec::InternalStep&)>;

/// What every order of the enabled internal steps leads to.
struct Orders {
  std::vector<spec::State> fixpoints;  // distinct
  std::size_t branchings = 0;          // states in which two or more steps were enabled
};

Orders all_orders(const spec::State& from, const Take& take) {
  Orders found;
  States seen;
  std::vector<spec::State> open{from};
  while (!open.empty()) {
    const spec::State state = open.back();
    open.pop_back();
    if (!seen.insert(state).second) continue;
    const auto enabled = spec::enabled_internal(state);
    if (enabled.empty()) found.fixpoints.push_back(state);
    if (enabled.size() > 1) ++found.branchings;
    for (const spec::InternalStep& internal : enabled) open.push_back(take(state, internal));
  }
  return found;
}

bool is_taken(const spec::State& state, TaskName name) {
  if (spec::find(state, name) != nullptr) return true;
  for (const spec::Region& region : state.regions) {
    for (const TaskName waiting : region.finalizers) {
      if (waiting == name) return true;
    }
  }
  return false;
}

/// Creating a Name twice is no script.
bool creates_a_taken_name(const spec::State& state, const Action& action) {
  if (const auto* a = std::get_if<OpenRegion>(&action))
    return spec::find(state, a->name) != nullptr;
  if (const auto* a = std::get_if<Spawn>(&action)) return is_taken(state, a->name);
  if (const auto* a = std::get_if<DeferFinalizer>(&action)) return is_taken(state, a->name);
  if (const auto* a = std::get_if<Reserve>(&action)) return spec::find(state, a->name) != nullptr;
  return false;
}

const std::string alphabet =
    "open_region(r1, r0, FailFast); open_region(r2, r1, deadline 2); open_region(r3, r1); "
    "defer_finalizer(t7, r1); defer_finalizer(t8, r2); defer_finalizer(t9, r1); spawn(t1, r1); "
    "spawn(t2, r2); start(t1); start(t2); return(t1, Ok); return(t1, Err); "
    "return(t2, Cancelled User); start(t7); return(t7, Panicked); start(t9); return(t9, Ok); "
    "start(t8); return(t8, Ok); close_region(r1, Await); close_region(r2, Await); "
    "close_region(r1, Cancel); close_region(r0, Await); cancel_region(r1, User); "
    "cancel_region(r0, Shutdown); advance_time(2)";

}  // namespace

// rule.region.settle, rule.region.finalize
BOOST_AUTO_TEST_SUITE(settle)

BOOST_AUTO_TEST_CASE(every_order_of_internal_steps_gives_the_same_fixpoint) {
  const std::vector<Action> letters = actions(alphabet);
  States seen{spec::initial()};
  std::vector<spec::State> frontier{spec::initial()};
  std::size_t branchings = 0;
  std::size_t disagreements = 0;
  std::size_t violations = 0;
  for (int depth_steps = 0; depth_steps < 9; ++depth_steps) {
    std::vector<spec::State> next_frontier;
    for (const spec::State& state : frontier) {
      for (const Action& letter : letters) {
        if (creates_a_taken_name(state, letter)) continue;
        const spec::Step unsettled = spec::step_unsettled(state, letter);
        if (!is_done(unsettled.answer)) continue;
        const spec::State settled = spec::step(state, letter).after;
        const Orders orders = all_orders(unsettled.after, spec::take);
        branchings += orders.branchings;
        if (orders.fixpoints.size() != 1 || orders.fixpoints.front() != settled) ++disagreements;
        if (!seen.insert(settled).second) continue;
        if (spec::first_violation(settled)) ++violations;
        next_frontier.push_back(settled);
      }
    }
    frontier = std::move(next_frontier);
  }
  BOOST_TEST(disagreements == 0U);
  BOOST_TEST(violations == 0U);
  BOOST_TEST(branchings > 1000U);
  BOOST_TEST_MESSAGE("states " << seen.size() << ", branchings " << branchings);
}

BOOST_AUTO_TEST_CASE(checker_finds_internal_steps_whose_order_matters) {
  // A close that hands its number to the root: the order of two closes shows.
  const Take order_matters = [](spec::State state, const spec::InternalStep& internal) {
    spec::State after = spec::take(std::move(state), internal);
    if (internal.rule == spec::InternalRule::CompleteClose)
      after.leak_count = after.leak_count * 10 + internal.region.value;
    return after;
  };
  const auto start = spec::step_unsettled(after("open_region(r1, r0); open_region(r2, r0)"),
                                          action("cancel_region(r0, User)"));
  BOOST_TEST(all_orders(start.after, order_matters).fixpoints.size() == 2U);
  BOOST_TEST(all_orders(start.after, spec::take).fixpoints.size() == 1U);
}

BOOST_AUTO_TEST_CASE(settle_does_nothing_in_a_settled_state) {
  for (const std::string script :
       {"spawn(t1, r0)", "spawn(t1, r0); close_region(r0, Await)",
        "defer_finalizer(t1, r0); close_region(r0, Await)", "close_region(r0, Await)"}) {
    const auto state = after(script);
    BOOST_TEST(spec::enabled_internal(state).empty());
    BOOST_TEST((spec::settle(state) == state));
  }
}

BOOST_AUTO_TEST_CASE(internal_steps_are_listed_in_the_order_of_the_regions_names) {
  const auto state = spec::step_unsettled(
      after("open_region(r1, r0); open_region(r2, r0); defer_finalizer(t1, r2)"),
      action("cancel_region(r0, User)"));
  const std::vector<spec::InternalStep> listed{{spec::InternalRule::Finalize, RegionName{1}},
                                               {spec::InternalRule::Finalize, RegionName{2}}};
  BOOST_TEST((spec::enabled_internal(state.after) == listed));
}

BOOST_AUTO_TEST_CASE(step_unsettled_leaves_the_internal_rules_to_the_caller) {
  const auto before = after("spawn(t1, r0); start(t1); close_region(r0, Await)");
  const auto unsettled = spec::step_unsettled(before, action("return(t1, Ok)"));
  BOOST_TEST(region_words(unsettled.after, 0) == "Closing");
  BOOST_TEST((spec::settle(unsettled.after) == spec::step(before, action("return(t1, Ok)")).after));
}

BOOST_AUTO_TEST_SUITE_END()
