// Bookkeeping: what the tables must agree on among themselves and no row of a snapshot tells.
#pragma once

#include "impl/shards/tables.hpp"
#include "impl/snapshot.hpp"

namespace quiesce::impl {

/// Walks a list of slots; counts its nodes, and adds those that do not lead back.
template <class Store, class Record>
[[nodiscard]] std::uint32_t length_of(const Store& store, std::uint32_t first, Links Record::*links,
                                      Bookkeeping& found) {
  std::uint32_t length = 0;
  std::uint32_t before = no_slot;
  for (std::uint32_t slot = first; slot != no_slot; ++length) {
    const Links& around = store.at(slot).*links;
    if (around.previous != before) ++found.one_sided_links;
    before = slot;
    slot = around.next;
  }
  return length;
}

inline void look_at_regions(const RegionTable& regions, const TaskTable& tasks,
                            Bookkeeping& found) {
  std::uint32_t finalizers = 0;
  regions.regions.for_each_live([&](RegionId, const RegionRecord& record) {
    const std::uint32_t children =
        length_of(regions.regions, record.first_child, &RegionRecord::among_siblings, found);
    const std::uint32_t members =
        length_of(tasks.tasks, record.first_task, &TaskRecord::in_region, found);
    const std::uint32_t bodies = members - (record.finalizing.is_none() ? 0U : 1U);
    if (children != record.live_children || bodies != record.live_body_tasks) ++found.wrong_counts;
    if (record.awaits_settling || record.next_to_settle != no_slot) ++found.unsettled;
    for (std::uint32_t node = record.top_finalizer; node != no_slot; ++finalizers) {
      node = regions.finalizers.at(node).below;
    }
  });
  if (regions.first_to_settle != no_slot) ++found.unsettled;
  found.lost_slots += regions.regions.lost() + (regions.finalizers.taken() - finalizers);
}

inline void look_at_tasks(const TaskTable& tasks, Bookkeeping& found) {
  std::uint32_t waiting = 0;
  std::uint32_t waited_for = 0;
  tasks.tasks.for_each_live([&](TaskId, const TaskRecord& record) {
    waiting += length_of(tasks.joins, record.first_join, &JoinEdge::of_joiner, found);
    waited_for += length_of(tasks.joins, record.first_waiter, &JoinEdge::of_target, found);
  });
  if (waiting != waited_for) ++found.one_sided_links;
  found.lost_slots += tasks.tasks.lost() + (tasks.joins.taken() - waited_for);
}

inline void look_at_obligations(const TaskTable& tasks, const ObligationTable& obligations,
                                Bookkeeping& found) {
  tasks.tasks.for_each_live([&](TaskId id, const TaskRecord&) {
    if (id.slot >= obligations.by_holder.size()) return;
    const HolderEntry& entry = obligations.by_holder[id.slot];
    if (entry.generation != id.generation) return;
    (void)length_of(obligations.obligations, entry.first, &ObligationRecord::of_holder, found);
  });
  found.lost_slots += obligations.obligations.lost();
}

[[nodiscard]] inline Bookkeeping bookkeeping_of(const RegionTable& regions, const TaskTable& tasks,
                                                const ObligationTable& obligations) {
  Bookkeeping found;
  look_at_regions(regions, tasks, found);
  look_at_tasks(tasks, found);
  look_at_obligations(tasks, obligations, found);
  if (tasks.now != regions.now || obligations.now != regions.now) found.clocks_differ = true;
  return found;
}

}  // namespace quiesce::impl
