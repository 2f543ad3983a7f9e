// What is true of every step of the scheduler, and the cases that are worth reaching. The sentences
// about a pick are written over what stood in the queues, not over how the rule looks for it.
#include <algorithm>
#include <tuple>

#include "spec/scheduling/invariants.hpp"

namespace quiesce::spec::scheduling {
namespace {

/// What was taken, by whom; nothing for other steps.
struct Taken {
  WorkerNumber worker = no_worker;
  WorkerNumber victim = no_worker;  ///< none: it was a dispatch
  const Entry* entry = nullptr;     ///< null: it looked in vain
};
std::optional<Taken> taken(const Transition& t) {
  const auto* dispatched = std::get_if<Dispatched>(&t.answer);
  const Entry* const entry = dispatched == nullptr ? nullptr : &dispatched->entry;
  if (const auto* a = std::get_if<Dispatch>(&t.action)) return Taken{a->worker, no_worker, entry};
  if (const auto* a = std::get_if<Steal>(&t.action)) return Taken{a->worker, a->victim, entry};
  return std::nullopt;
}

bool is_visible(const State& s, WorkerNumber worker, const Entry& entry) {
  return (entry.place == worker || entry.place == no_worker) && is_effective(s, entry) &&
         is_due(s, entry);
}
bool has_visible(const State& s, WorkerNumber worker, Lane lane) {
  return std::any_of(s.entries.begin(), s.entries.end(), [&](const Entry& entry) {
    return entry.lane == lane && is_visible(s, worker, entry);
  });
}
bool streak_is_up(const Transition& t, WorkerNumber worker) {
  return t.history.cancels_in_a_row[worker] >= (t.before.draining ? 2 : 1) * t.before.limit;
}
std::string worker_took(const Transition& t, const Taken& took) {
  return "worker w" + std::to_string(took.worker) + " took " + to_text(t.before, *took.entry);
}

// inv.sched.lane_priority
Violation lane_priority(const Transition& t) {
  const auto took = taken(t);
  if (!took || took->entry == nullptr) return std::nullopt;
  const auto visible = [&](Lane lane) { return has_visible(t.before, took->worker, lane); };
  const bool up = streak_is_up(t, took->worker);
  const Lane lane = took->entry->lane;
  if (lane == Lane::Cancel) {
    if (!up || (!visible(Lane::Timed) && !visible(Lane::Ready))) return std::nullopt;
    return worker_took(t, *took) + " although its streak was up and other work was due";
  }
  if (visible(Lane::Cancel) && !up)
    return worker_took(t, *took) + " although cancel work was there and its streak not up";
  if (lane == Lane::Ready && visible(Lane::Timed))
    return worker_took(t, *took) + " although timed work was due";
  if (took->victim != no_worker && visible(Lane::Ready))
    return worker_took(t, *took) + " although it had ready work of its own";
  return std::nullopt;
}
bool chose_among_lanes(const Transition& t) {
  const auto took = taken(t);
  return took && has_visible(t.before, took->worker, Lane::Cancel) &&
         has_visible(t.before, took->worker, Lane::Ready);
}

// inv.sched.never_early
Violation never_early(const Transition& t) {
  const auto took = taken(t);
  if (!took || took->entry == nullptr) return std::nullopt;
  const auto meant =
      std::find_if(t.before.entries.begin(), t.before.entries.end(), [&](const Entry& entry) {
        return entry.task == took->entry->task && is_effective(t.before, entry);
      });
  if (meant == t.before.entries.end() || is_due(t.before, *meant)) return std::nullopt;
  return worker_took(t, *took) + " at " + std::to_string(t.before.now) +
         ", and its task waits for " + std::to_string(meant->deadline_ticks);
}
bool one_waits_for_its_time(const Transition& t) {
  const auto took = taken(t);
  if (!took) return false;
  return std::any_of(t.before.entries.begin(), t.before.entries.end(), [&](const Entry& entry) {
    return is_effective(t.before, entry) && !is_due(t.before, entry);
  });
}

// inv.sched.edf
Violation earliest_deadline_first(const Transition& t) {
  const auto took = taken(t);
  if (!took || took->entry == nullptr || took->entry->lane != Lane::Timed) return std::nullopt;
  const auto order = [](const Entry& entry) {
    return std::tuple(entry.deadline_ticks, entry.task.name);
  };
  for (const Entry& entry : t.before.entries) {
    if (entry.lane != Lane::Timed || !is_visible(t.before, took->worker, entry)) continue;
    if (order(entry) < order(*took->entry))
      return worker_took(t, *took) + " although " + to_text(t.before, entry) + " is earlier";
  }
  return std::nullopt;
}
bool several_are_due(const Transition& t) {
  const auto took = taken(t);
  if (!took || took->entry == nullptr || took->entry->lane != Lane::Timed) return false;
  return std::count_if(t.before.entries.begin(), t.before.entries.end(), [&](const Entry& entry) {
           return entry.lane == Lane::Timed && is_visible(t.before, took->worker, entry);
         }) > 1;
}

// inv.sched.effective_only
Violation effective_only(const Transition& t) {
  const auto took = taken(t);
  if (!took || took->entry == nullptr || is_effective(t.before, *took->entry)) return std::nullopt;
  return worker_took(t, *took) + ", which was stale";
}
bool stale_thrown_away(const Transition& t) {
  const auto took = taken(t);
  return took &&
         t.after.entries.size() + (took->entry == nullptr ? 0 : 1) < t.before.entries.size();
}

// inv.sched.stale_stays_stale
Violation stale_stays_stale(const Transition& t) {
  for (const Entry& entry : t.before.entries) {
    if (is_effective(t.before, entry) || !is_effective(t.after, entry)) continue;
    if (std::find(t.after.entries.begin(), t.after.entries.end(), entry) == t.after.entries.end())
      continue;
    return to_text(t.before, entry) + " is effective again";
  }
  return std::nullopt;
}
bool entry_beside_a_stale_one(const Transition& t) {
  return t.after.entries.size() > t.before.entries.size() &&
         std::any_of(t.before.entries.begin(), t.before.entries.end(), [&](const Entry& entry) {
           return !is_effective(t.before, entry) && entry.task == t.after.entries.back().task;
         });
}

// inv.sched.fifo
Violation fifo(const Transition& t) {
  const auto took = taken(t);
  if (!took || took->entry == nullptr || took->entry->lane == Lane::Timed) return std::nullopt;
  for (const Entry& entry : t.before.entries) {
    if (entry == *took->entry) break;
    if (entry.place != took->entry->place || entry.lane != took->entry->lane) continue;
    const TaskRecord* const task = find(t.before, entry.task);
    const bool passed_over =
        took->victim != no_worker && task != nullptr && task->pinned_to != no_worker;
    if (is_effective(t.before, entry) && !passed_over)
      return worker_took(t, *took) + " although " + to_text(t.before, entry) + " is older";
  }
  return std::nullopt;
}
bool several_in_the_queue(const Transition& t) {
  const auto took = taken(t);
  if (!took || took->entry == nullptr || took->entry->lane == Lane::Timed) return false;
  return std::count_if(t.before.entries.begin(), t.before.entries.end(), [&](const Entry& entry) {
           return entry.place == took->entry->place && entry.lane == took->entry->lane &&
                  is_effective(t.before, entry);
         }) > 1;
}

// inv.sched.steals_ready_work
Violation steals_ready_work(const Transition& t) {
  const auto took = taken(t);
  if (!took || took->victim == no_worker || took->entry == nullptr) return std::nullopt;
  if (took->entry->lane == Lane::Ready && took->entry->place == took->victim) return std::nullopt;
  return worker_took(t, *took) + " by stealing";
}
bool stole(const Transition& t) {
  const auto took = taken(t);
  return took && took->victim != no_worker;
}

// inv.sched.work_conserving
Violation work_conserving(const Transition& t) {
  const auto took = taken(t);
  if (!took || took->entry != nullptr) return std::nullopt;
  for (const Entry& entry : t.before.entries) {
    if (is_visible(t.before, took->worker, entry))
      return "worker w" + std::to_string(took->worker) + " looked in vain although there was " +
             to_text(t.before, entry);
  }
  return std::nullopt;
}
bool looked_in_vain(const Transition& t) {
  const auto took = taken(t);
  return took && took->entry == nullptr;
}

/// Who was idle and is not cancelled waits in the timed lane, whether or not the time has come.
Violation waits_as_asked(const Transition& t, const InjectTimed& inject) {
  const TaskRecord* const was = find(t.before, inject.task);
  if (was == nullptr || was->wake != WakeState::Idle || was->cancelling ||
      was->effective != no_generation)
    return std::nullopt;
  const auto as_asked = [&](const Entry& entry) {
    return entry.task == inject.task && is_effective(t.after, entry) && entry.lane == Lane::Timed &&
           entry.deadline_ticks == inject.deadline_ticks;
  };
  if (std::any_of(t.after.entries.begin(), t.after.entries.end(), as_asked)) return std::nullopt;
  return to_text(inject.task) + " does not wait for " + std::to_string(inject.deadline_ticks);
}

// inv.sched.deadline_kept
Violation deadline_kept(const Transition& t) {
  const auto* inject = std::get_if<InjectTimed>(&t.action);
  for (const Entry& entry : t.after.entries) {
    if (entry.lane != Lane::Timed) continue;
    const auto& old = t.before.entries;
    if (std::find(old.begin(), old.end(), entry) != old.end()) continue;
    if (inject != nullptr && inject->task == entry.task &&
        inject->deadline_ticks == entry.deadline_ticks)
      continue;
    return to_text(t.after, entry) + " was not asked for";
  }
  return inject == nullptr ? std::nullopt : waits_as_asked(t, *inject);
}
bool entered_timed(const Transition& t) {
  return std::holds_alternative<InjectTimed>(t.action) &&
         t.after.entries.size() > t.before.entries.size();
}

// inv.sched.record_kept
Violation record_kept(const Transition& t) {
  const auto* spawn = std::get_if<Spawn>(&t.action);
  const auto* cancel = std::get_if<RequestCancel>(&t.action);
  for (std::size_t slot = 0; slot < t.after.slots.size(); ++slot) {
    const TaskRecord& before = t.before.slots[slot];
    const TaskRecord& after = t.after.slots[slot];
    if (after.name.is_none()) continue;
    const std::string task = "task " + quiesce::to_text(after.name);
    const bool is_new = before.name != after.name;
    if (is_new && (spawn == nullptr || spawn->task.name != after.name))
      return task + " was not spawned";
    const WorkerNumber pinned_to = is_new ? spawn->pinned_to : before.pinned_to;
    if (after.pinned_to != pinned_to) return task + " is pinned where it was not spawned";
    const bool asked = cancel != nullptr && cancel->task.name == after.name;
    if (after.cancelling != (asked || (!is_new && before.cancelling)))
      return task + (after.cancelling ? " is" : " is no longer") + " cancelling, unasked";
  }
  return std::nullopt;
}
bool polls_a_cancelled_task(const Transition& t) {
  const auto* begin = std::get_if<BeginPoll>(&t.action);
  if (begin == nullptr || t.after.workers[begin->worker].hand != Hand::Polling) return false;
  return find(t.after, t.after.workers[begin->worker].task)->cancelling;
}

// inv.sched.queue_order
Violation queue_order(const Transition& t) {
  const auto took = taken(t);
  if (!took || took->entry == nullptr || took->victim != no_worker) return std::nullopt;
  const Lane lane = took->entry->lane;
  const WorkerNumber first = lane == Lane::Cancel ? no_worker : took->worker;
  if (lane == Lane::Timed || took->entry->place == first) return std::nullopt;
  for (const Entry& entry : t.before.entries) {
    if (entry.place == first && entry.lane == lane && is_effective(t.before, entry))
      return worker_took(t, *took) + " although " + to_text(t.before, entry) + " goes first";
  }
  return std::nullopt;
}
bool chose_between_queues(const Transition& t) {
  const auto took = taken(t);
  if (!took || took->entry == nullptr || took->victim != no_worker) return false;
  return std::any_of(t.before.entries.begin(), t.before.entries.end(), [&](const Entry& entry) {
    return entry.lane == took->entry->lane && entry.place != took->entry->place &&
           entry.lane != Lane::Timed && is_visible(t.before, took->worker, entry);
  });
}

bool is_new(const Transition& t, const Entry& entry) {
  const auto& old = t.before.entries;
  return std::find(old.begin(), old.end(), entry) == old.end();
}

// inv.sched.placed
Violation placed(const Transition& t) {
  WorkerNumber asked = no_worker;
  if (const auto* spawn = std::get_if<Spawn>(&t.action)) asked = spawn->place;
  if (const auto* requeue = std::get_if<Requeue>(&t.action)) asked = requeue->worker;
  for (const Entry& entry : t.after.entries) {
    if (!is_new(t, entry)) continue;
    const TaskRecord* const task = find(t.after, entry.task);
    const bool pinned = task != nullptr && task->pinned_to != no_worker;
    if (entry.place != (pinned ? task->pinned_to : asked))
      return to_text(t.after, entry) + " stands in another queue than it was pushed into";
  }
  return std::nullopt;
}
bool enters_a_workers_queue(const Transition& t) {
  return std::any_of(t.after.entries.begin(), t.after.entries.end(), [&](const Entry& entry) {
    return entry.place != no_worker && is_new(t, entry);
  });
}

// inv.sched.ready_at_once
Violation ready_at_once(const Transition& t) {
  const auto* inject = std::get_if<InjectReady>(&t.action);
  if (inject == nullptr) return std::nullopt;
  for (const Entry& entry : t.after.entries) {
    if (entry.task == inject->task && entry.lane == Lane::Timed && is_effective(t.after, entry))
      return to_text(inject->task) + " still waits for " + std::to_string(entry.deadline_ticks);
  }
  return std::nullopt;
}
bool ready_wake_promotes_a_timed_task(const Transition& t) {
  const auto* inject = std::get_if<InjectReady>(&t.action);
  if (inject == nullptr) return false;
  return std::any_of(t.before.entries.begin(), t.before.entries.end(), [&](const Entry& entry) {
    return entry.task == inject->task && entry.lane == Lane::Timed && is_effective(t.before, entry);
  });
}

/// What a worker has in hand after its step.
Worker next_in_hand(const Transition& t, Worker worker, const Worker& is) {
  const auto* dispatched = std::get_if<Dispatched>(&t.answer);
  if (std::holds_alternative<BeginPoll>(t.action)) {
    worker.hand = std::holds_alternative<Dropped>(t.answer) ? Hand::Empty : Hand::Polling;
  } else if (std::holds_alternative<Pend>(t.action)) {
    worker.hand = Hand::StoredBack;
  } else if (std::holds_alternative<FinishPoll>(t.action)) {
    worker.hand = is.hand == Hand::OwesEntry ? Hand::OwesEntry : Hand::Empty;
  } else if (std::holds_alternative<Complete>(t.action)) {
    worker.hand = Hand::OwesClear;
  } else {
    worker.hand = dispatched == nullptr ? Hand::Empty : Hand::Picked;
  }
  if (dispatched != nullptr) worker.task = dispatched->entry.task;
  if (worker.hand == Hand::Empty) worker.task = TaskRef{};
  worker.streak = is.streak;  // other sentences speak of it
  return worker;
}

/// What a thread owes after its step; a notify that says false owes nothing.
Waker next_owed(const Transition& t, const Waker& is) {
  if (const auto* wake = std::get_if<Wake>(&t.action))
    return is.owes == Owes::Nothing ? Waker{} : Waker{Owes::WakeEntry, wake->task};
  if (const auto* cancel = std::get_if<RequestCancel>(&t.action))
    return Waker{Owes::Injection, cancel->task};
  return Waker{};
}

// inv.sched.takes_turns
Violation takes_turns(const Transition& t) {
  std::size_t worker = t.after.workers.size();
  std::size_t waker = t.after.wakers.size();
  std::visit(
      [&](const auto& a) {
        if constexpr (requires { a.worker; }) worker = a.worker;
        if constexpr (requires { a.waker; }) waker = a.waker;
      },
      t.action);
  for (std::size_t i = 0; i < t.after.workers.size(); ++i) {
    const Worker& was = t.before.workers[i];
    const Worker& is = t.after.workers[i];
    if (is == (i == worker ? next_in_hand(t, was, is) : was)) continue;
    return "worker w" + std::to_string(i) + " goes from " + std::string(to_text(was.hand)) +
           " to " + std::string(to_text(is.hand));
  }
  for (std::size_t i = 0; i < t.after.wakers.size(); ++i) {
    const Waker& is = t.after.wakers[i];
    if (is == (i == waker ? next_owed(t, is) : t.before.wakers[i])) continue;
    return "thread a" + std::to_string(i) + " owes " +
           (is.owes == Owes::Nothing ? "nothing" : "something") + " after another's step, or still";
  }
  return std::nullopt;
}
bool ends_a_turn_for_nobody(const Transition& t) {
  const auto* push = std::get_if<Push>(&t.action);
  return push != nullptr && find(t.before, t.before.wakers[push->waker].task) == nullptr;
}

constexpr std::array<StepProperty, 14> properties{{
    {"inv.sched.lane_priority", "I35",
     "a worker takes cancel before timed before ready work, unless its streak is up: then cancel "
     "work comes last",
     lane_priority, chose_among_lanes, "a worker picks while cancel and ready work are there"},
    {"inv.sched.never_early", "I37", "no task is dispatched while it waits for a later time",
     never_early, one_waits_for_its_time, "a worker picks while a deadline is in the future"},
    {"inv.sched.edf", "I37",
     "timed work is dispatched earliest deadline first, ties by Name, over all queues it sees",
     earliest_deadline_first, several_are_due, "several timed tasks are due"},
    {"inv.sched.deadline_kept", "I37",
     "who is injected with a deadline waits in the timed lane for that one, past or not",
     deadline_kept, entered_timed, "a task enters the timed lane"},
    {"inv.sched.record_kept", "I38",
     "a task stays pinned where it was spawned, and is cancelling once that was requested",
     record_kept, polls_a_cancelled_task, "a cancelled task is polled"},
    {"inv.sched.effective_only", "I34", "only effective entries are dispatched", effective_only,
     stale_thrown_away, "a pick throws a stale entry away"},
    {"inv.sched.stale_stays_stale", "I34", "a stale entry never becomes effective again",
     stale_stays_stale, entry_beside_a_stale_one, "a task with a stale entry is given a new one"},
    {"inv.sched.fifo", "I36", "of one cancel or ready queue the oldest effective entry goes first",
     fifo, several_in_the_queue, "a queue has several effective entries"},
    {"inv.sched.steals_ready_work", "I38", "stealing takes ready work of the victim only",
     steals_ready_work, stole, "a worker steals"},
    {"inv.sched.work_conserving", "I41",
     "a worker looks in vain only if no queue that it sees has "
     "due work",
     work_conserving, looked_in_vain, "a worker looks in vain"},
    {"inv.sched.queue_order", "I35",
     "of cancel work the global queue's goes first, of ready work the worker's own", queue_order,
     chose_between_queues,
     "a worker finds work of one lane in its own queue and in the global one"},
    {"inv.sched.placed", "I38",
     "a new entry stands where it was pushed: spawned where asked, requeued with the worker, else "
     "global; of a pinned task with its worker",
     placed, enters_a_workers_queue, "an entry enters a worker's queue"},
    {"inv.sched.ready_at_once", "I37",
     "who is injected as ready does not go on waiting for a deadline", ready_at_once,
     ready_wake_promotes_a_timed_task, "a ready wake meets a task that waits for a deadline"},
    {"inv.sched.takes_turns", "I30",
     "a step takes the worker or the thread that makes it to its next stage, and nobody else",
     takes_turns, ends_a_turn_for_nobody, "a thread pushes for a task that has completed"},
}};

// The cases.

bool drops_an_entry(const Transition& t) {
  return std::holds_alternative<Dropped>(t.answer);
}
bool is_polled(const State& s, const TaskRef& task) {
  return find(s, task) != nullptr && !find(s, task)->future_stored;
}
bool cancel_injected_during_a_poll(const Transition& t) {
  const auto* push = std::get_if<Push>(&t.action);
  if (push == nullptr) return false;
  const Waker& waker = t.before.wakers[push->waker];
  return waker.owes == Owes::Injection && is_polled(t.before, waker.task);
}
bool wake_between_store_back_and_finish(const Transition& t) {
  const auto* wake = std::get_if<Wake>(&t.action);
  if (wake == nullptr || find(t.before, wake->task) == nullptr) return false;
  return std::any_of(t.before.workers.begin(), t.before.workers.end(), [&](const Worker& worker) {
    return worker.hand == Hand::StoredBack && worker.task == wake->task;
  });
}
bool dead_wake_pushes(const Transition& t) {
  const auto* push = std::get_if<Push>(&t.action);
  if (push == nullptr) return false;
  const Waker& waker = t.before.wakers[push->waker];
  return waker.owes == Owes::WakeEntry && find(t.before, waker.task) == nullptr;
}
bool is_of_an_earlier_task(const State& s, const TaskRef& task) {
  return task.slot < s.slots.size() && !s.slots[task.slot].name.is_none() &&
         find(s, task) == nullptr;
}
bool dead_entry_of_a_used_slot(const Transition& t) {
  return std::any_of(t.before.entries.begin(), t.before.entries.end(), [&](const Entry& entry) {
    return is_of_an_earlier_task(t.before, entry.task);
  });
}
bool clears_after_reuse(const Transition& t) {
  const auto* clear = std::get_if<Clear>(&t.action);
  if (clear == nullptr) return false;
  return is_of_an_earlier_task(t.before, t.before.workers[clear->worker].task);
}
bool falls_back(const Transition& t) {
  const auto took = taken(t);
  return took && took->entry != nullptr && took->entry->lane == Lane::Cancel &&
         streak_is_up(t, took->worker);
}
bool steals_past_a_pinned_task(const Transition& t) {
  const auto took = taken(t);
  if (!took || took->victim == no_worker || took->entry == nullptr) return false;
  for (const Entry& entry : t.before.entries) {
    if (entry == *took->entry) return false;
    if (entry.place == took->victim && entry.lane == Lane::Ready && is_effective(t.before, entry))
      return true;
  }
  return false;
}
bool stale_entry_of_a_waiting_task(const Transition& t) {
  return std::any_of(t.after.entries.begin(), t.after.entries.end(), [&](const Entry& entry) {
    return is_effective(t.after, entry) && !is_due(t.after, entry) &&
           std::any_of(t.after.entries.begin(), t.after.entries.end(), [&](const Entry& stale) {
             return stale.task == entry.task && !is_effective(t.after, stale) &&
                    is_due(t.after, stale);
           });
  });
}

constexpr std::array<Case, 10> worth_reaching{{
    {"case.drop", "a worker drops an entry because the future is not there", drops_an_entry},
    {"case.cancel_during_poll", "a cancel is injected while its task is polled",
     cancel_injected_during_a_poll},
    {"case.wake_before_finish", "a wake comes between store-back and finish_poll",
     wake_between_store_back_and_finish},
    {"case.dead_wake", "the waker of a completed task pushes an entry", dead_wake_pushes},
    {"case.recycled_slot", "an entry of a completed task meets the slot's next task",
     dead_entry_of_a_used_slot},
    {"case.late_clear", "a task is cleared when its slot already has another", clears_after_reuse},
    {"case.fallback", "a worker that yielded finds cancel work only", falls_back},
    {"case.steal_past_pinned", "a thief passes over a pinned task", steals_past_a_pinned_task},
    {"case.timed_promoted", "a ready wake takes a task out of the timed lane",
     ready_wake_promotes_a_timed_task},
    {"case.h1", "a task that waits for a later time has a stale entry that is due",
     stale_entry_of_a_waiting_task},
}};

}  // namespace

std::span<const StepProperty> step_properties() {
  return properties;
}
std::span<const Case> cases() {
  return worth_reaching;
}

}  // namespace quiesce::spec::scheduling
