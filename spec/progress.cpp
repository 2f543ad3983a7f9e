#include "spec/progress.hpp"

#include <array>

namespace quiesce::spec {
namespace {

constexpr std::uint64_t steps_of_a_new_task = 5;
constexpr std::uint64_t steps_of_a_waiting_finalizer = steps_of_a_new_task + 1;

using enum PotentialEffect;
constexpr std::array<PotentialRow, action_count> rows{{
    {NeverIncreases, "open_region: an Open region counts nothing"},
    {MayIncrease, "close_region: the ladder of the close"},
    {MayIncrease, "cancel_region: the ladders of the closes"},
    {MayIncrease, "defer_finalizer: the steps of a task, and its start"},
    {MayIncrease, "spawn: the steps of a task"},
    {Decreases, "start: one step of the task"},
    {NeverIncreases, "poll: a cancel at most, which leaves steps out"},
    {NeverIncreases, "checkpoint: an acknowledgement at most"},
    {NeverIncreases, "enter_mask: masks count nothing"},
    {NeverIncreases, "leave_mask: masks count nothing"},
    {Decreases, "cleanup_done: one step of the task"},
    {Decreases, "return: all the steps of the task; a close that it begins counts after them"},
    {NeverIncreases, "cancel_task: it leaves steps out"},
    {NeverIncreases, "join: waiters count nothing"},
    {MayIncrease, "reserve: one obligation"},
    {Decreases, "commit: one obligation"},
    {Decreases, "abort: one obligation"},
    {MayIncrease, "advance_time: the ladders of expired regions"},
}};

}  // namespace

std::uint64_t remaining_steps(TaskPhase phase) {
  constexpr auto last = static_cast<std::uint64_t>(TaskPhase::Completed);
  static_assert(last == steps_of_a_new_task);
  return last - static_cast<std::uint64_t>(phase);
}

std::uint64_t remaining_steps(RegionPhase phase) {
  switch (phase) {
    case RegionPhase::Closing:
    case RegionPhase::Draining: return 2;
    case RegionPhase::Finalizing: return 1;
    case RegionPhase::Open:
    case RegionPhase::Closed: break;
  }
  return 0;
}

Potential potential(const State& state) {
  Potential sum;
  for (const Task& task : state.tasks) sum.task_steps += remaining_steps(task.phase);
  for (const Obligation& obligation : state.obligations) sum.reserved += is_reserved(obligation);
  for (const Region& region : state.regions) {
    sum.task_steps += steps_of_a_waiting_finalizer * region.finalizers.size();
    sum.ladder_steps += remaining_steps(region.phase);
    sum.finalizers += region.finalizers.size();
  }
  return sum;
}

std::string_view to_text(PotentialEffect effect) {
  static constexpr std::array<std::string_view, 3> words{"decreases", "never increases",
                                                         "may increase"};
  return words[static_cast<std::size_t>(effect)];
}

std::span<const PotentialRow> potential_rows() {
  return rows;
}

PotentialEffect potential_effect(const Action& action) {
  return rows[action.index()].effect;
}

bool respects(PotentialEffect effect, const Potential& before, const Potential& after) {
  switch (effect) {
    case Decreases: return after < before;
    case NeverIncreases: return after <= before;
    case MayIncrease: break;
  }
  return true;
}

}  // namespace quiesce::spec
