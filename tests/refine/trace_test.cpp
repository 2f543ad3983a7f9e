#include <boost/test/unit_test.hpp>

#include "models/refine/checker.hpp"
#include "models/refine/minimise.hpp"
#include "spec/step.hpp"
#include "tests/refine/twins.hpp"

using namespace quiesce;
using namespace quiesce::refine;

BOOST_AUTO_TEST_SUITE(trace_of_failures)

namespace {

Failure race(const Variant& variant) {
  ScriptChecker checker{variant};
  checker.load(parse_script_line("[|spawn(t1,r0)|close_region(r0,Await)]").script);
  const Checked checked = checker.run(Strategy::Exhaustive, 0, 1'000);
  BOOST_TEST_REQUIRE(checked.failure.has_value());
  return minimise(*checked.failure, variant);
}

std::string text(const TraceRow& row) {
  std::string line = std::to_string(row.part) + "|" + std::string(2 * row.depth, ' ') + row.text;
  if (!row.switched.empty()) line += "|" + row.switched;
  for (const std::string& change : row.changed) line += "|" + change;
  return line;
}

Snapshot after(const std::vector<Action>& actions) {
  spec::State state = spec::initial();
  for (const Action& action : actions) state = spec::step(std::move(state), action).after;
  return twins::snapshot_of(state);
}

}  // namespace

BOOST_AUTO_TEST_CASE(trace_shows_each_visible_operation_in_its_column) {
  const Variant variant = twins::bad(twins::Fault::ChecksThenInserts);
  const TracedRun run = trace(race(variant), variant);
  BOOST_TEST(run.failed_again);
  BOOST_TEST(run.divergence == "");
  const std::vector<std::string> titles{"main", "T1 spawn(t1, r0)", "T2 close_region(r0, Await)"};
  BOOST_TEST(run.titles == titles, boost::test_tools::per_element());
  std::vector<std::string> rows;
  for (const TraceRow& row : run.rows) rows.push_back(text(row));
  const std::vector<std::string> expected{"1|spawn(t1, r0)",
                                          "2|close_region(r0, Await)",
                                          "1|  lock Outer",
                                          "1|  unlock Outer",
                                          "2|  lock Outer|preempted",
                                          "2|    lock Inner",
                                          "2|    unlock Inner|r0 Open -> Closed",
                                          "2|  unlock Outer",
                                          "2|-> Done",
                                          "1|  lock Outer|finished",
                                          "1|  unlock Outer|t1 new, Created",
                                          "1|-> Done"};
  BOOST_TEST(rows == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(trace_of_one_thread_shows_the_operation_that_ended_it) {
  const Variant variant = twins::bad(twins::Fault::SwapsLocks);
  ScriptChecker checker{variant};
  checker.load(parse_script_line("[checkpoint(t1)]").script);
  const Checked checked = checker.run(Strategy::Sequential, 0, 1);
  BOOST_TEST_REQUIRE(checked.failure.has_value());
  const TracedRun run = trace(*checked.failure, variant);
  BOOST_TEST(run.failed_again);
  std::vector<std::string> rows;
  for (const TraceRow& row : run.rows) rows.push_back(text(row));
  const std::vector<std::string> expected{"0|checkpoint(t1)", "0|  lock Inner"};
  BOOST_TEST(rows == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(changes_are_told_in_words) {
  const std::vector<Action> before{Spawn{{1}, root_region, {}}, Start{{1}},
                                   Reserve{{1}, {1}, root_region, ObligationKind::Ack}};
  std::vector<Action> later = before;
  later.insert(later.end(), {Commit{{1}, {1}}, Spawn{{2}, root_region, {}},
                             CancelTask{{2}, CancelKind::User}, AdvanceTime{4}});
  const std::vector<std::string> expected{"r0.pending 1 -> 0", "r0.tasks +t2",
                                          "t2 new, CancelRequested", "o1 Reserved -> Committed",
                                          "now 0 -> 4"};
  BOOST_TEST(changes(after(before), after(later)) == expected, boost::test_tools::per_element());
  BOOST_TEST(changes(after(before), after(before)).empty());
  std::vector<Action> ended = before;
  ended.insert(ended.end(), {Return{{1}, OutcomeKind::Err, CancelKind::User}});
  const std::vector<std::string> completion{"r0.outcome Ok -> Err", "r0.pending 1 -> 0",
                                            "r0.tasks -t1", "t1 Running -> Completed(Err)",
                                            "o1 Reserved -> Leaked"};
  BOOST_TEST(changes(after(before), after(ended)) == completion, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
