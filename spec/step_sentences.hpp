// The sentences about steps that stand beside step_properties.cpp, for its table, and what they
// share with it. Internal to these files.
#pragma once

#include <cstring>
#include <type_traits>

#include "spec/interesting.hpp"
#include "spec/invariants.hpp"

namespace quiesce::spec {

// obligation_properties.cpp
[[nodiscard]] Violation linear(const Transition& t);
[[nodiscard]] Violation fence(const Transition& t);
[[nodiscard]] Violation record_kept(const Transition& t);
[[nodiscard]] Violation settled_by_completion(const Transition& t);
[[nodiscard]] Violation leak_response(const Transition& t);
[[nodiscard]] Violation late_answer(const Transition& t);
[[nodiscard]] Violation resolved_as_told(const Transition& t);
// duty_properties.cpp
[[nodiscard]] Violation met_at_admission(const Transition& t);
[[nodiscard]] Violation finalizer_budget_given(const Transition& t);
[[nodiscard]] Violation policy_acts(const Transition& t);
[[nodiscard]] Violation close_hands_down(const Transition& t);
[[nodiscard]] Violation expires(const Transition& t);
[[nodiscard]] Violation poll_pays(const Transition& t);
[[nodiscard]] Violation handed_over(const Transition& t);
[[nodiscard]] Violation mask_as_asked(const Transition& t);
[[nodiscard]] Violation outcome_recorded(const Transition& t);
[[nodiscard]] Violation answer_tells(const Transition& t);
[[nodiscard]] Violation moves_as_told(const Transition& t);
[[nodiscard]] Violation cancel_recorded(const Transition& t);
// record_properties.cpp
[[nodiscard]] Violation stamped_now(const Transition& t);
[[nodiscard]] Violation limits_as_asked(const Transition& t);
[[nodiscard]] Violation close_begins(const Transition& t);
[[nodiscard]] Violation enters_as_asked(const Transition& t);

/// The action, if it is this one and was accepted.
template <class Kind>
[[nodiscard]] const Kind* accepted(const Transition& t) {
  return is_done(t.answer) ? std::get_if<Kind>(&t.action) : nullptr;
}
/// What the answer carries, if it is this.
template <class Result>
[[nodiscard]] const Result* answered(const Transition& t) {
  const auto* const accepted = std::get_if<Done>(&t.answer);
  return accepted == nullptr ? nullptr : std::get_if<Result>(&accepted->result);
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

[[nodiscard]] inline std::string was_and_is(const std::string& noun, std::string_view before,
                                            std::string_view after) {
  return noun + " was " + std::string(before) + " and is " + std::string(after);
}

/// The step is one of the task's own that may change its mask.
[[nodiscard]] bool is_about_its_mask(const Action& action, TaskName task);

/// The step gives a task, or a region, this reason: its kind, its time, where it comes from.
[[nodiscard]] bool is_given(const Transition& t, const Task& task, const CancelReason& reason);
[[nodiscard]] bool is_given(const Transition& t, const Region& region, const CancelReason& reason);

[[nodiscard]] inline bool stays_if_resolved(const Obligation& before, const Obligation& after) {
  return is_reserved(before) || before == after;
}
[[nodiscard]] inline bool keeps_what_was_reserved(const Obligation& before,
                                                  const Obligation& after) {
  return before.kind == after.kind && before.holder == after.holder &&
         before.region == after.region && before.reserved_at_ticks == after.reserved_at_ticks;
}
[[nodiscard]] inline bool keeps_the_fence(const Transition& t, const Obligation& before,
                                          const Obligation& after) {
  const Region* const region = find(t.before, before.region);
  return before.phase == after.phase || region == nullptr || is_live(*region);
}
[[nodiscard]] inline bool is_leak_panic(const Answer& answer) {
  const auto* const accepted = std::get_if<Done>(&answer);
  return accepted != nullptr && std::holds_alternative<LeakPanic>(accepted->result);
}
/// It stands as it stood, or was resolved as the step says.
[[nodiscard]] bool is_resolved_as_told(const Transition& t, const Obligation& before,
                                       const Obligation& after);
/// A region stays Open unless the step closes or cancels it, and then is what the step makes it.
[[nodiscard]] bool begins_its_close_as_told(const Transition& t, const Region& before,
                                            const Region& after);
/// A finalizer is pushed by the action that says so, one at a time.
[[nodiscard]] bool grows_its_stack_as_asked(const Transition& t, const Region& before,
                                            const Region& after);
/// A task's phase, which has changed, is what the step makes it.
[[nodiscard]] bool is_moved_as_told(const Transition& t, const Task& before, const Task& after);

/// What a region was opened with stands; a close leaves nothing of it. Compared as bytes: it is
/// asked of each region that a step touches.
[[nodiscard]] inline bool keeps_its_limits(const Region& before, const Region& after) {
  static_assert(std::has_unique_object_representations_v<Limits>);
  if (std::memcmp(&before.limits, &after.limits, sizeof(Limits)) == 0 &&
      before.policy == after.policy)
    return true;
  return !is_live(after) && after.limits == no_limits && after.policy == Policy::CollectAll;
}

}  // namespace quiesce::spec
