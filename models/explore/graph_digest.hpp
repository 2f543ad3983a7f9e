// A number for the whole graph of a search: which step leads where, and what refuses what.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace quiesce::explore {

// The digest is a sum over all states, so it does not depend on the order in which they are
// expanded, nor on how many threads do it. Counts stay as they are when a step leads to another
// state that is reachable anyway; the digest does not. It speaks of packed states: a codec that
// packs otherwise has other digests and the same counts.
//   cost     one multiplication a step, and one a word of a state

/// What a step adds to its state's sum: it leads by `action` to the state with this key.
[[nodiscard, gnu::always_inline]] inline std::uint64_t step_shape(std::size_t action,
                                                                  std::uint64_t key) {
  return (key ^ 0x6A09'E667'F3BC'C908U) * (2 * action + 1);
}

/// What a state adds to the digest: itself and the sum of what leads from it.
template <std::size_t words>
[[nodiscard, gnu::always_inline]] inline std::uint64_t graph_part(
    const std::array<std::uint64_t, words>& state, std::uint64_t shape) {
  std::uint64_t own = 0x3C6E'F372'FE94'F82BU;
  for (const std::uint64_t word : state) own = (own ^ word) * 0x9E37'79B9'7F4A'7C15U;
  return shape * (own | 1U);
}

/// What the refusals by a cell of action and guard add, of all states.
[[nodiscard]] inline std::uint64_t refusal_shape(std::size_t cell, std::uint64_t count) {
  return (2 * cell + 1) * 0xBB67'AE85'84CA'A73BU * count;
}

}  // namespace quiesce::explore
