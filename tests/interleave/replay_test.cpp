// Decisions as text, replay, simplification, and the search for uncontrolled choices.
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "models/interleave/determinism.hpp"
#include "models/interleave/explore.hpp"
#include "models/interleave/simplify.hpp"
#include "tests/interleave/helpers.hpp"

namespace quiesce::interleave {
namespace {

using Mutex = Explored::Mutex;
using Thread = Explored::Thread;
template <class T>
using Atomic = Explored::Atomic<T>;

BOOST_AUTO_TEST_CASE(decisions_have_a_text_that_parses_back) {
  for (const Decisions& decisions :
       {Decisions{}, Decisions{{0}}, Decisions{{1, 1, 1, 2, 0, 0}}, Decisions{{15, 3, 15}}}) {
    const ParsedDecisions parsed = parse_decisions(to_text(decisions));
    BOOST_TEST(parsed.error == "");
    BOOST_TEST((parsed.decisions == decisions));
  }
  BOOST_TEST(to_text({{1, 1, 1, 2, 0, 0}}) == "1x3,2,0x2");
  BOOST_TEST(to_text({}) == "-");
}

BOOST_AUTO_TEST_CASE(decisions_text_with_a_mistake_names_the_column) {
  struct Row {
    const char* text;
    const char* error;
  };
  for (const Row& row : {
           Row{"", "decisions, column 1: a thread from 0 to 15 was expected"},
           Row{"1,", "decisions, column 3: a thread from 0 to 15 was expected"},
           Row{"1,16", "decisions, column 3: a thread from 0 to 15 was expected"},
           Row{"01", "decisions, column 1: a thread from 0 to 15 was expected"},
           Row{"1x", "decisions, column 3: a run length from 2 on was expected"},
           Row{"1x1", "decisions, column 3: a run length from 2 on was expected"},
           Row{"1x02", "decisions, column 3: a run length from 2 on was expected"},
           Row{"1x99999999999999999999",
               "decisions, column 3: a run length from 2 on was expected"},
           Row{"1 2", "decisions, column 2: a comma, or the end was expected"},
           Row{"1,1", "decisions, column 3: another thread than in the run before was expected"},
           Row{"-1", "decisions, column 1: a thread from 0 to 15 was expected"},
       }) {
    const ParsedDecisions parsed = parse_decisions(row.text);
    BOOST_TEST(!parsed.decisions.has_value());
    BOOST_TEST(parsed.error == row.error);
  }
}

/// Three threads add one to a counter in two steps, a few times.
void lost_updates() {
  Atomic<int> counter(0, {.name = "counter"});
  const auto add = [&] {
    for (int i = 0; i < 3; ++i) counter.store(counter.load() + 1);
  };
  Thread first(add);
  Thread second(add);
  Thread third(add);
  first.join();
  second.join();
  third.join();
  check(counter.load() == 9, "an increment was lost");
}

BOOST_AUTO_TEST_CASE(replay_repeats_an_execution_exactly) {
  const Found found = first_failure(RandomWalk(5), lost_updates);
  BOOST_TEST_REQUIRE((found.ended.ending == Ending::CheckFailed));
  Engine engine;
  Fixed replay(found.decisions);
  const Ended again = engine.run(replay, lost_updates);
  BOOST_TEST(again.ending == found.ended.ending);
  BOOST_TEST(again.sentence == found.ended.sentence);
  BOOST_TEST(again.steps == found.ended.steps);
  BOOST_TEST(again.preemptions == found.ended.preemptions);
  BOOST_TEST((engine.decisions() == found.decisions));
  BOOST_TEST(!replay.divergence().has_value());
}

BOOST_AUTO_TEST_CASE(replay_says_at_which_decision_it_diverges) {
  Engine engine;
  Fixed impossible(Decisions{{1, 1, 9}});
  engine.run(impossible, lost_updates);
  BOOST_TEST_REQUIRE(impossible.divergence().has_value());
  BOOST_TEST(*impossible.divergence() == 2U);

  Decisions too_long{std::vector<std::uint8_t>(200, 1)};
  Fixed leftover(too_long);
  engine.run(leftover, lost_updates);
  BOOST_TEST(leftover.divergence().has_value());

  Fixed shorter(Decisions{{2, 1}});
  engine.run(shorter, lost_updates);
  BOOST_TEST(!shorter.divergence().has_value());
}

BOOST_AUTO_TEST_CASE(simplified_schedule_has_no_preemption_to_spare) {
  const auto fails = [](const Ended& ended) { return ended.ending == Ending::CheckFailed; };
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Found found = first_failure(RandomWalk(seed), lost_updates);
    BOOST_TEST_REQUIRE(fails(found.ended));
    Engine engine;
    const Simplified simple = simplify(engine, lost_updates, found.decisions, fails);
    BOOST_TEST(simple.fails);
    BOOST_TEST(simple.preemptions == 1U);
    Fixed replay(simple.decisions);
    const Ended again = engine.run(replay, lost_updates);
    BOOST_TEST(fails(again));
    BOOST_TEST(again.preemptions == 1U);
  }
}

BOOST_AUTO_TEST_CASE(simplify_says_when_the_schedule_does_not_fail) {
  Engine engine;
  const Simplified simple = simplify(engine, lost_updates, Decisions{},
                                     [](const Ended& ended) { return !ended.completed(); });
  BOOST_TEST(!simple.fails);
}

BOOST_AUTO_TEST_CASE(minimality_is_proven_only_by_a_finished_search) {
  Engine engine;
  const auto attempt = [&](BoundedExhaustive& search) {
    const Ended ended = engine.run(search, lost_updates);
    return Attempt{!ended.completed(), engine.decisions(), ended.preemptions};
  };
  const Minimality one = search_below(1, 1'000, attempt);
  BOOST_TEST(one.proven);
  BOOST_TEST(one.executions == 6U);  // the orders of three threads
  const Minimality unfinished = search_below(1, 5, attempt);
  BOOST_TEST(!unfinished.proven);
  const Minimality fewer = search_below(3, 1'000, attempt);
  BOOST_TEST(!fewer.proven);
  BOOST_TEST_REQUIRE(fewer.fewer.has_value());
  BOOST_TEST(fewer.fewer_preemptions == 1U);
}

BOOST_AUTO_TEST_CASE(uncontrolled_choice_is_found_and_only_then) {
  Engine engine;
  const Decisions decisions{{1, 2, 1}};
  BOOST_TEST(!uncontrolled_choice(engine, lost_updates, decisions).has_value());
  int left_over = 0;
  const auto remembers = [&] {
    Atomic<int> a(0, {.name = "a"});
    Atomic<int> b(0, {.name = "b"});
    ++left_over;
    if (left_over % 2 == 0) {
      a.store(1);
    } else {
      b.store(1);
    }
  };
  const auto difference = uncontrolled_choice(engine, remembers, Decisions{});
  BOOST_TEST_REQUIRE(difference.has_value());
  BOOST_TEST(*difference ==
             "operation 1 was \"thread 0 store b#1\" in one execution and \"thread 0 store a#0\" "
             "in the other");
}

BOOST_AUTO_TEST_CASE(search_notices_code_that_does_not_repeat_itself) {
  int runs = 0;
  const Searched all = search_all(BoundedExhaustive(no_bound), [&] {
    Atomic<int> a(0, {.name = "a"});
    ++runs;
    const auto add = [&] { a.fetch_add(1); };
    Thread first(add);
    if (runs % 2 == 0) first.join();
    Thread second(add);
    Thread third(add);
    if (runs % 2 != 0) first.join();
    second.join();
    third.join();
  });
  BOOST_TEST(all.diverged);
}

BOOST_AUTO_TEST_CASE(nothing_is_proven_of_code_that_does_not_repeat_itself) {
  Engine engine;
  int runs = 0;
  const Minimality below = search_below(3, 1'000, [&](BoundedExhaustive& search) {
    const bool starts_another = ++runs % 2 == 0;
    const Ended ended = engine.run(search, [&] {
      Atomic<int> a(0, {.name = "a"});
      std::vector<Thread> threads;
      for (int i = starts_another ? 0 : 1; i < 4; ++i)
        threads.emplace_back([&] { a.fetch_add(1); });
      for (Thread& thread : threads) thread.join();
    });
    return Attempt{ended.ending == Ending::CheckFailed, engine.decisions(), ended.preemptions};
  });
  BOOST_TEST(!below.proven);
  BOOST_TEST(!below.fewer.has_value());
}

BOOST_AUTO_TEST_CASE(an_execution_that_its_body_abandons_is_no_failure) {
  ExploreOptions options;
  options.executions = 30;
  const Verdict verdict = explore([] { abandon("not of interest"); }, options);
  BOOST_TEST(verdict.holds);
  BOOST_TEST(verdict.all_within_bound);
}

/// Fails if the second thread is woken first, whoever ran when.
void wakes_one_of_two() {
  Mutex mutex({.name = "A"});
  Explored::CondVar changed({.name = "changed"});
  Atomic<int> waiting(0, {.name = "waiting"});
  Atomic<int> first_woken(0, {.name = "first woken"});
  const auto wait = [&](int me) {
    const ScopedLock held(mutex);
    waiting.fetch_add(1);
    changed.wait(mutex);
    if (first_woken.load() == 0) first_woken.store(me);
  };
  Thread first([&] { wait(1); });
  Thread second([&] { wait(2); });
  while (waiting.load() < 2) Explored::yield();
  const auto wake_one = [&] {
    const ScopedLock held(mutex);
    changed.notify_one();
  };
  wake_one();
  while (first_woken.load() == 0) Explored::yield();
  wake_one();
  first.join();
  second.join();
  check(first_woken.load() == 1, "the second thread was woken first");
}

BOOST_AUTO_TEST_CASE(simplified_schedule_keeps_who_was_woken) {
  const auto fails = [](const Ended& ended) { return ended.ending == Ending::CheckFailed; };
  int with_more = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Found found = first_failure(RandomWalk(seed), wakes_one_of_two);
    BOOST_TEST_REQUIRE(fails(found.ended));
    with_more += found.ended.preemptions > 1 ? 1 : 0;
    Engine engine;
    const Simplified simple = simplify(engine, wakes_one_of_two, found.decisions, fails);
    BOOST_TEST(simple.fails);
    BOOST_TEST(simple.preemptions <= 1U);  // a loop that yields may keep one
  }
  BOOST_TEST(with_more > 3);
}

}  // namespace
}  // namespace quiesce::interleave
