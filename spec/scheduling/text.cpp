// The words of the scheduler.
#include <array>

#include "spec/scheduling/action.hpp"
#include "spec/scheduling/state.hpp"
#include "spec/vocabulary/action.hpp"

namespace quiesce::spec::scheduling {
namespace {

template <class Enum, std::size_t size>
std::string_view word(const std::array<std::string_view, size>& words, Enum value) {
  return words[static_cast<std::size_t>(value)];
}
std::string worker_text(WorkerNumber worker) {
  return worker == no_worker ? "global" : "w" + std::to_string(worker);
}
std::string waker_text(std::uint8_t waker) {
  return "a" + std::to_string(waker);
}

std::string text_of(const TaskRecord& task, std::size_t slot) {
  std::string text = "s" + std::to_string(slot) + " ";
  if (task.name.is_none()) return text + "free";
  text += quiesce::to_text(task.name) + " " + std::string(to_text(task.wake));
  if (task.pinned_to != no_worker) text += " pinned to " + worker_text(task.pinned_to);
  if (task.cancelling) text += " cancelling";
  if (!task.future_stored) text += " (future taken)";
  return text;
}

}  // namespace

std::string_view to_text(Lane lane) {
  return word(std::array<std::string_view, 3>{"Cancel", "Timed", "Ready"}, lane);
}
std::string_view to_text(WakeState wake) {
  return word(std::array<std::string_view, 3>{"Idle", "Polling", "Notified"}, wake);
}
std::string_view to_text(Hand hand) {
  return word(std::array<std::string_view, 6>{"Empty", "Picked", "Polling", "StoredBack",
                                              "OwesEntry", "OwesClear"},
              hand);
}
std::string_view to_text(Guard guard) {
  return word(
      std::array<std::string_view, guard_count>{
          "SlotFree", "TaskExists", "NotCancelling", "WorkerExists", "WakerExists",
          "WakerOwesNothing", "WakerOwes", "HandEmpty", "HandPicked", "HandPolling",
          "HandStoredBack", "HandOwesEntry", "HandOwesClear", "VictimIsOther", "NothingOfItsOwn",
          "VictimHasReadyWork", "TimeNotBackwards"},
      guard);
}
std::string to_text(const TaskRef& task) {
  return quiesce::to_text(task.name) + " in s" + std::to_string(task.slot);
}

std::string to_text(const State& s, const Entry& entry) {
  std::string text = worker_text(entry.place) + " " + std::string(to_text(entry.lane)) + " " +
                     quiesce::to_text(entry.task.name) + "#" + std::to_string(entry.generation);
  if (entry.lane == Lane::Timed) text += " due " + std::to_string(entry.deadline_ticks);
  return is_effective(s, entry) ? text : text + " (stale)";
}

std::string to_text(const State& s) {
  std::string text = "now " + std::to_string(s.now) + (s.draining ? " draining" : "");
  for (std::size_t slot = 0; slot < s.slots.size(); ++slot) {
    text += ", " + text_of(s.slots[slot], slot);
  }
  for (const Entry& entry : s.entries) text += ", " + to_text(s, entry);
  for (std::size_t number = 0; number < s.workers.size(); ++number) {
    const Worker& worker = s.workers[number];
    if (worker.hand == Hand::Empty && worker.streak == 0) continue;
    text += ", w" + std::to_string(number) + " " + std::string(to_text(worker.hand));
    if (worker.hand != Hand::Empty) text += " " + quiesce::to_text(worker.task.name);
    if (worker.streak != 0) text += " streak " + std::to_string(worker.streak);
  }
  for (std::size_t number = 0; number < s.wakers.size(); ++number) {
    const Waker& waker = s.wakers[number];
    if (waker.owes == Owes::Nothing) continue;
    text += ", a" + std::to_string(number) + " owes " + quiesce::to_text(waker.task.name) +
            (waker.owes == Owes::Injection ? " an injection" : " an entry");
  }
  return text;
}

std::string_view action_verb(std::size_t index) {
  static constexpr std::array<std::string_view, action_count> verbs{
      "spawn",        "wake",         "request_cancel", "push",  "inject_ready", "inject_timed",
      "advance_time", "set_draining", "dispatch",       "steal", "begin_poll",   "pend",
      "finish_poll",  "requeue",      "complete",       "clear"};
  return verbs[index];
}

std::string to_text(const Action& action) {
  const std::string arguments = std::visit(
      overloaded{
          [](const Spawn& a) {
            const std::string pinned = a.pinned_to == no_worker ? "" : "pinned to ";
            return to_text(a.task) + ", " + pinned +
                   worker_text(pinned.empty() ? a.place : a.pinned_to);
          },
          [](const Wake& a) {
            return quiesce::to_text(a.task.name) + ", by " + waker_text(a.waker);
          },
          [](const RequestCancel& a) {
            return quiesce::to_text(a.task.name) + ", by " + waker_text(a.waker);
          },
          [](const Push& a) { return waker_text(a.waker); },
          [](const InjectReady& a) { return quiesce::to_text(a.task.name); },
          [](const InjectTimed& a) {
            return quiesce::to_text(a.task.name) + ", due " + std::to_string(a.deadline_ticks);
          },
          [](const AdvanceTime& a) { return std::to_string(a.to_ticks); },
          [](const SetDraining& a) { return std::string(a.draining ? "true" : "false"); },
          [](const Steal& a) { return worker_text(a.worker) + " from " + worker_text(a.victim); },
          [](const auto& a) { return worker_text(a.worker); },
      },
      action);
  return std::string(action_verb(action.index())) + "(" + arguments + ")";
}

}  // namespace quiesce::spec::scheduling
