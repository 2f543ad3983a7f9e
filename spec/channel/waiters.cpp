#include "spec/channel/waiters.hpp"

#include <algorithm>

namespace quiesce::channel {

Ticket enter(Waiters& waiters, WaiterEntry entry) {
  entry.epoch = ++waiters.epochs_drawn;
  auto at = std::find_if(waiters.slots.begin(), waiters.slots.end(),
                         [](const WaiterEntry& slot) { return slot.epoch == 0; });
  if (at == waiters.slots.end()) at = waiters.slots.insert(at, WaiterEntry{});
  *at = entry;
  const Ticket ticket{static_cast<std::uint32_t>(at - waiters.slots.begin()), entry.epoch};
  waiters.line.push_back(ticket);
  return ticket;
}

void leave(Waiters& waiters, const Ticket& ticket) {
  WaiterEntry* const entry = entry_of(waiters, ticket);
  if (entry == nullptr) return;
  *entry = WaiterEntry{};
  while (!waiters.slots.empty() && waiters.slots.back().epoch == 0) waiters.slots.pop_back();
}

Ticket front(Waiters& waiters) {
  while (!waiters.line.empty() && entry_of(waiters, waiters.line.front()) == nullptr)
    waiters.line.erase(waiters.line.begin());
  return waiters.line.empty() ? Ticket{} : waiters.line.front();
}

Ticket take_front(Waiters& waiters) {
  const Ticket oldest = front(waiters);
  if (!oldest.is_none()) waiters.line.erase(waiters.line.begin());
  return oldest;
}

const WaiterEntry* entry_of(const Waiters& waiters, const Ticket& ticket) {
  if (ticket.is_none() || ticket.slot >= waiters.slots.size()) return nullptr;
  const WaiterEntry& entry = waiters.slots[ticket.slot];
  return entry.epoch == ticket.epoch ? &entry : nullptr;
}

WaiterEntry* entry_of(Waiters& waiters, const Ticket& ticket) {
  return const_cast<WaiterEntry*>(entry_of(static_cast<const Waiters&>(waiters), ticket));
}

bool has_live_waiter(const Waiters& waiters) {
  return std::any_of(waiters.line.begin(), waiters.line.end(),
                     [&](const Ticket& ticket) { return entry_of(waiters, ticket) != nullptr; });
}

}  // namespace quiesce::channel
