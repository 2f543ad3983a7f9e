#include "models/external/smt/inputs.hpp"

namespace quiesce::smt {
namespace {

/// Where a reason that names a task's own region comes from.
RegionName owner_of(const spec::State& state, TaskName name) {
  const spec::Task* const task = spec::find(state, name);
  return task == nullptr ? root_region : task->owner;
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
    const bool expired =
        region.budget.deadline_ticks != never && region.budget.deadline_ticks <= to;
    if (expired && spec::is_live(region)) mark_below(state, region.name, in.from_above);
  }
}

/// Sets the inputs of one action.
struct Fill {
  const spec::State& state;
  Inputs& in;

  void give(CancelKind kind, RegionName origin) const {
    in.reason = CancelReason{kind, in.stamp, origin};
  }

  void operator()(const OpenRegion& a) const {
    in.new_region = a.name.value;
    in.region = a.parent.value;
    in.fail_fast = a.policy == Policy::FailFast;
    in.budget = a.budget;
    in.limits = a.limits;
  }
  void operator()(const CloseRegion& a) const {
    in.region = a.region.value;
    in.cancel = a.mode == CloseMode::Cancel;
  }
  void operator()(const CancelRegion& a) const {
    in.region = a.region.value;
    in.kind = a.kind;
    give(a.kind, a.region);
  }
  void operator()(const DeferFinalizer& a) const {
    in.new_task = a.name.value;
    in.region = a.region.value;
  }
  void operator()(const Spawn& a) const {
    in.new_task = a.name.value;
    in.region = a.region.value;
    in.budget = a.budget;
  }
  void operator()(const Start& a) const { in.task = a.task.value; }
  void operator()(const Poll& a) const {
    in.task = a.task.value;
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
    in.kind = a.kind;
    in.returned_reason = CancelReason{a.kind, in.stamp, owner_of(state, a.task)};
    give(CancelKind::FailFast, owner_of(state, a.task));
  }
  void operator()(const CancelTask& a) const {
    in.task = a.task.value;
    in.kind = a.kind;
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
    in.promise = a.kind;
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
    in.to = a.to_ticks;
    in.stamp = a.to_ticks;
    fill_expiry(state, a.to_ticks, in);
  }
};

}  // namespace

Inputs inputs_of(const spec::State& state, const Action& action) {
  Inputs in;
  in.stamp = state.now;
  std::visit(Fill{state, in}, action);
  return in;
}

Inputs inputs_of(const spec::State& state, const spec::InternalStep& step) {
  Inputs in;
  in.stamp = state.now;
  in.region = step.region.value;
  in.new_task = task_count - 1;
  const spec::Region* const region = spec::find(state, step.region);
  if (region != nullptr && !region->finalizers.empty())
    in.new_task = region->finalizers.back().value;
  return in;
}

}  // namespace quiesce::smt
