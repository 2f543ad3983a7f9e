// Strategies: exact counts of what they visit, and the classic faults they find.
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "models/interleave/strategies.hpp"
#include "tests/interleave/helpers.hpp"

namespace quiesce::interleave {
namespace {

using Mutex = Explored::Mutex;
using CondVar = Explored::CondVar;
using Thread = Explored::Thread;
template <class T>
using Atomic = Explored::Atomic<T>;
template <class T>
using Var = Explored::Var<T>;

/// T threads, each N critical sections; `orders` collects who held the lock when.
struct MutexWorkload {
  unsigned threads;
  unsigned times;
  std::set<std::string>* orders = nullptr;

  void operator()() const {
    Mutex mutex({.rank = 1, .name = "A"});
    std::string order;
    run_threads(threads, [&](unsigned id) {
      for (unsigned i = 0; i < times; ++i) {
        const ScopedLock held(mutex);
        order += static_cast<char>('a' + id);
      }
    });
    if (orders != nullptr) orders->insert(order);
  }

  template <class Run>
  static void run_threads(unsigned count, Run run) {
    std::vector<Thread> started;
    for (unsigned id = 0; id < count; ++id) started.emplace_back([&run, id] { run(id); });
    for (Thread& thread : started) thread.join();
  }
};

/// T threads, each N times fetch_add, then one load; `results` collects what the threads saw.
struct AtomicWorkload {
  unsigned threads;
  unsigned times;
  std::set<std::string>* results = nullptr;

  void operator()() const {
    Atomic<unsigned> sum(0, {.name = "sum"});
    std::vector<std::string> saw(threads);
    MutexWorkload::run_threads(threads, [&](unsigned id) {
      for (unsigned i = 0; i < times; ++i) saw[id] += std::to_string(sum.fetch_add(1)) + " ";
      saw[id] += std::to_string(sum.load());
    });
    std::string result;
    for (const std::string& one : saw) result += one + "|";
    if (results != nullptr) results->insert(result);
  }
};

BOOST_AUTO_TEST_CASE(exhaustive_search_visits_every_order_of_a_mutex_once) {
  // (TN)! / (N!)^T: with a point at each lock, no two schedules have the same order.
  struct Row {
    unsigned threads, times;
    std::uint64_t schedules;
  };
  for (const Row row : {Row{2, 1, 2}, Row{2, 4, 70}, Row{3, 2, 90}, Row{3, 3, 1680}}) {
    std::set<std::string> orders;
    const Searched all =
        search_all(BoundedExhaustive(no_bound), MutexWorkload{row.threads, row.times, &orders});
    BOOST_TEST(all.completed == row.schedules);
    BOOST_TEST(orders.size() == row.schedules);
    BOOST_TEST(all.failed == 0U);
    BOOST_TEST(!all.left_out);
  }
}

BOOST_AUTO_TEST_CASE(exhaustive_search_visits_every_interleaving_of_atomics_once) {
  // (T(N+1))! / ((N+1)!)^T interleavings; figures.md's classes are the different results.
  struct Row {
    unsigned threads, times;
    std::uint64_t schedules, classes;
  };
  for (const Row row :
       {Row{2, 2, 20, 14}, Row{3, 1, 90, 36}, Row{2, 3, 70, 50}, Row{3, 2, 1680, 762}}) {
    std::set<std::string> results;
    const Searched all =
        search_all(BoundedExhaustive(no_bound), AtomicWorkload{row.threads, row.times, &results});
    BOOST_TEST(all.completed == row.schedules);
    BOOST_TEST(results.size() == row.classes);
  }
}

BOOST_AUTO_TEST_CASE(sleep_sets_complete_one_execution_of_each_class) {
  struct Row {
    unsigned threads, times;
    std::uint64_t classes;
  };
  constexpr auto sleep_sets = BoundedExhaustive::Reduction::SleepSets;
  for (const Row row :
       {Row{2, 2, 14}, Row{3, 1, 36}, Row{2, 3, 50}, Row{3, 2, 762}, Row{3, 3, 16530}}) {
    std::set<std::string> results;
    const Searched all = search_all(BoundedExhaustive(no_bound, sleep_sets),
                                    AtomicWorkload{row.threads, row.times, &results});
    BOOST_TEST(all.completed == row.classes);
    BOOST_TEST(results.size() == row.classes);
  }
  std::set<std::string> orders;
  const Searched all =
      search_all(BoundedExhaustive(no_bound, sleep_sets), MutexWorkload{3, 3, &orders});
  BOOST_TEST(all.completed == 1680U);
  BOOST_TEST(orders.size() == 1680U);
}

/// Locks, a condition variable, a try_lock and an atomic together; says what happened.
struct Mixture {
  std::set<std::string>* results;

  void operator()() const {
    Mutex mutex({.rank = 1, .name = "A"});
    CondVar changed({.name = "changed"});
    Atomic<int> counter(0, {.name = "counter"});
    Var<int> tokens(0, {.name = "tokens"});
    std::string tried;
    std::string took;
    int seen = 0;
    Thread giver([&] {
      for (int i = 0; i < 2; ++i) {
        {
          const ScopedLock held(mutex);
          tokens.write(tokens.read() + 1);
        }
        changed.notify_one();
      }
      seen = counter.fetch_add(1);
    });
    const auto take = [&](char name) {
      const ScopedLock held(mutex);
      while (tokens.read() == 0) changed.wait(mutex);
      tokens.write(tokens.read() - 1);
      took += name;
    };
    Thread taker([&] { take('x'); });
    Thread other([&] {
      counter.fetch_add(1);
      const bool taken = mutex.try_lock();
      if (taken) mutex.unlock();
      tried = taken ? "taken" : "not taken";
      take('y');
    });
    giver.join();
    taker.join();
    other.join();
    results->insert(tried + " " + took + " " + std::to_string(seen));
  }
};

BOOST_AUTO_TEST_CASE(sleep_sets_lose_no_behaviour_of_a_mixture) {
  std::set<std::string> full;
  const Searched all = search_all(BoundedExhaustive(no_bound), Mixture{&full});
  std::set<std::string> reduced;
  const Searched fewer = search_all(
      BoundedExhaustive(no_bound, BoundedExhaustive::Reduction::SleepSets), Mixture{&reduced});
  BOOST_TEST(all.failed == 0U, all.first_failure.sentence);
  // Taken or not, xy or yx, 0 or 1 seen; but with 0 seen the giver has ended before the try_lock,
  // which then fails only while x holds the lock and takes first.
  BOOST_TEST(full.size() == 7U);
  BOOST_TEST(reduced == full, boost::test_tools::per_element());
  BOOST_TEST(fewer.completed < all.completed);
}

BOOST_AUTO_TEST_CASE(preemption_bound_visits_exactly_the_schedules_within_it) {
  // Two threads of two critical sections each: 6 orders. Without preemption aabb and bbaa; one
  // preemption adds abba and baab; the other two, abab and baba, need two.
  struct Row {
    std::uint32_t bound;
    std::uint64_t schedules;
    bool left_out;
  };
  BoundedExhaustive raised(0);
  for (const Row row : {Row{0, 2, true}, Row{1, 4, true}, Row{2, 6, false}}) {
    std::set<std::string> orders;
    const Searched all = search_all(BoundedExhaustive(row.bound), MutexWorkload{2, 2, &orders});
    BOOST_TEST(all.completed == row.schedules);
    BOOST_TEST(orders.size() == row.schedules);
    BOOST_TEST(all.left_out == row.left_out);

    Engine engine;
    std::uint64_t schedules = 0;
    do {
      ++schedules;
      const Ended ended = engine.run(raised, MutexWorkload{2, 2});
      BOOST_TEST(ended.preemptions <= row.bound);
    } while (raised.advance());
    BOOST_TEST(schedules == row.schedules);
    BOOST_TEST(raised.finished());
    raised.raise_bound();
  }
}

BOOST_AUTO_TEST_CASE(notify_one_may_wake_any_waiter) {
  std::set<unsigned> woken_first;
  const Searched all = search_all(BoundedExhaustive(0), [&] {
    Mutex mutex({.rank = 1, .name = "A"});
    CondVar changed({.name = "changed"});
    Var<unsigned> waiting(0, {.name = "waiting"});
    unsigned first = 0;
    const auto wait = [&](unsigned id) {
      const ScopedLock held(mutex);
      waiting.write(waiting.read() + 1);
      changed.wait(mutex);
      if (first == 0) first = id;
      changed.notify_one();
    };
    Thread one([&] { wait(1); });
    Thread two([&] { wait(2); });
    for (unsigned ready = 0; ready < 2; Explored::yield()) {
      const ScopedLock held(mutex);
      ready = waiting.read();
    }
    changed.notify_one();
    one.join();
    two.join();
    woken_first.insert(first);
  });
  BOOST_TEST(all.failed == 0U, all.first_failure.sentence);
  BOOST_TEST((woken_first == std::set<unsigned>{1, 2}));
}

/// Reads of 0, 1, .., n in order need n + 1 switches in the middle of a thread.
template <int Needed>
void reorder() {
  Atomic<int> stage(0, {.name = "stage"});
  bool in_order = true;
  Thread writer([&] {
    for (int value = 1; value <= Needed; ++value) stage.store(value);
  });
  Thread reader([&] {
    for (int value = 1; value <= Needed; ++value) in_order &= stage.load() == value;
  });
  writer.join();
  reader.join();
  check(!in_order, "the reader saw every stage");
}

BOOST_AUTO_TEST_CASE(bounded_search_finds_a_fault_at_exactly_the_preemptions_it_needs) {
  // store 1 | load 1 | store 2 | load 2 ...: 2 (n - 1) preemptions.
  const auto needs = [](std::uint32_t preemptions, auto body) {
    const Searched below = search_all(BoundedExhaustive(preemptions - 1), body);
    BOOST_TEST(below.failed == 0U);
    BOOST_TEST(below.left_out);
    const Searched at = search_all(BoundedExhaustive(preemptions), body);
    BOOST_TEST(at.failed == 1U);
    BOOST_TEST(at.first_failure.preemptions == preemptions);
  };
  needs(2, reorder<2>);
  needs(4, reorder<3>);
}

/// A counter that is read and written in two steps.
void lost_update() {
  Atomic<int> counter(0, {.name = "counter"});
  const auto add = [&] { counter.store(counter.load() + 1); };
  Thread first(add);
  Thread second(add);
  first.join();
  second.join();
  check(counter.load() == 2, "an increment was lost");
}

/// Dekker without the second look: both are in the critical section.
void both_inside() {
  Atomic<bool> wants[2]{Atomic<bool>(false), Atomic<bool>(false)};
  Atomic<int> inside(0, {.name = "inside"});
  const auto enter = [&](int me) {
    if (wants[1 - me].load()) return;
    wants[me].store(true);
    check(inside.fetch_add(1) == 0, "two threads are in the critical section");
    inside.fetch_sub(1);
    wants[me].store(false);
  };
  Thread first([&] { enter(0); });
  Thread second([&] { enter(1); });
  first.join();
  second.join();
}

/// Three philosophers who all take the fork at their left first.
void philosophers() {
  Mutex forks[3]{Mutex({.name = "fork"}), Mutex({.name = "fork"}), Mutex({.name = "fork"})};
  MutexWorkload::run_threads(3, [&](unsigned id) {
    const ScopedLock left(forks[id]);
    const ScopedLock right(forks[(id + 1) % 3]);
  });
}

/// One condition variable for two purposes: a wake-up may go to the wrong thread.
void wrong_waiter() {
  Mutex mutex({.rank = 1, .name = "A"});
  CondVar changed({.name = "changed"});
  Var<int> items(0, {.name = "items"});
  const auto put = [&] {
    const ScopedLock held(mutex);
    while (items.read() == 1) changed.wait(mutex);
    items.write(1);
    changed.notify_one();
  };
  const auto take = [&] {
    const ScopedLock held(mutex);
    while (items.read() == 0) changed.wait(mutex);
    items.write(0);
    changed.notify_one();
  };
  MutexWorkload::run_threads(4, [&](unsigned id) { id % 2 == 0 ? put() : take(); });
}

BOOST_AUTO_TEST_CASE(every_random_strategy_finds_the_classic_faults) {
  struct Fault {
    const char* name;
    void (*body)();
    Ending ending;
  };
  constexpr std::uint64_t executions = 20'000;
  for (const Fault& fault : {Fault{"lost update", lost_update, Ending::CheckFailed},
                             Fault{"both inside", both_inside, Ending::CheckFailed},
                             Fault{"philosophers", philosophers, Ending::Deadlock},
                             Fault{"wrong waiter", wrong_waiter, Ending::Deadlock},
                             Fault{"reorder 2", reorder<2>, Ending::CheckFailed},
                             Fault{"reorder 3", reorder<3>, Ending::CheckFailed}}) {
    for (const std::string_view name : strategy_names()) {
      Engine engine;
      const std::uint32_t length = estimated_length(engine, fault.body);
      const Found found = first_failure(*make_strategy(name, 7, length), fault.body, executions);
      BOOST_TEST(found.ended.ending == fault.ending, name << " on " << fault.name << ": "
                                                          << found.ended.ending << " "
                                                          << found.ended.sentence);
    }
  }
}

BOOST_AUTO_TEST_CASE(philosophers_are_named_with_the_numbers_of_their_forks) {
  const Found found = first_failure(RandomWalk(1), philosophers);
  BOOST_TEST(found.ended.ending == Ending::Deadlock);
  BOOST_TEST(found.ended.sentence.find("fork#0") != std::string::npos, found.ended.sentence);
}

BOOST_AUTO_TEST_CASE(execution_i_is_a_function_of_the_seed_and_i) {
  for (const std::string_view name : strategy_names()) {
    Engine first_engine;
    Engine second_engine;
    AnyStrategy in_order = *make_strategy(name, 42, 20);
    AnyStrategy selected = *make_strategy(name, 42, 20);
    std::vector<Decisions> forwards;
    std::set<std::string> results;
    for (std::uint64_t i = 0; i < 50; ++i) {
      first_engine.run(in_order, Mixture{&results});
      forwards.push_back(first_engine.decisions());
    }
    for (std::uint64_t i = 50; i-- > 0;) {
      selected.select(i);
      second_engine.run(selected, Mixture{&results});
      BOOST_TEST((second_engine.decisions() == forwards[i]), name << ", execution " << i);
    }
  }
}

BOOST_AUTO_TEST_CASE(random_walk_is_the_same_on_every_machine) {
  Engine engine;
  RandomWalk walk(1);
  std::string picks;
  for (int i = 0; i < 3; ++i) {
    engine.run(walk, MutexWorkload{3, 2});
    picks += to_text(engine.decisions()) + " ";
  }
  BOOST_TEST(picks == "1,2x2,1 1,2,3x2,1 3x2,2,1x2 ");
}

BOOST_AUTO_TEST_CASE(random_walk_reaches_every_order) {
  std::set<std::string> orders;
  const Found found = first_failure(RandomWalk(3), MutexWorkload{2, 4, &orders}, 20'000);
  BOOST_TEST(found.ended.completed());
  BOOST_TEST(orders.size() == 70U);
}

BOOST_AUTO_TEST_CASE(strategy_with_an_unknown_name_does_not_exist) {
  BOOST_TEST(!make_strategy("wlak", 1, 1).has_value());
  BOOST_TEST(strategy_names().size() == 3U);
  for (const std::string_view name : strategy_names()) {
    BOOST_TEST(make_strategy(name, 1, 1).has_value());
  }
}

}  // namespace
}  // namespace quiesce::interleave
