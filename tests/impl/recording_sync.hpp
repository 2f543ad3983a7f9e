// Recording: a Sync policy that writes down which mutex is locked and unlocked, in order.
#pragma once

#include <string>
#include <vector>

#include "impl/sync/single_thread.hpp"

namespace quiesce::impl::tests {

/// What happened to mutexes since the last clear().
[[nodiscard]] inline std::string& lock_record() {
  static std::string record;
  return record;
}

/// SingleThread with a memory: "+Regions +Tasks -Tasks -Regions ".
struct Recording : SingleThread {
  class Mutex : public SingleThread::Mutex {
   public:
    explicit Mutex(LockInfo info = {}) : name_(info.name) {}
    void lock() {
      SingleThread::Mutex::lock();
      lock_record() += "+" + std::string(name_) + " ";
    }
    void unlock() {
      SingleThread::Mutex::unlock();
      lock_record() += "-" + std::string(name_) + " ";
    }

   private:
    const char* name_;
  };
  struct CondVar : SingleThread::CondVar {
    explicit CondVar(DataInfo = {}) {}
    void wait(Mutex& mutex) { SingleThread::CondVar::wait(mutex); }
  };
};

static_assert(Sync<Recording>);

}  // namespace quiesce::impl::tests
