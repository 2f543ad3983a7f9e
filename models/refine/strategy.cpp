#include "models/refine/strategy.hpp"

namespace quiesce::refine {
namespace {

struct StrategyWords {
  std::string_view name;
  std::string_view summary;
};

constexpr std::array<StrategyWords, strategy_count> words{{
    {"random_walk", "at each choice every thread that can go on is as likely as any other"},
    {"pct", "random priorities that change at few random points: finds what needs few preemptions"},
    {"pos", "a random priority for each pending operation, drawn anew for the loser of a race"},
    {"exhaustive", "every schedule with at most 0, 1, 2, … preemptions, in this order"},
    {"sequential", "one action after the other, the state compared after each"},
    {"replay", "the decisions that were recorded"},
}};

}  // namespace

std::string_view to_text(Strategy strategy) {
  return words[static_cast<std::size_t>(strategy)].name;
}

std::string_view summary(Strategy strategy) {
  return words[static_cast<std::size_t>(strategy)].summary;
}

std::optional<Strategy> find_strategy(std::string_view name) {
  for (const Strategy strategy : selectable_strategies) {
    if (to_text(strategy) == name) return strategy;
  }
  return std::nullopt;
}

}  // namespace quiesce::refine
