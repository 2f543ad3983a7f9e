// The specification's state: plain rows, a value. Reading order: Region, Task, Obligation, State.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "spec/name_list.hpp"
#include "spec/rows.hpp"
#include "spec/vocabulary/budget.hpp"
#include "spec/vocabulary/leaks.hpp"
#include "spec/vocabulary/names.hpp"
#include "spec/vocabulary/outcome.hpp"
#include "spec/vocabulary/phases.hpp"

namespace quiesce::spec {

/// A region: the scope that owns tasks and child regions and closes only when they have ended.
struct Region {
  RegionName name;
  RegionName parent;  // none for the root
  RegionPhase phase = RegionPhase::Open;
  Policy policy = Policy::CollectAll;
  std::optional<CancelReason> reason;  // the strongest cancel asked of it
  Outcome outcome;                     // the join so far; the close outcome once Closed
  Budget budget;
  Limits limits;
  Names<RegionName> children;  // child regions that are not Closed
  Names<TaskName> tasks;       // tasks that are not Completed, the running finalizer included
  Names<TaskName> finalizers;  // registered and not started, bottom of the stack first
  std::optional<TaskName> finalizing;  // the finalizer task that has started and not Completed
  std::uint32_t pending_obligations = 0;

  friend bool operator==(const Region&, const Region&) = default;
};

/// A task: body tasks are spawned, finalizer tasks are started by the rule start_finalizer.
struct Task {
  TaskName name;
  RegionName owner;
  TaskPhase phase = TaskPhase::Created;
  bool is_finalizer = false;
  std::uint8_t mask_units = 0;
  std::optional<CancelReason> reason;
  Outcome outcome;  // once Completed
  Budget budget;
  Names<TaskName> waiters;        // who joins this task
  std::uint32_t joins_ready = 0;  // how many results were handed to this task as a joiner

  friend bool operator==(const Task&, const Task&) = default;
};

/// An obligation: a promise that a task holds and that must be resolved once.
struct Obligation {
  ObligationName name;
  ObligationKind kind = ObligationKind::SendPermit;
  TaskName holder;
  RegionName region;
  ObligationPhase phase = ObligationPhase::Reserved;
  AbortReason abort_reason = AbortReason::Cancel;  // for Aborted; Cancel otherwise
  Time reserved_at_ticks = 0;

  friend bool operator==(const Obligation&, const Obligation&) = default;
};

/// Everything there is. Rows stay for ever and stand in the order of their Names.
///   state    Closed regions and Completed tasks keep their terminal summary only (decision 1)
///            `leak_count` counts every obligation that its holder left Reserved by completing
///            without a cancel, Leaked or recovered; it stays at its largest number (decision 6)
///   cost     copying and moving are linear in the rows; small states need no allocation
struct State {
  Rows<Region, 2> regions;
  Rows<Task, 4> tasks;
  Rows<Obligation, 4> obligations;
  Time now = 0;
  std::uint32_t leak_count = 0;
  LeakPolicy leak_policy{};  // given at the start, never changed

  friend bool operator==(const State&, const State&) = default;
};

/// One Open root region r0, no tasks, time 0.
[[nodiscard]] State initial(const LeakPolicy& leak_policy = {});

/// The same number for equal states, on any machine.
///   cost     linear in the rows, no allocation
[[nodiscard]] std::uint64_t hash_value(const State& state);

// Rows by Name: null if there is none.       cost  constant if the Names are 0, 1, 2, …, else
// linear
template <class Row, std::size_t near, class EntityName>
[[nodiscard, gnu::noinline]] std::size_t searched_place(const Rows<Row, near>& rows,
                                                        EntityName name) {
  const auto at = std::find_if(rows.begin(), rows.end(),
                               [name](const Row& candidate) { return candidate.name == name; });
  return static_cast<std::size_t>(at - rows.begin());
}
/// Where a row stands; the number of rows if it does not.
template <class Row, std::size_t near, class EntityName>
[[nodiscard]] inline std::size_t place_of(const Rows<Row, near>& rows, EntityName name) {
  // Names that were handed out in order stand where their number says.
  if (name.value < rows.size() && rows[name.value].name == name) return name.value;
  return name.is_none() ? rows.size() : searched_place(rows, name);
}
template <class List, class EntityName>
[[nodiscard]] inline auto* row_of(List& rows, EntityName name) {
  const std::size_t place = place_of(rows, name);
  return place == rows.size() ? nullptr : &rows[place];
}
[[nodiscard]] inline const Region* find(const State& state, RegionName name) {
  return row_of(state.regions, name);
}
[[nodiscard]] inline const Task* find(const State& state, TaskName name) {
  return row_of(state.tasks, name);
}
[[nodiscard]] inline const Obligation* find(const State& state, ObligationName name) {
  return row_of(state.obligations, name);
}
[[nodiscard]] inline Region* find(State& state, RegionName name) {
  return row_of(state.regions, name);
}
[[nodiscard]] inline Task* find(State& state, TaskName name) {
  return row_of(state.tasks, name);
}
[[nodiscard]] inline Obligation* find(State& state, ObligationName name) {
  return row_of(state.obligations, name);
}

// The words that rules and invariants share.
[[nodiscard]] inline bool is_live(const Task& task) {
  return task.phase != TaskPhase::Completed;
}
[[nodiscard]] inline bool is_live(const Region& region) {
  return region.phase != RegionPhase::Closed;
}
[[nodiscard]] inline bool is_body(const Task& task) {
  return !task.is_finalizer;
}
[[nodiscard]] inline bool is_reserved(const Obligation& obligation) {
  return obligation.phase == ObligationPhase::Reserved;
}

/// Adds to, or takes from, a list that stands in increasing order; adding twice keeps one.
template <class EntityName>
void insert_name(Names<EntityName>& names, EntityName name);
template <class EntityName>
void erase_name(Names<EntityName>& names, EntityName name);

}  // namespace quiesce::spec
