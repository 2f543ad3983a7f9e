// The line of waiters, by itself: slots that are used again, tickets that are not.
#include "spec/channel/waiters.hpp"

#include <boost/test/unit_test.hpp>

using namespace quiesce::channel;

namespace {

Ticket entered(Waiters& waiters, std::uint32_t who) {
  return enter(waiters, WaiterEntry{.who = who});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(waiters_rules)

// rule.waiters.enter
BOOST_AUTO_TEST_CASE(enter_takes_the_lowest_free_slot_and_the_last_place) {
  Waiters waiters;
  const Ticket first = enter(waiters, WaiterEntry{.who = 7, .generation = 3});
  const Ticket second = enter(waiters, WaiterEntry{.who = 8});
  BOOST_TEST((first == Ticket{0, 1}));
  BOOST_TEST((second == Ticket{1, 2}));
  BOOST_TEST((*entry_of(waiters, first) == WaiterEntry{7, 1, 3, Mark::None}));
  leave(waiters, first);
  const Ticket third = enter(waiters, WaiterEntry{.who = 9});
  BOOST_TEST((third == Ticket{0, 3}));  // where the first was, with an epoch of its own
  BOOST_TEST(entry_of(waiters, first) == nullptr);
  BOOST_TEST((front(waiters) == second));
}

// rule.waiters.leave
BOOST_AUTO_TEST_CASE(leave_frees_a_slot_once_and_lets_the_ticket_stand) {
  Waiters waiters;
  const Ticket first = entered(waiters, 1);
  const Ticket second = entered(waiters, 2);
  leave(waiters, second);
  BOOST_TEST(waiters.slots.size() == 1U);
  BOOST_TEST(waiters.line.size() == 2U);
  leave(waiters, second);  // stale: it frees nothing
  leave(waiters, Ticket{});
  BOOST_TEST(entry_of(waiters, first) != nullptr);
  leave(waiters, first);
  BOOST_TEST(waiters.slots.empty());
  BOOST_TEST(!has_live_waiter(waiters));
}

// rule.waiters.front
BOOST_AUTO_TEST_CASE(front_is_the_oldest_that_has_not_left) {
  Waiters waiters;
  BOOST_TEST(front(waiters).is_none());
  const Ticket first = entered(waiters, 1);
  const Ticket second = entered(waiters, 2);
  BOOST_TEST((front(waiters) == first));
  BOOST_TEST((front(waiters) == first));  // it stays
  leave(waiters, first);
  BOOST_TEST((front(waiters) == second));
  BOOST_TEST(waiters.line.size() == 1U);  // the stale ticket is gone
}

// rule.waiters.take_front
BOOST_AUTO_TEST_CASE(take_front_takes_the_ticket_and_leaves_the_slot) {
  Waiters waiters;
  const Ticket first = entered(waiters, 1);
  const Ticket second = entered(waiters, 2);
  const Ticket third = entered(waiters, 3);
  leave(waiters, first);
  BOOST_TEST((take_front(waiters) == second));
  BOOST_TEST(entry_of(waiters, second) != nullptr);
  BOOST_TEST((take_front(waiters) == third));
  BOOST_TEST(take_front(waiters).is_none());
  BOOST_TEST(waiters.line.empty());
}

BOOST_AUTO_TEST_SUITE_END()
