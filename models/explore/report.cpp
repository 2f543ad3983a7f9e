#include "models/explore/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <string_view>

#include "models/explore/run.hpp"

namespace quiesce::explore {
namespace {

namespace json = boost::json;

std::string_view ended_text(Ended ended) {
  switch (ended) {
    case Ended::Complete: return "complete";
    case Ended::Violated: return "violated";
    case Ended::MemoryCeiling: return "memory ceiling";
    case Ended::Interrupted: return "interrupted";
    case Ended::CheckpointRefused: return "checkpoint refused";
    case Ended::Sampled: return "sampled";
  }
  return "?";
}

/// Lists and objects of plain values stay on one line when they are short; others are indented.
void print(std::string& out, const json::value& value, std::size_t indent) {
  const std::string flat = json::serialize(value);
  const bool nested = value.is_object() ? !value.get_object().empty()
                                        : value.is_array() && !value.get_array().empty();
  if (!nested || (indent > 0 && flat.size() + indent <= 100)) {
    out += flat;
    return;
  }
  const std::string inner(indent + 2, ' ');
  bool first = true;
  const auto begin_item = [&] {
    if (!first) out += ',';
    first = false;
    out += '\n' + inner;
  };
  out += value.is_object() ? '{' : '[';
  if (value.is_object()) {
    for (const auto& [key, item] : value.get_object()) {
      begin_item();
      out += json::serialize(json::value(key)) + ": ";
      print(out, item, indent + 2);
    }
  } else {
    for (const json::value& item : value.get_array()) {
      begin_item();
      print(out, item, indent + 2);
    }
  }
  out += '\n' + std::string(indent, ' ');
  out += value.is_object() ? '}' : ']';
}

json::array never_fired(const SearchResult& result) {
  json::array names;
  for (const auto& [name, count] : result.actions) {
    if (count == 0) names.emplace_back(name);
  }
  return names;
}

bool is_broken(const SearchResult& result, const std::string& id) {
  return std::any_of(result.broken.begin(), result.broken.end(),
                     [&](const Broken& broken) { return broken.id == id; });
}

/// true: holds in every reachable state; false: broken; null: not known, the search ended early.
json::value holds(const SearchResult& result, const std::string& id) {
  if (is_broken(result, id)) return false;
  if (result.ended == Ended::Complete) return true;
  return nullptr;
}

json::array trace_json(const std::vector<TraceStep>& trace) {
  json::array rows;
  for (const TraceStep& row : trace) {
    rows.push_back({{"action", row.action}, {"step", row.step}, {"state", row.state}});
  }
  return rows;
}

json::value violation_json(const std::optional<Violation>& violation) {
  if (!violation) return nullptr;
  json::object row{{"id", violation->id},
                   {"sentence", violation->sentence},
                   {"facts", violation->facts},
                   {"trace", trace_json(violation->trace)}};
  if (violation->loop) {
    row["loop"] = *violation->loop;
    row["notes"] = json::value_from(violation->notes);
  }
  return row;
}

json::object progress_json(const ProgressReport& progress) {
  json::array properties;
  for (const ProgressRow& row : progress.properties) {
    properties.push_back({{"id", row.id},
                          {"fact", row.fact},
                          {"sentence", row.sentence},
                          {"fair", json::value_from(row.assumes)},
                          {"instances", row.instances},
                          {"pending_states", row.pending_states},
                          {"violation", violation_json(row.broken)}});
  }
  json::array bounds;
  for (const BoundRow& row : progress.bounds) {
    json::array most;
    for (const BoundRow::Most& each : row.most) {
      most.push_back({{"allowed", each.allowed}, {"taken", each.taken}, {"begins", each.begins}});
    }
    bounds.push_back({{"id", row.id},
                      {"sentence", row.sentence},
                      {"most", std::move(most)},
                      {"exact", row.is_tight()},
                      {"violation", violation_json(row.broken)}});
  }
  json::object report{{"complete", progress.is_complete}, {"states", progress.states},
                      {"steps", progress.steps},          {"properties", std::move(properties)},
                      {"bounds", std::move(bounds)},      {"measure", nullptr}};
  if (progress.measure) {
    report["measure"] = {{"id", progress.measure->id},
                         {"sentence", progress.measure->sentence},
                         {"steps", progress.measure->steps},
                         {"violation", violation_json(progress.measure->broken)}};
  }
  return report;
}

json::array broken_json(const SearchResult& result) {
  json::array rows;
  for (const Broken& row : result.broken) {
    rows.push_back({{"id", row.id}, {"first_level", row.first_level}, {"states", row.states}});
  }
  return rows;
}

json::array refusals_json(const SearchResult& result) {
  json::array rows;
  for (const Refusals& row : result.refusals) {
    rows.push_back({{"action", row.action}, {"guard", row.guard}, {"count", row.count}});
  }
  return rows;
}

json::object facts_json(const SearchResult& result) {
  json::array always;
  for (const auto& [id, sentence] : result.always) {
    always.push_back({{"id", id}, {"sentence", sentence}, {"holds", holds(result, id)}});
  }
  json::array sometimes;
  for (const Witness& witness : result.sometimes) {
    json::value level = nullptr;
    if (witness.first_level) level = *witness.first_level;
    json::object row{{"id", witness.id}, {"sentence", witness.sentence}, {"first_level", level}};
    if (!witness.beyond.empty()) row["beyond"] = witness.beyond;
    if (witness.states) row["states"] = *witness.states;
    sometimes.push_back(std::move(row));
  }
  return {{"always", std::move(always)}, {"sometimes", std::move(sometimes)}};
}

std::size_t depth_of(const SearchResult& result) {
  return result.levels.empty() ? 0 : result.levels.size() - 1;
}

/// Of this run: a search that goes on from a checkpoint found the others in another time.
double rate_of(std::uint64_t states, std::uint64_t restored, double seconds) {
  return seconds > 0 ? static_cast<double>(states - std::min(states, restored)) / seconds : 0;
}
double states_per_second(const SearchResult& result) {
  return rate_of(result.distinct_states, result.restored_states, result.seconds);
}

json::object timing_json(const Searched& searched, const SearchResult& result) {
  return {{"threads", searched.threads},
          {"seconds", result.seconds},
          {"states_per_second", states_per_second(result)},
          {"memory_bytes", result.memory_bytes}};
}

std::string wrapped(std::string_view head, const std::vector<std::string>& words) {
  std::string text;
  std::string line = fmt::format("{:<12}", head);
  for (const std::string& word : words) {
    if (line.size() > 12 && line.size() + word.size() + 2 > 100) {
      text += line + '\n';
      line = std::string(12, ' ');
    }
    line += "  " + word;
  }
  return text + line + '\n';
}

std::string set_text(const SearchResult& result) {
  if (result.exact && result.state_bytes > 8) {
    return fmt::format("exact: whole states of {} bytes", result.state_bytes);
  }
  if (result.exact) {
    return fmt::format("exact: one bijective key for each {}-byte state", result.state_bytes);
  }
  return fmt::format(
      "64-bit fingerprints of {}-byte states: some state was missed with "
      "probability at most {:.1e}",
      result.state_bytes, result.collision_probability);
}

std::string ends_text(const SearchResult& result) {
  if (result.deadlocked_states == 0) {
    return fmt::format("{} states without successors, all quiescent",
                       grouped(result.terminal_states));
  }
  return fmt::format("{} states without successors, of which {} are not quiescent",
                     grouped(result.terminal_states), grouped(result.deadlocked_states));
}

std::string verdict_text(const Searched& searched, const SearchResult& result) {
  switch (result.ended) {
    case Ended::Complete:
      return result.violation ? "every reachable state was explored, past what is broken"
                              : "every reachable state was explored";
    case Ended::Violated: return "stopped at the first level that breaks an invariant";
    case Ended::MemoryCeiling:
      return fmt::format("stopped at the memory ceiling of {} bytes: not every state was explored",
                         grouped(searched.memory_ceiling_bytes));
    case Ended::Interrupted: return "interrupted: not every state was explored";
    case Ended::CheckpointRefused: return "stopped: not every state was explored";
    case Ended::Sampled: return "a sample was walked: not every state was explored";
  }
  return "?";
}

std::string refusals_text(const SearchResult& result) {
  std::vector<std::string> refused;
  std::vector<std::string> never;
  for (const Refusals& row : result.refusals) {
    const std::string pair = fmt::format("{}: {}", row.action, row.guard);
    if (row.count == 0) never.push_back(pair);
    if (row.count != 0) refused.push_back(fmt::format("{} {}", pair, grouped(row.count)));
  }
  std::string text;
  if (!refused.empty()) text += wrapped("refused", refused);
  if (!never.empty()) text += wrapped("never by", never);
  return text;
}

std::string witnesses_text(const SearchResult& result) {
  std::vector<std::string> sometimes;
  std::vector<std::string> never;
  std::vector<std::string> beyond;
  for (const Witness& witness : result.sometimes) {
    if (witness.first_level) {
      std::string item = fmt::format("{} at level {}", witness.id, *witness.first_level);
      if (witness.states) item += fmt::format(" in {} states", grouped(*witness.states));
      sometimes.push_back(item);
    } else if (witness.beyond.empty()) {
      never.push_back(fmt::format("{} ({})", witness.id, witness.sentence));
    } else {
      beyond.push_back(fmt::format("{} ({})", witness.id, witness.beyond));
    }
  }
  std::string text;
  if (!sometimes.empty()) text += wrapped("sometimes", sometimes);
  if (!never.empty()) text += wrapped("never", never);
  if (!beyond.empty()) text += wrapped("beyond", beyond);
  return text;
}

std::string coverage_text(const SearchResult& result) {
  std::vector<std::string> fired;
  std::vector<std::string> idle;
  for (const auto& [name, count] : result.actions) {
    if (count == 0) idle.push_back(name);
    if (count != 0) fired.push_back(fmt::format("{} {}", name, grouped(count)));
  }
  std::string text = wrapped("fired", fired);
  if (!idle.empty()) text += wrapped("never fired", idle);
  std::vector<std::string> always;
  for (const auto& [id, sentence] : result.always) {
    always.push_back(is_broken(result, id) ? id + " BROKEN" : id);
  }
  text += refusals_text(result);
  if (!always.empty()) text += wrapped("always", always);
  std::vector<std::string> broken;
  for (const Broken& row : result.broken) {
    broken.push_back(
        fmt::format("{} from level {} in {} states", row.id, row.first_level, grouped(row.states)));
  }
  if (!broken.empty()) text += wrapped("broken", broken);
  return text + witnesses_text(result);
}

std::string speed_text(const Searched& searched, const SearchResult& result) {
  return fmt::format("{:.3f} s on {} thread{}, {:.2f} M states/s, {} MiB", result.seconds,
                     searched.threads, searched.threads == 1 ? "" : "s",
                     states_per_second(result) / 1e6, grouped(result.memory_bytes >> 20));
}

std::string shape_text(const Violation& violation) {
  const auto counted = [](std::size_t steps) {
    return fmt::format("{} step{}", steps, steps == 1 ? "" : "s");
  };
  const std::size_t steps = violation.trace.empty() ? 0 : violation.trace.size() - 1;
  if (!violation.loop) return "a shortest path, " + counted(steps);
  const std::size_t loop = *violation.loop;
  if (loop == steps)
    return fmt::format("a stem of {}; then it may stay so for ever", counted(steps));
  return fmt::format("a stem of {}, then a cycle of {}: row {} is row {} again", counted(loop),
                     counted(steps - loop), steps, loop);
}

std::string trace_text(const Violation& violation) {
  std::string text = fmt::format("FAIL {}: {}\n", violation.id, violation.facts);
  text += fmt::format("     {}\n", violation.sentence);
  text += fmt::format("     {}\n", shape_text(violation));
  std::size_t width = 8;
  for (const TraceStep& row : violation.trace) width = std::max(width, row.step.size());
  for (std::size_t i = 0; i < violation.trace.size(); ++i) {
    const TraceStep& row = violation.trace[i];
    text +=
        fmt::format(" {:>3} | {:<{}} | {}\n", i, i == 0 ? "initial" : row.step, width, row.state);
  }
  for (const std::string& note : violation.notes) text += fmt::format("     {}\n", note);
  return text;
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string digits = fmt::format("{}", number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

namespace {

/// 12'345'678 becomes 12'000'000: a guess has no more than two digits.
std::uint64_t two_digits_of(double number) {
  double unit = 1;
  while (number / unit >= 100) unit *= 10;
  return static_cast<std::uint64_t>(std::round(number / unit) * unit);
}

std::string time_text(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.0f} h", seconds / 3600);
}

}  // namespace

std::string progress_line(const Progress& progress) {
  const double rate = rate_of(progress.states, progress.restored, progress.seconds);
  const std::string line =
      fmt::format("level {}  {} states  {} waiting  {:.2f} M states/s  {} MiB", progress.level,
                  grouped(progress.states), grouped(progress.frontier_states), rate / 1e6,
                  grouped(progress.memory_bytes >> 20));
  if (!progress.about_states) return line + "  how much remains cannot be said yet";
  const auto total = static_cast<double>(*progress.about_states);
  const double left = total - static_cast<double>(progress.expanded);
  const double seconds =
      left * progress.seconds /
      static_cast<double>(std::max<std::uint64_t>(progress.expanded_in_this_run, 1));
  return line + fmt::format("  about {} states in all, {} to go", grouped(two_digits_of(total)),
                            time_text(seconds));
}

namespace {

/// The rows, without what fails.
std::string rows_text(const Searched& searched, const SearchResult& result) {
  std::string bounds;
  for (const auto& [name, value] : searched.bounds) bounds += fmt::format("  {} {}", name, value);
  std::string text = fmt::format("{}: {}\n", searched.model, searched.sentence);
  for (const auto& [name, word] : searched.choices) bounds += fmt::format("  {} {}", name, word);
  text += fmt::format("bounds      {}\n", bounds);
  if (!searched.symmetry.empty()) {
    text += wrapped("orbits", {fmt::format("of the names of {}; every count below is of orbits",
                                           fmt::join(searched.symmetry, ", "))});
  }
  text += wrapped("verdict", {verdict_text(searched, result)});
  text += wrapped("states", {grouped(result.distinct_states)});
  text += wrapped("transitions", {grouped(result.transitions)});
  if (result.asleep_steps) {
    text += wrapped("reduced", {fmt::format("{} steps more only commute and were not taken; "
                                            "properties of steps are not judged on them",
                                            grouped(*result.asleep_steps))});
  }
  text += wrapped("depth", {fmt::format("{}", depth_of(result))});
  text += wrapped("set", {set_text(result)});
  text += coverage_text(result);
  text += wrapped("ends", {ends_text(result)});
  text += wrapped("speed", {speed_text(searched, result)});
  return text;
}

json::object report_json(const Searched& searched, const SearchResult& result) {
  json::object bounds;
  for (const auto& [name, value] : searched.bounds) bounds[name] = value;
  json::object actions;
  for (const auto& [name, count] : result.actions) actions[name] = count;
  json::object report;
  report["format"] = "quiesce explore 1";
  report["model"] = searched.model;
  report["bounds"] = std::move(bounds);
  for (const auto& [name, word] : searched.choices) report[name] = word;
  report["symmetry"] = json::value_from(searched.symmetry);
  report["ended"] = ended_text(result.ended);
  report["complete"] = result.ended == Ended::Complete;
  report["distinct_states"] = result.distinct_states;
  report["transitions"] = result.transitions;
  if (result.graph != 0) report["graph"] = fmt::format("{:#018x}", result.graph);
  if (result.asleep_steps) report["asleep_steps"] = *result.asleep_steps;
  report["depth"] = depth_of(result);
  report["levels"] = json::value_from(result.levels);
  report["actions"] = std::move(actions);
  report["never_fired"] = never_fired(result);
  if (!result.refusals.empty()) report["refusals"] = refusals_json(result);
  for (auto& [key, value] : facts_json(result)) report[key] = value;
  report["terminal_states"] = result.terminal_states;
  report["deadlocked_states"] = result.deadlocked_states;
  report["set"] = {{"exact", result.exact},
                   {"collision_probability",
                    result.exact ? json::value(0) : json::value(result.collision_probability)},
                   {"state_bytes", result.state_bytes}};
  report["broken"] = broken_json(result);
  report["violation"] = violation_json(result.violation);
  report["timing"] = timing_json(searched, result);
  return report;
}

json::object report_of(const Run& run) {
  json::object report = report_json(run.searched, run.result);
  if (run.progress) report["progress"] = progress_json(*run.progress);
  return report;
}

std::string printed(const json::object& report) {
  std::string text;
  print(text, report, 0);
  return text + '\n';
}

}  // namespace

std::string text_report(const Searched& searched, const SearchResult& result) {
  const std::string text = rows_text(searched, result);
  return result.violation ? text + trace_text(*result.violation) : text;
}

std::string text_report(const Run& run) {
  if (!run.progress) return text_report(run.searched, run.result);
  std::string text = rows_text(run.searched, run.result) + text_of(*run.progress);
  const auto& violation = run.result.violation;
  const auto failures = run.progress->failures();
  const bool is_one_of_them = !failures.empty() && violation->id == failures.front().id;
  if (violation && !is_one_of_them) text += trace_text(*violation);
  for (const Violation& failure : failures) text += trace_text(failure);
  return text;
}

std::string json_report(const Run& run) {
  return printed(report_of(run));
}

std::string json_report(const Searched& searched, const SearchResult& result) {
  return printed(report_json(searched, result));
}

std::string json_report(const std::vector<Run>& runs) {
  json::object report;
  report["format"] = "quiesce explore 1";
  std::uint64_t states = 0;
  json::array reports;
  for (const Run& run : runs) {
    states += run.result.distinct_states;
    reports.push_back(report_of(run));
  }
  report["distinct_states"] = states;
  report["runs"] = std::move(reports);
  return printed(report);
}

}  // namespace quiesce::explore
