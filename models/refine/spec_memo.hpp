// SpecMemo: the specification's states and steps that a script reaches, each worked out once.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "impl/snapshot.hpp"
#include "models/refine/told.hpp"
#include "models/refine/totals.hpp"
#include "spec/invariants.hpp"
#include "spec/state.hpp"
#include "spec/vocabulary/action.hpp"
#include "spec/vocabulary/answer.hpp"

namespace quiesce::refine {

using StateId = std::uint32_t;
using ActionId = std::uint32_t;
inline constexpr StateId initial_state_id = 0;

/// A sentence of the catalogue that the specification itself broke.
struct BrokenSentence {
  std::string_view id;
  std::string fact;
};

/// Interned states and actions, and the steps between them.
///   state    every new state is judged by the invariants, every new step by the step properties,
///            once; how often the interesting case was reached counts distinct states and steps
///   cost     a step that was taken before is one look-up
class SpecMemo {
 public:
  struct Edge {
    Answer answer;
    Told told;  // the effects that the step leaves
    StateId next = 0;
    std::uint32_t action_index = 0;  // in the alphabet
    std::uint32_t class_index = 0;   // of the answer, see Coverage
    std::int32_t broken = -1;        // index into broken sentences
  };

  SpecMemo();

  /// Forgets states, steps and actions; the counts in `totals` stay until they are taken. What
  /// comes next starts in the initial state of a leak policy.
  void clear(const LeakPolicy& leaks = {});
  [[nodiscard]] ActionId intern(const Action& action);
  [[nodiscard]] const Action& action(ActionId id) const { return actions_[id]; }
  [[nodiscard]] const spec::State& state(StateId id) const { return states_[id]; }

  /// The step from a state by an action. The reference holds until the next step.
  [[nodiscard]] const Edge& step(StateId from, ActionId action) {
    const auto found = edge_of_.find((std::uint64_t{from} << 32U) | action);
    if (found != edge_of_.end()) return edges_[found->second];
    return new_step(from, action);
  }
  [[nodiscard]] const BrokenSentence& broken(std::int32_t index) const {
    return broken_[static_cast<std::size_t>(index)];
  }

  /// True if the snapshot stands for the state. Snapshots that did are remembered, so that the
  /// next equal one is a comparison of rows.
  [[nodiscard]] bool stands_for(const Snapshot& snapshot, StateId state);

  /// States, steps and witnesses since the last call, added to `totals`.
  void take_counts(Totals& totals);

 private:
  const Edge& new_step(StateId from, ActionId action);
  StateId intern_state(spec::State state, std::int32_t& broken);
  std::int32_t judge(const spec::State& state);
  std::int32_t judge(const spec::Transition& transition);

  struct KnownSnapshot {
    Snapshot snapshot;
    std::int32_t next = -1;
  };

  std::vector<Action> actions_;
  std::deque<spec::State> states_;
  std::vector<std::int32_t> next_same_hash_;
  std::vector<std::int32_t> broken_in_state_;
  std::vector<std::int32_t> first_known_;  // by state, into known_
  boost::unordered_flat_map<std::uint64_t, StateId> state_of_hash_;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> edge_of_;
  std::deque<Edge> edges_;
  std::vector<BrokenSentence> broken_;
  std::deque<KnownSnapshot> known_;
  std::uint64_t new_states_ = 0;
  std::uint64_t new_steps_ = 0;
  std::vector<std::uint64_t> interesting_;  // invariants, then step properties
};

}  // namespace quiesce::refine
