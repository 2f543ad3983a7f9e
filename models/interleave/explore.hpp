// One call for code of your own: try many interleavings, simplify and print what fails.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "models/interleave/engine.hpp"

namespace quiesce::interleave {

struct ExploreOptions {
  std::uint64_t seed = 1;
  std::uint64_t executions = 10'000;        // random ones, walk, pct and pos in turn
  std::uint32_t preemptions = 2;            // then every schedule with at most so many
  std::uint64_t most_exhaustive = 100'000;  // as long as these executions suffice
  EngineOptions engine;
};

/// What exploring gave.
///   state    `report` is for the user in every case: how much was tried, or what failed, in
///            columns, with the decisions that repeat it
struct Verdict {
  bool holds = false;
  std::uint64_t executions = 0;
  bool all_within_bound = false;  // every schedule with at most `preemptions` was executed
  Ended ended;                    // of the simplified failing execution
  Decisions decisions;
  bool minimal = false;  // no schedule with fewer preemptions fails
  std::string report;
};

/// Runs `body` under many schedules. It is thread 0 of each execution: it makes its objects anew
/// each time, starts threads, joins them, and says what must hold with interleave::check.
///   cost     a function of the options: no clock decides anything
Verdict explore(const std::function<void()>& body, const ExploreOptions& options = {});

/// Repeats one execution from the text of its decisions; `report` has it in columns, or says what
/// is wrong with the text, or at which decision the body no longer follows it.
Verdict replay(const std::function<void()>& body, std::string_view decisions,
               const EngineOptions& options = {});

}  // namespace quiesce::interleave
