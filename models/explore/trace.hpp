// The shortest counterexample: walked back through the levels, then forward with real names.
#pragma once

#include <cstddef>
#include <vector>

#include "models/explore/model_view.hpp"
#include "models/explore/result.hpp"

namespace quiesce::explore {

/// The states of a shortest path from the initial state to `last`, which is in the last level.
/// A state's predecessor is looked for among the states of the level before: of several the least,
/// so that the path depends on nothing but the model. `log[i]` is the i-th state discovered.
///   cost     at most one further expansion of every state; no memory
[[nodiscard]] std::vector<KeptState> shortest_path(const ModelView& model, const StatesInOrder& log,
                                                   const std::vector<std::size_t>& level_starts,
                                                   StateWords last);

struct Replayed {
  std::vector<TraceStep> rows;
  KeptState last;
};

/// Under a symmetry the path is one of representatives; this replays it in the model itself, so
/// that a name means the same entity from the first row to the last.
[[nodiscard]] Replayed replay(const ModelView& model, const std::vector<KeptState>& path);

/// What is wrong with `state`, and how it comes about.
[[nodiscard]] Violation explain(const ModelView& model, const StatesInOrder& log,
                                const std::vector<std::size_t>& level_starts, std::size_t fact,
                                StateWords state);

}  // namespace quiesce::explore
