// A search as a model receives it: checked bounds and words, and the options of the engine.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "models/explore/export.hpp"
#include "models/explore/refusal.hpp"
#include "models/explore/run.hpp"
#include "models/explore/search.hpp"

namespace quiesce::explore {

/// What is to be searched and how; `search_with` fills in the result.
struct SearchRequest {
  Run run;  ///< `run.searched` has the bounds, the words and the kinds of names to identify
  SearchOptions options;
  bool wants_dot = false;
  std::string witness;  ///< whose trace is wanted; empty: none

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
  request.run.result = search(model, request.options);
  if (request.wants_dot && request.run.result.distinct_states <= most_dot_states)
    request.run.dot = dot_of(model);
}

}  // namespace quiesce::explore
