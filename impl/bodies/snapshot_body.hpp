// Snapshots: the tables in the vocabulary's words.
#pragma once

#include <algorithm>

#include "impl/bodies/bookkeeping_body.hpp"
#include "impl/runtime_state.hpp"

namespace quiesce::impl {

[[nodiscard]] inline RegionRow row_of(const RegionRecord& record, const RegionTable& regions,
                                      const TaskTable& tasks) {
  RegionRow row{.name = record.name,
                .parent = record.parent_name,
                .phase = record.phase,
                .policy = record.policy,
                .reason = record.reason,
                .outcome = record.outcome,
                .budget = record.budget,
                .limits = record.limits,
                .pending_obligations = record.pending_obligations};
  for (std::uint32_t child = record.first_child; child != no_slot;) {
    row.children.push_back(regions.regions.at(child).name);
    child = regions.regions.at(child).among_siblings.next;
  }
  for (std::uint32_t task = record.first_task; task != no_slot;) {
    row.tasks.push_back(tasks.tasks.at(task).name);
    task = tasks.tasks.at(task).in_region.next;
  }
  for (std::uint32_t node = record.top_finalizer; node != no_slot;) {
    row.finalizers.push_back(regions.finalizers.at(node).name);
    node = regions.finalizers.at(node).below;
  }
  std::reverse(row.finalizers.begin(), row.finalizers.end());  // the row has the bottom first
  if (!record.finalizing.is_none()) {
    row.finalizing = tasks.tasks.at(record.finalizing.slot).name;
  }
  return row;
}

[[nodiscard]] inline TaskRow row_of(const TaskRecord& record, const TaskTable& tasks) {
  TaskRow row{.name = record.name,
              .owner = record.owner_name,
              .phase = record.phase,
              .is_finalizer = record.is_finalizer,
              .mask_units = record.mask_units,
              .reason = record.reason,
              .budget = record.budget,
              .joins_ready = record.joins_ready};
  for (std::uint32_t edge = record.first_waiter; edge != no_slot;) {
    row.waiters.push_back(tasks.tasks.at(tasks.joins.at(edge).joiner).name);
    edge = tasks.joins.at(edge).of_target.next;
  }
  return row;
}

/// What the index of holders says of a live task; the index of an older task of the slot is none.
[[nodiscard]] inline std::vector<ObligationName> held_by(TaskId holder,
                                                         const ObligationTable& table) {
  std::vector<ObligationName> names;
  if (holder.slot >= table.by_holder.size()) return names;
  const HolderEntry& entry = table.by_holder[holder.slot];
  if (entry.generation != holder.generation) return names;
  for (std::uint32_t each = entry.first; each != no_slot;) {
    names.push_back(table.obligations.at(each).name);
    each = table.obligations.at(each).of_holder.next;
  }
  return names;
}

/// Live records first, then what is remembered.
template <Sync S>
void RuntimeState<S>::fill(Snapshot& into, const RegionTable& regions, const TaskTable& tasks,
                           const ObligationTable& obligations) {
  into.clear();
  regions.regions.for_each_live([&](RegionId, const RegionRecord& record) {
    into.regions.push_back(row_of(record, regions, tasks));
  });
  regions.regions.for_each_remembered([&](const ClosedRegion& closed) {
    into.regions.push_back({.name = closed.name,
                            .parent = closed.parent,
                            .phase = RegionPhase::Closed,
                            .reason = closed.reason,
                            .outcome = closed.outcome});
  });
  tasks.tasks.for_each_live([&](TaskId id, const TaskRecord& record) {
    into.tasks.push_back(row_of(record, tasks));
    into.tasks.back().is_indexed = true;
    into.tasks.back().held = held_by(id, obligations);
  });
  tasks.tasks.for_each_remembered([&](const CompletedTask& completed) {
    into.tasks.push_back({.name = completed.name,
                          .owner = completed.owner_name,
                          .phase = TaskPhase::Completed,
                          .is_finalizer = completed.is_finalizer,
                          .reason = completed.reason,
                          .outcome = completed.outcome});
  });
  obligations.obligations.for_each_live([&](ObligationId, const ObligationRecord& record) {
    into.obligations.push_back({.name = record.name,
                                .kind = record.kind,
                                .holder = record.holder_name,
                                .region = record.region_name,
                                .reserved_at_ticks = record.reserved_at_ticks});
  });
  obligations.obligations.for_each_remembered([&](const ResolvedObligation& resolved) {
    into.obligations.push_back({.name = resolved.name,
                                .kind = resolved.kind,
                                .holder = resolved.holder_name,
                                .region = resolved.region_name,
                                .phase = resolved.phase,
                                .abort_reason = resolved.abort_reason,
                                .reserved_at_ticks = resolved.reserved_at_ticks});
  });
  into.now = regions.now;
  into.pending_total = obligations.pending_total;
  into.leak_count = obligations.leak_count;
  into.bookkeeping = bookkeeping_of(regions, tasks, obligations);
}

template <Sync S>
void RuntimeState<S>::snapshot(Snapshot& into) {
  with<Regions, Tasks, Obligations>([&](Held<Regions, Tasks, Obligations> held) {
    fill(into, read<Regions>(held), read<Tasks>(held), read<Obligations>(held));
    into.leak_policy = config_.leaks;
    if (instrumentation_.now() != into.now) into.bookkeeping.clocks_differ = true;
    into.bookkeeping.uncounted = instrumentation_.uncounted();
  });
}

template <Sync S>
void RuntimeState<S>::peek(Snapshot& into) const {
  fill(into, shards_.template peek<Regions>(), shards_.template peek<Tasks>(),
       shards_.template peek<Obligations>());
  into.leak_policy = config_.leaks;
}

}  // namespace quiesce::impl
