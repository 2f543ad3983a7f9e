// What the machine of `house` asks of one state: whether it is an end, whether refusals left it.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string_view>

#include "models/explore/house.hpp"
#include "models/explore/house_text.hpp"

namespace quiesce::explore {
namespace {

std::size_t number_of(const HouseMachine& machine, std::string_view id) {
  std::size_t index = 0;
  while (index < machine.always().size() && machine.always()[index].id != id) ++index;
  BOOST_TEST_REQUIRE(index < machine.always().size());
  return index;
}

/// Task t0 ran in r0 and holds o0, and then everything ended.
spec::State everything_ended() {
  spec::State state = spec::initial();
  for (const Action& action :
       {Action{Spawn{.name = TaskName{0}, .region = root_region}}, Action{Start{TaskName{0}}},
        Action{Reserve{ObligationName{0}, TaskName{0}, root_region}},
        Action{CloseRegion{root_region, CloseMode::Await}},
        Action{Commit{ObligationName{0}, TaskName{0}}},
        Action{Return{TaskName{0}, OutcomeKind::Ok}}})
    BOOST_TEST_REQUIRE(is_done(spec::apply(state, action)));
  BOOST_TEST_REQUIRE(!is_live(state.regions[0]));
  return state;
}

BOOST_AUTO_TEST_CASE(an_end_has_no_live_region_no_live_task_and_nothing_reserved) {
  const HouseMachine machine(HouseBounds{});
  HouseExpansion expansion;
  expansion.before = everything_ended();
  BOOST_TEST(machine.is_quiescent(expansion));
  expansion.before.regions[0].phase = RegionPhase::Finalizing;
  BOOST_TEST(!machine.is_quiescent(expansion));
  expansion.before = everything_ended();
  expansion.before.tasks[0].phase = TaskPhase::Running;
  BOOST_TEST(!machine.is_quiescent(expansion));
  expansion.before = everything_ended();
  expansion.before.obligations[0].phase = ObligationPhase::Reserved;
  BOOST_TEST(!machine.is_quiescent(expansion));
}

/// A rule that writes before it refuses leaves the copy that steps are taken on another than the
/// state. One refusal in sixteen is looked at, so that a few states suffice to see it.
BOOST_AUTO_TEST_CASE(a_refusal_that_changed_the_state_is_noticed_within_a_few_states) {
  const HouseMachine machine(HouseBounds{});
  const std::size_t changes_nothing = number_of(machine, "inv.refusal.changes_nothing");
  std::array<std::uint64_t, 8> words{};
  BOOST_TEST_REQUIRE(machine.codec().encode(everything_ended(), words));
  HouseExpansion expansion;
  int states = 0;
  machine.expand(words, FactSet::below(FactSet::most), expansion);
  BOOST_TEST(expansion.successors.empty());
  BOOST_TEST(expansion.refusals.size() > 10U);
  BOOST_TEST(!machine.violated(expansion).has(changes_nothing));
  for (; states < 8 && !machine.violated(expansion).has(changes_nothing); ++states) {
    expansion.scratch.tasks[0].mask_units = 1;  // as if written to by a rule that then refused
    machine.expand(words, FactSet::below(FactSet::most), expansion);
  }
  BOOST_TEST(states <= 4);
  BOOST_TEST(machine.violated(expansion).has(changes_nothing));
  machine.expand(words, FactSet::below(FactSet::most), expansion);  // and the copy is made anew
  BOOST_TEST(!machine.violated(expansion).has(changes_nothing));
}

/// What only some bounds have is said where it is not as usual.
BOOST_AUTO_TEST_CASE(text_of_a_state_has_time_budgets_limits_and_who_joins) {
  spec::State state = spec::initial();
  const TaskName t0{0};
  const TaskName t1{1};
  const RegionName r1{1};
  for (const Action& action :
       {Action{OpenRegion{.name = r1,
       .parent = root_region,
       .budget = {.deadline_ticks = 2, .poll_quota = 1},
       .limits = {1, 1, 1}}},
        Action{Spawn{.name = t0, .region = r1}}, Action{Spawn{.name = t1, .region = root_region}},
        Action{Join{t0, t1}}, Action{AdvanceTime{1}}, Action{CancelTask{t0, CancelKind::User}},
        Action{Reserve{ObligationName{0}, t0, r1}}})
    BOOST_TEST_REQUIRE(is_done(spec::apply(state, action)));
  BOOST_TEST(house_text(state) ==
             "now 1, r0 Open, r1 Open in r0 with deadline 2, polls 1 at most regions 1, tasks 1, "
             "obligations 1, t0 CancelRequested in r1 with deadline 2, polls 1 for User@1 from r1, "
             "t1 Created in r0 joined by t0, o0 Reserved by t0 since 1");
  BOOST_TEST_REQUIRE(is_done(spec::apply(state, Return{TaskName{1}, OutcomeKind::Ok})) == false);
  BOOST_TEST_REQUIRE(is_done(spec::apply(state, Start{t1})));
  BOOST_TEST_REQUIRE(is_done(spec::apply(state, Return{t1, OutcomeKind::Ok})));
  BOOST_TEST(
      house_text(state).find("polls 1 for User@1 from r1 results 1, t1 Completed in r0 Ok") !=
      std::string::npos);
}

}  // namespace
}  // namespace quiesce::explore
