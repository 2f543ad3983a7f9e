// Polling: from the entry in hand to the next entry, or to the end of the task.
#include "spec/scheduling/rules.hpp"

namespace quiesce::spec::scheduling {
namespace {

Worker* worker_with(State& s, WorkerNumber number, Hand hand) {
  if (number >= s.workers.size() || s.workers[number].hand != hand) return nullptr;
  return &s.workers[number];
}

void empty(Worker& worker) {
  worker.hand = Hand::Empty;
  worker.task = TaskRef{};
}

}  // namespace

/// BeginPoll: takes the future and says Polling, in one critical section of the tasks.
///   state    future, wake_state. Without the future (another worker has it, or the task has
///            completed) the entry is dropped                        rule.sched.begin_poll
///   refuses  WorkerExists, HandPicked
///   keeps    inv.sched.one_poller                           source  facts §15 rule 3, H11
Answer begin_poll(State& s, const BeginPoll& a) {
  if (a.worker >= s.workers.size()) return Refused{Guard::WorkerExists};
  Worker* const worker = worker_with(s, a.worker, Hand::Picked);
  if (worker == nullptr) return Refused{Guard::HandPicked};
  TaskRecord* const task = find(s, worker->task);
  if (task == nullptr || !task->future_stored) {
    empty(*worker);
    return Dropped{};
  }

  task->future_stored = false;
  task->wake = WakeState::Polling;
  worker->hand = Hand::Polling;
  return Done{};
}

/// Pend: the future goes back to the record, before finish_poll: an entry that a wake makes between
/// the two must find it.                                                    rule.sched.pend
///   refuses  WorkerExists, HandPolling                      source  facts §15 rule 4
Answer pend(State& s, const Pend& a) {
  if (a.worker >= s.workers.size()) return Refused{Guard::WorkerExists};
  Worker* const worker = worker_with(s, a.worker, Hand::Polling);
  if (worker == nullptr) return Refused{Guard::HandPolling};

  if (TaskRecord* const task = find(s, worker->task)) task->future_stored = true;
  worker->hand = Hand::StoredBack;
  return Done{};
}

/// FinishPoll: Polling -> Idle, one compare and swap; a Notified task is owed an entry and stays
/// Notified.                                                          rule.sched.finish_poll
///   refuses  WorkerExists, HandStoredBack
///   keeps    inv.sched.wake_sound, inv.sched.no_lost_wake   source  facts §15
Answer finish_poll(State& s, const FinishPoll& a) {
  if (a.worker >= s.workers.size()) return Refused{Guard::WorkerExists};
  Worker* const worker = worker_with(s, a.worker, Hand::StoredBack);
  if (worker == nullptr) return Refused{Guard::HandStoredBack};
  TaskRecord* const task = find(s, worker->task);

  if (task != nullptr && task->wake == WakeState::Notified) {
    worker->hand = Hand::OwesEntry;
    return Done{};
  }
  if (task != nullptr) task->wake = WakeState::Idle;
  empty(*worker);
  return Done{};
}

/// Requeue: the entry that finish_poll asked for, in the worker's own queue.
///   state    +1 entry unless one as good is there                       rule.sched.requeue
///   refuses  WorkerExists, HandOwesEntry                    source  facts §15 rules 4, 6
Answer requeue(State& s, const Requeue& a) {
  if (a.worker >= s.workers.size()) return Refused{Guard::WorkerExists};
  Worker* const worker = worker_with(s, a.worker, Hand::OwesEntry);
  if (worker == nullptr) return Refused{Guard::HandOwesEntry};

  if (find(s, worker->task) != nullptr) enqueue(s, worker->task, a.worker);
  empty(*worker);
  return Done{};
}

/// Complete: the record is retired with its future; the slot may be used again at once.
///   refuses  WorkerExists, HandPolling              rule.sched.complete  source  facts §15 rule 5
Answer complete(State& s, const Complete& a) {
  if (a.worker >= s.workers.size()) return Refused{Guard::WorkerExists};
  Worker* const worker = worker_with(s, a.worker, Hand::Polling);
  if (worker == nullptr) return Refused{Guard::HandPolling};

  if (TaskRecord* const task = find(s, worker->task)) *task = TaskRecord{};
  worker->hand = Hand::OwesClear;
  return Done{};
}

/// Clear: the wake_state of the task that completed, not of who has its slot now.
///   refuses  WorkerExists, HandOwesClear               rule.sched.clear  source  facts §15 rule 5
Answer clear(State& s, const Clear& a) {
  if (a.worker >= s.workers.size()) return Refused{Guard::WorkerExists};
  Worker* const worker = worker_with(s, a.worker, Hand::OwesClear);
  if (worker == nullptr) return Refused{Guard::HandOwesClear};

  if (TaskRecord* const task = find(s, worker->task)) task->wake = WakeState::Idle;
  empty(*worker);
  return Done{};
}

}  // namespace quiesce::spec::scheduling
