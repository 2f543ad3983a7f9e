// How large the project's own bounded machine is.
#pragma once

#include <cstdint>

#include "spec/vocabulary/leaks.hpp"

namespace quiesce::explore {

/// How many of each there may ever be. Names are handed out in order: regions r0.., body tasks
/// t0.., obligations o0..; the k-th deferred finalizer is the task t(tasks + k).
struct HouseBounds {
  static constexpr std::uint32_t most_regions = 4;
  static constexpr std::uint32_t most_tasks = 6;
  static constexpr std::uint32_t most_obligations = 4;
  static constexpr std::uint32_t most_finalizers = 2;
  static constexpr std::uint32_t most_mask = 4;
  static constexpr std::uint32_t most_time = 3;
  static constexpr std::uint32_t most_quota = 3;

  std::uint32_t regions = 2;  ///< the root included
  std::uint32_t tasks = 1;
  std::uint32_t obligations = 1;
  std::uint32_t finalizers = 0;
  std::uint32_t mask = 1;
  std::uint32_t kinds = 1;      ///< 1: cancels are User; 2: and Shutdown
  std::uint32_t policies = 1;   ///< 1: regions are CollectAll; 2: and FailFast
  bool small_step = false;      ///< the internal rules one by one, not to their fixpoint at once
  bool claims_no_leak = false;  ///< asks quality.no_leak, too, which this alphabet breaks
  LeakPolicy leaks{};           ///< given to the specification at its start
  std::uint32_t time = 0;       ///< the last tick; 0: time stands still, and nothing has a deadline
  std::uint32_t quota = 0;      ///< the largest poll quota that is asked for; 0: nobody polls
  std::uint32_t joins = 0;      ///< 1: tasks join
  std::uint32_t limits = 0;     ///< 1: a region may admit one only of child regions, body tasks or
                                ///< promises

  friend bool operator==(const HouseBounds&, const HouseBounds&) = default;
};

}  // namespace quiesce::explore
