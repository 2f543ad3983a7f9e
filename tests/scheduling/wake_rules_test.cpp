// Waking: the table of wake_state (facts §15), lanes, promotions, stale wakes.
#include <array>

#include "spec/scheduling/rules.hpp"
#include "tests/scheduling/runs.hpp"

using namespace quiesce;
using namespace quiesce::scheduling_tests;

BOOST_AUTO_TEST_SUITE(wake_rules)

// rule.sched.notify
BOOST_AUTO_TEST_CASE(notify_says_true_exactly_if_the_task_was_idle) {
  for (const WakeState before : {WakeState::Idle, WakeState::Polling, WakeState::Notified}) {
    TaskRecord task{.wake = before};
    BOOST_TEST(notify(task) == (before == WakeState::Idle));
    BOOST_TEST((task.wake == WakeState::Notified));
  }
}

BOOST_AUTO_TEST_CASE(spawn_is_refused_while_the_slot_is_taken_or_the_worker_is_unknown) {
  Run run;
  BOOST_TEST(run.says(Spawn{{9, TaskName{0}}}) == "Refused SlotFree");
  BOOST_TEST(run.says(Spawn{t0, 2}) == "Refused WorkerExists");
  BOOST_TEST(run.says(Spawn{t0, no_worker, 2}) == "Refused WorkerExists");
  run.done(Spawn{t0});
  BOOST_TEST(run.says(Spawn{{0, TaskName{7}}}) == "Refused SlotFree");
  BOOST_TEST((run.task(t0).wake == WakeState::Notified));
  BOOST_TEST(run.s.entries.size() == 1U);
}

BOOST_AUTO_TEST_CASE(wake_owes_an_entry_only_if_the_task_was_idle) {
  Run run;
  run.done(Spawn{t0});
  run.done(Wake{0, t0});
  BOOST_TEST(run.says(Push{0}) == "Refused WakerOwes");
  run.polls_to_idle(0, t0);
  run.done(Wake{0, t0});
  BOOST_TEST(run.says(Wake{0, t0}) == "Refused WakerOwesNothing");
  BOOST_TEST(run.says(Wake{2, t0}) == "Refused WakerExists");
  run.done(Wake{1, t0});
  BOOST_TEST(run.says(Push{1}) == "Refused WakerOwes");
  BOOST_TEST(run.s.entries.empty());
  run.done(Push{0});
  BOOST_TEST(run.s.entries.size() == 1U);
  BOOST_TEST(run.says(Push{3}) == "Refused WakerExists");
}

BOOST_AUTO_TEST_CASE(wake_during_a_poll_is_answered_by_finish_poll) {
  for (const bool after_store_back : {false, true}) {
    Run run;
    run.done(Spawn{t0});
    run.polls(0, t0);
    if (after_store_back) run.done(Pend{0});
    run.done(Wake{0, t0});
    BOOST_TEST(run.says(Push{0}) == "Refused WakerOwes");
    if (!after_store_back) run.done(Pend{0});
    run.done(FinishPoll{0});
    run.done(Requeue{0});
    run.polls_to_idle(0, t0);
    BOOST_TEST((run.task(t0).wake == WakeState::Idle));
  }
}

BOOST_AUTO_TEST_CASE(lane_is_read_in_the_step_that_pushes) {
  Run run;
  run.done(Spawn{t0});
  run.polls_to_idle(0, t0);
  run.done(Wake{0, t0});
  run.done(RequestCancel{1, t0});
  run.done(Push{0});
  BOOST_TEST((run.s.entries.front().lane == Lane::Cancel));
  run.done(Push{1});
  BOOST_TEST(run.s.entries.size() == 2U);
  BOOST_TEST(!is_effective(run.s, run.s.entries.front()));
}

// rule.sched.effective
BOOST_AUTO_TEST_CASE(cancel_promotes_a_queued_task_and_leaves_a_stale_entry) {
  Run run;
  run.done(Spawn{t0, 0});
  run.done(RequestCancel{0, t0});
  BOOST_TEST(run.says(RequestCancel{1, t0}) == "Refused NotCancelling");
  BOOST_TEST(run.says(RequestCancel{1, t1}) == "Refused TaskExists");
  run.done(Push{0});
  BOOST_TEST(run.says(Dispatch{1}) == "Dispatched t0 Cancel");
  BOOST_TEST(run.says(Dispatch{0}) == "LookedInVain");
  BOOST_TEST(run.s.entries.empty());
}

BOOST_AUTO_TEST_CASE(request_cancel_needs_a_thread_that_owes_nothing) {
  Run run;
  run.done(Spawn{t0});
  run.done(Spawn{t1});
  run.done(RequestCancel{0, t0});
  BOOST_TEST(run.says(RequestCancel{0, t1}) == "Refused WakerOwesNothing");
  BOOST_TEST(run.says(RequestCancel{2, t1}) == "Refused WakerExists");
}

BOOST_AUTO_TEST_CASE(cancel_is_injected_during_a_poll_and_its_entry_may_be_dropped) {
  Run run;
  run.done(Spawn{t0});
  run.polls(0, t0);
  run.done(RequestCancel{0, t0});
  run.done(Push{0});
  BOOST_TEST(run.says(Dispatch{1}) == "Dispatched t0 Cancel");
  BOOST_TEST(run.says(BeginPoll{1}) == "Dropped");
  run.done(Pend{0});
  run.done(FinishPoll{0});
  run.done(Requeue{0});
  BOOST_TEST(run.says(Dispatch{1}) == "LookedInVain");  // the entry is in w0's own cancel queue
  BOOST_TEST(run.says(Dispatch{0}) == "Dispatched t0 Cancel");
}

BOOST_AUTO_TEST_CASE(inject_ready_takes_a_task_out_of_the_timed_lane) {
  Run run;
  run.done(Spawn{t0});
  run.polls_to_idle(0, t0);
  run.done(InjectTimed{t0, 5});
  run.done(InjectTimed{t0, 3});  // notified already: the first deadline stays
  BOOST_TEST(run.s.entries.size() == 1U);
  BOOST_TEST(run.s.entries.front().deadline_ticks == 5U);
  BOOST_TEST(run.says(Dispatch{0}) == "LookedInVain");
  run.done(InjectReady{t0});
  BOOST_TEST(run.says(Dispatch{0}) == "Dispatched t0 Ready");
  BOOST_TEST(run.says(InjectReady{t1}) == "Refused TaskExists");
  BOOST_TEST(run.says(InjectTimed{t1, 1}) == "Refused TaskExists");
}

BOOST_AUTO_TEST_CASE(stale_timed_entry_never_revives) {  // hazard H1
  Run run;
  run.done(Spawn{t0});
  run.polls_to_idle(0, t0);
  run.done(InjectTimed{t0, 1});
  run.done(InjectReady{t0});
  run.polls_to_idle(0, t0);
  run.done(InjectTimed{t0, 9});
  run.done(AdvanceTime{5});
  BOOST_TEST(run.says(Dispatch{0}) == "LookedInVain");
  BOOST_TEST(run.s.entries.size() == 1U);  // the stale one was thrown away
  run.done(AdvanceTime{9});
  BOOST_TEST(run.says(Dispatch{0}) == "Dispatched t0 Timed");
  BOOST_TEST(run.says(AdvanceTime{8}) == "Refused TimeNotBackwards");
}

BOOST_AUTO_TEST_CASE(timed_injection_of_a_cancelled_task_goes_to_the_cancel_lane) {
  Run run;
  run.done(Spawn{t0});
  run.polls_to_idle(0, t0);
  run.done(RequestCancel{0, t0});
  run.done(InjectTimed{t0, 9});
  BOOST_TEST(run.says(Dispatch{0}) == "Dispatched t0 Cancel");
}

// rule.sched.wake, rule.sched.effective
BOOST_AUTO_TEST_CASE(wake_after_completion_is_harmless_even_if_the_slot_is_used_again) {
  Run run;
  run.done(Spawn{t0});
  run.polls(0, t0);
  run.done(Complete{0});
  run.done(Wake{0, t0});
  const TaskRef next{0, TaskName{5}};
  run.done(Spawn{next});
  run.done(Push{0});
  run.done(Clear{0});
  BOOST_TEST((run.task(next).wake == WakeState::Notified));
  BOOST_TEST(run.says(Dispatch{0}) == "Dispatched t5 Ready");
  BOOST_TEST(run.says(Dispatch{1}) == "LookedInVain");
  BOOST_TEST(run.s.entries.empty());
}

BOOST_AUTO_TEST_CASE(injection_for_a_task_that_has_completed_does_nothing) {
  Run run;
  run.done(Spawn{t0});
  run.polls(0, t0);
  run.done(RequestCancel{0, t0});
  run.done(Complete{0});
  run.done(Push{0});
  BOOST_TEST(run.s.entries.empty());
}

BOOST_AUTO_TEST_SUITE_END()
