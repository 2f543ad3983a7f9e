#include "models/interleave/bounded.hpp"

#include <bit>

namespace quiesce::interleave {

namespace {

unsigned lowest(Threads set) {
  return static_cast<unsigned>(std::countr_zero(set));
}

/// Sleep sets need more care than is_dependent: a wait also releases a mutex, which a try_lock
/// could see, and a yield changes who may be picked next.
bool may_interfere(const Pending& a, const Pending& b) {
  const auto either = [&](OperationKind kind) { return a.kind == kind || b.kind == kind; };
  if (either(OperationKind::Yield)) return true;
  if (either(OperationKind::Wait) && either(OperationKind::TryLock)) return true;
  return is_dependent(a, b);
}

}  // namespace

BoundedExhaustive::BoundedExhaustive(std::uint32_t preemption_bound, Reduction reduction)
    : bound_(preemption_bound), sleep_sets_(reduction == Reduction::SleepSets) {
  require(!sleep_sets_ || bound_ == no_bound,
          "sleep sets under a preemption bound would lose schedules");
}

bool BoundedExhaustive::advance() {
  while (!nodes_.empty()) {
    Node& node = nodes_.back();
    if (node.untried != 0) {
      node.done |= bit_of(node.picked);
      node.picked = static_cast<std::uint8_t>(lowest(node.untried));
      node.untried &= node.untried - 1;
      return true;
    }
    nodes_.pop_back();
  }
  finished_ = true;
  return false;
}

void BoundedExhaustive::raise_bound() {
  require(bound_ != no_bound, "there is no bound to raise");
  ++bound_;
  finished_ = false;
  left_out_ = false;
  nodes_.clear();
}

unsigned BoundedExhaustive::repeat(const Node& node, Threads candidates) {
  if (node.candidates != candidates) {
    diverged_ = true;
    return no_thread;
  }
  if (node.free_pick != no_thread && node.picked != node.free_pick) ++spent_;
  return node.picked;
}

unsigned BoundedExhaustive::pick(const Choice& choice) {
  const bool is_new = at_ == nodes_.size();
  if (is_new) {
    const Threads awake = choice.candidates() & ~sleeping_;
    if (awake == 0) return no_thread;
    Node node;
    node.candidates = choice.candidates();
    const bool costs = choice.current_is_candidate() && !choice.current_yields();
    node.free_pick = static_cast<std::uint8_t>(costs ? choice.current() : no_thread);
    const unsigned preferred = without_preemption(choice);
    node.picked =
        static_cast<std::uint8_t>((awake & bit_of(preferred)) != 0 ? preferred : lowest(awake));
    node.untried = awake & ~bit_of(node.picked);
    if (costs && spent_ >= bound_) {
      node.untried = 0;
      left_out_ = true;
    }
    nodes_.push_back(node);
  }
  const Node& node = nodes_[at_++];
  const unsigned picked = repeat(node, choice.candidates());
  if (sleep_sets_ && picked != no_thread) fall_asleep(choice, node);
  return picked;
}

unsigned BoundedExhaustive::wake(Threads waiters) {
  if (at_ == nodes_.size()) {
    Node node;
    node.candidates = waiters;
    node.picked = static_cast<std::uint8_t>(lowest(waiters));
    node.free_pick = no_thread;
    node.untried = waiters & (waiters - 1);
    nodes_.push_back(node);
  }
  return repeat(nodes_[at_++], waiters);
}

bool BoundedExhaustive::forced(unsigned thread, const Pending& step) {
  if ((sleeping_ & bit_of(thread)) != 0) return false;
  wake_dependents(thread, step);
  return true;
}

void BoundedExhaustive::fall_asleep(const Choice& choice, const Node& node) {
  for (Threads left = node.done & ~sleeping_; left != 0; left &= left - 1) {
    asleep_[lowest(left)] = choice.pending(lowest(left));
  }
  sleeping_ |= node.done;
  wake_dependents(node.picked, choice.pending(node.picked));
}

void BoundedExhaustive::wake_dependents(unsigned thread, const Pending& step) {
  for (Threads left = sleeping_; left != 0; left &= left - 1) {
    const unsigned sleeper = lowest(left);
    if (sleeper == thread || may_interfere(asleep_[sleeper], step)) sleeping_ &= ~bit_of(sleeper);
  }
}

}  // namespace quiesce::interleave
