// Layouts: every operation locks its row of the lock table, in order, a shared mutex once.
#include <boost/test/unit_test.hpp>
#include <functional>

#include "impl/bodies/runtime_state_body.hpp"
#include "tests/impl/house.hpp"
#include "tests/impl/recording_sync.hpp"

using namespace quiesce;
using namespace quiesce::impl;
using namespace quiesce::impl::tests;

namespace {

using RecordingHouse = HouseOf<Recording>;

template <class Call>
std::string locks_of(Call&& call) {
  lock_record().clear();
  call();
  return lock_record();
}

const std::string b = "+Regions -Regions ";
const std::string a = "+Tasks -Tasks ";
const std::string b_a = "+Regions +Tasks -Tasks -Regions ";
const std::string b_c = "+Regions +Obligations -Obligations -Regions ";
const std::string b_a_c = "+Regions +Tasks +Obligations -Obligations -Tasks -Regions ";
const std::string one = "+Runtime -Runtime ";

struct OperationLocks {
  const char* operation;
  std::function<void(RuntimeState<Recording>&, TaskId, ObligationId)> call;
  std::string sharded_locks;
};

/// The lock column of semantics.md, written out again.
const std::vector<OperationLocks>& lock_table() {
  static const std::vector<OperationLocks> table{
      {"open_region", [](auto& s, auto, auto) { s.open_region(RegionName{9}, root); }, b},
      {"close_region", [](auto& s, auto, auto) { s.close_region(root, CloseMode::Await); }, b_a_c},
      {"cancel_region", [](auto& s, auto, auto) { s.cancel_region(root, CancelKind::User); },
       b_a_c},
      {"defer_finalizer", [](auto& s, auto, auto) { s.defer_finalizer(TaskName{9}, root); }, b},
      {"spawn", [](auto& s, auto, auto) { s.spawn(TaskName{9}, root); }, b_a},
      {"start", [](auto& s, auto t, auto) { s.start(t); }, a},
      {"poll", [](auto& s, auto t, auto) { s.poll(t); }, a},
      {"checkpoint", [](auto& s, auto t, auto) { s.checkpoint(t); }, a},
      {"enter_mask", [](auto& s, auto t, auto) { s.enter_mask(t, 1); }, a},
      {"leave_mask", [](auto& s, auto t, auto) { s.leave_mask(t); }, a},
      {"cleanup_done", [](auto& s, auto t, auto) { s.cleanup_done(t); }, a},
      {"return", [](auto& s, auto t, auto) { s.return_from(t, OutcomeKind::Ok); }, b_a_c},
      {"cancel_task", [](auto& s, auto t, auto) { s.cancel_task(t, CancelKind::User); }, b_a_c},
      {"join", [](auto& s, auto t, auto) { s.join(t, t); }, a},
      {"reserve",
       [](auto& s, auto t, auto) { s.reserve(ObligationName{9}, t, root, ObligationKind::Ack); },
       b_a_c},
      {"commit", [](auto& s, auto t, auto o) { s.commit(o, t); }, b_c},
      {"abort", [](auto& s, auto t, auto o) { s.abort(o, t, AbortReason::Error); }, b_c},
      {"advance_time", [](auto& s, auto, auto) { s.advance_time(3); }, b_a_c},
  };
  return table;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout)

BOOST_AUTO_TEST_CASE(sharded_locks_the_row_of_the_lock_table_in_rank_order) {
  BOOST_TEST(lock_table().size() == static_cast<std::size_t>(action_count));
  for (const OperationLocks& row : lock_table()) {
    RecordingHouse house;
    const TaskId task = house.started();
    const ObligationId obligation = house.reserve(task);
    BOOST_TEST_CONTEXT(row.operation) {
      BOOST_TEST(locks_of([&] { row.call(house.state, task, obligation); }) == row.sharded_locks);
    }
  }
}

BOOST_AUTO_TEST_CASE(refusal_locks_the_same_row) {
  for (const OperationLocks& row : lock_table()) {
    RecordingHouse house;
    BOOST_TEST_CONTEXT(row.operation) {
      BOOST_TEST(locks_of([&] { row.call(house.state, TaskId::none(), ObligationId::none()); }) ==
                 row.sharded_locks);
    }
  }
}

BOOST_AUTO_TEST_CASE(one_lock_locks_its_mutex_once_in_every_operation) {
  for (const OperationLocks& row : lock_table()) {
    RecordingHouse house({}, nullptr, one_lock);
    const TaskId task = house.started();
    const ObligationId obligation = house.reserve(task);
    BOOST_TEST_CONTEXT(row.operation) {
      BOOST_TEST(locks_of([&] { row.call(house.state, task, obligation); }) == one);
    }
  }
}

BOOST_AUTO_TEST_CASE(mutex_that_two_shards_share_is_locked_once_and_before_later_ones) {
  const Layout shared{.name = "shared",
                      .says = "obligations with the regions",
                      .mutex_of = {0, 1, 0},
                      .mutex_names = {"First", "Second", "unused"}};
  RecordingHouse house({}, nullptr, shared);
  const TaskId task = house.started();
  BOOST_TEST(locks_of([&] { house.reserve(task); }) == "+First +Second -Second -First ");
  BOOST_TEST(locks_of([&] { house.state.commit(ObligationId::none(), task); }) == "+First -First ");
  // Tasks before Obligations in the list, yet the mutexes go by their own order.
  BOOST_TEST(locks_of([&] { house.state.with<Tasks, Obligations>([](auto) {}); }) ==
             "+First +Second -Second -First ");
}

BOOST_AUTO_TEST_CASE(snapshot_locks_everything_and_peek_nothing) {
  RecordingHouse house;
  BOOST_TEST(locks_of([&] { house.look(); }) == b_a_c);
  BOOST_TEST(locks_of([&] { house.state.peek(house.seen); }).empty());
}

BOOST_AUTO_TEST_CASE(construction_locks_nothing) {
  BOOST_TEST(locks_of([] { RecordingHouse house; }).empty());
}

BOOST_AUTO_TEST_CASE(each_rung_moves_one_reader_out_of_the_lock) {
  const auto locked_readers = [](const Layout& wanted) {
    RecordingHouse house({}, nullptr, wanted);
    std::string locked;
    if (!locks_of([&] { (void)house.state.trace(); }).empty()) locked += "trace ";
    if (!locks_of([&] { (void)house.state.count_of_action(0); }).empty()) locked += "counters ";
    if (!locks_of([&] { (void)house.state.configuration(); }).empty()) locked += "config ";
    if (!locks_of([&] { (void)house.state.now(); }).empty()) locked += "clock ";
    return locked;
  };
  BOOST_TEST(locked_readers(one_lock) == "trace counters config clock ");
  BOOST_TEST(locked_readers(instrumentation_out) == "config clock ");
  BOOST_TEST(locked_readers(config_out) == "clock ");
  BOOST_TEST(locked_readers(clock_out).empty());
  BOOST_TEST(locked_readers(sharded).empty());
}

BOOST_AUTO_TEST_CASE(lock_set_releases_what_it_holds_when_a_lock_throws) {
  struct Throwing : SingleThread {
    struct Mutex : SingleThread::Mutex {
      explicit Mutex(LockInfo info = {}) : throws(std::string(info.name) == "Tasks") {}
      void lock() {
        if (throws) throw 1;
        SingleThread::Mutex::lock();
      }
      bool throws;
    };
  };
  LockSet<Throwing>::Mutexes mutexes{Throwing::Mutex{LockInfo{10, "Regions"}},
                                     Throwing::Mutex{LockInfo{20, "Tasks"}},
                                     Throwing::Mutex{LockInfo{30, "Obligations"}}};
  const auto lock_all = [&] {
    LockSet<Throwing> locks(mutexes);
    locks.lock(7);
  };
  BOOST_CHECK_THROW(lock_all(), int);
  BOOST_TEST(mutexes[0].try_lock());
}

BOOST_AUTO_TEST_CASE(find_layout_knows_every_rung_and_nothing_else) {
  BOOST_TEST(find_layout("one_lock") == &one_lock);
  BOOST_TEST(find_layout("sharded") == &sharded);
  BOOST_TEST(find_layout("two_locks") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
