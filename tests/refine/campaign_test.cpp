#include "models/refine/campaign.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/refine/twins.hpp"

using namespace quiesce;
using namespace quiesce::refine;
using twins::Fault;

BOOST_AUTO_TEST_SUITE(campaign)

namespace {

CampaignOptions small(std::uint64_t executions, unsigned workers) {
  CampaignOptions options;
  options.seed = 5;
  options.executions = executions;
  options.workers = workers;
  options.executions_per_script = 60;
  return options;
}

/// Everything that must be a function of the options.
std::string fingerprint(const CampaignResult& result) {
  const Totals& t = result.totals;
  std::string text;
  const auto add = [&text](std::uint64_t number) { text += std::to_string(number) + " "; };
  for (const std::uint64_t number :
       {t.scripts, t.interleavings, t.distinct_schedules, t.operations, t.visible_steps,
        t.spec_states, t.spec_steps, t.linearizations_unknown, t.exhausted_scripts,
        t.repeated_executions}) {
    add(number);
  }
  for (const CoverageRow& row : t.coverage.rows()) add(row.count);
  for (const Witness& witness : t.witnesses) {
    add(witness.checked);
    add(witness.interesting);
  }
  for (const StrategyTotals& row : t.strategies) {
    add(row.scripts);
    add(row.executions);
    add(row.failures);
  }
  if (result.failure) {
    text += result.failure->id + result.failure->sentence + to_line(result.failure->script) +
            to_text(result.failure->decisions) + std::to_string(result.failure->script_index);
  }
  return text + result.nondeterminism;
}

}  // namespace

BOOST_AUTO_TEST_CASE(campaign_with_a_number_of_executions_is_a_function_of_its_options) {
  const Variant& sharded = *find_variant("sharded");
  const CampaignResult one = run_campaign(sharded, small(3'000, 1));
  const CampaignResult two = run_campaign(sharded, small(3'000, 2));
  BOOST_TEST((one.verdict == Verdict::Agrees));
  BOOST_TEST(one.totals.interleavings == 3'000U);
  BOOST_TEST(fingerprint(one) == fingerprint(two));
  BOOST_TEST(fingerprint(two) == fingerprint(run_campaign(sharded, small(3'000, 2))));
  CampaignOptions other = small(3'000, 2);
  other.seed = 6;
  BOOST_TEST(fingerprint(two) != fingerprint(run_campaign(sharded, other)));
}

BOOST_AUTO_TEST_CASE(campaign_reports_the_lowest_failing_script_whatever_the_workers) {
  for (const Fault fault : {Fault::ChecksThenInserts, Fault::SaysChanged, Fault::ForgetsUnlink}) {
    const Variant variant = twins::bad(fault);
    const CampaignResult one = run_campaign(variant, small(20'000, 1));
    const CampaignResult three = run_campaign(variant, small(20'000, 3));
    BOOST_TEST_CONTEXT(variant.name) {
      BOOST_TEST((one.verdict == Verdict::Violation));
      BOOST_TEST_REQUIRE(one.failure.has_value());
      BOOST_TEST(one.failure->minimised);
      BOOST_TEST(fingerprint(one) == fingerprint(three));
    }
  }
}

BOOST_AUTO_TEST_CASE(campaign_tells_nondeterminism_from_violation) {
  CampaignOptions options = small(2'000, 2);
  options.minimise = false;
  const CampaignResult result = run_campaign(twins::bad(Fault::Remembers), options);
  BOOST_TEST((result.verdict != Verdict::Agrees));
}

BOOST_AUTO_TEST_CASE(campaign_reaches_every_row_and_every_witness) {
  const CampaignResult result = run_campaign(*find_variant("sharded"), small(60'000, 2));
  BOOST_TEST((result.verdict == Verdict::Agrees));
  for (const std::string& row : result.empty_rows) BOOST_ERROR("never reached: " << row);
  for (const std::string& id : result.idle_witnesses) BOOST_ERROR("never interesting: " << id);
  for (const Strategy strategy : selectable_strategies) {
    BOOST_TEST(result.totals.strategies[static_cast<std::size_t>(strategy)].executions > 0U);
  }
}

BOOST_AUTO_TEST_CASE(campaign_uses_the_strategies_that_were_asked_for) {
  CampaignOptions options = small(500, 1);
  options.strategies = {Strategy::Pos};
  const CampaignResult result = run_campaign(*find_variant("one_lock"), options);
  BOOST_TEST(result.totals.strategies[static_cast<std::size_t>(Strategy::Pos)].executions == 500U);
  BOOST_TEST(result.totals.interleavings == 500U);
}

BOOST_AUTO_TEST_CASE(campaign_ends_when_the_flag_is_set) {
  StopFlag stop;
  CampaignOptions options = small(1'000'000, 2);
  options.stop = &stop;
  const CampaignResult result =
      run_campaign(twins::good(), options, [&stop](const Progress& progress) {
        BOOST_TEST(progress.fraction <= 1.0);
        stop.set();
      });
  BOOST_TEST(result.stopped_early);
  BOOST_TEST((result.verdict == Verdict::Agrees));
  BOOST_TEST(result.totals.interleavings < 1'000'000U);
}

BOOST_AUTO_TEST_SUITE_END()
