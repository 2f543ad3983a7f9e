// The shards under the schedule explorer: what is reached without its lock is seen.
#include <boost/test/unit_test.hpp>
#include <set>

#include "impl/bodies/runtime_state_body.hpp"
#include "models/interleave/engine.hpp"
#include "models/interleave/explored.hpp"
#include "models/interleave/strategy.hpp"

using namespace quiesce;
using namespace quiesce::impl;
using quiesce::interleave::Ended;
using quiesce::interleave::Ending;
using quiesce::interleave::Engine;
using quiesce::interleave::Explored;
using quiesce::interleave::RandomWalk;

namespace {

/// How many of 200 random executions of `body` ended that way.
template <class Body>
int count_of(Ending wanted, Body&& body) {
  Engine engine{interleave::EngineOptions{}};
  int count = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    RandomWalk strategy(seed);
    const Ended ended = engine.run(strategy, body);
    if (ended.ending == wanted) ++count;
  }
  return count;
}

const RuntimeConfig config;

}  // namespace

BOOST_AUTO_TEST_SUITE(explored)

BOOST_AUTO_TEST_CASE(explorer_accepts_shards_that_are_reached_under_their_locks) {
  for (const Layout* layout : layouts) {
    const auto body = [&] {
      RuntimeState<Explored> state(config, *layout);
      const TaskId task = state.spawn(TaskName{0}, state.root()).task;
      Explored::Thread closer([&] { state.close_region(state.root(), CloseMode::Cancel); });
      Explored::Thread worker([&] {
        state.start(task);
        state.return_from(task, OutcomeKind::Ok);
      });
      state.advance_time(3);
      closer.join();
      worker.join();
    };
    BOOST_TEST_CONTEXT(layout->name) {
      BOOST_TEST(count_of(Ending::Completed, body) == 200);
    }
  }
}

BOOST_AUTO_TEST_CASE(snapshot_beside_other_operations_is_of_one_instant) {
  std::set<std::size_t> numbers_of_tasks;
  const auto body = [&] {
    RuntimeState<Explored> state(config, sharded);
    const TaskId holder = state.spawn(TaskName{0}, state.root()).task;
    state.start(holder);
    Explored::Thread worker([&] {
      state.spawn(TaskName{1}, state.root());
      state.reserve(ObligationName{0}, holder, state.root(), ObligationKind::Lease);
      state.advance_time(3);
      state.return_from(holder, OutcomeKind::Cancelled);
      state.spawn(TaskName{2}, state.root());
    });
    Snapshot seen;
    state.snapshot(seen);
    worker.join();
    const bool reserved =
        !seen.obligations.empty() && seen.obligations[0].phase == ObligationPhase::Reserved;
    require(seen.pending_total == (reserved ? 1U : 0U), "the total counts rows of another instant");
    require(seen.regions.at(0).pending_obligations == seen.pending_total, "the region does");
    require(seen.tasks.size() > 1 || seen.obligations.empty(), "the first task comes later");
    require(!seen.obligations.empty() || seen.now == 0, "the time is of another instant");
    require(seen.tasks.size() < 3 || !reserved, "the obligation was resolved before");
    require(
        seen.regions.at(0).tasks.size() + (seen.now == 3 && !reserved ? 1 : 0) == seen.tasks.size(),
        "the region lists tasks of another instant");
    require(!seen.bookkeeping.clocks_differ, "the clocks are of other instants");
    numbers_of_tasks.insert(seen.tasks.size());
  };
  BOOST_TEST(count_of(Ending::Completed, body) == 200);
  BOOST_TEST(numbers_of_tasks.size() == 3U);  // it came early, and late
}

BOOST_AUTO_TEST_CASE(explorer_reports_a_shard_that_is_read_without_its_lock) {
  const auto body = [] {
    Shards<Explored> shards(config, sharded);
    Explored::Thread writer(
        [&] { shards.with<Regions>([](auto held) { write<Regions>(held).now = 1; }); });
    (void)shards.guarded<Regions>().read();
    writer.join();
  };
  BOOST_TEST(count_of(Ending::UnprotectedAccess, body) > 0);
}

BOOST_AUTO_TEST_CASE(explorer_reports_a_shard_that_is_read_under_the_lock_of_another) {
  const auto body = [](const Layout& layout) {
    return [&layout] {
      Shards<Explored> shards(config, layout);
      Explored::Thread writer(
          [&] { shards.with<Regions>([](auto held) { write<Regions>(held).now = 1; }); });
      shards.with<Obligations>([&](auto) { (void)shards.guarded<Regions>().read(); });
      writer.join();
    };
  };
  BOOST_TEST(count_of(Ending::UnprotectedAccess, body(sharded)) > 0);
  // Behind one mutex for all the same access is protected.
  BOOST_TEST(count_of(Ending::UnprotectedAccess, body(one_lock)) == 0);
}

BOOST_AUTO_TEST_CASE(explorer_reports_locks_that_are_nested_against_their_rank) {
  const auto body = [](bool inverted) {
    return [inverted] {
      Shards<Explored> shards(config, sharded);
      if (inverted) {
        shards.with<Tasks>([&](auto) { shards.with<Regions>([](auto) {}); });
      } else {
        shards.with<Regions>([&](auto) { shards.with<Tasks>([](auto) {}); });
      }
    };
  };
  BOOST_TEST(count_of(Ending::RankInversion, body(true)) == 200);
  BOOST_TEST(count_of(Ending::RankInversion, body(false)) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
