// Region operations: each guard refused and passed, and what an accepted action changes.
#include "tests/impl/house.hpp"

using namespace quiesce;
using namespace quiesce::impl;
using namespace quiesce::impl::tests;

BOOST_AUTO_TEST_SUITE(region_operations)

BOOST_AUTO_TEST_CASE(open_region_is_refused_under_an_unknown_parent) {
  House house;
  BOOST_TEST(says(house.state.open_region(RegionName{1}, unknown_region)) ==
             "Refused{RegionExists}");
  BOOST_TEST(says(house.state.open_region(RegionName{1}, RegionId::none())) ==
             "Refused{RegionExists}");
  BOOST_TEST(says(house.state.open_region(RegionName{1}, root)) == "Done");
  BOOST_TEST(listed(house.region(0).children) == "r1");
  BOOST_TEST((house.region(1).parent == root_region));
}

BOOST_AUTO_TEST_CASE(open_region_is_refused_once_the_parent_closes) {
  House house;
  const RegionId parent = house.open();
  const TaskId task = house.spawn(parent);
  house.state.close_region(parent, CloseMode::Await);
  BOOST_TEST(says(house.state.open_region(RegionName{9}, parent)) == "Refused{RegionOpen}");
  house.state.cancel_task(task, CancelKind::User);
  house.state.return_from(task, OutcomeKind::Ok);
  BOOST_TEST(house.phase_of_region(1) == "Closed");
  BOOST_TEST(says(house.state.open_region(RegionName{9}, parent)) == "Refused{RegionOpen}");
}

BOOST_AUTO_TEST_CASE(open_region_is_refused_at_the_limit_of_child_regions) {
  House house;
  const RegionId parent = house.open(root, no_budget, {.child_regions = 1});
  const RegionId child = house.open(parent);
  BOOST_TEST(says(house.state.open_region(RegionName{9}, parent)) == "Refused{WithinLimit}");
  house.state.close_region(child, CloseMode::Await);
  BOOST_TEST(says(house.state.open_region(RegionName{9}, parent)) == "Done");
}

BOOST_AUTO_TEST_CASE(open_region_meets_its_budget_with_the_parents) {
  House house;
  const RegionId parent = house.open(root, {.deadline_ticks = 5, .priority = 3});
  house.open(parent, {.deadline_ticks = 9, .poll_quota = 2});
  const Budget expected{.deadline_ticks = 5, .poll_quota = 2, .priority = 3};
  BOOST_TEST((house.region(2).budget == expected));
}

BOOST_AUTO_TEST_CASE(close_region_is_refused_for_an_unknown_region) {
  House house;
  BOOST_TEST(says(house.state.close_region(unknown_region, CloseMode::Await)) ==
             "Refused{RegionExists}");
}

BOOST_AUTO_TEST_CASE(close_region_closes_an_empty_region_at_once_and_only_once) {
  House house;
  const RegionId region = house.open();
  BOOST_TEST(says(house.state.close_region(region, CloseMode::Await)) == "Done");
  BOOST_TEST(house.phase_of_region(1) == "Closed");
  BOOST_TEST(house.region(0).children.empty());
  BOOST_TEST(says(house.state.close_region(region, CloseMode::Await)) == "Refused{RegionOpen}");
}

BOOST_AUTO_TEST_CASE(close_region_is_refused_while_the_region_is_closing) {
  House house;
  const RegionId region = house.open();
  house.spawn(region);
  house.state.close_region(region, CloseMode::Await);
  BOOST_TEST(house.phase_of_region(1) == "Closing");
  BOOST_TEST(says(house.state.close_region(region, CloseMode::Cancel)) == "Refused{RegionOpen}");
}

BOOST_AUTO_TEST_CASE(close_region_drains_if_a_child_region_is_live_and_keeps_that_phase) {
  House house;
  const RegionId parent = house.open();
  const RegionId child = house.open(parent);
  const TaskId task = house.started(parent);
  house.state.close_region(parent, CloseMode::Await);
  BOOST_TEST(house.phase_of_region(1) == "Draining");
  BOOST_TEST(house.phase_of_region(2) == "Open");
  house.state.close_region(child, CloseMode::Await);
  BOOST_TEST(house.phase_of_region(1) == "Draining");
  house.state.return_from(task, OutcomeKind::Ok);
  BOOST_TEST(house.phase_of_region(1) == "Closed");
}

BOOST_AUTO_TEST_CASE(close_region_await_lets_tasks_run_on) {
  House house;
  const RegionId region = house.open();
  house.started(region);
  house.state.close_region(region, CloseMode::Await);
  BOOST_TEST(house.phase_of_task(0) == "Running");
}

BOOST_AUTO_TEST_CASE(close_region_cancel_reaches_tasks_and_child_regions_but_not_its_own_reason) {
  House house;
  const RegionId parent = house.open();
  const RegionId child = house.open(parent);
  house.spawn(parent);
  house.started(child);
  house.state.close_region(parent, CloseMode::Cancel);
  BOOST_TEST(house.reason_of_region(1) == "none");
  BOOST_TEST(house.reason_of_region(2) == "ParentCancelled@0 from r1");
  BOOST_TEST(house.reason_of_task(0) == "ParentCancelled@0 from r1");
  BOOST_TEST(house.reason_of_task(1) == "ParentCancelled@0 from r1");
  BOOST_TEST(house.phase_of_task(0) == "CancelRequested");
}

BOOST_AUTO_TEST_CASE(cancel_region_is_refused_for_unknown_and_closed_regions) {
  House house;
  const RegionId region = house.open();
  BOOST_TEST(says(house.state.cancel_region(unknown_region, CancelKind::User)) ==
             "Refused{RegionExists}");
  BOOST_TEST(says(house.state.cancel_region(region, CancelKind::User)) == "Done{changed}");
  BOOST_TEST(house.phase_of_region(1) == "Closed");
  BOOST_TEST(says(house.state.cancel_region(region, CancelKind::Shutdown)) ==
             "Refused{RegionNotClosed}");
}

BOOST_AUTO_TEST_CASE(cancel_region_reaches_every_descendant_with_parent_cancelled) {
  House house;
  const RegionId top = house.open();
  const RegionId left = house.open(top);
  const RegionId right = house.open(top);
  const RegionId leaf = house.open(left);
  house.spawn(top);
  house.spawn(leaf);
  house.spawn(right);
  house.state.advance_time(4);
  house.state.cancel_region(top, CancelKind::User);
  BOOST_TEST(house.reason_of_region(0) == "none");
  BOOST_TEST(house.reason_of_region(1) == "User@4 from r1");
  BOOST_TEST(house.reason_of_region(2) == "ParentCancelled@4 from r1");
  BOOST_TEST(house.reason_of_region(3) == "ParentCancelled@4 from r1");
  BOOST_TEST(house.reason_of_region(4) == "ParentCancelled@4 from r2");
  BOOST_TEST(house.reason_of_task(0) == "User@4 from r1");
  BOOST_TEST(house.reason_of_task(1) == "ParentCancelled@4 from r2");
  BOOST_TEST(house.reason_of_task(2) == "ParentCancelled@4 from r1");
  BOOST_TEST(house.phase_of_region(1) == "Draining");
  BOOST_TEST(house.phase_of_region(4) == "Closing");
}

BOOST_AUTO_TEST_CASE(cancel_region_answers_whether_its_reason_changed) {
  House house;
  const RegionId region = house.open();
  house.spawn(region);
  BOOST_TEST(says(house.state.cancel_region(region, CancelKind::Timeout)) == "Done{changed}");
  BOOST_TEST(says(house.state.cancel_region(region, CancelKind::User)) == "Done{unchanged}");
  BOOST_TEST(says(house.state.cancel_region(region, CancelKind::Timeout)) == "Done{unchanged}");
  BOOST_TEST(says(house.state.cancel_region(region, CancelKind::Shutdown)) == "Done{changed}");
  BOOST_TEST(house.reason_of_task(0) == "Shutdown@0 from r1");
}

BOOST_AUTO_TEST_CASE(cancel_region_reaches_children_of_a_region_that_was_closed_with_cancel) {
  House house;
  const RegionId top = house.open();
  const RegionId child = house.open(top);
  const RegionId leaf = house.open(child);
  house.spawn(leaf);
  house.state.close_region(top, CloseMode::Cancel);
  house.state.advance_time(3);
  BOOST_TEST(says(house.state.cancel_region(top, CancelKind::User)) == "Done{changed}");
  BOOST_TEST(house.reason_of_region(1) == "User@3 from r1");
  BOOST_TEST(house.reason_of_region(2) == "ParentCancelled@0 from r1");
  BOOST_TEST(house.reason_of_task(0) == "ParentCancelled@0 from r2");
}

BOOST_AUTO_TEST_CASE(cancel_region_escalates_what_an_await_let_run) {
  House house;
  const RegionId top = house.open();
  const RegionId child = house.open(top);
  house.started(child);
  house.state.close_region(top, CloseMode::Await);
  house.state.cancel_region(top, CancelKind::Shutdown);
  BOOST_TEST(house.phase_of_region(2) == "Closing");
  BOOST_TEST(house.phase_of_task(0) == "CancelRequested");
}

BOOST_AUTO_TEST_CASE(cancel_region_in_finalizing_only_strengthens_and_spares_the_finalizer) {
  House house;
  const RegionId region = house.open();
  house.state.defer_finalizer(TaskName{5}, region);
  house.state.close_region(region, CloseMode::Await);
  BOOST_TEST(house.phase_of_region(1) == "Finalizing");
  BOOST_TEST(says(house.state.cancel_region(region, CancelKind::User)) == "Done{changed}");
  BOOST_TEST(house.phase_of_region(1) == "Finalizing");
  BOOST_TEST(house.reason_of_task(5) == "none");
}

BOOST_AUTO_TEST_CASE(defer_finalizer_is_refused_unless_the_region_is_open) {
  House house;
  const RegionId region = house.open();
  BOOST_TEST(says(house.state.defer_finalizer(TaskName{5}, unknown_region)) ==
             "Refused{RegionExists}");
  BOOST_TEST(says(house.state.defer_finalizer(TaskName{5}, region)) == "Done");
  BOOST_TEST(listed(house.region(1).finalizers) == "t5");
  house.state.close_region(region, CloseMode::Await);
  BOOST_TEST(says(house.state.defer_finalizer(TaskName{6}, region)) == "Refused{RegionOpen}");
  const RegionId closed = house.open();
  house.state.close_region(closed, CloseMode::Await);
  BOOST_TEST(says(house.state.defer_finalizer(TaskName{7}, closed)) == "Refused{RegionOpen}");
}

BOOST_AUTO_TEST_CASE(advance_time_is_refused_backwards_only) {
  House house;
  BOOST_TEST(says(house.state.advance_time(5)) == "Done");
  BOOST_TEST(says(house.state.advance_time(5)) == "Done");
  BOOST_TEST(says(house.state.advance_time(4)) == "Refused{TimeNotBackwards}");
  BOOST_TEST(house.state.now() == 5U);
  BOOST_TEST(house.look().now == 5U);
}

BOOST_AUTO_TEST_CASE(advance_time_cancels_expired_regions_and_all_below_them) {
  House house;
  const RegionId early = house.open(root, {.deadline_ticks = 3});
  const RegionId late = house.open(root, {.deadline_ticks = 9});
  const RegionId below = house.open(early, {.deadline_ticks = 8});
  house.spawn(early);
  house.spawn(late);
  house.spawn(below);
  house.state.advance_time(2);
  BOOST_TEST(house.reason_of_region(1) == "none");
  house.state.advance_time(3);
  BOOST_TEST(house.reason_of_region(1) == "Deadline@3 from r1");
  BOOST_TEST(house.reason_of_region(2) == "none");
  // r3 met its parent's deadline, so it expired too; ParentCancelled is the stronger reason.
  BOOST_TEST(house.reason_of_region(3) == "ParentCancelled@3 from r1");
  BOOST_TEST(house.reason_of_task(0) == "Deadline@3 from r1");
  BOOST_TEST(house.reason_of_task(1) == "none");
  BOOST_TEST(house.reason_of_task(2) == "ParentCancelled@3 from r1");
}

BOOST_AUTO_TEST_CASE(advance_time_to_the_last_tick_expires_deadlines_and_not_their_absence) {
  House house;
  house.open(root, {.deadline_ticks = never - 1});
  house.open();
  house.state.advance_time(never);
  BOOST_TEST(house.phase_of_region(1) == "Closed");
  BOOST_TEST(house.phase_of_region(2) == "Open");
  BOOST_TEST(house.reason_of_region(0) == "none");
}

BOOST_AUTO_TEST_CASE(advance_time_settles_what_it_cancelled) {
  House house;
  const RegionId expired = house.open(root, {.deadline_ticks = 3});
  house.open(expired);
  house.state.advance_time(7);
  BOOST_TEST(house.phase_of_region(1) == "Closed");
  BOOST_TEST(house.phase_of_region(2) == "Closed");
  BOOST_TEST(to_text(house.region(1).outcome) == "Cancelled(Deadline@7 from r1)");
}

BOOST_AUTO_TEST_CASE(root_closes_like_any_region_and_nothing_opens_afterwards) {
  House house;
  BOOST_TEST(says(house.state.close_region(root, CloseMode::Await)) == "Done");
  BOOST_TEST(house.phase_of_region(0) == "Closed");
  BOOST_TEST(says(house.state.open_region(RegionName{1}, root)) == "Refused{RegionOpen}");
  BOOST_TEST(says(house.state.advance_time(1)) == "Done");
}

BOOST_AUTO_TEST_SUITE_END()
