// The sentences of duty_properties.cpp, for the table in step_properties.cpp. Internal to both.
#pragma once

#include "spec/invariants.hpp"

namespace quiesce::spec {

[[nodiscard]] Violation policy_acts(const Transition& t);
[[nodiscard]] Violation close_hands_down(const Transition& t);
[[nodiscard]] Violation expires(const Transition& t);
[[nodiscard]] Violation poll_pays(const Transition& t);
[[nodiscard]] Violation handed_over(const Transition& t);
[[nodiscard]] Violation mask_as_asked(const Transition& t);
[[nodiscard]] Violation outcome_recorded(const Transition& t);
[[nodiscard]] Violation answer_tells(const Transition& t);

/// The step is one of the task's own that may change its mask.
[[nodiscard]] bool is_about_its_mask(const Action& action, TaskName task);

}  // namespace quiesce::spec
