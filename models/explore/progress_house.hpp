// What makes the bounded machine go on: its fairness classes, its promises, its measure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/explore/house.hpp"
#include "models/explore/progress_model.hpp"
#include "spec/progress.hpp"

namespace quiesce::explore {

/// HouseWaits says of the states and steps of the bounded machine who waits and who is served.
///   state    I48, I49 and I50 with the assumptions that each needs; the mask bound; the potential
///   source   semantics, Scheduling [D39]; docs/lessons/03_progress.md argues for the classes
class HouseWaits {
 public:
  enum Kind : std::size_t { Start, Observe, Unwind, Finish, Settle, Scope };
  using Measure = spec::Potential (*)(const spec::State&);

  /// `count` gives what internal rules must decrease: the specification's, or a wrong one in
  /// tests.
  explicit HouseWaits(const HouseBounds& bounds, Measure count = spec::potential);

  [[nodiscard]] std::span<const FairnessKind> kinds() const;
  [[nodiscard]] std::span<const FairnessClass> classes() const { return classes_; }
  [[nodiscard]] std::span<const ProgressProperty> properties() const;
  [[nodiscard]] std::span<const ProgressInstance> instances() const { return instances_; }
  [[nodiscard]] std::span<const BoundedWait> bounded_waits() const { return waits_; }
  [[nodiscard]] ProgressProperty measure() const;

  [[nodiscard]] ProgressFacts facts(const spec::State& state) const;
  [[nodiscard]] std::size_t allowed_checkpoints(const spec::State& state, std::size_t wait) const;
  [[nodiscard]] std::uint64_t classes_of(const spec::State& before, const Action& action) const;
  [[nodiscard]] std::uint64_t classes_of(const spec::InternalStep& internal) const;
  [[nodiscard]] spec::Potential measured(const spec::State& state) const { return measure_(state); }

 private:
  [[nodiscard]] std::uint64_t class_bit(Kind kind, std::uint32_t entity) const;

  std::uint32_t tasks_;  ///< body and finalizer tasks
  std::uint32_t body_tasks_;
  std::uint32_t regions_;
  std::vector<FairnessClass> classes_;
  std::vector<ProgressInstance> instances_;
  std::vector<BoundedWait> waits_;
  Measure measure_;
};

/// The bounded machine for the progress checks.
///   cost     one decoded state a call, its storage used again within the thread
template <std::size_t words>
class HouseProgress : public House<words> {
 public:
  using State = typename House<words>::State;

  explicit HouseProgress(const HouseMachine& machine, HouseWaits::Measure count = spec::potential)
      : House<words>(machine), machine_(machine), waits_(machine.bounds(), count) {}

  [[nodiscard]] std::span<const FairnessKind> fairness_kinds() const { return waits_.kinds(); }
  [[nodiscard]] std::span<const FairnessClass> fairness_classes() const { return waits_.classes(); }
  [[nodiscard]] std::span<const ProgressProperty> progress_properties() const {
    return waits_.properties();
  }
  [[nodiscard]] std::span<const ProgressInstance> progress_instances() const {
    return waits_.instances();
  }
  [[nodiscard]] std::span<const BoundedWait> bounded_waits() const {
    return waits_.bounded_waits();
  }
  [[nodiscard]] ProgressProperty measure() const { return waits_.measure(); }
  [[nodiscard]] ProgressFacts progress_facts(const State& state) const {
    return waits_.facts(decoded(state));
  }
  [[nodiscard]] std::size_t allowed_steps(const State& state, std::size_t wait) const {
    return waits_.allowed_checkpoints(decoded(state), wait);
  }

  template <class Sink>
  void labelled_successors(const State& state, Sink&& sink) const {
    const spec::State before = decoded(state);
    spec::State scratch = before;
    const spec::Potential at_first = waits_.measured(before);
    const auto emit = [&](std::size_t action, std::uint64_t classes, spec::PotentialEffect effect) {
      State next{};
      require(machine_.codec().encode(scratch, next), "a step stays within the bounds");
      StepLabel label{classes};
      if (effect != spec::PotentialEffect::MayIncrease) {
        const bool kept = spec::respects(effect, at_first, waits_.measured(scratch));
        label.measured = kept ? Measured::Kept : Measured::Broken;
      }
      scratch = before;
      sink(action, next, label);
    };
    const bool small = machine_.bounds().small_step;
    machine_.alphabet().for_each(before, [&](const HouseAlphabet::Instance& instance) {
      const Answer answer = small ? spec::apply_unsettled(scratch, instance.action)
                                  : spec::apply(scratch, instance.action);
      if (!is_done(answer)) return;
      emit(instance.verb, waits_.classes_of(before, instance.action),
           spec::potential_effect(instance.action));
    });
    if (!small) return;
    for (const spec::InternalStep& internal : spec::enabled_internal(before)) {
      spec::apply(scratch, internal);
      emit(machine_.alphabet().verbs().size() + static_cast<std::size_t>(internal.rule),
           waits_.classes_of(internal), spec::PotentialEffect::Decreases);
    }
  }

 private:
  [[nodiscard]] const spec::State& decoded(const State& state) const {
    static thread_local spec::State storage;
    machine_.codec().decode(state, storage);
    return storage;
  }

  const HouseMachine& machine_;
  HouseWaits waits_;
};

}  // namespace quiesce::explore
