// Random scripts over more names than the models have: every invariant and every property of steps
// after each action, and every answer compared with a reference.
#include <boost/test/unit_test.hpp>
#include <map>
// RapidCheck's macros come after Boost.Test.
#include <rapidcheck/boost_test.h>

#include "models/explore/models/mpsc.hpp"
#include "models/explore/models/notify.hpp"
#include "tests/channel/references.hpp"

using namespace quiesce;
using namespace quiesce::channel;
using namespace quiesce::channel_tests;

namespace {

/// A script is any list of numbers; what a number means depends on what there is when its turn
/// comes, so every sublist is a script.
using Script = std::vector<std::uint32_t>;

/// Takes a number apart.
class Digits {
 public:
  explicit Digits(std::uint32_t number) : rest_(number) {}
  std::uint32_t below(std::uint32_t bound) {
    const std::uint32_t digit = rest_ % bound;
    rest_ /= bound;
    return digit;
  }

 private:
  std::uint32_t rest_;
};

rc::Gen<Script> scripts() {
  const auto number = rc::gen::resize(100, rc::gen::inRange<std::uint32_t>(0, 0xFFFF'FFFFU));
  return rc::gen::scale(6.0, rc::gen::container<Script>(number));
}

// How often each verb got each answer, payloads apart; judged at the end.
std::map<std::string, std::uint64_t> coverage;

void count(std::string_view verb, const channel::Answer& answer) {
  std::string text = to_text(answer);
  if (is_done(answer)) text = text.substr(0, text.find(' '));
  ++coverage[std::string(verb) + ": " + text];
}

template <class State, class Action, class Invariants, class Properties, class Reference>
void take(State& state, const Action& action, std::string_view verb, const Invariants& invariants,
          const Properties& properties, Reference& reference) {
  const State before = state;
  const channel::Answer answer = apply(state, action);
  const std::string spec_says = to_text(answer);
  const auto reference_says = reference.answer(action);
  count(verb, answer);
  RC_LOG() << to_text(action) << " answers " << spec_says << "\n";
  if (reference_says) RC_ASSERT(spec_says == *reference_says);
  if (!is_done(answer)) RC_ASSERT(state == before);
  for (const auto& row : invariants) RC_ASSERT(row.violated(state).value_or("") == "");
  if (!is_done(answer)) return;
  for (const auto& row : properties)
    RC_ASSERT(row.violated({before, action, answer, state}).value_or("") == "");
}

constexpr std::uint32_t most_futures = 24;

NotifyAction notify_action(const Notify& s, Digits digits) {
  const std::uint32_t verb = digits.below(13);
  const auto fresh = static_cast<std::uint32_t>(s.futures.size());
  if ((verb == 0 || verb > 9) && fresh < most_futures) return CreateFuture{WaiterName{fresh}};
  const WaiterName name{digits.below(std::min(fresh + 1, most_futures))};
  switch (verb) {
    case 0: return CreateFuture{name};
    case 1:
    case 2:
    case 3: return PollFuture{name};
    case 4:
    case 5: return RegisterFuture{name};
    case 6:
    case 7: return DropFuture{name};
    case 8: return digits.below(4) == 0 ? NotifyAction{NotifyWaiters{}} : NotifyAction{NotifyOne{}};
    default: return DeliverWake{name};
  }
}

constexpr std::uint32_t tasks = 5;
constexpr std::uint32_t most_obligations = 2;

/// A fresh name mostly, one of those before it at times.
std::uint32_t mostly_fresh(std::size_t known, Digits& digits) {
  const auto fresh = static_cast<std::uint32_t>(known);
  return digits.below(8) == 0 ? digits.below(fresh + 1) : fresh;
}

MpscAction runtime_action(TaskName task, Digits& digits) {
  const std::uint32_t which = digits.below(16);
  if (which == 0) return RunRuntime{CloseRegion{.region = root_region}};
  if (which < 6) return RunRuntime{CancelTask{.task = task}};
  return RunRuntime{Return{.task = task}};
}

MpscAction mpsc_action(const Mpsc& s, Digits digits) {
  const Channel& c = s.channel;
  const std::uint32_t verb = digits.below(24);
  const TaskName task{digits.below(tasks)};
  const ValueName value{mostly_fresh(c.handed.size(), digits)};
  const ObligationName fresh{mostly_fresh(s.runtime.obligations.size(), digits)};
  const auto given = static_cast<std::uint32_t>(c.permits.size());
  const ObligationName known{given - std::min(given, digits.below(5))};
  const Permit* const permit = find_permit(c, known);
  const TaskName actor = permit == nullptr || digits.below(8) == 0 ? task : permit->holder;
  switch (verb) {
    case 0:
    case 1:
    case 2: return CloneSender{TaskName{digits.below(tasks)}, TaskName{digits.below(tasks + 1)}};
    case 3: return DropSender{task};
    case 4:
    case 5: return TrySend{task, value};
    case 6: return TryReserve{task, fresh};
    case 7:
    case 8:
    case 9:
    case 10: return PollReserve{task, fresh};
    case 11: return DropReserve{task};
    case 12:
    case 13: return SendPermitted{known, actor, value};
    case 14:
      return ReleasePermit{known, actor,
                           digits.below(2) == 0 ? AbortReason::Error : AbortReason::Explicit};
    case 15:
    case 16:
    case 17: return PollReceive{};
    case 18:
    case 19: return RegisterReceiver{};
    case 20:
      return digits.below(6) == 0 ? MpscAction{DropReceiver{}} : MpscAction{DestroyDrained{}};
    case 21: return WakeSender{task};
    case 22: return WakeReceiver{};
    default: return runtime_action(task, digits);
  }
}

spec::State runtime_of_many() {
  spec::State runtime = spec::initial();
  runtime.regions.front().limits.obligations = most_obligations;
  for (std::uint32_t i = 0; i < tasks; ++i) {
    runtime = spec::step(runtime, Spawn{.name = TaskName{i}, .region = root_region}).after;
    runtime = spec::step(runtime, Start{TaskName{i}}).after;
  }
  return runtime;
}

void check_refusals(std::span<const explore::RefusalCell> cells) {
  for (const explore::RefusalCell& cell : cells) {
    const std::string row = std::string(cell.action) + ": Refused{" + std::string(cell.guard) + "}";
    BOOST_TEST(coverage[row] > 0U, row << " was never met");
  }
}
/// Every refusal that was met is one that the rule's list has.
void check_no_other_refusals(std::span<const explore::RefusalCell> cells, std::string_view verb) {
  for (const auto& [row, times] : coverage) {
    const std::string beginning = std::string(verb) + ": Refused{";
    if (row.rfind(beginning, 0) != 0) continue;
    const std::string guard = row.substr(beginning.size(), row.size() - beginning.size() - 1);
    BOOST_TEST(std::any_of(cells.begin(), cells.end(),
                           [&](const explore::RefusalCell& cell) {
                             return cell.action == verb && cell.guard == guard;
                           }),
               row << " is not in the list");
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(channel_scripts)

RC_BOOST_PROP(notify_keeps_its_invariants_and_answers_as_the_reference, ()) {
  const Script script = *scripts();
  Notify state;
  NotifyReference reference;
  for (const std::uint32_t number : script) {
    const NotifyAction action = notify_action(state, Digits(number));
    take(state, action, notify_verb(action.index()), notify_invariants(), notify_step_properties(),
         reference);
  }
}

RC_BOOST_PROP(mpsc_keeps_its_invariants_and_answers_as_the_reference, ()) {
  const std::uint32_t capacity = *rc::gen::inRange<std::uint32_t>(1, 6);
  const Script script = *scripts();
  Mpsc state = mpsc(capacity, TaskName{0}, runtime_of_many());
  MpscReference reference(capacity, tasks, most_obligations);
  for (const std::uint32_t number : script) {
    const MpscAction action = mpsc_action(state, Digits(number));
    take(state, action, mpsc_verb(action.index()), mpsc_invariants(), mpsc_step_properties(),
         reference);
  }
}

BOOST_AUTO_TEST_CASE(scripts_met_every_refusal_and_no_other) {
  const explore::NotifyMachine notify({});
  check_refusals(notify.refusals());
  for (const std::string_view verb : notify.verbs())
    check_no_other_refusals(notify.refusals(), verb);
  const explore::MpscMachine mpsc({});
  check_refusals(mpsc.refusals());
  for (const std::string_view verb : mpsc.verbs()) check_no_other_refusals(mpsc.refusals(), verb);
}

BOOST_AUTO_TEST_CASE(scripts_met_every_answer_that_waits_or_fails) {
  for (const char* const row :
       {"poll: Done{Notified", "register: Done{Notified", "drop: Done{Chosen", "drop: Done{Stored}",
        "poll_reserve: Done{Granted}", "poll_reserve: Done{Denied", "poll_reserve: Done{Pending}",
        "poll_reserve: Done{Disconnected}", "send: Done{Returned", "poll_receive: Done{Received",
        "poll_receive: Done{Disconnected}", "register_receiver: Done{Received",
        "register_receiver: Done{Disconnected}", "destroy_drained: Done"}) {
    BOOST_TEST(coverage[row] > 0U, row << " was never met");
  }
}

BOOST_AUTO_TEST_SUITE_END()
