#include "models/explore/request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/explore/export.hpp"

namespace quiesce::explore {

void find_witness(std::span<const Fact> known, SearchRequest& request) {
  if (request.witness.empty()) return;
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const Fact& fact) { return fact.id == request.witness; });
  if (found == known.end())
    throw Refusal{fmt::format("--witness '{}' is no `sometimes` of {}", request.witness,
                              request.asked().model)};
  request.options.example_of = static_cast<std::size_t>(found - known.begin());
}

void check_reducible(std::size_t instances) {
  if (instances > InstanceSet::most)
    throw Refusal{fmt::format("--reduce knows {} instances of actions; these bounds have {}",
                              InstanceSet::most, instances)};
}

void check_unfair(std::span<const FairnessKind> known, const SearchRequest& request) {
  if (!request.progress) return;
  for (const std::string& unfair : request.progress->unfair) {
    if (std::none_of(known.begin(), known.end(),
                     [&](const FairnessKind& kind) { return kind.name == unfair; }))
      throw Refusal{
          fmt::format("--unfair '{}' is no kind of fairness of {}", unfair, request.asked().model)};
  }
}

bool wants_progress(const SearchRequest& request) {
  const SearchResult& result = request.run.result;
  const bool deadlocked = result.violation && result.violation->id == no_deadlock;
  return request.progress && (result.ended == Ended::Complete || deadlocked);
}

void take_progress(ProgressReport report, SearchRequest& request) {
  SearchResult& result = request.run.result;
  for (const Violation& failure : report.failures()) {
    const std::size_t last = failure.trace.size() - 1;
    result.broken.push_back({failure.id, failure.loop.value_or(last), 1});
    if (!result.violation) result.violation = failure;
  }
  request.run.progress = std::move(report);
}

void draw_if_wanted(const ModelView& model, SearchRequest& request) {
  if (request.wants_dot && request.run.result.distinct_states <= most_dot_states)
    request.run.dot = dot_of(model);
}

}  // namespace quiesce::explore
