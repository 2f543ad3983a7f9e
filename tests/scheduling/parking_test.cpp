// Parking: the races that the protocol is for, one by one (facts §16).
#include "spec/scheduling/parking.hpp"

#include <boost/test/unit_test.hpp>

using namespace quiesce::spec::scheduling::parking;

namespace {

struct Run {
  State s{.worker_count = 2,
          .publisher_count = 2,
          .to_publish = 4,
          .may_fail = 1,
          .timer_allowed = true,
          .shutdown_allowed = true};

  void does(const Action& action) {
    BOOST_TEST(apply(s, action), to_text(action) << " cannot be done");
    for (const auto& row : invariants()) {
      const Violation found = row.violated(s);
      BOOST_TEST(!found.has_value(), row.id << ": " << found.value_or(""));
    }
  }
  void cannot(const Action& action) {
    const State before = s;
    BOOST_TEST(!apply(s, action), to_text(action));
    BOOST_TEST((s == before));
  }
  [[nodiscard]] At at(std::size_t worker) const { return s.workers[worker].at; }

  void commits(std::uint8_t worker) {
    does(Look{worker});
    does(Announce{worker});
    does(Recheck{worker});
  }
  void publishes(std::uint8_t publisher) {
    does(Bring{publisher, Brings::Global});
    does(Enqueue{publisher});
    does(Publish{publisher});
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(parking_rules)

BOOST_AUTO_TEST_CASE(work_that_comes_after_the_announcement_is_seen_by_the_second_look) {
  Run run;
  run.does(Look{0});
  run.does(Announce{0});
  run.publishes(0);
  run.does(Recheck{0});
  BOOST_TEST((run.at(0) == At::Looking));
}

BOOST_AUTO_TEST_CASE(permit_that_comes_before_the_sleep_is_used_instead_of_it) {
  Run run;
  run.commits(0);
  run.publishes(0);
  run.does(Unpark{0});
  run.does(Sleep{0});
  BOOST_TEST((run.at(0) == At::Looking));
  BOOST_TEST(!run.s.workers[0].permit);
}

// rule.park.wake_up
BOOST_AUTO_TEST_CASE(sleeper_is_woken_and_uses_its_permit) {
  Run run;
  run.commits(0);
  run.does(Sleep{0});
  run.publishes(0);
  run.cannot(WakeUp{0});
  run.does(Unpark{0});
  run.does(WakeUp{0});
  BOOST_TEST((!run.s.workers[0].permit && !run.s.workers[0].waiting));
  run.does(Look{0});
  run.does(Dequeue{0});
  BOOST_TEST((run.at(0) == At::Busy));
}

BOOST_AUTO_TEST_CASE(scan_passes_over_a_busy_worker) {
  Run run;
  run.publishes(0);
  run.does(Look{0});
  run.does(Dequeue{0});
  run.commits(1);
  run.does(Sleep{1});
  run.does(Unpark{0});  // the first scan goes on: nobody waits at w0
  run.does(Unpark{0});
  run.does(WakeUp{1});
  run.publishes(0);
  BOOST_TEST((run.at(0) == At::Busy));
}

BOOST_AUTO_TEST_CASE(worker_that_takes_its_own_work_hands_the_global_work_on) {
  Run run;
  run.commits(1);
  run.does(Sleep{1});
  run.publishes(0);
  run.does(Bring{1, Brings::Local, 0});
  run.does(Look{0});
  BOOST_TEST((run.at(0) == At::HandingOn));
  run.does(HandOn{0});
  run.does(HandOn{0});
  BOOST_TEST((run.at(0) == At::Busy));
  BOOST_TEST((run.at(1) == At::Woken));
}

BOOST_AUTO_TEST_CASE(own_work_gives_the_permit_to_its_worker_even_if_that_is_awake) {
  Run run;
  run.does(Bring{0, Brings::Local, 1});
  run.does(Unpark{0});
  BOOST_TEST(run.s.workers[1].permit);
  run.does(Look{1});
  BOOST_TEST((run.at(1) == At::Busy));
}

BOOST_AUTO_TEST_CASE(failed_dequeue_gives_its_credit_back) {
  Run run;
  run.publishes(0);
  run.does(Look{0});
  BOOST_TEST(int{run.s.published} == 0);
  run.does(Dequeue{0, true});
  BOOST_TEST(int{run.s.published} == 1);
  run.does(Look{0});
  run.cannot(Dequeue{0, true});
  run.does(Dequeue{0});
  BOOST_TEST(int{run.s.length} == 0);
  BOOST_TEST(int{run.s.hint} == 0);
}

// rule.park.enqueue, rule.park.publish
BOOST_AUTO_TEST_CASE(entry_is_counted_then_there_then_seen) {
  Run run;
  run.does(Bring{0, Brings::Global});
  BOOST_TEST((int{run.s.hint} == 1 && int{run.s.length} == 0 && int{run.s.published} == 0));
  run.does(Enqueue{0});
  BOOST_TEST((int{run.s.length} == 1 && int{run.s.published} == 0));
  run.does(Look{0});
  BOOST_TEST((run.at(0) == At::Parking));  // nobody may count on it yet
  run.does(Publish{0});
  BOOST_TEST((int{run.s.length} == 1 && int{run.s.published} == 1));
  run.does(Look{1});
  BOOST_TEST((run.at(1) == At::Reserved));
}

// rule.park.finish_work
BOOST_AUTO_TEST_CASE(worker_whose_poll_returned_looks_again) {
  Run run;
  run.publishes(0);
  run.does(Look{0});
  run.does(Dequeue{0});
  BOOST_TEST((run.at(0) == At::Busy));
  run.does(FinishWork{0});
  BOOST_TEST((run.at(0) == At::Looking));
}

// rule.park.tick, rule.park.time_out
BOOST_AUTO_TEST_CASE(sleeper_with_a_timeout_fires_the_timer) {
  Run run;
  run.does(Bring{0, Brings::Timer});
  run.commits(0);
  run.does(Sleep{0});
  run.cannot(TimeOut{0});
  run.does(Tick{});
  run.cannot(Tick{});  // the clock passes a timer once
  run.does(TimeOut{0});
  BOOST_TEST((!run.s.workers[0].waiting && !run.s.workers[0].has_timeout));
  run.does(Look{0});
  BOOST_TEST((run.at(0) == At::Busy));
  BOOST_TEST(!run.s.timer_pending);
}

BOOST_AUTO_TEST_CASE(end_wakes_everybody) {
  Run run;
  for (const std::uint8_t worker : {std::uint8_t{0}, std::uint8_t{1}}) {
    run.commits(worker);
    run.does(Sleep{worker});
  }
  run.does(Bring{0, Brings::Shutdown});
  run.does(Unpark{0});
  run.does(Unpark{0});
  for (const std::uint8_t worker : {std::uint8_t{0}, std::uint8_t{1}}) {
    run.does(WakeUp{worker});
    run.does(Look{worker});
    BOOST_TEST((run.at(worker) == At::Exited));
  }
  BOOST_TEST(is_at_rest(run.s));
}

// rule.park.step
BOOST_AUTO_TEST_CASE(step_leaves_all_others_where_they_are) {
  Run run;
  run.commits(1);
  const State before = run.s;
  BOOST_TEST(apply(run.s, Look{0}));
  BOOST_TEST((run.s.workers[1] == before.workers[1]));
  BOOST_TEST((run.s.publishers == before.publishers));
  BOOST_TEST(!apply(run.s, Look{0}));  // it looked
}

BOOST_AUTO_TEST_CASE(steps_that_are_not_next_cannot_be_done) {
  Run run;
  for (const Action& action :
       {Action{Dequeue{0}}, Action{HandOn{0}}, Action{FinishWork{0}}, Action{Announce{0}},
        Action{Recheck{0}}, Action{Sleep{0}}, Action{WakeUp{0}}, Action{TimeOut{0}},
        Action{Enqueue{0}}, Action{Publish{0}}, Action{Unpark{0}}, Action{Tick{}}, Action{Look{2}},
        Action{Bring{2, Brings::Global}}, Action{Bring{0, Brings::Local, 2}}}) {
    run.cannot(action);
  }
  run.s.to_publish = 0;
  run.cannot(Bring{0, Brings::Global});
  run.s.timer_allowed = run.s.shutdown_allowed = false;
  run.cannot(Bring{0, Brings::Timer});
  run.cannot(Bring{0, Brings::Shutdown});
}

BOOST_AUTO_TEST_SUITE_END()
