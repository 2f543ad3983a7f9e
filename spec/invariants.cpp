// What is true of every settled state. One function an invariant, its sentence in the table at the
// end.
#include "spec/invariants.hpp"

#include <algorithm>
#include <array>
#include <range/v3/algorithm/all_of.hpp>
#include <range/v3/algorithm/any_of.hpp>
#include <range/v3/algorithm/contains.hpp>
#include <range/v3/algorithm/count_if.hpp>
#include <range/v3/view/filter.hpp>
#include <utility>

#include "spec/interesting.hpp"
#include "spec/step.hpp"

namespace quiesce::spec {
namespace {

std::string region_is(const Region& region) {
  return "region " + to_text(region.name) + " is " + std::string(to_text(region.phase));
}
std::string task_is(const Task& task) {
  return "task " + to_text(task.name) + " is " + std::string(to_text(task.phase));
}
std::string obligation_is(const Obligation& obligation) {
  return "obligation " + to_text(obligation.name) + " is " + std::string(to_text(obligation.phase));
}

/// Region `below` is `above` or stands below it; a broken parent chain stands below nothing.
bool is_in_subtree(const State& s, RegionName below, RegionName above) {
  for (std::size_t steps = 0; steps <= s.regions.size(); ++steps) {
    if (below == above) return true;
    const Region* const region = find(s, below);
    if (region == nullptr || region->parent.is_none()) return false;
    below = region->parent;
  }
  return false;
}

auto tasks_of(const State& s, const Region& region) {
  return s.tasks | ranges::views::filter(
                       [name = region.name](const Task& task) { return task.owner == name; });
}

auto reserved_of(const State& s, const Region& region) {
  return s.obligations | ranges::views::filter([name = region.name](const Obligation& obligation) {
           return obligation.region == name && is_reserved(obligation);
         });
}

// inv.region.tree
Violation tree(const State& s) {
  for (const Region& region : s.regions) {
    if (!is_in_subtree(s, region.name, root_region))
      return "region " + to_text(region.name) + " does not stand below the root";
    if (region.name == root_region && region.parent.is_none()) continue;
    const Region* const parent = find(s, region.parent);
    const bool listed = parent != nullptr && ranges::contains(parent->children, region.name);
    if (listed != is_live(region))
      return region_is(region) + " and its parent " + to_text(region.parent) +
             (listed ? " lists it" : " does not list it");
  }
  for (const Region& region : s.regions) {
    for (const RegionName child : region.children) {
      const Region* const row = find(s, child);
      if (row == nullptr || row->parent != region.name)
        return "region " + to_text(region.name) + " lists " + to_text(child) +
               ", which is not its child";
    }
  }
  return std::nullopt;
}

// inv.ownership.single_owner
Violation single_owner(const State& s) {
  for (const Task& task : s.tasks) {
    for (const Region& region : s.regions) {
      const bool listed = ranges::contains(region.tasks, task.name);
      const bool should_be = is_live(task) && task.owner == region.name;
      if (listed != should_be)
        return task_is(task) + " in " + to_text(task.owner) + " and region " +
               to_text(region.name) + (listed ? " lists it" : " does not list it");
    }
  }
  for (const Region& region : s.regions) {
    for (const TaskName name : region.tasks) {
      if (find(s, name) == nullptr)
        return "region " + to_text(region.name) + " lists " + to_text(name) +
               ", which does not exist";
    }
  }
  return std::nullopt;
}

// inv.ownership.task_owned
Violation task_owned(const State& s) {
  for (const Task& task : s.tasks) {
    if (!is_live(task)) continue;
    const Region* const owner = find(s, task.owner);
    if (owner == nullptr) return task_is(task) + " but its region does not exist";
    if (!is_live(*owner)) return task_is(task) + " but " + region_is(*owner);
  }
  return std::nullopt;
}

// inv.region.quiescence
Violation quiescence(const State& s) {
  for (const Region& region : s.regions) {
    if (is_live(region)) continue;
    for (const Task& task : tasks_of(s, region)) {
      if (is_live(task)) return region_is(region) + " but " + task_is(task);
    }
    for (const Region& child : s.regions) {
      if (child.parent == region.name && is_live(child))
        return region_is(region) + " but its child " + region_is(child);
    }
    for (const Obligation& obligation : reserved_of(s, region)) {
      return region_is(region) + " but " + obligation_is(obligation);
    }
    if (!region.finalizers.empty() || region.finalizing)
      return region_is(region) + " but a finalizer has not ended";
  }
  return std::nullopt;
}

// inv.region.ledger_empty
Violation ledger_empty(const State& s) {
  for (const Region& region : s.regions) {
    if (!is_live(region) && region.pending_obligations != 0)
      return region_is(region) + " but counts " + std::to_string(region.pending_obligations) +
             " pending obligations";
    for (const Obligation& obligation : reserved_of(s, region)) {
      if (!is_live(region)) return region_is(region) + " but " + obligation_is(obligation);
    }
  }
  return std::nullopt;
}

// inv.region.settled
Violation settled(const State& s) {
  const auto enabled = enabled_internal(s);
  if (enabled.empty()) return std::nullopt;
  return region_is(*find(s, enabled.front().region)) + " but the rule " +
         std::string(to_text(enabled.front().rule)) + " is still enabled";
}

// inv.region.deadline_monotone
Violation deadline_monotone(const State& s) {
  for (const Region& region : s.regions) {
    const Region* const parent = find(s, region.parent);
    if (parent == nullptr || !is_live(region) || !is_live(*parent)) continue;
    if (region.budget.deadline_ticks > parent->budget.deadline_ticks)
      return "the deadline of " + to_text(region.name) + " is later than that of its parent " +
             to_text(parent->name);
  }
  return std::nullopt;
}

// inv.budget.along_the_tree
Violation along_the_tree(const State& s) {
  const auto loosens = [](const Budget& below, const Budget& above) {
    return !(above == no_budget) && !at_least_as_tight(below, above);
  };
  for (const Region& region : s.regions) {
    const Region* const parent = find(s, region.parent);
    if (parent != nullptr && is_live(region) && loosens(region.budget, parent->budget))
      return "the budget of " + to_text(region.name) + " is " + to_text(region.budget) +
             ", that of its parent " + to_text(parent->budget);
  }
  for (const Task& task : s.tasks) {
    if (!is_live(task) || !is_body(task)) continue;
    const Region* const owner = find(s, task.owner);
    if (owner != nullptr && loosens(task.budget, owner->budget))
      return "the budget of " + to_text(task.name) + " is " + to_text(task.budget) +
             ", that of its region " + to_text(owner->budget);
  }
  return std::nullopt;
}

// inv.region.within_limits
Violation within_limits(const State& s) {
  const auto too_many = [](const Region& region, const char* what, auto count, auto limit) {
    return "region " + to_text(region.name) + " counts " + std::to_string(count) + " " + what +
           " where its limit is " + std::to_string(limit);
  };
  for (const Region& region : s.regions) {
    const Limits& limits = region.limits;
    std::size_t body_tasks = 0;
    for (const Task& task : s.tasks)
      body_tasks += task.owner == region.name && is_live(task) && is_body(task) ? 1 : 0;
    if (region.children.size() > limits.child_regions)
      return too_many(region, "child regions", region.children.size(), limits.child_regions);
    if (body_tasks > limits.body_tasks)
      return too_many(region, "body tasks", body_tasks, limits.body_tasks);
    if (region.pending_obligations > limits.obligations)
      return too_many(region, "obligations", region.pending_obligations, limits.obligations);
  }
  return std::nullopt;
}

// inv.cancel.propagates
Violation propagates(const State& s) {
  for (const Region& region : s.regions) {
    if (!region.reason) continue;
    for (const Region& below : s.regions) {
      if (is_live(below) && !below.reason && is_in_subtree(s, below.name, region.name))
        return "region " + to_text(region.name) + " is cancelled but " + region_is(below) +
               " without a reason";
    }
  }
  return std::nullopt;
}

// inv.cancel.reaches_tasks
Violation reaches_tasks(const State& s) {
  for (const Region& region : s.regions) {
    if (!region.reason) continue;
    for (const Task& task : s.tasks) {
      if (is_body(task) && task.phase < TaskPhase::CancelRequested &&
          is_in_subtree(s, task.owner, region.name))
        return "region " + to_text(region.name) + " is cancelled but " + task_is(task);
    }
  }
  return std::nullopt;
}

/// A reason that is recorded in a region or a task of it came from there, or from the region above.
bool is_well_founded(const State& s, const Region* holder, const CancelReason& reason) {
  if (holder == nullptr) return false;
  if (reason.origin == holder->name) return true;
  return reason.origin == holder->parent && reason.kind == CancelKind::ParentCancelled &&
         find(s, reason.origin) != nullptr;
}
std::string origin_fault(const State& s, const std::string& whose, const Region* holder,
                         const CancelReason& reason) {
  const std::string words = whose + " is cancelled for " + to_text(reason);
  if (holder == nullptr || find(s, reason.origin) == nullptr)
    return words + ", whose origin does not exist";
  if (reason.origin != holder->parent)
    return words + ", whose origin is not the region or its parent";
  return words + " of its parent, which hands down ParentCancelled only";
}

// inv.cancel.origin
Violation origin(const State& s) {
  for (const Region& region : s.regions) {
    if (region.reason && !is_well_founded(s, &region, *region.reason))
      return origin_fault(s, "region " + to_text(region.name), &region, *region.reason);
  }
  for (const Task& task : s.tasks) {
    if (!task.reason) continue;
    const Region* const owner = find(s, task.owner);
    if (!is_well_founded(s, owner, *task.reason))
      return origin_fault(s, "task " + to_text(task.name), owner, *task.reason);
  }
  return std::nullopt;
}

// inv.time.stamps
Violation stamps(const State& s) {
  const auto later = [&s](const auto& row) { return row.reason && row.reason->at_ticks > s.now; };
  const auto but = [&s] { return ", but now is " + std::to_string(s.now); };
  for (const Region& region : s.regions) {
    if (later(region))
      return "region " + to_text(region.name) + " is cancelled for " + to_text(*region.reason) +
             but();
  }
  for (const Task& task : s.tasks) {
    if (later(task))
      return "task " + to_text(task.name) + " is cancelled for " + to_text(*task.reason) + but();
  }
  for (const Obligation& obligation : s.obligations) {
    if (obligation.reserved_at_ticks > s.now)
      return "obligation " + to_text(obligation.name) + " was reserved at " +
             std::to_string(obligation.reserved_at_ticks) + but();
  }
  return std::nullopt;
}

// inv.cancel.begins_close
Violation begins_close(const State& s) {
  for (const Region& region : s.regions) {
    if (region.reason && region.phase == RegionPhase::Open)
      return "region " + to_text(region.name) + " has the reason " + to_text(*region.reason) +
             " but is Open";
  }
  return std::nullopt;
}

// inv.cancel.dominates
Violation dominates(const State& s) {
  for (const Task& task : s.tasks) {
    if (is_live(task) || !task.reason) continue;
    if (task.outcome.kind != OutcomeKind::Cancelled && task.outcome.kind != OutcomeKind::Panicked)
      return "task " + to_text(task.name) + " was cancelled but ended " + to_text(task.outcome);
  }
  return std::nullopt;
}

// inv.cancel.phase_has_reason
Violation phase_has_reason(const State& s) {
  for (const Task& task : s.tasks) {
    if (!is_live(task)) continue;
    const bool cancelled = task.phase >= TaskPhase::CancelRequested;
    if (cancelled != task.reason.has_value())
      return task_is(task) + (cancelled ? " without a reason" : " but has a reason");
    if (task.reason && !at_least_as_tight(task.budget, cleanup_budget(task.reason->kind)))
      return task_is(task) + " for " + to_text(*task.reason) + " but its budget is " +
             to_text(task.budget);
  }
  return std::nullopt;
}

// inv.mask.bounded
Violation mask_bounded(const State& s) {
  for (const Task& task : s.tasks) {
    if (task.mask_units > max_mask_units ||
        (task.mask_units > 0 && (!is_live(task) || !is_body(task))))
      return task_is(task) + " with " + std::to_string(task.mask_units) + " mask units";
  }
  return std::nullopt;
}

// inv.obligation.holder_live
Violation holder_live(const State& s) {
  for (const Obligation& obligation : s.obligations) {
    const Task* const holder = find(s, obligation.holder);
    if (holder == nullptr) return obligation_is(obligation) + " but its holder does not exist";
    if (is_reserved(obligation) && !is_live(*holder))
      return obligation_is(obligation) + " but its holder " + task_is(*holder);
    if (holder->owner != obligation.region)
      return "obligation " + to_text(obligation.name) + " stands in another region than its holder";
  }
  return std::nullopt;
}

// inv.obligation.counted
Violation counted(const State& s) {
  for (const Region& region : s.regions) {
    const auto reserved =
        ranges::count_if(reserved_of(s, region), [](const auto&) { return true; });
    if (static_cast<std::uint32_t>(reserved) != region.pending_obligations)
      return "region " + to_text(region.name) + " counts " +
             std::to_string(region.pending_obligations) + " pending obligations where " +
             std::to_string(reserved) + " are Reserved";
  }
  return std::nullopt;
}

// inv.obligation.no_task_no_promise
Violation no_task_no_promise(const State& s) {
  for (const Region& region : s.regions) {
    for (const Obligation& obligation : reserved_of(s, region)) {
      const bool some_live =
          ranges::any_of(tasks_of(s, region), [](const Task& t) { return is_live(t); });
      if (some_live) break;
      return "region " + to_text(region.name) + " has no live task but " +
             obligation_is(obligation);
    }
  }
  return std::nullopt;
}

// inv.obligation.leaks_counted
Violation leaks_counted(const State& s) {
  std::uint32_t leaked = 0;
  std::uint32_t perhaps_recovered = 0;  // or aborted by their holder: the row does not say
  for (const Obligation& obligation : s.obligations) {
    if (obligation.phase == ObligationPhase::Leaked) ++leaked;
    if (obligation.phase == ObligationPhase::Aborted &&
        obligation.abort_reason == AbortReason::Error)
      ++perhaps_recovered;
  }
  const LeakPolicy& policy = s.leak_policy;
  const bool can_recover =
      policy.response == LeakResponse::Recover ||
      (policy.escalate_after != 0 && policy.escalate_to == LeakResponse::Recover);
  const std::uint32_t most = leaked + (can_recover ? perhaps_recovered : 0);
  if (leaked <= s.leak_count && s.leak_count <= most) return std::nullopt;
  return std::to_string(leaked) + " obligations are Leaked" +
         (can_recover ? " and " + std::to_string(perhaps_recovered) + " Aborted(Error)" : "") +
         " but the count says " + std::to_string(s.leak_count);
}

// inv.obligation.recovered
Violation recovered(const State& s) {
  if (!recovers(s)) return std::nullopt;
  for (const Obligation& obligation : s.obligations) {
    if (obligation.phase == ObligationPhase::Leaked)
      return "obligation " + to_text(obligation.name) + " is Leaked but leaks are recovered";
  }
  return std::nullopt;
}

// inv.finalizer.one_at_a_time
Violation one_at_a_time(const State& s) {
  for (const Region& region : s.regions) {
    const auto running = ranges::count_if(s.tasks, [&](const Task& task) {
      return task.is_finalizer && task.owner == region.name && is_live(task);
    });
    if (running != (region.finalizing ? 1 : 0))
      return "region " + to_text(region.name) + " has " + std::to_string(running) +
             " finalizer tasks live";
    const Task* const named = region.finalizing ? find(s, *region.finalizing) : nullptr;
    if (region.finalizing && (named == nullptr || named->owner != region.name ||
                              !named->is_finalizer || !is_live(*named)))
      return "region " + to_text(region.name) + " runs " + to_text(*region.finalizing) +
             ", which is not a live finalizer task of it";
  }
  return std::nullopt;
}

// inv.finalizer.only_in_finalizing
Violation only_in_finalizing(const State& s) {
  for (const Task& task : s.tasks) {
    if (!task.is_finalizer || !is_live(task)) continue;
    const Region* const owner = find(s, task.owner);
    if (owner == nullptr || owner->phase != RegionPhase::Finalizing)
      return "finalizer " + task_is(task) + " but " +
             (owner == nullptr ? "its region does not exist" : region_is(*owner));
  }
  return std::nullopt;
}

// inv.finalizer.all_ran
Violation all_ran(const State& s) {
  for (const Region& region : s.regions) {
    if (!is_live(region) && !region.finalizers.empty())
      return region_is(region) + " but finalizer " + to_text(region.finalizers.back()) +
             " never started";
  }
  return std::nullopt;
}

// inv.finalizer.panic_joins
Violation panic_joins(const State& s) {
  for (const Task& task : s.tasks) {
    if (!task.is_finalizer || task.outcome.kind != OutcomeKind::Panicked) continue;
    const Region* const owner = find(s, task.owner);
    if (owner != nullptr && owner->outcome.kind != OutcomeKind::Panicked)
      return "finalizer task " + to_text(task.name) + " panicked but the outcome of " +
             to_text(owner->name) + " is " + to_text(owner->outcome);
  }
  return std::nullopt;
}

// inv.finalizer.shielded
Violation shielded(const State& s) {
  for (const Task& task : s.tasks) {
    if (task.is_finalizer && is_live(task) && task.reason)
      return "finalizer " + task_is(task) + " for " + to_text(*task.reason);
  }
  return std::nullopt;
}

// inv.ownership.atomic_completion
Violation atomic_completion(const State& s) {
  for (const Task& task : s.tasks) {
    if (is_live(task)) continue;
    for (const Region& region : s.regions) {
      if (ranges::contains(region.tasks, task.name) || region.finalizing == task.name)
        return task_is(task) + " but region " + to_text(region.name) + " still lists it";
    }
    for (const Obligation& obligation : s.obligations) {
      if (obligation.holder == task.name && is_reserved(obligation))
        return task_is(task) + " but " + obligation_is(obligation);
    }
  }
  return std::nullopt;
}

// inv.join.waiters_live
Violation waiters_live(const State& s) {
  for (const Task& task : s.tasks) {
    if (!is_live(task) && !task.waiters.empty())
      return task_is(task) + " but " + to_text(task.waiters.front()) + " still waits for it";
    for (const TaskName waiter : task.waiters) {
      const Task* const row = find(s, waiter);
      if (row == nullptr || !is_live(*row))
        return to_text(waiter) + " waits for " + to_text(task.name) + " but is not live";
    }
  }
  return std::nullopt;
}

// inv.region.outcome_joined
Violation outcome_joined(const State& s) {
  for (const Region& region : s.regions) {
    Outcome joined;
    for (const Task& task : s.tasks) {
      if (task.owner == region.name && !is_live(task)) joined = quiesce::join(joined, task.outcome);
    }
    if (!is_live(region) && region.reason)
      joined = quiesce::join(joined, Outcome::cancelled(*region.reason));
    if (joined != region.outcome)
      return "the outcome of region " + to_text(region.name) + " is " + to_text(region.outcome) +
             " but its tasks ended " + to_text(joined);
  }
  return std::nullopt;
}

constexpr auto catalogue = std::to_array<Invariant>({
    {"inv.region.tree", "I1",
     "parent and child links agree, and every region stands below the root", tree,
     some_child_region, "a region has a child region"},
    {"inv.ownership.single_owner", "I2",
     "a live task is listed in one region, its owner; a completed one in none", single_owner,
     some_live_task, "a task is live"},
    {"inv.ownership.task_owned", "I3", "a live task is owned by a region that is not Closed",
     task_owned, closing_with_live_task, "a region past Open has a live task"},
    {"inv.region.quiescence", "I4",
     "a Closed region has no live task, no live child region, nothing Reserved, no finalizer left",
     quiescence, closed_that_had_a_task, "a region that had a task is Closed"},
    {"inv.region.ledger_empty", "I20", "a Closed region counts no pending obligation", ledger_empty,
     closed_that_had_an_obligation, "a region that had an obligation is Closed"},
    {"inv.region.settled", "I49", "no internal rule is left enabled", settled,
     some_region_finalizing, "a region waits in Finalizing"},
    {"inv.region.deadline_monotone", "I25",
     "a child region's deadline is not later than its parent's", deadline_monotone,
     child_with_deadline, "a child region has a deadline"},
    {"inv.budget.along_the_tree", "D31",
     "the budget of a live body task or region is as tight as that of the region above",
     along_the_tree, some_bound_below, "a task is live in a region with a budget"},
    {"inv.region.within_limits", "I27", "a region holds no more than its limits admit",
     within_limits, some_limit_reached, "a limit is reached"},
    {"inv.cancel.propagates", "I8", "every live region below a cancelled one is cancelled",
     propagates, cancelled_with_live_child, "a cancelled region has a live child region"},
    {"inv.cancel.reaches_tasks", "I9",
     "every live body task below a cancelled region is at least CancelRequested", reaches_tasks,
     cancelled_with_live_body, "a cancelled region has a live body task"},
    {"inv.cancel.origin", "D3",
     "a reason came from the region itself, or is ParentCancelled from the region above", origin,
     some_reason_from_above, "a region is cancelled by the one above"},
    {"inv.time.stamps", "D3", "nothing is stamped later than now", stamps, some_stamp,
     "an obligation was reserved after time moved"},
    {"inv.cancel.begins_close", "I28", "a cancelled region is not Open", begins_close,
     some_cancelled_region, "a region is cancelled"},
    {"inv.cancel.dominates", "I12", "a cancelled task ends Cancelled or Panicked", dominates,
     some_cancelled_completed, "a cancelled task has completed"},
    {"inv.cancel.phase_has_reason", "T4",
     "a live task has a reason exactly from CancelRequested on, and its budget is as tight as that "
     "reason's",
     phase_has_reason, some_cancelled_live, "a cancelled task is live"},
    {"inv.mask.bounded", "I13", "a mask is within its bound, and only a live body task has one",
     mask_bounded, some_masked, "a task is masked"},
    {"inv.obligation.holder_live", "I16", "the holder of a Reserved obligation is live",
     holder_live, some_reserved, "an obligation is Reserved"},
    {"inv.obligation.counted", "I17", "a region's count of pending obligations is exact", counted,
     some_reserved, "an obligation is Reserved"},
    {"inv.obligation.no_task_no_promise", "I19",
     "a region without a live task has nothing Reserved", no_task_no_promise, completed_holder,
     "the holder of an obligation has completed"},
    {"inv.obligation.leaks_counted", "I47",
     "the leak count is the number of Leaked and recovered obligations", leaks_counted, some_leaked,
     "a leak was found"},
    {"inv.obligation.recovered", "§4.5", "while leaks are recovered nothing is Leaked", recovered,
     some_recovered, "a leak was recovered"},
    {"inv.finalizer.one_at_a_time", "I22", "a region runs at most one finalizer at a time",
     one_at_a_time, some_finalizer_live, "a finalizer task is live"},
    {"inv.finalizer.only_in_finalizing", "I23", "a finalizer task is live only in Finalizing",
     only_in_finalizing, some_finalizer_live, "a finalizer task is live"},
    {"inv.finalizer.all_ran", "I24", "a Closed region has run all its finalizers", all_ran,
     closed_after_finalizers, "a region that had a finalizer is Closed"},
    {"inv.finalizer.panic_joins", "§5",
     "a finalizer that panicked makes its region's outcome Panicked", panic_joins,
     another_after_a_panic, "the next finalizer runs after one that panicked"},
    {"inv.finalizer.shielded", "§5", "no cancel reaches a finalizer task", shielded,
     finalizer_in_cancelled_region, "a cancelled region runs a finalizer"},
    {"inv.ownership.atomic_completion", "I52",
     "a Completed task is listed nowhere and holds nothing Reserved", atomic_completion,
     completed_holder, "the holder of an obligation has completed"},
    {"inv.join.waiters_live", "D27", "whoever waits is live, and waits for a live task",
     waiters_live, some_waiter, "a task waits for another"},
    {"inv.region.outcome_joined", "D1",
     "a region's outcome joins those of its tasks and, once Closed, its reason; no child's",
     outcome_joined, some_failed_child, "a child region closed with a worse outcome"},
});
static_assert(catalogue.size() <= most_rows);

}  // namespace

std::span<const Invariant> invariants() {
  return catalogue;
}

std::optional<NamedViolation> first_violation(const State& state) {
  for (const Invariant& invariant : catalogue) {
    if (auto fact = invariant.violated(state)) return NamedViolation{invariant.id, *fact};
  }
  return std::nullopt;
}

}  // namespace quiesce::spec
