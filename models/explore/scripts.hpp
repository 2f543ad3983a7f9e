// Random scripts over the whole alphabet: what the bounded machine has no place for.
#pragma once

#include <cstdint>

#include "models/explore/result.hpp"

namespace quiesce::explore {

/// How many scripts are drawn and how long they are.
struct ScriptBounds {
  std::uint32_t seed = 1;
  std::uint32_t scripts = 1000;
  std::uint32_t length = 60;  ///< actions, the refused ones included
};

/// Walks random scripts of every action, with time, budgets, limits and joins, and evaluates every
/// invariant after, and every property of steps at, each of them.
///   state    a level is a number of actions; `distinct_states` are told apart by 64-bit hashes
///   cost     about two microseconds an action
[[nodiscard]] SearchResult walk_scripts(const ScriptBounds& bounds, const SearchOptions& options);

}  // namespace quiesce::explore
