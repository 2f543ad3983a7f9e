// What a search has covered, in the names of its model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "models/explore/checkpoint.hpp"
#include "models/explore/model.hpp"
#include "models/explore/result.hpp"

namespace quiesce::explore {

/// The size of every level that is known whole, the one that is being expanded included.
[[nodiscard]] inline std::vector<std::uint64_t> level_sizes(const Covered& covered) {
  std::vector<std::uint64_t> sizes;
  const auto& starts = covered.level_starts;
  for (std::size_t level = 0; level < starts.size(); ++level) {
    const std::size_t end = level + 1 < starts.size() ? starts[level + 1] : covered.level_end;
    sizes.push_back(end - starts[level]);
  }
  return sizes;
}

/// The counts of a search that has found `states` states; how it ended is the caller's to say.
template <Model M>
[[nodiscard]] SearchResult described(const M& model, const Covered& covered, std::uint64_t states) {
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
  if constexpr (counts_refusals<M>) {
    for (std::size_t i = 0; i < covered.refused.size(); ++i) {
      const RefusalCell& cell = model.refusals()[i];
      result.refusals.push_back(
          {std::string(cell.action), std::string(cell.guard), covered.refused[i]});
    }
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
    if ((covered.witnessed >> i & 1) != 0) witness.first_level = covered.witness_levels[i];
    if (!covered.shown.empty()) witness.states = covered.shown[i];
    result.sometimes.push_back(std::move(witness));
  }
  return result;
}

}  // namespace quiesce::explore
