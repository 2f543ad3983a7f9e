#include "spec/channel/mpsc.hpp"

#include <algorithm>
#include <array>

namespace quiesce::channel {
namespace {

std::string_view to_text(ReceiverPhase phase) {
  static constexpr std::array<std::string_view, 4> words{"Idle", "Looking", "Parked", "Dropped"};
  return words[static_cast<std::size_t>(phase)];
}

std::string list(std::string_view name, const Values& values) {
  if (values.empty()) return {};
  std::string text = ", " + std::string(name);
  for (const ValueName value : values) text += " " + quiesce::to_text(value);
  return text;
}

std::string runtime_text(const spec::State& runtime) {
  std::string text;
  for (const spec::Region& region : runtime.regions) {
    if (region.phase == RegionPhase::Open) continue;
    text += ", " + to_text(region.name) + " " + std::string(to_text(region.phase));
  }
  for (const spec::Task& task : runtime.tasks) {
    if (task.phase == TaskPhase::Running) continue;
    text += ", " + to_text(task.name) + " " + std::string(to_text(task.phase));
  }
  for (const spec::Obligation& obligation : runtime.obligations) {
    text += ", " + to_text(obligation.name) + " of " + to_text(obligation.holder) + " " +
            std::string(to_text(obligation.phase));
  }
  return text;
}

}  // namespace

std::string_view mpsc_verb(std::size_t index) {
  static constexpr std::array<std::string_view, mpsc_action_count> verbs{
      "clone_sender", "drop_sender",       "try_send",      "try_reserve",
      "poll_reserve", "drop_reserve",      "send",          "release",
      "poll_receive", "register_receiver", "drop_receiver", "destroy_drained",
      "wake_sender",  "wake_receiver",     "runtime"};
  return verbs[index];
}

std::string to_text(const MpscAction& action) {
  const auto of = [&](const std::string& arguments) {
    return std::string(mpsc_verb(action.index())) + "(" + arguments + ")";
  };
  return std::visit(
      overloaded{
          [&](const CloneSender& a) { return of(to_text(a.from) + ", " + to_text(a.to)); },
          [&](const TrySend& a) { return of(to_text(a.task) + ", " + to_text(a.value)); },
          [&](const TryReserve& a) { return of(to_text(a.task) + ", " + to_text(a.obligation)); },
          [&](const PollReserve& a) { return of(to_text(a.task) + ", " + to_text(a.obligation)); },
          [&](const SendPermitted& a) {
            return of(to_text(a.obligation) + ", " + to_text(a.actor) + ", " + to_text(a.value));
          },
          [&](const ReleasePermit& a) {
            return of(to_text(a.obligation) + ", " + to_text(a.actor) + ", " +
                      std::string(to_text(a.reason)));
          },
          [&](const RunRuntime& a) { return to_text(a.action); },
          [&](const auto& a) {
            if constexpr (requires { a.task; }) return of(to_text(a.task));
            return of("");
          },
      },
      action);
}

Mpsc mpsc(std::uint32_t capacity, TaskName first_sender, spec::State runtime) {
  Mpsc made{.channel = {}, .runtime = std::move(runtime)};
  made.channel.capacity = capacity;
  made.channel.sender_count = 1;
  made.channel.senders.push_back(Sender{.task = first_sender});
  return made;
}

Answer apply(Mpsc& s, const MpscAction& action) {
  return std::visit(overloaded{
                        [&](const CloneSender& a) { return clone_sender(s, a); },
                        [&](const DropSender& a) { return drop_sender(s, a); },
                        [&](const TrySend& a) { return try_send(s, a); },
                        [&](const TryReserve& a) { return try_reserve(s, a); },
                        [&](const PollReserve& a) { return poll_reserve(s, a); },
                        [&](const DropReserve& a) { return drop_reserve(s, a); },
                        [&](const SendPermitted& a) { return send_permitted(s, a); },
                        [&](const ReleasePermit& a) { return release_permit(s, a); },
                        [&](const PollReceive& a) { return poll_receive(s, a); },
                        [&](const RegisterReceiver& a) { return register_receiver(s, a); },
                        [&](const DropReceiver& a) { return drop_receiver(s, a); },
                        [&](const DestroyDrained& a) { return destroy_drained(s, a); },
                        [&](const WakeSender& a) { return wake_sender(s, a); },
                        [&](const WakeReceiver& a) { return wake_receiver(s, a); },
                        [&](const RunRuntime& a) { return run_runtime(s, a); },
                    },
                    action);
}

const Sender* find_sender(const Channel& c, TaskName task) {
  const auto at = std::find_if(c.senders.begin(), c.senders.end(),
                               [&](const Sender& sender) { return sender.task == task; });
  return at == c.senders.end() ? nullptr : &*at;
}
Sender* find_sender(Channel& c, TaskName task) {
  return const_cast<Sender*>(find_sender(static_cast<const Channel&>(c), task));
}

const Permit* find_permit(const Channel& c, ObligationName obligation) {
  const auto at = std::find_if(c.permits.begin(), c.permits.end(), [&](const Permit& permit) {
    return permit.obligation == obligation;
  });
  return at == c.permits.end() ? nullptr : &*at;
}
Permit* find_permit(Channel& c, ObligationName obligation) {
  return const_cast<Permit*>(find_permit(static_cast<const Channel&>(c), obligation));
}

bool holds_a_permit(const Channel& c, TaskName task) {
  return std::any_of(c.permits.begin(), c.permits.end(),
                     [&](const Permit& permit) { return permit.out && permit.holder == task; });
}

std::string to_text(const Mpsc& s) {
  const Channel& c = s.channel;
  std::string text = "reserved " + std::to_string(c.reserved) + ", receiver " +
                     std::string(to_text(c.receiver)) +
                     (c.receiver_wake_pending ? " wake pending" : "");
  text += list("queue", c.queue) + list("drained", c.drained) + list("received", c.received) +
          list("returned", c.returned) + list("destroyed", c.destroyed);
  for (const Sender& sender : c.senders) {
    text += ", " + to_text(sender.task) + (sender.waiting ? " waits" : " sends");
    if (sender.parked) text += " parked";
    if (sender.wake_pending) text += " wake pending";
  }
  return text + runtime_text(s.runtime);
}

}  // namespace quiesce::channel
