#include "models/explore/scheduling/waits.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

#include "spec/vocabulary/action.hpp"

namespace quiesce::explore {
namespace {

constexpr std::uint64_t bit(std::size_t number) {
  return std::uint64_t{1} << number;
}
void note(ProgressFacts& facts, std::size_t instance, bool pending, bool reached) {
  if (pending) facts.pending |= bit(instance);
  if (reached) facts.reached |= bit(instance);
}

using S = SchedulingWaits;
constexpr std::array<FairnessKind, 3> scheduling_kinds{{
    {"work", "a worker takes its next step, and its poll returns"},
    {"push", "a thread that owes an entry pushes it"},
    {"clock", "time goes on"},
}};
constexpr std::array<ProgressProperty, 1> scheduling_properties{{
    {"progress.woken_task_is_polled", "I32", "a task that was woken is polled or completes",
     bit(S::Work) | bit(S::Push) | bit(S::Clock)},
}};

using P = ParkingWaits;
constexpr std::array<FairnessKind, 3> parking_kinds{{
    {"step", "a worker that is not busy takes its next step"},
    {"finish", "a worker's poll returns"},
    {"publish", "a publisher goes on with what it has begun"},
}};
enum ParkingProperty : std::size_t { WorkIsTaken, WorkFindsAnybody, TimerIsFired, OwnWorkIsTaken };
constexpr std::array<ProgressProperty, 4> parking_properties{{
    {"progress.visible_work_is_taken", "I41", "work that can be seen is taken",
     bit(P::Step) | bit(P::Finish) | bit(P::Publish)},
    {"progress.visible_work_finds_a_worker", "I41",
     "work that can be seen is taken, or every worker is busy", bit(P::Step) | bit(P::Publish)},
    {"progress.timer_is_fired", "I41", "a timer that is due is fired",
     bit(P::Step) | bit(P::Finish) | bit(P::Publish)},
    {"progress.own_work_is_taken", "I41", "a worker takes the work of its own queue",
     bit(P::Step) | bit(P::Finish) | bit(P::Publish)},
}};

}  // namespace

SchedulingWaits::SchedulingWaits(const SchedulingBounds& bounds)
    : workers_(bounds.workers), wakers_(bounds.wakers) {
  for (std::size_t worker = 0; worker < workers_; ++worker)
    classes_.push_back({Work, "w" + std::to_string(worker)});
  for (std::size_t waker = 0; waker < wakers_; ++waker)
    classes_.push_back({Push, "a" + std::to_string(waker)});
  classes_.push_back({Clock, "clock"});
  for (std::uint32_t task = 0; task < bounds.tasks; ++task)
    instances_.push_back({0, quiesce::to_text(TaskName{task})});
}

std::span<const FairnessKind> SchedulingWaits::kinds() const {
  return scheduling_kinds;
}
std::span<const ProgressProperty> SchedulingWaits::properties() const {
  return scheduling_properties;
}

ProgressFacts SchedulingWaits::facts(const Value& value) const {
  ProgressFacts facts;
  for (std::uint8_t name = 0; name < value.spawned; ++name) {
    const std::uint8_t slot = value.slot_of[name];
    const bool live = value.state.slots[slot].name == TaskName{name};
    const bool waits = live && value.history.of_slot[slot].woken;
    note(facts, name, waits, !waits);
  }
  return facts;
}

std::uint64_t SchedulingWaits::classes_of(const spec::scheduling::Action& action) const {
  namespace s = spec::scheduling;
  return std::visit(
      [&]<class A>(const A& a) -> std::uint64_t {
        if constexpr (std::is_same_v<A, s::Push>) {
          return bit(workers_ + a.waker);
        } else if constexpr (std::is_same_v<A, s::AdvanceTime>) {
          return bit(workers_ + wakers_);
        } else if constexpr (!std::is_same_v<A, s::Steal> && requires { a.worker; }) {
          return bit(a.worker);
        } else {
          return 0;
        }
      },
      action);
}

ParkingWaits::ParkingWaits(const ParkingBounds& bounds) : workers_(bounds.workers) {
  for (const Kind kind : {Step, Finish}) {
    for (std::size_t worker = 0; worker < workers_; ++worker)
      classes_.push_back({kind, "w" + std::to_string(worker)});
  }
  for (std::size_t publisher = 0; publisher < bounds.publishers; ++publisher)
    classes_.push_back({Publish, "p" + std::to_string(publisher)});
  instances_.push_back({WorkIsTaken, "the global queue"});
  instances_.push_back({WorkFindsAnybody, "the global queue"});
  instances_.push_back({TimerIsFired, "the timer"});
  for (std::size_t worker = 0; worker < workers_; ++worker)
    instances_.push_back({OwnWorkIsTaken, "w" + std::to_string(worker)});
}

std::span<const FairnessKind> ParkingWaits::kinds() const {
  return parking_kinds;
}
std::span<const ProgressProperty> ParkingWaits::properties() const {
  return parking_properties;
}

/// After the end was announced nobody need take anything.
ProgressFacts ParkingWaits::facts(const Value& value) const {
  using spec::scheduling::parking::At;
  ProgressFacts facts;
  const auto end = value.workers.begin() + value.worker_count;
  const bool all_busy = std::all_of(value.workers.begin(), end,
                                    [](const auto& worker) { return worker.at == At::Busy; });
  const bool visible = value.published > 0 && !value.shutdown;
  note(facts, 0, visible, !visible);
  note(facts, 1, visible && !all_busy, !visible || all_busy);
  const bool is_due = value.timer_pending && value.timer_due && !value.shutdown;
  note(facts, 2, is_due, !is_due);
  for (std::size_t worker = 0; worker < workers_; ++worker) {
    const bool waits = value.workers[worker].local > 0 && !value.shutdown;
    note(facts, 3 + worker, waits, !waits);
  }
  return facts;
}

std::uint64_t ParkingWaits::classes_of(const spec::scheduling::parking::Action& action) const {
  namespace p = spec::scheduling::parking;
  return std::visit(
      [&]<class A>(const A& a) -> std::uint64_t {
        if constexpr (std::is_same_v<A, p::FinishWork>) {
          return bit(workers_ + a.worker);
        } else if constexpr (std::is_same_v<A, p::Bring>) {
          return 0;
        } else if constexpr (requires { a.publisher; }) {
          return bit(2 * workers_ + a.publisher);
        } else if constexpr (requires { a.worker; }) {
          return bit(a.worker);
        } else {
          return 0;
        }
      },
      action);
}

}  // namespace quiesce::explore
