// The interesting cases of the catalogues, and what they share with its sentences. Internal to
// invariants.cpp and the files of properties: everyone else reads the catalogues.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "spec/invariants.hpp"

namespace quiesce::spec {

inline std::uint64_t touched_among(const Touched& touched,
                                   const decltype(State::regions)& /*rows*/) {
  return touched.regions;
}
inline std::uint64_t touched_among(const Touched& touched, const decltype(State::tasks)& /*rows*/) {
  return touched.tasks;
}
inline std::uint64_t touched_among(const Touched& touched,
                                   const decltype(State::obligations)& /*rows*/) {
  return touched.obligations;
}

/// Calls `visit(row)` for the rows that the step may have changed, until it returns true.
template <class Rows, class Visit>
bool any_touched_row(const Touched& touched, const Rows& rows, Visit visit) {
  std::uint64_t among = touched_among(touched, rows);
  if (among == Touched::any)
    return std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return visit(row); });
  for (; among != 0; among &= among - 1) {
    if (visit(rows[static_cast<std::size_t>(std::countr_zero(among))])) return true;
  }
  return false;
}

// What a state is like.
[[nodiscard]] bool some_live_child(const State& s, const Region& region);
/// The next leak will be recovered, and so were all before.
[[nodiscard]] bool recovers(const State& s);

/// The obligations that a step's completion found Reserved although it was not cancelled.
[[nodiscard]] Names<ObligationName> leaks_of(const Transition& t);
/// The task whose checkpoint finds a cancel that it has not acknowledged; null if there is none.
[[nodiscard]] const Task* deferring_task(const Transition& t);

// The `sometimes` beside each `always`: of states …
[[nodiscard]] bool some_region_finalizing(const State& s);
[[nodiscard]] bool some_child_region(const State& s);
[[nodiscard]] bool some_live_task(const State& s);
[[nodiscard]] bool closing_with_live_task(const State& s);
[[nodiscard]] bool closed_that_had_a_task(const State& s);
[[nodiscard]] bool closed_that_had_an_obligation(const State& s);
[[nodiscard]] bool child_with_deadline(const State& s);
[[nodiscard]] bool some_limit_reached(const State& s);
[[nodiscard]] bool cancelled_with_live_child(const State& s);
[[nodiscard]] bool cancelled_with_live_body(const State& s);
[[nodiscard]] bool some_cancelled_completed(const State& s);
[[nodiscard]] bool some_cancelled_live(const State& s);
[[nodiscard]] bool some_masked(const State& s);
[[nodiscard]] bool some_reserved(const State& s);
[[nodiscard]] bool some_leaked(const State& s);
[[nodiscard]] bool some_recovered(const State& s);
[[nodiscard]] bool some_bound_below(const State& s);
[[nodiscard]] bool some_reason_from_above(const State& s);
[[nodiscard]] bool some_stamp(const State& s);
[[nodiscard]] bool another_after_a_panic(const State& s);
[[nodiscard]] bool some_finalizer_live(const State& s);
[[nodiscard]] bool closed_after_finalizers(const State& s);
[[nodiscard]] bool finalizer_in_cancelled_region(const State& s);
[[nodiscard]] bool completed_holder(const State& s);
[[nodiscard]] bool some_waiter(const State& s);
[[nodiscard]] bool some_failed_child(const State& s);
[[nodiscard]] bool some_cancelled_region(const State& s);

// … and of steps.
[[nodiscard]] bool a_task_moves(const Transition& t);
[[nodiscard]] bool a_region_moves(const Transition& t);
[[nodiscard]] bool a_terminal_row_stands(const Transition& t);
[[nodiscard]] bool an_obligation_resolves(const Transition& t);
[[nodiscard]] bool a_late_resolution(const Transition& t);
[[nodiscard]] bool a_holder_completes(const Transition& t);
[[nodiscard]] bool a_leak_is_found(const Transition& t);
[[nodiscard]] bool an_early_second_resolution(const Transition& t);
[[nodiscard]] bool a_reserved_row_stands(const Transition& t);
[[nodiscard]] bool a_budget_is_met(const Transition& t);
[[nodiscard]] bool a_second_request(const Transition& t);
[[nodiscard]] bool a_budget_changes(const Transition& t);
[[nodiscard]] bool a_masked_task_is_cancelled(const Transition& t);
[[nodiscard]] bool a_masked_task_comes_to_a_checkpoint(const Transition& t);
[[nodiscard]] bool an_admission_is_refused(const Transition& t);
[[nodiscard]] bool a_finalizer_starts(const Transition& t);
[[nodiscard]] bool a_policy_acts(const Transition& t);
[[nodiscard]] bool a_close_cancels(const Transition& t);
[[nodiscard]] bool a_region_expires(const Transition& t);
[[nodiscard]] bool a_quota_is_used_up(const Transition& t);
[[nodiscard]] bool a_promise_is_taken_back(const Transition& t);
[[nodiscard]] bool a_cleanup_ends(const Transition& t);
[[nodiscard]] bool a_close_begins_above_a_child(const Transition& t);
[[nodiscard]] bool something_enters_below(const Transition& t);
[[nodiscard]] bool a_stamp_differs(const Transition& t);
[[nodiscard]] bool a_region_has_limits_of_its_own(const Transition& t);
[[nodiscard]] bool a_waiter_is_served(const Transition& t);
[[nodiscard]] bool a_mask_is_entered(const Transition& t);
[[nodiscard]] bool a_return_is_overruled(const Transition& t);
[[nodiscard]] bool a_cancel_is_acknowledged(const Transition& t);
[[nodiscard]] bool a_refusal(const Transition& t);
[[nodiscard]] bool time_moves(const Transition& t);

}  // namespace quiesce::spec
