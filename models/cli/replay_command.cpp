// quiesce replay: one execution again, exactly, with its columns.
#include <cstdio>
#include <memory>
#include <string>

#include "models/cli/arguments.hpp"
#include "models/cli/command.hpp"
#include "models/cli/source_digest.hpp"
#include "models/refine/checker.hpp"
#include "models/report/atomic_file.hpp"
#include "models/report/failure_text.hpp"
#include "models/report/replay_line.hpp"

namespace quiesce::cli {
namespace {

struct ReplayWords {
  std::string source;
  bool anyway = false;
};

/// The replay line that the argument is, or that the file of that name holds.
std::string line_of(const std::string& source, std::string& error) {
  if (source.rfind("q1:", 0) == 0) return source;
  if (const std::size_t colon = source.find(':');
      colon != std::string::npos && colon <= 3 && source.front() == 'q')
    return source;  // another version: the parser says so
  const report::FileText file = report::read_whole_file(source);
  if (!file.error.empty()) {
    error = file.error + "; replay takes a line that starts with q1: or a file that holds one";
    return {};
  }
  const std::string line{report::find_replay_line(file.text)};
  if (line.empty()) error = "there is no replay line in '" + source + "'; it starts with q1:";
  return line;
}

ExitCode show(const report::ReplayLine& line, const refine::Variant& variant) {
  refine::ScriptChecker checker(variant);
  checker.load(line.script, line.script_index);
  refine::Checked checked = checker.replay(line.decisions);
  if (!checked.nondeterminism.empty()) {
    refuse("this run could not be repeated: " + checked.nondeterminism);
    return ExitCode::Nondeterminism;
  }
  if (!checked.failure) {
    std::printf("%s agrees with the specification on this interleaving\n", line.variant.c_str());
    return ExitCode::Agrees;
  }
  refine::Failure& failure = *checked.failure;
  failure.seed = line.seed;
  failure.script_index = line.script_index;
  failure.execution_index = line.execution_index;
  if (const auto strategy = refine::find_strategy(line.strategy)) failure.strategy = *strategy;
  const refine::TracedRun run = refine::trace(failure, variant);
  std::fputs(report::failure_text(failure, run, report::to_text(line)).c_str(), stdout);
  return ExitCode::Violation;
}

ExitCode replay(const ReplayWords& words) {
  std::string error;
  const std::string text = line_of(words.source, error);
  if (!error.empty()) return refuse(error);
  const report::ParsedReplayLine parsed = report::parse_replay_line(text);
  if (!parsed.line) return refuse(parsed.error);
  const refine::Variant* const variant = variant_or_complain(parsed.line->variant);
  if (variant == nullptr) return ExitCode::Usage;
  if (parsed.line->sources != source_digest() && !words.anyway)
    return refuse("this replay line comes from other sources (" + parsed.line->sources +
                  ", these are " + std::string(source_digest()) +
                  "); check out those sources, or add --anyway to try it on these");
  return show(*parsed.line, *variant);
}

}  // namespace

void add_replay(Program& program) {
  auto words = std::make_shared<ReplayWords>();
  Command command = program.command("replay", "one failing interleaving again, exactly");
  command.required_word("source", words->source, "a replay line, or a file that holds one");
  command.flag("--anyway", words->anyway, "try a line that comes from other sources");
  command.does([words] { return replay(*words); });
}

}  // namespace quiesce::cli
