// The model `scripts` for the command line.
#include "models/explore/scripts.hpp"

#include "models/explore/registry.hpp"
#include "models/explore/request.hpp"

namespace quiesce::explore {
namespace {

void search_scripts(SearchRequest& request) {
  const Searched& asked = request.asked();
  if (request.wants_dot || request.options.want_example || !request.options.resume_path.empty() ||
      !request.options.checkpoint_path.empty())
    throw Refusal{"scripts are drawn, not searched: no --dot, --itf, --checkpoint and --resume"};
  request.run.result = walk_scripts({.seed = asked.bound("seed"),
                                     .scripts = asked.bound("scripts"),
                                     .length = asked.bound("length")},
                                    request.options);
}

}  // namespace

ExplorableModel model_scripts();
ExplorableModel model_scripts() {
  constexpr ScriptBounds own;
  return {
      .name = "scripts",
      .sentence =
          "random scripts of spec::step: time, budgets, limits, joins and leak policies, too; a "
          "sample",
      .bounds = {{"seed", "where the numbers begin", own.seed, 0, 1'000'000'000},
                 {"scripts", "how many are drawn", own.scripts, 1, 1'000'000'000},
                 {"length", "actions in each", own.length, 1, 1'000}},
      .choices = {},
      .symmetry = {},
      .entries = {},
      .search = search_scripts,
      .is_sample = true,
  };
}

}  // namespace quiesce::explore
