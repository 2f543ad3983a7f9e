// Executions that complete allocate nothing: operator new is counted in this program.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <cstdlib>
#include <new>

#include "tests/interleave/helpers.hpp"

namespace {
std::uint64_t allocations = 0;  // the counted executions have no second thread
}

// Not inlined: a compiler that sees malloc in one and free in the other warns of a mismatch.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace quiesce::interleave {
namespace {

void everything_once() {
  Explored::Mutex mutex({.rank = 1, .name = "A"});
  Explored::CondVar changed({.name = "changed"});
  Explored::Atomic<int> counter(0, {.name = "counter"});
  Explored::Var<bool> ready(false, {.name = "ready"});
  Explored::Thread waiter([&] {
    const ScopedLock held(mutex);
    while (!ready.read()) changed.wait(mutex);
    counter.fetch_add(1);
  });
  Explored::Thread other([&] {
    counter.fetch_add(1);
    Explored::yield();
    note("a note that nobody hears");
  });
  {
    const ScopedLock held(mutex);
    ready.write(true);
  }
  changed.notify_all();
  waiter.join();
  other.join();
}

template <class S>
std::uint64_t allocations_of(S strategy, void (*body)()) {
  Engine engine;
  engine.run(strategy, body);  // makes the stacks
  const std::uint64_t before = allocations;
  for (int i = 0; i < 100; ++i) engine.run(strategy, body);
  return allocations - before;
}

BOOST_AUTO_TEST_CASE(completed_executions_allocate_nothing) {
  BOOST_TEST(allocations_of(RandomWalk(1), everything_once) == 0U);
  BOOST_TEST(allocations_of(Pct(1, {}, 10), everything_once) == 0U);
  BOOST_TEST(allocations_of(Pos(1), everything_once) == 0U);
}

BOOST_AUTO_TEST_CASE(allocation_of_the_body_is_counted) {
  const auto body = [] {
    std::array<char, callable_bytes + 1> large{};
    Explored::Thread thread([large] { (void)large; });
    thread.join();
  };
  BOOST_TEST(allocations_of(RandomWalk(1), body) == 100U);  // a callable that does not fit
}

}  // namespace
}  // namespace quiesce::interleave
