// The order intervals: every order that is possible is carried along, and the verdicts are those of
// the search of models/refine, which looks at a whole history at once.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "models/refine/generator.hpp"
#include "models/refine/numbers.hpp"
#include "models/validate/compare.hpp"
#include "tests/validate/other_search.hpp"
#include "tests/validate/traces.hpp"

using namespace quiesce;
using namespace quiesce::validate;
using namespace quiesce::validate::traces;

namespace {

Event interval(std::uint64_t thread, std::uint64_t begin, std::uint64_t end, const char* action,
               const Answer& answer) {
  Event event;
  event.thread = thread;
  event.begin = begin;
  event.end = end;
  event.action = parse_action(action).action;
  event.answer = answer;
  return event;
}

/// A random history: each event takes effect at a moment of its own, inside its interval.
std::vector<Event> random_history(std::uint64_t seed, std::uint32_t threads, std::uint32_t length) {
  refine::Numbers numbers(refine::derived(seed, 1));
  const refine::Script script = refine::generate_sequence(seed, 0, length);
  std::vector<Event> events;
  std::vector<std::uint64_t> free_at(threads, 0);
  spec::State state = spec::initial();
  std::uint64_t moment = 10;
  for (const Action& action : script.prefix) {
    const std::size_t thread = numbers.below(threads);
    moment = std::max(moment, free_at[thread]) + 1 + numbers.below(3);
    Event event;
    event.thread = thread;
    event.action = action;
    event.answer = spec::apply(state, action);
    event.begin = std::max(free_at[thread], moment - numbers.below(6));
    event.end = moment + numbers.below(8);
    free_at[thread] = event.end;
    events.push_back(event);
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const Event& a, const Event& b) { return a.begin < b.begin; });
  return events;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(validate_intervals)

BOOST_AUTO_TEST_CASE(overlapping_events_may_take_effect_in_either_order) {
  const Answer closed = refused(Guard::RegionOpen);
  std::vector<Event> events{
      interval(1, 0, 1, "open_region(r1, r0)", done()),
      interval(1, 2, 10, "close_region(r1, Await)", done()),
      interval(2, 3, 9, "spawn(t1, r1)", closed),
  };
  BOOST_TEST((verdict_on(text_of(events, Order::Intervals)).verdict == Verdict::Allowed));
  events[2].answer = done();  // before the close
  BOOST_TEST((verdict_on(text_of(events, Order::Intervals)).verdict == Verdict::Allowed));
  events[2].begin = 11;  // after it
  events[2].end = 12;
  const Report late = verdict_on(text_of(events, Order::Intervals));
  BOOST_TEST_REQUIRE((late.verdict == Verdict::NotAllowed));
  BOOST_TEST(late.first->line == 4U);
  BOOST_TEST(late.first->id == "refine.linearizable");
  BOOST_TEST(late.first->spec_says ==
             "Refused{RegionOpen}: it is not true that the region is Open");
}

BOOST_AUTO_TEST_CASE(every_order_that_is_possible_is_carried_along) {
  // When the spawn has ended, nobody knows whether time moved before the cancel; the checkpoint
  // shows it.
  const std::vector<Event> events{
      interval(1, 0, 1, "spawn(t1, r0)", done()),
      interval(1, 2, 10, "advance_time(5)", done()),
      interval(2, 3, 5, "cancel_task(t1, User)", done_with(Changed{true})),
      interval(1, 11, 12, "checkpoint(t1)",
               done_with(Acknowledged{{CancelKind::User, 5, root_region}})),
  };
  const Report report = verdict_on(text_of(events, Order::Intervals));
  BOOST_TEST((report.verdict == Verdict::Allowed), report_text(report, 1));
  BOOST_TEST(report.counts.most_states > 1U);
  BOOST_TEST(report.counts.widest == 2U);
}

/// Before the cancel the return would have left a leak behind, and it answers otherwise: what it
/// did when it was tried there is taken back, to the last number.
BOOST_AUTO_TEST_CASE(what_was_tried_in_vain_leaves_nothing_behind) {
  const CancelReason reason{CancelKind::User, 0, root_region};
  const std::string text = text_of(
      {interval(1, 0, 1, "spawn(t1, r0)", done()), interval(1, 2, 3, "start(t1)", done()),
       interval(1, 4, 5, "reserve(o1, t1, r0, Ack)", done()),
       interval(1, 6, 20, "return(t1, Ok)", done_with(Completed{Outcome::cancelled(reason)})),
       interval(2, 7, 21, "cancel_task(t1, User)", done_with(Changed{true})),
       interval(3, 8, 10, "spawn(t2, r0)", done())},
      Order::Intervals);
  const auto with_leaks = [&](int leaks) {
    return verdict_on(text + R"({"snapshot":{"thread":4,"begin":30,"end":31,"leak_count":)" +
                      std::to_string(leaks) + "}}\n");
  };
  BOOST_TEST((with_leaks(0).verdict == Verdict::Allowed), report_text(with_leaks(0), 1));
  BOOST_TEST((with_leaks(1).verdict == Verdict::NotAllowed));
}

BOOST_AUTO_TEST_CASE(the_frontier_names_what_could_have_come_next) {
  const std::vector<Event> events{
      interval(1, 0, 1, "spawn(t1, r0)", done()),
      interval(1, 2, 10, "poll(t1)", done_with(PollGranted{})),  // never started
      interval(2, 3, 12, "checkpoint(t1)", done_with(Continue{})),
  };
  const Report report = verdict_on(text_of(events, Order::Intervals));
  BOOST_TEST_REQUIRE((report.verdict == Verdict::NotAllowed));
  BOOST_TEST(report.first->line == 3U);
  BOOST_TEST_REQUIRE(report.first->frontier.size() == 2U);
  BOOST_TEST(report.first->frontier[1].event.line == 4U);
  BOOST_TEST(report.first->frontier[1].spec_says.front() ==
             "Refused{TaskStarted}: it is not true that the task has left Created");
  BOOST_TEST(report_text(report, 1).find("what was in progress and could have come next") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(at_the_same_stamp_events_overlap_but_not_those_of_one_thread) {
  const auto text = [](std::uint64_t thread) {
    return text_of(
        {interval(1, 0, 1, "spawn(t1, r0)", done()), interval(1, 2, 5, "start(t1)", done()),
         interval(thread, 5, 6, "poll(t1)", refused(Guard::TaskStarted))},
        Order::Intervals);
  };
  BOOST_TEST((verdict_on(text(2)).verdict == Verdict::Allowed));
  BOOST_TEST((verdict_on(text(1)).verdict == Verdict::NotAllowed));
}

BOOST_AUTO_TEST_CASE(a_snapshot_is_a_look_inside_its_interval) {
  const auto text = [](const char* phase, int begin) {
    return text_of({interval(1, 0, 1, "spawn(t1, r0)", done()),
                    interval(1, 2, 10, "start(t1)", done())},
                   Order::Intervals) +
           R"({"snapshot":{"thread":2,"begin":)" + std::to_string(begin) +
           R"(,"end":20,"tasks":[{"name":"t1","phase":")" + phase + "\"}]}}\n";
  };
  BOOST_TEST((verdict_on(text("Created", 5)).verdict == Verdict::Allowed));
  BOOST_TEST((verdict_on(text("Running", 5)).verdict == Verdict::Allowed));
  BOOST_TEST((verdict_on(text("Running", 15)).verdict == Verdict::Allowed));
  const Report late = verdict_on(text("Created", 15));
  BOOST_TEST_REQUIRE((late.verdict == Verdict::NotAllowed));
  BOOST_TEST(late.first->line == 4U);
  BOOST_TEST(late.first->sentence ==
             "task t1: phase is \"Running\" in the specification, \"Created\" in the trace");
}

BOOST_AUTO_TEST_CASE(a_search_that_is_given_up_is_undecided) {
  std::vector<Event> events;
  for (std::uint64_t i = 0; i < 12; ++i)
    events.push_back(
        interval(i, 0, 100 + i, ("spawn(t" + std::to_string(i) + ", r0)").c_str(), done()));
  Options options;
  options.spending.search_budget = 200;
  const Report given_up = verdict_on(text_of(events, Order::Intervals), options);
  BOOST_TEST((given_up.verdict == Verdict::Undecided));
  BOOST_TEST(given_up.sentence.find(":2: more than 200 steps would be needed") != std::string::npos,
             given_up.sentence);
  BOOST_TEST((verdict_on(text_of(events, Order::Intervals)).verdict == Verdict::Allowed));
  for (std::uint64_t i = 12; i < 65; ++i)
    events.push_back(interval(i, 0, 100, "poll(t?)", refused(Guard::TaskExists)));
  const Report too_wide = verdict_on(text_of(events, Order::Intervals));
  BOOST_TEST((too_wide.verdict == Verdict::Undecided));
  BOOST_TEST(
      too_wide.sentence.find("more than 64 events are in progress at once") != std::string::npos,
      too_wide.sentence);
}

BOOST_AUTO_TEST_CASE(lines_are_sorted_by_their_begin_within_the_window) {
  std::vector<Event> events = small_trace();
  std::reverse(events.begin(), events.end());
  BOOST_TEST((verdict_on(text_of(events, Order::Intervals)).verdict == Verdict::Allowed));
  Options narrow;
  narrow.spending.window = 2;
  const Report report = verdict_on(text_of(events, Order::Intervals), narrow);
  BOOST_TEST((report.verdict == Verdict::BadInput));
  BOOST_TEST(report.sentence.find("sort the lines by 'begin'") != std::string::npos,
             report.sentence);
}

BOOST_AUTO_TEST_CASE(verdicts_are_those_of_the_search_over_whole_histories) {
  Agreement agreement;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    std::vector<Event> events = random_history(seed, 2 + seed % 4, 14);
    if (seed % 3 != 0) spoil(events, seed);
    agreement.ask(events, seed);
  }
  BOOST_TEST(agreement.allowed > 500U);
  BOOST_TEST(agreement.not_allowed > 300U);
}

BOOST_AUTO_TEST_CASE(what_has_ended_is_put_away_while_several_states_are_possible) {
  std::uint64_t most_states = 0;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const std::vector<Event> events = random_history(seed, 6, 600);
    const Report report = verdict_on(text_of(events, Order::Intervals));
    BOOST_TEST_REQUIRE((report.verdict == Verdict::Allowed), "seed " << seed << "\n"
                                                                     << report_text(report, 1));
    most_states = std::max(most_states, report.counts.most_states);
  }
  BOOST_TEST(most_states > 4U);
}

/// Orders multiply where many events overlap: the search is left in the middle.
BOOST_AUTO_TEST_CASE(an_interrupt_is_heard_within_one_event) {
  std::vector<Event> events{interval(1, 0, 1, "open_region(r1, r0)", done())};
  for (std::uint64_t thread = 1; thread <= 8; ++thread) {
    const std::string open = "open_region(r" + std::to_string(thread + 1) + ", r0)";
    events.push_back(interval(thread, 2 + thread, 100 + thread, open.c_str(), done()));
  }
  Options options;
  int looks = 0;
  options.go_on = [&looks](const ReadSoFar&) { return ++looks < 2; };
  const Report report = verdict_on(text_of(events, Order::Intervals), options);
  BOOST_TEST((report.verdict == Verdict::Undecided));
  BOOST_TEST(report.sentence.find("interrupted here") != std::string::npos, report.sentence);
}

BOOST_AUTO_TEST_SUITE_END()
