#include "models/explore/house.hpp"

#include <fmt/format.h>

#include <bit>

#include "models/explore/house_text.hpp"

namespace quiesce::explore {
namespace {

using spec::InternalStep;
using spec::Transition;

/// An internal rule is nobody's action: to the properties of steps it is time standing still.
const Action nobody_acts = AdvanceTime{0};
const Answer nothing_said = done();

// What this model asks beyond the catalogues of the specification.
constexpr Fact refuses_by_its_guards{
    "answer.listed", "an action is only refused by a guard that the semantics list for it"};
constexpr Fact any_order_settles_alike{"rule.region.settle",
                                       "every order of the internal rules gives the same fixpoint"};
constexpr Fact no_leak{"quality.no_leak",
                       "no task ends while it holds a promise: true of correct programs only"};
constexpr std::size_t own_facts = 3;
constexpr std::uint16_t no_cell = 0xFFFF;
/// How many steps there are to each one that is looked at twice.
constexpr std::uint64_t one_in = 16;

/// Why an interesting case cannot be shown, where it takes time, quotas, joins or limits.
std::string_view beyond_the_flags(std::string_view id, const HouseBounds& bounds) {
  const bool has_deadlines = bounds.time != 0 && bounds.regions > 1;
  const bool has_quotas = bounds.quota != 0 && bounds.regions > 1;
  if (id == "inv.region.deadline_monotone" && !has_deadlines) return "no region has a deadline";
  if ((id == "inv.region.within_limits" || id == "inv.region.limits_as_asked") &&
      (bounds.limits == 0 || bounds.regions == 1))
    return "no region has a limit";
  if (id.starts_with("inv.join.") && bounds.joins == 0) return "no task joins";
  if (id.starts_with("inv.join.") && bounds.tasks + bounds.finalizers < 2) return "one task";
  if (id == "inv.budget.along_the_tree" && !has_deadlines && !has_quotas)
    return "no region has a budget";
  if (id == "inv.budget.met_at_admission" && !(has_deadlines && has_quotas))
    return "budgets do not bind in two ways";
  if (id == "inv.budget.poll_pays" && bounds.quota == 0) return "nobody polls";
  if (id.starts_with("inv.time.") && bounds.time == 0) return "time stands still";
  if (id == "inv.time.expires" && !has_deadlines) return "no region has a deadline";
  return {};
}

/// Why an interesting case cannot be shown; empty if it may be.
std::string_view beyond(std::string_view id, const HouseBounds& bounds) {
  if (const std::string_view why = beyond_the_flags(id, bounds); !why.empty()) return why;
  if (id == "inv.policy.fail_fast" && (bounds.policies == 1 || bounds.tasks < 2))
    return "no sibling in a FailFast region";
  if (id == "inv.obligation.recovered" && bounds.leaks.response != LeakResponse::Recover)
    return "leaks are not recovered";
  if (bounds.mask == 0 && id.starts_with("inv.mask.")) return "no masks";
  if (bounds.finalizers == 1 && id == "inv.finalizer.panic_joins") return "one finalizer";
  if (bounds.finalizers == 0 && id.starts_with("inv.finalizer.")) return "no finalizers";
  if (bounds.finalizers == 0 && !bounds.small_step && id == "inv.region.settled")
    return "no finalizer keeps a region waiting";
  if (bounds.obligations == 0 &&
      (id.starts_with("inv.obligation.") || id == "inv.region.ledger_empty" ||
       id == "inv.ownership.atomic_completion" || id == "inv.time.stamps"))
    return "no obligations";
  if (bounds.regions == 1 &&
      (id == "inv.region.tree" || id == "inv.cancel.propagates" || id == "inv.cancel.origin" ||
       id == "inv.region.close_begins" || id == "inv.ownership.enters_as_asked"))
    return "one region";
  return {};
}

/// Whether a row that may have been written to is another than before; the others are not.
bool differs_where_marked(const spec::State& before, const spec::State& after) {
  const auto differ = [](const auto& b, const auto& a) {
    if (b.size() != a.size()) return true;
    for (std::uint64_t marks = a.marks(); marks != 0; marks &= marks - 1) {
      const auto place = static_cast<std::size_t>(std::countr_zero(marks));
      if (place >= a.size()) break;
      if (!(b[place] == a[place])) return true;
    }
    return false;
  };
  return before.now != after.now || before.leak_count != after.leak_count ||
         !(before.leak_policy == after.leak_policy) || differ(before.regions, after.regions) ||
         differ(before.tasks, after.tasks) || differ(before.obligations, after.obligations);
}

[[noreturn, gnu::cold]] void leads_out_of_bounds(const Action& action,
                                                 const std::optional<std::string>& why) {
  programmer_error(
      fmt::format("{} leads out of the bounds: {}", to_text(action), why.value_or("?")).c_str());
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
  const auto verbs = alphabet_.verbs();
  actions_.assign(verbs.begin(), verbs.end());
  for (int rule = 0; bounds_.small_step && rule < spec::internal_rule_count; ++rule) {
    actions_.push_back(to_text(static_cast<spec::InternalRule>(rule)));
  }
  add_facts();
  add_refusals();
}

void HouseMachine::add_facts() {
  static_assert(2 * spec::most_rows + own_facts < FactSet::most);  // and the deadlock
  const auto add = [this](const auto& rows, std::uint64_t& cases) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const std::string_view why = beyond(rows[row].id, bounds_);
      cases |= std::uint64_t{why.empty()} << row;
      always_.push_back({rows[row].id, rows[row].sentence});
      sometimes_.push_back({rows[row].id, rows[row].interesting_case, why});
    }
  };
  add(spec::invariants(), cases_of_state_);
  add(spec::step_properties(), cases_of_steps_);
  // What is only true of settled states is not asked between internal rules.
  for (std::size_t row = 0; row < step_facts_begin(); ++row)
    asked_ |= std::uint64_t{!bounds_.small_step || always_[row].id != "inv.region.settled"} << row;
  always_.push_back(refuses_by_its_guards);
  settle_fact_ = always_.size();
  if (bounds_.small_step) always_.push_back(any_order_settles_alike);
  no_leak_fact_ = always_.size();
  if (bounds_.claims_no_leak) always_.push_back(no_leak);
}

void HouseMachine::add_refusals() {
  for (std::size_t verb = 0; verb < rules_begin(); ++verb) {
    for (int number = 0; number < guard_count; ++number) {
      const auto guard = static_cast<Guard>(number);
      const bool listed = alphabet_.may_refuse(verb, guard);
      cell_of_.push_back(listed ? static_cast<std::uint16_t>(cells_.size()) : no_cell);
      if (listed) cells_.push_back({alphabet_.verbs()[verb], to_text(guard)});
    }
  }
}

template <class Visit, class Refuse>
void HouseMachine::for_each_step(const spec::State& before, spec::State& scratch, Visit&& visit,
                                 Refuse&& refuse, const InstanceSet* asleep) const {
  alphabet_.for_each(before, [&](const HouseAlphabet::Instance& instance) {
    if (asleep != nullptr && asleep->has(instance.number)) return;
    const Answer answer = spec::apply_unsettled(scratch, instance.action);
    if (is_done(answer)) {
      if (!bounds_.small_step) spec::run_internal_rules(scratch);
      visit(Taken{instance.verb, instance.number}, instance.action, answer, scratch);
    } else {
      refuse(instance.verb, instance.action, answer, scratch);
    }
  });
  if (!bounds_.small_step) return;
  for (const InternalStep& internal : spec::enabled_internal(before)) {
    spec::apply(scratch, internal);
    visit(Taken{rules_begin() + static_cast<std::size_t>(internal.rule), alphabet_.all().size()},
          nobody_acts, nothing_said, scratch);
  }
}

void HouseMachine::begin(std::span<const std::uint64_t> state, const FactSet& seen,
                         HouseExpansion& expansion) const {
  HouseCodec::Rows rows;
  codec_.split(state, rows);
  if (expansion.bounds == bounds_) {  // the state before stands there; most of its rows stay
    take_back(expansion.before, codec_.unpack_changed(expansion.rows, rows, expansion.before),
              expansion.scratch);
  } else {
    codec_.unpack(rows, expansion.before);
    codec_.unpack(rows, expansion.scratch);
    expansion.bounds = bounds_;
  }
  expansion.rows = rows;
  expansion.successors.clear();
  expansion.refusals.clear();
  expansion.refused_by_another = false;
  expansion.broken_by_steps = 0;
  expansion.shown_by_steps = 0;
  expansion.wanted_of_state = cases_of_state_ & ~seen.bits_from(0);
  expansion.wanted_of_steps = cases_of_steps_ & ~seen.bits_from(step_facts_begin());
  if (expansion.wanted_of_steps != 0) expansion.until_a_look = 1;
}

void HouseMachine::look_for_cases(const Transition& transition, HouseExpansion& expansion) const {
  const auto properties = spec::step_properties();
  for (std::uint64_t left = expansion.wanted_of_steps; left != 0; left &= left - 1) {
    const auto row = static_cast<std::size_t>(std::countr_zero(left));
    expansion.shown_by_steps |= std::uint64_t{properties[row].interesting(transition)} << row;
  }
}

void HouseMachine::consider(const Transition& transition, HouseExpansion& expansion) const {
  expansion.broken_by_steps |= spec::violated_rows(transition);
  if (expansion.wanted_of_steps != 0) [[unlikely]]
    look_for_cases(transition, expansion);
}

void HouseMachine::accept(std::span<const std::uint64_t> state, const Taken& taken,
                          const Action& action, const Answer& answer, spec::State& after,
                          HouseExpansion& expansion) const {
  HouseExpansion::Successor& next = expansion.successors.emplace_back(taken.action, taken.instance);
  std::copy(state.begin(), state.end(), next.words.begin());
  spec::Transition transition{expansion.before, action, answer, after, {}};
  if (!codec_.follow(expansion.before, expansion.rows, after, next.words, transition.touched))
      [[unlikely]]
    leads_out_of_bounds(action, codec_.why_not(after));
  consider(transition, expansion);
  take_back(expansion.before, transition.touched, after);
}

/// A refused action hands the state back. To look at what it may have written to after each refusal
/// would cost more than the step; one in sixteen is looked at, another sixteenth in each state.
void HouseMachine::look_at_refusal(const Action& action, const Answer& answer,
                                   const spec::State& after, HouseExpansion& expansion) const {
  const bool looks_for_cases = expansion.wanted_of_steps != 0;
  expansion.until_a_look = looks_for_cases ? 1 : one_in;
  const bool is_its_turn = !looks_for_cases || ++expansion.turn % one_in == 0;
  if (is_its_turn && differs_where_marked(expansion.before, after)) [[unlikely]] {
    consider({expansion.before, action, answer, after}, expansion);
    expansion.bounds.reset();  // the copy cannot be relied on any more
  } else if (looks_for_cases) {
    look_for_cases({expansion.before, action, answer, after, {0, 0, 0}}, expansion);
  }
}

inline void HouseMachine::refuse(std::size_t verb, const Action& action, const Answer& answer,
                                 const spec::State& after, HouseExpansion& expansion) const {
  const Guard guard = std::get_if<Refused>(&answer)->guard;
  const std::uint16_t cell =
      cell_of_[verb * static_cast<std::size_t>(guard_count) + static_cast<std::size_t>(guard)];
  if (cell == no_cell) [[unlikely]] {
    expansion.refused_by_another = true;
  } else {
    expansion.refusals.push_back(cell);
  }
  if (--expansion.until_a_look == 0) [[unlikely]]
    look_at_refusal(action, answer, after, expansion);
}

void HouseMachine::expand(std::span<const std::uint64_t> state, const FactSet& seen,
                          HouseExpansion& expansion, const InstanceSet* asleep) const {
  begin(state, seen, expansion);
  for_each_step(
      expansion.before, expansion.scratch,
      [&](const Taken& taken, const Action& action, const Answer& answer, spec::State& after) {
        accept(state, taken, action, answer, after, expansion);
      },
      [&](std::size_t verb, const Action& action, const Answer& answer, spec::State& after) {
        refuse(verb, action, answer, after, expansion);
      },
      asleep);
}

FactSet HouseMachine::violated(const HouseExpansion& expansion) const {
  const spec::State& state = expansion.before;
  const std::uint64_t of_state = spec::violated_rows(state) & asked_;
  FactSet broken;
  if ((of_state | expansion.broken_by_steps) != 0) [[unlikely]] {
    broken = FactSet::of(of_state) | FactSet::of(expansion.broken_by_steps, step_facts_begin());
  }
  if (expansion.refused_by_another) [[unlikely]]
    broken.add(own_facts_begin());
  if (bounds_.small_step && !settles_alike(state)) broken.add(settle_fact_);
  if (bounds_.claims_no_leak && state.leak_count != 0) broken.add(no_leak_fact_);
  return broken;
}

FactSet HouseMachine::witnessed(const HouseExpansion& expansion) const {
  if ((expansion.shown_by_steps | expansion.wanted_of_state) == 0) return {};
  const auto invariants = spec::invariants();
  FactSet shown = FactSet::of(expansion.shown_by_steps, step_facts_begin());
  for (std::uint64_t left = expansion.wanted_of_state; left != 0; left &= left - 1) {
    const auto row = static_cast<std::size_t>(std::countr_zero(left));
    shown.add_if(invariants[row].interesting(expansion.before), row);
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
  if (fact < step_facts_begin()) return spec::invariants()[fact].violated(before).value_or("?");
  if (bounds_.small_step && fact == settle_fact_)
    return "two orders of the internal rules end in different states";
  if (bounds_.claims_no_leak && fact == no_leak_fact_)
    return fmt::format("{} obligations are Leaked", before.leak_count);
  const auto row = broken_step(state, fact);
  return row ? row->state : "?";
}

/// Properties of steps are found again by taking the steps of the state again.
std::optional<TraceStep> HouseMachine::broken_step(std::span<const std::uint64_t> state,
                                                   std::size_t fact) const {
  if (fact < step_facts_begin() || fact > own_facts_begin()) return std::nullopt;
  spec::State before;
  codec_.decode(state, before);
  spec::State scratch = before;
  std::optional<TraceStep> row;
  const auto consider = [&](std::size_t number, const Transition& t, bool listed) {
    if (row) return;
    const std::string step = fmt::format("{} answers {}", to_text(t.action), to_text(t.answer));
    if (fact == own_facts_begin()) {
      if (!listed) row = TraceStep{std::string(actions_[number]), step, step, {}};
      return;
    }
    const auto found = spec::step_properties()[fact - step_facts_begin()].violated(t);
    if (found) row = TraceStep{std::string(actions_[number]), step, *found, {}};
  };
  for_each_step(
      before, scratch,
      [&](const Taken& taken, const Action& action, const Answer& answer, spec::State& after) {
        consider(taken.action, {before, action, answer, after}, true);
        after = before;
      },
      [&](std::size_t verb, const Action& action, const Answer& answer, spec::State& after) {
        consider(verb, {before, action, answer, after},
                 alphabet_.may_refuse(verb, std::get<Refused>(answer).guard));
        after = before;
      });
  return row;
}

std::vector<std::pair<std::string, std::string>> HouseMachine::variables(
    std::span<const std::uint64_t> packed) const {
  spec::State state;
  codec_.decode(packed, state);
  return house_variables(state);
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
      [&](const Taken& taken, const Action& instance, const Answer&, spec::State& next) {
        if (!found && taken.action == action && action < rules_begin() && next == to) {
          found = true;
          text = to_text(instance);
        }
        next = from;
      },
      [&](std::size_t, const Action&, const Answer&, const spec::State&) {});
  return text;
}

std::string HouseMachine::state_text(std::span<const std::uint64_t> packed) const {
  spec::State state;
  codec_.decode(packed, state);
  return house_text(state);
}

}  // namespace quiesce::explore
