// The sum that the sources call a Lyapunov function: a figure, not a proof of anything.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "spec/state.hpp"

namespace quiesce::spec {

/// What one of each costs; not negative.                                        source  facts §19
struct LyapunovWeights {
  std::string_view name;
  std::int64_t live_task;
  std::int64_t obligation_second;  ///< of the age of a reserved obligation
  std::int64_t draining_region;    ///< Draining or Finalizing
  std::int64_t deadline;           ///< of a live task whose deadline is now
};
/// The three sets of the sources: default, obligation focused, deadline focused.
[[nodiscard]] std::span<const LyapunovWeights> lyapunov_weights();

/// The sum by its parts, in thousandths: a tick is a millisecond, so nothing is rounded.
///   state    durations beyond 2^40 ticks count as 2^40
struct Lyapunov {
  std::int64_t live_tasks = 0;
  std::int64_t obligation_age = 0;
  std::int64_t draining_regions = 0;
  std::int64_t deadline_pressure = 0;

  [[nodiscard]] std::int64_t sum() const {
    return live_tasks + obligation_age + draining_regions + deadline_pressure;
  }
};

/// What the sources claim of it, and what is true, is in docs/decisions/0004: it is never negative
/// and 0 at quiescence; it is 0 elsewhere, too, and it grows on the way there.
///   cost     linear in the rows
[[nodiscard]] Lyapunov lyapunov(const State& state, const LyapunovWeights& weights);

/// The sum over live tasks with a deadline of max(0, 1 - slack in seconds), in thousandths.
[[nodiscard]] std::int64_t deadline_pressure(const State& state);

/// The same as the sources estimate it from totals alone: the count, the sum of the deadlines and
/// the time, with the sum clamped and not its terms. One far deadline hides several near ones.
[[nodiscard]] std::int64_t estimated_deadline_pressure(const State& state);

}  // namespace quiesce::spec
