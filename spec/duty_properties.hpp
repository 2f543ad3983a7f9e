// The sentences of duty_properties.cpp and record_properties.cpp, for the table in
// step_properties.cpp. Internal to them.
#pragma once

#include <cstring>
#include <type_traits>

#include "spec/invariants.hpp"

namespace quiesce::spec {

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
[[nodiscard]] Violation stamped_now(const Transition& t);
[[nodiscard]] Violation limits_as_asked(const Transition& t);

/// The step is one of the task's own that may change its mask.
[[nodiscard]] bool is_about_its_mask(const Action& action, TaskName task);

/// The step gives a task, or a region, this reason: its kind, its time, where it comes from.
[[nodiscard]] bool is_given(const Transition& t, const Task& task, const CancelReason& reason);
[[nodiscard]] bool is_given(const Transition& t, const Region& region, const CancelReason& reason);

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
