// The region machine: each action accepted, each guard on both sides, each answer's effect.
#include <boost/test/unit_test.hpp>

#include "tests/spec/spec_scripts.hpp"

using namespace quiesce;
using namespace quiesce::spec_tests;

// rule.region.open
BOOST_AUTO_TEST_SUITE(open_region)

BOOST_AUTO_TEST_CASE(open_region_needs_a_parent_that_exists) {
  BOOST_TEST(answer("", "open_region(r1, r0)") == "Done");
  BOOST_TEST(answer("", "open_region(r1, r9)") == "Refused{RegionExists}");
  BOOST_TEST(answer("", "open_region(r1, r?)") == "Refused{RegionExists}");
}

BOOST_AUTO_TEST_CASE(open_region_is_refused_once_the_parent_closes) {
  BOOST_TEST(answer("open_region(r1, r0)", "open_region(r2, r1)") == "Done");
  const std::string with_task = "open_region(r1, r0); spawn(t1, r1); ";
  BOOST_TEST(answer(with_task + "close_region(r1, Await)", "open_region(r2, r1)") ==
             "Refused{RegionOpen}");
  BOOST_TEST(answer("open_region(r1, r0); close_region(r1, Await)", "open_region(r2, r1)") ==
             "Refused{RegionOpen}");
}

BOOST_AUTO_TEST_CASE(open_region_is_refused_when_the_parent_lists_its_limit_of_child_regions) {
  const std::string one = "open_region(r1, r0, regions 1)";
  BOOST_TEST(answer(one, "open_region(r2, r1)") == "Done");
  BOOST_TEST(answer(one + "; open_region(r2, r1)", "open_region(r3, r1)") ==
             "Refused{WithinLimit}");
  BOOST_TEST(answer(one + "; open_region(r2, r1); close_region(r2, Await)",
                    "open_region(r3, r1)") == "Done");
  BOOST_TEST(answer("open_region(r1, r0, regions 0)", "open_region(r2, r1)") ==
             "Refused{WithinLimit}");
}

BOOST_AUTO_TEST_CASE(open_region_answers_RegionOpen_before_WithinLimit) {
  BOOST_TEST(answer("open_region(r1, r0, regions 0); close_region(r1, Await)",
                    "open_region(r2, r1)") == "Refused{RegionOpen}");
  BOOST_TEST(answer("open_region(r1, r0, regions 0); spawn(t1, r1); close_region(r1, Await)",
                    "open_region(r2, r1)") == "Refused{RegionOpen}");
}

BOOST_AUTO_TEST_CASE(open_region_adds_an_open_region_that_its_parent_lists) {
  const auto state = after("open_region(r2, r0); open_region(r1, r0, tasks 3, FailFast)");
  BOOST_TEST(region_words(state, 1) == "Open");
  BOOST_TEST((region(state, 1).parent == root_region));
  BOOST_TEST((region(state, 1).policy == Policy::FailFast));
  BOOST_TEST(region(state, 1).limits.body_tasks == 3U);
  BOOST_TEST((region(state, 0).children == spec::Names<RegionName>{RegionName{1}, RegionName{2}}));
  BOOST_TEST((state.regions[1].name == RegionName{1}));
  BOOST_TEST((region(state, 2).policy == Policy::CollectAll));
}

BOOST_AUTO_TEST_CASE(open_region_meets_the_budget_asked_for_with_the_parents) {
  const auto state = after(
      "open_region(r1, r0, deadline 9, polls 5, priority 3); "
      "open_region(r2, r1, deadline 12, polls 2, cost 4, priority 1)");
  BOOST_TEST(to_text(region(state, 2).budget) == "deadline 9, polls 2, cost 4, priority 3");
}

BOOST_AUTO_TEST_SUITE_END()

// rule.region.close, rule.region.begin_close
BOOST_AUTO_TEST_SUITE(close_region)

BOOST_AUTO_TEST_CASE(close_region_needs_a_region_that_exists) {
  BOOST_TEST(answer("", "close_region(r0, Await)") == "Done");
  BOOST_TEST(answer("", "close_region(r9, Await)") == "Refused{RegionExists}");
  BOOST_TEST(answer("", "close_region(r?, Cancel)") == "Refused{RegionExists}");
}

BOOST_AUTO_TEST_CASE(close_region_is_refused_once_the_close_began) {
  for (const std::string mode : {"Await", "Cancel"}) {
    BOOST_TEST(answer("spawn(t1, r0)", "close_region(r0, " + mode + ")") == "Done");
    BOOST_TEST(answer("spawn(t1, r0); close_region(r0, Await)", "close_region(r0, " + mode + ")") ==
               "Refused{RegionOpen}");
    BOOST_TEST(answer("close_region(r0, Await)", "close_region(r0, " + mode + ")") ==
               "Refused{RegionOpen}");
  }
}

BOOST_AUTO_TEST_CASE(close_region_sets_Closing_without_and_Draining_with_a_live_child_region) {
  BOOST_TEST(region_words(after("spawn(t1, r0); close_region(r0, Await)"), 0) == "Closing");
  const std::string child = "open_region(r1, r0); spawn(t1, r1); ";
  BOOST_TEST(region_words(after(child + "close_region(r0, Await)"), 0) == "Draining");
  BOOST_TEST(region_words(after("open_region(r1, r0); close_region(r1, Await); spawn(t1, r0); "
                                "close_region(r0, Await)"),
                          0) == "Closing");
}

BOOST_AUTO_TEST_CASE(a_draining_region_stays_Draining_when_its_last_child_region_has_closed) {
  const auto state =
      after("open_region(r1, r0); spawn(t1, r0); close_region(r0, Await); close_region(r1, Await)");
  BOOST_TEST(region_words(state, 1) == "Closed Ok");
  BOOST_TEST(region_words(state, 0) == "Draining");
}

BOOST_AUTO_TEST_CASE(close_with_Await_lets_tasks_and_child_regions_run_on) {
  const auto state = after(
      "open_region(r1, r0); spawn(t1, r0); start(t1); spawn(t2, r1); close_region(r0, Await)");
  BOOST_TEST(task_words(state, 1) == "Running");
  BOOST_TEST(task_words(state, 2) == "Created");
  BOOST_TEST(region_words(state, 1) == "Open");
  BOOST_TEST(answer(state, "spawn(t3, r1)") == "Done");
  BOOST_TEST(answer(state, "open_region(r2, r1)") == "Done");
}

BOOST_AUTO_TEST_CASE(close_with_Cancel_gives_ParentCancelled_and_keeps_its_own_reason_absent) {
  const auto state = after(
      "open_region(r1, r0); open_region(r2, r1); open_region(r3, r2); "
      "spawn(t1, r1); start(t1); spawn(t2, r2); spawn(t3, r3); spawn(t4, r0); "
      "advance_time(5); close_region(r1, Cancel)");
  BOOST_TEST(region_words(state, 1) == "Draining");
  BOOST_TEST(task_words(state, 1) == "CancelRequested for ParentCancelled@5 from r1");
  BOOST_TEST(region_words(state, 2) == "Draining for ParentCancelled@5 from r1");
  BOOST_TEST(task_words(state, 2) == "CancelRequested for ParentCancelled@5 from r1");
  BOOST_TEST(region_words(state, 3) == "Closing for ParentCancelled@5 from r2");
  BOOST_TEST(task_words(state, 3) == "CancelRequested for ParentCancelled@5 from r2");
  BOOST_TEST(task_words(state, 4) == "Created");
}

BOOST_AUTO_TEST_CASE(close_with_Cancel_of_an_empty_region_closes_it_Ok) {
  BOOST_TEST(region_words(after("close_region(r0, Cancel)"), 0) == "Closed Ok");
  const auto state = after("open_region(r1, r0); close_region(r0, Cancel)");
  BOOST_TEST(region_words(state, 1) == "Closed Cancelled(ParentCancelled@0 from r0)");
  BOOST_TEST(region_words(state, 0) == "Closed Ok");
}

BOOST_AUTO_TEST_CASE(an_Await_close_is_escalated_by_cancel_region) {
  const auto state =
      after("open_region(r1, r0); spawn(t1, r0); close_region(r0, Await); cancel_region(r0, User)");
  BOOST_TEST(region_words(state, 0) == "Draining for User@0 from r0");
  BOOST_TEST(task_words(state, 1) == "CancelRequested for User@0 from r0");
  BOOST_TEST(region_words(state, 1) == "Closed Cancelled(ParentCancelled@0 from r0)");
}

BOOST_AUTO_TEST_SUITE_END()

// rule.region.cancel, rule.region.cancel_subtree
BOOST_AUTO_TEST_SUITE(cancel_region)

BOOST_AUTO_TEST_CASE(cancel_region_needs_a_region_that_exists) {
  BOOST_TEST(answer("", "cancel_region(r0, User)") == "Done{changed}");
  BOOST_TEST(answer("", "cancel_region(r9, User)") == "Refused{RegionExists}");
  BOOST_TEST(answer("", "cancel_region(r?, User)") == "Refused{RegionExists}");
}

BOOST_AUTO_TEST_CASE(cancel_region_is_refused_only_once_the_region_is_Closed) {
  BOOST_TEST(answer("spawn(t1, r0)", "cancel_region(r0, User)") == "Done{changed}");
  BOOST_TEST(answer("spawn(t1, r0); close_region(r0, Await)", "cancel_region(r0, User)") ==
             "Done{changed}");
  BOOST_TEST(answer("open_region(r1, r0); close_region(r0, Await)", "cancel_region(r0, User)") ==
             "Done{changed}");
  BOOST_TEST(answer("defer_finalizer(t1, r0); close_region(r0, Await)",
                    "cancel_region(r0, User)") == "Done{changed}");
  BOOST_TEST(answer("close_region(r0, Await)", "cancel_region(r0, User)") ==
             "Refused{RegionNotClosed}");
}

BOOST_AUTO_TEST_CASE(cancel_region_answers_whether_its_own_reason_is_new_or_stronger) {
  const std::string live = "spawn(t1, r0); cancel_region(r0, Timeout)";
  BOOST_TEST(answer(live, "cancel_region(r0, Timeout)") == "Done{unchanged}");
  BOOST_TEST(answer(live, "cancel_region(r0, User)") == "Done{unchanged}");
  BOOST_TEST(answer(live, "cancel_region(r0, Shutdown)") == "Done{changed}");
  BOOST_TEST(answer(live, "cancel_region(r0, Deadline)") == "Done{changed}");
  BOOST_TEST(answer(live + "; advance_time(1)", "cancel_region(r0, Deadline)") ==
             "Done{unchanged}");
  BOOST_TEST(answer("spawn(t1, r0); close_region(r0, Cancel)", "cancel_region(r0, User)") ==
             "Done{changed}");
}

BOOST_AUTO_TEST_CASE(cancel_region_reaches_every_descendant_with_its_parents_name) {
  const auto state = after(
      "open_region(r1, r0); open_region(r2, r1); spawn(t1, r0); spawn(t2, r1); spawn(t3, r2); "
      "start(t3); advance_time(2); cancel_region(r0, Shutdown)");
  BOOST_TEST(region_words(state, 0) == "Draining for Shutdown@2 from r0");
  BOOST_TEST(task_words(state, 1) == "CancelRequested for Shutdown@2 from r0");
  BOOST_TEST(region_words(state, 1) == "Draining for ParentCancelled@2 from r0");
  BOOST_TEST(task_words(state, 2) == "CancelRequested for ParentCancelled@2 from r0");
  BOOST_TEST(region_words(state, 2) == "Closing for ParentCancelled@2 from r1");
  BOOST_TEST(task_words(state, 3) == "CancelRequested for ParentCancelled@2 from r1");
}

BOOST_AUTO_TEST_CASE(cancel_region_leaves_parents_and_siblings_alone) {
  const auto state = after(
      "open_region(r1, r0); open_region(r2, r0); spawn(t1, r1); spawn(t2, r2); spawn(t3, r0); "
      "cancel_region(r1, User)");
  BOOST_TEST(region_words(state, 0) == "Open");
  BOOST_TEST(region_words(state, 2) == "Open");
  BOOST_TEST(task_words(state, 2) == "Created");
  BOOST_TEST(task_words(state, 3) == "Created");
}

BOOST_AUTO_TEST_CASE(cancel_region_strengthens_a_descendant_that_has_a_weaker_reason) {
  const auto state =
      after("open_region(r1, r0); spawn(t1, r1); cancel_region(r1, User); cancel_region(r0, User)");
  BOOST_TEST(region_words(state, 1) == "Closing for ParentCancelled@0 from r0");
  BOOST_TEST(task_words(state, 1) == "CancelRequested for ParentCancelled@0 from r0");
}

BOOST_AUTO_TEST_CASE(cancel_region_keeps_a_stronger_reason_of_a_descendant) {
  const auto state = after(
      "open_region(r1, r0); spawn(t1, r1); cancel_region(r1, Shutdown); cancel_region(r0, User)");
  BOOST_TEST(region_words(state, 1) == "Closing for Shutdown@0 from r1");
  BOOST_TEST(task_words(state, 1) == "CancelRequested for Shutdown@0 from r1");
}

BOOST_AUTO_TEST_CASE(cancel_region_in_Finalizing_only_strengthens) {
  const auto before = after("defer_finalizer(t1, r0); close_region(r0, Await); start(t1)");
  const auto state = after(before, "cancel_region(r0, Shutdown)");
  BOOST_TEST(region_words(state, 0) == "Finalizing for Shutdown@0 from r0");
  BOOST_TEST((task(state, 1) == task(before, 1)));
}

BOOST_AUTO_TEST_CASE(cancel_region_of_an_empty_region_closes_it_Cancelled_in_the_same_step) {
  BOOST_TEST(region_words(after("cancel_region(r0, User)"), 0) ==
             "Closed Cancelled(User@0 from r0)");
}

BOOST_AUTO_TEST_SUITE_END()

// rule.time.advance
BOOST_AUTO_TEST_SUITE(advance_time)

BOOST_AUTO_TEST_CASE(advance_time_is_refused_backwards) {
  BOOST_TEST(answer("advance_time(5)", "advance_time(5)") == "Done");
  BOOST_TEST(answer("advance_time(5)", "advance_time(6)") == "Done");
  BOOST_TEST(answer("advance_time(5)", "advance_time(4)") == "Refused{TimeNotBackwards}");
}

BOOST_AUTO_TEST_CASE(advance_time_cancels_a_region_at_its_deadline_and_not_before) {
  const std::string script = "open_region(r1, r0, deadline 4); spawn(t1, r1); ";
  BOOST_TEST(region_words(after(script + "advance_time(3)"), 1) == "Open");
  const auto state = after(script + "advance_time(4)");
  BOOST_TEST(region_words(state, 1) == "Closing for Deadline@4 from r1");
  BOOST_TEST(task_words(state, 1) == "CancelRequested for Deadline@4 from r1");
  BOOST_TEST(region_words(state, 0) == "Open");
}

BOOST_AUTO_TEST_CASE(advance_time_without_progress_cancels_a_region_opened_past_its_deadline) {
  const auto before = after("advance_time(5); open_region(r1, r0, deadline 3); spawn(t1, r1)");
  BOOST_TEST(region_words(before, 1) == "Open");
  BOOST_TEST(region_words(after(before, "advance_time(5)"), 1) == "Closing for Deadline@5 from r1");
}

BOOST_AUTO_TEST_CASE(advance_time_reaches_parents_first_and_each_keeps_the_strongest_reason) {
  // Both expire: the child gets ParentCancelled from its parent, which Deadline cannot weaken.
  const auto state = after(
      "open_region(r1, r0, deadline 4); open_region(r2, r1, deadline 4); spawn(t1, r1); "
      "spawn(t2, r2); advance_time(7)");
  BOOST_TEST(region_words(state, 1) == "Draining for Deadline@7 from r1");
  BOOST_TEST(region_words(state, 2) == "Closing for ParentCancelled@7 from r1");
  BOOST_TEST(task_words(state, 2) == "CancelRequested for ParentCancelled@7 from r1");
}

BOOST_AUTO_TEST_CASE(advance_time_settles_once_so_that_expired_regions_begin_to_close_as_Draining) {
  // If each expiry were settled by itself, the parent's begin of close would find no live child.
  const auto state = after(
      "open_region(r1, r0, deadline 4); open_region(r2, r1, deadline 4); spawn(t1, r1); "
      "advance_time(4)");
  BOOST_TEST(region_words(state, 2) == "Closed Cancelled(ParentCancelled@4 from r1)");
  BOOST_TEST(region_words(state, 1) == "Draining for Deadline@4 from r1");
}

BOOST_AUTO_TEST_CASE(advance_time_keeps_the_first_deadline_of_a_region_that_expired_before) {
  const auto state =
      after("open_region(r1, r0, deadline 4); spawn(t1, r1); advance_time(4); advance_time(9)");
  BOOST_TEST(region_words(state, 1) == "Closing for Deadline@4 from r1");
  BOOST_TEST(state.now == 9U);
}

BOOST_AUTO_TEST_CASE(advance_time_only_strengthens_a_region_in_Finalizing) {
  const auto before =
      after("open_region(r1, r0, deadline 4); defer_finalizer(t1, r1); close_region(r1, Await)");
  const auto state = after(before, "advance_time(4)");
  BOOST_TEST(region_words(state, 1) == "Finalizing for Deadline@4 from r1");
  BOOST_TEST((task(state, 1) == task(before, 1)));
  BOOST_TEST(region_words(after(state, "start(t1); return(t1, Ok)"), 1) ==
             "Closed Cancelled(Deadline@4 from r1)");
}

BOOST_AUTO_TEST_CASE(a_region_without_a_deadline_never_expires) {
  BOOST_TEST(region_words(after("advance_time(18446744073709551614)"), 0) == "Open");
  const spec::Step at_the_end = spec::step(spec::initial(), AdvanceTime{never});
  BOOST_TEST(region_words(at_the_end.after, 0) == "Open");
}

BOOST_AUTO_TEST_SUITE_END()
