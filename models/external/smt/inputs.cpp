#include "models/external/smt/inputs.hpp"

#include <algorithm>

namespace quiesce::smt {
namespace {

const spec::Task* row(const spec::State& state, TaskName name) {
  return spec::find(state, name);
}

/// Where a reason that names a task's own region comes from.
RegionName owner_of(const spec::State& state, TaskName name) {
  const spec::Task* const task = row(state, name);
  return task == nullptr ? root_region : task->owner;
}

bool body_task_admitted(const spec::State& state, RegionName name) {
  const spec::Region* const region = spec::find(state, name);
  if (region == nullptr) return true;
  const auto is_live_body = [&](const spec::Task& task) {
    return task.owner == name && spec::is_live(task) && spec::is_body(task);
  };
  const auto live = std::count_if(state.tasks.begin(), state.tasks.end(), is_live_body);
  return static_cast<std::uint64_t>(live) < region->limits.body_tasks;
}

bool child_region_admitted(const spec::State& state, RegionName name) {
  const spec::Region* const region = spec::find(state, name);
  if (region == nullptr) return true;
  const auto is_live_child = [&](const spec::Region& child) {
    return child.parent == name && spec::is_live(child);
  };
  const auto live = std::count_if(state.regions.begin(), state.regions.end(), is_live_child);
  return static_cast<std::uint64_t>(live) < region->limits.child_regions;
}

bool obligation_admitted(const spec::State& state, RegionName name) {
  const spec::Region* const region = spec::find(state, name);
  if (region == nullptr) return true;
  const auto is_pending = [&](const spec::Obligation& obligation) {
    return obligation.region == name && spec::is_reserved(obligation);
  };
  const auto pending =
      std::count_if(state.obligations.begin(), state.obligations.end(), is_pending);
  return static_cast<std::uint64_t>(pending) < region->limits.obligations;
}

/// Everything below a region that a chain of listed children leads to.
void mark_below(const spec::State& state, RegionName above,
                std::array<bool, region_count>& marked) {
  for (const RegionName child : spec::find(state, above)->children) {
    marked.at(child.value) = true;
    mark_below(state, child, marked);
  }
}

void fill_expiry(const spec::State& state, Time to, Inputs& in) {
  for (const spec::Region& region : state.regions) {
    in.expired.at(region.name.value) =
        region.budget.deadline_ticks != never && region.budget.deadline_ticks <= to;
  }
  for (const spec::Region& region : state.regions) {
    if (in.expired.at(region.name.value) && spec::is_live(region))
      mark_below(state, region.name, in.from_above);
  }
}

/// Sets the inputs of one action.
struct Fill {
  const spec::State& state;
  Inputs& in;

  void give(CancelKind kind, RegionName origin) const { in.reason = {kind, in.now, origin}; }

  void operator()(const OpenRegion& a) const {
    in.new_region = a.name.value;
    in.region = a.parent.value;
    in.fail_fast = a.policy == Policy::FailFast;
    in.within_limit = child_region_admitted(state, a.parent);
  }
  void operator()(const CloseRegion& a) const {
    in.region = a.region.value;
    in.cancel = a.mode == CloseMode::Cancel;
  }
  void operator()(const CancelRegion& a) const {
    in.region = a.region.value;
    give(a.kind, a.region);
  }
  void operator()(const DeferFinalizer& a) const {
    in.new_task = a.name.value;
    in.region = a.region.value;
  }
  void operator()(const Spawn& a) const {
    in.new_task = a.name.value;
    in.region = a.region.value;
    in.within_limit = body_task_admitted(state, a.region);
  }
  void operator()(const Start& a) const { in.task = a.task.value; }
  void operator()(const Poll& a) const {
    in.task = a.task.value;
    const spec::Task* const task = row(state, a.task);
    in.exhausted = task != nullptr && task->budget.poll_quota == 0;
    give(CancelKind::PollQuota, owner_of(state, a.task));
  }
  void operator()(const Checkpoint& a) const { in.task = a.task.value; }
  void operator()(const EnterMask& a) const {
    in.task = a.task.value;
    in.units = a.units;
  }
  void operator()(const LeaveMask& a) const { in.task = a.task.value; }
  void operator()(const CleanupDone& a) const { in.task = a.task.value; }
  void operator()(const Return& a) const {
    in.task = a.task.value;
    in.returned = a.outcome;
    give(CancelKind::FailFast, owner_of(state, a.task));
  }
  void operator()(const CancelTask& a) const {
    in.task = a.task.value;
    give(a.kind, owner_of(state, a.task));
  }
  void operator()(const Join& a) const {
    in.task = a.joiner.value;
    in.target = a.target.value;
  }
  void operator()(const Reserve& a) const {
    in.new_obligation = a.name.value;
    in.task = a.holder.value;
    in.region = a.region.value;
    in.within_limit = obligation_admitted(state, a.region);
  }
  void operator()(const Commit& a) const {
    in.obligation = a.obligation.value;
    in.task = a.actor.value;
  }
  void operator()(const Abort& a) const {
    in.obligation = a.obligation.value;
    in.task = a.actor.value;
    in.abort = a.reason;
  }
  void operator()(const AdvanceTime& a) const {
    in.backwards = a.to_ticks < state.now;
    in.now = a.to_ticks;
    fill_expiry(state, a.to_ticks, in);
  }
};

}  // namespace

Inputs inputs_of(const spec::State& state, const Action& action) {
  Inputs in;
  in.now = state.now;
  std::visit(Fill{state, in}, action);
  return in;
}

Inputs inputs_of(const spec::State& state, const spec::InternalStep& step) {
  Inputs in;
  in.now = state.now;
  in.region = step.region.value;
  in.new_task = task_count - 1;
  const spec::Region* const region = spec::find(state, step.region);
  if (region != nullptr && !region->finalizers.empty())
    in.new_task = region->finalizers.back().value;
  return in;
}

}  // namespace quiesce::smt
