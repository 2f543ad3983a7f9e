// Finalizers, and the internal rules that drive a closing region down its ladder.
#include <algorithm>
#include <array>

#include "spec/rules.hpp"

namespace quiesce::spec {

/// DeferFinalizer: a finalizer goes on top of the region's stack.   rule.region.defer_finalizer
///   state    its Name, which its future task will bear, is pushed
///   refuses  RegionExists, RegionOpen
///   keeps    inv.finalizer.last_in_first_out                      source  facts §5
Answer defer_finalizer(State& s, const DeferFinalizer& a) {
  Region* const region = find(s, a.region);
  if (region == nullptr) return refused(Guard::RegionExists);
  if (region->phase != RegionPhase::Open) return refused(Guard::RegionOpen);

  region->finalizers.push_back(a.name);
  return done();
}

/// finalize is enabled: the region is on its way down, and no task and no child region is live.
bool finalize_enabled(const State& s, const Region& region) {
  if (region.phase != RegionPhase::Closing && region.phase != RegionPhase::Draining) return false;
  for (const Task& task : s.tasks) {
    if (task.owner == region.name && is_live(task)) return false;
  }
  for (const Region& child : s.regions) {
    if (child.parent == region.name && is_live(child)) return false;
  }
  return true;
}

/// start_finalizer is enabled: Finalizing, a finalizer waits, none runs.
bool start_finalizer_enabled(const State& /*s*/, const Region& region) {
  return region.phase == RegionPhase::Finalizing && !region.finalizers.empty() &&
         !region.finalizing;
}

/// complete_close is enabled: Finalizing, no finalizer waits or runs.
bool complete_close_enabled(const State& /*s*/, const Region& region) {
  return region.phase == RegionPhase::Finalizing && region.finalizers.empty() && !region.finalizing;
}

/// finalize: Closing or Draining -> Finalizing.                            rule.region.finalize
///   source   semantics, internal rules
void finalize(State& s, RegionName region) {
  find(s, region)->phase = RegionPhase::Finalizing;
}

/// start_finalizer: the top of the stack becomes a task of the region.  rule.region.start_finalizer
///   state    stack - 1, +1 finalizer task in Created with the finalizer budget
///   keeps    inv.finalizer.one_at_a_time, inv.finalizer.only_in_finalizing    source  facts §5
void start_finalizer(State& s, RegionName region_name) {
  Region& region = *find(s, region_name);
  const TaskName name = region.finalizers.back();
  region.finalizers.pop_back();
  region.finalizing = name;
  insert_name(region.tasks, name);
  s.tasks.add({.name = name,
               .owner = region_name,
               .is_finalizer = true,
               .budget = finalizer_budget(s.now)});
}

/// complete_close: Finalizing -> Closed(outcome).                    rule.region.complete_close
///   state    outcome = join of the outcomes of all its tasks, and of Cancelled(reason) if it has
///   one; the
///            parent no longer lists it
///   keeps    inv.region.quiescence                                source  semantics, close outcome
void complete_close(State& s, RegionName region_name) {
  Region& region = *find(s, region_name);
  if (region.reason)
    region.outcome = quiesce::join(region.outcome, Outcome::cancelled(*region.reason));
  if (Region* const parent = find(s, region.parent)) erase_name(parent->children, region_name);
  region.phase = RegionPhase::Closed;
  region.policy = Policy::CollectAll;  // no more is kept than how it ended, and why
  region.budget = no_budget;
  region.limits = no_limits;
  region.children.clear();
  region.tasks.clear();
  region.finalizers.clear();
  region.finalizing.reset();
  region.pending_obligations = 0;
}

namespace {

/// The first rule that is enabled in a region.
inline std::optional<InternalRule> enabled_rule(const State& state, const Region& region) {
  if (finalize_enabled(state, region)) return InternalRule::Finalize;
  if (start_finalizer_enabled(state, region)) return InternalRule::StartFinalizer;
  if (complete_close_enabled(state, region)) return InternalRule::CompleteClose;
  return std::nullopt;
}

inline std::optional<InternalStep> first_internal(const State& state) {
  for (const Region& region : state.regions) {
    if (region.phase == RegionPhase::Open || !is_live(region)) continue;  // not on its way down
    if (const auto rule = enabled_rule(state, region)) return InternalStep{*rule, region.name};
  }
  return std::nullopt;
}

}  // namespace

std::vector<InternalStep> enabled_internal(const State& state) {
  std::vector<InternalStep> enabled;
  for (const Region& region : state.regions) {
    if (finalize_enabled(state, region)) enabled.push_back({InternalRule::Finalize, region.name});
    if (start_finalizer_enabled(state, region))
      enabled.push_back({InternalRule::StartFinalizer, region.name});
    if (complete_close_enabled(state, region))
      enabled.push_back({InternalRule::CompleteClose, region.name});
  }
  return enabled;
}

void apply(State& state, const InternalStep& internal) {
  switch (internal.rule) {
    case InternalRule::Finalize: return finalize(state, internal.region);
    case InternalRule::StartFinalizer: return start_finalizer(state, internal.region);
    case InternalRule::CompleteClose: return complete_close(state, internal.region);
  }
}

/// The internal rules to their fixpoint, whatever the order.               rule.region.settle
///   source   semantics [D43]
void run_internal_rules(State& state) {
  while (const auto internal = first_internal(state)) apply(state, *internal);
}

}  // namespace quiesce::spec
