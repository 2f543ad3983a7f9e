// Return and the one atomic completion: coercion, obligations, waiters, the policy, terminal rows.
#include <array>
#include <boost/test/unit_test.hpp>

#include "tests/spec/spec_scripts.hpp"

using namespace quiesce;
using namespace quiesce::spec_tests;

// rule.task.return
BOOST_AUTO_TEST_SUITE(return_from)

BOOST_AUTO_TEST_CASE(return_needs_a_task_that_exists) {
  BOOST_TEST(answer("spawn(t1, r0); start(t1)", "return(t1, Ok)") == "Done{Completed(Ok)}");
  BOOST_TEST(answer("spawn(t1, r0); start(t1)", "return(t2, Ok)") == "Refused{TaskExists}");
  BOOST_TEST(answer("spawn(t1, r0); start(t1)", "return(t?, Panicked)") == "Refused{TaskExists}");
}

BOOST_AUTO_TEST_CASE(return_is_refused_before_the_start) {
  BOOST_TEST(answer("spawn(t1, r0)", "return(t1, Ok)") == "Refused{TaskStarted}");
  BOOST_TEST(answer("spawn(t1, r0)", "return(t1, Panicked)") == "Refused{TaskStarted}");
}

BOOST_AUTO_TEST_CASE(return_is_refused_after_completion) {
  BOOST_TEST(answer("spawn(t1, r0); start(t1); return(t1, Ok)", "return(t1, Panicked)") ==
             "Refused{TaskLive}");
}

/// One row of the coercion table: what a body in this phase records for each return.
struct CoercionRow {
  std::string_view phase;
  std::string script;
  std::array<std::string_view, 5> recorded;
};

BOOST_AUTO_TEST_CASE(return_records_by_the_coercion_table) {
  const std::array<std::string, 5> returns{
      "return(t1, Ok)", "return(t1, Err)", "return(t1, Cancelled User)",
      "return(t1, Cancelled Shutdown)", "return(t1, Panicked)"};
  const std::string running = "spawn(t1, r0); start(t1)";
  const std::string requested = running + "; cancel_task(t1, Timeout)";
  const std::string timeout = "Cancelled(Timeout@0 from r0)";
  const std::string shutdown = "Cancelled(Shutdown@7 from r0)";
  const std::array<std::string_view, 5> as_cancelled{timeout, timeout, timeout, shutdown,
                                                     "Panicked"};
  const std::array<CoercionRow, 6> table{{
      {"Running", running, {"Ok", "Err", "Cancelled(User@7 from r0)", shutdown, "Panicked"}},
      {"CancelRequested", "spawn(t1, r0); cancel_task(t1, Timeout)", as_cancelled},
      {"CancelRequested", requested, as_cancelled},
      {"CancelRequested", running + "; enter_mask(t1, 2); cancel_task(t1, Timeout)", as_cancelled},
      {"Cancelling", requested + "; checkpoint(t1)", as_cancelled},
      {"Finalizing", requested + "; checkpoint(t1); cleanup_done(t1)", as_cancelled},
  }};
  for (const CoercionRow& row : table) {
    const auto state = after(row.script + "; advance_time(7)");
    BOOST_TEST(to_text(task(state, 1).phase) == row.phase);
    for (std::size_t i = 0; i < returns.size(); ++i) {
      BOOST_TEST_CONTEXT(row.script << "; " << returns[i]) {
        BOOST_TEST(answer(state, returns[i]) ==
                   "Done{Completed(" + std::string(row.recorded[i]) + ")}");
        BOOST_TEST(task_words(after(state, returns[i]), 1) ==
                   "Completed " + std::string(row.recorded[i]));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(return_of_a_finalizer_task_follows_the_row_of_Running) {
  const auto state = after(
      "defer_finalizer(t1, r0); spawn(t2, r0); cancel_region(r0, Shutdown); "
      "return(t2, Ok); start(t1); advance_time(3)");
  BOOST_TEST(answer(state, "return(t1, Ok)") == "Done{Completed(Ok)}");
  BOOST_TEST(answer(state, "return(t1, Err)") == "Done{Completed(Err)}");
  BOOST_TEST(answer(state, "return(t1, Cancelled User)") ==
             "Done{Completed(Cancelled(User@3 from r0))}");
  BOOST_TEST(answer(state, "return(t1, Panicked)") == "Done{Completed(Panicked)}");
}

BOOST_AUTO_TEST_CASE(return_unlinks_the_task_and_folds_its_outcome_into_the_region) {
  const auto state = after("spawn(t1, r0); spawn(t2, r0); start(t1); start(t2); return(t1, Err)");
  BOOST_TEST((region(state, 0).tasks == spec::Names<TaskName>{TaskName{2}}));
  BOOST_TEST(to_text(region(state, 0).outcome) == "Err");
  BOOST_TEST(to_text(region(after(state, "return(t2, Ok)"), 0).outcome) == "Err");
  BOOST_TEST(to_text(region(after(state, "return(t2, Panicked)"), 0).outcome) == "Panicked");
}

BOOST_AUTO_TEST_CASE(a_completed_task_keeps_its_terminal_summary_only) {
  const auto state = after(
      "open_region(r1, r0); spawn(t1, r1, deadline 9, polls 3); spawn(t2, r1); "
      "start(t1); enter_mask(t1, 2); cancel_task(t1, User); join(t2, t1); "
      "join(t1, t2); start(t2); return(t2, Ok); return(t1, Cancelled Shutdown)");
  const spec::Task summary{.name = TaskName{1},
                           .owner = RegionName{1},
                           .phase = TaskPhase::Completed,
                           .reason = CancelReason{CancelKind::User, 0, RegionName{1}},
                           .outcome = Outcome::cancelled({CancelKind::Shutdown, 0, RegionName{1}})};
  BOOST_TEST((task(state, 1) == summary));
}

BOOST_AUTO_TEST_SUITE_END()

// rule.obligation.settle_held
BOOST_AUTO_TEST_SUITE(held_obligations)

BOOST_AUTO_TEST_CASE(a_cancelled_completion_aborts_and_every_other_completion_leaks) {
  const std::string script =
      "spawn(t1, r0); start(t1); reserve(o1, t1, r0, Lease); "
      "reserve(o2, t1, r0, Ack); commit(o2, t1); ";
  for (const std::string outcome : {"Ok", "Err", "Panicked"}) {
    const auto state = after(script + "return(t1, " + outcome + ")");
    BOOST_TEST(obligation_words(state, 1) == "Leaked");
    BOOST_TEST(obligation_words(state, 2) == "Committed");
    BOOST_TEST(state.leak_count == 1U);
    BOOST_TEST(region(state, 0).pending_obligations == 0U);
  }
  const auto state = after(script + "return(t1, Cancelled User)");
  BOOST_TEST(obligation_words(state, 1) == "Aborted(Cancel)");
  BOOST_TEST(state.leak_count == 0U);
  BOOST_TEST(region(state, 0).pending_obligations == 0U);
}

BOOST_AUTO_TEST_CASE(the_recorded_outcome_decides_not_the_returned_one) {
  const std::string script =
      "spawn(t1, r0); start(t1); reserve(o1, t1, r0, Lease); cancel_task(t1, User); ";
  BOOST_TEST(obligation_words(after(script + "return(t1, Ok)"), 1) == "Aborted(Cancel)");
  BOOST_TEST(obligation_words(after(script + "return(t1, Err)"), 1) == "Aborted(Cancel)");
  BOOST_TEST(obligation_words(after(script + "return(t1, Panicked)"), 1) == "Leaked");
}

BOOST_AUTO_TEST_CASE(each_leak_counts_one_and_what_others_hold_stays_Reserved) {
  const auto state = after(
      "spawn(t1, r0); spawn(t2, r0); start(t1); reserve(o1, t1, r0, Lease); "
      "reserve(o2, t1, r0, IoOp); reserve(o3, t2, r0, Ack); return(t1, Ok)");
  BOOST_TEST(state.leak_count == 2U);
  BOOST_TEST(obligation_words(state, 3) == "Reserved");
  BOOST_TEST(region(state, 0).pending_obligations == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

// rule.obligation.leak_response
BOOST_AUTO_TEST_SUITE(leak_responses)

namespace {

/// t1 holds o1, t2 holds o2 and o3, all in r0.
const std::string holders =
    "spawn(t1, r0); spawn(t2, r0); start(t1); start(t2); reserve(o1, t1, r0, Lease); "
    "reserve(o2, t2, r0, IoOp); reserve(o3, t2, r0, Ack)";

}  // namespace

BOOST_AUTO_TEST_CASE(log_and_silent_leave_what_leaks_Leaked) {
  for (const std::string response : {"Log", "Silent"}) {
    const auto state = after("leaks " + response + "; " + holders);
    BOOST_TEST(answer(state, "return(t1, Err)") == "Done{Completed(Err)}");
    BOOST_TEST(obligation_words(after(state, "return(t1, Err)"), 1) == "Leaked");
  }
}

BOOST_AUTO_TEST_CASE(recover_aborts_what_would_leak_and_counts_it) {
  const auto state = after("leaks Recover; " + holders + "; return(t2, Ok)");
  BOOST_TEST(obligation_words(state, 2) == "Aborted(Error)");
  BOOST_TEST(obligation_words(state, 3) == "Aborted(Error)");
  BOOST_TEST(state.leak_count == 2U);
  BOOST_TEST(region(state, 0).pending_obligations == 1U);
}

BOOST_AUTO_TEST_CASE(panic_is_an_answer_after_all_bookkeeping) {
  const std::string script = "leaks Panic; " + holders + "; join(t2, t1)";
  BOOST_TEST(answer(script, "return(t1, Ok)") == "Done{LeakPanic(Ok)}");
  const auto state = after(after(script), "return(t1, Ok)");
  BOOST_TEST(task_words(state, 1) == "Completed Ok");
  BOOST_TEST(obligation_words(state, 1) == "Leaked");
  BOOST_TEST(task(state, 2).joins_ready == 1U);
}

BOOST_AUTO_TEST_CASE(panic_says_nothing_where_nothing_leaks) {
  const auto state = after("leaks Panic; " + holders + "; commit(o1, t1)");
  BOOST_TEST(answer(state, "return(t1, Ok)") == "Done{Completed(Ok)}");
  BOOST_TEST(answer(state, "return(t2, Cancelled User)") ==
             "Done{Completed(Cancelled(User@0 from r0))}");
  BOOST_TEST(after(state, "return(t2, Cancelled User)").leak_count == 0U);
}

BOOST_AUTO_TEST_CASE(a_response_escalates_with_the_leak_that_reaches_the_number) {
  const std::string script = "leaks Recover, after 2 Log; " + holders;
  const auto one = after(script + "; return(t1, Ok)");
  BOOST_TEST(obligation_words(one, 1) == "Aborted(Error)");
  const auto three = after(one, "return(t2, Ok)");
  BOOST_TEST(obligation_words(three, 2) == "Leaked");
  BOOST_TEST(three.leak_count == 3U);
  // The whole batch counts before it is responded to.
  BOOST_TEST(obligation_words(after(script + "; return(t2, Ok)"), 2) == "Leaked");
}

BOOST_AUTO_TEST_CASE(an_escalation_after_0_leaks_is_none) {
  const LeakPolicy never_escalates{LeakResponse::Silent, 0, LeakResponse::Panic};
  const auto state = after(spec::initial(never_escalates), holders);
  BOOST_TEST(answer(state, "return(t2, Ok)") == "Done{Completed(Ok)}");
}

BOOST_AUTO_TEST_CASE(the_leak_count_stays_at_its_largest_number) {
  spec::State state = after(holders);
  state.leak_count = ~std::uint32_t{0} - 1;
  BOOST_TEST(spec::step(state, action("return(t2, Ok)")).after.leak_count == ~std::uint32_t{0});
}

BOOST_AUTO_TEST_SUITE_END()

// rule.task.complete
BOOST_AUTO_TEST_SUITE(waiters)

BOOST_AUTO_TEST_CASE(completion_hands_over_to_each_waiter_once_and_clears_the_list) {
  const auto state = after(
      "spawn(t1, r0); spawn(t2, r0); spawn(t3, r0); start(t1); join(t2, t1); join(t2, t1); "
      "join(t3, t1); join(t3, t2); return(t1, Ok)");
  BOOST_TEST(task(state, 2).joins_ready == 1U);
  BOOST_TEST(task(state, 3).joins_ready == 1U);
  BOOST_TEST(task(state, 1).waiters.empty());
  BOOST_TEST((task(state, 2).waiters == spec::Names<TaskName>{TaskName{3}}));
}

BOOST_AUTO_TEST_CASE(a_completing_joiner_leaves_every_waiter_list) {
  const auto state = after(
      "spawn(t1, r0); spawn(t2, r0); spawn(t3, r0); start(t1); join(t1, t2); join(t1, t3); "
      "join(t3, t2); return(t1, Ok)");
  BOOST_TEST((task(state, 2).waiters == spec::Names<TaskName>{TaskName{3}}));
  BOOST_TEST(task(state, 3).waiters.empty());
  BOOST_TEST(task(state, 1).joins_ready == 0U);
}

BOOST_AUTO_TEST_CASE(waiters_in_other_regions_are_handed_over_too) {
  const auto state = after(
      "open_region(r1, r0); spawn(t1, r1); spawn(t2, r0); start(t1); join(t2, t1); "
      "close_region(r1, Await); return(t1, Ok)");
  BOOST_TEST(task(state, 2).joins_ready == 1U);
  BOOST_TEST(region_words(state, 1) == "Closed Ok");
}

BOOST_AUTO_TEST_SUITE_END()

// rule.region.fail_fast
BOOST_AUTO_TEST_SUITE(policy)

const std::string family =
    "open_region(r1, r0, FailFast); open_region(r2, r1); open_region(r3, r2); spawn(t1, r1); "
    "spawn(t2, r1); spawn(t3, r2); spawn(t4, r3); spawn(t5, r0); start(t1); start(t2); "
    "advance_time(4); ";

BOOST_AUTO_TEST_CASE(fail_fast_cancels_siblings_and_child_regions_but_not_the_region_itself) {
  for (const std::string outcome : {"Err", "Panicked"}) {
    const auto state = after(family + "return(t1, " + outcome + ")");
    BOOST_TEST(region_words(state, 1) == "Open");
    BOOST_TEST(task_words(state, 2) == "CancelRequested for FailFast@4 from r1");
    BOOST_TEST(region_words(state, 2) == "Draining for ParentCancelled@4 from r1");
    BOOST_TEST(task_words(state, 3) == "CancelRequested for ParentCancelled@4 from r1");
    BOOST_TEST(region_words(state, 3) == "Closing for ParentCancelled@4 from r2");
    BOOST_TEST(task_words(state, 4) == "CancelRequested for ParentCancelled@4 from r2");
    BOOST_TEST(task_words(state, 5) == "Created");
    BOOST_TEST(answer(state, "spawn(t6, r1)") == "Done");
  }
}

BOOST_AUTO_TEST_CASE(fail_fast_does_not_act_on_Ok_or_Cancelled) {
  for (const std::string outcome : {"Ok", "Cancelled Shutdown"}) {
    const auto state = after(family + "return(t1, " + outcome + ")");
    BOOST_TEST(task_words(state, 2) == "Running");
    BOOST_TEST(region_words(state, 2) == "Open");
  }
}

BOOST_AUTO_TEST_CASE(fail_fast_goes_by_the_recorded_outcome) {
  const auto coerced = after(family + "cancel_task(t1, User); return(t1, Err)");
  BOOST_TEST(task_words(coerced, 2) == "Running");
  const auto panicked = after(family + "cancel_task(t1, User); return(t1, Panicked)");
  BOOST_TEST(task_words(panicked, 2) == "CancelRequested for FailFast@4 from r1");
}

BOOST_AUTO_TEST_CASE(collect_all_cancels_nobody) {
  const auto state = after(
      "open_region(r1, r0); spawn(t1, r0); spawn(t2, r0); start(t1); "
      "return(t1, Panicked)");
  BOOST_TEST(task_words(state, 2) == "Created");
  BOOST_TEST(region_words(state, 1) == "Open");
}

BOOST_AUTO_TEST_CASE(fail_fast_acts_while_the_region_is_Closing_and_Draining) {
  const auto closing = after(
      "open_region(r1, r0, FailFast); spawn(t1, r1); spawn(t2, r1); "
      "start(t1); close_region(r1, Await); return(t1, Err)");
  BOOST_TEST(region_words(closing, 1) == "Closing");
  BOOST_TEST(task_words(closing, 2) == "CancelRequested for FailFast@0 from r1");
  const auto draining = after(family + "close_region(r1, Await); return(t1, Err)");
  BOOST_TEST(region_words(draining, 1) == "Draining");
  BOOST_TEST(region_words(draining, 2) == "Draining for ParentCancelled@4 from r1");
}

BOOST_AUTO_TEST_CASE(fail_fast_comes_before_settle_so_that_child_regions_close_in_the_same_step) {
  const auto state = after(
      "open_region(r1, r0, FailFast); open_region(r2, r1); spawn(t1, r1); "
      "start(t1); close_region(r1, Await); return(t1, Err)");
  BOOST_TEST(region_words(state, 2) == "Closed Cancelled(ParentCancelled@0 from r1)");
  BOOST_TEST(region_words(state, 1) == "Closed Err");
}

BOOST_AUTO_TEST_CASE(fail_fast_of_a_region_below_stays_below) {
  const auto state = after(
      "open_region(r1, r0, FailFast); open_region(r2, r1, FailFast); "
      "spawn(t1, r1); spawn(t2, r2); spawn(t3, r2); start(t2); "
      "return(t2, Err)");
  BOOST_TEST(task_words(state, 1) == "Created");
  BOOST_TEST(task_words(state, 3) == "CancelRequested for FailFast@0 from r2");
}

BOOST_AUTO_TEST_CASE(fail_fast_does_not_act_on_a_failed_finalizer_task) {
  // A child region cannot be live then; the running finalizer's siblings on the stack are shielded.
  const auto state = after(
      "open_region(r1, r0, FailFast); defer_finalizer(t1, r1); "
      "defer_finalizer(t2, r1); close_region(r1, Await); start(t2); "
      "return(t2, Panicked)");
  BOOST_TEST(task_words(state, 1) == "Created");
  BOOST_TEST(region_words(state, 1) == "Finalizing");
}

BOOST_AUTO_TEST_SUITE_END()
