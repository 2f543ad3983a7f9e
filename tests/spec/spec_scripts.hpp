// What the tests of the specification share: scripts in text form, and the words they read back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "spec/state.hpp"
#include "spec/step.hpp"
#include "spec/vocabulary/action.hpp"

namespace quiesce::spec_tests {

/// The actions of "spawn(t1, r0); start(t1)"; throws std::logic_error if one cannot be read.
[[nodiscard]] std::vector<Action> actions(std::string_view script);
[[nodiscard]] Action action(std::string_view text);

/// The state after a script, each action of which must be accepted and must keep every invariant
/// and every step property: else std::logic_error says which one was not. A script from the start
/// may begin with a leak policy: "leaks Recover; spawn(t1, r0)".
[[nodiscard]] spec::State after(std::string_view script);
[[nodiscard]] spec::State after(const spec::State& state, std::string_view script);

/// The answer of `last` after a script, in words: "Done", "Refused{RegionOpen}".
[[nodiscard]] std::string answer(std::string_view script, std::string_view last);
[[nodiscard]] std::string answer(const spec::State& state, std::string_view last);

// Rows that the test knows to be there; std::logic_error if they are not.
[[nodiscard]] const spec::Region& region(const spec::State& state, std::uint32_t name);
[[nodiscard]] const spec::Task& task(const spec::State& state, std::uint32_t name);
[[nodiscard]] const spec::Obligation& obligation(const spec::State& state, std::uint32_t name);
[[nodiscard]] spec::Region& region(spec::State& state, std::uint32_t name);
[[nodiscard]] spec::Task& task(spec::State& state, std::uint32_t name);
[[nodiscard]] spec::Obligation& obligation(spec::State& state, std::uint32_t name);

/// A region or a task in words: "Closed Cancelled(User@0 from r0)", "CancelRequested for
/// Timeout@3 from r1", "Completed Ok", "Running".
[[nodiscard]] std::string region_words(const spec::State& state, std::uint32_t name);
[[nodiscard]] std::string task_words(const spec::State& state, std::uint32_t name);
/// "Reserved", "Committed", "Aborted(Cancel)", "Leaked"
[[nodiscard]] std::string obligation_words(const spec::State& state, std::uint32_t name);

}  // namespace quiesce::spec_tests
