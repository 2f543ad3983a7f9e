// The model `mpsc` for the command line.
#include "models/explore/models/mpsc.hpp"

#include <algorithm>
#include <unordered_map>

#include "models/explore/models/channel_progress.hpp"
#include "models/explore/models/line.hpp"
#include "models/explore/registry.hpp"
#include "models/explore/request.hpp"

namespace quiesce::explore {
namespace {

using namespace channel;

constexpr unsigned count_bits = 3;
constexpr unsigned value_bits = 2;
constexpr unsigned task_bits = 2;
constexpr unsigned phase_bits = 3;

// ---- the runtime's history: how each task and each obligation came where it is

/// How a task ended, or that it has not. Cancelled: cancelled before it ended, or still live.
enum TaskHistory : std::uint32_t { Runs, IsCancelled, HasReturned, HasReturnedCancelled };
/// What its holder did with an obligation; Kept: nothing, so that a completion settled it.
enum ObligationHistory : std::uint32_t { Absent, Kept, WasCommitted, WasAborted, WasDropped };

TaskHistory history_of_task(const spec::Task& task) {
  if (spec::is_live(task)) return task.reason ? IsCancelled : Runs;
  return task.reason ? HasReturnedCancelled : HasReturned;
}

ObligationHistory history_of_obligation(const spec::Obligation& obligation) {
  if (obligation.phase == ObligationPhase::Committed) return WasCommitted;
  if (obligation.phase != ObligationPhase::Aborted) return Kept;
  if (obligation.abort_reason == AbortReason::Cancel) return Kept;
  return obligation.abort_reason == AbortReason::Explicit ? WasAborted : WasDropped;
}

void take(spec::State& runtime, const quiesce::Action& action) {
  require(quiesce::is_done(spec::apply(runtime, action)),
          "a step that was taken can be taken again");
}

spec::State running_tasks(std::uint32_t tasks) {
  spec::State runtime = spec::initial();
  for (std::uint32_t i = 0; i < tasks; ++i) {
    take(runtime, Spawn{.name = TaskName{i}, .region = root_region});
    take(runtime, Start{TaskName{i}});
  }
  return runtime;
}

void take_obligation(spec::State& runtime, ObligationName name, TaskName holder,
                     ObligationHistory history) {
  take(runtime, Reserve{.name = name, .holder = holder, .region = root_region});
  if (history == WasCommitted) take(runtime, Commit{name, holder});
  if (history == WasAborted) take(runtime, Abort{name, holder, AbortReason::Explicit});
  if (history == WasDropped) take(runtime, Abort{name, holder, AbortReason::Error});
}

// ---- the channel

void put_values(BitWriter& out, const Values& values) {
  out.put(values.size(), count_bits);
  for (const ValueName value : values) out.put(value.value, value_bits);
}
Values take_values(BitReader& in) {
  Values values(in.take(count_bits));
  for (ValueName& value : values) value = ValueName{in.take(value_bits)};
  return values;
}

void put_sender(BitWriter& out, const Epochs& epochs, const Sender* sender) {
  out.put(sender != nullptr, 1);
  if (sender == nullptr) return;
  out.put(sender->waiting, 1);
  out.put(sender->parked, 1);
  out.put(sender->wake_pending, 1);
  if (sender->waiting) put_ticket(out, epochs, sender->ticket);
}
void take_sender(BitReader& in, TaskName task, Channel& c) {
  if (!in.take_flag()) return;
  Sender sender{.task = task, .waiting = in.take_flag()};
  sender.parked = in.take_flag();
  sender.wake_pending = in.take_flag();
  if (sender.waiting) sender.ticket = take_ticket(in);
  c.senders.push_back(sender);
}

constexpr std::array<Values Channel::*, 5> places{&Channel::queue, &Channel::drained,
                                                  &Channel::received, &Channel::returned,
                                                  &Channel::destroyed};

void put_channel(BitWriter& out, const Channel& c, std::uint32_t tasks) {
  Epochs epochs(c.waiters);
  for (const Sender& sender : c.senders) epochs.add(sender.ticket);
  out.put(c.reserved, count_bits);
  out.put(c.sender_count, count_bits);
  out.put(static_cast<std::uint64_t>(c.receiver), 2);
  out.put(c.receiver_wake_pending, 1);
  out.put(c.handed.size(), count_bits);
  out.put(c.futures_dropped, count_bits);
  for (const auto place : places) put_values(out, c.*place);
  for (std::uint32_t i = 0; i < tasks; ++i) put_sender(out, epochs, find_sender(c, TaskName{i}));
  put_waiters(out, epochs, c.waiters, 0);
  for (const Permit& permit : c.permits) {
    out.put(permit.out, 1);
    out.put(permit.sent, 1);
  }
}

/// `runtime` says whose the permits are.
Channel take_channel(BitReader& in, const MpscBounds& bounds, const spec::State& runtime) {
  Channel c;
  c.capacity = bounds.capacity;
  c.reserved = in.take(count_bits);
  c.sender_count = in.take(count_bits);
  c.receiver = static_cast<ReceiverPhase>(in.take(2));
  c.receiver_wake_pending = in.take_flag();
  const std::uint32_t handed = in.take(count_bits);
  for (std::uint32_t i = 0; i < handed; ++i) c.handed.push_back(ValueName{i});
  c.futures_dropped = in.take(count_bits);
  for (const auto place : places) c.*place = take_values(in);
  for (std::uint32_t i = 0; i < bounds.senders; ++i) take_sender(in, TaskName{i}, c);
  c.waiters = take_waiters(in, 0);
  for (const spec::Obligation& obligation : runtime.obligations) {
    Permit permit{.obligation = obligation.name, .holder = obligation.holder};
    permit.out = in.take_flag();
    permit.sent = in.take_flag();
    c.permits.push_back(permit);
  }
  return c;
}

std::int64_t waiting_senders(const Channel& c) {
  return std::count_if(c.senders.begin(), c.senders.end(),
                       [](const Sender& sender) { return sender.waiting; });
}

}  // namespace

MpscMachine::MpscMachine(const MpscBounds& bounds) : bounds_(bounds) {
  for (std::uint32_t i = 0; i < bounds.senders; ++i) add_sender_actions(TaskName{i});
  alphabet_.insert(alphabet_.end(), {PollReceive{}, RegisterReceiver{}, DropReceiver{},
                                     DestroyDrained{}, WakeReceiver{}});
  if (bounds.runtime) alphabet_.push_back(RunRuntime{CloseRegion{.region = root_region}});
}

void MpscMachine::add_sender_actions(TaskName task) {
  for (std::uint32_t from = 0; from < bounds_.senders; ++from) {
    if (from != task.value) alphabet_.push_back(CloneSender{TaskName{from}, task});
  }
  alphabet_.insert(alphabet_.end(), {DropSender{task}, DropReserve{task}, WakeSender{task}});
  for (std::uint32_t i = 0; i < bounds_.values; ++i)
    alphabet_.push_back(TrySend{task, ValueName{i}});
  for (std::uint32_t i = 0; i < bounds_.permits; ++i) {
    const ObligationName obligation{i};
    alphabet_.insert(alphabet_.end(), {TryReserve{task, obligation}, PollReserve{task, obligation},
                                       ReleasePermit{obligation, task, AbortReason::Explicit},
                                       ReleasePermit{obligation, task, AbortReason::Error}});
    for (std::uint32_t value = 0; value < bounds_.values; ++value)
      alphabet_.push_back(SendPermitted{obligation, task, ValueName{value}});
  }
  if (!bounds_.runtime) return;
  alphabet_.push_back(RunRuntime{Return{.task = task}});
  alphabet_.push_back(RunRuntime{CancelTask{.task = task}});
}

MpscMachine::Situation MpscMachine::initial() const {
  Mpsc s = mpsc(bounds_.capacity, TaskName{0}, running_tasks(bounds_.senders));
  for (std::uint32_t i = 1; i < bounds_.senders; ++i)
    require(is_done(apply(s, CloneSender{TaskName{0}, TaskName{i}})), "every task gets a sender");
  return s;
}

std::uint32_t MpscMachine::history_of(const spec::State& runtime) const {
  std::array<std::uint64_t, 2> word;
  BitWriter out(word);
  out.put(runtime.regions.front().phase != RegionPhase::Open, 1);
  for (const spec::Task& task : runtime.tasks) out.put(history_of_task(task), 2);
  for (const spec::Obligation& obligation : runtime.obligations) {
    out.put(history_of_obligation(obligation), phase_bits);
    out.put(obligation.holder.value, task_bits);
  }
  return static_cast<std::uint32_t>(word[0]);
}

spec::State MpscMachine::replayed(std::uint32_t history) const {
  const std::array<std::uint64_t, 2> word{history, 0};
  BitReader in(word);
  spec::State runtime = running_tasks(bounds_.senders);
  const bool closes = in.take_flag();
  std::array<std::uint32_t, MpscBounds::most_senders> tasks{};
  for (std::uint32_t i = 0; i < bounds_.senders; ++i) tasks[i] = in.take(2);
  for (std::uint32_t i = 0; i < bounds_.permits; ++i) {
    const auto obligation = static_cast<ObligationHistory>(in.take(phase_bits));
    const TaskName holder{in.take(task_bits)};
    if (obligation != Absent) take_obligation(runtime, ObligationName{i}, holder, obligation);
  }
  for (std::uint32_t i = 0; i < bounds_.senders; ++i) {
    if (tasks[i] == IsCancelled || tasks[i] == HasReturnedCancelled)
      take(runtime, CancelTask{.task = TaskName{i}});
  }
  if (closes) take(runtime, CloseRegion{.region = root_region});
  for (std::uint32_t i = 0; i < bounds_.senders; ++i) {
    if (tasks[i] >= HasReturned) take(runtime, Return{.task = TaskName{i}});
  }
  return runtime;
}

MpscMachine::Packed MpscMachine::encode(const Situation& s) const {
  Packed packed;
  BitWriter out(packed);
  out.put(history_of(s.runtime), 32);
  put_channel(out, s.channel, bounds_.senders);
  return packed;
}

MpscMachine::Situation MpscMachine::decode(const Packed& packed) const {
  // Few histories, many states: each history is replayed once a thread, for each number of tasks.
  static thread_local std::array<std::unordered_map<std::uint32_t, spec::State>,
                                 MpscBounds::most_senders + 1>
      known;
  BitReader in(packed);
  const std::uint32_t history = in.take(32);
  auto& replays = known[bounds_.senders];
  auto at = replays.find(history);
  if (at == replays.end()) at = replays.emplace(history, replayed(history)).first;
  return {take_channel(in, bounds_, at->second), at->second};
}

/// Every sender that waits has an obligation's name kept for it.
bool MpscMachine::may_ask_for_a_permit(const Situation& s) const {
  return static_cast<std::int64_t>(s.runtime.obligations.size()) + waiting_senders(s.channel) <
         std::int64_t{bounds_.permits};
}

bool MpscMachine::may(const Situation& s, const Action& action) const {
  const Channel& c = s.channel;
  const auto next_value = [&](ValueName value) { return value.value == c.handed.size(); };
  const auto next_obligation = [&](ObligationName name) {
    return name.value == s.runtime.obligations.size();
  };
  return std::visit(overloaded{
                        [&](const CloneSender& a) {
                          return !c.senders.empty() && c.senders.front().task == a.from;
                        },
                        [&](const TrySend& a) { return next_value(a.value); },
                        [&](const TryReserve& a) {
                          return next_obligation(a.obligation) && may_ask_for_a_permit(s);
                        },
                        [&](const PollReserve& a) {
                          if (!next_obligation(a.obligation)) return false;
                          const Sender* const sender = find_sender(c, a.task);
                          if (sender == nullptr || !sender->waiting) return may_ask_for_a_permit(s);
                          return !sender->parked || bounds_.spurious;
                        },
                        [&](const DropReserve&) { return c.futures_dropped < bounds_.cancels; },
                        [&](const SendPermitted& a) { return next_value(a.value); },
                        [&](const PollReceive&) {
                          return c.receiver != ReceiverPhase::Parked || bounds_.spurious;
                        },
                        [](const auto&) { return true; },
                    },
                    action);
}

bool MpscMachine::is_quiescent(const Situation& s) const {
  return waiting_senders(s.channel) == 0 && s.channel.receiver != ReceiverPhase::Parked;
}

std::span<const std::string_view> MpscMachine::verbs() const {
  static const auto all = [] {
    std::array<std::string_view, mpsc_action_count> names;
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = mpsc_verb(i);
    return names;
  }();
  return all;
}

std::span<const RefusalCell> MpscMachine::refusals() const {
  static constexpr std::array<RefusalCell, 44> cells{{
      {"clone_sender", "SenderExists"},
      {"clone_sender", "SenderNew"},
      {"clone_sender", "TaskExists"},
      {"clone_sender", "TaskLive"},
      {"drop_sender", "SenderExists"},
      {"drop_sender", "NoFuture"},
      {"drop_sender", "NoPermit"},
      {"try_send", "ValueNew"},
      {"try_send", "SenderExists"},
      {"try_send", "ReceiverAlive"},
      {"try_send", "NoWaiter"},
      {"try_send", "CapacityFree"},
      {"try_reserve", "ObligationNew"},
      {"try_reserve", "SenderExists"},
      {"try_reserve", "ReceiverAlive"},
      {"try_reserve", "NoWaiter"},
      {"try_reserve", "CapacityFree"},
      {"try_reserve", "RegionOpen"},
      {"try_reserve", "WithinLimit"},
      {"poll_reserve", "ObligationNew"},
      {"poll_reserve", "SenderExists"},
      {"drop_reserve", "SenderExists"},
      {"drop_reserve", "FutureWaiting"},
      {"send", "ValueNew"},
      {"send", "PermitKnown"},
      {"send", "ActorIsHolder"},
      {"send", "RegionNotClosed"},
      {"send", "ObligationReserved"},
      {"release", "PermitKnown"},
      {"release", "ActorIsHolder"},
      {"release", "RegionNotClosed"},
      {"release", "ObligationReserved"},
      {"poll_receive", "ReceiverAlive"},
      {"poll_receive", "ReceiverBetweenPolls"},
      {"register_receiver", "ReceiverAlive"},
      {"register_receiver", "ReceiverLooking"},
      {"drop_receiver", "ReceiverAlive"},
      {"drop_receiver", "ReceiverBetweenPolls"},
      {"destroy_drained", "ValueDrained"},
      {"wake_sender", "SenderExists"},
      {"wake_sender", "WakePending"},
      {"wake_receiver", "WakePending"},
      {"runtime", "TaskLive"},
      {"runtime", "RegionOpen"},
  }};
  return cells;
}

std::string_view MpscMachine::beyond(std::string_view id) const {
  const bool of_permit =
      id == "inv.mpsc.capacity" || id == "inv.mpsc.permits" || id == "inv.mpsc.send_commits";
  const bool of_line = id == "inv.mpsc.front_woken" || id == "inv.mpsc.senders_told";
  const bool of_two =
      id == "inv.mpsc.line" || id == "inv.mpsc.sender_fifo" || id == "inv.mpsc.no_barging";
  if (bounds_.permits == 0 && (of_permit || of_line || of_two || id == "inv.mpsc.answer_tells"))
    return "nobody asks for a permit";
  if ((!bounds_.runtime || bounds_.permits == 0) &&
      (id == "inv.mpsc.closed_region" || id == "inv.mpsc.runtime"))
    return "no task ends with a permit";
  if ((bounds_.senders == 1 || bounds_.permits < 2) && of_two)
    return "two senders never wait at once";
  if (bounds_.cancels == 0 && !bounds_.runtime && id == "inv.mpsc.line")
    return "nobody leaves the line";
  if (bounds_.capacity == 1 && id == "inv.mpsc.value_order") return "one value at a time is queued";
  if (bounds_.values < 2 && (id == "inv.mpsc.value_order" || id == "inv.mpsc.values"))
    return "one value is sent";
  return {};
}

namespace {

void search_mpsc(SearchRequest& request) {
  const Searched& asked = request.asked();
  const MpscMachine machine({.senders = asked.bound("senders"),
                             .capacity = asked.bound("capacity"),
                             .values = asked.bound("values"),
                             .permits = asked.bound("permits"),
                             .cancels = asked.bound("cancels"),
                             .runtime = asked.bound("runtime") != 0,
                             .spurious = asked.bound("spurious") != 0});
  const MpscProgress model(machine);
  search_and_judge(model, model, request);
}

}  // namespace

ExplorableModel model_mpsc();
ExplorableModel model_mpsc() {
  using B = MpscBounds;
  constexpr MpscBounds own;
  return {
      .name = "mpsc",
      .sentence = "the specification of the bounded mpsc, its permits obligations of the runtime",
      .bounds = {{"senders", "tasks, each with a sender", own.senders, 1, B::most_senders},
                 {"capacity", "of the channel", own.capacity, 1, B::most_capacity},
                 {"values", "that may ever be sent", own.values, 0, B::most_values},
                 {"permits", "that may ever be asked for", own.permits, 0, B::most_permits},
                 {"cancels", "reserve futures that may be dropped", own.cancels, 0,
                  B::most_cancels},
                 {"runtime", "1: tasks return and are cancelled, the region closes", own.runtime, 0,
                  1},
                 {"spurious", "1: a task that sleeps may poll", own.spurious, 0, 1}},
      .choices = {},
      .symmetry = {},
      .entries = {{"", "are permits and obligations one, however a task ends?",
                   "senders 2 capacity 1 values 2 permits 2 cancels 1 runtime 1",
                   "one sender holds what the other waits for, and both may end or be cancelled",
                   "", 312'448, 1'743'232, 0x1117'EC90'80CF'E847},
                  {"", "do senders take room in the order in which they came?",
                   "senders 3 capacity 1 values 1 permits 3 cancels 1 runtime 0",
                   "a line of two behind a permit, and a place in it that is given up", "", 359'582,
                   1'553'154, 0x0DDF'1A91'3200'46F2},
                  {"", "are values received in the order in which they were sent?",
                   "senders 2 capacity 2 values 3 permits 2 cancels 1 runtime 0",
                   "two values in the queue and a third behind them", "", 34'946, 119'228,
                   0xC0BA'7CCB'0538'8C39, true},
                  {"", "and where tasks poll without having been woken?",
                   "senders 2 capacity 1 values 1 permits 3 cancels 1 runtime 0 spurious 1",
                   "who is not first in line polls although there is room", "", 54'718, 201'287,
                   0xD802'52C9'E215'7F71, true}},
      .search = search_mpsc,
      .has_progress = true,
  };
}

}  // namespace quiesce::explore
