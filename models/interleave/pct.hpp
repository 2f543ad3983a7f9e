// PCT: random priorities and few random change points (Burckhardt and others, ASPLOS 2010).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "models/interleave/engine.hpp"

namespace quiesce::interleave {

/// How many ordering constraints an execution may draw: a bug of depth d needs d.
struct DepthRange {
  unsigned shallowest = 1;
  unsigned deepest = 5;
};

inline constexpr unsigned max_depth = 16;

/// The highest priority runs; at each of depth - 1 random choices the running thread falls below
/// all others. A bug of depth d is found with probability at least 1 / (threads * length^(d-1)).
///   state    execution i is a function of (seed, depths, length, i). A new thread gets a priority
///            at a random rank; a thread that yields falls below all others, and so does every
///            running thread once the execution is much longer than estimated, lest a loop that
///            waits for another thread keeps it away
class Pct {
 public:
  /// `length`: the number of choices of an execution, as estimated_length tells; at least 1.
  Pct(std::uint64_t seed, DepthRange depths, std::uint32_t length)
      : seed_(seed), depths_(depths), length_(std::max(length, std::uint32_t{1})) {
    require(depths.shallowest >= 1 && depths.shallowest <= depths.deepest &&
                depths.deepest <= max_depth,
            "PCT's depths are a range within 1..16");
    patience_ = 4 * length_ + 64;
  }

  /// The next execution is number `execution`; the ones after it count on.
  void select(std::uint64_t execution) { execution_ = execution; }

  void begin() {
    random_ = Random(execution_seed(seed_, execution_++));
    known_ = 0;
    choices_ = 0;
    lowest_ = first_change_priority;
    const unsigned depth =
        depths_.shallowest + random_.below(depths_.deepest - depths_.shallowest + 1);
    draw_changes(depth - 1);
  }

  unsigned pick(const Choice& choice) {
    meet(choice.candidates());
    ++choices_;
    const bool tired = choices_ > patience_;
    if (choice.current_yields() || tired) priorities_[choice.current()] = --lowest_;
    unsigned best = highest(choice.candidates());
    while (choices_ == next_change()) {
      ++changes_done_;
      priorities_[choice.current_is_candidate() ? choice.current() : best] = --lowest_;
      best = highest(choice.candidates());
    }
    return best;
  }
  unsigned wake(Threads waiters) {
    meet(waiters);
    return highest(waiters);
  }
  void end() {}

 private:
  static constexpr std::uint64_t first_change_priority = std::uint64_t{1} << 62U;

  std::uint32_t next_change() const {
    return changes_done_ < change_count_ ? changes_[changes_done_] : ~std::uint32_t{0};
  }

  /// Distinct choices among 1..length, in order; all of them if there are not as many.
  void draw_changes(unsigned wanted) {
    change_count_ = 0;
    changes_done_ = 0;
    const unsigned count = std::min(wanted, static_cast<unsigned>(length_));
    while (change_count_ < count) {
      const std::uint32_t at = 1 + random_.below(length_);
      unsigned place = change_count_;
      bool twice = false;
      for (unsigned i = 0; i < change_count_; ++i) twice |= changes_[i] == at;
      if (twice) continue;
      for (; place > 0 && changes_[place - 1] > at; --place) changes_[place] = changes_[place - 1];
      changes_[place] = at;
      ++change_count_;
    }
  }

  /// Random priorities above all changed ones for the threads that are new.
  void meet(Threads candidates) {
    for (Threads fresh = candidates & ~known_; fresh != 0; fresh &= fresh - 1) {
      priorities_[static_cast<unsigned>(std::countr_zero(fresh))] =
          first_change_priority | random_.next();
    }
    known_ |= candidates;
  }

  unsigned highest(Threads set) const {
    unsigned best = static_cast<unsigned>(std::countr_zero(set));
    for (set &= set - 1; set != 0; set &= set - 1) {
      const unsigned thread = static_cast<unsigned>(std::countr_zero(set));
      if (priorities_[thread] > priorities_[best]) best = thread;
    }
    return best;
  }

  std::uint64_t seed_;
  DepthRange depths_;
  std::uint32_t length_;
  std::uint32_t patience_ = 0;
  std::uint64_t execution_ = 0;
  Random random_{0};
  Threads known_ = 0;
  std::uint32_t choices_ = 0;
  std::uint64_t lowest_ = first_change_priority;
  unsigned change_count_ = 0;
  unsigned changes_done_ = 0;
  std::array<std::uint32_t, max_depth> changes_{};
  std::array<std::uint64_t, max_threads> priorities_{};
};

static_assert(Strategy<Pct>);

/// What Pct needs to know about the code: the most choices in an execution without preemptions and
/// in four random ones, at least 1. The same for the same body.
template <class Body>
std::uint32_t estimated_length(Engine& engine, Body&& body) {
  std::size_t most = 1;
  Fixed nobody_preempted;
  engine.run(nobody_preempted, body);
  most = std::max(most, engine.choice_count());
  RandomWalk walk(0);
  for (int i = 0; i < 4; ++i) {
    engine.run(walk, body);
    most = std::max(most, engine.choice_count());
  }
  return static_cast<std::uint32_t>(most);
}

}  // namespace quiesce::interleave
