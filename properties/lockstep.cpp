#include "properties/lockstep.hpp"

namespace quiesce::properties {

std::string state_fact(const Snapshot& snapshot, const spec::State& spec_says) {
  if (const auto fault = refine::representation_fault(snapshot)) return *fault;
  const spec::State impl_says = refine::abstraction(snapshot);
  if (impl_says == spec_says) return {};
  const auto rows = refine::differences(spec_says, impl_says);
  return rows.empty() ? "the states differ" : rows.front();
}

std::string answer_fact(const Action& action, const Answer& spec_says, const Answer& impl_says) {
  if (impl_says == spec_says) return {};
  return to_text(action) + ": the specification answers " + to_text(spec_says) +
         ", the implementation " + to_text(impl_says);
}

}  // namespace quiesce::properties
