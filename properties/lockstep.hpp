// Lockstep of our own, without the memo that the campaigns use: one action, one comparison.
#pragma once

#include <string>
#include <vector>

#include "impl/snapshot.hpp"
#include "models/refine/abstraction.hpp"
#include "models/refine/runtime_under_test.hpp"
#include "spec/step.hpp"

namespace quiesce::properties {

/// Where the two sides part.
///   state    `fact` is empty if they agree; `trace` has a line for each action so far
struct Disagreement {
  std::string fact;
  std::string trace;
};

/// What clashes between a snapshot and the specification's state; empty if nothing does.
[[nodiscard]] std::string state_fact(const Snapshot& snapshot, const spec::State& spec_says);
/// What clashes between two answers; empty if they are equal.
[[nodiscard]] std::string answer_fact(const Action& action, const Answer& spec_says,
                                      const Answer& impl_says);

/// Applies the actions one after the other and compares answer and state after each.
///   state    the specification steps the action as issued: an unbound Name has become none
template <class Runtime>
[[nodiscard]] Disagreement first_disagreement(Runtime& runtime, const std::vector<Action>& actions,
                                              const LeakPolicy& leaks = {}) {
  Disagreement found;
  spec::State model = spec::initial(leaks);
  Snapshot snapshot;
  for (const Action& action : actions) {
    const refine::Issued issued = runtime.apply(action);
    spec::Step next = spec::step(std::move(model), issued.action);
    found.trace += to_text(action) + " -> " + to_text(issued.answer) + "\n";
    found.fact = answer_fact(action, next.answer, issued.answer);
    if (!found.fact.empty()) return found;
    runtime.snapshot(snapshot);
    found.fact = state_fact(snapshot, next.after);
    if (!found.fact.empty()) {
      found.fact = "after " + to_text(action) + ": " + found.fact;
      return found;
    }
    model = std::move(next.after);
  }
  return found;
}

}  // namespace quiesce::properties
