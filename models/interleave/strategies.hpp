// The random strategies by name, for programs that choose at run time.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "models/interleave/engine.hpp"

namespace quiesce::interleave {

/// "walk", "pct", "pos".
std::span<const std::string_view> strategy_names();

/// The strategy of that name; nothing if there is none. `length` is what estimated_length tells;
/// only pct uses it.
std::optional<AnyStrategy> make_strategy(std::string_view name, std::uint64_t seed,
                                         std::uint32_t length);

}  // namespace quiesce::interleave
