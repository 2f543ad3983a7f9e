#include "models/refine/totals.hpp"

#include "spec/invariants.hpp"

namespace quiesce::refine {

Totals no_totals() {
  Totals totals;
  for (const spec::Invariant& row : spec::invariants()) {
    totals.witnesses.push_back({row.id, row.sentence, row.interesting_case, 0, 0});
  }
  for (const spec::StepProperty& row : spec::step_properties()) {
    totals.witnesses.push_back({row.id, row.sentence, row.interesting_case, 0, 0});
  }
  return totals;
}

void Totals::add(const Totals& other) {
  scripts += other.scripts;
  interleavings += other.interleavings;
  distinct_schedules += other.distinct_schedules;
  operations += other.operations;
  visible_steps += other.visible_steps;
  spec_states += other.spec_states;
  spec_steps += other.spec_steps;
  linearizations_unknown += other.linearizations_unknown;
  exhausted_scripts += other.exhausted_scripts;
  repeated_executions += other.repeated_executions;
  coverage.add(other.coverage);
  for (std::size_t i = 0; i < witnesses.size() && i < other.witnesses.size(); ++i) {
    witnesses[i].checked += other.witnesses[i].checked;
    witnesses[i].interesting += other.witnesses[i].interesting;
  }
  for (std::size_t i = 0; i < strategies.size(); ++i) {
    strategies[i].scripts += other.strategies[i].scripts;
    strategies[i].executions += other.strategies[i].executions;
    strategies[i].failures += other.strategies[i].failures;
  }
}

}  // namespace quiesce::refine
