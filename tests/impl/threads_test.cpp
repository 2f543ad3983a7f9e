// Real threads do random operations; afterwards the counters, the lists and the rows must agree.
#include <array>
#include <map>
#include <memory>
#include <set>

#include "tests/impl/house.hpp"

using namespace quiesce;
using namespace quiesce::impl;
using namespace quiesce::impl::tests;

namespace {

/// splitmix64: small, and the same on every machine.
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t mixed = state_ += 0x9E37'79B9'7F4A'7C15U;
    mixed = (mixed ^ mixed >> 30U) * 0xBF58'476D'1CE4'E5B9U;
    mixed = (mixed ^ mixed >> 27U) * 0x94D0'49BB'1331'11EBU;
    return mixed ^ mixed >> 31U;
  }
  std::uint32_t below(std::size_t bound) { return static_cast<std::uint32_t>(next() % bound); }

 private:
  std::uint64_t state_;
};

/// One thread of the storm: it uses ids that it made itself and ids of a common stock.
class Worker {
 public:
  Worker(RuntimeState<Native>& state, std::uint32_t index, std::vector<RegionId> regions,
         std::vector<TaskId> tasks)
      : state_(state),
        numbers_(index + 1),
        regions_(std::move(regions)),
        tasks_(std::move(tasks)),
        next_name_(1000 * (index + 1)) {}

  void run(int operations) {
    for (int i = 0; i < operations; ++i) tickets_.push_back(one_operation().ticket);
  }
  [[nodiscard]] const std::vector<std::uint64_t>& tickets() const { return tickets_; }

 private:
  RegionId region() { return regions_[numbers_.below(regions_.size())]; }
  TaskId task() { return tasks_[numbers_.below(tasks_.size())]; }

  Applied one_operation() {
    switch (numbers_.below(24)) {
      case 0:
      case 1: {
        const Applied opened = state_.open_region(
            RegionName{next_name_++}, region(), {.deadline_ticks = numbers_.below(4000)}, no_limits,
            numbers_.below(2) == 0 ? Policy::FailFast : Policy::CollectAll);
        if (!opened.region.is_none()) regions_.push_back(opened.region);
        return opened;
      }
      case 2: return state_.close_region(region_but_root(), CloseMode::Await);
      case 3: return state_.cancel_region(region_but_root(), CancelKind::User);
      case 4: return state_.defer_finalizer(TaskName{next_name_++}, region());
      case 5: return state_.advance_time(numbers_.below(200));
      case 6: return state_.cancel_task(task(), CancelKind::Timeout);
      case 7: return state_.join(task(), task());
      case 8: return state_.poll(task());
      case 9: return state_.enter_mask(task(), 1);
      case 10: return state_.leave_mask(task());
      case 11: return state_.cleanup_done(task());
      case 12:
      case 13: return state_.checkpoint(task());
      case 14:
      case 15:
      case 16: return state_.start(task());
      case 17: return reserve();
      case 18: return resolve();
      case 19:
      case 20: return state_.return_from(task(), static_cast<OutcomeKind>(numbers_.below(4)));
      default: {
        const Applied spawned = state_.spawn(TaskName{next_name_++}, region());
        if (!spawned.task.is_none()) tasks_.push_back(spawned.task);
        return spawned;
      }
    }
  }

  RegionId region_but_root() { return regions_[1 + numbers_.below(regions_.size() - 1)]; }

  Applied reserve() {
    const TaskId holder = task();
    const Applied reserved =
        state_.reserve(ObligationName{next_name_++}, holder, region(), ObligationKind::SendPermit);
    if (!reserved.obligation.is_none()) held_.push_back({reserved.obligation, holder});
    return reserved;
  }
  Applied resolve() {
    if (held_.empty()) return state_.commit(ObligationId::none(), TaskId::none());
    const auto [obligation, holder] = held_[numbers_.below(held_.size())];
    if (numbers_.below(4) == 0) return state_.commit(obligation, task());
    return numbers_.below(2) == 0 ? state_.commit(obligation, holder)
                                  : state_.abort(obligation, holder, AbortReason::Explicit);
  }

  RuntimeState<Native>& state_;
  Numbers numbers_;
  std::vector<RegionId> regions_;
  std::vector<TaskId> tasks_;
  std::vector<std::pair<ObligationId, TaskId>> held_;
  std::vector<std::uint64_t> tickets_;
  std::uint32_t next_name_;
};

/// Sentences that are not true of the snapshot.
std::vector<std::string> disagreements(const Snapshot& seen) {
  std::vector<std::string> said;
  std::map<RegionName, const RegionRow*> regions;
  std::map<TaskName, const TaskRow*> tasks;
  for (const RegionRow& row : seen.regions) regions[row.name] = &row;
  for (const TaskRow& row : seen.tasks) tasks[row.name] = &row;
  if (regions.size() != seen.regions.size()) said.emplace_back("a region has two rows");
  if (tasks.size() != seen.tasks.size()) said.emplace_back("a task has two rows");

  std::map<RegionName, std::uint32_t> reserved;
  std::uint32_t pending = 0;
  std::uint32_t leaked = 0;
  for (const ObligationRow& row : seen.obligations) {
    if (row.phase == ObligationPhase::Leaked) ++leaked;
    if (row.phase != ObligationPhase::Reserved) continue;
    ++pending;
    ++reserved[row.region];
    if (tasks.at(row.holder)->phase == TaskPhase::Completed) {
      said.push_back(to_text(row.name) + " is Reserved and its holder is Completed");
    }
  }
  if (pending != seen.pending_total) said.emplace_back("pending_total differs from the rows");
  if (leaked != seen.leak_count) said.emplace_back("leak_count differs from the rows");
  if (seen.bookkeeping != Bookkeeping{}) said.emplace_back("the tables differ among themselves");

  std::map<RegionName, std::set<TaskName>> live_tasks;
  for (const TaskRow& row : seen.tasks) {
    if (row.phase != TaskPhase::Completed) live_tasks[row.owner].insert(row.name);
  }
  std::map<RegionName, std::set<RegionName>> live_children;
  for (const RegionRow& row : seen.regions) {
    if (row.phase != RegionPhase::Closed) live_children[row.parent].insert(row.name);
  }
  for (const RegionRow& row : seen.regions) {
    const std::set<TaskName> listed_tasks(row.tasks.begin(), row.tasks.end());
    const std::set<RegionName> listed_children(row.children.begin(), row.children.end());
    if (listed_tasks != live_tasks[row.name]) said.push_back(to_text(row.name) + " lists others");
    if (listed_children != live_children[row.name]) {
      said.push_back(to_text(row.name) + " lists other children");
    }
    if (row.pending_obligations != reserved[row.name]) {
      said.push_back(to_text(row.name) + " counts other obligations");
    }
    const bool waits = row.phase == RegionPhase::Closing || row.phase == RegionPhase::Draining;
    if (waits && listed_tasks.empty() && listed_children.empty()) {
      said.push_back(to_text(row.name) + " did not settle");
    }
  }
  return said;
}

void storm(const Layout& layout, std::uint32_t threads, int operations,
           std::array<std::uint64_t, answer_codes>& reached) {
  House house({}, nullptr, layout);
  const RegionId shared_region = house.open();
  const std::vector<RegionId> regions{root, shared_region, house.open(shared_region)};
  std::vector<TaskId> tasks;
  for (int i = 0; i < 8; ++i)
    tasks.push_back(house.spawn(regions[static_cast<std::size_t>(i % 3)]));
  const std::uint64_t before = house.state.spawn(TaskName{900}, root).ticket;

  std::vector<Worker> workers;
  for (std::uint32_t i = 0; i < threads; ++i) workers.emplace_back(house.state, i, regions, tasks);
  std::vector<std::unique_ptr<Native::Thread>> running;
  for (Worker& worker : workers) {
    running.push_back(std::make_unique<Native::Thread>([&] { worker.run(operations); }));
  }
  for (const auto& thread : running) thread->join();

  std::set<std::uint64_t> tickets;
  for (const Worker& worker : workers) {
    tickets.insert(worker.tickets().begin(), worker.tickets().end());
    BOOST_TEST(std::is_sorted(worker.tickets().begin(), worker.tickets().end()));
  }
  const auto all = static_cast<std::uint64_t>(operations) * threads;
  BOOST_TEST(tickets.size() == all);
  BOOST_TEST(*tickets.begin() == before + 1);
  BOOST_TEST(*tickets.rbegin() == before + all);
  std::uint64_t counted = 0;
  for (std::size_t code = 0; code < answer_codes; ++code) {
    counted += house.state.count_of_answer(code);
  }
  BOOST_TEST(counted == before + all);
  for (std::size_t code = 0; code < answer_codes; ++code) {
    reached[code] += house.state.count_of_answer(code);
  }
  BOOST_TEST(disagreements(house.look()).empty());
  for (const std::string& sentence : disagreements(house.seen)) BOOST_TEST_MESSAGE(sentence);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(threads)

BOOST_AUTO_TEST_CASE(storm_leaves_counters_lists_and_rows_in_agreement) {
  std::array<std::uint64_t, answer_codes> reached{};
  for (const Layout* layout : layouts) {
    BOOST_TEST_CONTEXT(layout->name) {
      for (const std::uint32_t threads : {2U, 4U, 8U}) storm(*layout, threads, 2000, reached);
    }
  }
  // The storm is worth something only if it reached the interesting answers.
  for (const Answer& answer :
       {done_with(Acknowledged{}), done_with(Registered{}), done_with(Ready{}),
        done_with(Completed{}), done_with(CancelPending{}), refused(Guard::RegionOpen),
        refused(Guard::ObligationReserved), refused(Guard::ActorIsHolder)}) {
    BOOST_TEST_CONTEXT(answer_class(answer)) {
      BOOST_TEST(reached[answer_code(answer)] > 0U);
    }
    BOOST_TEST_MESSAGE(answer_class(answer) << " " << reached[answer_code(answer)]);
  }
}

BOOST_AUTO_TEST_CASE(disagreements_notices_a_wrong_count_a_wrong_list_and_an_unsettled_region) {
  House house;
  const RegionId region = house.open();
  const TaskId task = house.started(region);
  house.reserve(task, region);
  BOOST_TEST(disagreements(house.look()).empty());
  Snapshot wrong = house.seen;
  wrong.pending_total = 0;
  BOOST_TEST(disagreements(wrong).size() == 1U);
  wrong = house.seen;
  wrong.tasks[0].phase = TaskPhase::Completed;
  BOOST_TEST(disagreements(wrong).size() == 2U);
  wrong = house.seen;
  wrong.regions[0].children.clear();
  BOOST_TEST(disagreements(wrong).size() == 1U);
  wrong = house.seen;
  wrong.bookkeeping.lost_slots = 1;
  BOOST_TEST(disagreements(wrong).size() == 1U);
  house.state.commit(ObligationId{0, 1}, task);
  house.state.return_from(task, OutcomeKind::Ok);
  wrong = house.look();
  wrong.regions[1].phase = RegionPhase::Closing;
  BOOST_TEST(disagreements(wrong).size() == 1U);
}

BOOST_AUTO_TEST_CASE(now_is_read_without_a_lock_while_it_is_written) {
  House house;
  bool backwards = false;
  Native::Thread reader([&] {
    Time last = 0;
    while (last < 500) {
      const Time seen = house.state.now();
      backwards = backwards || seen < last;
      last = seen;
      Native::yield();
    }
  });
  for (Time tick = 1; tick <= 500; ++tick) house.state.advance_time(tick);
  reader.join();
  BOOST_TEST(!backwards);
}

BOOST_AUTO_TEST_SUITE_END()
