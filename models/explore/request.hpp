// A search as a model receives it: checked bounds and words, and the options of the engine.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
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

/// What the type of a model does not decide.
///   refuses  a witness that the model does not have
void find_witness(std::span<const Fact> known, SearchRequest& request);
///   refuses  more instances of actions than a reduced search knows
void check_reducible(std::size_t instances);
///   refuses  an unfair kind that the model does not have
void check_unfair(std::span<const FairnessKind> known, const SearchRequest& request);
/// Whether what waits is to be judged: a search that ended early is not.
[[nodiscard]] bool wants_progress(const SearchRequest& request);
/// What fails is broken as an invariant is; the first is the result's violation, unless the search
/// found one.
void take_progress(ProgressReport report, SearchRequest& request);
void draw_if_wanted(const ModelView& model, SearchRequest& request);

/// Searches a model.
///   refuses  a witness that the model does not have
template <Model M>
void search_with(const M& model, SearchRequest& request) {
  find_witness(model.sometimes(), request);
  if constexpr (ReducibleModel<M>) {
    if (request.wants_reduction) {
      check_reducible(model.instance_count());
      request.run.result = reduced_search(model, request.options);
      return;
    }
  }
  request.run.result = search(model, request.options);
  draw_if_wanted(ViewOf<M>(model), request);
}

/// Searches a model and then, if that is asked for, judges what waits in it.
///   refuses  what `search_with` refuses, and an unfair kind that the model does not have
template <Model M, ProgressModel P>
void search_and_judge(const M& model, const P& waits, SearchRequest& request) {
  check_unfair(waits.fairness_kinds(), request);
  search_with(model, request);
  if (wants_progress(request)) take_progress(check_progress(waits, *request.progress), request);
}

}  // namespace quiesce::explore
