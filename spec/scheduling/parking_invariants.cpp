// What is true of every state of the parking protocol, and its words.
#include <algorithm>

#include "spec/scheduling/parking.hpp"
#include "spec/vocabulary/action.hpp"

namespace quiesce::spec::scheduling::parking {
namespace {

template <class Fact>
int count_workers(const State& s, Fact&& fact) {
  return static_cast<int>(
      std::count_if(s.workers.begin(), s.workers.begin() + s.worker_count, fact));
}
template <class Fact>
bool some_publisher(const State& s, Fact&& fact) {
  return std::any_of(s.publishers.begin(), s.publishers.begin() + s.publisher_count, fact);
}
bool wakes(const Publisher& publisher) {
  return publisher.stage == Publishing::Published;
}
/// Sleeps, or will without another look.
bool is_lost_to_the_world(const Worker& worker) {
  return worker.at == At::Asleep || (worker.at == At::Committed && !worker.permit);
}
bool will_look(const Worker& worker) {
  const bool is_awake = worker.at == At::Looking || worker.at == At::Parking ||
                        worker.at == At::Announced || worker.at == At::Woken;
  return is_awake || (worker.at == At::Committed && worker.permit);
}
std::string number(int count) {
  return std::to_string(count);
}

// inv.sched.queue_count
Violation queue_count(const State& s) {
  const int reserved =
      count_workers(s, [](const Worker& worker) { return worker.at == At::Reserved; });
  const int promised = s.published + reserved;
  if (promised <= s.length && s.length <= s.hint && s.hint < 0x80) return std::nullopt;
  return "published " + number(s.published) + " and reserved " + number(reserved) + ", length " +
         number(s.length) + ", hint " + number(s.hint);
}
bool enqueued_beside_a_reserved_one(const State& s) {
  return some_publisher(s, [](const Publisher& p) { return p.stage == Publishing::Enqueued; }) &&
         count_workers(s, [](const Worker& worker) { return worker.at == At::Reserved; }) != 0;
}

// inv.sched.credits
Violation credits(const State& s) {
  const int reserved =
      count_workers(s, [](const Worker& worker) { return worker.at == At::Reserved; });
  const auto unpublished =
      std::count_if(s.publishers.begin(), s.publishers.begin() + s.publisher_count,
                    [](const Publisher& p) { return p.stage == Publishing::Enqueued; });
  if (s.length <= s.published + reserved + unpublished) return std::nullopt;
  return "length " + number(s.length) + ", and only " + number(s.published) + " published, " +
         number(reserved) + " reserved, " + number(static_cast<int>(unpublished)) +
         " about to be published";
}
bool gives_a_credit_back(const State& s) {
  return s.may_fail > 0 &&
         count_workers(s, [](const Worker& worker) { return worker.at == At::Reserved; }) != 0;
}

// inv.sched.park
Violation park(const State& s) {
  if (s.shutdown || some_publisher(s, wakes)) return std::nullopt;
  if (count_workers(s, is_lost_to_the_world) != s.worker_count) return std::nullopt;
  if (s.published > 0)
    return "all workers sleep, " + number(s.published) + " entries can be seen, nobody wakes";
  const int timed = count_workers(s, [](const Worker& worker) { return worker.has_timeout; });
  if (s.timer_pending && timed == 0) return "all workers sleep without a timeout, a timer is set";
  return std::nullopt;
}
bool all_sleep_and_one_wakes(const State& s) {
  return some_publisher(s, wakes) && s.published > 0 &&
         count_workers(s, is_lost_to_the_world) == s.worker_count;
}

// inv.sched.park_reaches_sleeper
Violation park_reaches_sleeper(const State& s) {
  if (s.shutdown || count_workers(s, is_lost_to_the_world) == 0) return std::nullopt;
  const auto waking = std::count_if(s.publishers.begin(), s.publishers.begin() + s.publisher_count,
                                    [](const Publisher& publisher) {
                                      return wakes(publisher) && publisher.brings == Brings::Global;
                                    });
  const int handing_on =
      count_workers(s, [](const Worker& worker) { return worker.at == At::HandingOn; });
  const int looking = count_workers(s, will_look);
  if (s.published <= looking + handing_on + waking) return std::nullopt;
  return number(s.published) + " entries can be seen, a worker sleeps, " + number(looking) +
         " workers will look and " + number(static_cast<int>(waking) + handing_on) +
         " threads wake";
}
bool asleep_beside_a_busy_one(const State& s) {
  return s.published > 0 && count_workers(s, is_lost_to_the_world) != 0 &&
         count_workers(s, [](const Worker& worker) { return worker.at == At::Busy; }) != 0;
}

// inv.sched.park_local
Violation park_local(const State& s) {
  if (s.shutdown) return std::nullopt;
  for (std::uint8_t i = 0; i < s.worker_count; ++i) {
    if (s.workers[i].local == 0 || !is_lost_to_the_world(s.workers[i])) continue;
    const bool woken = some_publisher(s, [&](const Publisher& publisher) {
      return wakes(publisher) && publisher.brings == Brings::Local && publisher.next == i;
    });
    if (!woken) return "worker w" + number(i) + " sleeps, its own queue has work, nobody wakes it";
  }
  return std::nullopt;
}
bool asleep_over_its_own_work(const State& s) {
  return count_workers(s, [](const Worker& worker) {
           return worker.local > 0 && worker.at == At::Asleep;
         }) != 0;
}

// inv.sched.shutdown_reaches
Violation shutdown_reaches(const State& s) {
  if (!s.shutdown) return std::nullopt;
  const bool waking = some_publisher(s, [](const Publisher& publisher) {
    return wakes(publisher) && publisher.brings == Brings::Shutdown;
  });
  if (waking || count_workers(s, is_lost_to_the_world) == 0) return std::nullopt;
  return "the end was announced to everybody, and a worker sleeps on";
}
bool shutdown_while_asleep(const State& s) {
  return s.shutdown && count_workers(s, is_lost_to_the_world) == s.worker_count;
}

constexpr std::array<Invariant, 6> catalogue{{
    {"inv.sched.queue_count", "I40",
     "the published and the reserved credits are at most the queue's length, that at most its hint",
     queue_count, enqueued_beside_a_reserved_one,
     "an entry is enqueued and not published while a credit is reserved"},
    {"inv.sched.credits", "I40", "every entry has a credit that somebody holds or can take",
     credits, gives_a_credit_back, "a worker holds a credit and its dequeue may fail"},
    {"inv.sched.park", "I41",
     "never do all workers sleep while work can be seen, nobody holds a permit and nobody wakes",
     park, all_sleep_and_one_wakes, "all workers sleep, work can be seen, and a publisher wakes"},
    {"inv.sched.park_reaches_sleeper", "I41",
     "while a worker sleeps, each visible entry has somebody who will look or who wakes",
     park_reaches_sleeper, asleep_beside_a_busy_one,
     "work can be seen while one worker sleeps and another is busy"},
    {"inv.sched.park_local", "I41", "no worker sleeps over its own queue's work unless it is woken",
     park_local, asleep_over_its_own_work, "a worker sleeps while its own queue has work"},
    {"inv.sched.shutdown_reaches", "I41", "when the end has been announced nobody sleeps",
     shutdown_reaches, shutdown_while_asleep, "the end comes while all workers sleep"},
}};

bool work_comes_after_announcing(const State& s) {
  return s.published > 0 &&
         count_workers(s, [](const Worker& worker) { return worker.at == At::Announced; }) != 0;
}
bool permit_comes_before_sleeping(const State& s) {
  return count_workers(s, [](const Worker& worker) {
           return worker.at == At::Committed && worker.permit;
         }) != 0;
}
bool permit_outlives_its_reason(const State& s) {
  return s.published == 0 && s.hint == 0 && count_workers(s, [](const Worker& worker) {
                                              return worker.permit && worker.local == 0 &&
                                                     worker.at == At::Busy;
                                            }) != 0;
}
bool timer_is_due_while_one_sleeps(const State& s) {
  return s.timer_pending && s.timer_due && count_workers(s, [](const Worker& worker) {
                                             return worker.at == At::Asleep && worker.has_timeout;
                                           }) != 0;
}
bool nothing_seen_behind_a_reservation(const State& s) {
  return s.may_fail > 0 && s.published == 0 && count_workers(s, is_lost_to_the_world) != 0 &&
         count_workers(s, [](const Worker& worker) { return worker.at == At::Reserved; }) != 0;
}

bool hands_on(const State& s) {
  return count_workers(s, is_lost_to_the_world) != 0 &&
         count_workers(s, [](const Worker& worker) { return worker.at == At::HandingOn; }) != 0;
}

constexpr std::array<Case, 6> worth_reaching{{
    {"park.dekker", "work comes between a worker's announcement and its second look",
     work_comes_after_announcing},
    {"park.permit_first", "a permit comes between the second look and the sleep",
     permit_comes_before_sleeping},
    {"park.permit_kept", "a busy worker keeps a permit whose work another has taken",
     permit_outlives_its_reason},
    {"park.timed", "a timer is due while a worker sleeps with a timeout",
     timer_is_due_while_one_sleeps},
    {"park.hand_on", "a worker takes its own work while the global queue has some and one sleeps",
     hands_on},
    {"park.credit_back",
     "a worker sleeps because another's reservation, which may fail, hides work",
     nothing_seen_behind_a_reservation},
}};

std::string worker_text(std::uint8_t worker) {
  return "w" + std::to_string(worker);
}
std::string publisher_text(std::uint8_t publisher) {
  return "p" + std::to_string(publisher);
}
std::string_view at_text(At at) {
  static constexpr std::array<std::string_view, 10> words{
      "Looking",   "Reserved",  "HandingOn", "Busy",  "Parking",
      "Announced", "Committed", "Asleep",    "Woken", "Exited"};
  return words[static_cast<std::size_t>(at)];
}
std::string_view brings_text(Brings brings) {
  static constexpr std::array<std::string_view, 4> words{"Global", "Local", "Timer", "Shutdown"};
  return words[static_cast<std::size_t>(brings)];
}
std::string_view stage_text(Publishing stage) {
  static constexpr std::array<std::string_view, 4> words{"nothing", "counted", "enqueued", "wakes"};
  return words[static_cast<std::size_t>(stage)];
}

}  // namespace

std::span<const Invariant> invariants() {
  return catalogue;
}
std::span<const Case> cases() {
  return worth_reaching;
}

bool is_at_rest(const State& s) {
  const int gone = count_workers(s, [](const Worker& worker) {
    return worker.at == At::Exited || (worker.at == At::Asleep && !worker.permit);
  });
  const int local = count_workers(s, [](const Worker& worker) { return worker.local > 0; });
  if (gone != s.worker_count) return false;
  if (some_publisher(s, [](const Publisher& p) { return p.stage != Publishing::Nothing; }))
    return false;
  if (s.shutdown)
    return count_workers(s, [](const Worker& w) { return w.at == At::Exited; }) == s.worker_count;
  return local == 0 && s.published == 0 && s.length == 0 && s.hint == 0 && !s.timer_pending;
}

std::string_view action_verb(std::size_t index) {
  static constexpr std::array<std::string_view, action_count> verbs{
      "look",    "dequeue",  "hand_on", "finish_work", "announce", "recheck", "sleep",
      "wake_up", "time_out", "bring",   "enqueue",     "publish",  "unpark",  "tick"};
  return verbs[index];
}

std::string to_text(const Action& action) {
  const std::string arguments = std::visit(
      overloaded{
          [](const Dequeue& a) { return worker_text(a.worker) + (a.fails ? " fails" : ""); },
          [](const Bring& a) {
            return publisher_text(a.publisher) + ", " + std::string(brings_text(a.brings)) +
                   (a.brings == Brings::Local ? " " + worker_text(a.worker) : "");
          },
          [](const Enqueue& a) { return publisher_text(a.publisher); },
          [](const Publish& a) { return publisher_text(a.publisher); },
          [](const Unpark& a) { return publisher_text(a.publisher); },
          [](const Tick&) { return std::string(); },
          [](const auto& a) { return worker_text(a.worker); },
      },
      action);
  return std::string(action_verb(action.index())) + "(" + arguments + ")";
}

std::string to_text(const State& s) {
  std::string text = "published " + number(s.published) + " length " + number(s.length) + " hint " +
                     number(s.hint);
  if (s.timer_pending) text += s.timer_due ? " timer due" : " timer set";
  if (s.shutdown) text += " shutdown";
  for (std::uint8_t i = 0; i < s.worker_count; ++i) {
    const Worker& worker = s.workers[i];
    text += ", " + worker_text(i) + " " + std::string(at_text(worker.at));
    if (worker.local > 0) text += " own " + number(worker.local);
    if (worker.waiting) text += " waiting";
    if (worker.permit) text += " permit";
    if (worker.has_timeout) text += " timed";
  }
  for (std::uint8_t i = 0; i < s.publisher_count; ++i) {
    const Publisher& publisher = s.publishers[i];
    if (publisher.stage == Publishing::Nothing) continue;
    text += ", " + publisher_text(i) + " " + std::string(brings_text(publisher.brings)) + " " +
            std::string(stage_text(publisher.stage));
    if (wakes(publisher)) text += " next " + worker_text(publisher.next);
  }
  return text;
}

}  // namespace quiesce::spec::scheduling::parking
