#include "properties/reference_runtime.hpp"

#include "models/refine/describe.hpp"

namespace quiesce::properties {
namespace {

template <class Name>
std::vector<Name> listed(const spec::Names<Name>& names) {
  return {names.begin(), names.end()};
}

}  // namespace

Snapshot picture(const spec::State& state) {
  Snapshot snapshot;
  for (const spec::Region& r : state.regions) {
    snapshot.regions.push_back({r.name, r.parent, r.phase, r.policy, r.reason, r.outcome, r.budget,
                                r.limits, listed(r.children), listed(r.tasks), listed(r.finalizers),
                                r.finalizing, r.pending_obligations});
  }
  for (const spec::Task& t : state.tasks) {
    snapshot.tasks.push_back({t.name, t.owner, t.phase, t.is_finalizer, t.mask_units, t.reason,
                              t.outcome, t.budget, listed(t.waiters), t.joins_ready});
  }
  for (const spec::Obligation& o : state.obligations) {
    snapshot.obligations.push_back(
        {o.name, o.kind, o.holder, o.region, o.phase, o.abort_reason, o.reserved_at_ticks});
    if (spec::is_reserved(o)) ++snapshot.pending_total;
  }
  snapshot.now = state.now;
  snapshot.leak_count = state.leak_count;
  snapshot.leak_policy = state.leak_policy;
  return snapshot;
}

spec::Step spawn_regardless(spec::State state, const Spawn& a) {
  spec::Region* const before = spec::find(state, a.region);
  const RegionPhase phase = std::exchange(before->phase, RegionPhase::Open);
  spec::Step done = spec::step_unsettled(std::move(state), a);
  spec::find(done.after, a.region)->phase = phase;
  return done;
}

refine::Variant good_reference() {
  return refine::describe<Reference<interleave::Explored, false>, Reference<Native, false>>(
      "good_reference", "the specification behind one lock", refine::Tickets::Yes);
}

refine::Variant split_reference() {
  return refine::describe<Reference<interleave::Explored, true>, Reference<Native, true>>(
      "split_reference", "checks a spawn in one critical section, acts in another",
      refine::Tickets::Yes);
}

}  // namespace quiesce::properties
