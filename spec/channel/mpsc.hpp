// A bounded channel of many senders and one receiver, beside the runtime whose obligations its
// permits are.
#pragma once

#include <boost/container/small_vector.hpp>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "spec/channel/answer.hpp"
#include "spec/channel/waiters.hpp"
#include "spec/step.hpp"

namespace quiesce::channel {

/// A task's sender, and its reserve future while it waits.
struct Sender {
  TaskName task;
  bool waiting = false;
  Ticket ticket;              // while waiting
  bool parked = false;        // the task sleeps until a wake is delivered
  bool wake_pending = false;  // a wake is on its way to the task
  friend bool operator==(const Sender&, const Sender&) = default;
};

/// A permit that the channel gave. The row stays; `out` until it is sent, released or settled.
struct Permit {
  ObligationName obligation;
  TaskName holder;
  bool out = true;
  bool sent = false;  // a value entered the queue by it
  friend bool operator==(const Permit&, const Permit&) = default;
};

enum class ReceiverPhase : std::uint8_t { Idle, Looking, Parked, Dropped };

using Values = boost::container::small_vector<ValueName, 4>;

/// The channel: one lock's worth of state, and the history that the invariants speak of.
struct Channel {
  std::uint32_t capacity = 1;
  std::uint32_t reserved = 0;      // room that is promised to permits
  std::uint32_t sender_count = 0;  // senders that live
  Values queue;                    // oldest first
  Waiters waiters;
  boost::container::small_vector<Sender, 4> senders;  // that live, in the order of their tasks
  boost::container::small_vector<Permit, 4> permits;  // in the order they were given
  ReceiverPhase receiver = ReceiverPhase::Idle;
  bool receiver_wake_pending = false;
  Values drained;   // taken from the queue of a dropped receiver, to be destroyed outside the lock
  Values handed;    // history: every value that a send took
  Values received;  // history, as are the next two
  Values returned;
  Values destroyed;
  std::uint32_t futures_dropped = 0;  // history, likewise
  friend bool operator==(const Channel&, const Channel&) = default;
};

/// The product of the channel and the runtime: permits are obligations, so each needs the other.
struct Mpsc {
  Channel channel;
  spec::State runtime;
  friend bool operator==(const Mpsc&, const Mpsc&) = default;
};

struct CloneSender {  // clone_sender(t0, t1): t1 has a sender, too
  TaskName from;
  TaskName to;
  friend bool operator==(const CloneSender&, const CloneSender&) = default;
};
struct DropSender {  // drop_sender(t0)
  TaskName task;
  friend bool operator==(const DropSender&, const DropSender&) = default;
};
struct TrySend {  // try_send(t0, v0)
  TaskName task;
  ValueName value;
  friend bool operator==(const TrySend&, const TrySend&) = default;
};
struct TryReserve {  // try_reserve(t0, o0)
  TaskName task;
  ObligationName obligation;
  friend bool operator==(const TryReserve&, const TryReserve&) = default;
};
struct PollReserve {  // poll_reserve(t0, o0): the first poll makes the future
  TaskName task;
  ObligationName obligation;
  friend bool operator==(const PollReserve&, const PollReserve&) = default;
};
struct DropReserve {  // drop_reserve(t0): cancelled, or lost a race
  TaskName task;
  friend bool operator==(const DropReserve&, const DropReserve&) = default;
};
struct SendPermitted {  // send(o0, t0, v0)
  ObligationName obligation;
  TaskName actor;
  ValueName value;
  friend bool operator==(const SendPermitted&, const SendPermitted&) = default;
};
struct ReleasePermit {  // release(o0, t0, Explicit): abort; with Error: dropped unused
  ObligationName obligation;
  TaskName actor;
  AbortReason reason = AbortReason::Explicit;
  friend bool operator==(const ReleasePermit&, const ReleasePermit&) = default;
};
struct PollReceive {  // poll_receive()
  friend bool operator==(const PollReceive&, const PollReceive&) = default;
};
struct RegisterReceiver {  // register_receiver(): the second half of a poll that found nothing
  friend bool operator==(const RegisterReceiver&, const RegisterReceiver&) = default;
};
struct DropReceiver {  // drop_receiver()
  friend bool operator==(const DropReceiver&, const DropReceiver&) = default;
};
struct DestroyDrained {  // destroy_drained(): one value that was never received
  friend bool operator==(const DestroyDrained&, const DestroyDrained&) = default;
};
struct WakeSender {  // wake_sender(t0)
  TaskName task;
  friend bool operator==(const WakeSender&, const WakeSender&) = default;
};
struct WakeReceiver {  // wake_receiver()
  friend bool operator==(const WakeReceiver&, const WakeReceiver&) = default;
};
struct RunRuntime {  // return(t0, Ok): an action of the runtime, and what follows in the channel
  Action action;
  friend bool operator==(const RunRuntime&, const RunRuntime&) = default;
};
using MpscAction =
    std::variant<CloneSender, DropSender, TrySend, TryReserve, PollReserve, DropReserve,
                 SendPermitted, ReleasePermit, PollReceive, RegisterReceiver, DropReceiver,
                 DestroyDrained, WakeSender, WakeReceiver, RunRuntime>;
inline constexpr std::size_t mpsc_action_count = std::variant_size_v<MpscAction>;
[[nodiscard]] std::string_view mpsc_verb(std::size_t index);
[[nodiscard]] std::string to_text(const MpscAction& action);

/// A channel whose first sender is a task's, in a runtime where that task is live.
[[nodiscard]] Mpsc mpsc(std::uint32_t capacity, TaskName first_sender, spec::State runtime);

/// One action. A refusal leaves the state as it was.
///   cost     linear in the rows; total, pure, throws nothing but out of memory
[[nodiscard]] Answer apply(Mpsc& s, const MpscAction& action);

// The rules, one an action: search the id.
[[nodiscard]] Answer clone_sender(Mpsc& s, const CloneSender& a);
[[nodiscard]] Answer drop_sender(Mpsc& s, const DropSender& a);
[[nodiscard]] Answer try_send(Mpsc& s, const TrySend& a);
[[nodiscard]] Answer try_reserve(Mpsc& s, const TryReserve& a);
[[nodiscard]] Answer poll_reserve(Mpsc& s, const PollReserve& a);
[[nodiscard]] Answer drop_reserve(Mpsc& s, const DropReserve& a);
[[nodiscard]] Answer send_permitted(Mpsc& s, const SendPermitted& a);
[[nodiscard]] Answer release_permit(Mpsc& s, const ReleasePermit& a);
[[nodiscard]] Answer poll_receive(Mpsc& s, const PollReceive& a);
[[nodiscard]] Answer register_receiver(Mpsc& s, const RegisterReceiver& a);
[[nodiscard]] Answer drop_receiver(Mpsc& s, const DropReceiver& a);
[[nodiscard]] Answer destroy_drained(Mpsc& s, const DestroyDrained& a);
[[nodiscard]] Answer wake_sender(Mpsc& s, const WakeSender& a);
[[nodiscard]] Answer wake_receiver(Mpsc& s, const WakeReceiver& a);
[[nodiscard]] Answer run_runtime(Mpsc& s, const RunRuntime& a);

[[nodiscard]] const Sender* find_sender(const Channel& c, TaskName task);
[[nodiscard]] Sender* find_sender(Channel& c, TaskName task);
[[nodiscard]] const Permit* find_permit(const Channel& c, ObligationName obligation);
[[nodiscard]] Permit* find_permit(Channel& c, ObligationName obligation);
[[nodiscard]] bool holds_a_permit(const Channel& c, TaskName task);
[[nodiscard]] inline bool has_room(const Channel& c) {
  return c.queue.size() + c.reserved < c.capacity;
}
[[nodiscard]] inline bool receiver_lives(const Channel& c) {
  return c.receiver != ReceiverPhase::Dropped;
}

/// "queue [v0], reserved 1, receiver Parked, t0 waits parked, o0 out of t1; runtime: …"
[[nodiscard]] std::string to_text(const Mpsc& s);

}  // namespace quiesce::channel
