// How fast the project's own specification is explored at the bounds of the figures: every
// invariant on every state, every property of steps on every step. A machine that is slow this
// minute is slow with the public model, too, which is measured in between.
//   bench_house_speed [runs]
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "models/explore/public_tla.hpp"
#include "models/explore/run.hpp"
#include "models/explore/search.hpp"
#include "tests/bench/timing.hpp"

namespace {

using namespace quiesce::bench;
using namespace quiesce::explore;

struct Row {
  std::int64_t regions;
  std::int64_t tasks;
  std::int64_t obligations;
  std::int64_t finalizers;
  std::uint64_t expected_states;
};
constexpr Row rows[]{{2, 1, 2, 2, 220'859},
                     {2, 1, 4, 1, 301'402},
                     {3, 1, 1, 1, 138'460},
                     {2, 2, 2, 0, 393'447},
                     {3, 2, 1, 0, 848'603}};

SearchResult explored(const Row& row, unsigned threads) {
  ExploreArguments arguments;
  arguments.model = "house";
  arguments.bounds = {{"regions", row.regions},
                      {"tasks", row.tasks},
                      {"obligations", row.obligations},
                      {"finalizers", row.finalizers}};
  arguments.threads = threads;
  SearchResult result = run_search(arguments, [](const Progress&) {}).result;
  if (result.distinct_states == row.expected_states && result.ended == Ended::Complete)
    return result;
  std::fprintf(stderr, "found %llu states instead of %llu\n",
               static_cast<unsigned long long>(result.distinct_states),
               static_cast<unsigned long long>(row.expected_states));
  std::exit(1);
}

double millions_a_second(const SearchResult& result) {
  return static_cast<double>(result.distinct_states) / 1e6 / result.seconds;
}

}  // namespace

int main(int count, char** words) {
  const int runs = std::max(count > 1 ? std::atoi(words[1]) : 5, 1);
  const PublicTla<1> yardstick(Bounds{3, 2, 2, 2});
  std::printf("house, every invariant and property evaluated: medians of %d runs\n", runs);
  std::printf("%-32s %10s %10s %10s %10s %14s\n", "million distinct states a second", "states",
              "steps each", "1 thread", "2 threads", "public model");
  for (const Row& row : rows) {
    std::vector<double> one;
    std::vector<double> two;
    std::vector<double> beside;
    double steps = 0;
    for (int run = 0; run < runs; ++run) {
      const SearchResult result = explored(row, 1);
      one.push_back(millions_a_second(result));
      steps = static_cast<double>(result.transitions) / static_cast<double>(result.distinct_states);
      two.push_back(millions_a_second(explored(row, 2)));
      SearchOptions options;
      options.threads = 1;
      beside.push_back(millions_a_second(search(yardstick, options)));
    }
    const std::string name = "regions " + std::to_string(row.regions) + " tasks " +
                             std::to_string(row.tasks) + " obl " + std::to_string(row.obligations) +
                             " fin " + std::to_string(row.finalizers);
    std::printf("%-32s %10llu %10.1f %10.2f %10.2f %14.2f\n", name.c_str(),
                static_cast<unsigned long long>(row.expected_states), steps, median(one),
                median(two), median(beside));
  }
  return 0;
}
