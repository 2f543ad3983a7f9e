// quiesce validate: does the specification allow a trace?
#include <cstdio>
#include <memory>
#include <string>

#include "models/cli/arguments.hpp"
#include "models/cli/command.hpp"
#include "models/cli/progress.hpp"
#include "models/refine/campaign.hpp"
#include "models/report/atomic_file.hpp"
#include "models/report/text_table.hpp"
#include "models/validate/validate.hpp"

namespace quiesce::cli {
namespace {

/// The words of the command line; nothing is checked yet.
struct ValidateWords {
  std::string path;
  std::string window = "100000";
  std::string budget = "200000";
  std::string budget_in_all = "1000000000";
  bool every_state = false;
  std::string json_path;
};

std::string read_spending(const ValidateWords& words, validate::Spending& spending) {
  constexpr std::uint64_t most = 1'000'000'000'000;
  std::uint64_t window = 0;
  std::string wrong = read_bounded("--window", words.window, 1, most, window);
  if (wrong.empty())
    wrong = read_bounded("--budget", words.budget, 1, most, spending.search_budget);
  if (wrong.empty())
    wrong = read_bounded("--budget-in-all", words.budget_in_all, 1, most, spending.budget_in_all);
  spending.window = window;
  spending.every_state = words.every_state;
  return wrong;
}

ExitCode exit_code_of(validate::Verdict verdict) {
  switch (verdict) {
    case validate::Verdict::Allowed: return ExitCode::Agrees;
    case validate::Verdict::NotAllowed: return ExitCode::Violation;
    case validate::Verdict::Undecided: return ExitCode::Undecided;
    case validate::Verdict::BadInput: break;
  }
  return ExitCode::Usage;
}

ExitCode run(const ValidateWords& words) {
  validate::Options options;
  if (const std::string wrong = read_spending(words, options.spending); !wrong.empty())
    return refuse(wrong);
  if (const std::string wrong =
          one_file_for_two("the trace", words.path, "--json", words.json_path);
      !wrong.empty())
    return refuse(wrong);
  if (!words.json_path.empty()) {
    if (const std::string error = report::cannot_write(words.json_path); !error.empty())
      return refuse(error);
  }
  static_cast<void>(interrupted());
  Progress progress("validate");
  options.go_on = [&](const validate::ReadSoFar& read) {
    const std::uint64_t permille = read.size == 0 ? 0 : read.bytes * 1000 / read.size;
    const double rate = static_cast<double>(read.events) / std::max(progress.seconds(), 1e-6);
    progress.show(static_cast<std::uint32_t>(permille),
                  report::with_commas(read.events) + " events, " +
                      report::with_commas(static_cast<std::uint64_t>(rate)) + " a second");
    return !interrupted().is_set();
  };
  const validate::Report verdict = validate::validate(words.path, options);
  const double seconds = progress.seconds();
  progress.clear();
  if (!words.json_path.empty()) {
    const std::string error =
        report::write_whole_file(words.json_path, validate::report_json(verdict, seconds));
    if (!error.empty()) return refuse(error);
  }
  if (verdict.verdict == validate::Verdict::BadInput) return refuse(verdict.sentence);
  std::fputs(validate::report_text(verdict, seconds).c_str(), stdout);
  return exit_code_of(verdict.verdict);
}

}  // namespace

void add_validate(Program& program) {
  auto words = std::make_shared<ValidateWords>();
  Command command = program.command(
      "validate", "does the specification allow this trace, else which event does it not explain?");
  command.required_word("trace", words->path, "JSON lines; docs/how_to/validate_a_trace.md");
  command.word("--window", words->window, "lines that may wait for an earlier one");
  command.word("--budget", words->budget, "order intervals: steps of the specification an event");
  command.word("--budget-in-all", words->budget_in_all,
               "order intervals: steps of the specification for the whole trace");
  command.flag("--every-state", words->every_state,
               "keep every row, and every invariant after every event: for short traces");
  command.word("--json", words->json_path, "write the verdict as JSON");
  command.does([words] { return run(*words); });
}

}  // namespace quiesce::cli
