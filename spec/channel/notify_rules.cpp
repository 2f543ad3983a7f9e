// The rules of notify. Each is one critical section of the waiters' lock; wakes are left pending.
#include <algorithm>

#include "spec/channel/notify.hpp"

namespace quiesce::channel {
namespace {

void complete(NotifyFuture& future, Cause cause) {
  future.phase = FuturePhase::Completed;
  future.cause = cause;
  future.ticket = {};
  future.parked = false;
  future.wake_pending = false;
}

/// What a future that is not registered may complete with now, if anything.
std::optional<Cause> complete_at_once(Notify& s, const NotifyFuture& future) {
  if (s.generation > future.generation) return Cause::Broadcast;
  if (s.permits == 0) return std::nullopt;
  --s.permits;
  return Cause::Permit;
}

void mark(Notify& s, WaiterEntry& entry, Mark by) {
  entry.mark = by;
  find(s, WaiterName{entry.who})->wake_pending = true;
}

/// Gives one notification to the oldest active waiter, or stores it.     rule.notify.pass_on
///   state    a mark and a pending wake, or permits + 1: both within the waiters' lock
///   source   facts §18.1; faults 108
Answer pass_on(Notify& s) {
  const Ticket oldest = take_front(s.waiters);
  if (oldest.is_none()) {
    ++s.permits;
    return done_with(Stored{});
  }
  WaiterEntry& entry = *entry_of(s.waiters, oldest);
  mark(s, entry, Mark::One);
  return done_with(Chosen{WaiterName{entry.who}});
}

/// The guards that a poll and a drop share, in order; nothing if all hold.
std::optional<Guard> refused_between_polls(const NotifyFuture* future) {
  if (future == nullptr) return Guard::FutureExists;
  if (future->phase > FuturePhase::Waiting) return Guard::FutureLive;
  if (future->phase == FuturePhase::Looking) return Guard::FutureBetweenPolls;
  return std::nullopt;
}

}  // namespace

/// CreateFuture: notified() remembers the generation it was called in.      rule.notify.create
///   state    +1 future in Created
///   refuses  FutureNew
///   source   facts §18.1
Answer create_future(Notify& s, const CreateFuture& a) {
  if (find(s, a.future) != nullptr) return refused_by(Guard::FutureNew);

  const auto at = std::find_if(s.futures.begin(), s.futures.end(),
                               [&](const NotifyFuture& other) { return other.name > a.future; });
  s.futures.insert(at, NotifyFuture{.name = a.future, .generation = s.generation});
  return done();
}

/// PollFuture: a broadcast since its creation, a stored permit, or its mark.  rule.notify.poll
///   state    Created -> Completed, or Looking; Waiting -> Completed, or parked again
///   refuses  FutureExists, FutureLive, FutureBetweenPolls
///   keeps    inv.notify.conserved, inv.notify.broadcast_spares_newer    source  facts §18.1
Answer poll_future(Notify& s, const PollFuture& a) {
  NotifyFuture* const future = find(s, a.future);
  if (const auto guard = refused_between_polls(future)) return refused_by(*guard);

  if (future->phase == FuturePhase::Created) {
    if (const auto cause = complete_at_once(s, *future)) {
      complete(*future, *cause);
      return done_with(Notified{*cause});
    }
    future->phase = FuturePhase::Looking;
    return done_with(NotReady{});
  }
  const Mark mark = mark_of(s, *future);
  if (mark == Mark::None) {
    future->parked = true;
    return done_with(Pending{});
  }
  const Cause cause = mark == Mark::Broadcast  ? Cause::Broadcast
                      : is_covered(s, *future) ? Cause::Covered
                                               : Cause::One;
  leave(s.waiters, future->ticket);
  complete(*future, cause);
  return done_with(Notified{cause});
}

/// RegisterFuture: looks once more, within the lock, and joins the line. rule.notify.register
///   state    Looking -> Waiting and parked, or Completed
///   refuses  FutureExists, FutureLooking
///   keeps    inv.notify.no_waiter_beside_permit, inv.notify.broadcast_reaches_older
///   source   facts §18.1; faults 108
Answer register_future(Notify& s, const RegisterFuture& a) {
  NotifyFuture* const future = find(s, a.future);
  if (future == nullptr) return refused_by(Guard::FutureExists);
  if (future->phase != FuturePhase::Looking) return refused_by(Guard::FutureLooking);

  if (const auto cause = complete_at_once(s, *future)) {
    complete(*future, *cause);
    return done_with(Notified{*cause});
  }
  future->ticket =
      enter(s.waiters, WaiterEntry{.who = a.future.value, .generation = future->generation});
  future->phase = FuturePhase::Waiting;
  future->parked = true;
  return done_with(Pending{});
}

/// DropFuture: who goes without having looked hands its notification on.      rule.notify.drop
///   state    -> Dropped; its slot is free. Chosen by notify_one and not covered by a later
///            broadcast: the next active waiter is chosen, or a permit is stored
///   refuses  FutureExists, FutureLive, FutureBetweenPolls
///   keeps    inv.notify.conserved                                       source  facts §18.1
Answer drop_future(Notify& s, const DropFuture& a) {
  NotifyFuture* const future = find(s, a.future);
  if (const auto guard = refused_between_polls(future)) return refused_by(*guard);

  const bool has_baton = carries_one(s, *future);
  if (is_covered(s, *future)) future->cause = Cause::Covered;
  leave(s.waiters, future->ticket);
  future->phase = FuturePhase::Dropped;
  future->ticket = {};
  future->parked = false;
  future->wake_pending = false;
  if (has_baton) return pass_on(s);
  return done();
}

/// NotifyOne: the oldest active waiter, or one permit for whoever comes.  rule.notify.notify_one
///   state    one notification more, marked or stored
///   keeps    inv.notify.conserved, inv.notify.fifo                      source  facts §18.1
Answer notify_one(Notify& s, const NotifyOne&) {
  ++s.notify_ones;
  return pass_on(s);
}

/// NotifyWaiters: every waiter of an older generation, and no permit. rule.notify.notify_waiters
///   state    generation + 1; every active waiter is marked, leaves the line, has a pending wake
///   keeps    inv.notify.broadcast_reaches_older, inv.notify.broadcast_spares_newer
///   source   facts §18.1
Answer notify_waiters(Notify& s, const NotifyWaiters&) {
  ++s.generation;
  std::uint32_t reached = 0;
  for (Ticket next = take_front(s.waiters); !next.is_none(); next = take_front(s.waiters)) {
    mark(s, *entry_of(s.waiters, next), Mark::Broadcast);
    ++reached;
  }
  return done_with(Reached{reached});
}

/// DeliverWake: a wake arrives after the lock was released.                   rule.notify.wake
///   state    the task is not parked any more
///   refuses  FutureExists, WakePending
///   source   facts §13, §18.1; semantics, Lock order
Answer deliver_wake(Notify& s, const DeliverWake& a) {
  NotifyFuture* const future = find(s, a.future);
  if (future == nullptr) return refused_by(Guard::FutureExists);
  if (!future->wake_pending) return refused_by(Guard::WakePending);

  future->wake_pending = false;
  future->parked = false;
  return done();
}

}  // namespace quiesce::channel
