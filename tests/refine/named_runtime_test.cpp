// Names and ids: what nobody was given, what was given twice, and what the observer is told.
#include "models/refine/named_runtime.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "impl/sync/single_thread.hpp"
#include "models/refine/execution.hpp"
#include "models/refine/script.hpp"

using namespace quiesce;
using namespace quiesce::refine;
using SomeBindings = Bindings<SingleThread>;

BOOST_AUTO_TEST_SUITE(named_runtime)

namespace {

const Capacity capacity{4, 8, 4};

/// An operation that was told as `told` and gave `gave` back; the fault, in words.
std::string_view fault_of(const impl::Applied& told, const impl::Applied& gave) {
  SomeBindings names{capacity};
  names.committed(4, told);
  return names.take_heard(4, gave, 0).fault;
}

}  // namespace

BOOST_AUTO_TEST_CASE(name_that_is_not_bound_has_an_id_that_nobody_was_given) {
  const SomeBindings names{capacity};
  std::set<std::pair<std::uint32_t, std::uint32_t>> ids;
  for (std::uint32_t asked = 0; asked < 12; ++asked) {
    TaskName name{asked};
    const impl::TaskId id = names.resolve(name);
    BOOST_TEST(name.is_none());
    // A script with eight Names of tasks, one of them 0, creates seven at most.
    BOOST_TEST((id.is_none() || id.slot >= 7 || id.generation == 0 || id.generation > 1'000'000));
    ids.insert({id.slot, id.generation});
  }
  BOOST_TEST(ids.size() == 6U);
  BOOST_TEST(ids.contains({7, 1}));
  RegionName region{1};
  BOOST_TEST((names.resolve(region) == impl::RegionId{4, 1}));
}

BOOST_AUTO_TEST_CASE(capacity_is_above_every_name_and_above_the_count_of_what_is_created) {
  const Script from_one = parse_script_line("[spawn(t1,r0);open_region(r1,r0)]").script;
  BOOST_TEST(capacity_of(from_one).tasks == 2U);
  BOOST_TEST(capacity_of(from_one).regions == 2U);
  BOOST_TEST(capacity_of(from_one).obligations == 0U);
  const Script from_zero = parse_script_line("[spawn(t0,r0);spawn(t1,r0)]").script;
  BOOST_TEST(capacity_of(from_zero).tasks == 3U);
}

BOOST_AUTO_TEST_CASE(id_that_is_given_twice_is_a_fault) {
  SomeBindings names{capacity};
  names.bind(TaskName{1}, {0, 1});
  names.bind(TaskName{1}, {0, 1});
  names.bind(RegionName{1}, {0, 1});
  names.committed(4, done());
  BOOST_TEST(names.take_heard(4, done(), 0).fault == "");
  names.bind(TaskName{2}, {0, 1});
  names.committed(4, done());
  BOOST_TEST(names.take_heard(4, done(), 0).fault == "an id was given a second time");
}

BOOST_AUTO_TEST_CASE(commit_is_told_with_everything_that_the_operation_answers) {
  impl::Applied applied{done()};
  applied.ticket = 1;
  applied.task = {3, 1};
  BOOST_TEST(fault_of(applied, applied) == "");
  impl::Applied other = applied;
  other.task = {3, 2};
  BOOST_TEST(fault_of(other, applied) == "another commit was told");
  other = applied;
  other.ticket = 2;
  BOOST_TEST(fault_of(other, applied) == "another commit was told");
  other = applied;
  other.answer = done_with(Changed{true});
  BOOST_TEST(fault_of(other, applied) == "another commit was told");
}

BOOST_AUTO_TEST_CASE(commit_is_objected_to_and_what_it_created_is_bound) {
  NamedRuntime<SingleThread> runtime{{1, 60, 0}, impl::sharded};
  for (std::uint32_t i = 1; i <= 50; ++i) {
    const Issued issued = runtime.apply(Spawn{TaskName{i}, root_region});
    BOOST_TEST(issued.ticket.value() == i);
    BOOST_TEST(issued.told.fault == "");
  }
  for (std::uint32_t i = 1; i <= 50; ++i) {
    BOOST_TEST((runtime.apply(Start{TaskName{i}}).answer == done()));
  }
}

BOOST_AUTO_TEST_SUITE_END()
