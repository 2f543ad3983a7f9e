// Obligation operations: each guard refused and passed, and the counters.
#include "tests/impl/house.hpp"

using namespace quiesce;
using namespace quiesce::impl;
using namespace quiesce::impl::tests;

namespace {

std::string try_reserve(House& house, TaskId holder, RegionId region) {
  return says(house.state.reserve(ObligationName{99}, holder, region, ObligationKind::Ack));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(obligation_operations)

BOOST_AUTO_TEST_CASE(reserve_is_refused_for_unknown_regions_and_tasks) {
  House house;
  const TaskId task = house.spawn();
  BOOST_TEST(try_reserve(house, unknown_task, unknown_region) == "Refused{RegionExists}");
  BOOST_TEST(try_reserve(house, unknown_task, root) == "Refused{TaskExists}");
  BOOST_TEST(try_reserve(house, task, root) == "Done");
}

BOOST_AUTO_TEST_CASE(reserve_is_refused_in_a_region_that_does_not_own_the_holder) {
  House house;
  const RegionId region = house.open();
  const TaskId task = house.spawn();
  BOOST_TEST(try_reserve(house, task, region) == "Refused{TaskOwnedByRegion}");
  house.state.cancel_task(task, CancelKind::User);
  house.state.return_from(task, OutcomeKind::Ok);
  BOOST_TEST(try_reserve(house, task, region) == "Refused{TaskOwnedByRegion}");
  BOOST_TEST(try_reserve(house, task, root) == "Refused{TaskLive}");
}

BOOST_AUTO_TEST_CASE(reserve_is_refused_once_the_region_closes) {
  House house;
  const RegionId region = house.open();
  const TaskId task = house.started(region);
  BOOST_TEST(try_reserve(house, task, region) == "Done");
  house.state.close_region(region, CloseMode::Await);
  BOOST_TEST(try_reserve(house, task, region) == "Refused{RegionOpen}");
  house.state.return_from(task, OutcomeKind::Ok);
  BOOST_TEST(house.phase_of_region(1) == "Closed");
  BOOST_TEST(try_reserve(house, task, region) == "Refused{TaskLive}");
}

BOOST_AUTO_TEST_CASE(reserve_is_refused_at_the_limit_of_obligations) {
  House house;
  const RegionId region = house.open(root, no_budget, {.obligations = 1});
  const TaskId task = house.spawn(region);
  const ObligationId first = house.reserve(task, region);
  BOOST_TEST(try_reserve(house, task, region) == "Refused{WithinLimit}");
  house.state.commit(first, task);
  BOOST_TEST(try_reserve(house, task, region) == "Done");
}

BOOST_AUTO_TEST_CASE(reserve_counts_in_the_region_and_in_total) {
  House house;
  const RegionId region = house.open();
  const TaskId inner = house.spawn(region);
  const TaskId outer = house.spawn();
  const ObligationId first = house.reserve(inner, region);
  house.reserve(inner, region);
  house.reserve(outer);
  BOOST_TEST(house.look().pending_total == 3U);
  BOOST_TEST(house.region(1).pending_obligations == 2U);
  BOOST_TEST(house.region(0).pending_obligations == 1U);
  house.state.commit(first, inner);
  BOOST_TEST(house.look().pending_total == 2U);
  BOOST_TEST(house.region(1).pending_obligations == 1U);
}

BOOST_AUTO_TEST_CASE(reserve_stamps_the_time_and_resolution_keeps_the_stamp) {
  House house;
  const TaskId task = house.spawn();
  house.state.advance_time(5);
  const ObligationId obligation = house.reserve(task);
  house.state.advance_time(6);
  BOOST_TEST(house.obligation(0).reserved_at_ticks == 5U);
  house.state.commit(obligation, task);
  BOOST_TEST(house.obligation(0).reserved_at_ticks == 5U);
}

BOOST_AUTO_TEST_CASE(commit_is_refused_guard_by_guard) {
  House house;
  const RegionId region = house.open();
  const TaskId holder = house.started(region);
  const TaskId other = house.started(region);
  const ObligationId obligation = house.reserve(holder, region);
  BOOST_TEST(says(house.state.commit(unknown_obligation, holder)) == "Refused{ObligationExists}");
  BOOST_TEST(says(house.state.commit(obligation, other)) == "Refused{ActorIsHolder}");
  BOOST_TEST(says(house.state.commit(obligation, TaskId::none())) == "Refused{ActorIsHolder}");
  BOOST_TEST(says(house.state.commit(obligation, holder)) == "Done");
  BOOST_TEST((house.obligation(0).phase == ObligationPhase::Committed));
  BOOST_TEST(says(house.state.commit(obligation, other)) == "Refused{ActorIsHolder}");
  BOOST_TEST(says(house.state.commit(obligation, holder)) == "Refused{ObligationReserved}");
}

BOOST_AUTO_TEST_CASE(abort_is_refused_after_commit_and_says_its_reason_otherwise) {
  House house;
  const TaskId holder = house.spawn();
  const ObligationId committed = house.reserve(holder);
  const ObligationId aborted = house.reserve(holder);
  house.state.commit(committed, holder);
  BOOST_TEST(says(house.state.abort(committed, holder, AbortReason::Error)) ==
             "Refused{ObligationReserved}");
  BOOST_TEST(says(house.state.abort(aborted, holder, AbortReason::Explicit)) == "Done");
  BOOST_TEST((house.obligation(1).phase == ObligationPhase::Aborted));
  BOOST_TEST((house.obligation(1).abort_reason == AbortReason::Explicit));
  BOOST_TEST((house.obligation(0).abort_reason == AbortReason::Cancel));
  BOOST_TEST(says(house.state.commit(aborted, holder)) == "Refused{ObligationReserved}");
}

BOOST_AUTO_TEST_CASE(commit_and_abort_meet_the_fence_once_the_region_closed) {
  House house;
  const RegionId region = house.open();
  const TaskId holder = house.started(region);
  const ObligationId obligation = house.reserve(holder, region);
  house.state.commit(obligation, holder);
  BOOST_TEST(says(house.state.commit(obligation, holder)) == "Refused{ObligationReserved}");
  house.state.close_region(region, CloseMode::Await);
  BOOST_TEST(says(house.state.commit(obligation, holder)) == "Refused{ObligationReserved}");
  house.state.return_from(holder, OutcomeKind::Ok);
  BOOST_TEST(says(house.state.commit(obligation, holder)) == "Refused{RegionNotClosed}");
  BOOST_TEST(says(house.state.abort(obligation, holder, AbortReason::Error)) ==
             "Refused{RegionNotClosed}");
}

BOOST_AUTO_TEST_CASE(commit_is_accepted_while_the_region_closes) {
  House house;
  const RegionId region = house.open();
  const TaskId holder = house.started(region);
  const ObligationId obligation = house.reserve(holder, region);
  house.state.close_region(region, CloseMode::Await);
  BOOST_TEST(says(house.state.commit(obligation, holder)) == "Done");
}

BOOST_AUTO_TEST_SUITE_END()
