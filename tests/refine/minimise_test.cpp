#include "models/refine/minimise.hpp"

#include <boost/test/unit_test.hpp>

#include "models/refine/candidate.hpp"
#include "models/refine/checker.hpp"
#include "models/refine/generator.hpp"
#include "tests/refine/twins.hpp"

using namespace quiesce;
using namespace quiesce::refine;
using twins::Fault;

BOOST_AUTO_TEST_SUITE(minimiser)

namespace {

Failure found(const Variant& variant, const Script& script, Strategy strategy) {
  ScriptChecker checker{variant};
  checker.load(script);
  const Checked checked = checker.run(strategy, 0, 2'000);
  BOOST_TEST_REQUIRE(checked.failure.has_value());
  return *checked.failure;
}

/// True if some schedule with at most two preemptions fails with this signature.
bool some_schedule_fails(const Variant& variant, const Script& script, const Signature& signature) {
  ScriptChecker checker{variant};
  checker.load(script);
  while (true) {
    const Checked checked = checker.run(Strategy::Exhaustive, 0, 20'000);
    if (checked.failure) return checked.failure->signature() == signature;
    if (checked.exhausted || checked.executions == 0) return false;
  }
}

const Script noisy =
    parse_script_line(
        "[open_region(r3,r0,deadline 9,FailFast);spawn(t7,r0);start(t7);open_region(r4,r3)"
        "|spawn(t8,r0);spawn(t9,r3,polls 3);poll(t9)"
        "|checkpoint(t7);close_region(r3,Cancel);return(t7,Err)"
        "|advance_time(2);spawn(t5,r4)>poll(t7)]")
        .script;

}  // namespace

BOOST_AUTO_TEST_CASE(minimiser_reaches_the_known_minimum_of_a_race) {
  const Variant variant = twins::bad(Fault::ChecksThenInserts);
  const Failure failure = found(variant, noisy, Strategy::RandomWalk);
  const Failure minimal = minimise(failure, variant);
  BOOST_TEST(minimal.minimised);
  BOOST_TEST((minimal.signature() == failure.signature()));
  BOOST_TEST(minimal.threads == 2U);
  BOOST_TEST(minimal.preemptions == 1U);
  BOOST_TEST(minimal.minimal_note == "minimal: needs 1 preemption");
  BOOST_TEST(action_total(minimal.script) == 2U);  // a spawn and a close, of the root
  BOOST_TEST_MESSAGE(to_line(minimal.script));
}

BOOST_AUTO_TEST_CASE(minimiser_reaches_the_plainest_leak_policy) {
  Script script = noisy;
  script.leaks = {LeakResponse::Recover, 2, LeakResponse::Panic};
  const Variant variant = twins::bad(Fault::ChecksThenInserts);
  const Failure minimal = minimise(found(variant, script, Strategy::RandomWalk), variant);
  BOOST_TEST((minimal.script.leaks == LeakPolicy{}));
}

BOOST_AUTO_TEST_CASE(nothing_single_can_be_dropped_from_a_minimal_script) {
  const Variant variant = twins::bad(Fault::ChecksThenInserts);
  const Failure minimal = minimise(found(variant, noisy, Strategy::Pct), variant);
  const Candidate candidate = candidate_of(minimal.script);
  for (const ItemId item : items_of(candidate)) {
    const Script smaller = script_of(without(candidate, {item}));
    BOOST_TEST(!some_schedule_fails(variant, smaller, minimal.signature()));
  }
  BOOST_TEST(some_schedule_fails(variant, minimal.script, minimal.signature()));
}

BOOST_AUTO_TEST_CASE(nearest_passing_schedule_passes) {
  const Variant variant = twins::bad(Fault::ChecksThenInserts);
  const Failure minimal = minimise(found(variant, noisy, Strategy::RandomWalk), variant);
  BOOST_TEST_REQUIRE(minimal.nearest_passing.has_value());
  BOOST_TEST(minimal.nearest_passing_note != "");
  ScriptChecker checker{variant};
  checker.load(minimal.script);
  BOOST_TEST(!checker.replay(*minimal.nearest_passing).failure);
  BOOST_TEST(checker.replay(minimal.decisions).failure.has_value());
}

BOOST_AUTO_TEST_CASE(a_fault_that_needs_no_second_thread_loses_it) {
  const Variant variant = twins::bad(Fault::SaysChanged);
  const Script script =
      parse_script_line(
          "[spawn(t1,r0);start(t1)|cancel_task(t1,User);poll(t1)|cancel_task(t1,User)|poll(t1)]")
          .script;
  const Failure minimal = minimise(found(variant, script, Strategy::RandomWalk), variant);
  BOOST_TEST(minimal.threads == 0U);
  BOOST_TEST(minimal.script.branches.empty());
  BOOST_TEST(to_line(minimal.script) == "[spawn(t1,r0);cancel_task(t1,User);cancel_task(t1,User)]");
  BOOST_TEST(minimal.minimal_note == "minimal: one thread is enough");
}

BOOST_AUTO_TEST_CASE(a_sequential_failure_is_minimised) {
  const Variant variant = twins::bad(Fault::CountsPending);
  const Script script = parse_script_line(
                            "[start(t9);spawn(t4,r0,polls "
                            "2);start(t4);reserve(o2,t4,r0,Lease);poll(t4);commit(o2,t4);"
                            "return(t4,Err)]")
                            .script;
  const Failure minimal = minimise(found(variant, script, Strategy::Sequential), variant);
  BOOST_TEST(to_line(minimal.script) ==
             "[spawn(t1,r0);reserve(o1,t1,r0,SendPermit);commit(o1,t1)]");
}

BOOST_AUTO_TEST_CASE(minimiser_is_deterministic) {
  const Variant variant = twins::bad(Fault::ChecksThenInserts);
  const Failure failure = found(variant, noisy, Strategy::Pos);
  const Failure once = minimise(failure, variant);
  const Failure again = minimise(failure, variant);
  BOOST_TEST((once.script == again.script));
  BOOST_TEST((once.decisions == again.decisions));
  BOOST_TEST(once.sentence == again.sentence);
}

BOOST_AUTO_TEST_CASE(proof_that_was_cut_short_claims_nothing) {
  const Variant variant = twins::bad(Fault::ChecksThenInserts);
  MinimiseOptions options;
  options.proof_schedules = 1;
  const Failure minimal = minimise(found(variant, noisy, Strategy::RandomWalk), variant, options);
  BOOST_TEST(minimal.minimised);
  BOOST_TEST(minimal.minimal_note == "");
}

BOOST_AUTO_TEST_CASE(candidates_keep_the_identity_of_actions) {
  const Candidate candidate = candidate_of(noisy);
  BOOST_TEST((script_of(candidate) == noisy));
  BOOST_TEST(items_of(candidate).size() == action_total(noisy));
  const Candidate smaller = without(candidate, {0, 4, 5, 6});
  BOOST_TEST(smaller.branches.size() == 2U);
  BOOST_TEST(script_of(smaller).prefix.size() == 3U);
  const Candidate named = renumbered(candidate_of(
      parse_script_line("[open_region(r9,r0)|spawn(t8,r9)|spawn(t3,r0);join(t3,t8)]").script));
  BOOST_TEST(to_line(script_of(named)) ==
             "[open_region(r1,r0)|spawn(t1,r1)|spawn(t2,r0);join(t2,t1)]");
}

BOOST_AUTO_TEST_SUITE_END()
