// The rules of the task machine: Created -> Running -> Completed(outcome), with a cancel
// -> CancelRequested -> Cancelling -> Finalizing -> Completed.
#include <range/v3/algorithm/contains.hpp>
#include <range/v3/algorithm/count_if.hpp>
#include <utility>

#include "spec/rules.hpp"

namespace quiesce::spec {
namespace {

bool is_cancelling(const Task& task) {
  return task.phase == TaskPhase::Cancelling || task.phase == TaskPhase::Finalizing;
}

/// The outcome that a return records: once a cancel is recorded, only Cancelled or Panicked.
///                                                 source  semantics, Return; facts §2.4
Outcome recorded_outcome(const Task& task, const Return& a, Time now) {
  const CancelReason returned{a.kind, now, task.owner};
  switch (a.outcome) {
    case OutcomeKind::Panicked: return Outcome::panicked();
    case OutcomeKind::Cancelled:
      return Outcome::cancelled(task.reason ? strengthen(*task.reason, returned) : returned);
    case OutcomeKind::Ok:
    case OutcomeKind::Err: break;
  }
  if (task.reason) return Outcome::cancelled(*task.reason);
  return a.outcome == OutcomeKind::Ok ? Outcome::ok() : Outcome::err();
}

}  // namespace

/// Spawn: a new task enters an open region.                                 rule.ownership.spawn
///   state    +1 task row in Created, its budget met with the region's; the region lists it
///   refuses  RegionExists, RegionOpen, WithinLimit: the first that fails answers
///   keeps    inv.ownership.task_owned, inv.region.no_late_admission   source  facts T1, [D31]
Answer spawn(State& s, const Spawn& a) {
  Region* const region = find(s, a.region);
  if (region == nullptr) return refused(Guard::RegionExists);
  if (region->phase != RegionPhase::Open) return refused(Guard::RegionOpen);
  const auto body_tasks = static_cast<std::uint32_t>(
      ranges::count_if(region->tasks, [&s](TaskName name) { return is_body(*find(s, name)); }));
  if (body_tasks >= region->limits.body_tasks) return refused(Guard::WithinLimit);

  insert_name(region->tasks, a.name);
  s.tasks.add({.name = a.name, .owner = a.region, .budget = meet(a.budget, region->budget)});
  return done();
}

/// Start: the first dispatch of a task.                                           rule.task.start
///   state    Created -> Running
///   refuses  TaskExists, TaskCreated (a cancelled Created task goes on by Checkpoint or Return)
///   source   facts T3
Answer start(State& s, const Start& a) {
  Task* const task = find(s, a.task);
  if (task == nullptr) return refused(Guard::TaskExists);
  if (task->phase != TaskPhase::Created) return refused(Guard::TaskCreated);

  task->phase = TaskPhase::Running;
  return done();
}

/// Poll: a worker is about to run the task; its quota pays.                        rule.task.poll
///   state    quota - 1 unless unlimited; a body task whose quota is used up gets PollQuota
///   refuses  TaskExists, TaskStarted, TaskLive
///   source   semantics [D23]
Answer poll(State& s, const Poll& a) {
  Task* const task = find(s, a.task);
  if (task == nullptr) return refused(Guard::TaskExists);
  if (task->phase == TaskPhase::Created) return refused(Guard::TaskStarted);
  if (!is_live(*task)) return refused(Guard::TaskLive);

  if (task->budget.poll_quota == 0) {
    request_cancel(*task, {CancelKind::PollQuota, s.now, task->owner});
    return done_with(PollExhausted{});
  }
  if (task->budget.poll_quota != unlimited) --task->budget.poll_quota;
  return done_with(PollGranted{});
}

/// Checkpoint: the task looks whether it should stop.                        rule.task.checkpoint
///   state    a pending cancel spends a mask unit, or at mask 0 is acknowledged: -> Cancelling
///   refuses  TaskExists, TaskStarted, TaskLive
///   keeps    acknowledgement within mask + 1 checkpoints          source  facts §2.5, [D5, D6]
Answer checkpoint(State& s, const Checkpoint& a) {
  Task* const task = find(s, a.task);
  if (task == nullptr) return refused(Guard::TaskExists);
  if (task->phase == TaskPhase::Created) return refused(Guard::TaskStarted);
  if (!is_live(*task)) return refused(Guard::TaskLive);

  if (is_cancelling(*task)) return done_with(CancelPending{});
  if (task->phase == TaskPhase::Running) return done_with(Continue{});
  if (task->mask_units > 0) {
    --task->mask_units;
    return done_with(Continue{});
  }
  task->phase = TaskPhase::Cancelling;
  const CancelReason reason = *task->reason;
  return done_with(Acknowledged{reason});
}

/// EnterMask: the task may defer a cancel for some checkpoints.              rule.task.enter_mask
///   state    mask = units
///   refuses  TaskExists, TaskIsBody, TaskRunning, NotMasked, WithinMaskBound
///   keeps    inv.mask.bounded, inv.mask.monotone                  source  semantics [D5]
Answer enter_mask(State& s, const EnterMask& a) {
  Task* const task = find(s, a.task);
  if (task == nullptr) return refused(Guard::TaskExists);
  if (!is_body(*task)) return refused(Guard::TaskIsBody);
  if (task->phase != TaskPhase::Running) return refused(Guard::TaskRunning);
  if (task->mask_units != 0) return refused(Guard::NotMasked);
  if (a.units == 0 || a.units > max_mask_units) return refused(Guard::WithinMaskBound);

  task->mask_units = a.units;
  return done();
}

/// LeaveMask: the deferral ends.                                             rule.task.leave_mask
///   state    mask = 0
///   refuses  TaskExists, TaskLive, TaskMasked
///   source   semantics [D5]
Answer leave_mask(State& s, const LeaveMask& a) {
  Task* const task = find(s, a.task);
  if (task == nullptr) return refused(Guard::TaskExists);
  if (!is_live(*task)) return refused(Guard::TaskLive);
  if (task->mask_units == 0) return refused(Guard::TaskMasked);

  task->mask_units = 0;
  return done();
}

/// CleanupDone: a cancelled task has cleaned up.                           rule.task.cleanup_done
///   state    Cancelling -> Finalizing
///   refuses  TaskExists, TaskCancelling
///   source   facts T12
Answer cleanup_done(State& s, const CleanupDone& a) {
  Task* const task = find(s, a.task);
  if (task == nullptr) return refused(Guard::TaskExists);
  if (task->phase != TaskPhase::Cancelling) return refused(Guard::TaskCancelling);

  task->phase = TaskPhase::Finalizing;
  return done();
}

/// Return: the body of a task ended.                                             rule.task.return
///   state    completes the task with the recorded outcome; answers LeakPanic if leaks call for it
///   refuses  TaskExists, TaskStarted, TaskLive
///   keeps    inv.cancel.dominates                                 source  facts §2.4
Answer return_from(State& s, const Return& a) {
  const Task* const task = find(s, a.task);
  if (task == nullptr) return refused(Guard::TaskExists);
  if (task->phase == TaskPhase::Created) return refused(Guard::TaskStarted);
  if (!is_live(*task)) return refused(Guard::TaskLive);

  const Outcome outcome = recorded_outcome(*task, a, s.now);
  const bool leak_panics = complete(s, a.task, outcome);
  return leak_panics ? done_with(LeakPanic{outcome}) : done_with(Completed{outcome});
}

/// A live body task is asked to stop: a reason is recorded, or the recorded one strengthened in
/// whatever live phase; a new or stronger one tightens the budget. rule.task.request_cancel
///   source   semantics [D4, D7, D20]; decision 1, a request on a task
bool request_cancel(Task& task, const CancelReason& reason) {
  if (task.is_finalizer || !is_live(task)) return false;
  if (task.phase == TaskPhase::Created || task.phase == TaskPhase::Running)
    task.phase = TaskPhase::CancelRequested;
  const bool changed = !task.reason || reason > *task.reason;
  if (changed) {
    task.reason = reason;
    task.budget = meet(task.budget, cleanup_budget(reason.kind));
  }
  return changed;
}

/// CancelTask: one task stops as soon as it can.                                 rule.task.cancel
///   state    records or strengthens its reason
///   refuses  TaskExists, TaskLive, TaskIsBody
///   keeps    inv.cancel.strengthens                               source  facts T4..T6, [D4, D7]
Answer cancel_task(State& s, const CancelTask& a) {
  Task* const task = find(s, a.task);
  if (task == nullptr) return refused(Guard::TaskExists);
  if (!is_live(*task)) return refused(Guard::TaskLive);
  if (!is_body(*task)) return refused(Guard::TaskIsBody);

  const bool changed = request_cancel(*task, {a.kind, s.now, task->owner});
  return done_with(Changed{changed});
}

/// Join: a task waits for another task's outcome; registering blocks nobody.       rule.task.join
///   state    the target lists the joiner, once
///   refuses  TaskExists (the joiner, then the target), JoinerLive, NotSelf
///   source   semantics [D27]
Answer join(State& s, const Join& a) {
  const Task* const joiner = find(s, a.joiner);
  Task* const target = find(s, a.target);
  if (joiner == nullptr || target == nullptr) return refused(Guard::TaskExists);
  if (!is_live(*joiner)) return refused(Guard::JoinerLive);
  if (a.joiner == a.target) return refused(Guard::NotSelf);

  if (!is_live(*target)) {
    const Outcome outcome = target->outcome;
    return done_with(Ready{outcome});
  }
  insert_name(target->waiters, a.joiner);
  return done_with(Registered{});
}

/// Completion is one atomic action: settle every obligation of the holder, fold the outcome into
/// the region, unlink, hand over the waiters, apply the policy. rule.task.complete
///   keeps    inv.ownership.atomic_completion                      source  semantics [D50], I52
bool complete(State& s, TaskName name, const Outcome& outcome) {
  const bool leak_panics = settle_held_obligations(s, name, outcome);

  Task& task = *find(s, name);
  Region& region = *find(s, task.owner);
  region.outcome = quiesce::join(region.outcome, outcome);
  erase_name(region.tasks, name);
  if (region.finalizing == name) region.finalizing.reset();

  for (const TaskName waiter : task.waiters) ++find(s, waiter)->joins_ready;
  for (const Task& other : std::as_const(s).tasks) {
    if (ranges::contains(other.waiters, name)) erase_name(find(s, other.name)->waiters, name);
  }
  task.phase = TaskPhase::Completed;
  task.outcome = outcome;
  task.mask_units = 0;  // no more is kept than how it ended, and why
  task.budget = no_budget;
  task.waiters.clear();
  task.joins_ready = 0;

  // Policy FailFast: a body task that failed takes its siblings and the child regions with it; the
  // region itself neither cancels nor closes.                       rule.region.fail_fast  source
  // [D28]
  const bool failed = outcome.kind == OutcomeKind::Err || outcome.kind == OutcomeKind::Panicked;
  if (failed && is_body(task) && region.policy == Policy::FailFast) {
    request_cancel_of_tasks(s, region, {CancelKind::FailFast, s.now, region.name}, name);
    cancel_child_regions(s, region.name);
  }
  return leak_panics;
}

}  // namespace quiesce::spec
