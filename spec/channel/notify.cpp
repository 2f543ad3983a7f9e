#include "spec/channel/notify.hpp"

#include <algorithm>
#include <array>

#include "spec/vocabulary/action.hpp"

namespace quiesce::channel {
namespace {

std::string_view to_text(FuturePhase phase) {
  static constexpr std::array<std::string_view, 5> words{"Created", "Looking", "Waiting",
                                                         "Completed", "Dropped"};
  return words[static_cast<std::size_t>(phase)];
}

}  // namespace

std::string_view notify_verb(std::size_t index) {
  static constexpr std::array<std::string_view, notify_action_count> verbs{
      "notified", "poll", "register", "drop", "notify_one", "notify_waiters", "wake"};
  return verbs[index];
}

std::string to_text(const NotifyAction& action) {
  const std::string verb(notify_verb(action.index()));
  return std::visit(
      [&](const auto& a) {
        if constexpr (requires { a.future; }) return verb + "(" + to_text(a.future) + ")";
        return verb + "()";
      },
      action);
}

Answer apply(Notify& s, const NotifyAction& action) {
  return std::visit(overloaded{
                        [&](const CreateFuture& a) { return create_future(s, a); },
                        [&](const PollFuture& a) { return poll_future(s, a); },
                        [&](const RegisterFuture& a) { return register_future(s, a); },
                        [&](const DropFuture& a) { return drop_future(s, a); },
                        [&](const NotifyOne& a) { return notify_one(s, a); },
                        [&](const NotifyWaiters& a) { return notify_waiters(s, a); },
                        [&](const DeliverWake& a) { return deliver_wake(s, a); },
                    },
                    action);
}

const NotifyFuture* find(const Notify& s, WaiterName name) {
  const auto at = std::find_if(s.futures.begin(), s.futures.end(),
                               [&](const NotifyFuture& future) { return future.name == name; });
  return at == s.futures.end() ? nullptr : &*at;
}

NotifyFuture* find(Notify& s, WaiterName name) {
  return const_cast<NotifyFuture*>(find(static_cast<const Notify&>(s), name));
}

Mark mark_of(const Notify& s, const NotifyFuture& future) {
  const WaiterEntry* const entry = entry_of(s.waiters, future.ticket);
  return entry == nullptr ? Mark::None : entry->mark;
}

bool carries_one(const Notify& s, const NotifyFuture& future) {
  return mark_of(s, future) == Mark::One && future.generation == s.generation;
}

bool is_covered(const Notify& s, const NotifyFuture& future) {
  return mark_of(s, future) == Mark::One && future.generation < s.generation;
}

std::string to_text(const Notify& s) {
  std::string text =
      "generation " + std::to_string(s.generation) + ", permits " + std::to_string(s.permits);
  for (const NotifyFuture& future : s.futures) {
    text += ", " + to_text(future.name) + " " + std::string(to_text(future.phase));
    if (const Mark mark = mark_of(s, future); mark != Mark::None)
      text += mark == Mark::One ? " chosen" : " reached";
    if (future.cause) text += " " + std::string(to_text(*future.cause));
    if (future.parked) text += " parked";
    if (future.wake_pending) text += " wake pending";
  }
  return text;
}

}  // namespace quiesce::channel
