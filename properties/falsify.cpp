#include "properties/falsify.hpp"

#include "models/cli/source_digest.hpp"
#include "models/refine/checker.hpp"
#include "models/report/replay_line.hpp"

namespace quiesce::properties {
namespace {

std::optional<refine::Failure> first_failure(refine::ScriptChecker& checker,
                                             const Schedules& schedules) {
  using refine::Strategy;
  auto checked = checker.run(Strategy::Exhaustive, 0, schedules.exhaustive);
  if (checked.failure || checked.exhausted) return checked.failure;
  checked = checker.run(Strategy::RandomWalk, 0, schedules.random_walk);
  if (checked.failure) return checked.failure;
  return checker.run(Strategy::Pct, 0, schedules.pct).failure;
}

}  // namespace

std::optional<refine::Failure> falsify(const refine::Variant& variant, const refine::Script& script,
                                       const Schedules& schedules) {
  refine::ScriptChecker checker{variant};
  checker.load(script);
  auto failure = first_failure(checker, schedules);
  if (!failure) return std::nullopt;
  // From no preemption upwards: the first schedule that fails has the fewest.
  checker.load(script);
  auto simplest = checker.run(refine::Strategy::Exhaustive, 0, schedules.exhaustive_search).failure;
  return simplest ? simplest : failure;
}

std::string report(const refine::Failure& failure) {
  std::string text = failure.id + ": " + failure.sentence + "\n";
  if (failure.mismatch) {
    text += "  spec_says " + to_text(failure.mismatch->spec_says) + ", impl_says " +
            to_text(failure.mismatch->impl_says) + " to " + to_text(failure.mismatch->action) +
            "\n";
  }
  text += "  script " + refine::to_line(failure.script) + "\n";
  text += "  schedule " + interleave::to_text(failure.decisions) + ", preemptions " +
          std::to_string(failure.preemptions) + "\n";
  if (refine::find_variant(failure.variant) == nullptr) return text;
  return text + "  replay: ./quiesce replay '" +
         report::to_text(report::replay_line(failure, cli::source_digest())) + "'\n";
}

}  // namespace quiesce::properties
