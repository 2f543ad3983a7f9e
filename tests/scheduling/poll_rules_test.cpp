// Polling: who has the future, and what finish_poll owes (facts §15).
#include "tests/scheduling/runs.hpp"

using namespace quiesce;
using namespace quiesce::scheduling_tests;

BOOST_AUTO_TEST_SUITE(poll_rules)

BOOST_AUTO_TEST_CASE(begin_poll_says_polling_whatever_was_said_before) {
  Run run;
  run.done(Spawn{t0});
  BOOST_TEST((run.task(t0).wake == WakeState::Notified));
  run.polls(0, t0);
  BOOST_TEST((run.task(t0).wake == WakeState::Polling));
  BOOST_TEST(!run.task(t0).future_stored);
}

BOOST_AUTO_TEST_CASE(finish_poll_follows_the_table) {
  struct Row {
    WakeState before, after;
    Hand hand;
  };
  for (const Row& row : {Row{WakeState::Polling, WakeState::Idle, Hand::Empty},
                         Row{WakeState::Notified, WakeState::Notified, Hand::OwesEntry},
                         Row{WakeState::Idle, WakeState::Idle, Hand::Empty}}) {
    Run run;
    run.done(Spawn{t0});
    run.polls(0, t0);
    run.done(Pend{0});
    if (row.before == WakeState::Notified) run.done(Wake{0, t0});
    run.task(t0).wake = row.before;
    run.done(FinishPoll{0});
    BOOST_TEST((run.task(t0).wake == row.after));
    BOOST_TEST((run.s.workers[0].hand == row.hand));
  }
}

BOOST_AUTO_TEST_CASE(of_two_workers_with_an_entry_one_polls_and_one_drops) {
  Run run;
  run.done(Spawn{t0});
  BOOST_TEST(run.says(Dispatch{0}) == "Dispatched t0 Ready");
  run.done(RequestCancel{0, t0});
  run.done(Push{0});
  BOOST_TEST(run.says(Dispatch{1}) == "Dispatched t0 Cancel");
  run.done(BeginPoll{1});
  BOOST_TEST(run.says(BeginPoll{0}) == "Dropped");
}

BOOST_AUTO_TEST_CASE(second_poll_may_begin_before_the_first_has_finished) {
  Run run;
  run.done(Spawn{t0});
  run.polls(0, t0);
  run.done(RequestCancel{0, t0});
  run.done(Push{0});
  run.done(Pend{0});
  run.polls(1, t0);
  run.done(FinishPoll{0});  // it finds Polling, the other's, and says Idle
  run.done(Wake{0, t0});
  run.done(Push{0});
  run.done(Pend{1});
  run.done(FinishPoll{1});
  run.done(Requeue{1});
  run.polls(0, t0);  // the wake was not lost
}

BOOST_AUTO_TEST_CASE(requeue_of_a_pinned_task_goes_to_its_own_worker) {
  Run run;
  run.done(Spawn{t0, no_worker, 1});
  run.polls(1, t0);
  run.done(Wake{0, t0});
  run.done(Pend{1});
  run.done(FinishPoll{1});
  run.done(Requeue{1});
  BOOST_TEST(run.says(Dispatch{0}) == "LookedInVain");
  BOOST_TEST(run.says(Steal{0, 1}) == "Refused VictimHasReadyWork");
  BOOST_TEST(run.says(Dispatch{1}) == "Dispatched t0 Ready");
}

BOOST_AUTO_TEST_CASE(each_step_of_a_poll_needs_the_one_before_it) {
  Run run;
  run.done(Spawn{t0});
  BOOST_TEST(run.says(BeginPoll{0}) == "Refused HandPicked");
  BOOST_TEST(run.says(Pend{0}) == "Refused HandPolling");
  BOOST_TEST(run.says(Complete{0}) == "Refused HandPolling");
  BOOST_TEST(run.says(FinishPoll{0}) == "Refused HandStoredBack");
  BOOST_TEST(run.says(Requeue{0}) == "Refused HandOwesEntry");
  BOOST_TEST(run.says(Clear{0}) == "Refused HandOwesClear");
  for (const Action& action : {Action{BeginPoll{2}}, Action{Pend{2}}, Action{Complete{2}},
                               Action{FinishPoll{2}}, Action{Requeue{2}}, Action{Clear{2}}}) {
    BOOST_TEST(run.says(action) == "Refused WorkerExists");
  }
}

BOOST_AUTO_TEST_CASE(completion_frees_the_slot_at_once_and_clear_touches_nobody_else) {
  Run run;
  run.done(Spawn{t0});
  run.polls(0, t0);
  run.done(Complete{0});
  BOOST_TEST((run.s.slots[0] == TaskRecord{}));
  const TaskRef next{0, TaskName{4}};
  run.done(Spawn{next});
  run.done(Clear{0});
  BOOST_TEST((run.task(next).wake == WakeState::Notified));
}

BOOST_AUTO_TEST_SUITE_END()
