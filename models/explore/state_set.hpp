// The visited set that keeps whole states: exact for any number of words, at the price of memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "models/explore/pages.hpp"

namespace quiesce::explore {

/// StateSet is a set of packed states: two states with the same key are told apart.
///   state    8 + 8 * words bytes a slot, where KeySet has 8; otherwise used like it
///   cost     a thread that meets a slot being filled waits for the other to finish
template <std::size_t words>
class StateSet {
 public:
  using State = std::array<std::uint64_t, words>;
  static constexpr std::size_t slot_bytes = sizeof(std::uint64_t) + sizeof(State);

  /// False when the system has no such memory; the set is then unchanged.
  [[nodiscard]] bool grow_to(unsigned log2_slots) {
    const std::size_t wanted = std::size_t{1} << log2_slots;
    if (wanted <= slots_) return true;
    Pages pages;
    if (!pages.grow(wanted * sizeof(Slot))) return false;
    auto* const table = static_cast<Slot*>(pages.data());
    const unsigned shift = 64 - log2_slots;
    for (std::size_t old = 0; old < slots_; ++old) {
      if (table_[old].key == empty) continue;
      std::size_t slot = table_[old].key >> shift;
      while (table[slot].key != empty) slot = (slot + 1) & (wanted - 1);
      table[slot] = table_[old];
    }
    pages_ = std::move(pages);
    table_ = table;
    slots_ = wanted;
    shift_ = shift;
    return true;
  }
  [[nodiscard]] std::size_t slots() const { return slots_; }
  [[nodiscard]] unsigned log2_slots() const { return 64 - shift_; }
  void prefetch(std::uint64_t key) const { __builtin_prefetch(&table_[key >> shift_], 1, 3); }

  /// True when the state was not in the set. `shared`: other threads insert at the same time.
  template <bool shared>
  [[nodiscard]] bool insert(std::uint64_t key, const State& state) {
    if (key <= filling) key += filling + 1;  // the state decides, so keys may be moved together
    for (std::size_t slot = key >> shift_;; slot = (slot + 1) & (slots_ - 1)) {
      Slot& at = table_[slot];
      // Acquire pairs with the release that publishes a filled slot: its state is then readable.
      std::uint64_t seen = __atomic_load_n(&at.key, __ATOMIC_ACQUIRE);
      if (seen == empty) {
        if (claim<shared>(at, seen)) {
          at.state = state;
          __atomic_store_n(&at.key, key, __ATOMIC_RELEASE);
          return true;
        }
      }
      while (seen == filling) seen = __atomic_load_n(&at.key, __ATOMIC_ACQUIRE);
      if (seen == key && at.state == state) return false;
    }
  }

 private:
  static constexpr std::uint64_t empty = 0;
  static constexpr std::uint64_t filling = 1;
  struct Slot {
    std::uint64_t key;
    State state;
  };

  /// On failure `seen` is what another thread has put there.
  template <bool shared>
  [[nodiscard]] static bool claim(Slot& at, std::uint64_t& seen) {
    if constexpr (!shared) return true;
    return __atomic_compare_exchange_n(&at.key, &seen, filling, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_ACQUIRE);
  }

  Pages pages_;
  Slot* table_ = nullptr;
  std::size_t slots_ = 0;
  unsigned shift_ = 64;
};

}  // namespace quiesce::explore
