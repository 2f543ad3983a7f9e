// Why the machine comes to rest: a potential that every internal rule decreases.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string_view>

#include "spec/state.hpp"
#include "spec/vocabulary/action.hpp"

namespace quiesce::spec {

/// The potential of a state: four counts, compared from the first to the last. There is no endless
/// descent in it, so whatever decreases it at every step ends.
///   source   semantics, Potential; facts §19
struct Potential {
  /// The steps of live tasks down to Completed, and for each finalizer not started the steps of a
  /// new task and one more, which its start pays.
  std::uint64_t task_steps = 0;
  std::uint64_t reserved = 0;      ///< obligations
  std::uint64_t ladder_steps = 0;  ///< of closing regions down to Closed; Open regions have none
  std::uint64_t finalizers = 0;    ///< not started

  friend auto operator<=>(const Potential&, const Potential&) = default;
};
/// cost     linear in the rows, no allocation
[[nodiscard]] Potential potential(const State& state);

/// The steps from a phase down to the end of its ladder, if none is left out.
[[nodiscard]] std::uint64_t remaining_steps(TaskPhase phase);
[[nodiscard]] std::uint64_t remaining_steps(RegionPhase phase);

/// What an accepted action may do to the potential; an internal rule always decreases it.
enum class PotentialEffect : std::uint8_t { Decreases, NeverIncreases, MayIncrease };
[[nodiscard]] std::string_view to_text(PotentialEffect effect);

/// One row an action, in the order of the variant Action.
///   keeps    a task's own steps never increase the potential, except for what they bring in:
///   spawn,
///            reserve, defer_finalizer
struct PotentialRow {
  PotentialEffect effect;
  std::string_view why;
};
[[nodiscard]] std::span<const PotentialRow> potential_rows();
[[nodiscard]] PotentialEffect potential_effect(const Action& action);

/// Whether a step from one potential to another is one of its row.
[[nodiscard]] bool respects(PotentialEffect effect, const Potential& before,
                            const Potential& after);

}  // namespace quiesce::spec
