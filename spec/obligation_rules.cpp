// The rules of the obligation machine: Reserved -> Committed, Aborted(reason) or Leaked, each
// absorbing.
#include <algorithm>

#include "spec/rules.hpp"

namespace quiesce::spec {
namespace {

void resolve(State& s, Obligation& obligation, ObligationPhase phase, AbortReason reason) {
  obligation.phase = phase;
  obligation.abort_reason = reason;
  --find(s, obligation.region)->pending_obligations;
}

/// The guards that Commit and Abort share, in order; nothing if all hold.
std::optional<Guard> resolution_refused_by(const State& s, const Obligation* obligation,
                                           TaskName actor) {
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
  const auto at = std::find_if(s.obligations.begin(), s.obligations.end(),
                               [&](const Obligation& other) { return other.name > a.name; });
  s.obligations.insert(at, Obligation{.name = a.name,
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
  Obligation* const obligation = find(s, a.obligation);
  if (const auto guard = resolution_refused_by(s, obligation, a.actor)) return refused(*guard);

  resolve(s, *obligation, ObligationPhase::Committed, AbortReason::Cancel);
  return done();
}

/// Abort: the holder takes its promise back.                              rule.obligation.abort
///   state    Reserved -> Aborted(Error or Explicit)
///   refuses  ObligationExists, ActorIsHolder, RegionNotClosed, ObligationReserved
///   source   facts §4.3
Answer abort(State& s, const Abort& a) {
  Obligation* const obligation = find(s, a.obligation);
  if (const auto guard = resolution_refused_by(s, obligation, a.actor)) return refused(*guard);

  resolve(s, *obligation, ObligationPhase::Aborted, a.reason);
  return done();
}

/// What a completing task still holds: Aborted(Cancel) if it ended Cancelled, else Leaked and
/// counted.
///   source   semantics [D10, D11], I47                              rule.obligation.settle_held
void settle_held_obligations(State& s, TaskName holder, const Outcome& outcome) {
  for (Obligation& obligation : s.obligations) {
    if (obligation.holder != holder || !is_reserved(obligation)) continue;
    if (outcome.kind == OutcomeKind::Cancelled) {
      resolve(s, obligation, ObligationPhase::Aborted, AbortReason::Cancel);
    } else {
      resolve(s, obligation, ObligationPhase::Leaked, AbortReason::Cancel);
      ++s.leak_count;
    }
  }
}

}  // namespace quiesce::spec
