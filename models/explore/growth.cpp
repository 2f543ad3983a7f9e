#include "models/explore/growth.hpp"

#include <cstddef>
#include <numeric>

namespace quiesce::explore {

std::optional<double> about_total(std::span<const std::uint64_t> levels) {
  constexpr std::size_t fewest_levels = 5;
  constexpr double falls = 0.98;
  constexpr double most_times_known = 16;
  if (levels.size() < fewest_levels) return std::nullopt;

  const auto size_of = [&](std::size_t from_last) {
    return static_cast<double>(levels[levels.size() - 1 - from_last]);
  };
  double factor = size_of(0) / size_of(1);
  const double fall = factor / (size_of(1) / size_of(2));
  if (fall > falls) return std::nullopt;
  const double known = std::accumulate(levels.begin(), levels.end(), 0.0);
  double total = known;
  for (double next = size_of(0); next >= 1;) {
    factor *= fall;
    next *= factor;
    total += next;
    if (total > known * most_times_known) return std::nullopt;
  }
  return total;
}

}  // namespace quiesce::explore
