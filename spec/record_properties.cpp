// What a step writes into rows: what new ones get, and why and since when others are cancelled. One
// function a property; the sentences stand in the table of step_properties.cpp.
#include <algorithm>

#include "spec/step_sentences.hpp"

namespace quiesce::spec {
namespace {

/// ParentCancelled, from the region above this one; when time moves, its own Deadline, too.
bool is_handed_down(const Transition& t, const Region& region, const CancelReason& reason) {
  if (reason.kind == CancelKind::ParentCancelled)
    return reason.origin == region.parent && !region.parent.is_none();
  return reason.kind == CancelKind::Deadline && reason.origin == region.name &&
         std::holds_alternative<AdvanceTime>(t.action);
}

/// The step ends a task of this region in such a way that the policy acts.
bool fails_fast(const Transition& t, RegionName region) {
  const auto* const action = std::get_if<Return>(&t.action);
  const Region* const owner = action == nullptr ? nullptr : find(t.before, region);
  const Task* const ended = owner == nullptr ? nullptr : find(t.after, action->task);
  return ended != nullptr && ended->owner == region && owner->policy == Policy::FailFast &&
         (ended->outcome.kind == OutcomeKind::Err || ended->outcome.kind == OutcomeKind::Panicked);
}

/// What a close gives the tasks of its region, or a policy; else what is handed down to the region.
[[gnu::noinline]] bool is_given_by_its_region(const Transition& t, RegionName region,
                                              const CancelReason& reason) {
  const bool is_own = reason.origin == region;
  const auto* const close = std::get_if<CloseRegion>(&t.action);
  if (close != nullptr && close->region == region)
    return is_own && reason.kind == CancelKind::ParentCancelled && close->mode == CloseMode::Cancel;
  if (fails_fast(t, region)) return is_own && reason.kind == CancelKind::FailFast;
  const Region* const row = find(t.after, region);
  return row != nullptr && is_handed_down(t, *row, reason);
}

/// A row that the step gave a reason which it does not give.
template <class Rows>
Violation wrong_reason(const Transition& t, const Rows& rows) {
  Violation fact;
  any_touched_row(t.touched, rows, [&](const auto& row) {
    if (!row.reason) return false;
    const auto* const before = find(t.before, row.name);
    if ((before != nullptr && before->reason == row.reason) || is_given(t, row, *row.reason))
      return false;
    fact = to_text(t.action) + " at time " + std::to_string(t.after.now) + " gave " +
           to_text(row.name) + " the reason " + to_text(*row.reason);
    return true;
  });
  return fact;
}

}  // namespace

// inv.budget.met_at_admission
Violation met_at_admission(const Transition& t) {
  if (!is_done(t.answer)) return std::nullopt;
  const auto fact = [&](const auto* row, const Region* region, const Budget& asked) -> Violation {
    if (row == nullptr || region == nullptr || row->budget == meet(asked, region->budget))
      return std::nullopt;
    return to_text(row->name) + " asked for budget " + to_text(asked) + " in " +
           to_text(region->name) + ", whose budget is " + to_text(region->budget) + ", and got " +
           to_text(row->budget);
  };
  if (const auto* const spawn = std::get_if<Spawn>(&t.action))
    return fact(find(t.after, spawn->name), find(t.before, spawn->region), spawn->budget);
  if (const auto* const open = std::get_if<OpenRegion>(&t.action))
    return fact(find(t.after, open->name), find(t.before, open->parent), open->budget);
  return std::nullopt;
}

// inv.finalizer.budget
Violation finalizer_budget_given(const Transition& t) {
  Violation fact;
  any_touched_row(t.touched, t.after.tasks, [&](const Task& task) {
    if (!task.is_finalizer || find(t.before, task.name) != nullptr) return false;
    if (task.budget == finalizer_budget(t.after.now)) return false;
    fact = "finalizer task " + to_text(task.name) + " starts with budget " + to_text(task.budget);
    return true;
  });
  return fact;
}

bool is_given(const Transition& t, const Task& task, const CancelReason& reason) {
  const auto is_own = [&](bool spoken_of, CancelKind kind) {
    return spoken_of && reason.kind == kind && reason.origin == task.owner;
  };
  if (reason.at_ticks != t.after.now) return false;
  if (const auto* const cancel = std::get_if<CancelTask>(&t.action))
    return is_own(cancel->task == task.name, cancel->kind);
  if (const auto* const poll = std::get_if<Poll>(&t.action))
    return is_own(poll->task == task.name, CancelKind::PollQuota);
  const auto* const cancel = std::get_if<CancelRegion>(&t.action);
  if (cancel != nullptr && cancel->region == task.owner) return is_own(true, cancel->kind);
  return is_given_by_its_region(t, task.owner, reason);
}
bool is_given(const Transition& t, const Region& region, const CancelReason& reason) {
  if (reason.at_ticks != t.after.now) return false;
  const auto* const cancel = std::get_if<CancelRegion>(&t.action);
  if (cancel != nullptr && cancel->region == region.name)
    return reason.kind == cancel->kind && reason.origin == region.name;
  return is_handed_down(t, region, reason);
}

// inv.time.stamped_now
Violation stamped_now(const Transition& t) {
  Violation fact = wrong_reason(t, t.after.tasks);
  if (!fact) fact = wrong_reason(t, t.after.regions);
  if (fact) return fact;
  any_touched_row(t.touched, t.after.obligations, [&](const Obligation& row) {
    if (row.reserved_at_ticks == t.after.now || find(t.before, row.name) != nullptr) return false;
    fact = to_text(row.name) + " was reserved at time " + std::to_string(t.after.now) +
           " and says " + std::to_string(row.reserved_at_ticks);
    return true;
  });
  return fact;
}

// inv.region.limits_as_asked
Violation limits_as_asked(const Transition& t) {
  const auto* const opens = is_done(t.answer) ? std::get_if<OpenRegion>(&t.action) : nullptr;
  const auto terms = [](const Limits& limits, Policy policy) {
    return "limits " + to_text(limits) + " and " + std::string(to_text(policy));
  };
  Violation fact;
  any_touched_row(t.touched, t.after.regions, [&](const Region& after) {
    const Region* const before = find(t.before, after.name);
    if (before == nullptr && (opens == nullptr || opens->name != after.name)) return false;
    const Limits& limits = before == nullptr ? opens->limits : before->limits;
    const Policy policy = before == nullptr ? opens->policy : before->policy;
    if (before == nullptr ? after.limits == limits && after.policy == policy
                          : keeps_its_limits(*before, after))
      return false;
    fact = to_text(after.name) + " was opened with " + terms(limits, policy) + " and has " +
           terms(after.limits, after.policy);
    return true;
  });
  return fact;
}

bool begins_its_close_as_told(const Transition& t, const Region& before, const Region& after) {
  const auto* const close = accepted<CloseRegion>(t);
  const bool is_closed = close != nullptr && close->region == before.name;
  if (before.phase != RegionPhase::Open) return true;
  if (after.phase == RegionPhase::Open) return !is_closed;
  if (!is_closed && !after.reason) return false;
  if (after.phase > RegionPhase::Draining) return true;  // it went on at once
  return (after.phase == RegionPhase::Draining) == some_live_child(t.before, before);
}

// inv.region.close_begins
Violation close_begins(const Transition& t) {
  const auto say = [&](const Region& before, const Region& after) {
    return to_text(t.action) + ", and region " + to_text(before.name) + " with " +
           (some_live_child(t.before, before) ? "a" : "no") + " live child region and " +
           (after.reason ? "a" : "no") + " reason was Open and is " +
           std::string(to_text(after.phase));
  };
  if (const auto* const close = accepted<CloseRegion>(t)) {
    const Region* const before = find(t.before, close->region);
    const Region* const after = find(t.after, close->region);
    if (before != nullptr && after != nullptr && !begins_its_close_as_told(t, *before, *after))
      return say(*before, *after);
  }
  return each_row(
      t, t.before.regions,
      [&](const Region& before, const Region& after) {
        return begins_its_close_as_told(t, before, after);
      },
      say);
}

namespace {

bool is_stacked(const Region& region, TaskName finalizer) {
  const auto& stack = region.finalizers;
  return std::find(stack.begin(), stack.end(), finalizer) != stack.end();
}

// A new row says no more than what the action asked for, and what other sentences speak of.
bool is_as_asked(const Transition& t, const Task& row) {
  if (row.is_finalizer) {
    const Region* const owner = find(t.before, row.owner);
    return owner != nullptr && is_stacked(*owner, row.name) &&
           row == Task{.name = row.name,
                       .owner = row.owner,
                       .is_finalizer = true,
                       .budget = row.budget};
  }
  const auto* const spawn = accepted<Spawn>(t);
  return spawn != nullptr &&
         row == Task{.name = spawn->name, .owner = spawn->region, .budget = row.budget};
}
bool is_as_asked(const Transition& t, const Region& row) {
  const auto* const open = accepted<OpenRegion>(t);
  return open != nullptr && row == Region{.name = open->name,
                                          .parent = open->parent,
                                          .policy = row.policy,
                                          .budget = row.budget,
                                          .limits = row.limits};
}
bool is_as_asked(const Transition& t, const Obligation& row) {
  const auto* const reserve = accepted<Reserve>(t);
  return reserve != nullptr && row == Obligation{.name = reserve->name,
                                                 .kind = reserve->kind,
                                                 .holder = reserve->holder,
                                                 .region = reserve->region,
                                                 .reserved_at_ticks = row.reserved_at_ticks};
}

/// A new row that nobody asked for, or that is another than was asked for.
template <class Rows, class OldRows>
Violation unasked(const Transition& t, const Rows& rows, const OldRows& old) {
  Violation fact;
  any_touched_row(t.touched, rows, [&](const auto& row) {
    if (row_of(old, row.name) != nullptr || is_as_asked(t, row)) return false;
    fact = to_text(t.action) + " made a row " + to_text(row.name) + " that it did not ask for";
    return true;
  });
  return fact;
}

/// The name that the action brings, if it does not stand where it was asked for.
std::optional<std::string> brought_in_vain(const Transition& t) {
  const auto unless = [](const auto* row, auto name) -> std::optional<std::string> {
    if (row != nullptr) return std::nullopt;
    return to_text(name);
  };
  if (const auto* const spawn = accepted<Spawn>(t))
    return unless(find(t.after, spawn->name), spawn->name);
  if (const auto* const open = accepted<OpenRegion>(t))
    return unless(find(t.after, open->name), open->name);
  if (const auto* const reserve = accepted<Reserve>(t))
    return unless(find(t.after, reserve->name), reserve->name);
  const auto* const defer = accepted<DeferFinalizer>(t);
  const Region* const region = defer == nullptr ? nullptr : find(t.after, defer->region);
  if (region == nullptr) return std::nullopt;
  return unless(is_stacked(*region, defer->name) ? region : nullptr, defer->name);
}

}  // namespace

bool grows_its_stack_as_asked(const Transition& t, const Region& before, const Region& after) {
  if (after.finalizers.size() <= before.finalizers.size()) return true;
  const auto* const defer = accepted<DeferFinalizer>(t);
  return defer != nullptr && defer->region == before.name &&
         after.finalizers.size() == before.finalizers.size() + 1;
}

// inv.ownership.enters_as_asked
Violation enters_as_asked(const Transition& t) {
  if (const auto name = brought_in_vain(t))
    return to_text(t.action) + " was accepted and " + *name + " is not there";
  Violation fact = unasked(t, t.after.tasks, t.before.tasks);
  if (!fact) fact = unasked(t, t.after.regions, t.before.regions);
  if (!fact) fact = unasked(t, t.after.obligations, t.before.obligations);
  if (fact) return fact;
  return each_row(
      t, t.before.regions,
      [&](const Region& before, const Region& after) {
        return grows_its_stack_as_asked(t, before, after);
      },
      [&](const Region& before, const Region& after) {
        return to_text(t.action) + " put " + to_text(after.finalizers.back()) +
               " on the stack of " + to_text(before.name);
      });
}

}  // namespace quiesce::spec
