// Progress of the bounded machine: what holds, what each assumption is for, and what a fault shows.
#include "models/explore/progress_house.hpp"

#include <boost/test/unit_test.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "models/explore/progress_check.hpp"
#include "models/explore/search.hpp"

namespace quiesce::explore {
namespace {

constexpr HouseBounds small{.finalizers = 1, .small_step = true};
constexpr HouseBounds settled{.tasks = 2, .policies = 2};
constexpr HouseBounds timed{.time = 2};
constexpr HouseBounds polled{.tasks = 1, .small_step = true, .quota = 1};
constexpr HouseBounds joined{.finalizers = 1, .joins = 1};
constexpr HouseBounds limited{.regions = 3, .limits = 1};

const ProgressRow& row_of(const ProgressReport& report, std::string_view id) {
  for (const ProgressRow& row : report.properties) {
    if (row.id == id) return row;
  }
  BOOST_FAIL("no such property");
  return report.properties.front();
}

std::set<std::string> failed_ids(const ProgressReport& report) {
  std::set<std::string> ids;
  for (const Violation& failure : report.failures()) ids.insert(failure.id);
  return ids;
}

const std::string cancelled = "progress.cancelled_task_completes";
const std::string closing = "progress.closing_region_closes";
const std::string reserved = "progress.reserved_obligation_resolves";
using Ids = std::set<std::string>;

ProgressReport checked(const HouseBounds& bounds, const ProgressOptions& options = {}) {
  const HouseMachine machine(bounds);
  return check_progress(HouseProgress<4>(machine), options);
}

/// The machine with a fault: a step for which `Fault` holds does not happen, or changes nothing.
class Faulty : public HouseProgress<4> {
 public:
  enum class Instead { Nothing, NoStep };
  using Fault = std::function<bool(std::string_view step, const std::string& before)>;

  Faulty(const HouseMachine& machine, Instead instead, Fault fault)
      : HouseProgress<4>(machine), instead_(instead), fault_(std::move(fault)) {}

  template <class Sink>
  void labelled_successors(const State& state, Sink&& sink) const {
    const std::string before = this->state_text(state);
    HouseProgress<4>::labelled_successors(
        state, [&](std::size_t action, const State& next, const StepLabel& label) {
          if (!fault_(this->step_text(state, action, next), before))
            return sink(action, next, label);
          if (instead_ == Instead::Nothing) sink(action, state, label);
        });
  }

 private:
  Instead instead_;
  Fault fault_;
};

BOOST_AUTO_TEST_SUITE(progress_house)

BOOST_AUTO_TEST_CASE(everything_that_waits_comes_to_its_end_in_small_steps) {
  const ProgressReport report = checked(small);
  BOOST_TEST(report.is_complete);
  BOOST_TEST(failed_ids(report) == Ids{});
  for (const ProgressRow& row : report.properties) {
    BOOST_TEST(row.pending_states > 0U, row.id);
    BOOST_TEST(row.instances > 0U, row.id);
  }
  BOOST_TEST(report.bounds.front().is_tight());
  BOOST_TEST(report.measure->steps > 10'000U);
}

BOOST_AUTO_TEST_CASE(everything_that_waits_comes_to_its_end_in_settled_steps) {
  const ProgressReport report = checked(settled);
  BOOST_TEST(failed_ids(report) == Ids{});
  for (const ProgressRow& row : report.properties) BOOST_TEST(row.pending_states > 0U, row.id);
}

BOOST_AUTO_TEST_CASE(everything_that_waits_comes_to_its_end_beside_time_quotas_joins_and_limits) {
  for (const HouseBounds& bounds : {timed, polled, joined, limited}) {
    const ProgressReport report = checked(bounds);
    BOOST_TEST(report.is_complete);
    BOOST_TEST(failed_ids(report) == Ids{});
    for (const ProgressRow& row : report.properties) BOOST_TEST(row.pending_states > 0U, row.id);
    BOOST_TEST(failed_ids(checked(bounds, {.unfair = {"observe"}})) ==
               (Ids{cancelled, closing, reserved}));
  }
}

BOOST_AUTO_TEST_CASE(the_graph_has_the_states_of_the_search) {
  for (const HouseBounds& bounds : {small, settled, timed, polled, joined, limited}) {
    const HouseMachine machine(bounds);
    const SearchResult result = search(House<4>(machine), {});
    BOOST_TEST(checked(bounds).states == result.distinct_states);
  }
}

BOOST_AUTO_TEST_CASE(each_assumption_is_needed_by_exactly_the_properties_that_name_it) {
  const std::map<std::string, Ids> needed_by{{"start", {closing, reserved}},
                                             {"observe", {cancelled, closing, reserved}},
                                             {"unwind", {cancelled, closing, reserved}},
                                             {"finish", {closing, reserved}},
                                             {"settle", {closing}},
                                             {"scope", {closing}}};
  for (const auto& [kind, ids] : needed_by) {
    const ProgressReport report = checked(small, {.unfair = {kind}});
    BOOST_TEST(failed_ids(report) == ids, kind);
    for (const Violation& failure : report.failures()) {
      BOOST_TEST(failure.loop.has_value(), kind);
      BOOST_TEST(!failure.notes.empty(), kind);
    }
  }
}

BOOST_AUTO_TEST_CASE(no_internal_rule_is_assumed_where_they_run_at_once) {
  HouseBounds bounds = small;
  bounds.small_step = false;
  BOOST_TEST(failed_ids(checked(bounds, {.unfair = {"settle"}})) == Ids{});
}

BOOST_AUTO_TEST_CASE(a_lasso_names_the_class_that_would_end_it) {
  const ProgressReport report = checked(small, {.unfair = {"scope"}});
  const Violation& lasso = *row_of(report, closing).broken;
  BOOST_TEST(lasso.facts == "r0 waits for ever");
  BOOST_TEST_REQUIRE(lasso.trace.size() == 3U);
  BOOST_TEST(lasso.trace[1].step == "open_region(r1, r0)");
  BOOST_TEST(lasso.trace[2].step == "close_region(r0, Await)");
  BOOST_TEST(*lasso.loop == 2U);
  BOOST_TEST(lasso.notes.front() == "scope(r1) could be taken all along and never is: not assumed");
}

BOOST_AUTO_TEST_CASE(fairness_of_everything_together_is_too_weak) {
  // Another task enters and leaves its mask for ever: something happens all the time, but not to
  // the task that waits.
  const ProgressReport report = checked(settled, {.together = true});
  BOOST_TEST(failed_ids(report) == (Ids{cancelled, closing, reserved}));
  const Violation& lasso = *row_of(report, cancelled).broken;
  const std::size_t loop = *lasso.loop;
  BOOST_TEST_REQUIRE(lasso.trace.size() == loop + 3);
  const std::string first = lasso.trace[loop + 1].step;
  BOOST_TEST((first.starts_with("enter_mask") || first.starts_with("leave_mask")));
  BOOST_TEST(lasso.trace[loop].state == lasso.trace.back().state);
  BOOST_TEST(lasso.notes.front() == "something is taken at " + std::to_string(loop + 1));
}

BOOST_AUTO_TEST_CASE(checker_finds_a_checkpoint_that_does_not_spend_the_mask) {
  const HouseMachine machine(small);
  const Faulty faulty(machine, Faulty::Instead::Nothing,
                      [](std::string_view step, const std::string& before) {
                        return step == "checkpoint(t0)" &&
                               before.find("t0 CancelRequested in r0 mask 1") != std::string::npos;
                      });
  const ProgressReport report = check_progress(faulty, {});
  BOOST_TEST(failed_ids(report) ==
             (Ids{cancelled, closing, reserved, "progress.acknowledged_within_mask"}));
  BOOST_TEST(report.bounds.front().broken->facts == "t0 does it without end where 2 are allowed");
}

BOOST_AUTO_TEST_CASE(checker_finds_a_parent_that_is_never_finalized) {
  const HouseMachine machine(small);
  const Faulty faulty(machine, Faulty::Instead::NoStep,
                      [](std::string_view step, const std::string& before) {
                        return step == "finalize" && before.starts_with("r0 Draining") &&
                               before.find("r1 Closed") != std::string::npos;
                      });
  const ProgressReport report = check_progress(faulty, {});
  BOOST_TEST(failed_ids(report) == (Ids{closing}));
}

/// The last step that breaks the machine's measure, if this one is taken for it.
std::string broken_by(HouseWaits::Measure measure) {
  const HouseMachine machine(small);
  const auto report = check_progress(HouseProgress<4>(machine, measure), {});
  if (!report.measure->broken) return "nothing";
  BOOST_TEST(failed_ids(report) == (Ids{"progress.potential"}));
  return report.measure->broken->trace.back().step;
}

BOOST_AUTO_TEST_CASE(checker_finds_a_potential_that_leaves_something_out) {
  BOOST_TEST(broken_by(spec::potential) == "nothing");
  // As facts section 19 has it: finalizers that wait are counted last, and their start brings in
  // the steps of a task.
  BOOST_TEST(broken_by([](const spec::State& state) {
               spec::Potential sum = spec::potential(state);
               sum.task_steps -= 6 * sum.finalizers;
               return sum;
             }) == "start_finalizer");
  BOOST_TEST(broken_by([](const spec::State& state) {
               spec::Potential sum = spec::potential(state);
               sum.ladder_steps = 0;
               return sum;
             }) == "finalize");
  BOOST_TEST(broken_by([](const spec::State& state) {
               spec::Potential sum = spec::potential(state);
               sum.task_steps = 0;
               return sum;
             }) == "start(t0)");
}

BOOST_AUTO_TEST_CASE(acknowledgement_takes_mask_plus_one_checkpoints_and_no_fewer) {
  for (std::uint32_t mask = 0; mask <= HouseBounds::most_mask; ++mask) {
    const ProgressReport report =
        checked({.regions = 1, .tasks = 1, .obligations = 0, .mask = mask, .kinds = 2});
    const BoundRow& bound = report.bounds.front();
    BOOST_TEST_REQUIRE(bound.most.size() == mask + 1);
    for (std::uint32_t units = 0; units <= mask; ++units) {
      BOOST_TEST(bound.most[units].allowed == units + 1);
      BOOST_TEST(bound.most[units].taken == units + 1);
      BOOST_TEST(bound.most[units].begins > 0U);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_premise_that_is_never_met_is_said) {
  const ProgressReport report = checked({.regions = 1, .tasks = 1, .obligations = 0});
  BOOST_TEST(row_of(report, reserved).pending_states == 0U);
  BOOST_TEST(text_of(report).find("reserved_obligation_resolves    never pending") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_graph_over_the_ceiling_is_not_judged) {
  const ProgressReport report = checked(settled, {.memory_ceiling_bytes = 1 << 20});
  BOOST_TEST(!report.is_complete);
  BOOST_TEST(report.properties.empty());
  BOOST_TEST(report.memory_bytes > std::uint64_t{1} << 20);
}

BOOST_AUTO_TEST_CASE(a_check_stops_when_it_is_asked_to) {
  const ProgressReport report = checked(settled, {.stop_requested = [] { return true; }});
  BOOST_TEST(!report.is_complete);
  BOOST_TEST(report.was_stopped);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace quiesce::explore
