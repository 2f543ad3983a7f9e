// quiesce scenario: runs scenario files, compares their output, or writes it anew.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "models/cli/arguments.hpp"
#include "models/cli/command.hpp"
#include "models/report/atomic_file.hpp"
#include "models/report/scenario.hpp"

namespace quiesce::cli {
namespace {

struct ScenarioWords {
  std::vector<std::string> files;
  std::string variant = "sharded";
  bool rewrite = false;
  bool quiet = false;
};

ExitCode run_file(const ScenarioWords& words, const std::string& path,
                  const refine::Variant& variant) {
  const report::FileText file = report::read_whole_file(path);
  if (!file.error.empty()) return refuse(file.error);
  const report::Scenario scenario = report::parse_scenario(file.text);
  if (!scenario.error.empty()) return refuse(path + ": " + scenario.error);
  const report::ScenarioRun run = report::run_scenario(scenario, variant);
  if (!words.quiet) std::fputs(run.text.c_str(), stdout);
  if (!run.clash.empty()) {
    std::fprintf(stderr, "quiesce: %s: %s\n", path.c_str(), run.clash.c_str());
    return ExitCode::Violation;
  }
  if (words.rewrite) {
    const std::string error = report::write_whole_file(path, run.text);
    return error.empty() ? ExitCode::Agrees : refuse(error);
  }
  if (run.unexpected.empty()) return ExitCode::Agrees;
  std::fprintf(stderr, "quiesce: %s: %s; --rewrite takes the new output\n", path.c_str(),
               run.unexpected.c_str());
  return ExitCode::Violation;
}

ExitCode run(const ScenarioWords& words) {
  const refine::Variant* const variant = variant_or_complain(words.variant);
  if (variant == nullptr) return ExitCode::Usage;
  ExitCode worst = ExitCode::Agrees;
  for (const std::string& path : words.files) {
    const ExitCode code = run_file(words, path, *variant);
    if (static_cast<int>(code) > static_cast<int>(worst)) worst = code;
  }
  return worst;
}

}  // namespace

void add_scenario(Program& program) {
  auto words = std::make_shared<ScenarioWords>();
  Command command =
      program.command("scenario", "actions from a file, each with the output it must give");
  command.required_words("files", words->files, "scenario files, such as tests/scenarios/*.txt");
  command.word("--impl", words->variant, "the variant");
  command.flag("--rewrite", words->rewrite, "take the output that was given into the files");
  command.flag("--quiet", words->quiet, "print only what is wrong");
  command.does([words] { return run(*words); });
}

}  // namespace quiesce::cli
