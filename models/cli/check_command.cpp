// quiesce check: runs a campaign and reports it.
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/cli/arguments.hpp"
#include "models/cli/command.hpp"
#include "models/cli/nearest.hpp"
#include "models/cli/progress.hpp"
#include "models/cli/source_digest.hpp"
#include "models/refine/campaign.hpp"
#include "models/report/atomic_file.hpp"
#include "models/report/check_report.hpp"
#include "models/report/replay_line.hpp"
#include "models/report/text_table.hpp"

namespace quiesce::cli {
namespace {

constexpr double default_seconds = 60;

/// The words of the command line; nothing is checked yet.
struct CheckWords {
  std::string variant = "sharded";
  std::string seconds;
  std::string executions;
  std::string seed = "1";
  std::vector<std::string> strategies;
  std::string threads = "2-4";
  std::string workers = "2";
  std::string preemptions = "2";
  bool linearize = false;
  std::string json_path;
  std::string junit_path;
};

std::string read_strategies(const std::vector<std::string>& words, refine::CampaignOptions& out) {
  for (const std::string& word : words) {
    const std::optional<refine::Strategy> strategy = refine::find_strategy(word);
    if (strategy && *strategy != refine::Strategy::Replay) {
      out.strategies.push_back(*strategy);
      continue;
    }
    std::vector<std::string_view> names;
    for (const refine::Strategy selectable : refine::selectable_strategies)
      names.push_back(refine::to_text(selectable));
    return "there is no strategy '" + word + "'" + did_you_mean(word, names);
  }
  return {};
}

/// "3" or "2-4"
std::string read_threads(const std::string& word, refine::Shape& shape) {
  constexpr std::uint64_t most = 8;
  const std::size_t dash = word.find('-');
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  const bool read = dash == std::string::npos ? to_number(word, low) && to_number(word, high)
                                              : to_number(word.substr(0, dash), low) &&
                                                    to_number(word.substr(dash + 1), high);
  if (!read || low < 2 || high < low || high > most)
    return "--threads is '" + word + "'; it takes a number or a range from 2 to " +
           std::to_string(most) + ", such as 3 or 2-4";
  shape.branches_least = static_cast<std::uint32_t>(low);
  shape.branches_most = static_cast<std::uint32_t>(high);
  return {};
}

std::string read_budget(const CheckWords& words, refine::CampaignOptions& out) {
  constexpr std::uint64_t most_seconds = 30ULL * 24 * 3600;
  constexpr std::uint64_t most_executions = 1'000'000'000'000;
  if (!words.executions.empty()) {
    std::uint64_t executions = 0;
    out.executions.emplace();
    if (const std::string sentence =
            read_bounded("--executions", words.executions, 1, most_executions, executions);
        !sentence.empty())
      return sentence;
    out.executions = executions;
  }
  if (!words.seconds.empty()) {
    std::uint64_t seconds = 0;
    if (const std::string sentence =
            read_bounded("--seconds", words.seconds, 1, most_seconds, seconds);
        !sentence.empty())
      return sentence;
    out.seconds = static_cast<double>(seconds);
  }
  if (!out.executions && !out.seconds) out.seconds = default_seconds;
  return {};
}

std::string read_options(const CheckWords& words, refine::CampaignOptions& out) {
  std::uint64_t workers = 0;
  std::uint64_t preemptions = 0;
  for (const std::string& sentence :
       {read_budget(words, out), read_bounded("--seed", words.seed, 0, ~std::uint64_t{0}, out.seed),
        read_bounded("--workers", words.workers, 1, 16, workers),
        read_bounded("--preemptions", words.preemptions, 0, 8, preemptions),
        read_strategies(words.strategies, out), read_threads(words.threads, out.shape)}) {
    if (!sentence.empty()) return sentence;
  }
  out.workers = static_cast<unsigned>(workers);
  out.preemption_bound = static_cast<std::uint32_t>(preemptions);
  out.search_linearization = words.linearize;
  if (std::string sentence =
          one_file_for_two("--json", words.json_path, "--junit", words.junit_path);
      !sentence.empty())
    return sentence;
  for (const std::string& path : {words.json_path, words.junit_path}) {
    if (path.empty()) continue;
    if (std::string sentence = report::cannot_write(path); !sentence.empty()) return sentence;
  }
  return {};
}

report::CheckContext context_of(const CheckWords& words, const refine::CampaignOptions& options,
                                const refine::Variant& variant) {
  std::string strategies;
  for (const std::string& word : words.strategies)
    strategies += (strategies.empty() ? "" : ",") + word;
  report::CheckContext context{&variant, options.seed, std::string(source_digest()), {}};
  context.argument_rows = {{"impl", words.variant},
                           {"seconds", options.executions      ? ""
                                       : words.seconds.empty() ? "60"
                                                               : words.seconds},
                           {"executions", words.executions},
                           {"seed", words.seed},
                           {"strategy", strategies.empty() ? "all" : strategies},
                           {"threads", words.threads},
                           {"preemptions", words.preemptions},
                           {"linearize", words.linearize ? "yes" : "no"}};
  return context;
}

std::optional<report::Counterexample> counterexample_of(const refine::CampaignResult& result,
                                                        const refine::Variant& variant) {
  if (!result.failure) return std::nullopt;
  return report::Counterexample{
      refine::trace(*result.failure, variant),
      report::to_text(report::replay_line(*result.failure, source_digest()))};
}

ExitCode exit_code_of(const refine::CampaignResult& result) {
  switch (result.verdict) {
    case refine::Verdict::Agrees: return ExitCode::Agrees;
    case refine::Verdict::Violation: return ExitCode::Violation;
    case refine::Verdict::Nondeterminism: break;
  }
  return ExitCode::Nondeterminism;
}

ExitCode check(const CheckWords& words) {
  const refine::Variant* const variant = variant_or_complain(words.variant);
  if (variant == nullptr) return ExitCode::Usage;
  refine::CampaignOptions options;
  if (const std::string sentence = read_options(words, options); !sentence.empty())
    return refuse(sentence);
  options.stop = &interrupted();

  Progress progress("checking " + words.variant);
  const refine::CampaignResult result =
      refine::run_campaign(*variant, options, [&](const refine::Progress& so_far) {
        progress.show(static_cast<std::uint32_t>(so_far.fraction * 1000),
                      report::in_words(so_far.totals.interleavings) + " interleavings of " +
                          report::in_words(so_far.totals.scripts) + " scripts agree");
      });
  progress.clear();

  const report::CheckContext context = context_of(words, options, *variant);
  const auto counterexample = counterexample_of(result, *variant);
  std::fputs(report::check_text(context, result, counterexample).c_str(), stdout);
  std::fflush(stdout);
  if (!words.json_path.empty()) {
    if (const std::string sentence = report::write_whole_file(
            words.json_path, report::check_json(context, result, counterexample));
        !sentence.empty())
      return refuse(sentence);
  }
  if (!words.junit_path.empty()) {
    if (const std::string sentence = report::write_whole_file(
            words.junit_path, report::check_junit(context, result, counterexample));
        !sentence.empty())
      return refuse(sentence);
  }
  return exit_code_of(result);
}

}  // namespace

void add_check(Program& program) {
  auto words = std::make_shared<CheckWords>();
  Command command = program.command("check", "does a variant do what the specification says?");
  command.word("--impl", words->variant, "the variant; ./quiesce list names them");
  command.word("--seconds", words->seconds, "how long to try (60 if nothing is said)");
  command.word("--executions", words->executions,
               "how many interleavings to try; the result is then a function of the flags");
  command.word("--seed", words->seed, "of every random choice");
  command.words_with_commas(
      "--strategy", words->strategies,
      "how schedules are chosen, several with commas; all take turns by default");
  command.word("--threads", words->threads, "concurrent threads of a script");
  command.word("--preemptions", words->preemptions, "bound of the exhaustive strategy");
  command.word("--workers", words->workers, "cores to use; the result does not depend on it");
  command.flag("--linearize", words->linearize,
               "search for a linearization even where commit tickets are there");
  command.word("--json", words->json_path, "write the report as JSON");
  command.word("--junit", words->junit_path, "write the report as JUnit XML");
  command.does([words] { return check(*words); });
}

}  // namespace quiesce::cli
