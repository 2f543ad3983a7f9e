#include "models/interleave/core.hpp"

#include <cxxabi.h>

#include <exception>
#include <utility>

#include "models/interleave/sentences.hpp"

namespace quiesce::interleave {

namespace {

/// Operations that never throw: they may stand in destructors.
bool never_leaves(OperationKind kind) {
  return kind == OperationKind::Unlock || kind == OperationKind::NotifyOne ||
         kind == OperationKind::NotifyAll || kind == OperationKind::Exit;
}

/// How often a thread runs on before another one gets its turn, once the execution is cut.
constexpr std::uint32_t steps_of_a_turn = 64;

/// Beyond this many times the step limit the code under test cannot be ended.
constexpr std::uint32_t most_limits_after_the_cut = 100;

/// Distance between the tops of neighbouring stacks, so that they do not share cache sets.
constexpr std::size_t stack_colour_bytes = 448;

}  // namespace

Core::Core(const EngineOptions& options)
    : picks_(std::make_unique<std::uint8_t[]>(2 * std::size_t{max_step_limit} + 4 * max_threads)),
      exceptions_(reinterpret_cast<ExceptionState*>(abi::__cxa_get_globals())),
      unlock_points_(options.unlock_points),
      options_(options) {
  require(options.step_limit <= max_step_limit, "an engine's step limit is at most 30000");
}

Core::~Core() {
  for (unsigned thread = 1; thread < max_threads; ++thread) {
    if (threads_[thread].stack.mapped()) threads_[thread].sanitized.destroyed();
  }
}

void Core::start(const Program& program) {
  require(active_ == nullptr, "Engine::run was called inside an execution");
  require(exceptions_ == reinterpret_cast<ExceptionState*>(abi::__cxa_get_globals()),
          "an Engine was used by another thread than the one that made it");
  active_ = this;
  enabled_ = 1;
  self_bit_ = 1;
  never_skip_ = program.sees_all_steps ? Threads{1} << 31U : 0;
  skip_bit_ = self_bit_ | never_skip_;
  self_ = 0;
  me_ = &threads_[0];
  steps_ = 0;
  slow_from_ = observed() ? 0 : options_.step_limit;
  preemptions_ = 0;
  schedule_ = program.schedule;
  strategy_ = program.strategy;
  wake_ = program.wake;
  pick_count_ = 0;
  yielders_ = 0;
  fresh_ = 0;
  waits_for_fresh_ = no_thread;
  abandoning_ = false;
  thread_count_ = 1;
  victim_ = no_thread;
  finished_ = 0;
  ordinals_ = 0;
  steps_after_cut_ = 0;
  observed_thread_ = 0;
  switch_reason_ = SwitchReason::None;
  lock_order_count_ = 0;
  threads_[0].sanitized.adopted();
  reset_thread(threads_[0]);
  threads_[0].clock = VectorClock::first_moment(0);
  threads_[0].forks = VectorClock::first_moment(0);
}

void Core::reset_thread(ThreadRecord& record) {
  record.pending = {nullptr, OperationKind::Spawn};
  record.held_count = 0;
  record.highest_order = 0;
  record.joiners = 0;
  record.was_thrown_out = false;
  record.ran_since_yield = ~Threads{0};
  record.lets_pass = 0;
}

void Core::make_fiber(ThreadRecord& record, unsigned colour) {
  record.stack = Stack(options_.stack_bytes + max_threads * stack_colour_bytes);
  char* bottom = static_cast<char*>(record.stack.bottom());
  char* top = bottom + record.stack.size() - colour * stack_colour_bytes;
  const std::size_t bytes = static_cast<std::size_t>(top - bottom);
  record.context = FiberSwitch::make<&Core::fiber_main>(top, bytes);
  record.sanitized.made(bottom, record.stack.size());
}

// Inlined, so that each place has its own address to go on at and the processor's stack of return
// addresses stays right: what a switch costs beyond its instructions is wrong predictions.
void Core::switch_to(unsigned next) {
  ThreadRecord& from = *me_;
  ThreadRecord& to = threads_[next];
  // One by one: a load of both would wait for the two stores of the switch before.
  void* const caught = exceptions_->caught;
  const unsigned uncaught = exceptions_->uncaught;
  came_from_ = &from;
  self_ = next;
  me_ = &to;
  self_bit_ = bit_of(next);
  skip_bit_ = self_bit_ | never_skip_;
  from.sanitized.leaves_for(to.sanitized);
  FiberSwitch::switch_to(from.context, to.context);
  me_->sanitized.arrives_from(came_from_->sanitized);
  exceptions_->caught = caught;
  exceptions_->uncaught = uncaught;
}

[[gnu::noinline]] void Core::switch_for_choice(unsigned next) {
  if (yielders_ != 0 || observed()) [[unlikely]]
    before_switch(next);
  switch_to(next);
  if (victim_ == self_) [[unlikely]]
    leave_as_victim();
}

void Core::thread_ended() noexcept {
  check_held_at_exit();
  if (observed()) [[unlikely]]
    observe_thread(OperationKind::Exit, no_thread);
  ThreadRecord& self = *me_;
  self.pending.object = nullptr;
  self.pending.kind = OperationKind::Exit;
  finished_ |= self_bit_;
  enabled_ &= ~self_bit_;
  enabled_ |= self.joiners;
  if (self.joiners != 0) {
    // The end of a join commutes with everything, so it is no choice: the joiner goes on.
    const unsigned joiner = static_cast<unsigned>(std::countr_zero(self.joiners));
    if (yielders_ != 0 || observed()) before_switch(joiner);
    waits_for_fresh_ = no_thread;
    return switch_to(joiner);
  }
  schedule_(*this);  // returns when the fiber is used again
}

void Core::fiber_main() {
  Core& core = *active_;
  core.me().sanitized.arrives_from(core.came_from_->sanitized);
  *core.exceptions_ = ExceptionState{};
  for (;;) {
    ThreadRecord& me = core.me();
    try {
      me.start(me.callable.data());
    } catch (const AbandonedExecution&) {
    } catch (const std::exception& exception) {
      core.uncaught(exception.what());
    } catch (...) {
      core.uncaught("not a std::exception");
    }
    core.thread_ended();
  }
}

unsigned Core::new_thread() {
  me_->pending.object = nullptr;
  me_->pending.kind = OperationKind::Spawn;
  count_step();
  if (thread_count_ == max_threads || !threads_[thread_count_].stack.mapped()) [[unlikely]] {
    if (!make_room_for_thread()) return no_thread;
  }
  return thread_count_;
}

bool Core::make_room_for_thread() {
  if (thread_count_ == max_threads) {
    fail(Ending::Misuse, "thread " + std::to_string(self_) +
                             " starts another one, but an execution has at most " +
                             std::to_string(max_threads) + " threads");
    return false;
  }
  try {
    make_fiber(threads_[thread_count_], thread_count_);
  } catch (const NoMemoryForStacks&) {
    no_memory_ = true;
    fail(Ending::Abandoned, "there was no memory for a thread's stack");
    return false;
  }
  return true;
}

void Core::start_thread(unsigned thread, void (*entry)(void*)) {
  ThreadRecord& child = threads_[thread];
  ThreadRecord& parent = *me_;
  ++thread_count_;
  reset_thread(child);
  child.start = entry;
  child.clock = parent.clock.forked(thread);
  parent.clock.tick(self_);
  child.forks = parent.forks.forked(thread);
  parent.forks.tick(self_);
  enabled_ |= bit_of(thread);
  fresh_ |= bit_of(thread);
  if (observed()) [[unlikely]]
    observe_thread(OperationKind::Spawn, thread);
}

void Core::run_fresh_thread() {
  const unsigned fresh = static_cast<unsigned>(std::countr_zero(fresh_));
  if (waits_for_fresh_ == no_thread) {
    if (observed()) [[unlikely]]
      observe_switch(fresh);
    waits_for_fresh_ = self_;
  }
  fresh_ &= fresh_ - 1;
  switch_to(fresh);
  if (victim_ == self_) [[unlikely]]
    leave_as_victim();
}

void Core::join(unsigned thread) {
  ThreadRecord& self = *me_;
  self.pending.object = nullptr;
  self.pending.kind = OperationKind::Join;
  self.joins = thread;
  count_step();
  if (thread >= thread_count_) [[unlikely]]
    return join_is_wrong();
  if (!finished(thread)) wait_for_end_of(thread);
  self.clock.join(threads_[thread].clock);
  self.forks.join(threads_[thread].forks);
  if (observed()) [[unlikely]]
    observe_thread(OperationKind::Join, thread);
}

void Core::wait_for_end_of(unsigned thread) {
  while (!finished(thread)) {  // again only if the execution is cut
    me().pending = {nullptr, OperationKind::Join};
    me().joins = thread;
    threads_[thread].joiners |= self_bit_;
    enabled_ &= ~self_bit_;
    schedule_(*this);
  }
}

void Core::thread_destroyed(unsigned thread) noexcept {
  if (thread >= thread_count_) return;
  fail(Ending::Misuse, "thread " + std::to_string(thread) + " was destroyed before it was joined");
  // Nothing may be thrown here, and the thread may use what is destroyed next.
  const bool was_thrown_out = std::exchange(me().was_thrown_out, true);
  wait_for_end_of(thread);
  me().was_thrown_out = was_thrown_out;
}

void Core::body_ended() noexcept {
  check_held_at_exit();
  const Threads unfinished = (bit_of(thread_count_) - 1) & ~finished_ & ~Threads{1};
  if (unfinished == 0 || abandoning_) return;
  fail(Ending::Misuse,
       "thread " + std::to_string(std::countr_zero(unfinished)) +
           " was still running when the body ended: its Thread object was neither joined nor "
           "destroyed");
}

void Core::forget_lost_execution() {
  if (active_ == nullptr) return;
  *active_->exceptions_ = ExceptionState{};  // what its threads were handling
  active_ = nullptr;
}

Ended Core::finish_run() {
  for (unsigned thread = thread_count_ - 1; thread > 0; --thread) {
    if (finished(thread)) continue;
    // What its frames refer to may be gone: the stack is given up without unwinding it.
    ThreadRecord& record = threads_[thread];
    record.sanitized.destroyed();
    record.stack = Stack();
  }
  active_ = nullptr;
  if (!abandoning_) {
    ended_.steps = steps_;
    ended_.preemptions = preemptions_;
    ended_.ending = Ending::Completed;
    ended_.sentence.clear();
  }
  if (std::exchange(no_memory_, false)) throw NoMemoryForStacks(options_.stack_bytes);
  return std::move(ended_);
}

void Core::fail(Ending ending, std::string sentence) noexcept {
  if (abandoning_) return;
  abandoning_ = true;
  schedule_ = &Core::schedule_to_the_end;
  slow_from_ = 0;
  ended_.ending = ending;
  ended_.sentence = std::move(sentence);
  ended_.steps = steps_;
  ended_.preemptions = preemptions_;
}

void Core::fail_and_leave(Ending ending, std::string sentence) {
  fail(ending, std::move(sentence));
  if (std::uncaught_exceptions() == 0) throw AbandonedExecution{};
}

void Core::uncaught(const char* what) noexcept {
  fail(Ending::UncaughtException,
       "thread " + std::to_string(self_) + " let an exception out: " + what);
}

void Core::slow_step() {
  if (abandoning_) {
    ++steps_after_cut_;
    require(steps_after_cut_ / most_limits_after_the_cut <= options_.step_limit,
            "code under test swallows AbandonedExecution and never ends");
    const bool may_throw = !never_leaves(me().pending.kind) && !me().was_thrown_out;
    if (steps_after_cut_ > options_.step_limit && may_throw) leave();
    return;
  }
  if (steps_ <= options_.step_limit) return;
  --steps_;
  fail(Ending::StepLimit, step_limit_sentence(options_.step_limit, self_, me().pending));
}

void Core::leave() {
  if (std::uncaught_exceptions() != 0) return;
  me().was_thrown_out = true;
  throw AbandonedExecution{};
}

void Core::leave_as_victim() {
  victim_ = no_thread;
  const Pending& pending = me().pending;
  if (pending.kind == OperationKind::Join) threads_[me().joins].joiners &= ~self_bit_;
  if (pending.kind == OperationKind::Lock) mutex_of(pending).waiters &= ~self_bit_;
  enabled_ |= self_bit_;
  // A thread that cannot be thrown out, because it is being unwound, takes what it waits for.
  if (!me().was_thrown_out) leave();
}

void Core::schedule_to_the_end(Core& core) {
  if (core.enabled_ == 0) return core.throw_one_out();
  const bool own_turn = (core.enabled_ & core.self_bit_) != 0 && !core.yielded(core.self_) &&
                        core.steps_after_cut_ % steps_of_a_turn != 0;
  if (own_turn) return;
  const Threads after = core.enabled_ & ~(2 * core.self_bit_ - 1);
  const unsigned next = static_cast<unsigned>(std::countr_zero(after != 0 ? after : core.enabled_));
  if (next == core.self_) return;
  core.switch_to(next);
  if (core.victim_ == core.self_) core.leave_as_victim();
}

void Core::throw_one_out() {
  const Threads unfinished = (bit_of(thread_count_) - 1) & ~finished_;
  Threads possible = 0;
  for (unsigned thread = 0; thread < thread_count_; ++thread) {
    if (!finished(thread) && !threads_[thread].was_thrown_out) possible |= bit_of(thread);
  }
  if (possible == 0) possible = unfinished;
  // Threads started later may use what the earlier ones hold.
  victim_ = static_cast<unsigned>(std::bit_width(possible)) - 1;
  if (victim_ != self_) switch_to(victim_);
  if (victim_ == self_) leave_as_victim();
}

void Core::nobody_can_go_on() {
  fail(Ending::Deadlock, deadlock_sentence());
  schedule_to_the_end(*this);
}

void Core::cut_by_strategy() {
  fail(Ending::Abandoned, "the strategy cut this execution");
  schedule_to_the_end(*this);
}

std::string Core::deadlock_sentence() const {
  return quiesce::interleave::deadlock_sentence({threads_.data(), thread_count_},
                                                (bit_of(thread_count_) - 1) & ~finished_);
}

}  // namespace quiesce::interleave
