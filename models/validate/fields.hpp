// The fields of actions and rows in a trace, each named once: readers, writers and comparisons walk
// these lists.
#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>

#include "spec/state.hpp"
#include "spec/vocabulary/action.hpp"

namespace quiesce::validate {

/// Whether a line must give a field, and whether the Name in it is a new one.
enum class Use : std::uint8_t { Required, Optional, Creates };

template <class Owner, class Value>
struct Field {
  std::string_view name;
  Value Owner::*member;
  Use use = Use::Required;
};
template <class Owner, class Value>
Field(std::string_view, Value Owner::*, Use = Use::Required) -> Field<Owner, Value>;

/// fields_of<T>: a tuple of Field, in the order in which they are written.
template <class T>
inline constexpr auto fields_of = std::tuple<>{};

// Values made of several numbers.
template <>
inline constexpr auto fields_of<Budget> =
    std::tuple{Field{"deadline", &Budget::deadline_ticks, Use::Optional},
               Field{"polls", &Budget::poll_quota, Use::Optional},
               Field{"cost", &Budget::cost_quota, Use::Optional},
               Field{"priority", &Budget::priority, Use::Optional}};
template <>
inline constexpr auto fields_of<Limits> =
    std::tuple{Field{"regions", &Limits::child_regions, Use::Optional},
               Field{"tasks", &Limits::body_tasks, Use::Optional},
               Field{"obligations", &Limits::obligations, Use::Optional}};
template <>
inline constexpr auto fields_of<CancelReason> =
    std::tuple{Field{"kind", &CancelReason::kind}, Field{"at", &CancelReason::at_ticks},
               Field{"origin", &CancelReason::origin}};

template <>
inline constexpr auto fields_of<LeakPolicy> =
    std::tuple{Field{"response", &LeakPolicy::response},
               Field{"escalate_after", &LeakPolicy::escalate_after, Use::Optional},
               Field{"escalate_to", &LeakPolicy::escalate_to, Use::Optional}};

// Actions.
template <>
inline constexpr auto fields_of<OpenRegion> =
    std::tuple{Field{"name", &OpenRegion::name, Use::Creates}, Field{"parent", &OpenRegion::parent},
               Field{"budget", &OpenRegion::budget, Use::Optional},
               Field{"limits", &OpenRegion::limits, Use::Optional},
               Field{"policy", &OpenRegion::policy, Use::Optional}};
template <>
inline constexpr auto fields_of<CloseRegion> =
    std::tuple{Field{"region", &CloseRegion::region}, Field{"mode", &CloseRegion::mode}};
template <>
inline constexpr auto fields_of<CancelRegion> =
    std::tuple{Field{"region", &CancelRegion::region}, Field{"kind", &CancelRegion::kind}};
template <>
inline constexpr auto fields_of<DeferFinalizer> = std::tuple{
    Field{"name", &DeferFinalizer::name, Use::Creates}, Field{"region", &DeferFinalizer::region}};
template <>
inline constexpr auto fields_of<Spawn> =
    std::tuple{Field{"name", &Spawn::name, Use::Creates}, Field{"region", &Spawn::region},
               Field{"budget", &Spawn::budget, Use::Optional}};
template <>
inline constexpr auto fields_of<Start> = std::tuple{Field{"task", &Start::task}};
template <>
inline constexpr auto fields_of<Poll> = std::tuple{Field{"task", &Poll::task}};
template <>
inline constexpr auto fields_of<Checkpoint> = std::tuple{Field{"task", &Checkpoint::task}};
template <>
inline constexpr auto fields_of<EnterMask> =
    std::tuple{Field{"task", &EnterMask::task}, Field{"units", &EnterMask::units}};
template <>
inline constexpr auto fields_of<LeaveMask> = std::tuple{Field{"task", &LeaveMask::task}};
template <>
inline constexpr auto fields_of<CleanupDone> = std::tuple{Field{"task", &CleanupDone::task}};
template <>
inline constexpr auto fields_of<Return> =
    std::tuple{Field{"task", &Return::task}, Field{"outcome", &Return::outcome},
               Field{"kind", &Return::kind, Use::Optional}};
template <>
inline constexpr auto fields_of<CancelTask> =
    std::tuple{Field{"task", &CancelTask::task}, Field{"kind", &CancelTask::kind}};
template <>
inline constexpr auto fields_of<Join> =
    std::tuple{Field{"joiner", &Join::joiner}, Field{"target", &Join::target}};
template <>
inline constexpr auto fields_of<Reserve> =
    std::tuple{Field{"name", &Reserve::name, Use::Creates}, Field{"holder", &Reserve::holder},
               Field{"region", &Reserve::region}, Field{"kind", &Reserve::kind}};
template <>
inline constexpr auto fields_of<Commit> =
    std::tuple{Field{"obligation", &Commit::obligation}, Field{"actor", &Commit::actor}};
template <>
inline constexpr auto fields_of<Abort> =
    std::tuple{Field{"obligation", &Abort::obligation}, Field{"actor", &Abort::actor},
               Field{"reason", &Abort::reason}};
template <>
inline constexpr auto fields_of<AdvanceTime> = std::tuple{Field{"to", &AdvanceTime::to_ticks}};

// Rows of a snapshot. A row must say its name; what it does not say is not compared.
template <>
inline constexpr auto fields_of<spec::Region> =
    std::tuple{Field{"name", &spec::Region::name},
               Field{"parent", &spec::Region::parent, Use::Optional},
               Field{"phase", &spec::Region::phase, Use::Optional},
               Field{"policy", &spec::Region::policy, Use::Optional},
               Field{"reason", &spec::Region::reason, Use::Optional},
               Field{"outcome", &spec::Region::outcome, Use::Optional},
               Field{"budget", &spec::Region::budget, Use::Optional},
               Field{"limits", &spec::Region::limits, Use::Optional},
               Field{"children", &spec::Region::children, Use::Optional},
               Field{"tasks", &spec::Region::tasks, Use::Optional},
               Field{"finalizers", &spec::Region::finalizers, Use::Optional},
               Field{"finalizing", &spec::Region::finalizing, Use::Optional},
               Field{"pending_obligations", &spec::Region::pending_obligations, Use::Optional}};
template <>
inline constexpr auto fields_of<spec::Task> =
    std::tuple{Field{"name", &spec::Task::name},
               Field{"owner", &spec::Task::owner, Use::Optional},
               Field{"phase", &spec::Task::phase, Use::Optional},
               Field{"is_finalizer", &spec::Task::is_finalizer, Use::Optional},
               Field{"mask_units", &spec::Task::mask_units, Use::Optional},
               Field{"reason", &spec::Task::reason, Use::Optional},
               Field{"outcome", &spec::Task::outcome, Use::Optional},
               Field{"budget", &spec::Task::budget, Use::Optional},
               Field{"waiters", &spec::Task::waiters, Use::Optional},
               Field{"joins_ready", &spec::Task::joins_ready, Use::Optional}};
template <>
inline constexpr auto fields_of<spec::Obligation> =
    std::tuple{Field{"name", &spec::Obligation::name},
               Field{"kind", &spec::Obligation::kind, Use::Optional},
               Field{"holder", &spec::Obligation::holder, Use::Optional},
               Field{"region", &spec::Obligation::region, Use::Optional},
               Field{"phase", &spec::Obligation::phase, Use::Optional},
               Field{"abort_reason", &spec::Obligation::abort_reason, Use::Optional},
               Field{"reserved_at", &spec::Obligation::reserved_at_ticks, Use::Optional}};

/// Calls visit(field) for each field of T.
template <class T, class Visit>
void for_each_field(Visit&& visit) {
  std::apply([&](const auto&... field) { (visit(field), ...); }, fields_of<T>);
}

}  // namespace quiesce::validate
