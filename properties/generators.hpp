// What properties are about: scripts that may contain anything, and the values of the lattices.
#pragma once

#include <rapidcheck.h>

#include <iosfwd>
#include <vector>

#include "models/refine/script.hpp"
#include "spec/vocabulary/action.hpp"
#include "spec/vocabulary/budget.hpp"
#include "spec/vocabulary/leaks.hpp"
#include "spec/vocabulary/outcome.hpp"

namespace quiesce::properties {

/// Actions one after the other. Any sublist is a sequence too, so it shrinks by leaving out; the
/// leak policy shrinks towards Log.
struct Sequence {
  std::vector<Action> actions;
  LeakPolicy leaks{};
};
/// A prefix, two or three branches, a suffix. It shrinks by leaving out, by moving the first action
/// of a branch into the prefix, and by plainer actions.
struct Concurrent {
  refine::Script script;
};

/// A sequence that no state guided: every verb as likely as any other, few Names, extreme values.
struct Wild {
  std::vector<Action> actions;
  LeakPolicy leaks{};
};

void showValue(const Wild& wild, std::ostream& out);
void showValue(const Sequence& sequence, std::ostream& out);
void showValue(const Concurrent& concurrent, std::ostream& out);

/// The next smaller candidates, in the order in which they are tried. Each is smaller in a
/// well-founded order, so that shrinking ends.
[[nodiscard]] rc::Seq<Action> plainer(const Action& action);
[[nodiscard]] rc::Seq<std::vector<Action>> smaller(const std::vector<Action>& actions);
[[nodiscard]] rc::Seq<refine::Script> smaller(const refine::Script& script);

[[nodiscard]] rc::Gen<Sequence> any_sequence();
[[nodiscard]] rc::Gen<Wild> any_wild();
[[nodiscard]] rc::Gen<Concurrent> any_concurrent();

}  // namespace quiesce::properties

namespace quiesce {

// Counterexamples are printed in the vocabulary's words.
void showValue(const CancelReason& reason, std::ostream& out);
void showValue(const Outcome& outcome, std::ostream& out);
void showValue(const Budget& budget, std::ostream& out);

}  // namespace quiesce

// Small domains, so that ties happen, with the extremes now and then.
template <>
struct rc::Arbitrary<quiesce::CancelReason> {
  static Gen<quiesce::CancelReason> arbitrary();
};
template <>
struct rc::Arbitrary<quiesce::Outcome> {
  static Gen<quiesce::Outcome> arbitrary();
};
template <>
struct rc::Arbitrary<quiesce::Budget> {
  static Gen<quiesce::Budget> arbitrary();
};
template <>
struct rc::Arbitrary<quiesce::properties::Sequence> {
  static Gen<quiesce::properties::Sequence> arbitrary() {
    return quiesce::properties::any_sequence();
  }
};
template <>
struct rc::Arbitrary<quiesce::properties::Wild> {
  static Gen<quiesce::properties::Wild> arbitrary() { return quiesce::properties::any_wild(); }
};
template <>
struct rc::Arbitrary<quiesce::properties::Concurrent> {
  static Gen<quiesce::properties::Concurrent> arbitrary() {
    return quiesce::properties::any_concurrent();
  }
};
