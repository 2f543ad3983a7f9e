// Completion as one action: obligations, fold, waiters, policy, finalizers, the cascade upwards.
#include "tests/impl/house.hpp"

using namespace quiesce;
using namespace quiesce::impl;
using namespace quiesce::impl::tests;

namespace {

/// Knows the ids of finalizers that started.
struct Finalizers : Observer {
  std::vector<TaskId> started;
  void finalizer_started(TaskName, TaskId id) override { started.push_back(id); }
};

void run(House& house, TaskId task, OutcomeKind outcome) {
  house.state.start(task);
  house.state.return_from(task, outcome);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(completion)

BOOST_AUTO_TEST_CASE(completion_leaks_what_an_uncancelled_holder_left) {
  for (const OutcomeKind outcome : {OutcomeKind::Ok, OutcomeKind::Err, OutcomeKind::Panicked}) {
    House house;
    const TaskId holder = house.started();
    const TaskId other = house.started();
    house.reserve(holder);
    house.reserve(other);
    house.reserve(holder);
    house.state.return_from(holder, outcome);
    BOOST_TEST((house.obligation(0).phase == ObligationPhase::Leaked));
    BOOST_TEST((house.obligation(1).phase == ObligationPhase::Reserved));
    BOOST_TEST((house.obligation(2).phase == ObligationPhase::Leaked));
    BOOST_TEST(house.seen.leak_count == 2U);
    BOOST_TEST(house.seen.pending_total == 1U);
    BOOST_TEST(house.region(0).pending_obligations == 1U);
  }
}

BOOST_AUTO_TEST_CASE(completion_aborts_what_a_cancelled_holder_left) {
  House house;
  const TaskId holder = house.started();
  house.reserve(holder);
  house.state.cancel_task(holder, CancelKind::User);
  house.state.return_from(holder, OutcomeKind::Ok);
  BOOST_TEST((house.obligation(0).phase == ObligationPhase::Aborted));
  BOOST_TEST((house.obligation(0).abort_reason == AbortReason::Cancel));
  BOOST_TEST(house.seen.leak_count == 0U);
}

BOOST_AUTO_TEST_CASE(completion_leaks_if_a_cancelled_holder_panicked) {
  House house;
  const TaskId holder = house.started();
  house.reserve(holder);
  house.state.cancel_task(holder, CancelKind::User);
  house.state.return_from(holder, OutcomeKind::Panicked);
  BOOST_TEST((house.obligation(0).phase == ObligationPhase::Leaked));
}

BOOST_AUTO_TEST_CASE(completion_does_not_touch_obligations_of_the_next_task_in_the_slot) {
  House house;
  const TaskId first = house.completed();
  const TaskId second = house.started();
  BOOST_REQUIRE_EQUAL(first.slot, second.slot);
  const ObligationId obligation = house.reserve(second);
  BOOST_TEST(says(house.state.commit(obligation, first)) == "Refused{ActorIsHolder}");
  BOOST_TEST(says(house.state.return_from(first, OutcomeKind::Ok)) == "Refused{TaskLive}");
  BOOST_TEST((house.obligation(0).phase == ObligationPhase::Reserved));
  house.state.return_from(second, OutcomeKind::Ok);
  BOOST_TEST((house.obligation(0).phase == ObligationPhase::Leaked));
  const TaskId third = house.started();
  BOOST_REQUIRE_EQUAL(third.slot, second.slot);
  house.state.return_from(third, OutcomeKind::Ok);
  BOOST_TEST(house.look().leak_count == 1U);
}

BOOST_AUTO_TEST_CASE(completion_folds_outcomes_and_the_close_adds_the_reason) {
  House house;
  const RegionId region = house.open();
  run(house, house.spawn(region), OutcomeKind::Ok);
  BOOST_TEST(to_text(house.region(1).outcome) == "Ok");
  run(house, house.spawn(region), OutcomeKind::Err);
  run(house, house.spawn(region), OutcomeKind::Ok);
  BOOST_TEST(to_text(house.region(1).outcome) == "Err");
  house.state.cancel_region(region, CancelKind::User);
  BOOST_TEST(to_text(house.region(1).outcome) == "Cancelled(User@0 from r1)");
}

BOOST_AUTO_TEST_CASE(completion_does_not_fold_a_child_region_into_its_parent) {
  House house;
  const RegionId parent = house.open();
  const RegionId child = house.open(parent);
  run(house, house.spawn(child), OutcomeKind::Panicked);
  house.state.close_region(child, CloseMode::Await);
  house.state.close_region(parent, CloseMode::Await);
  BOOST_TEST(to_text(house.region(2).outcome) == "Panicked");
  BOOST_TEST(to_text(house.region(1).outcome) == "Ok");
}

BOOST_AUTO_TEST_CASE(completion_hands_the_outcome_to_waiters_and_leaves_every_waiter_list) {
  House house;
  const TaskId target = house.started();
  const TaskId one = house.started();
  const TaskId two = house.started();
  house.state.join(one, target);
  house.state.join(two, target);
  house.state.join(target, one);
  house.state.return_from(target, OutcomeKind::Err);
  BOOST_TEST(house.task(1).joins_ready == 1U);
  BOOST_TEST(house.task(2).joins_ready == 1U);
  BOOST_TEST(house.task(1).waiters.empty());
  BOOST_TEST(house.task(0).waiters.empty());
  BOOST_TEST(says(house.state.join(one, target)) == "Done{Ready(Err)}");
  BOOST_TEST(house.task(1).joins_ready == 1U);
}

BOOST_AUTO_TEST_CASE(completion_does_not_wake_a_waiter_that_ended_before) {
  House house;
  const TaskId target = house.started();
  const TaskId waiter = house.started();
  house.state.join(waiter, target);
  house.state.return_from(waiter, OutcomeKind::Ok);
  const TaskId next = house.started();
  BOOST_REQUIRE_EQUAL(next.slot, waiter.slot);
  house.state.return_from(target, OutcomeKind::Ok);
  BOOST_TEST(house.task(2).joins_ready == 0U);
}

BOOST_AUTO_TEST_CASE(fail_fast_cancels_siblings_and_child_regions_and_not_the_region) {
  for (const OutcomeKind outcome : {OutcomeKind::Err, OutcomeKind::Panicked}) {
    House house;
    const RegionId region = house.open(root, no_budget, no_limits, Policy::FailFast);
    const RegionId child = house.open(region);
    const TaskId failing = house.started(region);
    house.started(region);
    house.started(child);
    house.state.return_from(failing, outcome);
    BOOST_TEST(house.reason_of_task(1) == "FailFast@0 from r1");
    BOOST_TEST(house.reason_of_task(2) == "ParentCancelled@0 from r1");
    BOOST_TEST(house.reason_of_region(2) == "ParentCancelled@0 from r1");
    BOOST_TEST(house.reason_of_region(1) == "none");
    BOOST_TEST(house.phase_of_region(1) == "Open");
  }
}

BOOST_AUTO_TEST_CASE(fail_fast_lets_ok_and_cancelled_pass_and_collect_all_everything) {
  House house;
  const RegionId fail_fast = house.open(root, no_budget, no_limits, Policy::FailFast);
  const RegionId collect_all = house.open();
  house.started(fail_fast);
  house.started(collect_all);
  run(house, house.spawn(fail_fast), OutcomeKind::Ok);
  run(house, house.spawn(fail_fast), OutcomeKind::Cancelled);
  run(house, house.spawn(collect_all), OutcomeKind::Panicked);
  BOOST_TEST(house.reason_of_task(0) == "none");
  BOOST_TEST(house.reason_of_task(1) == "none");
}

BOOST_AUTO_TEST_CASE(fail_fast_spares_finalizers_and_ignores_their_failure) {
  Finalizers finalizers;
  House house({}, &finalizers);
  const RegionId region = house.open(root, no_budget, no_limits, Policy::FailFast);
  house.state.defer_finalizer(TaskName{10}, region);
  house.state.defer_finalizer(TaskName{11}, region);
  house.state.close_region(region, CloseMode::Await);
  run(house, finalizers.started.at(0), OutcomeKind::Panicked);
  BOOST_TEST(house.reason_of_task(10) == "none");
  BOOST_TEST(house.phase_of_task(10) == "Created");
}

BOOST_AUTO_TEST_CASE(finalizers_run_last_in_first_out_one_at_a_time_before_the_close) {
  Finalizers finalizers;
  House house({}, &finalizers);
  const RegionId region = house.open();
  house.state.advance_time(7);
  for (std::uint32_t name = 10; name < 13; ++name) {
    house.state.defer_finalizer(TaskName{name}, region);
  }
  const TaskId body = house.started(region);
  house.state.close_region(region, CloseMode::Await);
  BOOST_TEST(finalizers.started.empty());
  BOOST_TEST(listed(house.region(1).finalizers) == "t10 t11 t12");
  house.state.return_from(body, OutcomeKind::Ok);
  BOOST_REQUIRE_EQUAL(finalizers.started.size(), 1U);
  BOOST_TEST((house.region(1).finalizing == TaskName{12}));
  BOOST_TEST(listed(house.region(1).finalizers) == "t10 t11");
  BOOST_TEST((house.task(12).budget == finalizer_budget(7)));
  BOOST_TEST(house.task(12).is_finalizer);
  run(house, finalizers.started[0], OutcomeKind::Panicked);
  BOOST_TEST((house.region(1).finalizing == TaskName{11}));
  run(house, finalizers.started.at(1), OutcomeKind::Ok);
  BOOST_TEST((house.region(1).finalizing == TaskName{10}));
  BOOST_TEST(house.phase_of_region(1) == "Finalizing");
  run(house, finalizers.started.at(2), OutcomeKind::Ok);
  BOOST_TEST(house.phase_of_region(1) == "Closed");
  BOOST_TEST(to_text(house.region(1).outcome) == "Panicked");
}

BOOST_AUTO_TEST_CASE(finalizer_whose_quota_is_used_up_is_told_and_not_cancelled) {
  Finalizers finalizers;
  House house({}, &finalizers);
  const RegionId region = house.open();
  house.state.defer_finalizer(TaskName{10}, region);
  house.state.close_region(region, CloseMode::Await);
  const TaskId finalizer = finalizers.started.at(0);
  house.state.start(finalizer);
  for (int i = 0; i < 100; ++i) {
    BOOST_REQUIRE_EQUAL(says(house.state.poll(finalizer)), "Done{PollGranted}");
  }
  BOOST_TEST(says(house.state.poll(finalizer)) == "Done{PollExhausted}");
  BOOST_TEST(house.reason_of_task(10) == "none");
  BOOST_TEST(house.phase_of_task(10) == "Running");
}

BOOST_AUTO_TEST_CASE(cascade_closes_every_ancestor_that_waits_and_stops_at_an_open_one) {
  House house;
  constexpr std::uint32_t depth = 2000;  // recursion would not survive much more
  RegionId below = house.open();
  const RegionId top = house.open(below);
  below = top;
  for (std::uint32_t i = 0; i < depth; ++i) below = house.open(below);
  const TaskId task = house.started(below);
  house.state.cancel_region(top, CancelKind::User);
  BOOST_TEST(house.phase_of_region(2) == "Draining");
  house.state.return_from(task, OutcomeKind::Ok);
  BOOST_TEST(house.phase_of_region(depth + 2) == "Closed");
  BOOST_TEST(house.phase_of_region(2) == "Closed");
  BOOST_TEST(house.phase_of_region(1) == "Open");
  BOOST_TEST(house.region(1).children.empty());
}

BOOST_AUTO_TEST_CASE(cascade_stops_at_an_ancestor_with_a_finalizer) {
  Finalizers finalizers;
  House house({}, &finalizers);
  const RegionId top = house.open();
  const RegionId child = house.open(top);
  house.state.defer_finalizer(TaskName{10}, top);
  const TaskId task = house.started(child);
  house.state.close_region(top, CloseMode::Cancel);
  house.state.return_from(task, OutcomeKind::Ok);
  BOOST_TEST(house.phase_of_region(2) == "Closed");
  BOOST_TEST(house.phase_of_region(1) == "Finalizing");
  BOOST_REQUIRE_EQUAL(finalizers.started.size(), 1U);
}

BOOST_AUTO_TEST_SUITE_END()
