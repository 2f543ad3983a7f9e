#include "models/explore/trace.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace quiesce::explore {

std::vector<KeptState> shortest_path(const ModelView& model, const StatesInOrder& log,
                                     const std::vector<std::size_t>& level_starts,
                                     StateWords last) {
  std::vector<KeptState> path{KeptState(last.begin(), last.end())};
  for (std::size_t level = level_starts.size() - 1; level > 0; --level) {
    const KeptState& wanted = path.back();
    bool leads_there = false;
    const ModelView::Sink look = [&](std::size_t, StateWords next) {
      leads_there = leads_there || std::equal(next.begin(), next.end(), wanted.begin());
    };
    std::optional<StateWords> least;
    for (std::size_t i = level_starts[level - 1]; i < level_starts[level]; ++i) {
      const StateWords candidate = log[i];
      if (least && !is_less(candidate, *least)) continue;
      leads_there = false;
      model.successors(candidate, look);
      if (leads_there) least = candidate;
    }
    if (!least) break;  // two states shared a fingerprint: the path is shown as far as it goes
    path.emplace_back(least->begin(), least->end());
  }
  std::reverse(path.begin(), path.end());
  return path;
}

Replayed replay(const ModelView& model, const std::vector<KeptState>& path) {
  const ModelView& real = model.concrete();
  KeptState now = real.initial();
  std::vector<TraceStep> rows;
  if (path.empty() || !model.is_represented_by(now, path.front())) return {std::move(rows), now};
  rows.push_back({"", "", real.state_text(now), real.variables(now)});
  for (std::size_t i = 1; i < path.size(); ++i) {
    std::optional<KeptState> taken;
    std::size_t taken_action = 0;
    real.successors(now, [&](std::size_t action, StateWords next) {
      if (taken || !model.is_represented_by(next, path[i])) return;
      taken.emplace(next.begin(), next.end());
      taken_action = action;
    });
    if (!taken) break;
    rows.push_back({std::string(real.actions()[taken_action]),
                    real.step_text(now, taken_action, *taken), real.state_text(*taken),
                    real.variables(*taken)});
    now = std::move(*taken);
  }
  return {std::move(rows), std::move(now)};
}

Violation explain(const ModelView& model, const StatesInOrder& log,
                  const std::vector<std::size_t>& level_starts, std::size_t fact,
                  StateWords state) {
  Replayed replayed = replay(model, shortest_path(model, log, level_starts, state));
  Violation violation;
  violation.trace = std::move(replayed.rows);
  if (fact < model.always().size()) {
    violation.id = model.always()[fact].id;
    violation.sentence = model.always()[fact].sentence;
    violation.facts = model.violation_text(replayed.last, fact);
    if (auto row = model.broken_step(replayed.last, fact)) violation.trace.push_back(*row);
  } else {
    violation.id = no_deadlock;
    violation.sentence = "a state without successors is quiescent";
    violation.facts = "no action can fire and the state is not quiescent";
  }
  return violation;
}

}  // namespace quiesce::explore
