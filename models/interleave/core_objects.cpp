// What locks and condition variables do beyond the quick path, and what the sink hears.
#include <algorithm>
#include <exception>
#include <utility>

#include "models/interleave/core.hpp"
#include "models/interleave/explored.hpp"
#include "models/interleave/sentences.hpp"

namespace quiesce::interleave {

namespace {

std::string thread_text(unsigned thread) {
  return "thread " + std::to_string(thread);
}

}  // namespace

bool Core::may_lock(MutexState& mutex) {
  ThreadRecord& self = me();
  int highest = 0;
  const char* highest_name = "";
  for (unsigned i = 0; i < self.held_count; ++i) {
    const ThreadRecord::Held& held = self.held[i];
    if (held.mutex == &mutex) {
      fail(Ending::Misuse,
           thread_text(self_) + " locks " + label(mutex) + ", which it holds already");
      return false;
    }
    if (held.rank > highest) {
      highest = held.rank;
      highest_name = held.name;
    }
  }
  if (self.held_count == max_held_locks) {
    fail(Ending::Misuse,
         thread_text(self_) + " holds more than " + std::to_string(max_held_locks) + " locks");
    return false;
  }
  if (mutex.rank != 0 && mutex.rank <= highest) {
    fail(Ending::RankInversion, thread_text(self_) + " locks " + label(mutex) + " of rank " +
                                    std::to_string(mutex.rank) + " while it holds " + highest_name +
                                    " of rank " + std::to_string(highest));
    return false;
  }
  remember_lock_order(mutex);
  return !abandoning_;
}

void Core::remember_lock_order(MutexState& mutex) {
  constexpr std::uint32_t countable = 64;
  if (!options_.predict_lock_cycles || mutex.ordinal >= countable) return;
  ThreadRecord& self = me();
  std::uint64_t all_held = 0;
  for (unsigned i = 0; i < self.held_count; ++i) {
    const std::uint32_t ordinal = self.held[i].mutex->ordinal;
    if (ordinal < countable) all_held |= std::uint64_t{1} << ordinal;
  }
  for (unsigned i = 0; i < self.held_count; ++i) {
    const MutexState& held = *self.held[i].mutex;
    if (held.ordinal >= countable) continue;
    const std::uint64_t gates = all_held & ~(std::uint64_t{1} << held.ordinal);
    const LockOrder mine{held.ordinal, mutex.ordinal, self_, self.forks.of(self_), gates};
    bool known = false;
    for (unsigned k = 0; k < lock_order_count_; ++k) {
      const LockOrder& other = lock_orders_[k];
      known |= other.held == mine.held && other.wanted == mine.wanted &&
               other.thread == mine.thread && other.at == mine.at && other.gates == mine.gates;
      const bool opposite = other.held == mine.wanted && other.wanted == mine.held;
      const bool apart = other.thread == self_ || other.at <= self.forks.of(other.thread);
      if (!opposite || apart || (other.gates & gates) != 0) continue;
      fail(Ending::RankInversion, thread_text(self_) + " locks " + label(mutex) +
                                      " while it holds " + label(held) + ", and " +
                                      thread_text(other.thread) +
                                      " took them in the other order: the two can deadlock");
      return;
    }
    if (!known && lock_order_count_ < max_lock_orders) lock_orders_[lock_order_count_++] = mine;
  }
}

void Core::unlock_is_wrong(MutexState& mutex) noexcept {
  if (abandoning_) return;
  fail(Ending::Misuse, thread_text(self_) + " unlocks " + label(mutex) + ", which " +
                           (mutex.owner == no_thread ? "nobody" : thread_text(mutex.owner)) +
                           " holds");
}

bool Core::try_lock(MutexState& mutex) {
  if (!unlock_points_) {
    fail(Ending::Misuse, thread_text(self_) + " uses try_lock on " + label(mutex) +
                             ", but the engine runs without unlock points");
    return false;
  }
  point({&mutex, OperationKind::TryLock});
  // A failed try_lock of an own mutex is undefined for the standard one; here it is a finding.
  if (mutex.owner == self_) {
    fail(Ending::Misuse,
         thread_text(self_) + " uses try_lock on " + label(mutex) + ", which it holds");
    return false;
  }
  const bool taken = mutex.owner == no_thread && me().held_count < max_held_locks;
  if (taken) acquire(mutex);  // no rank is checked: a try_lock never waits
  if (observed()) observe(OperationKind::TryLock, mutex, taken ? "taken" : "not taken");
  return taken;
}

void Core::forget_held(ThreadRecord& thread, const MutexState& mutex) noexcept {
  unsigned kept = 0;
  int highest = 0;
  for (unsigned i = 0; i < thread.held_count; ++i) {
    if (thread.held[i].mutex == &mutex) continue;
    thread.held[kept] = thread.held[i];
    thread.held[kept].highest_before = highest;
    highest = std::max(highest, thread.held[kept].mutex->order);
    ++kept;
  }
  thread.held_count = kept;
  thread.highest_order = highest;
}

namespace {

/// However a wait ends, the thread is not among the waiters any more.
struct WaitEnds {
  CondVarState& condition;
  Threads self_bit;
  ~WaitEnds() { condition.waiters &= ~self_bit; }
};

}  // namespace

void Core::wait(CondVarState& condition, MutexState& mutex) {
  if (mutex.owner != self_) {
    me().pending = {&condition, OperationKind::Wait};
    count_step();
    return fail(Ending::Misuse, thread_text(self_) + " waits on " + label(condition) +
                                    " without holding " + label(mutex));
  }
  point({&condition, OperationKind::Wait});
  if (observed()) observe(OperationKind::Wait, condition, std::string("releases ") + mutex.name);
  release(mutex);
  ThreadRecord& self = me();
  if (mutex.rank != 0 && self.highest_order >= mutex.rank && self.highest_order != unranked_order) {
    fail(Ending::RankInversion,
         thread_text(self_) + " waits on " + label(condition) + " and will lock " + label(mutex) +
             " of rank " + std::to_string(mutex.rank) + " again while it holds a lock of rank " +
             std::to_string(self.highest_order));
  }
  condition.waiters |= self_bit_;
  self.waits_with = &mutex;
  enabled_ &= ~self_bit_;
  WaitEnds ends{condition, self_bit_};
  schedule_(*this);
  acquire(mutex);
  if (observed()) observe(OperationKind::Lock, mutex, "woken");
}

void Core::notify(CondVarState& condition, OperationKind kind) noexcept {
  me().pending = {&condition, kind};
  count_step();
  if (enabled_ != skip_bit_) schedule_(*this);
  std::string woken;
  while (condition.waiters != 0) {
    unsigned waiter = static_cast<unsigned>(std::countr_zero(condition.waiters));
    const bool choice = !std::has_single_bit(condition.waiters);
    if (choice && kind == OperationKind::NotifyOne && !abandoning_) {
      waiter = wake_(*this, condition.waiters);
    }
    condition.waiters &= ~bit_of(waiter);
    ThreadRecord& record = threads_[waiter];
    MutexState& mutex = *record.waits_with;
    record.pending = {&mutex, OperationKind::Lock};
    mutex.waiters |= bit_of(waiter);
    if (mutex.owner == no_thread) enabled_ |= bit_of(waiter);
    if (observed()) woken += (woken.empty() ? "wakes " : ", ") + thread_text(waiter);
    if (kind == OperationKind::NotifyOne) break;
  }
  if (observed()) observe(kind, condition, woken.empty() ? "nobody waits" : woken);
}

void Core::yield() {
  me().pending = {nullptr, OperationKind::Yield};
  count_step();
  if (observed()) observe(OperationKind::Yield, ObjectHead{}, {});
  if (enabled_ == self_bit_) return;
  ThreadRecord& self = me();
  yielders_ |= self_bit_;
  self.lets_pass = enabled_ & ~self.ran_since_yield & ~self_bit_;
  self.ran_since_yield = 0;
  schedule_(*this);
}

Threads Core::fair_candidates() const {
  Threads allowed = enabled_;
  for (Threads left = yielders_ & enabled_; left != 0; left &= left - 1) {
    const unsigned thread = static_cast<unsigned>(std::countr_zero(left));
    if ((threads_[thread].lets_pass & enabled_) != 0) allowed &= ~bit_of(thread);
  }
  return allowed;
}

void Core::before_switch(unsigned next) {
  for (Threads left = yielders_; left != 0; left &= left - 1) {
    ThreadRecord& yielder = threads_[static_cast<unsigned>(std::countr_zero(left))];
    yielder.ran_since_yield |= bit_of(next);
    yielder.lets_pass &= ~bit_of(next);
  }
  observe_switch(next);
}

void Core::observe_switch(unsigned next) {
  if (!observed() || self_ != observed_thread_ || next == self_) return;
  if (waits_for_fresh_ != no_thread) {  // this thread only ran to its first scheduling point
    switch_reason_ = SwitchReason::None;
    return;
  }
  const Pending& left = me().pending;
  blocked_on_.clear();
  if (left.kind == OperationKind::Exit) {
    switch_reason_ = SwitchReason::Finished;
  } else if (left.kind == OperationKind::Yield) {
    switch_reason_ = SwitchReason::Yielded;
  } else if ((enabled_ & self_bit_) == 0) {
    switch_reason_ = SwitchReason::Blocked;
    blocked_on_ = left.object != nullptr ? label(*left.object) : thread_text(me().joins);
  } else {
    switch_reason_ = SwitchReason::Preempted;
  }
}

void Core::mutex_destroyed(MutexState& mutex) noexcept {
  if (abandoning_) return;
  if (mutex.owner == no_thread) {
    fail(Ending::Misuse, label(mutex) + " was destroyed while a thread waits for it");
  } else {
    fail(Ending::LockHeldAtExit,
         label(mutex) + " was destroyed while " + thread_text(mutex.owner) + " held it");
  }
}

void Core::held_at_exit() noexcept {
  fail(Ending::LockHeldAtExit, thread_text(self_) + " ended while it held " + me().held[0].name);
}

void Core::observe(OperationKind kind, const ObjectHead& object, std::string_view detail) {
  if (abandoning_ || sink_ == nullptr) return;
  TracedOperation traced;
  traced.thread = self_;
  traced.kind = kind;
  traced.object = object.name;
  traced.ordinal = object.ordinal;
  traced.detail = detail;
  if (self_ != observed_thread_) {
    traced.switched = waits_for_fresh_ == no_thread ? switch_reason_ : SwitchReason::Started;
    traced.previous = observed_thread_;
    if (traced.switched == SwitchReason::Blocked) traced.blocked_on = blocked_on_;
  }
  observed_thread_ = self_;
  sink_->operation(traced);
}

void Core::observe_thread(OperationKind kind, unsigned other) {
  observe(kind, ObjectHead{}, other == no_thread ? std::string() : thread_text(other));
}

void Core::join_is_wrong() {
  fail(Ending::Misuse, thread_text(self_) + " joins a thread that does not exist");
}

void Core::note(std::string_view text) {
  if (sink_ != nullptr && !abandoning_) sink_->note(self_, text);
}

void AccessHistory::share(unsigned self, const VectorClock& now) {
  if (!shared_reads) {
    reads.clear();  // the first reader stays where it is: `reader`, `read_at`
    shared_reads = true;
  }
  reads.set(self, now.of(self));
}

void AccessHistory::check_shared(Core& core, const VectorClock& now) {
  const unsigned other = reads.first_beyond(now);
  if (other != max_threads) return report(core, other, false, true);
  shared_reads = false;  // this write is after them all
  read_at = 0;
}

void AccessHistory::report(Core& core, unsigned other, bool other_writes, bool writes) const {
  if (core.abandoning()) return;
  core.fail(Ending::UnprotectedAccess,
            thread_text(core.self()) + (writes ? " writes " : " reads ") + label(*this) + ", and " +
                thread_text(other) + (other_writes ? " wrote" : " read") +
                " it; no lock or other synchronisation orders the two");
}

void check(bool condition, const char* sentence) {
  if (condition) return;
  if (Core::running_or_null() == nullptr) programmer_error(sentence);
  Core::running().fail_and_leave(Ending::CheckFailed, sentence);
}

void abandon(const char* sentence) {
  Core::running().fail_and_leave(Ending::Abandoned, sentence);
}

void note(std::string_view text) {
  if (Core* core = Core::running_or_null(); core != nullptr) core->note(text);
}

bool is_traced() {
  const Core* core = Core::running_or_null();
  return core != nullptr && core->observed() && !core->abandoning();
}

}  // namespace quiesce::interleave
