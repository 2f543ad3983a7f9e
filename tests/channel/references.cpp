#include "tests/channel/references.hpp"

#include <algorithm>

namespace quiesce::channel_tests {
namespace {

using namespace channel;

std::string no(const std::string& guard) {
  return "Refused{" + guard + "}";
}
std::string yes(const std::string& result) {
  return "Done{" + result + "}";
}
std::string named(char letter, std::uint32_t number) {
  return letter + std::to_string(number);
}
bool contains(const std::deque<std::uint32_t>& names, std::uint32_t name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

// ---- notify

std::string NotifyReference::give_one() {
  if (line_.empty()) {
    ++permits_;
    return yes("Stored");
  }
  const std::uint32_t oldest = line_.front();
  line_.pop_front();
  futures_[oldest].chosen_in = generation_;
  return yes("Chosen " + named('w', oldest));
}

std::optional<std::string> NotifyReference::at_once(Future& future) {
  if (generation_ == future.born && permits_ == 0) return std::nullopt;
  future.looking = false;
  future.ended = true;
  if (generation_ != future.born) return yes("Notified Broadcast");
  --permits_;
  return yes("Notified Permit");
}

std::string NotifyReference::poll(std::uint32_t name) {
  if (!futures_.contains(name)) return no("FutureExists");
  Future& future = futures_[name];
  if (future.ended) return no("FutureLive");
  if (future.looking) return no("FutureBetweenPolls");
  if (!future.waiting) {
    if (const auto done = at_once(future)) return *done;
    future.looking = true;
    return yes("NotReady");
  }
  if (contains(line_, name)) return yes("Pending");
  future.ended = true;
  if (!future.chosen_in) return yes("Notified Broadcast");
  return yes(*future.chosen_in == generation_ ? "Notified One" : "Notified Covered");
}

std::string NotifyReference::drop(std::uint32_t name) {
  if (!futures_.contains(name)) return no("FutureExists");
  Future& future = futures_[name];
  if (future.ended) return no("FutureLive");
  if (future.looking) return no("FutureBetweenPolls");
  future.ended = true;
  line_.erase(std::remove(line_.begin(), line_.end(), name), line_.end());
  return future.chosen_in == generation_ ? give_one() : "Done";
}

std::optional<std::string> NotifyReference::answer(const NotifyAction& action) {
  if (const auto* const a = std::get_if<CreateFuture>(&action)) {
    const bool is_new = futures_.emplace(a->future.value, Future{.born = generation_}).second;
    return is_new ? "Done" : no("FutureNew");
  }
  if (const auto* const a = std::get_if<PollFuture>(&action)) return poll(a->future.value);
  if (const auto* const a = std::get_if<DropFuture>(&action)) return drop(a->future.value);
  if (const auto* const a = std::get_if<RegisterFuture>(&action)) {
    if (!futures_.contains(a->future.value)) return no("FutureExists");
    Future& future = futures_[a->future.value];
    if (!future.looking) return no("FutureLooking");
    if (const auto done = at_once(future)) return *done;
    future.looking = false;
    future.waiting = true;
    line_.push_back(a->future.value);
    return yes("Pending");
  }
  if (std::holds_alternative<NotifyOne>(action)) return give_one();
  if (std::holds_alternative<NotifyWaiters>(action)) {
    const std::size_t reached = line_.size();
    line_.clear();
    ++generation_;
    return yes("Reached " + std::to_string(reached));
  }
  return std::nullopt;
}

// ---- mpsc

MpscReference::MpscReference(std::size_t capacity, std::uint32_t tasks,
                             std::size_t most_obligations)
    : capacity_(capacity), most_obligations_(most_obligations), senders_{0}, tasks_(tasks) {
  for (std::uint32_t task = 0; task < tasks; ++task) live_.insert(task);
}

std::size_t MpscReference::promised() const {
  return static_cast<std::size_t>(std::count_if(promises_.begin(), promises_.end(),
                                                [](const auto& row) { return row.second.open; }));
}

void MpscReference::leave_line(std::uint32_t task) {
  line_.erase(std::remove(line_.begin(), line_.end(), task), line_.end());
}

std::string MpscReference::no_room_for(std::uint32_t task) const {
  if (!senders_.contains(task)) return no("SenderExists");
  if (!receiver_lives_) return no("ReceiverAlive");
  if (!line_.empty()) return no("NoWaiter");
  return has_room() ? "" : no("CapacityFree");
}

/// The guard that stands against a promise; empty if it was made.
std::string MpscReference::promise(std::uint32_t obligation, std::uint32_t task) {
  if (closing_) return "RegionOpen";
  if (promised() >= most_obligations_) return "WithinLimit";
  promises_[obligation] = Promise{.holder = task};
  return "";
}

std::string MpscReference::resolve(std::uint32_t obligation, std::uint32_t actor) {
  if (!promises_.contains(obligation)) return no("PermitKnown");
  Promise& kept = promises_[obligation];
  if (kept.holder != actor) return no("ActorIsHolder");
  if (is_closed()) return no("RegionNotClosed");
  if (!kept.open) return no("ObligationReserved");
  kept.open = false;
  return "";
}

std::string MpscReference::poll_reserve(std::uint32_t task, std::uint32_t obligation) {
  if (promises_.contains(obligation)) return no("ObligationNew");
  if (!senders_.contains(task)) return no("SenderExists");
  if (!receiver_lives_) {
    leave_line(task);
    return yes("Disconnected");
  }
  if (!contains(line_, task)) line_.push_back(task);
  if (line_.front() != task || !has_room()) return yes("Pending");
  line_.pop_front();
  const std::string guard = promise(obligation, task);
  return yes(guard.empty() ? "Granted" : "Denied " + guard);
}

std::string MpscReference::receive(bool second_half) {
  if (!receiver_lives_) return no("ReceiverAlive");
  if (looking_ != second_half) return no(second_half ? "ReceiverLooking" : "ReceiverBetweenPolls");
  looking_ = queue_.empty() && !senders_.empty() && !second_half;
  if (queue_.empty())
    return yes(senders_.empty() ? "Disconnected" : second_half ? "Pending" : "NotReady");
  const std::uint32_t value = queue_.front();
  queue_.pop_front();
  return yes("Received " + named('v', value));
}

std::string MpscReference::run(const Action& action) {
  if (std::holds_alternative<CloseRegion>(action)) {
    if (closing_) return no("RegionOpen");
    closing_ = true;
    return "Done";
  }
  if (const auto* const a = std::get_if<CancelTask>(&action)) {
    if (!live_.contains(a->task.value)) return no("TaskLive");
    return cancelled_.insert(a->task.value).second ? "Done{changed}" : "Done{unchanged}";
  }
  const std::uint32_t task = std::get<Return>(action).task.value;
  if (live_.erase(task) == 0) return no("TaskLive");
  leave_line(task);
  senders_.erase(task);
  for (auto& [name, kept] : promises_) {
    if (kept.holder == task) kept.open = false;
  }
  return cancelled_.contains(task) ? yes("Completed(Cancelled(User@0 from r0))")
                                   : yes("Completed(Ok)");
}

std::optional<std::string> MpscReference::answer(const MpscAction& action) {
  using Text = std::optional<std::string>;
  return std::visit(overloaded{
                        [&](const CloneSender& a) -> Text {
                          if (!senders_.contains(a.from.value)) return no("SenderExists");
                          if (senders_.contains(a.to.value)) return no("SenderNew");
                          if (a.to.value >= tasks_) return no("TaskExists");
                          if (!live_.contains(a.to.value)) return no("TaskLive");
                          senders_.insert(a.to.value);
                          return "Done";
                        },
                        [&](const DropSender& a) -> Text {
                          if (!senders_.contains(a.task.value)) return no("SenderExists");
                          if (contains(line_, a.task.value)) return no("NoFuture");
                          for (const auto& [name, kept] : promises_) {
                            if (kept.open && kept.holder == a.task.value) return no("NoPermit");
                          }
                          senders_.erase(a.task.value);
                          return "Done";
                        },
                        [&](const TrySend& a) -> Text {
                          if (values_.contains(a.value.value)) return no("ValueNew");
                          if (std::string guard = no_room_for(a.task.value); !guard.empty())
                            return guard;
                          values_.insert(a.value.value);
                          queue_.push_back(a.value.value);
                          return yes("Sent");
                        },
                        [&](const TryReserve& a) -> Text {
                          if (promises_.contains(a.obligation.value)) return no("ObligationNew");
                          if (std::string guard = no_room_for(a.task.value); !guard.empty())
                            return guard;
                          const std::string guard = promise(a.obligation.value, a.task.value);
                          return guard.empty() ? yes("Granted") : no(guard);
                        },
                        [&](const PollReserve& a) -> Text {
                          return poll_reserve(a.task.value, a.obligation.value);
                        },
                        [&](const DropReserve& a) -> Text {
                          if (!senders_.contains(a.task.value)) return no("SenderExists");
                          if (!contains(line_, a.task.value)) return no("FutureWaiting");
                          leave_line(a.task.value);
                          return "Done";
                        },
                        [&](const SendPermitted& a) -> Text {
                          if (values_.contains(a.value.value)) return no("ValueNew");
                          if (std::string guard = resolve(a.obligation.value, a.actor.value);
                              !guard.empty())
                            return guard;
                          values_.insert(a.value.value);
                          if (!receiver_lives_) return yes("Returned " + named('v', a.value.value));
                          queue_.push_back(a.value.value);
                          return yes("Sent");
                        },
                        [&](const ReleasePermit& a) -> Text {
                          const std::string guard = resolve(a.obligation.value, a.actor.value);
                          return guard.empty() ? "Done" : guard;
                        },
                        [&](const PollReceive&) -> Text { return receive(false); },
                        [&](const RegisterReceiver&) -> Text { return receive(true); },
                        [&](const DropReceiver&) -> Text {
                          if (!receiver_lives_) return no("ReceiverAlive");
                          if (looking_) return no("ReceiverBetweenPolls");
                          receiver_lives_ = false;
                          drained_ = queue_.size();
                          queue_.clear();
                          return "Done";
                        },
                        [&](const DestroyDrained&) -> Text {
                          if (drained_ == 0) return no("ValueDrained");
                          --drained_;
                          return "Done";
                        },
                        [&](const RunRuntime& a) -> Text { return run(a.action); },
                        [](const auto&) -> Text { return std::nullopt; },
                    },
                    action);
}

}  // namespace quiesce::channel_tests
