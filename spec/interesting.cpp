#include "spec/interesting.hpp"

#include <range/v3/algorithm/any_of.hpp>

namespace quiesce::spec {
namespace {

template <class Rows, class Test>
bool some_row_changes(const Transition& t, const Rows& rows, Test test) {
  return any_touched_row(t.touched, rows, [&](const auto& before) {
    const auto* const now = find(t.after, before.name);
    return now != nullptr && test(before, *now);
  });
}

bool both_bind(const Budget& asked, const Region* region) {
  return region != nullptr && !(meet(asked, region->budget) == asked) &&
         !(meet(asked, region->budget) == region->budget);
}

}  // namespace

bool some_live_child(const State& s, const Region& region) {
  return ranges::any_of(s.regions, [&](const Region& child) {
    return child.parent == region.name && is_live(child);
  });
}

bool recovers(const State& s) {
  const LeakPolicy& policy = s.leak_policy;
  return policy.response == LeakResponse::Recover &&
         (policy.escalate_after == 0 || s.leak_count < policy.escalate_after);
}

Names<ObligationName> leaks_of(const Transition& t) {
  Names<ObligationName> leaks;
  if (!std::holds_alternative<Return>(t.action) || !is_done(t.answer)) return leaks;
  const TaskName holder = std::get<Return>(t.action).task;
  const Task* const ended = find(t.after, holder);
  if (ended == nullptr || ended->outcome.kind == OutcomeKind::Cancelled) return leaks;
  for (const Obligation& before : t.before.obligations) {
    if (before.holder == holder && is_reserved(before)) leaks.push_back(before.name);
  }
  return leaks;
}

const Task* deferring_task(const Transition& t) {
  const auto* const checkpoint = std::get_if<Checkpoint>(&t.action);
  if (checkpoint == nullptr) return nullptr;
  const Task* const task = find(t.before, checkpoint->task);
  return task != nullptr && task->phase == TaskPhase::CancelRequested ? task : nullptr;
}

// Of states.
bool some_region_finalizing(const State& s) {
  return ranges::any_of(
      s.regions, [](const Region& region) { return region.phase == RegionPhase::Finalizing; });
}
bool some_child_region(const State& s) {
  return s.regions.size() > 1;
}
bool some_live_task(const State& s) {
  return ranges::any_of(s.tasks, [](const Task& t) { return is_live(t); });
}
bool closing_with_live_task(const State& s) {
  return ranges::any_of(s.regions, [&](const Region& region) {
    return region.phase != RegionPhase::Open && is_live(region) && !region.tasks.empty();
  });
}
bool closed_that_had_a_task(const State& s) {
  return ranges::any_of(s.regions, [&](const Region& region) {
    return !is_live(region) &&
           ranges::any_of(s.tasks, [&](const Task& t) { return t.owner == region.name; });
  });
}
bool closed_that_had_an_obligation(const State& s) {
  return ranges::any_of(s.obligations, [&](const Obligation& obligation) {
    const Region* const region = find(s, obligation.region);
    return region != nullptr && !is_live(*region);
  });
}
bool child_with_deadline(const State& s) {
  return ranges::any_of(s.regions, [](const Region& region) {
    return !region.parent.is_none() && region.budget.deadline_ticks != never;
  });
}
bool some_limit_reached(const State& s) {
  return ranges::any_of(s.regions, [&](const Region& region) {
    return is_live(region) && (region.children.size() == region.limits.child_regions ||
                               region.tasks.size() == region.limits.body_tasks ||
                               region.pending_obligations == region.limits.obligations);
  });
}
bool cancelled_with_live_child(const State& s) {
  return ranges::any_of(
      s.regions, [&](const Region& region) { return region.reason && some_live_child(s, region); });
}
bool cancelled_with_live_body(const State& s) {
  return ranges::any_of(s.tasks, [&](const Task& task) {
    const Region* const owner = find(s, task.owner);
    return is_live(task) && is_body(task) && owner != nullptr && owner->reason;
  });
}
bool some_cancelled_completed(const State& s) {
  return ranges::any_of(s.tasks, [](const Task& task) { return !is_live(task) && task.reason; });
}
bool some_cancelled_live(const State& s) {
  return ranges::any_of(s.tasks, [](const Task& task) { return is_live(task) && task.reason; });
}
bool some_masked(const State& s) {
  return ranges::any_of(s.tasks, [](const Task& task) { return task.mask_units > 0; });
}
bool some_reserved(const State& s) {
  return ranges::any_of(s.obligations, is_reserved);
}
bool some_leaked(const State& s) {
  return s.leak_count > 0;
}
bool some_recovered(const State& s) {
  return recovers(s) && s.leak_count > 0;
}
bool some_bound_below(const State& s) {
  const auto is_bound = [&s](RegionName name) {
    const Region* const region = find(s, name);
    return region != nullptr && !(region->budget == no_budget);
  };
  return ranges::any_of(s.tasks, [&](const Task& task) {
    return is_live(task) && is_body(task) && is_bound(task.owner);
  });
}
bool some_reason_from_above(const State& s) {
  return ranges::any_of(s.regions, [](const Region& region) {
    return region.reason && region.reason->origin != region.name;
  });
}
bool some_stamp(const State& s) {
  return ranges::any_of(
      s.obligations, [](const Obligation& obligation) { return obligation.reserved_at_ticks > 0; });
}
bool another_after_a_panic(const State& s) {
  return ranges::any_of(s.tasks, [&](const Task& task) {
    return task.is_finalizer && task.outcome.kind == OutcomeKind::Panicked &&
           ranges::any_of(s.tasks, [&](const Task& other) {
             return other.is_finalizer && is_live(other) && other.owner == task.owner;
           });
  });
}
bool some_finalizer_live(const State& s) {
  return ranges::any_of(s.tasks,
                        [](const Task& task) { return task.is_finalizer && is_live(task); });
}
bool closed_after_finalizers(const State& s) {
  return ranges::any_of(s.tasks, [&](const Task& task) {
    const Region* const owner = find(s, task.owner);
    return task.is_finalizer && owner != nullptr && !is_live(*owner);
  });
}
bool finalizer_in_cancelled_region(const State& s) {
  return ranges::any_of(s.tasks, [&](const Task& task) {
    const Region* const owner = find(s, task.owner);
    return task.is_finalizer && is_live(task) && owner != nullptr && owner->reason;
  });
}
bool completed_holder(const State& s) {
  return ranges::any_of(s.obligations, [&](const Obligation& obligation) {
    const Task* const holder = find(s, obligation.holder);
    return holder != nullptr && !is_live(*holder);
  });
}
bool some_waiter(const State& s) {
  return ranges::any_of(s.tasks, [](const Task& task) { return !task.waiters.empty(); });
}
bool some_failed_child(const State& s) {
  return ranges::any_of(s.regions, [&](const Region& region) {
    const Region* const parent = find(s, region.parent);
    return parent != nullptr && !is_live(region) && region.outcome > parent->outcome;
  });
}
bool some_cancelled_region(const State& s) {
  return ranges::any_of(s.regions, [](const Region& region) { return region.reason.has_value(); });
}

// Of steps.
bool a_task_moves(const Transition& t) {
  return some_row_changes(t, t.before.tasks,
                          [](const Task& b, const Task& a) { return b.phase != a.phase; });
}
bool a_region_moves(const Transition& t) {
  return some_row_changes(t, t.before.regions,
                          [](const Region& b, const Region& a) { return b.phase != a.phase; });
}
bool a_terminal_row_stands(const Transition& t) {
  return is_done(t.answer) &&
         ranges::any_of(t.before.tasks, [](const Task& task) { return !is_live(task); });
}
bool an_obligation_resolves(const Transition& t) {
  return some_row_changes(t, t.before.obligations, [](const Obligation& b, const Obligation& a) {
    return b.phase != a.phase;
  });
}
bool a_late_resolution(const Transition& t) {
  return (std::holds_alternative<Commit>(t.action) || std::holds_alternative<Abort>(t.action)) &&
         t.answer == refused(Guard::RegionNotClosed);
}
bool a_holder_completes(const Transition& t) {
  return std::holds_alternative<Return>(t.action) && an_obligation_resolves(t);
}
bool a_leak_is_found(const Transition& t) {
  return !leaks_of(t).empty();
}
bool an_early_second_resolution(const Transition& t) {
  return (std::holds_alternative<Commit>(t.action) || std::holds_alternative<Abort>(t.action)) &&
         t.answer == refused(Guard::ObligationReserved);
}
bool a_reserved_row_stands(const Transition& t) {
  return is_done(t.answer) && ranges::any_of(t.before.obligations, is_reserved);
}
bool a_budget_is_met(const Transition& t) {
  if (!is_done(t.answer)) return false;
  if (const auto* const spawn = std::get_if<Spawn>(&t.action))
    return both_bind(spawn->budget, find(t.before, spawn->region));
  const auto* const open = std::get_if<OpenRegion>(&t.action);
  return open != nullptr && both_bind(open->budget, find(t.before, open->parent));
}
bool a_second_request(const Transition& t) {
  if (!std::holds_alternative<CancelTask>(t.action) &&
      !std::holds_alternative<CancelRegion>(t.action))
    return false;
  return ranges::any_of(t.before.tasks,
                        [](const Task& task) { return is_live(task) && task.reason; });
}
bool a_budget_changes(const Transition& t) {
  return some_row_changes(t, t.before.tasks, [](const Task& b, const Task& a) {
    return is_live(a) && !(b.budget == a.budget);
  });
}
bool a_masked_task_is_cancelled(const Transition& t) {
  return ranges::any_of(t.before.tasks,
                        [](const Task& task) { return task.mask_units > 0 && task.reason; });
}
bool a_masked_task_comes_to_a_checkpoint(const Transition& t) {
  const Task* const task = deferring_task(t);
  return task != nullptr && task->mask_units > 0;
}
bool an_admission_is_refused(const Transition& t) {
  return t.answer == refused(Guard::RegionOpen);
}
bool a_finalizer_starts(const Transition& t) {
  return some_row_changes(t, t.before.regions, [](const Region& b, const Region& a) {
    return a.finalizing && a.finalizing != b.finalizing;
  });
}
bool a_policy_acts(const Transition& t) {
  const auto* const ended = std::get_if<Return>(&t.action);
  const Task* const task = ended == nullptr ? nullptr : find(t.before, ended->task);
  const Region* const region = task == nullptr ? nullptr : find(t.before, task->owner);
  if (region == nullptr || region->policy != Policy::FailFast || !is_done(t.answer)) return false;
  return ended->outcome == OutcomeKind::Panicked && is_body(*task) &&
         ranges::any_of(t.before.tasks, [&](const Task& sibling) {
           return sibling.owner == region->name && is_live(sibling) && is_body(sibling) &&
                  sibling.name != ended->task;
         });
}
bool a_close_cancels(const Transition& t) {
  const auto* const close = std::get_if<CloseRegion>(&t.action);
  return close != nullptr && close->mode == CloseMode::Cancel && is_done(t.answer) &&
         ranges::any_of(t.before.tasks, [&](const Task& task) {
           return task.owner == close->region && is_live(task);
         });
}
bool a_region_expires(const Transition& t) {
  return std::holds_alternative<AdvanceTime>(t.action) && is_done(t.answer) &&
         ranges::any_of(t.before.regions, [&](const Region& region) {
           return is_live(region) && region.budget.deadline_ticks <= t.after.now;
         });
}
bool a_quota_is_used_up(const Transition& t) {
  return t.answer == done_with(PollExhausted{});
}
bool a_promise_is_taken_back(const Transition& t) {
  return std::holds_alternative<Abort>(t.action) && is_done(t.answer);
}
bool a_cleanup_ends(const Transition& t) {
  return std::holds_alternative<CleanupDone>(t.action) && is_done(t.answer);
}
bool a_close_begins_above_a_child(const Transition& t) {
  return some_row_changes(t, t.before.regions, [](const Region& b, const Region& a) {
    return b.phase == RegionPhase::Open && a.phase == RegionPhase::Draining;
  });
}
bool something_enters_below(const Transition& t) {
  const auto is_below = [](RegionName region) { return region != root_region; };
  if (!is_done(t.answer)) return false;
  if (const auto* const spawn = std::get_if<Spawn>(&t.action)) return is_below(spawn->region);
  if (const auto* const open = std::get_if<OpenRegion>(&t.action)) return is_below(open->parent);
  if (const auto* const reserve = std::get_if<Reserve>(&t.action)) return is_below(reserve->region);
  const auto* const defer = std::get_if<DeferFinalizer>(&t.action);
  return defer != nullptr && is_below(defer->region);
}
bool a_stamp_differs(const Transition& t) {
  if (t.after.now == 0) return false;
  const auto records = [](const auto& b, const auto& a) {
    return a.reason && b.reason != a.reason;
  };
  return t.after.obligations.size() > t.before.obligations.size() ||
         some_row_changes(t, t.before.tasks, records) ||
         some_row_changes(t, t.before.regions, records);
}
bool a_region_has_limits_of_its_own(const Transition& t) {
  const auto* const open = std::get_if<OpenRegion>(&t.action);
  const Region* const parent = open == nullptr ? nullptr : find(t.before, open->parent);
  return parent != nullptr && is_done(t.answer) && !(open->limits == parent->limits);
}
bool a_waiter_is_served(const Transition& t) {
  const auto* const ended = std::get_if<Return>(&t.action);
  const Task* const task = ended == nullptr ? nullptr : find(t.before, ended->task);
  return task != nullptr && is_done(t.answer) && !task->waiters.empty();
}
bool a_mask_is_entered(const Transition& t) {
  return std::holds_alternative<EnterMask>(t.action) && is_done(t.answer);
}
bool a_return_is_overruled(const Transition& t) {
  const auto* const ended = std::get_if<Return>(&t.action);
  const Task* const task = ended == nullptr ? nullptr : find(t.before, ended->task);
  return task != nullptr && is_done(t.answer) && task->reason && ended->outcome == OutcomeKind::Ok;
}
bool a_cancel_is_acknowledged(const Transition& t) {
  const auto* const looks = std::get_if<Checkpoint>(&t.action);
  const Task* const after = looks == nullptr ? nullptr : find(t.after, looks->task);
  return after != nullptr && is_done(t.answer) && after->phase == TaskPhase::Cancelling &&
         find(t.before, looks->task)->phase == TaskPhase::CancelRequested;
}
bool a_refusal(const Transition& t) {
  return !is_done(t.answer);
}
bool time_moves(const Transition& t) {
  return t.after.now != t.before.now;
}

}  // namespace quiesce::spec
