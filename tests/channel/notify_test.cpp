// The rules of notify, one guard and one effect at a time.
#include "tests/channel/helpers.hpp"

using namespace quiesce;
using namespace quiesce::channel;
using quiesce::channel_tests::step;

namespace {

constexpr WaiterName w0{0};
constexpr WaiterName w1{1};
constexpr WaiterName w2{2};

void wait(Notify& s, WaiterName name) {
  step(s, CreateFuture{name}, "Done");
  step(s, PollFuture{name}, "Done{NotReady}");
  step(s, RegisterFuture{name}, "Done{Pending}");
}
void wake_and_poll(Notify& s, WaiterName name, const std::string& expected) {
  step(s, DeliverWake{name}, "Done");
  step(s, PollFuture{name}, expected);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(notify)

BOOST_AUTO_TEST_CASE(create_is_refused_for_a_name_that_was_used) {
  Notify s;
  step(s, CreateFuture{w0}, "Done");
  step(s, CreateFuture{w0}, "Refused{FutureNew}");
}

BOOST_AUTO_TEST_CASE(poll_is_refused_without_a_live_future_between_polls) {
  Notify s;
  step(s, PollFuture{w0}, "Refused{FutureExists}");
  step(s, CreateFuture{w0}, "Done");
  step(s, PollFuture{w0}, "Done{NotReady}");
  step(s, PollFuture{w0}, "Refused{FutureBetweenPolls}");
  step(s, RegisterFuture{w0}, "Done{Pending}");
  step(s, PollFuture{w0}, "Done{Pending}");
  step(s, NotifyOne{}, "Done{Chosen w0}");
  step(s, PollFuture{w0}, "Done{Notified One}");
  step(s, PollFuture{w0}, "Refused{FutureLive}");
}

BOOST_AUTO_TEST_CASE(register_is_refused_unless_the_future_is_looking) {
  Notify s;
  step(s, RegisterFuture{w0}, "Refused{FutureExists}");
  step(s, CreateFuture{w0}, "Done");
  step(s, RegisterFuture{w0}, "Refused{FutureLooking}");
}

BOOST_AUTO_TEST_CASE(drop_is_refused_in_the_middle_of_a_poll_and_after_the_end) {
  Notify s;
  step(s, DropFuture{w0}, "Refused{FutureExists}");
  step(s, CreateFuture{w0}, "Done");
  step(s, PollFuture{w0}, "Done{NotReady}");
  step(s, DropFuture{w0}, "Refused{FutureBetweenPolls}");
  step(s, RegisterFuture{w0}, "Done{Pending}");
  step(s, DropFuture{w0}, "Done");
  step(s, DropFuture{w0}, "Refused{FutureLive}");
}

BOOST_AUTO_TEST_CASE(wake_is_refused_unless_one_is_pending) {
  Notify s;
  step(s, DeliverWake{w0}, "Refused{FutureExists}");
  wait(s, w0);
  step(s, DeliverWake{w0}, "Refused{WakePending}");
  step(s, NotifyOne{}, "Done{Chosen w0}");
  step(s, DeliverWake{w0}, "Done");
  step(s, DeliverWake{w0}, "Refused{WakePending}");
}

// rule.notify.pass_on
BOOST_AUTO_TEST_CASE(permit_is_stored_without_a_waiter_and_taken_by_the_next_poll) {
  Notify s;
  step(s, NotifyOne{}, "Done{Stored}");
  step(s, NotifyOne{}, "Done{Stored}");
  step(s, CreateFuture{w0}, "Done");
  step(s, PollFuture{w0}, "Done{Notified Permit}");
  BOOST_TEST(s.permits == 1U);
}

BOOST_AUTO_TEST_CASE(register_takes_a_permit_that_was_stored_after_the_look) {
  Notify s;
  step(s, CreateFuture{w0}, "Done");
  step(s, PollFuture{w0}, "Done{NotReady}");
  step(s, NotifyOne{}, "Done{Stored}");
  step(s, RegisterFuture{w0}, "Done{Notified Permit}");
}

BOOST_AUTO_TEST_CASE(register_sees_a_broadcast_that_came_after_the_look) {
  Notify s;
  step(s, CreateFuture{w0}, "Done");
  step(s, PollFuture{w0}, "Done{NotReady}");
  step(s, NotifyWaiters{}, "Done{Reached 0}");
  step(s, RegisterFuture{w0}, "Done{Notified Broadcast}");
}

BOOST_AUTO_TEST_CASE(notify_one_chooses_the_waiters_in_the_order_in_which_they_came) {
  Notify s;
  wait(s, w1);
  wait(s, w0);
  step(s, NotifyOne{}, "Done{Chosen w1}");
  step(s, NotifyOne{}, "Done{Chosen w0}");
  wake_and_poll(s, w0, "Done{Notified One}");
  wake_and_poll(s, w1, "Done{Notified One}");
}

BOOST_AUTO_TEST_CASE(a_slot_taken_again_does_not_inherit_its_place_in_the_line) {
  Notify s;
  wait(s, w0);
  wait(s, w1);
  step(s, DropFuture{w0}, "Done");
  wait(s, w2);
  BOOST_TEST(find(s, w2)->ticket.slot == 0U);  // where w0 was, in front of w1
  step(s, NotifyOne{}, "Done{Chosen w1}");
}

BOOST_AUTO_TEST_CASE(broadcast_reaches_every_older_future_and_stores_nothing) {
  Notify s;
  wait(s, w0);
  step(s, CreateFuture{w1}, "Done");
  step(s, NotifyWaiters{}, "Done{Reached 1}");
  step(s, CreateFuture{w2}, "Done");
  step(s, PollFuture{w1}, "Done{Notified Broadcast}");
  step(s, PollFuture{w2}, "Done{NotReady}");
  wake_and_poll(s, w0, "Done{Notified Broadcast}");
}

// rule.notify.pass_on
BOOST_AUTO_TEST_CASE(a_chosen_waiter_that_is_dropped_hands_its_notification_on) {
  Notify s;
  wait(s, w0);
  wait(s, w1);
  step(s, NotifyOne{}, "Done{Chosen w0}");
  step(s, DropFuture{w0}, "Done{Chosen w1}");
  step(s, DropFuture{w1}, "Done{Stored}");
  BOOST_TEST(s.permits == 1U);
}

BOOST_AUTO_TEST_CASE(a_notification_that_a_broadcast_covered_is_not_handed_on) {
  Notify s;
  wait(s, w0);
  step(s, NotifyOne{}, "Done{Chosen w0}");
  step(s, NotifyWaiters{}, "Done{Reached 0}");
  wait(s, w1);
  step(s, DropFuture{w0}, "Done");
  BOOST_TEST(s.permits == 0U);
  step(s, PollFuture{w1}, "Done{Pending}");
}

BOOST_AUTO_TEST_CASE(a_waiter_chosen_before_a_broadcast_says_that_it_was_covered) {
  Notify s;
  wait(s, w0);
  step(s, NotifyOne{}, "Done{Chosen w0}");
  step(s, NotifyWaiters{}, "Done{Reached 0}");
  wake_and_poll(s, w0, "Done{Notified Covered}");
}

BOOST_AUTO_TEST_CASE(a_dropped_waiter_that_was_not_chosen_hands_nothing_on) {
  Notify s;
  wait(s, w0);
  wait(s, w1);
  step(s, DropFuture{w0}, "Done");
  step(s, PollFuture{w1}, "Done{Pending}");
  BOOST_TEST(s.permits == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
