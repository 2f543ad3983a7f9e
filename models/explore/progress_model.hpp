// What the progress checks ask of a model: which steps are fair, and who is still waiting.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace quiesce::explore {

/// A kind of fairness, and the assumption in a sentence: "a Created task is started".
struct FairnessKind {
  std::string_view name;
  std::string_view sentence;
};

/// A fairness class: the steps of one kind that one entity takes. Weakly fair: a class that has a
/// step in every state from some point on takes one again and again. A step that leads back to its
/// own state changes nothing and is no step of any class.
struct FairnessClass {
  std::size_t kind = 0;
  std::string entity;  ///< "t0"
};

/// "Whenever P(x) then eventually Q(x)", for every entity x of a kind.
struct ProgressProperty {
  std::string_view id;
  std::string_view fact;  ///< its number in the facts' table
  std::string_view sentence;
  std::uint64_t assumes = 0;  ///< a bit for each FairnessKind
};
struct ProgressInstance {
  std::size_t property = 0;
  std::string entity;
};

/// "While x waits, at most so many steps of one class": a bound that must also be reached.
struct BoundedWait {
  std::string_view id;
  std::string_view sentence;
  std::string entity;
  std::size_t counted = 0;  ///< the FairnessClass whose steps are counted, idle ones included
};

/// What one state says. Waiting is a fact about the state alone, from P(x) until Q(x).
struct ProgressFacts {
  std::uint64_t pending = 0;  ///< a bit for each ProgressInstance: P was true, and Q not since
  std::uint64_t reached = 0;  ///< a bit for each ProgressInstance: Q is true
  std::uint64_t waiting = 0;  ///< a bit for each BoundedWait
};

/// Whether a step keeps what is said of the model's measure.
enum class Measured : std::uint8_t { Unsaid, Kept, Broken };

struct StepLabel {
  std::uint64_t classes = 0;  ///< a bit for each FairnessClass
  Measured measured = Measured::Unsaid;
};

/// A ProgressModel is a Model, or as much of one as is named here, that also says:
///   fairness_kinds, fairness_classes   at most 64 classes
///   progress_properties, progress_instances   at most 64 instances
///   bounded_waits, allowed_steps   the bound of one of them in a state where it waits
///   measure            what `Measured` is about; empty if there is none
///   labelled_successors   calls sink(action, next, label) for every step, self loops included
template <class M>
concept ProgressModel = requires(const M& model, const typename M::State& state,
                                 void (*sink)(std::size_t, const typename M::State&,
                                              const StepLabel&)) {
  { model.initial() } -> std::same_as<typename M::State>;
  { model.fairness_kinds() } -> std::same_as<std::span<const FairnessKind>>;
  { model.fairness_classes() } -> std::same_as<std::span<const FairnessClass>>;
  { model.progress_properties() } -> std::same_as<std::span<const ProgressProperty>>;
  { model.progress_instances() } -> std::same_as<std::span<const ProgressInstance>>;
  { model.bounded_waits() } -> std::same_as<std::span<const BoundedWait>>;
  { model.allowed_steps(state, std::size_t{}) } -> std::same_as<std::size_t>;
  { model.measure() } -> std::same_as<ProgressProperty>;
  { model.progress_facts(state) } -> std::same_as<ProgressFacts>;
  model.labelled_successors(state, sink);
  { model.actions() } -> std::same_as<std::span<const std::string_view>>;
  { model.state_text(state) } -> std::same_as<std::string>;
  { model.step_text(state, std::size_t{}, state) } -> std::same_as<std::string>;
};

}  // namespace quiesce::explore
