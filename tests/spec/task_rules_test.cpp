// The task machine up to the return: spawn, start, poll, checkpoints, masks, requests, joins.
#include <boost/test/unit_test.hpp>

#include "tests/spec/spec_scripts.hpp"

using namespace quiesce;
using namespace quiesce::spec_tests;

namespace {

const std::string running = "spawn(t1, r0); start(t1)";
const std::string requested = running + "; cancel_task(t1, User)";
const std::string cancelling = requested + "; checkpoint(t1)";
const std::string cleaned = cancelling + "; cleanup_done(t1)";
const std::string ended = running + "; return(t1, Ok)";
const std::string finalizer = "defer_finalizer(t1, r0); close_region(r0, Await)";
const std::string finalizer_running = finalizer + "; start(t1)";

}  // namespace

// rule.ownership.spawn
BOOST_AUTO_TEST_SUITE(spawn)

BOOST_AUTO_TEST_CASE(spawn_needs_a_region_that_exists) {
  BOOST_TEST(answer("", "spawn(t1, r0)") == "Done");
  BOOST_TEST(answer("", "spawn(t1, r9)") == "Refused{RegionExists}");
  BOOST_TEST(answer("", "spawn(t1, r?)") == "Refused{RegionExists}");
}

BOOST_AUTO_TEST_CASE(spawn_is_refused_once_the_region_closes) {
  BOOST_TEST(answer("spawn(t1, r0)", "spawn(t2, r0)") == "Done");
  BOOST_TEST(answer("spawn(t1, r0); close_region(r0, Await)", "spawn(t2, r0)") ==
             "Refused{RegionOpen}");
  BOOST_TEST(answer("open_region(r1, r0); close_region(r0, Await)", "spawn(t2, r0)") ==
             "Refused{RegionOpen}");
  BOOST_TEST(answer(finalizer, "spawn(t2, r0)") == "Refused{RegionOpen}");
  BOOST_TEST(answer("close_region(r0, Await)", "spawn(t2, r0)") == "Refused{RegionOpen}");
}

BOOST_AUTO_TEST_CASE(spawn_is_refused_at_the_limit_of_live_body_tasks) {
  const std::string one = "open_region(r1, r0, tasks 1); spawn(t1, r1)";
  BOOST_TEST(answer("open_region(r1, r0, tasks 1)", "spawn(t1, r1)") == "Done");
  BOOST_TEST(answer(one, "spawn(t2, r1)") == "Refused{WithinLimit}");
  BOOST_TEST(answer(one + "; start(t1); return(t1, Ok)", "spawn(t2, r1)") == "Done");
}

BOOST_AUTO_TEST_CASE(spawn_answers_RegionOpen_before_WithinLimit) {
  BOOST_TEST(answer("open_region(r1, r0, tasks 0); close_region(r1, Await)", "spawn(t1, r1)") ==
             "Refused{RegionOpen}");
  BOOST_TEST(answer("open_region(r1, r0, tasks 1); spawn(t1, r1); close_region(r1, Await)",
                    "spawn(t2, r1)") == "Refused{RegionOpen}");
}

BOOST_AUTO_TEST_CASE(spawn_adds_a_Created_body_task_with_the_regions_budget_met) {
  const auto state =
      after("open_region(r1, r0, deadline 9, polls 7, priority 9); spawn(t1, r1, polls 3, cost 2)");
  BOOST_TEST(task_words(state, 1) == "Created");
  BOOST_TEST(to_text(task(state, 1).budget) == "deadline 9, polls 3, cost 2, priority 9");
  BOOST_TEST(!task(state, 1).is_finalizer);
  BOOST_TEST((region(state, 1).tasks == spec::Names<TaskName>{TaskName{1}}));
  BOOST_TEST((task(state, 1).owner == RegionName{1}));
}

BOOST_AUTO_TEST_SUITE_END()

// rule.task.start
BOOST_AUTO_TEST_SUITE(start)

BOOST_AUTO_TEST_CASE(start_needs_a_task_that_exists) {
  BOOST_TEST(answer("spawn(t1, r0)", "start(t1)") == "Done");
  BOOST_TEST(answer("spawn(t1, r0)", "start(t2)") == "Refused{TaskExists}");
  BOOST_TEST(answer("spawn(t1, r0)", "start(t?)") == "Refused{TaskExists}");
}

BOOST_AUTO_TEST_CASE(start_is_refused_unless_the_task_is_Created) {
  BOOST_TEST(task_words(after(running), 1) == "Running");
  for (const std::string& script : {running, requested, cancelling, cleaned, ended}) {
    BOOST_TEST(answer(script, "start(t1)") == "Refused{TaskCreated}");
  }
  BOOST_TEST(answer("spawn(t1, r0); cancel_task(t1, User)", "start(t1)") == "Refused{TaskCreated}");
}

BOOST_AUTO_TEST_CASE(a_cancelled_Created_task_goes_on_by_Checkpoint_or_Return) {
  const std::string script = "spawn(t1, r0); cancel_task(t1, User)";
  BOOST_TEST(task_words(after(script), 1) == "CancelRequested for User@0 from r0");
  BOOST_TEST(answer(script, "checkpoint(t1)") == "Done{Cancelled(User@0 from r0)}");
  BOOST_TEST(answer(script, "return(t1, Ok)") == "Done{Completed(Cancelled(User@0 from r0))}");
}

BOOST_AUTO_TEST_CASE(start_runs_a_finalizer_task) {
  BOOST_TEST(answer(finalizer, "start(t1)") == "Done");
}

BOOST_AUTO_TEST_SUITE_END()

// rule.task.poll
BOOST_AUTO_TEST_SUITE(poll)

BOOST_AUTO_TEST_CASE(poll_needs_a_task_that_exists) {
  BOOST_TEST(answer(running, "poll(t1)") == "Done{PollGranted}");
  BOOST_TEST(answer(running, "poll(t2)") == "Refused{TaskExists}");
  BOOST_TEST(answer(running, "poll(t?)") == "Refused{TaskExists}");
}

BOOST_AUTO_TEST_CASE(poll_is_refused_before_the_start) {
  BOOST_TEST(answer("spawn(t1, r0)", "poll(t1)") == "Refused{TaskStarted}");
  BOOST_TEST(answer("spawn(t1, r0); cancel_task(t1, User)", "poll(t1)") == "Done{PollGranted}");
}

BOOST_AUTO_TEST_CASE(poll_is_refused_after_completion) {
  for (const std::string& script : {requested, cancelling, cleaned}) {
    BOOST_TEST(answer(script, "poll(t1)") == "Done{PollGranted}");
  }
  BOOST_TEST(answer(ended, "poll(t1)") == "Refused{TaskLive}");
}

BOOST_AUTO_TEST_CASE(poll_of_an_unlimited_quota_changes_nothing) {
  const auto before = after(running);
  BOOST_TEST((after(before, "poll(t1)") == before));
}

BOOST_AUTO_TEST_CASE(poll_takes_one_from_the_quota_and_cancels_when_it_is_used_up) {
  const auto one_left = after("spawn(t1, r0, polls 1); start(t1); advance_time(6)");
  const auto none_left = after(one_left, "poll(t1)");
  BOOST_TEST(task(none_left, 1).budget.poll_quota == 0U);
  BOOST_TEST(task_words(none_left, 1) == "Running");
  BOOST_TEST(answer(none_left, "poll(t1)") == "Done{PollExhausted}");
  const auto cancelled = after(none_left, "poll(t1)");
  BOOST_TEST(task_words(cancelled, 1) == "CancelRequested for PollQuota@6 from r0");
  BOOST_TEST(to_text(task(cancelled, 1).budget) == "polls 0, priority 215");
  BOOST_TEST(region_words(cancelled, 0) == "Open");
}

BOOST_AUTO_TEST_CASE(an_exhausted_poll_strengthens_a_weaker_reason_and_keeps_a_stronger_one) {
  const std::string script = "spawn(t1, r0, polls 0); start(t1); ";
  BOOST_TEST(task_words(after(script + "cancel_task(t1, User); poll(t1)"), 1) ==
             "CancelRequested for PollQuota@0 from r0");
  BOOST_TEST(task_words(after(script + "cancel_task(t1, Shutdown); checkpoint(t1); poll(t1)"), 1) ==
             "Cancelling for Shutdown@0 from r0");
}

BOOST_AUTO_TEST_CASE(an_exhausted_poll_of_a_finalizer_task_cancels_nothing) {
  auto state = after(finalizer_running);
  task(state, 1).budget.poll_quota = 0;
  BOOST_TEST(answer(state, "poll(t1)") == "Done{PollExhausted}");
  BOOST_TEST((after(state, "poll(t1)") == state));
}

BOOST_AUTO_TEST_CASE(a_cancel_lowers_the_quota_to_that_of_cleaning_up) {
  const auto state = after("spawn(t1, r0); start(t1); cancel_task(t1, Shutdown); poll(t1)");
  BOOST_TEST(to_text(task(state, 1).budget) == "polls 49, priority 255");
}

BOOST_AUTO_TEST_SUITE_END()

// rule.task.checkpoint
BOOST_AUTO_TEST_SUITE(checkpoint)

BOOST_AUTO_TEST_CASE(checkpoint_needs_a_task_that_exists) {
  BOOST_TEST(answer(running, "checkpoint(t1)") == "Done{Continue}");
  BOOST_TEST(answer(running, "checkpoint(t2)") == "Refused{TaskExists}");
  BOOST_TEST(answer(running, "checkpoint(t?)") == "Refused{TaskExists}");
}

BOOST_AUTO_TEST_CASE(checkpoint_is_refused_before_the_start) {
  BOOST_TEST(answer("spawn(t1, r0)", "checkpoint(t1)") == "Refused{TaskStarted}");
  BOOST_TEST(answer("spawn(t1, r0); start(t1)", "checkpoint(t1)") == "Done{Continue}");
}

BOOST_AUTO_TEST_CASE(checkpoint_is_refused_after_completion) {
  BOOST_TEST(answer(cleaned, "checkpoint(t1)") == "Done{CancelPending}");
  BOOST_TEST(answer(ended, "checkpoint(t1)") == "Refused{TaskLive}");
}

BOOST_AUTO_TEST_CASE(checkpoint_without_a_cancel_continues_and_spends_no_mask) {
  const auto before = after(running + "; enter_mask(t1, 2)");
  BOOST_TEST(answer(before, "checkpoint(t1)") == "Done{Continue}");
  BOOST_TEST((after(before, "checkpoint(t1)") == before));
}

BOOST_AUTO_TEST_CASE(checkpoint_acknowledges_a_cancel_once_and_then_says_it_is_pending) {
  BOOST_TEST(answer(requested, "checkpoint(t1)") == "Done{Cancelled(User@0 from r0)}");
  BOOST_TEST(task_words(after(cancelling), 1) == "Cancelling for User@0 from r0");
  BOOST_TEST(answer(cancelling, "checkpoint(t1)") == "Done{CancelPending}");
  BOOST_TEST(answer(cleaned, "checkpoint(t1)") == "Done{CancelPending}");
}

BOOST_AUTO_TEST_CASE(acknowledgement_comes_at_checkpoint_mask_plus_one) {
  for (unsigned units = 0; units <= max_mask_units; ++units) {
    std::string script = running;
    if (units > 0) script += "; enter_mask(t1, " + std::to_string(units) + ")";
    auto state = after(script + "; cancel_task(t1, Timeout)");
    for (unsigned i = 0; i < units; ++i) {
      BOOST_TEST(answer(state, "checkpoint(t1)") == "Done{Continue}");
      state = after(state, "checkpoint(t1)");
      BOOST_TEST(task_words(state, 1) == "CancelRequested for Timeout@0 from r0");
      BOOST_TEST(unsigned{task(state, 1).mask_units} == units - i - 1);
    }
    BOOST_TEST(answer(state, "checkpoint(t1)") == "Done{Cancelled(Timeout@0 from r0)}");
  }
}

BOOST_AUTO_TEST_CASE(a_finalizer_task_continues_at_every_checkpoint) {
  BOOST_TEST(answer(finalizer_running, "checkpoint(t1)") == "Done{Continue}");
  BOOST_TEST(answer(finalizer_running + "; cancel_region(r0, Shutdown)", "checkpoint(t1)") ==
             "Done{Continue}");
}

BOOST_AUTO_TEST_SUITE_END()

// rule.task.enter_mask, rule.task.leave_mask
BOOST_AUTO_TEST_SUITE(masks)

BOOST_AUTO_TEST_CASE(enter_mask_needs_a_task_that_exists) {
  BOOST_TEST(answer(running, "enter_mask(t1, 1)") == "Done");
  BOOST_TEST(answer(running, "enter_mask(t2, 1)") == "Refused{TaskExists}");
  BOOST_TEST(answer(running, "enter_mask(t?, 1)") == "Refused{TaskExists}");
}

BOOST_AUTO_TEST_CASE(enter_mask_is_refused_to_a_finalizer_task) {
  BOOST_TEST(answer(finalizer_running, "enter_mask(t1, 1)") == "Refused{TaskIsBody}");
}

BOOST_AUTO_TEST_CASE(enter_mask_is_refused_unless_the_task_is_Running) {
  for (const std::string& script : {requested, cancelling, cleaned, ended}) {
    BOOST_TEST(answer(script, "enter_mask(t1, 1)") == "Refused{TaskRunning}");
  }
  BOOST_TEST(answer("spawn(t1, r0)", "enter_mask(t1, 1)") == "Refused{TaskRunning}");
}

BOOST_AUTO_TEST_CASE(enter_mask_does_not_nest) {
  BOOST_TEST(answer(running + "; enter_mask(t1, 1)", "enter_mask(t1, 1)") == "Refused{NotMasked}");
  BOOST_TEST(answer(running + "; enter_mask(t1, 1); leave_mask(t1)", "enter_mask(t1, 1)") ==
             "Done");
}

BOOST_AUTO_TEST_CASE(enter_mask_takes_one_unit_to_the_bound) {
  BOOST_TEST(answer(running, "enter_mask(t1, 0)") == "Refused{WithinMaskBound}");
  BOOST_TEST(answer(running, "enter_mask(t1, 4)") == "Done");
  BOOST_TEST(answer(running, "enter_mask(t1, 5)") == "Refused{WithinMaskBound}");
  BOOST_TEST(answer(running, "enter_mask(t1, 255)") == "Refused{WithinMaskBound}");
  BOOST_TEST(int{task(after(running + "; enter_mask(t1, 3)"), 1).mask_units} == 3);
}

BOOST_AUTO_TEST_CASE(enter_mask_answers_the_first_guard_that_fails) {
  BOOST_TEST(answer(finalizer, "enter_mask(t1, 9)") == "Refused{TaskIsBody}");
  BOOST_TEST(answer(running + "; enter_mask(t1, 1); cancel_task(t1, User)", "enter_mask(t1, 9)") ==
             "Refused{TaskRunning}");
  BOOST_TEST(answer(running + "; enter_mask(t1, 1)", "enter_mask(t1, 9)") == "Refused{NotMasked}");
}

BOOST_AUTO_TEST_CASE(leave_mask_needs_a_task_that_exists) {
  const std::string masked = running + "; enter_mask(t1, 2)";
  BOOST_TEST(answer(masked, "leave_mask(t1)") == "Done");
  BOOST_TEST(answer(masked, "leave_mask(t2)") == "Refused{TaskExists}");
  BOOST_TEST(answer(masked, "leave_mask(t?)") == "Refused{TaskExists}");
}

BOOST_AUTO_TEST_CASE(leave_mask_is_refused_after_completion) {
  BOOST_TEST(answer(running + "; enter_mask(t1, 2); return(t1, Ok)", "leave_mask(t1)") ==
             "Refused{TaskLive}");
}

BOOST_AUTO_TEST_CASE(leave_mask_is_refused_without_mask_units) {
  for (const std::string& script : {running, requested, cancelling, cleaned, finalizer_running}) {
    BOOST_TEST(answer(script, "leave_mask(t1)") == "Refused{TaskMasked}");
  }
  BOOST_TEST(answer("spawn(t1, r0)", "leave_mask(t1)") == "Refused{TaskMasked}");
}

BOOST_AUTO_TEST_CASE(leave_mask_ends_the_deferral_at_once) {
  const std::string script = running + "; enter_mask(t1, 4); cancel_task(t1, User); leave_mask(t1)";
  BOOST_TEST(int{task(after(script), 1).mask_units} == 0);
  BOOST_TEST(answer(script, "checkpoint(t1)") == "Done{Cancelled(User@0 from r0)}");
}

BOOST_AUTO_TEST_SUITE_END()

// rule.task.cleanup_done
BOOST_AUTO_TEST_SUITE(cleanup_done)

BOOST_AUTO_TEST_CASE(cleanup_done_needs_a_task_that_exists) {
  BOOST_TEST(answer(cancelling, "cleanup_done(t1)") == "Done");
  BOOST_TEST(answer(cancelling, "cleanup_done(t2)") == "Refused{TaskExists}");
  BOOST_TEST(answer(cancelling, "cleanup_done(t?)") == "Refused{TaskExists}");
}

BOOST_AUTO_TEST_CASE(cleanup_done_is_refused_unless_the_task_is_Cancelling) {
  BOOST_TEST(task_words(after(cleaned), 1) == "Finalizing for User@0 from r0");
  for (const std::string& script : {running, requested, cleaned, ended, finalizer_running}) {
    BOOST_TEST(answer(script, "cleanup_done(t1)") == "Refused{TaskCancelling}");
  }
}

BOOST_AUTO_TEST_SUITE_END()

// rule.task.cancel, rule.task.request_cancel
BOOST_AUTO_TEST_SUITE(cancel_task)

BOOST_AUTO_TEST_CASE(cancel_task_needs_a_task_that_exists) {
  BOOST_TEST(answer(running, "cancel_task(t1, User)") == "Done{changed}");
  BOOST_TEST(answer(running, "cancel_task(t2, User)") == "Refused{TaskExists}");
  BOOST_TEST(answer(running, "cancel_task(t?, User)") == "Refused{TaskExists}");
}

BOOST_AUTO_TEST_CASE(cancel_task_is_refused_after_completion) {
  BOOST_TEST(answer(ended, "cancel_task(t1, User)") == "Refused{TaskLive}");
}

BOOST_AUTO_TEST_CASE(cancel_task_is_refused_to_a_finalizer_task) {
  BOOST_TEST(answer(finalizer, "cancel_task(t1, Shutdown)") == "Refused{TaskIsBody}");
  BOOST_TEST(answer(finalizer_running, "cancel_task(t1, Shutdown)") == "Refused{TaskIsBody}");
}

BOOST_AUTO_TEST_CASE(cancel_task_answers_TaskLive_before_TaskIsBody) {
  BOOST_TEST(answer(finalizer_running + "; return(t1, Ok)", "cancel_task(t1, User)") ==
             "Refused{TaskLive}");
}

BOOST_AUTO_TEST_CASE(cancel_task_strengthens_in_every_live_phase_and_keeps_the_phase) {
  const std::string created = "spawn(t1, r0); cancel_task(t1, User)";
  for (const std::string& script : {created, requested, cancelling, cleaned}) {
    const auto before = after(script);
    const std::string phase{to_text(task(before, 1).phase)};
    BOOST_TEST(answer(before, "cancel_task(t1, FailFast)") == "Done{changed}");
    const auto stronger = after(before, "cancel_task(t1, FailFast)");
    BOOST_TEST(task_words(stronger, 1) == phase + " for FailFast@0 from r0");
    BOOST_TEST(to_text(task(stronger, 1).budget) == "polls 200, priority 220");
    BOOST_TEST(answer(stronger, "cancel_task(t1, Timeout)") == "Done{unchanged}");
    BOOST_TEST((after(stronger, "cancel_task(t1, Timeout)") == stronger));
  }
}

BOOST_AUTO_TEST_CASE(cancel_task_reaches_this_task_only) {
  const auto state = after("spawn(t1, r0); spawn(t2, r0); cancel_task(t1, Shutdown)");
  BOOST_TEST(task_words(state, 2) == "Created");
  BOOST_TEST(region_words(state, 0) == "Open");
}

BOOST_AUTO_TEST_SUITE_END()

// rule.task.join
BOOST_AUTO_TEST_SUITE(join)

BOOST_AUTO_TEST_CASE(join_needs_a_joiner_and_a_target_that_exist) {
  BOOST_TEST(answer("spawn(t1, r0); spawn(t2, r0)", "join(t1, t2)") == "Done{Registered}");
  BOOST_TEST(answer("spawn(t2, r0)", "join(t1, t2)") == "Refused{TaskExists}");
  BOOST_TEST(answer("spawn(t1, r0)", "join(t1, t2)") == "Refused{TaskExists}");
  BOOST_TEST(answer("spawn(t1, r0)", "join(t1, t?)") == "Refused{TaskExists}");
  BOOST_TEST(answer("", "join(t?, t?)") == "Refused{TaskExists}");
}

BOOST_AUTO_TEST_CASE(join_is_refused_to_a_completed_joiner) {
  BOOST_TEST(answer(ended + "; spawn(t2, r0)", "join(t1, t2)") == "Refused{JoinerLive}");
}

BOOST_AUTO_TEST_CASE(join_is_refused_to_oneself) {
  BOOST_TEST(answer(running, "join(t1, t1)") == "Refused{NotSelf}");
}

BOOST_AUTO_TEST_CASE(join_answers_the_first_guard_that_fails) {
  BOOST_TEST(answer(ended, "join(t1, t9)") == "Refused{TaskExists}");
  BOOST_TEST(answer(ended, "join(t1, t1)") == "Refused{JoinerLive}");
}

BOOST_AUTO_TEST_CASE(join_of_a_completed_target_is_ready_with_its_outcome) {
  const std::string script = "spawn(t2, r0); spawn(t1, r0); start(t1); ";
  BOOST_TEST(answer(script + "return(t1, Err)", "join(t2, t1)") == "Done{Ready(Err)}");
  BOOST_TEST(answer(script + "return(t1, Cancelled Timeout)", "join(t2, t1)") ==
             "Done{Ready(Cancelled(Timeout@0 from r0))}");
  const auto state = after(script + "return(t1, Ok)");
  BOOST_TEST((after(state, "join(t2, t1)") == state));
}

BOOST_AUTO_TEST_CASE(join_twice_registers_once) {
  const auto state = after("spawn(t1, r0); spawn(t2, r0); join(t1, t2)");
  BOOST_TEST(answer(state, "join(t1, t2)") == "Done{Registered}");
  BOOST_TEST((after(state, "join(t1, t2)") == state));
}

BOOST_AUTO_TEST_CASE(join_cycles_are_legal_and_block_nobody) {
  const auto state = after(
      "spawn(t1, r0); spawn(t2, r0); start(t1); start(t2); join(t1, t2); "
      "join(t2, t1)");
  BOOST_TEST(answer(state, "return(t1, Ok)") == "Done{Completed(Ok)}");
}

BOOST_AUTO_TEST_SUITE_END()
