// What an invariant of a channel primitive is made of: a sentence, a check, and its witness.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "spec/channel/answer.hpp"

namespace quiesce::channel {

/// The fact that clashes with an invariant, in words; nothing if the invariant holds.
using Violation = std::optional<std::string>;

/// A true sentence about every state, and the case in which it could be wrong.
template <class State>
struct Invariant {
  std::string_view id;
  std::string_view sentence;
  Violation (*violated)(const State&);
  bool (*interesting)(const State&);
  std::string_view interesting_case;
};

/// One accepted step, as the properties of steps see it.
template <class State, class Action>
struct Transition {
  const State& before;
  const Action& action;
  const Answer& answer;
  const State& after;
};

/// A true sentence about every accepted step, with its witness.
template <class State, class Action>
struct StepProperty {
  std::string_view id;
  std::string_view sentence;
  Violation (*violated)(const Transition<State, Action>&);
  bool (*interesting)(const Transition<State, Action>&);
  std::string_view interesting_case;
};

}  // namespace quiesce::channel
