// The shortest counterexample: walked back through the levels, then forward with real names.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/explore/model.hpp"
#include "models/explore/result.hpp"

namespace quiesce::explore {

/// The states of a shortest path from the initial state to `last`, which is in the last level.
/// A state's predecessor is looked for among the states of the level before: of several the least,
/// so that the path depends on nothing but the model. `log[i]` is the i-th state discovered.
///   cost     at most one further expansion of every state; no memory
template <Model M, class Log>
std::vector<typename M::State> shortest_path(const M& model, const Log& log,
                                             const std::vector<std::size_t>& level_starts,
                                             const typename M::State& last) {
  using State = typename M::State;
  std::vector<State> path{last};
  for (std::size_t level = level_starts.size() - 1; level > 0; --level) {
    std::optional<State> least;
    for (std::size_t i = level_starts[level - 1]; i < level_starts[level]; ++i) {
      const State& candidate = log[i];
      if (least && !(candidate < *least)) continue;
      bool leads_there = false;
      model.successors(candidate, model.inspect(candidate),
                       [&](std::size_t, const State& next) { leads_there |= next == path.back(); });
      if (leads_there) least = candidate;
    }
    if (!least) break;  // two states shared a fingerprint: the path is shown as far as it goes
    path.push_back(*least);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

/// The variables of a state for other tools; a model without any has its text.
template <class M>
std::vector<std::pair<std::string, std::string>> variables_of(const M& model,
                                                              const typename M::State& state) {
  if constexpr (requires { model.variables(state); }) {
    return model.variables(state);
  } else {
    return {};
  }
}

template <class State>
struct Replayed {
  std::vector<TraceStep> rows;
  State last;
};

/// Under a symmetry the path is one of representatives; this replays it in the model itself, so
/// that a name means the same entity from the first row to the last.
template <Model M>
Replayed<typename M::State> replay(const M& model, const std::vector<typename M::State>& path) {
  using State = typename M::State;
  constexpr bool reduced = requires {
    model.concrete();
  };
  const auto& real = [&]() -> const auto& {
    if constexpr (reduced) {
      return model.concrete();
    } else {
      return model;
    }
  }
  ();
  const auto same = [&](const State& state, const State& on_path) {
    if constexpr (reduced) {
      return model.representative(state) == on_path;
    } else {
      return state == on_path;
    }
  };

  State now = real.initial();
  std::vector<TraceStep> rows;
  if (path.empty() || !same(now, path.front())) return {std::move(rows), now};
  rows.push_back({"", "", real.state_text(now), variables_of(real, now)});
  for (std::size_t i = 1; i < path.size(); ++i) {
    std::optional<State> taken;
    std::size_t taken_action = 0;
    real.successors(now, real.inspect(now), [&](std::size_t action, const State& next) {
      if (taken || !same(next, path[i])) return;
      taken = next;
      taken_action = action;
    });
    if (!taken) break;
    rows.push_back({std::string(real.actions()[taken_action]),
                    real.step_text(now, taken_action, *taken), real.state_text(*taken),
                    variables_of(real, *taken)});
    now = *taken;
  }
  return {std::move(rows), now};
}

/// What is wrong with `state`, and how it comes about.
template <Model M, class Log>
Violation explain(const M& model, const Log& log, const std::vector<std::size_t>& level_starts,
                  std::size_t fact, const typename M::State& state) {
  const auto replayed = replay(model, shortest_path(model, log, level_starts, state));
  Violation violation;
  violation.trace = replayed.rows;
  if (fact < model.always().size()) {
    violation.id = model.always()[fact].id;
    violation.sentence = model.always()[fact].sentence;
    violation.facts = model.violation_text(replayed.last, fact);
    if constexpr (requires { model.broken_step(replayed.last, fact); }) {
      if (auto row = model.broken_step(replayed.last, fact)) violation.trace.push_back(*row);
    }
  } else {
    violation.id = no_deadlock;
    violation.sentence = "a state without successors is quiescent";
    violation.facts = "no action can fire and the state is not quiescent";
  }
  return violation;
}

}  // namespace quiesce::explore
