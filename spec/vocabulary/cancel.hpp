// Cancel kinds, their severities, and the lattice of reasons.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "spec/vocabulary/names.hpp"

namespace quiesce {

/// Ticks since the start of the run; the specification reads no clock, AdvanceTime moves it.
using Time = std::uint64_t;
inline constexpr Time never = ~Time{0};

/// The eleven kinds. The order is the ordinal that breaks ties in `strengthen`.
enum class CancelKind : std::uint8_t {
  User,
  Timeout,
  Deadline,
  PollQuota,
  CostBudget,
  FailFast,
  RaceLost,
  LinkedExit,
  ParentCancelled,
  ResourceUnavailable,
  Shutdown,
};
inline constexpr int cancel_kind_count = 11;

/// 0 (User) to 5 (Shutdown).                                              source  semantics [D2]
[[nodiscard]] int severity(CancelKind kind);
[[nodiscard]] std::string_view to_text(CancelKind kind);

/// Why something is cancelled: what kind, when it was asked (ticks), and the region it came from.
struct CancelReason {
  CancelKind kind = CancelKind::User;
  Time at_ticks = 0;
  RegionName origin;

  friend bool operator==(const CancelReason&, const CancelReason&) = default;
};

/// The order of the lattice: severity up, then time down (earlier is stronger), then kind ordinal
/// up, then origin down. Total, so that `strengthen` is its maximum.          source  semantics
/// [D3]
[[nodiscard]] std::strong_ordering operator<=>(const CancelReason& a, const CancelReason& b);

/// The stronger of two reasons: commutative, associative, idempotent.      rule.cancel.strengthen
[[nodiscard]] CancelReason strengthen(const CancelReason& recorded, const CancelReason& incoming);

/// "Timeout@3 from r1"
[[nodiscard]] std::string to_text(const CancelReason& reason);

}  // namespace quiesce
