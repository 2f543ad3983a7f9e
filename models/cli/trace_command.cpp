// quiesce trace: real threads on a variant, recorded for quiesce validate.
#include <cstdio>
#include <memory>
#include <string>

#include "models/cli/arguments.hpp"
#include "models/cli/command.hpp"
#include "models/refine/campaign.hpp"
#include "models/report/atomic_file.hpp"
#include "models/report/text_table.hpp"
#include "models/validate/record.hpp"

namespace quiesce::cli {
namespace {

/// The words of the command line; nothing is checked yet.
struct TraceWords {
  std::string variant = "sharded";
  std::string threads = "4";
  std::string actions = "100000";
  std::string seed = "1";
  std::string leaks = "Log";
  bool intervals = false;
  bool release = false;
  std::string out;
};

std::string read_options(const TraceWords& words, validate::RecordOptions& options) {
  std::uint64_t threads = 0;
  std::string wrong = read_bounded("--threads", words.threads, 1, 64, threads);
  if (wrong.empty())
    wrong = read_bounded("--actions", words.actions, threads, 50'000'000, options.actions);
  if (wrong.empty()) wrong = read_bounded("--seed", words.seed, 0, ~std::uint64_t{0}, options.seed);
  const ParsedLeakPolicy leaks = parse_leak_policy(words.leaks);
  if (wrong.empty() && !leaks.ok) wrong = "--leaks is '" + words.leaks + "': " + leaks.error;
  options.leaks = leaks.policy;
  if (wrong.empty() && words.release && words.intervals)
    wrong = "--release is for tickets; leave out --intervals";
  options.threads = static_cast<std::uint32_t>(threads);
  options.order = words.intervals ? validate::Order::Intervals : validate::Order::Tickets;
  options.release = words.release;
  return wrong;
}

ExitCode run(const TraceWords& words) {
  const refine::Variant* const variant = variant_or_complain(words.variant);
  if (variant == nullptr) return ExitCode::Usage;
  validate::RecordOptions options;
  if (const std::string wrong = read_options(words, options); !wrong.empty()) return refuse(wrong);
  if (const std::string error = report::cannot_write(words.out); !error.empty())
    return refuse(error);
  static_cast<void>(interrupted());
  options.go_on = [] { return !interrupted().is_set(); };
  const validate::Recorded recorded = validate::record(*variant, options);
  if (!recorded.error.empty()) return refuse(recorded.error);
  if (const std::string error = validate::write_trace(recorded.recording, words.out);
      !error.empty())
    return refuse(error);
  std::printf(
      "%s: %s events of %s on %s threads%s, then everything ended; now: quiesce validate %s\n",
      words.out.c_str(), report::with_commas(recorded.recording.events.size()).c_str(),
      words.variant.c_str(), words.threads.c_str(),
      interrupted().is_set() ? " until the interrupt" : "", words.out.c_str());
  return ExitCode::Agrees;
}

}  // namespace

void add_trace(Program& program) {
  auto words = std::make_shared<TraceWords>();
  Command command =
      program.command("trace", "real threads on a variant, recorded for quiesce validate");
  command.word("--impl", words->variant, "the variant");
  command.word("--threads", words->threads, "how many threads");
  command.word("--actions", words->actions, "how many actions, by all threads together");
  command.word("--seed", words->seed, "of what the threads ask for");
  command.word("--leaks", words->leaks,
               "what a leak does: Log, Silent, Recover or Panic; 'Recover, after 2 Panic'");
  command.flag("--intervals", words->intervals,
               "record when each action began and ended instead of its ticket");
  command.flag("--release", words->release, "say which names are never used again");
  command.required_word("--out", words->out, "the trace");
  command.does([words] { return run(*words); });
}

}  // namespace quiesce::cli
