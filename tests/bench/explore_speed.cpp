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

namespace {

using namespace quiesce::explore;

constexpr std::uint64_t expected_states = 2'119'568;
constexpr std::uint64_t expected_orbits = 208'672;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Distinct states a second, the median of `runs`; a wrong count ends the program.
template <Model M>
double measure(const M& model, unsigned threads, int runs, std::uint64_t expected) {
  SearchOptions options;
  options.threads = threads;
  std::vector<double> rates;
  for (int run = 0; run < runs; ++run) {
    const SearchResult result = search(model, options);
    if (result.distinct_states != expected || result.ended != Ended::Complete) {
      std::fprintf(stderr, "found %llu states\n",
                   static_cast<unsigned long long>(result.distinct_states));
      std::exit(1);
    }
    rates.push_back(static_cast<double>(result.distinct_states) / result.seconds / 1e6);
  }
  return median(rates);
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
  std::printf("%-44s %10s %10s %7s\n", "million distinct states a second", "1 thread", "2 threads",
              "ratio");
  const auto row = [&](const char* name, const auto& model, std::uint64_t expected) {
    const double one = measure(model, 1, runs, expected);
    const double two = measure(model, 2, runs, expected);
    std::printf("%-44s %10.2f %10.2f %7.2f\n", name, one, two, two / one);
  };
  row("one word a state, exact set", exact, expected_states);
  row("two words a state, 64-bit fingerprints", wide, expected_states);
  row("orbits of task and obligation names, exact", orbits, expected_orbits);
  return 0;
}
