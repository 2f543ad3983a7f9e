#include "models/validate/record.hpp"

#include <algorithm>
#include <array>
#include <deque>

#include "impl/sync/native.hpp"
#include "models/files/whole_file.hpp"
#include "models/refine/abstraction.hpp"
#include "models/refine/numbers.hpp"
#include "models/validate/ended_rows.hpp"
#include "models/validate/fields.hpp"
#include "models/validate/trace_line.hpp"

namespace quiesce::validate {
namespace {

constexpr std::size_t task_places = 24;
constexpr std::size_t region_places = 6;
constexpr std::size_t obligation_places = 12;
constexpr std::size_t most_rows_written = 200'000;
constexpr std::size_t rows_a_line = 200;
constexpr std::uint64_t most_rounds = 20;         // between two of them the state is looked at
constexpr std::uint64_t actions_a_round = 1'000;  // at least
constexpr std::size_t events_a_release = 1'000;

/// What the threads share: the entities that they work on, by place, and the next Names.
///   All relaxed: a Name is only a number, and a runtime that does not know it yet says so.
struct Meeting {
  using Place = Native::Atomic<std::uint32_t>;
  std::array<Place, task_places> tasks;
  std::array<Place, region_places> regions;
  std::array<Place, obligation_places> obligations;
  Native::Atomic<std::uint32_t> next_task{1};
  Native::Atomic<std::uint32_t> next_region{1};
  Native::Atomic<std::uint32_t> next_obligation{1};
  Native::Atomic<std::uint64_t> now{0};
  Native::Atomic<std::uint64_t> stamps{1};

  Meeting() {
    fill(tasks.data(), task_places);
    fill(regions.data(), region_places);
    fill(obligations.data(), obligation_places);
  }
  static void fill(Place* places, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      places[i].store(TaskName::none_value, std::memory_order_relaxed);
  }
};

/// Applies actions and keeps what they were answered.
class Clerk {
 public:
  Clerk(refine::RuntimeUnderTest& runtime, Meeting& meeting, Order order, std::uint64_t thread)
      : runtime_(runtime), meeting_(meeting), order_(order), thread_(thread) {}

  const Answer& apply(const Action& action) {
    Event& event = events_.emplace_back();
    event.thread = thread_;
    // seq_cst: the stamps of two threads must agree with what each saw of the other.
    if (order_ == Order::Intervals)
      event.begin = meeting_.stamps.fetch_add(1, std::memory_order_seq_cst);
    refine::Issued issued = runtime_.apply(action);
    if (order_ == Order::Intervals)
      event.end = meeting_.stamps.fetch_add(1, std::memory_order_seq_cst);
    event.ticket = issued.ticket.value_or(0);
    event.action = std::move(issued.action);
    event.answer = issued.answer;
    return event.answer;
  }
  [[nodiscard]] std::vector<Event>& events() { return events_; }

 private:
  refine::RuntimeUnderTest& runtime_;
  Meeting& meeting_;
  Order order_;
  std::uint64_t thread_;
  std::vector<Event> events_;
};

/// One thread: actions drawn from the seed, most of them on what all threads know.
class Worker {
 public:
  Worker(Meeting& meeting, Clerk& clerk, std::uint64_t seed)
      : meeting_(meeting), clerk_(clerk), numbers_(seed) {}

  void run(std::uint64_t actions, const std::function<bool()>& go_on) {
    while (clerk_.events().size() < actions) {
      if (clerk_.events().size() % 1024 == 0 && !go_on()) return;
      if (!owed_.empty() && numbers_.chance(25)) {
        pay(owed_);
      } else if (!later_.empty() && numbers_.chance(4)) {
        pay(later_);
      } else {
        act();
      }
    }
  }

 private:
  static constexpr std::array<std::uint32_t, action_count> weights{4,  // open_region
                                                                   2,  // close_region
                                                                   1,  // cancel_region
                                                                   3,  // defer_finalizer
                                                                   16, 14, 12, 12, 4, 3, 5,
                                                                   10, 4,  6,  10, 7, 4, 1};

  void act() {
    switch (numbers_.weighted(weights)) {
      case 0: return open_region();
      case 1: return say(CloseRegion{region(), one_of<CloseMode>(close_mode_count)});
      case 2: return say(CancelRegion{region(), one_of<CancelKind>(cancel_kind_count)});
      case 3: return defer_finalizer();
      case 4: return spawn();
      case 5: return say(Start{task()});
      case 6: return say(Poll{task()});
      case 7: return say(Checkpoint{task()});
      case 8: return say(EnterMask{task(), static_cast<std::uint8_t>(numbers_.below(6))});
      case 9: return say(LeaveMask{task()});
      case 10: return say(CleanupDone{task()});
      case 11: return say(a_return(task()));
      case 12: return say(CancelTask{task(), one_of<CancelKind>(cancel_kind_count)});
      case 13: return say(Join{task(), task()});
      case 14: return reserve();
      case 15: return say(Commit{obligation(), task()});
      case 16:
        return say(Abort{obligation(), task(),
                         numbers_.chance(50) ? AbortReason::Error : AbortReason::Explicit});
      default: return advance_time();
    }
  }

  void say(const Action& action) { static_cast<void>(clerk_.apply(action)); }

  void open_region() {
    OpenRegion open{fresh<RegionName>(meeting_.next_region), region_or_root()};
    if (numbers_.chance(30))
      open.budget.deadline_ticks = meeting_.now.load(relaxed) + numbers_.below(20);
    if (numbers_.chance(20)) open.budget.poll_quota = numbers_.below(8);
    if (numbers_.chance(20)) open.limits.body_tasks = numbers_.below(4);
    if (numbers_.chance(20)) open.limits.obligations = numbers_.below(4);
    if (numbers_.chance(20)) open.limits.child_regions = numbers_.below(3);
    if (numbers_.chance(40)) open.policy = Policy::FailFast;
    if (!is_done(clerk_.apply(open))) return;
    const RegionName left = exchange(meeting_.regions, open.name);
    if (!left.is_none()) say(CancelRegion{left, CancelKind::User});
  }
  void spawn() {
    Spawn spawn{fresh<TaskName>(meeting_.next_task), region_or_root()};
    if (numbers_.chance(20)) spawn.budget.poll_quota = numbers_.below(6);
    const Answer answer = clerk_.apply(spawn);
    if (answer == refused(Guard::RegionOpen) && numbers_.chance(25)) return open_region();
    if (!is_done(answer)) return;
    owe(exchange(meeting_.tasks, spawn.name));
    spawned_[numbers_.below(spawned_.size())] = spawn;
  }
  void defer_finalizer() {
    const DeferFinalizer defer{fresh<TaskName>(meeting_.next_task), region()};
    if (is_done(clerk_.apply(defer))) owe(exchange(meeting_.tasks, defer.name));
  }
  void reserve() {
    const Spawn& spawned = spawned_[numbers_.below(spawned_.size())];  // most know their region
    const bool own = numbers_.chance(70);
    const Reserve reserve{fresh<ObligationName>(meeting_.next_obligation),
                          own ? spawned.name : task(), own ? spawned.region : region_or_root(),
                          one_of<ObligationKind>(obligation_kind_count)};
    if (!is_done(clerk_.apply(reserve))) return;
    exchange(meeting_.obligations, reserve.name);
    if (numbers_.chance(60)) say(Commit{reserve.name, reserve.holder});
  }
  void advance_time() {
    const std::uint64_t now = meeting_.now.load(relaxed) + numbers_.below(3);
    meeting_.now.store(now, relaxed);
    say(AdvanceTime{now});
  }

  /// A task whose place was taken must end, or the regions never close.
  void owe(TaskName name) {
    if (!name.is_none()) owed_.push_back(name);
  }
  void pay(std::deque<TaskName>& debts) {
    const TaskName name = debts.front();
    debts.pop_front();
    const Answer answer = clerk_.apply(a_return(name));
    if (answer == refused(Guard::TaskStarted)) {
      say(Start{name});
      owed_.push_back(name);
    } else if (answer == refused(Guard::TaskExists)) {
      later_.push_back(name);  // a finalizer that has not started
    }
  }

  Return a_return(TaskName name) {
    const auto outcome =
        numbers_.chance(60) ? OutcomeKind::Ok : one_of<OutcomeKind>(outcome_kind_count);
    const auto kind = outcome == OutcomeKind::Cancelled ? one_of<CancelKind>(cancel_kind_count)
                                                        : CancelKind::User;
    return {name, outcome, kind};
  }

  template <class Enum>
  Enum one_of(int count) {
    return static_cast<Enum>(numbers_.below(static_cast<std::size_t>(count)));
  }
  template <class EntityName>
  static EntityName fresh(Native::Atomic<std::uint32_t>& next) {
    return EntityName{next.fetch_add(1, relaxed)};
  }
  template <class EntityName, std::size_t count>
  EntityName exchange(std::array<Meeting::Place, count>& places, EntityName name) {
    return EntityName{places[numbers_.below(count)].exchange(name.value, relaxed)};
  }
  template <std::size_t count>
  std::uint32_t somewhere(const std::array<Meeting::Place, count>& places) {
    return places[numbers_.below(count)].load(relaxed);
  }
  TaskName task() { return TaskName{somewhere(meeting_.tasks)}; }
  RegionName region() { return RegionName{somewhere(meeting_.regions)}; }
  RegionName region_or_root() { return numbers_.chance(25) ? root_region : region(); }
  ObligationName obligation() { return ObligationName{somewhere(meeting_.obligations)}; }

  static constexpr std::memory_order relaxed = std::memory_order_relaxed;

  Meeting& meeting_;
  Clerk& clerk_;
  refine::Numbers numbers_;
  std::deque<TaskName> owed_;
  std::deque<TaskName> later_;
  std::array<Spawn, 4> spawned_{};  // some of the last that this thread spawned
};

/// Ends everything that the threads left: the root is Closed afterwards, unless the runtime is at
/// fault and nothing that it is asked changes anything.
void end_everything(refine::RuntimeUnderTest& runtime, Clerk& clerk) {
  clerk.apply(CancelRegion{root_region, CancelKind::Shutdown});
  Snapshot snapshot;
  for (bool something_ended = true; something_ended;) {
    runtime.snapshot(snapshot);
    something_ended = false;
    for (const TaskRow& row : snapshot.tasks) {
      if (row.phase == TaskPhase::Completed) continue;
      if (row.phase == TaskPhase::Created) clerk.apply(Start{row.name});
      if (is_done(clerk.apply(Return{row.name, OutcomeKind::Ok}))) something_ended = true;
    }
  }
}

/// What is written of the rows that the threads left.
enum class Rows { All, Live, LiveUncounted };

/// The rows while no thread runs, in pieces; of very many those that have not ended.
///   state    after the event of this ticket, or stamped with the next stamps
std::vector<TraceSnapshot> look(const Snapshot& snapshot, std::uint64_t ticket, Meeting& meeting,
                                Rows wanted) {
  spec::State state = refine::abstraction(snapshot);
  const RowCounts counts{state.regions.size(), state.tasks.size(), state.obligations.size()};
  std::size_t rows = counts.regions + counts.tasks + counts.obligations;
  if (wanted != Rows::All || rows > most_rows_written) {
    const auto keep_live = [](auto& all_rows) {
      const auto over = [](const auto& row) { return has_ended(row); };
      all_rows.erase(std::remove_if(all_rows.begin(), all_rows.end(), over), all_rows.end());
    };
    keep_live(state.regions);
    keep_live(state.tasks);
    keep_live(state.obligations);
    rows = state.regions.size() + state.tasks.size() + state.obligations.size();
  }
  const TraceSnapshot all = whole_snapshot(state);
  std::vector<TraceSnapshot> pieces(1);
  TraceSnapshot& first = pieces.front();
  if (rows <= rows_a_line) first = all;
  first.now = all.now;
  first.leak_count = all.leak_count;
  first.counts = wanted == Rows::LiveUncounted ? std::nullopt : std::optional(counts);
  const auto cut = [&](const auto& from, auto member) {
    for (std::size_t at = 0; at < from.size(); at += rows_a_line) {
      auto& into = pieces.emplace_back().*member;
      for (std::size_t i = at; i < std::min(from.size(), at + rows_a_line); ++i)
        into.push_back(from[i]);
    }
  };
  if (rows > rows_a_line) {
    cut(all.regions, &TraceSnapshot::regions);
    cut(all.tasks, &TraceSnapshot::tasks);
    cut(all.obligations, &TraceSnapshot::obligations);
  }
  for (TraceSnapshot& piece : pieces) {
    piece.after = ticket;
    piece.begin = piece.end = meeting.stamps.fetch_add(1, std::memory_order_relaxed);
  }
  return pieces;
}

/// The largest ticket that was drawn.
std::uint64_t last_ticket(std::vector<Clerk>& clerks) {
  std::uint64_t last = 0;
  for (Clerk& clerk : clerks) {
    if (!clerk.events().empty()) last = std::max(last, clerk.events().back().ticket);
  }
  return last;
}

/// For each block of events the names that no later block uses.
std::vector<Released> releases(const std::vector<Event>& events) {
  NameSet regions;
  NameSet tasks;
  NameSet obligations;
  std::vector<Released> all;
  const std::size_t blocks = events.size() / events_a_release;
  for (std::size_t block = blocks; block-- > 0;) {  // from the last block: the first sight counts
    Released released;
    released.after = events[(block + 1) * events_a_release - 1].ticket;
    const auto see = [&](const auto& name, auto& seen, auto& into) {
      if (!name.is_none() && seen.insert(name.value)) into.push_back(name);
    };
    // What comes after the last whole block is never released.
    const std::size_t end = block + 1 == blocks ? events.size() : (block + 1) * events_a_release;
    Released ignored;
    for (std::size_t i = end; i-- > block * events_a_release;) {
      Released& into = i >= blocks * events_a_release ? ignored : released;
      const auto see_name =
          overloaded{[&](RegionName name) { see(name, regions, into.regions); },
                     [&](TaskName name) { see(name, tasks, into.tasks); },
                     [&](ObligationName name) { see(name, obligations, into.obligations); },
                     [](const auto&) {}};
      std::visit(
          [&](const auto& fields) {
            for_each_field<std::decay_t<decltype(fields)>>(
                [&](const auto& field) { see_name(fields.*field.member); });
          },
          events[i].action);
    }
    all.push_back(std::move(released));
  }
  std::reverse(all.begin(), all.end());
  return all;
}

/// The lines of a recording go into a file piece by piece.
class TraceWriter {
 public:
  [[nodiscard]] std::string open(const std::string& path) { return file_.open(path); }
  [[nodiscard]] std::string write(const std::string& line) {
    text_ += line;
    text_ += '\n';
    return text_.size() < std::size_t{1} << 20U ? std::string() : flush();
  }
  [[nodiscard]] std::string commit() {
    std::string error = flush();
    return error.empty() ? file_.commit() : error;
  }

 private:
  std::string flush() {
    std::string error = file_.write(text_.data(), text_.size());
    text_.clear();
    return error;
  }

  files::WholeFile file_;
  std::string text_;
};

}  // namespace

Recorded record(const refine::Variant& variant, const RecordOptions& options) {
  if (options.order == Order::Tickets && variant.tickets == refine::Tickets::No)
    return {{},
            "the variant '" + std::string(variant.name) +
                "' draws no tickets; --intervals records when its operations began and ended"};
  const auto names = static_cast<std::uint32_t>(options.actions + options.threads + 1);
  const std::unique_ptr<refine::RuntimeUnderTest> runtime = variant.make_native();
  runtime->start({names, names, names, options.leaks});
  Meeting meeting;
  std::vector<Clerk> clerks;
  for (std::uint64_t thread = 0; thread <= options.threads; ++thread)
    clerks.emplace_back(*runtime, meeting, options.order, thread);
  std::vector<Worker> workers;
  for (std::uint32_t i = 1; i <= options.threads; ++i)
    workers.emplace_back(meeting, clerks[i], refine::derived(options.seed, i));
  Recorded recorded;
  Recording& recording = recorded.recording;
  const bool releases_names = options.release && options.order == Order::Tickets;
  Snapshot snapshot;
  const auto write_down = [&](Rows wanted) {
    runtime->snapshot(snapshot);
    for (TraceSnapshot& piece : look(snapshot, last_ticket(clerks), meeting, wanted))
      recording.snapshots.push_back(std::move(piece));
  };
  // What is released is not looked at on the way: a look would use the names once more.
  const std::uint64_t rounds =
      releases_names ? 1
                     : std::clamp(options.actions / actions_a_round, std::uint64_t{1}, most_rounds);
  for (std::uint64_t round = 1; round <= rounds; ++round) {
    std::vector<std::unique_ptr<Native::Thread>> threads;
    std::uint64_t odd = options.actions % options.threads;  // one each for the first of them
    for (Worker& worker : workers) {
      const std::uint64_t share = options.actions / options.threads + (odd > 0 ? 1 : 0);
      if (odd > 0) --odd;
      threads.push_back(std::make_unique<Native::Thread>(
          [&, share] { worker.run(share * round / rounds, options.go_on); }));
    }
    for (const auto& thread : threads) thread->join();
    if (round != rounds) write_down(Rows::Live);
  }
  end_everything(*runtime, clerks[0]);
  write_down(releases_names ? Rows::LiveUncounted : Rows::All);
  runtime->stop();

  recording.order = options.order;
  recording.leaks = options.leaks;
  for (Clerk& clerk : clerks)
    recording.events.insert(recording.events.end(), clerk.events().begin(), clerk.events().end());
  const auto stamp = [&](const Event& event) {
    return options.order == Order::Tickets ? event.ticket : event.begin;
  };
  std::sort(recording.events.begin(), recording.events.end(),
            [&](const Event& a, const Event& b) { return stamp(a) < stamp(b); });
  if (releases_names) recording.released = releases(recording.events);
  return recorded;
}

std::string write_trace(const Recording& recording, const std::string& path) {
  TraceWriter writer;
  std::string error = writer.open(path);
  Header header;
  header.order = recording.order;
  header.leaks = recording.leaks;
  if (!recording.events.empty() && recording.order == Order::Tickets)
    header.first_ticket = recording.events.front().ticket;
  if (error.empty()) error = writer.write(line_of(header));
  auto released = recording.released.begin();
  auto snapshot = recording.snapshots.begin();
  const auto write_snapshots_until = [&](const auto& is_later) {
    for (; error.empty() && snapshot != recording.snapshots.end() && !is_later(*snapshot);
         ++snapshot)
      error = writer.write(line_of(*snapshot, recording.order));
  };
  for (const Event& event : recording.events) {
    write_snapshots_until([&](const TraceSnapshot& rows) {
      return recording.order == Order::Tickets ? rows.after >= event.ticket
                                               : rows.begin > event.begin;
    });
    if (!error.empty()) return error;
    error = writer.write(line_of(event, recording.order));
    if (error.empty() && released != recording.released.end() && released->after == event.ticket)
      error = writer.write(line_of(*released++));
  }
  write_snapshots_until([](const TraceSnapshot&) { return false; });
  return error.empty() ? writer.commit() : error;
}

}  // namespace quiesce::validate
