#include "models/explore/scheduling/scheduling_machine.hpp"

#include <algorithm>

#include "impl/sync/require.hpp"
#include "spec/vocabulary/action.hpp"

namespace quiesce::explore {
namespace {

using spec::scheduling::Action;
using spec::scheduling::action_count;
using spec::scheduling::action_verb;
using spec::scheduling::AdvanceTime;
using spec::scheduling::Answer;
using spec::scheduling::apply;
using spec::scheduling::BeginPoll;
using spec::scheduling::cases;
using spec::scheduling::Clear;
using spec::scheduling::Complete;
using spec::scheduling::Dispatch;
using spec::scheduling::Entry;
using spec::scheduling::find;
using spec::scheduling::FinishPoll;
using spec::scheduling::Generation;
using spec::scheduling::Hand;
using spec::scheduling::History;
using spec::scheduling::initial_history;
using spec::scheduling::InjectReady;
using spec::scheduling::InjectTimed;
using spec::scheduling::invariants;
using spec::scheduling::is_refused;
using spec::scheduling::Lane;
using spec::scheduling::LookedInVain;
using spec::scheduling::no_generation;
using spec::scheduling::no_worker;
using spec::scheduling::observe;
using spec::scheduling::Owes;
using spec::scheduling::Pend;
using spec::scheduling::Push;
using spec::scheduling::RequestCancel;
using spec::scheduling::Requeue;
using spec::scheduling::SetDraining;
using spec::scheduling::Spawn;
using spec::scheduling::State;
using spec::scheduling::Steal;
using spec::scheduling::step_properties;
using spec::scheduling::TaskRecord;
using spec::scheduling::TaskRef;
using spec::scheduling::Transition;
using spec::scheduling::Wake;
using spec::scheduling::Waker;
using spec::scheduling::WakeState;
using spec::scheduling::Worker;
using spec::scheduling::WorkerNumber;
using Packed = PackedState<SchedulingMachine::words>;
using Writer = BitWriter<SchedulingMachine::words>;
using Reader = BitReader<SchedulingMachine::words>;

constexpr unsigned name_bits = 3;
constexpr unsigned place_bits = 2;
constexpr unsigned generation_bits = 4;
constexpr unsigned streak_bits = 5;

std::uint64_t code(TaskName name) {
  return name.is_none() ? (1U << name_bits) - 1 : name.value;
}
TaskName task_name(std::uint32_t code) {
  return code == (1U << name_bits) - 1 ? TaskName::none() : TaskName{code};
}
std::uint64_t code(WorkerNumber worker) {
  return worker == no_worker ? (1U << place_bits) - 1 : worker;
}
WorkerNumber worker_number(std::uint8_t code) {
  return code == (1U << place_bits) - 1 ? no_worker : code;
}
void put(Writer& out, const TaskRef& task) {
  out.put(task.slot, 2);
  out.put(code(task.name), name_bits);
}
TaskRef take_task(Reader& in) {
  TaskRef task;
  task.slot = in.take(2);
  task.name = task_name(in.take(name_bits));
  return task;
}

/// The generation's rank among those that can still be met of its task.
Generation rank(const State& s, const TaskRef& task, Generation generation) {
  if (generation == no_generation) return no_generation;
  std::array<Generation, 32> seen{};
  std::size_t count = 0;
  const auto meet = [&](Generation other) {
    if (other == no_generation || other >= generation || count == seen.size()) return;
    if (std::find(seen.begin(), seen.begin() + count, other) == seen.begin() + count)
      seen[count++] = other;
  };
  for (const Entry& entry : s.entries) {
    if (entry.task == task) meet(entry.generation);
  }
  if (const TaskRecord* const record = find(s, task)) meet(record->effective);
  return static_cast<Generation>(count) + 1;
}

void put(Writer& out, const State& s, std::size_t slot, const History::OfTask& history) {
  const TaskRecord& task = s.slots[slot];
  out.put(code(task.name), name_bits);
  if (task.name.is_none()) return;
  out.put(code(task.pinned_to), place_bits);
  out.put(task.cancelling, 1);
  out.put(task.future_stored, 1);
  out.put(static_cast<std::uint64_t>(task.wake), 2);
  out.put(rank(s, {static_cast<std::uint8_t>(slot), task.name}, task.effective), generation_bits);
  out.put(history.woken, 1);
  out.put(history.ready_entries, 2);
}
void take(Reader& in, TaskRecord& task, History::OfTask& history) {
  task.name = task_name(in.take(name_bits));
  if (task.name.is_none()) return;
  task.pinned_to = worker_number(in.take(place_bits));
  task.cancelling = in.take(1) != 0;
  task.future_stored = in.take(1) != 0;
  task.wake = static_cast<WakeState>(in.take(2));
  task.effective = task.newest = in.take(generation_bits);
  history.woken = in.take(1) != 0;
  history.ready_entries = in.take(2);
}

void put(Writer& out, const State& s, const Entry& entry) {
  out.put(code(entry.place), place_bits);
  out.put(static_cast<std::uint64_t>(entry.lane), 2);
  put(out, entry.task);
  out.put(rank(s, entry.task, entry.generation), generation_bits);
  if (entry.lane == Lane::Timed) out.put(entry.deadline_ticks, 2);
}
void take(Reader& in, State& s) {
  Entry entry;
  entry.place = worker_number(in.take(place_bits));
  entry.lane = static_cast<Lane>(in.take(2));
  entry.task = take_task(in);
  entry.generation = in.take(generation_bits);
  if (entry.lane == Lane::Timed) entry.deadline_ticks = in.take(2);
  if (TaskRecord* const task = find(s, entry.task))
    task->newest = std::max(task->newest, entry.generation);
  s.entries.push_back(entry);
}

void note(Verdict& verdict, std::size_t number, bool broken, bool shown) {
  verdict.broken.add_if(broken, number);
  verdict.shown.add_if(shown, number);
}

}  // namespace

SchedulingMachine::SchedulingMachine(const SchedulingBounds& bounds) : bounds_(bounds) {
  for (std::size_t i = 0; i < action_count; ++i) actions_.push_back(action_verb(i));
  for (const auto& row : invariants()) {
    always_.push_back({row.id, row.sentence});
    sometimes_.push_back({row.id, row.interesting_case, beyond(row.id)});
  }
  for (const auto& row : step_properties()) {
    always_.push_back({row.id, row.sentence});
    sometimes_.push_back({row.id, row.interesting_case, beyond(row.id)});
  }
  for (const auto& row : cases()) sometimes_.push_back({row.id, row.sentence, beyond(row.id)});
}

SchedulingMachine::Value SchedulingMachine::initial() const {
  Value value;
  const auto small = [](std::uint32_t number) { return static_cast<std::uint8_t>(number); };
  value.state = spec::scheduling::initial(
      {small(bounds_.slots), small(bounds_.workers), small(bounds_.wakers), small(bounds_.limit)});
  value.history = initial_history(value.state);
  value.events_left = small(bounds_.events);
  return value;
}

Packed SchedulingMachine::encode(const Value& value) const {
  Writer out;
  const State& s = value.state;
  out.put(s.now, 2);
  out.put(s.draining, 1);
  out.put(value.events_left, 4);
  out.put(value.spawned, name_bits);
  for (std::size_t name = 0; name < value.spawned; ++name) out.put(value.slot_of[name], 2);
  for (std::size_t slot = 0; slot < s.slots.size(); ++slot)
    put(out, s, slot, value.history.of_slot[slot]);
  for (std::size_t number = 0; number < s.workers.size(); ++number) {
    const Worker& worker = s.workers[number];
    out.put(static_cast<std::uint64_t>(worker.hand), 3);
    if (worker.hand != Hand::Empty) put(out, worker.task);
    out.put(worker.streak, streak_bits);
    out.put(value.history.cancels_in_a_row[number], streak_bits);
  }
  for (const Waker& waker : s.wakers) {
    out.put(static_cast<std::uint64_t>(waker.owes), 2);
    if (waker.owes != Owes::Nothing) put(out, waker.task);
  }
  out.put(s.entries.size(), 5);
  for (const Entry& entry : s.entries) put(out, s, entry);
  require(out.fits(), "a state of the bounded scheduler fits into its words");
  return out.packed();
}

SchedulingMachine::Value SchedulingMachine::decode(const Packed& packed) const {
  Reader in(packed);
  Value value = initial();
  State& s = value.state;
  s.now = in.take<Time>(2);
  s.draining = in.take(1) != 0;
  value.events_left = in.take(4);
  value.spawned = in.take(name_bits);
  for (std::size_t name = 0; name < value.spawned; ++name) value.slot_of[name] = in.take(2);
  for (std::size_t slot = 0; slot < s.slots.size(); ++slot)
    take(in, s.slots[slot], value.history.of_slot[slot]);
  for (std::size_t number = 0; number < s.workers.size(); ++number) {
    Worker& worker = s.workers[number];
    worker.hand = static_cast<Hand>(in.take(3));
    if (worker.hand != Hand::Empty) worker.task = take_task(in);
    worker.streak = in.take(streak_bits);
    value.history.cancels_in_a_row[number] = in.take(streak_bits);
  }
  for (Waker& waker : s.wakers) {
    waker.owes = static_cast<Owes>(in.take(2));
    if (waker.owes != Owes::Nothing) waker.task = take_task(in);
  }
  for (std::size_t left = in.take<std::size_t>(5); left > 0; --left) take(in, s);
  return value;
}

std::vector<Action> SchedulingMachine::candidates(const Value& value) const {
  const State& s = value.state;
  std::vector<Action> all;
  all.reserve(64);
  const auto workers = static_cast<WorkerNumber>(bounds_.workers);
  const auto free = std::find_if(s.slots.begin(), s.slots.end(),
                                 [](const TaskRecord& task) { return task.name.is_none(); });
  if (value.spawned < bounds_.tasks && free != s.slots.end()) {
    const TaskRef next{static_cast<std::uint8_t>(free - s.slots.begin()), TaskName{value.spawned}};
    all.push_back(Spawn{next});
    for (WorkerNumber worker = 0; worker < workers; ++worker) {
      all.push_back(Spawn{next, worker});
      if (bounds_.pinned) all.push_back(Spawn{next, worker, worker});
    }
  }
  for (std::uint8_t waker = 0; waker < bounds_.wakers; ++waker) all.push_back(Push{waker});
  for (std::uint32_t name = 0; value.events_left > 0 && name < value.spawned; ++name) {
    const TaskRef task{value.slot_of[name], TaskName{name}};
    for (std::uint8_t waker = 0; waker < bounds_.wakers; ++waker) {
      all.push_back(Wake{waker, task});
      all.push_back(RequestCancel{waker, task});
    }
    all.push_back(InjectReady{task});
    for (Time due = 1; due <= bounds_.time; ++due) all.push_back(InjectTimed{task, due});
  }
  if (s.now < bounds_.time) all.push_back(AdvanceTime{s.now + 1});
  if (bounds_.draining && !s.draining) all.push_back(SetDraining{true});
  for (WorkerNumber worker = 0; worker < workers; ++worker) {
    all.push_back(Dispatch{worker});
    for (WorkerNumber victim = 0; victim < workers; ++victim) all.push_back(Steal{worker, victim});
    all.push_back(BeginPoll{worker});
    all.push_back(Pend{worker});
    all.push_back(FinishPoll{worker});
    all.push_back(Requeue{worker});
    all.push_back(Complete{worker});
    all.push_back(Clear{worker});
  }
  return all;
}

bool SchedulingMachine::advance(const Value& before, const Action& action, const Answer& answer,
                                Value& after) const {
  if (std::holds_alternative<LookedInVain>(answer) && after.state == before.state) return false;
  observe(after.history, before.state, action, answer, after.state);
  if (const auto* spawn = std::get_if<Spawn>(&action)) {
    after.slot_of[after.spawned] = spawn->task.slot;
    ++after.spawned;
  }
  const bool is_event =
      std::holds_alternative<Wake>(action) || std::holds_alternative<RequestCancel>(action) ||
      std::holds_alternative<InjectReady>(action) || std::holds_alternative<InjectTimed>(action);
  if (is_event) --after.events_left;
  return true;
}

Verdict SchedulingMachine::verdict(const Value& value) const {
  Verdict verdict;
  std::size_t number = 0;
  for (const auto& row : invariants()) {
    note(verdict, number, row.violated(value.state, value.history).has_value(),
         row.interesting(value.state, value.history));
    ++number;
  }
  return verdict;
}

Verdict SchedulingMachine::verdict_of_step(const Value& before, const Action& action,
                                           const Answer& answer, const Value& after) const {
  const Transition transition{before.state, before.history, action, answer, after.state};
  Verdict verdict;
  std::size_t number = invariants().size();
  for (const auto& row : step_properties()) {
    note(verdict, number, row.violated(transition).has_value(), row.interesting(transition));
    ++number;
  }
  for (const auto& row : cases()) {
    verdict.shown.add_if(row.shown(transition), number);
    ++number;
  }
  return verdict;
}

std::string SchedulingMachine::violation_text(const Value& value, std::size_t fact) const {
  if (fact < invariants().size()) {
    return invariants()[fact].violated(value.state, value.history).value_or("");
  }
  const auto& row = step_properties()[fact - invariants().size()];
  for (const Action& action : candidates(value)) {
    Value after = value;
    const Answer answer = apply(after.state, action);
    if (is_refused(answer) || !advance(value, action, answer, after)) continue;
    if (auto found = row.violated({value.state, value.history, action, answer, after.state}))
      return *found;
  }
  return {};
}

std::string_view SchedulingMachine::beyond(std::string_view id) const {
  if (bounds_.time < 1 &&
      (id == "inv.sched.never_early" || id == "inv.sched.deadline_kept" || id == "inv.sched.edf" ||
       id == "inv.sched.ready_at_once" || id == "case.timed_promoted" || id == "case.h1"))
    return "time stands still";
  if (bounds_.workers == 1 &&
      (id == "inv.sched.one_poller" || id == "inv.sched.no_local_steal" ||
       id == "inv.sched.steals_ready_work" || id == "case.steal_past_pinned" || id == "case.drop"))
    return "one worker";
  if (!bounds_.pinned && (id == "inv.sched.no_local_steal" || id == "case.steal_past_pinned"))
    return "no task is pinned";
  if (bounds_.tasks == 1 && (id == "case.recycled_slot" || id == "case.late_clear"))
    return "one task ever";
  if (bounds_.slots == 1 &&
      (id == "inv.sched.fifo" || id == "inv.sched.edf" || id == "inv.sched.lane_priority" ||
       id == "inv.sched.queue_order" || id == "case.steal_past_pinned"))
    return "one task at a time";
  return {};
}

}  // namespace quiesce::explore
