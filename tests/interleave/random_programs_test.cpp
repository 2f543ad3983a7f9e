// Small random programs: the searches must agree with each other about every one of them.
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "models/interleave/explore.hpp"
#include "models/interleave/random.hpp"
#include "tests/interleave/helpers.hpp"

namespace quiesce::interleave {
namespace {

using Mutex = Explored::Mutex;
using CondVar = Explored::CondVar;
using Thread = Explored::Thread;
template <class T>
using Atomic = Explored::Atomic<T>;

/// What a thread of a random program does; `which` selects one of two objects.
enum class Kind : std::uint8_t {
  AddTo,
  Read,
  Write,
  Exchange,
  Section,        // lock, add to the guarded value, unlock
  SectionInside,  // the same with the other lock inside
  TrySection,
  TryGate,  // look at the signal if its lock is free
  Signal,
  Await,  // wait until signalled once
  Yield,
  YieldTwice,     // the second time somebody else must go first
  SectionYields,  // the same inside a section
};
struct Step {
  Kind kind;
  unsigned which;
};
using Program = std::vector<std::vector<Step>>;

/// Steps to draw from, and how many at most a thread of two takes; one of three takes one less.
struct Mix {
  std::span<const Kind> kinds;
  unsigned most_steps;
};
constexpr std::array every_kind_but_yields{
    Kind::AddTo,         Kind::Read,       Kind::Write,   Kind::Exchange, Kind::Section,
    Kind::SectionInside, Kind::TrySection, Kind::TryGate, Kind::Signal,   Kind::Await};
constexpr Mix without_yields{every_kind_but_yields, 3};
/// A lock decides who could run when a thread yields, and so for whom it waits.
constexpr std::array yields_and_locks{
    Kind::YieldTwice, Kind::YieldTwice, Kind::Yield, Kind::Section,       Kind::Section,
    Kind::TrySection, Kind::Write,      Kind::Read,  Kind::SectionYields, Kind::SectionInside};
constexpr Mix with_yields{yields_and_locks, 4};

Program random_program(std::uint64_t seed, const Mix& mix = without_yields) {
  Random random(seed);
  const unsigned threads = 2 + random.below(2);
  Program program(threads);
  for (std::vector<Step>& steps : program) {
    const unsigned length = 1 + random.below(threads == 2 ? mix.most_steps : mix.most_steps - 1);
    for (unsigned i = 0; i < length; ++i) {
      const Kind kind = mix.kinds[random.below(static_cast<unsigned>(mix.kinds.size()))];
      steps.push_back({kind, random.below(2)});
    }
  }
  return program;
}

/// Runs a program and says everything its threads saw; the word of the ending comes on top.
class Run {
 public:
  /// Its yields do nothing unless `yields`.
  Run(const Program& program, std::string& saw, bool yields = true)
      : program_(program), saw_(saw), yields_(yields) {}

  void operator()() const {
    Shared shared;
    std::vector<std::string> seen(program_.size());
    std::vector<Thread> threads;
    for (std::size_t id = 0; id < program_.size(); ++id) {
      threads.emplace_back([this, &shared, &seen, id] {
        for (const Step& step : program_[id]) seen[id] += execute(shared, step, id) + " ";
      });
    }
    for (Thread& thread : threads) thread.join();
    saw_.clear();
    for (const std::string& one : seen) saw_ += one + "| ";
    for (const int value : shared.guarded) saw_ += std::to_string(value) + " ";
  }

 private:
  struct Shared {
    std::array<Atomic<int>, 2> atomics{Atomic<int>(0), Atomic<int>(0)};
    std::array<Mutex, 2> mutexes{Mutex({.name = "first"}), Mutex({.name = "second"})};
    std::array<int, 2> guarded{};
    Mutex gate{LockInfo{.name = "gate"}};
    CondVar signalled{DataInfo{.name = "signalled"}};
    bool signal = false;
    int awaiting = 0;
  };

  void yield() const {
    if (yields_) Explored::yield();
  }
  std::string execute(Shared& shared, const Step& step, std::size_t id) const {
    const int mark = static_cast<int>(id) + 1;
    Atomic<int>& atomic = shared.atomics[step.which];
    Mutex& mutex = shared.mutexes[step.which];
    int& guarded = shared.guarded[step.which];
    switch (step.kind) {
      case Kind::AddTo: return std::to_string(atomic.fetch_add(mark));
      case Kind::Read: return std::to_string(atomic.load());
      case Kind::Write: atomic.store(10 * mark); return "";
      case Kind::Exchange: return std::to_string(atomic.exchange(100 * mark));
      case Kind::Section: {
        const ScopedLock held(mutex);
        return std::to_string(guarded = 3 * guarded + mark);
      }
      case Kind::SectionInside: {
        const ScopedLock held(mutex);
        const ScopedLock inside(shared.mutexes[1 - step.which]);
        return std::to_string(guarded = 3 * guarded + mark);
      }
      case Kind::TrySection: {
        if (!mutex.try_lock()) return "busy";
        guarded = 3 * guarded + mark;
        mutex.unlock();
        return "free";
      }
      case Kind::TryGate: {
        if (!shared.gate.try_lock()) return "busy";
        const std::string state =
            (shared.signal ? "signal" : "no signal") + std::to_string(shared.awaiting);
        shared.gate.unlock();
        return state;
      }
      case Kind::Signal: {
        const ScopedLock held(shared.gate);
        shared.signal = true;
        shared.signalled.notify_one();
        return "";
      }
      case Kind::Await: {
        const ScopedLock held(shared.gate);
        ++shared.awaiting;
        while (!shared.signal) shared.signalled.wait(shared.gate);
        --shared.awaiting;
        return "";
      }
      case Kind::Yield: yield(); return "";
      case Kind::YieldTwice:
        yield();
        yield();
        return "";
      case Kind::SectionYields: {
        const ScopedLock held(mutex);
        yield();
        yield();
        return std::to_string(guarded = 3 * guarded + mark);
      }
    }
    return "";
  }

  const Program& program_;
  std::string& saw_;
  bool yields_;
};

/// Everything that a search saw of a program.
struct Behaviours {
  std::set<std::string> outcomes;
  std::map<std::string, std::uint32_t> fewest;  // preemptions that an outcome takes
  std::set<std::string> schedules;
  std::map<std::uint32_t, std::uint64_t> executions;  // by preemptions
  std::uint64_t total = 0;
  bool too_many = false;
};

constexpr std::uint64_t most_executions = 60'000;

Behaviours search(const Program& program, BoundedExhaustive search, bool yields = true) {
  EngineOptions options;
  options.predict_lock_cycles = false;  // it would end executions at a place of its own
  Engine engine(options);
  Behaviours result;
  std::string saw;
  do {
    saw = "";
    const Ended ended = engine.run(search, Run(program, saw, yields));
    if (ended.ending == Ending::Abandoned) continue;
    ++result.total;
    ++result.executions[ended.preemptions];
    const std::string outcome =
        std::string(word(ended.ending)) + (ended.completed() ? " " + saw : std::string());
    result.outcomes.insert(outcome);
    std::uint32_t& fewest = result.fewest.try_emplace(outcome, ended.preemptions).first->second;
    fewest = std::min(fewest, ended.preemptions);
    result.schedules.insert(to_text(engine.decisions()));
    if (result.total > most_executions) {
      result.too_many = true;
      return result;
    }
  } while (search.advance());
  return result;
}

BOOST_AUTO_TEST_CASE(searches_agree_about_random_programs) {
  int compared = 0;
  int with_deadlock = 0;
  int with_busy = 0;
  int reduced_programs = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    const Program program = random_program(seed);
    const Behaviours all = search(program, BoundedExhaustive(no_bound));
    if (all.too_many) continue;
    ++compared;
    BOOST_TEST(all.schedules.size() == all.total, "a schedule was executed twice, seed " << seed);

    const Behaviours reduced =
        search(program, BoundedExhaustive(no_bound, BoundedExhaustive::Reduction::SleepSets));
    BOOST_TEST((reduced.outcomes == all.outcomes), "sleep sets lost something, seed " << seed);
    BOOST_TEST(reduced.total <= all.total);
    reduced_programs += reduced.total < all.total ? 1 : 0;

    std::uint64_t within = 0;
    for (const std::uint32_t bound : {0U, 1U, 2U}) {
      const auto exactly = all.executions.find(bound);
      within += exactly == all.executions.end() ? 0 : exactly->second;
      const Behaviours bounded = search(program, BoundedExhaustive(bound));
      BOOST_TEST(bounded.total == within, "bound " << bound << ", seed " << seed);
    }
    for (const std::string& outcome : all.outcomes) {
      with_deadlock += outcome == "deadlock" ? 1 : 0;
      with_busy += outcome.find("busy") != std::string::npos ? 1 : 0;
    }
  }
  // The programs must have been worth the comparison.
  BOOST_TEST(compared > 120);
  BOOST_TEST(with_deadlock > 10);
  BOOST_TEST(with_busy > 10);
  BOOST_TEST(reduced_programs > 60);
}

BOOST_AUTO_TEST_CASE(sleep_sets_know_that_a_yield_looks_at_who_can_run) {
  // One program in forty loses an outcome if a yield is taken for a step that commutes.
  int compared = 0;
  int reduced_programs = 0;
  int beside_no_yields = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const Program program = random_program(seed, with_yields);
    const Behaviours all = search(program, BoundedExhaustive(no_bound));
    if (all.too_many) continue;
    ++compared;
    const Behaviours reduced =
        search(program, BoundedExhaustive(no_bound, BoundedExhaustive::Reduction::SleepSets));
    BOOST_TEST((reduced.outcomes == all.outcomes), "sleep sets lost something, seed " << seed);
    reduced_programs += reduced.total < all.total ? 1 : 0;

    // Whoever waits for others to run only leaves schedules out.
    const Behaviours unfair = search(program, BoundedExhaustive(no_bound), false);
    if (unfair.too_many) continue;
    BOOST_TEST(std::includes(unfair.outcomes.begin(), unfair.outcomes.end(), all.outcomes.begin(),
                             all.outcomes.end()),
               "a yield added something, seed " << seed);
    ++beside_no_yields;
  }
  BOOST_TEST(compared > 300);
  BOOST_TEST(beside_no_yields > 300);
  BOOST_TEST(reduced_programs > 200);
}

/// Fails in every execution that does not see what an execution without preemptions sees.
class Surprise {
 public:
  explicit Surprise(const Program& program) : program_(program) {
    EngineOptions options;
    options.predict_lock_cycles = false;
    Engine engine(options);
    Fixed nobody_preempted;
    usual_ = engine.run(nobody_preempted, Run(program_, expected_)).completed();
  }
  /// There is something to be surprised by.
  bool usual() const { return usual_; }
  const std::string& expected() const { return expected_; }
  void operator()() const {
    std::string saw;
    Run(program_, saw)();
    check(saw == expected_, "it saw something else");
  }

 private:
  const Program& program_;
  std::string expected_;
  bool usual_ = false;
};

BOOST_AUTO_TEST_CASE(what_explore_calls_minimal_is_minimal) {
  std::array<int, 4> by_preemptions{};
  for (std::uint64_t seed = 1; seed <= 250; ++seed) {
    const Program program = random_program(seed);
    const Surprise surprise(program);
    const Behaviours all = search(program, BoundedExhaustive(no_bound));
    if (!surprise.usual() || all.too_many) continue;
    ExploreOptions options;
    options.seed = seed;
    options.executions = 60;
    options.engine.predict_lock_cycles = false;
    const Verdict verdict = explore(surprise, options);
    std::map<Ending, std::uint32_t> needs;  // the fewest preemptions to each way of failing
    for (const auto& [outcome, fewest] : all.fewest) {
      if (outcome == "completed " + surprise.expected()) continue;
      const Ending ending = outcome == "deadlock" ? Ending::Deadlock : Ending::CheckFailed;
      const auto at = needs.try_emplace(ending, fewest).first;
      at->second = std::min(at->second, fewest);
    }
    if (verdict.holds) {
      for (const auto& [ending, fewest] : needs) BOOST_TEST(fewest > options.preemptions);
      continue;
    }
    BOOST_TEST(verdict.minimal, "seed " << seed);
    BOOST_TEST(verdict.ended.preemptions == needs.at(verdict.ended.ending), "seed " << seed);
    BOOST_TEST(replay(surprise, to_text(verdict.decisions), options.engine).ended.sentence ==
               verdict.ended.sentence);
    ++by_preemptions[std::min<std::size_t>(verdict.ended.preemptions, 3)];
  }
  // Some fail without a preemption, by who is woken or who comes first; some need one, some two.
  BOOST_TEST(by_preemptions[0] > 20);
  BOOST_TEST(by_preemptions[1] > 5);
  BOOST_TEST(by_preemptions[2] > 0);
}

BOOST_AUTO_TEST_CASE(sleep_sets_know_that_a_wait_releases_its_mutex) {
  // The try_lock fails only while the other thread is about to wait.
  const Program program{{{Kind::TryGate, 0}, {Kind::Signal, 0}}, {{Kind::Await, 0}}};
  const Behaviours all = search(program, BoundedExhaustive(no_bound));
  const Behaviours reduced =
      search(program, BoundedExhaustive(no_bound, BoundedExhaustive::Reduction::SleepSets));
  BOOST_TEST((reduced.outcomes == all.outcomes));
  BOOST_TEST(all.outcomes.size() == 3U);  // nobody waits yet, busy, somebody waits
}

BOOST_AUTO_TEST_CASE(random_strategies_draw_the_same_on_every_machine) {
  const auto drawn = [](const auto& strategy_of) {
    std::uint64_t digest = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      const Program program = random_program(seed, seed % 2 == 0 ? with_yields : without_yields);
      Engine engine;
      auto strategy = strategy_of(seed);
      std::string saw;
      for (int i = 0; i < 20; ++i) {
        engine.run(strategy, Run(program, saw));
        for (const std::uint8_t pick : engine.decisions().picks)
          digest = execution_seed(digest, pick);
      }
    }
    return digest;
  };
  BOOST_TEST(drawn([](std::uint64_t seed) { return RandomWalk(seed); }) == 7102098585199119731U);
  BOOST_TEST(drawn([](std::uint64_t seed) { return Pct(seed, {}, 12); }) == 14363201485270716272U);
  BOOST_TEST(drawn([](std::uint64_t seed) { return Pos(seed); }) == 15362533451194372192U);
}

BOOST_AUTO_TEST_CASE(random_strategies_see_only_what_the_search_sees) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Program program = random_program(seed);
    const Behaviours all = search(program, BoundedExhaustive(no_bound));
    if (all.too_many) continue;
    EngineOptions options;
    options.predict_lock_cycles = false;
    Engine engine(options);
    std::string saw;
    const auto expect_known = [&](auto strategy) {
      for (int i = 0; i < 200; ++i) {
        const Ended ended = engine.run(strategy, Run(program, saw));
        const std::string outcome =
            std::string(word(ended.ending)) + (ended.completed() ? " " + saw : std::string());
        BOOST_TEST_REQUIRE(all.outcomes.count(outcome) == 1U, "seed " << seed << ": " << outcome);
        BOOST_TEST_REQUIRE(all.schedules.count(to_text(engine.decisions())) == 1U);
      }
    };
    expect_known(RandomWalk(seed));
    expect_known(Pct(seed, {}, 12));
    expect_known(Pos(seed));
  }
}

}  // namespace
}  // namespace quiesce::interleave
