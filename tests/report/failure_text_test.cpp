// The text of a counterexample is a tested output: a change shows up here first.
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

#include "models/report/check_report.hpp"
#include "models/report/failure_text.hpp"

using namespace quiesce;
using namespace quiesce::report;

namespace {

refine::Failure late_spawn() {
  refine::Failure failure;
  failure.kind = refine::FailureKind::AnswerDiffers;
  failure.id = "refine.answer";
  failure.sentence = "spawn(t1, r0) answered Done after region r0 left Open";
  failure.mismatch =
      refine::Mismatch{1, 0, Spawn{TaskName{1}, RegionName{0}}, refused(Guard::RegionOpen), done()};
  failure.variant = "sharded";
  failure.strategy = refine::Strategy::RandomWalk;
  failure.seed = 42;
  failure.script_index = 6;
  failure.execution_index = 11;
  failure.threads = 2;
  failure.preemptions = 1;
  failure.script.prefix = {Spawn{TaskName{0}, RegionName{0}}};
  failure.minimal_note = "minimal: needs 1 preemption";
  failure.nearest_passing_note = "the switch at decision 1 comes one step earlier";
  return failure;
}

refine::TracedRun late_spawn_run() {
  refine::TracedRun run;
  run.titles = {"main", "T1 spawn(t1, r0) -> Done", "T2 close_region(r0, Await) -> Done"};
  run.rows = {
      {0, "lock Regions", "", 0, {}},
      {1, "lock Regions", "", 0, {}},
      {1, "r0.phase is Open", "", 1, {}},
      {1, "unlock Regions", "", 0, {}},
      {2, "lock Regions", "preempted", 0, {}},
      {2, "unlock Regions", "", 0, {"r0 Open -> Closing"}},
      {1, "lock Tasks", "finished", 0, {}},
      {1, "unlock Tasks", "", 0, {"t1 new, Created", "r0 tasks t0 -> t0 t1"}},
  };
  run.failed_again = true;
  return run;
}

const std::string golden =
    R"(FAIL refine.answer: spawn(t1, r0) answered Done after region r0 left Open
variant sharded   2 threads, 1 preemption   seed 42, script 6, execution 11, found by random_walk
minimal: needs 1 preemption

before: spawn(t0, r0)
 #  | T1 spawn(t1, r0) -> Done | T2 close_region(r0, Await) -> Done | changed
 1  | lock Regions             |                                    |
 2  |   r0.phase is Open       |                                    |
 3  | unlock Regions           |                                    |
 4  | switch: preempted        | lock Regions                       |
 5  |                          | unlock Regions                     | r0 Open -> Closing
 6  | lock Tasks               | switch: finished                   |
 7  | unlock Tasks             |                                    | t1 new, Created
    |                          |                                    | r0 tasks t0 -> t0 t1

specification: spawn(t1, r0): the specification answers Refused{RegionOpen}, the implementation answered Done
nearest passing run: the switch at decision 1 comes one step earlier
replay: ./quiesce replay 'q1:line'
)";

}  // namespace

BOOST_AUTO_TEST_SUITE(failure_texts)

BOOST_AUTO_TEST_CASE(a_counterexample_is_printed_in_columns) {
  BOOST_TEST(failure_text(late_spawn(), late_spawn_run(), "q1:line") == golden);
}

BOOST_AUTO_TEST_CASE(a_sequential_counterexample_has_one_column) {
  refine::TracedRun run;
  run.titles = {"main"};
  run.rows = {{0, "start(t1)", "", 0, {}}, {0, "-> Done", "", 0, {"t1 Created -> Running"}}};
  BOOST_TEST(columns_text(run) ==
             " #  | main      | changed\n"
             " 1  | start(t1) |\n"
             " 2  | -> Done   | t1 Created -> Running\n");
}

BOOST_AUTO_TEST_CASE(a_sequential_counterexample_has_a_row_an_action) {
  refine::Failure failure = late_spawn();
  failure.kind = refine::FailureKind::StateDiffers;
  refine::TracedRun run;
  run.titles = {"main"};
  run.rows = {
      {0, "lock Regions", "", 0, {}},   {0, "start(t1)", "", 0, {}},
      {0, "lock Tasks", "", 1, {}},     {0, "unlock Tasks", "", 1, {"t1 Created -> Running"}},
      {0, "-> Done", "", 0, {}},        {0, "lock Regions", "", 0, {}},
      {0, "commit(o1, t1)", "", 0, {}}, {0, "lock Obligations", "", 1, {}}};
  const std::string folded = failure_text(failure, run, "q1:line");
  BOOST_TEST(folded.find(" 1  | start(t1) -> Done | t1 Created -> Running\n 2  | commit(o1, t1)") !=
             std::string::npos);
  BOOST_TEST(folded.find("lock") == std::string::npos);
  failure.kind = refine::FailureKind::ExecutionEnded;
  BOOST_TEST(failure_text(failure, run, "q1:line").find(" 3  |   lock Obligations") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(wide_cells_go_on_below) {
  refine::TracedRun run = late_spawn_run();
  run.rows[1].text = "one two three four five six seven eight nine ten eleven";
  const std::string text = columns_text(run);
  BOOST_TEST(text.find(" 1  | one two three four five six seven eight nine |") !=
             std::string::npos);
  BOOST_TEST(text.find("    |   ten eleven") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(json_holds_the_same_content) {
  refine::CampaignResult result;
  result.verdict = refine::Verdict::Violation;
  result.failure = late_spawn();
  result.totals = refine::no_totals();
  const CheckContext context{nullptr, 42, "0123456789ab", {{"impl", "sharded"}}};
  const std::string text = check_json(context, result, Counterexample{late_spawn_run(), "q1:line"});
  const boost::json::value report = boost::json::parse(text);
  BOOST_TEST(report.at("verdict").as_string() == "violation");
  BOOST_TEST(report.at("failure").at("id").as_string() == "refine.answer");
  BOOST_TEST(report.at("failure").at("replay").as_string() == "./quiesce replay 'q1:line'");
  BOOST_TEST(report.at("failure").at("trace").as_array().size() == 8U);
  BOOST_TEST(report.at("failure").at("trace").at(4).at("switch").as_string() == "preempted");
  BOOST_TEST(report.at("invariants").as_array().size() == result.totals.witnesses.size());
  BOOST_TEST(text.find("\n  \"timing\": {") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(only_the_member_timing_holds_times) {
  refine::CampaignResult result;
  result.totals = refine::no_totals();
  const CheckContext context{nullptr, 1, "0123456789ab", {}};
  result.seconds = 1.5;
  const auto first = boost::json::parse(check_json(context, result, std::nullopt));
  result.seconds = 2.5;
  result.minimising_seconds = 0.25;
  const auto second = boost::json::parse(check_json(context, result, std::nullopt));
  for (const auto& member : first.as_object()) {
    const bool same = member.value() == second.at(member.key());
    BOOST_TEST(same == (member.key() != "timing"), std::string(member.key()));
  }
}

BOOST_AUTO_TEST_CASE(junit_has_a_case_for_each_invariant_and_one_for_the_whole) {
  refine::CampaignResult result;
  result.verdict = refine::Verdict::Violation;
  result.failure = late_spawn();
  result.totals = refine::no_totals();
  const CheckContext context{nullptr, 42, "0123456789ab", {}};
  const std::string text =
      check_junit(context, result, Counterexample{late_spawn_run(), "q1:line"});
  std::size_t cases = 0;
  for (std::size_t at = 0; (at = text.find("<testcase", at)) != std::string::npos; ++at) ++cases;
  BOOST_TEST(cases == result.totals.witnesses.size() + 1);
  BOOST_TEST(text.find("failures=\"1\"") != std::string::npos);
  BOOST_TEST(text.find("r0 Open -&gt; Closing") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
