// Parallel lockstep: a prefix, then branches under the explorer. RapidCheck shrinks the script; for
// each candidate the same schedules are tried, so that shrinking is deterministic down to the
// minimal prefix, branches and schedule.
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
// RapidCheck's macros come after Boost.Test.
#include <rapidcheck/boost_test.h>

#include "properties/falsify.hpp"
#include "properties/generators.hpp"
#include "properties/reference_runtime.hpp"

using namespace quiesce;
using properties::Concurrent;

namespace {

void agrees_under_every_schedule_tried(const refine::Variant& variant,
                                       const Concurrent& concurrent) {
  const auto failure = properties::falsify(variant, concurrent.script);
  const std::string found = failure ? properties::report(*failure) : "";
  RC_LOG() << found;
  RC_ASSERT(found == "");
}

/// What RapidCheck comes to with a seed: the shrunk counterexample, or "agrees".
struct Falsified {
  std::string counterexample = "agrees";
  std::string report;
  std::vector<std::size_t> shrink_path;
};

Falsified check_with_seed(const refine::Variant& variant, std::uint64_t seed) {
  rc::detail::TestParams params;
  params.seed = seed;
  params.maxSuccess = 150;
  Falsified falsified;
  const auto result = rc::detail::checkTestable(
      [&](const Concurrent& concurrent) {
        const auto failure = properties::falsify(variant, concurrent.script);
        if (failure) falsified.report = properties::report(*failure);
        RC_ASSERT(!failure);
      },
      rc::detail::TestMetadata{}, params);
  if (result.template is<rc::detail::FailureResult>()) {
    const auto failure = result.template get<rc::detail::FailureResult>();
    falsified.counterexample = failure.counterExample.front().second;
    falsified.shrink_path = failure.reproduce.shrinkPath;
  }
  return falsified;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(parallel_lockstep)

RC_BOOST_PROP(lockstep_sharded_agrees_under_explored_schedules, (const Concurrent& concurrent)) {
  agrees_under_every_schedule_tried(*refine::find_variant("sharded"), concurrent);
}

RC_BOOST_PROP(lockstep_one_lock_agrees_under_explored_schedules, (const Concurrent& concurrent)) {
  agrees_under_every_schedule_tried(*refine::find_variant("one_lock"), concurrent);
}

BOOST_AUTO_TEST_CASE(lockstep_falsifies_check_and_act_in_two_critical_sections) {
  // Whatever RapidCheck starts from, it comes to the same two actions and one preemption.
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      const Falsified found = check_with_seed(properties::split_reference(), seed);
      BOOST_TEST(found.counterexample == "([|close_region(r0,Await)|spawn(t1,r0)])");
      BOOST_TEST(found.report ==
                 "inv.ownership.task_owned: task t1 is Created but region r0 is Closed\n"
                 "  spec_says Refused{RegionOpen}, impl_says Done to spawn(t1, r0)\n"
                 "  script [|close_region(r0,Await)|spawn(t1,r0)]\n"
                 "  schedule 2,1, preemptions 1\n");
    }
  }
}

BOOST_AUTO_TEST_CASE(lockstep_shrinks_the_same_way_every_time) {
  const Falsified once = check_with_seed(properties::split_reference(), 5);
  const Falsified again = check_with_seed(properties::split_reference(), 5);
  BOOST_TEST(!once.shrink_path.empty());
  BOOST_TEST(once.shrink_path == again.shrink_path, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(nothing_single_can_be_dropped_from_the_minimum) {
  const refine::Script minimum{
      {}, {{CloseRegion{root_region}}, {Spawn{TaskName{1}, root_region}}}, {}};
  BOOST_TEST(properties::falsify(properties::split_reference(), minimum).has_value());
  auto candidates = properties::smaller(minimum);
  std::size_t tried = 0;
  for (auto one = candidates.next(); one; one = candidates.next(), ++tried) {
    BOOST_TEST_CONTEXT(refine::to_line(*one)) {
      BOOST_TEST(!properties::falsify(properties::split_reference(), *one).has_value());
    }
  }
  BOOST_TEST(tried >= 4U);
}

BOOST_AUTO_TEST_CASE(lockstep_accepts_the_good_twin) {
  BOOST_TEST(check_with_seed(properties::good_reference(), 1).counterexample == "agrees");
}

BOOST_AUTO_TEST_SUITE_END()
