// What the scheduler's rules are made of, one by one: entries, heads of queues, picks, steps.
#include <array>
#include <vector>

#include "spec/scheduling/rules.hpp"
#include "tests/scheduling/runs.hpp"

using namespace quiesce;
using namespace quiesce::scheduling_tests;

namespace {

/// Two idle tasks, the second pinned to w1, and nothing in any queue.
State two_idle_tasks() {
  State s = initial({2, 2, 1, 2});
  s.slots[0] = TaskRecord{.name = t0.name, .future_stored = true};
  s.slots[1] = TaskRecord{.name = t1.name, .pinned_to = 1, .future_stored = true};
  return s;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scheduling_parts)

// rule.sched.link
BOOST_AUTO_TEST_CASE(link_makes_the_youngest_entry_and_the_one_that_the_record_means) {
  State s = two_idle_tasks();
  link(s, t0, no_worker, Lane::Ready, 0);
  link(s, t0, 0, Lane::Timed, 7);
  link(s, t1, 0, Lane::Ready, 0);
  BOOST_TEST_REQUIRE(s.entries.size() == 3U);
  // By place and lane; a pinned task stands in its own worker's queue.
  BOOST_TEST((s.entries[0] == Entry{0, Lane::Timed, t0, 2, 7}));
  BOOST_TEST((s.entries[1] == Entry{1, Lane::Ready, t1, 1, 0}));
  BOOST_TEST((s.entries[2] == Entry{no_worker, Lane::Ready, t0, 1, 0}));
  BOOST_TEST(is_effective(s, s.entries[0]));
  BOOST_TEST(is_effective(s, s.entries[1]));
  BOOST_TEST(!is_effective(s, s.entries[2]));
  BOOST_TEST((find(s, t0)->newest == 2U && find(s, t0)->effective == 2U));
}

// rule.sched.enqueue
BOOST_AUTO_TEST_CASE(enqueue_reads_the_flag_and_leaves_an_entry_that_is_as_good) {
  State s = two_idle_tasks();
  enqueue(s, t0, no_worker);
  enqueue(s, t0, 0);
  BOOST_TEST_REQUIRE(s.entries.size() == 1U);
  BOOST_TEST((s.entries[0] == Entry{no_worker, Lane::Ready, t0, 1, 0}));

  find(s, t0)->cancelling = true;
  enqueue(s, t0, no_worker);
  enqueue(s, t0, no_worker);
  BOOST_TEST_REQUIRE(s.entries.size() == 2U);
  BOOST_TEST((s.entries[0] == Entry{no_worker, Lane::Cancel, t0, 2, 0}));
  BOOST_TEST(!is_effective(s, s.entries[1]));
}

// rule.sched.enqueue
BOOST_AUTO_TEST_CASE(enqueue_takes_a_task_out_of_the_timed_lane) {
  State s = two_idle_tasks();
  link(s, t0, no_worker, Lane::Timed, 9);
  enqueue(s, t0, no_worker);
  BOOST_TEST_REQUIRE(s.entries.size() == 2U);
  BOOST_TEST((s.entries[1] == Entry{no_worker, Lane::Ready, t0, 2, 0}));
  BOOST_TEST(is_effective(s, s.entries[1]));
}

// rule.sched.head
BOOST_AUTO_TEST_CASE(head_throws_stale_entries_away_and_waits_for_deadlines) {
  State s = two_idle_tasks();
  link(s, t0, no_worker, Lane::Ready, 0);
  link(s, t0, no_worker, Lane::Timed, 5);
  BOOST_TEST(!head(s, no_worker, Lane::Ready).has_value());
  BOOST_TEST(s.entries.size() == 1U);  // the stale one is gone
  BOOST_TEST(!head(s, no_worker, Lane::Timed).has_value());
  BOOST_TEST(s.entries.size() == 1U);  // one that is not due stays
  s.now = 5;
  BOOST_TEST_REQUIRE(head(s, no_worker, Lane::Timed).has_value());
  BOOST_TEST(*head(s, no_worker, Lane::Timed) == 0U);
  BOOST_TEST(!head(s, 0, Lane::Timed).has_value());  // another queue
}

// rule.sched.pick
BOOST_AUTO_TEST_CASE(pick_begins_with_the_cancel_lane_unless_the_streak_is_up) {
  for (std::uint8_t streak = 0; streak < 4; ++streak) {
    const Pick pick = begin_pick(streak, 2);
    BOOST_TEST((pick.stage == (streak < 2 ? Stage::Cancel : Stage::Timed)));
    BOOST_TEST(pick.yields == (streak >= 2));
    BOOST_TEST(pick.streak == streak);
  }
}

// rule.sched.probe
BOOST_AUTO_TEST_CASE(probe_goes_from_lane_to_lane_and_says_what_becomes_of_the_streak) {
  struct Row {
    Stage stage;
    bool yields, found;
    Stage after;
    int streak;
  };
  constexpr std::array<Row, 9> table{{
      {Stage::Cancel, false, true, Stage::Over, 2},
      {Stage::Cancel, false, false, Stage::Timed, 1},
      {Stage::Timed, true, true, Stage::Over, 0},
      {Stage::Timed, true, false, Stage::Ready, 1},
      {Stage::Ready, true, true, Stage::Over, 0},
      {Stage::Ready, true, false, Stage::Fallback, 1},
      {Stage::Ready, false, false, Stage::Over, 0},
      {Stage::Fallback, true, true, Stage::Over, 1},
      {Stage::Fallback, true, false, Stage::Over, 0},
  }};
  for (const Row& row : table) {
    const Probed probed = probe({row.stage, 1, row.yields}, row.found);
    BOOST_TEST((probed.after.stage == row.after));
    BOOST_TEST(int{probed.after.streak} == row.streak);
    BOOST_TEST(probed.takes == row.found);
  }
}

// rule.sched.step
BOOST_AUTO_TEST_CASE(step_of_each_action_is_that_of_its_own_rule) {
  State s = two_idle_tasks();
  s.slots.push_back(TaskRecord{});
  s.workers[0] = Worker{Hand::Picked, t0, 0};
  s.now = 3;
  const State before = s;
  struct Row {
    Action action;
    Answer (*rule)(State&);
  };
  const std::vector<Row> rows{
      {Spawn{t2}, [](State& at) { return spawn(at, Spawn{t2}); }},
      {Wake{0, t0},
       [](State& at) {
         return wake(at, Wake{0, t0});
       }},
      {RequestCancel{0, t0},
       [](State& at) {
         return request_cancel(at, RequestCancel{0, t0});
       }},
      {InjectReady{t0}, [](State& at) { return inject_ready(at, InjectReady{t0}); }},
      {InjectTimed{t0, 5},
       [](State& at) {
         return inject_timed(at, InjectTimed{t0, 5});
       }},
      {AdvanceTime{4}, [](State& at) { return advance_time(at, AdvanceTime{4}); }},
      {AdvanceTime{2}, [](State& at) { return advance_time(at, AdvanceTime{2}); }},
      {SetDraining{true}, [](State& at) { return set_draining(at, SetDraining{true}); }},
      {BeginPoll{0}, [](State& at) { return begin_poll(at, BeginPoll{0}); }},
  };
  for (const Row& row : rows) {
    State by_step = before;
    State by_rule = before;
    const Answer step_says = apply(by_step, row.action);
    const Answer rule_says = row.rule(by_rule);
    BOOST_TEST(step_says.index() == rule_says.index(), to_text(row.action));
    BOOST_TEST((by_step == by_rule), to_text(row.action));
    BOOST_TEST((by_step == before) == is_refused(step_says), to_text(row.action));
  }
}

BOOST_AUTO_TEST_SUITE_END()
