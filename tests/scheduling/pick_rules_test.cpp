// Picking: the pick rule as a table (facts §14.2), the order inside a lane, stealing.
#include <array>
#include <optional>

#include "spec/scheduling/fairness.hpp"
#include "spec/scheduling/rules.hpp"
#include "tests/scheduling/runs.hpp"

using namespace quiesce;
using namespace quiesce::scheduling_tests;

namespace {

struct Row {
  std::uint8_t streak;
  bool cancel, timed, ready;
  std::optional<Lane> takes;
  std::uint8_t streak_after;
};
// The limit is 2. From the facts' steps 3, 5 and 7 and their counter rules, by hand.
constexpr std::array<Row, 24> pick_table{{
    {0, false, false, false, std::nullopt, 0},
    {0, true, false, false, Lane::Cancel, 1},
    {0, false, true, false, Lane::Timed, 0},
    {0, false, false, true, Lane::Ready, 0},
    {0, true, true, false, Lane::Cancel, 1},
    {0, true, false, true, Lane::Cancel, 1},
    {0, false, true, true, Lane::Timed, 0},
    {0, true, true, true, Lane::Cancel, 1},
    {1, false, false, false, std::nullopt, 0},
    {1, true, false, false, Lane::Cancel, 2},
    {1, false, true, false, Lane::Timed, 0},
    {1, false, false, true, Lane::Ready, 0},
    {1, true, true, false, Lane::Cancel, 2},
    {1, true, false, true, Lane::Cancel, 2},
    {1, false, true, true, Lane::Timed, 0},
    {1, true, true, true, Lane::Cancel, 2},
    {2, false, false, false, std::nullopt, 0},
    {2, true, false, false, Lane::Cancel, 1},  // the fallback
    {2, false, true, false, Lane::Timed, 0},
    {2, false, false, true, Lane::Ready, 0},
    {2, true, true, false, Lane::Timed, 0},
    {2, true, false, true, Lane::Ready, 0},
    {2, false, true, true, Lane::Timed, 0},
    {2, true, true, true, Lane::Timed, 0},
}};

/// Notified tasks in the global queues, one in each lane that is asked for.
Run with_work(const Row& row) {
  Run run({3, 2, 2, 2});
  const auto idle = [&](const TaskRef& ref) {
    run.done(Spawn{ref});
    run.polls_to_idle(1, ref);
  };
  if (row.cancel) {
    run.done(Spawn{t0});
    run.done(RequestCancel{0, t0});
    run.done(Push{0});
  }
  if (row.timed) {
    if (row.cancel) run.s.workers[1].streak = 2, run.history.cancels_in_a_row[1] = 2;
    idle(t1);
    run.done(InjectTimed{t1, 0});
  }
  if (row.ready) run.done(Spawn{t2});
  run.s.workers[0].streak = row.streak;
  run.history.cancels_in_a_row[0] = row.streak;
  return run;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pick_rules)

BOOST_AUTO_TEST_CASE(dispatch_follows_the_table) {
  for (const Row& row : pick_table) {
    BOOST_TEST_CONTEXT("streak " << int{row.streak} << " cancel " << row.cancel << " timed "
                                 << row.timed << " ready " << row.ready) {
      Run run = with_work(row);
      const Answer answer = run.does(Dispatch{0});
      const auto* taken = std::get_if<Dispatched>(&answer);
      BOOST_TEST((taken != nullptr) == row.takes.has_value());
      if (taken != nullptr && row.takes) BOOST_TEST((taken->entry.lane == *row.takes));
      BOOST_TEST(int{run.s.workers[0].streak} == int{row.streak_after});
    }
  }
}

// rule.sched.limit
BOOST_AUTO_TEST_CASE(limit_doubles_while_draining_and_is_at_least_one) {
  BOOST_TEST(int{effective_limit(16, false)} == 16);
  BOOST_TEST(int{effective_limit(16, true)} == 32);
  BOOST_TEST(int{effective_limit(0, false)} == 1);
  BOOST_TEST(int{effective_limit(0, true)} == 2);  // it counts as 1, and that doubles
  BOOST_TEST(int{effective_limit(1, true)} == 2);
  BOOST_TEST(int{effective_limit(200, true)} == 255);
  Run run({3, 1, 1, 2});
  run.done(SetDraining{true});
  run.s.workers[0].streak = 3;
  run.history.cancels_in_a_row[0] = 3;
  run.done(Spawn{t0});
  run.done(Spawn{t1});
  run.done(RequestCancel{0, t0});
  run.done(Push{0});
  BOOST_TEST(run.says(Dispatch{0}) == "Dispatched t0 Cancel");
}

// rule.sched.set_draining
BOOST_AUTO_TEST_CASE(the_limit_is_as_the_governor_says_last) {
  Run run({3, 1, 2, 1});
  for (const bool draining : {true, false, false, true, true, false}) {
    run.done(SetDraining{draining});
    BOOST_TEST(run.s.draining == draining);
  }
  run.done(Spawn{t0});
  run.done(Spawn{t1});
  run.done(Spawn{t2});
  for (const auto& [waker, ref] : {std::pair{0, t0}, std::pair{1, t1}}) {
    run.done(RequestCancel{static_cast<std::uint8_t>(waker), ref});
    run.done(Push{static_cast<std::uint8_t>(waker)});
  }
  BOOST_TEST(run.says(Dispatch{0}) == "Dispatched t0 Cancel");
  run.done(BeginPoll{0});
  run.done(Pend{0});
  run.done(FinishPoll{0});
  BOOST_TEST(run.says(Dispatch{0}) == "Dispatched t2 Ready");  // one cancel was the limit
}

BOOST_AUTO_TEST_CASE(dispatch_needs_a_worker_with_an_empty_hand) {
  Run run;
  BOOST_TEST(run.says(Dispatch{2}) == "Refused WorkerExists");
  run.done(Spawn{t0});
  run.done(Spawn{t1});
  BOOST_TEST(run.says(Dispatch{0}) == "Dispatched t0 Ready");
  BOOST_TEST(run.says(Dispatch{0}) == "Refused HandEmpty");
}

BOOST_AUTO_TEST_CASE(timed_work_goes_earliest_first_and_ties_by_name_over_both_queues) {
  Run run({3, 2, 2, 16});
  const TaskRef pinned{0, TaskName{9}};
  run.done(Spawn{pinned, 0, 0});
  run.polls_to_idle(0, pinned);
  for (const TaskRef& ref : {t2, t1}) {
    run.done(Spawn{ref});
    run.polls_to_idle(0, ref);
  }
  run.done(InjectTimed{t2, 4});
  run.done(InjectTimed{t1, 4});
  run.done(InjectTimed{pinned, 3});  // in w0's own queue
  BOOST_TEST(run.says(Dispatch{0}) == "LookedInVain");
  run.done(AdvanceTime{4});
  BOOST_TEST(run.says(Dispatch{0}) == "Dispatched t9 Timed");
  BOOST_TEST(run.says(Dispatch{1}) == "Dispatched t1 Timed");
  run.done(BeginPoll{0});
  run.done(Complete{0});
  run.done(Clear{0});
  BOOST_TEST(run.says(Dispatch{0}) == "Dispatched t2 Timed");
}

BOOST_AUTO_TEST_CASE(ready_work_goes_first_in_first_out_its_own_before_the_global_queue) {
  Run run;
  run.done(Spawn{t0});
  run.done(Spawn{t1, 0});
  run.done(Spawn{t2, 0});
  BOOST_TEST(run.says(Dispatch{0}) == "Dispatched t1 Ready");
  BOOST_TEST(run.says(Dispatch{1}) == "Dispatched t0 Ready");
}

// A limit of the bound: it is no bound for the global queue.
BOOST_AUTO_TEST_CASE(ready_work_of_the_global_queue_waits_while_the_own_queue_is_never_empty) {
  Run run({3, 2, 1, 1});
  run.done(Spawn{t0});
  run.done(Spawn{t1, 0});
  for (int polls = 0; polls < 100; ++polls) {
    run.polls(0, t1);
    run.done(Wake{0, t1});
    run.done(Pend{0});
    run.done(FinishPoll{0});
    run.done(Requeue{0});
  }
  run.polls(1, t0);  // another worker finds it
}

BOOST_AUTO_TEST_CASE(steal_takes_the_oldest_ready_entry_that_is_not_pinned) {
  Run run;
  run.done(Spawn{t0, 0, 0});
  run.done(Spawn{t1, 0});
  run.done(Spawn{t2, 0});
  BOOST_TEST(run.says(Steal{1, 0}) == "Dispatched t1 Ready");
  BOOST_TEST(run.says(Steal{1, 0}) == "Refused HandEmpty");
}

BOOST_AUTO_TEST_CASE(steal_needs_a_victim_with_ready_work_and_a_thief_without_any) {
  Run run;
  BOOST_TEST(run.says(Steal{0, 2}) == "Refused WorkerExists");
  BOOST_TEST(run.says(Steal{0, 0}) == "Refused VictimIsOther");
  BOOST_TEST(run.says(Steal{0, 1}) == "Refused VictimHasReadyWork");
  run.done(Spawn{t0, 1, 1});
  BOOST_TEST(run.says(Steal{0, 1}) == "Refused VictimHasReadyWork");
  run.done(Spawn{t1, 1});
  run.done(Spawn{t2});
  BOOST_TEST(run.says(Steal{0, 1}) == "Refused NothingOfItsOwn");
  BOOST_TEST(run.says(Dispatch{1}) == "Dispatched t0 Ready");
  BOOST_TEST(run.says(Dispatch{0}) == "Dispatched t2 Ready");
}

// rule.sched.look
BOOST_AUTO_TEST_CASE(other_work_is_dispatched_after_exactly_limit_cancels) {
  for (const bool draining : {false, true}) {
    for (const std::uint8_t limit : {std::uint8_t{1}, std::uint8_t{4}, std::uint8_t{16}}) {
      namespace f = spec::scheduling::fairness;
      f::State s{.limit = limit, .draining = draining, .has_work = {true, false, true}};
      f::Taken taken;
      unsigned cancels = 0;
      for (int step = 0; taken != Lane::Ready && step < 1'000; ++step) {
        const bool moved = f::apply(s, f::Begin{}, taken) || f::apply(s, f::Look{true}, taken) ||
                           f::apply(s, f::Look{false}, taken);
        BOOST_TEST_REQUIRE(moved);
        if (taken == Lane::Cancel) ++cancels;
      }
      BOOST_TEST(cancels == (draining ? 2U : 1U) * limit);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
