// Candidates: the smaller scripts that the minimiser tries, and the schedule that goes with them.
// Internal to the minimiser.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "models/interleave/strategy.hpp"
#include "models/refine/execution.hpp"
#include "models/refine/script.hpp"

namespace quiesce::refine {

/// An action that keeps its identity while a script shrinks around it.
using ItemId = std::size_t;
inline constexpr ItemId main_thread = std::numeric_limits<ItemId>::max();
struct Item {
  ItemId id = 0;
  Action action;
};

/// A script whose actions know who they are.
struct Candidate {
  std::vector<Item> prefix;
  std::vector<std::vector<Item>> branches;
  std::vector<Item> suffix;
  LeakPolicy leaks{};
};
[[nodiscard]] Candidate candidate_of(const Script& script);
[[nodiscard]] Script script_of(const Candidate& candidate);
[[nodiscard]] std::vector<ItemId> items_of(const Candidate& candidate);
/// Without some items; branches that become empty go too.
[[nodiscard]] Candidate without(const Candidate& candidate, const std::vector<ItemId>& dropped);
/// All items in the order of the ids, one after the other.
[[nodiscard]] Candidate in_sequence(const Candidate& candidate, const std::vector<ItemId>& order);

/// The smaller or simpler scripts that differ from a candidate in one place, but for dropped
/// actions: an action that moves into the prefix, two branches that become one.
[[nodiscard]] std::vector<Candidate> with_fewer_threads(const Candidate& candidate);
/// An action with fewer arguments: no budget, no limits, the first kind.
[[nodiscard]] std::vector<Candidate> with_simpler_actions(const Candidate& candidate);
/// A plainer leak policy: Log, or no escalation, or an earlier one.
[[nodiscard]] std::vector<Candidate> with_simpler_leaks(const Candidate& candidate);
/// A region less: its parent takes its place wherever it is named.
[[nodiscard]] std::vector<Candidate> with_fewer_regions(const Candidate& candidate);
/// Names numbered in the order of their creation.
[[nodiscard]] Candidate renumbered(const Candidate& candidate);

/// A schedule in terms of items: for each decision the item that the picked thread was at.
using Hint = std::vector<ItemId>;

/// Replays decisions and writes the hint.
class HintRecorder {
 public:
  HintRecorder(interleave::Decisions decisions, const Execution& execution,
               const Candidate& candidate)
      : fixed_(std::move(decisions)), execution_(execution), candidate_(candidate) {}

  void begin() { fixed_.begin(); }
  unsigned pick(const interleave::Choice& choice) { return noted(fixed_.pick(choice)); }
  unsigned wake(interleave::Threads waiters) { return noted(fixed_.wake(waiters)); }
  void end() { fixed_.end(); }
  [[nodiscard]] Hint take() { return std::move(hint_); }

 private:
  unsigned noted(unsigned thread);

  interleave::Fixed fixed_;
  const Execution& execution_;
  const Candidate& candidate_;
  Hint hint_;
};

/// Follows a hint on another candidate as far as it makes sense there.
class HintFollower {
 public:
  HintFollower(const Hint& hint, const Execution& execution, const Candidate& candidate);

  void begin() { at_ = 0; }
  unsigned pick(const interleave::Choice& choice) {
    const unsigned wanted = wanted_among(choice.candidates());
    return wanted == interleave::no_thread ? interleave::without_preemption(choice) : wanted;
  }
  unsigned wake(interleave::Threads waiters) {
    const unsigned wanted = wanted_among(waiters);
    return wanted == interleave::no_thread ? static_cast<unsigned>(std::countr_zero(waiters))
                                           : wanted;
  }
  void end() {}

 private:
  struct Place {
    bool there = false;
    std::size_t part = 0;
    std::size_t position = 0;
  };

  unsigned wanted_among(interleave::Threads candidates);

  const Hint& hint_;
  const Execution& execution_;
  std::vector<Place> places_;  // by item
  std::size_t at_ = 0;
};

}  // namespace quiesce::refine
