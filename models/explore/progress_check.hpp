// The progress checks: the whole graph in memory, then every property, bound and measure.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "models/explore/model_view.hpp"
#include "models/explore/numbered_states.hpp"
#include "models/explore/pages.hpp"
#include "models/explore/progress_graph.hpp"
#include "models/explore/progress_judge.hpp"
#include "models/explore/progress_model.hpp"
#include "models/explore/progress_result.hpp"

namespace quiesce::explore {

/// The view of one progress model, which it refers to.
template <ProgressModel M>
class ProgressViewOf final : public ProgressView {
 public:
  using State = typename M::State;

  explicit ProgressViewOf(const M& model) : model_(model) {}

  [[nodiscard]] std::span<const FairnessKind> fairness_kinds() const override {
    return model_.fairness_kinds();
  }
  [[nodiscard]] std::span<const FairnessClass> fairness_classes() const override {
    return model_.fairness_classes();
  }
  [[nodiscard]] std::span<const ProgressProperty> progress_properties() const override {
    return model_.progress_properties();
  }
  [[nodiscard]] std::span<const ProgressInstance> progress_instances() const override {
    return model_.progress_instances();
  }
  [[nodiscard]] std::span<const BoundedWait> bounded_waits() const override {
    return model_.bounded_waits();
  }
  [[nodiscard]] std::size_t allowed_steps(StateWords state, std::size_t wait) const override {
    return model_.allowed_steps(packed<State>(state), wait);
  }
  [[nodiscard]] ProgressProperty measure() const override { return model_.measure(); }
  void labelled_successors(StateWords state, const Sink& sink) const override {
    model_.labelled_successors(packed<State>(state),
                               [&](std::size_t action, const State& next, const StepLabel& label) {
                                 sink(action, next, label);
                               });
  }
  [[nodiscard]] std::span<const std::string_view> actions() const override {
    return model_.actions();
  }
  [[nodiscard]] std::string state_text(StateWords state) const override {
    return model_.state_text(packed<State>(state));
  }
  [[nodiscard]] std::string step_text(StateWords before, std::size_t action,
                                      StateWords after) const override {
    return model_.step_text(packed<State>(before), action, packed<State>(after));
  }
  [[nodiscard]] Variables variables(StateWords state) const override {
    return variables_of(model_, packed<State>(state));
  }

 private:
  const M& model_;
};

/// ProgressCheck builds the reachable graph of a model and judges it.
///   cost     about 100 bytes a state and 16 a step, all in memory; one core
template <ProgressModel M>
class ProgressCheck {
 public:
  using State = typename M::State;

  ProgressCheck(const M& model, const ProgressOptions& options)
      : model_(model),
        options_(options),
        ceiling_bytes_(options.memory_ceiling_bytes != 0 ? options.memory_ceiling_bytes
                                                         : default_memory_ceiling()) {}

  [[nodiscard]] ProgressReport run() {
    const auto started = std::chrono::steady_clock::now();
    build();
    report_.states = graph_.states();
    report_.steps = graph_.steps();
    report_.memory_bytes = memory_bytes();
    if (report_.is_complete) {
      const StatesInOrder states(states_[0].data(), std::tuple_size_v<State>);
      judge(ProgressViewOf<M>(model_), graph_, states, options_, seen_, report_);
    }
    report_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    return std::move(report_);
  }

 private:
  [[nodiscard]] std::uint64_t memory_bytes() const {
    return states_.memory_bytes() + graph_.memory_bytes();
  }
  [[nodiscard]] bool may_go_on(StateNumber next) {
    if (next % 4096 != 0) return true;
    report_.was_stopped = options_.stop_requested && options_.stop_requested();
    report_.is_complete = !report_.was_stopped && memory_bytes() <= ceiling_bytes_ &&
                          states_.size() < std::size_t{1} << 31;
    return report_.is_complete;
  }

  void add(const State& state, StateNumber found_from) {
    const std::size_t known = states_.size();
    if (states_.number_of(state) != known) return;
    const ProgressFacts facts = model_.progress_facts(state);
    graph_.add_state({facts.pending, facts.reached, facts.waiting, 0, found_from});
  }

  void build() {
    add(model_.initial(), 0);
    std::vector<GraphStep> steps;
    for (StateNumber at = 0; at < states_.size() && may_go_on(at); ++at) {
      steps.clear();
      const State from = states_[at];
      model_.labelled_successors(from, [&](std::size_t, const State& next, const StepLabel& label) {
        add(next, at);
        const StateNumber to = states_.number_of(next);
        steps.push_back({to, options_.together ? 1 : label.classes});
        seen_.steps += label.measured != Measured::Unsaid ? 1U : 0U;
        if (label.measured == Measured::Broken && !seen_.broken) seen_.broken = {at, to};
      });
      graph_.add_steps_of_next(steps);
    }
  }

  const M& model_;
  const ProgressOptions& options_;
  const std::uint64_t ceiling_bytes_;
  NumberedStates<State> states_;
  ProgressGraph graph_;
  ProgressReport report_;
  MeasureSeen seen_;
};

/// Judges every property, bound and measure of a model over its whole reachable graph.
template <ProgressModel M>
[[nodiscard]] ProgressReport check_progress(const M& model, const ProgressOptions& options) {
  return ProgressCheck<M>(model, options).run();
}

}  // namespace quiesce::explore
