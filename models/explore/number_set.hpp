// Sets of small numbers: the sentences that are broken or shown, and the instances that sleep.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace quiesce::explore {

/// NumberSet is a set of numbers below `most`, a bit for each; sets of different things have
/// different types.
///   cost     a few instructions a word
template <class Of>
class NumberSet {
 public:
  static constexpr std::size_t words = 2;  ///< fit in registers: a third costs a search 2 %
  static constexpr std::size_t most = 64 * words;

  /// The numbers `first + n` for each bit n of `bits`; all of them are below `most`.
  [[nodiscard]] static constexpr NumberSet of(std::uint64_t bits, std::size_t first = 0) {
    NumberSet set;
    const std::size_t word = first / 64;
    set.words_[word] = bits << first % 64;
    if (first % 64 != 0 && word + 1 < words) set.words_[word + 1] = bits >> (64 - first % 64);
    return set;
  }
  [[nodiscard]] static constexpr NumberSet only(std::size_t number) { return of(1, number); }
  /// All numbers below `end`.
  [[nodiscard]] static constexpr NumberSet below(std::size_t end) {
    NumberSet set;
    for (std::size_t number = 0; number < end; ++number) set.add(number);
    return set;
  }

  constexpr void add(std::size_t number) { words_[number / 64] |= std::uint64_t{1} << number % 64; }
  constexpr void add_if(bool wanted, std::size_t number) {
    words_[number / 64] |= std::uint64_t{wanted} << number % 64;
  }

  [[nodiscard]] constexpr bool has(std::size_t number) const {
    return (words_[number / 64] >> number % 64 & 1U) != 0;
  }
  [[nodiscard]] constexpr bool empty() const {
    std::uint64_t any = 0;
    for (const std::uint64_t word : words_) any |= word;
    return any == 0;
  }
  [[nodiscard]] constexpr std::size_t size() const {
    std::size_t size = 0;
    for (const std::uint64_t word : words_) size += static_cast<std::size_t>(std::popcount(word));
    return size;
  }
  /// The least of them; there is one.
  [[nodiscard]] constexpr std::size_t first() const {
    std::size_t word = 0;
    while (words_[word] == 0) ++word;
    return 64 * word + static_cast<std::size_t>(std::countr_zero(words_[word]));
  }
  /// Calls `visit(number)` for each, in their order.
  template <class Visit>
  constexpr void for_each(Visit visit) const {
    for (std::size_t word = 0; word < words; ++word) {
      for (std::uint64_t left = words_[word]; left != 0; left &= left - 1)
        visit(64 * word + static_cast<std::size_t>(std::countr_zero(left)));
    }
  }
  /// A bit n for each of the numbers `first + n`, n below 64.
  [[nodiscard]] constexpr std::uint64_t bits_from(std::size_t first) const {
    const std::size_t word = first / 64;
    std::uint64_t bits = words_[word] >> first % 64;
    if (first % 64 != 0 && word + 1 < words) bits |= words_[word + 1] << (64 - first % 64);
    return bits;
  }

  constexpr NumberSet& operator|=(const NumberSet& other) {
    for (std::size_t i = 0; i < words; ++i) words_[i] |= other.words_[i];
    return *this;
  }
  friend constexpr NumberSet operator|(NumberSet a, const NumberSet& b) { return a |= b; }
  friend constexpr NumberSet operator&(NumberSet a, const NumberSet& b) {
    for (std::size_t i = 0; i < words; ++i) a.words_[i] &= b.words_[i];
    return a;
  }
  /// Those of `a` that are not in `b`.
  friend constexpr NumberSet operator-(NumberSet a, const NumberSet& b) {
    for (std::size_t i = 0; i < words; ++i) a.words_[i] &= ~b.words_[i];
    return a;
  }
  friend constexpr bool operator==(const NumberSet&, const NumberSet&) = default;

 private:
  std::array<std::uint64_t, words> words_{};
};

/// Numbers of entries of always() or of sometimes(); one past the last of always(): a deadlock.
using FactSet = NumberSet<struct NumberedFact>;
/// Numbers of action instances.
using InstanceSet = NumberSet<struct NumberedInstance>;

}  // namespace quiesce::explore
