// The rules of the mpsc. Each is one critical section of the channel's lock; wakes are left
// pending, and a permit is asked of the runtime before the channel changes.
#include <algorithm>

#include "spec/channel/mpsc.hpp"

namespace quiesce::channel {
namespace {

/// The guard by which the runtime refused; nothing if it accepted.
std::optional<quiesce::Guard> refusal_of(const quiesce::Answer& answer) {
  const auto* const no = std::get_if<quiesce::Refused>(&answer);
  return no == nullptr ? std::nullopt : std::optional(no->guard);
}

bool contains(const Values& values, ValueName value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

/// The next sender may go: a wake for the front of the line if there is room.  rule.mpsc.wake_next
///   state    a pending wake; who takes room hands the wake on, so one is enough for any room
///   keeps    inv.mpsc.front_woken                                       source  facts §18.2
void wake_next(Channel& c) {
  if (!receiver_lives(c) || !has_room(c)) return;
  const Ticket oldest = front(c.waiters);
  if (oldest.is_none()) return;
  if (Sender* const sender = find_sender(c, TaskName{entry_of(c.waiters, oldest)->who}))
    sender->wake_pending = true;
}

void call_receiver(Channel& c) {
  if (c.receiver == ReceiverPhase::Parked) c.receiver_wake_pending = true;
}

/// A reserve future ends, however it does: its ticket leaves the line.
void end_future(Channel& c, Sender& sender) {
  leave(c.waiters, sender.ticket);
  sender = Sender{.task = sender.task};
}

/// A sender goes; the receiver hears of the last one.                  rule.mpsc.sender_gone
///   state    sender_count - 1, within the lock under which the receiver registers
///   keeps    inv.mpsc.receiver_woken                                    source  facts §18.2
void remove_sender(Channel& c, TaskName task) {
  const auto at = std::find_if(c.senders.begin(), c.senders.end(),
                               [&](const Sender& sender) { return sender.task == task; });
  c.senders.erase(at);
  --c.sender_count;
  if (c.sender_count == 0) call_receiver(c);
}

void give_permit(Channel& c, ObligationName obligation, TaskName holder) {
  ++c.reserved;
  c.permits.push_back(Permit{.obligation = obligation, .holder = holder});
}

void take_back(Channel& c, Permit& permit) {
  permit.out = false;
  --c.reserved;
}

/// The obligation that goes with a permit, asked of the runtime.
std::optional<quiesce::Guard> reserve_refused(spec::State& runtime, ObligationName obligation,
                                              TaskName task) {
  const spec::Task* const holder = spec::find(runtime, task);
  if (holder == nullptr) return quiesce::Guard::TaskExists;
  return refusal_of(spec::apply(runtime, Reserve{.name = obligation,
                                                 .holder = task,
                                                 .region = holder->owner,
                                                 .kind = ObligationKind::SendPermit}));
}

/// The guards that try_send and try_reserve share, in order; nothing if all hold.
std::optional<Guard> room_refused(const Channel& c, TaskName task) {
  if (find_sender(c, task) == nullptr) return Guard::SenderExists;
  if (!receiver_lives(c)) return Guard::ReceiverAlive;
  if (has_live_waiter(c.waiters)) return Guard::NoWaiter;
  if (!has_room(c)) return Guard::CapacityFree;
  return std::nullopt;
}

/// What both halves of a receive answer when they need not wait.
std::optional<Answer> received_at_once(Channel& c) {
  if (c.queue.empty() && c.sender_count != 0) return std::nullopt;
  c.receiver = ReceiverPhase::Idle;
  c.receiver_wake_pending = false;
  if (c.queue.empty()) return done_with(Disconnected{});
  const ValueName value = c.queue.front();
  c.queue.erase(c.queue.begin());
  c.received.push_back(value);
  wake_next(c);
  return done_with(Received{value});
}

/// Whether an action of the runtime would reserve or resolve a permit behind the channel's back.
bool concerns_a_permit(const Channel& c, const Action& action) {
  return std::visit(overloaded{
                        [](const Reserve& a) { return a.kind == ObligationKind::SendPermit; },
                        [&](const auto& a) {
                          if constexpr (requires { a.obligation; })
                            return find_permit(c, a.obligation) != nullptr;
                          return false;
                        },
                    },
                    action);
}

/// After the runtime has moved: what a completed task had of the channel.  rule.mpsc.holder_ends
///   state    its future leaves the line; permits whose obligations the completion settled come
///            back; its sender goes; then the front of the line may go
///   keeps    inv.mpsc.permits, inv.mpsc.front_woken, inv.mpsc.receiver_woken
///   source   facts §4.5, §18.2; semantics [D10, D11]
void follow_runtime(Mpsc& s) {
  Channel& c = s.channel;
  for (const spec::Task& task : s.runtime.tasks) {
    Sender* const sender = find_sender(c, task.name);
    if (sender == nullptr || spec::is_live(task)) continue;
    end_future(c, *sender);
    remove_sender(c, task.name);
  }
  for (Permit& permit : c.permits) {
    if (permit.out && !spec::is_reserved(*spec::find(s.runtime, permit.obligation)))
      take_back(c, permit);
  }
  wake_next(c);
}

}  // namespace

/// CloneSender: a live task gets a sender of its own.                  rule.mpsc.clone_sender
///   state    sender_count + 1
///   refuses  SenderExists, SenderNew, then the runtime's TaskExists, TaskLive
///   source   facts §18.2
Answer clone_sender(Mpsc& s, const CloneSender& a) {
  Channel& c = s.channel;
  if (find_sender(c, a.from) == nullptr) return refused_by(Guard::SenderExists);
  if (find_sender(c, a.to) != nullptr) return refused_by(Guard::SenderNew);
  const spec::Task* const task = spec::find(s.runtime, a.to);
  if (task == nullptr) return refused_by(quiesce::Guard::TaskExists);
  if (!spec::is_live(*task)) return refused_by(quiesce::Guard::TaskLive);

  const auto at = std::find_if(c.senders.begin(), c.senders.end(),
                               [&](const Sender& sender) { return sender.task > a.to; });
  c.senders.insert(at, Sender{.task = a.to});
  ++c.sender_count;
  return done();
}

/// DropSender: a future and a permit borrow the sender, so they go first.  rule.mpsc.drop_sender
///   refuses  SenderExists, NoFuture, NoPermit
///   source   facts §18.2
Answer drop_sender(Mpsc& s, const DropSender& a) {
  Channel& c = s.channel;
  const Sender* const sender = find_sender(c, a.task);
  if (sender == nullptr) return refused_by(Guard::SenderExists);
  if (sender->waiting) return refused_by(Guard::NoFuture);
  if (holds_a_permit(c, a.task)) return refused_by(Guard::NoPermit);

  remove_sender(c, a.task);
  return done();
}

/// TrySend: a value enters at once, or not at all.                       rule.mpsc.try_send
///   state    the queue + 1; the receiver is called. A refused value stays the caller's
///   refuses  ValueNew, SenderExists, ReceiverAlive, NoWaiter, CapacityFree
///   keeps    inv.mpsc.capacity, inv.mpsc.no_barging        source  facts §18.2; faults 111
Answer try_send(Mpsc& s, const TrySend& a) {
  Channel& c = s.channel;
  if (contains(c.handed, a.value)) return refused_by(Guard::ValueNew);
  if (const auto guard = room_refused(c, a.task)) return refused_by(*guard);

  c.handed.push_back(a.value);
  c.queue.push_back(a.value);
  call_receiver(c);
  return done_with(Sent{});
}

/// TryReserve: a permit at once, or not at all.                       rule.mpsc.try_reserve
///   state    reserved + 1, and an obligation of the task in Reserved
///   refuses  ObligationNew, SenderExists, ReceiverAlive, NoWaiter, CapacityFree, then what the
///            runtime's Reserve refuses
///   keeps    inv.mpsc.permits, inv.mpsc.no_barging         source  facts §18.2; faults 111
Answer try_reserve(Mpsc& s, const TryReserve& a) {
  Channel& c = s.channel;
  if (spec::find(s.runtime, a.obligation) != nullptr) return refused_by(Guard::ObligationNew);
  if (const auto guard = room_refused(c, a.task)) return refused_by(*guard);
  if (const auto guard = reserve_refused(s.runtime, a.obligation, a.task))
    return refused_by(*guard);

  give_permit(c, a.obligation, a.task);
  return done_with(Granted{});
}

/// PollReserve: whoever stands at the front takes room when there is some. rule.mpsc.poll_reserve
///   state    granted: reserved + 1 and an obligation in Reserved, the future ends and the next one
///            may go; denied by the runtime, or no receiver: the future ends; else it parks in line
///   refuses  ObligationNew, SenderExists
///   keeps    inv.mpsc.sender_fifo, inv.mpsc.front_woken, inv.mpsc.permits
///   source   facts §18.2
Answer poll_reserve(Mpsc& s, const PollReserve& a) {
  Channel& c = s.channel;
  if (spec::find(s.runtime, a.obligation) != nullptr) return refused_by(Guard::ObligationNew);
  Sender* const sender = find_sender(c, a.task);
  if (sender == nullptr) return refused_by(Guard::SenderExists);

  if (!receiver_lives(c)) {
    end_future(c, *sender);
    return done_with(Disconnected{});
  }
  const bool at_front =
      sender->waiting ? front(c.waiters) == sender->ticket : !has_live_waiter(c.waiters);
  if (!at_front || !has_room(c)) {
    if (!sender->waiting) sender->ticket = enter(c.waiters, WaiterEntry{.who = a.task.value});
    sender->waiting = true;
    sender->parked = true;
    return done_with(Pending{});
  }
  end_future(c, *sender);
  const auto guard = reserve_refused(s.runtime, a.obligation, a.task);
  if (!guard) give_permit(c, a.obligation, a.task);
  wake_next(c);
  if (guard) return done_with(Denied{*guard});
  return done_with(Granted{});
}

/// DropReserve: who gives up its place hands on the wake it may have had. rule.mpsc.drop_reserve
///   state    its ticket leaves the line; the next one may go
///   refuses  SenderExists, FutureWaiting
///   keeps    inv.mpsc.front_woken                                       source  facts §18.2
Answer drop_reserve(Mpsc& s, const DropReserve& a) {
  Channel& c = s.channel;
  Sender* const sender = find_sender(c, a.task);
  if (sender == nullptr) return refused_by(Guard::SenderExists);
  if (!sender->waiting) return refused_by(Guard::FutureWaiting);

  end_future(c, *sender);
  ++c.futures_dropped;
  wake_next(c);
  return done();
}

/// SendPermitted: the value enters the room that was kept for it.             rule.mpsc.send
///   state    the obligation -> Committed, reserved - 1, the queue + 1, the receiver is called;
///            no receiver: the obligation -> Aborted(Error), the value returns to the caller
///   refuses  ValueNew, PermitKnown, then what the runtime's Commit refuses
///   keeps    inv.mpsc.send_commits, inv.mpsc.capacity, inv.mpsc.values   source  facts §18.2
Answer send_permitted(Mpsc& s, const SendPermitted& a) {
  Channel& c = s.channel;
  if (contains(c.handed, a.value)) return refused_by(Guard::ValueNew);
  Permit* const permit = find_permit(c, a.obligation);
  if (permit == nullptr) return refused_by(Guard::PermitKnown);
  const quiesce::Answer ruled =
      receiver_lives(c) ? spec::apply(s.runtime, Commit{a.obligation, a.actor})
                        : spec::apply(s.runtime, Abort{a.obligation, a.actor, AbortReason::Error});
  if (const auto guard = refusal_of(ruled)) return refused_by(*guard);

  take_back(c, *permit);
  c.handed.push_back(a.value);
  if (!receiver_lives(c)) {
    c.returned.push_back(a.value);
    return done_with(Returned{a.value});
  }
  permit->sent = true;
  c.queue.push_back(a.value);
  call_receiver(c);
  return done_with(Sent{});
}

/// ReleasePermit: a permit is given back unused.                         rule.mpsc.release
///   state    the obligation -> Aborted(Explicit), or Aborted(Error) if it was merely dropped;
///            reserved - 1; the next sender may go
///   refuses  PermitKnown, then what the runtime's Abort refuses
///   keeps    inv.mpsc.permits, inv.mpsc.front_woken                     source  facts §18.2
Answer release_permit(Mpsc& s, const ReleasePermit& a) {
  Channel& c = s.channel;
  Permit* const permit = find_permit(c, a.obligation);
  if (permit == nullptr) return refused_by(Guard::PermitKnown);
  const quiesce::Answer ruled = spec::apply(s.runtime, Abort{a.obligation, a.actor, a.reason});
  if (const auto guard = refusal_of(ruled)) return refused_by(*guard);

  take_back(c, *permit);
  wake_next(c);
  return done();
}

/// PollReceive: the oldest value; Disconnected if there is none and no sender. rule.mpsc.receive
///   state    the queue - 1 and the next sender may go; nothing yet: the receiver is Looking
///   refuses  ReceiverAlive, ReceiverBetweenPolls
///   keeps    inv.mpsc.value_order, inv.mpsc.disconnect, inv.mpsc.front_woken
///   source   facts §18.2
Answer poll_receive(Mpsc& s, const PollReceive&) {
  Channel& c = s.channel;
  if (!receiver_lives(c)) return refused_by(Guard::ReceiverAlive);
  if (c.receiver == ReceiverPhase::Looking) return refused_by(Guard::ReceiverBetweenPolls);

  if (const auto answer = received_at_once(c)) return *answer;
  c.receiver = ReceiverPhase::Looking;
  return done_with(NotReady{});
}

/// RegisterReceiver: looks once more, within the lock, and parks.   rule.mpsc.register_receiver
///   state    Looking -> Parked, or what PollReceive answers
///   refuses  ReceiverAlive, ReceiverLooking
///   keeps    inv.mpsc.receiver_woken                                    source  facts §18.2
Answer register_receiver(Mpsc& s, const RegisterReceiver&) {
  Channel& c = s.channel;
  if (!receiver_lives(c)) return refused_by(Guard::ReceiverAlive);
  if (c.receiver != ReceiverPhase::Looking) return refused_by(Guard::ReceiverLooking);

  if (const auto answer = received_at_once(c)) return *answer;
  c.receiver = ReceiverPhase::Parked;
  c.receiver_wake_pending = false;
  return done_with(Pending{});
}

/// DropReceiver: nobody will receive any more.                        rule.mpsc.drop_receiver
///   state    the queue moves to `drained`, to be destroyed outside the lock; every waiting sender
///            has a pending wake
///   refuses  ReceiverAlive, ReceiverBetweenPolls
///   keeps    inv.mpsc.drained, inv.mpsc.senders_told, inv.mpsc.values   source  facts §18.2
Answer drop_receiver(Mpsc& s, const DropReceiver&) {
  Channel& c = s.channel;
  if (!receiver_lives(c)) return refused_by(Guard::ReceiverAlive);
  if (c.receiver == ReceiverPhase::Looking) return refused_by(Guard::ReceiverBetweenPolls);

  c.receiver = ReceiverPhase::Dropped;
  c.receiver_wake_pending = false;
  c.drained = c.queue;
  c.queue.clear();
  for (Sender& sender : c.senders) {
    if (sender.waiting) sender.wake_pending = true;
  }
  return done();
}

/// DestroyDrained: one value's destructor runs, after the lock was released. rule.mpsc.destroy
///   refuses  ValueDrained                                               source  facts §13, §18.2
Answer destroy_drained(Mpsc& s, const DestroyDrained&) {
  Channel& c = s.channel;
  if (c.drained.empty()) return refused_by(Guard::ValueDrained);

  c.destroyed.push_back(c.drained.front());
  c.drained.erase(c.drained.begin());
  return done();
}

/// WakeSender: a wake arrives after the lock was released.               rule.mpsc.wake_sender
///   refuses  SenderExists, WakePending
///   source   facts §13, §18.2; semantics, Lock order
Answer wake_sender(Mpsc& s, const WakeSender& a) {
  Sender* const sender = find_sender(s.channel, a.task);
  if (sender == nullptr) return refused_by(Guard::SenderExists);
  if (!sender->wake_pending) return refused_by(Guard::WakePending);

  sender->wake_pending = false;
  sender->parked = false;
  return done();
}

/// WakeReceiver: likewise.                                             rule.mpsc.wake_receiver
///   refuses  WakePending
///   source   facts §13, §18.2; semantics, Lock order
Answer wake_receiver(Mpsc& s, const WakeReceiver&) {
  if (!s.channel.receiver_wake_pending) return refused_by(Guard::WakePending);

  s.channel.receiver_wake_pending = false;
  s.channel.receiver = ReceiverPhase::Idle;
  return done();
}

/// RunRuntime: tasks return and are cancelled, regions close.
///   refuses  NoPermitConcerned, then what the runtime refuses           rule.mpsc.run_runtime
///   source   semantics, External actions; lesson 4: permits are obligations
Answer run_runtime(Mpsc& s, const RunRuntime& a) {
  if (concerns_a_permit(s.channel, a.action)) return refused_by(Guard::NoPermitConcerned);
  const quiesce::Answer ruled = spec::apply(s.runtime, a.action);
  if (const auto guard = refusal_of(ruled)) return refused_by(*guard);

  follow_runtime(s);
  return done_with(FromRuntime{std::get<quiesce::Done>(ruled)});
}

}  // namespace quiesce::channel
