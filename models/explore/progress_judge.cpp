#include "models/explore/progress_judge.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace quiesce::explore {
namespace {

bool is_same(StateWords a, StateWords b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

class Judge {
 public:
  Judge(const ProgressView& model, const ProgressGraph& graph, const StatesInOrder& states,
        const ProgressOptions& options, const MeasureSeen& seen, ProgressReport& report)
      : model_(model),
        graph_(graph),
        states_(states),
        options_(options),
        seen_(seen),
        report_(report) {}

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
                   std::string(measure.sentence), seen_.steps, std::nullopt};
    if (seen_.broken) {
      auto path = graph_.path_to(seen_.broken->first);
      path.push_back(seen_.broken->second);
      row.broken = violation(row, "its last step breaks it", path);
    }
    report_.measure = std::move(row);
  }

 private:
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
                               [&](std::size_t action, StateWords next, const StepLabel& label) {
                                 if (!is_same(next, states_[to])) return;
                                 if (first) found.action = action;
                                 first = false;
                                 found.classes |= classes_of(label);
                               });
    return found;
  }

  [[nodiscard]] std::vector<TraceStep> rows_of(const std::vector<StateNumber>& path) const {
    std::vector<TraceStep> rows;
    for (std::size_t i = 0; i < path.size(); ++i) {
      const StateWords state = states_[path[i]];
      TraceStep row{"", "", model_.state_text(state), model_.variables(state)};
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

  const ProgressView& model_;
  const ProgressGraph& graph_;
  const StatesInOrder& states_;
  const ProgressOptions& options_;
  const MeasureSeen& seen_;
  ProgressReport& report_;
};

}  // namespace

void judge(const ProgressView& model, const ProgressGraph& graph, const StatesInOrder& states,
           const ProgressOptions& options, const MeasureSeen& seen, ProgressReport& report) {
  Judge(model, graph, states, options, seen, report).judge();
}

}  // namespace quiesce::explore
