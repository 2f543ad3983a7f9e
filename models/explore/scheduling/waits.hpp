// What waits for the scheduler and for the parking protocol, and which steps are fair.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/explore/progress_model.hpp"
#include "models/explore/scheduling/parking_machine.hpp"
#include "models/explore/scheduling/rule_model.hpp"
#include "models/explore/scheduling/scheduling_machine.hpp"

namespace quiesce::explore {

/// SchedulingWaits: a task that was woken is polled or completes, if workers, threads that owe an
/// entry, and the clock go on, each by itself. Stealing is not assumed.
class SchedulingWaits {
 public:
  using Value = SchedulingMachine::Value;
  enum Kind : std::size_t { Work, Push, Clock };

  explicit SchedulingWaits(const SchedulingBounds& bounds);

  [[nodiscard]] std::span<const FairnessKind> kinds() const;
  [[nodiscard]] std::span<const FairnessClass> classes() const { return classes_; }
  [[nodiscard]] std::span<const ProgressProperty> properties() const;
  [[nodiscard]] std::span<const ProgressInstance> instances() const { return instances_; }
  [[nodiscard]] ProgressFacts facts(const Value& value) const;
  [[nodiscard]] std::uint64_t classes_of(const spec::scheduling::Action& action) const;

 private:
  std::size_t workers_;
  std::size_t wakers_;
  std::vector<FairnessClass> classes_;
  std::vector<ProgressInstance> instances_;
};

/// ParkingWaits: work that can be seen is taken, and nobody has to return for it while another
/// worker could take it.
class ParkingWaits {
 public:
  using Value = ParkingMachine::Value;
  enum Kind : std::size_t { Step, Finish, Publish };

  explicit ParkingWaits(const ParkingBounds& bounds);

  [[nodiscard]] std::span<const FairnessKind> kinds() const;
  [[nodiscard]] std::span<const FairnessClass> classes() const { return classes_; }
  [[nodiscard]] std::span<const ProgressProperty> properties() const;
  [[nodiscard]] std::span<const ProgressInstance> instances() const { return instances_; }
  [[nodiscard]] ProgressFacts facts(const Value& value) const;
  [[nodiscard]] std::uint64_t classes_of(const spec::scheduling::parking::Action& action) const;

 private:
  std::size_t workers_;
  std::vector<FairnessClass> classes_;
  std::vector<ProgressInstance> instances_;
};

/// A model made of rules for the progress checks: the search's model, and what `Waits` says of it.
template <class Machine, class Waits>
class RuleProgress : public RuleModel<Machine> {
 public:
  using State = typename RuleModel<Machine>::State;

  RuleProgress(const Machine& machine, const Waits& waits)
      : RuleModel<Machine>(machine), machine_(machine), waits_(waits) {}

  [[nodiscard]] std::span<const FairnessKind> fairness_kinds() const { return waits_.kinds(); }
  [[nodiscard]] std::span<const FairnessClass> fairness_classes() const { return waits_.classes(); }
  [[nodiscard]] std::span<const ProgressProperty> progress_properties() const {
    return waits_.properties();
  }
  [[nodiscard]] std::span<const ProgressInstance> progress_instances() const {
    return waits_.instances();
  }
  [[nodiscard]] std::span<const BoundedWait> bounded_waits() const { return {}; }
  [[nodiscard]] std::size_t allowed_steps(const State&, std::size_t) const { return 0; }
  [[nodiscard]] ProgressProperty measure() const { return {}; }
  [[nodiscard]] ProgressFacts progress_facts(const State& state) const {
    return waits_.facts(machine_.decode(state));
  }
  template <class Sink>
  void labelled_successors(const State& state, Sink&& sink) const {
    machine_.for_each_action(machine_.decode(state), [&](const auto& action, const auto& after) {
      sink(action.index(), machine_.encode(after), StepLabel{waits_.classes_of(action)});
    });
  }

 private:
  const Machine& machine_;
  const Waits& waits_;
};

}  // namespace quiesce::explore
