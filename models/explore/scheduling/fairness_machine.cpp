#include "models/explore/scheduling/fairness_machine.hpp"

#include <algorithm>

#include "impl/sync/require.hpp"

namespace quiesce::explore {
namespace {

namespace fairness = spec::scheduling::fairness;
using spec::scheduling::Lane;
using spec::scheduling::Stage;

constexpr unsigned counter_bits = 6;  // limits up to 16: counters up to 34

/// A counter that a wrong rule drives further stays at the largest: the step there was seen.
std::uint64_t kept(std::uint8_t counter) {
  return std::min<std::uint64_t>(counter, (1U << counter_bits) - 1);
}

}  // namespace

FairnessMachine::FairnessMachine(std::uint32_t limit, bool draining)
    : limit_(static_cast<std::uint8_t>(limit)) {
  for (const Lane lane : {Lane::Cancel, Lane::Timed, Lane::Ready}) {
    alphabet_.emplace_back(fairness::Appear{lane});
    alphabet_.emplace_back(fairness::Vanish{lane});
  }
  if (draining) {
    alphabet_.emplace_back(fairness::Drain{true});
    alphabet_.emplace_back(fairness::Drain{false});
  }
  alphabet_.emplace_back(fairness::Begin{});
  alphabet_.emplace_back(fairness::Look{false});
  alphabet_.emplace_back(fairness::Look{true});
  for (std::size_t i = 0; i < std::variant_size_v<fairness::Action>; ++i)
    actions_.push_back(fairness::action_verb(i));
  for (const auto& row : fairness::step_properties()) always_.push_back({row.id, row.sentence});
  for (const auto& row : fairness::cases()) {
    const bool unreachable = !draining && row.id == "fair.exact_draining";
    sometimes_.push_back({row.id, row.sentence, unreachable ? "nobody drains" : ""});
  }
}

FairnessMachine::Value FairnessMachine::initial() const {
  Value value;
  value.state.limit = limit_;
  return value;
}

PackedState<1> FairnessMachine::encode(const Value& value) const {
  BitWriter<words> out;
  const fairness::State& s = value.state;
  out.put(s.draining, 1);
  out.put(s.pick_drains, 1);
  for (const bool has_work : s.has_work) out.put(has_work, 1);
  out.put(static_cast<std::uint64_t>(s.pick.stage), 3);
  out.put(kept(s.pick.streak), counter_bits);
  out.put(s.pick.yields, 1);
  for (const std::uint8_t waited : value.history.waited) out.put(kept(waited), counter_bits);
  out.put(kept(value.history.cancel_waited), counter_bits);
  out.put(kept(value.history.ready_passed), counter_bits);
  out.put(kept(value.history.in_a_row), counter_bits);
  out.put(value.history.cancel_since_begin, 1);
  require(out.fits(), "a state of the fairness model fits into its word");
  return out.packed();
}

FairnessMachine::Value FairnessMachine::decode(const PackedState<words>& packed) const {
  BitReader<words> in(packed);
  Value value = initial();
  fairness::State& s = value.state;
  s.draining = in.take(1) != 0;
  s.pick_drains = in.take(1) != 0;
  for (bool& has_work : s.has_work) has_work = in.take(1) != 0;
  s.pick.stage = static_cast<Stage>(in.take(3));
  s.pick.streak = in.take(counter_bits);
  s.pick.yields = in.take(1) != 0;
  for (std::uint8_t& waited : value.history.waited) waited = in.take(counter_bits);
  value.history.cancel_waited = in.take(counter_bits);
  value.history.ready_passed = in.take(counter_bits);
  value.history.in_a_row = in.take(counter_bits);
  value.history.cancel_since_begin = in.take(1) != 0;
  return value;
}

Verdict FairnessMachine::verdict_of_step(const fairness::Transition& transition) {
  Verdict verdict;
  std::size_t number = 0;
  for (const auto& row : fairness::step_properties()) {
    verdict.broken.add_if(row.violated(transition).has_value(), number++);
  }
  number = 0;
  for (const auto& row : fairness::cases()) {
    verdict.shown.add_if(row.shown(transition), number++);
  }
  return verdict;
}

std::string FairnessMachine::violation_text(const Value& value, std::size_t fact) const {
  const auto& row = fairness::step_properties()[fact];
  for (const fairness::Action& action : alphabet_) {
    Value after = value;
    fairness::Taken taken;
    if (!fairness::apply(after.state, action, taken)) continue;
    observe(after.history, value.state, action, taken, after.state);
    if (auto found =
            row.violated({value.state, value.history, action, taken, after.state, after.history}))
      return *found;
  }
  return {};
}

}  // namespace quiesce::explore
