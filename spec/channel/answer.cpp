#include "spec/channel/answer.hpp"

#include <array>
#include <cstddef>

#include "spec/vocabulary/action.hpp"

namespace quiesce::channel {
namespace {

struct GuardWords {
  std::string_view name;
  std::string_view sentence;
};

constexpr std::array<GuardWords, guard_count> guard_words{{
    {"FutureNew", "no future had this name before"},
    {"FutureExists", "the future exists"},
    {"FutureLive", "the future has neither completed nor been dropped"},
    {"FutureBetweenPolls", "the future is not in the middle of a poll"},
    {"FutureLooking", "the future has looked and not registered yet"},
    {"WakePending", "a wake is on its way"},
    {"SenderExists", "the task has a sender"},
    {"SenderNew", "the task has no sender"},
    {"NoFuture", "the task waits for no permit"},
    {"FutureWaiting", "the task waits for a permit"},
    {"NoPermit", "the task holds no permit"},
    {"PermitKnown", "the channel gave a permit for this obligation"},
    {"ObligationNew", "no obligation had this name before"},
    {"NoPermitConcerned", "the action reserves and resolves no permit behind the channel's back"},
    {"ValueNew", "no value had this name before"},
    {"NoWaiter", "no live waiter stands in the line"},
    {"CapacityFree", "the channel has room for one more"},
    {"ReceiverAlive", "the receiver lives"},
    {"ReceiverBetweenPolls", "the receiver is not in the middle of a poll"},
    {"ReceiverLooking", "the receiver has looked and not registered yet"},
    {"ValueDrained", "a drained value waits for its end"},
}};

}  // namespace

std::string_view to_text(Guard guard) {
  return guard_words[static_cast<std::size_t>(guard)].name;
}

std::string_view sentence(Guard guard) {
  return guard_words[static_cast<std::size_t>(guard)].sentence;
}

std::string_view to_text(const AnyGuard& guard) {
  return std::visit([](auto one) { return to_text(one); }, guard);
}

std::string_view to_text(Cause cause) {
  static constexpr std::array<std::string_view, 4> words{"Permit", "One", "Broadcast", "Covered"};
  return words[static_cast<std::size_t>(cause)];
}

std::string to_text(const Answer& answer) {
  if (const Refused* const no = std::get_if<Refused>(&answer))
    return "Refused{" + std::string(to_text(no->guard)) + "}";
  const auto named = [](std::string_view result) { return "Done{" + std::string(result) + "}"; };
  return std::visit(
      overloaded{
          [](const Nothing&) { return std::string("Done"); },
          [&](const NotReady&) { return named("NotReady"); },
          [&](const Pending&) { return named("Pending"); },
          [&](const Notified& r) { return named("Notified " + std::string(to_text(r.cause))); },
          [&](const Chosen& r) { return named("Chosen " + to_text(r.waiter)); },
          [&](const Stored&) { return named("Stored"); },
          [&](const Reached& r) { return named("Reached " + std::to_string(r.waiters)); },
          [&](const Granted&) { return named("Granted"); },
          [&](const Denied& r) { return named("Denied " + std::string(to_text(r.guard))); },
          [&](const Sent&) { return named("Sent"); },
          [&](const Returned& r) { return named("Returned " + to_text(r.value)); },
          [&](const Received& r) { return named("Received " + to_text(r.value)); },
          [&](const Disconnected&) { return named("Disconnected"); },
          [](const FromRuntime& r) { return to_text(quiesce::Answer{r.answer}); },
      },
      std::get<Done>(answer).result);
}

}  // namespace quiesce::channel
