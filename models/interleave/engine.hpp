// Engine: runs one execution after another of code written against Explored.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "models/interleave/core.hpp"
#include "models/interleave/crash_guard.hpp"
#include "models/interleave/explored.hpp"
#include "models/interleave/strategy.hpp"

namespace quiesce::interleave {

/// One engine for each thread of the operating system that explores.
///   cost     no allocation in an execution that completes, after the first ones have made the
///            stacks
class Engine {
 public:
  /// Takes memory for the recorded decisions; stacks are taken when threads first need them, which
  /// run() reports as NoMemoryForStacks.
  explicit Engine(const EngineOptions& options = {})
      : options_(options), core_(std::make_unique<Core>(options)) {}

  /// One execution: `body()` is thread 0 and starts the others; `strategy` makes every choice.
  template <Strategy S, class Body>
  Ended run(S& strategy, Body&& body) {
    strategy.begin();
    lost_.reset();
    core_->start({&strategy, &schedule<S>, &wake<S>, sees_all_steps(strategy)});
    auto fault = CrashGuard::of_this_thread().run([&] { to_the_end(body); });
    Ended ended = fault ? lose_execution(std::move(*fault)) : core_->finish_run();
    strategy.end();
    return ended;
  }

  /// For whoever left an execution by other means than running it to its end, from a signal handler
  /// say: its engine is lost and must not be used or destroyed, but another one may run.
  static void forget_lost_execution() { Core::forget_lost_execution(); }

  /// The decisions of the last execution.
  Decisions decisions() const {
    if (lost_) return *lost_;
    return {{core_->picks(), core_->picks() + core_->pick_count()}};
  }

  /// How many there were.
  std::size_t choice_count() const { return lost_ ? lost_->picks.size() : core_->pick_count(); }

  /// The executions that follow tell `sink` everything; nullptr ends that.
  void trace_to(TraceSink* sink) {
    sink_ = sink;
    core_->set_sink(sink);
  }

 private:
  /// The body and what it throws; a broken requirement is thrown too.
  template <class Body>
  void to_the_end(Body& body) {
    const ListeningToErrors listening;
    try {
      body();
      core_->body_ended();
    } catch (const AbandonedExecution&) {
    } catch (const std::exception& exception) {
      core_->uncaught(exception.what());
    } catch (...) {
      core_->uncaught("not a std::exception");
    }
  }

  /// Leaves a crashed execution behind: nothing of it can be destroyed.
  Ended lose_execution(std::string fault) {
    Core::forget_lost_execution();
    error_listener = nullptr;
    lost_ = Decisions{{core_->picks(), core_->picks() + core_->pick_count()}};
    Ended ended{Ending::Crashed,
                "thread " + std::to_string(core_->self()) + " ended in a crash: " + fault,
                core_->steps(), core_->preemptions()};
    static_cast<void>(core_.release());
    core_ = std::make_unique<Core>(options_);
    core_->set_sink(sink_);
    return ended;
  }

  template <class S>
  static void schedule(Core& core) {
    if (core.has_fresh_threads()) return core.run_fresh_thread();
    const unsigned current = core.take_current();
    const Threads candidates = core.candidates();
    unsigned next = static_cast<unsigned>(std::countr_zero(candidates));
    if ((candidates & (candidates - 1)) != 0) {
      const Choice choice(core, candidates, current);
      next = static_cast<S*>(core.strategy())->pick(choice);
      if (next == no_thread) [[unlikely]]
        return core.cut_by_strategy();
      core.record(next);
      if (next != current && choice.current_is_candidate() && !choice.current_yields()) {
        core.count_preemption();
      }
    } else if (candidates == 0) [[unlikely]] {
      return core.nobody_can_go_on();
    } else if constexpr (SeesForcedSteps<S>) {
      S& strategy = *static_cast<S*>(core.strategy());
      if (!strategy.forced(next, core.pending(next))) return core.cut_by_strategy();
    }
    if (next == core.self()) return core.chosen_again();
    core.switch_for_choice(next);
  }

  template <class S>
  static unsigned wake(Core& core, Threads waiters) {
    const unsigned woken = static_cast<S*>(core.strategy())->wake(waiters);
    if (woken == no_thread) {
      core.fail(Ending::Abandoned, "the strategy cut this execution");
      return static_cast<unsigned>(std::countr_zero(waiters));
    }
    core.record(woken);
    return woken;
  }

  EngineOptions options_;
  std::unique_ptr<Core> core_;
  TraceSink* sink_ = nullptr;
  std::optional<Decisions> lost_;  // of an execution that crashed
};

/// A strategy chosen at run time. It satisfies Strategy, at the price of a virtual call a choice.
class AnyStrategy {
 public:
  template <Strategy S>
  requires(!std::same_as<S, AnyStrategy>) explicit AnyStrategy(S strategy)
      : held_(std::make_unique<Held<S>>(std::move(strategy))) {}

  void begin() { held_->begin(); }
  unsigned pick(const Choice& choice) { return held_->pick(choice); }
  unsigned wake(Threads waiters) { return held_->wake(waiters); }
  void end() { held_->end(); }
  bool forced(unsigned thread, const Pending& step) { return held_->forced(thread, step); }
  bool sees_all_steps() const { return held_->sees_all_steps(); }
  /// The next execution is number `execution`, where the strategy counts them.
  void select(std::uint64_t execution) { held_->select(execution); }

 private:
  struct Interface {
    virtual ~Interface() = default;
    virtual void begin() = 0;
    virtual unsigned pick(const Choice& choice) = 0;
    virtual unsigned wake(Threads waiters) = 0;
    virtual void end() = 0;
    virtual void select(std::uint64_t execution) = 0;
    virtual bool forced(unsigned thread, const Pending& step) = 0;
    virtual bool sees_all_steps() const = 0;
  };
  template <class S>
  struct Held final : Interface {
    explicit Held(S strategy) : own(std::move(strategy)) {}
    void begin() override { own.begin(); }
    unsigned pick(const Choice& choice) override { return own.pick(choice); }
    unsigned wake(Threads waiters) override { return own.wake(waiters); }
    void end() override { own.end(); }
    void select(std::uint64_t execution) override {
      if constexpr (requires { own.select(execution); }) own.select(execution);
    }
    bool forced(unsigned thread, const Pending& step) override {
      if constexpr (SeesForcedSteps<S>) return own.forced(thread, step);
      return true;
    }
    bool sees_all_steps() const override { return interleave::sees_all_steps(own); }
    S own;
  };
  std::unique_ptr<Interface> held_;
};

static_assert(Strategy<AnyStrategy>);

}  // namespace quiesce::interleave
