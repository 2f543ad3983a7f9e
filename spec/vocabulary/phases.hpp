// Phases of the three machines. Enumerators are in ladder order: a phase only ever moves down the
// list.
#pragma once

#include <cstdint>
#include <string_view>

namespace quiesce {

/// Created -> Running -> Completed; with a cancel: -> CancelRequested -> Cancelling -> Finalizing
/// -> Completed.
enum class TaskPhase : std::uint8_t {
  Created,
  Running,
  CancelRequested,
  Cancelling,
  Finalizing,
  Completed,
};

/// Open -> Closing or Draining -> Finalizing -> Closed. Closing and Draining stand side by side:
/// the begin of a close chooses one (Draining if a child region is live) and never the other
/// afterwards.
enum class RegionPhase : std::uint8_t { Open, Closing, Draining, Finalizing, Closed };

/// Reserved -> Committed, Aborted or Leaked, each absorbing.
enum class ObligationPhase : std::uint8_t { Reserved, Committed, Aborted, Leaked };

/// Why an obligation was aborted. Cancel is the holder's cancelled completion; an action says the
/// others.
enum class AbortReason : std::uint8_t { Cancel, Error, Explicit };

/// What an obligation promises.
enum class ObligationKind : std::uint8_t {
  SendPermit,
  Ack,
  Lease,
  IoOp,
  SemaphorePermit,
  Transaction,
};

/// FailFast: a body task that ends in Err or Panicked cancels its siblings. CollectAll: it does
/// not.
enum class Policy : std::uint8_t { CollectAll, FailFast };

/// Await lets the tasks and child regions run on; Cancel gives them ParentCancelled.
enum class CloseMode : std::uint8_t { Await, Cancel };

inline constexpr int task_phase_count = 6;
inline constexpr int region_phase_count = 5;
inline constexpr int obligation_phase_count = 4;
inline constexpr int abort_reason_count = 3;
inline constexpr int obligation_kind_count = 6;
inline constexpr int policy_count = 2;
inline constexpr int close_mode_count = 2;

[[nodiscard]] std::string_view to_text(TaskPhase phase);
[[nodiscard]] std::string_view to_text(RegionPhase phase);
[[nodiscard]] std::string_view to_text(ObligationPhase phase);
[[nodiscard]] std::string_view to_text(AbortReason reason);
[[nodiscard]] std::string_view to_text(ObligationKind kind);
[[nodiscard]] std::string_view to_text(Policy policy);
[[nodiscard]] std::string_view to_text(CloseMode mode);

}  // namespace quiesce
