// A counterexample as text: one column a thread, time downwards, only what changed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/refine/failure.hpp"

namespace quiesce::report {

/// The whole report of a failure, ending with the line that replays it.
///   state    a function of its arguments: golden-tested
[[nodiscard]] std::string failure_text(const refine::Failure& failure, const refine::TracedRun& run,
                                       std::string_view replay);

/// The columns alone.
[[nodiscard]] std::string columns_text(const refine::TracedRun& run);

/// "./quiesce replay 'q1:…'"
[[nodiscard]] std::string replay_command(std::string_view replay);

/// What the specification says where the two sides answer differently; empty if they do not.
[[nodiscard]] std::string mismatch_text(const refine::Failure& failure);

}  // namespace quiesce::report
