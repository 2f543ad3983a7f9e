#include "models/explore/house.hpp"

#include <fmt/format.h>

#include <bit>

#include "models/explore/key_set.hpp"

namespace quiesce::explore {
namespace {

using spec::InternalStep;
using spec::Transition;

constexpr std::size_t rules_begin = HouseAlphabet::verb_count;  // of internal rules, in small steps

/// An internal rule is nobody's action: to the properties of steps it is time standing still.
const Action nobody_acts = AdvanceTime{0};
const Answer nothing_said = done();

constexpr Fact refuses_by_its_guards{
    "answer.possible", "an action is only refused by a guard that the semantics list for it"};
constexpr Fact any_order_settles_alike{"rule.region.settle",
                                       "every order of the internal rules gives the same fixpoint"};

std::uint64_t bit(std::size_t number) {
  return std::uint64_t{1} << number;
}

bool settles_alike(const spec::State& state) {
  const auto enabled = spec::enabled_internal(state);
  if (enabled.empty()) return true;
  const spec::State settled = spec::settle(state);
  return std::all_of(enabled.begin(), enabled.end(), [&](const InternalStep& internal) {
    return spec::settle(spec::take(state, internal)) == settled;
  });
}

}  // namespace

HouseMachine::HouseMachine(const HouseBounds& bounds)
    : bounds_(bounds), codec_(bounds), alphabet_(bounds) {
  const auto verbs = HouseAlphabet::verbs();
  actions_.assign(verbs.begin(), verbs.end());
  for (const spec::Invariant& invariant : spec::invariants()) {
    always_.push_back({invariant.id, invariant.sentence});
    sometimes_.push_back({invariant.id, invariant.interesting_case});
  }
  for (const spec::StepProperty& property : spec::step_properties()) {
    always_.push_back({property.id, property.sentence});
    sometimes_.push_back({property.id, property.interesting_case});
  }
  always_.push_back(refuses_by_its_guards);
  asked_ = bit(spec::invariants().size()) - 1;
  if (!bounds_.small_step) return;
  for (std::size_t i = 0; i < spec::invariants().size(); ++i) {
    if (always_[i].id == "inv.region.settled") asked_ &= ~bit(i);  // of settled states only
  }
  always_.push_back(any_order_settles_alike);
  for (int rule = 0; rule < spec::internal_rule_count; ++rule) {
    actions_.push_back(to_text(static_cast<spec::InternalRule>(rule)));
  }
}

template <class Visit, class Refuse>
void HouseMachine::for_each_step(const spec::State& before, spec::State& scratch, Visit&& visit,
                                 Refuse&& refuse) const {
  alphabet_.for_each(before, [&](const HouseAlphabet::Instance& instance) {
    const Answer answer = bounds_.small_step ? spec::apply_unsettled(scratch, instance.action)
                                             : spec::apply(scratch, instance.action);
    if (is_done(answer)) {
      visit(instance.verb, instance.action, answer, scratch);
    } else {
      refuse(instance.verb, instance.action, answer, scratch);
    }
  });
  if (!bounds_.small_step) return;
  for (const InternalStep& internal : spec::enabled_internal(before)) {
    spec::apply(scratch, internal);
    visit(rules_begin + static_cast<std::size_t>(internal.rule), nobody_acts, nothing_said,
          scratch);
  }
}

void HouseMachine::expand(std::span<const std::uint64_t> state, std::uint64_t seen,
                          HouseExpansion& expansion) const {
  codec_.split(state, expansion.rows);
  codec_.unpack(expansion.rows, expansion.before);
  codec_.unpack(expansion.rows, expansion.scratch);
  HouseCodec::Rows rows;
  expansion.successors.clear();
  expansion.refusals.clear();
  expansion.broken = 0;
  expansion.shown = 0;
  expansion.seen = seen;
  const std::size_t begin = spec::invariants().size();
  const auto properties = spec::step_properties();
  const std::uint64_t wanted = ~seen >> begin & (bit(properties.size()) - 1);
  const auto look_for_cases = [&](const Transition& transition) {
    for (std::uint64_t left = wanted; left != 0; left &= left - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(left));
      if (properties[i].interesting(transition)) expansion.shown |= bit(begin + i);
    }
  };
  const auto consider = [&](const Transition& transition) {
    expansion.broken |= spec::violated_rows(transition) << begin;
    look_for_cases(transition);
  };
  // A refused action hands the state back. To look at every row of it after each refusal would cost
  // more than the step; one in eight is looked at, another eighth in each state.
  std::uint64_t turn = mix(state[0]);
  for_each_step(
      expansion.before, expansion.scratch,
      [&](std::size_t number, const Action& action, const Answer& answer, spec::State& after) {
        HouseExpansion::Successor& next = expansion.successors.emplace_back();
        next.action = number;
        if (!codec_.pack(after, rows)) [[unlikely]]
          programmer_error(fmt::format("{} leads out of the bounds: {}", to_text(action),
                                       codec_.why_not(after).value_or("?"))
                               .c_str());
        codec_.join(rows, next.words);
        const spec::Touched touched = codec_.touched(expansion.rows, rows);
        consider({expansion.before, action, answer, after, touched});
        codec_.restore(expansion.before, touched, after);
      },
      [&](std::size_t verb, const Action& action, const Answer& answer, const spec::State& after) {
        const Guard guard = std::get<Refused>(answer).guard;
        expansion.refusals.push_back(static_cast<std::uint16_t>(
            verb * static_cast<std::size_t>(guard_count) + static_cast<std::size_t>(guard)));
        if (!HouseAlphabet::may_refuse(verb, guard)) [[unlikely]]
          expansion.broken |= bit(begin + properties.size());
        if (++turn % 8 == 0 && !(after == expansion.before)) [[unlikely]] {
          consider({expansion.before, action, answer, after});
        } else if (wanted != 0) {
          look_for_cases({expansion.before, action, answer, after, {0, 0, 0}});
        }
      });
}

std::uint64_t HouseMachine::violated(const HouseExpansion& expansion) const {
  std::uint64_t broken = (spec::violated_rows(expansion.before) & asked_) | expansion.broken;
  if (bounds_.small_step && !settles_alike(expansion.before)) broken |= bit(always_.size() - 1);
  return broken;
}

std::uint64_t HouseMachine::witnessed(const HouseExpansion& expansion) const {
  const auto invariants = spec::invariants();
  std::uint64_t shown = expansion.shown;
  for (std::size_t i = 0; i < invariants.size(); ++i) {
    if ((expansion.seen >> i & 1U) == 0 && invariants[i].interesting(expansion.before))
      shown |= bit(i);
  }
  return shown;
}

bool HouseMachine::is_quiescent(const HouseExpansion& expansion) const {
  const spec::State& s = expansion.before;
  return std::none_of(s.regions.begin(), s.regions.end(),
                      [](const auto& r) { return is_live(r); }) &&
         std::none_of(s.tasks.begin(), s.tasks.end(), [](const auto& t) { return is_live(t); }) &&
         std::none_of(s.obligations.begin(), s.obligations.end(), spec::is_reserved);
}

std::size_t HouseMachine::max_successors() const {
  return alphabet_.most_instances() + (bounds_.small_step ? bounds_.regions : 0);
}

std::string HouseMachine::violation_text(std::span<const std::uint64_t> state,
                                         std::size_t fact) const {
  spec::State before;
  codec_.decode(state, before);
  const std::size_t invariants = spec::invariants().size();
  if (fact < invariants) return spec::invariants()[fact].violated(before).value_or("?");
  std::string text;
  spec::State scratch = before;
  const auto explain = [&](const Action& action, const Answer& answer, const spec::State& after) {
    if (!text.empty() || fact - invariants >= spec::step_properties().size()) return;
    const auto found =
        spec::step_properties()[fact - invariants].violated({before, action, answer, after});
    if (found) text = fmt::format("{} answers {}: {}", to_text(action), to_text(answer), *found);
  };
  for_each_step(
      before, scratch,
      [&](std::size_t, const Action& action, const Answer& answer, spec::State& after) {
        explain(action, answer, after);
        after = before;
      },
      [&](std::size_t verb, const Action& action, const Answer& answer, const spec::State& after) {
        explain(action, answer, after);
        if (text.empty() && always_[fact].id == refuses_by_its_guards.id &&
            !HouseAlphabet::may_refuse(verb, std::get<Refused>(answer).guard))
          text = fmt::format("{} answers {}", to_text(action), to_text(answer));
      });
  return text.empty() ? "two orders of the internal rules end in different states" : text;
}

std::string HouseMachine::step_text(std::span<const std::uint64_t> before, std::size_t action,
                                    std::span<const std::uint64_t> after) const {
  spec::State from;
  spec::State to;
  codec_.decode(before, from);
  codec_.decode(after, to);
  std::string text{actions_[action]};
  bool found = false;
  spec::State scratch = from;
  for_each_step(
      from, scratch,
      [&](std::size_t number, const Action& taken, const Answer&, spec::State& next) {
        if (!found && number == action && number < rules_begin && next == to) {
          found = true;
          text = to_text(taken);
        }
        next = from;
      },
      [&](std::size_t, const Action&, const Answer&, const spec::State&) {});
  return text;
}

std::string HouseMachine::state_text(std::span<const std::uint64_t> packed) const {
  spec::State state;
  codec_.decode(packed, state);
  std::string text;
  const auto item = [&text](const std::string& row) { text += (text.empty() ? "" : ", ") + row; };
  for (const spec::Region& region : state.regions) {
    item(fmt::format("{} {}", to_text(region.name), to_text(region.phase)));
    if (!region.parent.is_none()) text += " in " + to_text(region.parent);
    if (region.policy == Policy::FailFast) text += " FailFast";
    if (region.reason) text += " for " + to_text(*region.reason);
    if (!(region.outcome == Outcome::ok())) text += " " + to_text(region.outcome);
    for (const TaskName name : region.finalizers) text += " deferred " + to_text(name);
  }
  for (const spec::Task& task : state.tasks) {
    item(fmt::format("{} {} in {}", to_text(task.name), to_text(task.phase), to_text(task.owner)));
    if (task.mask_units != 0) text += fmt::format(" mask {}", task.mask_units);
    if (task.reason) text += " for " + to_text(*task.reason);
    if (!is_live(task)) text += " " + to_text(task.outcome);
  }
  for (const spec::Obligation& obligation : state.obligations) {
    item(fmt::format("{} {} by {}", to_text(obligation.name), to_text(obligation.phase),
                     to_text(obligation.holder)));
    if (obligation.phase == ObligationPhase::Aborted)
      text += fmt::format(" {}", to_text(obligation.abort_reason));
  }
  return text;
}

}  // namespace quiesce::explore
