#include "models/report/scenario.hpp"

#include <algorithm>

#include "models/refine/abstraction.hpp"
#include "models/refine/checker.hpp"
#include "models/refine/execution.hpp"
#include "models/refine/failure.hpp"
#include "models/refine/script.hpp"

namespace quiesce::report {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t\r");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

refine::Script script_of(const Scenario& scenario) {
  refine::Script script;
  script.leaks = scenario.leaks;
  for (const ScenarioLine& line : scenario.lines) {
    if (line.is_action) script.prefix.push_back(line.action);
  }
  return script;
}

std::string indented(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "  " + line + "\n";
  return text;
}

std::string one_line_complaint(std::size_t number, const std::string& sentence) {
  return "line " + std::to_string(number) + ": " + sentence;
}

constexpr std::string_view leaks_word = "leaks ";

/// An action, or the leak policy.
bool is_no_comment(const ScenarioLine& line) {
  return line.is_action || line.comment.starts_with(leaks_word);
}

}  // namespace

Scenario parse_scenario(std::string_view text) {
  Scenario scenario;
  bool ended = false;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    ++number;
    const std::string_view words = trimmed(line);
    if (ended && !words.empty())
      return {{}, {}, one_line_complaint(number, "nothing may follow 'end'")};
    if (words == "end") {
      ended = true;
    } else if (words.empty() || words.front() == '#') {
      if (!ended) scenario.lines.push_back({std::string(words), false, {}, {}, number});
    } else if (line.front() == ' ' || line.front() == '\t') {
      if (scenario.lines.empty() || !scenario.lines.back().is_action)
        return {{}, {}, one_line_complaint(number, "expected output stands below an action")};
      scenario.lines.back().expected.emplace_back(words);
    } else if (words.starts_with(leaks_word)) {
      if (std::any_of(scenario.lines.begin(), scenario.lines.end(), is_no_comment))
        return {{}, {}, one_line_complaint(number, "'leaks' stands once, before the first action")};
      ParsedLeakPolicy parsed = parse_leak_policy(words.substr(leaks_word.size()));
      if (!parsed.ok) return {{}, {}, one_line_complaint(number, parsed.error)};
      scenario.leaks = parsed.policy;
      scenario.lines.push_back({std::string(words), false, {}, {}, number});
    } else {
      const ParsedAction parsed = parse_action(words);
      if (!parsed.ok)
        return {{},
                {},
                one_line_complaint(
                    number, "column " + std::to_string(parsed.column) + ": " + parsed.error)};
      scenario.lines.push_back({{}, true, parsed.action, {}, number});
    }
  }
  if (!ended)
    return {{}, {}, one_line_complaint(number + 1, "the scenario is cut: its last line is 'end'")};
  if (std::string twice = refine::name_created_twice(script_of(scenario)); !twice.empty())
    return {{}, {}, twice};
  return scenario;
}

ScenarioRun run_scenario(const Scenario& scenario, const refine::Variant& variant) {
  ScenarioRun run;
  const refine::Script script = script_of(scenario);
  refine::ScriptChecker checker(variant);
  checker.load(script);
  if (const refine::Checked checked = checker.run(refine::Strategy::Sequential, 0, 1);
      checked.failure)
    run.clash = checked.failure->id + ": " + checked.failure->sentence;

  const auto runtime = variant.make_native();
  runtime->start(refine::capacity_of(script));
  Snapshot before;
  runtime->peek(before);
  for (const ScenarioLine& line : scenario.lines) {
    if (!line.is_action) {
      run.text += line.comment + "\n";
      continue;
    }
    const refine::Issued issued = runtime->apply(line.action);
    Snapshot after;
    runtime->peek(after);
    std::vector<std::string> given{"-> " + to_text(issued.answer)};
    for (std::string& change : refine::changes(before, after)) given.push_back(std::move(change));
    run.text += to_text(line.action) + "\n" + indented(given);
    if (run.unexpected.empty() && given != line.expected)
      run.unexpected = one_line_complaint(
          line.number, to_text(line.action) + " gave other output than the file says");
    before = std::move(after);
  }
  run.text += "end\n";
  runtime->stop();
  return run;
}

}  // namespace quiesce::report
