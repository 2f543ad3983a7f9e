// The line of waiters that both primitives stand on: slots that are reused, and tickets that are
// not.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>

namespace quiesce::channel {

/// Where a waiter stands. The epoch is drawn once, so that a slot's next tenant has another ticket.
struct Ticket {
  std::uint32_t slot = 0;
  std::uint32_t epoch = 0;  // 0: no ticket
  [[nodiscard]] bool is_none() const { return epoch == 0; }
  friend bool operator==(const Ticket&, const Ticket&) = default;
};

/// Whom a notification has reached. Senders of a channel are never marked.
enum class Mark : std::uint8_t { None, One, Broadcast };

/// A slot: free if its epoch is 0.
struct WaiterEntry {
  std::uint32_t who = 0;
  std::uint32_t epoch = 0;
  std::uint32_t generation = 0;  // of a notify, at registration
  Mark mark = Mark::None;
  friend bool operator==(const WaiterEntry&, const WaiterEntry&) = default;
};

/// The slots and the line.
///   state    slots shrink at the tail; the line holds tickets, oldest first. A waiter that leaves
///            frees its slot and lets its ticket stand: a stale ticket names a slot that is free,
///            gone, or another's, and is passed over when it comes to the front.
///   cost     linear in the slots and in the line
struct Waiters {
  boost::container::small_vector<WaiterEntry, 4> slots;
  boost::container::small_vector<Ticket, 4> line;
  std::uint32_t epochs_drawn = 0;
  friend bool operator==(const Waiters&, const Waiters&) = default;
};

/// Takes the lowest free slot and the last place in the line.             rule.waiters.enter
///   source   facts §18.1 (FIFO active list, slot epoch), §18.2 (token slab)
[[nodiscard]] Ticket enter(Waiters& waiters, WaiterEntry entry);
/// Frees the slot of a ticket; a stale ticket frees nothing.              rule.waiters.leave
///   source   facts §18.1 (reuse of slots), §18.2 (stale tokens)
void leave(Waiters& waiters, const Ticket& ticket);
/// Passes over stale tickets; the oldest live one, or none.               rule.waiters.front
///   source   facts §18.2 (stale tokens pruned lazily)
[[nodiscard]] Ticket front(Waiters& waiters);
/// As `front`, and the ticket leaves the line; its slot stays taken.      rule.waiters.take_front
///   source   facts §18.1 (pop oldest active waiter)
[[nodiscard]] Ticket take_front(Waiters& waiters);

/// The slot of a ticket; null if the ticket is stale.
[[nodiscard]] const WaiterEntry* entry_of(const Waiters& waiters, const Ticket& ticket);
[[nodiscard]] WaiterEntry* entry_of(Waiters& waiters, const Ticket& ticket);
/// Whether a live waiter stands in the line. Touches nothing.
[[nodiscard]] bool has_live_waiter(const Waiters& waiters);

}  // namespace quiesce::channel
