// For every invariant: a state that violates it, its good twin, the words, and a script that
// reaches its interesting case.
#include "spec/invariants.hpp"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/spec/spec_scripts.hpp"

using namespace quiesce;
using namespace quiesce::spec_tests;

namespace {

using spec::State;

/// A good state, one change that breaks the invariant, and the fact in words.
struct BrokenCase {
  std::string_view id;
  std::string good_twin;
  void (*breaks)(State&);
  std::string_view fact;
};

const CancelReason user{CancelKind::User, 0, RegionName{0}};
const std::string one_task = "spawn(t1, r0)";
const std::string running = "spawn(t1, r0); start(t1)";
const std::string ended = running + "; return(t1, Ok)";
const std::string child = "open_region(r1, r0)";
const std::string closed = "close_region(r0, Await)";
const std::string held = running + "; reserve(o1, t1, r0, Lease)";
const std::string leaked = held + "; return(t1, Ok)";
const std::string finalizing = "defer_finalizer(t1, r0); close_region(r0, Await)";

const std::vector<BrokenCase>& region_cases() {
  static const std::vector<BrokenCase> cases{
      {"inv.region.tree", child, [](State& s) { region(s, 1).parent = RegionName::none(); },
       "region r1 does not stand below the root"},
      {"inv.region.tree", "open_region(r1, r0); open_region(r2, r1)",
       [](State& s) { region(s, 1).parent = RegionName{2}; },
       "region r1 does not stand below the root"},
      {"inv.region.tree", child, [](State& s) { region(s, 0).parent = RegionName{1}; },
       "region r0 is Open and its parent r1 does not list it"},
      {"inv.region.tree", child, [](State& s) { region(s, 0).children.clear(); },
       "region r1 is Open and its parent r0 does not list it"},
      {"inv.region.tree", child + "; close_region(r1, Await)",
       [](State& s) { region(s, 0).children.push_back(RegionName{1}); },
       "region r1 is Closed and its parent r0 lists it"},
      {"inv.region.tree", child, [](State& s) { region(s, 0).children.push_back(RegionName{9}); },
       "region r0 lists r9, which is not its child"},
      {"inv.region.tree", "open_region(r1, r0); open_region(r2, r1)",
       [](State& s) { region(s, 0).children.push_back(RegionName{2}); },
       "region r0 lists r2, which is not its child"},
      {"inv.region.quiescence", one_task,
       [](State& s) { region(s, 0).phase = RegionPhase::Closed; },
       "region r0 is Closed but task t1 is Created"},
      {"inv.region.quiescence", child, [](State& s) { region(s, 0).phase = RegionPhase::Closed; },
       "region r0 is Closed but its child region r1 is Open"},
      {"inv.region.quiescence", leaked + "; " + closed,
       [](State& s) { obligation(s, 1).phase = ObligationPhase::Reserved; },
       "region r0 is Closed but obligation o1 is Reserved"},
      {"inv.region.quiescence", closed,
       [](State& s) { region(s, 0).finalizers.push_back(TaskName{1}); },
       "region r0 is Closed but a finalizer has not ended"},
      {"inv.region.quiescence", closed, [](State& s) { region(s, 0).finalizing = TaskName{1}; },
       "region r0 is Closed but a finalizer has not ended"},
      {"inv.region.ledger_empty", closed, [](State& s) { region(s, 0).pending_obligations = 1; },
       "region r0 is Closed but counts 1 pending obligations"},
      {"inv.region.ledger_empty", leaked + "; " + closed,
       [](State& s) { obligation(s, 1).phase = ObligationPhase::Reserved; },
       "region r0 is Closed but obligation o1 is Reserved"},
      {"inv.region.settled", "", [](State& s) { region(s, 0).phase = RegionPhase::Closing; },
       "region r0 is Closing but the rule finalize is still enabled"},
      {"inv.region.settled", "", [](State& s) { region(s, 0).phase = RegionPhase::Finalizing; },
       "region r0 is Finalizing but the rule complete_close is still enabled"},
      {"inv.region.settled", "defer_finalizer(t1, r0)",
       [](State& s) { region(s, 0).phase = RegionPhase::Finalizing; },
       "region r0 is Finalizing but the rule start_finalizer is still enabled"},
      {"inv.region.deadline_monotone", "open_region(r1, r0, deadline 9); open_region(r2, r1)",
       [](State& s) { region(s, 2).budget.deadline_ticks = 10; },
       "the deadline of r2 is later than that of its parent r1"},
      {"inv.region.within_limits", "open_region(r1, r0, tasks 1); spawn(t1, r1)",
       [](State& s) { region(s, 1).limits.body_tasks = 0; },
       "region r1 counts 1 body tasks where its limit is 0"},
      {"inv.region.within_limits", child, [](State& s) { region(s, 0).limits.child_regions = 0; },
       "region r0 counts 1 child regions where its limit is 0"},
      {"inv.region.within_limits", held, [](State& s) { region(s, 0).limits.obligations = 0; },
       "region r0 counts 1 obligations where its limit is 0"},
      {"inv.cancel.propagates", child + "; spawn(t1, r1); cancel_region(r0, User)",
       [](State& s) { region(s, 1).reason.reset(); },
       "region r0 is cancelled but region r1 is Closing without a reason"},
      {"inv.cancel.reaches_tasks", child + "; spawn(t1, r1); start(t1); cancel_region(r0, User)",
       [](State& s) { task(s, 1).phase = TaskPhase::Running; },
       "region r0 is cancelled but task t1 is Running"},
      {"inv.cancel.begins_close", "", [](State& s) { region(s, 0).reason = user; },
       "region r0 has the reason User@0 from r0 but is Open"},
  };
  return cases;
}

const std::vector<BrokenCase>& task_cases() {
  static const std::vector<BrokenCase> cases{
      {"inv.ownership.single_owner", one_task, [](State& s) { region(s, 0).tasks.clear(); },
       "task t1 is Created in r0 and region r0 does not list it"},
      {"inv.ownership.single_owner", one_task + "; " + child,
       [](State& s) { region(s, 1).tasks.push_back(TaskName{1}); },
       "task t1 is Created in r0 and region r1 lists it"},
      {"inv.ownership.single_owner", ended,
       [](State& s) { region(s, 0).tasks.push_back(TaskName{1}); },
       "task t1 is Completed in r0 and region r0 lists it"},
      {"inv.ownership.single_owner", one_task,
       [](State& s) { region(s, 0).tasks.push_back(TaskName{9}); },
       "region r0 lists t9, which does not exist"},
      {"inv.ownership.task_owned", one_task, [](State& s) { task(s, 1).owner = RegionName{9}; },
       "task t1 is Created but its region does not exist"},
      {"inv.ownership.task_owned", one_task,
       [](State& s) { region(s, 0).phase = RegionPhase::Closed; },
       "task t1 is Created but region r0 is Closed"},
      {"inv.ownership.atomic_completion", ended,
       [](State& s) { region(s, 0).tasks.push_back(TaskName{1}); },
       "task t1 is Completed but region r0 still lists it"},
      {"inv.ownership.atomic_completion", finalizing + "; start(t1); return(t1, Ok)",
       [](State& s) { region(s, 0).finalizing = TaskName{1}; },
       "task t1 is Completed but region r0 still lists it"},
      {"inv.ownership.atomic_completion", leaked,
       [](State& s) { obligation(s, 1).phase = ObligationPhase::Reserved; },
       "task t1 is Completed but obligation o1 is Reserved"},
      {"inv.cancel.dominates", running + "; cancel_task(t1, User); return(t1, Ok)",
       [](State& s) { task(s, 1).outcome = Outcome::ok(); }, "task t1 was cancelled but ended Ok"},
      {"inv.cancel.dominates", running + "; cancel_task(t1, User); return(t1, Panicked)",
       [](State& s) { task(s, 1).outcome = Outcome::err(); },
       "task t1 was cancelled but ended Err"},
      {"inv.cancel.phase_has_reason", one_task,
       [](State& s) { task(s, 1).phase = TaskPhase::CancelRequested; },
       "task t1 is CancelRequested without a reason"},
      {"inv.cancel.phase_has_reason", running, [](State& s) { task(s, 1).reason = user; },
       "task t1 is Running but has a reason"},
      {"inv.cancel.phase_has_reason", running + "; cancel_task(t1, User)",
       [](State& s) { task(s, 1).budget = no_budget; },
       "task t1 is CancelRequested for User@0 from r0 but its budget is none"},
      {"inv.mask.bounded", running, [](State& s) { task(s, 1).mask_units = 5; },
       "task t1 is Running with 5 mask units"},
      {"inv.mask.bounded", ended, [](State& s) { task(s, 1).mask_units = 1; },
       "task t1 is Completed with 1 mask units"},
      {"inv.mask.bounded", finalizing, [](State& s) { task(s, 1).mask_units = 1; },
       "task t1 is Created with 1 mask units"},
      {"inv.join.waiters_live", "spawn(t2, r0); " + ended,
       [](State& s) { task(s, 1).waiters.push_back(TaskName{2}); },
       "task t1 is Completed but t2 still waits for it"},
      {"inv.join.waiters_live", "spawn(t2, r0); " + ended,
       [](State& s) { task(s, 2).waiters.push_back(TaskName{1}); },
       "t1 waits for t2 but is not live"},
      {"inv.join.waiters_live", one_task,
       [](State& s) { task(s, 1).waiters.push_back(TaskName{9}); },
       "t9 waits for t1 but is not live"},
      {"inv.region.outcome_joined", ended, [](State& s) { region(s, 0).outcome = Outcome::err(); },
       "the outcome of region r0 is Err but its tasks ended Ok"},
      {"inv.region.outcome_joined", child + "; cancel_region(r1, User)",
       [](State& s) { region(s, 0).outcome = region(s, 1).outcome; },
       "the outcome of region r0 is Cancelled(User@0 from r1) but its tasks ended Ok"},
  };
  return cases;
}

const std::vector<BrokenCase>& promise_cases() {
  static const std::vector<BrokenCase> cases{
      {"inv.obligation.holder_live", held, [](State& s) { obligation(s, 1).holder = TaskName{9}; },
       "obligation o1 is Reserved but its holder does not exist"},
      {"inv.obligation.holder_live", leaked,
       [](State& s) { obligation(s, 1).phase = ObligationPhase::Reserved; },
       "obligation o1 is Reserved but its holder task t1 is Completed"},
      {"inv.obligation.holder_live", child + "; " + held,
       [](State& s) { obligation(s, 1).region = RegionName{1}; },
       "obligation o1 stands in another region than its holder"},
      {"inv.obligation.counted", held, [](State& s) { region(s, 0).pending_obligations = 0; },
       "region r0 counts 0 pending obligations where 1 are Reserved"},
      {"inv.obligation.counted", "", [](State& s) { region(s, 0).pending_obligations = 2; },
       "region r0 counts 2 pending obligations where 0 are Reserved"},
      {"inv.obligation.no_task_no_promise", leaked,
       [](State& s) { obligation(s, 1).phase = ObligationPhase::Reserved; },
       "region r0 has no live task but obligation o1 is Reserved"},
      {"inv.obligation.leaks_counted", "", [](State& s) { s.leak_count = 1; },
       "0 obligations are Leaked but the count says 1"},
      {"inv.obligation.leaks_counted", leaked, [](State& s) { s.leak_count = 0; },
       "1 obligations are Leaked but the count says 0"},
      {"inv.obligation.leaks_counted", "leaks Recover; " + leaked,
       [](State& s) { s.leak_count = 2; },
       "0 obligations are Leaked and 1 Aborted(Error) but the count says 2"},
      {"inv.budget.along_the_tree", "open_region(r1, r0, polls 3); open_region(r2, r1)",
       [](State& s) { region(s, 2).budget.poll_quota = 4; },
       "the budget of r2 is polls 4, that of its parent polls 3"},
      {"inv.budget.along_the_tree", "open_region(r1, r0, priority 9); spawn(t1, r1)",
       [](State& s) { task(s, 1).budget.priority = 8; },
       "the budget of t1 is priority 8, that of its region priority 9"},
      {"inv.cancel.origin", child + "; spawn(t1, r1); cancel_region(r0, User)",
       [](State& s) { task(s, 1).reason->origin = RegionName{9}; },
       "task t1 is cancelled for ParentCancelled@0 from r9, whose origin does not exist"},
      {"inv.cancel.origin", child + "; cancel_region(r0, User)",
       [](State& s) { region(s, 0).reason->origin = RegionName{1}; },
       "region r0 is cancelled for User@0 from r1, whose origin is not the region or its parent"},
      {"inv.cancel.origin", child + "; cancel_region(r0, User)",
       [](State& s) { region(s, 1).reason->kind = CancelKind::Shutdown; },
       "region r1 is cancelled for Shutdown@0 from r0 of its parent, which hands down "
       "ParentCancelled only"},
      {"inv.time.stamps", "advance_time(5); cancel_region(r0, User)",
       [](State& s) { region(s, 0).reason->at_ticks = 6; },
       "region r0 is cancelled for User@6 from r0, but now is 5"},
      {"inv.time.stamps", one_task + "; advance_time(5); cancel_task(t1, User)",
       [](State& s) { task(s, 1).reason->at_ticks = 6; },
       "task t1 is cancelled for User@6 from r0, but now is 5"},
      {"inv.time.stamps", held, [](State& s) { obligation(s, 1).reserved_at_ticks = 1; },
       "obligation o1 was reserved at 1, but now is 0"},
      {"inv.finalizer.panic_joins", finalizing + "; start(t1); return(t1, Panicked)",
       [](State& s) { region(s, 0).outcome = Outcome::err(); },
       "finalizer task t1 panicked but the outcome of r0 is Err"},
      {"inv.obligation.recovered", "leaks Recover; " + leaked,
       [](State& s) { obligation(s, 1).phase = ObligationPhase::Leaked; },
       "obligation o1 is Leaked but leaks are recovered"},
      {"inv.finalizer.one_at_a_time", finalizing,
       [](State& s) {
         s.tasks.push_back(
             spec::Task{.name = TaskName{2}, .owner = root_region, .is_finalizer = true});
       },
       "region r0 has 2 finalizer tasks live"},
      {"inv.finalizer.one_at_a_time", finalizing, [](State& s) { region(s, 0).finalizing.reset(); },
       "region r0 has 1 finalizer tasks live"},
      {"inv.finalizer.one_at_a_time", finalizing,
       [](State& s) { region(s, 0).finalizing = TaskName{9}; },
       "region r0 runs t9, which is not a live finalizer task of it"},
      {"inv.finalizer.only_in_finalizing", finalizing,
       [](State& s) { region(s, 0).phase = RegionPhase::Closing; },
       "finalizer task t1 is Created but region r0 is Closing"},
      {"inv.finalizer.only_in_finalizing", finalizing,
       [](State& s) { task(s, 1).owner = RegionName{9}; },
       "finalizer task t1 is Created but its region does not exist"},
      {"inv.finalizer.all_ran", closed,
       [](State& s) { region(s, 0).finalizers.push_back(TaskName{1}); },
       "region r0 is Closed but finalizer t1 never started"},
      {"inv.finalizer.shielded", finalizing + "; cancel_region(r0, User)",
       [](State& s) { task(s, 1).reason = user; },
       "finalizer task t1 is Created for User@0 from r0"},
  };
  return cases;
}

std::vector<BrokenCase> all_cases() {
  std::vector<BrokenCase> all = region_cases();
  all.insert(all.end(), task_cases().begin(), task_cases().end());
  all.insert(all.end(), promise_cases().begin(), promise_cases().end());
  return all;
}

const spec::Invariant* invariant(std::string_view id) {
  for (const spec::Invariant& row : spec::invariants()) {
    if (row.id == id) return &row;
  }
  return nullptr;
}

/// A script that reaches the interesting case of an invariant, the shortest that does.
struct Witness {
  std::string_view id;
  std::string script;
};

std::vector<Witness> witnesses() {
  return {
      {"inv.region.tree", child},
      {"inv.ownership.single_owner", one_task},
      {"inv.ownership.task_owned", one_task + "; " + closed},
      {"inv.region.quiescence", ended + "; " + closed},
      {"inv.region.ledger_empty", leaked + "; " + closed},
      {"inv.region.settled", finalizing},
      {"inv.region.deadline_monotone", "open_region(r1, r0, deadline 9)"},
      {"inv.region.within_limits", "open_region(r1, r0, tasks 1); spawn(t1, r1)"},
      {"inv.cancel.propagates", child + "; spawn(t1, r1); cancel_region(r0, User)"},
      {"inv.cancel.reaches_tasks", one_task + "; cancel_region(r0, User)"},
      {"inv.cancel.begins_close", "cancel_region(r0, User)"},
      {"inv.cancel.dominates", running + "; cancel_task(t1, User); return(t1, Ok)"},
      {"inv.cancel.phase_has_reason", one_task + "; cancel_task(t1, User)"},
      {"inv.mask.bounded", running + "; enter_mask(t1, 1)"},
      {"inv.obligation.holder_live", held},
      {"inv.obligation.counted", held},
      {"inv.obligation.no_task_no_promise", leaked},
      {"inv.obligation.leaks_counted", leaked},
      {"inv.obligation.recovered", "leaks Recover; " + leaked},
      {"inv.budget.along_the_tree", "open_region(r1, r0, polls 3); spawn(t1, r1)"},
      {"inv.cancel.origin", child + "; spawn(t1, r1); cancel_region(r0, User)"},
      {"inv.time.stamps", running + "; advance_time(1); reserve(o1, t1, r0, Lease)"},
      {"inv.finalizer.panic_joins",
       "defer_finalizer(t1, r0); defer_finalizer(t2, r0); close_region(r0, Await); start(t2); "
       "return(t2, Panicked)"},
      {"inv.finalizer.one_at_a_time", finalizing},
      {"inv.finalizer.only_in_finalizing", finalizing},
      {"inv.finalizer.all_ran", finalizing + "; start(t1); return(t1, Ok)"},
      {"inv.finalizer.shielded", finalizing + "; cancel_region(r0, User)"},
      {"inv.ownership.atomic_completion", leaked},
      {"inv.join.waiters_live", "spawn(t1, r0); spawn(t2, r0); join(t1, t2)"},
      {"inv.region.outcome_joined", child + "; cancel_region(r1, User)"},
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(invariants)

/// What spec::violated_rows says without sparing itself a question.
std::uint64_t asked_one_by_one(const State& state) {
  std::uint64_t rows = 0;
  for (std::size_t row = 0; row < spec::invariants().size(); ++row)
    rows |= std::uint64_t{spec::invariants()[row].violated(state).has_value()} << row;
  return rows;
}

BOOST_AUTO_TEST_CASE(every_broken_state_is_found_with_its_words_and_its_good_twin_is_accepted) {
  for (const BrokenCase& broken : all_cases()) {
    BOOST_TEST_CONTEXT(broken.id << ": " << broken.fact) {
      const spec::Invariant* const row = invariant(broken.id);
      BOOST_TEST_REQUIRE((row != nullptr));
      State state = after(broken.good_twin);
      BOOST_TEST(!row->violated(state).has_value());
      BOOST_TEST(!spec::first_violation(state).has_value());
      broken.breaks(state);
      BOOST_TEST(row->violated(state).value_or("nothing") == broken.fact);
      BOOST_TEST(spec::first_violation(state).has_value());
      BOOST_TEST(spec::violated_rows(state) == asked_one_by_one(state));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_invariant_has_a_broken_state_and_a_witness) {
  std::set<std::string_view> broken;
  for (const BrokenCase& one : all_cases()) broken.insert(one.id);
  std::set<std::string_view> witnessed;
  for (const Witness& one : witnesses()) witnessed.insert(one.id);
  for (const spec::Invariant& row : spec::invariants()) {
    BOOST_TEST_CONTEXT(row.id) {
      BOOST_TEST(broken.contains(row.id));
      BOOST_TEST(witnessed.contains(row.id));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_interesting_case_is_reached_by_its_witness_and_not_at_the_start) {
  for (const Witness& witness : witnesses()) {
    BOOST_TEST_CONTEXT(witness.id) {
      const spec::Invariant* const row = invariant(witness.id);
      BOOST_TEST_REQUIRE((row != nullptr));
      BOOST_TEST(row->interesting(after(witness.script)));
      BOOST_TEST(!row->interesting(spec::initial()));
    }
  }
}

BOOST_AUTO_TEST_CASE(first_violation_names_the_first_of_the_catalogue) {
  State state = after(child);
  region(state, 1).parent = RegionName::none();
  state.leak_count = 1;
  const auto broken = spec::first_violation(state);
  BOOST_TEST_REQUIRE(broken.has_value());
  BOOST_TEST(broken->id == "inv.region.tree");
  BOOST_TEST(broken->fact == "region r1 does not stand below the root");
}

BOOST_AUTO_TEST_CASE(every_invariant_has_an_id_and_a_sentence_of_its_own) {
  std::set<std::string_view> ids;
  std::set<std::string_view> sentences;
  for (const spec::Invariant& row : spec::invariants()) {
    BOOST_TEST(ids.insert(row.id).second);
    BOOST_TEST(sentences.insert(row.sentence).second);
    BOOST_TEST(!row.fact.empty());
    BOOST_TEST(!row.interesting_case.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()
