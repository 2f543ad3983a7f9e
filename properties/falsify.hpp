// Falsify: one concurrent script under a fixed set of schedules, and the simplest that fails.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/refine/failure.hpp"
#include "models/refine/runtime_under_test.hpp"
#include "models/refine/script.hpp"

namespace quiesce::properties {

/// How many schedules a script gets. They are the same ones each time, so that shrinking is a
/// function of the script.
struct Schedules {
  std::uint64_t random_walk = 30;
  std::uint64_t pct = 30;
  std::uint64_t exhaustive = 60;            // from no preemption upwards
  std::uint64_t exhaustive_search = 4'000;  // for fewer preemptions, once a schedule has failed
};

/// The failure of a script, if one of its schedules fails.
///   state    the schedule with the fewest preemptions that the exhaustive search finds; the one
///            that failed first if that search does not end
[[nodiscard]] std::optional<refine::Failure> falsify(const refine::Variant& variant,
                                                     const refine::Script& script,
                                                     const Schedules& schedules = {});

/// What a property prints: the fact, the script, the schedule, the replay line.
[[nodiscard]] std::string report(const refine::Failure& failure);

}  // namespace quiesce::properties
