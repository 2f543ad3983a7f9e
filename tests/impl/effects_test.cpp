// Effects run after every lock is released: lanes, then wakes, then news.
#include "tests/impl/house.hpp"

#include <set>

using namespace quiesce;
using namespace quiesce::impl;
using namespace quiesce::impl::tests;

namespace {

/// Writes down what it hears and, each time, looks at the runtime: with a lock held that would be
/// a lock taken twice, which SingleThread does not survive.
struct ReEntrant : Observer {
  RuntimeState<SingleThread>* state = nullptr;
  std::vector<std::string> heard;
  Snapshot seen;

  void hear(std::string what) {
    state->snapshot(seen);
    heard.push_back(std::move(what));
  }
  void finalizer_started(TaskName name, TaskId) override { hear("start " + to_text(name)); }
  void task_cancelled(TaskName name, TaskId) override { hear("cancel " + to_text(name)); }
  void joiner_woken(TaskName joiner, TaskId id, TaskName target, const Outcome& outcome) override {
    hear("wake " + to_text(joiner) + " for " + to_text(target) + " " + to_text(outcome));
    state->poll(id);
  }
  void obligation_leaked(ObligationName name, TaskName holder, bool recovered) override {
    hear("leak " + to_text(name) + " of " + to_text(holder) + (recovered ? " recovered" : ""));
  }
  void committed(std::size_t action, const Applied& applied) override {
    if (action == Action(Poll{}).index()) return;
    hear(std::string(action_verb(action)) + " " + says(applied));
  }
};

struct SingleHouse : HouseOf<SingleThread> {
  explicit SingleHouse(ReEntrant& hears, const RuntimeConfig& wanted = {})
      : HouseOf<SingleThread>(wanted, &hears) {
    hears.state = &state;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(effects)

BOOST_AUTO_TEST_CASE(observer_may_call_the_runtime_from_every_effect) {
  ReEntrant hears;
  SingleHouse house(hears);
  const RegionId region = house.open(root, no_budget, no_limits, Policy::FailFast);
  const TaskId failing = house.started(region);
  const TaskId waiter = house.started(region);
  house.state.join(waiter, failing);
  house.reserve(failing, region);
  hears.heard.clear();
  house.state.return_from(failing, OutcomeKind::Err);
  const std::vector<std::string> expected{"cancel t1", "wake t1 for t0 Err", "leak o0 of t0",
                                          "return Done{Completed(Err)}"};
  BOOST_TEST(hears.heard == expected, boost::test_tools::per_element());

  hears.heard.clear();
  house.state.defer_finalizer(TaskName{10}, region);
  house.state.return_from(waiter, OutcomeKind::Ok);
  house.state.close_region(region, CloseMode::Await);
  BOOST_TEST((std::find(hears.heard.begin(), hears.heard.end(), "start t10") != hears.heard.end()));
}

BOOST_AUTO_TEST_CASE(observer_sees_the_whole_change_from_its_first_effect_on) {
  struct Sees : ReEntrant {
    std::size_t closed_when_told = 0;
    void finalizer_started(TaskName, TaskId) override {
      state->snapshot(seen);
      for (const RegionRow& row : seen.regions) {
        closed_when_told += row.phase == RegionPhase::Closed ? 1U : 0U;
      }
    }
  } sees;
  SingleHouse house(sees);
  const RegionId region = house.open();
  const RegionId sibling = house.open(region);
  house.open(sibling);
  house.state.defer_finalizer(TaskName{9}, region);
  house.state.cancel_region(region, CancelKind::User);
  BOOST_TEST(sees.closed_when_told == 2U);
}

BOOST_AUTO_TEST_CASE(cancel_is_told_once_per_task) {
  ReEntrant hears;
  SingleHouse house(hears);
  const TaskId task = house.started();
  house.state.cancel_task(task, CancelKind::User);
  hears.heard.clear();
  house.state.cancel_task(task, CancelKind::Shutdown);
  const std::vector<std::string> expected{"cancel_task Done{changed}"};
  BOOST_TEST(hears.heard == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(observer_that_throws_does_not_keep_the_others_from_being_told) {
  struct Throws : Observer {
    int told = 0;
    int commits = 0;
    void joiner_woken(TaskName, TaskId, TaskName, const Outcome&) override { throw ++told; }
    void committed(std::size_t, const Applied&) override { ++commits; }
  } throws;
  House house({}, &throws);
  const TaskId target = house.started();
  house.state.join(house.started(), target);
  house.state.join(house.started(), target);
  throws.commits = 0;
  const auto is_the_first = [](int number) { return number == 1; };
  BOOST_CHECK_EXCEPTION(house.state.return_from(target, OutcomeKind::Ok), int, is_the_first);
  BOOST_TEST(throws.told == 2);
  BOOST_TEST(throws.commits == 1);
  BOOST_TEST(house.phase_of_task(0) == "Completed");
  BOOST_TEST(house.task(1).joins_ready == 1U);
}

BOOST_AUTO_TEST_CASE(exception_of_the_observer_leaves_before_that_of_a_leak) {
  struct Throws : Observer {
    void obligation_leaked(ObligationName, TaskName, bool) override { throw 1; }
  } throws;
  House house({.leaks = {.response = LeakResponse::Panic}}, &throws);
  const TaskId holder = house.started();
  house.reserve(holder);
  BOOST_CHECK_THROW(house.state.return_from(holder, OutcomeKind::Ok), int);
  BOOST_TEST(house.phase_of_task(0) == "Completed");
}

BOOST_AUTO_TEST_CASE(leak_response_silent_tells_nobody) {
  ReEntrant hears;
  SingleHouse house(hears, {.leaks = {.response = LeakResponse::Silent}});
  const TaskId holder = house.started();
  house.reserve(holder);
  hears.heard.clear();
  house.state.return_from(holder, OutcomeKind::Ok);
  const std::vector<std::string> expected{"return Done{Completed(Ok)}"};
  BOOST_TEST(hears.heard == expected, boost::test_tools::per_element());
  BOOST_TEST(house.look().leak_count == 1U);
}

BOOST_AUTO_TEST_CASE(leak_response_recover_aborts_with_error) {
  ReEntrant hears;
  SingleHouse house(hears, {.leaks = {.response = LeakResponse::Recover}});
  const TaskId holder = house.started();
  house.reserve(holder);
  house.state.return_from(holder, OutcomeKind::Ok);
  BOOST_TEST((house.obligation(0).phase == ObligationPhase::Aborted));
  BOOST_TEST((house.obligation(0).abort_reason == AbortReason::Error));
  BOOST_TEST(house.seen.leak_count == 1U);
}

BOOST_AUTO_TEST_CASE(leak_response_panic_throws_after_all_bookkeeping) {
  House house({.leaks = {.response = LeakResponse::Panic}});
  const RegionId region = house.open();
  const TaskId holder = house.started(region);
  const TaskId waiter = house.started();
  house.state.join(waiter, holder);
  house.reserve(holder, region);
  house.state.close_region(region, CloseMode::Await);
  try {
    house.state.return_from(holder, OutcomeKind::Ok);
    BOOST_FAIL("the leak was not thrown");
  } catch (const LeakFound& leak) {
    BOOST_TEST(says(leak.applied) == "Done{Completed(Ok)}");
    BOOST_TEST(leak.applied.ticket != 0U);
  }
  BOOST_TEST(house.phase_of_region(1) == "Closed");
  BOOST_TEST(house.task(1).joins_ready == 1U);
  BOOST_TEST((house.obligation(0).phase == ObligationPhase::Leaked));
  house.completed();  // the next operation finds nothing left over
  BOOST_TEST(house.look().leak_count == 1U);
}

BOOST_AUTO_TEST_CASE(leak_response_panic_does_not_throw_while_an_exception_is_on_its_way) {
  struct Ends {
    House& house;
    TaskId holder;
    ~Ends() { house.state.return_from(holder, OutcomeKind::Ok); }
  };
  for (const LeakPolicy& leaks :
       {LeakPolicy{.response = LeakResponse::Panic},
        LeakPolicy{.escalate_after = 1, .escalate_to = LeakResponse::Panic}}) {
    House house({.leaks = leaks});
    const TaskId holder = house.started();
    house.reserve(holder);
    try {
      const Ends ends{house, holder};
      throw 1;
    } catch (int) {  // and the program goes on
    }
    BOOST_TEST((house.obligation(0).phase == ObligationPhase::Leaked));
    BOOST_TEST(house.look().leak_count == 1U);
  }
}

BOOST_AUTO_TEST_CASE(leak_response_escalates_once_enough_leaks_were_found) {
  House house({.leaks = {.response = LeakResponse::Log,
                         .escalate_after = 2,
                         .escalate_to = LeakResponse::Recover}});
  for (int i = 0; i < 2; ++i) {
    const TaskId holder = house.started();
    house.reserve(holder);
    house.state.return_from(holder, OutcomeKind::Ok);
  }
  BOOST_TEST((house.obligation(0).phase == ObligationPhase::Leaked));
  BOOST_TEST((house.obligation(1).phase == ObligationPhase::Aborted));
  BOOST_TEST(house.seen.leak_count == 2U);
}

BOOST_AUTO_TEST_CASE(tickets_grow_with_every_operation_refusals_too) {
  House house;
  const Applied first = house.state.spawn(TaskName{0}, root);
  const Applied second = house.state.start(unknown_task);
  const Applied third = house.state.start(first.task);
  BOOST_TEST(second.ticket == first.ticket + 1);
  BOOST_TEST(third.ticket == second.ticket + 1);
}

BOOST_AUTO_TEST_CASE(every_result_and_every_guard_has_a_counter_of_its_own) {
  std::set<std::size_t> rows;
  for (const Answer& answer :
       {done(), done_with(Changed{}), done_with(Continue{}), done_with(Acknowledged{}),
        done_with(CancelPending{}), done_with(PollGranted{}), done_with(PollExhausted{}),
        done_with(Completed{}), done_with(Registered{}), done_with(Ready{}),
        done_with(LeakPanic{})}) {
    rows.insert(answer_code(answer));
  }
  BOOST_TEST(rows.size() == result_count);
  for (std::size_t guard = 0; guard < guard_count; ++guard) {
    rows.insert(answer_code(refused(static_cast<Guard>(guard))));
  }
  BOOST_TEST(rows.size() == answer_codes);
  BOOST_TEST(*rows.rbegin() == answer_codes - 1);
}

BOOST_AUTO_TEST_CASE(instrumentation_counts_by_action_and_by_answer_and_keeps_the_last_commits) {
  for (const Layout* const layout : layouts) {
    House house({}, nullptr, *layout);
    const Applied spawned = house.state.spawn(TaskName{0}, root);
    house.state.start(unknown_task);
    const std::size_t start = Action(Start{}).index();
    const std::size_t spawn = Action(Spawn{}).index();
    const std::size_t done_row = answer_code(done());
    const std::size_t refused_row = answer_code(refused(Guard::TaskExists));
    BOOST_TEST(house.state.count_of_action(start) == 1U);
    BOOST_TEST(house.state.count_of_action(spawn) == 1U);
    BOOST_TEST(house.state.count_of_answer(done_row) == 1U);
    BOOST_TEST(house.state.count_of_answer(refused_row) == 1U);
    const std::vector<TraceEvent> events = house.state.trace();
    BOOST_REQUIRE_EQUAL(events.size(), 2U);
    BOOST_TEST((events[0] == TraceEvent{spawned.ticket, spawn, done_row}));
    BOOST_TEST((events[1] == TraceEvent{spawned.ticket + 1, start, refused_row}));
    for (int i = 0; i < 200; ++i) house.state.start(unknown_task);
    BOOST_TEST(house.state.trace().size() == Instrumentation<Native>::trace_capacity);
    BOOST_TEST(house.state.trace().back().ticket == 202U);
  }
}

BOOST_AUTO_TEST_SUITE_END()
