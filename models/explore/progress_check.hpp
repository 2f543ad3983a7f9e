// The progress checks: the whole graph in memory, then every property, bound and measure.
#pragma once

#include <algorithm>
#include <bit>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "models/explore/numbered_states.hpp"
#include "models/explore/pages.hpp"
#include "models/explore/progress_graph.hpp"
#include "models/explore/progress_model.hpp"
#include "models/explore/progress_result.hpp"
#include "models/explore/trace.hpp"

namespace quiesce::explore {

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
    if (report_.is_complete) judge();
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
        steps.push_back({to, classes_of(label)});
        measured_steps_ += label.measured != Measured::Unsaid ? 1U : 0U;
        if (label.measured == Measured::Broken && !broken_measure_) broken_measure_ = {at, to};
      });
      graph_.add_steps_of_next(steps);
    }
  }

  void judge() {
    for (std::size_t i = 0; i < model_.progress_properties().size(); ++i) {
      report_.properties.push_back(judged(i));
    }
    std::map<std::string_view, BoundRow> bounds;
    for (std::size_t i = 0; i < model_.bounded_waits().size() && !options_.together; ++i) {
      judge_wait(i, bounds[model_.bounded_waits()[i].id]);
    }
    for (auto& [id, row] : bounds) report_.bounds.push_back(std::move(row));
    const ProgressProperty measure = model_.measure();
    if (measure.id.empty()) return;
    MeasureRow row{std::string(measure.id), std::string(measure.fact),
                   std::string(measure.sentence), measured_steps_, std::nullopt};
    if (broken_measure_) {
      auto path = graph_.path_to(broken_measure_->first);
      path.push_back(broken_measure_->second);
      row.broken = violation(row, "its last step breaks it", path);
    }
    report_.measure = std::move(row);
  }

  [[nodiscard]] bool is_assumed(std::size_t kind, const ProgressProperty& property) const {
    const std::string_view name = model_.fairness_kinds()[kind].name;
    const auto& unfair = options_.unfair;
    return (property.assumes >> kind & 1U) != 0 &&
           std::find(unfair.begin(), unfair.end(), name) == unfair.end();
  }

  [[nodiscard]] std::size_t classes() const {
    return options_.together ? 1 : model_.fairness_classes().size();
  }
  [[nodiscard]] std::uint64_t classes_of(const StepLabel& label) const {
    return options_.together ? 1 : label.classes;
  }
  [[nodiscard]] std::uint64_t assumed_classes(const ProgressProperty& property) const {
    if (options_.together) return 1;
    std::uint64_t assumed = 0;
    for (std::size_t i = 0; i < classes(); ++i) {
      if (is_assumed(model_.fairness_classes()[i].kind, property)) assumed |= std::uint64_t{1} << i;
    }
    return assumed;
  }

  [[nodiscard]] ProgressRow judged(std::size_t number) const {
    const ProgressProperty& property = model_.progress_properties()[number];
    ProgressRow row;
    row.id = property.id;
    row.fact = property.fact;
    row.sentence = property.sentence;
    for (std::size_t kind = 0; kind < model_.fairness_kinds().size(); ++kind) {
      if (is_assumed(kind, property)) row.assumes.emplace_back(model_.fairness_kinds()[kind].name);
    }
    if (options_.together) row.assumes = {"that something happens"};
    const std::uint64_t assumed = assumed_classes(property);
    std::uint64_t mine = 0;
    std::optional<LassoPath> shortest;
    std::string stuck;
    for (std::size_t i = 0; i < model_.progress_instances().size(); ++i) {
      const ProgressInstance& instance = model_.progress_instances()[i];
      if (instance.property != number) continue;
      mine |= std::uint64_t{1} << i;
      ++row.instances;
      if (const auto path = find_forgotten(graph_, i); path && !row.broken)
        row.broken =
            violation(row, instance.entity + " neither waits nor has what it waited for", *path);
      auto lasso = find_lasso(graph_, i, assumed);
      if (!lasso || (shortest && shortest->stem.size() <= lasso->stem.size())) continue;
      shortest = std::move(lasso);
      stuck = instance.entity;
    }
    for (StateNumber state = 0; state < graph_.states(); ++state) {
      row.pending_states += (graph_.node(state).pending & mine) != 0 ? 1U : 0U;
    }
    if (shortest && !row.broken) row.broken = shown(row, stuck, *shortest, assumed);
    return row;
  }

  void judge_wait(std::size_t number, BoundRow& row) const {
    const BoundedWait& wait = model_.bounded_waits()[number];
    row.id = wait.id;
    row.sentence = wait.sentence;
    const LongestWait longest = longest_wait(graph_, number, wait.counted);
    for (StateNumber state = 0; state < graph_.states(); ++state) {
      if ((graph_.node(state).waiting >> number & 1U) == 0) continue;
      const std::uint64_t allowed = model_.allowed_steps(states_[state], number);
      const std::uint64_t taken = longest.steps[state];
      if (taken > allowed && !row.broken) {
        const std::string times =
            taken == LongestWait::endless ? "without end" : std::to_string(taken) + " times";
        row.broken = violation(row,
                               wait.entity + " does it " + times + " where " +
                                   std::to_string(allowed) + " are allowed",
                               graph_.path_to(state));
      }
      if (longest.begins[state]) note(row, allowed, taken);
    }
  }

  static void note(BoundRow& row, std::uint64_t allowed, std::uint64_t taken) {
    auto at = std::find_if(row.most.begin(), row.most.end(),
                           [&](const BoundRow::Most& most) { return most.allowed >= allowed; });
    if (at == row.most.end() || at->allowed != allowed) at = row.most.insert(at, {allowed, 0, 0});
    at->taken = std::max(at->taken, taken);
    ++at->begins;
  }

  /// The classes and the number of the action that lead from one state to another.
  struct Taken {
    std::size_t action = 0;
    std::uint64_t classes = 0;
  };
  [[nodiscard]] Taken taken(StateNumber from, StateNumber to) const {
    Taken found;
    bool first = true;
    model_.labelled_successors(states_[from],
                               [&](std::size_t action, const State& next, const StepLabel& label) {
                                 if (next != states_[to]) return;
                                 if (first) found.action = action;
                                 first = false;
                                 found.classes |= classes_of(label);
                               });
    return found;
  }

  [[nodiscard]] std::vector<TraceStep> rows_of(const std::vector<StateNumber>& path) const {
    std::vector<TraceStep> rows;
    for (std::size_t i = 0; i < path.size(); ++i) {
      const State& state = states_[path[i]];
      TraceStep row{"", "", model_.state_text(state), variables_of(model_, state)};
      if (i != 0) {
        const std::size_t action = taken(path[i - 1], path[i]).action;
        row.action = model_.actions()[action];
        row.step = model_.step_text(states_[path[i - 1]], action, state);
      }
      rows.push_back(std::move(row));
    }
    return rows;
  }

  [[nodiscard]] std::string name_of(std::size_t number) const {
    if (options_.together) return "something";
    const FairnessClass& one = model_.fairness_classes()[number];
    return std::string(model_.fairness_kinds()[one.kind].name) + "(" + one.entity + ")";
  }

  template <class Row>
  [[nodiscard]] Violation violation(const Row& row, std::string facts,
                                    const std::vector<StateNumber>& path) const {
    return {row.id, row.sentence, std::move(facts), rows_of(path), std::nullopt, {}};
  }

  [[nodiscard]] Violation shown(const ProgressRow& row, const std::string& stuck,
                                const LassoPath& path, std::uint64_t assumed) const {
    std::vector<StateNumber> states = path.stem;
    states.insert(states.end(), path.cycle.begin(), path.cycle.end());
    Violation lasso = violation(row, stuck + " waits for ever", states);
    lasso.loop = path.stem.size() - 1;
    for (std::size_t i = 0; i < classes(); ++i) {
      std::string note = fairness_of(i, states, *lasso.loop, (assumed >> i & 1U) != 0);
      if (!note.empty()) lasso.notes.push_back(std::move(note));
    }
    return lasso;
  }

  /// How a cycle treats one class; nothing if it never has a step.
  [[nodiscard]] std::string fairness_of(std::size_t number, const std::vector<StateNumber>& states,
                                        std::size_t loop, bool is_assumed) const {
    std::size_t enabled = 0;
    std::size_t without = states.size();
    std::size_t taken_at = 0;
    for (std::size_t row = loop; row < states.size(); ++row) {
      const bool has = (graph_.node(states[row]).enabled >> number & 1U) != 0;
      enabled += has ? 1U : 0U;
      if (!has && without == states.size()) without = row;
      if (row > loop && (taken(states[row - 1], states[row]).classes >> number & 1U) != 0 &&
          taken_at == 0)
        taken_at = row;
    }
    if (enabled == 0) return {};
    const std::string name = name_of(number);
    if (taken_at != 0) return name + " is taken at " + std::to_string(taken_at);
    if (without != states.size()) return name + " has no step at " + std::to_string(without);
    return name + " could be taken all along and never is" + (is_assumed ? "" : ": not assumed");
  }

  const M& model_;
  const ProgressOptions& options_;
  const std::uint64_t ceiling_bytes_;
  NumberedStates<State> states_;
  ProgressGraph graph_;
  ProgressReport report_;
  std::uint64_t measured_steps_ = 0;
  std::optional<std::pair<StateNumber, StateNumber>> broken_measure_;
};

/// Judges every property, bound and measure of a model over its whole reachable graph.
template <ProgressModel M>
[[nodiscard]] ProgressReport check_progress(const M& model, const ProgressOptions& options) {
  return ProgressCheck<M>(model, options).run();
}

}  // namespace quiesce::explore
