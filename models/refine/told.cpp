#include "models/refine/told.hpp"

#include <algorithm>
#include <tuple>

#include "spec/rules.hpp"
#include "spec/state.hpp"

namespace quiesce::refine {
namespace {

using Kind = Effect::Kind;

void tell_tasks(const spec::State& before, const spec::State& after, Told& told) {
  for (const spec::Task& task : after.tasks) {
    const spec::Task* const was = spec::find(before, task.name);
    if (was == nullptr && task.is_finalizer)
      told.effects.push_back({.kind = Kind::FinalizerStarted, .task = task.name});
    if (was != nullptr && !was->reason && task.reason)
      told.effects.push_back({.kind = Kind::TaskCancelled, .task = task.name});
    if (was == nullptr || !spec::is_live(*was) || spec::is_live(task)) continue;
    for (const TaskName joiner : was->waiters) {
      told.effects.push_back({.kind = Kind::JoinerWoken,
                              .task = joiner,
                              .target = task.name,
                              .outcome = task.outcome});
    }
  }
}

void tell_leaks(const spec::State& before, const spec::State& after, Told& told) {
  if (after.leak_count == before.leak_count) return;
  const LeakResponse response = spec::response_to_leaks(after.leak_policy, after.leak_count);
  if (response == LeakResponse::Silent) return;
  for (const spec::Obligation& obligation : after.obligations) {
    const spec::Obligation* const was = spec::find(before, obligation.name);
    if (was == nullptr || !spec::is_reserved(*was) || spec::is_reserved(obligation)) continue;
    told.effects.push_back({.kind = Kind::ObligationLeaked,
                            .recovered = obligation.phase == ObligationPhase::Aborted,
                            .task = obligation.holder,
                            .obligation = obligation.name});
  }
}

std::string words(const Effect& effect) {
  switch (effect.kind) {
    case Kind::FinalizerStarted: return "start " + to_text(effect.task);
    case Kind::TaskCancelled: return "cancel " + to_text(effect.task);
    case Kind::JoinerWoken:
      return "wake " + to_text(effect.task) + " for " + to_text(effect.target) + " " +
             to_text(effect.outcome);
    case Kind::ObligationLeaked:
      return "leak " + to_text(effect.obligation) + " of " + to_text(effect.task) +
             (effect.recovered ? " recovered" : "");
  }
  return {};
}

}  // namespace

void sort(Told& told) {
  if (told.effects.size() < 2) return;
  std::sort(told.effects.begin(), told.effects.end(), [](const Effect& a, const Effect& b) {
    return std::tie(a.kind, a.task, a.target, a.obligation) <
           std::tie(b.kind, b.task, b.target, b.obligation);
  });
}

std::string to_text(const Told& told) {
  std::string text;
  for (const Effect& effect : told.effects) text += (text.empty() ? "" : ", ") + words(effect);
  if (text.empty()) text = "nothing";
  return told.fault.empty() ? text : text + "; " + std::string(told.fault);
}

Told told_by(const spec::Transition& transition) {
  Told told;
  tell_tasks(transition.before, transition.after, told);
  tell_leaks(transition.before, transition.after, told);
  sort(told);
  return told;
}

}  // namespace quiesce::refine
