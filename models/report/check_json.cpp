#include <algorithm>
#include <boost/json.hpp>

#include "models/report/check_report.hpp"
#include "models/report/failure_text.hpp"

namespace quiesce::report {
namespace {

namespace json = boost::json;

std::string_view verdict_word(refine::Verdict verdict) {
  switch (verdict) {
    case refine::Verdict::Agrees: return "agrees";
    case refine::Verdict::Violation: return "violation";
    case refine::Verdict::Nondeterminism: break;
  }
  return "nondeterminism";
}

json::string text(std::string_view words) {
  return json::string(words);
}

json::object totals_json(const refine::Totals& totals) {
  json::object object;
  object["scripts"] = totals.scripts;
  object["interleavings"] = totals.interleavings;
  object["distinct_schedules"] = totals.distinct_schedules;
  object["operations"] = totals.operations;
  object["visible_steps"] = totals.visible_steps;
  object["spec_states"] = totals.spec_states;
  object["spec_steps"] = totals.spec_steps;
  object["exhausted_scripts"] = totals.exhausted_scripts;
  object["linearizations_unknown"] = totals.linearizations_unknown;
  object["repeated_executions"] = totals.repeated_executions;
  return object;
}

json::array strategies_json(const refine::Totals& totals) {
  json::array rows;
  for (std::size_t i = 0; i < totals.strategies.size(); ++i) {
    const auto& row = totals.strategies[i];
    if (row.executions == 0) continue;
    rows.push_back({{"name", text(refine::to_text(static_cast<refine::Strategy>(i)))},
                    {"scripts", row.scripts},
                    {"executions", row.executions},
                    {"failures", row.failures}});
  }
  return rows;
}

json::array invariants_json(const refine::Totals& totals) {
  json::array rows;
  for (const refine::Witness& witness : totals.witnesses) {
    rows.push_back({{"id", text(witness.id)},
                    {"sentence", text(witness.sentence)},
                    {"checked", witness.checked},
                    {"interesting_case", text(witness.interesting_case)},
                    {"interesting", witness.interesting}});
  }
  return rows;
}

json::array coverage_json(const refine::Totals& totals) {
  json::array rows;
  for (const refine::CoverageRow& row : totals.coverage.rows()) {
    rows.push_back({{"action", text(action_verb(row.action_index))},
                    {"answer", text(refine::answer_class_text(row.class_index))},
                    {"count", row.count}});
  }
  return rows;
}

json::array trace_json(const refine::TracedRun& run) {
  json::array rows;
  for (const refine::TraceRow& row : run.rows) {
    json::array changed;
    for (const std::string& change : row.changed) changed.push_back(text(change));
    rows.push_back({{"thread", row.part},
                    {"text", text(row.text)},
                    {"switch", text(row.switched)},
                    {"depth", row.depth},
                    {"changed", std::move(changed)}});
  }
  return rows;
}

json::object failure_json(const refine::Failure& failure, const Counterexample& counterexample) {
  json::object object;
  object["id"] = text(failure.id);
  object["sentence"] = text(failure.sentence);
  object["specification"] = text(mismatch_text(failure));
  json::array details;
  for (const std::string& detail : failure.details) details.push_back(text(detail));
  object["details"] = std::move(details);
  object["strategy"] = text(refine::to_text(failure.strategy));
  object["script_index"] = failure.script_index;
  object["execution_index"] = failure.execution_index;
  object["threads"] = failure.threads;
  object["preemptions"] = failure.preemptions;
  object["minimised"] = failure.minimised;
  object["minimal"] = text(failure.minimal_note);
  object["nearest_passing"] = text(failure.nearest_passing_note);
  object["script"] = text(refine::to_line(failure.script));
  object["decisions"] = text(interleave::to_text(failure.decisions));
  json::array titles;
  for (const std::string& title : counterexample.run.titles) titles.push_back(text(title));
  object["threads_do"] = std::move(titles);
  object["trace"] = trace_json(counterexample.run);
  object["replay"] = text(replay_command(counterexample.replay));
  return object;
}

json::object timing_json(const refine::CampaignResult& result) {
  const double busy = std::max(result.seconds, 1e-9);
  return {{"seconds", result.seconds},
          {"minimising_seconds", result.minimising_seconds},
          {"interleavings_per_second", static_cast<double>(result.totals.interleavings) / busy}};
}

/// Objects and arrays of objects on lines of their own, so that two reports compare by line.
void pretty(std::string& out, const json::value& value, std::size_t depth) {
  const std::string indent(2 * depth + 2, ' ');
  const std::string closing(2 * depth, ' ');
  if (value.is_object() && !value.get_object().empty() && depth < 2) {
    out += "{\n";
    bool first = true;
    for (const auto& member : value.get_object()) {
      if (!first) out += ",\n";
      first = false;
      out += indent + json::serialize(json::string(member.key())) + ": ";
      pretty(out, member.value(), depth + 1);
    }
    out += "\n" + closing + "}";
  } else if (value.is_array() && !value.get_array().empty() && depth < 3) {
    out += "[\n";
    bool first = true;
    for (const json::value& element : value.get_array()) {
      if (!first) out += ",\n";
      first = false;
      out += indent + json::serialize(element);
    }
    out += "\n" + closing + "]";
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

std::string check_json(const CheckContext& context, const refine::CampaignResult& result,
                       const std::optional<Counterexample>& counterexample) {
  json::object report;
  report["format"] = "quiesce-check 1";
  report["sources"] = text(context.sources);
  json::object arguments;
  for (const auto& [name, words] : context.argument_rows) arguments[name] = text(words);
  report["arguments"] = std::move(arguments);
  report["verdict"] = text(verdict_word(result.verdict));
  report["interrupted"] = result.stopped_early;
  report["nondeterminism"] = text(result.nondeterminism);
  report["totals"] = totals_json(result.totals);
  report["strategies"] = strategies_json(result.totals);
  report["invariants"] = invariants_json(result.totals);
  report["coverage"] = coverage_json(result.totals);
  json::array empty_rows;
  for (const std::string& row : result.empty_rows) empty_rows.push_back(text(row));
  report["empty_rows"] = std::move(empty_rows);
  if (result.failure && counterexample) {
    report["failure"] = failure_json(*result.failure, *counterexample);
  } else {
    report["failure"] = nullptr;
  }
  report["timing"] = timing_json(result);
  std::string out;
  pretty(out, report, 0);
  return out + "\n";
}

}  // namespace quiesce::report
