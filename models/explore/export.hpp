// A state space or a trace, for other tools.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/explore/model.hpp"
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
template <Model M>
[[nodiscard]] std::optional<std::string> dot_of(const M& model) {
  using State = typename M::State;
  std::vector<State> states{model.initial()};
  std::map<State, std::size_t> number_of{{states.front(), 0}};
  std::string edges;
  for (std::size_t at = 0; at < states.size(); ++at) {
    const State from = states[at];
    std::vector<std::pair<std::size_t, State>> steps;
    model.successors(from, model.inspect(from), [&](std::size_t action, const State& next) {
      steps.emplace_back(action, next);
    });
    for (const auto& [action, next] : steps) {
      const auto [found, is_new] = number_of.emplace(next, states.size());
      if (is_new) states.push_back(next);
      edges += "  s" + std::to_string(at) + " -> s" + std::to_string(found->second) +
               " [label=" + dot_quoted(model.step_text(from, action, next)) + "];\n";
    }
    if (states.size() > most_dot_states) return std::nullopt;
  }
  std::string text = "digraph states {\n  node [shape=box];\n";
  for (std::size_t at = 0; at < states.size(); ++at) {
    text +=
        "  s" + std::to_string(at) + " [label=" + dot_quoted(model.state_text(states[at])) + "];\n";
  }
  return text + edges + "}\n";
}

/// The trace of a result in the Informal Trace Format (JSON): the counterexample, else the example.
/// The variables are those of the model and `action_taken`. Nothing if there is no trace.
[[nodiscard]] std::optional<std::string> itf_of(const Searched& searched,
                                                const SearchResult& result);

}  // namespace quiesce::explore
