// The generational arena: live records in reused slots, and a bounded memory of those that ended.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "impl/shards/ids.hpp"
#include "impl/sync/require.hpp"

namespace quiesce::impl {

/// The end of every list that is threaded through slots.
inline constexpr std::uint32_t no_slot = 0xFFFF'FFFFU;

/// Records of one kind, found by (slot, generation).
///   state    A slot is reused as soon as its record ended, under the next generation; a slot whose
///            generations are used up is never reused. What ended leaves a Summary in a ring of
///            `remembered_capacity` tombstones, found by the full id until it is overwritten.
///   cost     insert, find and end are O(1); remembered is O(tombstones of that slot). The first
///            `inline_slots` records and tombstones live inside the arena, without the heap.
///   keeps    a reference to a record is good until the next insert
template <class Kind, class Record, class Summary, std::size_t inline_slots,
          std::uint32_t last_generation = std::numeric_limits<std::uint32_t>::max()>
class Arena {
 public:
  using Identity = Id<Kind>;

  explicit Arena(std::size_t remembered_capacity) : capacity_(remembered_capacity) {}

  Identity insert(const Record& record) {
    if (free_ == no_slot) {
      require(slots_.size() < no_slot, "an arena is full: every slot is taken");
      slots_.push_back(Slot{.record = record, .live = true});
      return {static_cast<std::uint32_t>(slots_.size() - 1), first_generation};
    }
    const std::uint32_t index = free_;
    Slot& slot = slots_[index];
    free_ = slot.next_free;
    slot.record = record;
    slot.live = true;
    return {index, slot.generation};
  }

  /// The record, or nullptr if `id` is none, stale, or was never given.
  [[nodiscard]] Record* find(Identity id) {
    return is_live(id) ? &slots_[id.slot].record : nullptr;
  }
  [[nodiscard]] const Record* find(Identity id) const {
    return is_live(id) ? &slots_[id.slot].record : nullptr;
  }
  [[nodiscard]] bool is_live(Identity id) const {
    return id.slot < slots_.size() && slots_[id.slot].live &&
           slots_[id.slot].generation == id.generation;
  }

  /// The record in a slot that a list of ours leads to; it is live by construction.
  [[nodiscard]] Record& at(std::uint32_t slot) { return slots_[slot].record; }
  [[nodiscard]] const Record& at(std::uint32_t slot) const { return slots_[slot].record; }
  [[nodiscard]] Identity id_of(std::uint32_t slot) const { return {slot, slots_[slot].generation}; }

  /// Ends a live record: the slot is free at once, and `summary` is remembered under the old id.
  void end(Identity id, const Summary& summary) {
    require(is_live(id), "only a live record can end");
    Slot& slot = slots_[id.slot];
    remember(id, slot, summary);
    slot.live = false;
    if (slot.generation == last_generation) {  // used up: never free again
      ++used_up_;
      return;
    }
    ++slot.generation;
    slot.next_free = free_;
    free_ = id.slot;
  }

  /// What is remembered of an ended record, or nullptr if it is live, unknown or forgotten.
  [[nodiscard]] const Summary* remembered(Identity id) const {
    if (id.slot >= slots_.size()) return nullptr;
    for (std::uint64_t number = slots_[id.slot].last_tombstone; is_kept(number);) {
      const Tombstone& tombstone = tombstones_[position(number)];
      if (tombstone.id == id) return &tombstone.summary;
      number = tombstone.older;
    }
    return nullptr;
  }

  template <class Visit>  // visit(Identity, const Record&)
  void for_each_live(Visit&& visit) const {
    for (std::uint32_t index = 0; index < slots_.size(); ++index) {
      if (slots_[index].live) visit(id_of(index), slots_[index].record);
    }
  }
  template <class Visit>  // visit(const Summary&)
  void for_each_remembered(Visit&& visit) const {
    for (const Tombstone& tombstone : tombstones_) visit(tombstone.summary);
  }

  /// How many slots are neither live nor free nor used up, or free twice: none.      cost O(slots)
  [[nodiscard]] std::uint32_t lost() const {
    std::uint32_t over = 0;
    for (const Slot& slot : slots_) {
      if (!slot.live) ++over;
    }
    over -= used_up_;
    std::uint32_t free = 0;
    for (std::uint32_t slot = free_; slot != no_slot && free <= over; ++free) {
      slot = slots_[slot].next_free;
    }
    return free < over ? over - free : free - over;
  }

  static constexpr std::uint32_t first_generation = 1;

 private:
  struct Slot {
    Record record{};
    std::uint64_t last_tombstone = 0;  // its number; numbers start at 1, 0 is none
    std::uint32_t generation = first_generation;
    std::uint32_t next_free = no_slot;
    bool live = false;
  };
  struct Tombstone {
    Identity id{};
    std::uint64_t older = 0;  // the tombstone before this one of the same slot
    Summary summary{};
  };

  [[nodiscard]] std::size_t position(std::uint64_t number) const {
    return (number - 1) % capacity_;
  }
  [[nodiscard]] bool is_kept(std::uint64_t number) const {
    return number != 0 && number + capacity_ > ended_;
  }

  void remember(Identity id, Slot& slot, const Summary& summary) {
    if (capacity_ == 0) return;
    ++ended_;
    const Tombstone tombstone{.id = id, .older = slot.last_tombstone, .summary = summary};
    if (tombstones_.size() < capacity_) {
      tombstones_.push_back(tombstone);
    } else {
      tombstones_[position(ended_)] = tombstone;
    }
    slot.last_tombstone = ended_;
  }

  boost::container::small_vector<Slot, inline_slots> slots_;
  boost::container::small_vector<Tombstone, inline_slots> tombstones_;
  std::size_t capacity_;
  std::uint64_t ended_ = 0;
  std::uint32_t free_ = no_slot;
  std::uint32_t used_up_ = 0;
};

}  // namespace quiesce::impl
