// quiesce explore: every reachable state of a model.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "models/cli/command.hpp"
#include "models/cli/source_digest.hpp"
#include "models/explore/command.hpp"
#include "models/refine/campaign.hpp"

namespace quiesce::cli {

void add_explore(CLI::App& program, ExitCode& result) {
  auto arguments = std::make_shared<explore::ExploreArguments>();
  CLI::App* const command =
      program.add_subcommand("explore", "every reachable state of a model, breadth first");
  command->add_option("model", arguments->model,
                      "the model; ./quiesce list models names them; without one: the default set");
  command->add_option("--tasks", arguments->tasks, "tasks that may ever exist");
  command->add_option("--regions", arguments->regions, "regions that may ever exist");
  command->add_option("--obligations", arguments->obligations, "obligations that may ever exist");
  command->add_option("--mask", arguments->mask, "the largest mask");
  command->add_option("--finalizers", arguments->finalizers, "house: finalizers ever deferred");
  command->add_option("--kinds", arguments->kinds, "house: 1 cancels with User, 2 also Shutdown");
  command->add_option("--policies", arguments->policies, "house: 1 CollectAll, 2 also FailFast");
  command->add_option("--granularity", arguments->granularity,
                      "house: settled, or small for the internal rules one by one");
  command->add_option("--claim", arguments->claim, "house: no-leak, which leaks break");
  command->add_option("--symmetry", arguments->symmetry,
                      "count orbits: tasks, obligations, regions, with commas");
  command->add_option("--threads", arguments->threads, "worker threads; the result is the same");
  command->add_option("--memory", arguments->memory_ceiling_bytes, "memory ceiling in bytes");
  command->add_flag("--exact", arguments->exact, "whole states instead of fingerprints");
  command->add_flag("--count-witnesses", arguments->count_witnesses,
                    "how many states show each interesting case");
  command->add_option("--json", arguments->json_path, "write the report as JSON");
  command->add_option("--dot", arguments->dot_path, "write a small space as a DOT graph");
  command->add_option(
      "--itf", arguments->itf_path,
      "write the counterexample, or else a trace to the deepest level, as ITF JSON");
  command->add_option("--witness", arguments->witness, "write a trace to this interesting case");
  command->add_option("--checkpoint", arguments->checkpoint_path, "a file to go on from later");
  command->add_option("--checkpoint-seconds", arguments->checkpoint_seconds,
                      "between two checkpoints; 60 by itself");
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
