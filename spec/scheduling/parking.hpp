// Parking: workers that find nothing go to sleep, whoever brings work wakes one. Every read and
// write that another thread can race with is a step of its own.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace quiesce::spec::scheduling::parking {

inline constexpr std::uint8_t most_workers = 4;
inline constexpr std::uint8_t most_publishers = 3;

/// Where a worker stands.
enum class At : std::uint8_t {
  Looking,    ///< about to look into the queues
  Reserved,   ///< took a credit of the global queue; dequeues next
  HandingOn,  ///< took other work although the global queue has some: wakes a worker for it
  Busy,       ///< polls a task, for as long as it likes
  Parking,    ///< found nothing; announces itself next
  Announced,  ///< is seen as waiting; looks once more next
  Committed,  ///< found nothing again; sleeps next unless it holds a permit
  Asleep,     ///< until an unpark, or its timeout, makes it runnable
  Woken,      ///< an unpark found it asleep; uses the permit next
  Exited,
};
struct Worker {
  At at = At::Looking;
  bool permit = false;       ///< one wake, kept until it is used
  bool waiting = false;      ///< what a publisher sees
  bool has_timeout = false;  ///< sleeps until the timer at most
  std::uint8_t scanned = 0;  ///< HandingOn: how many parkers it has tried
  std::uint8_t local = 0;    ///< entries of its own queue, which nobody else looks into
  friend bool operator==(const Worker&, const Worker&) = default;
};

/// What a publisher brings: an entry of the global queue, of a worker's own queue, a timer that is
/// due at time 1, or the end.
enum class Brings : std::uint8_t { Global, Local, Timer, Shutdown };
enum class Publishing : std::uint8_t {
  Nothing,
  Counted,    ///< the global queue's hint counts it
  Enqueued,   ///< it stands in the queue; not published yet
  Published,  ///< it can be seen; somebody must be woken
};
struct Publisher {
  Publishing stage = Publishing::Nothing;
  Brings brings = Brings::Global;
  std::uint8_t next = 0;     ///< the parker that it tries next
  std::uint8_t scanned = 0;  ///< how many it has tried
  friend bool operator==(const Publisher&, const Publisher&) = default;
};

/// Everything there is. The global queue is three counters: hint, true length, published.
struct State {
  std::uint8_t worker_count = 2;
  std::uint8_t publisher_count = 1;
  std::uint8_t to_publish = 2;  ///< entries that may still be brought
  std::uint8_t may_fail = 0;    ///< dequeues that may still fail for no reason
  std::uint8_t hint = 0;
  std::uint8_t length = 0;
  std::uint8_t published = 0;
  std::uint8_t cursor = 0;     ///< where the next scan begins
  bool timer_allowed = false;  ///< one timer may still be brought
  bool shutdown_allowed = false;
  bool timer_pending = false;
  bool timer_due = false;  ///< the clock has passed it
  bool shutdown = false;
  std::array<Worker, most_workers> workers{};
  std::array<Publisher, most_publishers> publishers{};
  friend bool operator==(const State&, const State&) = default;
};

// A worker's steps.
struct Look {  // look(w0): the shutdown flag, its own queue, the timer, the global queue
  std::uint8_t worker = 0;
};
struct Dequeue {  // dequeue(w0), dequeue(w0 fails): after the reservation
  std::uint8_t worker = 0;
  bool fails = false;
};
struct HandOn {  // hand_on(w0): the next parker, under its lock
  std::uint8_t worker = 0;
};
struct FinishWork {  // finish_work(w0): the poll returned
  std::uint8_t worker = 0;
};
struct Announce {  // announce(w0): waiting, for every publisher to see
  std::uint8_t worker = 0;
};
struct Recheck {  // recheck(w0): all that look sees, once more
  std::uint8_t worker = 0;
};
struct Sleep {  // sleep(w0): the permit's test and the sleep, under the parker's lock
  std::uint8_t worker = 0;
};
struct WakeUp {  // wake_up(w0): woken, the permit is used
  std::uint8_t worker = 0;
};
struct TimeOut {  // time_out(w0)
  std::uint8_t worker = 0;
};
// A publisher's steps.
struct Bring {  // bring(p0, Global), bring(p0, Local w1): the hint; or the entry, timer, flag
  std::uint8_t publisher = 0;
  Brings brings = Brings::Global;
  std::uint8_t worker = 0;  ///< Local only
};
struct Enqueue {  // enqueue(p0)
  std::uint8_t publisher = 0;
};
struct Publish {  // publish(p0)
  std::uint8_t publisher = 0;
};
struct Unpark {  // unpark(p0): the next parker, under its lock
  std::uint8_t publisher = 0;
};
struct Tick {};  // tick: the clock passes the timer

using Action = std::variant<Look, Dequeue, HandOn, FinishWork, Announce, Recheck, Sleep, WakeUp,
                            TimeOut, Bring, Enqueue, Publish, Unpark, Tick>;
inline constexpr std::size_t action_count = std::variant_size_v<Action>;
[[nodiscard]] std::string_view action_verb(std::size_t index);
[[nodiscard]] std::string to_text(const Action& action);
[[nodiscard]] std::string to_text(const State& s);

/// True if the step was possible; otherwise the state is as it was.
[[nodiscard]] bool apply(State& s, const Action& action);

using Violation = std::optional<std::string>;
struct Invariant {
  std::string_view id;
  std::string_view fact;
  std::string_view sentence;
  Violation (*violated)(const State&);
  bool (*interesting)(const State&);
  std::string_view interesting_case;
};
[[nodiscard]] std::span<const Invariant> invariants();
struct Case {
  std::string_view id;
  std::string_view sentence;
  bool (*shown)(const State&);
};
[[nodiscard]] std::span<const Case> cases();

/// All work is done, and whoever has not exited sleeps.
[[nodiscard]] bool is_at_rest(const State& s);

}  // namespace quiesce::spec::scheduling::parking
