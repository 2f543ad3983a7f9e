// A name that stands for two entities: the implementation gave it twice, which no event of the
// specification explains.
#include <boost/test/unit_test.hpp>

#include "tests/validate/traces.hpp"

using namespace quiesce;
using namespace quiesce::validate;
using namespace quiesce::validate::traces;

namespace {

/// The events of both orders: one after the other, by threads of their own.
std::vector<Event> with(std::vector<Event> events, const std::string& action,
                        const Answer& answer) {
  Event event;
  event.ticket = events.size() + 1;
  event.thread = 9;
  event.begin = 2 * events.size();
  event.end = event.begin + 1;
  event.action = parse_action(action).action;
  event.answer = answer;
  events.push_back(event);
  return events;
}

const std::vector<Event>& some_events() {
  static const std::vector<Event> events =
      events_of({"open_region(r1, r0)", "spawn(t1, r1)", "start(t1)", "reserve(o1, t1, r1, Ack)"});
  return events;
}

void is_explained(const std::vector<Event>& events) {
  for (const Order order : {Order::Tickets, Order::Intervals}) {
    const Report report = verdict_on(text_of(events, order));
    BOOST_TEST((report.verdict == Verdict::Allowed), report_text(report, 1));
  }
}

void is_not_explained(const std::vector<Event>& events, const std::string& sentence,
                      const std::string& spec_says) {
  for (const Order order : {Order::Tickets, Order::Intervals}) {
    const Report report = verdict_on(text_of(events, order));
    BOOST_TEST_REQUIRE((report.verdict == Verdict::NotAllowed), report_text(report, 1));
    BOOST_TEST(report.first->line == events.size() + 1);
    BOOST_TEST(report.first->id == "refine.name");
    BOOST_TEST(report.first->sentence == sentence);
    BOOST_TEST(report.first->spec_says == spec_says);
    BOOST_TEST(report.counts.events == events.size() - 1);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(validate_names)

BOOST_AUTO_TEST_CASE(a_name_that_is_given_twice_is_not_explained) {
  const std::string whole_trace = "; a name stands for one entity in the whole trace";
  is_not_explained(with(some_events(), "spawn(t1, r0)", done()),
                   "t1 is the name of another task already" + whole_trace,
                   "Done, to a task with a name of its own");
  is_not_explained(with(some_events(), "defer_finalizer(t1, r0)", done()),
                   "t1 is the name of another task already" + whole_trace,
                   "Done, to a task with a name of its own");
  is_not_explained(with(some_events(), "open_region(r0, r0)", done()),
                   "r0 is the name of another region already" + whole_trace,
                   "Done, to a region with a name of its own");
  is_not_explained(with(some_events(), "reserve(o1, t1, r1, Lease)", done()),
                   "o1 is the name of another obligation already" + whole_trace,
                   "Done, to an obligation with a name of its own");
}

BOOST_AUTO_TEST_CASE(the_other_entity_and_its_creation_are_shown) {
  const Report report = verdict_on(text_of(with(some_events(), "spawn(t1, r0)", done())));
  BOOST_TEST(report_text(report, 1) ==
             "FAIL build/validate_test/trace.jsonl:6: the specification cannot explain this event\n"
             "spawn(t1, r0) answered Done   (ticket 5, thread 9)\n"
             "refine.name: t1 is the name of another task already; a name stands for one entity in "
             "the whole trace\n"
             "the specification answers Done, to a task with a name of its own\n"
             "the specification's rows before it\n"
             "  task t1: Running, owner r1\n"
             "  region r1: Open, parent r0, tasks [\"t1\"], pending_obligations 1\n"
             "  region r0: Open, children [\"r1\"]\n"
             "  now 0\n"
             "the last events on the same entities\n"
             "  line 2: open_region(r1, r0) answered Done   (ticket 1, thread 1)\n"
             "  line 3: spawn(t1, r1) answered Done   (ticket 2, thread 2)\n"
             "  line 4: start(t1) answered Done   (ticket 3, thread 1)\n"
             "  line 5: reserve(o1, t1, r1, Ack) answered Done   (ticket 4, thread 2)\n"
             "4 events before it are explained\n");
}

/// Where the specification would have refused, that is what it says.
BOOST_AUTO_TEST_CASE(a_creation_that_should_be_refused_is_said_to_be) {
  const std::vector<Event> closed = events_of({"spawn(t1, r0)", "close_region(r0, Await)"});
  const Report report = verdict_on(text_of(with(closed, "spawn(t1, r0)", done())));
  BOOST_TEST_REQUIRE((report.verdict == Verdict::NotAllowed));
  BOOST_TEST(report.first->id == "refine.answer");
  BOOST_TEST(report.first->spec_says ==
             "Refused{RegionOpen}: it is not true that the region is Open");
}

/// A refused creation created nothing: its name stands for nobody else.
BOOST_AUTO_TEST_CASE(a_refused_creation_may_say_any_name) {
  is_explained(with(some_events(), "spawn(t1, r7)", refused(Guard::RegionExists)));
  is_explained(with(some_events(), "open_region(r0, r7)", refused(Guard::RegionExists)));
  is_explained(events_of(
      {"open_region(r1, r0)", "close_region(r1, Await)", "spawn(t1, r1)", "spawn(t1, r0)"}));
  // Its answer is judged all the same.
  const Report report =
      verdict_on(text_of(with(some_events(), "spawn(t1, r0)", refused(Guard::RegionOpen))));
  BOOST_TEST_REQUIRE((report.verdict == Verdict::NotAllowed));
  BOOST_TEST(report.first->spec_says ==
             "Done: every guard holds, it is true that the region is Open");
}

/// A release is the recorder's word, but who gives a released name again is the implementation.
BOOST_AUTO_TEST_CASE(a_released_name_that_is_given_again_is_not_explained) {
  const std::vector<Event> events = small_trace();
  const std::string text = text_of(events) + R"({"released":{"after":8,"tasks":["t1"]}})"
                                             "\n";
  const auto last_of = [&](const std::string& action, const Answer& answer) {
    return line_of(with(events, action, answer).back(), Order::Tickets) + "\n";
  };
  const Report report = verdict_on(text + last_of("spawn(t1, r0)", done()));
  BOOST_TEST_REQUIRE((report.verdict == Verdict::NotAllowed), report.sentence);
  BOOST_TEST(report.first->id == "refine.name");
  BOOST_TEST(report.first->rows.front() == "task t1: Completed, owner r1");
  const Report used = verdict_on(text + last_of("start(t1)", refused(Guard::TaskCreated)));
  BOOST_TEST((used.verdict == Verdict::BadInput));
}

/// Of two that overlap it is the one whose line comes second.
BOOST_AUTO_TEST_CASE(a_name_that_is_given_to_two_at_once_is_not_explained) {
  std::vector<Event> events = with({}, "spawn(t1, r0)", done());
  events = with(events, "spawn(t1, r0)", done());
  events[0].end = 100;
  events[1].thread = 8;
  const Report report = verdict_on(text_of(events, Order::Intervals));
  BOOST_TEST_REQUIRE((report.verdict == Verdict::NotAllowed));
  BOOST_TEST(report.first->line == 3U);
  BOOST_TEST(report.first->id == "refine.name");
}

BOOST_AUTO_TEST_SUITE_END()
