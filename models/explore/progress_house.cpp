#include "models/explore/progress_house.hpp"

#include <array>

namespace quiesce::explore {
namespace {

constexpr std::uint64_t bit(std::size_t number) {
  return std::uint64_t{1} << number;
}

constexpr std::array<FairnessKind, 6> fairness_kinds{{
    {"start", "a Created task is started"},
    {"observe", "a started task comes to its next checkpoint"},
    {"unwind", "a task that has acknowledged its cancel cleans up and returns"},
    {"finish", "a Running task returns"},
    {"settle", "an internal rule that is enabled at a region is taken"},
    {"scope", "an Open region whose parent's close has begun is closed or cancelled"},
}};

using H = HouseWaits;
constexpr std::uint64_t tasks_end =
    bit(H::Start) | bit(H::Observe) | bit(H::Unwind) | bit(H::Finish);
enum Property : std::size_t { CancelledCompletes, ClosingCloses, ReservedResolves };
constexpr std::array<ProgressProperty, 3> progress_properties{{
    {"progress.cancelled_task_completes", "I48", "a cancelled task completes",
     bit(H::Observe) | bit(H::Unwind)},
    {"progress.closing_region_closes", "I49", "a closing region closes",
     tasks_end | bit(H::Settle) | bit(H::Scope)},
    {"progress.reserved_obligation_resolves", "I50", "a reserved obligation is resolved",
     tasks_end},
}};

bool has_acknowledged(const spec::Task& task) {
  return task.phase == TaskPhase::Cancelling || task.phase == TaskPhase::Finalizing;
}
bool is_closing(const spec::Region& region) {
  return region.phase != RegionPhase::Open && is_live(region);
}

}  // namespace

HouseWaits::HouseWaits(const HouseBounds& bounds, Measure count)
    : tasks_(bounds.tasks + bounds.finalizers),
      body_tasks_(bounds.tasks),
      regions_(bounds.regions),
      measure_(count) {
  for (const Kind kind : {Start, Observe, Unwind, Finish}) {
    for (std::uint32_t task = 0; task < tasks_; ++task)
      classes_.push_back({kind, to_text(TaskName{task})});
  }
  for (const Kind kind : {Settle, Scope}) {
    for (std::uint32_t region = 0; region < regions_; ++region)
      classes_.push_back({kind, to_text(RegionName{region})});
  }
  for (std::uint32_t task = 0; task < body_tasks_; ++task) {
    const std::string name = to_text(TaskName{task});
    instances_.push_back({CancelledCompletes, name});
    waits_.push_back({"progress.acknowledged_within_mask",
                      "a cancel is acknowledged within mask + 1 checkpoints", name,
                      Observe * tasks_ + task});
  }
  for (std::uint32_t region = 0; region < regions_; ++region)
    instances_.push_back({ClosingCloses, to_text(RegionName{region})});
  for (std::uint32_t name = 0; name < bounds.obligations; ++name)
    instances_.push_back({ReservedResolves, to_text(ObligationName{name})});
}

std::span<const FairnessKind> HouseWaits::kinds() const {
  return fairness_kinds;
}

std::span<const ProgressProperty> HouseWaits::properties() const {
  return progress_properties;
}

ProgressProperty HouseWaits::measure() const {
  return {"progress.potential", "facts §19",
          "the potential decreases at every internal rule, start, cleanup_done, return, commit and "
          "abort, and never increases at any other own step of a task"};
}

std::uint64_t HouseWaits::class_bit(Kind kind, std::uint32_t entity) const {
  if (kind < Settle) return bit(kind * tasks_ + entity);
  return bit(Settle * tasks_ + (kind - Settle) * regions_ + entity);
}

ProgressFacts HouseWaits::facts(const spec::State& state) const {
  ProgressFacts facts;
  const auto note = [&](std::size_t instance, bool pending, bool reached) {
    if (pending) facts.pending |= bit(instance);
    if (reached) facts.reached |= bit(instance);
  };
  for (const spec::Task& task : state.tasks) {
    if (!is_body(task)) continue;
    const bool cancelled = task.phase == TaskPhase::CancelRequested || has_acknowledged(task);
    note(task.name.value, cancelled, !is_live(task));
    if (task.phase == TaskPhase::CancelRequested) facts.waiting |= bit(task.name.value);
  }
  for (const spec::Region& region : state.regions)
    note(body_tasks_ + region.name.value, is_closing(region), !is_live(region));
  for (const spec::Obligation& obligation : state.obligations) {
    const bool reserved = is_reserved(obligation);
    note(body_tasks_ + regions_ + obligation.name.value, reserved, !reserved);
  }
  return facts;
}

std::size_t HouseWaits::allowed_checkpoints(const spec::State& state, std::size_t wait) const {
  const spec::Task* const task = find(state, TaskName{static_cast<std::uint32_t>(wait)});
  return std::size_t{task->mask_units} + 1;
}

/// A body may return before it has observed its cancel, but nobody may count on it: such a return
/// is in no class.
std::uint64_t HouseWaits::classes_of(const spec::State& before, const Action& action) const {
  const auto close_of = [&](RegionName name) -> std::uint64_t {
    const spec::Region& region = *find(before, name);
    if (region.phase != RegionPhase::Open || region.parent.is_none()) return 0;
    return is_closing(*find(before, region.parent)) ? class_bit(Scope, name.value) : 0;
  };
  return std::visit(
      overloaded{[&](const quiesce::Start& a) { return class_bit(Start, a.task.value); },
                 [&](const Checkpoint& a) { return class_bit(Observe, a.task.value); },
                 [&](const CleanupDone& a) { return class_bit(Unwind, a.task.value); },
                 [&](const Return& a) -> std::uint64_t {
                   const spec::Task& task = *find(before, a.task);
                   if (has_acknowledged(task)) return class_bit(Unwind, a.task.value);
                   return task.phase == TaskPhase::Running ? class_bit(Finish, a.task.value) : 0;
                 },
                 [&](const CloseRegion& a) { return close_of(a.region); },
                 [&](const CancelRegion& a) { return close_of(a.region); },
                 [](const auto&) { return std::uint64_t{0}; }},
      action);
}

std::uint64_t HouseWaits::classes_of(const spec::InternalStep& internal) const {
  return class_bit(Settle, internal.region.value);
}

}  // namespace quiesce::explore
