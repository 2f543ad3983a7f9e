// A failing schedule made simple: no preemption that could be dropped alone is left.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "models/interleave/bounded.hpp"
#include "models/interleave/engine.hpp"

namespace quiesce::interleave {

/// Consecutive steps of one thread.
///   state    `preempted`: the thread could have gone on after them
struct Block {
  unsigned thread = 0;
  std::uint32_t steps = 0;
  bool preempted = false;
  friend bool operator==(const Block&, const Block&) = default;
};

/// A schedule as blocks of steps, and whom each notify_one with a choice woke.
struct Blocks {
  std::vector<Block> blocks;
  std::vector<std::uint8_t> woken;
};

/// Replays decisions, or blocks as far as they are possible, and records the blocks that ran.
class BlockReplay {
 public:
  explicit BlockReplay(Decisions decisions) : fixed_(Fixed(std::move(decisions))) {}
  explicit BlockReplay(Blocks wanted) : wanted_(std::move(wanted)) {}

  void begin();
  unsigned pick(const Choice& choice);
  unsigned wake(Threads waiters);
  bool forced(unsigned thread, const Pending& step);
  void end();

  const Blocks& ran() const { return ran_; }

 private:
  unsigned wanted_among(Threads candidates);
  void take_step_of(unsigned thread);
  void add(unsigned thread, bool preempts);

  std::optional<Fixed> fixed_;
  Blocks wanted_;
  std::size_t first_wanted_ = 0;
  std::size_t next_woken_ = 0;
  Blocks left_;
  Blocks ran_;
};

static_assert(Strategy<BlockReplay> && SeesForcedSteps<BlockReplay>);

/// What trying one schedule gave.
struct Attempt {
  bool fails = false;  // in the way that is being simplified
  Decisions decisions;
  std::uint32_t preemptions = 0;
};

struct Simplified {
  bool fails = false;  // false: the decisions that were given do not fail at all
  Decisions decisions;
  std::uint32_t preemptions = 0;
  std::uint32_t attempts = 0;
};

/// Drops preemptions one by one as long as the execution still fails. A preempted thread goes on at
/// once, or the block before the preemption moves to where the thread goes on.
///   state    in the result no single preemption can be dropped in either way
///   cost     at most `most_attempts` executions
Simplified simplify(const Decisions& failing, const std::function<Attempt(BlockReplay&)>& attempt,
                    std::uint32_t most_attempts = 2'000);

/// The same for a body and a judgement of how it ended.
template <class Body, std::predicate<const Ended&> Fails>
Simplified simplify(Engine& engine, Body&& body, const Decisions& failing, Fails fails,
                    std::uint32_t most_attempts = 2'000) {
  return simplify(
      failing,
      [&](BlockReplay& replay) {
        const Ended ended = engine.run(replay, body);
        return Attempt{fails(ended), engine.decisions(), ended.preemptions};
      },
      most_attempts);
}

/// What the search below a number of preemptions found.
struct Minimality {
  bool proven = false;             // no schedule with fewer preemptions fails
  std::optional<Decisions> fewer;  // one that does
  std::uint32_t fewer_preemptions = 0;
  std::uint64_t executions = 0;
};

/// Tries every schedule with fewer than `preemptions` preemptions, few preemptions first; stops at
/// the first that fails. `proven` is said only if all of them were executed.
Minimality search_below(std::uint32_t preemptions, std::uint64_t most_executions,
                        const std::function<Attempt(BoundedExhaustive&)>& attempt);

}  // namespace quiesce::interleave
