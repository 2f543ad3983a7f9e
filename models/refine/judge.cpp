#include "models/refine/judge.hpp"

#include <utility>

namespace quiesce::refine {

std::string_view ending_id(interleave::Ending ending) {
  using interleave::Ending;
  switch (ending) {
    case Ending::Deadlock: return "run.deadlock";
    case Ending::RankInversion: return "run.lock_rank";
    case Ending::LockHeldAtExit: return "run.lock_held_at_exit";
    case Ending::UnprotectedAccess: return "run.unprotected_access";
    case Ending::Misuse: return "run.misuse";
    case Ending::UncaughtException: return "run.uncaught_exception";
    case Ending::CheckFailed: return "run.check_failed";
    case Ending::Crashed: return "run.crash";
    case Ending::StepLimit: return "run.step_limit";
    case Ending::Completed:
    case Ending::Abandoned: break;
  }
  return "run.completed";
}

std::optional<Clash> Judge::judge(const Execution& execution, Mode mode,
                                  const interleave::Ended& ended, const Settings& settings,
                                  Coverage& coverage) {
  if (ended.ending == interleave::Ending::Abandoned) return std::nullopt;
  if (!ended.completed()) {
    Clash clash;
    clash.kind = FailureKind::ExecutionEnded;
    clash.id = std::string(ending_id(ended.ending));
    clash.sentence = ended.sentence;
    return clash;
  }
  const bool tickets = execution.variant().tickets == Tickets::Yes;
  if (mode == Mode::Sequential) {
    return lockstep_.check_each(
        execution.history(), tickets,
        [&](std::size_t i) -> const Snapshot& { return execution.snapshot_after(i); }, coverage);
  }
  if (tickets && !settings.search_linearization) {
    return lockstep_.check(execution.history(), execution.final_snapshot(), coverage);
  }
  Linearizability::Result result = linearizability_.check(
      execution.history(), execution.final_snapshot(), settings.linearization_budget, coverage);
  if (result.verdict == Linearizable::Unknown) ++unknown_;
  return std::move(result.clash);
}

std::uint64_t Judge::take_unknown() {
  return std::exchange(unknown_, 0);
}

Failure failure_of(Clash clash, const Execution& execution, const interleave::Ended& ended,
                   interleave::Decisions decisions) {
  Failure failure;
  failure.kind = clash.kind;
  failure.id = std::move(clash.id);
  failure.sentence = std::move(clash.sentence);
  failure.details = std::move(clash.details);
  failure.mismatch = std::move(clash.mismatch);
  failure.variant = std::string(execution.variant().name);
  failure.script = execution.script();
  failure.decisions = std::move(decisions);
  failure.threads = execution.concurrent_threads();
  failure.preemptions = ended.preemptions;
  return failure;
}

Signature Failure::signature() const {
  std::string verb;
  if (mismatch) verb = std::string(action_verb(mismatch->action.index()));
  return {kind, id, std::move(verb)};
}

}  // namespace quiesce::refine
