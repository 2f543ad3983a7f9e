// Exhaustive search: every schedule with at most so many preemptions, or one of each class.
#pragma once

#include <cstdint>
#include <vector>

#include "models/interleave/engine.hpp"

namespace quiesce::interleave {

/// Depth-first search over all choices.
///   state    with a bound: every schedule with at most that many preemptions, each exactly once.
///            Without one: every schedule, or, with sleep sets, of the schedules that differ only
///            in the order of independent operations at least one; executions that would repeat a
///            class are cut, which shows as Ending::Abandoned
///   keeps    sleep sets lose nothing; under a preemption bound they would, so the two exclude
///            each other
/// Use: do { engine.run(search, body); } while (search.advance());
class BoundedExhaustive {
 public:
  static constexpr std::uint32_t no_bound = ~std::uint32_t{0};
  enum class Reduction : std::uint8_t { None, SleepSets };

  explicit BoundedExhaustive(std::uint32_t preemption_bound, Reduction reduction = Reduction::None);

  /// Goes to the next schedule; false if there is none: the bound is finished.
  bool advance();
  /// All schedules within the bound were executed.
  bool finished() const { return finished_; }
  /// A schedule was left out because of the bound: a higher one has more.
  bool bound_left_schedules_out() const { return left_out_; }
  /// Starts again with one preemption more.
  void raise_bound();
  std::uint32_t bound() const { return bound_; }
  /// The code under test did not offer the same threads at a choice that was repeated: something
  /// besides the schedule decides what it does.
  bool diverged() const { return diverged_; }

  void begin() {
    at_ = 0;
    spent_ = 0;
    sleeping_ = 0;
  }
  unsigned pick(const Choice& choice);
  unsigned wake(Threads waiters);
  bool forced(unsigned thread, const Pending& step);
  bool sees_all_steps() const { return sleep_sets_; }
  void end() {}

 private:
  /// One choice of the current schedule.
  ///   state    `untried`: what is still to be picked here; `first`: the pick that costs nothing,
  ///            or no_thread if none costs anything; `done`: explored before `picked`
  struct Node {
    Threads candidates = 0;
    Threads untried = 0;
    Threads done = 0;
    std::uint8_t picked = 0;
    std::uint8_t free_pick = 0;
  };

  unsigned repeat(const Node& node, Threads candidates);
  void fall_asleep(const Choice& choice, const Node& node);
  void wake_dependents(unsigned thread, const Pending& step);

  std::uint32_t bound_;
  bool sleep_sets_;
  bool finished_ = false;
  bool left_out_ = false;
  bool diverged_ = false;
  std::uint32_t spent_ = 0;
  std::size_t at_ = 0;
  Threads sleeping_ = 0;
  std::vector<Node> nodes_;
  std::array<Pending, max_threads> asleep_{};
};

static_assert(Strategy<BoundedExhaustive> && SeesForcedSteps<BoundedExhaustive>);

}  // namespace quiesce::interleave
