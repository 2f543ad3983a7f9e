// The project's own specification as a model: spec::step over a bounded alphabet.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "impl/sync/require.hpp"
#include "models/explore/house_alphabet.hpp"
#include "models/explore/house_codec.hpp"
#include "models/explore/house_independence.hpp"
#include "models/explore/house_symmetry.hpp"
#include "models/explore/model.hpp"
#include "models/explore/number_set.hpp"
#include "models/explore/result.hpp"
#include "spec/invariants.hpp"
#include "spec/step.hpp"

namespace quiesce::explore {

/// What one thread finds out about one state: its rows, its steps, what they break and show.
struct HouseExpansion {
  struct Successor {
    Successor(std::size_t taken, std::size_t number) : action(taken), instance(number) {}

    std::size_t action;
    std::size_t instance;  ///< number in the alphabet; of no meaning for internal rules
    std::array<std::uint64_t, 8> words;  ///< as many as the state has are filled
  };
  std::optional<HouseBounds> bounds;  ///< whose state `before` and `scratch` are, if any
  spec::State before;
  HouseCodec::Rows rows;            ///< of `before`
  spec::State scratch;              ///< like `before`, but while a step is taken
  std::uint64_t until_a_look = 16;  ///< refusals until the next that is looked at closely
  std::uint64_t turn = 0;           ///< counts those, while cases are looked for in each
  std::vector<Successor> successors;
  std::vector<std::uint16_t> refusals;  ///< the cell of each refused action
  bool refused_by_another = false;      ///< an action was refused by a guard that is not listed
  // A bit for each row of a catalogue of the specification.
  std::uint64_t broken_by_steps = 0;  ///< properties
  std::uint64_t shown_by_steps = 0;   ///< their interesting cases
  std::uint64_t wanted_of_steps = 0;  ///< those that are looked for
  std::uint64_t wanted_of_state = 0;  ///< those of invariants
};

/// HouseMachine expands states of the bounded machine, whatever their number of words.
///   state    the invariants of spec/invariants.hpp are evaluated on every state, the properties
///            of steps on every accepted action; refused ones must leave the state as it was
class HouseMachine {
 public:
  explicit HouseMachine(const HouseBounds& bounds);

  [[nodiscard]] const HouseBounds& bounds() const { return bounds_; }
  [[nodiscard]] const HouseCodec& codec() const { return codec_; }
  [[nodiscard]] const HouseAlphabet& alphabet() const { return alphabet_; }

  /// Fills `expansion`; interesting cases that are `seen` are not looked for, and instances that
  /// are `asleep`, if any, not tried.
  void expand(std::span<const std::uint64_t> state, const FactSet& seen, HouseExpansion& expansion,
              const InstanceSet* asleep = nullptr) const;
  [[nodiscard]] FactSet violated(const HouseExpansion& expansion) const;
  [[nodiscard]] FactSet witnessed(const HouseExpansion& expansion) const;
  [[nodiscard]] bool is_quiescent(const HouseExpansion& expansion) const;

  [[nodiscard]] std::size_t max_successors() const;
  [[nodiscard]] std::span<const std::string_view> actions() const { return actions_; }
  [[nodiscard]] std::span<const Fact> always() const { return always_; }
  [[nodiscard]] std::span<const Fact> sometimes() const { return sometimes_; }
  [[nodiscard]] std::span<const RefusalCell> refusals() const { return cells_; }
  [[nodiscard]] std::string violation_text(std::span<const std::uint64_t> state,
                                           std::size_t fact) const;
  [[nodiscard]] std::optional<TraceStep> broken_step(std::span<const std::uint64_t> state,
                                                     std::size_t fact) const;
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> variables(
      std::span<const std::uint64_t> state) const;
  [[nodiscard]] std::string state_text(std::span<const std::uint64_t> state) const;
  [[nodiscard]] std::string step_text(std::span<const std::uint64_t> before, std::size_t action,
                                      std::span<const std::uint64_t> after) const;

 private:
  /// The number of an action, and that of the instance.
  struct Taken {
    std::size_t action;
    std::size_t instance;
  };
  /// Calls visit(Taken, Action, Answer, State& after) for every accepted step of `before`, and
  /// refuse(verb, Action, Answer, State& after) for every refused one. `scratch` begins as `before`
  /// and is what they are handed; `visit` makes it `before` again.
  template <class Visit, class Refuse>
  void for_each_step(const spec::State& before, spec::State& scratch, Visit&& visit,
                     Refuse&& refuse, const InstanceSet* asleep = nullptr) const;

  HouseBounds bounds_;
  HouseCodec codec_;
  HouseAlphabet alphabet_;
  /// Where the internal rules begin in actions(), in small steps.
  [[nodiscard]] std::size_t rules_begin() const { return alphabet_.verbs().size(); }
  /// Where the properties of steps and what follows them begin in always().
  [[nodiscard]] static std::size_t step_facts_begin() { return spec::invariants().size(); }
  [[nodiscard]] static std::size_t own_facts_begin() {
    return spec::invariants().size() + spec::step_properties().size();
  }
  void begin(std::span<const std::uint64_t> state, const FactSet& seen,
             HouseExpansion& expansion) const;
  void look_for_cases(const spec::Transition& transition, HouseExpansion& expansion) const;
  void consider(const spec::Transition& transition, HouseExpansion& expansion) const;
  void accept(std::span<const std::uint64_t> state, const Taken& taken, const Action& action,
              const Answer& answer, spec::State& after, HouseExpansion& expansion) const;
  void refuse(std::size_t verb, const Action& action, const Answer& answer,
              const spec::State& after, HouseExpansion& expansion) const;
  [[gnu::noinline]] void look_at_refusal(const Action& action, const Answer& answer,
                                         const spec::State& after, HouseExpansion& expansion) const;
  void add_facts();
  void add_refusals();

  std::vector<RefusalCell> cells_;
  std::vector<std::uint16_t> cell_of_;  ///< by verb * guard_count + guard; no_cell: not listed
  std::vector<std::string_view> actions_;
  std::vector<Fact> always_;
  std::vector<Fact> sometimes_;
  std::size_t settle_fact_ = 0;   ///< in small steps
  std::size_t no_leak_fact_ = 0;  ///< if it is claimed
  // A bit for each row of a catalogue of the specification.
  std::uint64_t asked_ = 0;           ///< invariants that hold between internal rules, too
  std::uint64_t cases_of_state_ = 0;  ///< that the bounds might show
  std::uint64_t cases_of_steps_ = 0;
};

/// House is the bounded machine for the search.
///   cost     what `inspect` returns lives in the thread: its next `inspect` overwrites it
template <std::size_t words>
class House {
 public:
  using State = PackedState<words>;
  using Facts = const HouseExpansion*;

  explicit House(const HouseMachine& machine) : House(machine, false, false) {}
  /// Which names `canonical` may exchange.
  House(const HouseMachine& machine, bool tasks, bool obligations)
      : machine_(machine), symmetry_(machine.codec(), tasks, obligations) {}

  [[nodiscard]] State initial() const {
    State state{};
    require(machine_.codec().encode(spec::initial(machine_.bounds().leaks), state),
            "the initial state is within bounds");
    return state;
  }
  /// The member of the state's orbit that stands for it.
  [[nodiscard]] State canonical(const State& state) const {
    HouseCodec::Rows rows;
    machine_.codec().split(state, rows);
    symmetry_.make_canonical(rows);
    State canonical{};
    machine_.codec().join(rows, canonical);
    return canonical;
  }
  [[nodiscard]] std::size_t max_successors() const { return machine_.max_successors(); }
  [[nodiscard]] Facts inspect(const State& state,
                              const FactSet& seen = FactSet::below(FactSet::most)) const {
    static thread_local HouseExpansion expansion;
    machine_.expand(state, seen, expansion);
    return &expansion;
  }
  template <class Sink>
  void successors(const State&, Facts facts, Sink&& sink) const {
    for (const HouseExpansion::Successor& successor : facts->successors) {
      State next;
      std::copy_n(successor.words.begin(), words, next.begin());
      sink(successor.action, next);
    }
  }
  // As a ReducibleModel, in settled granularity.
  [[nodiscard]] std::size_t instance_count() const { return machine_.alphabet().all().size(); }
  [[nodiscard]] Facts inspect_awake(const State& state, const FactSet& seen,
                                    const InstanceSet& asleep) const {
    static thread_local HouseExpansion expansion;
    machine_.expand(state, seen, expansion, &asleep);
    return &expansion;
  }
  template <class Sink>
  void steps(const State&, Facts facts, Sink&& sink) const {
    for (const HouseExpansion::Successor& successor : facts->successors) {
      State next;
      std::copy_n(successor.words.begin(), words, next.begin());
      sink(successor.instance, successor.action, next);
    }
  }
  [[nodiscard]] bool independent(std::size_t a, std::size_t b) const {
    return are_independent(machine_.alphabet().all()[a], machine_.alphabet().all()[b],
                           machine_.bounds());
  }

  [[nodiscard]] FactSet violated(const State&, Facts facts) const {
    return machine_.violated(*facts);
  }
  [[nodiscard]] FactSet witnessed(const State&, Facts facts) const {
    return machine_.witnessed(*facts);
  }
  [[nodiscard]] bool is_quiescent(const State&, Facts facts) const {
    return machine_.is_quiescent(*facts);
  }

  [[nodiscard]] std::span<const std::string_view> actions() const { return machine_.actions(); }
  [[nodiscard]] std::span<const Fact> always() const { return machine_.always(); }
  [[nodiscard]] std::span<const Fact> sometimes() const { return machine_.sometimes(); }
  [[nodiscard]] std::span<const RefusalCell> refusals() const { return machine_.refusals(); }
  template <class Sink>
  void for_each_refusal(Facts facts, Sink&& sink) const {
    for (const std::uint16_t cell : facts->refusals) sink(cell);
  }
  [[nodiscard]] std::optional<TraceStep> broken_step(const State& state, std::size_t fact) const {
    return machine_.broken_step(state, fact);
  }
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> variables(
      const State& state) const {
    return machine_.variables(state);
  }
  [[nodiscard]] std::string violation_text(const State& state, std::size_t fact) const {
    return machine_.violation_text(state, fact);
  }
  [[nodiscard]] std::string state_text(const State& state) const {
    return machine_.state_text(state);
  }
  [[nodiscard]] std::string step_text(const State& before, std::size_t action,
                                      const State& after) const {
    return machine_.step_text(before, action, after);
  }

 private:
  const HouseMachine& machine_;
  HouseSymmetry symmetry_;
};

}  // namespace quiesce::explore
