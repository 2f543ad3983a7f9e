// quiesce explore: every reachable state of a model.
#include <unistd.h>

#include <charconv>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "models/cli/arguments.hpp"
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

/// Reads a number that may be negative; the sentence that says what is wrong, or nothing.
template <class Number>
std::string read_number(const std::string& flag, const std::string& word, Number& into) {
  std::int64_t number = 0;
  const char* const end = word.data() + word.size();
  const auto read = std::from_chars(word.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end)
    return flag + " is '" + word + "'; it takes a whole number below 2^63";
  into = number;
  return {};
}

void add_number(Command& command, const std::string& flag, std::optional<std::int64_t>& into,
                const std::string& help) {
  command.word_for(
      flag, [flag, &into](const std::string& word) { return read_number(flag, word, into); }, help);
}

void add_flags_of_models(Command& command,
                         const std::shared_ptr<explore::ExploreArguments>& arguments) {
  const auto bounds = flags_of_models([](const auto& model) { return model.bounds; });
  for (const auto& [name, flag] : bounds) {
    command.word_for(
        "--" + name,
        [arguments, name = name](const std::string& word) {
          return read_number("--" + name, word, arguments->bounds[name]);
        },
        flag.models + ": " + std::string(flag.help));
  }
  const auto choices = flags_of_models([](const auto& model) { return model.choices; });
  for (const auto& [name, flag] : choices) {
    command.word_for(
        "--" + name,
        [arguments, name = name](const std::string& word) {
          arguments->choices[name] = word;
          return std::string();
        },
        flag.models + ": " + std::string(flag.help));
  }
}

}  // namespace

void add_explore(Program& program) {
  auto arguments = std::make_shared<explore::ExploreArguments>();
  Command command = program.command("explore", "every reachable state of a model, breadth first");
  command.word("model", arguments->model,
               "the model; ./quiesce list models names them; without one: the default set");
  add_flags_of_models(command, arguments);
  command.word("--symmetry", arguments->symmetry,
               "count orbits: tasks, obligations, regions, with commas");
  add_number(command, "--threads", arguments->threads, "worker threads; the result is the same");
  add_number(command, "--memory", arguments->memory_ceiling_bytes, "memory ceiling in bytes");
  command.flag("--reduce", arguments->reduce,
               "take steps that only commute in one order; every state is still visited");
  command.flag("--exact", arguments->exact, "whole states instead of fingerprints");
  command.flag("--keep-going", arguments->keep_going,
               "past violations: reports every sentence that is broken anywhere");
  command.flag("--count-witnesses", arguments->count_witnesses,
               "how many states show each interesting case");
  command.word("--json", arguments->json_path, "write the report as JSON");
  command.word("--dot", arguments->dot_path, "write a small space as a DOT graph");
  command.word("--itf", arguments->itf_path,
               "write the counterexample, or else a trace to the deepest level, as ITF JSON");
  command.word("--witness", arguments->witness, "write a trace to this interesting case");
  command.flag("--progress", arguments->progress,
               "judge what waits, too: fair cycles are shown as a lasso");
  command.word("--unfair", arguments->unfair,
               "kinds of fairness that --progress must not assume, with commas");
  command.flag("--fair-together", arguments->fair_together,
               "--progress assumes only that something happens, not to whom");
  command.word("--checkpoint", arguments->checkpoint_path, "a file to go on from later");
  add_number(command, "--checkpoint-seconds", arguments->checkpoint_seconds,
             "between two checkpoints; 60 by itself");
  command.word("--spill", arguments->spill_folder,
               "keep the log of states in a file in this folder, not in memory");
  command.word("--resume", arguments->resume_path, "go on from a checkpoint");
  command.does([arguments] {
    arguments->sources = source_digest();
    arguments->on_terminal = ::isatty(2) == 1;
    arguments->stop_requested = [] { return interrupted().is_set(); };
    static_cast<void>(interrupted());
    return static_cast<ExitCode>(explore::explore_command(*arguments, std::cout, std::cerr));
  });
}

}  // namespace quiesce::cli
