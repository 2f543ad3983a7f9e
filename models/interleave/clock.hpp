// Vector clocks: which accesses are ordered by synchronisation and which are not.
#pragma once

#include <array>
#include <cstdint>

#include "models/interleave/decisions.hpp"

namespace quiesce::interleave {

/// A thread's or an object's knowledge of every thread's time.
///   state    32 bytes, so that a join is two vector instructions; a time is at most 32767, which
///            the engine's step limit keeps
class VectorClock {
 public:
  using Ticks = std::int16_t;

  Ticks of(unsigned thread) const { return times_[thread]; }
  void tick(unsigned thread) { times_[thread] = static_cast<Ticks>(times_[thread] + 1); }
  void clear() { times_.fill(0); }
  void reset(unsigned thread, Ticks time) {
    times_.fill(0);
    times_[thread] = time;
  }
  void set(unsigned thread, Ticks time) { times_[thread] = time; }

  /// Learns everything that `other` knows.
  void join(const VectorClock& other) {
    for (unsigned i = 0; i < max_threads; ++i) {
      times_[i] = times_[i] > other.times_[i] ? times_[i] : other.times_[i];
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
  alignas(16) std::array<Ticks, max_threads> times_{};
};

}  // namespace quiesce::interleave
