// The scheduler's specification at given bounds, for the search.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/explore/scheduling/rule_model.hpp"
#include "spec/scheduling/invariants.hpp"
#include "spec/scheduling/step.hpp"

namespace quiesce::explore {

/// How many of each there are, and what anyone outside the workers may do.
struct SchedulingBounds {
  static constexpr std::uint32_t most_workers = 3;
  static constexpr std::uint32_t most_slots = 3;
  static constexpr std::uint32_t most_tasks = 6;
  static constexpr std::uint32_t most_wakers = 2;
  static constexpr std::uint32_t most_events = 8;
  static constexpr std::uint32_t most_time = 3;
  static constexpr std::uint32_t most_limit = 7;

  std::uint32_t workers = 2;
  std::uint32_t slots = 2;   ///< tasks that may live at once
  std::uint32_t tasks = 2;   ///< tasks that may ever be spawned
  std::uint32_t wakers = 1;  ///< threads that wake and cancel
  std::uint32_t events = 2;  ///< wakes, cancels and injections, all in all
  std::uint32_t time = 0;    ///< the last tick
  std::uint32_t limit = 1;   ///< the streak's
  bool pinned = false;       ///< tasks may be pinned to a worker
  bool draining = false;     ///< the governor may begin to drain
};

/// SchedulingMachine takes every step of the bounded scheduler by spec::scheduling::apply.
///   state    generations are renumbered from 1 for each task, in their order: rules only compare
///            them for equality and hand out one that is larger. 320 bits
class SchedulingMachine {
 public:
  static constexpr std::size_t words = 5;
  struct Value {
    spec::scheduling::State state;
    spec::scheduling::History history;
    std::uint8_t events_left = 0;
    std::uint8_t spawned = 0;
    std::array<std::uint8_t, SchedulingBounds::most_tasks> slot_of{};  ///< by Name
  };

  explicit SchedulingMachine(const SchedulingBounds& bounds);

  [[nodiscard]] Value initial() const;
  [[nodiscard]] PackedState<words> encode(const Value& value) const;
  [[nodiscard]] Value decode(const PackedState<words>& packed) const;
  /// Calls visit(action, text, after, verdict) for every step of anyone.
  template <class Visit>
  void for_each_step(const Value& before, Visit&& visit) const {
    for (const spec::scheduling::Action& action : candidates(before)) {
      Value after = before;
      const spec::scheduling::Answer answer = spec::scheduling::apply(after.state, action);
      if (spec::scheduling::is_refused(answer) || !advance(before, action, answer, after)) continue;
      const Verdict verdict = verdict_of_step(before, action, answer, after);
      visit(
          action.index(), [&] { return to_text(action); }, after, verdict);
    }
  }
  /// Calls visit(action, after) for the same steps, without a verdict.
  template <class Visit>
  void for_each_action(const Value& before, Visit&& visit) const {
    for (const spec::scheduling::Action& action : candidates(before)) {
      Value after = before;
      const spec::scheduling::Answer answer = spec::scheduling::apply(after.state, action);
      if (!spec::scheduling::is_refused(answer) && advance(before, action, answer, after))
        visit(action, after);
    }
  }
  [[nodiscard]] Verdict verdict(const Value& value) const;
  [[nodiscard]] bool is_at_rest(const Value& value) const {
    return spec::scheduling::is_at_rest(value.state, value.history);
  }
  [[nodiscard]] std::size_t max_successors() const { return 256; }
  [[nodiscard]] std::span<const std::string_view> actions() const { return actions_; }
  [[nodiscard]] std::span<const Fact> always() const { return always_; }
  [[nodiscard]] std::span<const Fact> sometimes() const { return sometimes_; }
  [[nodiscard]] std::string state_text(const Value& value) const { return to_text(value.state); }
  [[nodiscard]] std::string violation_text(const Value& value, std::size_t fact) const;

 private:
  [[nodiscard]] std::vector<spec::scheduling::Action> candidates(const Value& value) const;
  /// What the bounds and the history keep of a step; false if nothing has changed.
  [[nodiscard]] bool advance(const Value& before, const spec::scheduling::Action& action,
                             const spec::scheduling::Answer& answer, Value& after) const;
  [[nodiscard]] Verdict verdict_of_step(const Value& before, const spec::scheduling::Action& action,
                                        const spec::scheduling::Answer& answer,
                                        const Value& after) const;
  [[nodiscard]] std::string_view beyond(std::string_view id) const;

  SchedulingBounds bounds_;
  std::vector<std::string_view> actions_;
  std::vector<Fact> always_;
  std::vector<Fact> sometimes_;
};

}  // namespace quiesce::explore
