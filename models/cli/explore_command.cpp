// quiesce explore: every reachable state of a model.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "models/cli/command.hpp"
#include "models/cli/source_digest.hpp"
#include "models/explore/command.hpp"
#include "models/explore/registry.hpp"
#include "models/refine/campaign.hpp"

namespace quiesce::cli {

namespace {

/// Which models have a flag, and what it is in the first of them.
struct Flag {
  std::string models;
  std::string_view help;
};

template <class ModelFlags>
std::map<std::string, Flag> flags_of_models(ModelFlags flags_of) {
  std::map<std::string, Flag> flags;
  for (const explore::ExplorableModel& model : explore::explorable_models()) {
    for (const auto& flag : flags_of(model)) {
      Flag& row = flags.try_emplace(std::string(flag.name), Flag{"", flag.help}).first->second;
      row.models += (row.models.empty() ? "" : ", ") + std::string(model.name);
    }
  }
  return flags;
}

/// Reads a number that may be negative; one that 64 bits do not hold is refused as it was written.
std::int64_t whole_number(const std::string& flag, const std::string& word) {
  std::int64_t number = 0;
  const char* const end = word.data() + word.size();
  const auto read = std::from_chars(word.data(), end, number);
  if (read.ec == std::errc{} && read.ptr == end) return number;
  throw CLI::ValidationError(flag + " is '" + word + "'; it takes a whole number below 2^63");
}

void add_number(CLI::App& command, const std::string& flag, std::optional<std::int64_t>& into,
                const std::string& help) {
  command.add_option_function<std::string>(
      flag, [flag, &into](const std::string& word) { into = whole_number(flag, word); }, help);
}

void add_flags_of_models(CLI::App& command,
                         const std::shared_ptr<explore::ExploreArguments>& arguments) {
  const auto bounds = flags_of_models([](const auto& model) { return model.bounds; });
  for (const auto& [name, flag] : bounds) {
    command.add_option_function<std::string>(
        "--" + name,
        [arguments, name = name](const std::string& word) {
          arguments->bounds[name] = whole_number("--" + name, word);
        },
        flag.models + ": " + std::string(flag.help));
  }
  const auto choices = flags_of_models([](const auto& model) { return model.choices; });
  for (const auto& [name, flag] : choices) {
    command.add_option_function<std::string>(
        "--" + name,
        [arguments, name = name](const std::string& word) { arguments->choices[name] = word; },
        flag.models + ": " + std::string(flag.help));
  }
}

}  // namespace

void add_explore(CLI::App& program, ExitCode& result) {
  auto arguments = std::make_shared<explore::ExploreArguments>();
  CLI::App* const command =
      program.add_subcommand("explore", "every reachable state of a model, breadth first");
  command->add_option("model", arguments->model,
                      "the model; ./quiesce list models names them; without one: the default set");
  add_flags_of_models(*command, arguments);
  command->add_option("--symmetry", arguments->symmetry,
                      "count orbits: tasks, obligations, regions, with commas");
  add_number(*command, "--threads", arguments->threads, "worker threads; the result is the same");
  add_number(*command, "--memory", arguments->memory_ceiling_bytes, "memory ceiling in bytes");
  command->add_flag("--reduce", arguments->reduce,
                    "take steps that only commute in one order; every state is still visited");
  command->add_flag("--exact", arguments->exact, "whole states instead of fingerprints");
  command->add_flag("--keep-going", arguments->keep_going,
                    "past violations: reports every sentence that is broken anywhere");
  command->add_flag("--count-witnesses", arguments->count_witnesses,
                    "how many states show each interesting case");
  command->add_option("--json", arguments->json_path, "write the report as JSON");
  command->add_option("--dot", arguments->dot_path, "write a small space as a DOT graph");
  command->add_option(
      "--itf", arguments->itf_path,
      "write the counterexample, or else a trace to the deepest level, as ITF JSON");
  command->add_option("--witness", arguments->witness, "write a trace to this interesting case");
  command->add_flag("--progress", arguments->progress,
                    "judge what waits, too: fair cycles are shown as a lasso");
  command->add_option("--unfair", arguments->unfair,
                      "kinds of fairness that --progress must not assume, with commas");
  command->add_flag("--fair-together", arguments->fair_together,
                    "--progress assumes only that something happens, not to whom");
  command->add_option("--checkpoint", arguments->checkpoint_path, "a file to go on from later");
  add_number(*command, "--checkpoint-seconds", arguments->checkpoint_seconds,
             "between two checkpoints; 60 by itself");
  command->add_option("--spill", arguments->spill_folder,
                      "keep the log of states in a file in this folder, not in memory");
  command->add_option("--resume", arguments->resume_path, "go on from a checkpoint");
  command->callback([arguments, &result] {
    arguments->sources = source_digest();
    arguments->on_terminal = ::isatty(2) == 1;
    arguments->stop_requested = [] { return interrupted().is_set(); };
    static_cast<void>(interrupted());
    result = static_cast<ExitCode>(explore::explore_command(*arguments, std::cout, std::cerr));
  });
}

}  // namespace quiesce::cli
