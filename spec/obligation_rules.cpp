// The rules of the obligation machine: Reserved -> Committed, Aborted(reason) or Leaked, each
// absorbing.
#include <algorithm>
#include <limits>
#include <range/v3/algorithm/count_if.hpp>
#include <utility>

#include "spec/rules.hpp"

namespace quiesce::spec {
namespace {

void resolve(State& s, ObligationName name, ObligationPhase phase, AbortReason reason) {
  Obligation& obligation = *find(s, name);
  obligation.phase = phase;
  obligation.abort_reason = reason;
  --find(s, obligation.region)->pending_obligations;
}

/// The guards that Commit and Abort share, in order; nothing if all hold.
std::optional<Guard> resolution_refused_by(const State& s, ObligationName name, TaskName actor) {
  const Obligation* const obligation = find(s, name);
  if (obligation == nullptr) return Guard::ObligationExists;
  if (obligation->holder != actor) return Guard::ActorIsHolder;
  if (!is_live(*find(s, obligation->region))) return Guard::RegionNotClosed;
  if (!is_reserved(*obligation)) return Guard::ObligationReserved;
  return std::nullopt;
}

}  // namespace

/// Reserve: a task promises something to its region.                    rule.obligation.reserve
///   state    +1 obligation row in Reserved, stamped with the time; the region counts it
///   refuses  RegionExists, TaskExists, TaskOwnedByRegion, TaskLive, RegionOpen, WithinLimit
///   keeps    inv.obligation.holder_live, inv.obligation.counted   source  facts §4.2, [D13..D15]
Answer reserve(State& s, const Reserve& a) {
  Region* const region = find(s, a.region);
  const Task* const holder = find(s, a.holder);
  if (region == nullptr) return refused(Guard::RegionExists);
  if (holder == nullptr) return refused(Guard::TaskExists);
  if (holder->owner != a.region) return refused(Guard::TaskOwnedByRegion);
  if (!is_live(*holder)) return refused(Guard::TaskLive);
  if (region->phase != RegionPhase::Open) return refused(Guard::RegionOpen);
  if (region->pending_obligations >= region->limits.obligations) return refused(Guard::WithinLimit);

  ++region->pending_obligations;
  s.obligations.add({.name = a.name,
                     .kind = a.kind,
                     .holder = a.holder,
                     .region = a.region,
                     .reserved_at_ticks = s.now});
  return done();
}

/// Commit: the holder kept its promise.                                  rule.obligation.commit
///   state    Reserved -> Committed
///   refuses  ObligationExists, ActorIsHolder, RegionNotClosed, ObligationReserved
///   keeps    inv.obligation.linear, inv.obligation.fence     source  facts §4.3, [D12, D45, D48]
Answer commit(State& s, const Commit& a) {
  if (const auto guard = resolution_refused_by(s, a.obligation, a.actor)) return refused(*guard);

  resolve(s, a.obligation, ObligationPhase::Committed, AbortReason::Cancel);
  return done();
}

/// Abort: the holder takes its promise back.                              rule.obligation.abort
///   state    Reserved -> Aborted(Error or Explicit)
///   refuses  ObligationExists, ActorIsHolder, RegionNotClosed, ObligationReserved
///   source   facts §4.3
Answer abort(State& s, const Abort& a) {
  if (const auto guard = resolution_refused_by(s, a.obligation, a.actor)) return refused(*guard);

  resolve(s, a.obligation, ObligationPhase::Aborted, a.reason);
  return done();
}

/// How leaks are responded to once so many were found: by the policy's response, or by the one that
/// it escalates to.                                                rule.obligation.leak_response
///   source   facts §4.5; decision 6
LeakResponse response_to_leaks(const LeakPolicy& policy, std::uint32_t leak_count) {
  const bool escalates = policy.escalate_after != 0 && leak_count >= policy.escalate_after;
  return escalates ? policy.escalate_to : policy.response;
}

/// What a completing task still holds is settled.                      rule.obligation.settle_held
///   state    it ended Cancelled: Aborted(Cancel). Else all of it counts as leaks, and then becomes
///            Leaked, or Aborted(Error) if the response is to recover; true if it is to panic
///   keeps    inv.obligation.settled_by_completion, inv.obligation.leak_response
///   source   semantics [D10, D11], I47; decision 6
bool settle_held_obligations(State& s, TaskName holder, const Outcome& outcome) {
  const auto is_held = [holder](const Obligation& obligation) {
    return obligation.holder == holder && is_reserved(obligation);
  };
  if (outcome.kind == OutcomeKind::Cancelled) {
    for (const Obligation& obligation : std::as_const(s).obligations) {
      if (is_held(obligation))
        resolve(s, obligation.name, ObligationPhase::Aborted, AbortReason::Cancel);
    }
    return false;
  }
  const auto found =
      static_cast<std::uint32_t>(ranges::count_if(std::as_const(s).obligations, is_held));
  if (found == 0) return false;
  s.leak_count += std::min(found, std::numeric_limits<std::uint32_t>::max() - s.leak_count);
  const LeakResponse response = response_to_leaks(s.leak_policy, s.leak_count);
  const bool recovers = response == LeakResponse::Recover;
  for (const Obligation& obligation : std::as_const(s).obligations) {
    if (!is_held(obligation)) continue;
    resolve(s, obligation.name, recovers ? ObligationPhase::Aborted : ObligationPhase::Leaked,
            recovers ? AbortReason::Error : AbortReason::Cancel);
  }
  return response == LeakResponse::Panic;
}

}  // namespace quiesce::spec
