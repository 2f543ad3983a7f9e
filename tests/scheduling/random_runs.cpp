// Longer runs with more workers and tasks than can be explored: every sentence, after every step.
#include <boost/test/unit_test.hpp>
// RapidCheck's macros come after Boost.Test.
#include <rapidcheck/boost_test.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "spec/scheduling/invariants.hpp"
#include "spec/scheduling/parking.hpp"
#include "spec/scheduling/step.hpp"

using namespace quiesce::spec::scheduling;
using quiesce::TaskName;

namespace {

constexpr Sizes sizes{.slots = 5, .workers = 3, .wakers = 3, .limit = 2};

/// What was answered so far, over all runs of this program: "dispatch Dispatched" …
std::set<std::string> answered;
std::set<std::string> shown;

/// A step is a few numbers: whatever they are, they mean one, and any of them can be left out.
struct Numbers {
  std::uint32_t verb, a, b;
};

/// One slot, one worker and one waker more than there are, so that every guard is asked.
struct Script {
  std::vector<TaskRef> tasks;  ///< every task that was spawned, and one that never was

  Action action(const Numbers& n, const State& s) {
    const TaskRef task = tasks[n.a % tasks.size()];
    const auto waker = static_cast<std::uint8_t>(n.b % (sizes.wakers + 1));
    const auto worker = static_cast<WorkerNumber>(n.a % (sizes.workers + 1));
    switch (n.verb % 32) {
      case 0:
      case 1: return spawn(n);
      case 2: return Wake{waker, task};
      case 3: return RequestCancel{waker, task};
      case 4: return InjectReady{task};
      case 5: return InjectTimed{task, s.now + n.b % 5};
      case 6: return AdvanceTime{later(s.now, n.b)};
      case 7: return SetDraining{n.b % 4 == 0 ? !s.draining : s.draining};
      case 8: return Steal{worker, static_cast<WorkerNumber>(n.b % (sizes.workers + 1))};
      case 9:
      case 10: return Complete{worker};
      default: return of_a_worker(n, worker, waker);
    }
  }

 private:
  /// Mostly the same time, now and then a tick later, or before.
  static quiesce::Time later(quiesce::Time now, std::uint32_t number) {
    if (number % 12 == 0) return now + 1;
    return number % 12 == 1 && now > 0 ? now - 1 : now;
  }
  Action spawn(const Numbers& n) {
    const TaskRef task{static_cast<std::uint8_t>(n.a % (sizes.slots + 1)),
                       TaskName{static_cast<std::uint32_t>(tasks.size())}};
    const auto anyone = [](std::uint32_t number) {
      const auto worker = static_cast<WorkerNumber>(number % (sizes.workers + 2));
      return worker > sizes.workers ? no_worker : worker;
    };
    const bool pinned = n.b % 3 == 0;
    tasks.push_back(task);
    return Spawn{task, anyone(n.b / 3), pinned ? anyone(n.b / 3) : no_worker};
  }
  static Action of_a_worker(const Numbers& n, WorkerNumber worker, std::uint8_t waker) {
    switch (n.verb % 7) {
      case 0: return Push{waker};
      case 1: return BeginPoll{worker};
      case 2: return Pend{worker};
      case 3: return FinishPoll{worker};
      case 4: return Requeue{worker};
      case 5: return Clear{worker};
      default: return Dispatch{worker};
    }
  }
};

std::string answer_class(const Action& action, const Answer& answer) {
  std::string text{action_verb(action.index())};
  if (const auto* refused = std::get_if<Refused>(&answer))
    return text + " Refused " + std::string(to_text(refused->guard));
  static constexpr const char* words[] = {" Done", " Dispatched", " LookedInVain", " Dropped"};
  return text + words[answer.index()];
}

void check_step(const State& before, const History& past, const Action& action,
                const Answer& answer, const State& after, const History& history) {
  for (const auto& row : invariants()) {
    const auto broken = row.violated(after, history);
    if (broken) RC_LOG() << row.id << ": " << *broken << "\n";
    RC_ASSERT(!broken);
    if (row.interesting(after, history)) shown.insert(std::string(row.id));
  }
  const Transition step{before, past, action, answer, after};
  for (const auto& row : step_properties()) {
    const auto broken = row.violated(step);
    if (broken) RC_LOG() << row.id << ": " << *broken << "\n";
    RC_ASSERT(!broken);
    if (row.interesting(step)) shown.insert(std::string(row.id));
  }
  for (const auto& row : cases()) {
    if (row.shown(step)) shown.insert(std::string(row.id));
  }
}

/// How many cancel dispatches a worker has made since each other entry was first visible to it.
class Waits {
 public:
  void see(const State& s, const Action& action, const Answer& answer) {
    const auto* dispatch = std::get_if<Dispatch>(&action);
    const auto* taken = std::get_if<Dispatched>(&answer);
    if (dispatch == nullptr) return;
    auto& waited = waited_[dispatch->worker];
    if (taken == nullptr || taken->entry.lane != Lane::Cancel) return waited.clear();
    for (const Entry& entry : s.entries) {
      const bool sees = entry.place == dispatch->worker || entry.place == no_worker;
      const bool waits = sees && entry.lane != Lane::Cancel && is_effective(s, entry);
      if (!waits || !is_due(s, entry)) continue;
      const unsigned now = ++waited[{entry.task.name.value, entry.generation}];
      RC_ASSERT(now <= (s.draining ? 2U : 1U) * s.limit);
      unsigned& longest = s.draining ? longest_draining : longest_otherwise;
      longest = std::max(longest, now);
    }
  }
  static inline unsigned longest_otherwise = 0;
  static inline unsigned longest_draining = 0;

 private:
  std::map<std::pair<std::uint32_t, std::uint32_t>, unsigned> waited_[sizes.workers];
};

rc::Gen<std::vector<Numbers>> any_script(int least, int most) {
  const auto number = [](std::uint32_t below) {
    return rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::uint32_t>(0, below));
  };
  return rc::gen::mapcat(rc::gen::inRange(least, most), [number](int length) {
    return rc::gen::container<std::vector<Numbers>>(
        static_cast<std::size_t>(length),
        rc::gen::construct<Numbers>(number(32 * 7), number(60), number(60)));
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scheduling_runs)

RC_BOOST_PROP(every_step_of_a_long_run_keeps_every_sentence, ()) {
  const auto numbers = *any_script(2'000, 4'000);
  Script script{{TaskRef{0, TaskName{9'999}}}};
  State s = initial(sizes);
  History history = initial_history(s);
  Waits waits;
  s.draining = numbers.front().a % 2 == 0;
  for (const Numbers& n : numbers) {
    const Action action = script.action(n, s);
    const State before = s;
    const History past = history;
    const Answer answer = apply(s, action);
    answered.insert(answer_class(action, answer));
    if (is_refused(answer)) {
      RC_ASSERT(s == before);
      continue;
    }
    observe(history, before, action, answer, s);
    check_step(before, past, action, answer, s, history);
    waits.see(before, action, answer);
  }
}

RC_BOOST_PROP(run_that_is_left_to_its_workers_comes_to_rest, ()) {
  const auto numbers = *any_script(50, 300);
  Script script{{TaskRef{0, TaskName{9'999}}}};
  State s = initial(sizes);
  History history = initial_history(s);
  const auto step = [&](const Action& action) {
    const State before = s;
    const Answer answer = apply(s, action);
    observe(history, before, action, answer, s);
    return !is_refused(answer) && !(s == before);
  };
  for (const Numbers& n : numbers) static_cast<void>(step(script.action(n, s)));

  static_cast<void>(step(AdvanceTime{s.now + 10}));
  int rounds = 0;
  for (bool moved = true; moved; ++rounds) {
    RC_ASSERT(rounds < 1'000);
    moved = false;
    for (std::uint8_t waker = 0; waker < sizes.wakers; ++waker) moved |= step(Push{waker});
    for (WorkerNumber w = 0; w < sizes.workers; ++w) {
      for (const Action& action : {Action{Dispatch{w}}, Action{BeginPoll{w}}, Action{Pend{w}},
                                   Action{FinishPoll{w}}, Action{Requeue{w}}, Action{Clear{w}}})
        moved |= step(action);
      for (WorkerNumber victim = 0; victim < sizes.workers; ++victim)
        moved |= step(Steal{w, victim});
    }
  }
  RC_ASSERT(is_at_rest(s, history));
}

BOOST_AUTO_TEST_CASE(random_runs_have_met_every_answer_and_every_case) {
  for (const char* const row : {"spawn Done",
                                "spawn Refused SlotFree",
                                "spawn Refused WorkerExists",
                                "wake Done",
                                "wake Refused WakerExists",
                                "wake Refused WakerOwesNothing",
                                "request_cancel Done",
                                "request_cancel Refused TaskExists",
                                "request_cancel Refused NotCancelling",
                                "request_cancel Refused WakerExists",
                                "request_cancel Refused WakerOwesNothing",
                                "push Done",
                                "push Refused WakerExists",
                                "push Refused WakerOwes",
                                "inject_ready Done",
                                "inject_ready Refused TaskExists",
                                "inject_timed Done",
                                "inject_timed Refused TaskExists",
                                "advance_time Done",
                                "advance_time Refused TimeNotBackwards",
                                "set_draining Done",
                                "dispatch Dispatched",
                                "dispatch LookedInVain",
                                "dispatch Refused WorkerExists",
                                "dispatch Refused HandEmpty",
                                "steal Dispatched",
                                "steal Refused WorkerExists",
                                "steal Refused HandEmpty",
                                "steal Refused VictimIsOther",
                                "steal Refused NothingOfItsOwn",
                                "steal Refused VictimHasReadyWork",
                                "begin_poll Done",
                                "begin_poll Dropped",
                                "begin_poll Refused WorkerExists",
                                "begin_poll Refused HandPicked",
                                "pend Done",
                                "pend Refused WorkerExists",
                                "pend Refused HandPolling",
                                "finish_poll Done",
                                "finish_poll Refused WorkerExists",
                                "finish_poll Refused HandStoredBack",
                                "requeue Done",
                                "requeue Refused WorkerExists",
                                "requeue Refused HandOwesEntry",
                                "complete Done",
                                "complete Refused WorkerExists",
                                "complete Refused HandPolling",
                                "clear Done",
                                "clear Refused WorkerExists",
                                "clear Refused HandOwesClear"}) {
    BOOST_TEST(answered.contains(row), row << " was never met");
  }
  for (const auto& row : invariants())
    BOOST_TEST(shown.contains(std::string(row.id)), row.interesting_case << " was never met");
  for (const auto& row : step_properties())
    BOOST_TEST(shown.contains(std::string(row.id)), row.interesting_case << " was never met");
  for (const auto& row : cases())
    BOOST_TEST(shown.contains(std::string(row.id)), row.sentence << " was never met");
  // The bounds are reached.
  BOOST_TEST(Waits::longest_otherwise == sizes.limit);
  BOOST_TEST(Waits::longest_draining == 2U * sizes.limit);
}

RC_BOOST_PROP(parking_of_four_workers_keeps_every_sentence_and_comes_to_rest, ()) {
  namespace p = parking;
  const auto numbers = *any_script(100, 400);
  p::State s{.worker_count = 4,
             .publisher_count = 3,
             .to_publish = 20,
             .may_fail = 3,
             .timer_allowed = true,
             .shutdown_allowed = false};
  std::vector<p::Action> alphabet{p::Tick{}};
  for (std::uint8_t w = 0; w < s.worker_count; ++w) {
    for (const p::Action& action :
         {p::Action{p::Look{w}}, p::Action{p::Dequeue{w}}, p::Action{p::Dequeue{w, true}},
          p::Action{p::HandOn{w}}, p::Action{p::FinishWork{w}}, p::Action{p::Announce{w}},
          p::Action{p::Recheck{w}}, p::Action{p::Sleep{w}}, p::Action{p::WakeUp{w}},
          p::Action{p::TimeOut{w}}})
      alphabet.push_back(action);
  }
  for (std::uint8_t b = 0; b < s.publisher_count; ++b) {
    for (const p::Action& action :
         {p::Action{p::Enqueue{b}}, p::Action{p::Publish{b}}, p::Action{p::Unpark{b}}})
      alphabet.push_back(action);
  }
  const auto step = [&](const p::Action& action) {
    if (!p::apply(s, action)) return false;
    for (const auto& row : p::invariants()) {
      const auto broken = row.violated(s);
      if (broken) RC_LOG() << row.id << ": " << *broken << "\n";
      RC_ASSERT(!broken);
    }
    return true;
  };
  for (const Numbers& n : numbers) {
    if (n.verb % 6 == 0) {
      const auto brings = static_cast<p::Brings>(n.a % 3);
      static_cast<void>(step(p::Bring{static_cast<std::uint8_t>(n.b % 3), brings,
                                      static_cast<std::uint8_t>(n.b / 3 % 4)}));
    }
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
      if (step(alphabet[(n.a * 7 + n.b + i) % alphabet.size()])) break;
    }
  }
  s.to_publish = 0;
  s.timer_allowed = false;
  int rounds = 0;
  for (bool moved = true; moved; ++rounds) {
    RC_ASSERT(rounds < 1'000);
    moved = false;
    for (const p::Action& action : alphabet) moved |= step(action);
  }
  RC_ASSERT(p::is_at_rest(s));
}

BOOST_AUTO_TEST_SUITE_END()
