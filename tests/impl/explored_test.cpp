// The shards under the schedule explorer: what is reached without its lock is seen.
#include <boost/test/unit_test.hpp>

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
