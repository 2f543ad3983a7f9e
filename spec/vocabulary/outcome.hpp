// The outcome lattice: Ok < Err < Cancelled(reason) < Panicked.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "spec/vocabulary/cancel.hpp"

namespace quiesce {

enum class OutcomeKind : std::uint8_t { Ok, Err, Cancelled, Panicked };
inline constexpr int outcome_kind_count = 4;

/// How a task or a region ended.
///   state    `reason` says why, for Cancelled; it is the default reason for the other kinds
struct Outcome {
  OutcomeKind kind = OutcomeKind::Ok;
  CancelReason reason{};

  [[nodiscard]] static Outcome ok() { return {}; }
  [[nodiscard]] static Outcome err() { return {OutcomeKind::Err, {}}; }
  [[nodiscard]] static Outcome cancelled(const CancelReason& why) {
    return {OutcomeKind::Cancelled, why};
  }
  [[nodiscard]] static Outcome panicked() { return {OutcomeKind::Panicked, {}}; }

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Total: by kind, and two Cancelled by their reasons.                     source  semantics [D1]
[[nodiscard]] std::strong_ordering operator<=>(const Outcome& a, const Outcome& b);

/// The worse of two outcomes: commutative, associative, idempotent, identity Ok.  rule.outcome.join
[[nodiscard]] Outcome join(const Outcome& a, const Outcome& b);

[[nodiscard]] std::string_view to_text(OutcomeKind kind);
/// "Ok", "Err", "Cancelled(Timeout@3 from r1)", "Panicked"
[[nodiscard]] std::string to_text(const Outcome& outcome);

}  // namespace quiesce
