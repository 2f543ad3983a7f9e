// How large a space is going to be, guessed from how its levels grow.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace quiesce::explore {

/// About how many states there are in all, from the sizes of the levels known so far; nothing where
/// a guess would be worth nothing.
///
/// The levels of a finite space grow by a factor that falls, from level to level, by about the same
/// factor itself: their sizes lie on a bell. The last three levels fix the bell. Nothing is said
/// while the factor does not fall, nor while the bell is more than sixteen times what is known.
///   source   tests/explore/growth_test.cpp holds it against models that were explored to the end
[[nodiscard]] std::optional<double> about_total(std::span<const std::uint64_t> levels);

}  // namespace quiesce::explore
