// Task operations: each guard refused and passed, and what an accepted action changes.
#include "tests/impl/house.hpp"

using namespace quiesce;
using namespace quiesce::impl;
using namespace quiesce::impl::tests;

BOOST_AUTO_TEST_SUITE(task_operations)

BOOST_AUTO_TEST_CASE(spawn_is_refused_in_an_unknown_region) {
  House house;
  BOOST_TEST(says(house.state.spawn(TaskName{0}, unknown_region)) == "Refused{RegionExists}");
  BOOST_TEST(says(house.state.spawn(TaskName{0}, root)) == "Done");
  BOOST_TEST(house.phase_of_task(0) == "Created");
  BOOST_TEST(listed(house.region(0).tasks) == "t0");
}

BOOST_AUTO_TEST_CASE(spawn_is_refused_once_the_region_closes) {
  House house;
  const RegionId region = house.open();
  const TaskId task = house.started(region);
  house.state.close_region(region, CloseMode::Await);
  BOOST_TEST(says(house.state.spawn(TaskName{9}, region)) == "Refused{RegionOpen}");
  house.state.return_from(task, OutcomeKind::Ok);
  BOOST_TEST(house.phase_of_region(1) == "Closed");
  BOOST_TEST(says(house.state.spawn(TaskName{9}, region)) == "Refused{RegionOpen}");
}

BOOST_AUTO_TEST_CASE(spawn_is_refused_at_the_limit_of_live_body_tasks) {
  House house;
  const RegionId region = house.open(root, no_budget, {.body_tasks = 1});
  const TaskId task = house.started(region);
  BOOST_TEST(says(house.state.spawn(TaskName{9}, region)) == "Refused{WithinLimit}");
  house.state.return_from(task, OutcomeKind::Ok);
  BOOST_TEST(says(house.state.spawn(TaskName{9}, region)) == "Done");
}

BOOST_AUTO_TEST_CASE(spawn_meets_its_budget_with_the_regions) {
  House house;
  const RegionId region = house.open(root, {.deadline_ticks = 5, .cost_quota = 7});
  house.spawn(region, {.deadline_ticks = 9, .poll_quota = 2, .priority = 1});
  const Budget expected{.deadline_ticks = 5, .poll_quota = 2, .cost_quota = 7, .priority = 1};
  BOOST_TEST((house.task(0).budget == expected));
}

BOOST_AUTO_TEST_CASE(start_is_refused_unless_the_task_is_created) {
  House house;
  const TaskId task = house.spawn();
  BOOST_TEST(says(house.state.start(unknown_task)) == "Refused{TaskExists}");
  BOOST_TEST(says(house.state.start(task)) == "Done");
  BOOST_TEST(house.phase_of_task(0) == "Running");
  BOOST_TEST(says(house.state.start(task)) == "Refused{TaskCreated}");
  house.state.return_from(task, OutcomeKind::Ok);
  BOOST_TEST(says(house.state.start(task)) == "Refused{TaskCreated}");
}

BOOST_AUTO_TEST_CASE(start_is_refused_for_a_created_task_that_was_cancelled) {
  House house;
  const TaskId task = house.spawn();
  house.state.cancel_task(task, CancelKind::User);
  BOOST_TEST(says(house.state.start(task)) == "Refused{TaskCreated}");
  BOOST_TEST(says(house.state.checkpoint(task)) == "Done{Cancelled(User@0 from r0)}");
}

BOOST_AUTO_TEST_CASE(poll_is_refused_before_the_start_and_after_the_end) {
  House house;
  const TaskId task = house.spawn();
  BOOST_TEST(says(house.state.poll(unknown_task)) == "Refused{TaskExists}");
  BOOST_TEST(says(house.state.poll(task)) == "Refused{TaskStarted}");
  house.state.start(task);
  BOOST_TEST(says(house.state.poll(task)) == "Done{PollGranted}");
  house.state.return_from(task, OutcomeKind::Ok);
  BOOST_TEST(says(house.state.poll(task)) == "Refused{TaskLive}");
}

BOOST_AUTO_TEST_CASE(poll_spends_the_quota_and_then_cancels_the_task) {
  House house;
  const TaskId task = house.started(root, {.poll_quota = 1});
  house.started();
  BOOST_TEST(says(house.state.poll(task)) == "Done{PollGranted}");
  BOOST_TEST(house.task(0).budget.poll_quota == 0U);
  BOOST_TEST(house.reason_of_task(0) == "none");
  BOOST_TEST(says(house.state.poll(task)) == "Done{PollExhausted}");
  BOOST_TEST(house.reason_of_task(0) == "PollQuota@0 from r0");
  BOOST_TEST(house.phase_of_task(0) == "CancelRequested");
  BOOST_TEST(house.phase_of_task(1) == "Running");
  BOOST_TEST(house.task(1).budget.poll_quota == unlimited);
}

BOOST_AUTO_TEST_CASE(checkpoint_is_refused_before_the_start_and_after_the_end) {
  House house;
  const TaskId task = house.spawn();
  BOOST_TEST(says(house.state.checkpoint(unknown_task)) == "Refused{TaskExists}");
  BOOST_TEST(says(house.state.checkpoint(task)) == "Refused{TaskStarted}");
  house.state.start(task);
  BOOST_TEST(says(house.state.checkpoint(task)) == "Done{Continue}");
  house.state.return_from(task, OutcomeKind::Ok);
  BOOST_TEST(says(house.state.checkpoint(task)) == "Refused{TaskLive}");
}

BOOST_AUTO_TEST_CASE(checkpoint_acknowledges_once_and_says_pending_afterwards) {
  House house;
  const TaskId task = house.started();
  house.state.cancel_task(task, CancelKind::Timeout);
  BOOST_TEST(says(house.state.checkpoint(task)) == "Done{Cancelled(Timeout@0 from r0)}");
  BOOST_TEST(house.phase_of_task(0) == "Cancelling");
  BOOST_TEST(says(house.state.checkpoint(task)) == "Done{CancelPending}");
  house.state.cleanup_done(task);
  BOOST_TEST(says(house.state.checkpoint(task)) == "Done{CancelPending}");
  BOOST_TEST(house.phase_of_task(0) == "Finalizing");
}

BOOST_AUTO_TEST_CASE(checkpoint_spends_mask_units_only_while_a_cancel_is_pending) {
  House house;
  const TaskId task = house.started();
  house.state.enter_mask(task, 2);
  house.state.checkpoint(task);
  BOOST_TEST(int{house.task(0).mask_units} == 2);
  house.state.cancel_task(task, CancelKind::User);
  BOOST_TEST(says(house.state.checkpoint(task)) == "Done{Continue}");
  BOOST_TEST(int{house.task(0).mask_units} == 1);
  BOOST_TEST(says(house.state.checkpoint(task)) == "Done{Continue}");
  BOOST_TEST(house.phase_of_task(0) == "CancelRequested");
  BOOST_TEST(says(house.state.checkpoint(task)) == "Done{Cancelled(User@0 from r0)}");
}

BOOST_AUTO_TEST_CASE(enter_mask_is_refused_guard_by_guard) {
  House house;
  const TaskId task = house.spawn();
  BOOST_TEST(says(house.state.enter_mask(unknown_task, 1)) == "Refused{TaskExists}");
  BOOST_TEST(says(house.state.enter_mask(task, 1)) == "Refused{TaskRunning}");
  house.state.start(task);
  BOOST_TEST(says(house.state.enter_mask(task, 0)) == "Refused{WithinMaskBound}");
  BOOST_TEST(says(house.state.enter_mask(task, max_mask_units + 1)) == "Refused{WithinMaskBound}");
  BOOST_TEST(says(house.state.enter_mask(task, max_mask_units)) == "Done");
  BOOST_TEST(says(house.state.enter_mask(task, 0)) == "Refused{NotMasked}");
  house.state.return_from(task, OutcomeKind::Ok);
  BOOST_TEST(says(house.state.enter_mask(task, 1)) == "Refused{TaskRunning}");
}

BOOST_AUTO_TEST_CASE(enter_mask_is_refused_once_a_cancel_is_recorded) {
  House house;
  const TaskId task = house.started();
  house.state.cancel_task(task, CancelKind::User);
  BOOST_TEST(says(house.state.enter_mask(task, 1)) == "Refused{TaskRunning}");
}

BOOST_AUTO_TEST_CASE(leave_mask_is_refused_guard_by_guard) {
  House house;
  const TaskId task = house.started();
  BOOST_TEST(says(house.state.leave_mask(unknown_task)) == "Refused{TaskExists}");
  BOOST_TEST(says(house.state.leave_mask(task)) == "Refused{TaskMasked}");
  house.state.enter_mask(task, 3);
  house.state.cancel_task(task, CancelKind::User);
  BOOST_TEST(says(house.state.leave_mask(task)) == "Done");
  BOOST_TEST(int{house.task(0).mask_units} == 0);
  house.state.return_from(task, OutcomeKind::Ok);
  BOOST_TEST(says(house.state.leave_mask(task)) == "Refused{TaskLive}");
}

BOOST_AUTO_TEST_CASE(cleanup_done_is_refused_unless_the_task_is_cancelling) {
  House house;
  const TaskId task = house.started();
  BOOST_TEST(says(house.state.cleanup_done(unknown_task)) == "Refused{TaskExists}");
  BOOST_TEST(says(house.state.cleanup_done(task)) == "Refused{TaskCancelling}");
  house.state.cancel_task(task, CancelKind::User);
  BOOST_TEST(says(house.state.cleanup_done(task)) == "Refused{TaskCancelling}");
  house.state.checkpoint(task);
  BOOST_TEST(says(house.state.cleanup_done(task)) == "Done");
  BOOST_TEST(says(house.state.cleanup_done(task)) == "Refused{TaskCancelling}");
  house.state.return_from(task, OutcomeKind::Ok);
  BOOST_TEST(says(house.state.cleanup_done(task)) == "Refused{TaskCancelling}");
}

BOOST_AUTO_TEST_CASE(return_is_refused_before_the_start_and_after_the_end) {
  House house;
  const TaskId task = house.spawn();
  BOOST_TEST(says(house.state.return_from(unknown_task, OutcomeKind::Ok)) == "Refused{TaskExists}");
  BOOST_TEST(says(house.state.return_from(task, OutcomeKind::Ok)) == "Refused{TaskStarted}");
  house.state.start(task);
  BOOST_TEST(says(house.state.return_from(task, OutcomeKind::Err)) == "Done{Completed(Err)}");
  BOOST_TEST(says(house.state.return_from(task, OutcomeKind::Ok)) == "Refused{TaskLive}");
}

BOOST_AUTO_TEST_CASE(return_without_a_cancel_records_what_was_returned) {
  for (const OutcomeKind kind : {OutcomeKind::Ok, OutcomeKind::Err, OutcomeKind::Panicked}) {
    House house;
    const TaskId task = house.started();
    house.state.return_from(task, kind);
    BOOST_TEST(to_text(house.task(0).outcome) == std::string(to_text(kind)));
    BOOST_TEST(house.reason_of_task(0) == "none");
  }
  House house;
  const RegionId region = house.open();
  const TaskId task = house.started(region);
  house.state.advance_time(2);
  BOOST_TEST(says(house.state.return_from(task, OutcomeKind::Cancelled, CancelKind::Timeout)) ==
             "Done{Completed(Cancelled(Timeout@2 from r1))}");
}

BOOST_AUTO_TEST_CASE(return_after_a_cancel_records_cancelled_or_panicked) {
  const auto recorded = [](OutcomeKind outcome, CancelKind kind) {
    House house;
    const TaskId task = house.started();
    house.state.cancel_task(task, CancelKind::Timeout);
    return says(house.state.return_from(task, outcome, kind));
  };
  BOOST_TEST(recorded(OutcomeKind::Ok, {}) == "Done{Completed(Cancelled(Timeout@0 from r0))}");
  BOOST_TEST(recorded(OutcomeKind::Err, {}) == "Done{Completed(Cancelled(Timeout@0 from r0))}");
  BOOST_TEST(recorded(OutcomeKind::Panicked, {}) == "Done{Completed(Panicked)}");
  BOOST_TEST(recorded(OutcomeKind::Cancelled, CancelKind::User) ==
             "Done{Completed(Cancelled(Timeout@0 from r0))}");
  BOOST_TEST(recorded(OutcomeKind::Cancelled, CancelKind::Shutdown) ==
             "Done{Completed(Cancelled(Shutdown@0 from r0))}");
}

BOOST_AUTO_TEST_CASE(cancel_task_is_refused_for_unknown_completed_and_finalizer_tasks) {
  struct Hears : Observer {
    TaskId finalizer;
    void finalizer_started(TaskName, TaskId id) override { finalizer = id; }
  } hears;
  House house({}, &hears);
  BOOST_TEST(says(house.state.cancel_task(unknown_task, CancelKind::User)) ==
             "Refused{TaskExists}");
  const TaskId task = house.completed();
  BOOST_TEST(says(house.state.cancel_task(task, CancelKind::User)) == "Refused{TaskLive}");
  const RegionId region = house.open();
  house.state.defer_finalizer(TaskName{9}, region);
  house.state.close_region(region, CloseMode::Await);
  BOOST_TEST(says(house.state.cancel_task(hears.finalizer, CancelKind::User)) ==
             "Refused{TaskIsBody}");
  BOOST_TEST(says(house.state.enter_mask(hears.finalizer, 1)) == "Refused{TaskIsBody}");
  house.state.start(hears.finalizer);
  house.state.return_from(hears.finalizer, OutcomeKind::Ok);
  BOOST_TEST(says(house.state.cancel_task(hears.finalizer, CancelKind::User)) ==
             "Refused{TaskLive}");
  BOOST_TEST(says(house.state.enter_mask(hears.finalizer, 1)) == "Refused{TaskIsBody}");
}

BOOST_AUTO_TEST_CASE(cancel_task_strengthens_and_tightens_in_every_live_phase) {
  House house;
  const TaskId task = house.started(root, {.poll_quota = 400});
  BOOST_TEST(says(house.state.cancel_task(task, CancelKind::User)) == "Done{changed}");
  BOOST_TEST(house.task(0).budget.poll_quota == 400U);
  BOOST_TEST(int{house.task(0).budget.priority} == 200);
  house.state.checkpoint(task);
  BOOST_TEST(says(house.state.cancel_task(task, CancelKind::FailFast)) == "Done{changed}");
  BOOST_TEST(house.task(0).budget.poll_quota == 200U);
  BOOST_TEST(house.phase_of_task(0) == "Cancelling");
  house.state.cleanup_done(task);
  BOOST_TEST(says(house.state.cancel_task(task, CancelKind::User)) == "Done{unchanged}");
  BOOST_TEST(says(house.state.cancel_task(task, CancelKind::Shutdown)) == "Done{changed}");
  BOOST_TEST(house.reason_of_task(0) == "Shutdown@0 from r0");
  BOOST_TEST(house.task(0).budget.poll_quota == 50U);
  BOOST_TEST(house.phase_of_task(0) == "Finalizing");
}

BOOST_AUTO_TEST_CASE(join_is_refused_guard_by_guard) {
  House house;
  const TaskId task = house.started();
  const TaskId done = house.completed();
  BOOST_TEST(says(house.state.join(unknown_task, task)) == "Refused{TaskExists}");
  BOOST_TEST(says(house.state.join(task, unknown_task)) == "Refused{TaskExists}");
  BOOST_TEST(says(house.state.join(done, unknown_task)) == "Refused{TaskExists}");
  BOOST_TEST(says(house.state.join(done, task)) == "Refused{JoinerLive}");
  BOOST_TEST(says(house.state.join(done, done)) == "Refused{JoinerLive}");
  BOOST_TEST(says(house.state.join(task, task)) == "Refused{NotSelf}");
  BOOST_TEST(says(house.state.join(task, done)) == "Done{Ready(Ok)}");
}

BOOST_AUTO_TEST_CASE(join_registers_once_and_cycles_are_legal) {
  House house;
  const TaskId one = house.started();
  const TaskId two = house.spawn();
  BOOST_TEST(says(house.state.join(one, two)) == "Done{Registered}");
  BOOST_TEST(says(house.state.join(one, two)) == "Done{Registered}");
  BOOST_TEST(says(house.state.join(two, one)) == "Done{Registered}");
  BOOST_TEST(listed(house.task(1).waiters) == "t0");
  BOOST_TEST(listed(house.task(0).waiters) == "t1");
}

BOOST_AUTO_TEST_SUITE_END()
