// What is true of every step. One function a property, its sentence in the table at the end.
#include <algorithm>
#include <array>
#include <range/v3/algorithm/any_of.hpp>
#include <utility>

#include "spec/invariants.hpp"

namespace quiesce::spec {
namespace {

std::uint64_t touched_among(const Touched& touched, const decltype(State::regions)& /*rows*/) {
  return touched.regions;
}
std::uint64_t touched_among(const Touched& touched, const decltype(State::tasks)& /*rows*/) {
  return touched.tasks;
}
std::uint64_t touched_among(const Touched& touched, const decltype(State::obligations)& /*rows*/) {
  return touched.obligations;
}

/// Calls `visit(row)` for the rows that the step may have changed, until it returns true.
template <class Rows, class Visit>
bool any_touched_row(const Touched& touched, const Rows& rows, Visit visit) {
  const std::uint64_t among = touched_among(touched, rows);
  if (among == 0) return false;
  for (const auto& row : rows) {
    if ((among >> (row.name.value & 63U) & 1U) != 0 && visit(row)) return true;
  }
  return false;
}

/// The first row that stood before the step and that `holds(before, after)` does not hold of, in
/// the words of `say`. For what a row keeps by staying the same.
template <class Rows, class Holds, class Say>
Violation each_row(const Transition& t, const Rows& rows, Holds holds, Say say) {
  Violation fact;
  any_touched_row(t.touched, rows, [&](const auto& before) {
    const auto* const now = find(t.after, before.name);
    if (now != nullptr && holds(before, *now)) return false;
    fact = now == nullptr ? to_text(before.name) + " existed and is gone" : say(before, *now);
    return true;
  });
  return fact;
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

// What a row keeps in a step whatever becomes of the other rows: each is a property below.
bool moves_along_an_edge(const Task& before, const Task& after) {
  return before.phase == after.phase || is_edge(before.phase, after.phase);
}
bool moves_forward(const Region& before, const Region& after) {
  const bool sidestep =
      before.phase == RegionPhase::Closing && after.phase == RegionPhase::Draining;
  return after.phase >= before.phase && !sidestep;
}
template <class Row>
bool stays_if_terminal(const Row& before, const Row& after) {
  return is_live(before) || before == after;
}
bool stays_if_resolved(const Obligation& before, const Obligation& after) {
  return is_reserved(before) || before == after;
}
template <class Row>
bool keeps_its_reason(const Row& before, const Row& after) {
  if (!before.reason || after.reason == before.reason) return true;
  return after.reason && *after.reason >= *before.reason;
}
template <class Row>
bool keeps_its_budget(const Row& before, const Row& after) {
  return !is_live(after) || after.budget == before.budget ||
         at_least_as_tight(after.budget, before.budget);
}
bool keeps_its_mask(const Task& before, const Task& after) {
  return !before.reason || after.mask_units <= before.mask_units;
}

// inv.task.phase_monotone
Violation task_phase_monotone(const Transition& t) {
  return each_row(t, t.before.tasks, moves_along_an_edge, [](const Task& b, const Task& a) {
    return was_and_is("task " + to_text(b.name), to_text(b.phase), to_text(a.phase));
  });
}

// inv.region.phase_monotone: Closing and Draining stand side by side.
Violation region_phase_monotone(const Transition& t) {
  return each_row(t, t.before.regions, moves_forward, [](const Region& b, const Region& a) {
    return was_and_is("region " + to_text(b.name), to_text(b.phase), to_text(a.phase));
  });
}

// inv.terminal.absorbing
Violation absorbing(const Transition& t) {
  Violation fact =
      each_row(t, t.before.tasks, stays_if_terminal<Task>, [](const Task& before, const Task&) {
        return "task " + to_text(before.name) + " was Completed and changed";
      });
  if (fact) return fact;
  return each_row(t, t.before.regions, stays_if_terminal<Region>,
                  [](const Region& before, const Region&) {
                    return "region " + to_text(before.name) + " was Closed and changed";
                  });
}

// inv.obligation.linear
Violation linear(const Transition& t) {
  return each_row(
      t, t.before.obligations, stays_if_resolved, [](const Obligation& b, const Obligation& a) {
        return was_and_is("obligation " + to_text(b.name), to_text(b.phase), to_text(a.phase));
      });
}

bool keeps_the_fence(const Transition& t, const Obligation& before, const Obligation& after) {
  const Region* const region = find(t.before, before.region);
  return before.phase == after.phase || region == nullptr || is_live(*region);
}

// inv.obligation.fence
Violation fence(const Transition& t) {
  return each_row(
      t, t.before.obligations,
      [&](const Obligation& before, const Obligation& after) {
        return keeps_the_fence(t, before, after);
      },
      [](const Obligation& before, const Obligation& after) {
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
  const auto say = [](const auto& before, const auto& after) {
    return "the reason of " + to_text(before.name) + " was " + to_text(*before.reason) +
           " and is " + (after.reason ? to_text(*after.reason) : std::string("gone"));
  };
  Violation fact = each_row(t, t.before.tasks, keeps_its_reason<Task>, say);
  return fact ? fact : each_row(t, t.before.regions, keeps_its_reason<Region>, say);
}

// inv.budget.tightens
Violation tightens(const Transition& t) {
  const auto say = [](const auto& before, const auto& after) {
    return "the budget of " + to_text(before.name) + " was " + to_text(before.budget) + " and is " +
           to_text(after.budget);
  };
  Violation fact = each_row(t, t.before.tasks, keeps_its_budget<Task>, say);
  return fact ? fact : each_row(t, t.before.regions, keeps_its_budget<Region>, say);
}

// inv.mask.monotone
Violation mask_monotone(const Transition& t) {
  return each_row(t, t.before.tasks, keeps_its_mask, [](const Task& before, const Task& after) {
    return "task " + to_text(before.name) + " is cancelled and its mask grew from " +
           std::to_string(before.mask_units) + " to " + std::to_string(after.mask_units);
  });
}

/// The task whose checkpoint finds a cancel that it has not acknowledged; null if there is none.
const Task* deferring_task(const Transition& t) {
  const auto* const checkpoint = std::get_if<Checkpoint>(&t.action);
  if (checkpoint == nullptr) return nullptr;
  const Task* const task = find(t.before, checkpoint->task);
  return task != nullptr && task->phase == TaskPhase::CancelRequested ? task : nullptr;
}

// inv.mask.spent: with inv.mask.monotone, acknowledgement comes within mask + 1 checkpoints.
Violation mask_spent(const Transition& t) {
  const Task* const before = deferring_task(t);
  const Task* const after = before == nullptr ? nullptr : find(t.after, before->name);
  if (after == nullptr) return std::nullopt;
  const bool spends = before->mask_units > 0 && after->phase == before->phase &&
                      after->mask_units + 1 == before->mask_units;
  const bool acknowledges = before->mask_units == 0 && after->phase == TaskPhase::Cancelling;
  if (spends || acknowledges) return std::nullopt;
  return "task " + to_text(before->name) + " came to a checkpoint with mask " +
         std::to_string(before->mask_units) + " and is " + std::string(to_text(after->phase)) +
         " with mask " + std::to_string(after->mask_units);
}

/// A row that was not there before and whose region had begun its close.
template <class Rows, class RegionOf>
Violation late_entry(const Transition& t, const Rows& rows, std::string_view noun,
                     RegionOf region_of) {
  Violation fact;
  any_touched_row(t.touched, rows, [&](const auto& row) {
    if (find(t.before, row.name) != nullptr) return false;
    const Region* const region = find(t.before, region_of(row));
    if (region == nullptr || region->phase == RegionPhase::Open) return false;
    fact = std::string(noun) + " " + to_text(row.name) + " entered region " +
           to_text(region->name) + ", which was " + std::string(to_text(region->phase));
    return true;
  });
  return fact;
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

/// What the stacks have in common from the bottom up.
std::size_t common_height(const Region& before, const Region& after) {
  return std::min(before.finalizers.size(), after.finalizers.size());
}

// inv.finalizer.last_in_first_out
Violation last_in_first_out(const Transition& t) {
  const auto keeps_the_rest = [](const Region& before, const Region& after) {
    const auto kept = static_cast<std::ptrdiff_t>(common_height(before, after));
    return std::equal(before.finalizers.begin(), before.finalizers.begin() + kept,
                      after.finalizers.begin());
  };
  const auto lost = [&](const Region& before, const Region& after) {
    const auto kept = static_cast<std::ptrdiff_t>(common_height(before, after));
    return std::find_if(before.finalizers.begin() + kept, before.finalizers.end(),
                        [&](TaskName name) { return find(t.after, name) == nullptr; });
  };
  return each_row(
      t, t.before.regions,
      [&](const Region& before, const Region& after) {
        return keeps_the_rest(before, after) && lost(before, after) == before.finalizers.end();
      },
      [&](const Region& before, const Region& after) {
        if (!keeps_the_rest(before, after))
          return "the finalizer stack of " + to_text(before.name) + " changed below its top";
        return "finalizer " + to_text(*lost(before, after)) + " left the stack of " +
               to_text(before.name) + " without becoming a task";
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
  return any_touched_row(t.touched, rows, [&](const auto& before) {
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
bool a_refusal(const Transition& t) {
  return !is_done(t.answer);
}
bool time_moves(const Transition& t) {
  return t.after.now != t.before.now;
}

constexpr std::array<StepProperty, 14> catalogue{{
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
    {"inv.mask.spent", "D6",
     "a checkpoint with a cancel pending spends one mask unit, or at mask 0 acknowledges",
     mask_spent, a_masked_task_comes_to_a_checkpoint, "a masked task comes to a checkpoint"},
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

namespace {

/// What a region's stack of finalizers keeps: its bottom, and whoever leaves the top is a task.
bool keeps_its_stack(const Transition& t, const Region& before, const Region& after) {
  if (before.finalizers.empty()) return true;
  const std::size_t kept = common_height(before, after);
  for (std::size_t i = 0; i < before.finalizers.size(); ++i) {
    const TaskName name = before.finalizers[i];
    if (i < kept ? name != after.finalizers[i] : find(t.after, name) == nullptr) return false;
  }
  return true;
}

bool keeps_all(const Transition&, const Task& before, const Task& after) {
  return moves_along_an_edge(before, after) && stays_if_terminal(before, after) &&
         keeps_its_reason(before, after) && keeps_its_budget(before, after) &&
         keeps_its_mask(before, after);
}
bool keeps_all(const Transition& t, const Region& before, const Region& after) {
  return moves_forward(before, after) && stays_if_terminal(before, after) &&
         keeps_its_reason(before, after) && keeps_its_budget(before, after) &&
         keeps_its_stack(t, before, after);
}
bool keeps_all(const Transition& t, const Obligation& before, const Obligation& after) {
  return stays_if_resolved(before, after) && keeps_the_fence(t, before, after);
}

/// Every row is still there, keeps all that a row keeps by itself, and no row is new. Then no
/// property of `of_rows` is broken: each asks `keeps_all` of one row after the other, or something
/// of the new rows.
bool every_row_keeps_all(const Transition& t) {
  const auto breaks = [&](const auto& before) {
    const auto* const now = find(t.after, before.name);
    return now == nullptr || !keeps_all(t, before, *now);
  };
  return t.before.tasks.size() == t.after.tasks.size() &&
         t.before.regions.size() == t.after.regions.size() &&
         t.before.obligations.size() == t.after.obligations.size() &&
         !any_touched_row(t.touched, t.before.tasks, breaks) &&
         !any_touched_row(t.touched, t.before.regions, breaks) &&
         !any_touched_row(t.touched, t.before.obligations, breaks);
}
constexpr std::array of_rows{task_phase_monotone,
                             region_phase_monotone,
                             absorbing,
                             linear,
                             fence,
                             strengthens,
                             tightens,
                             mask_monotone,
                             no_late_admission,
                             last_in_first_out};

}  // namespace

// In nearly every step every row keeps all; those properties are then not asked one by one.
std::uint64_t violated_rows(const Transition& transition) {
  const bool rows_are_well = every_row_keeps_all(transition);
  const auto violated = [&]<std::size_t row>() -> bool {
    constexpr auto asked = catalogue[row].violated;
    constexpr bool is_of_rows = std::find(of_rows.begin(), of_rows.end(), asked) != of_rows.end();
    if (is_of_rows && rows_are_well) return false;
    // Who completes in a step is a task that the step touched.
    if (asked == settled_by_completion && transition.touched.tasks == 0) return false;
    return asked(transition).has_value();
  };
  return [&]<std::size_t... row>(std::index_sequence<row...>) {
    return ((std::uint64_t{violated.template operator()<row>()} << row) | ...);
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
