// NamedRuntime: the implementation's RuntimeState, driven by Names instead of ids.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <variant>

#include "impl/runtime_state.hpp"
#include "impl/sync/sync.hpp"
#include "models/refine/runtime_under_test.hpp"

namespace quiesce::refine {

/// The configuration of a checked runtime: it remembers all that a script can end, and responds to
/// leaks as the script says.
[[nodiscard]] impl::RuntimeConfig checked_config(const Capacity& capacity);

/// Binds Names to the ids that the runtime gave out.
///   state    a binding is written after the operation that created the entity and read before one
///            that uses it, without any order between the two: what is not bound yet is none
///   cost     one allocation for all bindings
template <Sync S>
class Bindings final : public impl::Observer {
 public:
  explicit Bindings(const Capacity& capacity)
      : objects_(!may_panic(capacity.leaks)),
        tasks_from_(capacity.regions),
        obligations_from_(capacity.regions + capacity.tasks),
        size_(capacity.regions + capacity.tasks + capacity.obligations),
        cells_(new Cell[size_]) {
    heard_ = {};  // whatever a crash has left
  }

  void bind(RegionName name, impl::RegionId id) { store(0, tasks_from_, name.value, id); }
  void bind(TaskName name, impl::TaskId id) {
    store(tasks_from_, obligations_from_, name.value, id);
  }
  void bind(ObligationName name, impl::ObligationId id) {
    store(obligations_from_, size_, name.value, id);
  }
  /// The id of a Name; a Name that is not bound becomes none, and so does its id.
  impl::RegionId resolve(RegionName& name) const { return load(0, tasks_from_, name); }
  impl::TaskId resolve(TaskName& name) const { return load(tasks_from_, obligations_from_, name); }
  impl::ObligationId resolve(ObligationName& name) const {
    return load(obligations_from_, size_, name);
  }

  // What an operation tells, it tells after its last unlock and before its next visible step: one
  // hearing a thread is enough, under the explorer, too.

  void finalizer_started(TaskName name, impl::TaskId id) override {
    bind(name, id);
    hear({.kind = Effect::Kind::FinalizerStarted, .task = name}, Stage::Lanes);
  }
  void task_cancelled(TaskName name, impl::TaskId id) override {
    must_be(name, id);
    hear({.kind = Effect::Kind::TaskCancelled, .task = name}, Stage::Lanes);
  }
  void joiner_woken(TaskName joiner, impl::TaskId id, TaskName target,
                    const Outcome& outcome) override {
    must_be(joiner, id);
    hear({.kind = Effect::Kind::JoinerWoken, .task = joiner, .target = target, .outcome = outcome},
         Stage::Wakes);
  }
  void obligation_leaked(ObligationName name, TaskName holder, bool recovered) override {
    hear({.kind = Effect::Kind::ObligationLeaked,
          .recovered = recovered,
          .task = holder,
          .obligation = name},
         Stage::News);
  }
  void committed(std::size_t action, const impl::Applied& applied) override {
    reach(Stage::Committed);
    if (heard_.applied.ticket != 0) heard_.told.fault = "it was told twice";
    heard_.action = action;
    heard_.applied = applied;
    if (objects_ && applied.ticket % 64 == 40) object();
  }

  /// Thrown while an effect is told: that must keep nobody else from being told, and the first one
  /// leaves the operation.
  struct Objection {
    std::uint32_t number = 0;  // among those of the operation, from 1
  };
  /// What was told of the operation that an objection has left, in the place of its result.
  [[nodiscard]] const impl::Applied& applied() const { return heard_.applied; }

  /// What was told since the last call, with the fault if it was not told as it should be. `left`
  /// is the objection that left the operation, 0 if none did.
  Told take_heard(std::size_t action, const impl::Applied& applied, std::uint32_t left) {
    if (left != (heard_.objections == 0 ? 0U : 1U)) {
      heard_.told.fault = "the first exception of the observer did not leave";
    } else if (heard_.stage != Stage::Committed) {
      heard_.told.fault = "the commit was not told last";
    } else if (heard_.action != action || !same(heard_.applied, applied)) {
      heard_.told.fault = "another commit was told";
    }
    sort(heard_.told);
    heard_.stage = Stage::Lanes;
    heard_.applied.ticket = 0;
    heard_.objections = 0;
    return std::exchange(heard_.told, Told{});
  }

 private:
  enum class Stage : std::uint8_t { Lanes, Wakes, News, Committed };
  struct Hearing {
    Told told{};
    Stage stage = Stage::Lanes;
    std::size_t action = 0;
    std::uint32_t objections = 0;
    impl::Applied applied{};  // its ticket is 0 until the commit is told
  };
  inline static thread_local Hearing heard_{};

  static void reach(Stage stage) {
    if (stage < heard_.stage) heard_.told.fault = "the order is not lanes, wakes, news, commit";
    heard_.stage = stage;
  }
  /// Of one task in eight it objects. An exception costs as much as ten operations, so that of
  /// commits it is late ones only.
  void hear(const Effect& effect, Stage stage) const {
    reach(stage);
    heard_.told.effects.push_back(effect);
    if (objects_ && effect.task.value % 8 == 3) object();
  }
  [[noreturn]] static void object() { throw Objection{++heard_.objections}; }
  static bool same(const impl::Applied& a, const impl::Applied& b) {
    return a.ticket == b.ticket && a.region == b.region && a.task == b.task &&
           a.obligation == b.obligation && a.answer == b.answer;
  }
  /// The exception of a leak gives way to an objection, so that one of them is enough.
  static bool may_panic(const LeakPolicy& leaks) {
    return leaks.response == LeakResponse::Panic ||
           (leaks.escalate_after != 0 && leaks.escalate_to == LeakResponse::Panic);
  }
  /// Whoever made the task may not have bound it yet.
  void must_be(TaskName name, impl::TaskId id) const {
    const std::uint64_t bound = bound_to(tasks_from_, obligations_from_, name.value);
    if (bound != none && bound != packed(id)) heard_.told.fault = "an id is another task's";
  }
  struct Cell {
    typename S::template Diagnostic<std::uint64_t> id{none};
  };
  static constexpr std::uint64_t none = ~std::uint64_t{0};

  template <class Kind>
  void store(std::size_t from, std::size_t end, std::size_t at, impl::Id<Kind> id) {
    if (id.is_none() || from + at >= end) return;
    for (std::size_t other = from; other < end; ++other) {
      if (cells_[other].id.load() == packed(id) && other != from + at)
        heard_.told.fault = "an id was given a second time";
    }
    cells_[from + at].id.store(packed(id));
  }
  template <class Kind>
  static std::uint64_t packed(impl::Id<Kind> id) {
    return (std::uint64_t{id.slot} << 32U) | id.generation;
  }
  std::uint64_t bound_to(std::size_t from, std::size_t end, std::size_t at) const {
    return from + at < end ? cells_[from + at].id.load() : none;
  }
  template <class Kind>
  impl::Id<Kind> load(std::size_t from, std::size_t end, Name<Kind>& name) const {
    const std::size_t at = from + name.value;
    std::uint64_t bound = at < end ? cells_[at].id.load() : none;
    if (bound == none && at < end) {
      // The script creates it somewhere: others may go first, and then it is looked up once more.
      static_cast<void>(turn_.load(std::memory_order_relaxed));  // orders nothing
      bound = cells_[at].id.load();
    }
    if (bound == none) {
      const std::uint32_t asked = std::exchange(name, Name<Kind>::none()).value;
      return never_given<Kind>(asked, static_cast<std::uint32_t>(end - from));
    }
    return {static_cast<std::uint32_t>(bound >> 32U), static_cast<std::uint32_t>(bound)};
  }

  /// An id that nobody was given: none, the generation before the first, one that is still to come,
  /// or the slot behind those that a script can fill.
  template <class Kind>
  static impl::Id<Kind> never_given(std::uint32_t asked, std::uint32_t capacity) {
    constexpr std::uint32_t no_more = 0xFFFF'FFFE;
    switch (asked % 4) {
      case 0: return {0, 0};
      case 1: return {capacity - (std::same_as<Kind, RegionKind> ? 0U : 1U), 1};
      case 2: return {asked / 4, no_more};
      default: return impl::Id<Kind>::none();
    }
  }

  bool objects_;
  std::size_t tasks_from_;
  std::size_t obligations_from_;
  std::size_t size_;
  std::unique_ptr<Cell[]> cells_;
  typename S::template Atomic<int> turn_{0, DataInfo{"name not yet bound"}};
};

/// A RuntimeState under one layout that applies actions by Name.
///   state    it remembers all that a script can end; a LeakFound that an operation throws after
///            its bookkeeping is the answer LeakPanic
template <Sync S>
class NamedRuntime {
 public:
  NamedRuntime(const Capacity& capacity, const impl::Layout& layout)
      : names_(capacity), config_(checked_config(capacity)), state_(config_, layout, &names_) {
    names_.bind(root_region, state_.root());
  }

  Issued apply(const Action& action) {
    Issued issued{action, {}, {}, true, {}};
    const auto take = [&](const impl::Applied& applied, std::uint32_t objection = 0) {
      bind_created(issued.action, applied);
      issued.answer = applied.answer;
      issued.ticket = applied.ticket;
      issued.told = names_.take_heard(issued.action.index(), applied, objection);
    };
    try {
      take(std::visit([this](auto& a) { return this->issue(a); }, issued.action));
    } catch (const impl::LeakFound& found) {
      take(found.applied);
      issued.answer = done_with(LeakPanic{outcome_of(found.applied.answer)});
    } catch (const typename Bindings<S>::Objection& objection) {
      const Applied told = names_.applied();
      take(told, objection.number);
    }
    return issued;
  }
  void snapshot(Snapshot& into) { state_.snapshot(into); }
  void peek(Snapshot& into) const { state_.peek(into); }

 private:
  using Applied = impl::Applied;

  static Outcome outcome_of(const Answer& answer) {
    return std::get<Completed>(std::get<Done>(answer).result).outcome;
  }

  void bind_created(const Action& action, const Applied& applied) {
    std::visit(overloaded{[&](const OpenRegion& a) { names_.bind(a.name, applied.region); },
                          [&](const Spawn& a) { names_.bind(a.name, applied.task); },
                          [&](const Reserve& a) { names_.bind(a.name, applied.obligation); },
                          [](const auto&) {}},
               action);
  }

  Applied issue(OpenRegion& a) {
    const impl::RegionId parent = names_.resolve(a.parent);
    return state_.open_region(a.name, parent, a.budget, a.limits, a.policy);
  }
  Applied issue(CloseRegion& a) { return state_.close_region(names_.resolve(a.region), a.mode); }
  Applied issue(CancelRegion& a) { return state_.cancel_region(names_.resolve(a.region), a.kind); }
  Applied issue(DeferFinalizer& a) {
    return state_.defer_finalizer(a.name, names_.resolve(a.region));
  }
  Applied issue(Spawn& a) {
    const impl::RegionId region = names_.resolve(a.region);
    return state_.spawn(a.name, region, a.budget);
  }
  Applied issue(Start& a) { return state_.start(names_.resolve(a.task)); }
  Applied issue(Poll& a) { return state_.poll(names_.resolve(a.task)); }
  Applied issue(Checkpoint& a) { return state_.checkpoint(names_.resolve(a.task)); }
  Applied issue(EnterMask& a) { return state_.enter_mask(names_.resolve(a.task), a.units); }
  Applied issue(LeaveMask& a) { return state_.leave_mask(names_.resolve(a.task)); }
  Applied issue(CleanupDone& a) { return state_.cleanup_done(names_.resolve(a.task)); }
  Applied issue(Return& a) { return state_.return_from(names_.resolve(a.task), a.outcome, a.kind); }
  Applied issue(CancelTask& a) { return state_.cancel_task(names_.resolve(a.task), a.kind); }
  Applied issue(Join& a) {
    const impl::TaskId joiner = names_.resolve(a.joiner);
    return state_.join(joiner, names_.resolve(a.target));
  }
  Applied issue(Reserve& a) {
    const impl::TaskId holder = names_.resolve(a.holder);
    const impl::RegionId region = names_.resolve(a.region);
    return state_.reserve(a.name, holder, region, a.kind);
  }
  Applied issue(Commit& a) {
    const impl::ObligationId obligation = names_.resolve(a.obligation);
    return state_.commit(obligation, names_.resolve(a.actor));
  }
  Applied issue(Abort& a) {
    const impl::ObligationId obligation = names_.resolve(a.obligation);
    return state_.abort(obligation, names_.resolve(a.actor), a.reason);
  }
  Applied issue(AdvanceTime& a) { return state_.advance_time(a.to_ticks); }

  Bindings<S> names_;
  impl::RuntimeConfig config_;
  impl::RuntimeState<S> state_;
};

}  // namespace quiesce::refine
