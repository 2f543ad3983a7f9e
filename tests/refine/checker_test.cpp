#include "models/refine/checker.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "models/refine/generator.hpp"
#include "tests/refine/twins.hpp"

using namespace quiesce;
using namespace quiesce::refine;
using twins::Fault;

BOOST_AUTO_TEST_SUITE(checker)

namespace {

const Script spawn_against_close =
    parse_script_line("[open_region(r1,r0)|spawn(t1,r1)|close_region(r1,Await)]").script;

std::optional<Failure> first_failure(const Variant& variant, const Script& script,
                                     Strategy strategy, std::uint64_t executions = 300) {
  ScriptChecker checker{variant};
  checker.load(script);
  return checker.run(strategy, 0, executions).failure;
}

using Ids = std::set<std::string>;

/// The ids of the failures of a variant on generated scripts.
Ids failures_of(const Variant& variant) {
  std::set<std::string> ids;
  ScriptChecker checker{variant};
  for (std::uint64_t i = 0; i < 150; ++i) {
    checker.load(i % 2 == 0 ? generate_script(1, i) : generate_sequence(1, i, 20), i);
    const Strategy strategy = i % 2 == 0 ? Strategy::Pct : Strategy::Sequential;
    const Checked checked = checker.run(strategy, 0, 20);
    BOOST_TEST(checked.nondeterminism == "");
    if (checked.failure) ids.insert(checked.failure->id);
  }
  return ids;
}

}  // namespace

BOOST_AUTO_TEST_CASE(checker_accepts_the_good_twin_under_every_strategy) {
  BOOST_TEST(failures_of(twins::good()).empty());
  for (const Strategy strategy : selectable_strategies) {
    BOOST_TEST(!first_failure(twins::good(), spawn_against_close, strategy));
  }
}

BOOST_AUTO_TEST_CASE(checker_accepts_the_good_twin_without_tickets) {
  BOOST_TEST(failures_of(twins::ticketless()).empty());
}

BOOST_AUTO_TEST_CASE(checker_accepts_every_registered_variant) {
  BOOST_TEST(variants().size() >= 2U);
  BOOST_TEST(find_variant("sharded") != nullptr);
  BOOST_TEST(find_variant("one_lock") != nullptr);
  BOOST_TEST(find_variant("none such") == nullptr);
  for (const Variant& variant : variants()) {
    BOOST_TEST_CONTEXT(variant.name) {
      BOOST_TEST(failures_of(variant).empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(checker_finds_a_check_and_an_insert_in_two_critical_sections) {
  for (const Strategy strategy :
       {Strategy::RandomWalk, Strategy::Pct, Strategy::Pos, Strategy::Exhaustive}) {
    const auto failure =
        first_failure(twins::bad(Fault::ChecksThenInserts), spawn_against_close, strategy);
    BOOST_TEST_CONTEXT(to_text(strategy)) {
      BOOST_TEST_REQUIRE(failure.has_value());
      BOOST_TEST(failure->id.starts_with("inv."));
      BOOST_TEST(failure->sentence.find("t1") != std::string::npos);
      BOOST_TEST(failure->threads == 2U);
      BOOST_TEST(failure->preemptions >= 1U);
    }
  }
  BOOST_TEST(!first_failure(twins::bad(Fault::ChecksThenInserts), spawn_against_close,
                            Strategy::Sequential));
}

BOOST_AUTO_TEST_CASE(checker_finds_the_same_fault_without_tickets) {
  const auto failure =
      first_failure(twins::bad_ticketless(), spawn_against_close, Strategy::Exhaustive);
  BOOST_TEST(failure.has_value());
}

BOOST_AUTO_TEST_CASE(checker_finds_a_forgotten_unlink) {
  BOOST_TEST(!failures_of(twins::bad(Fault::ForgetsUnlink)).empty());
}

BOOST_AUTO_TEST_CASE(checker_finds_a_wrong_answer) {
  BOOST_TEST(failures_of(twins::bad(Fault::SaysChanged)).contains("refine.answer"));
}

BOOST_AUTO_TEST_CASE(checker_finds_a_wrong_state) {
  BOOST_TEST(failures_of(twins::bad(Fault::KeepsNow)).contains("refine.state"));
}

BOOST_AUTO_TEST_CASE(checker_finds_a_counter_that_disagrees_with_its_rows) {
  BOOST_TEST((failures_of(twins::bad(Fault::CountsPending)) == Ids{"refine.representation"}));
}

BOOST_AUTO_TEST_CASE(checker_finds_wakes_that_nobody_is_told) {
  BOOST_TEST((failures_of(twins::bad(Fault::ForgetsWakes)) == Ids{"refine.effects"}));
  const Script joined = parse_script_line(
                            "[spawn(t1,r0);start(t1);spawn(t2,r0);join(t2,t1)|poll(t1)|"
                            "return(t1,Err)]")
                            .script;
  CheckOptions search;
  search.search_linearization = true;
  ScriptChecker checker{twins::bad(Fault::ForgetsWakes), search};
  checker.load(joined);
  const Checked checked = checker.run(Strategy::Exhaustive, 0, 100);
  BOOST_TEST_REQUIRE(checked.failure.has_value());
  BOOST_TEST(checked.failure->id == "refine.effects");
  BOOST_TEST(checked.failure->sentence ==
             "return(t1, Err) leaves to be told in the specification: wake t2 for t1 Err; the "
             "implementation told: nothing");
}

BOOST_AUTO_TEST_CASE(checker_finds_tickets_out_of_the_order_of_commits) {
  const auto failure =
      first_failure(twins::bad(Fault::LateTicket), spawn_against_close, Strategy::Exhaustive);
  BOOST_TEST_REQUIRE(failure.has_value());
  BOOST_TEST(failure->mismatch.has_value());
}

BOOST_AUTO_TEST_CASE(checker_finds_locks_in_the_wrong_order) {
  BOOST_TEST(failures_of(twins::bad(Fault::SwapsLocks)).contains("run.lock_rank"));
}

BOOST_AUTO_TEST_CASE(checker_finds_uncontrolled_nondeterminism) {
  ScriptChecker checker{twins::bad(Fault::Remembers)};
  checker.load(parse_script_line("[start(t1)]").script);
  Checked checked = checker.run(Strategy::RandomWalk, 0, 1);
  if (checked.failure) checked = checker.run(Strategy::RandomWalk, 0, 1);  // it depends on parity
  BOOST_TEST(!checked.failure);
  BOOST_TEST(checked.nondeterminism != "");
}

BOOST_AUTO_TEST_CASE(execution_is_a_function_of_its_index) {
  const Variant variant = twins::bad(Fault::ChecksThenInserts);
  for (const Strategy strategy : {Strategy::RandomWalk, Strategy::Pct, Strategy::Pos}) {
    const auto all = first_failure(variant, spawn_against_close, strategy);
    BOOST_TEST_REQUIRE(all.has_value());
    ScriptChecker checker{variant};
    checker.load(spawn_against_close);
    const Checked alone = checker.run(strategy, all->execution_index, 1);
    BOOST_TEST_REQUIRE(alone.failure.has_value());
    BOOST_TEST((alone.failure->decisions == all->decisions));
  }
}

BOOST_AUTO_TEST_CASE(replay_shows_the_same_failure) {
  const Variant variant = twins::bad(Fault::ChecksThenInserts);
  const auto failure = first_failure(variant, spawn_against_close, Strategy::Pct);
  BOOST_TEST_REQUIRE(failure.has_value());
  ScriptChecker checker{variant};
  checker.load(failure->script);
  const Checked again = checker.replay(failure->decisions);
  BOOST_TEST_REQUIRE(again.failure.has_value());
  BOOST_TEST((again.failure->signature() == failure->signature()));
  BOOST_TEST(again.divergence == "");
  interleave::Decisions wrong = failure->decisions;
  wrong.picks.insert(wrong.picks.begin(), 7);
  BOOST_TEST(checker.replay(wrong).divergence != "");
}

BOOST_AUTO_TEST_CASE(every_part_of_a_script_is_run_under_every_strategy) {
  const Script script =
      parse_script_line("[spawn(t1,r0)|start(t1);poll(t1)|poll(t1)|spawn(t2,r0)>start(t2)]").script;
  for (const Strategy strategy : selectable_strategies) {
    ScriptChecker checker{*find_variant("sharded")};
    checker.set_repeat_first(false);
    checker.load(script);
    BOOST_TEST(!checker.run(strategy, 0, 1).failure);
    BOOST_TEST_CONTEXT(to_text(strategy)) {
      BOOST_TEST(checker.take_totals().operations == action_total(script));
    }
  }
}

BOOST_AUTO_TEST_CASE(exhaustive_search_says_when_it_is_finished) {
  ScriptChecker checker{*find_variant("sharded")};
  checker.load(parse_script_line("[|spawn(t1,r0);start(t1)|spawn(t2,r0);start(t2)]").script);
  const Checked part = checker.run(Strategy::Exhaustive, 0, 3);
  BOOST_TEST(part.executions == 3U);
  BOOST_TEST(!part.exhausted);
  const Checked rest = checker.run(Strategy::Exhaustive, 0, 100'000);
  BOOST_TEST(rest.exhausted);
  BOOST_TEST(checker.run(Strategy::Exhaustive, 0, 5).executions == 0U);
  const Totals totals = checker.take_totals();
  BOOST_TEST(totals.exhausted_scripts == 1U);
  BOOST_TEST(totals.interleavings == part.executions + rest.executions);
  BOOST_TEST(totals.distinct_schedules <= totals.interleavings);
  BOOST_TEST(totals.spec_states > 3U);
}

BOOST_AUTO_TEST_CASE(a_name_that_another_branch_creates_may_be_met_before_and_after) {
  ScriptChecker checker{*find_variant("sharded")};
  checker.load(parse_script_line("[|spawn(t1,r0)|start(t1)]").script);
  BOOST_TEST(!checker.run(Strategy::Exhaustive, 0, 1'000).failure);
  const Totals totals = checker.take_totals();
  const std::size_t start = Action{Start{}}.index();
  BOOST_TEST(totals.coverage.at(start, answer_class_index(done())) > 0U);
  BOOST_TEST(totals.coverage.at(start, answer_class_index(refused(Guard::TaskExists))) > 0U);
}

BOOST_AUTO_TEST_SUITE_END()
