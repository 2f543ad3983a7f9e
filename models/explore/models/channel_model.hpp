// A specification of spec/channel as a model of the search: every action of its alphabet is tried
// in every state.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/explore/model.hpp"
#include "models/explore/result.hpp"
#include "spec/channel/catalogue.hpp"

namespace quiesce::explore {

/// ChannelModel<Machine> asks everything of a Machine:
///   Situation, Action   the specification's state and actions; `words`: of a packed state
///   initial, encode, decode   encode(decode(p)) is p
///   alphabet()          the actions tried, within the bounds
///   may(state, action)  whether the world would try it now: names are handed out in order, a task
///                       that sleeps does not poll, the bounds are not exceeded
///   invariants, step_properties, verb, verbs, refusals, beyond, is_quiescent
///   cost     what `inspect` returns lives in the thread: its next `inspect` overwrites it
template <class Machine>
class ChannelModel {
 public:
  using Situation = typename Machine::Situation;
  using Action = typename Machine::Action;
  using State = PackedState<Machine::words>;
  using Transition = channel::Transition<Situation, Action>;

  struct Successor {
    std::size_t verb;
    State state;
  };
  struct Expansion {
    Situation before;
    Situation scratch;
    std::vector<Successor> successors;
    std::vector<std::size_t> refusals;  ///< the cell of each refused action
    FactSet broken;                     ///< the properties that a step breaks
    FactSet shown;                      ///< the interesting cases that a step shows
    FactSet seen;
  };
  using Facts = const Expansion*;

  explicit ChannelModel(const Machine& machine)
      : machine_(machine), cells_(machine.verbs().size() * 2 * most_guards, no_cell) {
    for (std::size_t verb = 0; verb < machine.verbs().size(); ++verb) {
      add_cells<channel::Guard>(verb, channel::guard_count);
      add_cells<quiesce::Guard>(verb, quiesce::guard_count);
    }
    for (const auto& row : machine.invariants()) add(row);
    for (const auto& row : machine.step_properties()) add(row);
  }

  [[nodiscard]] const Machine& machine() const { return machine_; }
  [[nodiscard]] State initial() const { return machine_.encode(machine_.initial()); }
  [[nodiscard]] std::size_t max_successors() const { return machine_.alphabet().size(); }

  [[nodiscard]] Facts inspect(const State& state, const FactSet& seen = {}) const {
    static thread_local Expansion expansion;
    Expansion& e = expansion;
    e.before = machine_.decode(state);
    e.successors.clear();
    e.refusals.clear();
    e.broken = e.shown = {};
    e.seen = seen;
    for_each_step(
        e.before, e.scratch,
        [&](const Transition& t) {
          e.successors.push_back({t.action.index(), machine_.encode(t.after)});
          check_step(t, e);
        },
        [&](const Action& action, const channel::AnyGuard& guard) {
          const std::uint16_t cell = cells_[place_of(action.index(), guard)];
          if (cell != no_cell) e.refusals.push_back(cell);
        });
    return &e;
  }
  template <class Sink>
  void successors(const State&, Facts facts, Sink&& sink) const {
    for (const Successor& successor : facts->successors) sink(successor.verb, successor.state);
  }
  [[nodiscard]] FactSet violated(const State&, Facts facts) const {
    FactSet broken = facts->broken;
    const auto rows = machine_.invariants();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].violated(facts->before)) broken.add(i);
    }
    return broken;
  }
  [[nodiscard]] FactSet witnessed(const State&, Facts facts) const {
    FactSet shown = facts->shown;
    const auto rows = machine_.invariants();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!facts->seen.has(i) && rows[i].interesting(facts->before)) shown.add(i);
    }
    return shown;
  }
  [[nodiscard]] bool is_quiescent(const State&, Facts facts) const {
    return machine_.is_quiescent(facts->before);
  }

  [[nodiscard]] std::span<const std::string_view> actions() const { return machine_.verbs(); }
  [[nodiscard]] std::span<const Fact> always() const { return always_; }
  [[nodiscard]] std::span<const Fact> sometimes() const { return sometimes_; }
  [[nodiscard]] std::span<const RefusalCell> refusals() const { return machine_.refusals(); }
  template <class Sink>
  void for_each_refusal(Facts facts, Sink&& sink) const {
    for (const std::size_t cell : facts->refusals) sink(cell);
  }

  [[nodiscard]] std::optional<TraceStep> broken_step(const State& state, std::size_t fact) const {
    const std::size_t first = machine_.invariants().size();
    if (fact < first || fact >= always_.size()) return std::nullopt;
    std::optional<TraceStep> row;
    Situation before = machine_.decode(state);
    Situation scratch;
    for_each_step(
        before, scratch,
        [&](const Transition& t) {
          const auto found = machine_.step_properties()[fact - first].violated(t);
          if (row || !found) return;
          row = TraceStep{std::string(machine_.verbs()[t.action.index()]),
                          to_text(t.action) + " answers " + to_text(t.answer),
                          *found,
                          {}};
        },
        [](const Action&, const channel::AnyGuard&) {});
    return row;
  }
  [[nodiscard]] std::string violation_text(const State& state, std::size_t fact) const {
    if (const auto row = broken_step(state, fact)) return row->state;
    if (fact >= machine_.invariants().size()) return state_text(state);
    return machine_.invariants()[fact].violated(machine_.decode(state)).value_or("?");
  }
  [[nodiscard]] std::string state_text(const State& state) const {
    return to_text(machine_.decode(state));
  }
  [[nodiscard]] std::string step_text(const State& before, std::size_t verb,
                                      const State& after) const {
    std::string text{machine_.verbs()[verb]};
    bool found = false;
    Situation from = machine_.decode(before);
    Situation scratch;
    for_each_step(
        from, scratch,
        [&](const Transition& t) {
          if (found || t.action.index() != verb || machine_.encode(t.after) != after) return;
          found = true;
          text = to_text(t.action);
        },
        [](const Action&, const channel::AnyGuard&) {});
    return text;
  }

  /// Calls accepted(Transition) and refused(action, guard); `scratch` is any situation.
  template <class Accepted, class Refused>
  void for_each_step(const Situation& before, Situation& scratch, Accepted&& accepted,
                     Refused&& refused) const {
    scratch = before;
    for (const Action& action : machine_.alphabet()) {
      if (!machine_.may(before, action)) continue;
      const channel::Answer answer = apply(scratch, action);
      if (const auto* const no = std::get_if<channel::Refused>(&answer)) {
        refused(action, no->guard);
        continue;
      }
      accepted(Transition{before, action, answer, scratch});
      scratch = before;
    }
  }

 private:
  template <class Row>
  void add(const Row& row) {
    always_.push_back({row.id, row.sentence});
    sometimes_.push_back({row.id, row.interesting_case, machine_.beyond(row.id)});
  }

  void check_step(const Transition& t, Expansion& e) const {
    const auto rows = machine_.step_properties();
    const std::size_t first = machine_.invariants().size();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::size_t number = first + i;
      if (rows[i].violated(t)) e.broken.add(number);
      if (!e.seen.has(number) && !e.shown.has(number) && rows[i].interesting(t))
        e.shown.add(number);
    }
  }

  /// The number of a verb and a guard in the table of cells.
  [[nodiscard]] static std::size_t place_of(std::size_t verb, const channel::AnyGuard& guard) {
    const std::size_t number =
        std::visit([](auto one) { return static_cast<std::size_t>(one); }, guard);
    return (verb * 2 + guard.index()) * most_guards + number;
  }
  template <class Guard>
  void add_cells(std::size_t verb, int guards) {
    const auto cells = machine_.refusals();
    for (int i = 0; i < guards; ++i) {
      const channel::AnyGuard guard = static_cast<Guard>(i);
      const auto at = std::find_if(cells.begin(), cells.end(), [&](const RefusalCell& cell) {
        return cell.action == machine_.verbs()[verb] && cell.guard == channel::to_text(guard);
      });
      if (at != cells.end())
        cells_[place_of(verb, guard)] = static_cast<std::uint16_t>(at - cells.begin());
    }
  }

  static constexpr std::size_t most_guards = 32;
  static constexpr std::uint16_t no_cell = 0xFFFF;
  static_assert(channel::guard_count <= most_guards && quiesce::guard_count <= most_guards);

  const Machine& machine_;
  std::vector<std::uint16_t> cells_;  ///< by place_of; no_cell: not listed
  std::vector<Fact> always_;
  std::vector<Fact> sometimes_;
};

}  // namespace quiesce::explore
