// The strategies by name: how the schedules of a script are chosen.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace quiesce::refine {

enum class Strategy : std::uint8_t {
  RandomWalk,  // every enabled thread is as likely as any other
  Pct,         // random priorities that change at a few random points
  Pos,         // a random priority for each pending operation, drawn anew for the loser of a race
  Exhaustive,  // every schedule with at most c preemptions, c = 0, 1, 2, …
  Sequential,  // one thread, the state compared after every action
  Replay,      // recorded decisions
};
inline constexpr int strategy_count = 6;

/// What can be asked for on the command line; Replay cannot.
inline constexpr std::array<Strategy, 5> selectable_strategies{
    Strategy::RandomWalk, Strategy::Pct, Strategy::Pos, Strategy::Exhaustive, Strategy::Sequential};

/// "random_walk", "pct", "pos", "exhaustive", "sequential", "replay"
[[nodiscard]] std::string_view to_text(Strategy strategy);
/// What the strategy does, in one sentence.
[[nodiscard]] std::string_view summary(Strategy strategy);
[[nodiscard]] std::optional<Strategy> find_strategy(std::string_view name);

}  // namespace quiesce::refine
