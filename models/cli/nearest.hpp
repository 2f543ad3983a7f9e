// "did you mean": the nearest of some names.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace quiesce::cli {

/// Insertions, deletions, replacements and swaps of neighbours between two words.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The name nearest to `word`, the first of equals; empty if none is near enough to be meant.
[[nodiscard]] std::string_view nearest(std::string_view word,
                                       std::span<const std::string_view> names);

/// "; did you mean 'sharded'?", or the list of the names if none is near.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       std::span<const std::string_view> names);

}  // namespace quiesce::cli
