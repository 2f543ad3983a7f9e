// A state space or a trace, for other tools.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "models/explore/model_view.hpp"
#include "models/explore/report.hpp"
#include "models/explore/result.hpp"

namespace quiesce::explore {

/// Spaces with more states are not drawn.
inline constexpr std::size_t most_dot_states = 2'000;

/// "\"" and "\\" as DOT wants them, in quotes.
[[nodiscard]] std::string dot_quoted(std::string_view text);

/// The whole space as a DOT graph: a node a state, an edge a step; self loops and steps that lead
/// to the same state stand side by side. Nothing if there are more than `most_dot_states` states.
///   cost     two expansions of every state
[[nodiscard]] std::optional<std::string> dot_of(const ModelView& model);

/// The trace of a result in the Informal Trace Format (JSON): the counterexample, else the example.
/// The variables are those of the model and `action_taken`. Nothing if there is no trace.
[[nodiscard]] std::optional<std::string> itf_of(const Searched& searched,
                                                const SearchResult& result);

}  // namespace quiesce::explore
