// The running execution: threads, who can go on, and the scheduling point. Explored's operations
// call it; users see Engine.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "impl/sync/require.hpp"
#include "impl/sync/sync.hpp"
#include "models/interleave/clock.hpp"
#include "models/interleave/ended.hpp"
#include "models/interleave/fiber.hpp"
#include "models/interleave/sanitizers.hpp"

namespace quiesce::interleave {

/// Limits of an engine; none of them changes which executions are possible below it.
struct EngineOptions {
  /// Visible operations before an execution ends as StepLimit; at most `max_step_limit`.
  std::uint32_t step_limit = 10'000;
  /// Bytes of each thread's stack, rounded up to pages.
  std::size_t stack_bytes = 128 * 1024;
  /// A scheduling point before each unlock. Without it nothing is lost as long as nobody uses
  /// try_lock, which then is a Misuse: what another thread could do just before an unlock it can
  /// do just after it as well, except to see that the lock is taken.
  bool unlock_points = true;
  /// Report two locks without ranks that two threads take in opposite orders, though this
  /// execution did not deadlock. Threads that only atomics or condition variables keep apart are
  /// reported too: give such locks ranks, or switch this off.
  bool predict_lock_cycles = true;
};

/// What a vector clock can count.
inline constexpr std::uint32_t max_step_limit = 30'000;

/// Thrown through the code under test where a cut execution cannot go on. Not a std::exception, so
/// that code which handles those lets it pass.
struct AbandonedExecution {};

inline constexpr unsigned no_thread = max_threads;
inline constexpr unsigned max_held_locks = 32;

/// Callables up to this size are kept without an allocation.
inline constexpr std::size_t callable_bytes = 64;
inline constexpr std::size_t callable_alignment = 16;

inline Threads bit_of(unsigned thread) {
  return Threads{1} << thread;
}

/// Where a lock without a rank stands for the quick check: after all ranks.
inline constexpr int unranked_order = std::numeric_limits<int>::max();

/// The part of a mutex that the core works on.
///   state    `waiters`: the threads whose next operation is to lock it
struct MutexState : ObjectHead {
  int rank = 0;
  int order = unranked_order;  // the rank, or unranked_order
  unsigned owner = no_thread;
  Threads waiters = 0;
  VectorClock clock;
};

/// The part of a condition variable that the core works on.
struct CondVarState : ObjectHead {
  Threads waiters = 0;
};

/// Thread `thread` locked `wanted` while it held `held` and the locks of `gates`.
struct LockOrder {
  std::uint32_t held = 0;
  std::uint32_t wanted = 0;
  unsigned thread = 0;
  VectorClock::Ticks at = 0;  // the thread's time in `forks`
  std::uint64_t gates = 0;    // by ordinal
};
inline constexpr unsigned max_lock_orders = 64;

/// One thread of the execution, and the fiber it runs on. The fiber is kept from one execution to
/// the next and takes up the next thread where it ended the last one.
struct ThreadRecord {
  struct Held {
    MutexState* mutex = nullptr;
    const char* name = "";
    int rank = 0;
    int highest_before = 0;  // the highest order held below this one
  };

  FiberSwitch::Context context{};
  Pending pending;
  VectorClock clock;
  VectorClock forks;  // what spawning and joining alone order
  unsigned held_count = 0;
  int highest_order = 0;
  unsigned joins = no_thread;        // whose end a join waits for
  MutexState* waits_with = nullptr;  // the mutex to lock again after a wait
  Threads joiners = 0;
  bool was_thrown_out = false;
  Threads ran_since_yield = 0;
  Threads lets_pass = 0;  // after a second yield: who must run first
  void (*start)(void*) = nullptr;
  alignas(callable_alignment) std::array<std::byte, callable_bytes> callable;
  std::array<Held, max_held_locks> held;
  Stack stack;
  SanitizedFiber sanitized;
};

/// The state of one engine; everything here belongs to one thread of the operating system.
class Core {
 public:
  explicit Core(const EngineOptions& options);
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  /// The engine whose execution is running; its absence is a programmer error.
  static Core& running() {
    Core* core = active_;
    if (core == nullptr) [[unlikely]] {
      programmer_error("an Explored object was used outside Engine::run");
    }
    return *core;
  }
  static Core* running_or_null() { return active_; }
  static void forget_lost_execution();

  // What objects call.
  std::uint32_t new_ordinal() { return ordinals_++; }
  bool observed() const { return sink_ != nullptr; }
  unsigned self() const { return self_; }
  ThreadRecord& me() { return *me_; }

  /// The scheduling point: returns when the running thread is chosen to execute `operation`.
  void point(Pending operation) {
    me_->pending.object = operation.object;
    me_->pending.kind = operation.kind;
    count_step();
    if (enabled_ != skip_bit_) schedule_(*this);
  }

  void lock(MutexState& mutex) {
    ThreadRecord& self = me();
    const bool in_order =
        mutex.order > self.highest_order && (mutex.rank != 0 || self.held_count == 0);
    if (!in_order) [[unlikely]] {
      if (!may_lock(mutex)) return;
    }
    self.pending.object = &mutex;
    self.pending.kind = OperationKind::Lock;
    mutex.waiters |= self_bit_;
    if (mutex.owner != no_thread) enabled_ &= ~self_bit_;
    count_step();
    if (enabled_ != skip_bit_) schedule_(*this);
    acquire(mutex);
    if (observed()) [[unlikely]]
      observe(OperationKind::Lock, mutex, {});
  }

  bool try_lock(MutexState& mutex);

  void unlock(MutexState& mutex) noexcept {
    if (mutex.owner != self_) [[unlikely]]
      return unlock_is_wrong(mutex);
    me_->pending.object = &mutex;
    me_->pending.kind = OperationKind::Unlock;
    count_step();
    if (enabled_ != skip_bit_ && unlock_points_) schedule_(*this);
    if (mutex.owner == self_) release(mutex);
    if (observed()) [[unlikely]]
      observe(OperationKind::Unlock, mutex, {});
  }

  void wait(CondVarState& condition, MutexState& mutex);
  void notify(CondVarState& condition, OperationKind kind) noexcept;
  /// A thread that is not started yet; no_thread if the execution ended over it.
  unsigned new_thread();
  /// Where a callable of at most `callable_bytes` waits for its thread to start.
  void* callable_of(unsigned thread) { return threads_[thread].callable.data(); }
  /// From now on the thread may be chosen; `entry` gets its callable's place.
  void start_thread(unsigned thread, void (*entry)(void*));
  void join(unsigned thread);
  /// A thread's object goes out of scope without a join.
  void thread_destroyed(unsigned thread) noexcept;
  void mutex_destroyed(MutexState& mutex) noexcept;
  void yield();

  // Findings.
  /// Records how the execution ended; the first finding counts.
  void fail(Ending ending, std::string sentence) noexcept;
  /// The same, then leaves this thread, unless an exception is already on its way.
  void fail_and_leave(Ending ending, std::string sentence);
  void uncaught(const char* what) noexcept;
  bool abandoning() const { return abandoning_; }

  // What the sink hears.
  void observe(OperationKind kind, const ObjectHead& object, std::string_view detail);
  void note(std::string_view text);

  // What Engine calls.
  struct Program {
    void* strategy;
    void (*schedule)(Core&);
    unsigned (*wake)(Core&, Threads);
    bool sees_all_steps;
  };
  void start(const Program& program);
  void body_ended() noexcept;
  /// Closes the execution; throws NoMemoryForStacks if that is what ended it.
  Ended finish_run();
  void set_sink(TraceSink* sink) { sink_ = sink; }
  const std::uint8_t* picks() const { return picks_.get(); }
  std::size_t pick_count() const { return pick_count_; }

  // What a schedule function calls.
  void* strategy() const { return strategy_; }
  Threads enabled() const { return enabled_; }
  Threads self_bit() const { return self_bit_; }
  /// Threads that were started and have not come to their first scheduling point: they go there
  /// one after the other before anything is chosen, so that it is known what everybody will do.
  bool has_fresh_threads() const { return fresh_ != 0; }
  void run_fresh_thread();
  /// Whom a choice is about: the thread that came to a scheduling point, which let the fresh ones
  /// run to theirs first.
  unsigned take_current() {
    return waits_for_fresh_ == no_thread ? self_ : std::exchange(waits_for_fresh_, no_thread);
  }
  /// Who may be chosen: the enabled threads, without those that yielded and let others pass.
  Threads candidates() const { return yielders_ == 0 ? enabled_ : fair_candidates(); }
  const Pending& pending(unsigned thread) const { return threads_[thread].pending; }
  bool yielded(unsigned thread) const {
    return threads_[thread].pending.kind == OperationKind::Yield;
  }
  void record(unsigned pick) { picks_[pick_count_++] = static_cast<std::uint8_t>(pick); }
  void count_preemption() { ++preemptions_; }
  std::uint32_t preemptions() const { return preemptions_; }
  std::uint32_t steps() const { return steps_; }
  /// Goes on in another thread; returns when this one is chosen again.
  void switch_for_choice(unsigned next);
  void chosen_again() {
    if (yielders_ != 0) [[unlikely]]
      before_switch(self_);
  }
  void nobody_can_go_on();
  void cut_by_strategy();

 private:
  friend void note(std::string_view);
  /// What the language runtime keeps of exceptions for each thread of the operating system: it must
  /// follow the fiber, or two fibers that handle exceptions would mix theirs.
  struct ExceptionState {
    void* caught = nullptr;
    unsigned uncaught = 0;
  };

  void count_step() {
    if (++steps_ > slow_from_) [[unlikely]]
      slow_step();
  }
  void acquire(MutexState& mutex) {
    ThreadRecord& self = me();
    mutex.waiters &= ~self_bit_;
    mutex.owner = self_;
    enabled_ &= ~mutex.waiters;
    self.clock.join(mutex.clock);
    self.held[self.held_count++] = {&mutex, mutex.name, mutex.rank, self.highest_order};
    if (mutex.order > self.highest_order) self.highest_order = mutex.order;
  }
  void release(MutexState& mutex) {
    ThreadRecord& self = me();
    mutex.owner = no_thread;
    enabled_ |= mutex.waiters;
    self.clock.publish(mutex.clock, self_);
    if (self.held[self.held_count - 1].mutex == &mutex) [[likely]] {
      self.highest_order = self.held[--self.held_count].highest_before;
    } else {
      forget_held(self, mutex);
    }
  }
  [[gnu::always_inline]] inline void switch_to(unsigned next);

  void slow_step();
  bool may_lock(MutexState& mutex);
  void remember_lock_order(MutexState& mutex);
  void unlock_is_wrong(MutexState& mutex) noexcept;
  static void forget_held(ThreadRecord& thread, const MutexState& mutex) noexcept;
  Threads fair_candidates() const;
  void before_switch(unsigned next);
  void observe_switch(unsigned next);
  // A cut execution goes on without choices until everybody has ended: destructors run as they
  // would, and nothing is thrown through them. Only when nobody can go on, or after as many steps
  // as the limit allows, threads are thrown out.
  static void schedule_to_the_end(Core& core);
  void throw_one_out();
  void leave_as_victim();
  void leave();
  static MutexState& mutex_of(const Pending& pending) {
    return *const_cast<MutexState*>(static_cast<const MutexState*>(pending.object));
  }
  bool finished(unsigned thread) const { return (finished_ & bit_of(thread)) != 0; }
  void wait_for_end_of(unsigned thread);
  inline void thread_ended() noexcept;
  void check_held_at_exit() noexcept {
    if (me_->held_count != 0) [[unlikely]]
      held_at_exit();
  }
  void held_at_exit() noexcept;
  bool make_room_for_thread();
  void observe_thread(OperationKind kind, unsigned other);
  void join_is_wrong();
  void make_fiber(ThreadRecord& record, unsigned colour);
  void reset_thread(ThreadRecord& record);
  std::string deadlock_sentence() const;
  static void fiber_main();

  static inline thread_local constinit Core* active_ = nullptr;

  // In the order of use by the hot path.
  Threads enabled_ = 0;
  Threads self_bit_ = 1;
  Threads skip_bit_ = 1;  // alone enabled, the running thread needs no choice: its bit, or 0 if the
                          // strategy sees all steps, which no set of threads equals
  Threads never_skip_ = 0;
  unsigned self_ = 0;
  ThreadRecord* me_ = nullptr;
  std::uint32_t steps_ = 0;
  std::uint32_t slow_from_ = 0;
  std::uint32_t preemptions_ = 0;
  void (*schedule_)(Core&) = nullptr;
  void* strategy_ = nullptr;
  std::unique_ptr<std::uint8_t[]> picks_;
  std::size_t pick_count_ = 0;
  TraceSink* sink_ = nullptr;
  ExceptionState* exceptions_ = nullptr;
  Threads yielders_ = 0;
  Threads fresh_ = 0;
  unsigned waits_for_fresh_ = no_thread;
  unsigned victim_ = no_thread;  // who is resumed only to be thrown out
  bool abandoning_ = false;
  bool no_memory_ = false;
  bool unlock_points_ = true;

  unsigned thread_count_ = 1;
  ThreadRecord* came_from_ = nullptr;
  Threads finished_ = 0;
  std::uint32_t ordinals_ = 0;
  std::uint32_t steps_after_cut_ = 0;
  unsigned (*wake_)(Core&, Threads) = nullptr;
  unsigned observed_thread_ = 0;
  SwitchReason switch_reason_ = SwitchReason::None;
  std::string blocked_on_;
  unsigned lock_order_count_ = 0;
  std::array<LockOrder, max_lock_orders> lock_orders_;
  Ended ended_;
  EngineOptions options_;
  std::array<ThreadRecord, max_threads> threads_;
};

}  // namespace quiesce::interleave
