// Budgets: what a region or a task may still spend. They only ever tighten.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "spec/vocabulary/cancel.hpp"

namespace quiesce {

inline constexpr std::uint32_t unlimited = std::numeric_limits<std::uint32_t>::max();

/// What may be spent, and how urgently.
///   state    deadline in absolute ticks (`never` if none), polls and cost units left (`unlimited`
///   if
///            none), priority 0..255
struct Budget {
  Time deadline_ticks = never;
  std::uint32_t poll_quota = unlimited;
  std::uint32_t cost_quota = unlimited;
  std::uint8_t priority = 0;

  friend bool operator==(const Budget&, const Budget&) = default;
};

/// The identity of `meet`: no deadline, unlimited polls and cost, priority 0.
inline constexpr Budget no_budget{};

/// The tighter of two budgets: min, min, min, and max of the priorities.   rule.budget.meet
///   keeps    commutative, associative, idempotent, identity `no_budget`
[[nodiscard]] Budget meet(const Budget& a, const Budget& b);

/// True if every part of `a` is as tight as in `b`: meet(a, b) == a.
[[nodiscard]] bool at_least_as_tight(const Budget& a, const Budget& b);

/// What a cancelled task may spend on cleaning up, by the kind of its reason. source  facts §1.3
[[nodiscard]] Budget cleanup_budget(CancelKind kind);

/// What a finalizer task gets: 100 polls within 5,000 ticks, priority 128; met with nothing.
[[nodiscard]] Budget finalizer_budget(Time now);

/// "deadline 9, polls 3, cost 2, priority 200", naming only the parts that bind; "none" for the
/// identity.
[[nodiscard]] std::string to_text(const Budget& budget);

/// How many a region admits at once.
///   state    each counts live entities of one kind; `unlimited` admits any number
struct Limits {
  std::uint32_t child_regions = unlimited;
  std::uint32_t body_tasks = unlimited;
  std::uint32_t obligations = unlimited;

  friend bool operator==(const Limits&, const Limits&) = default;
};
inline constexpr Limits no_limits{};

/// "regions 1, tasks 2, obligations 0", naming only the parts that bind; "none" for no limits.
[[nodiscard]] std::string to_text(const Limits& limits);

/// The largest number of deferrals a task may ask for at once.             source  semantics [D5]
inline constexpr std::uint8_t max_mask_units = 4;

}  // namespace quiesce
