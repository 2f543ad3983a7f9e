// The obligation machine: reserve, commit, abort; each guard on both sides, in order.
#include <boost/test/unit_test.hpp>

#include "tests/spec/spec_scripts.hpp"

using namespace quiesce;
using namespace quiesce::spec_tests;

namespace {

const std::string two_regions =
    "open_region(r1, r0, obligations 1); spawn(t1, r1); start(t1); spawn(t2, r0); start(t2)";
const std::string held = two_regions + "; reserve(o1, t1, r1, Lease)";
/// o1 was resolved and its region has closed since.
const std::string fenced = held + "; commit(o1, t1); return(t1, Ok); close_region(r1, Await)";

}  // namespace

// rule.obligation.reserve
BOOST_AUTO_TEST_SUITE(reserve)

BOOST_AUTO_TEST_CASE(reserve_needs_a_region_that_exists) {
  BOOST_TEST(answer(two_regions, "reserve(o1, t1, r1, Lease)") == "Done");
  BOOST_TEST(answer(two_regions, "reserve(o1, t1, r9, Lease)") == "Refused{RegionExists}");
  BOOST_TEST(answer(two_regions, "reserve(o1, t1, r?, Lease)") == "Refused{RegionExists}");
}

BOOST_AUTO_TEST_CASE(reserve_needs_a_task_that_exists) {
  BOOST_TEST(answer(two_regions, "reserve(o1, t9, r1, Lease)") == "Refused{TaskExists}");
  BOOST_TEST(answer(two_regions, "reserve(o1, t?, r1, Lease)") == "Refused{TaskExists}");
}

BOOST_AUTO_TEST_CASE(reserve_is_refused_to_a_task_of_another_region) {
  BOOST_TEST(answer(two_regions, "reserve(o1, t2, r1, Lease)") == "Refused{TaskOwnedByRegion}");
  BOOST_TEST(answer(two_regions, "reserve(o1, t1, r0, Lease)") == "Refused{TaskOwnedByRegion}");
}

BOOST_AUTO_TEST_CASE(reserve_is_refused_after_the_holder_completed) {
  BOOST_TEST(answer(two_regions + "; return(t1, Ok)", "reserve(o1, t1, r1, Lease)") ==
             "Refused{TaskLive}");
}

BOOST_AUTO_TEST_CASE(reserve_is_granted_in_every_live_phase_of_the_holder) {
  BOOST_TEST(answer("spawn(t1, r0)", "reserve(o1, t1, r0, Ack)") == "Done");
  BOOST_TEST(answer("spawn(t1, r0); cancel_task(t1, User)", "reserve(o1, t1, r0, Ack)") == "Done");
  const std::string cancelling = "spawn(t1, r0); cancel_task(t1, User); checkpoint(t1)";
  BOOST_TEST(answer(cancelling, "reserve(o1, t1, r0, Ack)") == "Done");
  BOOST_TEST(answer(cancelling + "; cleanup_done(t1)", "reserve(o1, t1, r0, Ack)") == "Done");
}

BOOST_AUTO_TEST_CASE(reserve_is_refused_once_the_region_closes) {
  BOOST_TEST(answer(two_regions + "; close_region(r1, Await)", "reserve(o1, t1, r1, Lease)") ==
             "Refused{RegionOpen}");
  BOOST_TEST(answer(two_regions + "; close_region(r0, Await)", "reserve(o1, t2, r0, Lease)") ==
             "Refused{RegionOpen}");
  BOOST_TEST(answer("defer_finalizer(t1, r0); close_region(r0, Await); start(t1)",
                    "reserve(o1, t1, r0, Lease)") == "Refused{RegionOpen}");
}

BOOST_AUTO_TEST_CASE(reserve_is_refused_at_the_limit_of_Reserved_obligations) {
  BOOST_TEST(answer(held, "reserve(o2, t1, r1, Lease)") == "Refused{WithinLimit}");
  BOOST_TEST(answer(held + "; commit(o1, t1)", "reserve(o2, t1, r1, Lease)") == "Done");
  BOOST_TEST(answer(held + "; abort(o1, t1, Error)", "reserve(o2, t1, r1, Lease)") == "Done");
}

BOOST_AUTO_TEST_CASE(reserve_answers_the_first_guard_that_fails) {
  BOOST_TEST(answer("", "reserve(o1, t?, r?, Lease)") == "Refused{RegionExists}");
  BOOST_TEST(answer("close_region(r0, Await)", "reserve(o1, t1, r0, Lease)") ==
             "Refused{TaskExists}");
  BOOST_TEST(answer(two_regions + "; return(t2, Ok)", "reserve(o1, t2, r1, Lease)") ==
             "Refused{TaskOwnedByRegion}");
  BOOST_TEST(answer(two_regions + "; close_region(r1, Await)", "reserve(o1, t2, r1, Lease)") ==
             "Refused{TaskOwnedByRegion}");
  BOOST_TEST(answer(two_regions + "; return(t1, Ok); close_region(r1, Await)",
                    "reserve(o1, t1, r1, Lease)") == "Refused{TaskLive}");
  BOOST_TEST(answer(held + "; close_region(r1, Await)", "reserve(o2, t1, r1, Lease)") ==
             "Refused{RegionOpen}");
}

BOOST_AUTO_TEST_CASE(reserve_adds_a_Reserved_row_that_the_region_counts) {
  const auto state = after(held);
  BOOST_TEST(obligation_words(state, 1) == "Reserved");
  BOOST_TEST((obligation(state, 1).kind == ObligationKind::Lease));
  BOOST_TEST((obligation(state, 1).holder == TaskName{1}));
  BOOST_TEST((obligation(state, 1).region == RegionName{1}));
  BOOST_TEST(region(state, 1).pending_obligations == 1U);
}

BOOST_AUTO_TEST_CASE(reserve_stamps_the_time_and_resolution_keeps_the_stamp) {
  const auto early = after(held + "; commit(o1, t1); advance_time(7); reserve(o2, t1, r1, Ack)");
  BOOST_TEST(obligation(early, 1).reserved_at_ticks == 0U);
  BOOST_TEST(obligation(early, 2).reserved_at_ticks == 7U);
  for (const std::string end : {"commit(o2, t1)", "abort(o2, t1, Error)", "return(t1, Ok)"}) {
    const auto resolved = after(early, "advance_time(9); " + end);
    BOOST_TEST(obligation(resolved, 2).reserved_at_ticks == 7U);
  }
}

BOOST_AUTO_TEST_SUITE_END()

// rule.obligation.commit, rule.obligation.abort
BOOST_AUTO_TEST_SUITE(resolve)

BOOST_AUTO_TEST_CASE(commit_and_abort_need_an_obligation_that_exists) {
  BOOST_TEST(answer(held, "commit(o1, t1)") == "Done");
  BOOST_TEST(answer(held, "abort(o1, t1, Error)") == "Done");
  for (const std::string name : {"o9", "o?"}) {
    BOOST_TEST(answer(held, "commit(" + name + ", t1)") == "Refused{ObligationExists}");
    BOOST_TEST(answer(held, "abort(" + name + ", t1, Error)") == "Refused{ObligationExists}");
  }
}

BOOST_AUTO_TEST_CASE(commit_and_abort_are_refused_to_everyone_but_the_holder) {
  for (const std::string actor : {"t2", "t9", "t?"}) {
    BOOST_TEST(answer(held, "commit(o1, " + actor + ")") == "Refused{ActorIsHolder}");
    BOOST_TEST(answer(held, "abort(o1, " + actor + ", Explicit)") == "Refused{ActorIsHolder}");
  }
}

BOOST_AUTO_TEST_CASE(commit_and_abort_are_refused_by_the_fence_once_the_region_is_Closed) {
  BOOST_TEST(answer(fenced, "commit(o1, t1)") == "Refused{RegionNotClosed}");
  BOOST_TEST(answer(fenced, "abort(o1, t1, Error)") == "Refused{RegionNotClosed}");
}

BOOST_AUTO_TEST_CASE(commit_and_abort_go_on_while_the_region_closes) {
  for (const std::string mode : {"Await", "Cancel"}) {
    const std::string closing = held + "; close_region(r1, " + mode + ")";
    BOOST_TEST(answer(closing, "commit(o1, t1)") == "Done");
    BOOST_TEST(answer(closing, "abort(o1, t1, Explicit)") == "Done");
  }
}

BOOST_AUTO_TEST_CASE(commit_and_abort_are_refused_once_resolved) {
  for (const std::string first :
       {"commit(o1, t1)", "abort(o1, t1, Error)", "return(t1, Ok)", "return(t1, Cancelled User)"}) {
    BOOST_TEST(answer(held + "; " + first, "commit(o1, t1)") == "Refused{ObligationReserved}");
    BOOST_TEST(answer(held + "; " + first, "abort(o1, t1, Error)") ==
               "Refused{ObligationReserved}");
  }
}

BOOST_AUTO_TEST_CASE(commit_and_abort_answer_the_first_guard_that_fails) {
  BOOST_TEST(answer(fenced, "commit(o1, t2)") == "Refused{ActorIsHolder}");
  BOOST_TEST(answer(fenced, "abort(o1, t2, Error)") == "Refused{ActorIsHolder}");
  BOOST_TEST(answer(held + "; commit(o1, t1)", "commit(o1, t2)") == "Refused{ActorIsHolder}");
  // The fence comes before ObligationReserved: o1 is Committed and its region Closed.
  BOOST_TEST(answer(fenced, "commit(o1, t1)") == "Refused{RegionNotClosed}");
}

BOOST_AUTO_TEST_CASE(commit_and_abort_resolve_the_row_and_lower_the_count) {
  BOOST_TEST(obligation_words(after(held + "; commit(o1, t1)"), 1) == "Committed");
  BOOST_TEST(obligation_words(after(held + "; abort(o1, t1, Error)"), 1) == "Aborted(Error)");
  BOOST_TEST(obligation_words(after(held + "; abort(o1, t1, Explicit)"), 1) == "Aborted(Explicit)");
  BOOST_TEST(region(after(held + "; commit(o1, t1)"), 1).pending_obligations == 0U);
  BOOST_TEST(region(after(held + "; abort(o1, t1, Error)"), 1).pending_obligations == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
