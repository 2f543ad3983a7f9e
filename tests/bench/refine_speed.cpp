// How fast interleavings of the runtime are checked against the specification: executions per
// second of processor time on one core, each with its answers replayed, its final snapshot mapped
// and compared, beside the cost of a mutex measured in the same run.
//   bench_refine_speed [variant] [executions]
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "impl/sync/native.hpp"
#include "models/refine/checker.hpp"
#include "models/refine/generator.hpp"
#include "tests/bench/timing.hpp"

namespace {

using namespace quiesce;
using namespace quiesce::bench;
using namespace quiesce::refine;

constexpr int runs = 5;

double nanoseconds_per_lock_and_unlock() {
  constexpr int pairs = 5'000'000;
  Native::Mutex mutex{LockInfo{}};
  const double start = thread_seconds();
  for (int i = 0; i < pairs; ++i) {
    mutex.lock();
    mutex.unlock();
  }
  return (thread_seconds() - start) / pairs * 1e9;
}

void stop_on(const Checked& checked) {
  if (!checked.failure) return;
  std::fprintf(stderr, "%s: %s\n%s\n", checked.failure->id.c_str(),
               checked.failure->sentence.c_str(), to_line(checked.failure->script).c_str());
  std::exit(1);
}

void print(const char* what, double per_second, double mutex_ns) {
  std::printf("%-46s %9.0f /s %8.2f us %7.0f mutex pairs\n", what, per_second, 1e6 / per_second,
              1e9 / per_second / mutex_ns);
}

constexpr std::array random_strategies{Strategy::RandomWalk, Strategy::Pct, Strategy::Pos};

/// One script of 3 threads with 4 operations each, all kinds of locks taken.
double checks_of_one_script(const Variant& variant, std::uint64_t executions) {
  const ParsedScript parsed = parse_script_line(
      "[open_region(r1,r0);spawn(t1,r1);start(t1);defer_finalizer(t2,r1)"
      "|spawn(t3,r1);start(t3);reserve(o1,t3,r1,Lease);return(t3,Ok)"
      "|checkpoint(t1);reserve(o2,t1,r1,Ack);commit(o2,t1);return(t1,Err)"
      "|spawn(t4,r1);cancel_task(t1,User);close_region(r1,Await);start(t2)]");
  ScriptChecker checker{variant};
  checker.load(parsed.script);
  for (const Strategy strategy : random_strategies) {
    stop_on(checker.run(strategy, 0, executions / 6));  // what the memo learns is not measured
  }
  const double start = thread_seconds();
  for (const Strategy strategy : random_strategies) {
    stop_on(checker.run(strategy, executions, executions / 3));
  }
  return static_cast<double>(executions / 3 * 3) / (thread_seconds() - start);
}

/// Generated scripts of 3 threads with 4 operations each, everything counted: generating, loading,
/// the specification's new states and their invariants.
double checks_of_many_scripts(const Variant& variant, std::uint64_t executions) {
  const Shape shape{
      .branches_least = 3, .branches_most = 3, .operations_least = 4, .operations_most = 4};
  constexpr std::uint64_t each = 240;
  ScriptChecker checker{variant};
  std::uint64_t done = 0;
  const double start = thread_seconds();
  for (std::uint64_t i = 0; done < executions; ++i) {
    checker.load(generate_script(1, i, shape), i);
    for (const Strategy strategy : random_strategies) {
      const Checked checked = checker.run(strategy, 0, each / random_strategies.size());
      stop_on(checked);
      done += checked.executions;
    }
  }
  return static_cast<double>(done) / (thread_seconds() - start);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string name = argc > 1 ? argv[1] : "sharded";
  const std::uint64_t executions = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 120'000;
  const Variant* variant = find_variant(name);
  if (variant == nullptr || executions < 6) {
    std::fprintf(stderr, "usage: bench_refine_speed [variant] [executions, at least 6]\n");
    return 2;
  }
  const double mutex_ns = median_of(runs, nanoseconds_per_lock_and_unlock);
  std::printf("%s, one core, medians of %d runs; a mutex lock and unlock takes %.1f ns\n",
              name.c_str(), runs, mutex_ns);
  print("one script, 3 threads x 4 operations",
        median_of(runs, [&] { return checks_of_one_script(*variant, executions); }), mutex_ns);
  print("generated scripts, 3 threads x 4 operations",
        median_of(runs, [&] { return checks_of_many_scripts(*variant, executions); }), mutex_ns);
  return 0;
}
