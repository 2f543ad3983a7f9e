// POS: a priority for each pending operation (Yuan, Yang and Gu, CAV 2018).
#pragma once

#include <array>
#include <cstdint>

#include "models/interleave/engine.hpp"

namespace quiesce::interleave {

/// Partial order sampling: every pending operation has a random priority, the highest executes,
/// and the pending operations that race with it get new ones, so that the loser of one race is not
/// bound to lose the next.
///   state    execution i is a function of (seed, i); nothing to tune
class Pos {
 public:
  explicit Pos(std::uint64_t seed) : seed_(seed) {}

  /// The next execution is number `execution`; the ones after it count on.
  void select(std::uint64_t execution) { execution_ = execution; }

  void begin() {
    random_ = Random(execution_seed(seed_, execution_++));
    known_ = 0;
  }

  unsigned pick(const Choice& choice) {
    meet(choice.candidates());
    if (choice.current_yields() && choice.current_is_candidate()) priorities_[choice.current()] = 0;
    const unsigned best = highest(choice.candidates());
    const Pending& executed = choice.pending(best);
    for (Threads left = choice.candidates(); left != 0; left &= left - 1) {
      const auto thread = static_cast<unsigned>(std::countr_zero(left));
      if (thread == best || is_dependent(choice.pending(thread), executed)) {
        priorities_[thread] = random_.next();
      }
    }
    return best;
  }
  unsigned wake(Threads waiters) {
    meet(waiters);
    return highest(waiters);
  }
  /// The operation executes unopposed; the thread's next one is new.
  bool forced(unsigned thread, const Pending&) {
    known_ &= ~bit_of(thread);
    return true;
  }
  void end() {}

 private:
  void meet(Threads threads) {
    for (Threads fresh = threads & ~known_; fresh != 0; fresh &= fresh - 1) {
      priorities_[static_cast<unsigned>(std::countr_zero(fresh))] = random_.next();
    }
    known_ |= threads;
  }

  unsigned highest(Threads set) const {
    unsigned best = static_cast<unsigned>(std::countr_zero(set));
    for (set &= set - 1; set != 0; set &= set - 1) {
      const auto thread = static_cast<unsigned>(std::countr_zero(set));
      if (priorities_[thread] > priorities_[best]) best = thread;
    }
    return best;
  }

  std::uint64_t seed_;
  std::uint64_t execution_ = 0;
  Random random_{0};
  Threads known_ = 0;
  std::array<std::uint64_t, max_threads> priorities_{};
};

static_assert(Strategy<Pos> && SeesForcedSteps<Pos>);

}  // namespace quiesce::interleave
