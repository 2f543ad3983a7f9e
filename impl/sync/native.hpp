// Native: synchronisation from the standard library. The only file that names its primitives.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "impl/sync/sync.hpp"

namespace quiesce {

/// The production policy: what runs when nobody watches. Names and ranks are dropped.
struct Native {
  class Mutex {
   public:
    explicit Mutex(LockInfo = {}) {}
    void lock() { mutex_.lock(); }
    void unlock() { mutex_.unlock(); }
    [[nodiscard]] bool try_lock() { return mutex_.try_lock(); }

   private:
    friend struct Native;
    std::mutex mutex_;
  };

  class CondVar {
   public:
    explicit CondVar(DataInfo = {}) {}

    /// Waits until notified, or for no reason: callers loop on their condition.
    ///   locks    `mutex` is held before and after, and free in between
    void wait(Mutex& mutex) {
      std::unique_lock<std::mutex> held(mutex.mutex_, std::adopt_lock);
      condition_.wait(held);
      held.release();  // the caller goes on holding it
    }
    void notify_one() { condition_.notify_one(); }
    void notify_all() { condition_.notify_all(); }

   private:
    std::condition_variable condition_;
  };

  template <class T>
  class Atomic {
   public:
    explicit Atomic(T value = T{}, DataInfo = {}) : value_(value) {}
    [[nodiscard]] T load(std::memory_order order) const { return value_.load(order); }
    void store(T value, std::memory_order order) { value_.store(value, order); }
    T exchange(T value, std::memory_order order) { return value_.exchange(value, order); }
    bool compare_exchange_strong(T& expected, T desired, std::memory_order order) {
      return value_.compare_exchange_strong(expected, desired, order);
    }
    T fetch_add(T value, std::memory_order order) { return value_.fetch_add(value, order); }
    T fetch_sub(T value, std::memory_order order) { return value_.fetch_sub(value, order); }

   private:
    std::atomic<T> value_;
  };

  /// Plain data; whoever touches it holds the lock that guards it.
  template <class T>
  class Var {
   public:
    explicit Var(T value = T{}, DataInfo = {}) : value_(std::move(value)) {}
    [[nodiscard]] const T& read() const { return value_; }
    void write(T value) { value_ = std::move(value); }

   private:
    T value_;
  };

  /// Joined by its owner before it is destroyed; std::thread stops the program otherwise.
  class Thread {
   public:
    template <class Callable>
    explicit Thread(Callable&& callable) : thread_(std::forward<Callable>(callable)) {}
    void join() { thread_.join(); }

   private:
    std::thread thread_;
  };

  static void yield() { std::this_thread::yield(); }

  /// A counter that several threads add to.
  ///   Relaxed everywhere: no answer reads one, so it orders nothing. Tickets that are drawn inside
  ///   critical sections of one mutex still grow in the order of those sections, because
  ///   read-modify-writes of one atomic follow happens-before (coherence).
  template <class T>
  class Diagnostic {
   public:
    explicit Diagnostic(T value = T{}) : value_(value) {}
    T fetch_add(T amount) { return value_.fetch_add(amount, std::memory_order_relaxed); }
    [[nodiscard]] T load() const { return value_.load(std::memory_order_relaxed); }
    void store(T value) { value_.store(value, std::memory_order_relaxed); }
    void raise(T value) {
      T seen = load();
      while (seen < value &&
             !value_.compare_exchange_weak(seen, value, std::memory_order_relaxed)) {
      }
    }

   private:
    std::atomic<T> value_;
  };
};

static_assert(Sync<Native>);

}  // namespace quiesce
