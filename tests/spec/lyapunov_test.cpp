// The sources' Lyapunov sum: its parts, and a counterexample to each claim that it fails.
#include "spec/lyapunov.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/spec/spec_scripts.hpp"

using namespace quiesce;
using namespace quiesce::spec_tests;

namespace {

const spec::LyapunovWeights& by_default() {
  return spec::lyapunov_weights().front();
}
std::int64_t sum(const spec::State& state) {
  return spec::lyapunov(state, by_default()).sum();
}
/// What an action adds to the sum, in thousandths, the internal rules not yet run.
std::int64_t growth(std::string_view script, std::string_view last) {
  const spec::State before = after(script);
  const spec::Step next = spec::step_unsettled(before, action(last));
  BOOST_TEST_REQUIRE(is_done(next.answer), last);
  return sum(next.after) - sum(before);
}
/// What an enabled internal rule adds.
std::int64_t growth_by(spec::InternalRule rule, std::string_view script, std::string_view last) {
  spec::State state = spec::step_unsettled(after(script), action(last)).after;
  for (;;) {
    const auto enabled = spec::enabled_internal(state);
    BOOST_TEST_REQUIRE(!enabled.empty());
    const spec::State next = spec::take(state, enabled.front());
    if (enabled.front().rule == rule) return sum(next) - sum(state);
    state = next;
  }
}
bool is_quiescent(const spec::State& state) {
  return region_words(state, 0).starts_with("Closed");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lyapunov)

BOOST_AUTO_TEST_CASE(the_sum_has_four_weighted_parts_in_thousandths) {
  const auto state = after(
      "open_region(r1, r0); spawn(t0, r0, deadline 700); spawn(t1, r1); reserve(o0, t0, r0, Ack); "
      "advance_time(500); close_region(r0, Await)");
  for (const spec::LyapunovWeights& weights : spec::lyapunov_weights()) {
    const spec::Lyapunov parts = spec::lyapunov(state, weights);
    BOOST_TEST(parts.live_tasks == 2000 * weights.live_task);
    BOOST_TEST(parts.obligation_age == 500 * weights.obligation_second);
    BOOST_TEST(parts.draining_regions == 1000 * weights.draining_region);
    BOOST_TEST(parts.deadline_pressure == 800 * weights.deadline);  // 200 ticks of slack
    BOOST_TEST(parts.sum() == parts.live_tasks + parts.obligation_age + parts.draining_regions +
                                  parts.deadline_pressure);
  }
}

BOOST_AUTO_TEST_CASE(the_three_weight_sets_are_those_of_the_sources) {
  const auto sets = spec::lyapunov_weights();
  BOOST_TEST_REQUIRE(sets.size() == 3U);
  BOOST_TEST(sets[0].obligation_second == 5);
  BOOST_TEST(sets[1].name == "obligation focused");
  BOOST_TEST(sets[1].draining_region == 5);
  BOOST_TEST(sets[2].deadline == 10);
}

BOOST_AUTO_TEST_CASE(a_deadline_in_the_past_presses_more_with_time) {
  const auto due = after("spawn(t0, r0, deadline 5); advance_time(5)");
  BOOST_TEST(spec::deadline_pressure(due) == 1000);
  BOOST_TEST(spec::deadline_pressure(after(due, "advance_time(2005)")) == 3000);
  BOOST_TEST(spec::deadline_pressure(after("spawn(t0, r0, deadline 5000)")) == 0);
}

BOOST_AUTO_TEST_CASE(the_sum_is_0_once_everything_is_closed) {
  const auto state = after(
      "spawn(t0, r0); start(t0); reserve(o0, t0, r0, Ack); advance_time(9); "
      "close_region(r0, Cancel); return(t0, Ok)");
  BOOST_TEST(is_quiescent(state));
  BOOST_TEST(sum(state) == 0);
}

BOOST_AUTO_TEST_CASE(claim_that_0_means_quiescent_is_false) {
  // An Open region with work left to do.
  const auto open = after("open_region(r1, r0); defer_finalizer(t0, r1)");
  BOOST_TEST(sum(open) == 0);
  BOOST_TEST(!is_quiescent(open));
  // A Closing region, between the action and the internal rules.
  const auto closing = spec::step_unsettled(spec::initial(), action("close_region(r0, Await)"));
  BOOST_TEST(region_words(closing.after, 0) == "Closing");
  BOOST_TEST(sum(closing.after) == 0);
  // An obligation that was reserved at this instant adds nothing.
  BOOST_TEST(growth("spawn(t0, r0); advance_time(7)", "reserve(o0, t0, r0, Ack)") == 0);
}

BOOST_AUTO_TEST_CASE(claim_that_it_never_grows_is_false_for_time_and_for_what_enters) {
  BOOST_TEST(growth("spawn(t0, r0); reserve(o0, t0, r0, Ack)", "advance_time(400)") == 2000);
  BOOST_TEST(growth("spawn(t0, r0, deadline 900)", "advance_time(100)") == 200);
  BOOST_TEST(growth("", "spawn(t0, r0)") == 1000);
}

BOOST_AUTO_TEST_CASE(claim_that_it_never_grows_is_false_for_the_close_itself) {
  BOOST_TEST(growth("open_region(r1, r0)", "close_region(r0, Await)") == 3000);  // Draining
  BOOST_TEST(growth_by(spec::InternalRule::Finalize, "", "close_region(r0, Await)") == 3000);
  BOOST_TEST(growth_by(spec::InternalRule::StartFinalizer, "defer_finalizer(t0, r0)",
                       "close_region(r0, Await)") == 1000);
}

BOOST_AUTO_TEST_CASE(claim_that_a_completion_never_grows_it_is_false_under_fail_fast) {
  // The failure cancels a child region that has a child region with a task: it is Draining now.
  const std::string script =
      "open_region(r1, r0, FailFast); open_region(r2, r1); open_region(r3, r2); spawn(t0, r1); "
      "spawn(t1, r3); start(t0)";
  BOOST_TEST(growth(script, "return(t0, Err)") == 3000 - 1000);
  const auto settled = after(after(script), "return(t0, Err)");
  BOOST_TEST(sum(settled) - sum(after(script)) == 3000 - 1000);
}

BOOST_AUTO_TEST_CASE(claim_that_totals_are_enough_for_the_deadlines_is_false) {
  // Three deadlines are due now, a fourth is an hour away: the estimate says that nothing presses.
  const auto state = after(
      "spawn(t0, r0, deadline 10); spawn(t1, r0, deadline 10); spawn(t2, r0, deadline 10); "
      "spawn(t3, r0, deadline 3600000); advance_time(10)");
  BOOST_TEST(spec::deadline_pressure(state) == 3000);
  BOOST_TEST(spec::estimated_deadline_pressure(state) == 0);
  // Without the far one they agree.
  const auto near =
      after("spawn(t0, r0, deadline 10); spawn(t1, r0, deadline 10); advance_time(10)");
  BOOST_TEST(spec::estimated_deadline_pressure(near) == spec::deadline_pressure(near));
}

BOOST_AUTO_TEST_CASE(claim_that_a_history_converges_if_it_falls_to_0_is_false) {
  // It is 0 all along, and a finalizer was deferred that has not run.
  std::vector<std::int64_t> history;
  spec::State state = spec::initial();
  for (const Action& next : actions("open_region(r1, r0); defer_finalizer(t0, r1)")) {
    state = spec::step(std::move(state), next).after;
    history.push_back(sum(state));
  }
  BOOST_TEST(history == std::vector<std::int64_t>(2, 0));
  BOOST_TEST(!is_quiescent(state));
}

BOOST_AUTO_TEST_CASE(extreme_times_do_not_overflow) {
  const auto state = after(
      "spawn(t0, r0, deadline 1); reserve(o0, t0, r0, Ack); advance_time("
      "18446744073709551614)");
  BOOST_TEST(sum(state) > 0);
  BOOST_TEST(spec::deadline_pressure(state) == 1000 + (std::int64_t{1} << 40));
}

BOOST_AUTO_TEST_SUITE_END()
