#include "models/explore/house_text.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace quiesce::explore {
namespace {

namespace json = boost::json;

std::string reason_text(const std::optional<CancelReason>& reason) {
  return reason ? to_text(*reason) : "none";
}

json::value region_json(const spec::Region& region) {
  json::array finalizers;
  for (const TaskName name : region.finalizers) finalizers.emplace_back(to_text(name));
  return {{"name", to_text(region.name)},
          {"parent", region.parent.is_none() ? "none" : to_text(region.parent)},
          {"phase", to_text(region.phase)},
          {"policy", to_text(region.policy)},
          {"reason", reason_text(region.reason)},
          {"outcome", to_text(region.outcome)},
          {"finalizers", std::move(finalizers)},
          {"pending_obligations", region.pending_obligations},
          {"budget", to_text(region.budget)},
          {"limits", to_text(region.limits)}};
}

json::value task_json(const spec::Task& task) {
  json::array waiters;
  for (const TaskName name : task.waiters) waiters.emplace_back(to_text(name));
  return {{"name", to_text(task.name)},       {"owner", to_text(task.owner)},
          {"phase", to_text(task.phase)},     {"is_finalizer", task.is_finalizer},
          {"mask_units", task.mask_units},    {"reason", reason_text(task.reason)},
          {"outcome", to_text(task.outcome)}, {"budget", to_text(task.budget)},
          {"waiters", std::move(waiters)},    {"joins_ready", task.joins_ready}};
}

json::value obligation_json(const spec::Obligation& obligation) {
  return {{"name", to_text(obligation.name)},
          {"holder", to_text(obligation.holder)},
          {"region", to_text(obligation.region)},
          {"phase", to_text(obligation.phase)},
          {"abort_reason", to_text(obligation.abort_reason)},
          {"reserved_at_ticks", obligation.reserved_at_ticks}};
}

/// What was asked for and is not used up yet; what a cancel or a finalizer is given goes without
/// saying.
std::string budget_text(const spec::Task& task) {
  const Budget usual = task.is_finalizer ? finalizer_budget(0)
                       : task.reason     ? cleanup_budget(task.reason->kind)
                                         : no_budget;
  Budget told = no_budget;
  if (!task.is_finalizer) told.deadline_ticks = task.budget.deadline_ticks;
  if (task.budget.poll_quota != usual.poll_quota) told.poll_quota = task.budget.poll_quota;
  return is_live(task) && !(told == no_budget) ? " with " + to_text(told) : "";
}

template <class Rows, class ToJson>
std::string list_of(const Rows& rows, ToJson to_json) {
  json::array list;
  for (const auto& row : rows) list.push_back(to_json(row));
  return json::serialize(list);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> house_variables(const spec::State& state) {
  return {{"regions", list_of(state.regions, region_json)},
          {"tasks", list_of(state.tasks, task_json)},
          {"obligations", list_of(state.obligations, obligation_json)},
          {"now", fmt::format("{}", state.now)},
          {"leak_count", fmt::format("{}", state.leak_count)}};
}

std::string house_text(const spec::State& state) {
  std::string text;
  const auto item = [&text](const std::string& row) { text += (text.empty() ? "" : ", ") + row; };
  if (state.now != 0) item(fmt::format("now {}", state.now));
  for (const spec::Region& region : state.regions) {
    item(fmt::format("{} {}", to_text(region.name), to_text(region.phase)));
    if (!region.parent.is_none()) text += " in " + to_text(region.parent);
    if (region.policy == Policy::FailFast) text += " FailFast";
    if (!(region.budget == no_budget)) text += " with " + to_text(region.budget);
    if (!(region.limits == no_limits)) text += " at most " + to_text(region.limits);
    if (region.reason) text += " for " + to_text(*region.reason);
    if (!(region.outcome == Outcome::ok())) text += " " + to_text(region.outcome);
    for (const TaskName name : region.finalizers) text += " deferred " + to_text(name);
  }
  for (const spec::Task& task : state.tasks) {
    item(fmt::format("{} {} in {}", to_text(task.name), to_text(task.phase), to_text(task.owner)));
    if (task.mask_units != 0) text += fmt::format(" mask {}", task.mask_units);
    text += budget_text(task);
    if (task.reason) text += " for " + to_text(*task.reason);
    for (const TaskName name : task.waiters) text += " joined by " + to_text(name);
    if (task.joins_ready != 0) text += fmt::format(" results {}", task.joins_ready);
    if (!is_live(task)) text += " " + to_text(task.outcome);
  }
  for (const spec::Obligation& obligation : state.obligations) {
    item(fmt::format("{} {} by {}", to_text(obligation.name), to_text(obligation.phase),
                     to_text(obligation.holder)));
    if (obligation.phase == ObligationPhase::Aborted)
      text += fmt::format(" {}", to_text(obligation.abort_reason));
    if (obligation.reserved_at_ticks != 0)
      text += fmt::format(" since {}", obligation.reserved_at_ticks);
  }
  return text;
}

}  // namespace quiesce::explore
