// RuntimeState: the three machines behind sharded locks, one operation an action.
#pragma once

#include <cstdint>
#include <vector>

#include "impl/effects.hpp"
#include "impl/layout/layout.hpp"
#include "impl/shards/config.hpp"
#include "impl/shards/instrumentation.hpp"
#include "impl/shards/shards.hpp"
#include "impl/snapshot.hpp"

namespace quiesce::impl {

/// The state of a runtime, shared by its threads.
///   state    regions, tasks and obligations in three shards behind the mutexes of a layout; found
///            by id only, Names are carried along for observers and checkers
///   locks    each operation takes its row of the lock table, B < A < C, all before it decides and
///            until it committed; effects run after the last unlock
///   cost     construction and destruction take nothing from the heap
///   Whoever makes the state keeps `config`, `layout` and `observer` alive for as long as it lives.
template <Sync S>
class RuntimeState {
 public:
  template <class... Listed>
  using Held = impl::Held<S, Listed...>;

  explicit RuntimeState(const RuntimeConfig& config, const Layout& layout,
                        Observer* observer = nullptr);

  /// The region that exists from the start.
  [[nodiscard]] static constexpr RegionId root() { return {0, 1}; }

  // The actions. Each takes its locks, commits, draws its ticket, unlocks and runs its effects.

  Applied open_region(RegionName name, RegionId parent, const Budget& budget = no_budget,
                      const Limits& limits = no_limits, Policy policy = Policy::CollectAll);
  Applied close_region(RegionId region, CloseMode mode);
  Applied cancel_region(RegionId region, CancelKind kind);
  Applied defer_finalizer(TaskName name, RegionId region);
  Applied spawn(TaskName name, RegionId region, const Budget& budget = no_budget);
  Applied start(TaskId task);
  Applied poll(TaskId task);
  Applied checkpoint(TaskId task);
  Applied enter_mask(TaskId task, std::uint8_t units);
  Applied leave_mask(TaskId task);
  Applied cleanup_done(TaskId task);
  Applied return_from(TaskId task, OutcomeKind outcome, CancelKind kind = CancelKind::User);
  Applied cancel_task(TaskId task, CancelKind kind);
  Applied join(TaskId joiner, TaskId target);
  Applied reserve(ObligationName name, TaskId holder, RegionId region, ObligationKind kind);
  Applied commit(ObligationId obligation, TaskId actor);
  Applied abort(ObligationId obligation, TaskId actor, AbortReason reason);
  Applied advance_time(Time to_ticks);

  // The same under locks that the caller holds: each signature is its row of the lock table.

  Applied open_region(Held<Regions> held, RegionName name, RegionId parent, const Budget& budget,
                      const Limits& limits, Policy policy);
  Applied close_region(Held<Regions, Tasks, Obligations> held, Effects& effects, RegionId region,
                       CloseMode mode);
  Applied cancel_region(Held<Regions, Tasks, Obligations> held, Effects& effects, RegionId region,
                        CancelKind kind);
  Applied defer_finalizer(Held<Regions> held, TaskName name, RegionId region);
  Applied spawn(Held<Regions, Tasks> held, TaskName name, RegionId region, const Budget& budget);
  Applied start(Held<Tasks> held, TaskId task);
  Applied poll(Held<Tasks> held, Effects& effects, TaskId task);
  Applied checkpoint(Held<Tasks> held, TaskId task);
  Applied enter_mask(Held<Tasks> held, TaskId task, std::uint8_t units);
  Applied leave_mask(Held<Tasks> held, TaskId task);
  Applied cleanup_done(Held<Tasks> held, TaskId task);
  Applied return_from(Held<Regions, Tasks, Obligations> held, Effects& effects, TaskId task,
                      OutcomeKind outcome, CancelKind kind);
  Applied cancel_task(Held<Regions, Tasks, Obligations> held, Effects& effects, TaskId task,
                      CancelKind kind);
  Applied join(Held<Tasks> held, TaskId joiner, TaskId target);
  Applied reserve(Held<Regions, Tasks, Obligations> held, ObligationName name, TaskId holder,
                  RegionId region, ObligationKind kind);
  Applied commit(Held<Regions, Obligations> held, ObligationId obligation, TaskId actor);
  Applied abort(Held<Regions, Obligations> held, ObligationId obligation, TaskId actor,
                AbortReason reason);
  Applied advance_time(Held<Regions, Tasks, Obligations> held, Effects& effects, Time to_ticks);

  /// Runs `body(held)` under the locks of the listed shards.
  template <class... Listed, class Body>
  auto with(Body&& body) {
    return shards_.template with<Listed...>(std::forward<Body>(body));
  }

  // Looking without changing.

  /// Everything at one instant.                                                   locks B A C
  void snapshot(Snapshot& into);
  /// The same without any lock or scheduling point: for traced re-runs and diagnostics, while no
  /// other thread runs.
  void peek(Snapshot& into) const;

  /// The time, from the atomic mirror unless the layout keeps the clock under the lock.
  [[nodiscard]] Time now();
  [[nodiscard]] std::uint64_t count_of_action(std::size_t action);
  [[nodiscard]] std::uint64_t count_of_answer(std::size_t answer);
  [[nodiscard]] std::vector<TraceEvent> trace();
  [[nodiscard]] const RuntimeConfig& configuration();

 private:
  template <class Action, class... Listed, class Operation>
  Applied apply(Operation&& operation);
  template <class Look>
  auto look(bool locked, Look&& at);

  // Requests (bodies/request_body.hpp). Regions and tasks are named by the slot of a live record.
  struct Reached {
    bool changed = false;  // the recorded reason is new or became stronger
    bool first = false;    // there was none before
  };
  bool request_task(Held<Tasks> held, Effects& effects, std::uint32_t task,
                    const CancelReason& incoming);
  void request_body_tasks(Held<Regions, Tasks> held, Effects& effects, std::uint32_t region,
                          const CancelReason& incoming);
  Reached request_one_region(Held<Regions, Tasks> held, Effects& effects, std::uint32_t region,
                             const CancelReason& incoming);
  bool request_region(Held<Regions, Tasks> held, Effects& effects, std::uint32_t region,
                      const CancelReason& incoming);
  void request_children(Held<Regions, Tasks> held, Effects& effects, std::uint32_t region);
  void begin_close(Held<Regions> held, std::uint32_t region);

  // Settling (bodies/settle_body.hpp).
  void must_settle(Held<Regions> held, std::uint32_t region);
  void settle(Held<Regions, Tasks> held, Effects& effects);
  void settle_one(Held<Regions, Tasks> held, Effects& effects, std::uint32_t region);
  void start_finalizer(Held<Regions, Tasks> held, Effects& effects, std::uint32_t region);
  void complete_close(Held<Regions> held, std::uint32_t region);

  // Completion (bodies/completion_body.hpp).
  void complete(Held<Regions, Tasks, Obligations> held, Effects& effects, TaskId task,
                const Outcome& outcome);
  void resolve_what_it_holds(Held<Regions, Obligations> held, Effects& effects, TaskId holder,
                             const Outcome& outcome);
  [[nodiscard]] LeakResponse response_to_leaks(Held<Obligations> held) const;
  void leave_region(Held<Regions, Tasks> held, TaskId task, const Outcome& outcome);
  void hand_over(Held<Tasks> held, Effects& effects, std::uint32_t task, const Outcome& outcome);
  void stop_waiting(Held<Tasks> held, std::uint32_t task);
  void apply_policy(Held<Regions, Tasks> held, Effects& effects, std::uint32_t region,
                    const Outcome& outcome);

  // Obligations (bodies/obligation_body.hpp).
  Applied resolve(Held<Regions, Obligations> held, ObligationId obligation, TaskId actor,
                  ObligationPhase phase, AbortReason reason);
  void end_obligation(Held<Regions, Obligations> held, ObligationId obligation,
                      ObligationPhase phase, AbortReason reason);

  static void fill(Snapshot& into, const RegionTable& regions, const TaskTable& tasks,
                   const ObligationTable& obligations);

  Shards<S> shards_;
  Instrumentation<S> instrumentation_;
  const RuntimeConfig& config_;
  const Layout& layout_;
  Observer* observer_;
};

}  // namespace quiesce::impl
