// The Sync concept: the one parameter that says where synchronisation comes from.
#pragma once

#include <atomic>
#include <concepts>
#include <cstdint>
#include <utility>

namespace quiesce {

/// What a lock is called and where it stands in the lock order: ranks are acquired in increasing
/// order.
///   state    `rank` 0 means unranked: no order is checked; `name` outlives the lock: a literal
struct LockInfo {
  int rank = 0;
  const char* name = "mutex";
};

/// What an atomic or a variable is called in a report; native code drops it.
struct DataInfo {
  const char* name = "data";
};

/// A Sync policy: `Native` (the standard library), `SingleThread` (nothing: the browser profile)
/// and the explorer's `Explored` (every operation is a scheduling point).
///
///   Mutex(LockInfo)         lock, unlock, try_lock
///   CondVar(DataInfo)       wait(mutex), notify_one, notify_all; the mutex is held around wait
///   Atomic<T>(v, DataInfo)  load, store, exchange, compare_exchange_strong, fetch_add, fetch_sub,
///                           each with a std::memory_order
///   Var<T>(v, DataInfo)     plain data: read(), write(v); the explorer reports a race on it
///   Thread(callable)        join; joined before destruction
///   yield()                 a hint that the caller waits for another thread
///   Diagnostic<T>(v)        counters and tickets: fetch_add(n), load(), store(v), raise(v) to the
///                           larger of v and what is there; no answer reads one. Atomic in
///                           Native, plain and no scheduling point in Explored
template <class P>
concept Sync = requires(typename P::Mutex& mutex, typename P::CondVar& condition,
                        typename P::template Atomic<int>& atomic,
                        typename P::template Var<int>& var, typename P::Thread& thread,
                        typename P::template Diagnostic<std::uint64_t>& diagnostic, int expected) {
  requires std::constructible_from<typename P::Mutex, LockInfo>;
  mutex.lock();
  mutex.unlock();
  { mutex.try_lock() } -> std::same_as<bool>;
  requires std::constructible_from<typename P::CondVar, DataInfo>;
  condition.wait(mutex);
  condition.notify_one();
  condition.notify_all();
  requires std::constructible_from < typename P::template Atomic<int>,
  int, DataInfo > ;
  { atomic.load(std::memory_order_acquire) } -> std::same_as<int>;
  atomic.store(1, std::memory_order_release);
  { atomic.exchange(1, std::memory_order_acq_rel) } -> std::same_as<int>;
  { atomic.compare_exchange_strong(expected, 1, std::memory_order_acq_rel) } -> std::same_as<bool>;
  { atomic.fetch_add(1, std::memory_order_relaxed) } -> std::same_as<int>;
  { atomic.fetch_sub(1, std::memory_order_relaxed) } -> std::same_as<int>;
  requires std::constructible_from < typename P::template Var<int>,
  int, DataInfo > ;
  { var.read() } -> std::convertible_to<int>;
  var.write(1);
  requires std::constructible_from<typename P::Thread, void (*)()>;
  thread.join();
  P::yield();
  { diagnostic.fetch_add(1) } -> std::same_as<std::uint64_t>;
  { diagnostic.load() } -> std::same_as<std::uint64_t>;
  diagnostic.store(0);
  diagnostic.raise(0);
};

/// Holds a mutex of any policy for a scope. Unlike std::lock_guard it is usable with every Sync
/// policy.
template <class Mutex>
class [[nodiscard]] ScopedLock {
 public:
  explicit ScopedLock(Mutex& mutex) : mutex_(mutex) { mutex_.lock(); }
  ~ScopedLock() { mutex_.unlock(); }
  ScopedLock(const ScopedLock&) = delete;
  ScopedLock& operator=(const ScopedLock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace quiesce
