// Threads that stand still inside an operation: the orders that are possible explode, the search
// does not, and its verdicts are those of the search of models/refine. And the budget over a whole
// trace.
#include "tests/validate/stalls.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/validate/other_search.hpp"
#include "tests/validate/traces.hpp"

using namespace quiesce;
using namespace quiesce::validate;
using namespace quiesce::validate::traces;

namespace {

/// A few threads that stand still in the middle of what a quick one does, all at once.
std::vector<Event> spawns_in_progress(std::uint64_t count) {
  std::vector<Event> events;
  for (std::uint64_t i = 0; i < count; ++i) {
    Event event;
    event.thread = i;
    event.begin = 0;
    event.end = 100 + i;
    event.action = Spawn{TaskName{static_cast<std::uint32_t>(i)}, root_region};
    event.answer = done();
    events.push_back(event);
  }
  return events;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(validate_stalls)

/// Before the possibilities that others lead to were dropped, each stalled thread doubled them:
/// twelve took 57 million steps for 2,000 events, and 8 that are always inside 4 million.
BOOST_AUTO_TEST_CASE(stalled_threads_cost_a_few_steps_an_event) {
  struct Case {
    Stalls stalls;
    std::uint64_t most_steps_an_event;
  };
  for (const Case& one : {Case{{1, 3, 1000}, 10}, Case{{4, 3, 200}, 100}, Case{{8, 3, 200}, 100},
                          Case{{30, 3, 1000}, 200}, Case{{0, 4, 1, true}, 400}}) {
    const std::vector<Event> events = stalled_history(1, 2000, one.stalls);
    const Report report = verdict_on(text_of(events, Order::Intervals));
    BOOST_TEST((report.verdict == Verdict::Allowed), report_text(report, 1));
    BOOST_TEST(report.counts.steps < one.most_steps_an_event * events.size(),
               report_text(report, 1) << one.stalls.slow_threads << " slow threads, "
                                      << report.counts.steps << " steps");
    BOOST_TEST(report.counts.widest > one.stalls.slow_threads / 2);
  }
}

BOOST_AUTO_TEST_CASE(verdicts_on_stalled_histories_are_those_of_the_other_search) {
  Agreement agreement;
  std::uint64_t most_states = 0;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    const auto few = static_cast<std::uint32_t>(2 + seed % 3);
    const Stalls stalls = seed % 2 == 0 ? Stalls{0, few + 2, 1, true} : Stalls{few, 1, 8};
    std::vector<Event> events = stalled_history(seed, 14, stalls);
    if (seed % 3 != 0) spoil(events, seed);
    most_states = std::max(most_states, agreement.ask(events, seed).counts.most_states);
  }
  BOOST_TEST(agreement.allowed > 500U);
  BOOST_TEST(agreement.not_allowed > 200U);
  BOOST_TEST(most_states > 4U);
}

/// Nothing that any order explains may be lost: long histories, with rows that come and go.
BOOST_AUTO_TEST_CASE(long_stalled_histories_are_allowed) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Stalls stalls = seed % 2 == 0 ? Stalls{3, 2, 50} : Stalls{0, 4, 1, true};
    const std::vector<Event> events = stalled_history(seed, 400, stalls);
    const Report report = verdict_on(text_of(events, Order::Intervals));
    BOOST_TEST((report.verdict == Verdict::Allowed), "seed " << seed << "\n"
                                                             << report_text(report, 1));
  }
}

/// At the first end every set of the others is tried, after it one possibility is left.
BOOST_AUTO_TEST_CASE(what_commutes_leaves_one_possibility) {
  const Report report = verdict_on(text_of(spawns_in_progress(10), Order::Intervals));
  BOOST_TEST((report.verdict == Verdict::Allowed));
  BOOST_TEST(report.counts.most_states == 1U);
  BOOST_TEST(report.counts.steps > 512U);
}

BOOST_AUTO_TEST_CASE(the_budget_of_the_whole_trace_names_the_event_and_the_remedy) {
  const std::string text = text_of(spawns_in_progress(8), Order::Intervals);
  Options options;
  const Report whole = verdict_on(text, options);
  BOOST_TEST_REQUIRE((whole.verdict == Verdict::Allowed));
  options.spending.budget_in_all = whole.counts.steps;
  BOOST_TEST((verdict_on(text, options).verdict == Verdict::Allowed));
  options.spending.budget_in_all = whole.counts.steps - 1;
  const Report report = verdict_on(text, options);
  BOOST_TEST((report.verdict == Verdict::Undecided));
  BOOST_TEST(report.sentence ==
             "build/validate_test/trace.jsonl:9: the whole trace took more than " +
                 std::to_string(whole.counts.steps - 1).insert(1, ",") +
                 " steps, at the end of spawn(t7, r0) answered Done, where 1 event is in "
                 "progress; --budget-in-all takes more, and tickets need none");
  BOOST_TEST(report.counts.events == 7U);
  // No single event is too long: only the budget of the whole trace stops it.
  BOOST_TEST(whole.counts.steps < Spending{}.search_budget);
}

BOOST_AUTO_TEST_SUITE_END()
