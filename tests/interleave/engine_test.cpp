// The engine: fibers, traces, abandoned executions that clean up, limits.
#include <sys/resource.h>

#include <boost/test/unit_test.hpp>
#include <csetjmp>
#include <memory>
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

/// Two contexts that call each other, with either switch.
template <class Switch>
struct PingPong {
  static inline typename Switch::Context main{};
  static inline typename Switch::Context other{};
  static inline std::string heard;

  static void entry() {
    for (int i = 0;; ++i) {
      heard += std::to_string(i) + " ";
      Switch::switch_to(other, main);
    }
  }

  static void play() {
    heard.clear();
    Stack stack(64 * 1024);
    void* top = static_cast<char*>(stack.bottom()) + stack.size();
    other = Switch::template make<&PingPong::entry>(top, stack.size());
    for (int i = 0; i < 3; ++i) {
      Switch::switch_to(main, other);
      heard += "main ";
    }
  }
};

BOOST_AUTO_TEST_CASE(
    switch_goes_there_and_back,
    *boost::unit_test::enable_if<!has_address_sanitizer && !has_thread_sanitizer>()) {
  PingPong<BoostSwitch>::play();
  BOOST_TEST(PingPong<BoostSwitch>::heard == "0 main 1 main 2 main ");
  PingPong<FiberSwitch>::play();
  BOOST_TEST(PingPong<FiberSwitch>::heard == "0 main 1 main 2 main ");
}

/// Writes every operation and note as a line.
class Lines final : public TraceSink {
 public:
  void operation(const TracedOperation& o) override {
    std::string line;
    if (o.switched != SwitchReason::None) {
      line = std::string("switch: ") + std::string(word(o.switched));
      if (!o.blocked_on.empty()) line += " on " + std::string(o.blocked_on);
      line += "; ";
    }
    line += "T" + std::to_string(o.thread) + " " + std::string(word(o.kind));
    if (!o.object.empty()) line += " " + std::string(o.object);
    if (!o.detail.empty()) line += ": " + std::string(o.detail);
    lines.push_back(line);
  }
  void note(unsigned thread, std::string_view text) override {
    lines.push_back("T" + std::to_string(thread) + " note: " + std::string(text));
  }
  std::vector<std::string> lines;
};

BOOST_AUTO_TEST_CASE(trace_tells_operations_values_notes_and_why_threads_change) {
  const auto body = [] {
    Mutex mutex({.rank = 1, .name = "A"});
    Var<int> sum(0, {.name = "sum"});
    Atomic<int> done(0, {.name = "done"});
    const auto add = [&] {
      {
        const ScopedLock held(mutex);
        note("adds one");
        sum.write(sum.read() + 1);
      }
      done.fetch_add(1);
    };
    Thread first(add);
    Thread second(add);
    first.join();
    second.join();
    note("the end");
  };
  Engine engine;
  Lines trace;
  engine.trace_to(&trace);
  Fixed replay(Decisions{{1, 2}});
  const Ended ended = engine.run(replay, body);
  engine.trace_to(nullptr);
  BOOST_TEST(ended.completed());
  BOOST_TEST(ended.preemptions == 1U);
  const std::vector<std::string> expected{
      "T0 start: thread 1",
      "T0 start: thread 2",
      "switch: blocked on thread 1; T1 lock A",
      "T1 note: adds one",
      "T1 read sum: 0",
      "T1 write sum: 0 -> 1",
      "T1 unlock A",
      "switch: preempted; T2 lock A",
      "T2 note: adds one",
      "T2 read sum: 1",
      "T2 write sum: 1 -> 2",
      "T2 unlock A",
      "T2 modify done: 0 -> 1",
      "T2 end",
      "switch: finished; T1 modify done: 1 -> 2",
      "T1 end",
      "switch: finished; T0 join: thread 1",
      "T0 join: thread 2",
      "T0 note: the end",
  };
  BOOST_TEST(trace.lines == expected, boost::test_tools::per_element());

  const std::size_t before = trace.lines.size();
  engine.run(replay, body);
  BOOST_TEST(trace.lines.size() == before);  // nothing is told when nobody listens
}

BOOST_AUTO_TEST_CASE(tracing_does_not_change_the_execution) {
  const auto body = [] {
    Atomic<int> sum(0, {.name = "sum"});
    const auto add = [&] {
      for (int i = 0; i < 3; ++i) sum.fetch_add(1);
    };
    Thread first(add);
    Thread second(add);
    first.join();
    second.join();
  };
  Engine engine;
  RandomWalk walk(9);
  const Ended plain = engine.run(walk, body);
  const Decisions decisions = engine.decisions();
  Lines trace;
  engine.trace_to(&trace);
  walk.select(0);
  const Ended traced = engine.run(walk, body);
  BOOST_TEST((engine.decisions() == decisions));
  BOOST_TEST(plain.steps == traced.steps);
}

/// Counts the objects that are alive.
struct Counted {
  explicit Counted(int& alive_now) : alive(alive_now) { ++alive; }
  ~Counted() { --alive; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  int& alive;
};

BOOST_AUTO_TEST_CASE(abandoned_execution_destroys_what_its_threads_hold) {
  int alive = 0;
  const auto body = [&] {
    Mutex a({.name = "A"});
    Mutex b({.name = "B"});
    const auto take = [&](Mutex& outer, Mutex& inner) {
      const Counted counted(alive);
      const auto on_the_heap = std::make_unique<Counted>(alive);
      Thread child([&] {
        const Counted childs(alive);
        const ScopedLock hold_outer(outer);
        const ScopedLock hold_inner(inner);
      });
      child.join();
    };
    Thread first([&] { take(a, b); });
    Thread second([&] { take(b, a); });
    first.join();
    second.join();
  };
  EngineOptions options;
  options.predict_lock_cycles = false;
  Engine engine(options);
  RandomWalk walk(1);
  int deadlocks = 0;
  for (int i = 0; i < 200; ++i) {
    const Ended ended = engine.run(walk, body);
    deadlocks += ended.ending == Ending::Deadlock ? 1 : 0;
    BOOST_TEST_REQUIRE(alive == 0);
  }
  BOOST_TEST(deadlocks > 0);
  BOOST_TEST(deadlocks < 200);
}

BOOST_AUTO_TEST_CASE(abandoned_execution_passes_through_destructors_that_use_atomics_and_locks) {
  struct Reference {
    Atomic<int>& count;
    ~Reference() { count.fetch_sub(1); }
  };
  struct Registration {
    Mutex& mutex;
    ~Registration() {
      mutex.lock();
      mutex.unlock();
    }
  };
  Engine engine;
  RandomWalk walk(1);
  int failures = 0;
  for (int i = 0; i < 300; ++i) {
    const Ended ended = engine.run(walk, [] {
      Atomic<int> references(2, {.name = "references"});
      Mutex registry({.name = "registry"});
      Atomic<int> turns(0, {.name = "turns"});
      const auto work = [&] {
        const Reference reference{references};
        const Registration registration{registry};
        turns.fetch_add(1);
      };
      Thread first(work);
      Thread second(work);
      check(turns.load() != 1, "one thread was quicker");
      first.join();
      second.join();
    });
    failures += ended.ending == Ending::CheckFailed ? 1 : 0;
    BOOST_TEST_REQUIRE((ended.completed() || ended.ending == Ending::CheckFailed), ended.sentence);
  }
  BOOST_TEST(failures > 0);
}

BOOST_AUTO_TEST_CASE(body_may_abandon_its_execution) {
  Engine engine;
  RandomWalk walk(1);
  const Ended ended = engine.run(walk, [] {
    Thread other([] { abandon("of no interest"); });
    other.join();
  });
  BOOST_TEST(ended.ending == Ending::Abandoned);
  BOOST_TEST(ended.sentence == "of no interest");
  BOOST_TEST(engine.run(walk, [] {}).completed());
}

BOOST_AUTO_TEST_CASE(threads_may_start_threads) {
  const Searched all = search_all(BoundedExhaustive(no_bound), [] {
    Atomic<int> sum(0, {.name = "sum"});
    Thread parent([&] {
      Thread child([&] { sum.fetch_add(1); });
      sum.fetch_add(2);
      child.join();
    });
    sum.fetch_add(4);
    parent.join();
    check(sum.load() == 7, "a thread did not run");
  });
  BOOST_TEST(all.failed == 0U, all.first_failure.sentence);
  BOOST_TEST(all.completed == 6U);  // the orders of three additions
}

BOOST_AUTO_TEST_CASE(yield_lets_a_waiting_loop_end_under_every_strategy) {
  const auto body = [] {
    Atomic<int> turn(0, {.name = "turn"});
    const auto wait_for = [&](int mine) {
      while (turn.load() != mine) Explored::yield();
      turn.store(mine + 1);
    };
    Thread third([&] { wait_for(2); });
    Thread second([&] { wait_for(1); });
    Thread first([&] { wait_for(0); });
    first.join();
    second.join();
    third.join();
  };
  BOOST_TEST(first_failure(RandomWalk(1), body, 500).ended.sentence == "");
  BOOST_TEST(first_failure(Pct(1, {}, 20), body, 500).ended.sentence == "");
  BOOST_TEST(first_failure(Pos(1), body, 500).ended.sentence == "");
  BOOST_TEST(search_all(BoundedExhaustive(1), body).failed == 0U);
}

BOOST_AUTO_TEST_CASE(
    lost_execution_is_forgotten_and_another_engine_runs,
    *boost::unit_test::enable_if<!has_address_sanitizer && !has_thread_sanitizer>()) {
  RandomWalk walk(1);
  auto* lost = new Engine();  // must not be destroyed any more
  std::jmp_buf back;
  if (setjmp(back) == 0) lost->run(walk, [&] { std::longjmp(back, 1); });
  BOOST_TEST((Core::running_or_null() != nullptr));
  Engine::forget_lost_execution();
  BOOST_TEST((Core::running_or_null() == nullptr));
  Engine engine;
  BOOST_TEST(engine.run(walk, [] {}).completed());
}

BOOST_AUTO_TEST_CASE(no_memory_for_stacks_is_one_clear_exception) {
  EngineOptions options;
  options.stack_bytes = std::size_t{1} << 62U;
  Engine engine(options);
  RandomWalk walk(1);
  const auto body = [] {
    Thread other([] {});
    other.join();
  };
  BOOST_CHECK_EXCEPTION(engine.run(walk, body), NoMemoryForStacks, [](const auto& e) {
    return std::string(e.what()) == "no memory for a thread's stack of 4611686018427387904 bytes";
  });
  BOOST_TEST(engine.run(walk, [] {}).completed());
}

BOOST_AUTO_TEST_CASE(no_memory_for_a_childs_child_is_the_same_exception) {
  EngineOptions options;
  Engine engine(options);
  RandomWalk walk(1);
  const auto one = [] {
    Thread other([] {});
    other.join();
  };
  BOOST_TEST(engine.run(walk, one).completed());  // the first stack is there
  rlimit before{};
  BOOST_TEST_REQUIRE(::getrlimit(RLIMIT_AS, &before) == 0);
  rlimit none = before;
  none.rlim_cur = 1;
  const auto nested = [&] {
    Thread other([&] {
      if (!has_address_sanitizer && !has_thread_sanitizer) ::setrlimit(RLIMIT_AS, &none);
      Thread child([] {});
      child.join();
    });
    other.join();
  };
  if (has_address_sanitizer || has_thread_sanitizer) {
    BOOST_TEST(engine.run(walk, nested).completed());
    return;
  }
  bool thrown = false;
  try {
    engine.run(walk, nested);
  } catch (const NoMemoryForStacks&) {
    thrown = true;
  }
  ::setrlimit(RLIMIT_AS, &before);
  BOOST_TEST(thrown);
}

BOOST_AUTO_TEST_CASE(deep_frames_fit_and_stacks_are_reused) {
  Engine engine;
  RandomWalk walk(1);
  for (int i = 0; i < 1'000; ++i) {
    const Ended ended = engine.run(walk, [] {
      Thread other([] {
        volatile char frame[64 * 1024];
        frame[0] = 1;
        frame[sizeof frame - 1] = 2;
        Explored::yield();
        check(frame[0] == 1 && frame[sizeof frame - 1] == 2, "a stack was overwritten");
      });
      other.join();
    });
    BOOST_TEST_REQUIRE(ended.completed());
  }
}

}  // namespace
}  // namespace quiesce::interleave
