// Snapshots and tombstones: what is told of the living and remembered of the ended.
#include "tests/impl/house.hpp"

using namespace quiesce;
using namespace quiesce::impl;
using namespace quiesce::impl::tests;

BOOST_AUTO_TEST_SUITE(snapshots)

BOOST_AUTO_TEST_CASE(snapshot_of_a_new_state_is_an_open_root) {
  House house;
  house.look();
  BOOST_REQUIRE_EQUAL(house.seen.regions.size(), 1U);
  BOOST_TEST((house.seen.regions[0] == RegionRow{.name = root_region,
                                                 .parent = {},
                                                 .reason = {},
                                                 .outcome = {},
                                                 .budget = {},
                                                 .limits = {},
                                                 .children = {},
                                                 .tasks = {},
                                                 .finalizers = {},
                                                 .finalizing = {}}));
  BOOST_TEST(house.seen.tasks.empty());
  BOOST_TEST(house.seen.obligations.empty());
  BOOST_TEST(house.seen.now == 0U);
}

BOOST_AUTO_TEST_CASE(snapshot_tells_every_field_of_the_living) {
  House house;
  const RegionId region =
      house.open(root, {.deadline_ticks = 50}, {.body_tasks = 3}, Policy::FailFast);
  const TaskId task = house.started(region);
  const TaskId waiter = house.spawn(region);
  house.state.join(waiter, task);
  house.state.enter_mask(task, 2);
  house.state.defer_finalizer(TaskName{9}, region);
  house.state.advance_time(7);
  house.reserve(task, region);
  const RegionRow& row = house.region(1);
  BOOST_TEST((row.policy == Policy::FailFast));
  BOOST_TEST((row.limits == Limits{.body_tasks = 3}));
  BOOST_TEST((row.budget == Budget{.deadline_ticks = 50}));
  BOOST_TEST(listed(row.tasks) == "t0 t1");
  BOOST_TEST(listed(row.finalizers) == "t9");
  BOOST_TEST(!row.finalizing.has_value());
  BOOST_TEST(row.pending_obligations == 1U);
  const TaskRow& seen = house.task(0);
  BOOST_TEST((seen.owner == RegionName{1}));
  BOOST_TEST(int{seen.mask_units} == 2);
  BOOST_TEST(listed(seen.waiters) == "t1");
  const ObligationRow& obligation = house.obligation(0);
  BOOST_TEST((obligation.holder == TaskName{0}));
  BOOST_TEST((obligation.region == RegionName{1}));
  BOOST_TEST((obligation.kind == ObligationKind::Lease));
  BOOST_TEST(obligation.reserved_at_ticks == 7U);
}

BOOST_AUTO_TEST_CASE(snapshot_tells_only_the_summary_of_the_ended) {
  House house;
  const RegionId region =
      house.open(root, {.deadline_ticks = 50}, {.body_tasks = 3}, Policy::FailFast);
  const TaskId task = house.started(region, {.poll_quota = 5});
  const TaskId other = house.started(region);
  house.state.join(task, other);
  house.state.return_from(other, OutcomeKind::Ok);
  house.state.enter_mask(task, 2);
  house.state.cancel_region(region, CancelKind::Timeout);
  house.state.return_from(task, OutcomeKind::Ok);
  const CancelReason reason{CancelKind::Timeout, 0, RegionName{1}};
  TaskRow task_row = house.task(0);
  BOOST_TEST((task_row.reason == reason));
  BOOST_TEST((task_row.outcome == Outcome::cancelled(reason)));
  BOOST_TEST((task_row.budget == no_budget));
  BOOST_TEST(task_row.joins_ready == 0U);
  BOOST_TEST(int{task_row.mask_units} == 0);
  const RegionRow& region_row = house.region(1);
  BOOST_TEST((region_row.policy == Policy::CollectAll));
  BOOST_TEST((region_row.budget == no_budget));
  BOOST_TEST((region_row.limits == no_limits));
  BOOST_TEST((region_row.parent == root_region));
}

BOOST_AUTO_TEST_CASE(peek_tells_the_same_as_snapshot) {
  House house;
  const TaskId task = house.started(house.open());
  house.state.cancel_task(task, CancelKind::User);
  Snapshot peeked;
  house.state.peek(peeked);
  BOOST_TEST((peeked.regions == house.look().regions));
  BOOST_TEST((peeked.tasks == house.seen.tasks));
}

BOOST_AUTO_TEST_CASE(tombstones_answer_late_calls_until_they_are_forgotten) {
  House house({.remembered_regions = 1, .remembered_tasks = 1, .remembered_obligations = 1});
  const TaskId holder = house.spawn();
  const TaskId first = house.completed();
  BOOST_TEST(says(house.state.poll(first)) == "Refused{TaskLive}");
  const TaskId second = house.completed();
  BOOST_TEST(says(house.state.poll(first)) == "Refused{TaskExists}");
  BOOST_TEST(says(house.state.poll(second)) == "Refused{TaskLive}");

  const RegionId region = house.open();
  house.state.close_region(region, CloseMode::Await);
  BOOST_TEST(says(house.state.cancel_region(region, CancelKind::User)) ==
             "Refused{RegionNotClosed}");
  house.state.close_region(house.open(), CloseMode::Await);
  BOOST_TEST(says(house.state.cancel_region(region, CancelKind::User)) == "Refused{RegionExists}");

  const ObligationId obligation = house.reserve(holder);
  house.state.commit(obligation, holder);
  BOOST_TEST(says(house.state.commit(obligation, holder)) == "Refused{ObligationReserved}");
  house.state.commit(house.reserve(holder), holder);
  BOOST_TEST(says(house.state.commit(obligation, holder)) == "Refused{ObligationExists}");
}

BOOST_AUTO_TEST_CASE(tombstone_of_an_obligation_meets_the_fence_after_its_region_is_forgotten) {
  House house({.remembered_regions = 0});
  const RegionId region = house.open();
  const TaskId holder = house.started(region);
  const ObligationId obligation = house.reserve(holder, region);
  house.state.commit(obligation, holder);
  house.state.return_from(holder, OutcomeKind::Ok);
  house.state.close_region(region, CloseMode::Await);
  BOOST_TEST(says(house.state.commit(obligation, holder)) == "Refused{RegionNotClosed}");
}

BOOST_AUTO_TEST_SUITE_END()
