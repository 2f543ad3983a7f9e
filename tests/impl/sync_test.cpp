// The Sync policies themselves: Native waits and wakes, SingleThread vanishes, misuse stops.
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdio>
#include <functional>

#include "impl/sync/native.hpp"
#include "impl/sync/require.hpp"
#include "impl/sync/single_thread.hpp"

using namespace quiesce;

namespace {

/// True if `mistake` stops the program by an abort; it runs in a process of its own.
bool aborts(const std::function<void()>& mistake) {
  const pid_t child = fork();
  BOOST_REQUIRE_GE(child, 0);
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    if (std::freopen("/dev/null", "w", stderr) == nullptr) _exit(2);
    mistake();
    _exit(0);
  }
  int status = 0;
  BOOST_REQUIRE_EQUAL(waitpid(child, &status, 0), child);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_policies)

BOOST_AUTO_TEST_CASE(require_aborts_only_if_the_condition_does_not_hold) {
  BOOST_TEST(aborts([] { require(false, "this does not hold"); }));
  BOOST_TEST(!aborts([] { require(true, "this holds"); }));
}

BOOST_AUTO_TEST_CASE(single_thread_aborts_on_a_wait_that_could_never_end) {
  BOOST_TEST(aborts([] {
    SingleThread::Mutex mutex;
    mutex.lock();
    mutex.lock();
  }));
  BOOST_TEST(aborts([] {
    SingleThread::Mutex mutex;
    SingleThread::CondVar condition;
    mutex.lock();
    condition.wait(mutex);
  }));
  BOOST_TEST(aborts([] {
    SingleThread::Mutex mutex;
    mutex.unlock();
  }));
  BOOST_TEST(!aborts([] {
    SingleThread::Mutex mutex;
    mutex.lock();
    mutex.unlock();
    mutex.lock();
  }));
}

BOOST_AUTO_TEST_CASE(single_thread_runs_a_thread_where_it_is_made) {
  int ran = 0;
  SingleThread::Thread thread([&] { ++ran; });
  BOOST_TEST(ran == 1);
  thread.join();
  BOOST_TEST(ran == 1);
}

BOOST_AUTO_TEST_CASE(single_thread_atomics_do_what_their_names_say) {
  SingleThread::Atomic<int> atomic(3);
  BOOST_TEST(atomic.fetch_add(2, std::memory_order_relaxed) == 3);
  BOOST_TEST(atomic.fetch_sub(1, std::memory_order_relaxed) == 5);
  BOOST_TEST(atomic.exchange(9, std::memory_order_relaxed) == 4);
  int expected = 8;
  BOOST_TEST(!atomic.compare_exchange_strong(expected, 1, std::memory_order_relaxed));
  BOOST_TEST(expected == 9);
  BOOST_TEST(atomic.compare_exchange_strong(expected, 1, std::memory_order_relaxed));
  BOOST_TEST(atomic.load(std::memory_order_relaxed) == 1);
}

BOOST_AUTO_TEST_CASE(native_condition_hands_over_between_two_threads) {
  Native::Mutex mutex;
  Native::CondVar condition;
  bool sent = false;
  bool received = false;
  Native::Thread receiver([&] {
    ScopedLock lock(mutex);
    while (!sent) condition.wait(mutex);
    received = true;
  });
  {
    ScopedLock lock(mutex);
    sent = true;
  }
  condition.notify_one();
  receiver.join();
  BOOST_TEST(received);
}

BOOST_AUTO_TEST_CASE(native_try_lock_fails_while_another_thread_holds_the_mutex) {
  Native::Mutex mutex;
  bool locked = true;
  mutex.lock();
  Native::Thread other([&] { locked = mutex.try_lock(); });
  other.join();
  BOOST_TEST(!locked);
  mutex.unlock();
  BOOST_TEST(mutex.try_lock());
  mutex.unlock();
}

BOOST_AUTO_TEST_SUITE_END()
