// The line of waiters in a packed state. Epochs are only compared, so they are renumbered.
#pragma once

#include "models/explore/models/bits.hpp"
#include "spec/channel/waiters.hpp"

namespace quiesce::explore {

inline constexpr unsigned epoch_bits = 4;
inline constexpr unsigned slot_bits = 2;

/// The epochs that occur in a line, in their slots and in nothing else, renumbered 1, 2, … in the
/// same order: what acts on them tells older from younger and equal from different, no more.
class Epochs {
 public:
  explicit Epochs(const channel::Waiters& waiters);
  void add(const channel::Ticket& ticket);
  [[nodiscard]] std::uint32_t renumbered(std::uint32_t epoch) const;

 private:
  std::uint64_t occurring_ = 0;  ///< bit e: epoch e occurs
};

void put_ticket(BitWriter& out, const Epochs& epochs, const channel::Ticket& ticket);
[[nodiscard]] channel::Ticket take_ticket(BitReader& in);
/// `generation_bits` for the generation of each entry; 0 if there is none.
void put_waiters(BitWriter& out, const Epochs& epochs, const channel::Waiters& waiters,
                 unsigned generation_bits);
[[nodiscard]] channel::Waiters take_waiters(BitReader& in, unsigned generation_bits);

}  // namespace quiesce::explore
