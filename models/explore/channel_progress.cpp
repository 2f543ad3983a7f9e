#include "models/explore/models/channel_progress.hpp"

#include <algorithm>
#include <array>

#include "spec/vocabulary/action.hpp"

namespace quiesce::explore {
namespace {

using namespace channel;

constexpr std::uint64_t bit(std::size_t at) {
  return std::uint64_t{1} << at;
}

}  // namespace

// ---- notify: the classes of waiter i are 2 i (wake) and 2 i + 1 (poll); its instance is i

NotifyWaits::NotifyWaits(const NotifyMachine& machine) {
  for (std::uint32_t i = 0; i < machine.bounds().waiters; ++i) {
    const std::string name = to_text(WaiterName{i});
    names_.add_class(Wake, name);
    names_.add_class(Poll, name);
    names_.instances.push_back({0, name});
  }
}

std::span<const FairnessKind> NotifyWaits::kinds() {
  static constexpr std::array<FairnessKind, 2> all{
      {{"wake", "a pending wake arrives"}, {"poll", "a task that is awake polls"}}};
  return all;
}

std::span<const ProgressProperty> NotifyWaits::properties() {
  static constexpr std::array<ProgressProperty, 1> all{
      {{"progress.notify.notified_ends", "§18.1",
        "a waiter that is notified completes or is dropped", bit(Wake) | bit(Poll)}}};
  return all;
}

ProgressFacts NotifyWaits::facts(const Notify& s) const {
  ProgressFacts facts;
  for (const NotifyFuture& future : s.futures) {
    const bool ended =
        future.phase == FuturePhase::Completed || future.phase == FuturePhase::Dropped;
    if (ended) facts.reached |= bit(future.name.value);
    if (mark_of(s, future) != Mark::None) facts.pending |= bit(future.name.value);
  }
  return facts;
}

std::uint64_t NotifyWaits::classes_of(const Notify&, const NotifyAction& action) const {
  return std::visit(
      overloaded{
          [](const DeliverWake& a) { return bit(std::size_t{2} * a.future.value); },
          [](const PollFuture& a) { return bit(std::size_t{2} * a.future.value + 1); },
          [](const RegisterFuture& a) { return bit(std::size_t{2} * a.future.value + 1); },
          [](const auto&) { return std::uint64_t{0}; },
      },
      action);
}

// ---- mpsc: the classes of sender i are 3 i (wake), 3 i + 1 (poll) and 3 i + 2 (resolve), then
// come the receiver's wake and its polls; instances: the senders, the values, the receiver

MpscWaits::MpscWaits(const MpscMachine& machine)
    : senders_(machine.bounds().senders), values_(machine.bounds().values) {
  for (std::uint32_t i = 0; i < senders_; ++i) {
    const std::string name = to_text(TaskName{i});
    names_.add_class(Wake, name);
    names_.add_class(Poll, name);
    names_.add_class(Resolve, name);
    names_.instances.push_back({0, name});
  }
  names_.add_class(Wake, "receiver");
  names_.add_class(Receive, "receiver");
  for (std::uint32_t i = 0; i < values_; ++i)
    names_.instances.push_back({1, to_text(ValueName{i})});
  names_.instances.push_back({2, "receiver"});
}

std::span<const FairnessKind> MpscWaits::kinds() {
  static constexpr std::array<FairnessKind, 4> all{{
      {"wake", "a pending wake arrives"},
      {"poll", "a sender that is awake polls"},
      {"resolve", "a holder sends by its permit or releases it"},
      {"receive", "a receiver that is awake receives"},
  }};
  return all;
}

std::span<const ProgressProperty> MpscWaits::properties() {
  static constexpr std::array<ProgressProperty, 3> all{{
      {"progress.mpsc.reserve_ends", "§18.2",
       "a sender that waits is granted a permit, is told that it cannot have one, or gives up",
       bit(Wake) | bit(Poll) | bit(Resolve) | bit(Receive)},
      {"progress.mpsc.value_leaves", "§18.2", "a value that is queued is received or drained",
       bit(Wake) | bit(Receive)},
      {"progress.mpsc.receiver_hears", "§18.2", "a receiver that sleeps hears of the last sender",
       bit(Wake)},
  }};
  return all;
}

ProgressFacts MpscWaits::facts(const Mpsc& s) const {
  const Channel& c = s.channel;
  ProgressFacts facts;
  for (std::uint32_t i = 0; i < senders_; ++i) {
    const Sender* const sender = find_sender(c, TaskName{i});
    (sender != nullptr && sender->waiting ? facts.pending : facts.reached) |= bit(i);
  }
  for (const ValueName value : c.handed) {
    const bool queued = std::find(c.queue.begin(), c.queue.end(), value) != c.queue.end();
    (queued ? facts.pending : facts.reached) |= bit(senders_ + value.value);
  }
  const bool sleeps_alone = c.receiver == ReceiverPhase::Parked && c.senders.empty();
  (sleeps_alone ? facts.pending : facts.reached) |= bit(senders_ + values_);
  return facts;
}

std::uint64_t MpscWaits::classes_of(const Mpsc&, const MpscAction& action) const {
  const auto of_sender = [](TaskName task, Kind kind) {
    return bit(std::size_t{3} * task.value + kind);
  };
  const auto of_receiver = [&](std::size_t at) { return bit(std::size_t{3} * senders_ + at); };
  return std::visit(overloaded{
                        [&](const WakeSender& a) { return of_sender(a.task, Wake); },
                        [&](const PollReserve& a) { return of_sender(a.task, Poll); },
                        [&](const SendPermitted& a) { return of_sender(a.actor, Resolve); },
                        [&](const ReleasePermit& a) { return of_sender(a.actor, Resolve); },
                        [&](const WakeReceiver&) { return of_receiver(0); },
                        [&](const PollReceive&) { return of_receiver(1); },
                        [&](const RegisterReceiver&) { return of_receiver(1); },
                        [](const auto&) { return std::uint64_t{0}; },
                    },
                    action);
}

}  // namespace quiesce::explore
