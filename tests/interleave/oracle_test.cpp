// Random programs, judged a second time by rules written without the engine's clocks and counters.
#include <algorithm>
#include <array>
#include <bitset>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/interleave/random.hpp"
#include "tests/interleave/helpers.hpp"

namespace quiesce::interleave {
namespace {

using Mutex = Explored::Mutex;
using Thread = Explored::Thread;

// Locks: one thread locks, tries and unlocks in any order.

struct LockStep {
  enum Kind : std::uint8_t { Lock, Try, Unlock };
  Kind kind;
  unsigned which;
};

constexpr unsigned locks = 4;
using Ranks = std::array<int, locks>;

/// Mostly what a careful program does: it unlocks what it holds, in any order.
std::vector<LockStep> random_lock_steps(Random& random) {
  std::vector<LockStep> steps;
  std::vector<unsigned> held;
  const auto unlock_one = [&] {
    const auto at = held.begin() + random.below(static_cast<unsigned>(held.size()));
    steps.push_back({LockStep::Unlock, *at});
    held.erase(at);
  };
  for (unsigned i = 2 + random.below(7); i > 0; --i) {
    const bool careless = random.below(16) == 0;
    const unsigned which = random.below(locks);
    const bool holds = std::find(held.begin(), held.end(), which) != held.end();
    if (careless && random.below(2) == 0) {
      steps.push_back({LockStep::Unlock, which});
    } else if (holds && !careless) {
      unlock_one();
    } else {
      steps.push_back({random.below(2) == 0 ? LockStep::Lock : LockStep::Try, which});
      held.push_back(which);
    }
  }
  while (!held.empty() && random.below(16) != 0) unlock_one();
  return steps;
}

/// What the rules say: a lock held twice or unlocked without being held is misuse, a ranked lock
/// is taken inside lower ranks only, unless it is tried, and nothing is held at the end.
Ending judged(const std::vector<LockStep>& steps, const Ranks& ranks) {
  std::vector<unsigned> held;
  for (const auto& [kind, lock] : steps) {
    const unsigned which = lock;
    const auto at = std::find(held.begin(), held.end(), which);
    if ((kind == LockStep::Unlock) == (at == held.end())) return Ending::Misuse;
    if (kind == LockStep::Unlock) {
      held.erase(at);
      continue;
    }
    const bool inverted = std::any_of(held.begin(), held.end(), [&](unsigned other) {
      return ranks[which] != 0 && ranks[other] >= ranks[which];
    });
    if (kind == LockStep::Lock && inverted) return Ending::RankInversion;
    held.push_back(which);
  }
  return held.empty() ? Ending::Completed : Ending::LockHeldAtExit;
}

BOOST_AUTO_TEST_CASE(locks_of_one_thread_are_judged_by_what_it_holds) {
  Engine engine;
  Fixed no_choices;
  std::array<int, 5> seen{};
  constexpr std::array endings{Ending::Completed, Ending::Misuse, Ending::RankInversion,
                               Ending::LockHeldAtExit};
  for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
    Random random(seed);
    const std::vector<LockStep> steps = random_lock_steps(random);
    Ranks ranks{};
    for (int& rank : ranks) rank = static_cast<int>(random.below(4));
    const Ended ended = engine.run(no_choices, [&] {
      std::vector<std::unique_ptr<Mutex>> mutexes;
      for (const int rank : ranks)
        mutexes.push_back(std::make_unique<Mutex>(LockInfo{.rank = rank, .name = "one of four"}));
      for (const auto& [kind, which] : steps) {
        if (kind == LockStep::Lock) mutexes[which]->lock();
        if (kind == LockStep::Try) (void)mutexes[which]->try_lock();
        if (kind == LockStep::Unlock) mutexes[which]->unlock();
      }
    });
    const Ending expected = judged(steps, ranks);
    BOOST_TEST(ended.ending == expected, "seed " << seed << ": " << ended.sentence);
    for (std::size_t i = 0; i < endings.size(); ++i) seen[i] += expected == endings[i] ? 1 : 0;
  }
  for (std::size_t i = 0; i < endings.size(); ++i) BOOST_TEST(seen[i] > 200, endings[i]);
}

// Data: threads read and write what locks, read-modify-writes, spawns and joins may or may not
// order.

struct Access {
  enum Kind : std::uint8_t { Read, Write, Lock, Unlock, Modify, Spawn, Begin, End, Join };
  Kind kind;
  unsigned thread;
  unsigned which;  ///< of two data, locks or atomics; the other thread of Spawn and Join
};

constexpr std::size_t most_accesses = 128;
using Earlier = std::bitset<most_accesses>;

/// The first access of the execution that another one before it clashes with: its place.
std::optional<std::size_t> first_clash(const std::vector<Access>& log) {
  std::vector<Earlier> before(log.size());
  for (std::size_t i = 0; i < log.size(); ++i) {
    const auto follows = [&](const Access& earlier) {
      const Access& now = log[i];
      if (earlier.thread == now.thread) return true;
      const bool same = earlier.which == now.which;
      switch (now.kind) {
        case Access::Lock: return earlier.kind == Access::Unlock && same;
        case Access::Modify: return earlier.kind == Access::Modify && same;
        case Access::Begin: return earlier.kind == Access::Spawn && earlier.which == now.thread;
        case Access::Join: return earlier.kind == Access::End && earlier.thread == now.which;
        default: return false;
      }
    };
    for (std::size_t j = 0; j < i; ++j) {
      if (!follows(log[j])) continue;
      before[i] |= before[j];
      before[i].set(j);
    }
    for (std::size_t j = 0; j < i; ++j) {
      const bool data = log[i].kind <= Access::Write && log[j].kind <= Access::Write;
      const bool writes = log[i].kind == Access::Write || log[j].kind == Access::Write;
      if (data && writes && log[j].which == log[i].which && !before[i][j]) return i;
    }
  }
  return std::nullopt;
}

struct DataStep {
  enum Kind : std::uint8_t { Read, Write, Section, Modify };
  Kind kind;
  unsigned which;
  bool reads;  ///< what a section does inside
};
using DataProgram = std::vector<std::vector<DataStep>>;

DataProgram random_data_program(Random& random) {
  DataProgram program(2 + random.below(3));
  for (std::vector<DataStep>& steps : program) {
    for (unsigned i = 1 + random.below(4); i > 0; --i) {
      // Few writes, and much that orders: what is unprotected is then one of many accesses.
      constexpr std::array kinds{DataStep::Read,    DataStep::Read,   DataStep::Read,
                                 DataStep::Section, DataStep::Modify, DataStep::Modify,
                                 DataStep::Modify,  DataStep::Write};
      steps.push_back({kinds[random.below(8)], random.below(4) / 3, random.below(2) == 0});
    }
  }
  return program;
}

/// Runs a program and keeps a log of what was done in the order in which it was done.
struct DataRun {
  const DataProgram& program;
  std::vector<Access>& log;
  bool joins_early;  ///< thread 0 joins each thread before it starts the next one

  void operator()() const {
    log.clear();
    std::array<Explored::Var<int>, 2> data{Explored::Var<int>(0, {.name = "first"}),
                                           Explored::Var<int>(0, {.name = "second"})};
    std::array<Mutex, 2> mutexes{Mutex(LockInfo{.name = "A"}), Mutex(LockInfo{.name = "B"})};
    std::array<Explored::Atomic<int>, 2> atomics{Explored::Atomic<int>(0),
                                                 Explored::Atomic<int>(0)};
    const auto access = [&](unsigned thread, unsigned which, bool reads) {
      log.push_back({reads ? Access::Read : Access::Write, thread, which});
      if (reads) {
        (void)data[which].read();
      } else {
        data[which].write(1);
      }
    };
    const auto run = [&](unsigned thread) {
      log.push_back({Access::Begin, thread, 0});
      for (const auto& [kind, which, reads] : program[thread - 1]) {
        if (kind == DataStep::Section) {
          mutexes[which].lock();
          log.push_back({Access::Lock, thread, which});
          access(thread, which, reads);
          mutexes[which].unlock();
          log.push_back({Access::Unlock, thread, which});
        } else if (kind == DataStep::Modify) {
          atomics[which].fetch_add(1);
          log.push_back({Access::Modify, thread, which});
        } else {
          access(thread, which, kind == DataStep::Read);
        }
      }
      log.push_back({Access::End, thread, 0});
    };
    std::vector<Thread> threads;
    const auto join = [&](unsigned thread) {
      threads[thread - 1].join();
      log.push_back({Access::Join, 0, thread});
    };
    for (unsigned thread = 1; thread <= program.size(); ++thread) {
      log.push_back({Access::Spawn, 0, thread});
      threads.emplace_back([&run, thread] { run(thread); });
      if (joins_early && thread == 1) join(1);
    }
    for (unsigned thread = joins_early ? 2 : 1; thread <= program.size(); ++thread) join(thread);
    access(0, 0, false);
  }
};

BOOST_AUTO_TEST_CASE(an_access_is_unprotected_exactly_if_nothing_orders_the_two) {
  Engine engine;
  int clashes = 0;
  int silent = 0;
  std::vector<Access> log;
  for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
    Random random(seed);
    const DataProgram program = random_data_program(random);
    const DataRun run{program, log, random.below(4) == 0};
    RandomWalk walk(seed);
    for (int execution = 0; execution < 5; ++execution) {
      const Ended ended = engine.run(walk, run);
      BOOST_TEST_REQUIRE(log.size() <= most_accesses);
      const std::optional<std::size_t> clash = first_clash(log);
      BOOST_TEST((ended.ending == Ending::UnprotectedAccess) == clash.has_value(),
                 "seed " << seed << ", execution " << execution << ": " << ended.sentence);
      ++(clash ? clashes : silent);
      if (!clash) continue;
      const Access& access = log[*clash];
      const std::string begins = "thread " + std::to_string(access.thread) +
                                 (access.kind == Access::Read ? " reads " : " writes ") +
                                 (access.which == 0 ? "first" : "second");
      BOOST_TEST(ended.sentence.starts_with(begins),
                 begins << " was expected, seed " << seed << ": " << ended.sentence);
    }
  }
  BOOST_TEST(clashes > 1'000);
  BOOST_TEST(silent > 1'000);
}

}  // namespace
}  // namespace quiesce::interleave
