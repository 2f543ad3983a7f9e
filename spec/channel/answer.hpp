// Answers of the channel primitives: Done{result} or Refused{guard}, as in the runtime's own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "spec/vocabulary/answer.hpp"

namespace quiesce::channel {

/// A guard is a fact that an action needs, stated positively; the first that fails answers.
enum class Guard : std::uint8_t {
  FutureNew,
  FutureExists,
  FutureLive,
  FutureBetweenPolls,
  FutureLooking,
  WakePending,
  SenderExists,
  SenderNew,
  NoFuture,
  FutureWaiting,
  NoPermit,
  PermitKnown,
  ObligationNew,
  NoPermitConcerned,
  ValueNew,
  NoWaiter,
  CapacityFree,
  ReceiverAlive,
  ReceiverBetweenPolls,
  ReceiverLooking,
  ValueDrained,
};
inline constexpr int guard_count = 21;

[[nodiscard]] std::string_view to_text(Guard guard);
/// "no live waiter stands in the line": the sentence that was not true.
[[nodiscard]] std::string_view sentence(Guard guard);

/// A guard of the channel, or one of the runtime whose rule the channel asked first.
using AnyGuard = std::variant<Guard, quiesce::Guard>;
[[nodiscard]] std::string_view to_text(const AnyGuard& guard);

/// What a task is called that waits, and what travels through a channel.
struct WaiterKind {
  static constexpr char letter = 'w';
};
struct ValueKind {
  static constexpr char letter = 'v';
};
using WaiterName = Name<WaiterKind>;
using ValueName = Name<ValueKind>;

/// Why a notified() future completed.
enum class Cause : std::uint8_t {
  Permit,     ///< it took a stored permit
  One,        ///< a notify_one chose it
  Broadcast,  ///< a notify_waiters came after its creation
  Covered,    ///< a notify_one chose it, and a later notify_waiters would have done so
};
[[nodiscard]] std::string_view to_text(Cause cause);

// What an accepted action answers.
struct Nothing {  // the action has nothing to say
  friend bool operator==(const Nothing&, const Nothing&) = default;
};
struct NotReady {  // a poll: nothing yet, the future looks again while it registers
  friend bool operator==(const NotReady&, const NotReady&) = default;
};
struct Pending {  // a poll: the future is registered and its task parks
  friend bool operator==(const Pending&, const Pending&) = default;
};
struct Notified {  // a poll of a notified() future: it completed
  Cause cause{};
  friend bool operator==(const Notified&, const Notified&) = default;
};
struct Chosen {  // notify_one: this waiter is notified
  WaiterName waiter;
  friend bool operator==(const Chosen&, const Chosen&) = default;
};
struct Stored {  // notify_one: nobody waits, a permit is kept
  friend bool operator==(const Stored&, const Stored&) = default;
};
struct Reached {  // notify_waiters: so many waiters are notified
  std::uint32_t waiters = 0;
  friend bool operator==(const Reached&, const Reached&) = default;
};
struct Granted {  // a permit is out, and the obligation that goes with it is Reserved
  friend bool operator==(const Granted&, const Granted&) = default;
};
struct Denied {  // a reserve future ended: the runtime refused the obligation
  quiesce::Guard guard{};
  friend bool operator==(const Denied&, const Denied&) = default;
};
struct Sent {  // the value is in the queue
  friend bool operator==(const Sent&, const Sent&) = default;
};
struct Returned {  // the receiver is gone: the value is the sender's again
  ValueName value;
  friend bool operator==(const Returned&, const Returned&) = default;
};
struct Received {  // the value is the receiver's
  ValueName value;
  friend bool operator==(const Received&, const Received&) = default;
};
struct Disconnected {  // the other side is gone
  friend bool operator==(const Disconnected&, const Disconnected&) = default;
};
struct FromRuntime {  // what the runtime answered
  quiesce::Done answer;
  friend bool operator==(const FromRuntime&, const FromRuntime&) = default;
};

struct Done {
  std::variant<Nothing, NotReady, Pending, Notified, Chosen, Stored, Reached, Granted, Denied, Sent,
               Returned, Received, Disconnected, FromRuntime>
      result{};
  friend bool operator==(const Done&, const Done&) = default;
};
struct Refused {
  AnyGuard guard{};
  friend bool operator==(const Refused&, const Refused&) = default;
};
using Answer = std::variant<Done, Refused>;

template <class Result>
[[nodiscard]] Answer done_with(const Result& result) {
  return Done{result};
}
[[nodiscard]] inline Answer done() {
  return Done{};
}
[[nodiscard]] inline Answer refused_by(const AnyGuard& guard) {
  return Refused{guard};
}
[[nodiscard]] inline bool is_done(const Answer& answer) {
  return std::holds_alternative<Done>(answer);
}
/// The result of an accepted action if it is of this type, else null.
template <class Result>
[[nodiscard]] const Result* result_of(const Answer& answer) {
  const Done* const accepted = std::get_if<Done>(&answer);
  return accepted == nullptr ? nullptr : std::get_if<Result>(&accepted->result);
}

/// "Done", "Done{Notified One}", "Done{Received v2}", "Refused{NoWaiter}"
[[nodiscard]] std::string to_text(const Answer& answer);

}  // namespace quiesce::channel
