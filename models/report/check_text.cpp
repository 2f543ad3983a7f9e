#include <algorithm>
#include <cstdio>

#include "models/report/check_report.hpp"
#include "models/report/failure_text.hpp"
#include "models/report/text_table.hpp"

namespace quiesce::report {
namespace {

std::string one_decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string verdict_text(const CheckContext& context, const refine::CampaignResult& result) {
  const std::string variant = context.variant != nullptr ? std::string(context.variant->name) : "";
  switch (result.verdict) {
    case refine::Verdict::Agrees:
      return variant + " agrees with the specification on everything that was tried" +
             (result.stopped_early ? " before it was interrupted" : "") + "\n";
    case refine::Verdict::Violation: return variant + " does not agree with the specification\n";
    case refine::Verdict::Nondeterminism: break;
  }
  return "uncontrolled nondeterminism: " + result.nondeterminism + "\n";
}

std::string tried_text(const CheckContext& context, const refine::CampaignResult& result) {
  const refine::Totals& totals = result.totals;
  TextTable table({"tried", "", ""}, {1});
  table.add({"scripts", with_commas(totals.scripts), "random programs of actions"});
  table.add({"interleavings", with_commas(totals.interleavings),
             with_commas(totals.distinct_schedules) + " of them different"});
  table.add({"answers", with_commas(totals.operations), "compared with the specification's"});
  table.add(
      {"states", with_commas(totals.spec_states), "of the specification, every invariant each"});
  table.add(
      {"steps", with_commas(totals.spec_steps), "of the specification, every step property each"});
  table.add({"repeated", with_commas(totals.repeated_executions),
             "interleavings run twice, the same both times"});
  std::string text = table.text();
  TextTable strategies({"strategy", "scripts", "interleavings"}, {1, 2});
  for (int i = 0; i < refine::strategy_count; ++i) {
    const auto& row = totals.strategies[static_cast<std::size_t>(i)];
    if (row.executions == 0) continue;
    strategies.add({std::string(refine::to_text(static_cast<refine::Strategy>(i))),
                    with_commas(row.scripts), with_commas(row.executions)});
  }
  text += "\n" + strategies.text();
  const double busy = std::max(result.seconds, 1e-9);
  text +=
      "\n  speed " +
      with_commas(static_cast<std::uint64_t>(static_cast<double>(totals.interleavings) / busy)) +
      " interleavings a second, " + one_decimal(result.seconds) + " seconds; seed " +
      std::to_string(context.seed) + "\n";
  return text;
}

std::string invariants_text(const refine::CampaignResult& result) {
  TextTable table({"invariant", "checked", "interesting case", "reached"}, {1, 3});
  for (const refine::Witness& witness : result.totals.witnesses) {
    table.add({std::string(witness.id), with_commas(witness.checked),
               std::string(witness.interesting_case),
               witness.interesting == 0 ? "never" : with_commas(witness.interesting)});
  }
  return table.text();
}

std::string coverage_text(const refine::CampaignResult& result) {
  const auto rows = result.totals.coverage.rows();
  const auto reached = std::count_if(rows.begin(), rows.end(),
                                     [](const refine::CoverageRow& row) { return row.count > 0; });
  std::string text = "  coverage: " + std::to_string(reached) + " of " +
                     std::to_string(rows.size()) + " possible pairs of action and answer";
  constexpr std::size_t most_named = 6;
  for (std::size_t i = 0; i < std::min(result.empty_rows.size(), most_named); ++i) {
    text += (i == 0 ? "; never: " : ", ") + result.empty_rows[i];
  }
  if (result.empty_rows.size() > most_named)
    text += ", and " + std::to_string(result.empty_rows.size() - most_named) + " more";
  return text + "\n";
}

}  // namespace

std::string check_text(const CheckContext& context, const refine::CampaignResult& result,
                       const std::optional<Counterexample>& counterexample) {
  std::string text = verdict_text(context, result) + "\n" + tried_text(context, result);
  if (result.verdict == refine::Verdict::Violation && counterexample && result.failure) {
    return text + "\n" + failure_text(*result.failure, counterexample->run, counterexample->replay);
  }
  if (result.verdict != refine::Verdict::Agrees) return text;
  text += "\n" + invariants_text(result) + "\n" + coverage_text(result);
  for (const std::string& witness : result.idle_witnesses)
    text += "  never reached: " + witness + "\n";
  return text;
}

}  // namespace quiesce::report
