// Steps of a script, each with the answer it must get, and what must hold after each.
#pragma once

#include <boost/test/unit_test.hpp>
#include <string>

#include "spec/channel/mpsc_invariants.hpp"
#include "spec/channel/notify_invariants.hpp"

namespace quiesce::channel_tests {

template <class State, class Action, class Invariants, class Properties>
void check_step(State& state, const Action& action, const std::string& expected,
                const Invariants& invariants, const Properties& properties) {
  const State before = state;
  const channel::Answer answer = channel::apply(state, action);
  BOOST_TEST_CONTEXT(channel::to_text(action) << " in " << channel::to_text(before)) {
    BOOST_TEST(channel::to_text(answer) == expected);
    if (!channel::is_done(answer)) BOOST_TEST((state == before));
    for (const auto& row : invariants) BOOST_TEST(row.violated(state).value_or("") == "");
    if (!channel::is_done(answer)) return;
    for (const auto& row : properties)
      BOOST_TEST(row.violated({before, action, answer, state}).value_or("") == "");
  }
}

inline void step(channel::Notify& s, const channel::NotifyAction& action,
                 const std::string& expected) {
  check_step(s, action, expected, channel::notify_invariants(), channel::notify_step_properties());
}
inline void step(channel::Mpsc& s, const channel::MpscAction& action, const std::string& expected) {
  check_step(s, action, expected, channel::mpsc_invariants(), channel::mpsc_step_properties());
}

}  // namespace quiesce::channel_tests
