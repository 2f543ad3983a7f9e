#include "models/refine/spec_memo.hpp"

#include <algorithm>
#include <utility>

#include "models/refine/abstraction.hpp"
#include "models/refine/coverage.hpp"
#include "spec/step.hpp"

namespace quiesce::refine {

namespace {
constexpr std::size_t most_known_orders = 16;  // of the rows of one state
}

SpecMemo::SpecMemo() : interesting_(spec::invariants().size() + spec::step_properties().size()) {
  clear();
  // Nothing counts before the first script: counts do not depend on how many memos there are.
  new_states_ = 0;
  std::fill(interesting_.begin(), interesting_.end(), 0);
}

void SpecMemo::clear(const LeakPolicy& leaks) {
  actions_.clear();
  states_.clear();
  next_same_hash_.clear();
  broken_in_state_.clear();
  first_known_.clear();
  state_of_hash_.clear();
  edge_of_.clear();
  edges_.clear();
  broken_.clear();
  known_.clear();
  std::int32_t broken = -1;
  static_cast<void>(intern_state(spec::initial(leaks), broken));
}

ActionId SpecMemo::intern(const Action& action) {
  const auto found = std::find(actions_.begin(), actions_.end(), action);
  if (found != actions_.end()) return static_cast<ActionId>(found - actions_.begin());
  actions_.push_back(action);
  return static_cast<ActionId>(actions_.size() - 1);
}

const SpecMemo::Edge& SpecMemo::new_step(StateId from, ActionId action) {
  spec::Step step = spec::step(states_[from], actions_[action]);
  ++new_steps_;
  Edge edge;
  edge.answer = step.answer;
  edge.action_index = static_cast<std::uint32_t>(actions_[action].index());
  edge.class_index = static_cast<std::uint32_t>(answer_class_index(step.answer));
  const spec::Transition taken{states_[from], actions_[action], step.answer, step.after};
  edge.told = told_by(taken);
  edge.broken = judge(taken);
  std::int32_t broken_state = -1;
  edge.next = intern_state(std::move(step.after), broken_state);
  if (edge.broken < 0) edge.broken = broken_state;
  edge_of_.emplace((std::uint64_t{from} << 32U) | action,
                   static_cast<std::uint32_t>(edges_.size()));
  edges_.push_back(edge);
  return edges_.back();
}

StateId SpecMemo::intern_state(spec::State state, std::int32_t& broken) {
  const std::uint64_t hash = spec::hash_value(state);
  const auto found = state_of_hash_.find(hash);
  std::int32_t same_hash = -1;
  if (found != state_of_hash_.end()) {
    same_hash = static_cast<std::int32_t>(found->second);
    for (std::int32_t at = same_hash; at >= 0; at = next_same_hash_[static_cast<std::size_t>(at)]) {
      if (states_[static_cast<std::size_t>(at)] == state) {
        broken = broken_in_state_[static_cast<std::size_t>(at)];
        return static_cast<StateId>(at);
      }
    }
  }
  const auto id = static_cast<StateId>(states_.size());
  broken = judge(state);
  ++new_states_;
  states_.push_back(std::move(state));
  next_same_hash_.push_back(same_hash);
  broken_in_state_.push_back(broken);
  first_known_.push_back(-1);
  state_of_hash_.insert_or_assign(hash, id);
  return id;
}

std::int32_t SpecMemo::judge(const spec::State& state) {
  std::int32_t broken = -1;
  std::size_t row = 0;
  for (const spec::Invariant& invariant : spec::invariants()) {
    if (invariant.interesting(state)) ++interesting_[row];
    ++row;
    if (broken >= 0) continue;
    if (spec::Violation fact = invariant.violated(state)) {
      broken = static_cast<std::int32_t>(broken_.size());
      broken_.push_back({invariant.id, *std::move(fact)});
    }
  }
  return broken;
}

std::int32_t SpecMemo::judge(const spec::Transition& transition) {
  std::int32_t broken = -1;
  std::size_t row = spec::invariants().size();
  for (const spec::StepProperty& property : spec::step_properties()) {
    if (property.interesting(transition)) ++interesting_[row];
    ++row;
    if (broken >= 0) continue;
    if (spec::Violation fact = property.violated(transition)) {
      broken = static_cast<std::int32_t>(broken_.size());
      broken_.push_back({property.id, *std::move(fact)});
    }
  }
  return broken;
}

bool SpecMemo::stands_for(const Snapshot& snapshot, StateId state) {
  std::size_t orders = 0;
  for (std::int32_t at = first_known_[state]; at >= 0; ++orders) {
    const KnownSnapshot& known = known_[static_cast<std::size_t>(at)];
    if (same_rows(known.snapshot, snapshot)) return true;
    at = known.next;
  }
  if (representation_fault(snapshot) || !(abstraction(snapshot) == states_[state])) return false;
  if (orders < most_known_orders) {
    known_.push_back({snapshot, first_known_[state]});
    first_known_[state] = static_cast<std::int32_t>(known_.size() - 1);
  }
  return true;
}

void SpecMemo::take_counts(Totals& totals) {
  totals.spec_states += std::exchange(new_states_, 0);
  totals.spec_steps += std::exchange(new_steps_, 0);
  for (std::size_t i = 0; i < interesting_.size(); ++i) {
    totals.witnesses[i].interesting += std::exchange(interesting_[i], 0);
  }
  const std::size_t invariants = spec::invariants().size();
  for (std::size_t i = 0; i < totals.witnesses.size(); ++i) {
    totals.witnesses[i].checked = i < invariants ? totals.spec_states : totals.spec_steps;
  }
}

}  // namespace quiesce::refine
