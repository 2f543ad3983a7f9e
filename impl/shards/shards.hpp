// The three shards with their mutexes, and with<...>(): the only maker of Held.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "impl/layout/layout.hpp"
#include "impl/shards/held.hpp"

namespace quiesce::impl {

/// The mutexes of one critical section. Locks in the order of their index, each once, and releases
/// in the reverse order: also when a lock() in the middle throws.
template <Sync S>
class [[nodiscard]] LockSet {
 public:
  using Mutexes = std::array<typename S::Mutex, 3>;

  explicit LockSet(Mutexes& mutexes) : mutexes_(mutexes) {}
  LockSet(const LockSet&) = delete;
  LockSet& operator=(const LockSet&) = delete;
  ~LockSet() {
    for (std::size_t i = mutexes_.size(); i-- > 0;) {
      if ((held_ >> i & 1U) != 0) mutexes_[i].unlock();
    }
  }

  /// Locks every mutex whose bit is set in `wanted`.
  void lock(std::uint32_t wanted) {
    for (std::size_t i = 0; i < mutexes_.size(); ++i) {
      if ((wanted >> i & 1U) == 0) continue;
      mutexes_[i].lock();
      held_ |= 1U << i;
    }
  }

 private:
  Mutexes& mutexes_;
  std::uint32_t held_ = 0;
};

/// B, A and C behind the mutexes of a layout.
///   cost     construction takes no memory from the heap; `config` outlives the shards
template <Sync S>
class Shards {
 public:
  Shards(const RuntimeConfig& config, const Layout& layout)
      : mutexes_{typename S::Mutex{LockInfo{Regions::rank, layout.mutex_names[0]}},
                 typename S::Mutex{LockInfo{Tasks::rank, layout.mutex_names[1]}},
                 typename S::Mutex{LockInfo{Obligations::rank, layout.mutex_names[2]}}},
        mutex_of_(layout.mutex_of),
        regions_(config),
        tasks_(config),
        obligations_(config) {}

  /// Runs `body(held)` while the locks of the listed shards are held.
  ///   locks    the listed shards, in lock order; a mutex that guards several of them once
  template <class... Listed, class Body>
  auto with(Body&& body) {
    using Result = std::invoke_result_t<Body, Held<S, Listed...>>;
    static_assert(!is_held<std::decay_t<Result>>, "a Held does not leave its critical section");
    LockSet<S> locks(mutexes_);
    locks.lock(((1U << mutex_of_[Listed::index]) | ...));
    return std::forward<Body>(body)(Held<S, Listed...>(*this));
  }

  /// A shard without its lock: Held goes through here, and so would a fault that forgets the lock;
  /// the explorer sees the access either way.
  template <AnyShard Shard>
  [[nodiscard]] auto& guarded() {
    if constexpr (std::same_as<Shard, Regions>) return regions_;
    if constexpr (std::same_as<Shard, Tasks>) return tasks_;
    if constexpr (std::same_as<Shard, Obligations>) return obligations_;
  }
  template <AnyShard Shard>
  [[nodiscard]] const typename Shard::Table& peek() const {
    return const_cast<Shards*>(this)->template guarded<Shard>().peek();
  }

 private:
  typename LockSet<S>::Mutexes mutexes_;
  std::array<std::uint8_t, 3> mutex_of_;
  Guarded<S, Regions> regions_;
  Guarded<S, Tasks> tasks_;
  Guarded<S, Obligations> obligations_;
};

}  // namespace quiesce::impl
