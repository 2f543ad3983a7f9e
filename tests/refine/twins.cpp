#include "tests/refine/twins.hpp"

#include <algorithm>
#include <utility>

#include "models/refine/describe.hpp"
#include "spec/step.hpp"

namespace quiesce::refine::twins {
namespace {

bool is_wake(const Effect& effect) {
  return effect.kind == Effect::Kind::JoinerWoken;
}

/// A runtime whose one critical section takes a step of the specification.
template <Sync S, Fault fault, Tickets tickets = Tickets::Yes>
class Twin {
 public:
  explicit Twin(const Capacity& capacity) : state_(spec::initial(capacity.leaks)) {}

  Issued apply(const Action& action) {
    if constexpr (fault == Fault::ChecksThenInserts) {
      if (const auto* spawn = std::get_if<Spawn>(&action)) return spawn_in_two_steps(*spawn);
    }
    const bool swapped = fault == Fault::SwapsLocks && std::holds_alternative<Checkpoint>(action);
    typename S::Mutex& first = swapped ? inner_ : outer_;
    typename S::Mutex& second = swapped ? outer_ : inner_;
    Issued issued{action, {}, {}};
    {
      const ScopedLock outer{first};
      const ScopedLock inner{second};
      issued.answer = take(action, issued);
      draw(issued);
    }
    if constexpr (fault == Fault::LateTicket) {
      const ScopedLock outer{outer_};
      draw(issued);
    }
    return issued;
  }
  void snapshot(Snapshot& into) {
    const ScopedLock outer{outer_};
    const ScopedLock inner{inner_};
    peek(into);
  }
  void peek(Snapshot& into) const {
    into = snapshot_of(state_);
    into.pending_total += miscounted_;
  }

 private:
  void draw(Issued& issued) {
    if constexpr (tickets == Tickets::Yes) issued.ticket = tickets_.fetch_add(1);
  }

  Answer take(const Action& action, Issued& issued) {
    spec::Step step = spec::step(state_, action);
    const spec::State before = std::exchange(state_, std::move(step.after));
    issued.tells = true;
    issued.told = told_by({before, action, step.answer, state_});
    if constexpr (fault == Fault::ForgetsWakes) {
      auto& left = issued.told.effects;
      left.erase(std::remove_if(left.begin(), left.end(), is_wake), left.end());
    }
    if constexpr (fault == Fault::ForgetsUnlink) keep_listed(before, action);
    if constexpr (fault == Fault::KeepsNow) state_.now = before.now;
    if constexpr (fault == Fault::CountsPending) {
      if (std::holds_alternative<Commit>(action) && is_done(step.answer)) ++miscounted_;
    }
    if constexpr (fault == Fault::SaysChanged) {
      if (step.answer == done_with(Changed{false})) return done_with(Changed{true});
    }
    if constexpr (fault == Fault::Remembers) {
      static thread_local int calls = 0;  // workers have a count each
      if (++calls % 2 == 0) return refused(Guard::WithinLimit);
    }
    return step.answer;
  }

  void keep_listed(const spec::State& before, const Action& action) {
    const auto* returned = std::get_if<Return>(&action);
    if (returned == nullptr) return;
    const spec::Task* task = spec::find(before, returned->task);
    if (task == nullptr || !spec::is_live(*task)) return;
    spec::Region* owner = spec::find(state_, task->owner);
    if (owner != nullptr && spec::is_live(*owner)) owner->tasks.push_back(task->name);
  }

  Issued spawn_in_two_steps(const Spawn& spawn) {
    Issued issued{spawn, {}, {}};
    {
      const ScopedLock outer{outer_};
      issued.answer = spec::step(state_, spawn).answer;
      if (!is_done(issued.answer)) {
        draw(issued);
        return issued;
      }
    }
    const ScopedLock outer{outer_};
    spec::Region* region = spec::find(state_, spawn.region);
    const RegionPhase phase = std::exchange(region->phase, RegionPhase::Open);
    state_ = spec::step_unsettled(std::move(state_), spawn).after;
    spec::find(state_, spawn.region)->phase = phase;
    draw(issued);
    return issued;
  }

  typename S::Mutex outer_{LockInfo{1, "Outer"}};
  typename S::Mutex inner_{LockInfo{2, "Inner"}};
  spec::State state_;
  std::uint32_t miscounted_ = 0;
  typename S::template Diagnostic<std::uint64_t> tickets_{0};
};

template <Sync S>
using Good = Twin<S, Fault::None>;
template <Sync S>
using Ticketless = Twin<S, Fault::None, Tickets::No>;
template <Sync S>
using BadTicketless = Twin<S, Fault::ChecksThenInserts, Tickets::No>;

template <Fault fault>
Variant described(std::string_view name) {
  return describe<Twin<interleave::Explored, fault>, Twin<Native, fault>>(
      name, "a twin with a fault", Tickets::Yes);
}

}  // namespace

Variant good() {
  return describe<Good<interleave::Explored>, Good<Native>>(
      "good", "a step of the specification under a lock", Tickets::Yes);
}
Variant ticketless() {
  return describe<Ticketless<interleave::Explored>, Ticketless<Native>>(
      "ticketless", "the same without tickets", Tickets::No);
}
Variant bad_ticketless() {
  return describe<BadTicketless<interleave::Explored>, BadTicketless<Native>>(
      "bad_ticketless", "checks, then inserts", Tickets::No);
}

Variant bad(Fault fault) {
  switch (fault) {
    case Fault::None: return good();
    case Fault::ChecksThenInserts:
      return described<Fault::ChecksThenInserts>("checks_then_inserts");
    case Fault::ForgetsUnlink: return described<Fault::ForgetsUnlink>("forgets_unlink");
    case Fault::SaysChanged: return described<Fault::SaysChanged>("says_changed");
    case Fault::KeepsNow: return described<Fault::KeepsNow>("keeps_now");
    case Fault::LateTicket: return described<Fault::LateTicket>("late_ticket");
    case Fault::SwapsLocks: return described<Fault::SwapsLocks>("swaps_locks");
    case Fault::CountsPending: return described<Fault::CountsPending>("counts_pending");
    case Fault::ForgetsWakes: return described<Fault::ForgetsWakes>("forgets_wakes");
    case Fault::Remembers: return described<Fault::Remembers>("remembers");
  }
  return good();
}

Snapshot snapshot_of(const spec::State& state) {
  Snapshot snapshot;
  const auto list = [](const auto& names) { return std::vector(names.begin(), names.end()); };
  for (const spec::Region& r : state.regions) {
    snapshot.regions.push_back({r.name, r.parent, r.phase, r.policy, r.reason, r.outcome, r.budget,
                                r.limits, list(r.children), list(r.tasks), list(r.finalizers),
                                r.finalizing, r.pending_obligations});
  }
  for (const spec::Task& t : state.tasks) {
    snapshot.tasks.push_back({t.name, t.owner, t.phase, t.is_finalizer, t.mask_units, t.reason,
                              t.outcome, t.budget, list(t.waiters), t.joins_ready});
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

}  // namespace quiesce::refine::twins
