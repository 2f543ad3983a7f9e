// What an action carries, and what it reads of the fields that the SMT text leaves out.
#pragma once

#include "models/external/smt/samples.hpp"

namespace quiesce::smt {

/// The inputs of an external action at a state, worked out from the rows: counts against limits,
/// quotas, deadlines, reasons.
[[nodiscard]] Inputs inputs_of(const spec::State& state, const Action& action);
/// The inputs of an internal rule: the region, and the top of its stack for start_finalizer.
[[nodiscard]] Inputs inputs_of(const spec::State& state, const spec::InternalStep& step);

}  // namespace quiesce::smt
