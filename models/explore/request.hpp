// A search as a model receives it: checked bounds and words, and the options of the engine.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "models/explore/export.hpp"
#include "models/explore/progress_check.hpp"
#include "models/explore/reduced_search.hpp"
#include "models/explore/refusal.hpp"
#include "models/explore/run.hpp"
#include "models/explore/search.hpp"

namespace quiesce::explore {

/// What is to be searched and how; `search_with` fills in the result.
struct SearchRequest {
  Run run;  ///< `run.searched` has the bounds, the words and the kinds of names to identify
  SearchOptions options;
  bool wants_dot = false;
  bool wants_reduction = false;
  std::string witness;                        ///< whose trace is wanted; empty: none
  std::optional<ProgressOptions> progress{};  ///< if it is asked for

  [[nodiscard]] const Searched& asked() const { return run.searched; }
};

/// Searches a model.
///   refuses  a witness that the model does not have
template <Model M>
void search_with(const M& model, SearchRequest& request) {
  if (!request.witness.empty()) {
    const auto known = model.sometimes();
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const Fact& fact) { return fact.id == request.witness; });
    if (found == known.end())
      throw Refusal{fmt::format("--witness '{}' is no `sometimes` of {}", request.witness,
                                request.asked().model)};
    request.options.example_of = static_cast<std::size_t>(found - known.begin());
  }
  if constexpr (ReducibleModel<M>) {
    if (request.wants_reduction) {
      if (model.instance_count() > InstanceSet::most)
        throw Refusal{fmt::format("--reduce knows {} instances of actions; these bounds have {}",
                                  InstanceSet::most, model.instance_count())};
      request.run.result = reduced_search(model, request.options);
      return;
    }
  }
  request.run.result = search(model, request.options);
  if (request.wants_dot && request.run.result.distinct_states <= most_dot_states)
    request.run.dot = dot_of(model);
}

/// Searches a model and then, if that is asked for, judges what waits in it. What fails is broken
/// as an invariant is; the first is the result's violation, unless the search found one. A search
/// that ended early is not judged.
///   refuses  what `search_with` refuses, and an unfair kind that the model does not have
template <Model M, ProgressModel P>
void search_and_judge(const M& model, const P& waits, SearchRequest& request) {
  const auto kinds = waits.fairness_kinds();
  for (const std::string& unfair :
       request.progress ? request.progress->unfair : std::vector<std::string>{}) {
    if (std::none_of(kinds.begin(), kinds.end(),
                     [&](const FairnessKind& kind) { return kind.name == unfair; }))
      throw Refusal{
          fmt::format("--unfair '{}' is no kind of fairness of {}", unfair, request.asked().model)};
  }
  search_with(model, request);
  SearchResult& result = request.run.result;
  const bool deadlocked = result.violation && result.violation->id == no_deadlock;
  if (!request.progress || (result.ended != Ended::Complete && !deadlocked)) return;
  request.run.progress = check_progress(waits, *request.progress);
  for (const Violation& failure : request.run.progress->failures()) {
    const std::size_t last = failure.trace.size() - 1;
    result.broken.push_back({failure.id, failure.loop.value_or(last), 1});
    if (!result.violation) result.violation = failure;
  }
}

}  // namespace quiesce::explore
