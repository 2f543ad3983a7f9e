// Crowds: deep and wide trees, long lists, many promises and waiters, and their end. Faults that
// begin with the fifth of a kind, or with a table that grows, are met here only.
#include <algorithm>

#include "models/refine/script_writer.hpp"

namespace quiesce::refine {
namespace {

/// How a crowd grows: each number is of all of its kind.
struct Size {
  std::uint32_t regions;
  std::uint32_t tasks;
  std::uint32_t joins;
  std::uint32_t obligations;
  std::uint32_t finalizers;
};

}  // namespace

/// The youngest region, the one in focus, or any.
RegionName ScriptWriter::somewhere(std::uint32_t percent_youngest) {
  if (numbers_.chance(percent_youngest)) return state_.regions.back().name;
  if (numbers_.chance(50)) return focus_;
  return state_.regions[numbers_.below(state_.regions.size())].name;
}

TaskName ScriptWriter::somebody() {
  return state_.tasks[numbers_.below(state_.tasks.size())].name;
}

/// One task is the hub: most joins are of it or by it, and most promises are its own.
void ScriptWriter::gather_around(std::vector<Action>& into, TaskName hub, std::uint32_t joins,
                                 std::uint32_t obligations) {
  for (std::uint32_t i = 0; i < joins; ++i) {
    const TaskName other = somebody();
    const bool waits = numbers_.chance(60);
    const TaskName target = numbers_.chance(80) ? hub : somebody();
    add(into, waits ? Join{other, target} : Join{target, other});
  }
  for (std::uint32_t i = 0; i < obligations; ++i) {
    const TaskName holder = numbers_.chance(75) ? hub : somebody();
    const RegionName owner = spec::find(std::as_const(state_), holder)->owner;
    const auto kind = static_cast<ObligationKind>(numbers_.below(obligation_kind_count));
    add(into, Reserve{{next_obligation_++}, holder, owner, kind});
  }
}

void ScriptWriter::add_crowd(std::vector<Action>& into, std::uint32_t scale) {
  const Size size{.regions = scale * numbers_.between(0, 11),
                  .tasks = scale * numbers_.between(1, 16),
                  .joins = scale * numbers_.below(15),
                  .obligations = scale * numbers_.below(11),
                  .finalizers = scale * numbers_.below(9)};
  const std::uint32_t depth = numbers_.between(0, 100);  // percent of children of the youngest
  for (std::uint32_t i = 0; i < size.regions; ++i) {
    const Policy policy = numbers_.chance(30) ? Policy::FailFast : Policy::CollectAll;
    open_region(into, somewhere(depth), policy, {}, numbers_.chance(20) ? any_budget() : Budget{});
  }
  focus_ = somewhere(depth);
  for (std::uint32_t i = 0; i < size.tasks; ++i) {
    const RegionName region = numbers_.chance(60) ? focus_ : somewhere(depth);
    const TaskName task = spawn(into, region, numbers_.chance(15) ? any_budget() : Budget{});
    if (numbers_.chance(70)) add(into, Start{task});
  }
  gather_around(into, somebody(), size.joins, size.obligations);
  for (std::uint32_t i = 0; i < size.finalizers; ++i) {
    const RegionName region = numbers_.chance(75) ? focus_ : somewhere(depth);
    add(into, DeferFinalizer{{next_task_++}, region});
  }
}

/// The region closes or is cancelled, and all tasks end, one after the other in any order; often
/// another one enters in between, into a slot that was used before.
void ScriptWriter::wind_down(std::vector<Action>& into, std::uint32_t scale) {
  const RegionName region = numbers_.chance(70) ? focus_ : root_region;
  if (numbers_.chance(40)) {
    add(into, CancelRegion{region, any_kind()});
  } else if (numbers_.chance(80)) {
    add(into, CloseRegion{region, numbers_.chance(60) ? CloseMode::Await : CloseMode::Cancel});
  }
  for (std::uint32_t left = 40 * scale; left > 0; --left) {
    boost::container::small_vector<TaskName, 16> live;
    for (const spec::Task& row : state_.tasks) {
      if (spec::is_live(row)) live.push_back(row.name);
    }
    if (live.empty()) return;
    const TaskName task = live[numbers_.below(live.size())];
    if (numbers_.chance(20)) {
      add_any(into);
    } else if (spec::find(std::as_const(state_), task)->phase == TaskPhase::Created) {
      add(into, Start{task});
    } else {
      add(into, Return{task, any_outcome(), CancelKind::User});
    }
  }
}

/// A task with what a finalizer or a clean-up may spend, polled until nothing is left.
void ScriptWriter::spend_polls(std::vector<Action>& into) {
  TaskName task = running_task(into, focus_);
  if (numbers_.chance(50)) {
    focus_ = open_region(into, root_region, Policy::CollectAll);
    task = {next_task_++};
    add(into, DeferFinalizer{task, focus_});
    add(into, CloseRegion{focus_, CloseMode::Await});
    add(into, Start{task});
  } else {
    add(into, CancelTask{task, any_kind()});
  }
  for (std::uint32_t left = 102; left > 0; --left) {
    add(into, Poll{task});
    if (spec::find(std::as_const(state_), task)->budget.poll_quota == 0) left = std::min(left, 3U);
  }
}

/// Of one kind, so that all of them live in one slot.
void ScriptWriter::add_lives(std::vector<Action>& into, std::uint32_t lives) {
  const std::uint32_t kind = numbers_.below(4);
  if (kind == 3) return spend_polls(into);
  const TaskName holder = running_task(into, root_region);
  for (std::uint32_t life = 0; life < lives; ++life) {
    if (kind == 0) {
      const RegionName region = open_region(into, root_region, Policy::CollectAll);
      add(into, CloseRegion{region, CloseMode::Await});
    } else if (kind == 1) {
      const TaskName task = running_task(into, root_region);
      add(into, Return{task, any_outcome(), CancelKind::User});
    } else {
      const ObligationName obligation{next_obligation_++};
      add(into, Reserve{obligation, holder, root_region, ObligationKind::Lease});
      add(into, Commit{obligation, holder});
    }
  }
}

}  // namespace quiesce::refine
