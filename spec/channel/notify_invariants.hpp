// What is true of every state of a notify.
#pragma once

#include <span>

#include "spec/channel/catalogue.hpp"
#include "spec/channel/notify.hpp"

namespace quiesce::channel {

[[nodiscard]] std::span<const Invariant<Notify>> notify_invariants();
[[nodiscard]] std::span<const StepProperty<Notify, NotifyAction>> notify_step_properties();

}  // namespace quiesce::channel
