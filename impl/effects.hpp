// Effects: what an operation leaves to be done after its locks are released.
#pragma once

#include <boost/container/small_vector.hpp>
#include <exception>
#include <stdexcept>

#include "impl/shards/ids.hpp"
#include "spec/vocabulary/action.hpp"
#include "spec/vocabulary/answer.hpp"

namespace quiesce::impl {

/// What an operation answered, and where it stands in the order of commits.
///   state    `ticket` was drawn inside the critical section, for refusals too; the id of the
///            created entity is none unless the operation created one
struct Applied {
  Answer answer;
  std::uint64_t ticket = 0;
  RegionId region;
  TaskId task;
  ObligationId obligation;

  Applied() = default;
  Applied(Answer says) : answer(std::move(says)) {}  // NOLINT: an answer is an Applied to be
};

/// Told of effects, always without any lock held: it may call the runtime. Everything does nothing
/// unless overridden. A member that throws does not keep the others from being told; the first
/// exception leaves the operation at the end.
class Observer {
 public:
  virtual ~Observer() = default;

  // Lanes are published first, so that what the wakes find is there.

  /// A region's next finalizer has become a task: the way to its id.
  virtual void finalizer_started(TaskName, TaskId) {}
  /// A cancel was recorded on a task for the first time.
  virtual void task_cancelled(TaskName, TaskId) {}

  // Then the wakes.

  /// `joiner` waited for `target`, which completed.
  virtual void joiner_woken(TaskName /*joiner*/, TaskId, TaskName /*target*/, const Outcome&) {}

  // Then the news.

  /// A holder completed without resolving it (not told if the configuration says Silent).
  virtual void obligation_leaked(ObligationName, TaskName /*holder*/, bool /*recovered*/) {}
  /// The operation itself. `action` is an index of the variant Action.
  virtual void committed(std::size_t /*action*/, const Applied&) {}
};

/// Thrown by the operation that found a leak if the configuration answers leaks with Panic: after
/// all bookkeeping, after unlock and after the other effects.
class LeakFound : public std::runtime_error {
 public:
  explicit LeakFound(Applied result)
      : std::runtime_error("a task completed while it held an obligation"),
        applied(std::move(result)) {}

  Applied applied;
};

/// The effects of one operation, in the order in which they came about.
///   state    empty and without cost if nobody observes
class Effects {
 public:
  explicit Effects(Observer* observer) : observer_(observer) {}

  void finalizer_started(TaskName name, TaskId id) {
    add({.kind = Kind::FinalizerStarted, .task = name, .id = id});
  }
  void task_cancelled(TaskName name, TaskId id) {
    add({.kind = Kind::TaskCancelled, .task = name, .id = id});
  }
  void joiner_woken(TaskName joiner, TaskId id, TaskName target, const Outcome& outcome) {
    add({.kind = Kind::JoinerWoken,
         .task = joiner,
         .id = id,
         .target = target,
         .outcome = outcome});
  }
  void obligation_leaked(ObligationName name, TaskName holder, bool recovered) {
    add({.kind = Kind::ObligationLeaked,
         .recovered = recovered,
         .task = holder,
         .obligation = name});
  }
  void panic_at_the_end() { panics_ = true; }

  /// Tells the observer everything: lanes, then wakes, then news. Called without any lock.
  ///   Throws the first exception of the observer, else LeakFound if a leak asks for it.
  void run(std::size_t action, const Applied& applied) {
    if (observer_ != nullptr) tell(action, applied);
    if (panics_) throw LeakFound(applied);
  }

 private:
  enum class Kind : std::uint8_t { FinalizerStarted, TaskCancelled, JoinerWoken, ObligationLeaked };
  struct Effect {
    Kind kind{};
    bool recovered = false;
    TaskName task{};
    TaskId id{};
    TaskName target{};
    ObligationName obligation{};
    Outcome outcome{};
  };

  void add(const Effect& effect) {
    if (observer_ != nullptr) effects_.push_back(effect);
  }

  void tell(std::size_t action, const Applied& applied);
  void tell_one(const Effect& effect);

  Observer* observer_;
  bool panics_ = false;
  boost::container::small_vector<Effect, 4> effects_;
};

}  // namespace quiesce::impl
