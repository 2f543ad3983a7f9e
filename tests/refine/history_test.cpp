// Hand-made histories for lockstep and for the search of a linearization.
#include <boost/test/unit_test.hpp>

#include "models/refine/abstraction.hpp"
#include "models/refine/linearizability.hpp"
#include "models/refine/lockstep.hpp"
#include "spec/step.hpp"
#include "tests/refine/twins.hpp"

using namespace quiesce;
using namespace quiesce::refine;

BOOST_AUTO_TEST_SUITE(histories)

namespace {

const Action spawn_t1 = Spawn{{1}, root_region, {}};
const Action close_root = CloseRegion{root_region, CloseMode::Await};

/// A history in which each operation says when it began, answered and committed.
struct Made {
  SpecMemo memo;
  History history;
  Coverage coverage;

  void add(const Action& action, const Answer& answer, std::uint32_t invoked,
           std::uint32_t responded, std::optional<std::uint64_t> ticket = std::nullopt) {
    Operation operation;
    operation.part = static_cast<std::uint16_t>(history.size() + 1);
    operation.invoked = invoked;
    operation.responded = responded;
    operation.ticket = ticket;
    operation.action_id = memo.intern(action);
    operation.action = action;
    operation.answer = answer;
    history.push_back(operation);
  }
  std::optional<Clash> lockstep(const Snapshot* snapshot = nullptr) {
    return Lockstep{memo}.check(history, snapshot, coverage);
  }
  Linearizability::Result linearize(const Snapshot* snapshot = nullptr,
                                    std::uint64_t budget = 1'000) {
    return Linearizability{memo}.check(history, snapshot, budget, coverage);
  }
};

Snapshot after(const std::vector<Action>& actions) {
  spec::State state = spec::initial();
  for (const Action& action : actions) state = spec::step(std::move(state), action).after;
  return twins::snapshot_of(state);
}

}  // namespace

BOOST_AUTO_TEST_CASE(lockstep_follows_tickets_and_not_invocations) {
  Made made;
  made.add(spawn_t1, refused(Guard::RegionOpen), 0, 3, 2);
  made.add(close_root, done(), 1, 2, 1);
  const Snapshot snapshot = after({close_root, spawn_t1});
  BOOST_TEST(!made.lockstep(&snapshot));
  BOOST_TEST(made.coverage.at(Action{Spawn{}}.index(),
                              answer_class_index(refused(Guard::RegionOpen))) == 1U);
}

BOOST_AUTO_TEST_CASE(lockstep_finds_a_wrong_answer) {
  Made made;
  made.add(spawn_t1, done(), 0, 3, 2);
  made.add(close_root, done(), 1, 2, 1);
  const auto clash = made.lockstep();
  BOOST_TEST_REQUIRE(clash.has_value());
  BOOST_TEST(clash->id == "refine.answer");
  BOOST_TEST(clash->sentence ==
             "after close_region(r0, Await), spawn(t1, r0) answers Refused{RegionOpen} (not true "
             "that the region is Open) in the specification; the implementation answered Done");
  BOOST_TEST((clash->mismatch->impl_says == done()));
  BOOST_TEST((clash->mismatch->spec_says == refused(Guard::RegionOpen)));
}

BOOST_AUTO_TEST_CASE(lockstep_names_the_invariant_that_the_final_snapshot_breaks) {
  Made made;
  made.add(spawn_t1, done(), 0, 3, 2);
  made.add(close_root, done(), 1, 2, 1);
  Snapshot snapshot = after({spawn_t1});
  snapshot.regions[0].phase = RegionPhase::Closed;
  const auto clash = made.lockstep(&snapshot);
  BOOST_TEST_REQUIRE(clash.has_value());
  BOOST_TEST((clash->kind == FailureKind::InvariantViolated));
  BOOST_TEST(clash->id.starts_with("inv."));
  BOOST_TEST(clash->mismatch.has_value());
}

BOOST_AUTO_TEST_CASE(lockstep_finds_a_wrong_state) {
  Made made;
  made.add(spawn_t1, done(), 0, 1, 1);
  const Snapshot right = after({spawn_t1});
  BOOST_TEST(!made.lockstep(&right));
  const Snapshot wrong = after({spawn_t1, Start{{1}}});
  const auto clash = made.lockstep(&wrong);
  BOOST_TEST_REQUIRE(clash.has_value());
  BOOST_TEST(clash->id == "refine.state");
  BOOST_TEST(clash->sentence ==
             "task t1: phase is Created in the specification, Running in the implementation");
}

BOOST_AUTO_TEST_CASE(lockstep_finds_tickets_that_are_missing_double_or_outside_their_operation) {
  const auto clash_of = [](std::optional<std::uint64_t> first, std::optional<std::uint64_t> second,
                           std::uint32_t second_began) {
    Made made;
    made.add(spawn_t1, done(), 0, 2, first);
    made.add(Start{{7}}, refused(Guard::TaskExists), second_began, 4, second);
    const auto clash = made.lockstep();
    return clash ? clash->id + ": " + clash->sentence : "none";
  };
  BOOST_TEST(clash_of(1, 2, 3) == "none");
  BOOST_TEST(clash_of(2, 1, 1) == "none");  // they overlap
  BOOST_TEST(clash_of(2, 1, 3) ==
             "refine.ticket_order: spawn(t1, r0) had answered before start(t7) began, but its "
             "ticket 2 comes after ticket 1");
  BOOST_TEST(clash_of(1, 1, 3) ==
             "refine.ticket_order: spawn(t1, r0) and start(t7) both drew ticket 1");
  BOOST_TEST(clash_of(1, std::nullopt, 3) ==
             "refine.ticket_order: start(t7) answered Refused{TaskExists} without a ticket");
}

BOOST_AUTO_TEST_CASE(linearization_is_found_where_operations_overlap) {
  Made made;
  made.add(spawn_t1, refused(Guard::RegionOpen), 0, 3);
  made.add(close_root, done(), 1, 2);
  const Snapshot snapshot = after({close_root});
  BOOST_TEST((made.linearize(&snapshot).verdict == Linearizable::Yes));
}

BOOST_AUTO_TEST_CASE(linearization_respects_real_time) {
  Made made;
  made.add(spawn_t1, refused(Guard::RegionOpen), 0, 1);
  made.add(close_root, done(), 2, 3);
  const auto result = made.linearize();
  BOOST_TEST((result.verdict == Linearizable::No));
  BOOST_TEST(result.clash->id == "refine.answer");  // there is only one order
}

BOOST_AUTO_TEST_CASE(linearization_is_refused_if_no_order_explains_the_answers) {
  Made made;  // both cancels say that they were the first
  made.add(CancelRegion{root_region, CancelKind::User}, done_with(Changed{true}), 0, 2);
  made.add(CancelRegion{root_region, CancelKind::User}, done_with(Changed{true}), 1, 3);
  const auto result = made.linearize();
  BOOST_TEST((result.verdict == Linearizable::No));
  BOOST_TEST(result.clash->id == "refine.linearizable");
  BOOST_TEST(result.clash->sentence ==
             "no order of the operations explains their answers: 1 of 2 can be ordered, but not "
             "cancel_region(r0, User) with answer Done{changed}");
}

BOOST_AUTO_TEST_CASE(linearization_must_end_in_the_final_snapshot) {
  // Both orders explain the answers; only one of them explains that t1 is cancelled.
  Made made;
  made.add(AdvanceTime{3}, done(), 0, 2);
  made.add(CancelRegion{root_region, CancelKind::User}, done_with(Changed{true}), 1, 3);
  const Snapshot early = after({CancelRegion{root_region, CancelKind::User}, AdvanceTime{3}});
  const Snapshot late = after({AdvanceTime{3}, CancelRegion{root_region, CancelKind::User}});
  BOOST_TEST(!same_rows(early, late));
  BOOST_TEST((made.linearize(&early).verdict == Linearizable::Yes));
  BOOST_TEST((made.linearize(&late).verdict == Linearizable::Yes));
  const Snapshot neither = after({AdvanceTime{3}});
  const auto result = made.linearize(&neither);
  BOOST_TEST((result.verdict == Linearizable::No));
  BOOST_TEST(result.clash->id == "refine.state");
}

BOOST_AUTO_TEST_CASE(linearization_that_runs_out_of_budget_is_unknown) {
  Made made;
  for (std::uint32_t i = 0; i < 8; ++i) {
    made.add(Spawn{{i + 1}, root_region, {}}, done(), i, 20 + i);
  }
  const Snapshot impossible = after({});
  const auto cut = made.linearize(&impossible, 10);
  BOOST_TEST((cut.verdict == Linearizable::Unknown));
  BOOST_TEST(!cut.clash);
  BOOST_TEST((made.linearize(&impossible, 100'000).verdict == Linearizable::No));
}

BOOST_AUTO_TEST_CASE(search_remembers_what_it_visited) {
  Made made;  // 8! orders, 2^8 sets of operations
  for (std::uint32_t i = 0; i < 8; ++i)
    made.add(Start{{i + 1}}, refused(Guard::TaskExists), i, 20 + i);
  const Snapshot impossible = after({spawn_t1});
  const auto result = made.linearize(&impossible, 100'000);
  BOOST_TEST((result.verdict == Linearizable::No));
  BOOST_TEST(result.nodes <= 256U);
}

BOOST_AUTO_TEST_CASE(search_keeps_the_order_of_what_did_not_overlap) {
  const Action start_nobody = Start{{9}};
  const auto with_spawn_after_close = [&](const Answer& answer) {
    Made made;
    made.add(start_nobody, refused(Guard::TaskExists), 0, 9);  // beside all others
    made.add(close_root, done(), 1, 2);
    made.add(spawn_t1, answer, 3, 4);
    return made.linearize().verdict;
  };
  BOOST_TEST((with_spawn_after_close(refused(Guard::RegionOpen)) == Linearizable::Yes));
  BOOST_TEST((with_spawn_after_close(done()) == Linearizable::No));
}

BOOST_AUTO_TEST_SUITE_END()
