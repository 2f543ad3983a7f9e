// Task operations: from spawn to return, the checkpoints and masks in between, and join.
#pragma once

#include "impl/runtime_state.hpp"

namespace quiesce::impl {

/// Locks   Regions (is it open?), then Tasks (the new row). Not Obligations: a new task holds none.
/// Commit  the Tasks insert. Both locks span check and insert.                rule.ownership.spawn
template <Sync S>
Applied RuntimeState<S>::spawn(Held<Regions, Tasks> held, TaskName name, RegionId region,
                               const Budget& budget) {
  RegionTable& regions = write<Regions>(held);
  RegionRecord* record = regions.regions.find(region);
  if (record == nullptr) {
    const bool closed = regions.regions.remembered(region) != nullptr;
    return refused(closed ? Guard::RegionOpen : Guard::RegionExists);
  }
  if (record->phase != RegionPhase::Open) return refused(Guard::RegionOpen);
  if (record->live_body_tasks >= record->limits.body_tasks) return refused(Guard::WithinLimit);

  TaskTable& tasks = write<Tasks>(held);
  Applied spawned{done()};
  spawned.task = tasks.tasks.insert({.name = name,
                                     .owner_name = record->name,
                                     .owner = region,
                                     .budget = meet(budget, record->budget)});
  link(tasks.tasks, record->first_task, spawned.task.slot, &TaskRecord::in_region);
  ++record->live_body_tasks;
  return spawned;
}

/// Locks   Tasks: only the row itself changes.
/// Commit  Created -> Running.                                                     rule.task.start
template <Sync S>
Applied RuntimeState<S>::start(Held<Tasks> held, TaskId task) {
  TaskTable& table = write<Tasks>(held);
  TaskRecord* record = table.tasks.find(task);
  if (record == nullptr) {
    const bool completed = table.tasks.remembered(task) != nullptr;
    return refused(completed ? Guard::TaskCreated : Guard::TaskExists);
  }
  if (record->phase != TaskPhase::Created) return refused(Guard::TaskCreated);

  record->phase = TaskPhase::Running;
  return done();
}

/// Locks   Tasks: an exhausted quota cancels this task alone; the owner's Name is in the row.
/// Commit  the quota.                                                               rule.task.poll
template <Sync S>
Applied RuntimeState<S>::poll(Held<Tasks> held, Effects& effects, TaskId task) {
  TaskTable& table = write<Tasks>(held);
  TaskRecord* record = table.tasks.find(task);
  if (record == nullptr) {
    const bool completed = table.tasks.remembered(task) != nullptr;
    return refused(completed ? Guard::TaskLive : Guard::TaskExists);
  }
  if (record->phase == TaskPhase::Created) return refused(Guard::TaskStarted);

  if (record->budget.poll_quota == 0) {
    request_task(
        held, effects, task.slot,
        {.kind = CancelKind::PollQuota, .at_ticks = table.now, .origin = record->owner_name});
    return done_with(PollExhausted{});
  }
  if (record->budget.poll_quota != unlimited) --record->budget.poll_quota;
  return done_with(PollGranted{});
}

/// Locks   Tasks: the request was written to the row when it was made.
/// Commit  CancelRequested -> Cancelling, or the mask unit that was spent.    rule.task.checkpoint
template <Sync S>
Applied RuntimeState<S>::checkpoint(Held<Tasks> held, TaskId task) {
  TaskTable& table = write<Tasks>(held);
  TaskRecord* record = table.tasks.find(task);
  if (record == nullptr) {
    const bool completed = table.tasks.remembered(task) != nullptr;
    return refused(completed ? Guard::TaskLive : Guard::TaskExists);
  }
  if (record->phase == TaskPhase::Created) return refused(Guard::TaskStarted);

  if (record->phase == TaskPhase::Running) return done_with(Continue{});
  if (record->phase != TaskPhase::CancelRequested) return done_with(CancelPending{});
  if (record->mask_units > 0) {
    --record->mask_units;
    return done_with(Continue{});
  }
  record->phase = TaskPhase::Cancelling;
  return done_with(Acknowledged{*record->reason});
}

/// Locks   Tasks.
/// Commit  the mask.                                                          rule.task.enter_mask
template <Sync S>
Applied RuntimeState<S>::enter_mask(Held<Tasks> held, TaskId task, std::uint8_t units) {
  TaskTable& table = write<Tasks>(held);
  TaskRecord* record = table.tasks.find(task);
  if (record == nullptr) {
    const CompletedTask* completed = table.tasks.remembered(task);
    if (completed == nullptr) return refused(Guard::TaskExists);
    return refused(completed->is_finalizer ? Guard::TaskIsBody : Guard::TaskRunning);
  }
  if (record->is_finalizer) return refused(Guard::TaskIsBody);
  if (record->phase != TaskPhase::Running) return refused(Guard::TaskRunning);
  if (record->mask_units != 0) return refused(Guard::NotMasked);
  if (units < 1 || units > max_mask_units) return refused(Guard::WithinMaskBound);

  record->mask_units = units;
  return done();
}

/// Locks   Tasks.
/// Commit  the mask.                                                          rule.task.leave_mask
template <Sync S>
Applied RuntimeState<S>::leave_mask(Held<Tasks> held, TaskId task) {
  TaskTable& table = write<Tasks>(held);
  TaskRecord* record = table.tasks.find(task);
  if (record == nullptr) {
    const bool completed = table.tasks.remembered(task) != nullptr;
    return refused(completed ? Guard::TaskLive : Guard::TaskExists);
  }
  if (record->mask_units == 0) return refused(Guard::TaskMasked);

  record->mask_units = 0;
  return done();
}

/// Locks   Tasks.
/// Commit  Cancelling -> Finalizing.                                        rule.task.cleanup_done
template <Sync S>
Applied RuntimeState<S>::cleanup_done(Held<Tasks> held, TaskId task) {
  TaskTable& table = write<Tasks>(held);
  TaskRecord* record = table.tasks.find(task);
  if (record == nullptr) {
    const bool completed = table.tasks.remembered(task) != nullptr;
    return refused(completed ? Guard::TaskCancelling : Guard::TaskExists);
  }
  if (record->phase != TaskPhase::Cancelling) return refused(Guard::TaskCancelling);

  record->phase = TaskPhase::Finalizing;
  return done();
}

/// What a task that returned `returned` is recorded with, given the cancel recorded on it, if any:
/// once there is one, only Cancelled or Panicked.
[[nodiscard]] inline Outcome recorded_outcome(const std::optional<CancelReason>& cancel,
                                              const Outcome& returned) {
  if (!cancel.has_value() || returned.kind == OutcomeKind::Panicked) return returned;
  if (returned.kind != OutcomeKind::Cancelled) return Outcome::cancelled(*cancel);
  return Outcome::cancelled(strengthen(*cancel, returned.reason));
}

/// Locks   all: completion settles obligations, leaves the region and may close it and its parents.
/// Commit  the whole completion, in one critical section.                         rule.task.return
template <Sync S>
Applied RuntimeState<S>::return_from(Held<Regions, Tasks, Obligations> held, Effects& effects,
                                     TaskId task, OutcomeKind outcome, CancelKind kind) {
  const TaskTable& table = read<Tasks>(held);
  const TaskRecord* record = table.tasks.find(task);
  if (record == nullptr) {
    const bool completed = table.tasks.remembered(task) != nullptr;
    return refused(completed ? Guard::TaskLive : Guard::TaskExists);
  }
  if (record->phase == TaskPhase::Created) return refused(Guard::TaskStarted);

  Outcome returned{.kind = outcome};
  if (outcome == OutcomeKind::Cancelled) {
    returned.reason = {.kind = kind, .at_ticks = table.now, .origin = record->owner_name};
  }
  const Outcome recorded = recorded_outcome(record->reason, returned);
  complete(held, effects, task, recorded);
  return done_with(Completed{recorded});
}

/// Locks   all, by the lock table.
/// Commit  the recorded reason.                                                   rule.task.cancel
template <Sync S>
Applied RuntimeState<S>::cancel_task(Held<Regions, Tasks, Obligations> held, Effects& effects,
                                     TaskId task, CancelKind kind) {
  const TaskTable& table = read<Tasks>(held);
  const TaskRecord* record = table.tasks.find(task);
  if (record == nullptr) {
    const bool completed = table.tasks.remembered(task) != nullptr;
    return refused(completed ? Guard::TaskLive : Guard::TaskExists);
  }
  if (record->is_finalizer) return refused(Guard::TaskIsBody);

  const bool changed =
      request_task(held, effects, task.slot,
                   {.kind = kind, .at_ticks = table.now, .origin = record->owner_name});
  return done_with(Changed{changed});
}

/// Locks   Tasks: both rows and the edge between them.
/// Commit  the registration, or the look at an outcome that was there already. Completion holds
///         this lock too, so a waiter is either handed the outcome or finds it.     rule.task.join
template <Sync S>
Applied RuntimeState<S>::join(Held<Tasks> held, TaskId joiner, TaskId target) {
  TaskTable& table = write<Tasks>(held);
  const bool joiner_lives = table.tasks.is_live(joiner);
  const bool target_lives = table.tasks.is_live(target);
  if (!joiner_lives && table.tasks.remembered(joiner) == nullptr) {
    return refused(Guard::TaskExists);
  }
  const CompletedTask* completed = target_lives ? nullptr : table.tasks.remembered(target);
  if (!target_lives && completed == nullptr) return refused(Guard::TaskExists);
  if (!joiner_lives) return refused(Guard::JoinerLive);
  if (joiner == target) return refused(Guard::NotSelf);
  if (completed != nullptr) return done_with(Ready{completed->outcome});

  std::uint32_t edge = table.tasks.at(joiner.slot).first_join;
  while (edge != no_slot) {
    if (table.joins.at(edge).target == target.slot) return done_with(Registered{});
    edge = table.joins.at(edge).of_joiner.next;
  }
  edge = table.joins.take({.joiner = joiner.slot, .target = target.slot});
  link(table.joins, table.tasks.at(joiner.slot).first_join, edge, &JoinEdge::of_joiner);
  link(table.joins, table.tasks.at(target.slot).first_waiter, edge, &JoinEdge::of_target);
  return done_with(Registered{});
}

}  // namespace quiesce::impl
