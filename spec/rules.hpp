// The rules: one function an action, one function an internal rule. For the reader of the diagrams:
// search the rule's id. For everyone else: include spec/step.hpp.
#pragma once

#include "spec/step.hpp"

namespace quiesce::spec {

// A rule takes the state over and hands it on: State&& is a value that is moved, never copied.

// Region rules (region_rules.cpp)
[[nodiscard]] Step open_region(State&& s, const OpenRegion& a);
[[nodiscard]] Step close_region(State&& s, const CloseRegion& a);
[[nodiscard]] Step cancel_region(State&& s, const CancelRegion& a);
[[nodiscard]] Step advance_time(State&& s, const AdvanceTime& a);

// Task rules (task_rules.cpp)
[[nodiscard]] Step spawn(State&& s, const Spawn& a);
[[nodiscard]] Step start(State&& s, const Start& a);
[[nodiscard]] Step poll(State&& s, const Poll& a);
[[nodiscard]] Step checkpoint(State&& s, const Checkpoint& a);
[[nodiscard]] Step enter_mask(State&& s, const EnterMask& a);
[[nodiscard]] Step leave_mask(State&& s, const LeaveMask& a);
[[nodiscard]] Step cleanup_done(State&& s, const CleanupDone& a);
[[nodiscard]] Step return_from(State&& s, const Return& a);
[[nodiscard]] Step cancel_task(State&& s, const CancelTask& a);
[[nodiscard]] Step join(State&& s, const Join& a);

// Obligation rules (obligation_rules.cpp)
[[nodiscard]] Step reserve(State&& s, const Reserve& a);
[[nodiscard]] Step commit(State&& s, const Commit& a);
[[nodiscard]] Step abort(State&& s, const Abort& a);

// Finalizer rules and the internal rules (finalizer_rules.cpp)
[[nodiscard]] Step defer_finalizer(State&& s, const DeferFinalizer& a);
[[nodiscard]] bool finalize_enabled(const State& s, const Region& region);
[[nodiscard]] bool start_finalizer_enabled(const State& s, const Region& region);
[[nodiscard]] bool complete_close_enabled(const State& s, const Region& region);
[[nodiscard]] State finalize(State&& s, RegionName region);
[[nodiscard]] State start_finalizer(State&& s, RegionName region);
[[nodiscard]] State complete_close(State&& s, RegionName region);

// What the rules are made of.
[[nodiscard]] inline Step done_as(State&& s, const Answer& answer) {
  return {std::move(s), answer};
}
[[nodiscard]] inline Step refuse(State&& s, Guard guard) {
  return {std::move(s), refused(guard)};
}

/// Records a reason with a live body task, or strengthens it; true if the record is new or
/// stronger.
///                                                                   rule.task.request_cancel
bool request_cancel(Task& task, const CancelReason& reason);

/// Begins the close of an Open region: Draining if a child region is live, else Closing.
///                                                                   rule.region.begin_close
void begin_close(Region& region);

/// Gives every live body task of a region a reason, but for one task.
void request_cancel_of_tasks(State& s, const Region& region, const CancelReason& reason,
                             TaskName except = TaskName::none());

/// Cancels a region and everything below it, parents first; true if the region's reason is new or
/// stronger.                                                         rule.region.cancel_subtree
bool cancel_subtree(State& s, RegionName name, const CancelReason& reason);

/// Cancels the live child regions of a region: ParentCancelled, now, from the region.
void cancel_child_regions(State& s, RegionName parent);

/// Ends a live task with the outcome that was recorded: the one atomic completion.
///                                                                   rule.task.complete
void complete(State& s, TaskName name, const Outcome& outcome);

/// Settles the obligations that a completing task still holds.       rule.obligation.settle_held
void settle_held_obligations(State& s, TaskName holder, const Outcome& outcome);

}  // namespace quiesce::spec
