// Settling: the internal rules of regions, run until none is enabled.
#pragma once

#include "impl/runtime_state.hpp"

namespace quiesce::impl {

/// Puts a region on the stack of those whose internal rules may be enabled.
template <Sync S>
void RuntimeState<S>::must_settle(Held<Regions> held, std::uint32_t region) {
  RegionTable& table = write<Regions>(held);
  RegionRecord& record = table.regions.at(region);
  if (record.awaits_settling) return;
  record.awaits_settling = true;
  record.next_to_settle = table.first_to_settle;
  table.first_to_settle = region;
}

/// Runs the internal rules to their fixpoint. rule.region.settle
///   keeps    the stack is empty before and after every action. Only the regions on it can have an
///            enabled rule; a close puts the parent on it, so the cascade needs no recursion.
///   cost     O(1) for each region that moves
template <Sync S>
void RuntimeState<S>::settle(Held<Regions, Tasks> held, Effects& effects) {
  RegionTable& table = write<Regions>(held);
  while (table.first_to_settle != no_slot) {
    const std::uint32_t region = table.first_to_settle;
    RegionRecord& record = table.regions.at(region);
    table.first_to_settle = record.next_to_settle;
    record.next_to_settle = no_slot;
    record.awaits_settling = false;
    settle_one(held, effects, region);
  }
}

/// Finalize, start finalizer, complete close: whichever of them are enabled for one region.
template <Sync S>
void RuntimeState<S>::settle_one(Held<Regions, Tasks> held, Effects& effects,
                                 std::uint32_t region) {
  RegionRecord& record = write<Regions>(held).regions.at(region);
  if (record.phase == RegionPhase::Closing || record.phase == RegionPhase::Draining) {
    if (record.first_task != no_slot || record.first_child != no_slot) return;
    record.phase = RegionPhase::Finalizing;
  }
  if (record.phase != RegionPhase::Finalizing || !record.finalizing.is_none()) return;
  if (record.top_finalizer == no_slot) {
    complete_close(held, region);
  } else {
    start_finalizer(held, effects, region);
  }
}

/// The finalizer on top of the stack becomes a task of its region, in Created.
///   Last in, first out; one at a time: `finalizing` bars the next until this one completed.
template <Sync S>
void RuntimeState<S>::start_finalizer(Held<Regions, Tasks> held, Effects& effects,
                                      std::uint32_t region) {
  RegionTable& regions = write<Regions>(held);
  TaskTable& tasks = write<Tasks>(held);
  RegionRecord& record = regions.regions.at(region);
  const std::uint32_t top = record.top_finalizer;
  const DeferredFinalizer finalizer = regions.finalizers.at(top);
  record.top_finalizer = finalizer.below;
  regions.finalizers.give_back(top);

  record.finalizing = tasks.tasks.insert({.name = finalizer.name,
                                          .owner_name = record.name,
                                          .owner = regions.regions.id_of(region),
                                          .is_finalizer = true,
                                          .budget = finalizer_budget(tasks.now)});
  link(tasks.tasks, record.first_task, record.finalizing.slot, &TaskRecord::in_region);
  effects.finalizer_started(finalizer.name, record.finalizing);
}

/// Finalizing -> Closed: the outcome is final, the slot is free, the parent may be next.
template <Sync S>
void RuntimeState<S>::complete_close(Held<Regions> held, std::uint32_t region) {
  RegionTable& table = write<Regions>(held);
  const RegionRecord& record = table.regions.at(region);
  require(record.pending_obligations == 0, "a region closes while an obligation in it is Reserved");
  const RegionId parent = record.parent;
  const Outcome cancelled = record.reason ? Outcome::cancelled(*record.reason) : Outcome::ok();
  const ClosedRegion summary{.name = record.name,
                             .parent = record.parent_name,
                             .reason = record.reason,
                             .outcome = quiesce::join(record.outcome, cancelled)};
  if (!parent.is_none()) {
    RegionRecord& above = table.regions.at(parent.slot);
    unlink(table.regions, above.first_child, region, &RegionRecord::among_siblings);
    --above.live_children;
    must_settle(held, parent.slot);
  }
  table.regions.end(table.regions.id_of(region), summary);
}

}  // namespace quiesce::impl
