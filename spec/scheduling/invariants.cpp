// What is true of every state of the scheduler. None of these sentences asks a rule.
#include "spec/scheduling/invariants.hpp"

#include <algorithm>

namespace quiesce::spec::scheduling {
namespace {

bool holds(const Worker& worker, const TaskRef& task, Hand hand) {
  return worker.hand == hand && worker.task == task;
}
TaskRef ref_of(const State& s, std::size_t slot) {
  return {static_cast<std::uint8_t>(slot), s.slots[slot].name};
}
auto workers_with(const State& s, const TaskRef& task, Hand hand) {
  return std::count_if(s.workers.begin(), s.workers.end(),
                       [&](const Worker& worker) { return holds(worker, task, hand); });
}
bool some_worker_with(const State& s, const TaskRef& task, std::initializer_list<Hand> hands) {
  return std::any_of(hands.begin(), hands.end(),
                     [&](Hand hand) { return workers_with(s, task, hand) != 0; });
}
bool some_waker_owes(const State& s, const TaskRef& task) {
  return std::any_of(s.wakers.begin(), s.wakers.end(), [&](const Waker& waker) {
    return waker.owes != Owes::Nothing && waker.task == task;
  });
}
bool has_effective_entry(const State& s, const TaskRef& task) {
  return std::any_of(s.entries.begin(), s.entries.end(), [&](const Entry& entry) {
    return entry.task == task && is_effective(s, entry);
  });
}

/// The first task that `broken` says something about.
template <class Broken>
Violation of_some_task(const State& s, Broken&& broken) {
  for (std::size_t slot = 0; slot < s.slots.size(); ++slot) {
    if (s.slots[slot].name.is_none()) continue;
    if (Violation found = broken(s.slots[slot], ref_of(s, slot))) return found;
  }
  return std::nullopt;
}
template <class Shows>
bool some_task(const State& s, Shows&& shows) {
  return of_some_task(s,
                      [&](const TaskRecord& task, const TaskRef& ref) {
                        return shows(task, ref) ? Violation{""} : Violation{};
                      })
      .has_value();
}
std::string name(const TaskRef& task) {
  return "task " + quiesce::to_text(task.name);
}

// inv.sched.one_poller
Violation one_poller(const State& s, const History&) {
  return of_some_task(s, [&](const TaskRecord& task, const TaskRef& ref) -> Violation {
    const auto pollers = workers_with(s, ref, Hand::Polling);
    if (pollers == (task.future_stored ? 0 : 1)) return std::nullopt;
    return name(ref) + " is polled by " + std::to_string(pollers) + " workers and its future is " +
           (task.future_stored ? "stored" : "not stored");
  });
}
bool two_have_it_in_hand(const State& s, const History&) {
  return some_task(s, [&](const TaskRecord&, const TaskRef& ref) {
    return workers_with(s, ref, Hand::Polling) == 1 && workers_with(s, ref, Hand::Picked) != 0;
  });
}

// inv.sched.wake_sound
Violation wake_sound(const State& s, const History&) {
  return of_some_task(s, [&](const TaskRecord& task, const TaskRef& ref) -> Violation {
    if (task.wake != WakeState::Notified || has_effective_entry(s, ref)) return std::nullopt;
    if (some_waker_owes(s, ref)) return std::nullopt;
    if (some_worker_with(s, ref, {Hand::Picked, Hand::Polling, Hand::StoredBack, Hand::OwesEntry}))
      return std::nullopt;
    return name(ref) + " is Notified and nobody will poll it";
  });
}
bool notified_while_polled(const State& s, const History&) {
  return some_task(s, [&](const TaskRecord& task, const TaskRef& ref) {
    return task.wake == WakeState::Notified && !has_effective_entry(s, ref) &&
           workers_with(s, ref, Hand::StoredBack) != 0;
  });
}

// inv.sched.no_lost_wake: an entry or a hand counts only if it leads to a poll.
Violation no_lost_wake(const State& s, const History& history) {
  return of_some_task(s, [&](const TaskRecord& task, const TaskRef& ref) -> Violation {
    if (!history.of_slot[ref.slot].woken) return std::nullopt;
    if (has_effective_entry(s, ref) || some_waker_owes(s, ref)) return std::nullopt;
    if (task.future_stored && workers_with(s, ref, Hand::Picked) != 0) return std::nullopt;
    if (workers_with(s, ref, Hand::OwesEntry) != 0) return std::nullopt;
    if (task.wake == WakeState::Notified &&
        some_worker_with(s, ref, {Hand::Polling, Hand::StoredBack}))
      return std::nullopt;
    return name(ref) + " was woken after its last poll began, and no poll will come";
  });
}
bool woken_during_the_poll(const State& s, const History& history) {
  return some_task(s, [&](const TaskRecord& task, const TaskRef& ref) {
    return history.of_slot[ref.slot].woken && !task.future_stored;
  });
}

// inv.sched.notified_was_woken
Violation notified_was_woken(const State& s, const History& history) {
  return of_some_task(s, [&](const TaskRecord& task, const TaskRef& ref) -> Violation {
    if (task.wake != WakeState::Notified || history.of_slot[ref.slot].woken) return std::nullopt;
    return name(ref) + " is Notified and nobody has woken it since its last poll began";
  });
}
bool polled_again(const State& s, const History& history) {
  return some_task(s, [&](const TaskRecord& task, const TaskRef& ref) {
    return !history.of_slot[ref.slot].woken && task.wake == WakeState::Polling &&
           !task.future_stored;
  });
}

// inv.sched.dedup
Violation dedup(const State& s, const History& history) {
  return of_some_task(s, [&](const TaskRecord&, const TaskRef& ref) -> Violation {
    const unsigned made = history.of_slot[ref.slot].ready_entries;
    if (made <= 1) return std::nullopt;
    return name(ref) + " was given " + std::to_string(made) +
           " ready entries since its last poll began";
  });
}
bool picked_and_notified(const State& s, const History& history) {
  return some_task(s, [&](const TaskRecord& task, const TaskRef& ref) {
    return history.of_slot[ref.slot].ready_entries == 1 && task.wake == WakeState::Notified &&
           workers_with(s, ref, Hand::Picked) != 0;
  });
}

// inv.sched.lane
Violation lane(const State& s, const History&) {
  for (const Entry& entry : s.entries) {
    if (!is_effective(s, entry)) continue;
    const bool cancelling = find(s, entry.task)->cancelling;
    if (cancelling == (entry.lane == Lane::Cancel)) continue;
    const bool injected_soon =
        cancelling && std::any_of(s.wakers.begin(), s.wakers.end(), [&](const Waker& waker) {
          return waker.owes == Owes::Injection && waker.task == entry.task;
        });
    if (injected_soon) continue;
    return name(entry.task) + (cancelling ? " is" : " is not") + " cancelling and its entry is " +
           std::string(to_text(entry.lane));
  }
  return std::nullopt;
}
bool promoted(const State& s, const History&) {
  return std::any_of(s.entries.begin(), s.entries.end(), [&](const Entry& entry) {
    const TaskRecord* const task = find(s, entry.task);
    return task != nullptr && task->cancelling && entry.lane != Lane::Cancel &&
           !is_effective(s, entry) && task->effective != no_generation;
  });
}

// inv.sched.no_local_steal
Violation no_local_steal(const State& s, const History&) {
  return of_some_task(s, [&](const TaskRecord& task, const TaskRef& ref) -> Violation {
    if (task.pinned_to == no_worker) return std::nullopt;
    for (std::size_t worker = 0; worker < s.workers.size(); ++worker) {
      if (worker == task.pinned_to || s.workers[worker].hand == Hand::Empty) continue;
      if (s.workers[worker].task != ref) continue;
      return name(ref) + " is pinned to w" + std::to_string(task.pinned_to) +
             " and in the hand of w" + std::to_string(worker);
    }
    return std::nullopt;
  });
}
bool pinned_beside_an_idle_worker(const State& s, const History&) {
  return some_task(s, [&](const TaskRecord& task, const TaskRef& ref) {
    if (task.pinned_to == no_worker || !has_effective_entry(s, ref)) return false;
    for (std::size_t worker = 0; worker < s.workers.size(); ++worker) {
      if (worker != task.pinned_to && s.workers[worker].hand == Hand::Empty) return true;
    }
    return false;
  });
}

// inv.sched.queue_links
Violation queue_links(const State& s, const History&) {
  for (std::size_t i = 0; i < s.entries.size(); ++i) {
    const Entry& entry = s.entries[i];
    const auto key = [](const Entry& of) { return std::pair(of.place, of.lane); };
    if (i != 0 && key(entry) < key(s.entries[i - 1]))
      return to_text(s, entry) + " stands behind its queue";
    const TaskRecord* const task = find(s, entry.task);
    if (task != nullptr && entry.generation > task->newest)
      return to_text(s, entry) + " has a generation that was never handed out";
  }
  return of_some_task(s, [&](const TaskRecord& task, const TaskRef& ref) -> Violation {
    const auto linked = std::count_if(s.entries.begin(), s.entries.end(), [&](const Entry& entry) {
      return entry.task == ref && entry.generation == task.effective;
    });
    if (linked == (task.effective == no_generation ? 0 : 1)) return std::nullopt;
    return name(ref) + " means entry #" + std::to_string(task.effective) + ", which stands in " +
           std::to_string(linked) + " queues";
  });
}
bool linked_beside_stale_ones(const State& s, const History&) {
  return some_task(s, [&](const TaskRecord& task, const TaskRef& ref) {
    return task.effective != no_generation &&
           std::count_if(s.entries.begin(), s.entries.end(),
                         [&](const Entry& entry) { return entry.task == ref; }) > 1;
  });
}

constexpr std::array<Invariant, 8> catalogue{{
    {"inv.sched.one_poller", "I30",
     "a task's future is with its record, or with the one worker that polls it", one_poller,
     two_have_it_in_hand, "one worker polls a task, another has an entry of it in hand"},
    {"inv.sched.wake_sound", "I31",
     "a notified task has an effective entry, is in a hand, or is being polled", wake_sound,
     notified_while_polled, "a task is notified between store-back and finish_poll"},
    {"inv.sched.no_lost_wake", "I32", "whoever was woken since its last poll began will be polled",
     no_lost_wake, woken_during_the_poll, "a task is woken during its poll"},
    {"inv.sched.notified_was_woken", "I33",
     "a task is Notified only if it was woken since its last poll began", notified_was_woken,
     polled_again, "a task is polled and not woken meanwhile"},
    {"inv.sched.dedup", "I33", "between two polls ready wakes make at most one entry", dedup,
     picked_and_notified, "a task is woken whose entry is already in a worker's hand"},
    {"inv.sched.lane", "I34",
     "an effective entry is in the cancel lane exactly if its task is cancelling, or will be "
     "promoted by whoever cancelled it",
     lane, promoted, "a promotion has left a stale entry behind"},
    {"inv.sched.no_local_steal", "I38", "a pinned task is only ever in its own worker's hand",
     no_local_steal, pinned_beside_an_idle_worker,
     "a pinned task is queued while another worker has nothing in hand"},
    {"inv.sched.queue_links", "I39",
     "the entry that a record means stands in exactly one queue, and no other of its generation",
     queue_links, linked_beside_stale_ones, "a task has an effective entry beside stale ones"},
}};

void count(std::uint8_t& counter, std::uint8_t most) {
  if (counter < most) ++counter;
}

void forget_who_left(History& history, const State& before, const State& after) {
  for (std::size_t slot = 0; slot < after.slots.size(); ++slot) {
    if (before.slots[slot].name != after.slots[slot].name) history.of_slot[slot] = {};
  }
}

/// The task that a step wakes, if it wakes one that lives.
std::optional<TaskRef> woken_by(const State& before, const Action& action) {
  if (const auto* spawn = std::get_if<Spawn>(&action)) return spawn->task;
  if (const auto* wake = std::get_if<Wake>(&action)) return wake->task;
  if (const auto* cancel = std::get_if<RequestCancel>(&action)) return cancel->task;
  if (const auto* inject = std::get_if<InjectReady>(&action)) return inject->task;
  if (const auto* inject = std::get_if<InjectTimed>(&action)) return inject->task;
  if (const auto* push = std::get_if<Push>(&action)) {
    const Waker& waker = before.wakers[push->waker];
    if (waker.owes == Owes::Injection) return waker.task;
  }
  return std::nullopt;
}

void observe_dispatch(History& history, WorkerNumber worker, const State& before,
                      const Answer& answer) {
  std::uint8_t& in_a_row = history.cancels_in_a_row[worker];
  const auto* dispatched = std::get_if<Dispatched>(&answer);
  if (dispatched == nullptr || dispatched->entry.lane != Lane::Cancel) {
    in_a_row = 0;
  } else if (in_a_row >= (before.draining ? 2 : 1) * before.limit) {
    in_a_row = 1;
  } else {
    count(in_a_row, 0xFF);
  }
}

}  // namespace

std::span<const Invariant> invariants() {
  return catalogue;
}

History initial_history(const State& s) {
  History history;
  history.of_slot.resize(s.slots.size());
  history.cancels_in_a_row.resize(s.workers.size());
  return history;
}

void observe(History& history, const State& before, const Action& action, const Answer& answer,
             const State& after) {
  if (is_refused(answer)) return;
  forget_who_left(history, before, after);
  if (const auto ref = woken_by(before, action); ref && find(after, *ref) != nullptr) {
    history.of_slot[ref->slot].woken = true;
  }
  for (std::size_t slot = 0; slot < after.slots.size(); ++slot) {
    const TaskRecord& now = after.slots[slot];
    const bool fresh =
        now.name != before.slots[slot].name || now.newest != before.slots[slot].newest;
    const bool in_ready =
        std::any_of(after.entries.begin(), after.entries.end(), [&](const Entry& e) {
          return e.task == ref_of(after, slot) && e.generation == now.newest &&
                 e.lane == Lane::Ready;
        });
    if (!now.name.is_none() && fresh && in_ready) count(history.of_slot[slot].ready_entries, 3);
  }
  if (const auto* begin = std::get_if<BeginPoll>(&action)) {
    const Worker& worker = after.workers[begin->worker];
    if (worker.hand == Hand::Polling) history.of_slot[worker.task.slot] = {};
  }
  if (const auto* dispatch = std::get_if<Dispatch>(&action)) {
    observe_dispatch(history, dispatch->worker, before, answer);
  }
  if (const auto* steal = std::get_if<Steal>(&action)) {
    history.cancels_in_a_row[steal->worker] = 0;
  }
}

bool is_at_rest(const State& s, const History& history) {
  const bool hands_empty =
      std::all_of(s.workers.begin(), s.workers.end(),
                  [](const Worker& worker) { return worker.hand == Hand::Empty; });
  const bool nothing_owed = std::all_of(s.wakers.begin(), s.wakers.end(), [](const Waker& waker) {
    return waker.owes == Owes::Nothing;
  });
  const bool none_woken = std::none_of(history.of_slot.begin(), history.of_slot.end(),
                                       [](const History::OfTask& task) { return task.woken; });
  const bool nothing_queued = std::none_of(s.entries.begin(), s.entries.end(),
                                           [&](const Entry& e) { return is_effective(s, e); });
  return hands_empty && nothing_owed && none_woken && nothing_queued;
}

}  // namespace quiesce::spec::scheduling
