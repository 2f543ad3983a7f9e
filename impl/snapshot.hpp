// A consistent picture of a runtime's state, in the vocabulary's words: what the checkers compare.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "spec/vocabulary/budget.hpp"
#include "spec/vocabulary/leaks.hpp"
#include "spec/vocabulary/names.hpp"
#include "spec/vocabulary/outcome.hpp"
#include "spec/vocabulary/phases.hpp"

namespace quiesce {

/// One region, live or remembered as closed.
///   state    a Closed region tells name, parent, phase, reason and outcome; the rest is default
struct RegionRow {
  RegionName name{};
  RegionName parent{};  // none for the root
  RegionPhase phase = RegionPhase::Open;
  Policy policy = Policy::CollectAll;
  std::optional<CancelReason> reason{};
  Outcome outcome{};  // the join so far; the close outcome once Closed
  Budget budget{};
  Limits limits{};
  std::vector<RegionName> children{};    // live child regions, in any order
  std::vector<TaskName> tasks{};         // live tasks, finalizer tasks included, in any order
  std::vector<TaskName> finalizers{};    // registered and not started, bottom of the stack first
  std::optional<TaskName> finalizing{};  // the finalizer task that is running
  std::uint32_t pending_obligations = 0;
  friend bool operator==(const RegionRow&, const RegionRow&) = default;
};

/// One task, live or remembered as completed.
///   state    a Completed task tells name, owner, is_finalizer, phase, reason, outcome
struct TaskRow {
  TaskName name{};
  RegionName owner{};
  TaskPhase phase = TaskPhase::Created;
  bool is_finalizer = false;
  std::uint8_t mask_units = 0;
  std::optional<CancelReason> reason{};
  Outcome outcome{};
  Budget budget{};
  std::vector<TaskName> waiters{};     // who joins this task, in any order
  std::uint32_t joins_ready = 0;       // how many results were handed to this task as a joiner
  bool is_indexed = false;             // the implementation has an index of holders
  std::vector<ObligationName> held{};  // what it says of a live task, in any order
  friend bool operator==(const TaskRow&, const TaskRow&) = default;
};

/// One obligation, reserved or remembered as resolved.
struct ObligationRow {
  ObligationName name{};
  ObligationKind kind = ObligationKind::SendPermit;
  TaskName holder{};
  RegionName region{};
  ObligationPhase phase = ObligationPhase::Reserved;
  AbortReason abort_reason = AbortReason::Cancel;  // only for Aborted; Cancel otherwise
  Time reserved_at_ticks = 0;
  friend bool operator==(const ObligationRow&, const ObligationRow&) = default;
};

/// What an implementation finds when it looks at its own tables; all zero if they agree.
///   state    another implementation leaves it zero, or counts what it likes
struct Bookkeeping {
  std::uint32_t wrong_counts = 0;     // regions whose counts are not the lengths of their lists
  std::uint32_t one_sided_links = 0;  // nodes of lists that do not lead back
  std::uint32_t lost_slots = 0;       // slots and nodes that are neither used nor free
  std::uint32_t unsettled = 0;        // regions that still wait to be settled
  bool clocks_differ = false;         // the shards' copies of the time, and what is read unlocked
  std::uint64_t uncounted = 0;  // commits that no counter counted; any number while others run
  friend bool operator==(const Bookkeeping&, const Bookkeeping&) = default;
};

/// Everything, taken while every shard was held.
///   state    rows in any order; the two counters are the implementation's own
struct Snapshot {
  std::vector<RegionRow> regions{};
  std::vector<TaskRow> tasks{};
  std::vector<ObligationRow> obligations{};
  Time now = 0;
  std::uint32_t pending_total = 0;
  std::uint32_t leak_count = 0;
  LeakPolicy leak_policy{};  // as configured
  Bookkeeping bookkeeping{};

  void clear() {
    regions.clear();
    tasks.clear();
    obligations.clear();
    now = 0;
    pending_total = 0;
    leak_count = 0;
    leak_policy = {};
    bookkeeping = {};
  }
};

}  // namespace quiesce
