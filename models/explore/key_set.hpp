// The visited set: one 64-bit key a state, open addressing, insertion by both cores at once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "models/explore/pages.hpp"

namespace quiesce::explore {

/// A bijection on 64-bit words whose every output bit depends on every input bit. Because no two
/// words share an image, a set of images of a lossless packing is an exact set of states.
///   cost     two multiplications
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t word) {
  word ^= word >> 32;
  word *= 0xD6E8'FEB8'6659'FD93U;
  word ^= word >> 32;
  word *= 0x9E37'79B9'7F4A'7C15U;
  return word ^ (word >> 29);
}

/// The key of a packed state: exact (a bijection) for one word, a fingerprint for more.
template <std::size_t words>
[[nodiscard, gnu::always_inline]] constexpr std::uint64_t key_of(
    const std::array<std::uint64_t, words>& state) {
  if constexpr (words == 1) {
    return mix(state[0]);
  } else {
    std::uint64_t key = 0x2545'F491'4F6C'DD1DU;
    for (const std::uint64_t word : state) key = mix(key ^ word) + 0xA076'1D64'78BD'642FU;
    return mix(key);
  }
}

/// KeySet is a set of 64-bit keys that answers "is this key new?" while it inserts it.
///   state    8 bytes a slot; at most 3 of 4 slots are used when the caller keeps to `room`
///   cost     about one cache line a probe; `prefetch` hides it
class KeySet {
 public:
  static constexpr std::size_t slot_bytes = sizeof(std::uint64_t);

  /// False when the system has no such memory; the set is then unchanged.
  [[nodiscard]] bool grow_to(unsigned log2_slots);
  [[nodiscard]] std::size_t slots() const { return slots_; }
  [[nodiscard]] unsigned log2_slots() const { return 64 - shift_; }

  void prefetch(std::uint64_t key) const { __builtin_prefetch(&table_[key >> shift_], 1, 3); }

  /// True when the key was not in the set. `shared`: other threads insert at the same time.
  /// A slot is its key and nothing else, so relaxed order suffices: nothing is published by it.
  template <bool shared>
  [[nodiscard]] bool insert(std::uint64_t key) {
    if (key == 0) [[unlikely]]
      return __atomic_exchange_n(&holds_zero_, true, __ATOMIC_RELAXED) == false;
    for (std::size_t slot = key >> shift_;; slot = (slot + 1) & (slots_ - 1)) {
      std::uint64_t seen = __atomic_load_n(&table_[slot], __ATOMIC_RELAXED);
      if (seen == key) return false;
      if (seen != 0) continue;
      if constexpr (shared) {
        if (__atomic_compare_exchange_n(&table_[slot], &seen, key, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED)) {
          return true;
        }
        if (seen == key) return false;  // the other thread inserted the same key first
      } else {
        table_[slot] = key;
        return true;
      }
    }
  }

  /// The same, called like the set of whole states.
  template <bool shared, class State>
  [[nodiscard]] bool insert(std::uint64_t key, const State&) {
    return insert<shared>(key);
  }

 private:
  Pages pages_;
  std::uint64_t* table_ = nullptr;
  std::size_t slots_ = 0;
  unsigned shift_ = 64;
  bool holds_zero_ = false;
};

}  // namespace quiesce::explore
