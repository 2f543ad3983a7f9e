#include "models/explore/described.hpp"

#include <string>
#include <utility>

#include "impl/sync/require.hpp"
#include "models/explore/graph_digest.hpp"
#include "models/explore/growth.hpp"

namespace quiesce::explore {

Covered nothing_covered(const ModelView& model, const SearchOptions& options) {
  require(model.always().size() < FactSet::most && model.sometimes().size() <= FactSet::most,
          "a FactSet has room for the sentences of a model and for the deadlock");
  Covered covered;
  covered.fired.assign(model.actions().size(), 0);
  covered.witness_levels.assign(model.sometimes().size(), 0);
  covered.broke.assign(model.always().size() + 1, 0);
  covered.broken_levels.assign(model.always().size() + 1, 0);
  covered.shown.assign(options.count_witnesses ? model.sometimes().size() : 0, 0);
  covered.refused.assign(model.refusals().size(), 0);
  return covered;
}

std::vector<std::uint64_t> level_sizes(const Covered& covered) {
  std::vector<std::uint64_t> sizes;
  const auto& starts = covered.level_starts;
  for (std::size_t level = 0; level < starts.size(); ++level) {
    const std::size_t end = level + 1 < starts.size() ? starts[level + 1] : covered.level_end;
    sizes.push_back(end - starts[level]);
  }
  return sizes;
}

SearchResult described(const ModelView& model, const Covered& covered, std::uint64_t states) {
  SearchResult result;
  result.distinct_states = states;
  result.expanded_states = covered.expanded;
  result.levels = level_sizes(covered);
  if (states > covered.level_end) result.levels.push_back(states - covered.level_end);
  for (std::size_t i = 0; i < covered.fired.size(); ++i) {
    result.actions.emplace_back(std::string(model.actions()[i]), covered.fired[i]);
    result.transitions += covered.fired[i];
  }
  result.terminal_states = covered.terminal;
  result.deadlocked_states = covered.deadlocked;
  result.graph = covered.graph;
  for (std::size_t i = 0; i < covered.refused.size(); ++i) {
    const RefusalCell& cell = model.refusals()[i];
    result.refusals.push_back(
        {std::string(cell.action), std::string(cell.guard), covered.refused[i]});
    if (covered.graph != 0) result.graph += refusal_shape(i, covered.refused[i]);
  }
  for (const Fact& fact : model.always()) {
    result.always.emplace_back(std::string(fact.id), std::string(fact.sentence));
  }
  for (std::size_t i = 0; i < covered.broke.size(); ++i) {
    if (covered.broke[i] == 0) continue;
    const bool is_fact = i < model.always().size();
    result.broken.push_back({std::string(is_fact ? model.always()[i].id : no_deadlock),
                             covered.broken_levels[i], covered.broke[i]});
  }
  for (std::size_t i = 0; i < model.sometimes().size(); ++i) {
    const Fact& fact = model.sometimes()[i];
    Witness witness;
    witness.id = fact.id;
    witness.sentence = fact.sentence;
    witness.beyond = fact.beyond;
    if (covered.witnessed.has(i)) witness.first_level = covered.witness_levels[i];
    if (!covered.shown.empty()) witness.states = covered.shown[i];
    result.sometimes.push_back(std::move(witness));
  }
  return result;
}

Progress so_far(const Covered& covered, std::uint64_t states) {
  Progress progress;
  progress.states = states;
  progress.expanded = progress.expanded_in_this_run = covered.expanded;
  if (const auto total = about_total(level_sizes(covered)))
    progress.about_states = static_cast<std::uint64_t>(*total);
  for (const std::uint64_t count : covered.fired) progress.transitions += count;
  progress.level = covered.level_starts.size() - 1;
  progress.frontier_states = states - covered.expanded;
  return progress;
}

}  // namespace quiesce::explore
