// A set of action instances: what sleeps in a state.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace quiesce::explore {

/// InstanceSet is a set of numbers below 128.
class InstanceSet {
 public:
  static constexpr std::size_t most = 128;

  [[nodiscard]] bool has(std::size_t instance) const {
    return (words_[instance / 64] >> instance % 64 & 1U) != 0;
  }
  void add(std::size_t instance) { words_[instance / 64] |= std::uint64_t{1} << instance % 64; }
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(std::popcount(words_[0]) + std::popcount(words_[1]));
  }

  friend InstanceSet operator&(const InstanceSet& a, const InstanceSet& b) {
    InstanceSet both;
    for (std::size_t i = 0; i < both.words_.size(); ++i) both.words_[i] = a.words_[i] & b.words_[i];
    return both;
  }
  friend bool operator==(const InstanceSet&, const InstanceSet&) = default;

 private:
  std::array<std::uint64_t, 2> words_{};
};

}  // namespace quiesce::explore
