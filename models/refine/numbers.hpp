// The integer generator that every choice of a script comes from: the same numbers everywhere.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace quiesce::refine {

/// One step of splitmix64: turns any number into a well mixed one.
[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t value) {
  value += 0x9E37'79B9'7F4A'7C15ULL;
  value = (value ^ (value >> 30U)) * 0xBF58'476D'1CE4'E5B9ULL;
  value = (value ^ (value >> 27U)) * 0x94D0'49BB'1331'11EBULL;
  return value ^ (value >> 31U);
}
/// A seed of its own for part `index` of what `seed` stands for.
[[nodiscard]] constexpr std::uint64_t derived(std::uint64_t seed, std::uint64_t index) {
  return mixed(mixed(seed) ^ (index * 0xD1B5'4A32'D192'ED03ULL));
}

/// xoshiro256**: a stream of numbers as a function of its seed.
///   cost     a few instructions a number, no allocation
class Numbers {
 public:
  explicit constexpr Numbers(std::uint64_t seed) {
    for (std::uint64_t& word : state_) word = seed = mixed(seed);
  }

  constexpr std::uint64_t next() {
    const std::uint64_t result = rotated(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotated(state_[3], 45);
    return result;
  }
  /// A number from 0 to count - 1; 0 if count is 0.
  constexpr std::uint32_t below(std::size_t count) {
    return count == 0 ? 0 : static_cast<std::uint32_t>(((next() >> 32U) * count) >> 32U);
  }
  /// A number from `low` to `high`, both included.
  constexpr std::uint32_t between(std::uint32_t low, std::uint32_t high) {
    return low + below(high - low + std::size_t{1});
  }
  /// True in `percent` of a hundred cases.
  constexpr bool chance(std::uint32_t percent) { return below(100) < percent; }
  /// The index of a weight, each drawn in proportion; 0 if all are 0.
  constexpr std::size_t weighted(std::span<const std::uint32_t> weights) {
    std::uint32_t total = 0;
    for (const std::uint32_t weight : weights) total += weight;
    std::uint32_t left = below(total);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (left < weights[i]) return i;
      left -= weights[i];
    }
    return 0;
  }

 private:
  static constexpr std::uint64_t rotated(std::uint64_t value, unsigned by) {
    return (value << by) | (value >> (64U - by));
  }

  std::array<std::uint64_t, 4> state_{};
};

}  // namespace quiesce::refine
