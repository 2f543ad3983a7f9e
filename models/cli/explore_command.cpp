// quiesce explore: every reachable state of a model.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "models/cli/command.hpp"
#include "models/explore/command.hpp"
#include "models/refine/campaign.hpp"

namespace quiesce::cli {

void add_explore(CLI::App& program, ExitCode& result) {
  auto arguments = std::make_shared<explore::ExploreArguments>();
  CLI::App* const command =
      program.add_subcommand("explore", "every reachable state of a model, breadth first");
  command->add_option("model", arguments->model, "the model; ./quiesce list models names them")
      ->capture_default_str();
  command->add_option("--tasks", arguments->tasks, "tasks that may ever exist");
  command->add_option("--regions", arguments->regions, "regions that may ever exist");
  command->add_option("--obligations", arguments->obligations, "obligations that may ever exist");
  command->add_option("--mask", arguments->mask, "the largest mask");
  command->add_option("--symmetry", arguments->symmetry,
                      "count orbits: tasks, obligations, regions, with commas");
  command->add_option("--threads", arguments->threads, "worker threads; the result is the same");
  command->add_option("--memory", arguments->memory_ceiling_bytes, "memory ceiling in bytes");
  command->add_option("--json", arguments->json_path, "write the report as JSON");
  command->callback([arguments, &result] {
    arguments->on_terminal = ::isatty(2) == 1;
    arguments->stop_requested = [] { return interrupted().is_set(); };
    static_cast<void>(interrupted());
    result = static_cast<ExitCode>(explore::explore_command(*arguments, std::cout, std::cerr));
  });
}

}  // namespace quiesce::cli
