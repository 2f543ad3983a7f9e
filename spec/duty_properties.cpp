// What a step must do. One function a property; the sentences stand in the table of
// step_properties.cpp, beside those of what a step must keep.
#include <algorithm>

#include "spec/step_sentences.hpp"

namespace quiesce::spec {
namespace {

bool is_at_least(const std::optional<CancelReason>& recorded, const CancelReason& given) {
  return recorded && !(given > *recorded);
}

template <class Row>
std::string not_reached(const Row& row, const CancelReason& reason) {
  return to_text(row.name) + " was to be cancelled for " + to_text(reason) + " and " +
         (row.reason ? "is for " + to_text(*row.reason) : std::string("is not"));
}

/// A cancel reaches the live body tasks of a region, but for one, and its live child regions.
Violation someone_unreached(const Transition& t, const Region& region, const CancelReason& reason,
                            TaskName except = TaskName::none()) {
  for (const Task& task : t.before.tasks) {
    if (task.owner != region.name || !is_live(task) || !is_body(task) || task.name == except)
      continue;
    const Task* const after = find(t.after, task.name);
    if (after != nullptr && !is_at_least(after->reason, reason)) return not_reached(*after, reason);
  }
  const CancelReason handed_down{CancelKind::ParentCancelled, t.after.now, region.name};
  for (const Region& child : t.before.regions) {
    if (child.parent != region.name || !is_live(child)) continue;
    const Region* const after = find(t.after, child.name);
    if (after != nullptr && !is_at_least(after->reason, handed_down))
      return not_reached(*after, handed_down);
  }
  return std::nullopt;
}

std::string answers(const Transition& t) {
  return to_text(t.action) + " answers " + to_text(t.answer);
}

}  // namespace

// inv.policy.fail_fast
Violation policy_acts(const Transition& t) {
  const auto* const action = accepted<Return>(t);
  const Task* const ended = action == nullptr ? nullptr : find(t.after, action->task);
  if (ended == nullptr || !is_body(*ended)) return std::nullopt;
  const Region* const region = find(t.before, ended->owner);
  const bool failed =
      ended->outcome.kind == OutcomeKind::Err || ended->outcome.kind == OutcomeKind::Panicked;
  if (!failed || region == nullptr || region->policy != Policy::FailFast) return std::nullopt;
  return someone_unreached(t, *region, {CancelKind::FailFast, t.after.now, region->name},
                           ended->name);
}

// inv.region.close_hands_down
Violation close_hands_down(const Transition& t) {
  const auto* const action = accepted<CloseRegion>(t);
  const Region* const region = action == nullptr ? nullptr : find(t.before, action->region);
  const Region* const after = region == nullptr ? nullptr : find(t.after, action->region);
  if (after == nullptr) return std::nullopt;
  if (after->reason != region->reason)
    return "region " + to_text(region->name) + " was closed and its own reason changed";
  if (action->mode != CloseMode::Cancel) return std::nullopt;
  return someone_unreached(t, *region, {CancelKind::ParentCancelled, t.after.now, region->name});
}

// inv.time.expires: an internal rule stands as a step of time that does not tell the time.
Violation expires(const Transition& t) {
  const auto* const action = accepted<AdvanceTime>(t);
  if (action == nullptr || action->to_ticks != t.after.now) return std::nullopt;
  for (const Region& region : t.before.regions) {
    if (!is_live(region) || region.budget.deadline_ticks == never ||
        region.budget.deadline_ticks > t.after.now)
      continue;
    const CancelReason late{CancelKind::Deadline, t.after.now, region.name};
    const Region* const after = find(t.after, region.name);
    if (after != nullptr && !is_at_least(after->reason, late)) return not_reached(*after, late);
  }
  return std::nullopt;
}

// inv.budget.poll_pays
Violation poll_pays(const Transition& t) {
  const auto* const action = accepted<Poll>(t);
  const Task* const before = action == nullptr ? nullptr : find(t.before, action->task);
  const Task* const after = before == nullptr ? nullptr : find(t.after, action->task);
  if (after == nullptr) return std::nullopt;
  const std::uint32_t quota = before->budget.poll_quota;
  if ((quota == 0) != (answered<PollExhausted>(t) != nullptr))
    return answers(t) + " although its quota is " + std::to_string(quota);
  if (quota == 0) {
    const CancelReason spent{CancelKind::PollQuota, t.after.now, before->owner};
    if (is_body(*before) && !is_at_least(after->reason, spent)) return not_reached(*after, spent);
  } else if (after->budget.poll_quota != (quota == unlimited ? unlimited : quota - 1)) {
    return "a poll of " + to_text(before->name) + " took its quota from " + std::to_string(quota) +
           " to " + std::to_string(after->budget.poll_quota);
  }
  return std::nullopt;
}

// inv.join.handed_over
Violation handed_over(const Transition& t) {
  if (const auto* const join = accepted<Join>(t)) {
    const Task* const target = find(t.before, join->target);
    const Task* const after = target == nullptr ? nullptr : find(t.after, join->target);
    if (after == nullptr) return std::nullopt;
    if (!is_live(*target)) {
      const auto* const ready = answered<Ready>(t);
      if (ready != nullptr && ready->outcome == target->outcome) return std::nullopt;
      return answers(t) + " although " + to_text(target->name) + " ended " +
             to_text(target->outcome);
    }
    const auto& waiters = after->waiters;
    if (std::find(waiters.begin(), waiters.end(), join->joiner) != waiters.end() &&
        answered<Registered>(t) != nullptr)
      return std::nullopt;
    return answers(t) + " and " + to_text(join->joiner) + " does not wait for " +
           to_text(target->name);
  }
  const auto* const action = accepted<Return>(t);
  const Task* const ended = action == nullptr ? nullptr : find(t.before, action->task);
  if (ended == nullptr) return std::nullopt;
  for (const TaskName waiter : ended->waiters) {
    const Task* const before = find(t.before, waiter);
    const Task* const after = find(t.after, waiter);
    if (before == nullptr || after == nullptr || after->joins_ready == before->joins_ready + 1)
      continue;
    return to_text(waiter) + " waited for " + to_text(ended->name) + " and was handed " +
           std::to_string(after->joins_ready - before->joins_ready) + " results";
  }
  return std::nullopt;
}

bool is_about_its_mask(const Action& action, TaskName task) {
  const auto is_own = [task](const auto* taken) { return taken != nullptr && taken->task == task; };
  return is_own(std::get_if<EnterMask>(&action)) || is_own(std::get_if<LeaveMask>(&action)) ||
         is_own(std::get_if<Checkpoint>(&action)) || is_own(std::get_if<Return>(&action));
}

// inv.mask.as_asked
Violation mask_as_asked(const Transition& t) {
  const auto is_now = [&](TaskName task, unsigned asked) -> Violation {
    const Task* const after = find(t.after, task);
    if (after == nullptr || after->mask_units == asked) return std::nullopt;
    return answers(t) + " and the mask of " + to_text(task) + " is " +
           std::to_string(after->mask_units);
  };
  Violation fact;
  if (const auto* const enters = accepted<EnterMask>(t)) fact = is_now(enters->task, enters->units);
  if (const auto* const leaves = accepted<LeaveMask>(t)) fact = is_now(leaves->task, 0);
  any_touched_row(t.touched, t.before.tasks, [&](const Task& before) {
    const Task* const after = find(t.after, before.name);
    if (after == nullptr || after->mask_units == before.mask_units ||
        is_about_its_mask(t.action, before.name))
      return false;
    fact = to_text(t.action) + " changed the mask of " + to_text(before.name) + " from " +
           std::to_string(before.mask_units) + " to " + std::to_string(after->mask_units);
    return true;
  });
  return fact;
}

// inv.outcome.recorded
Violation outcome_recorded(const Transition& t) {
  const auto* const action = accepted<Return>(t);
  const Task* const before = action == nullptr ? nullptr : find(t.before, action->task);
  const Task* const after = before == nullptr ? nullptr : find(t.after, action->task);
  if (after == nullptr) return std::nullopt;
  const Outcome& outcome = after->outcome;
  const bool right = [&] {
    if (is_live(*after)) return false;
    if (action->outcome == OutcomeKind::Panicked) return outcome == Outcome::panicked();
    if (action->outcome == OutcomeKind::Cancelled) {
      const CancelReason returned{action->kind, t.after.now, before->owner};
      return outcome ==
             Outcome::cancelled(is_at_least(before->reason, returned) ? *before->reason : returned);
    }
    if (before->reason) return outcome == Outcome::cancelled(*before->reason);
    return outcome == (action->outcome == OutcomeKind::Ok ? Outcome::ok() : Outcome::err());
  }();
  if (right) return std::nullopt;
  return to_text(*action) + " ended " + to_text(outcome) + ", cancelled for " +
         (before->reason ? to_text(*before->reason) : std::string("nothing"));
}

// inv.answer.tells
Violation answer_tells(const Transition& t) {
  const auto unless = [&](bool right) -> Violation {
    if (right) return std::nullopt;
    return answers(t) + ", which is not what it did";
  };
  const auto tells_change = [&](const auto* before, const auto* after) -> Violation {
    if (before == nullptr || after == nullptr) return std::nullopt;
    const auto* const said = answered<Changed>(t);
    return unless(said != nullptr && said->changed == (before->reason != after->reason));
  };
  if (const auto* const cancel = accepted<CancelTask>(t))
    return tells_change(find(t.before, cancel->task), find(t.after, cancel->task));
  if (const auto* const cancel = accepted<CancelRegion>(t))
    return tells_change(find(t.before, cancel->region), find(t.after, cancel->region));
  if (const auto* const ended = accepted<Return>(t)) {
    const Task* const after = find(t.after, ended->task);
    const auto* const completed = answered<Completed>(t);
    const auto* const panic = answered<LeakPanic>(t);
    if (after == nullptr) return std::nullopt;
    return unless((completed != nullptr && completed->outcome == after->outcome) ||
                  (panic != nullptr && panic->outcome == after->outcome));
  }
  const auto* const looks = accepted<Checkpoint>(t);
  const Task* const before = looks == nullptr ? nullptr : find(t.before, looks->task);
  const Task* const after = before == nullptr ? nullptr : find(t.after, looks->task);
  if (after == nullptr) return std::nullopt;
  const bool stays = after->phase == before->phase;
  switch (before->phase) {
    case TaskPhase::Running: return unless(stays && answered<Continue>(t) != nullptr);
    case TaskPhase::Cancelling:
    case TaskPhase::Finalizing: return unless(stays && answered<CancelPending>(t) != nullptr);
    case TaskPhase::CancelRequested: break;
    case TaskPhase::Created:
    case TaskPhase::Completed: return unless(false);
  }
  if (stays) return unless(answered<Continue>(t) != nullptr);
  const auto* const said = answered<Acknowledged>(t);
  return unless(said != nullptr && before->reason == said->reason);
}

// inv.cancel.recorded
Violation cancel_recorded(const Transition& t) {
  const auto unless = [](const auto* row, const CancelReason& given) -> Violation {
    if (row == nullptr || is_at_least(row->reason, given)) return std::nullopt;
    return not_reached(*row, given);
  };
  if (const auto* const cancel = accepted<CancelRegion>(t))
    return unless(find(t.after, cancel->region), {cancel->kind, t.after.now, cancel->region});
  const auto* const cancel = accepted<CancelTask>(t);
  const Task* const after = cancel == nullptr ? nullptr : find(t.after, cancel->task);
  if (after == nullptr) return std::nullopt;
  return unless(after, {cancel->kind, t.after.now, after->owner});
}

bool is_moved_as_told(const Transition& t, const Task& before, const Task& after) {
  const auto is_own = [&](const auto* action) {
    return action != nullptr && action->task == before.name;
  };
  switch (after.phase) {
    case TaskPhase::Created: return false;
    case TaskPhase::Running: return is_own(accepted<Start>(t));
    case TaskPhase::CancelRequested: return after.reason.has_value();
    case TaskPhase::Cancelling: return is_own(accepted<Checkpoint>(t));
    case TaskPhase::Finalizing: return is_own(accepted<CleanupDone>(t));
    case TaskPhase::Completed: return is_own(accepted<Return>(t));
  }
  return false;
}

// inv.task.moves_as_told
Violation moves_as_told(const Transition& t) {
  const auto unless_in = [&](TaskName name, TaskPhase phase) -> Violation {
    const Task* const task = find(t.after, name);
    if (task == nullptr || task->phase == phase) return std::nullopt;
    return answers(t) + " and task " + to_text(name) + " is " + std::string(to_text(task->phase));
  };
  Violation fact;
  if (const auto* const start = accepted<Start>(t))
    fact = unless_in(start->task, TaskPhase::Running);
  if (const auto* const cleaned = accepted<CleanupDone>(t))
    fact = unless_in(cleaned->task, TaskPhase::Finalizing);
  if (fact) return fact;
  return each_row(
      t, t.before.tasks,
      [&](const Task& before, const Task& after) {
        return before.phase == after.phase || is_moved_as_told(t, before, after);
      },
      [&](const Task& before, const Task& after) {
        return to_text(t.action) + ", and " +
               was_and_is("task " + to_text(before.name), to_text(before.phase),
                          to_text(after.phase));
      });
}

}  // namespace quiesce::spec
