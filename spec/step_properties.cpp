// What is true of every step. One function a property, its sentence in the table at the end.
#include <algorithm>
#include <array>
#include <range/v3/algorithm/any_of.hpp>
#include <utility>

#include "spec/invariants.hpp"

namespace quiesce::spec {
namespace {

std::uint64_t touched_among(const Touched& touched, const std::vector<Region>& /*rows*/) {
  return touched.regions;
}
std::uint64_t touched_among(const Touched& touched, const std::vector<Task>& /*rows*/) {
  return touched.tasks;
}
std::uint64_t touched_among(const Touched& touched, const std::vector<Obligation>& /*rows*/) {
  return touched.obligations;
}

/// No row may have changed; rows stand in the order of their Names.
template <class Rows>
bool untouched(std::uint64_t touched, const Rows& rows) {
  return touched == 0 && (rows.empty() || rows.back().name.value < 64);
}

template <class EntityName>
bool is_touched(std::uint64_t touched, EntityName name) {
  return name.value >= 64 || (touched >> name.value & 1U) != 0;
}

/// Calls `check(before, after)` for every row that stood before the step and may have changed; the
/// first fact stays. For checks that a row keeps by staying the same.
template <class Rows, class Check>
Violation for_each_row(const Transition& t, const Rows& rows, Check check) {
  const std::uint64_t touched = touched_among(t.touched, rows);
  if (untouched(touched, rows)) return std::nullopt;
  for (const auto& before : rows) {
    if (!is_touched(touched, before.name)) continue;
    const auto* const now = find(t.after, before.name);
    if (now == nullptr) return to_text(before.name) + " existed and is gone";
    if (Violation fact = check(before, *now)) return fact;
  }
  return std::nullopt;
}

std::string was_and_is(const std::string& noun, std::string_view before, std::string_view after) {
  return noun + " was " + std::string(before) + " and is " + std::string(after);
}

/// One step moves a task along one edge of the phase diagram, or not at all.
bool is_edge(TaskPhase from, TaskPhase to) {
  switch (from) {
    case TaskPhase::Created: return to == TaskPhase::Running || to == TaskPhase::CancelRequested;
    case TaskPhase::Running: return to == TaskPhase::CancelRequested || to == TaskPhase::Completed;
    case TaskPhase::CancelRequested:
      return to == TaskPhase::Cancelling || to == TaskPhase::Completed;
    case TaskPhase::Cancelling: return to == TaskPhase::Finalizing || to == TaskPhase::Completed;
    case TaskPhase::Finalizing: return to == TaskPhase::Completed;
    case TaskPhase::Completed: break;
  }
  return false;
}

// inv.task.phase_monotone
Violation task_phase_monotone(const Transition& t) {
  return for_each_row(t, t.before.tasks, [](const Task& before, const Task& after) -> Violation {
    if (before.phase == after.phase || is_edge(before.phase, after.phase)) return std::nullopt;
    return was_and_is("task " + to_text(before.name), to_text(before.phase), to_text(after.phase));
  });
}

// inv.region.phase_monotone: Closing and Draining stand side by side.
Violation region_phase_monotone(const Transition& t) {
  return for_each_row(
      t, t.before.regions, [](const Region& before, const Region& after) -> Violation {
        const bool sidestep =
            before.phase == RegionPhase::Closing && after.phase == RegionPhase::Draining;
        if (after.phase >= before.phase && !sidestep) return std::nullopt;
        return was_and_is("region " + to_text(before.name), to_text(before.phase),
                          to_text(after.phase));
      });
}

// inv.terminal.absorbing
Violation absorbing(const Transition& t) {
  Violation fact =
      for_each_row(t, t.before.tasks, [](const Task& before, const Task& after) -> Violation {
        if (is_live(before) || before == after) return std::nullopt;
        return "task " + to_text(before.name) + " was Completed and changed";
      });
  if (fact) return fact;
  return for_each_row(t, t.before.regions,
                      [](const Region& before, const Region& after) -> Violation {
                        if (is_live(before) || before == after) return std::nullopt;
                        return "region " + to_text(before.name) + " was Closed and changed";
                      });
}

// inv.obligation.linear
Violation linear(const Transition& t) {
  return for_each_row(t, t.before.obligations,
                      [](const Obligation& before, const Obligation& after) -> Violation {
                        if (is_reserved(before) || before == after) return std::nullopt;
                        return was_and_is("obligation " + to_text(before.name),
                                          to_text(before.phase), to_text(after.phase));
                      });
}

// inv.obligation.fence
Violation fence(const Transition& t) {
  return for_each_row(
      t, t.before.obligations, [&](const Obligation& before, const Obligation& after) -> Violation {
        const Region* const region = find(t.before, before.region);
        if (before.phase == after.phase || region == nullptr || is_live(*region))
          return std::nullopt;
        return "region " + to_text(before.region) + " was Closed and obligation " +
               to_text(before.name) + " became " + std::string(to_text(after.phase));
      });
}

// inv.obligation.settled_by_completion: an obligation that stays as it was can break it.
Violation settled_by_completion(const Transition& t) {
  for (const Obligation& before : t.before.obligations) {
    if (!is_reserved(before)) continue;
    const Task* const holder_before = find(t.before, before.holder);
    const Task* const holder = find(t.after, before.holder);
    const Obligation* const after = find(t.after, before.name);
    if (holder_before == nullptr || holder == nullptr || after == nullptr) continue;
    if (!is_live(*holder_before) || is_live(*holder)) continue;
    const bool cancelled = holder->outcome.kind == OutcomeKind::Cancelled;
    const bool right = cancelled ? after->phase == ObligationPhase::Aborted &&
                                       after->abort_reason == AbortReason::Cancel
                                 : after->phase == ObligationPhase::Leaked;
    if (right) continue;
    return "task " + to_text(holder->name) + " ended " + to_text(holder->outcome) +
           " and its obligation " + to_text(before.name) + " is " +
           std::string(to_text(after->phase));
  }
  return std::nullopt;
}

// inv.cancel.strengthens
Violation strengthens(const Transition& t) {
  const auto check = [](const auto& before, const auto& after) -> Violation {
    if (!before.reason || after.reason == before.reason) return std::nullopt;
    if (after.reason && *after.reason >= *before.reason) return std::nullopt;
    return "the reason of " + to_text(before.name) + " was " + to_text(*before.reason) +
           " and is " + (after.reason ? to_text(*after.reason) : std::string("gone"));
  };
  Violation fact = for_each_row(t, t.before.tasks, check);
  return fact ? fact : for_each_row(t, t.before.regions, check);
}

// inv.budget.tightens
Violation tightens(const Transition& t) {
  const auto check = [](const auto& before, const auto& after) -> Violation {
    if (!is_live(after) || after.budget == before.budget) return std::nullopt;
    if (at_least_as_tight(after.budget, before.budget)) return std::nullopt;
    return "the budget of " + to_text(before.name) + " was " + to_text(before.budget) + " and is " +
           to_text(after.budget);
  };
  Violation fact = for_each_row(t, t.before.tasks, check);
  return fact ? fact : for_each_row(t, t.before.regions, check);
}

// inv.mask.monotone
Violation mask_monotone(const Transition& t) {
  return for_each_row(t, t.before.tasks, [](const Task& before, const Task& after) -> Violation {
    if (!before.reason || after.mask_units <= before.mask_units) return std::nullopt;
    return "task " + to_text(before.name) + " is cancelled and its mask grew from " +
           std::to_string(before.mask_units) + " to " + std::to_string(after.mask_units);
  });
}

/// The first row that was not there before and whose region had begun its close.
template <class Rows, class RegionOf>
Violation late_entry(const Transition& t, const Rows& rows, std::string_view noun,
                     RegionOf region_of) {
  const std::uint64_t touched = touched_among(t.touched, rows);
  if (untouched(touched, rows)) return std::nullopt;
  for (const auto& row : rows) {
    if (!is_touched(touched, row.name) || find(t.before, row.name) != nullptr) continue;
    const Region* const region = find(t.before, region_of(row));
    if (region == nullptr || region->phase == RegionPhase::Open) continue;
    return std::string(noun) + " " + to_text(row.name) + " entered region " +
           to_text(region->name) + ", which was " + std::string(to_text(region->phase));
  }
  return std::nullopt;
}

// inv.region.no_late_admission: a finalizer task enters at the end of a close, and only then.
Violation no_late_admission(const Transition& t) {
  if (Violation fact = late_entry(t, t.after.tasks, "task", [](const Task& task) {
        return is_body(task) ? task.owner : RegionName::none();
      }))
    return fact;
  if (Violation fact = late_entry(t, t.after.regions, "region",
                                  [](const Region& region) { return region.parent; }))
    return fact;
  return late_entry(t, t.after.obligations, "obligation",
                    [](const Obligation& obligation) { return obligation.region; });
}

// inv.finalizer.last_in_first_out
Violation last_in_first_out(const Transition& t) {
  return for_each_row(
      t, t.before.regions, [&](const Region& before, const Region& after) -> Violation {
        const std::size_t kept = std::min(before.finalizers.size(), after.finalizers.size());
        if (!std::equal(before.finalizers.begin(),
                        before.finalizers.begin() + static_cast<std::ptrdiff_t>(kept),
                        after.finalizers.begin()))
          return "the finalizer stack of " + to_text(before.name) + " changed below its top";
        for (std::size_t i = kept; i < before.finalizers.size(); ++i) {
          if (find(t.after, before.finalizers[i]) == nullptr)
            return "finalizer " + to_text(before.finalizers[i]) + " left the stack of " +
                   to_text(before.name) + " without becoming a task";
        }
        return std::nullopt;
      });
}

// inv.refusal.changes_nothing
Violation refusal_changes_nothing(const Transition& t) {
  if (is_done(t.answer) || t.before == t.after) return std::nullopt;
  return to_text(t.action) + " answered " + to_text(t.answer) + " and changed the state";
}

// inv.time.forwards
Violation time_forwards(const Transition& t) {
  if (t.after.now >= t.before.now) return std::nullopt;
  return "now was " + std::to_string(t.before.now) + " and is " + std::to_string(t.after.now);
}

// The interesting cases.
template <class Rows, class Test>
bool some_row_changes(const Transition& t, const Rows& rows, Test test) {
  const std::uint64_t touched = touched_among(t.touched, rows);
  if (untouched(touched, rows)) return false;
  return ranges::any_of(rows, [&](const auto& before) {
    if (!is_touched(touched, before.name)) return false;
    const auto* const now = find(t.after, before.name);
    return now != nullptr && test(before, *now);
  });
}
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
bool an_admission_is_refused(const Transition& t) {
  return t.answer == refused(Guard::RegionOpen);
}
bool a_finalizer_starts(const Transition& t) {
  return some_row_changes(t, t.before.regions, [](const Region& b, const Region& a) {
    return a.finalizing && a.finalizing != b.finalizing;
  });
}
bool a_refusal(const Transition& t) {
  return !is_done(t.answer);
}
bool time_moves(const Transition& t) {
  return t.after.now != t.before.now;
}

constexpr std::array<StepProperty, 13> catalogue{{
    {"inv.task.phase_monotone", "I5", "a task's phase only moves along the edges of its diagram",
     task_phase_monotone, a_task_moves, "a task moves"},
    {"inv.region.phase_monotone", "I6", "a region's phase only moves forward",
     region_phase_monotone, a_region_moves, "a region moves"},
    {"inv.terminal.absorbing", "I7", "what is Completed or Closed never changes again", absorbing,
     a_terminal_row_stands, "a step is taken beside a Completed task"},
    {"inv.obligation.linear", "I15", "an obligation is resolved at most once", linear,
     an_obligation_resolves, "an obligation is resolved"},
    {"inv.obligation.fence", "I21", "no obligation is resolved after its region is Closed", fence,
     a_late_resolution, "a resolution comes after the close"},
    {"inv.obligation.settled_by_completion", "I19",
     "completion aborts what a cancelled holder holds and leaks what another holds",
     settled_by_completion, a_holder_completes, "a holder completes while holding"},
    {"inv.cancel.strengthens", "I10", "a recorded reason only grows stronger", strengthens,
     a_second_request, "a cancelled task is asked again"},
    {"inv.budget.tightens", "I11", "a budget only tightens", tightens, a_budget_changes,
     "a budget changes"},
    {"inv.mask.monotone", "I14", "a mask never grows once a cancel is recorded", mask_monotone,
     a_masked_task_is_cancelled, "a masked task is cancelled"},
    {"inv.region.no_late_admission", "I28", "nothing enters a region after its close began",
     no_late_admission, an_admission_is_refused, "an admission is refused"},
    {"inv.finalizer.last_in_first_out", "I22",
     "finalizers start in the reverse of their registration", last_in_first_out, a_finalizer_starts,
     "a finalizer starts"},
    {"inv.refusal.changes_nothing", "D33", "a refusal leaves the state as it was",
     refusal_changes_nothing, a_refusal, "an action is refused"},
    {"inv.time.forwards", "D22", "time does not go backwards", time_forwards, time_moves,
     "time moves"},
}};

}  // namespace

std::span<const StepProperty> step_properties() {
  return catalogue;
}

std::uint64_t violated_rows(const Transition& transition) {
  return [&]<std::size_t... row>(std::index_sequence<row...>) {
    return ((std::uint64_t{catalogue[row].violated(transition).has_value()} << row) | ...);
  }
  (std::make_index_sequence<catalogue.size()>{});
}

std::optional<NamedViolation> first_violation(const Transition& transition) {
  for (const StepProperty& property : catalogue) {
    if (auto fact = property.violated(transition)) return NamedViolation{property.id, *fact};
  }
  return std::nullopt;
}

}  // namespace quiesce::spec
