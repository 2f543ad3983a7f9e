// The parking protocol. A publisher makes work visible and then looks for somebody who waits; a
// worker says that it waits and then looks for work: of the two at least one sees the other.
#include "spec/scheduling/parking.hpp"

#include "spec/vocabulary/action.hpp"

namespace quiesce::spec::scheduling::parking {
namespace {

Worker* worker_at(State& s, std::uint8_t number, At at) {
  if (number >= s.worker_count || s.workers[number].at != at) return nullptr;
  return &s.workers[number];
}
Publisher* publisher_at(State& s, std::uint8_t number, Publishing stage) {
  if (number >= s.publisher_count || s.publishers[number].stage != stage) return nullptr;
  return &s.publishers[number];
}
void back_to_look(Worker& worker) {
  worker.at = At::Looking;
  worker.waiting = false;
  worker.has_timeout = false;
}
bool timer_fires(const State& s) {
  return s.timer_pending && s.timer_due;
}

/// A worker that takes work of its own may be the one that was woken for the global queue's: if
/// that has any, it wakes another before it is busy.                  rule.park.hand_on
At busy_with_own_work(const State& s) {
  return s.published > 0 ? At::HandingOn : At::Busy;
}

/// Look: the flag, its own queue, the timers, then a credit of the global queue.
///   state    a credit is taken from the published count before the entry is dequeued, so that no
///            count falls below zero                                    rule.park.look
///   source   facts §14.5, §16
bool look(State& s, const Look& a) {
  Worker* const worker = worker_at(s, a.worker, At::Looking);
  if (worker == nullptr) return false;
  if (s.shutdown) {
    worker->at = At::Exited;
  } else if (worker->local > 0) {
    --worker->local;
    worker->at = busy_with_own_work(s);
  } else if (timer_fires(s)) {
    s.timer_pending = false;
    worker->at = busy_with_own_work(s);
  } else if (s.published > 0) {
    --s.published;
    worker->at = At::Reserved;
  } else {
    worker->at = At::Parking;
  }
  return true;
}

/// Dequeue: the entry that the credit stands for; one that fails gives the credit back.
///                                                       rule.park.dequeue  source  facts §14.5
bool dequeue(State& s, const Dequeue& a) {
  Worker* const worker = worker_at(s, a.worker, At::Reserved);
  if (worker == nullptr || (a.fails && s.may_fail == 0)) return false;
  if (a.fails) {
    --s.may_fail;
    ++s.published;
    worker->at = At::Looking;
    return true;
  }
  --s.length;
  --s.hint;
  worker->at = At::Busy;
  return true;
}

/// The permit, and the word to whoever sleeps: one critical section of the parker. A word that
/// comes before the sleep wakes nobody; the permit stays.
void give_permit(Worker& worker) {
  worker.permit = true;
  if (worker.at == At::Asleep) worker.at = At::Woken;
}

/// Gives a permit to a worker that is announced and has none: true if it did.
bool unpark_if_waiting(Worker& worker) {
  if (!worker.waiting || worker.permit) return false;
  give_permit(worker);
  return true;
}

/// HandOn: the scan of a publisher, by a worker.
bool hand_on(State& s, const HandOn& a) {
  Worker* const worker = worker_at(s, a.worker, At::HandingOn);
  if (worker == nullptr) return false;
  const bool is_done = unpark_if_waiting(s.workers[worker->scanned]);
  ++worker->scanned;
  if (is_done || worker->scanned == s.worker_count) {
    worker->scanned = 0;
    worker->at = At::Busy;
  }
  return true;
}

/// FinishWork: the poll returned.                                         rule.park.finish_work
bool finish_work(State& s, const FinishWork& a) {
  Worker* const worker = worker_at(s, a.worker, At::Busy);
  if (worker == nullptr) return false;
  worker->at = At::Looking;
  return true;
}

/// Announce: from now on a publisher's scan sees this worker.     rule.park.announce
///   source   facts §16 (waiting++, then a fence)
bool announce(State& s, const Announce& a) {
  Worker* const worker = worker_at(s, a.worker, At::Parking);
  if (worker == nullptr) return false;
  worker->waiting = true;
  worker->at = At::Announced;
  return true;
}

/// Recheck: everything that look sees, after the announcement; and how long to sleep at most.
///                                                       rule.park.recheck  source  facts §16
bool recheck(State& s, const Recheck& a) {
  Worker* const worker = worker_at(s, a.worker, At::Announced);
  if (worker == nullptr) return false;
  if (s.shutdown || worker->local > 0 || timer_fires(s) || s.published > 0) {
    back_to_look(*worker);
    return true;
  }
  worker->has_timeout = s.timer_pending;
  worker->at = At::Committed;
  return true;
}

/// Sleep: a permit is used instead; the test and the sleep are one critical section of the parker.
///                                                         rule.park.sleep  source  facts §16
bool sleep(State& s, const Sleep& a) {
  Worker* const worker = worker_at(s, a.worker, At::Committed);
  if (worker == nullptr) return false;
  worker->at = At::Asleep;
  if (worker->permit) {
    worker->permit = false;
    back_to_look(*worker);
  }
  return true;
}

/// WakeUp: the permit is used.                                             rule.park.wake_up
bool wake_up(State& s, const WakeUp& a) {
  Worker* const worker = worker_at(s, a.worker, At::Woken);
  if (worker == nullptr) return false;
  worker->permit = false;
  back_to_look(*worker);
  return true;
}

/// TimeOut: after a timed sleep the worker looks at everything, the timers included.
///                                                      rule.park.time_out  source  facts §16
bool time_out(State& s, const TimeOut& a) {
  Worker* const worker = worker_at(s, a.worker, At::Asleep);
  if (worker == nullptr || !worker->has_timeout || !s.timer_due) return false;
  back_to_look(*worker);
  return true;
}

/// Bring: a publisher begins. For the global queue the hint comes first; all else is there at once.
///                                                         rule.park.bring  source  facts §14.5
bool bring(State& s, const Bring& a) {
  Publisher* const publisher = publisher_at(s, a.publisher, Publishing::Nothing);
  if (publisher == nullptr || s.shutdown) return false;
  const bool is_work = a.brings == Brings::Global || a.brings == Brings::Local;
  if (is_work ? s.to_publish == 0
              : !(a.brings == Brings::Timer ? s.timer_allowed : s.shutdown_allowed))
    return false;
  if (a.brings == Brings::Local && a.worker >= s.worker_count) return false;

  *publisher = {Publishing::Published, a.brings, s.cursor, 0};
  switch (a.brings) {
    case Brings::Global:
      ++s.hint;
      publisher->stage = Publishing::Counted;
      break;
    case Brings::Local:
      ++s.workers[a.worker].local;
      publisher->next = a.worker;
      break;
    case Brings::Timer:
      s.timer_allowed = false;
      s.timer_pending = true;
      break;
    case Brings::Shutdown:
      s.shutdown_allowed = false;
      s.shutdown = true;
      break;
  }
  if (is_work) --s.to_publish;
  if (a.brings != Brings::Local)
    s.cursor = static_cast<std::uint8_t>((s.cursor + 1) % s.worker_count);
  return true;
}

/// Enqueue: the entry stands in the queue, and nobody may count on it yet.  rule.park.enqueue
bool enqueue(State& s, const Enqueue& a) {
  Publisher* const publisher = publisher_at(s, a.publisher, Publishing::Counted);
  if (publisher == nullptr) return false;
  ++s.length;
  publisher->stage = Publishing::Enqueued;
  return true;
}

/// Publish: the credit comes after the entry, so that nobody is promised what is not there.
///                                                       rule.park.publish  source  facts §14.5
bool publish(State& s, const Publish& a) {
  Publisher* const publisher = publisher_at(s, a.publisher, Publishing::Enqueued);
  if (publisher == nullptr) return false;
  ++s.published;
  publisher->stage = Publishing::Published;
  return true;
}

/// Unpark: the scan's next parker. A global entry or a timer wakes the first that waits and has no
/// permit; an entry of a worker's own queue gives its permit to that worker, awake or not; the end
/// wakes everybody.                                         rule.park.unpark  source  facts §16,
/// §17
bool unpark(State& s, const Unpark& a) {
  Publisher* const publisher = publisher_at(s, a.publisher, Publishing::Published);
  if (publisher == nullptr) return false;
  Worker& worker = s.workers[publisher->next];
  bool is_done = false;
  if (publisher->brings == Brings::Local) {
    give_permit(worker);
    is_done = true;
  } else if (publisher->brings == Brings::Shutdown) {
    give_permit(worker);
  } else {
    is_done = unpark_if_waiting(worker);
  }
  publisher->next = static_cast<std::uint8_t>((publisher->next + 1) % s.worker_count);
  ++publisher->scanned;
  if (is_done || publisher->scanned == s.worker_count) *publisher = Publisher{};
  return true;
}

/// Tick: the clock passes the timer.                                       rule.park.tick
bool tick(State& s) {
  if (s.timer_due || !s.timer_pending) return false;
  s.timer_due = true;
  return true;
}

}  // namespace

///                                                                            rule.park.step
bool apply(State& s, const Action& action) {
  return std::visit(overloaded{
                        [&](const Look& a) { return look(s, a); },
                        [&](const Dequeue& a) { return dequeue(s, a); },
                        [&](const HandOn& a) { return hand_on(s, a); },
                        [&](const FinishWork& a) { return finish_work(s, a); },
                        [&](const Announce& a) { return announce(s, a); },
                        [&](const Recheck& a) { return recheck(s, a); },
                        [&](const Sleep& a) { return sleep(s, a); },
                        [&](const WakeUp& a) { return wake_up(s, a); },
                        [&](const TimeOut& a) { return time_out(s, a); },
                        [&](const Bring& a) { return bring(s, a); },
                        [&](const Enqueue& a) { return enqueue(s, a); },
                        [&](const Publish& a) { return publish(s, a); },
                        [&](const Unpark& a) { return unpark(s, a); },
                        [&](const Tick&) { return tick(s); },
                    },
                    action);
}

}  // namespace quiesce::spec::scheduling::parking
