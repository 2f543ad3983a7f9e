// What a run tried, in numbers that can be added up in any order.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/refine/coverage.hpp"
#include "models/refine/strategy.hpp"

namespace quiesce::refine {

/// How often a sentence of the catalogue was really put to the test.
///   state    both numbers count distinct specification states (or steps) of each script, summed
///            over the scripts; how often executions visited them does not matter
struct Witness {
  std::string_view id;
  std::string_view sentence;
  std::string_view interesting_case;
  std::uint64_t checked = 0;
  std::uint64_t interesting = 0;
};

/// What one strategy did.
struct StrategyTotals {
  std::uint64_t scripts = 0;
  std::uint64_t executions = 0;
  std::uint64_t failures = 0;
};

struct Totals {
  std::uint64_t scripts = 0;
  std::uint64_t interleavings = 0;       // executions, sequential ones included
  std::uint64_t distinct_schedules = 0;  // different by decisions, per script, summed
  std::uint64_t operations = 0;          // answers compared
  std::uint64_t visible_steps = 0;       // scheduling steps of the explorer
  std::uint64_t spec_states = 0;         // distinct states of the specification per script, summed
  std::uint64_t spec_steps = 0;          // distinct steps, likewise
  std::uint64_t linearizations_unknown = 0;  // searches that ran out of their budget
  std::uint64_t exhausted_scripts = 0;       // scripts whose bounded search finished
  std::uint64_t repeated_executions = 0;     // run twice, same visible operations both times
  Coverage coverage;                         // answers by action and kind, weighted by visits
  std::vector<Witness> witnesses;            // invariants, then step properties
  std::array<StrategyTotals, strategy_count> strategies{};

  void add(const Totals& other);
};

/// Zero everywhere, with a row for each sentence of the catalogue.
[[nodiscard]] Totals no_totals();

}  // namespace quiesce::refine
