// How fast the explicit-state search runs on the public TLA+ model at the bound of the figures:
// 3 tasks, 2 regions, 2 obligations, mask 2; 2,119,568 distinct states, every invariant evaluated.
//   bench_explore_speed [runs]
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "models/explore/public_tla.hpp"
#include "models/explore/search.hpp"
#include "tests/bench/timing.hpp"

namespace {

using namespace quiesce::bench;
using namespace quiesce::explore;

constexpr std::uint64_t expected_states = 2'119'568;
constexpr std::uint64_t expected_orbits = 208'672;

struct Rates {
  double by_clock;      ///< million states a second
  double by_processor;  ///< million states a second of processor time, of all threads together
};

/// Distinct states a second, the median of `runs`; a wrong count ends the program.
template <Model M>
Rates measure(const M& model, const SearchOptions& options, int runs, std::uint64_t expected) {
  std::vector<double> by_clock;
  std::vector<double> by_processor;
  for (int run = 0; run < runs; ++run) {
    const double before = processor_seconds();
    const SearchResult result = search(model, options);
    const double used = processor_seconds() - before;
    if (result.distinct_states != expected || result.ended != Ended::Complete) {
      std::fprintf(stderr, "found %llu states\n",
                   static_cast<unsigned long long>(result.distinct_states));
      std::exit(1);
    }
    const double states = static_cast<double>(result.distinct_states) / 1e6;
    by_clock.push_back(states / result.seconds);
    by_processor.push_back(states / used);
  }
  return {median(by_clock), median(by_processor)};
}

}  // namespace

int main(int count, char** words) {
  const int runs = std::max(count > 1 ? std::atoi(words[1]) : 5, 1);
  const Bounds bounds{3, 2, 2, 2};
  const PublicTla<1> exact(bounds);
  const PublicTla<2> wide(bounds);
  const PublicTla<1> symmetric(bounds, {.tasks = true, .obligations = true});
  const UpToSymmetry<PublicTla<1>> orbits(symmetric);

  std::printf("public-tla, 3 tasks, 2 regions, 2 obligations, mask 2: median of %d runs\n", runs);
  std::printf("%-44s %9s %9s %9s %6s\n", "million distinct states a second", "1 thread", "CPU sec.",
              "2 threads", "ratio");
  SearchOptions options;
  const auto row = [&](const char* name, const auto& model, std::uint64_t expected) {
    options.threads = 1;
    const Rates one = measure(model, options, runs, expected);
    options.threads = 2;
    const Rates two = measure(model, options, runs, expected);
    std::printf("%-44s %9.2f %9.2f %9.2f %6.2f\n", name, one.by_clock, one.by_processor,
                two.by_clock, two.by_clock / one.by_clock);
  };
  row("one word a state, exact set", exact, expected_states);
  row("two words a state, 64-bit fingerprints", wide, expected_states);
  row("orbits of task and obligation names, exact", orbits, expected_orbits);
  options.exact = true;
  row("two words a state, whole states, exact", wide, expected_states);
  return 0;
}
