// The scheduler's state: task records in slots, queue entries, workers and the threads that wake.
// Reading order: Entry, TaskRecord, Worker, Waker, State.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "spec/vocabulary/budget.hpp"
#include "spec/vocabulary/names.hpp"

namespace quiesce::spec::scheduling {

/// Cancel > Timed > Ready, but for the streak rule.
enum class Lane : std::uint8_t { Cancel, Timed, Ready };
/// Idle: nobody owes a poll. Polling: a poll has begun. Notified: woken, a poll is owed.
enum class WakeState : std::uint8_t { Idle, Polling, Notified };

/// A worker's number; `no_worker` stands for none: the global queues, a task that is not pinned.
using WorkerNumber = std::uint8_t;
inline constexpr WorkerNumber no_worker = 0xFF;
/// Entries count their task's generations from 1.
using Generation = std::uint32_t;
inline constexpr Generation no_generation = 0;

/// A task as everyone else remembers it: where its record is, and who it must still be. A slot is
/// used again at once; a Name never is.
struct TaskRef {
  std::uint8_t slot = 0;
  TaskName name;
  friend bool operator==(const TaskRef&, const TaskRef&) = default;
};

/// An entry of one queue. It is effective while its task's record says so, else stale: it is then
/// skipped where it is met, and nothing makes it effective again.
struct Entry {
  WorkerNumber place = no_worker;  ///< the worker whose queue it stands in; none: the global one
  Lane lane = Lane::Ready;
  TaskRef task;
  Generation generation = no_generation;
  Time deadline_ticks = 0;  ///< Timed only; 0 otherwise
  friend bool operator==(const Entry&, const Entry&) = default;
};

/// What the runtime keeps of a task that has not completed.
struct TaskRecord {
  TaskName name;                       ///< none: the slot is free
  WorkerNumber pinned_to = no_worker;  ///< the only worker that may poll it
  bool cancelling = false;             ///< a cancel was requested
  bool future_stored = false;          ///< false while a worker owns the future
  WakeState wake = WakeState::Idle;
  Generation newest = no_generation;     ///< the last one handed out
  Generation effective = no_generation;  ///< of its effective entry; none: it has none
  friend bool operator==(const TaskRecord&, const TaskRecord&) = default;
};

/// What a worker has in hand, by the steps of a dispatch.
enum class Hand : std::uint8_t {
  Empty,
  Picked,      ///< popped an entry; the poll has not begun
  Polling,     ///< owns the future
  StoredBack,  ///< gave the future back; finish_poll comes next
  OwesEntry,   ///< finish_poll said Notified; the entry comes next
  OwesClear,   ///< the task completed; its wake_state is cleared next
};

struct Worker {
  Hand hand = Hand::Empty;
  TaskRef task;             ///< unless Empty
  std::uint8_t streak = 0;  ///< cancel dispatches in a row
  friend bool operator==(const Worker&, const Worker&) = default;
};

/// What a thread outside the workers owes.
enum class Owes : std::uint8_t {
  Nothing,
  WakeEntry,  ///< its notify answered true: it must push an entry
  Injection,  ///< it has set the cancel flag: it must inject the cancel
};

struct Waker {
  Owes owes = Owes::Nothing;
  TaskRef task;  ///< unless Nothing
  friend bool operator==(const Waker&, const Waker&) = default;
};

/// Everything there is.
///   state    `entries` stand sorted by (place, lane); inside one queue the oldest first
///   cost     copying is linear; small states need no allocation
struct State {
  Time now = 0;
  bool draining = false;    ///< the governor lets cancel work go on for twice as long
  std::uint8_t limit = 16;  ///< cancel dispatches in a row before other work is looked for
  boost::container::small_vector<TaskRecord, 4> slots;
  boost::container::small_vector<Worker, 4> workers;
  boost::container::small_vector<Waker, 2> wakers;
  boost::container::small_vector<Entry, 8> entries;
  friend bool operator==(const State&, const State&) = default;
};

/// So many free slots, idle workers and idle threads, at time 0.
struct Sizes {
  std::uint8_t slots = 2;
  std::uint8_t workers = 2;
  std::uint8_t wakers = 1;
  std::uint8_t limit = 16;
};
[[nodiscard]] State initial(const Sizes& sizes);

// The words that rules and invariants share.

/// The record that a reference means; null if the task has completed or never was.
[[nodiscard]] inline const TaskRecord* find(const State& s, const TaskRef& task) {
  if (task.slot >= s.slots.size() || task.name.is_none()) return nullptr;
  return s.slots[task.slot].name == task.name ? &s.slots[task.slot] : nullptr;
}
[[nodiscard]] inline TaskRecord* find(State& s, const TaskRef& task) {
  return const_cast<TaskRecord*>(find(static_cast<const State&>(s), task));
}
/// Whether an entry is the one that its task's record means.
[[nodiscard]] inline bool is_effective(const State& s, const Entry& entry) {
  const TaskRecord* const record = find(s, entry.task);
  return record != nullptr && record->effective == entry.generation;
}
[[nodiscard]] inline bool is_due(const State& s, const Entry& entry) {
  return entry.lane != Lane::Timed || entry.deadline_ticks <= s.now;
}

[[nodiscard]] std::string_view to_text(Lane lane);
[[nodiscard]] std::string_view to_text(WakeState wake);
[[nodiscard]] std::string_view to_text(Hand hand);
[[nodiscard]] std::string to_text(const TaskRef& task);
/// "global Timed t1#2 due 3 (stale)"
[[nodiscard]] std::string to_text(const State& s, const Entry& entry);
/// One line: the clock, the tasks, the queues, the hands.
[[nodiscard]] std::string to_text(const State& s);

}  // namespace quiesce::spec::scheduling
