#include "spec/lyapunov.hpp"

#include <algorithm>
#include <array>

namespace quiesce::spec {
namespace {

constexpr std::int64_t ticks_a_second = 1000;  // and thousandths of a whole
constexpr Time longest_ticks = Time{1} << 40U;

constexpr std::array<LyapunovWeights, 3> weight_sets{{
    {"default", 1, 5, 3, 2},
    {"obligation focused", 1, 10, 5, 2},
    {"deadline focused", 1, 2, 3, 10},
}};

/// later - earlier, clamped on both sides.
std::int64_t ticks_between(Time earlier, Time later) {
  if (later >= earlier) return static_cast<std::int64_t>(std::min(later - earlier, longest_ticks));
  return -static_cast<std::int64_t>(std::min(earlier - later, longest_ticks));
}

/// Calls add(1 - slack) in thousandths for each live task with a deadline.
template <class Add>
void for_each_pressure(const State& state, Add&& add) {
  for (const Task& task : state.tasks) {
    const Time deadline = task.budget.deadline_ticks;
    if (is_live(task) && deadline != never)
      add(ticks_a_second - ticks_between(state.now, deadline));
  }
}

}  // namespace

std::span<const LyapunovWeights> lyapunov_weights() {
  return weight_sets;
}

std::int64_t deadline_pressure(const State& state) {
  std::int64_t sum = 0;
  for_each_pressure(state, [&](std::int64_t part) { sum += std::max<std::int64_t>(part, 0); });
  return sum;
}

std::int64_t estimated_deadline_pressure(const State& state) {
  std::int64_t sum = 0;
  for_each_pressure(state, [&](std::int64_t part) { sum += part; });
  return std::max<std::int64_t>(sum, 0);
}

Lyapunov lyapunov(const State& state, const LyapunovWeights& weights) {
  Lyapunov parts;
  for (const Task& task : state.tasks) {
    if (is_live(task)) parts.live_tasks += weights.live_task * ticks_a_second;
  }
  for (const Obligation& obligation : state.obligations) {
    if (is_reserved(obligation))
      parts.obligation_age +=
          weights.obligation_second * ticks_between(obligation.reserved_at_ticks, state.now);
  }
  for (const Region& region : state.regions) {
    if (region.phase == RegionPhase::Draining || region.phase == RegionPhase::Finalizing)
      parts.draining_regions += weights.draining_region * ticks_a_second;
  }
  parts.deadline_pressure = weights.deadline * deadline_pressure(state);
  return parts;
}

}  // namespace quiesce::spec
