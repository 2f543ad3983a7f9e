// What each shard holds: the tables behind the tags Regions, Tasks and Obligations.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <optional>

#include "impl/shards/arena.hpp"
#include "impl/shards/config.hpp"
#include "impl/shards/ids.hpp"
#include "impl/shards/slot_list.hpp"
#include "spec/vocabulary/budget.hpp"
#include "spec/vocabulary/outcome.hpp"
#include "spec/vocabulary/phases.hpp"

namespace quiesce::impl {

// Every table has its own copy of `now`. All three are written together, under B, A and C, so
// that holding any one shard pins the time and reading it is no synchronisation of its own.

/// A region that is not Closed.
///   state    `first_task` leads through TaskRecord::in_region to every live task, finalizer tasks
///            included; `first_child` through RegionRecord::among_siblings to every child that is
///            not Closed
struct RegionRecord {
  RegionName name{};
  RegionName parent_name{};
  RegionId parent{};
  RegionPhase phase = RegionPhase::Open;
  Policy policy = Policy::CollectAll;
  bool awaits_settling = false;
  std::optional<CancelReason> reason{};
  Outcome outcome{};
  Budget budget{};
  Limits limits{};
  std::uint32_t first_child = no_slot;
  std::uint32_t live_children = 0;
  Links among_siblings{};
  std::uint32_t first_task = no_slot;
  std::uint32_t live_body_tasks = 0;
  std::uint32_t top_finalizer = no_slot;
  TaskId finalizing{};
  std::uint32_t pending_obligations = 0;
  std::uint32_t next_to_settle = no_slot;
};

/// What is remembered of a Closed region.
struct ClosedRegion {
  RegionName name{};
  RegionName parent{};
  std::optional<CancelReason> reason{};
  Outcome outcome{};
};

/// A finalizer that waits for its turn: a node of its region's stack.
struct DeferredFinalizer {
  TaskName name{};
  std::uint32_t below = no_slot;
};

struct RegionTable {
  explicit RegionTable(const RuntimeConfig& config) : regions(config.remembered_regions) {}

  Arena<RegionKind, RegionRecord, ClosedRegion, 6> regions;
  Pool<DeferredFinalizer, 6> finalizers;
  std::uint32_t first_to_settle = no_slot;
  Time now = 0;
};

/// A task that is not Completed.
///   state    `reason` is there from CancelRequested on; `first_waiter` leads through
///            JoinEdge::of_target to those who wait for this task, `first_join` through
///            JoinEdge::of_joiner to those it waits for
struct TaskRecord {
  TaskName name{};
  RegionName owner_name{};
  RegionId owner{};
  TaskPhase phase = TaskPhase::Created;
  bool is_finalizer = false;
  std::uint8_t mask_units = 0;
  std::optional<CancelReason> reason{};
  Budget budget{};
  Links in_region{};
  std::uint32_t first_waiter = no_slot;
  std::uint32_t first_join = no_slot;
  std::uint32_t joins_ready = 0;
};

/// What is remembered of a Completed task.
struct CompletedTask {
  TaskName name{};
  RegionName owner_name{};
  RegionId owner{};
  bool is_finalizer = false;
  std::optional<CancelReason> reason{};
  Outcome outcome{};
};

/// `joiner` waits for `target`; both are slots of live tasks.
struct JoinEdge {
  std::uint32_t joiner = no_slot;
  std::uint32_t target = no_slot;
  Links of_joiner{};
  Links of_target{};
};

struct TaskTable {
  explicit TaskTable(const RuntimeConfig& config) : tasks(config.remembered_tasks) {}

  Arena<TaskKind, TaskRecord, CompletedTask, 12> tasks;
  Pool<JoinEdge, 8> joins;
  Time now = 0;
};

/// An obligation that is Reserved.
struct ObligationRecord {
  ObligationName name{};
  ObligationKind kind = ObligationKind::SendPermit;
  TaskName holder_name{};
  RegionName region_name{};
  TaskId holder{};
  RegionId region{};
  Time reserved_at_ticks = 0;
  Links of_holder{};
};

/// What is remembered of a resolved obligation.
struct ResolvedObligation {
  ObligationName name{};
  ObligationKind kind = ObligationKind::SendPermit;
  TaskName holder_name{};
  RegionName region_name{};
  TaskId holder{};
  RegionId region{};
  ObligationPhase phase = ObligationPhase::Committed;
  AbortReason abort_reason = AbortReason::Cancel;
  Time reserved_at_ticks = 0;
};

/// The obligations of one holder: the list that starts at `first`, for that generation of the slot
/// only, so that a task never inherits the obligations of the one before it in its slot.
struct HolderEntry {
  std::uint32_t generation = 0;
  std::uint32_t first = no_slot;
};

///   state    `pending_total` counts Reserved obligations; `leak_count` those that became Leaked
///            or were recovered instead; it drives the escalation
struct ObligationTable {
  explicit ObligationTable(const RuntimeConfig& config)
      : obligations(config.remembered_obligations) {}

  Arena<ObligationEntity, ObligationRecord, ResolvedObligation, 8> obligations;
  boost::container::small_vector<HolderEntry, 12> by_holder;  // indexed by the holder's slot
  std::uint32_t pending_total = 0;
  std::uint32_t leak_count = 0;
  Time now = 0;
};

}  // namespace quiesce::impl
