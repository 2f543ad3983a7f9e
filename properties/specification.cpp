// The specification along any script: its invariants, its steps, its internal rules, its text form.
#include <boost/test/unit_test.hpp>
#include <vector>
// RapidCheck's macros come after Boost.Test.
#include <rapidcheck/boost_test.h>

#include "properties/generators.hpp"
#include "spec/cause.hpp"
#include "spec/invariants.hpp"
#include "spec/step.hpp"

using namespace quiesce;
using quiesce::properties::Sequence;

namespace {

/// Calls `look(before, action, step)` along a script.
template <class Look>
void along(const Sequence& sequence, Look&& look) {
  spec::State state = spec::initial(sequence.leaks);
  for (const Action& action : sequence.actions) {
    spec::Step next = spec::step(state, action);
    RC_LOG() << to_text(action) << " -> " << to_text(next.answer) << "\n";
    look(state, action, next);
    state = std::move(next.after);
  }
}

std::string facts(const std::optional<spec::NamedViolation>& broken) {
  return broken ? std::string(broken->id) + ": " + broken->fact : "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(specification)

RC_BOOST_PROP(every_state_keeps_every_invariant, (const Sequence& sequence)) {
  along(sequence, [](const spec::State&, const Action&, const spec::Step& next) {
    const std::string broken = facts(spec::first_violation(next.after));
    RC_ASSERT(broken == "");
  });
}

RC_BOOST_PROP(every_step_keeps_every_step_property, (const Sequence& sequence)) {
  along(sequence, [](const spec::State& before, const Action& action, const spec::Step& next) {
    const std::string broken =
        facts(spec::first_violation(spec::Transition{before, action, next.answer, next.after}));
    RC_ASSERT(broken == "");
  });
}

RC_BOOST_PROP(every_unguided_script_keeps_the_whole_catalogue, (const properties::Wild& wild)) {
  along(Sequence{wild.actions, wild.leaks}, [](const spec::State& before, const Action& action,
                                               const spec::Step& next) {
    std::string broken = facts(spec::first_violation(next.after));
    RC_ASSERT(broken == "");
    broken =
        facts(spec::first_violation(spec::Transition{before, action, next.answer, next.after}));
    RC_ASSERT(broken == "");
  });
}

/// What is wrong with the cause chain of an entity whose reason is recorded in `holder`.
std::string chain_fault(const spec::State& state, const spec::CauseChain& chain,
                        const std::optional<CancelReason>& reason, RegionName holder) {
  if (!reason) return chain.links.empty() ? "" : "a cause without a reason";
  if (chain.links.empty() || !(chain.links.front() == spec::CauseLink{holder, *reason}))
    return "the first link is not the reason itself";
  if (chain.links.size() > spec::CauseChain::most_links) return "too many links";
  if (chain.truncated && chain.links.size() < spec::CauseChain::most_links) return "cut too early";
  for (std::size_t i = 1; i < chain.links.size(); ++i) {
    const spec::CauseLink& below = chain.links[i - 1];
    const spec::CauseLink& above = chain.links[i];
    if (spec::find(state, below.region)->parent != above.region)
      return "a link does not go towards the root";
    if (below.reason.origin != above.region) return "a link does not go to the origin";
    if (spec::find(state, above.region)->reason != above.reason) return "a link has no reason";
    if (above.reason.at_ticks > below.reason.at_ticks) return "a cause is later than its effect";
  }
  return {};
}

RC_BOOST_PROP(every_cause_chain_goes_from_the_reason_towards_the_root, (const Sequence& sequence)) {
  along(sequence, [](const spec::State&, const Action&, const spec::Step& next) {
    const spec::State& state = next.after;
    for (const spec::Region& region : state.regions) {
      const std::string fault =
          chain_fault(state, spec::cause_chain(state, region.name), region.reason, region.name);
      RC_ASSERT(fault == "");
    }
    for (const spec::Task& task : state.tasks) {
      const std::string fault =
          chain_fault(state, spec::cause_chain(state, task.name), task.reason, task.owner);
      RC_ASSERT(fault == "");
    }
  });
}

RC_BOOST_PROP(step_is_a_function_of_state_and_action, (const Sequence& sequence)) {
  along(sequence, [](const spec::State& before, const Action& action, const spec::Step& next) {
    const spec::State kept = before;
    const spec::Step again = spec::step(before, action);
    RC_ASSERT(again.answer == next.answer);
    RC_ASSERT(again.after == next.after);
    RC_ASSERT(before == kept);
  });
}

RC_BOOST_PROP(a_refusal_changes_nothing, (const Sequence& sequence)) {
  along(sequence, [](const spec::State& before, const Action&, const spec::Step& next) {
    RC_ASSERT(is_done(next.answer) || next.after == before);
  });
}

RC_BOOST_PROP(internal_steps_are_confluent, (const Sequence& sequence)) {
  // Local confluence: any two enabled steps lead to the same fixpoint. The steps end, so that it
  // is enough.
  along(sequence, [](const spec::State& before, const Action& action, const spec::Step& next) {
    spec::State state = spec::step_unsettled(before, action).after;
    for (auto enabled = spec::enabled_internal(state); !enabled.empty();
         enabled = spec::enabled_internal(state)) {
      for (const spec::InternalStep& internal : enabled) {
        RC_ASSERT(spec::settle(spec::take(state, internal)) == next.after);
      }
      state = spec::take(std::move(state), enabled.back());
    }
    RC_ASSERT(state == next.after);
  });
}

RC_BOOST_PROP(settling_takes_at_most_three_steps_a_region, (const Sequence& sequence)) {
  along(sequence, [](const spec::State& before, const Action& action, const spec::Step&) {
    spec::State state = spec::step_unsettled(before, action).after;
    std::size_t taken = 0;
    for (auto enabled = spec::enabled_internal(state); !enabled.empty();
         enabled = spec::enabled_internal(state)) {
      state = spec::take(std::move(state), enabled.front());
      ++taken;
    }
    RC_ASSERT(taken <= 3 * state.regions.size());
  });
}

RC_BOOST_PROP(every_action_has_a_text_form_that_parses_back, (const Sequence& sequence)) {
  for (const Action& action : sequence.actions) {
    const ParsedAction parsed = parse_action(to_text(action));
    RC_ASSERT(parsed.error == "");
    RC_ASSERT(parsed.action == action);
  }
}

RC_BOOST_PROP(every_plainer_action_has_a_text_form_that_parses_back, (const Sequence& sequence)) {
  for (const Action& action : sequence.actions) {
    auto candidates = properties::plainer(action);
    for (auto one = candidates.next(); one; one = candidates.next()) {
      RC_ASSERT(parse_action(to_text(*one)).action == *one);
      RC_ASSERT(*one != action);
    }
  }
}

RC_BOOST_PROP(states_hash_the_same_exactly_if_they_are_equal, (const Sequence& sequence)) {
  std::vector<spec::State> states{spec::initial(sequence.leaks)};
  along(sequence, [&states](const spec::State&, const Action&, const spec::Step& next) {
    states.push_back(next.after);
  });
  for (const spec::State& a : states) {
    for (const spec::State& b : states) {
      RC_ASSERT((a == b) == (spec::hash_value(a) == spec::hash_value(b)));
    }
  }
}

RC_BOOST_PROP(equal_states_from_different_scripts_hash_the_same, (const Sequence& sequence)) {
  // Leaving out a refused action leads to the same states by another way.
  Sequence accepted{{}, sequence.leaks};
  spec::State by_all = spec::initial(sequence.leaks);
  along(sequence, [&](const spec::State&, const Action& action, const spec::Step& next) {
    if (is_done(next.answer)) accepted.actions.push_back(action);
    by_all = next.after;
  });
  spec::State by_accepted = spec::initial(sequence.leaks);
  for (const Action& action : accepted.actions) {
    by_accepted = spec::step(std::move(by_accepted), action).after;
  }
  RC_ASSERT(by_accepted == by_all);
  RC_ASSERT(spec::hash_value(by_accepted) == spec::hash_value(by_all));
}

RC_BOOST_PROP(any_sublist_of_a_script_is_a_script, (const Sequence& sequence)) {
  // What shrinking relies on: each candidate is smaller, names what it creates once, and runs.
  auto candidates = properties::smaller(sequence.actions);
  for (auto one = candidates.next(); one; one = candidates.next()) {
    RC_ASSERT(one->size() <= sequence.actions.size());
    RC_ASSERT(refine::name_created_twice(refine::Script{*one, {}, {}}) == "");
    spec::State state = spec::initial(sequence.leaks);
    for (const Action& action : *one) state = spec::step(std::move(state), action).after;
    RC_ASSERT(facts(spec::first_violation(state)) == "");
  }
}

BOOST_AUTO_TEST_SUITE_END()
