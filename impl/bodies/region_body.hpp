// Region operations: open, close, cancel, defer a finalizer, and the time.
#pragma once

#include "impl/bodies/request_body.hpp"
#include "impl/runtime_state.hpp"

namespace quiesce::impl {

/// Locks   Regions: parent and child are rows of one table.
/// Commit  the insert; the lock spans check and insert.                           rule.region.open
template <Sync S>
Applied RuntimeState<S>::open_region(Held<Regions> held, RegionName name, RegionId parent,
                                     const Budget& budget, const Limits& limits, Policy policy) {
  RegionTable& table = write<Regions>(held);
  RegionRecord* above = table.regions.find(parent);
  if (above == nullptr) {
    const bool closed = table.regions.remembered(parent) != nullptr;
    return refused(closed ? Guard::RegionOpen : Guard::RegionExists);
  }
  if (above->phase != RegionPhase::Open) return refused(Guard::RegionOpen);
  if (above->live_children >= above->limits.child_regions) return refused(Guard::WithinLimit);

  Applied opened{done()};
  opened.region = table.regions.insert({.name = name,
                                        .parent_name = above->name,
                                        .parent = parent,
                                        .policy = policy,
                                        .budget = meet(budget, above->budget),
                                        .limits = limits});
  above = &table.regions.at(parent.slot);  // the insert may have moved it
  link(table.regions, above->first_child, opened.region.slot, &RegionRecord::among_siblings);
  ++above->live_children;
  return opened;
}

/// Locks   all: Cancel reaches tasks, and settling starts finalizers and closes regions.
/// Commit  the move out of Open: what entered before is awaited or cancelled, nothing enters
///         afterwards.                                                           rule.region.close
template <Sync S>
Applied RuntimeState<S>::close_region(Held<Regions, Tasks, Obligations> held, Effects& effects,
                                      RegionId region, CloseMode mode) {
  const RegionTable& table = read<Regions>(held);
  const RegionRecord* record = table.regions.find(region);
  if (record == nullptr) {
    const bool closed = table.regions.remembered(region) != nullptr;
    return refused(closed ? Guard::RegionOpen : Guard::RegionExists);
  }
  if (record->phase != RegionPhase::Open) return refused(Guard::RegionOpen);

  begin_close(held, region.slot);
  if (mode == CloseMode::Cancel) {
    request_body_tasks(
        held, effects, region.slot,
        {.kind = CancelKind::ParentCancelled, .at_ticks = table.now, .origin = record->name});
    request_children(held, effects, region.slot);
  }
  settle(held, effects);
  return done();
}

/// Locks   all: the subtree, its tasks, and what settles afterwards.
/// Commit  the recorded reason of the target; one critical section reaches every descendant, so
///         nobody sees a cancelled region above a region that was not reached. rule.region.cancel
template <Sync S>
Applied RuntimeState<S>::cancel_region(Held<Regions, Tasks, Obligations> held, Effects& effects,
                                       RegionId region, CancelKind kind) {
  const RegionTable& table = read<Regions>(held);
  const RegionRecord* record = table.regions.find(region);
  if (record == nullptr) {
    const bool closed = table.regions.remembered(region) != nullptr;
    return refused(closed ? Guard::RegionNotClosed : Guard::RegionExists);
  }
  const bool changed = request_region(
      held, effects, region.slot, {.kind = kind, .at_ticks = table.now, .origin = record->name});
  settle(held, effects);
  return done_with(Changed{changed});
}

/// Locks   Regions: the stack belongs to the region; the task comes later, with settling.
/// Commit  the push.                                                   rule.region.defer_finalizer
template <Sync S>
Applied RuntimeState<S>::defer_finalizer(Held<Regions> held, TaskName name, RegionId region) {
  RegionTable& table = write<Regions>(held);
  RegionRecord* record = table.regions.find(region);
  if (record == nullptr) {
    const bool closed = table.regions.remembered(region) != nullptr;
    return refused(closed ? Guard::RegionOpen : Guard::RegionExists);
  }
  if (record->phase != RegionPhase::Open) return refused(Guard::RegionOpen);

  record->top_finalizer = table.finalizers.take({.name = name, .below = record->top_finalizer});
  return done();
}

/// Locks   all: whoever holds one of them sees the time stand still, and expired regions are
///         cancelled with all below them.
/// Commit  the new `now`, written to every table and to the atomic mirror.      rule.time.advance
template <Sync S>
Applied RuntimeState<S>::advance_time(Held<Regions, Tasks, Obligations> held, Effects& effects,
                                      Time to_ticks) {
  RegionTable& table = write<Regions>(held);
  if (to_ticks < table.now) return refused(Guard::TimeNotBackwards);

  table.now = to_ticks;
  write<Tasks>(held).now = to_ticks;
  write<Obligations>(held).now = to_ticks;
  instrumentation_.set_now(to_ticks);

  std::uint32_t region = table.regions.is_live(root()) ? root().slot : no_slot;
  while (region != no_slot) {
    const RegionRecord& record = table.regions.at(region);
    if (record.budget.deadline_ticks != never && record.budget.deadline_ticks <= to_ticks) {
      request_region(held, effects, region,
                     {.kind = CancelKind::Deadline, .at_ticks = to_ticks, .origin = record.name});
    }
    region = next_in_preorder(table, region, root().slot, true);
  }
  settle(held, effects);
  return done();
}

}  // namespace quiesce::impl
