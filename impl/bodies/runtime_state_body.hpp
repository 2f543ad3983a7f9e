// Every body of RuntimeState: include this where it is instantiated, and nowhere else.
#pragma once

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>
#include <variant>

#include "impl/bodies/completion_body.hpp"
#include "impl/bodies/obligation_body.hpp"
#include "impl/bodies/region_body.hpp"
#include "impl/bodies/request_body.hpp"
#include "impl/bodies/settle_body.hpp"
#include "impl/bodies/snapshot_body.hpp"
#include "impl/bodies/task_body.hpp"
#include "impl/runtime_state.hpp"

namespace quiesce::impl {

/// The index of an action in the variant Action.
template <class Wanted, class... Actions>
consteval std::size_t index_in(const std::variant<Actions...>*) {
  const std::array<bool, sizeof...(Actions)> matches{std::is_same_v<Wanted, Actions>...};
  return static_cast<std::size_t>(std::find(matches.begin(), matches.end(), true) -
                                  matches.begin());
}
template <class Wanted>
inline constexpr std::size_t action_index = index_in<Wanted>(static_cast<const Action*>(nullptr));

template <Sync S>
RuntimeState<S>::RuntimeState(const RuntimeConfig& config, const Layout& layout, Observer* observer)
    : shards_(config, layout), config_(config), layout_(layout), observer_(observer) {
  // Nobody else knows this state yet, so there is nothing to lock.
  RegionTable& table = shards_.template guarded<Regions>().write();
  const RegionId first = table.regions.insert({.name = root_region});
  require(first == root(), "the root takes the first slot");
}

/// One critical section: decide and commit, draw the ticket, unlock, then the effects.
template <Sync S>
template <class Action, class... Listed, class Operation>
Applied RuntimeState<S>::apply(Operation&& operation) {
  constexpr std::size_t action = action_index<Action>;
  Effects effects(observer_);
  const auto record = [this](const Applied& applied) {
    instrumentation_.record({applied.ticket, action, answer_code(applied.answer)});
  };
  Applied applied = with<Listed...>([&](Held<Listed...> held) {
    Applied result = operation(held, effects);
    result.ticket = instrumentation_.draw_ticket();
    if (layout_.instrumentation_locked) record(result);
    return result;
  });
  if (!layout_.instrumentation_locked) record(applied);
  effects.run(action, applied);
  return applied;
}

/// A look at D or E: under the lock if the layout still keeps it there.
template <Sync S>
template <class Look>
auto RuntimeState<S>::look(bool locked, Look&& at) {
  if (!locked) return at();
  return with<Regions>([&](Held<Regions>) { return at(); });
}

template <Sync S>
Applied RuntimeState<S>::open_region(RegionName name, RegionId parent, const Budget& budget,
                                     const Limits& limits, Policy policy) {
  return apply<OpenRegion, Regions>(
      [&](auto held, Effects&) { return open_region(held, name, parent, budget, limits, policy); });
}
template <Sync S>
Applied RuntimeState<S>::close_region(RegionId region, CloseMode mode) {
  return apply<CloseRegion, Regions, Tasks, Obligations>(
      [&](auto held, Effects& effects) { return close_region(held, effects, region, mode); });
}
template <Sync S>
Applied RuntimeState<S>::cancel_region(RegionId region, CancelKind kind) {
  return apply<CancelRegion, Regions, Tasks, Obligations>(
      [&](auto held, Effects& effects) { return cancel_region(held, effects, region, kind); });
}
template <Sync S>
Applied RuntimeState<S>::defer_finalizer(TaskName name, RegionId region) {
  return apply<DeferFinalizer, Regions>(
      [&](auto held, Effects&) { return defer_finalizer(held, name, region); });
}
template <Sync S>
Applied RuntimeState<S>::spawn(TaskName name, RegionId region, const Budget& budget) {
  return apply<Spawn, Regions, Tasks>(
      [&](auto held, Effects&) { return spawn(held, name, region, budget); });
}
template <Sync S>
Applied RuntimeState<S>::start(TaskId task) {
  return apply<Start, Tasks>([&](auto held, Effects&) { return start(held, task); });
}
template <Sync S>
Applied RuntimeState<S>::poll(TaskId task) {
  return apply<Poll, Tasks>([&](auto held, Effects& effects) { return poll(held, effects, task); });
}
template <Sync S>
Applied RuntimeState<S>::checkpoint(TaskId task) {
  return apply<Checkpoint, Tasks>([&](auto held, Effects&) { return checkpoint(held, task); });
}
template <Sync S>
Applied RuntimeState<S>::enter_mask(TaskId task, std::uint8_t units) {
  return apply<EnterMask, Tasks>(
      [&](auto held, Effects&) { return enter_mask(held, task, units); });
}
template <Sync S>
Applied RuntimeState<S>::leave_mask(TaskId task) {
  return apply<LeaveMask, Tasks>([&](auto held, Effects&) { return leave_mask(held, task); });
}
template <Sync S>
Applied RuntimeState<S>::cleanup_done(TaskId task) {
  return apply<CleanupDone, Tasks>([&](auto held, Effects&) { return cleanup_done(held, task); });
}
template <Sync S>
Applied RuntimeState<S>::return_from(TaskId task, OutcomeKind outcome, CancelKind kind) {
  return apply<Return, Regions, Tasks, Obligations>(
      [&](auto held, Effects& effects) { return return_from(held, effects, task, outcome, kind); });
}
template <Sync S>
Applied RuntimeState<S>::cancel_task(TaskId task, CancelKind kind) {
  return apply<CancelTask, Regions, Tasks, Obligations>(
      [&](auto held, Effects& effects) { return cancel_task(held, effects, task, kind); });
}
template <Sync S>
Applied RuntimeState<S>::join(TaskId joiner, TaskId target) {
  return apply<Join, Tasks>([&](auto held, Effects&) { return join(held, joiner, target); });
}
template <Sync S>
Applied RuntimeState<S>::reserve(ObligationName name, TaskId holder, RegionId region,
                                 ObligationKind kind) {
  return apply<Reserve, Regions, Tasks, Obligations>(
      [&](auto held, Effects&) { return reserve(held, name, holder, region, kind); });
}
template <Sync S>
Applied RuntimeState<S>::commit(ObligationId obligation, TaskId actor) {
  return apply<Commit, Regions, Obligations>(
      [&](auto held, Effects&) { return commit(held, obligation, actor); });
}
template <Sync S>
Applied RuntimeState<S>::abort(ObligationId obligation, TaskId actor, AbortReason reason) {
  return apply<Abort, Regions, Obligations>(
      [&](auto held, Effects&) { return abort(held, obligation, actor, reason); });
}
template <Sync S>
Applied RuntimeState<S>::advance_time(Time to_ticks) {
  return apply<AdvanceTime, Regions, Tasks, Obligations>(
      [&](auto held, Effects& effects) { return advance_time(held, effects, to_ticks); });
}

template <Sync S>
Time RuntimeState<S>::now() {
  return look(layout_.clock_locked, [&] { return instrumentation_.now(); });
}
template <Sync S>
std::uint64_t RuntimeState<S>::count_of_action(std::size_t action) {
  return look(layout_.instrumentation_locked,
              [&] { return instrumentation_.count_of_action(action); });
}
template <Sync S>
std::uint64_t RuntimeState<S>::count_of_answer(std::size_t answer) {
  return look(layout_.instrumentation_locked,
              [&] { return instrumentation_.count_of_answer(answer); });
}
template <Sync S>
std::vector<TraceEvent> RuntimeState<S>::trace() {
  return look(layout_.instrumentation_locked, [&] { return instrumentation_.trace(); });
}
template <Sync S>
const RuntimeConfig& RuntimeState<S>::configuration() {
  return *look(layout_.configuration_locked, [&] { return &config_; });
}

}  // namespace quiesce::impl
