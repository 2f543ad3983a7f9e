#include "models/explore/key_set.hpp"

#include <utility>

namespace quiesce::explore {

bool KeySet::grow_to(unsigned log2_slots) {
  const std::size_t wanted = std::size_t{1} << log2_slots;
  if (wanted <= slots_) return true;
  Pages pages;
  if (!pages.grow(wanted * sizeof(std::uint64_t))) return false;

  auto* const table = static_cast<std::uint64_t*>(pages.data());
  const unsigned shift = 64 - log2_slots;
  // A slot is named by the highest bits of its key: both tables are walked in the same order.
  for (std::size_t old = 0; old < slots_; ++old) {
    const std::uint64_t key = table_[old];
    if (key == 0) continue;
    std::size_t slot = key >> shift;
    while (table[slot] != 0) slot = (slot + 1) & (wanted - 1);
    table[slot] = key;
  }
  pages_ = std::move(pages);
  table_ = table;
  slots_ = wanted;
  shift_ = shift;
  return true;
}

}  // namespace quiesce::explore
