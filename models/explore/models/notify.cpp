// The model `notify` for the command line.
#include "models/explore/models/notify.hpp"

#include <algorithm>

#include "models/explore/models/channel_progress.hpp"
#include "models/explore/models/line.hpp"
#include "models/explore/registry.hpp"
#include "models/explore/request.hpp"
#include "spec/vocabulary/action.hpp"

namespace quiesce::explore {
namespace {

using namespace channel;

constexpr unsigned phase_bits = 3;  // 0: the future does not exist
constexpr unsigned generation_bits = 2;
constexpr unsigned count_bits = 3;

std::uint32_t cause_code(const NotifyFuture& future) {
  return future.cause ? static_cast<std::uint32_t>(*future.cause) + 1 : 0;
}

void put_future(BitWriter& out, const Epochs& epochs, const NotifyFuture& future) {
  out.put(static_cast<std::uint64_t>(future.phase) + 1, phase_bits);
  out.put(future.generation, generation_bits);
  out.put(cause_code(future), count_bits);
  if (future.phase != FuturePhase::Waiting) return;
  put_ticket(out, epochs, future.ticket);
  out.put(future.parked, 1);
  out.put(future.wake_pending, 1);
}

NotifyFuture take_future(BitReader& in, std::uint32_t phase_code, WaiterName name) {
  NotifyFuture future{.name = name, .phase = static_cast<FuturePhase>(phase_code - 1)};
  future.generation = in.take(generation_bits);
  if (const std::uint32_t code = in.take(count_bits)) future.cause = static_cast<Cause>(code - 1);
  if (future.phase != FuturePhase::Waiting) return future;
  future.ticket = take_ticket(in);
  future.parked = in.take_flag();
  future.wake_pending = in.take_flag();
  return future;
}

}  // namespace

NotifyMachine::NotifyMachine(const NotifyBounds& bounds) : bounds_(bounds) {
  for (std::uint32_t i = 0; i < bounds.waiters; ++i) {
    const WaiterName name{i};
    alphabet_.insert(alphabet_.end(), {CreateFuture{name}, PollFuture{name}, RegisterFuture{name},
                                       DropFuture{name}, DeliverWake{name}});
  }
  alphabet_.insert(alphabet_.end(), {NotifyOne{}, NotifyWaiters{}});
}

NotifyMachine::Packed NotifyMachine::encode(const Situation& s) const {
  Packed packed;
  BitWriter out(packed);
  Epochs epochs(s.waiters);
  for (const NotifyFuture& future : s.futures) epochs.add(future.ticket);
  out.put(s.generation, generation_bits);
  out.put(s.permits, count_bits);
  out.put(s.notify_ones, count_bits);
  for (const NotifyFuture& future : s.futures) put_future(out, epochs, future);
  for (std::size_t i = s.futures.size(); i < bounds_.waiters; ++i) out.put(0, phase_bits);
  put_waiters(out, epochs, s.waiters, generation_bits);
  return packed;
}

NotifyMachine::Situation NotifyMachine::decode(const Packed& packed) const {
  BitReader in(packed);
  Situation s;
  s.generation = in.take(generation_bits);
  s.permits = in.take(count_bits);
  s.notify_ones = in.take(count_bits);
  for (std::uint32_t i = 0; i < bounds_.waiters; ++i) {
    if (const std::uint32_t code = in.take(phase_bits))
      s.futures.push_back(take_future(in, code, WaiterName{i}));
  }
  s.waiters = take_waiters(in, generation_bits);
  return s;
}

bool NotifyMachine::may(const Situation& s, const Action& action) const {
  const auto dropped = [&] {
    return std::count_if(s.futures.begin(), s.futures.end(), [](const NotifyFuture& future) {
      return future.phase == FuturePhase::Dropped;
    });
  };
  return std::visit(overloaded{
                        [&](const CreateFuture& a) { return a.future.value <= s.futures.size(); },
                        [&](const PollFuture& a) {
                          const NotifyFuture* const future = find(s, a.future);
                          return future == nullptr || !future->parked || bounds_.spurious;
                        },
                        [&](const DropFuture&) { return dropped() < std::int64_t{bounds_.drops}; },
                        [&](const NotifyOne&) { return s.notify_ones < bounds_.notifies; },
                        [&](const NotifyWaiters&) { return s.generation < bounds_.broadcasts; },
                        [](const auto&) { return true; },
                    },
                    action);
}

bool NotifyMachine::is_quiescent(const Situation& s) const {
  return std::none_of(s.futures.begin(), s.futures.end(), [&](const NotifyFuture& future) {
    return future.phase == FuturePhase::Waiting && mark_of(s, future) != Mark::None;
  });
}

std::span<const std::string_view> NotifyMachine::verbs() const {
  static const auto all = [] {
    std::array<std::string_view, notify_action_count> names;
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = notify_verb(i);
    return names;
  }();
  return all;
}

std::span<const RefusalCell> NotifyMachine::refusals() const {
  static constexpr std::array<RefusalCell, 11> cells{{
      {"notified", "FutureNew"},
      {"poll", "FutureExists"},
      {"poll", "FutureLive"},
      {"poll", "FutureBetweenPolls"},
      {"register", "FutureExists"},
      {"register", "FutureLooking"},
      {"drop", "FutureExists"},
      {"drop", "FutureLive"},
      {"drop", "FutureBetweenPolls"},
      {"wake", "FutureExists"},
      {"wake", "WakePending"},
  }};
  return cells;
}

std::string_view NotifyMachine::beyond(std::string_view id) const {
  const bool of_broadcast = id == "inv.notify.broadcast_reaches_older" ||
                            id == "inv.notify.broadcast_spares_newer" ||
                            id == "inv.notify.permit_spared" || id == "inv.notify.cause" ||
                            id == "inv.notify.answer_tells";
  const bool of_drop =
      id == "inv.notify.slots" || id == "inv.notify.line" || id == "inv.notify.baton";
  if (bounds_.broadcasts == 0 && (of_broadcast || id == "inv.notify.conserved"))
    return "nobody broadcasts";
  if (bounds_.drops == 0 && of_drop) return "no future is dropped";
  if (bounds_.notifies == 0 &&
      (id == "inv.notify.no_waiter_beside_permit" || id == "inv.notify.fifo" ||
       id == "inv.notify.baton" || id == "inv.notify.permit_spared" || id == "inv.notify.cause"))
    return "nobody notifies one";
  return {};
}

namespace {

void search_notify(SearchRequest& request) {
  const Searched& asked = request.asked();
  const NotifyMachine machine({.waiters = asked.bound("waiters"),
                               .notifies = asked.bound("notifies"),
                               .broadcasts = asked.bound("broadcasts"),
                               .drops = asked.bound("drops"),
                               .spurious = asked.bound("spurious") != 0});
  const NotifyProgress model(machine);
  search_and_judge(model, model, request);
}

}  // namespace

ExplorableModel model_notify();
ExplorableModel model_notify() {
  using B = NotifyBounds;
  constexpr NotifyBounds own;
  return {
      .name = "notify",
      .sentence = "the specification of notify: permits, broadcasts, waiters in a line",
      .bounds = {{"waiters", "futures that may ever exist", own.waiters, 1, B::most_waiters},
                 {"notifies", "notify_one, ever", own.notifies, 0, B::most_notifies},
                 {"broadcasts", "notify_waiters, ever", own.broadcasts, 0, B::most_broadcasts},
                 {"drops", "futures that may be dropped", own.drops, 0, B::most_waiters},
                 {"spurious", "1: a task that sleeps may poll", own.spurious, 0, 1}},
      .choices = {},
      .symmetry = {},
      .entries = {{"", "is each notification delivered once, to whoever waits longest?",
                   "waiters 3 notifies 3 broadcasts 2 drops 2",
                   "two broadcasts, so that one covers and one does not; a slot is taken again", "",
                   71'623, 278'299, 0xF40A'D5EF'1177'AC05},
                  {"", "and with two waiters younger than the slot that is taken again?",
                   "waiters 4 notifies 2 broadcasts 1 drops 2",
                   "a stale ticket between live ones, and two chosen waiters that are dropped", "",
                   204'580, 887'265, 0xE2ED'D182'8E02'1E31},
                  {"", "and where a task polls without having been woken?",
                   "waiters 3 notifies 2 broadcasts 1 drops 1 spurious 1",
                   "the smallest in which each interesting case is met", "", 11'807, 44'851,
                   0x3A96'FB2A'0863'8666}},
      .search = search_notify,
      .has_progress = true,
  };
}

}  // namespace quiesce::explore
