// What threads that stand still inside an operation cost `quiesce validate`: events explained,
// steps of the specification and seconds of processor time, by how many there are. The histories
// and the steps are the same on every machine.
//   bench_stalled_threads [events] [seconds for each row]
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/bench/timing.hpp"
#include "tests/validate/stalls.hpp"
#include "tests/validate/traces.hpp"

namespace {

using namespace quiesce;
using namespace quiesce::bench;
using namespace quiesce::validate;
using namespace quiesce::validate::traces;

constexpr Stalls rows[] = {{1, 3, 1000},  {4, 3, 200},     {8, 3, 200},     {12, 3, 200},
                           {30, 3, 1000}, {0, 4, 1, true}, {0, 8, 1, true}, {0, 12, 1, true}};

std::string name_of(const Stalls& stalls) {
  if (stalls.always_inside)
    return std::to_string(stalls.quick_threads) + " threads, inside all the time";
  return std::to_string(stalls.slow_threads) + " slow and " + std::to_string(stalls.quick_threads);
}

void print_row(const Stalls& stalls, std::uint32_t events, double most_seconds) {
  const std::string text = text_of(stalled_history(1, events, stalls), Order::Intervals);
  const double start = thread_seconds();
  Options options;
  options.go_on = [&](const ReadSoFar&) { return thread_seconds() - start < most_seconds; };
  const Report report = validate::validate(file_with(text, "bench.jsonl"), options);
  const double seconds = thread_seconds() - start;
  if (report.verdict == Verdict::NotAllowed || report.verdict == Verdict::BadInput) {
    std::fprintf(stderr, "%s: %s\n", name_of(stalls).c_str(), report_text(report, seconds).c_str());
    std::exit(1);
  }
  std::printf("%-30s %6llu events %9llu steps %8.2f s%s\n", name_of(stalls).c_str(),
              static_cast<unsigned long long>(report.counts.events),
              static_cast<unsigned long long>(report.counts.steps), seconds,
              report.verdict == Verdict::Undecided ? ", then given up" : "");
}

}  // namespace

int main(int argc, char** argv) {
  const long events = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 2000;
  const double seconds = argc > 2 ? std::strtod(argv[2], nullptr) : 20;
  if (events < 1 || events > 1'000'000 || !(seconds > 0)) {
    std::fprintf(stderr, "usage: bench_stalled_threads [events] [seconds for each row]\n");
    return 2;
  }
  for (const Stalls& stalls : rows) print_row(stalls, static_cast<std::uint32_t>(events), seconds);
  return 0;
}
