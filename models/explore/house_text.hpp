// A state of the bounded machine for people and for other tools.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "spec/state.hpp"

namespace quiesce::explore {

/// "r0 Closing for User@0 from r0, t0 Running in r0": one item a row, defaults left out.
[[nodiscard]] std::string house_text(const spec::State& state);

/// The rows as name and value in JSON: regions, tasks, obligations (lists of records), leak_count.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> house_variables(
    const spec::State& state);

}  // namespace quiesce::explore
