// The scheduler in one total function.
#pragma once

#include <span>
#include <string_view>

#include "spec/scheduling/action.hpp"
#include "spec/scheduling/state.hpp"

namespace quiesce::spec::scheduling {

/// One step. A refusal leaves the state as it was.                              rule.sched.step
///   cost     linear in the entries; total, throws nothing but out of memory
[[nodiscard]] Answer apply(State& state, const Action& action);

/// A rule's id, what it does, and where that comes from.
struct RuleRow {
  std::string_view id;
  std::string_view sentence;
  std::string_view source;
};
[[nodiscard]] std::span<const RuleRow> rules();
/// The rule that an action dispatches to.
[[nodiscard]] std::string_view rule_id(const Action& action);

}  // namespace quiesce::spec::scheduling
