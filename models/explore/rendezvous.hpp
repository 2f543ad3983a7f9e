// The meeting point of the threads of a search.
#pragma once

#include <atomic>

#include "impl/sync/native.hpp"

namespace quiesce::explore {

/// Rendezvous lets `parties` threads wait for each other, again and again: first by looking, then
/// asleep, because a round of a search is either very short or somebody else needs the core.
///   locks    one mutex of its own, a leaf
class Rendezvous {
 public:
  explicit Rendezvous(unsigned parties) : parties_(parties) {}

  /// Everything a thread did before it met is visible to all after they met.
  void meet() {
    const unsigned turn = turn_.load(std::memory_order_acquire);  // pairs with the store below
    if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == parties_) {
      arrived_.store(0, std::memory_order_relaxed);  // published by the release of turn_
      {
        const ScopedLock lock(mutex_);
        turn_.store(turn + 1, std::memory_order_release);
      }
      changed_.notify_all();
      return;
    }
    for (int look = 0; look < looks; ++look) {
      if (turn_.load(std::memory_order_acquire) != turn) return;
    }
    const ScopedLock lock(mutex_);
    while (turn_.load(std::memory_order_acquire) == turn) changed_.wait(mutex_);
  }

 private:
  static constexpr int looks = 4000;
  const unsigned parties_;
  Native::Mutex mutex_{LockInfo{0, "rendezvous"}};
  Native::CondVar changed_{DataInfo{"the others have met"}};
  Native::Atomic<unsigned> arrived_{0, DataInfo{"threads that arrived"}};
  Native::Atomic<unsigned> turn_{0, DataInfo{"meetings held"}};
};

}  // namespace quiesce::explore
