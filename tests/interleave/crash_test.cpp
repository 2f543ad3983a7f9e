// A crash of the code under test is an answer: the execution ends, the next one runs.
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>

#include "impl/sync/require.hpp"
#include "models/interleave/engine.hpp"
#include "models/interleave/explored.hpp"
#include "models/interleave/strategy.hpp"

using namespace quiesce;
using namespace quiesce::interleave;

namespace {

struct Held {
  int value = 0;
};

/// Two threads; the second runs `fault` between two operations on a mutex.
template <class Fault>
Ended run_with(Engine& engine, Fault fault) {
  RandomWalk walk{7};
  static_cast<void>(CrashGuard::of_this_thread());
  CrashGuard::install_handlers();
  return engine.run(walk, [&] {
    Explored::Mutex mutex{LockInfo{1, "m"}};
    Explored::Thread other{[&] {
      mutex.lock();
      mutex.unlock();
    }};
    Explored::Thread faulty{[&] {
      mutex.lock();
      fault();
      mutex.unlock();
    }};
    other.join();
    faulty.join();
  });
}

/// The sanitizers report such faults themselves.
boost::test_tools::assertion_result guard_is_on(boost::unit_test::test_unit_id) {
  return CrashGuard::is_on;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(crashes)

BOOST_AUTO_TEST_CASE(a_broken_requirement_ends_the_execution_with_its_sentence) {
  Engine engine;
  const Ended ended = run_with(engine, [] { require(false, "two and two are five"); });
  BOOST_TEST((ended.ending == Ending::UncaughtException));
  BOOST_TEST(ended.sentence.find("two and two are five") != std::string::npos);
  BOOST_TEST(run_with(engine, [] { require(true, "two and two are four"); }).completed());
}

BOOST_AUTO_TEST_CASE(a_segmentation_fault_ends_one_execution_and_the_next_one_runs,
                     *boost::unit_test::precondition(guard_is_on)) {
  Engine engine;
  for (int i = 0; i < 3; ++i) {
    Held* volatile nothing = nullptr;
    const Ended ended = run_with(engine, [&] { nothing->value = 1; });
    BOOST_TEST((ended.ending == Ending::Crashed));
    BOOST_TEST(ended.sentence == "thread 2 ended in a crash: segmentation fault");
    BOOST_TEST(ended.steps > 0U);
    BOOST_TEST(run_with(engine, [] {}).completed());
  }
}

BOOST_AUTO_TEST_CASE(an_abort_ends_one_execution, *boost::unit_test::precondition(guard_is_on)) {
  Engine engine;
  const Ended ended = run_with(engine, [] { std::abort(); });
  BOOST_TEST((ended.ending == Ending::Crashed));
  BOOST_TEST(ended.sentence.find("abort") != std::string::npos);
  BOOST_TEST(run_with(engine, [] {}).completed());
}

BOOST_AUTO_TEST_CASE(a_crash_keeps_the_decisions_that_led_to_it,
                     *boost::unit_test::precondition(guard_is_on)) {
  Engine engine;
  Held* volatile nothing = nullptr;
  const Ended ended = run_with(engine, [&] { nothing->value = 1; });
  BOOST_TEST_REQUIRE((ended.ending == Ending::Crashed));
  const Decisions decisions = engine.decisions();
  BOOST_TEST(!decisions.picks.empty());
  BOOST_TEST(engine.choice_count() == decisions.picks.size());
}

BOOST_AUTO_TEST_CASE(a_loop_without_a_visible_operation_counts_as_hung,
                     *boost::unit_test::precondition(guard_is_on)) {
  Engine engine;
  volatile bool for_ever = true;
  const Ended ended = run_with(engine, [&] {
    while (for_ever) {
    }
  });
  BOOST_TEST((ended.ending == Ending::Crashed));
  BOOST_TEST(ended.sentence.find("no visible operation for 2 seconds") != std::string::npos);
  BOOST_TEST(run_with(engine, [] {}).completed());
}

BOOST_AUTO_TEST_SUITE_END()
