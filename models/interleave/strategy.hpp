// Strategies: who goes on at a choice. Random walk and replay; the others have headers of their
// own.
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <optional>

#include "models/interleave/core.hpp"
#include "models/interleave/random.hpp"

namespace quiesce::interleave {

/// A choice between at least two threads.
///   state    `candidates`: the threads that may be picked; `current`: the thread that ran last,
///            which is a candidate unless it is blocked, has ended, or lets others pass
class Choice {
 public:
  Choice(const Core& core, Threads candidates, unsigned current)
      : core_(core), candidates_(candidates), current_(current) {}

  Threads candidates() const { return candidates_; }
  unsigned current() const { return current_; }
  bool current_is_candidate() const { return (candidates_ >> current_ & 1U) != 0; }
  /// The current thread asked to wait: to leave it is no preemption.
  bool current_yields() const { return core_.yielded(current_); }
  /// What a candidate will do when it is picked.
  const Pending& pending(unsigned thread) const { return core_.pending(thread); }

 private:
  const Core& core_;
  Threads candidates_;
  unsigned current_;
};

/// What an engine needs of a strategy. `begin` comes before each execution, `end` after it; both
/// picks answer a thread of the set they are given, or no_thread to cut the execution.
template <class S>
concept Strategy = requires(S& strategy, const Choice& choice, Threads waiters) {
  strategy.begin();
  { strategy.pick(choice) } -> std::same_as<unsigned>;
  { strategy.wake(waiters) } -> std::same_as<unsigned>;
  strategy.end();
};

/// A strategy that is also told the steps at which there was no choice: `thread` alone can go on,
/// with `step`. The answer false cuts the execution.
template <class S>
concept SeesForcedSteps = requires(S& strategy, unsigned thread, const Pending& step) {
  { strategy.forced(thread, step) } -> std::same_as<bool>;
};

template <class S>
bool sees_all_steps(const S& strategy) {
  if constexpr (requires { strategy.sees_all_steps(); }) return strategy.sees_all_steps();
  return SeesForcedSteps<S>;
}

/// The thread that runs if nobody is preempted: the current one while it can, else the first.
inline unsigned without_preemption(const Choice& choice) {
  if (choice.current_is_candidate()) return choice.current();
  return static_cast<unsigned>(std::countr_zero(choice.candidates()));
}

/// Tables of the n-th set bit of a byte, for n below its number of bits, and of that number: the
/// instructions for both are younger than the oldest x86-64.
class NthBit {
 public:
  constexpr NthBit() {
    for (unsigned byte = 0; byte < 256; ++byte) {
      unsigned n = 0;
      for (unsigned bit = 0; bit < 8; ++bit) {
        if ((byte >> bit & 1U) != 0) table_[byte * 8 + n++] = static_cast<std::uint8_t>(bit);
      }
      counts_[byte] = static_cast<std::uint8_t>(n);
    }
  }
  unsigned count(Threads set) const {
    return static_cast<unsigned>(counts_[set & 255U]) + counts_[set >> 8U & 255U];
  }
  unsigned of(Threads set, unsigned n) const {
    if (set < 256) [[likely]]
      return table_[set * 8 + n];
    for (; n > 0; --n) set &= set - 1;
    return static_cast<unsigned>(std::countr_zero(set));
  }

 private:
  std::array<std::uint8_t, 2048> table_{};
  std::array<std::uint8_t, 256> counts_{};
};
inline constexpr NthBit nth_bit;

/// Random walk: every candidate is equally likely.
///   state    execution i is a function of (seed, i); the next number is always drawn in advance,
///            so that a choice does not wait for the multiplications
class RandomWalk {
 public:
  explicit RandomWalk(std::uint64_t seed) : seed_(seed) {}

  /// The next execution is number `execution`; the ones after it count on.
  void select(std::uint64_t execution) { execution_ = execution; }

  void begin() {
    drawn_ = execution_seed(seed_, execution_++);
    random_ = Random(drawn_);
  }
  unsigned pick(const Choice& choice) { return draw(choice.candidates()); }
  unsigned wake(Threads waiters) { return draw(waiters); }
  void end() {}

 private:
  unsigned draw(Threads set) {
    const auto n = static_cast<unsigned>(((drawn_ >> 32U) * nth_bit.count(set)) >> 32U);
    drawn_ = random_.next();
    return nth_bit.of(set, n);
  }

  std::uint64_t seed_;
  std::uint64_t execution_ = 0;
  Random random_{0};
  std::uint64_t drawn_ = 0;
};

/// Replays recorded decisions; when the list ends nobody is preempted any more.
///   state    a recorded pick that is not possible is a divergence: from there on nobody is
///            preempted; `divergence()` has the decision's index. Decisions that are left over at
///            the end are a divergence too.
class Fixed {
 public:
  Fixed() = default;
  explicit Fixed(Decisions decisions) : decisions_(std::move(decisions)) {}

  void begin() {
    at_ = 0;
    divergence_.reset();
  }
  unsigned pick(const Choice& choice) {
    const unsigned recorded = next(choice.candidates());
    return recorded != no_thread ? recorded : without_preemption(choice);
  }
  unsigned wake(Threads waiters) {
    const unsigned recorded = next(waiters);
    return recorded != no_thread ? recorded : static_cast<unsigned>(std::countr_zero(waiters));
  }
  void end() {
    if (!divergence_ && at_ < decisions_.picks.size()) divergence_ = at_;
  }

  std::optional<std::size_t> divergence() const { return divergence_; }

 private:
  unsigned next(Threads possible) {
    if (divergence_ || at_ == decisions_.picks.size()) return no_thread;
    const unsigned recorded = decisions_.picks[at_];
    if ((possible & bit_of(recorded)) == 0) {
      divergence_ = at_;
      return no_thread;
    }
    ++at_;
    return recorded;
  }

  Decisions decisions_;
  std::size_t at_ = 0;
  std::optional<std::size_t> divergence_;
};

static_assert(Strategy<RandomWalk> && Strategy<Fixed>);

}  // namespace quiesce::interleave
