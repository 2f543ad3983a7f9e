// Coverage of the generated scripts: our own table of actions and answers. It fails if a row that
// semantics.md makes possible stays empty, or if a row appears that it does not.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/refine/coverage.hpp"
#include "models/refine/generator.hpp"
#include "spec/invariants.hpp"
#include "spec/step.hpp"

using namespace quiesce;

namespace {

/// The rows of the table of external actions, written out by hand: guards, then answers.
const std::vector<std::string> expected_rows{
    "open_region: Refused{RegionExists}",
    "open_region: Refused{RegionOpen}",
    "open_region: Refused{WithinLimit}",
    "open_region: Done",
    "close_region: Refused{RegionExists}",
    "close_region: Refused{RegionOpen}",
    "close_region: Done",
    "cancel_region: Refused{RegionExists}",
    "cancel_region: Refused{RegionNotClosed}",
    "cancel_region: Done{changed}",
    "cancel_region: Done{unchanged}",
    "defer_finalizer: Refused{RegionExists}",
    "defer_finalizer: Refused{RegionOpen}",
    "defer_finalizer: Done",
    "spawn: Refused{RegionExists}",
    "spawn: Refused{RegionOpen}",
    "spawn: Refused{WithinLimit}",
    "spawn: Done",
    "start: Refused{TaskExists}",
    "start: Refused{TaskCreated}",
    "start: Done",
    "poll: Refused{TaskExists}",
    "poll: Refused{TaskStarted}",
    "poll: Refused{TaskLive}",
    "poll: Done{PollGranted}",
    "poll: Done{PollExhausted}",
    "checkpoint: Refused{TaskExists}",
    "checkpoint: Refused{TaskStarted}",
    "checkpoint: Refused{TaskLive}",
    "checkpoint: Done{Continue}",
    "checkpoint: Done{Cancelled}",
    "checkpoint: Done{CancelPending}",
    "enter_mask: Refused{TaskExists}",
    "enter_mask: Refused{TaskIsBody}",
    "enter_mask: Refused{TaskRunning}",
    "enter_mask: Refused{NotMasked}",
    "enter_mask: Refused{WithinMaskBound}",
    "enter_mask: Done",
    "leave_mask: Refused{TaskExists}",
    "leave_mask: Refused{TaskLive}",
    "leave_mask: Refused{TaskMasked}",
    "leave_mask: Done",
    "cleanup_done: Refused{TaskExists}",
    "cleanup_done: Refused{TaskCancelling}",
    "cleanup_done: Done",
    "return: Refused{TaskExists}",
    "return: Refused{TaskStarted}",
    "return: Refused{TaskLive}",
    "return: Done{Completed(Ok)}",
    "return: Done{Completed(Err)}",
    "return: Done{Completed(Cancelled)}",
    "return: Done{Completed(Panicked)}",
    "return: Done{LeakPanic}",
    "cancel_task: Refused{TaskExists}",
    "cancel_task: Refused{TaskLive}",
    "cancel_task: Refused{TaskIsBody}",
    "cancel_task: Done{changed}",
    "cancel_task: Done{unchanged}",
    "join: Refused{TaskExists}",
    "join: Refused{JoinerLive}",
    "join: Refused{NotSelf}",
    "join: Done{Registered}",
    "join: Done{Ready}",
    "reserve: Refused{RegionExists}",
    "reserve: Refused{TaskExists}",
    "reserve: Refused{TaskOwnedByRegion}",
    "reserve: Refused{TaskLive}",
    "reserve: Refused{RegionOpen}",
    "reserve: Refused{WithinLimit}",
    "reserve: Done",
    "commit: Refused{ObligationExists}",
    "commit: Refused{ActorIsHolder}",
    "commit: Refused{RegionNotClosed}",
    "commit: Refused{ObligationReserved}",
    "commit: Done",
    "abort: Refused{ObligationExists}",
    "abort: Refused{ActorIsHolder}",
    "abort: Refused{RegionNotClosed}",
    "abort: Refused{ObligationReserved}",
    "abort: Done",
    "advance_time: Refused{TimeNotBackwards}",
    "advance_time: Done",
};

/// The branches of a script one after the other: one of its interleavings.
std::vector<Action> flattened(const refine::Script& script) {
  std::vector<Action> actions;
  for (const auto& part : refine::parts(script)) {
    actions.insert(actions.end(), part.begin(), part.end());
  }
  return actions;
}

/// How often each row was met, and in how many states or steps each sentence of the catalogue was
/// interesting.
struct Table {
  std::map<std::string, std::uint64_t> rows;
  std::map<std::string_view, std::uint64_t> witnesses;

  void walk(const refine::Script& script) {
    spec::State state = spec::initial(script.leaks);
    for (const Action& action : flattened(script)) {
      const spec::Step next = spec::step(state, action);
      ++rows[std::string(action_verb(action.index())) + ": " + answer_class(next.answer)];
      for (const spec::Invariant& invariant : spec::invariants()) {
        if (invariant.interesting(next.after)) ++witnesses[invariant.id];
      }
      const spec::Transition transition{state, action, next.answer, next.after};
      for (const spec::StepProperty& property : spec::step_properties()) {
        if (property.interesting(transition)) ++witnesses[property.id];
      }
      state = next.after;
    }
  }

  [[nodiscard]] std::vector<std::string> empty_rows() const {
    std::vector<std::string> empty;
    for (const std::string& row : expected_rows) {
      if (!rows.contains(row)) empty.push_back(row);
    }
    return empty;
  }
  [[nodiscard]] std::vector<std::string> foreign_rows() const {
    std::vector<std::string> foreign;
    for (const auto& [row, count] : rows) {
      if (std::find(expected_rows.begin(), expected_rows.end(), row) == expected_rows.end()) {
        foreign.push_back(row);
      }
    }
    return foreign;
  }
};

constexpr std::uint64_t seed = 20260104;
const std::vector<std::string> none;

}  // namespace

BOOST_AUTO_TEST_SUITE(coverage)

BOOST_AUTO_TEST_CASE(generated_sequences_reach_every_row_and_no_other) {
  Table table;
  for (std::uint64_t i = 0; i < 600; ++i) {
    table.walk(refine::generate_sequence(seed, i, 30));
  }
  BOOST_TEST(table.empty_rows() == none, boost::test_tools::per_element());
  BOOST_TEST(table.foreign_rows() == none, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(generated_concurrent_scripts_reach_every_row_and_no_other) {
  Table table;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    table.walk(refine::generate_script(seed, i));
  }
  BOOST_TEST(table.empty_rows() == none, boost::test_tools::per_element());
  BOOST_TEST(table.foreign_rows() == none, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(generated_sequences_reach_the_interesting_case_of_every_sentence) {
  Table table;
  for (std::uint64_t i = 0; i < 600; ++i) {
    table.walk(refine::generate_sequence(seed, i, 30));
  }
  for (const spec::Invariant& invariant : spec::invariants()) {
    BOOST_TEST_CONTEXT(invariant.id) {
      BOOST_TEST(table.witnesses[invariant.id] > 0U);
    }
  }
  for (const spec::StepProperty& property : spec::step_properties()) {
    BOOST_TEST_CONTEXT(property.id) {
      BOOST_TEST(table.witnesses[property.id] > 0U);
    }
  }
}

BOOST_AUTO_TEST_CASE(checker_finds_a_row_that_stays_empty) {
  Table table;
  for (std::uint64_t i = 0; i < 600; ++i) {
    refine::Script script = refine::generate_sequence(seed, i, 30);
    std::erase_if(script.prefix, [](const Action& a) { return std::holds_alternative<Abort>(a); });
    table.walk(script);
  }
  const std::vector<std::string> spec_says{
      "abort: Refused{ObligationExists}", "abort: Refused{ActorIsHolder}",
      "abort: Refused{RegionNotClosed}", "abort: Refused{ObligationReserved}", "abort: Done"};
  BOOST_TEST(table.empty_rows() == spec_says, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(checker_finds_a_row_that_no_rule_allows) {
  Table table;
  ++table.rows["start: Refused{RegionOpen}"];
  BOOST_TEST(table.foreign_rows() == std::vector<std::string>{"start: Refused{RegionOpen}"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_table_of_the_campaigns_has_the_same_rows) {
  std::vector<std::string> impl_says;
  for (const refine::CoverageRow& row : refine::Coverage{}.rows()) {
    impl_says.push_back(std::string(action_verb(row.action_index)) + ": " +
                        refine::answer_class_text(row.class_index));
  }
  std::vector<std::string> spec_says = expected_rows;
  std::sort(impl_says.begin(), impl_says.end());
  std::sort(spec_says.begin(), spec_says.end());
  BOOST_TEST(impl_says == spec_says, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
