// The rules of the region machine: Open -> Closing or Draining -> Finalizing -> Closed(outcome).
#include <algorithm>
#include <range/v3/algorithm/sort.hpp>
#include <range/v3/range/conversion.hpp>
#include <range/v3/view/filter.hpp>
#include <range/v3/view/transform.hpp>
#include <tuple>
#include <vector>

#include "spec/rules.hpp"

namespace quiesce::spec {

/// OpenRegion: a new child region enters an open region.                        rule.region.open
///   state    +1 region row, Open, its budget met with the parent's; the parent lists it
///   refuses  RegionExists, RegionOpen, WithinLimit: the first that fails answers
///   keeps    inv.region.tree, inv.region.deadline_monotone       source  facts §3.4, [D35]
Answer open_region(State& s, const OpenRegion& a) {
  Region* const parent = find(s, a.parent);
  if (parent == nullptr) return refused(Guard::RegionExists);
  if (parent->phase != RegionPhase::Open) return refused(Guard::RegionOpen);
  if (parent->children.size() >= parent->limits.child_regions) return refused(Guard::WithinLimit);

  insert_name(parent->children, a.name);
  s.regions.add({.name = a.name,
                 .parent = a.parent,
                 .policy = a.policy,
                 .budget = meet(a.budget, parent->budget),
                 .limits = a.limits});
  return done();
}

/// The close of an Open region begins: Draining if a child region is live at that moment, else
/// Closing; in any other phase nothing happens.                            rule.region.begin_close
///   source   semantics, Regions
void begin_close(Region& region) {
  if (region.phase != RegionPhase::Open) return;
  region.phase = region.children.empty() ? RegionPhase::Closing : RegionPhase::Draining;
}

/// CloseRegion: the region admits nothing more, and closes when all in it has ended.
/// rule.region.close
///   state    Open -> Closing or Draining; with Cancel, its tasks and child regions get
///   ParentCancelled,
///            its own reason stays absent
///   refuses  RegionExists, RegionOpen
///   keeps    inv.region.no_late_admission                         source  semantics [D16]
Answer close_region(State& s, const CloseRegion& a) {
  Region* const region = find(s, a.region);
  if (region == nullptr) return refused(Guard::RegionExists);
  if (region->phase != RegionPhase::Open) return refused(Guard::RegionOpen);

  begin_close(*region);
  if (a.mode == CloseMode::Cancel) {
    request_cancel_of_tasks(s, *region, {CancelKind::ParentCancelled, s.now, a.region});
    cancel_child_regions(s, a.region);
  }
  return done();
}

void request_cancel_of_tasks(State& s, const Region& region, const CancelReason& reason,
                             TaskName except) {
  for (const TaskName name : region.tasks) {
    if (name != except) request_cancel(*find(s, name), reason);
  }
}

/// A region and everything below it are cancelled, parents first: each strengthens its reason,
/// begins its close and reaches its body tasks.                         rule.region.cancel_subtree
///   source   semantics [D18, D19]; decision 1, order inside CancelRegion
bool cancel_subtree(State& s, RegionName name, const CancelReason& reason) {
  Region& region = *find(s, name);
  const bool changed = !region.reason || reason > *region.reason;
  if (changed) region.reason = reason;
  begin_close(region);
  request_cancel_of_tasks(s, region, reason);
  cancel_child_regions(s, name);
  return changed;
}

void cancel_child_regions(State& s, RegionName parent) {
  const Names<RegionName> children = find(s, parent)->children;
  for (const RegionName child : children) {
    cancel_subtree(s, child, {CancelKind::ParentCancelled, s.now, parent});
  }
}

/// CancelRegion: the region and all below it stop as soon as they can.         rule.region.cancel
///   state    strengthens the reason, begins the close; body tasks get the reason; every descendant
///   gets
///            ParentCancelled from its parent, parents first
///   refuses  RegionExists, RegionNotClosed
///   keeps    inv.cancel.propagates, inv.cancel.reaches_tasks      source  facts §3.7, [D18, D19]
Answer cancel_region(State& s, const CancelRegion& a) {
  const Region* const region = find(s, a.region);
  if (region == nullptr) return refused(Guard::RegionExists);
  if (!is_live(*region)) return refused(Guard::RegionNotClosed);

  const bool changed = cancel_subtree(s, a.region, {a.kind, s.now, a.region});
  return done_with(Changed{changed});
}

/// AdvanceTime: the clock moves; regions past their deadline are cancelled.      rule.time.advance
///   state    now; each region that is not Closed and whose deadline is at or before now gets
///   Deadline,
///            parents first
///   refuses  TimeNotBackwards                                     source  semantics [D22]
Answer advance_time(State& s, const AdvanceTime& a) {
  if (a.to_ticks < s.now) return refused(Guard::TimeNotBackwards);

  s.now = a.to_ticks;
  const auto depth = [&s](const Region& region) {
    std::size_t steps = 0;
    for (RegionName up = region.parent; !up.is_none(); up = find(s, up)->parent) ++steps;
    return steps;
  };
  const auto is_expired = [&s](const Region& region) {
    return is_live(region) && region.budget.deadline_ticks != never &&
           region.budget.deadline_ticks <= s.now;
  };
  const auto rank = [&depth](const Region& region) {
    return std::tuple{depth(region), region.name};
  };
  auto expired = s.regions | ranges::views::filter(is_expired) | ranges::views::transform(rank) |
                 ranges::to<std::vector>();
  ranges::sort(expired);
  for (const auto& [region_depth, name] : expired) {
    cancel_subtree(s, name, {CancelKind::Deadline, s.now, name});
  }
  return done();
}

}  // namespace quiesce::spec
