// Waking: who may push an entry, when, and into which lane.
#include <algorithm>

#include "spec/scheduling/rules.hpp"

namespace quiesce::spec::scheduling {
namespace {

WorkerNumber home_of(const TaskRecord& task, WorkerNumber place) {
  return task.pinned_to == no_worker ? place : task.pinned_to;
}

const Entry* effective_entry(const State& s, const TaskRef& ref) {
  const auto at = std::find_if(s.entries.begin(), s.entries.end(), [&](const Entry& entry) {
    return entry.task == ref && is_effective(s, entry);
  });
  return at == s.entries.end() ? nullptr : &*at;
}

bool is_after(const Entry& entry, WorkerNumber place, Lane lane) {
  return entry.place != place ? entry.place > place : entry.lane > lane;
}

}  // namespace

///   state    wake_state; a swap, no lock                                   rule.sched.notify
///   source   facts §15
bool notify(TaskRecord& task) {
  const bool was_idle = task.wake == WakeState::Idle;
  task.wake = WakeState::Notified;
  return was_idle;
}

///   state    +1 entry; the entry that was effective before is stale for ever   rule.sched.link
///   keeps    inv.sched.queue_links                          source  semantics, Scheduling; H1
void link(State& s, const TaskRef& ref, WorkerNumber place, Lane lane, Time deadline_ticks) {
  TaskRecord& task = *find(s, ref);
  task.effective = ++task.newest;
  const Entry entry{home_of(task, place), lane, ref, task.effective, deadline_ticks};
  const auto at = std::find_if(s.entries.begin(), s.entries.end(), [&](const Entry& other) {
    return is_after(other, entry.place, lane);
  });
  s.entries.insert(at, entry);
}

/// The lane is read in the same step as the entry is pushed: a flag read earlier would put a
/// cancelled task into the ready lane.                                       rule.sched.enqueue
///   state    nothing if the effective entry is in that lane or above it, but a ready wake takes a
///            task out of the timed lane: it waits for its deadline no longer
///   keeps    inv.sched.lane, inv.sched.dedup               source  facts §14.4, §14.7
void enqueue(State& s, const TaskRef& ref, WorkerNumber place) {
  const TaskRecord& task = *find(s, ref);
  const Lane lane = task.cancelling ? Lane::Cancel : Lane::Ready;
  const Entry* const present = effective_entry(s, ref);
  if (present != nullptr && (present->lane == lane || present->lane == Lane::Cancel)) return;
  link(s, ref, place, lane, 0);
}

/// Spawn: a task's record, its future and its first entry.                    rule.sched.spawn
///   state    the slot; Notified before its entry is there, in one critical section
///   refuses  SlotFree, WorkerExists                         source  facts §15 rules 2, 8
Answer spawn(State& s, const Spawn& a) {
  if (a.task.slot >= s.slots.size() || a.task.name.is_none()) return Refused{Guard::SlotFree};
  TaskRecord& task = s.slots[a.task.slot];
  if (!task.name.is_none()) return Refused{Guard::SlotFree};
  const auto exists = [&](WorkerNumber worker) {
    return worker == no_worker || worker < s.workers.size();
  };
  if (!exists(a.place) || !exists(a.pinned_to)) return Refused{Guard::WorkerExists};

  task = TaskRecord{.name = a.task.name, .pinned_to = a.pinned_to, .future_stored = true};
  static_cast<void>(notify(task));
  enqueue(s, a.task, a.place);
  return Done{};
}

/// Wake: the plain waker's notify, on any thread, under no lock; the entry comes with Push.
///   state    wake_state; if it was Idle the thread owes an entry              rule.sched.wake
///            A waker outlives its task: of a retired one the wake_state says Idle, and the entry
///            will be one that finds no record.
///   refuses  WakerExists, WakerOwesNothing                  source  facts §15 rules 1, 2, 5; §17
Answer wake(State& s, const Wake& a) {
  if (a.waker >= s.wakers.size()) return Refused{Guard::WakerExists};
  if (s.wakers[a.waker].owes != Owes::Nothing) return Refused{Guard::WakerOwesNothing};
  TaskRecord* const task = find(s, a.task);

  if (task == nullptr || notify(*task)) s.wakers[a.waker] = {Owes::WakeEntry, a.task};
  return Done{};
}

/// RequestCancel: the task's cancel flag; the injection comes with Push.
///   state    flag; the thread owes an injection                  rule.sched.request_cancel
///   refuses  TaskExists, NotCancelling, WakerExists, WakerOwesNothing         source  facts §17
Answer request_cancel(State& s, const RequestCancel& a) {
  TaskRecord* const task = find(s, a.task);
  if (task == nullptr) return Refused{Guard::TaskExists};
  if (task->cancelling) return Refused{Guard::NotCancelling};
  if (a.waker >= s.wakers.size()) return Refused{Guard::WakerExists};
  if (s.wakers[a.waker].owes != Owes::Nothing) return Refused{Guard::WakerOwesNothing};

  task->cancelling = true;
  s.wakers[a.waker] = {Owes::Injection, a.task};
  return Done{};
}

/// Push: the thread does what it owes.                                        rule.sched.push
///   state    an entry after a notify, in the lane of the flag. A cancel's injection: notify, and
///   an
///            entry in the cancel lane whatever notify said (promotion), in one critical section
///   refuses  WakerExists, WakerOwes                         source  facts §15 rule 1, §14.4
Answer push(State& s, const Push& a) {
  if (a.waker >= s.wakers.size()) return Refused{Guard::WakerExists};
  const Waker owed = s.wakers[a.waker];
  if (owed.owes == Owes::Nothing) return Refused{Guard::WakerOwes};

  s.wakers[a.waker] = Waker{};
  TaskRecord* const task = find(s, owed.task);
  if (owed.owes == Owes::Injection) {
    if (task == nullptr) return Done{};
    static_cast<void>(notify(*task));
    link(s, owed.task, no_worker, Lane::Cancel, 0);
  } else if (task != nullptr) {
    enqueue(s, owed.task, no_worker);
  } else {
    s.entries.push_back({no_worker, Lane::Ready, owed.task, 1, 0});  // the last queue there is
  }
  return Done{};
}

/// InjectReady: notify and entry in one critical section.               rule.sched.inject_ready
///   state    an entry if notify said true; a notified task that waits for its deadline is
///            promoted to the ready lane
///   refuses  TaskExists                                     source  facts §15 rules 1, 2; §14.4
Answer inject_ready(State& s, const InjectReady& a) {
  TaskRecord* const task = find(s, a.task);
  if (task == nullptr) return Refused{Guard::TaskExists};

  const bool must_enqueue = notify(*task);
  const Entry* const present = effective_entry(s, a.task);
  if (must_enqueue || (present != nullptr && present->lane == Lane::Timed)) {
    enqueue(s, a.task, no_worker);
  }
  return Done{};
}

/// InjectTimed: the same with a deadline.                               rule.sched.inject_timed
///   state    an entry if notify said true: Timed, or Cancel if the task is cancelling
///   refuses  TaskExists                                     source  facts §15 rules 1, 2
Answer inject_timed(State& s, const InjectTimed& a) {
  TaskRecord* const task = find(s, a.task);
  if (task == nullptr) return Refused{Guard::TaskExists};

  if (!notify(*task)) return Done{};
  // It was Idle: unless it is cancelling it has no effective entry. Each notify that says true
  // leads to one entry, and the task is Idle again only after a poll, for which that was taken.
  if (task->cancelling) {
    enqueue(s, a.task, no_worker);
  } else {
    link(s, a.task, no_worker, Lane::Timed, a.deadline_ticks);
  }
  return Done{};
}

/// AdvanceTime: the clock.                                             rule.sched.advance_time
///   refuses  TimeNotBackwards
Answer advance_time(State& s, const AdvanceTime& a) {
  if (a.to_ticks < s.now) return Refused{Guard::TimeNotBackwards};
  s.now = a.to_ticks;
  return Done{};
}

/// SetDraining: the governor's word.                                   rule.sched.set_draining
Answer set_draining(State& s, const SetDraining& a) {
  s.draining = a.draining;
  return Done{};
}

}  // namespace quiesce::spec::scheduling
