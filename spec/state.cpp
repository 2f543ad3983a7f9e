#include "spec/state.hpp"

#include <algorithm>
#include <string_view>

namespace quiesce::spec {
namespace {

/// Mixes values into a hash; multiply and shift, the same on every machine.
class Hash {
 public:
  void add(std::uint64_t value) {
    hash_ = (hash_ ^ value) * 0x9E37'79B9'7F4A'7C15U;
    hash_ ^= hash_ >> 32U;
  }
  template <class EntityName>
  void add_names(const Names<EntityName>& names) {
    add(names.size());
    for (const EntityName name : names) add(name.value);
  }
  void add(const CancelReason& reason) {
    add(static_cast<std::uint64_t>(reason.kind) << 32U | reason.origin.value);
    add(reason.at_ticks);
  }
  void add(const std::optional<CancelReason>& reason) {
    add(reason.has_value() ? 1U : 0U);
    if (reason) add(*reason);
  }
  void add(const Outcome& outcome) {
    add(static_cast<std::uint64_t>(outcome.kind));
    if (outcome.kind == OutcomeKind::Cancelled) add(outcome.reason);
  }
  void add(const Budget& budget) {
    add(budget.deadline_ticks);
    add(std::uint64_t{budget.poll_quota} << 32U | budget.cost_quota);
    add(budget.priority);
  }
  [[nodiscard]] std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0x243F'6A88'85A3'08D3U;
};

}  // namespace

State initial(const LeakPolicy& leak_policy) {
  State state;
  state.leak_policy = leak_policy;
  state.regions.push_back(Region{.name = root_region});
  return state;
}

std::uint64_t hash_value(const State& state) {
  Hash hash;
  hash.add(state.now);
  hash.add(std::uint64_t{state.leak_count} << 32U | state.leak_policy.escalate_after);
  hash.add(static_cast<std::uint64_t>(state.leak_policy.response) << 8U |
           static_cast<std::uint64_t>(state.leak_policy.escalate_to));
  hash.add(state.regions.size());
  for (const Region& region : state.regions) {
    hash.add(std::uint64_t{region.name.value} << 32U | region.parent.value);
    hash.add(static_cast<std::uint64_t>(region.phase) << 8U |
             static_cast<std::uint64_t>(region.policy));
    hash.add(region.reason);
    hash.add(region.outcome);
    hash.add(region.budget);
    hash.add(std::uint64_t{region.limits.child_regions} << 32U | region.limits.body_tasks);
    hash.add(std::uint64_t{region.limits.obligations} << 32U | region.pending_obligations);
    hash.add_names(region.children);
    hash.add_names(region.tasks);
    hash.add_names(region.finalizers);
    hash.add(region.finalizing.value_or(TaskName::none()).value);
  }
  hash.add(state.tasks.size());
  for (const Task& task : state.tasks) {
    hash.add(std::uint64_t{task.name.value} << 32U | task.owner.value);
    hash.add(static_cast<std::uint64_t>(task.phase) << 16U | std::uint64_t{task.mask_units} << 8U |
             (task.is_finalizer ? 1U : 0U));
    hash.add(task.reason);
    hash.add(task.outcome);
    hash.add(task.budget);
    hash.add_names(task.waiters);
    hash.add(task.joins_ready);
  }
  hash.add(state.obligations.size());
  for (const Obligation& obligation : state.obligations) {
    hash.add(std::uint64_t{obligation.name.value} << 32U | obligation.holder.value);
    hash.add(std::uint64_t{obligation.region.value} << 32U |
             static_cast<std::uint64_t>(obligation.kind) << 16U |
             static_cast<std::uint64_t>(obligation.phase) << 8U |
             static_cast<std::uint64_t>(obligation.abort_reason));
    hash.add(obligation.reserved_at_ticks);
  }
  return hash.value();
}

template <class EntityName>
void insert_name(Names<EntityName>& names, EntityName name) {
  const auto at = std::lower_bound(names.begin(), names.end(), name);
  if (at == names.end() || *at != name) names.insert(at, name);
}

template <class EntityName>
void erase_name(Names<EntityName>& names, EntityName name) {
  const auto at = std::find(names.begin(), names.end(), name);
  if (at != names.end()) names.erase(at);
}

template void insert_name(Names<RegionName>&, RegionName);
template void insert_name(Names<TaskName>&, TaskName);
template void erase_name(Names<RegionName>&, RegionName);
template void erase_name(Names<TaskName>&, TaskName);

}  // namespace quiesce::spec
