// What the progress checks answer: plain values, the same for every model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/explore/result.hpp"

namespace quiesce::explore {

/// One property: whenever P(x) then eventually Q(x).
struct ProgressRow {
  std::string id;
  std::string fact;
  std::string sentence;
  std::vector<std::string> assumes;  ///< the kinds of fairness
  std::size_t instances = 0;
  std::uint64_t pending_states = 0;  ///< in which some instance waits: its `sometimes`
  std::optional<Violation> broken;   ///< a lasso, or a step after which the wait is forgotten
};

/// One bound on the steps of a wait, and the most that any wait took, by what it was allowed.
struct BoundRow {
  struct Most {
    std::uint64_t allowed = 0;
    std::uint64_t taken = 0;   ///< LongestWait::endless: without end
    std::uint64_t begins = 0;  ///< states where a wait with this allowance begins
  };
  std::string id;
  std::string sentence;
  std::vector<Most> most;
  std::optional<Violation> broken;

  /// Every allowance that occurs is also used up by some wait.
  [[nodiscard]] bool is_tight() const;
};

/// What is said of the measure, and the first step that breaks it.
struct MeasureRow {
  std::string id;
  std::string fact;
  std::string sentence;
  std::uint64_t steps = 0;  ///< of which something is said
  std::optional<Violation> broken;
};

/// ProgressReport says what waits and what ends it.
///   state    incomplete: over the memory ceiling or stopped, and no row says anything
struct ProgressReport {
  bool is_complete = true;
  bool was_stopped = false;  ///< by the caller, not by the ceiling
  std::uint64_t states = 0;
  std::uint64_t steps = 0;  ///< between different states or to the same one, each pair once
  std::vector<ProgressRow> properties;
  std::vector<BoundRow> bounds;
  std::optional<MeasureRow> measure;
  std::uint64_t memory_bytes = 0;
  double seconds = 0;

  /// What fails, in the order of the rows.
  [[nodiscard]] std::vector<Violation> failures() const;
};

struct ProgressOptions {
  std::uint64_t memory_ceiling_bytes = 0;  ///< 0: three quarters of this machine's memory
  std::vector<std::string> unfair;         ///< kinds of fairness that are not assumed
  bool together = false;  ///< one class of all steps instead: that something happens
  std::function<bool()> stop_requested;
};

/// The rows for people.
[[nodiscard]] std::string text_of(const ProgressReport& report);

}  // namespace quiesce::explore
