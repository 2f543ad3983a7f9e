// The explorer beside spin and rumur, in one run, on one state space: the public TLA+ model at the
// bound of the figures. Every search keeps whole states, or a bijection of them; every one
// evaluates the model's invariants; every one must end with the same number of states and
// transitions.
//   bench_checkers [runs]          from the project's folder; needs spin, rumur and gcc
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "models/explore/public_tla.hpp"
#include "models/explore/search.hpp"
#include "tests/bench/timing.hpp"
#include "tests/external/public_texts.hpp"

namespace {

using namespace quiesce;
using namespace quiesce::bench;
using external::Counted;

constexpr external::PublicBounds bounds{.tasks = 3, .regions = 2, .obligations = 2, .mask = 2};
constexpr std::uint64_t expected_states = 2'119'568;
constexpr std::uint64_t expected_transitions = 11'351'542;

/// Million distinct states a second.
struct Rates {
  double by_processor = 0;
  double by_clock = 0;
};

/// The medians of `runs`; a count that is not the expected one ends the program.
Rates measure(const char* name, int runs, const std::function<Counted()>& run) {
  std::vector<double> by_processor;
  std::vector<double> by_clock;
  for (int i = 0; i < runs; ++i) {
    const double clock = wall_seconds();
    const double processor = processor_seconds();
    const Counted counted = run();
    by_processor.push_back(expected_states / 1e6 / (processor_seconds() - processor));
    by_clock.push_back(expected_states / 1e6 / (wall_seconds() - clock));
    if (!counted.failure.empty() || counted.states != expected_states ||
        counted.transitions != expected_transitions) {
      std::fprintf(stderr, "%s found %llu states and %llu transitions %s\n", name,
                   static_cast<unsigned long long>(counted.states),
                   static_cast<unsigned long long>(counted.transitions), counted.failure.c_str());
      std::exit(1);
    }
  }
  return {median(by_processor), median(by_clock)};
}

template <class M>
std::function<Counted()> explorer(const M& model, unsigned threads) {
  return [&model, threads] {
    explore::SearchOptions options;
    options.threads = threads;
    const explore::SearchResult result = explore::search(model, options);
    return Counted{result.distinct_states, result.transitions, {}};
  };
}

/// Compiles once; the returned function only runs what was compiled.
class Compiled {
 public:
  Compiled(const char* name, const std::string& text, const std::string& command) {
    room_.put(name, text);
    bool failed = false;
    const std::string output = room_.run(command, failed);
    if (failed) {
      std::fprintf(stderr, "%s\n", output.c_str());
      std::exit(1);
    }
  }
  [[nodiscard]] std::function<Counted()> running(const std::string& command,
                                                 Counted (*read)(std::string_view)) const {
    return [this, command, read] {
      bool failed = false;
      const std::string report = room_.run(command, failed);
      return failed ? Counted{.failure = report} : read(report);
    };
  }

 private:
  external::Workroom room_;
};

void print(const char* name, const Rates& rates, const Rates& of) {
  std::printf("%-52s %10.3f %10.3f %9.1f\n", name, rates.by_processor, rates.by_clock,
              of.by_processor / rates.by_processor);
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** words) {
  const int runs = std::max(count > 1 ? std::atoi(words[1]) : 3, 1);
  if (const auto absent = external::missing(external::needed_tools())) {
    std::fprintf(stderr, "%s\n", absent->c_str());
    return 2;
  }
  const Compiled spin("public.pml", external::public_promela_text(),
                      "spin -o1 -o2 -a" + external::public_macros(bounds) +
                          " public.pml && gcc -O2 -w -DSAFETY -DNOREDUCE -o pan pan.c && "
                          "gcc -O2 -w -DSAFETY -DNOREDUCE -DBFS -o pan_bfs pan.c");
  const Compiled rumur(
      "public.m", external::public_murphi_text(bounds),
      "rumur --quiet --deadlock-detection off --symmetry-reduction off --threads 1 "
      "--output public.c public.m && "
      "gcc -std=c11 -O3 -w -o public public.c -lpthread");
  const explore::PublicTla<1> word({3, 2, 2, 2});
  const explore::PublicTla<2> wide({3, 2, 2, 2});

  double load[3] = {0, 0, 0};
  (void)::getloadavg(load, 3);
  std::printf(
      "public model, 3 tasks, 2 regions, 2 obligations, mask 2: 2,119,568 states, "
      "11,351,542 transitions; medians of %d runs\n",
      runs);
  std::printf("load average before the run: %.2f (a search on two threads needs two idle cores)\n",
              load[0]);
  std::printf("%-52s %10s %10s %9s\n", "million distinct states a second", "processor", "clock",
              "one core");
  const Rates one = measure("explorer", runs, explorer(word, 1));
  print("explorer, one word a state, exact", one, one);
  print("explorer, two words, 64-bit fingerprints",
        measure("explorer, two words", runs, explorer(wide, 1)), one);
  const Rates two = measure("explorer, two threads", runs, explorer(word, 2));
  print("explorer, one word, two threads", two, one);
  print("spin, compiled, depth first, exact",
        measure("spin", runs, spin.running("./pan -m100000 -w24", external::read_spin_report)),
        one);
  print("spin, compiled, breadth first, exact",
        measure("spin", runs, spin.running("./pan_bfs -w24", external::read_spin_report)), one);
  print("rumur, compiled, breadth first, exact",
        measure("rumur", runs, rumur.running("./public", external::read_rumur_report)), one);
  std::printf("two threads against one: %.2f by the clock (wanted: 1.5); %.2f if both had a core\n",
              two.by_clock / one.by_clock, 2 * two.by_processor / one.by_processor);
  return 0;
}
