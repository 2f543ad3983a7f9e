// What is true of every step. One function a property, its sentence in the table at the end.
#include <algorithm>
#include <array>
#include <bit>
#include <initializer_list>
#include <utility>

#include "spec/step_sentences.hpp"

namespace quiesce::spec {
namespace {

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
template <class Row>
bool keeps_its_reason(const Row& before, const Row& after) {
  if (!before.reason || after.reason == before.reason) return true;
  return after.reason && *after.reason >= *before.reason;
}
/// It records no reason, or one that the step gives and that is no weaker than the one before.
template <class Row>
bool keeps_or_is_given_its_reason(const Transition& t, const Row& before, const Row& after) {
  return before.reason == after.reason ||
         (keeps_its_reason(before, after) && is_given(t, after, *after.reason));
}
// Inlined, as what keeps_all asks of a region: asked of each touched row, calls were 1 % of a
// search.
template <class Row>
[[gnu::always_inline]] inline bool keeps_its_budget(const Row& before, const Row& after) {
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

// inv.time.forwards: an internal rule stands as a step of time that does not tell the time.
Violation time_forwards(const Transition& t) {
  const auto* const advance = accepted<AdvanceTime>(t);
  const Time told = advance == nullptr ? t.before.now : std::max(t.before.now, advance->to_ticks);
  if (t.after.now == told) return std::nullopt;
  return "now was " + std::to_string(t.before.now) + " and is " + std::to_string(t.after.now);
}

constexpr auto catalogue = std::to_array<StepProperty>({
    {"inv.task.phase_monotone", "I5", "a task's phase only moves along the edges of its diagram",
     task_phase_monotone, a_task_moves, "a task moves"},
    {"inv.task.moves_as_told", "T3",
     "a task starts, acknowledges, cleans up and ends by its own action, and by no other",
     moves_as_told, a_cleanup_ends, "a cleanup ends"},
    {"inv.region.phase_monotone", "I6", "a region's phase only moves forward",
     region_phase_monotone, a_region_moves, "a region moves"},
    {"inv.terminal.absorbing", "I7", "what is Completed or Closed never changes again", absorbing,
     a_terminal_row_stands, "a step is taken beside a Completed task"},
    {"inv.obligation.linear", "I15", "an obligation is resolved at most once", linear,
     an_obligation_resolves, "an obligation is resolved"},
    {"inv.obligation.fence", "I21", "no obligation is resolved after its region is Closed", fence,
     a_late_resolution, "a resolution comes after the close"},
    {"inv.obligation.settled_by_completion", "I19",
     "completion aborts what a cancelled holder holds and leaks or recovers what another holds",
     settled_by_completion, a_holder_completes, "a holder completes while holding"},
    {"inv.obligation.late_answer", "D45",
     "a resolution by the holder is accepted while Reserved, refused as resolved while the region "
     "lives, and by the fence once it is Closed",
     late_answer, an_early_second_resolution, "a second resolution comes before the close"},
    {"inv.obligation.record_kept", "I16", "what was reserved does not change", record_kept,
     a_reserved_row_stands, "a step is taken beside a Reserved obligation"},
    {"inv.obligation.leak_response", "I47",
     "a completion counts the leaks that it finds, and their number decides the response",
     leak_response, a_leak_is_found, "a leak is found"},
    {"inv.obligation.resolved_as_told", "§4.3",
     "a promise is kept by its commit, taken back by its abort for the reason that this gives, "
     "settled when its holder ends, and resolved by nothing else",
     resolved_as_told, a_promise_is_taken_back, "a promise is taken back"},
    {"inv.cancel.recorded", "D4",
     "a cancel leaves its task or region with a reason no weaker than the one that it gives",
     cancel_recorded, a_second_request, "a cancelled task is asked again"},
    {"inv.cancel.strengthens", "I10", "a recorded reason only grows stronger", strengthens,
     a_second_request, "a cancelled task is asked again"},
    {"inv.budget.tightens", "I11", "a budget only tightens", tightens, a_budget_changes,
     "a budget changes"},
    {"inv.budget.met_at_admission", "D31",
     "a task or a region enters with what it asked for, met with the budget of the region above",
     met_at_admission, a_budget_is_met, "both budgets bind"},
    {"inv.mask.monotone", "I14", "a mask never grows once a cancel is recorded", mask_monotone,
     a_masked_task_is_cancelled, "a masked task is cancelled"},
    {"inv.mask.spent", "D6",
     "a checkpoint with a cancel pending spends one mask unit, or at mask 0 acknowledges",
     mask_spent, a_masked_task_comes_to_a_checkpoint, "a masked task comes to a checkpoint"},
    {"inv.region.close_begins", "D16",
     "a close begins when the region is closed or cancelled and not else: as Draining if a child "
     "region is live, as Closing if none is",
     close_begins, a_close_begins_above_a_child, "a close begins above a live child region"},
    {"inv.ownership.enters_as_asked", "T1",
     "what enters is new, and what the action asked for under that Name; nothing else enters but "
     "finalizers from their stack",
     enters_as_asked, something_enters_below, "something enters a child region"},
    {"inv.region.no_late_admission", "I28", "nothing enters a region after its close began",
     no_late_admission, an_admission_is_refused, "an admission is refused"},
    {"inv.finalizer.last_in_first_out", "I22",
     "finalizers start in the reverse of their registration", last_in_first_out, a_finalizer_starts,
     "a finalizer starts"},
    {"inv.finalizer.budget", "D20", "a finalizer starts with its own budget, met with nothing",
     finalizer_budget_given, a_finalizer_starts, "a finalizer starts"},
    {"inv.policy.fail_fast", "D28",
     "when a body task fails in a FailFast region, its live siblings and the child regions are "
     "cancelled",
     policy_acts, a_policy_acts, "a task panics beside a sibling"},
    {"inv.region.close_hands_down", "D16",
     "a close that cancels reaches the region's live tasks and child regions, and leaves its own "
     "reason",
     close_hands_down, a_close_cancels, "a close cancels a task"},
    {"inv.time.expires", "D22",
     "when time reaches a live region's deadline, the region is cancelled for it", expires,
     a_region_expires, "a region's deadline is reached"},
    {"inv.budget.poll_pays", "D23",
     "a poll takes one from the quota, and a used-up quota cancels a body task", poll_pays,
     a_quota_is_used_up, "a quota is used up"},
    {"inv.time.stamped_now", "D3",
     "a promise is stamped with the time of its step, and so is a reason, which has the kind and "
     "the origin that the step gives",
     stamped_now, a_stamp_differs, "something is recorded after time moved"},
    {"inv.region.limits_as_asked", "D35",
     "a region has the limits and the policy that it was opened with, until its close clears them",
     limits_as_asked, a_region_has_limits_of_its_own, "a region is opened with limits of its own"},
    {"inv.join.handed_over", "D27",
     "who joins a live task waits for it and is handed one result when it ends; a completed one's "
     "outcome is the answer",
     handed_over, a_waiter_is_served, "a task ends that another waits for"},
    {"inv.mask.as_asked", "D5",
     "a mask is what its task asked for, and no other task's step changes it", mask_as_asked,
     a_mask_is_entered, "a task enters a mask"},
    {"inv.outcome.recorded", "I12",
     "a task ends as it returned, or Cancelled for the stronger of its own reason and the returned "
     "one, which is given now",
     outcome_recorded, a_return_is_overruled, "a cancelled task returns Ok"},
    {"inv.answer.tells", "§6",
     "an answer tells what the step did: whether a reason changed, what a checkpoint saw, how a "
     "task ended",
     answer_tells, a_cancel_is_acknowledged, "a cancel is acknowledged"},
    {"inv.refusal.changes_nothing", "D33", "a refusal leaves the state as it was",
     refusal_changes_nothing, a_refusal, "an action is refused"},
    {"inv.time.forwards", "D22",
     "time moves forwards only, when it is told to and to where it is told", time_forwards,
     time_moves, "time moves"},
});
static_assert(catalogue.size() <= most_rows);

}  // namespace

std::span<const StepProperty> step_properties() {
  return catalogue;
}

namespace {

/// What a region's stack of finalizers keeps: its bottom, and whoever leaves the top is a task.
bool keeps_its_stack(const Transition& t, const Region& before, const Region& after) {
  const std::size_t kept = common_height(before, after);
  for (std::size_t i = 0; i < before.finalizers.size(); ++i) {
    const TaskName name = before.finalizers[i];
    if (i < kept ? name != after.finalizers[i] : find(t.after, name) == nullptr) return false;
  }
  return true;
}

[[gnu::always_inline]] inline bool keeps_all(const Transition& t, const Task& before,
                                             const Task& after) {
  return (before.phase == after.phase ||
          (is_edge(before.phase, after.phase) && is_moved_as_told(t, before, after))) &&
         stays_if_terminal(before, after) && keeps_or_is_given_its_reason(t, before, after) &&
         keeps_its_budget(before, after) &&
         (before.mask_units == after.mask_units ||
          (keeps_its_mask(before, after) && is_about_its_mask(t.action, before.name)));
}
[[gnu::always_inline]] inline bool keeps_all(const Transition& t, const Region& before,
                                             const Region& after) {
  return (before.phase == after.phase ||
          (moves_forward(before, after) && begins_its_close_as_told(t, before, after))) &&
         stays_if_terminal(before, after) && keeps_or_is_given_its_reason(t, before, after) &&
         keeps_its_budget(before, after) && keeps_its_limits(before, after) &&
         (before.finalizers.empty() || keeps_its_stack(t, before, after)) &&
         (after.finalizers.size() <= before.finalizers.size() ||
          grows_its_stack_as_asked(t, before, after));
}
bool keeps_all(const Transition& t, const Obligation& before, const Obligation& after) {
  return stays_if_resolved(before, after) && keeps_what_was_reserved(before, after) &&
         keeps_the_fence(t, before, after) && is_resolved_as_told(t, before, after);
}

/// Calls `visit(before, after)` for the rows that the step may have changed, until it returns true;
/// lists with known places are of one size, and a row that is gone counts as true.
template <class Rows, class Visit>
bool any_touched_pair(std::uint64_t touched, const Rows& before, const Rows& after, Visit visit) {
  if (touched == Touched::any) {
    return std::any_of(before.begin(), before.end(), [&](const auto& row) {
      const auto* const now = row_of(after, row.name);
      return now == nullptr || visit(row, *now);
    });
  }
  for (; touched != 0; touched &= touched - 1) {
    const auto place = static_cast<std::size_t>(std::countr_zero(touched));
    if (visit(before[place], after[place])) return true;
  }
  return false;
}

/// Every row is still there and keeps all that a row keeps by itself. Then no property of `of_rows`
/// is broken but by a new row: each asks `keeps_all` of one row after the other, or something of
/// the new rows.
bool every_row_keeps_all(const Transition& t) {
  const auto breaks = [&](const auto& before, const auto& now) {
    return !keeps_all(t, before, now);
  };
  const State& b = t.before;
  const State& a = t.after;
  return !any_touched_pair(t.touched.tasks, b.tasks, a.tasks, breaks) &&
         !any_touched_pair(t.touched.regions, b.regions, a.regions, breaks) &&
         !any_touched_pair(t.touched.obligations, b.obligations, a.obligations, breaks);
}

/// A bit for each of these properties.
consteval std::uint64_t rows_of(std::initializer_list<Violation (*)(const Transition&)> asked) {
  std::uint64_t rows = 0;
  for (const auto property : asked) {
    std::size_t row = 0;
    while (catalogue[row].violated != property) ++row;
    rows |= std::uint64_t{1} << row;
  }
  return rows;
}
constexpr std::uint64_t of_rows =
    rows_of({task_phase_monotone, region_phase_monotone, absorbing, linear, record_kept, fence,
             strengthens, tightens, mask_monotone, mask_as_asked, no_late_admission,
             last_in_first_out, finalizer_budget_given, stamped_now, limits_as_asked,
             resolved_as_told, moves_as_told, close_begins, enters_as_asked});
/// What `of_rows` asks of the new rows of one kind.
constexpr std::uint64_t of_new_tasks =
    rows_of({no_late_admission, finalizer_budget_given, stamped_now, enters_as_asked});
constexpr std::uint64_t of_new_regions =
    rows_of({no_late_admission, limits_as_asked, stamped_now, enters_as_asked});
constexpr std::uint64_t of_new_obligations =
    rows_of({no_late_admission, stamped_now, enters_as_asked});

/// Properties that speak of one verb's steps only, by the number of the verb.
constexpr auto of_verbs = [] {
  std::array<std::uint64_t, action_count> rows{};
  rows[Action{Commit{}}.index()] = rows_of({late_answer, resolved_as_told});
  rows[Action{Abort{}}.index()] = rows_of({late_answer, resolved_as_told});
  rows[Action{Spawn{}}.index()] = rows_of({met_at_admission, enters_as_asked});
  rows[Action{OpenRegion{}}.index()] = rows_of({met_at_admission, enters_as_asked});
  rows[Action{Reserve{}}.index()] = rows_of({enters_as_asked});
  rows[Action{DeferFinalizer{}}.index()] = rows_of({enters_as_asked});
  rows[Action{Start{}}.index()] = rows_of({moves_as_told});
  rows[Action{CleanupDone{}}.index()] = rows_of({moves_as_told});
  rows[Action{Checkpoint{}}.index()] = rows_of({mask_spent, answer_tells});
  rows[Action{EnterMask{}}.index()] = rows_of({mask_as_asked});
  rows[Action{LeaveMask{}}.index()] = rows_of({mask_as_asked});
  rows[Action{CancelTask{}}.index()] = rows_of({answer_tells});
  rows[Action{CancelRegion{}}.index()] = rows_of({answer_tells});
  rows[Action{CloseRegion{}}.index()] = rows_of({close_hands_down});
  rows[Action{Poll{}}.index()] = rows_of({poll_pays});
  rows[Action{Join{}}.index()] = rows_of({handed_over});
  rows[Action{AdvanceTime{}}.index()] = rows_of({expires, time_forwards});
  rows[Action{Return{}}.index()] = rows_of({outcome_recorded, answer_tells});
  return rows;
}();

/// Properties that a condition of `in_question` asks. What no list names is asked of every step.
constexpr std::uint64_t of_conditions =
    rows_of({handed_over, cancel_recorded, policy_acts, leak_response, settled_by_completion,
             refusal_changes_nothing, time_forwards});
constexpr std::uint64_t of_every_step = [] {
  std::uint64_t named = of_rows | of_conditions;
  for (const std::uint64_t rows : of_verbs) named |= rows;
  return ((std::uint64_t{1} << catalogue.size()) - 1) & ~named;
}();

/// It is cancelled for just what the action gives.
template <class Row>
bool is_cancelled_now(const Transition& t, const Row* row, RegionName origin, CancelKind kind) {
  return row != nullptr && row->reason && row->reason->kind == kind &&
         row->reason->at_ticks == t.after.now && row->reason->origin == origin;
}

/// What a step that closes or cancels may have left undone.
std::uint64_t in_question_of_an_end(const Transition& t) {
  if (const auto* const close = std::get_if<CloseRegion>(&t.action)) {
    const Region* const now = find(t.after, close->region);
    return now != nullptr && now->phase == RegionPhase::Open ? rows_of({close_begins}) : 0;
  }
  if (const auto* const cancel = std::get_if<CancelRegion>(&t.action)) {
    const Region* const now = find(t.after, cancel->region);
    return is_cancelled_now(t, now, cancel->region, cancel->kind) ? 0 : rows_of({cancel_recorded});
  }
  const auto* const cancel = std::get_if<CancelTask>(&t.action);
  if (cancel == nullptr) return 0;
  const Task* const now = find(t.after, cancel->task);
  return now != nullptr && is_cancelled_now(t, now, now->owner, cancel->kind)
             ? 0
             : rows_of({cancel_recorded});
}

/// The properties that the step may break: it is seen at once, and cheaply, that the others hold.
std::uint64_t in_question(const Transition& t) {
  const auto completes = [](const Task& before, const Task& now) {
    return is_live(before) && !is_live(now);
  };
  const State& before = t.before;
  const State& after = t.after;
  std::uint64_t rows = of_every_step | of_verbs[t.action.index()] | in_question_of_an_end(t);
  if (!every_row_keeps_all(t)) rows |= of_rows;
  if (t.touched.tasks == Touched::any) rows |= of_new_tasks;  // else the same Names stand there
  if (t.touched.regions == Touched::any) rows |= of_new_regions;
  if (t.touched.obligations == Touched::any) rows |= of_new_obligations;
  if (const auto* const action = std::get_if<Return>(&t.action)) {
    const Task* const task = find(before, action->task);
    const Task* const ended = find(after, action->task);
    if (task != nullptr && !task->waiters.empty()) rows |= rows_of({handed_over});
    if (ended != nullptr &&
        (ended->outcome.kind == OutcomeKind::Err || ended->outcome.kind == OutcomeKind::Panicked))
      rows |= rows_of({policy_acts});
  }
  if (!is_done(t.answer)) rows |= rows_of({refusal_changes_nothing});
  if (before.now != after.now) rows |= rows_of({time_forwards});
  if (before.leak_count != after.leak_count || !(before.leak_policy == after.leak_policy) ||
      is_leak_panic(t.answer))
    rows |= rows_of({leak_response});
  if (std::any_of(before.obligations.begin(), before.obligations.end(), is_reserved)) {
    if (std::holds_alternative<Return>(t.action)) rows |= rows_of({leak_response});
    if (before.tasks.size() != after.tasks.size() ||
        any_touched_pair(t.touched.tasks, before.tasks, after.tasks, completes))
      rows |= rows_of({settled_by_completion});
  }
  return rows;
}

}  // namespace

std::uint64_t violated_rows(const Transition& transition) {
  std::uint64_t violated = 0;
  for (std::uint64_t asked = in_question(transition); asked != 0; asked &= asked - 1) {
    const auto row = static_cast<std::size_t>(std::countr_zero(asked));
    if (catalogue[row].violated(transition)) violated |= std::uint64_t{1} << row;
  }
  return violated;
}

std::optional<NamedViolation> first_violation(const Transition& transition) {
  for (const StepProperty& property : catalogue) {
    if (auto fact = property.violated(transition)) return NamedViolation{property.id, *fact};
  }
  return std::nullopt;
}

}  // namespace quiesce::spec
