#include "models/explore/house_independence.hpp"

#include <utility>

namespace quiesce::explore {
namespace {

/// In the order of the rows of `apart`.
enum class Kind : std::uint8_t {
  OwnRow,   ///< of a task: its own row only
  Returns,  ///< a task ends
  Resolves,
  Reserves,
  Spawns,
  Opens,
  Defers,
  Closes,  ///< and awaits what is in it
  Cancels  ///< reaches tasks and regions below
};

/// What an action says about whom it concerns; the rest is not looked at.
struct Concern {
  Kind kind = Kind::Cancels;
  TaskName task{};
  RegionName region{};
  RegionName opened{};
  ObligationName obligation{};
  bool is_finalizer = false;
  bool fails = false;  ///< and may take its siblings with it
};

Concern concern_of(const Action& action, const HouseBounds& bounds) {
  const auto own_row = [&](TaskName task) {
    return Concern{.kind = Kind::OwnRow, .task = task, .is_finalizer = task.value >= bounds.tasks};
  };
  return std::visit(
      overloaded{
          [&](const Start& a) { return own_row(a.task); },
          [&](const Checkpoint& a) { return own_row(a.task); },
          [&](const EnterMask& a) { return own_row(a.task); },
          [&](const LeaveMask& a) { return own_row(a.task); },
          [&](const CleanupDone& a) { return own_row(a.task); },
          [&](const CancelTask& a) { return own_row(a.task); },
          [&](const Return& a) {
            const bool fails = a.outcome == OutcomeKind::Err || a.outcome == OutcomeKind::Panicked;
            return Concern{
                .kind = Kind::Returns, .task = a.task, .fails = fails && bounds.policies > 1};
          },
          [](const Commit& a) {
            return Concern{.kind = Kind::Resolves, .task = a.actor, .obligation = a.obligation};
          },
          [](const Abort& a) {
            return Concern{.kind = Kind::Resolves, .task = a.actor, .obligation = a.obligation};
          },
          [](const Reserve& a) {
            return Concern{
                .kind = Kind::Reserves, .task = a.holder, .region = a.region, .obligation = a.name};
          },
          [](const Spawn& a) {
            return Concern{.kind = Kind::Spawns, .task = a.name, .region = a.region};
          },
          [](const OpenRegion& a) {
            return Concern{.kind = Kind::Opens, .region = a.parent, .opened = a.name};
          },
          [](const DeferFinalizer& a) { return Concern{.kind = Kind::Defers, .region = a.region}; },
          [](const CloseRegion& a) {
            return Concern{.kind = a.mode == CloseMode::Await ? Kind::Closes : Kind::Cancels,
                           .region = a.region};
          },
          [](const CancelRegion& a) { return Concern{.kind = Kind::Cancels, .region = a.region}; },
          [](const auto&) {
            return Concern{.kind = Kind::Cancels, .region = RegionName{0}};  // reaches everything
          },
      },
      action);
}

bool apart_from_own_row(const Concern& own, const Concern& b) {
  switch (b.kind) {
    case Kind::OwnRow:
    case Kind::Spawns: return own.task != b.task;
    case Kind::Returns: return own.task != b.task && !own.is_finalizer && !b.fails;
    case Kind::Resolves:
    case Kind::Reserves:
    case Kind::Opens:
    case Kind::Defers: return true;
    case Kind::Closes: return !own.is_finalizer;
    case Kind::Cancels: return false;
  }
  return false;
}

bool apart_from_return(const Concern& ended, const Concern& b) {
  switch (b.kind) {
    case Kind::Resolves: return ended.task != b.task;
    case Kind::Returns:
    case Kind::Reserves:
    case Kind::Spawns: return ended.task != b.task && !ended.fails && !b.fails;
    case Kind::Opens:
    case Kind::Defers: return !ended.fails;
    default: return false;
  }
}

bool apart_from_resolution(const Concern& resolved, const Concern& b) {
  const bool is_of_one = b.kind == Kind::Resolves || b.kind == Kind::Reserves;
  return !is_of_one || resolved.obligation != b.obligation;
}

/// Of creations, closes and cancels: each admits into one region or stops admitting there; a cancel
/// also in all below, which have later Names.
bool apart_by_region(const Concern& a, const Concern& b) {
  if (a.kind == b.kind || a.kind == Kind::Closes) return false;
  if (b.kind == Kind::Cancels && a.region > b.region) return false;
  if (b.kind == Kind::Closes || b.kind == Kind::Cancels)
    return a.region != b.region && (a.kind != Kind::Opens || a.opened != b.region);
  if (a.kind == Kind::Reserves) return b.kind != Kind::Spawns || a.task != b.task;
  if (a.kind == Kind::Spawns) return b.kind != Kind::Opens || a.region != b.opened;
  return a.opened != b.region;  // opens and defers
}

/// `a.kind` is not after `b.kind`.
bool apart(const Concern& a, const Concern& b) {
  switch (a.kind) {
    case Kind::OwnRow: return apart_from_own_row(a, b);
    case Kind::Returns: return apart_from_return(a, b);
    case Kind::Resolves: return apart_from_resolution(a, b);
    default: return apart_by_region(a, b);
  }
}

}  // namespace

bool are_independent(const Action& a, const Action& b, const HouseBounds& bounds) {
  const Concern first = concern_of(a, bounds);
  const Concern second = concern_of(b, bounds);
  // Which of two completions finds the leak that is one too many is a matter of their order.
  const bool both_count = first.kind == Kind::Returns && second.kind == Kind::Returns;
  if (both_count && bounds.leaks.escalate_after != 0) return false;
  return first.kind <= second.kind ? apart(first, second) : apart(second, first);
}

}  // namespace quiesce::explore
