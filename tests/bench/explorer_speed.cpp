// How fast the schedule explorer runs: executions per second of processor time on one core, beside
// the cost of a fiber switch and of a mutex measured in the same run.
//   bench_explorer_speed [executions]
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <vector>

#include "impl/sync/native.hpp"
#include "models/interleave/engine.hpp"
#include "models/interleave/pct.hpp"
#include "tests/bench/timing.hpp"

namespace {

using namespace quiesce;
using namespace quiesce::bench;
using namespace quiesce::interleave;

constexpr int runs = 5;

/// Two threads, each four times: lock, plain increment, unlock; afterwards the sum.
void mutex_2x4() {
  Explored::Mutex mutex({.rank = 1, .name = "mutex"});
  Explored::Var<int> sum(0, {.name = "sum"});
  const auto add = [&] {
    for (int i = 0; i < 4; ++i) {
      const ScopedLock held(mutex);
      sum.write(sum.read() + 1);
    }
  };
  Explored::Thread first(add);
  Explored::Thread second(add);
  first.join();
  second.join();
  check(sum.read() == 8, "an increment was lost");
}

/// Three threads, each three times fetch_add(1), then one load v with 3 <= v <= 9; then the sum.
void atomic_3x3() {
  Explored::Atomic<int> sum(0, {.name = "sum"});
  const auto add = [&] {
    for (int i = 0; i < 3; ++i) sum.fetch_add(1, std::memory_order_seq_cst);
    const int seen = sum.load(std::memory_order_seq_cst);
    check(seen >= 3 && seen <= 9, "a thread saw an impossible sum");
  };
  Explored::Thread first(add);
  Explored::Thread second(add);
  Explored::Thread third(add);
  first.join();
  second.join();
  third.join();
  check(sum.load(std::memory_order_seq_cst) == 9, "an increment was lost");
}

/// A bounded queue of two: two producers push two items each, one consumer takes all four.
struct Queue {
  Explored::Mutex mutex{LockInfo{.rank = 1, .name = "queue"}};
  Explored::CondVar not_full{DataInfo{.name = "not_full"}};
  Explored::CondVar not_empty{DataInfo{.name = "not_empty"}};
  Explored::Var<int> count{0, DataInfo{.name = "count"}};
  Explored::Var<int> head{0, DataInfo{.name = "head"}};
  std::array<int, 2> items{};

  void push(int item) {
    {
      const ScopedLock held(mutex);
      while (count.read() == 2) not_full.wait(mutex);
      items[static_cast<std::size_t>((head.read() + count.read()) % 2)] = item;
      count.write(count.read() + 1);
    }
    not_empty.notify_one();
  }
  int take() {
    int item = 0;
    {
      const ScopedLock held(mutex);
      while (count.read() == 0) not_empty.wait(mutex);
      item = items[static_cast<std::size_t>(head.read())];
      head.write((head.read() + 1) % 2);
      count.write(count.read() - 1);
    }
    not_full.notify_one();
    return item;
  }
};

void queue_2x2() {
  Queue queue;
  int sum = 0;
  const auto produce = [&] {
    for (int i = 1; i <= 2; ++i) queue.push(i);
  };
  Explored::Thread first(produce);
  Explored::Thread second(produce);
  Explored::Thread consumer([&] {
    for (int i = 0; i < 4; ++i) sum += queue.take();
  });
  first.join();
  second.join();
  consumer.join();
  check(sum == 6, "the consumer took something else than what was pushed");
}

template <class S>
double executions_per_second(S strategy, void (*body)(), std::uint64_t executions) {
  Engine engine;
  return median_of(runs, [&] {
    const double start = thread_seconds();
    for (std::uint64_t i = 0; i < executions; ++i) {
      const Ended ended = engine.run(strategy, body);
      if (!ended.completed()) {
        std::fprintf(stderr, "an execution failed: %s\n", ended.sentence.c_str());
        std::exit(1);
      }
    }
    return static_cast<double>(executions) / (thread_seconds() - start);
  });
}

/// A bare fiber that does nothing but switch back.
struct PingPong {
  static inline FiberSwitch::Context main{};
  static inline FiberSwitch::Context other{};
  [[noreturn]] static void entry() {
    for (;;) FiberSwitch::switch_to(other, main);
  }
};

double switch_nanoseconds() {
  Stack stack(64 * 1024);
  void* top = static_cast<char*>(stack.bottom()) + stack.size();
  PingPong::other = FiberSwitch::make<&PingPong::entry>(top, stack.size());
  constexpr int rounds = 5'000'000;
  return median_of(runs, [] {
    const double start = thread_seconds();
    for (int i = 0; i < rounds; ++i) FiberSwitch::switch_to(PingPong::main, PingPong::other);
    return (thread_seconds() - start) * 1e9 / (2.0 * rounds);
  });
}

double mutex_nanoseconds() {
  Native::Mutex mutex;
  constexpr int rounds = 5'000'000;
  return median_of(runs, [&] {
    const double start = thread_seconds();
    for (int i = 0; i < rounds; ++i) {
      mutex.lock();
      asm volatile("" ::: "memory");
      mutex.unlock();
    }
    return (thread_seconds() - start) * 1e9 / rounds;
  });
}

struct Workload {
  const char* name;
  void (*body)();
};
constexpr std::array workloads{Workload{"mutex 2x4", mutex_2x4}, Workload{"atomic 3x3", atomic_3x3},
                               Workload{"queue 2x2", queue_2x2}};

void print_row(const char* workload, const char* strategy, double per_second, double switch_ns,
               double mutex_ns) {
  const double nanoseconds = 1e9 / per_second;
  std::printf("%-11s %-12s %12.0f %10.0f %16.1f %16.1f\n", workload, strategy, per_second,
              nanoseconds, nanoseconds / switch_ns, nanoseconds / mutex_ns);
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t executions = 400'000;
  if (argc > 1) executions = std::strtoull(argv[1], nullptr, 10);
  if (executions == 0) {
    std::fprintf(stderr, "usage: bench_explorer_speed [executions, at least 1]\n");
    return 2;
  }
  const double switch_ns = switch_nanoseconds();
  const double mutex_ns = mutex_nanoseconds();
  std::printf("fiber switch %.2f ns, uncontended mutex lock and unlock %.2f ns\n", switch_ns,
              mutex_ns);
  std::printf("%-11s %-12s %12s %10s %16s %16s\n", "workload", "strategy", "executions/s", "ns",
              "in switches", "in mutex pairs");
  for (const Workload& workload : workloads) {
    const double walk = executions_per_second(RandomWalk(1), workload.body, executions);
    print_row(workload.name, "random walk", walk, switch_ns, mutex_ns);
    Engine engine;
    const Pct pct(1, {.shallowest = 1, .deepest = 5}, estimated_length(engine, workload.body));
    const double by_pct = executions_per_second(pct, workload.body, executions);
    print_row(workload.name, "pct", by_pct, switch_ns, mutex_ns);
  }
  return 0;
}
