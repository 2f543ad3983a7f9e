// What is true of every state of an mpsc and the runtime beside it, and of every step.
#pragma once

#include <span>

#include "spec/channel/catalogue.hpp"
#include "spec/channel/mpsc.hpp"

namespace quiesce::channel {

[[nodiscard]] std::span<const Invariant<Mpsc>> mpsc_invariants();
[[nodiscard]] std::span<const StepProperty<Mpsc, MpscAction>> mpsc_step_properties();

}  // namespace quiesce::channel
