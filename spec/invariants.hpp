// The invariant catalogue: what is true of every settled state, and of every step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "spec/state.hpp"
#include "spec/vocabulary/action.hpp"
#include "spec/vocabulary/answer.hpp"

namespace quiesce::spec {

/// The fact that clashes with an invariant, in words; nothing if the invariant holds.
using Violation = std::optional<std::string>;

/// A true sentence about every settled state, with its witness: the `sometimes` beside the
/// `always`.
///   state    `id` is the key string used everywhere; `fact` is its number in the facts' table
struct Invariant {
  std::string_view id;
  std::string_view fact;
  std::string_view sentence;
  Violation (*violated)(const State&);
  bool (*interesting)(const State&);  // the case in which the invariant could be wrong is reached
  std::string_view interesting_case;
};
[[nodiscard]] std::span<const Invariant> invariants();

/// Rows that a step may have changed, a bit for each place; `any`: nobody knows. Whoever knows that
/// the same Names stand in the same places before and after, at most 63 of them, and that a row is
/// the same, saves the look at it.
struct Touched {
  static constexpr std::uint64_t any = ~std::uint64_t{0};
  std::uint64_t regions = any;
  std::uint64_t tasks = any;
  std::uint64_t obligations = any;

  [[nodiscard]] bool nothing() const { return (regions | tasks | obligations) == 0; }
  friend bool operator==(const Touched&, const Touched&) = default;
};

/// One step, as the properties of steps see it.
struct Transition {
  const State& before;
  const Action& action;
  const Answer& answer;
  const State& after;
  Touched touched{};
};

/// A true sentence about every step, with its witness.
struct StepProperty {
  std::string_view id;
  std::string_view fact;
  std::string_view sentence;
  Violation (*violated)(const Transition&);
  bool (*interesting)(const Transition&);
  std::string_view interesting_case;
};
[[nodiscard]] std::span<const StepProperty> step_properties();

/// An id and the fact that clashes with it.
struct NamedViolation {
  std::string_view id;
  std::string fact;
};
/// The first invariant that a state violates, in the order of the catalogue.
[[nodiscard]] std::optional<NamedViolation> first_violation(const State& state);
/// The first property that a step violates.
[[nodiscard]] std::optional<NamedViolation> first_violation(const Transition& transition);

/// A catalogue has no more: violated_rows has a bit for each, and a search room for both.
inline constexpr std::size_t most_rows = 62;
/// A bit for each row of its catalogue that is violated: for searches, which ask it by the million.
[[nodiscard]] std::uint64_t violated_rows(const State& state);
[[nodiscard]] std::uint64_t violated_rows(const Transition& transition);

}  // namespace quiesce::spec
