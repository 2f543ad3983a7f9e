// What is true of every state of the scheduler, and of every step.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "spec/scheduling/action.hpp"
#include "spec/scheduling/state.hpp"

namespace quiesce::spec::scheduling {

/// What a sentence must remember of the past; written by `observe`, which knows no rule.
struct History {
  struct OfTask {
    bool woken = false;              ///< since its last poll began
    std::uint8_t ready_entries = 0;  ///< made since its last poll began, up to 3
    friend bool operator==(const OfTask&, const OfTask&) = default;
  };
  boost::container::small_vector<OfTask, 4> of_slot;
  boost::container::small_vector<std::uint8_t, 4> cancels_in_a_row;  ///< by worker, up to 255
  friend bool operator==(const History&, const History&) = default;
};
[[nodiscard]] History initial_history(const State& s);
/// What one step adds to the past.
void observe(History& history, const State& before, const Action& action, const Answer& answer,
             const State& after);

/// The fact that clashes with a sentence, in words; nothing if it holds.
using Violation = std::optional<std::string>;

/// A true sentence about every state, and the case in which it could be wrong.
struct Invariant {
  std::string_view id;
  std::string_view fact;  ///< its number in the facts' table
  std::string_view sentence;
  Violation (*violated)(const State&, const History&);
  bool (*interesting)(const State&, const History&);
  std::string_view interesting_case;
};
[[nodiscard]] std::span<const Invariant> invariants();

struct Transition {
  const State& before;
  const History& history;  ///< before
  const Action& action;
  const Answer& answer;  ///< never a refusal
  const State& after;
};
/// A true sentence about every step, and the case in which it could be wrong.
struct StepProperty {
  std::string_view id;
  std::string_view fact;
  std::string_view sentence;
  Violation (*violated)(const Transition&);
  bool (*interesting)(const Transition&);
  std::string_view interesting_case;
};
[[nodiscard]] std::span<const StepProperty> step_properties();

/// Cases that are worth reaching and belong to no one sentence.
struct Case {
  std::string_view id;
  std::string_view sentence;
  bool (*shown)(const Transition&);
};
[[nodiscard]] std::span<const Case> cases();

/// Nobody has anything left to do before the next wake, cancel or deadline.
[[nodiscard]] bool is_at_rest(const State& s, const History& history);

}  // namespace quiesce::spec::scheduling
