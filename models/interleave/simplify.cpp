#include "models/interleave/simplify.hpp"

#include <algorithm>
#include <utility>

namespace quiesce::interleave {

void BlockReplay::begin() {
  if (fixed_) fixed_->begin();
  left_ = wanted_;
  first_wanted_ = 0;
  next_woken_ = 0;
  ran_ = {};
}

unsigned BlockReplay::pick(const Choice& choice) {
  unsigned picked = no_thread;
  if (fixed_) {
    picked = fixed_->pick(choice);
  } else {
    picked = wanted_among(choice.candidates());
    if (picked == no_thread) picked = without_preemption(choice);
    take_step_of(picked);
  }
  const bool leaves = picked != choice.current();
  add(picked, leaves && choice.current_is_candidate() && !choice.current_yields());
  return picked;
}

unsigned BlockReplay::wake(Threads waiters) {
  unsigned woken = static_cast<unsigned>(std::countr_zero(waiters));
  if (fixed_) {
    woken = fixed_->wake(waiters);
  } else if (next_woken_ < left_.woken.size()) {
    const unsigned wanted = left_.woken[next_woken_++];
    if ((waiters & bit_of(wanted)) != 0) woken = wanted;
  }
  ran_.woken.push_back(static_cast<std::uint8_t>(woken));
  return woken;
}

bool BlockReplay::forced(unsigned thread, const Pending&) {
  take_step_of(thread);
  add(thread, false);
  return true;
}

void BlockReplay::end() {
  if (fixed_) fixed_->end();
}

unsigned BlockReplay::wanted_among(Threads candidates) {
  for (std::size_t i = first_wanted_; i < left_.blocks.size(); ++i) {
    const Block& block = left_.blocks[i];
    if (block.steps > 0 && (candidates & bit_of(block.thread)) != 0) return block.thread;
  }
  return no_thread;
}

void BlockReplay::take_step_of(unsigned thread) {
  for (std::size_t i = first_wanted_; i < left_.blocks.size(); ++i) {
    Block& block = left_.blocks[i];
    if (block.thread != thread || block.steps == 0) continue;
    --block.steps;
    break;
  }
  while (first_wanted_ < left_.blocks.size() && left_.blocks[first_wanted_].steps == 0) {
    ++first_wanted_;
  }
}

void BlockReplay::add(unsigned thread, bool preempts) {
  std::vector<Block>& blocks = ran_.blocks;
  if (blocks.empty() || blocks.back().thread != thread) {
    if (!blocks.empty()) blocks.back().preempted = preempts;
    blocks.push_back({.thread = thread});
  }
  ++blocks.back().steps;
}

namespace {

/// The next block of the same thread after block `at`, or the end.
std::size_t next_of_thread(const std::vector<Block>& blocks, std::size_t at) {
  std::size_t next = at + 1;
  while (next < blocks.size() && blocks[next].thread != blocks[at].thread) ++next;
  return next;
}

/// The thread goes on at once: its next block comes right after block `at`.
Blocks pulled_up(Blocks schedule, std::size_t at) {
  const std::size_t next = next_of_thread(schedule.blocks, at);
  if (next == schedule.blocks.size()) {
    schedule.blocks[at].steps = ~std::uint32_t{0};  // to its end
    return schedule;
  }
  schedule.blocks[at].steps += schedule.blocks[next].steps;
  schedule.blocks.erase(schedule.blocks.begin() + static_cast<std::ptrdiff_t>(next));
  return schedule;
}

/// The block before the preemption waits until the thread goes on.
Blocks pushed_down(Blocks schedule, std::size_t at) {
  const std::size_t next = next_of_thread(schedule.blocks, at);
  if (next == schedule.blocks.size()) {
    schedule.blocks.push_back(schedule.blocks[at]);
  } else {
    schedule.blocks[next].steps += schedule.blocks[at].steps;
  }
  schedule.blocks.erase(schedule.blocks.begin() + static_cast<std::ptrdiff_t>(at));
  return schedule;
}

/// Tries schedules and keeps the best one that fails.
class Simplifier {
 public:
  Simplifier(const std::function<Attempt(BlockReplay&)>& attempt, std::uint32_t most_attempts)
      : attempt_(attempt), most_attempts_(most_attempts) {}

  Simplified run(const Decisions& failing) {
    BlockReplay first(failing);
    keep(attempt_(first), first);
    best_.attempts = 1;
    if (!best_.fails) return best_;
    while (drop_one()) {
    }
    return best_;
  }

 private:
  bool drop_one() {
    const Blocks schedule = schedule_;
    for (std::size_t at = 0; at < schedule.blocks.size(); ++at) {
      if (!schedule.blocks[at].preempted) continue;
      if (better(pulled_up(schedule, at)) || better(pushed_down(schedule, at))) return true;
    }
    return false;
  }

  bool better(Blocks candidate) {
    if (best_.attempts >= most_attempts_) return false;
    ++best_.attempts;
    BlockReplay replay(std::move(candidate));
    const Attempt tried = attempt_(replay);
    if (!tried.fails || tried.preemptions >= best_.preemptions) return false;
    keep(tried, replay);
    return true;
  }

  void keep(const Attempt& tried, const BlockReplay& replay) {
    best_.fails = tried.fails;
    best_.decisions = tried.decisions;
    best_.preemptions = tried.preemptions;
    schedule_ = replay.ran();
  }

  const std::function<Attempt(BlockReplay&)>& attempt_;
  std::uint32_t most_attempts_;
  Simplified best_;
  Blocks schedule_;
};

}  // namespace

Simplified simplify(const Decisions& failing, const std::function<Attempt(BlockReplay&)>& attempt,
                    std::uint32_t most_attempts) {
  return Simplifier(attempt, most_attempts).run(failing);
}

Minimality search_below(std::uint32_t preemptions, std::uint64_t most_executions,
                        const std::function<Attempt(BoundedExhaustive&)>& attempt) {
  Minimality result;
  for (std::uint32_t bound = 0; bound < preemptions; ++bound) {
    BoundedExhaustive search(bound);
    do {
      if (result.executions == most_executions) return result;
      ++result.executions;
      Attempt tried = attempt(search);
      if (tried.fails) {
        result.fewer = std::move(tried.decisions);
        result.fewer_preemptions = tried.preemptions;
        return result;
      }
      if (search.diverged()) return result;
    } while (search.advance());
    if (!search.bound_left_schedules_out()) break;  // there are no schedules beyond
  }
  result.proven = true;
  return result;
}

}  // namespace quiesce::interleave
