// Explored: the Sync policy in which a strategy chooses every interleaving.
#pragma once

#include <array>
#include <atomic>
#include <concepts>
#include <memory>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

#include "models/interleave/core.hpp"

namespace quiesce::interleave {

/// A value in a trace: numbers and enumerations as numbers, pointers as null or set, else nothing.
template <class T>
std::string value_text(const T& value) {
  if constexpr (std::same_as<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_arithmetic_v<T>) {
    return std::to_string(value);
  } else if constexpr (std::is_enum_v<T>) {
    return std::to_string(static_cast<std::underlying_type_t<T>>(value));
  } else if constexpr (std::is_pointer_v<T>) {
    return value == nullptr ? "null" : "set";
  } else {
    return {};
  }
}

/// A mutex: each lock and unlock is a scheduling point; a thread that waits for it is not chosen.
class ExploredMutex {
 public:
  explicit ExploredMutex(LockInfo info = {}) {
    state_.name = info.name;
    state_.rank = info.rank;
    if (info.rank != 0) state_.order = info.rank;
    state_.ordinal = Core::running().new_ordinal();
  }
  ~ExploredMutex() {
    if (state_.owner != no_thread || state_.waiters != 0) [[unlikely]] {
      Core::running().mutex_destroyed(state_);
    }
  }
  ExploredMutex(const ExploredMutex&) = delete;
  ExploredMutex& operator=(const ExploredMutex&) = delete;

  void lock() { Core::running().lock(state_); }
  bool try_lock() { return Core::running().try_lock(state_); }
  void unlock() noexcept { Core::running().unlock(state_); }

 private:
  friend class ExploredCondVar;
  MutexState state_;
};

/// A condition variable: which waiter a notify_one wakes is the strategy's choice.
class ExploredCondVar {
 public:
  explicit ExploredCondVar(DataInfo info = {.name = "condition"}) {
    state_.name = info.name;
    state_.ordinal = Core::running().new_ordinal();
  }
  ExploredCondVar(const ExploredCondVar&) = delete;
  ExploredCondVar& operator=(const ExploredCondVar&) = delete;

  void wait(ExploredMutex& mutex) { Core::running().wait(state_, mutex.state_); }
  void notify_one() noexcept { Core::running().notify(state_, OperationKind::NotifyOne); }
  void notify_all() noexcept { Core::running().notify(state_, OperationKind::NotifyAll); }

 private:
  CondVarState state_;
};

/// An atomic object: sequentially consistent values. The memory orders decide what an access
/// orders: a Var that is guarded by a relaxed flag is reported as unprotected.
template <class T>
class ExploredAtomic {
 public:
  explicit ExploredAtomic(T value = T{}, DataInfo info = {.name = "atomic"}) : value_(value) {
    head_.name = info.name;
    head_.ordinal = Core::running().new_ordinal();
  }
  ExploredAtomic(const ExploredAtomic&) = delete;
  ExploredAtomic& operator=(const ExploredAtomic&) = delete;

  T load(std::memory_order order = std::memory_order_seq_cst) const {
    Core& core = Core::running();
    core.point({&head_, OperationKind::Load});
    if (acquires(order)) core.me().clock.join(released_);
    const T value = value_;
    if (core.observed()) [[unlikely]]
      core.observe(OperationKind::Load, head_, value_text(value));
    return value;
  }

  void store(T value, std::memory_order order = std::memory_order_seq_cst) {
    Core& core = Core::running();
    core.point({&head_, OperationKind::Store});
    if (releases(order)) {
      core.me().clock.publish(released_, core.self());
    } else {
      released_.clear();  // a plain store ends what was released before
    }
    if (core.observed()) [[unlikely]]
      observe_change(core, OperationKind::Store, value);
    value_ = value;
  }

  T exchange(T value, std::memory_order order = std::memory_order_seq_cst) {
    return modify(order, [value](T) { return value; });
  }

  bool compare_exchange_strong(T& expected, T desired,
                               std::memory_order order = std::memory_order_seq_cst) {
    Core& core = Core::running();
    core.point({&head_, OperationKind::ReadModifyWrite});
    if (value_ == expected) {
      synchronise(core, order);
      if (core.observed()) [[unlikely]] {
        observe_change(core, OperationKind::ReadModifyWrite, desired);
      }
      value_ = desired;
      return true;
    }
    if (acquires(order)) core.me().clock.join(released_);
    expected = value_;
    if (core.observed()) [[unlikely]] {
      core.observe(OperationKind::ReadModifyWrite, head_, value_text(value_) + ", not exchanged");
    }
    return false;
  }

  T fetch_add(T amount,
              std::memory_order order = std::memory_order_seq_cst) requires std::integral<T> {
    return modify(order, [amount](T value) { return wrapping_add(value, amount); });
  }
  T fetch_sub(T amount,
              std::memory_order order = std::memory_order_seq_cst) requires std::integral<T> {
    return modify(order, [amount](T value) { return wrapping_subtract(value, amount); });
  }

 private:
  static bool acquires(std::memory_order order) {
    return order != std::memory_order_relaxed && order != std::memory_order_release;
  }
  static bool releases(std::memory_order order) {
    return order == std::memory_order_release || order == std::memory_order_acq_rel ||
           order == std::memory_order_seq_cst;
  }
  static T wrapping_add(T a, T b) {
    using Bits = std::make_unsigned_t<T>;
    return static_cast<T>(static_cast<Bits>(static_cast<Bits>(a) + static_cast<Bits>(b)));
  }
  static T wrapping_subtract(T a, T b) {
    using Bits = std::make_unsigned_t<T>;
    return static_cast<T>(static_cast<Bits>(static_cast<Bits>(a) - static_cast<Bits>(b)));
  }

  /// A read-modify-write continues the release sequence it reads from.
  void synchronise(Core& core, std::memory_order order) {
    VectorClock& mine = core.me().clock;
    if (acquires(order) && releases(order)) {
      mine.meet(released_, core.self());
    } else if (acquires(order)) {
      mine.join(released_);
    } else if (releases(order)) {
      released_.join(mine);
      mine.tick(core.self());
    }
  }

  template <class Change>
  T modify(std::memory_order order, Change change) {
    Core& core = Core::running();
    core.point({&head_, OperationKind::ReadModifyWrite});
    synchronise(core, order);
    const T before = value_;
    const T after = change(before);
    if (core.observed()) [[unlikely]]
      observe_change(core, OperationKind::ReadModifyWrite, after);
    value_ = after;
    return before;
  }

  void observe_change(Core& core, OperationKind kind, const T& after) const {
    const std::string from = value_text(value_);
    core.observe(kind, head_, from.empty() ? from : from + " -> " + value_text(after));
  }

  ObjectHead head_;
  T value_;
  VectorClock released_;
};

/// What the checker remembers of the accesses to a Var.
///   state    the last write, and the last read as long as one read is after all others; from the
///            first pair of unordered reads on, the last read of each thread
struct AccessHistory : ObjectHead {
  std::uint8_t writer = 0;
  std::uint8_t reader = 0;
  bool shared_reads = false;
  VectorClock::Ticks written_at = 0;
  VectorClock::Ticks read_at = 0;
  VectorClock reads;

  void check_read(Core& core) {
    const unsigned self = core.self();
    const VectorClock& now = core.me().clock;
    if (written_at > now.of(writer)) [[unlikely]]
      report(core, writer, true, false);
    if (!shared_reads && (reader == self || read_at <= now.of(reader))) [[likely]] {
      reader = static_cast<std::uint8_t>(self);
      read_at = now.of(self);
    } else {
      share(self, now);
    }
  }

  void check_write(Core& core) {
    const unsigned self = core.self();
    const VectorClock& now = core.me().clock;
    if (written_at > now.of(writer)) [[unlikely]]
      report(core, writer, true, true);
    if (read_at > now.of(reader)) [[unlikely]]
      report(core, reader, false, true);
    if (shared_reads) [[unlikely]]
      check_shared(core, now);
    writer = static_cast<std::uint8_t>(self);
    written_at = now.of(self);
  }

 private:
  void share(unsigned self, const VectorClock& now);
  void check_shared(Core& core, const VectorClock& now);
  void report(Core& core, unsigned other, bool other_writes, bool writes) const;
};

/// Plain data. Its accesses are no scheduling points; two of them that nothing orders are reported
/// whatever order this execution happened to have.
template <class T>
class ExploredVar {
 public:
  explicit ExploredVar(T value = T{}, DataInfo info = {}) : value_(std::move(value)) {
    history_.name = info.name;
    history_.ordinal = Core::running().new_ordinal();
  }
  ExploredVar(const ExploredVar&) = delete;
  ExploredVar& operator=(const ExploredVar&) = delete;

  const T& read() const {
    Core& core = Core::running();
    history_.check_read(core);
    if (core.observed()) [[unlikely]] {
      core.observe(OperationKind::Read, history_, value_text(value_));
    }
    return value_;
  }

  void write(T value) {
    Core& core = Core::running();
    history_.check_write(core);
    if (core.observed()) [[unlikely]] {
      const std::string from = value_text(value_);
      core.observe(OperationKind::Write, history_,
                   from.empty() ? from : from + " -> " + value_text(value));
    }
    value_ = std::move(value);
  }

 private:
  mutable AccessHistory history_;
  T value_;
};

/// A thread of the execution. It runs up to its first scheduling point before anything is chosen
/// again; joined before it is destroyed, else the execution ends as Misuse.
class ExploredThread {
 public:
  template <class Callable>
  requires(std::invocable<std::decay_t<Callable>&> &&
           !std::same_as<std::remove_cvref_t<Callable>,
                         ExploredThread>) explicit ExploredThread(Callable&& callable) {
    using Stored = std::decay_t<Callable>;
    constexpr bool fits = sizeof(Stored) <= callable_bytes && alignof(Stored) <= callable_alignment;
    Core& core = Core::running();
    const unsigned thread = core.new_thread();
    if (thread == no_thread) return;
    if constexpr (fits) {
      ::new (core.callable_of(thread)) Stored(std::forward<Callable>(callable));
      core.start_thread(thread, [](void* place) {
        Stored& waiting = *std::launder(static_cast<Stored*>(place));
        Stored own(std::move(waiting));
        waiting.~Stored();
        own();
      });
    } else {
      ::new (core.callable_of(thread)) Stored*(new Stored(std::forward<Callable>(callable)));
      core.start_thread(thread, [](void* place) {
        const std::unique_ptr<Stored> own(*std::launder(static_cast<Stored**>(place)));
        (*own)();
      });
    }
    id_ = thread;
  }
  ExploredThread(ExploredThread&& other) noexcept : id_(std::exchange(other.id_, no_thread)) {}
  ExploredThread& operator=(ExploredThread&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~ExploredThread() {
    if (id_ != no_thread) [[unlikely]]
      Core::running().thread_destroyed(id_);
  }

  void join() {
    Core::running().join(id_);
    id_ = no_thread;
  }

 private:
  unsigned id_ = no_thread;
};

/// Counters and tickets: never a scheduling point, never a race. No answer may depend on one.
template <class T>
class ExploredDiagnostic {
 public:
  explicit ExploredDiagnostic(T value = T{}) : value_(value) {}
  T fetch_add(T amount) { return std::exchange(value_, static_cast<T>(value_ + amount)); }
  T load() const { return value_; }
  void store(T value) { value_ = value; }
  void raise(T value) { value_ = value_ < value ? value : value_; }

 private:
  T value_;
};

/// The Sync policy of the schedule explorer. Its objects live and die within one execution.
struct Explored {
  using Mutex = ExploredMutex;
  using CondVar = ExploredCondVar;
  template <class T>
  using Atomic = ExploredAtomic<T>;
  template <class T>
  using Var = ExploredVar<T>;
  using Thread = ExploredThread;
  template <class T>
  using Diagnostic = ExploredDiagnostic<T>;
  /// Lets others go first: a thread that yields twice while somebody else could run waits for
  /// each of them to have run once.
  static void yield() { Core::running().yield(); }
};

static_assert(Sync<Explored>);

/// Ends the execution as CheckFailed with the sentence if the condition does not hold; outside an
/// execution, where real threads run, the program stops with it.
void check(bool condition, const char* sentence);
/// Ends the execution as Abandoned: it is of no interest to whoever explores.
void abandon(const char* sentence);

}  // namespace quiesce::interleave
