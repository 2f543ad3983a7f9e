// Notify: a signal without a value. Stored permits, broadcasts, and waiters first in, first out.
#pragma once

#include <boost/container/small_vector.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "spec/channel/answer.hpp"
#include "spec/channel/waiters.hpp"

namespace quiesce::channel {

/// Created -> Looking -> Waiting -> Completed or Dropped. A poll that finds nothing looks first and
/// registers afterwards; between the two steps others may act.
enum class FuturePhase : std::uint8_t { Created, Looking, Waiting, Completed, Dropped };

/// A notified() future and the task that polls it.
struct NotifyFuture {
  WaiterName name;
  FuturePhase phase = FuturePhase::Created;
  std::uint32_t generation = 0;  // at its creation
  Ticket ticket;                 // while Waiting
  std::optional<Cause> cause;    // once Completed; of a Dropped one: Covered if it was
  bool parked = false;           // its task sleeps until a wake is delivered
  bool wake_pending = false;     // a wake is on its way to the task
  friend bool operator==(const NotifyFuture&, const NotifyFuture&) = default;
};

/// Everything there is. Rows stay for ever, in the order of their Names.
struct Notify {
  std::uint32_t generation = 0;   // broadcasts so far
  std::uint32_t permits = 0;      // stored
  std::uint32_t notify_ones = 0;  // accepted so far: history, for the law of conservation
  Waiters waiters;
  boost::container::small_vector<NotifyFuture, 4> futures;
  friend bool operator==(const Notify&, const Notify&) = default;
};

struct CreateFuture {  // notified(w0)
  WaiterName future;
  friend bool operator==(const CreateFuture&, const CreateFuture&) = default;
};
struct PollFuture {  // poll(w0)
  WaiterName future;
  friend bool operator==(const PollFuture&, const PollFuture&) = default;
};
struct RegisterFuture {  // register(w0): the second half of a poll that found nothing
  WaiterName future;
  friend bool operator==(const RegisterFuture&, const RegisterFuture&) = default;
};
struct DropFuture {  // drop(w0)
  WaiterName future;
  friend bool operator==(const DropFuture&, const DropFuture&) = default;
};
struct NotifyOne {  // notify_one()
  friend bool operator==(const NotifyOne&, const NotifyOne&) = default;
};
struct NotifyWaiters {  // notify_waiters()
  friend bool operator==(const NotifyWaiters&, const NotifyWaiters&) = default;
};
struct DeliverWake {  // wake(w0): the task of the future may run
  WaiterName future;
  friend bool operator==(const DeliverWake&, const DeliverWake&) = default;
};
using NotifyAction = std::variant<CreateFuture, PollFuture, RegisterFuture, DropFuture, NotifyOne,
                                  NotifyWaiters, DeliverWake>;
inline constexpr std::size_t notify_action_count = std::variant_size_v<NotifyAction>;
[[nodiscard]] std::string_view notify_verb(std::size_t index);
[[nodiscard]] std::string to_text(const NotifyAction& action);

/// One action. A refusal leaves the state as it was.
///   cost     linear in the rows; total, pure, throws nothing but out of memory
[[nodiscard]] Answer apply(Notify& s, const NotifyAction& action);

// The rules, one an action: search the id.
[[nodiscard]] Answer create_future(Notify& s, const CreateFuture& a);
[[nodiscard]] Answer poll_future(Notify& s, const PollFuture& a);
[[nodiscard]] Answer register_future(Notify& s, const RegisterFuture& a);
[[nodiscard]] Answer drop_future(Notify& s, const DropFuture& a);
[[nodiscard]] Answer notify_one(Notify& s, const NotifyOne& a);
[[nodiscard]] Answer notify_waiters(Notify& s, const NotifyWaiters& a);
[[nodiscard]] Answer deliver_wake(Notify& s, const DeliverWake& a);

[[nodiscard]] const NotifyFuture* find(const Notify& s, WaiterName name);
[[nodiscard]] NotifyFuture* find(Notify& s, WaiterName name);
/// The mark of a Waiting future; None of any other.
[[nodiscard]] Mark mark_of(const Notify& s, const NotifyFuture& future);
/// Chosen by a notify_one after which no broadcast came: it carries the one notification.
[[nodiscard]] bool carries_one(const Notify& s, const NotifyFuture& future);
/// Chosen by a notify_one after which a broadcast came.
[[nodiscard]] bool is_covered(const Notify& s, const NotifyFuture& future);

/// "generation 1, permits 0, w0 Waiting parked, w1 Completed One"
[[nodiscard]] std::string to_text(const Notify& s);

}  // namespace quiesce::channel
