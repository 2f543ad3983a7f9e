// SingleThread: the browser profile. Locks and atomics vanish; nothing ever waits.
#pragma once

#include <utility>

#include "impl/sync/require.hpp"
#include "impl/sync/sync.hpp"

namespace quiesce {

/// One thread only. A wait that could never end (locking a mutex that is held, waiting for a
/// notification that nobody can send) is a programmer error.
struct SingleThread {
  class Mutex {
   public:
    explicit Mutex(LockInfo = {}) {}
    void lock() {
      require(!held_, "a single thread locks a mutex that it holds already: it would wait forever");
      held_ = true;
    }
    void unlock() {
      require(held_, "a mutex is unlocked that is not held");
      held_ = false;
    }
    [[nodiscard]] bool try_lock() { return !std::exchange(held_, true); }

   private:
    bool held_ = false;
  };

  class CondVar {
   public:
    explicit CondVar(DataInfo = {}) {}
    void wait(Mutex&) {
      programmer_error("a single thread waits for a notification that nobody can send");
    }
    void notify_one() {}
    void notify_all() {}
  };

  template <class T>
  class Atomic {
   public:
    explicit Atomic(T value = T{}, DataInfo = {}) : value_(value) {}
    [[nodiscard]] T load(std::memory_order) const { return value_; }
    void store(T value, std::memory_order) { value_ = value; }
    T exchange(T value, std::memory_order) { return std::exchange(value_, value); }
    bool compare_exchange_strong(T& expected, T desired, std::memory_order) {
      if (value_ == expected) {
        value_ = desired;
        return true;
      }
      expected = value_;
      return false;
    }
    T fetch_add(T value, std::memory_order) {
      return std::exchange(value_, static_cast<T>(value_ + value));
    }
    T fetch_sub(T value, std::memory_order) {
      return std::exchange(value_, static_cast<T>(value_ - value));
    }

   private:
    T value_;
  };

  template <class T>
  class Var {
   public:
    explicit Var(T value = T{}, DataInfo = {}) : value_(std::move(value)) {}
    [[nodiscard]] const T& read() const { return value_; }
    void write(T value) { value_ = std::move(value); }

   private:
    T value_;
  };

  /// Runs its callable to the end while it is constructed.
  class Thread {
   public:
    template <class Callable>
    explicit Thread(Callable&& callable) {
      std::forward<Callable>(callable)();
    }
    void join() {}
  };

  static void yield() {}

  template <class T>
  class Diagnostic {
   public:
    explicit Diagnostic(T value = T{}) : value_(value) {}
    T fetch_add(T amount) { return std::exchange(value_, static_cast<T>(value_ + amount)); }
    [[nodiscard]] T load() const { return value_; }
    void store(T value) { value_ = value; }
    void raise(T value) { value_ = value_ < value ? value : value_; }

   private:
    T value_;
  };
};

static_assert(Sync<SingleThread>);

}  // namespace quiesce
