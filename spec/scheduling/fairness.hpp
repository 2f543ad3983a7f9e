// One worker and its pick rule, look by look, while work comes and goes: how long anyone waits.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "spec/scheduling/rules.hpp"

namespace quiesce::spec::scheduling::fairness {

/// What one worker sees. A lane is as full as it likes: only whether it has work is said.
struct State {
  std::uint8_t limit = 16;
  bool draining = false;
  std::array<bool, 3> has_work{};  ///< by Lane: cancel, due timed, ready
  Pick pick;
  bool pick_drains = false;  ///< what the pick read of `draining` as it began
  friend bool operator==(const State&, const State&) = default;
};

struct Appear {  // appear(Ready): a lane that was empty has work
  Lane lane{};
};
struct Vanish {  // vanish(Ready): another worker took it
  Lane lane{};
};
struct Drain {  // drain(true)
  bool draining = false;
};
struct Begin {};  // begin: a pick begins
struct Look {     // look, look(more): one lane; if its work is taken, whether there is more of it
  bool more = false;
};
using Action = std::variant<Appear, Vanish, Drain, Begin, Look>;
[[nodiscard]] std::string_view action_verb(std::size_t index);
[[nodiscard]] std::string to_text(const Action& action);
[[nodiscard]] std::string to_text(const State& s);

/// What a look took.
using Taken = std::optional<Lane>;

/// True if the step was possible.                                               rule.sched.look
[[nodiscard]] bool apply(State& s, const Action& action, Taken& taken);

/// What the sentences remember; every counter stops at 255.
struct History {
  std::array<std::uint8_t, 2> waited{};  ///< cancel dispatches while timed, ready work was there
  std::uint8_t cancel_waited = 0;        ///< other dispatches while cancel work was there
  std::uint8_t ready_passed = 0;         ///< timed dispatches while ready work was there
  std::uint8_t in_a_row = 0;             ///< cancel dispatches since other work or idleness
  bool cancel_since_begin = false;       ///< cancel work was there during the whole pick so far
  friend bool operator==(const History&, const History&) = default;
};
void observe(History& history, const State& before, const Action& action, const Taken& taken,
             const State& after);

struct Transition {
  const State& before;
  const History& history;  ///< before
  const Action& action;
  const Taken& taken;
  const State& after;
  const History& history_after;
};
using Violation = std::optional<std::string>;
struct StepProperty {
  std::string_view id;
  std::string_view fact;
  std::string_view sentence;
  Violation (*violated)(const Transition&);
};
[[nodiscard]] std::span<const StepProperty> step_properties();
struct Case {
  std::string_view id;
  std::string_view sentence;
  bool (*shown)(const Transition&);
};
[[nodiscard]] std::span<const Case> cases();

}  // namespace quiesce::spec::scheduling::fairness
