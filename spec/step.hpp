// step: the specification in one total, pure function.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "spec/state.hpp"
#include "spec/vocabulary/action.hpp"
#include "spec/vocabulary/answer.hpp"

namespace quiesce::spec {

/// What an action answers, and the state after it. A refusal leaves the state as it was.
struct Step {
  State after;
  Answer answer;
};

/// One external action, then the internal rules to their fixpoint.           rule.step
///   refuses  by the guards of the action's rule, in order: the first that fails answers
///   cost     linear in the rows; pure, total, throws nothing but out of memory
[[nodiscard]] Step step(State before, const Action& action);

/// One external action without the internal rules that follow it: small-step granularity.
[[nodiscard]] Step step_unsettled(State before, const Action& action);

// The same on a state that the caller owns, for searches that take steps by the million.
[[nodiscard]] Answer apply_unsettled(State& state, const Action& action);
void run_internal_rules(State& state);
[[nodiscard]] inline Answer apply(State& state, const Action& action) {
  const Answer answer = apply_unsettled(state, action);
  if (is_done(answer)) run_internal_rules(state);
  return answer;
}

/// An internal rule: it becomes enabled by itself and needs no caller.
enum class InternalRule : std::uint8_t { Finalize, StartFinalizer, CompleteClose };
inline constexpr int internal_rule_count = 3;
[[nodiscard]] std::string_view to_text(InternalRule rule);

/// One internal rule at one region.
struct InternalStep {
  InternalRule rule{};
  RegionName region;
  friend bool operator==(const InternalStep&, const InternalStep&) = default;
};

/// The internal steps that are enabled, in the order of the regions' Names.
[[nodiscard]] std::vector<InternalStep> enabled_internal(const State& state);
/// Takes an enabled internal step.
[[nodiscard]] State take(State state, const InternalStep& internal);
void apply(State& state, const InternalStep& internal);

/// The internal rules to their fixpoint. Every order gives the same fixpoint.  rule.region.settle
///   cost     at most three steps a region
[[nodiscard]] State settle(State state);

/// The table of rules: id, what it does in a sentence, and where the sentence comes from.
struct RuleRow {
  std::string_view id;
  std::string_view sentence;
  std::string_view source;
};
[[nodiscard]] std::span<const RuleRow> rules();
/// The rule that an action, or the verb of that index, dispatches to.
[[nodiscard]] std::string_view rule_id(const Action& action);
[[nodiscard]] std::string_view rule_id_of_verb(std::size_t verb);

}  // namespace quiesce::spec
