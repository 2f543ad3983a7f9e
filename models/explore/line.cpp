#include "models/explore/models/line.hpp"

#include <algorithm>
#include <bit>

namespace quiesce::explore {
namespace {

constexpr unsigned length_bits = 4;
constexpr std::uint32_t most_epochs = 64;

}  // namespace

Epochs::Epochs(const channel::Waiters& waiters) {
  for (const channel::Ticket& ticket : waiters.line) add(ticket);
  for (const channel::WaiterEntry& entry : waiters.slots) add({0, entry.epoch});
}

void Epochs::add(const channel::Ticket& ticket) {
  require(ticket.epoch < most_epochs, "an epoch is within the bounds of a packed state");
  if (!ticket.is_none()) occurring_ |= std::uint64_t{1} << ticket.epoch;
}

std::uint32_t Epochs::renumbered(std::uint32_t epoch) const {
  if (epoch == 0) return 0;
  const std::uint64_t older = occurring_ & ((std::uint64_t{1} << epoch) - 1);
  return static_cast<std::uint32_t>(std::popcount(older)) + 1;
}

void put_ticket(BitWriter& out, const Epochs& epochs, const channel::Ticket& ticket) {
  out.put(ticket.slot, slot_bits);
  out.put(epochs.renumbered(ticket.epoch), epoch_bits);
}

channel::Ticket take_ticket(BitReader& in) {
  const std::uint32_t slot = in.take(slot_bits);
  return {slot, in.take(epoch_bits)};
}

void put_waiters(BitWriter& out, const Epochs& epochs, const channel::Waiters& waiters,
                 unsigned generation_bits) {
  out.put(waiters.slots.size(), length_bits);
  for (const channel::WaiterEntry& entry : waiters.slots) {
    out.put(epochs.renumbered(entry.epoch), epoch_bits);
    if (entry.epoch == 0) continue;
    out.put(entry.who, slot_bits);
    if (generation_bits == 0) continue;
    out.put(static_cast<std::uint64_t>(entry.mark), 2);
    out.put(entry.generation, generation_bits);
  }
  out.put(waiters.line.size(), length_bits);
  for (const channel::Ticket& ticket : waiters.line) put_ticket(out, epochs, ticket);
}

channel::Waiters take_waiters(BitReader& in, unsigned generation_bits) {
  channel::Waiters waiters;
  waiters.slots.resize(in.take(length_bits));
  for (channel::WaiterEntry& entry : waiters.slots) {
    entry.epoch = in.take(epoch_bits);
    waiters.epochs_drawn = std::max(waiters.epochs_drawn, entry.epoch);
    if (entry.epoch == 0) continue;
    entry.who = in.take(slot_bits);
    if (generation_bits == 0) continue;
    entry.mark = static_cast<channel::Mark>(in.take(2));
    entry.generation = in.take(generation_bits);
  }
  waiters.line.resize(in.take(length_bits));
  for (channel::Ticket& ticket : waiters.line) {
    ticket = take_ticket(in);
    waiters.epochs_drawn = std::max(waiters.epochs_drawn, ticket.epoch);
  }
  return waiters;
}

}  // namespace quiesce::explore
