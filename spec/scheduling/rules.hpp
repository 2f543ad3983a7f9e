// The rules of the scheduler: search a rule's id. For everyone else: spec/scheduling/step.hpp.
#pragma once

#include <cstdint>
#include <optional>

#include "spec/scheduling/action.hpp"
#include "spec/scheduling/state.hpp"

namespace quiesce::spec::scheduling {

// Waking (wake_rules.cpp)
[[nodiscard]] Answer spawn(State& s, const Spawn& a);
[[nodiscard]] Answer wake(State& s, const Wake& a);
[[nodiscard]] Answer request_cancel(State& s, const RequestCancel& a);
[[nodiscard]] Answer push(State& s, const Push& a);
[[nodiscard]] Answer inject_ready(State& s, const InjectReady& a);
[[nodiscard]] Answer inject_timed(State& s, const InjectTimed& a);
[[nodiscard]] Answer advance_time(State& s, const AdvanceTime& a);
[[nodiscard]] Answer set_draining(State& s, const SetDraining& a);

// Picking (pick_rules.cpp)
[[nodiscard]] Answer dispatch(State& s, const Dispatch& a);
[[nodiscard]] Answer steal(State& s, const Steal& a);

// Polling (poll_rules.cpp)
[[nodiscard]] Answer begin_poll(State& s, const BeginPoll& a);
[[nodiscard]] Answer pend(State& s, const Pend& a);
[[nodiscard]] Answer finish_poll(State& s, const FinishPoll& a);
[[nodiscard]] Answer requeue(State& s, const Requeue& a);
[[nodiscard]] Answer complete(State& s, const Complete& a);
[[nodiscard]] Answer clear(State& s, const Clear& a);

// What the rules are made of.

/// any -> Notified; true if it was Idle: the caller must push an entry.       rule.sched.notify
[[nodiscard]] bool notify(TaskRecord& task);

/// Gives a task an entry in the lane that its cancel flag says, unless it has one that is as good.
///                                                                          rule.sched.enqueue
void enqueue(State& s, const TaskRef& ref, WorkerNumber place);

/// A new entry, the youngest of its queue, and from now on its task's effective one.
///                                                                          rule.sched.link
void link(State& s, const TaskRef& ref, WorkerNumber place, Lane lane, Time deadline_ticks);

/// The entry that a queue would give next: of Timed the due one that is least by (deadline, Name),
/// else the oldest. Stale entries in front of it are thrown away.             rule.sched.head
[[nodiscard]] std::optional<std::size_t> head(State& s, WorkerNumber place, Lane lane);

// The pick rule, one look at one lane after the other.

enum class Stage : std::uint8_t { Cancel, Timed, Ready, Fallback, Over };
/// Where a pick stands.
struct Pick {
  Stage stage = Stage::Over;
  std::uint8_t streak = 0;
  bool yields = false;  ///< the streak was up: other work first
  friend bool operator==(const Pick&, const Pick&) = default;
};
struct Probed {
  Pick after;
  bool takes = false;  ///< the entry that was found is dispatched
};

/// L, or 2L while draining.                                                   rule.sched.limit
[[nodiscard]] std::uint8_t effective_limit(std::uint8_t limit, bool draining);
/// A pick begins: with the cancel lane, unless the streak is up.              rule.sched.pick
[[nodiscard]] Pick begin_pick(std::uint8_t streak, std::uint8_t effective_limit);
/// One look: whether the lane of this stage had an entry.                     rule.sched.probe
[[nodiscard]] Probed probe(Pick pick, bool found);
[[nodiscard]] Lane lane_of(Stage stage);

}  // namespace quiesce::spec::scheduling
