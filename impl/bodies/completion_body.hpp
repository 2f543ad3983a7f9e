// Completion: everything that the end of a task brings about, as one atomic action.
#pragma once

#include <algorithm>
#include <exception>
#include <limits>

#include "impl/runtime_state.hpp"

namespace quiesce::impl {

/// A task ends: obligations, fold into the region, unlink, waiters, policy, settle, in that order.
///   state    the task's slot is free, its summary is remembered
///   locks    all three, from the guard that let it in to the last region that closes
template <Sync S>
void RuntimeState<S>::complete(Held<Regions, Tasks, Obligations> held, Effects& effects,
                               TaskId task, const Outcome& outcome) {
  const TaskRecord record = write<Tasks>(held).tasks.at(task.slot);
  const std::uint32_t region = record.owner.slot;
  resolve_what_it_holds(held, effects, task, outcome);
  leave_region(held, task, outcome);
  hand_over(held, effects, task.slot, outcome);
  stop_waiting(held, task.slot);
  write<Tasks>(held).tasks.end(task, {.name = record.name,
                                      .owner_name = record.owner_name,
                                      .owner = record.owner,
                                      .is_finalizer = record.is_finalizer,
                                      .reason = record.reason,
                                      .outcome = outcome});
  if (!record.is_finalizer) apply_policy(held, effects, region, outcome);
  must_settle(held, region);
  settle(held, effects);
}

/// What its holder left Reserved: aborted (Cancel) if the holder was cancelled, leaked otherwise.
///   The whole batch is counted before the configuration says how to respond to it.
template <Sync S>
void RuntimeState<S>::resolve_what_it_holds(Held<Regions, Obligations> held, Effects& effects,
                                            TaskId holder, const Outcome& outcome) {
  ObligationTable& table = write<Obligations>(held);
  if (holder.slot >= table.by_holder.size()) return;
  HolderEntry& entry = table.by_holder[holder.slot];
  if (entry.generation != holder.generation || entry.first == no_slot) return;

  if (outcome.kind == OutcomeKind::Cancelled) {
    while (entry.first != no_slot) {
      end_obligation(held, table.obligations.id_of(entry.first), ObligationPhase::Aborted,
                     AbortReason::Cancel);
    }
    return;
  }

  std::uint32_t found = 0;
  for (std::uint32_t each = entry.first; each != no_slot; ++found) {
    each = table.obligations.at(each).of_holder.next;
  }
  table.leak_count += std::min(found, std::numeric_limits<std::uint32_t>::max() - table.leak_count);
  const LeakResponse response = response_to_leaks(held);
  const bool recovers = response == LeakResponse::Recover;
  while (entry.first != no_slot) {
    const ObligationRecord& record = table.obligations.at(entry.first);
    if (response != LeakResponse::Silent) {
      effects.obligation_leaked(record.name, record.holder_name, recovers);
    }
    end_obligation(held, table.obligations.id_of(entry.first),
                   recovers ? ObligationPhase::Aborted : ObligationPhase::Leaked,
                   AbortReason::Error);
  }
  if (response == LeakResponse::Panic) effects.panic_at_the_end();
}

/// How to respond to the leaks counted so far: escalated once enough were found, and never by
/// throwing while another exception is on its way.                 rule.obligation.leak_response
template <Sync S>
LeakResponse RuntimeState<S>::response_to_leaks(Held<Obligations> held) const {
  const LeakPolicy& policy = config_.leaks;
  const bool escalates =
      policy.escalate_after != 0 && read<Obligations>(held).leak_count >= policy.escalate_after;
  const LeakResponse response = escalates ? policy.escalate_to : policy.response;
  const bool throwing_already = std::uncaught_exceptions() > 0;
  return response == LeakResponse::Panic && throwing_already ? LeakResponse::Log : response;
}

/// The outcome folds into the region's, and the task leaves the region's list and counts.
template <Sync S>
void RuntimeState<S>::leave_region(Held<Regions, Tasks> held, TaskId task, const Outcome& outcome) {
  TaskTable& tasks = write<Tasks>(held);
  const TaskRecord& record = tasks.tasks.at(task.slot);
  RegionRecord& region = write<Regions>(held).regions.at(record.owner.slot);
  region.outcome = quiesce::join(region.outcome, outcome);
  if (record.is_finalizer) {
    region.finalizing = TaskId::none();
  } else {
    --region.live_body_tasks;
  }
  unlink(tasks.tasks, region.first_task, task.slot, &TaskRecord::in_region);
}

/// Every waiter gets the outcome, once, and is woken after the unlock.
template <Sync S>
void RuntimeState<S>::hand_over(Held<Tasks> held, Effects& effects, std::uint32_t task,
                                const Outcome& outcome) {
  TaskTable& table = write<Tasks>(held);
  TaskRecord& target = table.tasks.at(task);
  while (target.first_waiter != no_slot) {
    const std::uint32_t edge = target.first_waiter;
    const std::uint32_t waiter = table.joins.at(edge).joiner;
    TaskRecord& joiner = table.tasks.at(waiter);
    ++joiner.joins_ready;
    effects.joiner_woken(joiner.name, table.tasks.id_of(waiter), target.name, outcome);
    unlink(table.joins, joiner.first_join, edge, &JoinEdge::of_joiner);
    unlink(table.joins, target.first_waiter, edge, &JoinEdge::of_target);
    table.joins.give_back(edge);
  }
}

/// A completed task waits for nothing: it leaves every waiter list.
template <Sync S>
void RuntimeState<S>::stop_waiting(Held<Tasks> held, std::uint32_t task) {
  TaskTable& table = write<Tasks>(held);
  TaskRecord& joiner = table.tasks.at(task);
  while (joiner.first_join != no_slot) {
    const std::uint32_t edge = joiner.first_join;
    TaskRecord& target = table.tasks.at(table.joins.at(edge).target);
    unlink(table.joins, target.first_waiter, edge, &JoinEdge::of_target);
    unlink(table.joins, joiner.first_join, edge, &JoinEdge::of_joiner);
    table.joins.give_back(edge);
  }
}

/// FailFast: a body task that ended in Err or Panicked cancels its siblings and the child regions;
/// the region itself neither cancels nor closes.
template <Sync S>
void RuntimeState<S>::apply_policy(Held<Regions, Tasks> held, Effects& effects,
                                   std::uint32_t region, const Outcome& outcome) {
  const RegionTable& table = read<Regions>(held);
  const RegionRecord& record = table.regions.at(region);
  if (record.policy != Policy::FailFast) return;
  if (outcome.kind != OutcomeKind::Err && outcome.kind != OutcomeKind::Panicked) return;
  request_body_tasks(held, effects, region,
                     {.kind = CancelKind::FailFast, .at_ticks = table.now, .origin = record.name});
  request_children(held, effects, region);
}

}  // namespace quiesce::impl
