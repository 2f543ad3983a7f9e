// Finalizers: registered while Open; run in Finalizing, last in first out, one at a time, shielded.
#include <boost/test/unit_test.hpp>

#include "spec/vocabulary/budget.hpp"
#include "tests/spec/spec_scripts.hpp"

using namespace quiesce;
using namespace quiesce::spec_tests;

namespace {

const std::string three =
    "defer_finalizer(t1, r0); defer_finalizer(t2, r0); defer_finalizer(t3, r0); "
    "close_region(r0, Await)";

}  // namespace

// rule.region.defer_finalizer, rule.region.start_finalizer
BOOST_AUTO_TEST_SUITE(finalizers)

BOOST_AUTO_TEST_CASE(defer_finalizer_needs_a_region_that_exists) {
  BOOST_TEST(answer("", "defer_finalizer(t1, r0)") == "Done");
  BOOST_TEST(answer("", "defer_finalizer(t1, r9)") == "Refused{RegionExists}");
  BOOST_TEST(answer("", "defer_finalizer(t1, r?)") == "Refused{RegionExists}");
}

BOOST_AUTO_TEST_CASE(defer_finalizer_is_refused_once_the_region_closes) {
  BOOST_TEST(answer("spawn(t1, r0); close_region(r0, Await)", "defer_finalizer(t2, r0)") ==
             "Refused{RegionOpen}");
  BOOST_TEST(answer(three, "defer_finalizer(t4, r0)") == "Refused{RegionOpen}");
  BOOST_TEST(answer("close_region(r0, Await)", "defer_finalizer(t1, r0)") == "Refused{RegionOpen}");
}

BOOST_AUTO_TEST_CASE(a_deferred_finalizer_is_not_yet_a_task) {
  const std::string script = "defer_finalizer(t1, r0); spawn(t2, r0); start(t2)";
  for (const std::string refused_action :
       {"start(t1)", "poll(t1)", "checkpoint(t1)", "enter_mask(t1, 1)", "leave_mask(t1)",
        "cleanup_done(t1)", "return(t1, Ok)", "cancel_task(t1, User)", "join(t1, t2)",
        "join(t2, t1)", "reserve(o1, t1, r0, Ack)"}) {
    BOOST_TEST(answer(script, refused_action) == "Refused{TaskExists}");
  }
}

BOOST_AUTO_TEST_CASE(finalizers_wait_for_the_last_body_task_and_the_last_child_region) {
  const auto state = after(
      "defer_finalizer(t1, r0); open_region(r1, r0); spawn(t2, r0); start(t2); "
      "close_region(r0, Await); return(t2, Ok)");
  BOOST_TEST(region_words(state, 0) == "Draining");
  BOOST_TEST(answer(state, "start(t1)") == "Refused{TaskExists}");
  const auto finalizing = after(state, "close_region(r1, Await)");
  BOOST_TEST(region_words(finalizing, 0) == "Finalizing");
  BOOST_TEST(task_words(finalizing, 1) == "Created");
}

BOOST_AUTO_TEST_CASE(finalizers_run_last_in_first_out_one_at_a_time_and_all_before_Closed) {
  auto state = after(three);
  for (const std::uint32_t name : {3U, 2U, 1U}) {
    BOOST_TEST(region_words(state, 0) == "Finalizing");
    BOOST_TEST((region(state, 0).finalizing == TaskName{name}));
    BOOST_TEST((region(state, 0).tasks == spec::Names<TaskName>{TaskName{name}}));
    BOOST_TEST(region(state, 0).finalizers.size() == name - 1);
    BOOST_TEST(task(state, name).is_finalizer);
    const std::string text = "t" + std::to_string(name);
    state = after(state, "start(" + text + "); return(" + text + ", Ok)");
  }
  BOOST_TEST(region_words(state, 0) == "Closed Ok");
}

BOOST_AUTO_TEST_CASE(a_panic_of_a_finalizer_joins_the_outcome_and_the_next_one_runs) {
  auto state = after(three + "; start(t3); return(t3, Panicked)");
  BOOST_TEST(region_words(state, 0) == "Finalizing");
  BOOST_TEST(task_words(state, 2) == "Created");
  state = after(state, "start(t2); return(t2, Ok); start(t1); return(t1, Err)");
  BOOST_TEST(region_words(state, 0) == "Closed Panicked");
}

BOOST_AUTO_TEST_CASE(a_finalizer_task_gets_the_finalizer_budget_and_nothing_is_met_with_it) {
  const auto state = after(
      "open_region(r1, r0, deadline 9, polls 2, priority 200); defer_finalizer(t1, r1); "
      "spawn(t2, r1); start(t2); close_region(r1, Await); advance_time(3); return(t2, Ok)");
  BOOST_TEST((task(state, 1).budget == finalizer_budget(3)));
  BOOST_TEST(to_text(task(state, 1).budget) == "deadline 5003, polls 100, priority 128");
}

BOOST_AUTO_TEST_CASE(a_finalizer_task_is_shielded_from_cancels_deadlines_and_policies) {
  const auto before = after(
      "open_region(r1, r0, deadline 5, FailFast); defer_finalizer(t1, r1); spawn(t2, r1); "
      "start(t2); close_region(r1, Await); return(t2, Panicked); start(t1)");
  for (const std::string request :
       {"cancel_region(r1, Shutdown)", "cancel_region(r0, Shutdown)", "advance_time(5)",
        "advance_time(9999)", "close_region(r0, Cancel)"}) {
    const auto state = after(before, request);
    BOOST_TEST((task(state, 1) == task(before, 1)));
    BOOST_TEST(region(state, 1).reason.has_value());
  }
}

BOOST_AUTO_TEST_CASE(finalizers_of_a_cancelled_region_still_run) {
  const auto state = after("defer_finalizer(t1, r0); cancel_region(r0, User)");
  BOOST_TEST(region_words(state, 0) == "Finalizing for User@0 from r0");
  BOOST_TEST(task_words(state, 1) == "Created");
  BOOST_TEST(region_words(after(state, "start(t1); return(t1, Ok)"), 0) ==
             "Closed Cancelled(User@0 from r0)");
}

BOOST_AUTO_TEST_CASE(a_finalizer_task_can_be_joined_and_can_join) {
  const auto state = after(
      "open_region(r1, r0); defer_finalizer(t1, r1); close_region(r1, Await); spawn(t2, r0); "
      "join(t2, t1); join(t1, t2); start(t1); return(t1, Ok)");
  BOOST_TEST(task(state, 2).joins_ready == 1U);
  BOOST_TEST(task(state, 2).waiters.empty());
}

BOOST_AUTO_TEST_SUITE_END()

// rule.region.complete_close
BOOST_AUTO_TEST_SUITE(close_outcome)

BOOST_AUTO_TEST_CASE(the_close_outcome_joins_all_tasks_and_finalizer_tasks) {
  const std::string script =
      "defer_finalizer(t1, r0); spawn(t2, r0); spawn(t3, r0); start(t2); start(t3); ";
  const std::string close = "close_region(r0, Await); start(t1); ";
  BOOST_TEST(
      region_words(after(script + "return(t2, Ok); return(t3, Ok); " + close + "return(t1, Ok)"),
                   0) == "Closed Ok");
  BOOST_TEST(
      region_words(after(script + "return(t2, Err); return(t3, Ok); " + close + "return(t1, Ok)"),
                   0) == "Closed Err");
  BOOST_TEST(region_words(after(script + "return(t2, Err); return(t3, Cancelled User); " + close +
                                "return(t1, Err)"),
                          0) == "Closed Cancelled(User@0 from r0)");
  BOOST_TEST(region_words(after(script + "return(t2, Ok); return(t3, Ok); " + close +
                                "return(t1, Cancelled Timeout)"),
                          0) == "Closed Cancelled(Timeout@0 from r0)");
}

BOOST_AUTO_TEST_CASE(the_close_outcome_joins_the_reason_recorded_when_the_close_completes) {
  const auto stronger = after(
      "spawn(t1, r0); start(t1); cancel_region(r0, User); "
      "cancel_region(r0, Shutdown); return(t1, Ok)");
  BOOST_TEST(region_words(stronger, 0) == "Closed Cancelled(Shutdown@0 from r0)");
  const auto panicked =
      after("spawn(t1, r0); start(t1); cancel_region(r0, Shutdown); return(t1, Panicked)");
  BOOST_TEST(region_words(panicked, 0) == "Closed Panicked");
  const auto in_finalizing = after(
      "defer_finalizer(t1, r0); close_region(r0, Await); "
      "cancel_region(r0, User); start(t1); return(t1, Ok)");
  BOOST_TEST(region_words(in_finalizing, 0) == "Closed Cancelled(User@0 from r0)");
}

BOOST_AUTO_TEST_CASE(a_child_regions_outcome_is_not_folded_into_its_parent) {
  const auto state = after(
      "open_region(r1, r0); spawn(t1, r1); start(t1); return(t1, Panicked); "
      "close_region(r1, Await); close_region(r0, Await)");
  BOOST_TEST(region_words(state, 1) == "Closed Panicked");
  BOOST_TEST(region_words(state, 0) == "Closed Ok");
}

BOOST_AUTO_TEST_CASE(a_closed_region_keeps_its_terminal_summary_only) {
  const auto state = after(
      "open_region(r1, r0, deadline 9, polls 4, regions 2, tasks 3, obligations 1, FailFast); "
      "spawn(t1, r1); start(t1); cancel_region(r1, User); return(t1, Ok)");
  const CancelReason user{CancelKind::User, 0, RegionName{1}};
  const spec::Region summary{.name = RegionName{1},
                             .parent = root_region,
                             .phase = RegionPhase::Closed,
                             .reason = user,
                             .outcome = Outcome::cancelled(user)};
  BOOST_TEST((region(state, 1) == summary));
  BOOST_TEST(region(state, 0).children.empty());
}

BOOST_AUTO_TEST_CASE(closes_cascade_to_the_root_in_the_step_that_ends_the_last_task) {
  const auto before = after(
      "open_region(r1, r0); open_region(r2, r1); open_region(r3, r2); spawn(t1, r3); start(t1); "
      "close_region(r0, Await); close_region(r1, Await); close_region(r2, Await); "
      "close_region(r3, Await)");
  const auto state = after(before, "return(t1, Err)");
  BOOST_TEST(region_words(before, 0) == "Draining");
  BOOST_TEST(region_words(state, 3) == "Closed Err");
  for (const std::uint32_t name : {2U, 1U, 0U}) {
    BOOST_TEST(region_words(state, name) == "Closed Ok");
  }
}

BOOST_AUTO_TEST_CASE(a_cascade_of_closes_stops_at_a_region_that_has_a_finalizer) {
  const auto state = after(
      "open_region(r1, r0); defer_finalizer(t9, r1); open_region(r2, r1); spawn(t1, r2); "
      "start(t1); close_region(r0, Await); close_region(r1, Await); close_region(r2, Await); "
      "return(t1, Ok)");
  BOOST_TEST(region_words(state, 2) == "Closed Ok");
  BOOST_TEST(region_words(state, 1) == "Finalizing");
  BOOST_TEST(region_words(state, 0) == "Draining");
  BOOST_TEST(region_words(after(state, "start(t9); return(t9, Ok)"), 0) == "Closed Ok");
}

BOOST_AUTO_TEST_SUITE_END()
