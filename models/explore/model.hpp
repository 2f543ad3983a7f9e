// What the search asks of a model: packed states, their successors, and facts about them.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "models/explore/number_set.hpp"

namespace quiesce::explore {

/// A state of a model, packed without loss: equal states are equal words.
template <std::size_t words>
using PackedState = std::array<std::uint64_t, words>;

/// A named sentence about a state: an invariant (`always`) or a reachability witness (`sometimes`).
struct Fact {
  std::string_view id;
  std::string_view sentence;
  std::string_view beyond =
      {};  ///< of a witness: why the bounds cannot show it; empty if they might
};

/// The id of a state without successors that is not quiescent.
inline constexpr std::string_view no_deadlock = "progress.no_deadlock";

/// An action and a guard that can refuse it.
struct RefusalCell {
  std::string_view action;
  std::string_view guard;
};

/// A Model is a finite transition system with names.
///   State             PackedState<1..8>
///   Facts             whatever `inspect` finds out once and the other questions share
///   successors        calls sink(action, next) once for each way in which an action can fire,
///                     self loops and duplicates included; at most `max_successors` times
///   always, violated  named invariants, and those that the state breaks
///   sometimes, witnessed   named witnesses, and those that the state shows
///   is_quiescent      whether a state without successors is an end and not a deadlock
/// Every function is total, pure and safe to call from several threads.
/// A model may also have
///   inspect(state, seen)   told which witnesses need not be looked for any more
///   refusals()             a span of RefusalCell: the pairs that its semantics list;
///   for_each_refusal(facts, sink)   calls sink(index of a cell) for each refused action
///   broken_step(state, fact)        the step that breaks a fact which is one of steps
///   variables(state)       the state as name and JSON value, for other tools
template <class M>
concept Model = requires(const M& model, const typename M::State& state,
                         const typename M::Facts& facts,
                         void (*sink)(std::size_t, const typename M::State&)) {
  { model.initial() } -> std::same_as<typename M::State>;
  { model.max_successors() } -> std::same_as<std::size_t>;
  { model.inspect(state) } -> std::same_as<typename M::Facts>;
  model.successors(state, facts, sink);
  { model.violated(state, facts) } -> std::same_as<FactSet>;
  { model.witnessed(state, facts) } -> std::same_as<FactSet>;
  { model.is_quiescent(state, facts) } -> std::same_as<bool>;
  { model.actions() } -> std::same_as<std::span<const std::string_view>>;
  { model.always() } -> std::same_as<std::span<const Fact>>;
  { model.sometimes() } -> std::same_as<std::span<const Fact>>;
  { model.violation_text(state, std::size_t{}) } -> std::same_as<std::string>;
  { model.state_text(state) } -> std::same_as<std::string>;
  { model.step_text(state, std::size_t{}, state) } -> std::same_as<std::string>;
};

template <class M>
inline constexpr bool counts_refusals = requires(const M& model) {
  model.refusals();
};

/// A model seen up to the symmetry of its names: every successor is replaced by the canonical
/// representative of its orbit, so that the search counts orbits. `Base::canonical` must map all
/// members of an orbit, and only them, to the same member of it.
///   cost     one `canonical` a transition
template <Model Base>
class UpToSymmetry {
 public:
  using State = typename Base::State;
  using Facts = typename Base::Facts;

  explicit UpToSymmetry(const Base& base) : base_(base) {}

  [[nodiscard]] const Base& concrete() const { return base_; }
  [[nodiscard]] State representative(const State& state) const { return base_.canonical(state); }

  [[nodiscard]] State initial() const { return base_.canonical(base_.initial()); }
  [[nodiscard]] std::size_t max_successors() const { return base_.max_successors(); }
  [[nodiscard]] Facts inspect(const State& state) const { return base_.inspect(state); }
  template <class Sink>
  void successors(const State& state, const Facts& facts, Sink&& sink) const {
    base_.successors(state, facts, [&](std::size_t action, const State& next) {
      sink(action, base_.canonical(next));
    });
  }
  [[nodiscard]] FactSet violated(const State& state, const Facts& facts) const {
    return base_.violated(state, facts);
  }
  [[nodiscard]] FactSet witnessed(const State& state, const Facts& facts) const {
    return base_.witnessed(state, facts);
  }
  [[nodiscard]] bool is_quiescent(const State& state, const Facts& facts) const {
    return base_.is_quiescent(state, facts);
  }
  [[nodiscard]] std::span<const std::string_view> actions() const { return base_.actions(); }
  [[nodiscard]] std::span<const Fact> always() const { return base_.always(); }
  [[nodiscard]] std::span<const Fact> sometimes() const { return base_.sometimes(); }
  // What a model may also have.
  [[nodiscard]] Facts inspect(const State& state, const FactSet& seen) const requires
      requires(const Base& base, const State& s) {
    base.inspect(s, FactSet{});
  }
  { return base_.inspect(state, seen); }
  [[nodiscard]] auto refusals() const requires requires(const Base& base) { base.refusals(); }
  { return base_.refusals(); }
  template <class Sink>
  void for_each_refusal(const Facts& facts, Sink&& sink) const {
    base_.for_each_refusal(facts, sink);
  }
  [[nodiscard]] auto broken_step(const State& state, std::size_t fact) const requires
      requires(const Base& base, const State& s) {
    base.broken_step(s, std::size_t{});
  }
  { return base_.broken_step(state, fact); }
  [[nodiscard]] std::string violation_text(const State& state, std::size_t fact) const {
    return base_.violation_text(state, fact);
  }
  [[nodiscard]] std::string state_text(const State& state) const { return base_.state_text(state); }
  [[nodiscard]] std::string step_text(const State& before, std::size_t action,
                                      const State& after) const {
    return base_.step_text(before, action, after);
  }

 private:
  const Base& base_;
};

}  // namespace quiesce::explore
