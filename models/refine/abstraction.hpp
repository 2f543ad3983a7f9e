// The abstraction: from a snapshot of the implementation to a state of the specification.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "impl/snapshot.hpp"
#include "spec/state.hpp"

namespace quiesce::refine {

/// The state that a snapshot stands for: rows and lists in the order of their Names.
///   keeps    nothing is repaired: what a row says is what the state says
[[nodiscard]] spec::State abstraction(const Snapshot& snapshot);

/// What no state could say: a row or a list entry that is there twice, an unbound Name, a counter
/// of the implementation that disagrees with its rows. In words; nothing if the snapshot is sound.
[[nodiscard]] std::optional<std::string> representation_fault(const Snapshot& snapshot);

/// Where two states differ: "region r0: phase is Closed in the specification, Open in the
/// implementation". Empty if they are equal.
[[nodiscard]] std::vector<std::string> differences(const spec::State& spec_says,
                                                   const spec::State& impl_says);

/// True if two snapshots have the same rows in the same order.
[[nodiscard]] bool same_rows(const Snapshot& a, const Snapshot& b);

}  // namespace quiesce::refine
