#include "models/interleave/strategies.hpp"

#include "models/interleave/pct.hpp"
#include "models/interleave/pos.hpp"

namespace quiesce::interleave {

std::span<const std::string_view> strategy_names() {
  static constexpr std::array<std::string_view, 3> names{"walk", "pct", "pos"};
  return names;
}

std::optional<AnyStrategy> make_strategy(std::string_view name, std::uint64_t seed,
                                         std::uint32_t length) {
  if (name == "walk") return AnyStrategy(RandomWalk(seed));
  if (name == "pct") return AnyStrategy(Pct(seed, {}, length));
  if (name == "pos") return AnyStrategy(Pos(seed));
  return std::nullopt;
}

}  // namespace quiesce::interleave
