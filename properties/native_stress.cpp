// Stress with real threads: long scripts on two to eight threads over Native. Each history is
// checked in the order of its tickets against the specification, and the final snapshot against the
// final state. The schedule is the machine's: a failure here is not replayed by its seed, but its
// script is printed for the explorer.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string>
#include <vector>
// RapidCheck's macros come after Boost.Test.
#include <rapidcheck/boost_test.h>

#include "impl/sync/native.hpp"
#include "models/refine/execution.hpp"
#include "models/refine/generator.hpp"
#include "models/refine/runtime_under_test.hpp"
#include "properties/generators.hpp"
#include "properties/lockstep.hpp"

using namespace quiesce;

namespace {

/// What one thread was answered.
using ThreadHistory = std::vector<refine::Issued>;

/// Runs a script with one real thread a branch; histories by part, in the order of the script.
///   state    the workers only record; the calling thread asserts
std::vector<ThreadHistory> run_on_threads(refine::RuntimeUnderTest& runtime,
                                          const refine::Script& script) {
  std::vector<ThreadHistory> histories(script.branches.size() + 2);
  const auto issue_all = [&runtime](const std::vector<Action>& actions, ThreadHistory& history) {
    for (const Action& action : actions) history.push_back(runtime.apply(action));
  };
  issue_all(script.prefix, histories.front());
  {
    Native::Atomic<std::size_t> ready{0};
    std::vector<std::unique_ptr<Native::Thread>> threads;
    for (std::size_t i = 0; i < script.branches.size(); ++i) {
      threads.push_back(std::make_unique<Native::Thread>([&, i] {
        // Everybody begins when the last one is there. Acquire pairs with the release half of each
        // fetch_add; the histories are published by the joins.
        ready.fetch_add(1, std::memory_order_acq_rel);
        while (ready.load(std::memory_order_acquire) < script.branches.size()) Native::yield();
        issue_all(script.branches[i], histories[i + 1]);
      }));
    }
    for (const auto& thread : threads) thread->join();
  }
  issue_all(script.suffix, histories.back());
  return histories;
}

/// The operations of all threads in the order of their tickets; or what is wrong with the tickets.
struct Ordered {
  std::vector<const refine::Issued*> operations;
  std::string fact;
};

Ordered in_ticket_order(const std::vector<ThreadHistory>& histories) {
  Ordered ordered;
  for (const ThreadHistory& history : histories) {
    std::optional<std::uint64_t> last;
    for (const refine::Issued& issued : history) {
      if (!issued.ticket) ordered.fact = to_text(issued.action) + " has no ticket";
      if (last && issued.ticket && *issued.ticket <= *last)
        ordered.fact = "the tickets of one thread do not grow";
      last = issued.ticket;
      ordered.operations.push_back(&issued);
    }
  }
  std::stable_sort(ordered.operations.begin(), ordered.operations.end(),
                   [](const auto* a, const auto* b) { return *a->ticket < *b->ticket; });
  const auto twice =
      std::adjacent_find(ordered.operations.begin(), ordered.operations.end(),
                         [](const auto* a, const auto* b) { return *a->ticket == *b->ticket; });
  if (twice != ordered.operations.end()) ordered.fact = "two operations have the same ticket";
  return ordered;
}

/// What clashes in one run of a script; empty if it agrees.
std::string first_fact(refine::RuntimeUnderTest& runtime, const refine::Script& script) {
  runtime.start(refine::capacity_of(script));
  const auto histories = run_on_threads(runtime, script);
  Snapshot snapshot;
  runtime.snapshot(snapshot);
  runtime.stop();
  const Ordered ordered = in_ticket_order(histories);
  if (!ordered.fact.empty()) return ordered.fact;
  spec::State model = spec::initial(script.leaks);
  for (const refine::Issued* issued : ordered.operations) {
    const spec::Step next = spec::step(model, issued->action);
    std::string fact = properties::answer_fact(issued->action, next.answer, issued->answer);
    if (!fact.empty()) return fact;
    model = next.after;
  }
  return properties::state_fact(snapshot, model);
}

/// Two to eight branches of up to thirty actions.
refine::Script long_script(std::uint64_t seed, std::uint64_t index, std::uint32_t threads) {
  refine::Shape shape;
  shape.branches_least = threads;
  shape.branches_most = threads;
  shape.operations_least = 10;
  shape.operations_most = 30;
  return refine::generate_script(seed, index, shape);
}

constexpr std::uint64_t seed = 20260104;
constexpr std::uint64_t scripts_a_width = 40;
constexpr int runs_a_script = 3;

void stress(std::string_view variant_name) {
  const auto runtime = refine::find_variant(variant_name)->make_native();
  for (std::uint32_t threads = 2; threads <= 8; ++threads) {
    for (std::uint64_t index = 0; index < scripts_a_width; ++index) {
      const refine::Script script = long_script(seed, index, threads);
      for (int run = 0; run < runs_a_script; ++run) {
        const std::string fact = first_fact(*runtime, script);
        BOOST_TEST_REQUIRE(fact == "", fact << "\n  script " << refine::to_line(script));
      }
    }
  }
}

/// Draws its ticket after the operation, outside every critical section.
class LateTickets final : public refine::RuntimeUnderTest {
 public:
  void start(const refine::Capacity& capacity) override { good_->start(capacity); }
  void stop() noexcept override { good_->stop(); }
  refine::Issued apply(const Action& action) override {
    refine::Issued issued = good_->apply(action);
    issued.ticket = 1'000 - *issued.ticket;
    return issued;
  }
  void snapshot(Snapshot& into) override { good_->snapshot(into); }
  void peek(Snapshot& into) const override { good_->peek(into); }

 private:
  std::unique_ptr<refine::RuntimeUnderTest> good_ = refine::find_variant("one_lock")->make_native();
};

/// Loses every start: answers Done and does nothing.
class LosesStarts final : public refine::RuntimeUnderTest {
 public:
  void start(const refine::Capacity& capacity) override { good_->start(capacity); }
  void stop() noexcept override { good_->stop(); }
  refine::Issued apply(const Action& action) override {
    if (!std::holds_alternative<Start>(action)) return good_->apply(action);
    refine::Issued refusal = good_->apply(Start{TaskName::none()});
    return {action, done(), refusal.ticket};
  }
  void snapshot(Snapshot& into) override { good_->snapshot(into); }
  void peek(Snapshot& into) const override { good_->peek(into); }

 private:
  std::unique_ptr<refine::RuntimeUnderTest> good_ = refine::find_variant("one_lock")->make_native();
};

}  // namespace

BOOST_AUTO_TEST_SUITE(native_stress)

BOOST_AUTO_TEST_CASE(stress_sharded_agrees_in_the_order_of_its_tickets) {
  stress("sharded");
}

BOOST_AUTO_TEST_CASE(stress_one_lock_agrees_in_the_order_of_its_tickets) {
  stress("one_lock");
}

BOOST_AUTO_TEST_CASE(stress_every_variant_agrees_on_three_threads) {
  for (const refine::Variant& variant : refine::variants()) {
    if (variant.tickets == refine::Tickets::No) continue;
    const auto runtime = variant.make_native();
    for (std::uint64_t index = 0; index < scripts_a_width; ++index) {
      const refine::Script script = long_script(seed + 1, index, 3);
      const std::string fact = first_fact(*runtime, script);
      BOOST_TEST_REQUIRE(fact == "",
                         variant.name << ": " << fact << "\n  script " << refine::to_line(script));
    }
  }
}

BOOST_AUTO_TEST_CASE(stress_finds_tickets_that_do_not_grow) {
  const refine::Script script{{Spawn{TaskName{1}, root_region}, Start{TaskName{1}}}, {}, {}};
  LateTickets broken;
  BOOST_TEST(first_fact(broken, script) == "the tickets of one thread do not grow");
}

BOOST_AUTO_TEST_CASE(stress_finds_a_final_state_that_differs) {
  const refine::Script script{
      {Spawn{TaskName{1}, root_region}}, {{Start{TaskName{1}}}, {Poll{TaskName::none()}}}, {}};
  LosesStarts broken;
  BOOST_TEST(first_fact(broken, script) ==
             "task t1: phase is Running in the specification, Created in the implementation");
  const auto good = refine::find_variant("one_lock")->make_native();
  BOOST_TEST(first_fact(*good, script) == "");
}

BOOST_AUTO_TEST_CASE(stress_finds_an_answer_that_differs) {
  const refine::Script script{{Spawn{TaskName{1}, root_region}, Start{TaskName{1}}},
                              {{Poll{TaskName{1}}}, {Checkpoint{TaskName{1}}}},
                              {}};
  LosesStarts broken;
  const std::string fact = first_fact(broken, script);
  BOOST_TEST(fact.ends_with("the implementation Refused{TaskStarted}"), fact);
}

BOOST_AUTO_TEST_SUITE_END()
