#include "spec/channel/notify_invariants.hpp"

#include <algorithm>
#include <array>

namespace quiesce::channel {
namespace {

bool is_active(const Notify& s, const NotifyFuture& future) {
  return future.phase == FuturePhase::Waiting && mark_of(s, future) == Mark::None;
}
bool is_marked(const Notify& s, const NotifyFuture& future) {
  return mark_of(s, future) != Mark::None;
}
bool is_absorbed(const Notify& s, const NotifyFuture& future) {
  return future.cause == Cause::Covered || is_covered(s, future);
}

template <class Holds>
std::uint32_t count(const Notify& s, Holds&& holds) {
  return static_cast<std::uint32_t>(std::count_if(s.futures.begin(), s.futures.end(), holds));
}
template <class Holds>
bool any(const Notify& s, Holds&& holds) {
  return std::any_of(s.futures.begin(), s.futures.end(), holds);
}
/// The first future of which a sentence is not true, with the sentence.
template <class Broken>
Violation first(const Notify& s, Broken&& broken, std::string_view words) {
  for (const NotifyFuture& future : s.futures) {
    if (broken(future)) return to_text(future.name) + " " + std::string(words);
  }
  return std::nullopt;
}

Violation not_conserved(const Notify& s) {
  const std::uint32_t carried = count(s, [&](const auto& f) { return carries_one(s, f); });
  const std::uint32_t absorbed = count(s, [&](const auto& f) { return is_absorbed(s, f); });
  const std::uint32_t delivered =
      count(s, [](const auto& f) { return f.cause == Cause::One || f.cause == Cause::Permit; });
  if (s.permits + carried + delivered + absorbed == s.notify_ones) return std::nullopt;
  return std::to_string(s.notify_ones) + " notify_one, but " + std::to_string(s.permits) +
         " stored, " + std::to_string(carried) + " carried, " + std::to_string(delivered) +
         " delivered, " + std::to_string(absorbed) + " absorbed by a broadcast";
}
bool covered_waiter(const Notify& s) {
  return any(s, [&](const auto& f) { return is_covered(s, f); });
}

Violation waiter_beside_permit(const Notify& s) {
  if (s.permits == 0) return std::nullopt;
  return first(
      s, [&](const auto& f) { return is_active(s, f); }, "waits beside a stored permit");
}
bool permit_stored(const Notify& s) {
  return s.permits > 0;
}

Violation young_before_old(const Notify& s) {
  for (const NotifyFuture& old : s.futures) {
    if (!is_active(s, old)) continue;
    for (const NotifyFuture& young : s.futures) {
      if (is_marked(s, young) && young.ticket.epoch > old.ticket.epoch)
        return to_text(young.name) + " is chosen before " + to_text(old.name);
    }
  }
  return std::nullopt;
}
bool old_chosen_young_waits(const Notify& s) {
  return any(s, [&](const auto& f) { return is_marked(s, f); }) &&
         any(s, [&](const auto& f) { return is_active(s, f); });
}

Violation broadcast_missed(const Notify& s) {
  return first(
      s, [&](const auto& f) { return is_active(s, f) && f.generation != s.generation; },
      "waits although a broadcast came after its creation");
}
bool waits_after_a_broadcast(const Notify& s) {
  return s.generation > 0 && any(s, [&](const auto& f) { return is_active(s, f); });
}

Violation reached_too_young(const Notify& s) {
  return first(
      s,
      [&](const auto& f) {
        return (f.cause == Cause::Broadcast || mark_of(s, f) == Mark::Broadcast) &&
               f.generation >= s.generation;
      },
      "was reached by a broadcast that came before its creation");
}
bool completed_by_a_broadcast(const Notify& s) {
  return any(s, [](const auto& f) { return f.cause == Cause::Broadcast; });
}

Violation wake_lost(const Notify& s) {
  return first(
      s, [&](const auto& f) { return is_marked(s, f) && f.parked && !f.wake_pending; },
      "is notified and sleeps, and no wake is on its way");
}
bool marked_and_asleep(const Notify& s) {
  return any(s, [&](const auto& f) { return is_marked(s, f) && f.parked; });
}

Violation slot_of_another(const Notify& s) {
  const auto waiting = count(s, [](const auto& f) { return f.phase == FuturePhase::Waiting; });
  const auto taken = static_cast<std::uint32_t>(
      std::count_if(s.waiters.slots.begin(), s.waiters.slots.end(),
                    [](const WaiterEntry& entry) { return entry.epoch != 0; }));
  if (taken != waiting)
    return std::to_string(taken) + " slots are taken for " + std::to_string(waiting) + " waiters";
  return first(
      s,
      [&](const NotifyFuture& f) {
        if (f.phase != FuturePhase::Waiting) return false;
        const WaiterEntry* const entry = entry_of(s.waiters, f.ticket);
        return entry == nullptr || entry->who != f.name.value;
      },
      "has a ticket to another's slot");
}
bool slot_reused(const Notify& s) {
  return std::any_of(s.waiters.line.begin(), s.waiters.line.end(), [&](const Ticket& ticket) {
    return ticket.slot < s.waiters.slots.size() && entry_of(s.waiters, ticket) == nullptr &&
           s.waiters.slots[ticket.slot].epoch != 0;
  });
}

Violation not_in_line(const Notify& s) {
  return first(
      s,
      [&](const NotifyFuture& f) {
        if (f.phase != FuturePhase::Waiting) return false;
        const auto places = std::count(s.waiters.line.begin(), s.waiters.line.end(), f.ticket);
        return places != (is_active(s, f) ? 1 : 0);
      },
      "does not stand in the line exactly while it is active");
}
bool stale_ticket(const Notify& s) {
  return std::any_of(s.waiters.line.begin(), s.waiters.line.end(),
                     [&](const Ticket& ticket) { return entry_of(s.waiters, ticket) == nullptr; });
}

using Step = Transition<Notify, NotifyAction>;

bool drops_the_baton(const Step& t) {
  const DropFuture* const drop = std::get_if<DropFuture>(&t.action);
  return drop != nullptr && carries_one(t.before, *find(t.before, drop->future));
}
Violation baton_lost(const Step& t) {
  if (!drops_the_baton(t)) return std::nullopt;
  if (result_of<Chosen>(t.answer) != nullptr || result_of<Stored>(t.answer) != nullptr)
    return std::nullopt;
  return "a chosen waiter was dropped and nobody has its notification";
}

/// A future that looks, and a broadcast has reached it since it was made.
const NotifyFuture* looks_after_a_broadcast(const Step& t) {
  const NotifyFuture* future = nullptr;
  if (const auto* const poll = std::get_if<PollFuture>(&t.action))
    future = find(t.before, poll->future);
  if (const auto* const looks = std::get_if<RegisterFuture>(&t.action))
    future = find(t.before, looks->future);
  if (future == nullptr || future->phase > FuturePhase::Looking) return nullptr;
  return future->generation < t.before.generation ? future : nullptr;
}
Violation permit_wasted(const Step& t) {
  const NotifyFuture* const future = looks_after_a_broadcast(t);
  if (future == nullptr || t.after.permits == t.before.permits) return std::nullopt;
  return to_text(future->name) + " took a permit, and a broadcast had reached it";
}
bool broadcast_beside_permit(const Step& t) {
  return looks_after_a_broadcast(t) != nullptr && t.before.permits > 0;
}

/// The future that completed in a step, as it was; null if none did.
const NotifyFuture* completed_in(const Step& t) {
  if (result_of<Notified>(t.answer) == nullptr) return nullptr;
  if (const auto* const poll = std::get_if<PollFuture>(&t.action))
    return find(t.before, poll->future);
  if (const auto* const looks = std::get_if<RegisterFuture>(&t.action))
    return find(t.before, looks->future);
  return nullptr;
}
/// Why it may complete, by the marks and the generations; nothing if nobody has notified it.
std::optional<Cause> reason_to_complete(const Notify& s, const NotifyFuture& future) {
  if (future.phase == FuturePhase::Waiting && mark_of(s, future) == Mark::None) return std::nullopt;
  if (carries_one(s, future)) return Cause::One;
  if (is_covered(s, future)) return Cause::Covered;
  if (future.generation < s.generation) return Cause::Broadcast;
  return s.permits > 0 ? std::optional(Cause::Permit) : std::nullopt;
}
Violation another_cause(const Step& t) {
  const NotifyFuture* const future = completed_in(t);
  if (future == nullptr) return std::nullopt;
  const std::optional<Cause> expected = reason_to_complete(t.before, *future);
  const NotifyFuture* const now = find(t.after, future->name);
  if (expected && now != nullptr && now->cause == expected &&
      result_of<Notified>(t.answer)->cause == expected)
    return std::nullopt;
  return to_text(future->name) + " completes by " +
         std::string(to_text(result_of<Notified>(t.answer)->cause)) + ", and was notified by " +
         (expected ? std::string(to_text(*expected)) : "nobody");
}
bool covered_one_completes(const Step& t) {
  const NotifyFuture* const future = completed_in(t);
  return future != nullptr && is_covered(t.before, *future);
}

/// How many waiters a step has marked.
std::uint32_t newly_marked(const Step& t, Mark by) {
  return count(t.after, [&](const NotifyFuture& future) {
    const NotifyFuture* const was = find(t.before, future.name);
    return was != nullptr && !is_marked(t.before, *was) && mark_of(t.after, future) == by;
  });
}
Violation answers_otherwise(const Step& t) {
  if (result_of<Notified>(t.answer) != nullptr) return std::nullopt;  // inv.notify.cause
  const auto* const reached = result_of<Reached>(t.answer);
  const auto* const chosen = result_of<Chosen>(t.answer);
  const std::uint32_t stored = result_of<Stored>(t.answer) != nullptr ? 1 : 0;
  const bool is_told =
      newly_marked(t, Mark::Broadcast) == (reached == nullptr ? 0 : reached->waiters) &&
      newly_marked(t, Mark::One) == (chosen == nullptr ? 0 : 1) &&
      t.after.permits == t.before.permits + stored;
  const NotifyFuture* const who = chosen == nullptr ? nullptr : find(t.after, chosen->waiter);
  if (is_told && (chosen == nullptr || (who != nullptr && mark_of(t.after, *who) == Mark::One)))
    return std::nullopt;
  return "it answers " + to_text(t.answer) + " and has notified others";
}
bool reaches_several(const Step& t) {
  const auto* const reached = result_of<Reached>(t.answer);
  return reached != nullptr && reached->waiters > 1;
}

Violation left_something(const Step& t) {
  return first(
      t.after,
      [](const NotifyFuture& f) {
        return f.phase != FuturePhase::Waiting &&
               (!f.ticket.is_none() || f.parked || f.wake_pending);
      },
      "does not wait, and has a ticket, sleeps or is to be woken");
}
bool leaves_before_its_wake(const Step& t) {
  return any(t.before, [&](const NotifyFuture& future) {
    const NotifyFuture* const now = find(t.after, future.name);
    return future.wake_pending && now != nullptr && now->phase != FuturePhase::Waiting;
  });
}

constexpr std::array<Invariant<Notify>, 8> rows{{
    {"inv.notify.conserved",
     "each notify_one is stored, carried by one waiter, delivered once, or absorbed by a broadcast",
     not_conserved, covered_waiter, "a chosen waiter is covered by a later broadcast"},
    {"inv.notify.no_waiter_beside_permit", "no active waiter stands beside a stored permit",
     waiter_beside_permit, permit_stored, "a permit is stored"},
    {"inv.notify.fifo", "no waiter is chosen while an older one is active", young_before_old,
     old_chosen_young_waits, "an older waiter is chosen, a younger one waits"},
    {"inv.notify.broadcast_reaches_older", "a broadcast reaches every waiter that is older",
     broadcast_missed, waits_after_a_broadcast, "a waiter waits that came after a broadcast"},
    {"inv.notify.broadcast_spares_newer", "a broadcast reaches no future that is newer",
     reached_too_young, completed_by_a_broadcast, "a future completes by a broadcast"},
    {"inv.notify.wake_pending", "a notified waiter that sleeps has a wake on its way", wake_lost,
     marked_and_asleep, "a notified waiter sleeps"},
    {"inv.notify.slots", "each waiter has a slot of its own, and each taken slot a waiter",
     slot_of_another, slot_reused, "a slot is taken to which an older ticket points"},
    {"inv.notify.line", "each active waiter stands in the line once, and no other waiter does",
     not_in_line, stale_ticket, "a stale ticket stands in the line"},
}};
constexpr std::array<StepProperty<Notify, NotifyAction>, 5> step_rows{{
    {"inv.notify.baton", "a chosen waiter that is dropped hands its notification on", baton_lost,
     drops_the_baton, "a chosen waiter is dropped"},
    {"inv.notify.permit_spared", "whom a broadcast has reached takes no stored permit",
     permit_wasted, broadcast_beside_permit, "a permit is stored beside such a future"},
    {"inv.notify.cause", "a future completes for the reason for which it was notified",
     another_cause, covered_one_completes,
     "a chosen waiter completes that a broadcast has covered"},
    {"inv.notify.answer_tells", "an answer says who was notified, and everybody who was",
     answers_otherwise, reaches_several, "a broadcast reaches several waiters"},
    {"inv.notify.leaves_nothing", "who does not wait has no ticket, and no wake is on its way",
     left_something, leaves_before_its_wake, "a waiter goes while its wake is on its way"},
}};

}  // namespace

std::span<const Invariant<Notify>> notify_invariants() {
  return rows;
}
std::span<const StepProperty<Notify, NotifyAction>> notify_step_properties() {
  return step_rows;
}

}  // namespace quiesce::channel
