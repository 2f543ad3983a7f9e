// A failure as a plain value, and the traced re-run that a report draws.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/interleave/decisions.hpp"
#include "models/refine/runtime_under_test.hpp"
#include "models/refine/script.hpp"
#include "models/refine/strategy.hpp"

namespace quiesce::refine {

/// What kind of fact clashed.
enum class FailureKind : std::uint8_t {
  InvariantViolated,  // a state or a step breaks a sentence of the catalogue; `id` says which
  AnswerDiffers,      // refine.answer: the specification answers otherwise in the order of commits
  EffectsDiffer,      // refine.effects: an operation tells its observer other than the step says
  StateDiffers,       // refine.state: the final snapshot is not the specification's state
  Representation,     // refine.representation: lists or counters of the snapshot disagree
  TicketOrder,        // refine.ticket_order: a ticket was drawn outside its operation
  NotLinearizable,    // refine.linearizable: no order of the operations explains the answers
  ExecutionEnded,     // run.deadlock, run.lock_rank, …: the explorer ended the execution
};

/// Where the two sides answer differently.
struct Mismatch {
  std::size_t part = 0;      // 0 prefix, 1.. branches, last suffix
  std::size_t position = 0;  // in that part
  Action action;             // as issued
  Answer spec_says;
  Answer impl_says;
};

/// What makes two failures the same while one is made smaller.
struct Signature {
  FailureKind kind{};
  std::string id;
  std::string verb;  // of the mismatch; empty if there is none
  friend bool operator==(const Signature&, const Signature&) = default;
};

/// Everything a report says about a failure.
struct Failure {
  FailureKind kind{};
  std::string id;        // the key string: "inv.region.quiescence", "refine.answer", "run.deadlock"
  std::string sentence;  // the two facts that clash
  std::vector<std::string> details;  // further facts: every row that differs, spec against impl
  std::optional<Mismatch> mismatch;

  std::string variant;
  Script script;
  interleave::Decisions decisions;
  Strategy strategy = Strategy::Replay;  // that found it
  bool linearization = false;            // a search for one was asked for despite tickets
  std::uint64_t seed = 0;                // of the run
  std::uint64_t script_index = 0;        // in the run
  std::uint64_t execution_index = 0;     // of the script
  std::uint32_t threads = 0;             // that run concurrently: branches with actions
  std::uint32_t preemptions = 0;

  bool minimised = false;
  std::string minimal_note;  // "minimal: needs 1 preemption", if the search below it finished
  /// The last neighbour that passed while the failure was made smaller.
  std::optional<interleave::Decisions> nearest_passing;
  std::string nearest_passing_note;  // "the switch at decision 5 comes one step earlier"

  [[nodiscard]] Signature signature() const;
};

/// One row of the trace: a visible operation or a note.
struct TraceRow {
  std::size_t part = 0;   // 0 the main thread (prefix and suffix), 1.. branches
  std::string text;       // "lock Regions", "start(t1)", "-> Done"
  std::string switched;   // why this thread runs now: "preempted", "finished", "blocked on …"
  std::size_t depth = 0;  // indentation: locks held
  std::vector<std::string> changed;  // "r0 Open -> Closed", "t1 new, Created"
};

/// A failure's execution once more, looking at everything.
struct TracedRun {
  std::vector<std::string> titles;  // by part: "T1 spawn(t1, r0) -> Refused{RegionOpen}; …"
  std::vector<TraceRow> rows;
  bool failed_again = false;  // with the same signature: the schedule is reproducible
  std::string divergence;     // what did not fit the recorded decisions, if anything
};

/// Replays a failure's script and decisions with every visible operation recorded.
[[nodiscard]] TracedRun trace(const Failure& failure, const Variant& variant);

/// What changed from one snapshot to the next, row by row, in words; why something is cancelled is
/// told with its causes.
[[nodiscard]] std::vector<std::string> changes(const Snapshot& before, const Snapshot& after);

}  // namespace quiesce::refine
