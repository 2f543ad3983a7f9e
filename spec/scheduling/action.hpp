// The alphabet of the scheduler: one struct a step. What one struct does is atomic; everything else
// may come in between.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "spec/scheduling/state.hpp"

namespace quiesce::spec::scheduling {

// Steps of anyone who is not a worker.
struct Spawn {  // spawn(t1 in s0, global) spawn(t1 in s0, w0) spawn(t1 in s0, pinned to w0)
  TaskRef task;
  WorkerNumber place = no_worker;  ///< of its first entry, unless it is pinned
  WorkerNumber pinned_to = no_worker;
};
struct Wake {  // wake(t1, by a0): notify, without any lock
  std::uint8_t waker = 0;
  TaskRef task;
};
struct RequestCancel {  // request_cancel(t1, by a0): sets the flag
  std::uint8_t waker = 0;
  TaskRef task;
};
struct Push {  // push(a0): what the thread owes
  std::uint8_t waker = 0;
};
struct InjectReady {  // inject_ready(t1): notify and entry in one critical section
  TaskRef task;
};
struct InjectTimed {  // inject_timed(t1, due 2): the same for the timed lane
  TaskRef task;
  Time deadline_ticks = 0;
};
struct AdvanceTime {  // advance_time(2)
  Time to_ticks = 0;
};
struct SetDraining {  // set_draining(true)
  bool draining = false;
};

// Steps of a worker.
struct Dispatch {  // dispatch(w0): the pick rule, to its end
  WorkerNumber worker = 0;
};
struct Steal {  // steal(w0 from w1)
  WorkerNumber worker = 0;
  WorkerNumber victim = 0;
};
struct BeginPoll {  // begin_poll(w0): takes the future, or drops the entry
  WorkerNumber worker = 0;
};
struct Pend {  // pend(w0): the poll said Pending; the future is stored back
  WorkerNumber worker = 0;
};
struct FinishPoll {  // finish_poll(w0)
  WorkerNumber worker = 0;
};
struct Requeue {  // requeue(w0): the entry that finish_poll asked for
  WorkerNumber worker = 0;
};
struct Complete {  // complete(w0): the poll said Ready; the record is retired, its slot free
  WorkerNumber worker = 0;
};
struct Clear {  // clear(w0): the wake_state of the task that completed
  WorkerNumber worker = 0;
};

using Action = std::variant<Spawn, Wake, RequestCancel, Push, InjectReady, InjectTimed, AdvanceTime,
                            SetDraining, Dispatch, Steal, BeginPoll, Pend, FinishPoll, Requeue,
                            Complete, Clear>;
inline constexpr std::size_t action_count = std::variant_size_v<Action>;
[[nodiscard]] std::string_view action_verb(std::size_t index);
[[nodiscard]] std::string to_text(const Action& action);

/// Facts that a step needs; the first that fails answers.
enum class Guard : std::uint8_t {
  SlotFree,
  TaskExists,
  NotCancelling,
  WorkerExists,
  WakerExists,
  WakerOwesNothing,
  WakerOwes,
  HandEmpty,
  HandPicked,
  HandPolling,
  HandStoredBack,
  HandOwesEntry,
  HandOwesClear,
  VictimIsOther,
  NothingOfItsOwn,
  VictimHasReadyWork,
  TimeNotBackwards,
};
inline constexpr int guard_count = 17;
[[nodiscard]] std::string_view to_text(Guard guard);

struct Done {};
struct Dispatched {  // dispatch, steal: the entry that was taken
  Entry entry;
};
struct LookedInVain {};  // dispatch: no queue of this worker had anything
struct Dropped {};       // begin_poll: the future was not there
struct Refused {
  Guard guard{};
};
using Answer = std::variant<Done, Dispatched, LookedInVain, Dropped, Refused>;
[[nodiscard]] inline bool is_refused(const Answer& answer) {
  return std::holds_alternative<Refused>(answer);
}

}  // namespace quiesce::spec::scheduling
