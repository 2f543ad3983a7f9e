#include "spec/scheduling/fairness.hpp"

#include <algorithm>

#include "spec/vocabulary/action.hpp"

namespace quiesce::spec::scheduling::fairness {
namespace {

bool& work_of(State& s, Lane lane) {
  return s.has_work[static_cast<std::size_t>(lane)];
}
bool has(const State& s, Lane lane) {
  return s.has_work[static_cast<std::size_t>(lane)];
}

bool change_work(State& s, Lane lane, bool has_work) {
  if (work_of(s, lane) == has_work) return false;
  work_of(s, lane) = has_work;
  return true;
}

bool begin(State& s) {
  if (s.pick.stage != Stage::Over) return false;
  s.pick_drains = s.draining;
  s.pick = begin_pick(s.pick.streak, effective_limit(s.limit, s.draining));
  return true;
}

/// One look; other steps may come between this one and the next.            rule.sched.look
bool look(State& s, bool more, Taken& taken) {
  if (s.pick.stage == Stage::Over) return false;
  const Lane lane = lane_of(s.pick.stage);
  if (more && !has(s, lane)) return false;
  const Probed probed = probe(s.pick, has(s, lane));
  s.pick = probed.after;
  if (probed.takes) {
    taken = lane;
    work_of(s, lane) = more;
  }
  return true;
}

void count(std::uint8_t& counter) {
  if (counter < 0xFF) ++counter;
}
unsigned limit_of_pick(const State& s) {
  return (s.pick_drains ? 2U : 1U) * s.limit;
}

/// Whoever has no work waits for nothing.
void forget(History& history, const State& after) {
  if (!has(after, Lane::Timed)) history.waited[0] = 0;
  if (!has(after, Lane::Ready)) history.waited[1] = history.ready_passed = 0;
  if (!has(after, Lane::Cancel)) {
    history.cancel_waited = 0;
    history.cancel_since_begin = false;
  }
}

void observe_taken(History& history, const State& before, Lane lane) {
  if (lane == Lane::Cancel) {
    if (has(before, Lane::Timed)) count(history.waited[0]);
    if (has(before, Lane::Ready)) count(history.waited[1]);
    history.cancel_waited = 0;
    if (history.in_a_row >= limit_of_pick(before)) history.in_a_row = 0;
    count(history.in_a_row);
    return;
  }
  history.waited = {};
  history.in_a_row = 0;
  if (has(before, Lane::Cancel)) count(history.cancel_waited);
  if (lane == Lane::Ready) history.ready_passed = 0;
  if (lane == Lane::Timed && has(before, Lane::Ready) &&
      history.ready_passed <= 2U * before.limit + 1) {
    ++history.ready_passed;
  }
}

// inv.sched.fair
Violation fair(const Transition& t) {
  if (t.taken != Lane::Cancel) return std::nullopt;
  const unsigned waited = std::max(t.history_after.waited[0], t.history_after.waited[1]);
  if (waited <= limit_of_pick(t.before)) return std::nullopt;
  return std::to_string(waited) + " cancel dispatches came first, the limit is " +
         std::to_string(limit_of_pick(t.before));
}

// inv.sched.cancel_prompt
Violation cancel_prompt(const Transition& t) {
  if (t.history_after.cancel_waited <= 1) return std::nullopt;
  return std::to_string(t.history_after.cancel_waited) +
         " other dispatches came while cancel work was there";
}

// inv.sched.lane_priority, where the looks come one by one
Violation yields_when_up_only(const Transition& t) {
  if (!t.taken || *t.taken == Lane::Cancel || !t.history.cancel_since_begin) return std::nullopt;
  if (t.history.in_a_row >= limit_of_pick(t.before)) return std::nullopt;
  return "other work was taken after " + std::to_string(t.history.in_a_row) +
         " cancel dispatches, although cancel work was there";
}

constexpr std::array<StepProperty, 3> properties{{
    {"inv.sched.fair", "I36",
     "other work that stays there is dispatched after at most L cancel dispatches, 2L while "
     "draining",
     fair},
    {"inv.sched.cancel_prompt", "I35",
     "cancel work that stays there is dispatched after at most one other dispatch", cancel_prompt},
    {"inv.sched.lane_priority", "I35",
     "other work goes before cancel work that is there only when the streak is up",
     yields_when_up_only},
}};

bool taken_after(const Transition& t, bool draining, std::size_t lane) {
  return t.taken == Lane::Cancel && t.before.pick_drains == draining &&
         t.history_after.waited[lane] == limit_of_pick(t.before);
}
bool other_waits_exactly_limit(const Transition& t) {
  return taken_after(t, false, 0) && taken_after(t, false, 1);
}
bool other_waits_exactly_twice_the_limit(const Transition& t) {
  return taken_after(t, true, 0) && taken_after(t, true, 1);
}
bool other_goes_next(const Transition& t) {
  return t.taken && *t.taken != Lane::Cancel &&
         std::max(t.history.waited[0], t.history.waited[1]) == limit_of_pick(t.before);
}
bool cancel_waits_for_one(const Transition& t) {
  return t.history_after.cancel_waited == 1;
}
bool appears_behind_the_look(const Transition& t) {
  return t.before.pick.stage == Stage::Fallback && t.taken == Lane::Cancel &&
         has(t.before, Lane::Ready);
}
bool timed_flood(const Transition& t) {
  return t.history_after.ready_passed > 2U * t.before.limit + 1;
}

constexpr std::array<Case, 6> worth_reaching{{
    {"fair.exact", "L cancel dispatches come before other work: the bound is tight",
     other_waits_exactly_limit},
    {"fair.exact_draining", "while draining 2L come before it: tight, too",
     other_waits_exactly_twice_the_limit},
    {"fair.then_other", "dispatch number limit + 1 is the other work", other_goes_next},
    {"fair.cancel_waits_for_one", "cancel work waits for one other dispatch: tight",
     cancel_waits_for_one},
    {"fair.behind_the_look", "ready work appears behind the look, and a cancel is taken",
     appears_behind_the_look},
    {"fair.timed_flood", "ready work waits longer than any limit while timed work is endless (H9)",
     timed_flood},
}};

}  // namespace

bool apply(State& s, const Action& action, Taken& taken) {
  taken.reset();
  return std::visit(overloaded{
                        [&](const Appear& a) { return change_work(s, a.lane, true); },
                        [&](const Vanish& a) { return change_work(s, a.lane, false); },
                        [&](const Drain& a) {
                          const bool changes = s.draining != a.draining;
                          s.draining = a.draining;
                          return changes;
                        },
                        [&](const Begin&) { return begin(s); },
                        [&](const Look& a) { return look(s, a.more, taken); },
                    },
                    action);
}

void observe(History& history, const State& before, const Action& action, const Taken& taken,
             const State& after) {
  if (taken) observe_taken(history, before, *taken);
  if (std::holds_alternative<Begin>(action)) history.cancel_since_begin = has(after, Lane::Cancel);
  const bool looked = std::holds_alternative<Look>(action);
  if (looked && after.pick.stage == Stage::Over) {
    history.cancel_since_begin = false;
    if (!taken) history.in_a_row = 0;
  }
  forget(history, after);
}

std::span<const StepProperty> step_properties() {
  return properties;
}
std::span<const Case> cases() {
  return worth_reaching;
}

std::string_view action_verb(std::size_t index) {
  static constexpr std::array<std::string_view, 5> verbs{"appear", "vanish", "drain", "begin",
                                                         "look"};
  return verbs[index];
}

std::string to_text(const Action& action) {
  const std::string arguments = std::visit(
      overloaded{
          [](const Appear& a) { return "(" + std::string(scheduling::to_text(a.lane)) + ")"; },
          [](const Vanish& a) { return "(" + std::string(scheduling::to_text(a.lane)) + ")"; },
          [](const Drain& a) { return std::string(a.draining ? "(true)" : "(false)"); },
          [](const Begin&) { return std::string(); },
          [](const Look& a) { return std::string(a.more ? "(more)" : ""); },
      },
      action);
  return std::string(action_verb(action.index())) + arguments;
}

std::string to_text(const State& s) {
  static constexpr std::array<std::string_view, 5> stages{"Cancel", "Timed", "Ready", "Fallback",
                                                          "Over"};
  std::string text = "work:";
  for (const Lane lane : {Lane::Cancel, Lane::Timed, Lane::Ready}) {
    if (has(s, lane)) text += " " + std::string(scheduling::to_text(lane));
  }
  text += ", streak " + std::to_string(s.pick.streak) + ", next look " +
          std::string(stages[static_cast<std::size_t>(s.pick.stage)]);
  if (s.pick.yields) text += ", yields";
  return s.draining ? text + ", draining" : text;
}

}  // namespace quiesce::spec::scheduling::fairness
