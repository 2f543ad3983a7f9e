// One search as the command line asks for it: checked arguments, the search, what comes with it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "models/explore/command.hpp"
#include "models/explore/progress_result.hpp"
#include "models/explore/report.hpp"
#include "models/explore/result.hpp"

namespace quiesce::explore {

/// A search that has ended.
struct Run {
  Searched searched;
  SearchResult result;
  std::optional<std::string> dot;          ///< if it was asked for and the space is small
  std::optional<ProgressReport> progress;  ///< if it was asked for and the search came to its end
};

/// Checks the arguments and searches; throws Refusal when an argument cannot be used.
[[nodiscard]] Run run_search(const ExploreArguments& arguments,
                             const std::function<void(const Progress&)>& progress);

/// Only checks what is asked of the machine: threads and memory.
void check_machine(const ExploreArguments& arguments);

/// Whether a model draws a sample instead of searching: nothing of it can be kept or gone on from.
[[nodiscard]] bool is_sample(std::string_view model);

/// Only checks what `run_search` checks before it searches.
void check_arguments(const ExploreArguments& arguments);

}  // namespace quiesce::explore
