// Scenario files: actions with the exact output they must give, for reading and for tests.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "models/refine/runtime_under_test.hpp"
#include "spec/vocabulary/action.hpp"

namespace quiesce::report {

/// A line of a scenario: a comment or the leak policy, or an action with the output that is
/// expected below it.
struct ScenarioLine {
  std::string comment;  // with its '#'; or 'leaks RESPONSE'; or empty for an empty line
  bool is_action = false;
  Action action{};
  std::vector<std::string> expected;  // the answer, then what changed; without the indentation
  std::size_t number = 0;             // in the file, 1-based
};

/// A scenario, or the sentence that says what is wrong with its text and on which line.
struct Scenario {
  std::vector<ScenarioLine> lines;
  LeakPolicy leaks{};
  std::string error;
};

/// Reads `# comment`, `leaks RESPONSE` before the first action, `action(…)`, indented expected
/// output, and `end` on the last line.
///   refuses  what is not an action, a second or late leak policy, a Name created twice, a text
///   without its `end`
[[nodiscard]] Scenario parse_scenario(std::string_view text);

/// What came of a run.
struct ScenarioRun {
  std::string text;   // the scenario with the output that was given in place of the expected one
  std::string clash;  // where the variant does not agree with the specification; empty if it does
  std::string unexpected;  // the first line whose output is not the expected one; empty if none
};

/// Runs the actions one after the other on a variant and compares each answer and each state with
/// the specification's.
[[nodiscard]] ScenarioRun run_scenario(const Scenario& scenario, const refine::Variant& variant);

}  // namespace quiesce::report
