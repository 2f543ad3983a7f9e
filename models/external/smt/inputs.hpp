// What an action carries, and the reasons that it gives.
#pragma once

#include "models/external/smt/samples.hpp"

namespace quiesce::smt {

/// The inputs of an external action at a state: the reasons are worked out from the rows, and so is
/// what has expired above each region.
[[nodiscard]] Inputs inputs_of(const spec::State& state, const Action& action);
/// The inputs of an internal rule: the region, and the top of its stack for start_finalizer.
[[nodiscard]] Inputs inputs_of(const spec::State& state, const spec::InternalStep& step);

}  // namespace quiesce::smt
