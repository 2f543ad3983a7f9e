// The generator of every random choice: splitmix64, the same on every machine.
#pragma once

#include <cstdint>

namespace quiesce::interleave {

/// A bijective mix of 64 bits.
inline std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

/// A stream of 64-bit numbers.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() { return mixed(state_ += 0x9e3779b97f4a7c15U); }

  /// A number below `bound`; the bias is at most bound in 2^32.
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(((next() >> 32U) * bound) >> 32U);
  }

 private:
  std::uint64_t state_;
};

/// The seed of execution i: near seeds and near indices give unrelated streams.
inline std::uint64_t execution_seed(std::uint64_t seed, std::uint64_t execution) {
  return mixed(mixed(seed) ^ (execution * 0xd1342543de82ef95U + 0x9e3779b97f4a7c15U));
}

}  // namespace quiesce::interleave
