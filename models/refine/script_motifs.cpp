// The prepared situations of the generator: the middles of lives that free choices rarely reach.
#include "models/refine/script_writer.hpp"

namespace quiesce::refine {

RegionName ScriptWriter::open_region(std::vector<Action>& into, RegionName parent, Policy policy,
                                     const Limits& limits, const Budget& budget) {
  const RegionName name{next_region_++};
  add(into, OpenRegion{name, parent, budget, limits, policy});
  return name;
}

TaskName ScriptWriter::spawn(std::vector<Action>& into, RegionName region, const Budget& budget) {
  const TaskName name{next_task_++};
  add(into, Spawn{name, region, budget});
  return name;
}

TaskName ScriptWriter::running_task(std::vector<Action>& into, RegionName region,
                                    const Budget& budget) {
  const TaskName name = spawn(into, region, budget);
  add(into, Start{name});
  return name;
}

/// A region that waits for its task; half of the time a finalizer comes after it.
void ScriptWriter::closing_region(std::vector<Action>& into) {
  focus_ = open_region(into, root_region, Policy::CollectAll);
  running_task(into, focus_);
  if (numbers_.chance(50)) add(into, DeferFinalizer{{next_task_++}, focus_});
  if (numbers_.chance(30)) spawn(into, focus_);
  add(into, CloseRegion{focus_, numbers_.chance(60) ? CloseMode::Await : CloseMode::Cancel});
}

/// A region that waits for a child region.
void ScriptWriter::draining_region(std::vector<Action>& into) {
  const RegionName parent = open_region(into, root_region, Policy::CollectAll);
  focus_ = open_region(into, parent, numbers_.chance(50) ? Policy::FailFast : Policy::CollectAll);
  running_task(into, focus_);
  if (numbers_.chance(50)) running_task(into, parent);
  if (numbers_.chance(70)) add(into, CloseRegion{parent, CloseMode::Await});
}

/// A region whose finalizer runs, often with another one still on the stack.
void ScriptWriter::finalizing_region(std::vector<Action>& into) {
  const bool nested = numbers_.chance(30);
  const RegionName parent =
      nested ? open_region(into, root_region, Policy::CollectAll) : root_region;
  focus_ = open_region(into, parent, Policy::CollectAll);
  add(into, DeferFinalizer{{next_task_++}, focus_});
  const TaskName last{next_task_};
  if (numbers_.chance(60)) add(into, DeferFinalizer{{next_task_++}, focus_});
  if (nested) add(into, CloseRegion{parent, CloseMode::Await});
  add(into, CloseRegion{focus_, CloseMode::Await});
  if (numbers_.chance(60))
    add(into, Start{last.value < next_task_ ? last : TaskName{last.value - 1}});
}

/// A FailFast region with siblings, one of them often deeper.
void ScriptWriter::fail_fast_region(std::vector<Action>& into) {
  focus_ = open_region(into, root_region, Policy::FailFast);
  running_task(into, focus_);
  running_task(into, focus_);
  if (numbers_.chance(50)) {
    const RegionName child = open_region(into, focus_, Policy::CollectAll);
    running_task(into, child);
  }
}

/// A task that defers its cancel, which may already have been asked for.
void ScriptWriter::masked_task(std::vector<Action>& into) {
  focus_ = open_region(into, root_region, Policy::CollectAll);
  const TaskName task = running_task(into, focus_);
  add(into, EnterMask{task, static_cast<std::uint8_t>(numbers_.between(1, 2))});
  if (numbers_.chance(70)) add(into, CancelTask{task, any_kind()});
}

/// A task that cleans up after a cancel, half of the time already in its last phase.
void ScriptWriter::cleaning_task(std::vector<Action>& into) {
  focus_ = numbers_.chance(60) ? open_region(into, root_region, Policy::FailFast) : root_region;
  const TaskName task = running_task(into, focus_);
  add(into, CancelTask{task, any_kind()});
  if (numbers_.chance(80)) add(into, Checkpoint{task});
  if (numbers_.chance(50)) add(into, CleanupDone{task});
}

/// A task that holds promises.
void ScriptWriter::held_obligations(std::vector<Action>& into) {
  focus_ = numbers_.chance(60) ? open_region(into, root_region, Policy::CollectAll) : root_region;
  const TaskName task = running_task(into, focus_);
  const std::uint32_t held = numbers_.between(1, 2);
  for (std::uint32_t i = 0; i < held; ++i) {
    const auto kind = static_cast<ObligationKind>(numbers_.below(obligation_kind_count));
    add(into, Reserve{{next_obligation_++}, task, focus_, kind});
  }
  if (numbers_.chance(30)) add(into, CancelTask{task, any_kind()});
  if (numbers_.chance(25)) add(into, CloseRegion{focus_, CloseMode::Await});
  if (numbers_.chance(15)) add(into, Return{task, any_outcome(), CancelKind::User});
}

/// Tasks that join each other, sometimes in a cycle.
void ScriptWriter::waiting_tasks(std::vector<Action>& into) {
  focus_ = numbers_.chance(50) ? open_region(into, root_region, Policy::FailFast) : root_region;
  const TaskName first = running_task(into, focus_);
  const TaskName second = running_task(into, focus_);
  add(into, Join{first, second});
  if (numbers_.chance(50)) add(into, Join{second, first});
  if (numbers_.chance(40)) add(into, Join{spawn(into, root_region), second});
}

/// Tasks with one poll left, or none.
void ScriptWriter::tight_budgets(std::vector<Action>& into) {
  Budget budget;
  budget.poll_quota = numbers_.below(2);
  focus_ = open_region(into, root_region, Policy::CollectAll, {},
                       numbers_.chance(50) ? budget : Budget{});
  running_task(into, focus_, budget);
  if (numbers_.chance(40)) add(into, CancelRegion{focus_, any_kind()});
}

/// A region and its child whose deadlines are near.
void ScriptWriter::deadlines(std::vector<Action>& into) {
  Budget budget;
  budget.deadline_ticks = state_.now + 1 + numbers_.below(3);
  focus_ = open_region(into, root_region, Policy::CollectAll, {}, budget);
  running_task(into, focus_);
  if (numbers_.chance(60)) {
    Budget sooner;
    sooner.deadline_ticks = state_.now + 1;
    running_task(into, open_region(into, focus_, Policy::CollectAll, {}, sooner));
  }
  if (numbers_.chance(30)) add(into, AdvanceTime{state_.now + 1});
}

/// A region that admits one of each kind, with its one task already there.
void ScriptWriter::limits(std::vector<Action>& into) {
  Limits tight;
  tight.body_tasks = numbers_.between(1, 2);
  tight.child_regions = numbers_.below(2);
  tight.obligations = numbers_.between(0, 1);
  focus_ = open_region(into, root_region, Policy::CollectAll, tight);
  const TaskName task = running_task(into, focus_);
  if (numbers_.chance(50)) {
    add(into, Reserve{{next_obligation_++}, task, focus_, ObligationKind::SemaphorePermit});
  }
}

/// Ended tasks and a closed region: names that are over.
void ScriptWriter::ended_tasks(std::vector<Action>& into) {
  const RegionName region = open_region(into, root_region, Policy::CollectAll);
  const TaskName task = running_task(into, region);
  if (numbers_.chance(60)) {
    add(into, Reserve{{next_obligation_++}, task, region, ObligationKind::Lease});
    if (numbers_.chance(50)) add(into, Commit{{next_obligation_ - 1}, task});
  }
  add(into, Return{task, any_outcome(), CancelKind::User});
  if (numbers_.chance(70)) add(into, CloseRegion{region, CloseMode::Await});
}

void ScriptWriter::add_motif(std::vector<Action>& into) {
  using Motif = void (ScriptWriter::*)(std::vector<Action>&);
  static constexpr std::array<Motif, 12> motifs{&ScriptWriter::closing_region,
                                                &ScriptWriter::draining_region,
                                                &ScriptWriter::finalizing_region,
                                                &ScriptWriter::fail_fast_region,
                                                &ScriptWriter::masked_task,
                                                &ScriptWriter::cleaning_task,
                                                &ScriptWriter::held_obligations,
                                                &ScriptWriter::waiting_tasks,
                                                &ScriptWriter::tight_budgets,
                                                &ScriptWriter::deadlines,
                                                &ScriptWriter::limits,
                                                &ScriptWriter::ended_tasks};
  (this->*motifs[numbers_.below(motifs.size())])(into);
}

}  // namespace quiesce::refine
