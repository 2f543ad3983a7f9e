#include "spec/scheduling/step.hpp"

#include <algorithm>
#include <array>

#include "spec/scheduling/rules.hpp"
#include "spec/vocabulary/action.hpp"

namespace quiesce::spec::scheduling {
namespace {

// The first rows stand in the order of the actions.
constexpr std::array<RuleRow, 41> table{{
    {"rule.sched.spawn", "a task enters a free slot, notified, with its future and its entry",
     "facts §15 rules 2, 8"},
    {"rule.sched.wake", "a waker notifies; if that said so, its thread owes an entry",
     "facts §15 rules 1, 5, §17"},
    {"rule.sched.request_cancel", "the cancel flag is set; the thread owes an injection",
     "facts §17"},
    {"rule.sched.push", "a thread pushes the entry, or injects the cancel, that it owes",
     "facts §14.4, §15 rule 1"},
    {"rule.sched.inject_ready", "notify and a ready entry at once; a timed one is promoted",
     "facts §14.4, §15 rules 1, 2"},
    {"rule.sched.inject_timed", "notify and an entry with a deadline at once",
     "facts §15 rules 1, 2"},
    {"rule.sched.advance_time", "the clock goes forwards", "semantics, Domains"},
    {"rule.sched.set_draining", "the streak's limit doubles, or no longer", "facts §14.2"},
    {"rule.sched.dispatch", "one pick by one worker, into its hand", "facts §14.2"},
    {"rule.sched.steal", "a worker without work takes another's oldest ready entry", "facts §14.6"},
    {"rule.sched.begin_poll", "the future is taken and wake_state says Polling, at once",
     "facts §15 rule 3, H11"},
    {"rule.sched.pend", "the future is stored back", "facts §15 rule 4"},
    {"rule.sched.finish_poll", "Polling becomes Idle; Notified is owed an entry", "facts §15"},
    {"rule.sched.requeue", "the entry that finish_poll asked for", "facts §15 rules 4, 6"},
    {"rule.sched.complete", "the record is retired, its slot free", "facts §15 rule 5"},
    {"rule.sched.clear", "the completed task's wake_state says Idle", "facts §15 rule 5"},
    {"rule.sched.step", "one step, or a refusal that changes nothing", "semantics, Scheduling"},
    {"rule.sched.notify", "any state becomes Notified; true if it was Idle", "facts §15"},
    {"rule.sched.enqueue", "an entry in the lane of the flag, unless one as good is there",
     "facts §14.4, §14.7"},
    {"rule.sched.link", "a new entry, from now on the task's effective one", "semantics; H1"},
    {"rule.sched.effective", "an entry may be taken if its task's record means this very one",
     "facts §14.4, §15 rule 5, H1"},
    {"rule.sched.head", "the first effective due entry; stale ones before it are thrown away",
     "facts §14.3, §14.4, [D25]"},
    {"rule.sched.limit", "L cancel dispatches in a row, 2L while draining; L is at least 1",
     "facts §14.2; decision 5"},
    {"rule.sched.pick", "a pick begins with the cancel lane unless the streak is up",
     "facts §14.2"},
    {"rule.sched.probe", "one look at one lane, and what it does to the streak", "facts §14.2"},
    {"rule.sched.look", "one look of a pick, with everyone else's steps between two of them",
     "facts §14.2"},
    {"rule.park.look", "the flag, its own queue, the timers, then a credit of the global queue",
     "facts §14.5, §16"},
    {"rule.park.dequeue", "the entry of a credit; one that fails gives the credit back",
     "facts §14.5"},
    {"rule.park.hand_on", "who takes its own work while the global queue has some wakes another",
     "a counterexample; decision 5"},
    {"rule.park.finish_work", "the poll returned", "facts §16"},
    {"rule.park.announce", "waiting, for every publisher to see", "facts §16"},
    {"rule.park.recheck", "all queues, the timers and the flag once more", "facts §16; decision 5"},
    {"rule.park.sleep", "a permit is used, or the worker sleeps", "facts §16"},
    {"rule.park.wake_up", "the permit of a sleeper is used", "facts §16"},
    {"rule.park.time_out", "a timed sleep ends in a look at everything", "facts §16"},
    {"rule.park.bring", "the hint of the global queue; all else is there at once",
     "facts §14.5, §17"},
    {"rule.park.enqueue", "the entry stands in the queue", "facts §14.5"},
    {"rule.park.publish", "the credit, after the entry", "facts §14.5"},
    {"rule.park.unpark", "the scan's next parker is given a permit if it waits and has none",
     "facts §16, §17"},
    {"rule.park.tick", "the clock passes the timer", "facts §16"},
    {"rule.park.step", "one step, or nothing", "facts §16"},
}};
static_assert(table.size() > action_count);

}  // namespace

///                                                                            rule.sched.step
Answer apply(State& state, const Action& action) {
  return std::visit(overloaded{
                        [&](const Spawn& a) { return spawn(state, a); },
                        [&](const Wake& a) { return wake(state, a); },
                        [&](const RequestCancel& a) { return request_cancel(state, a); },
                        [&](const Push& a) { return push(state, a); },
                        [&](const InjectReady& a) { return inject_ready(state, a); },
                        [&](const InjectTimed& a) { return inject_timed(state, a); },
                        [&](const AdvanceTime& a) { return advance_time(state, a); },
                        [&](const SetDraining& a) { return set_draining(state, a); },
                        [&](const Dispatch& a) { return dispatch(state, a); },
                        [&](const Steal& a) { return steal(state, a); },
                        [&](const BeginPoll& a) { return begin_poll(state, a); },
                        [&](const Pend& a) { return pend(state, a); },
                        [&](const FinishPoll& a) { return finish_poll(state, a); },
                        [&](const Requeue& a) { return requeue(state, a); },
                        [&](const Complete& a) { return complete(state, a); },
                        [&](const Clear& a) { return clear(state, a); },
                    },
                    action);
}

std::span<const RuleRow> rules() {
  return table;
}

std::string_view rule_id(const Action& action) {
  return table[action.index()].id;
}

State initial(const Sizes& sizes) {
  State s;
  s.limit = sizes.limit;
  s.slots.resize(sizes.slots);
  s.workers.resize(sizes.workers);
  s.wakers.resize(sizes.wakers);
  return s;
}

}  // namespace quiesce::spec::scheduling
