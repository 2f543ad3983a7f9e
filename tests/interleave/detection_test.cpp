// Each kind of finding: a tiny program that has the fault, and its twin that has not.
#include <boost/test/unit_test.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

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

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;

/// Every schedule of the body ends well.
template <class Body>
void expect_silence(Body body) {
  const Searched all = search_all(BoundedExhaustive(no_bound), body);
  BOOST_TEST(all.failed == 0U, all.first_failure.sentence);
  BOOST_TEST(all.completed > 0U);
}

/// Some schedule ends so, with a sentence that says so.
template <class Body>
void expect_finding(Body body, Ending ending, const std::string& sentence) {
  const Searched all = search_all(BoundedExhaustive(no_bound), body);
  BOOST_TEST(all.failed > 0U);
  BOOST_TEST(all.first_failure.ending == ending);
  BOOST_TEST(all.first_failure.sentence == sentence);
}

/// Two threads take two locks; `second_order` says in which order the second one does.
void two_locks(bool same_order, int rank_a, int rank_b) {
  Mutex a({.rank = rank_a, .name = "A"});
  Mutex b({.rank = rank_b, .name = "B"});
  Thread first([&] {
    const ScopedLock hold_a(a);
    const ScopedLock hold_b(b);
  });
  Thread second([&] {
    const ScopedLock hold_1(same_order ? a : b);
    const ScopedLock hold_2(same_order ? b : a);
  });
  first.join();
  second.join();
}

BOOST_AUTO_TEST_CASE(deadlock_names_the_cycle_of_threads_and_locks) {
  EngineOptions options;
  options.predict_lock_cycles = false;
  const Found found = first_failure(
      RandomWalk(1), [] { two_locks(false, 0, 0); }, 1'000, options);
  BOOST_TEST(found.ended.ending == Ending::Deadlock);
  BOOST_TEST(found.ended.sentence ==
             "thread 1 holds A and waits for B, which thread 2 holds; thread 2 holds B and waits "
             "for A, which thread 1 holds");
}

BOOST_AUTO_TEST_CASE(deadlock_is_not_reported_for_locks_in_one_order) {
  expect_silence([] { two_locks(true, 0, 0); });
  expect_silence([] { two_locks(true, 1, 2); });
}

BOOST_AUTO_TEST_CASE(lock_cycle_is_predicted_in_a_run_that_did_not_deadlock) {
  Engine engine;
  Fixed nobody_preempted;
  const Ended ended = engine.run(nobody_preempted, [] { two_locks(false, 0, 0); });
  BOOST_TEST(ended.ending == Ending::RankInversion);
  BOOST_TEST(ended.sentence ==
             "thread 2 locks A while it holds B, and thread 1 took them in the other order: the "
             "two can deadlock");
}

/// Opposite orders under one common lock, or one after the other, cannot deadlock.
void opposite_orders(bool under_a_gate) {
  Mutex gate({.name = "gate"});
  Mutex a({.name = "A"});
  Mutex b({.name = "B"});
  const auto lock_both = [&](Mutex& outer, Mutex& inner) {
    if (under_a_gate) gate.lock();
    {
      const ScopedLock hold_outer(outer);
      const ScopedLock hold_inner(inner);
    }
    if (under_a_gate) gate.unlock();
  };
  Thread first([&] { lock_both(a, b); });
  if (!under_a_gate) first.join();
  Thread second([&] { lock_both(b, a); });
  if (under_a_gate) first.join();
  second.join();
}

BOOST_AUTO_TEST_CASE(lock_cycle_is_not_predicted_under_a_gate_or_across_a_join) {
  expect_silence([] { opposite_orders(true); });
  expect_silence([] { opposite_orders(false); });
}

/// What one thread does with two locks: takes them in an order, perhaps inside the gate.
struct Section {
  bool a_first;
  bool gated;
};

/// Thread 0 before it starts the others, then each of them, as nobody preempts anybody.
Ended sections(std::vector<Section> alone, std::vector<std::vector<Section>> threads) {
  Engine engine;
  Fixed nobody_preempted;
  return engine.run(nobody_preempted, [&] {
    Mutex gate({.name = "gate"});
    Mutex a({.name = "A"});
    Mutex b({.name = "B"});
    const auto run = [&](const std::vector<Section>& sections) {
      for (const auto& [a_first, gated] : sections) {
        if (gated) gate.lock();
        {
          const ScopedLock outer(a_first ? a : b);
          const ScopedLock inner(a_first ? b : a);
        }
        if (gated) gate.unlock();
      }
    };
    run(alone);
    std::vector<Thread> started;
    for (const auto& sections : threads) started.emplace_back([&run, &sections] { run(sections); });
    if (started.size() == 1) run(alone);
    for (Thread& thread : started) thread.join();
  });
}

BOOST_AUTO_TEST_CASE(lock_order_is_remembered_with_every_gate_and_every_time) {
  const Section forwards{true, false};
  const Section forwards_gated{true, true};
  const Section backwards{false, false};
  const Section backwards_gated{false, true};
  // The thread that took them inside the gate takes them outside, too.
  BOOST_TEST(sections({}, {{forwards_gated, forwards}, {backwards_gated}}).ending ==
             Ending::RankInversion);
  BOOST_TEST(sections({}, {{forwards_gated}, {backwards, backwards_gated}}).ending ==
             Ending::RankInversion);
  BOOST_TEST(sections({}, {{forwards_gated, forwards_gated}, {backwards_gated}}).completed());
  // Before the other thread started, the order was none of its business; afterwards it is.
  BOOST_TEST(sections({forwards}, {{backwards}}).ending == Ending::RankInversion);
  BOOST_TEST(sections({forwards}, {{backwards}, {}}).completed());
}

BOOST_AUTO_TEST_CASE(rank_inversion_is_reported_without_a_deadlock) {
  const auto one_thread = [](int first_rank, int second_rank) {
    return [=] {
      Mutex a({.rank = first_rank, .name = "A"});
      Mutex b({.rank = second_rank, .name = "B"});
      const ScopedLock hold_a(a);
      const ScopedLock hold_b(b);
    };
  };
  expect_finding(one_thread(2, 1), Ending::RankInversion,
                 "thread 0 locks B of rank 1 while it holds A of rank 2");
  expect_finding(one_thread(2, 2), Ending::RankInversion,
                 "thread 0 locks B of rank 2 while it holds A of rank 2");
  expect_silence(one_thread(1, 2));
  expect_silence(one_thread(0, 2));
  expect_silence(one_thread(2, 0));
}

BOOST_AUTO_TEST_CASE(rank_is_remembered_when_locks_are_released_out_of_order) {
  const auto body = [](bool inverted) {
    return [=] {
      Mutex a({.rank = 1, .name = "A"});
      Mutex b({.rank = 2, .name = "B"});
      Mutex c({.rank = 3, .name = "C"});
      a.lock();
      b.lock();
      a.unlock();
      if (inverted) {
        a.lock();
      } else {
        c.lock();
        c.unlock();
      }
      b.unlock();
    };
  };
  expect_finding(body(true), Ending::RankInversion,
                 "thread 0 locks A of rank 1 while it holds B of rank 2");
  expect_silence(body(false));
}

/// A thread waits for a flag that another one sets, with or without holding the lock to set it.
void wait_for_flag(bool look_again) {
  Mutex mutex({.rank = 1, .name = "mutex of the flag"});
  CondVar changed({.name = "changed"});
  Var<bool> flag(false, {.name = "flag"});
  Thread waiter([&] {
    const ScopedLock held(mutex);
    if (look_again) {
      while (!flag.read()) changed.wait(mutex);
    } else {
      changed.wait(mutex);
    }
  });
  {
    const ScopedLock held(mutex);
    flag.write(true);
  }
  changed.notify_one();
  waiter.join();
}

BOOST_AUTO_TEST_CASE(lost_wakeup_is_a_deadlock_that_says_so) {
  expect_finding([] { wait_for_flag(false); }, Ending::Deadlock,
                 "thread 0 waits for the end of thread 1; thread 1 waits on changed; nobody is "
                 "left to notify: a wake-up was lost or never sent");
  expect_silence([] { wait_for_flag(true); });
}

BOOST_AUTO_TEST_CASE(waiting_with_a_later_lock_held_is_a_rank_inversion) {
  const auto body = [](bool later) {
    return [=] {
      Mutex first({.rank = 1, .name = "first"});
      Mutex second({.rank = 2, .name = "second"});
      CondVar changed({.name = "changed"});
      Var<bool> flag(false, {.name = "flag"});
      Thread waiter([&] {
        const ScopedLock hold_first(first);
        const ScopedLock hold_second(second);
        while (!flag.read()) changed.wait(later ? first : second);
      });
      {
        const ScopedLock held(later ? first : second);
        flag.write(true);
      }
      changed.notify_all();
      waiter.join();
    };
  };
  const Searched all = search_all(BoundedExhaustive(no_bound), body(true));
  BOOST_TEST(all.first_failure.ending == Ending::RankInversion);
  BOOST_TEST(all.first_failure.sentence ==
             "thread 1 waits on changed and will lock first of rank 1 again while it holds a lock "
             "of rank 2");
  expect_silence(body(false));
}

/// Thread 0 waits with M; X is taken before it or, by try_lock, after it, and let go before the
/// wait or after it.
Ended waits_beside(int rank_m, int rank_x, bool x_first, bool lets_x_go) {
  Engine engine;
  Fixed nobody_preempted;
  return engine.run(nobody_preempted, [&] {
    Mutex m({.rank = rank_m, .name = "M"});
    Mutex x({.rank = rank_x, .name = "X"});
    CondVar changed({.name = "changed"});
    Thread waker([&] {
      const ScopedLock held(m);
      changed.notify_one();
    });
    (x_first ? x : m).lock();
    check((x_first ? m : x).try_lock(), "nobody else has come so far");
    if (lets_x_go) x.unlock();
    changed.wait(m);
    if (!lets_x_go) x.unlock();
    m.unlock();
    waker.join();
  });
}

BOOST_AUTO_TEST_CASE(waiting_is_judged_by_the_locks_that_are_still_held) {
  BOOST_TEST(waits_beside(2, 1, false, false).completed());
  BOOST_TEST(waits_beside(1, 2, true, true).completed());  // M was taken inside X
  BOOST_TEST(waits_beside(1, 0, true, false).completed());
  BOOST_TEST(waits_beside(2, 2, false, false).ending == Ending::RankInversion);
}

BOOST_AUTO_TEST_CASE(who_was_thrown_out_of_a_wait_does_not_wait_any_more) {
  expect_finding(
      [] {
        Mutex mutex({.name = "A"});
        CondVar changed({.name = "changed"});
        Atomic<int> steps(0, {.name = "steps"});
        Thread waiter([&] {
          const ScopedLock held(mutex);
          changed.wait(mutex);
        });
        waiter.join();
        changed.notify_all();
        for (int i = 0; i < 1'000; ++i) steps.fetch_add(1);
      },
      Ending::Deadlock,
      "thread 0 waits for the end of thread 1; thread 1 waits on changed; nobody is left to "
      "notify: a wake-up was lost or never sent");
}

BOOST_AUTO_TEST_CASE(thread_holds_so_many_locks_and_no_more) {
  const auto body = [](bool tries) {
    return [=] {
      std::vector<std::unique_ptr<Mutex>> mutexes;
      for (unsigned i = 0; i <= max_held_locks; ++i)
        mutexes.push_back(std::make_unique<Mutex>(LockInfo{.name = "one of many"}));
      for (unsigned i = 0; i < max_held_locks; ++i) mutexes[i]->lock();
      if (tries) {
        check(!mutexes.back()->try_lock(), "there is no room for another lock");
      } else {
        mutexes.back()->lock();
      }
      for (unsigned i = 0; i < max_held_locks; ++i) mutexes[i]->unlock();
    };
  };
  expect_silence(body(true));
  expect_finding(body(false), Ending::Misuse, "thread 0 holds more than 32 locks");
}

BOOST_AUTO_TEST_CASE(misuse_of_a_mutex_is_reported) {
  expect_finding(
      [] {
        Mutex mutex({.name = "A"});
        mutex.lock();
        mutex.lock();
      },
      Ending::Misuse, "thread 0 locks A, which it holds already");
  expect_finding(
      [] {
        Mutex mutex({.name = "A"});
        mutex.unlock();
      },
      Ending::Misuse, "thread 0 unlocks A, which nobody holds");
  expect_finding(
      [] {
        Mutex mutex({.name = "A"});
        mutex.lock();
        Thread other([&] { mutex.unlock(); });
        other.join();
        mutex.unlock();
      },
      Ending::Misuse, "thread 1 unlocks A, which thread 0 holds");
  expect_finding(
      [] {
        Mutex mutex({.name = "A"});
        CondVar changed({.name = "changed"});
        changed.wait(mutex);
      },
      Ending::Misuse, "thread 0 waits on changed without holding A");
}

BOOST_AUTO_TEST_CASE(lock_held_at_exit_is_reported) {
  expect_finding(
      [] {
        Mutex mutex({.name = "A"});
        Thread other([&] { mutex.lock(); });
        other.join();
      },
      Ending::LockHeldAtExit, "thread 1 ended while it held A");
  expect_finding(
      [] {
        Mutex mutex({.name = "A"});
        mutex.lock();
      },
      Ending::LockHeldAtExit, "A was destroyed while thread 0 held it");
  expect_silence([] {
    Mutex mutex({.name = "A"});
    Thread other([&] {
      mutex.lock();
      mutex.unlock();
    });
    other.join();
  });
}

/// Two threads add one to a sum, each under a lock; under the same one or not.
void add_twice(bool same_lock) {
  Mutex a({.name = "A"});
  Mutex b({.name = "B"});
  Var<int> sum(0, {.name = "sum"});
  const auto add = [&](Mutex& mutex) {
    const ScopedLock held(mutex);
    sum.write(sum.read() + 1);
  };
  Thread first([&] { add(a); });
  Thread second([&] { add(same_lock ? a : b); });
  first.join();
  second.join();
  check(sum.read() == 2, "an increment was lost");
}

BOOST_AUTO_TEST_CASE(unprotected_access_names_both_threads_and_the_datum) {
  expect_finding([] { add_twice(false); }, Ending::UnprotectedAccess,
                 "thread 2 reads sum, and thread 1 wrote it; no lock or other synchronisation "
                 "orders the two");
  expect_silence([] { add_twice(true); });
}

BOOST_AUTO_TEST_CASE(unprotected_access_is_reported_whatever_the_order_was) {
  Engine engine;
  Fixed nobody_preempted;
  const Ended ended = engine.run(nobody_preempted, [] { add_twice(false); });
  BOOST_TEST(ended.ending == Ending::UnprotectedAccess);
}

BOOST_AUTO_TEST_CASE(write_after_unordered_reads_is_an_unprotected_access) {
  const auto body = [](bool joined_first) {
    return [=] {
      Var<int> datum(7, {.name = "datum"});
      Thread first([&] { (void)datum.read(); });
      Thread second([&] { (void)datum.read(); });
      if (joined_first) {
        first.join();
        second.join();
        datum.write(8);
      } else {
        second.join();
        datum.write(8);
        first.join();
      }
    };
  };
  expect_finding(body(false), Ending::UnprotectedAccess,
                 "thread 0 writes datum, and thread 1 read it; no lock or other synchronisation "
                 "orders the two");
  expect_silence(body(true));
}

/// A message behind a flag, published with an order.
void pass_message(std::memory_order publish, std::memory_order look) {
  Atomic<bool> ready(false, {.name = "ready"});
  Var<int> message(0, {.name = "message"});
  Thread sender([&] {
    message.write(42);
    ready.store(true, publish);
  });
  if (ready.load(look)) check(message.read() == 42, "the message is not there");
  sender.join();
}

BOOST_AUTO_TEST_CASE(message_behind_a_relaxed_flag_is_an_unprotected_access) {
  const std::string sentence =
      "thread 0 reads message, and thread 1 wrote it; no lock or other synchronisation orders the "
      "two";
  expect_finding([] { pass_message(relaxed, acquire); }, Ending::UnprotectedAccess, sentence);
  expect_finding([] { pass_message(release, relaxed); }, Ending::UnprotectedAccess, sentence);
  expect_silence([] { pass_message(release, acquire); });
}

BOOST_AUTO_TEST_CASE(release_sequence_is_continued_by_a_relaxed_modification_and_ended_by_a_store) {
  const auto body = [](bool store) {
    return [=] {
      Atomic<int> stage(0, {.name = "stage"});
      Var<int> message(0, {.name = "message"});
      Thread sender([&] {
        message.write(42);
        stage.store(1, release);
      });
      Thread other([&] {
        if (stage.load(relaxed) != 1) return;
        if (store) {
          stage.store(2, relaxed);
        } else {
          stage.fetch_add(1, relaxed);
        }
      });
      if (stage.load(acquire) == 2) (void)message.read();
      sender.join();
      other.join();
    };
  };
  const Searched stored = search_all(BoundedExhaustive(no_bound), body(true));
  BOOST_TEST(stored.failed > 0U);
  BOOST_TEST(stored.first_failure.ending == Ending::UnprotectedAccess);
  expect_silence(body(false));
}

BOOST_AUTO_TEST_CASE(uncaught_exception_ends_the_execution_with_its_text) {
  expect_finding(
      [] {
        Thread other([] { throw std::runtime_error("no such file"); });
        other.join();
      },
      Ending::UncaughtException, "thread 1 let an exception out: no such file");
  expect_finding([] { throw 7; }, Ending::UncaughtException,
                 "thread 0 let an exception out: not a std::exception");
  expect_silence([] {
    Thread other([] {
      try {
        throw std::runtime_error("no such file");
      } catch (const std::runtime_error&) {
      }
    });
    other.join();
  });
}

BOOST_AUTO_TEST_CASE(exceptions_of_two_threads_do_not_mix) {
  expect_silence([] {
    Atomic<int> steps(0, {.name = "steps"});
    const auto handle = [&](const char* mine) {
      try {
        throw std::runtime_error(mine);
      } catch (const std::runtime_error& caught) {
        steps.fetch_add(1);
        check(std::string(caught.what()) == mine, "a thread handles another one's exception");
        try {
          throw;
        } catch (const std::runtime_error& again) {
          steps.fetch_add(1);
          check(std::string(again.what()) == mine, "a thread rethrew another one's exception");
        }
      }
    };
    Thread first([&] { handle("first"); });
    Thread second([&] { handle("second"); });
    first.join();
    second.join();
  });
}

BOOST_AUTO_TEST_CASE(loop_that_waits_reaches_the_step_limit_unless_it_yields) {
  const auto body = [](bool yields) {
    return [=] {
      Atomic<bool> stop(false, {.name = "stop"});
      Thread other([&] {
        while (!stop.load(acquire)) {
          if (yields) Explored::yield();
        }
      });
      stop.store(true, release);
      other.join();
    };
  };
  EngineOptions options;
  options.step_limit = 100;
  // Whoever is never preempted waits for ever: thread 1 starts before thread 0 stores.
  Engine engine(options);
  BoundedExhaustive search(1);
  Ended worst;
  do {
    Ended ended = engine.run(search, body(false));
    if (!ended.completed()) worst = std::move(ended);
  } while (search.advance());
  BOOST_TEST(worst.ending == Ending::StepLimit);
  BOOST_TEST(worst.sentence ==
             "the execution did not end within 100 operations; thread 1 was about to load stop (a "
             "loop that waits for another thread must yield)");
  BOOST_TEST(worst.steps == 100U);
  expect_silence(body(true));
}

BOOST_AUTO_TEST_CASE(thread_that_is_destroyed_without_a_join_is_a_misuse) {
  expect_finding([] { const Thread other([] { Explored::yield(); }); }, Ending::Misuse,
                 "thread 1 was destroyed before it was joined");
}

BOOST_AUTO_TEST_CASE(check_ends_the_execution_with_its_sentence) {
  expect_finding([] { check(false, "the sum is wrong"); }, Ending::CheckFailed, "the sum is wrong");
}

BOOST_AUTO_TEST_CASE(too_many_threads_are_a_misuse) {
  const auto body = [](unsigned children) {
    return [=] {
      std::vector<Thread> threads;
      for (unsigned i = 0; i < children; ++i) threads.emplace_back([] {});
      for (Thread& thread : threads) thread.join();
    };
  };
  expect_silence(body(max_threads - 1));
  expect_finding(body(max_threads), Ending::Misuse,
                 "thread 0 starts another one, but an execution has at most 16 threads");
}

BOOST_AUTO_TEST_CASE(try_lock_without_unlock_points_is_a_misuse) {
  const auto body = [] {
    Mutex mutex({.name = "A"});
    if (mutex.try_lock()) mutex.unlock();
  };
  EngineOptions options;
  options.unlock_points = false;
  const Found found = first_failure(RandomWalk(1), body, 1, options);
  BOOST_TEST(found.ended.ending == Ending::Misuse);
  BOOST_TEST(found.ended.sentence ==
             "thread 0 uses try_lock on A, but the engine runs without unlock points");
  expect_silence(body);
}

}  // namespace
}  // namespace quiesce::interleave
