// What a search has covered, in the names of its model.
#pragma once

#include <cstdint>
#include <vector>

#include "models/explore/checkpoint.hpp"
#include "models/explore/model_view.hpp"
#include "models/explore/result.hpp"

namespace quiesce::explore {

/// The counts of a search that has not begun, in the shape of its model: a place for each action,
/// fact, witness and refusal.
[[nodiscard]] Covered nothing_covered(const ModelView& model, const SearchOptions& options);

/// The size of every level that is known whole, the one that is being expanded included.
[[nodiscard]] std::vector<std::uint64_t> level_sizes(const Covered& covered);

/// The counts of a search that has found `states` states; how it ended is the caller's to say.
[[nodiscard]] SearchResult described(const ModelView& model, const Covered& covered,
                                     std::uint64_t states);

/// How far a search is that has found `states` states; the time and the memory are the caller's.
[[nodiscard]] Progress so_far(const Covered& covered, std::uint64_t states);

}  // namespace quiesce::explore
