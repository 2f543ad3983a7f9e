// Obligation operations: reserve, commit, abort.
#pragma once

#include "impl/runtime_state.hpp"

namespace quiesce::impl {

/// Locks   all: the region's count, the holder's row and owner, the new row.
/// Commit  the Obligations insert. The holder cannot complete in between.  rule.obligation.reserve
template <Sync S>
Applied RuntimeState<S>::reserve(Held<Regions, Tasks, Obligations> held, ObligationName name,
                                 TaskId holder, RegionId region, ObligationKind kind) {
  RegionTable& regions = write<Regions>(held);
  const TaskTable& tasks = read<Tasks>(held);
  RegionRecord* record = regions.regions.find(region);
  if (record == nullptr && regions.regions.remembered(region) == nullptr) {
    return refused(Guard::RegionExists);
  }
  const TaskRecord* task = tasks.tasks.find(holder);
  const CompletedTask* completed = task != nullptr ? nullptr : tasks.tasks.remembered(holder);
  if (task == nullptr && completed == nullptr) return refused(Guard::TaskExists);
  if ((task != nullptr ? task->owner : completed->owner) != region) {
    return refused(Guard::TaskOwnedByRegion);
  }
  if (task == nullptr) return refused(Guard::TaskLive);
  if (record == nullptr || record->phase != RegionPhase::Open) return refused(Guard::RegionOpen);
  if (record->pending_obligations >= record->limits.obligations) {
    return refused(Guard::WithinLimit);
  }

  ObligationTable& table = write<Obligations>(held);
  Applied reserved{done()};
  reserved.obligation = table.obligations.insert({.name = name,
                                                  .kind = kind,
                                                  .holder_name = task->name,
                                                  .region_name = record->name,
                                                  .holder = holder,
                                                  .region = region,
                                                  .reserved_at_ticks = table.now});
  if (table.by_holder.size() <= holder.slot) table.by_holder.resize(holder.slot + 1U);
  HolderEntry& entry = table.by_holder[holder.slot];
  if (entry.generation != holder.generation) entry = {.generation = holder.generation};
  link(table.obligations, entry.first, reserved.obligation.slot, &ObligationRecord::of_holder);
  ++record->pending_obligations;
  ++table.pending_total;
  return reserved;
}

/// Locks   Regions (did it close? its count), then Obligations (the row). Not Tasks: who holds an
///         obligation never changes and is in the row.
/// Commit  Reserved -> Committed.                                           rule.obligation.commit
template <Sync S>
Applied RuntimeState<S>::commit(Held<Regions, Obligations> held, ObligationId obligation,
                                TaskId actor) {
  return resolve(held, obligation, actor, ObligationPhase::Committed, AbortReason::Cancel);
}

/// Locks   as commit.
/// Commit  Reserved -> Aborted.                                              rule.obligation.abort
template <Sync S>
Applied RuntimeState<S>::abort(Held<Regions, Obligations> held, ObligationId obligation,
                               TaskId actor, AbortReason reason) {
  return resolve(held, obligation, actor, ObligationPhase::Aborted, reason);
}

/// The guards that commit and abort share. An obligation that was resolved before says first
/// whether its region has closed since: the fence.
template <Sync S>
Applied RuntimeState<S>::resolve(Held<Regions, Obligations> held, ObligationId obligation,
                                 TaskId actor, ObligationPhase phase, AbortReason reason) {
  const ObligationTable& table = read<Obligations>(held);
  const ObligationRecord* record = table.obligations.find(obligation);
  const ResolvedObligation* resolved =
      record != nullptr ? nullptr : table.obligations.remembered(obligation);
  if (record == nullptr && resolved == nullptr) return refused(Guard::ObligationExists);
  const TaskId holder = record != nullptr ? record->holder : resolved->holder;
  const RegionId region = record != nullptr ? record->region : resolved->region;
  if (actor != holder) return refused(Guard::ActorIsHolder);
  if (!read<Regions>(held).regions.is_live(region)) return refused(Guard::RegionNotClosed);
  if (record == nullptr) return refused(Guard::ObligationReserved);

  end_obligation(held, obligation, phase, reason);
  return done();
}

/// A Reserved obligation becomes `phase`: out of its holder's list, out of both counts, into the
/// tombstones. `reason` counts only for Aborted.
template <Sync S>
void RuntimeState<S>::end_obligation(Held<Regions, Obligations> held, ObligationId obligation,
                                     ObligationPhase phase, AbortReason reason) {
  ObligationTable& table = write<Obligations>(held);
  const ObligationRecord record = table.obligations.at(obligation.slot);
  unlink(table.obligations, table.by_holder[record.holder.slot].first, obligation.slot,
         &ObligationRecord::of_holder);
  --write<Regions>(held).regions.at(record.region.slot).pending_obligations;
  --table.pending_total;
  table.obligations.end(
      obligation, {.name = record.name,
                   .kind = record.kind,
                   .holder_name = record.holder_name,
                   .region_name = record.region_name,
                   .holder = record.holder,
                   .region = record.region,
                   .phase = phase,
                   .abort_reason = phase == ObligationPhase::Aborted ? reason : AbortReason::Cancel,
                   .reserved_at_ticks = record.reserved_at_ticks});
}

}  // namespace quiesce::impl
