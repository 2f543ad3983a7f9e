// One worker's pick rule, look by look, for the search.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/explore/scheduling/rule_model.hpp"
#include "spec/scheduling/fairness.hpp"

namespace quiesce::explore {

/// FairnessMachine lets work come and go as it likes between the looks of one worker.
///   state    64 bits: states are told apart exactly
class FairnessMachine {
 public:
  static constexpr std::size_t words = 1;
  static constexpr std::uint32_t most_limit = 16;
  struct Value {
    spec::scheduling::fairness::State state;
    spec::scheduling::fairness::History history;
  };

  FairnessMachine(std::uint32_t limit, bool draining);

  [[nodiscard]] Value initial() const;
  [[nodiscard]] PackedState<words> encode(const Value& value) const;
  [[nodiscard]] Value decode(const PackedState<words>& packed) const;
  template <class Visit>
  void for_each_step(const Value& before, Visit&& visit) const {
    using namespace spec::scheduling::fairness;
    for (const spec::scheduling::fairness::Action& action : alphabet_) {
      Value after = before;
      Taken taken;
      if (!spec::scheduling::fairness::apply(after.state, action, taken)) continue;
      observe(after.history, before.state, action, taken, after.state);
      const Verdict verdict = verdict_of_step(
          {before.state, before.history, action, taken, after.state, after.history});
      visit(
          action.index(), [&] { return to_text(action); }, after, verdict);
    }
  }
  [[nodiscard]] Verdict verdict(const Value&) const { return {}; }
  [[nodiscard]] bool is_at_rest(const Value&) const { return true; }
  [[nodiscard]] std::size_t max_successors() const { return alphabet_.size(); }
  [[nodiscard]] std::span<const std::string_view> actions() const { return actions_; }
  [[nodiscard]] std::span<const Fact> always() const { return always_; }
  [[nodiscard]] std::span<const Fact> sometimes() const { return sometimes_; }
  [[nodiscard]] std::string state_text(const Value& value) const { return to_text(value.state); }
  [[nodiscard]] std::string violation_text(const Value& value, std::size_t fact) const;

 private:
  [[nodiscard]] static Verdict verdict_of_step(
      const spec::scheduling::fairness::Transition& transition);

  std::uint8_t limit_;
  std::vector<spec::scheduling::fairness::Action> alphabet_;
  std::vector<std::string_view> actions_;
  std::vector<Fact> always_;
  std::vector<Fact> sometimes_;
};

}  // namespace quiesce::explore
