#include "models/refine/abstraction.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "models/refine/generator.hpp"
#include "spec/step.hpp"
#include "tests/refine/twins.hpp"

using namespace quiesce;
using namespace quiesce::refine;

BOOST_AUTO_TEST_SUITE(abstraction_of_snapshots)

namespace {

spec::State after(const std::vector<Action>& actions) {
  spec::State state = spec::initial();
  for (const Action& action : actions) state = spec::step(std::move(state), action).after;
  return state;
}

spec::State busy_state() {
  return after({OpenRegion{{1}, root_region, {}, {}, Policy::FailFast}, Spawn{{1}, {1}, {}},
                Spawn{{2}, {1}, {}}, Start{{1}}, Join{{2}, {1}}, DeferFinalizer{{3}, {1}},
                Reserve{{1}, {1}, {1}, ObligationKind::Lease}});
}

}  // namespace

BOOST_AUTO_TEST_CASE(snapshot_of_any_state_stands_for_it) {
  for (std::uint64_t i = 0; i < 200; ++i) {
    const spec::State state = after(generate_sequence(11, i, 25).prefix);
    const Snapshot snapshot = twins::snapshot_of(state);
    BOOST_TEST_REQUIRE(!representation_fault(snapshot));
    BOOST_TEST_REQUIRE((abstraction(snapshot) == state));
  }
}

BOOST_AUTO_TEST_CASE(order_of_rows_and_lists_does_not_matter) {
  const spec::State state = busy_state();
  Snapshot snapshot = twins::snapshot_of(state);
  std::reverse(snapshot.regions.begin(), snapshot.regions.end());
  std::reverse(snapshot.tasks.begin(), snapshot.tasks.end());
  for (RegionRow& row : snapshot.regions) std::reverse(row.tasks.begin(), row.tasks.end());
  BOOST_TEST((abstraction(snapshot) == state));
  BOOST_TEST(!same_rows(snapshot, twins::snapshot_of(state)));
  BOOST_TEST(same_rows(snapshot, snapshot));
}

BOOST_AUTO_TEST_CASE(order_of_finalizers_matters) {
  const spec::State state =
      after({DeferFinalizer{{1}, root_region}, DeferFinalizer{{2}, root_region}});
  Snapshot snapshot = twins::snapshot_of(state);
  std::reverse(snapshot.regions[0].finalizers.begin(), snapshot.regions[0].finalizers.end());
  BOOST_TEST(!(abstraction(snapshot) == state));
  const auto lines = differences(state, abstraction(snapshot));
  BOOST_TEST_REQUIRE(lines.size() == 1U);
  BOOST_TEST(lines[0] ==
             "region r0: finalizers is [t1 t2] in the specification, [t2 t1] in the "
             "implementation");
}

BOOST_AUTO_TEST_CASE(differences_name_every_field_in_words) {
  const spec::State spec_says = busy_state();
  BOOST_TEST(differences(spec_says, spec_says).empty());
  spec::State impl_says = spec_says;
  spec::find(impl_says, RegionName{1})->phase = RegionPhase::Closed;
  spec::find(impl_says, TaskName{1})->mask_units = 2;
  spec::find(impl_says, ObligationName{1})->phase = ObligationPhase::Leaked;
  spec::find(impl_says, ObligationName{1})->reserved_at_ticks = 3;
  impl_says.leak_policy.response = LeakResponse::Panic;
  impl_says.now = 4;
  const std::vector<std::string> lines = differences(spec_says, impl_says);
  const std::vector<std::string> expected{
      "region r1: phase is Open in the specification, Closed in the implementation",
      "task t1: mask_units is 0 in the specification, 2 in the implementation",
      "obligation o1: phase is Reserved in the specification, Leaked in the implementation",
      "obligation o1: reserved_at_ticks is 0 in the specification, 3 in the implementation",
      "now is 0 in the specification, 4 in the implementation",
      "the leak policy is Log in the specification, Panic in the implementation"};
  BOOST_TEST(lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(rows_on_one_side_only_are_named) {
  const spec::State spec_says = busy_state();
  spec::State impl_says = spec_says;
  impl_says.tasks.erase(impl_says.tasks.begin());
  BOOST_TEST(differences(spec_says, impl_says).front() ==
             "task t1 is there in the specification only");
  BOOST_TEST(differences(impl_says, spec_says).front() ==
             "task t1 is there in the implementation only");
}

BOOST_AUTO_TEST_CASE(representation_faults_are_found) {
  const Snapshot sound = twins::snapshot_of(busy_state());
  BOOST_TEST(!representation_fault(sound));
  const auto fault = [&sound](auto&& spoil) {
    Snapshot snapshot = sound;
    spoil(snapshot);
    return representation_fault(snapshot).value_or("none");
  };
  BOOST_TEST(fault([](Snapshot& s) { s.tasks.push_back(s.tasks[0]); }) ==
             "there are two rows of task t1");
  BOOST_TEST(fault([](Snapshot& s) { s.regions[1].name = RegionName::none(); }) ==
             "a region row has no Name");
  BOOST_TEST(fault([](Snapshot& s) { s.regions[1].tasks.push_back({2}); }) ==
             "the tasks of r1 hold t2 twice");
  BOOST_TEST(fault([](Snapshot& s) { s.tasks[0].waiters.push_back(TaskName::none()); }) ==
             "the waiters of t1 hold an unbound Name");
  BOOST_TEST(fault([](Snapshot& s) { s.pending_total = 3; }) ==
             "the implementation counts 3 pending obligations, 1 rows are Reserved");
}

BOOST_AUTO_TEST_CASE(tables_that_disagree_among_themselves_are_a_fault) {
  Snapshot snapshot = twins::snapshot_of(busy_state());
  BOOST_TEST(!representation_fault(snapshot));
  for (const Bookkeeping& found :
       {Bookkeeping{.wrong_counts = 1}, Bookkeeping{.one_sided_links = 1},
        Bookkeeping{.lost_slots = 1}, Bookkeeping{.unsettled = 1},
        Bookkeeping{.clocks_differ = true}, Bookkeeping{.uncounted = 1}}) {
    snapshot.bookkeeping = found;
    BOOST_TEST(representation_fault(snapshot).has_value());
    BOOST_TEST(!same_rows(snapshot, twins::snapshot_of(busy_state())));
  }
}

BOOST_AUTO_TEST_SUITE_END()
