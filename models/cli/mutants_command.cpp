// quiesce mutants: plants each known fault, builds, and shows what finds it and how fast.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "models/cli/command.hpp"
#include "models/cli/nearest.hpp"
#include "models/mutants/mutant.hpp"
#include "models/mutants/nursery.hpp"
#include "models/refine/campaign.hpp"
#include "models/report/atomic_file.hpp"
#include "models/report/text_table.hpp"

namespace quiesce::cli {
namespace {

struct MutantsWords {
  std::vector<std::string> names;
  unsigned seconds = 60;
  std::uint64_t seed = 1;
  std::string json_path;
  bool only_apply = false;
};

std::string one_decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string unknown_name(const std::vector<std::string>& names,
                         const std::vector<mutants::Mutant>& all) {
  std::vector<std::string_view> known;
  for (const mutants::Mutant& mutant : all) known.push_back(mutant.name);
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      return "there is no mutant '" + name + "'" + did_you_mean(name, known);
  }
  return {};
}

void add_row(report::TextTable& table, const mutants::Mutant& mutant, const mutants::Trial& trial) {
  const std::string verdict = !trial.error.empty() ? trial.error
                              : !trial.killed      ? "SURVIVED"
                              : trial.expected     ? trial.found
                                                   : trial.found + " (not what its header says)";
  table.add({mutant.name, mutant.family, mutant.needs, verdict, trial.strategy,
             trial.killed ? report::with_commas(trial.schedules) : "",
             trial.killed ? one_decimal(trial.seconds) : "",
             trial.killed ? std::to_string(trial.preemptions) : "",
             one_decimal(trial.build_seconds)});
}

ExitCode run(const MutantsWords& words) {
  std::string error;
  const std::vector<mutants::Mutant> all = mutants::read_mutants("models/mutants", error);
  if (!error.empty()) return refuse(error);
  if (const std::string sentence = unknown_name(words.names, all); !sentence.empty())
    return refuse(sentence);
  if (!words.json_path.empty()) {
    if (const std::string sentence = report::cannot_write(words.json_path); !sentence.empty())
      return refuse(sentence);
  }
  mutants::Nursery nursery(".", "build/mutants");
  report::TextTable table({"mutant", "family", "needs", "found by", "strategy", "schedules",
                           "seconds", "preemptions", "build s"},
                          {5, 6, 7, 8});
  std::vector<std::pair<mutants::Mutant, mutants::Trial>> trials;
  ExitCode result = ExitCode::Agrees;
  for (const mutants::Mutant& mutant : all) {
    const bool wanted = words.names.empty() || std::find(words.names.begin(), words.names.end(),
                                                         mutant.name) != words.names.end();
    if (!wanted || interrupted().is_set()) continue;
    std::fprintf(stderr, "mutant %s\n", mutant.name.c_str());
    const mutants::Trial trial = words.only_apply
                                     ? nursery.try_to_apply(mutant)
                                     : nursery.try_to_kill(mutant, words.seed, words.seconds);
    if (!trial.killed || !trial.expected || !trial.error.empty()) result = ExitCode::Violation;
    add_row(table, mutant, trial);
    trials.emplace_back(mutant, trial);
  }
  std::fputs(table.text().c_str(), stdout);
  if (!words.json_path.empty()) {
    if (const std::string sentence =
            report::write_whole_file(words.json_path, mutants::trials_json(trials));
        !sentence.empty())
      return refuse(sentence);
  }
  return result;
}

}  // namespace

void add_mutants(CLI::App& program, ExitCode& result) {
  auto words = std::make_shared<MutantsWords>();
  CLI::App* const command =
      program.add_subcommand("mutants", "plants each known fault and shows what finds it");
  command->add_option("names", words->names, "some of models/mutants; all if none is named");
  command->add_option("--seconds", words->seconds, "the most that a check of one mutant may take")
      ->capture_default_str()
      ->check(CLI::Range(1U, 3600U));
  command->add_option("--seed", words->seed, "of the checks")->capture_default_str();
  command->add_option("--json", words->json_path, "write the kill table as JSON");
  command->add_flag("--only-apply", words->only_apply, "only try whether each patch still applies");
  command->callback([words, &result] { result = run(*words); });
}

}  // namespace quiesce::cli
