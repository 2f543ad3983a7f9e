// What the programs that measure share: clocks and medians.
#pragma once

#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace quiesce::bench {

/// The middle of some measurements, the larger of the two for an even number of them.
inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// The median of `runs` measurements, taken one after the other.
inline double median_of(int runs, const std::function<double()>& measure) {
  std::vector<double> values;
  for (int run = 0; run < runs; ++run) values.push_back(measure());
  return median(std::move(values));
}

/// Seconds on the clock named, as clock_gettime has it.
inline double seconds_on(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}
inline double wall_seconds() {
  return seconds_on(CLOCK_MONOTONIC);
}
/// Processor time of this thread alone.
inline double thread_seconds() {
  return seconds_on(CLOCK_THREAD_CPUTIME_ID);
}
/// Processor time of this process and of the children that it waited for.
inline double processor_seconds() {
  double seconds = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage used{};
    ::getrusage(who, &used);
    for (const timeval& part : {used.ru_utime, used.ru_stime})
      seconds += static_cast<double>(part.tv_sec) + 1e-6 * static_cast<double>(part.tv_usec);
  }
  return seconds;
}

}  // namespace quiesce::bench
