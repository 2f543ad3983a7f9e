// Vector clocks: which accesses are ordered by synchronisation and which are not.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "models/interleave/decisions.hpp"

namespace quiesce::interleave {

/// A thread's or an object's knowledge of every thread's time.
///   state    a time is at most 32767, which the engine's step limit keeps
///   cost     32 bytes; a join or a tick is two vector operations. Everything is loaded and stored
///            in whole vectors: a store of one time would make the next load of its vector wait
///            until it has left the store buffer
class VectorClock {
 public:
  using Ticks = std::int16_t;

  Ticks of(unsigned thread) const { return times_[thread]; }
  void clear() { *this = VectorClock{}; }
  static const VectorClock& first_moment(unsigned thread) { return units[thread]; }
  void set(unsigned thread, Ticks time) { times_[thread] = time; }

  void tick(unsigned thread) {
    for (std::size_t part = 0; part < parts; ++part) {
      store(part, load(part) + units[thread].load(part));
    }
  }

  /// Learns everything that `other` knows.
  void join(const VectorClock& other) {
    for (std::size_t part = 0; part < parts; ++part) {
      const Lanes mine = load(part);
      const Lanes theirs = other.load(part);
      store(part, mine > theirs ? mine : theirs);
    }
  }

  /// A new thread's clock: everything this one knows, and its own first moment.
  VectorClock forked(unsigned thread) const {
    VectorClock clock = *this;
    clock.tick(thread);
    return clock;
  }

  /// A read-modify-write: the thread and the object learn from each other, then the thread's own
  /// time goes on.
  void meet(VectorClock& object, unsigned self) {
    for (std::size_t part = 0; part < parts; ++part) {
      const Lanes mine = load(part);
      const Lanes theirs = object.load(part);
      const Lanes both = mine > theirs ? mine : theirs;
      object.store(part, both);
      store(part, both + units[self].load(part));
    }
  }

  /// A release: the object gets to know what the thread knows, whose own time goes on.
  void publish(VectorClock& object, unsigned self) {
    for (std::size_t part = 0; part < parts; ++part) {
      const Lanes mine = load(part);
      object.store(part, mine);
      store(part, mine + units[self].load(part));
    }
  }

  /// The first thread of which this clock knows more than `other`; max_threads if there is none.
  unsigned first_beyond(const VectorClock& other) const {
    for (unsigned i = 0; i < max_threads; ++i) {
      if (times_[i] > other.times_[i]) return i;
    }
    return max_threads;
  }

 private:
  /// Eight times, which every 64-bit processor compares at once; an extension of both compilers.
  using Lanes [[gnu::vector_size(16)]] = Ticks;
  static constexpr std::size_t parts = max_threads * sizeof(Ticks) / sizeof(Lanes);

  Lanes load(std::size_t part) const {
    Lanes lanes;
    std::memcpy(&lanes, times_.data() + part * sizeof(Lanes) / sizeof(Ticks), sizeof lanes);
    return lanes;
  }
  void store(std::size_t part, Lanes lanes) {
    std::memcpy(times_.data() + part * sizeof(Lanes) / sizeof(Ticks), &lanes, sizeof lanes);
  }

  alignas(16) std::array<Ticks, max_threads> times_{};

  static const std::array<VectorClock, max_threads> units;
};

/// One for each thread.
inline constexpr std::array<VectorClock, max_threads> VectorClock::units = [] {
  std::array<VectorClock, max_threads> all{};
  for (unsigned i = 0; i < max_threads; ++i) all[i].times_[i] = 1;
  return all;
}();

}  // namespace quiesce::interleave
