// Fields of a few bits each, one after the other, in the words of a packed state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "impl/sync/require.hpp"

namespace quiesce::explore {

/// Puts fields into words, from the lowest bit of the first one on.
///   cost     O(1) a field; a field may cross from one word to the next
class BitWriter {
 public:
  explicit BitWriter(std::span<std::uint64_t> words) : words_(words) {
    for (std::uint64_t& word : words_) word = 0;
  }
  void put(std::uint64_t value, unsigned bits) {
    require(value >> bits == 0, "a field of a packed state holds its value");
    require(at_ + bits <= words_.size() * 64, "a packed state holds all its fields");
    const std::size_t word = at_ / 64;
    const unsigned shift = static_cast<unsigned>(at_ % 64);
    words_[word] |= value << shift;
    if (shift + bits > 64) words_[word + 1] |= value >> (64 - shift);
    at_ += bits;
  }

 private:
  std::span<std::uint64_t> words_;
  std::size_t at_ = 0;
};

/// Takes them out in the same order.
class BitReader {
 public:
  explicit BitReader(std::span<const std::uint64_t> words) : words_(words) {}
  [[nodiscard]] std::uint32_t take(unsigned bits) {
    const std::size_t word = at_ / 64;
    const unsigned shift = static_cast<unsigned>(at_ % 64);
    std::uint64_t value = words_[word] >> shift;
    if (shift + bits > 64) value |= words_[word + 1] << (64 - shift);
    at_ += bits;
    return static_cast<std::uint32_t>(value & ((std::uint64_t{1} << bits) - 1));
  }
  [[nodiscard]] bool take_flag() { return take(1) != 0; }

 private:
  std::span<const std::uint64_t> words_;
  std::size_t at_ = 0;
};

}  // namespace quiesce::explore
