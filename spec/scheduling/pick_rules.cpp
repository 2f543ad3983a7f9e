// Picking: which entry a worker takes next.
#include <algorithm>
#include <limits>
#include <tuple>

#include "spec/scheduling/rules.hpp"

namespace quiesce::spec::scheduling {
namespace {

bool stands_in(const Entry& entry, WorkerNumber place, Lane lane) {
  return entry.place == place && entry.lane == lane;
}

/// Due entries of a timed lane in the order in which they are taken.        source  [D25]
bool is_earlier(const Entry& a, const Entry& b) {
  return std::tie(a.deadline_ticks, a.task.name) < std::tie(b.deadline_ticks, b.task.name);
}

/// What every pop asks of an entry: that the record of this very task means this very entry.
///                                            rule.sched.effective  source  facts §14.4, H1, §15.5
bool may_be_taken(const State& s, const Entry& entry) {
  return is_effective(s, entry);
}

std::optional<std::size_t> front(const State& s, WorkerNumber place, Lane lane) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < s.entries.size(); ++i) {
    const Entry& entry = s.entries[i];
    if (!stands_in(entry, place, lane) || !is_due(s, entry)) continue;
    if (lane != Lane::Timed) return i;
    if (!best || is_earlier(entry, s.entries[*best])) best = i;
  }
  return best;
}

/// What a worker finds in one lane, in its own queue and in the global one.
///   state    Cancel: global first, as it comes from outside. Ready: its own first. Timed: the
///            earlier of the two, for earliest deadline first would not hold otherwise
std::optional<std::size_t> look(State& s, WorkerNumber worker, Lane lane) {
  if (lane == Lane::Cancel) {
    const auto global = head(s, no_worker, lane);
    return global ? global : head(s, worker, lane);
  }
  const auto own = head(s, worker, lane);
  if (lane == Lane::Ready && own) return own;
  const auto global = head(s, no_worker, lane);  // stands behind the worker's own: `own` still is
  if (!own || !global) return own ? own : global;
  return is_earlier(s.entries[*global], s.entries[*own]) ? global : own;
}

Answer take(State& s, WorkerNumber worker, std::size_t at) {
  const Entry entry = s.entries[at];
  s.entries.erase(s.entries.begin() + static_cast<std::ptrdiff_t>(at));
  if (TaskRecord* const task = find(s, entry.task)) task->effective = no_generation;
  s.workers[worker].hand = Hand::Picked;
  s.workers[worker].task = entry.task;
  return Dispatched{entry};
}

bool may_be_stolen(const State& s, const Entry& entry) {
  const TaskRecord* const task = find(s, entry.task);
  return may_be_taken(s, entry) && task != nullptr && task->pinned_to == no_worker;
}

}  // namespace

///   state    lazy deletion: stale entries are thrown away as they come to the front
///   keeps    inv.sched.effective_only                  rule.sched.head  source  facts §14.4, H1
std::optional<std::size_t> head(State& s, WorkerNumber place, Lane lane) {
  while (const auto at = front(s, place, lane)) {
    if (may_be_taken(s, s.entries[*at])) return at;
    s.entries.erase(s.entries.begin() + static_cast<std::ptrdiff_t>(*at));
  }
  return std::nullopt;
}

/// L, or 2L while draining; an L of 0 counts as 1.
///                                         rule.sched.limit  source  facts §14.2; decision 5
std::uint8_t effective_limit(std::uint8_t limit, bool draining) {
  const unsigned wanted = (draining ? 2U : 1U) * std::max<unsigned>(1, limit);
  return static_cast<std::uint8_t>(
      std::min(wanted, unsigned{std::numeric_limits<std::uint8_t>::max()}));
}

///                                                     rule.sched.pick  source  facts §14.2
Pick begin_pick(std::uint8_t streak, std::uint8_t limit) {
  const bool yields = streak >= limit;
  return {yields ? Stage::Timed : Stage::Cancel, streak, yields};
}

///   state    the streak counts cancel dispatches; other work and idleness end it; a cancel that is
///            taken because there was no other work begins a new one        rule.sched.probe
///   keeps    inv.sched.fair, inv.sched.lane_priority          source  facts §14.2
Probed probe(Pick pick, bool found) {
  const auto over = [&](unsigned streak) {
    return Probed{{Stage::Over, static_cast<std::uint8_t>(streak), pick.yields}, found};
  };
  const auto on_to = [&](Stage stage) { return Probed{{stage, pick.streak, pick.yields}, false}; };
  switch (pick.stage) {
    case Stage::Cancel: return found ? over(pick.streak + 1U) : on_to(Stage::Timed);
    case Stage::Timed: return found ? over(0) : on_to(Stage::Ready);
    case Stage::Ready:
      if (found) return over(0);
      return pick.yields ? on_to(Stage::Fallback) : over(0);
    case Stage::Fallback: return over(found ? 1 : 0);
    case Stage::Over: break;
  }
  return {pick, false};
}

Lane lane_of(Stage stage) {
  if (stage == Stage::Timed) return Lane::Timed;
  return stage == Stage::Ready ? Lane::Ready : Lane::Cancel;
}

/// Dispatch: one pick, from its first look to its last.                     rule.sched.dispatch
///   state    an entry goes from its queue into the worker's hand; the streak
///            Atomic here: an entry that comes during a pick counts as coming after it. The looks
///            themselves are taken one by one in spec/scheduling/fairness.
///   refuses  WorkerExists, HandEmpty                        source  facts §14.2
Answer dispatch(State& s, const Dispatch& a) {
  if (a.worker >= s.workers.size()) return Refused{Guard::WorkerExists};
  Worker& worker = s.workers[a.worker];
  if (worker.hand != Hand::Empty) return Refused{Guard::HandEmpty};

  Pick pick = begin_pick(worker.streak, effective_limit(s.limit, s.draining));
  while (pick.stage != Stage::Over) {
    const auto found = look(s, a.worker, lane_of(pick.stage));
    const Probed probed = probe(pick, found.has_value());
    pick = probed.after;
    worker.streak = pick.streak;
    if (probed.takes) return take(s, a.worker, *found);
  }
  return LookedInVain{};
}

/// Steal: a worker without work of its own takes the oldest ready entry of another that is not
/// pinned; pinned ones are passed over where they stand.                    rule.sched.steal
///   state    like a dispatch from the ready lane
///   refuses  WorkerExists, HandEmpty, VictimIsOther, NothingOfItsOwn, VictimHasReadyWork
///   keeps    inv.sched.no_local_steal                       source  facts §14.6
Answer steal(State& s, const Steal& a) {
  if (a.worker >= s.workers.size() || a.victim >= s.workers.size()) {
    return Refused{Guard::WorkerExists};
  }
  Worker& thief = s.workers[a.worker];
  if (thief.hand != Hand::Empty) return Refused{Guard::HandEmpty};
  if (a.worker == a.victim) return Refused{Guard::VictimIsOther};
  const bool yields = begin_pick(thief.streak, effective_limit(s.limit, s.draining)).yields;
  const bool has_own = std::any_of(s.entries.begin(), s.entries.end(), [&](const Entry& entry) {
    return (entry.place == a.worker || entry.place == no_worker) && is_effective(s, entry) &&
           is_due(s, entry) && !(yields && entry.lane == Lane::Cancel);
  });
  if (has_own) return Refused{Guard::NothingOfItsOwn};
  const auto found = std::find_if(s.entries.begin(), s.entries.end(), [&](const Entry& entry) {
    return stands_in(entry, a.victim, Lane::Ready) && may_be_stolen(s, entry);
  });
  if (found == s.entries.end()) return Refused{Guard::VictimHasReadyWork};

  thief.streak = 0;
  return take(s, a.worker, static_cast<std::size_t>(found - s.entries.begin()));
}

}  // namespace quiesce::spec::scheduling
