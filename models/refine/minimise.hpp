// The minimiser: the smallest script and the fewest preemptions that still show a failure.
#pragma once

#include <cstdint>

#include "models/refine/failure.hpp"
#include "models/refine/runtime_under_test.hpp"

namespace quiesce::refine {

struct MinimiseOptions {
  std::uint64_t random_schedules = 120;        // a candidate gets, after the projected schedule
  std::uint64_t exhaustive_schedules = 3'000;  // and then at most, at c <= 2
  std::uint64_t proof_schedules = 200'000;     // to show that one preemption fewer is not enough
  std::uint64_t candidates = 2'000;            // at most tried altogether
};

/// Makes a failure smaller as long as its signature stays: fewer actions, fewer threads, fewer
/// preemptions.
///   state    deterministic; `minimal_note` is set only if the search below the bound finished
///   keeps    no single action can be dropped from the result within these budgets
[[nodiscard]] Failure minimise(const Failure& failure, const Variant& variant,
                               const MinimiseOptions& options = {});

}  // namespace quiesce::refine
