// Requests: a cancel reaches a task, a region, and everything below.
#pragma once

#include "impl/runtime_state.hpp"

namespace quiesce::impl {

/// The region after `region` in pre-order among those below `top`; no_slot at the end.
///   cost     no recursion and no memory: the tree's own links lead the way
[[nodiscard]] inline std::uint32_t next_in_preorder(const RegionTable& table, std::uint32_t region,
                                                    std::uint32_t top, bool into_children) {
  if (into_children && table.regions.at(region).first_child != no_slot) {
    return table.regions.at(region).first_child;
  }
  while (region != top) {
    const RegionRecord& record = table.regions.at(region);
    if (record.among_siblings.next != no_slot) return record.among_siblings.next;
    region = record.parent.slot;
  }
  return no_slot;
}

/// A cancel request on one task: Created and Running move on, later phases only strengthen.
///   state    the recorded reason and, whenever it changes, the budget tightened for cleanup
///   Shielded: nothing happens to a finalizer task. Answers whether the reason changed.
template <Sync S>
bool RuntimeState<S>::request_task(Held<Tasks> held, Effects& effects, std::uint32_t task,
                                   const CancelReason& incoming) {
  TaskTable& table = write<Tasks>(held);
  TaskRecord& record = table.tasks.at(task);
  if (record.is_finalizer) return false;
  if (record.reason.has_value()) {
    const CancelReason stronger = strengthen(*record.reason, incoming);
    if (stronger == *record.reason) return false;
    record.reason = stronger;
  } else {
    record.reason = incoming;
    record.phase = TaskPhase::CancelRequested;
    effects.task_cancelled(record.name, table.tasks.id_of(task));
  }
  record.budget = meet(record.budget, cleanup_budget(record.reason->kind));
  return true;
}

/// The same request on every live body task of a region.
template <Sync S>
void RuntimeState<S>::request_body_tasks(Held<Regions, Tasks> held, Effects& effects,
                                         std::uint32_t region, const CancelReason& incoming) {
  std::uint32_t task = read<Regions>(held).regions.at(region).first_task;
  while (task != no_slot) {
    request_task(held, effects, task, incoming);
    task = read<Tasks>(held).tasks.at(task).in_region.next;
  }
}

/// A cancel request on one region: its reason strengthens, its close begins, its body tasks get the
/// reason.
template <Sync S>
auto RuntimeState<S>::request_one_region(Held<Regions, Tasks> held, Effects& effects,
                                         std::uint32_t region, const CancelReason& incoming)
    -> Reached {
  RegionRecord& record = write<Regions>(held).regions.at(region);
  const Reached reached{
      .changed = !record.reason.has_value() || incoming > *record.reason,
      .first = !record.reason.has_value(),
  };
  if (!reached.changed) return reached;
  record.reason = incoming;
  begin_close(held, region);
  request_body_tasks(held, effects, region, incoming);
  return reached;
}

/// A cancel request on a region and, as ParentCancelled, on every region below it, parents first.
///   A region that had a reason already passed a ParentCancelled to all below it, at an earlier
///   time, so a later one cannot strengthen anything there: the walk stops at such a region.
///   cost     O(regions and tasks that were not reached before)
template <Sync S>
bool RuntimeState<S>::request_region(Held<Regions, Tasks> held, Effects& effects,
                                     std::uint32_t region, const CancelReason& incoming) {
  const RegionTable& table = read<Regions>(held);
  const Reached target = request_one_region(held, effects, region, incoming);
  std::uint32_t below = next_in_preorder(table, region, region, target.first);
  while (below != no_slot) {
    const CancelReason from_parent{.kind = CancelKind::ParentCancelled,
                                   .at_ticks = table.now,
                                   .origin = table.regions.at(below).parent_name};
    const Reached reached = request_one_region(held, effects, below, from_parent);
    below = next_in_preorder(table, below, region, reached.first);
  }
  return target.changed;
}

/// ParentCancelled from a region to each of its live child regions, and so on down.
template <Sync S>
void RuntimeState<S>::request_children(Held<Regions, Tasks> held, Effects& effects,
                                       std::uint32_t region) {
  const RegionTable& table = read<Regions>(held);
  const CancelReason from_parent{.kind = CancelKind::ParentCancelled,
                                 .at_ticks = table.now,
                                 .origin = table.regions.at(region).name};
  std::uint32_t child = table.regions.at(region).first_child;
  while (child != no_slot) {
    request_region(held, effects, child, from_parent);
    child = table.regions.at(child).among_siblings.next;
  }
}

/// Open -> Draining if a child region is live at this moment, else -> Closing; the region settles
/// at the end of the action.
template <Sync S>
void RuntimeState<S>::begin_close(Held<Regions> held, std::uint32_t region) {
  RegionRecord& record = write<Regions>(held).regions.at(region);
  if (record.phase != RegionPhase::Open) return;
  record.phase = record.first_child == no_slot ? RegionPhase::Closing : RegionPhase::Draining;
  must_settle(held, region);
}

}  // namespace quiesce::impl
