// The rules: one function an action, one function an internal rule. For the reader of the diagrams:
// search the rule's id. For everyone else: include spec/step.hpp.
#pragma once

#include "spec/step.hpp"

namespace quiesce::spec {

// A rule works on the state that step() owns: its guards read, in order; a refusal has touched
// nothing; then comes one block of effects.

// Region rules (region_rules.cpp)
[[nodiscard]] Answer open_region(State& s, const OpenRegion& a);
[[nodiscard]] Answer close_region(State& s, const CloseRegion& a);
[[nodiscard]] Answer cancel_region(State& s, const CancelRegion& a);
[[nodiscard]] Answer advance_time(State& s, const AdvanceTime& a);

// Task rules (task_rules.cpp)
[[nodiscard]] Answer spawn(State& s, const Spawn& a);
[[nodiscard]] Answer start(State& s, const Start& a);
[[nodiscard]] Answer poll(State& s, const Poll& a);
[[nodiscard]] Answer checkpoint(State& s, const Checkpoint& a);
[[nodiscard]] Answer enter_mask(State& s, const EnterMask& a);
[[nodiscard]] Answer leave_mask(State& s, const LeaveMask& a);
[[nodiscard]] Answer cleanup_done(State& s, const CleanupDone& a);
[[nodiscard]] Answer return_from(State& s, const Return& a);
[[nodiscard]] Answer cancel_task(State& s, const CancelTask& a);
[[nodiscard]] Answer join(State& s, const Join& a);

// Obligation rules (obligation_rules.cpp)
[[nodiscard]] Answer reserve(State& s, const Reserve& a);
[[nodiscard]] Answer commit(State& s, const Commit& a);
[[nodiscard]] Answer abort(State& s, const Abort& a);

// Finalizer rules and the internal rules (finalizer_rules.cpp)
[[nodiscard]] Answer defer_finalizer(State& s, const DeferFinalizer& a);
[[nodiscard]] bool finalize_enabled(const State& s, const Region& region);
[[nodiscard]] bool start_finalizer_enabled(const State& s, const Region& region);
[[nodiscard]] bool complete_close_enabled(const State& s, const Region& region);
void finalize(State& s, RegionName region);
void start_finalizer(State& s, RegionName region);
void complete_close(State& s, RegionName region);

// What the rules are made of.

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

/// Ends a live task with the outcome that was recorded: the one atomic completion. True if what it
/// left Reserved calls for a panic.                                  rule.task.complete
bool complete(State& s, TaskName name, const Outcome& outcome);

/// How leaks are responded to once so many were found.             rule.obligation.leak_response
[[nodiscard]] LeakResponse response_to_leaks(const LeakPolicy& policy, std::uint32_t leak_count);

/// Settles the obligations that a completing task still holds; true if they call for a panic.
///                                                                   rule.obligation.settle_held
bool settle_held_obligations(State& s, TaskName holder, const Outcome& outcome);

}  // namespace quiesce::spec
