#include "spec/channel/mpsc_invariants.hpp"

#include <algorithm>
#include <array>

#include "spec/invariants.hpp"

namespace quiesce::channel {
namespace {

using Step = Transition<Mpsc, MpscAction>;

template <class Rows, class Holds>
std::uint32_t count(const Rows& rows, Holds&& holds) {
  return static_cast<std::uint32_t>(std::count_if(rows.begin(), rows.end(), holds));
}
template <class Rows, class Holds>
bool any(const Rows& rows, Holds&& holds) {
  return std::any_of(rows.begin(), rows.end(), holds);
}

// ---- room and permits

Violation over_capacity(const Mpsc& s) {
  const Channel& c = s.channel;
  if (c.queue.size() + c.reserved <= c.capacity) return std::nullopt;
  return std::to_string(c.queue.size()) + " values and " + std::to_string(c.reserved) +
         " permits in a channel of " + std::to_string(c.capacity);
}
bool full_of_both(const Mpsc& s) {
  return !has_room(s.channel) && s.channel.reserved > 0;
}

bool is_reserved_permit(const spec::Obligation& obligation) {
  return obligation.kind == ObligationKind::SendPermit && spec::is_reserved(obligation);
}
/// A permit and its obligation: the same holder, and out exactly while it is Reserved.
bool agrees(const Mpsc& s, const Permit& permit) {
  const spec::Obligation* const obligation = spec::find(s.runtime, permit.obligation);
  return obligation != nullptr && obligation->holder == permit.holder &&
         obligation->kind == ObligationKind::SendPermit &&
         permit.out == spec::is_reserved(*obligation);
}
Violation permits_differ(const Mpsc& s) {
  const Channel& c = s.channel;
  for (const Permit& permit : c.permits) {
    if (!agrees(s, permit))
      return "the permit of " + to_text(permit.obligation) + " is " + (permit.out ? "out" : "in") +
             ", and its obligation says otherwise";
  }
  const std::uint32_t out = count(c.permits, [](const Permit& permit) { return permit.out; });
  const std::uint32_t owed = count(s.runtime.obligations, is_reserved_permit);
  if (c.reserved == out && out == owed) return std::nullopt;
  return std::to_string(c.reserved) + " reserved, " + std::to_string(out) + " permits out, " +
         std::to_string(owed) + " obligations Reserved";
}
bool permit_out(const Mpsc& s) {
  return s.channel.reserved > 0;
}

Violation commit_without_send(const Mpsc& s) {
  for (const spec::Obligation& obligation : s.runtime.obligations) {
    const Permit* const permit = find_permit(s.channel, obligation.name);
    if (permit == nullptr) continue;
    const bool committed = obligation.phase == ObligationPhase::Committed;
    if (committed != permit->sent)
      return to_text(obligation.name) + " is " + std::string(to_text(obligation.phase)) +
             ", and its permit was " + (permit->sent ? "sent" : "not sent");
  }
  return std::nullopt;
}
bool a_permit_was_sent(const Mpsc& s) {
  return any(s.channel.permits, [](const Permit& permit) { return permit.sent; });
}

Violation permit_of_closed_region(const Mpsc& s) {
  for (const Permit& permit : s.channel.permits) {
    const spec::Task* const holder = spec::find(s.runtime, permit.holder);
    if (!permit.out || holder == nullptr) continue;
    const spec::Region* const region = spec::find(s.runtime, holder->owner);
    if (region != nullptr && !spec::is_live(*region))
      return to_text(region->name) + " is Closed, and the permit of " + to_text(permit.obligation) +
             " is out";
  }
  return std::nullopt;
}
bool region_closed_after_a_permit(const Mpsc& s) {
  return !s.channel.permits.empty() &&
         any(s.runtime.regions, [](const spec::Region& region) { return !spec::is_live(region); });
}

// ---- waiters and wakes

const Sender* oldest_waiting(const Channel& c) {
  const Sender* oldest = nullptr;
  for (const Sender& sender : c.senders) {
    if (sender.waiting && (oldest == nullptr || sender.ticket.epoch < oldest->ticket.epoch))
      oldest = &sender;
  }
  return oldest;
}

Violation front_sleeps(const Mpsc& s) {
  const Channel& c = s.channel;
  const Sender* const oldest = oldest_waiting(c);
  if (oldest == nullptr || !has_room(c) || !receiver_lives(c)) return std::nullopt;
  if (!oldest->parked || oldest->wake_pending) return std::nullopt;
  return "there is room, " + to_text(oldest->task) + " is first in line and sleeps, and no wake " +
         "is on its way";
}
bool room_and_waiter(const Mpsc& s) {
  return has_room(s.channel) && receiver_lives(s.channel) && oldest_waiting(s.channel) != nullptr;
}

Violation sender_not_told(const Mpsc& s) {
  if (receiver_lives(s.channel)) return std::nullopt;
  for (const Sender& sender : s.channel.senders) {
    if (sender.waiting && sender.parked && !sender.wake_pending)
      return "the receiver is gone, and " + to_text(sender.task) + " sleeps unaware of it";
  }
  return std::nullopt;
}
bool waits_for_a_dropped_receiver(const Mpsc& s) {
  return !receiver_lives(s.channel) && oldest_waiting(s.channel) != nullptr;
}

bool has_something_for_receiver(const Channel& c) {
  return !c.queue.empty() || c.sender_count == 0;
}
Violation receiver_sleeps(const Mpsc& s) {
  const Channel& c = s.channel;
  if (c.receiver != ReceiverPhase::Parked || c.receiver_wake_pending) return std::nullopt;
  if (!c.queue.empty()) return "the receiver sleeps beside " + to_text(c.queue.front());
  const bool abandoned = c.senders.empty() || c.sender_count == 0;
  if (abandoned) return "the receiver sleeps and no sender is left";
  return std::nullopt;
}
bool receiver_called(const Mpsc& s) {
  return s.channel.receiver == ReceiverPhase::Parked && has_something_for_receiver(s.channel);
}

Violation line_broken(const Mpsc& s) {
  const Channel& c = s.channel;
  const std::uint32_t waiting = count(c.senders, [](const Sender& x) { return x.waiting; });
  const std::uint32_t taken =
      count(c.waiters.slots, [](const WaiterEntry& entry) { return entry.epoch != 0; });
  if (waiting != taken)
    return std::to_string(taken) + " slots are taken for " + std::to_string(waiting) + " waiters";
  for (const Sender& sender : c.senders) {
    if (!sender.waiting) continue;
    const WaiterEntry* const entry = entry_of(c.waiters, sender.ticket);
    const auto places = std::count(c.waiters.line.begin(), c.waiters.line.end(), sender.ticket);
    if (entry == nullptr || entry->who != sender.task.value || places != 1)
      return to_text(sender.task) + " waits and does not stand in the line once";
  }
  return std::nullopt;
}
bool stale_ticket_and_waiter(const Mpsc& s) {
  const Waiters& waiters = s.channel.waiters;
  return has_live_waiter(waiters) && any(waiters.line, [&](const Ticket& ticket) {
           return entry_of(waiters, ticket) == nullptr;
         });
}

Violation senders_miscounted(const Mpsc& s) {
  const Channel& c = s.channel;
  if (c.sender_count == c.senders.size()) return std::nullopt;
  return std::to_string(c.sender_count) + " senders are counted, " +
         std::to_string(c.senders.size()) + " live";
}
bool no_sender_left(const Mpsc& s) {
  return s.channel.senders.empty();
}

// ---- values

Violation value_misplaced(const Mpsc& s) {
  const Channel& c = s.channel;
  for (const ValueName value : c.handed) {
    std::uint32_t places = 0;
    for (const Values* const place : {&c.queue, &c.drained, &c.received, &c.returned, &c.destroyed})
      places += count(*place, [&](ValueName other) { return other == value; });
    if (places != 1)
      return to_text(value) + " was sent once and is in " + std::to_string(places) + " places";
  }
  return std::nullopt;
}
bool received_and_lost(const Mpsc& s) {
  return !s.channel.received.empty() && !s.channel.destroyed.empty();
}

Violation values_behind_a_dropped_receiver(const Mpsc& s) {
  const Channel& c = s.channel;
  if (!receiver_lives(c) && !c.queue.empty())
    return to_text(c.queue.front()) + " is queued for a receiver that is gone";
  if (receiver_lives(c) && !c.drained.empty())
    return to_text(c.drained.front()) + " is drained while the receiver lives";
  return std::nullopt;
}
bool values_drained(const Mpsc& s) {
  return !s.channel.drained.empty();
}

// ---- steps

/// The task that took room in a step, if one did.
TaskName took_room(const Step& t) {
  if (result_of<Granted>(t.answer) == nullptr && result_of<Sent>(t.answer) == nullptr)
    return TaskName::none();
  if (const auto* const a = std::get_if<TrySend>(&t.action)) return a->task;
  if (const auto* const a = std::get_if<TryReserve>(&t.action)) return a->task;
  if (const auto* const a = std::get_if<PollReserve>(&t.action)) return a->task;
  return TaskName::none();
}
bool took_from_the_line(const Step& t) {
  const TaskName task = took_room(t);
  return !task.is_none() && find_sender(t.before.channel, task)->waiting;
}
Violation overtaken(const Step& t) {
  if (!took_from_the_line(t)) return std::nullopt;
  const Sender* const oldest = oldest_waiting(t.before.channel);
  if (oldest->task == took_room(t)) return std::nullopt;
  return to_text(took_room(t)) + " took room before " + to_text(oldest->task) +
         ", which waits longer";
}
bool first_of_two(const Step& t) {
  return took_from_the_line(t) &&
         count(t.before.channel.senders, [](const Sender& x) { return x.waiting; }) > 1;
}

Violation barged(const Step& t) {
  if (took_room(t).is_none() || took_from_the_line(t)) return std::nullopt;
  const Sender* const oldest = oldest_waiting(t.before.channel);
  if (oldest == nullptr) return std::nullopt;
  return to_text(took_room(t)) + " took room past " + to_text(oldest->task) + ", which waits";
}
bool queues_beside_room(const Step& t) {
  return std::holds_alternative<PollReserve>(t.action) && room_and_waiter(t.before) &&
         result_of<Pending>(t.answer) != nullptr;
}

Violation out_of_order(const Step& t) {
  const Channel& before = t.before.channel;
  if (const Received* const got = result_of<Received>(t.answer)) {
    if (!before.queue.empty() && before.queue.front() == got->value) return std::nullopt;
    return to_text(got->value) + " was received, and was not the oldest";
  }
  if (result_of<Sent>(t.answer) != nullptr &&
      t.after.channel.queue.back() != t.after.channel.handed.back())
    return to_text(t.after.channel.handed.back()) + " was sent, and is not the youngest";
  if (std::holds_alternative<DestroyDrained>(t.action) && !before.drained.empty() &&
      t.after.channel.destroyed.back() != before.drained.front())
    return to_text(t.after.channel.destroyed.back()) + " was destroyed, and is not the oldest";
  return std::nullopt;
}
bool received_one_of_two(const Step& t) {
  return result_of<Received>(t.answer) != nullptr && t.before.channel.queue.size() > 1;
}

bool receiver_disconnected(const Step& t) {
  return result_of<Disconnected>(t.answer) != nullptr &&
         (std::holds_alternative<PollReceive>(t.action) ||
          std::holds_alternative<RegisterReceiver>(t.action));
}
Violation disconnected_too_early(const Step& t) {
  if (!receiver_disconnected(t)) return std::nullopt;
  const Channel& c = t.before.channel;
  if (!c.senders.empty()) return "Disconnected, and " + to_text(c.senders.front().task) + " sends";
  if (!c.queue.empty()) return "Disconnected, and " + to_text(c.queue.front()) + " is queued";
  return std::nullopt;
}

Violation runtime_broken(const Step& t) {
  if (t.after.runtime == t.before.runtime) return std::nullopt;
  const auto broken = spec::first_violation(t.after.runtime);
  if (!broken) return std::nullopt;
  return std::string(broken->id) + ": " + broken->fact;
}
bool permit_settled_by_completion(const Step& t) {
  return std::holds_alternative<RunRuntime>(t.action) &&
         t.after.channel.reserved < t.before.channel.reserved;
}

/// Whether `task` has the youngest permit, and there is one more than before.
bool gave_a_permit(const Step& t, ObligationName obligation, TaskName task) {
  const auto& permits = t.after.channel.permits;
  return permits.size() == t.before.channel.permits.size() + 1 && permits.back().out &&
         permits.back().obligation == obligation && permits.back().holder == task;
}
bool has_grown_by(const Values& before, const Values& after, ValueName value) {
  return after.size() == before.size() + 1 && after.back() == value;
}
/// Whether the step did what it answers; true of answers that others speak of.
bool did_what_it_answers(const Step& t) {
  const Channel& before = t.before.channel;
  const Channel& after = t.after.channel;
  return std::visit(
      [&](const auto& a) {
        if constexpr (requires {
                        a.task;
                        a.obligation;
                      }) {
          if (result_of<Granted>(t.answer) != nullptr)
            return gave_a_permit(t, a.obligation, a.task);
          const Sender* const sender = find_sender(after, a.task);
          if (sender == nullptr) return false;
          if (result_of<Pending>(t.answer) != nullptr) return sender->waiting && sender->parked;
          return !sender->waiting && after.permits.size() == before.permits.size();
        } else if constexpr (requires { a.value; }) {
          if (result_of<Sent>(t.answer) != nullptr)
            return has_grown_by(before.queue, after.queue, a.value);
          const auto* const returned = result_of<Returned>(t.answer);
          return returned != nullptr && returned->value == a.value &&
                 has_grown_by(before.returned, after.returned, a.value);
        } else {
          if (const auto* const got = result_of<Received>(t.answer))
            return has_grown_by(before.received, after.received, got->value);
          if (result_of<NotReady>(t.answer) != nullptr)
            return after.receiver == ReceiverPhase::Looking;
          if (result_of<Pending>(t.answer) != nullptr)
            return after.receiver == ReceiverPhase::Parked;
          return after.received.size() == before.received.size();
        }
      },
      t.action);
}
Violation answers_otherwise(const Step& t) {
  if (did_what_it_answers(t)) return std::nullopt;
  return "it answers " + to_text(t.answer) + " and did something else";
}
bool value_returned(const Step& t) {
  return result_of<Returned>(t.answer) != nullptr;
}

constexpr std::array<Invariant<Mpsc>, 11> rows{{
    {"inv.mpsc.capacity", "values and permits together never exceed the capacity", over_capacity,
     full_of_both, "the channel is full and a permit is out"},
    {"inv.mpsc.permits", "the permits that are out are the Reserved obligations of kind SendPermit",
     permits_differ, permit_out, "a permit is out"},
    {"inv.mpsc.send_commits", "an obligation is Committed exactly if its permit was sent",
     commit_without_send, a_permit_was_sent, "a permit was sent"},
    {"inv.mpsc.closed_region", "a Closed region has no permit out", permit_of_closed_region,
     region_closed_after_a_permit, "a region closed in which a permit was given"},
    {"inv.mpsc.front_woken", "where there is room, the first in line is awake or being woken",
     front_sleeps, room_and_waiter, "there is room and somebody waits"},
    {"inv.mpsc.senders_told", "every sender that waits hears that the receiver is gone",
     sender_not_told, waits_for_a_dropped_receiver, "a sender waits for a receiver that is gone"},
    {"inv.mpsc.receiver_woken",
     "a receiver that sleeps is woken for a value and for the last sender's end", receiver_sleeps,
     receiver_called, "the receiver sleeps and there is something for it"},
    {"inv.mpsc.line", "each sender that waits stands in the line once, in a slot of its own",
     line_broken, stale_ticket_and_waiter, "a stale ticket stands beside a live one"},
    {"inv.mpsc.sender_count", "the senders that are counted are those that live",
     senders_miscounted, no_sender_left, "no sender is left"},
    {"inv.mpsc.values",
     "each value is in one place: queued, drained, received, returned, destroyed", value_misplaced,
     received_and_lost, "one value was received and another destroyed"},
    {"inv.mpsc.drained", "the queue of a dropped receiver is drained, and no other",
     values_behind_a_dropped_receiver, values_drained, "values wait for their end"},
}};
constexpr std::array<StepProperty<Mpsc, MpscAction>, 6> step_rows{{
    {"inv.mpsc.sender_fifo", "waiting senders take room in the order in which they came", overtaken,
     first_of_two, "the first of two waiting senders takes room"},
    {"inv.mpsc.no_barging", "nobody takes room past a sender that waits", barged,
     queues_beside_room, "a sender joins the line although there is room"},
    {"inv.mpsc.value_order",
     "values are received, and drained ones destroyed, in the order in which they entered",
     out_of_order, received_one_of_two, "a value is received while another is queued"},
    {"inv.mpsc.disconnect", "the receiver is disconnected only without senders and values",
     disconnected_too_early, receiver_disconnected, "the receiver is told that it is alone"},
    {"inv.mpsc.runtime", "the runtime keeps its own invariants", runtime_broken,
     permit_settled_by_completion, "a completion settles a permit's obligation"},
    {"inv.mpsc.answer_tells", "an answer says what became of the permit or the value",
     answers_otherwise, value_returned, "a value is returned to its sender"},
}};

}  // namespace

std::span<const Invariant<Mpsc>> mpsc_invariants() {
  return rows;
}
std::span<const StepProperty<Mpsc, MpscAction>> mpsc_step_properties() {
  return step_rows;
}

}  // namespace quiesce::channel
