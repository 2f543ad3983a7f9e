#include "models/refine/generator.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <utility>

#include "models/refine/coverage.hpp"
#include "models/refine/numbers.hpp"
#include "spec/step.hpp"

using namespace quiesce;
using namespace quiesce::refine;

BOOST_AUTO_TEST_SUITE(generator)

namespace {

void count_in_order(const Script& script, Coverage& coverage) {
  spec::State state = spec::initial(script.leaks);
  for (const auto part : parts(script)) {
    for (const Action& action : part) {
      spec::Step step = spec::step(std::move(state), action);
      coverage.count(action, step.answer);
      state = std::move(step.after);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(script_is_a_function_of_seed_and_index) {
  for (std::uint64_t i = 0; i < 50; ++i) {
    BOOST_TEST((generate_script(3, i) == generate_script(3, i)));
    BOOST_TEST((generate_sequence(3, i, 9) == generate_sequence(3, i, 9)));
  }
  BOOST_TEST(!(generate_script(3, 1) == generate_script(3, 2)));
  BOOST_TEST(!(generate_script(3, 1) == generate_script(4, 1)));
}

BOOST_AUTO_TEST_CASE(script_has_the_shape_that_was_asked_for) {
  const Shape shape{.motifs_most = 0,
                    .prefix_most = 3,
                    .branches_least = 3,
                    .branches_most = 3,
                    .operations_least = 2,
                    .operations_most = 5,
                    .suffix_most = 0};
  for (std::uint64_t i = 0; i < 100; ++i) {
    const Script script = generate_script(1, i, shape);
    BOOST_TEST_REQUIRE(script.prefix.size() <= 3U);
    BOOST_TEST_REQUIRE(script.branches.size() == 3U);
    BOOST_TEST_REQUIRE(script.suffix.empty());
    for (const auto& branch : script.branches) {
      BOOST_TEST_REQUIRE(branch.size() >= 2U);
      BOOST_TEST_REQUIRE(branch.size() <= 5U);
    }
  }
}

BOOST_AUTO_TEST_CASE(names_of_every_generated_script_are_unique) {
  for (std::uint64_t i = 0; i < 2'000; ++i) {
    BOOST_TEST_REQUIRE(name_created_twice(generate_script(5, i)) == "");
    BOOST_TEST_REQUIRE(name_created_twice(generate_sequence(5, i, 30)) == "");
    BOOST_TEST_REQUIRE(name_created_twice(generate_crowd(5, i)) == "");
    BOOST_TEST_REQUIRE(name_created_twice(generate_lives(5, i, 5)) == "");
  }
}

BOOST_AUTO_TEST_CASE(no_row_of_the_coverage_table_stays_empty) {
  Coverage scripts;
  Coverage sequences;
  for (std::uint64_t i = 0; i < 3'000; ++i) {
    count_in_order(generate_script(1, i), scripts);
    count_in_order(generate_sequence(1, i, 25), sequences);
  }
  for (const Coverage* coverage : {&scripts, &sequences}) {
    for (const std::string& row : coverage->empty_rows()) BOOST_ERROR("never reached: " << row);
    for (const std::string& row : coverage->impossible_rows()) BOOST_ERROR("impossible: " << row);
  }
}

BOOST_AUTO_TEST_CASE(crowds_outgrow_every_table_and_come_to_their_end) {
  std::size_t regions = 0, depth = 0, children = 0, tasks = 0, held = 0, waiters = 0, stack = 0;
  int ended = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    spec::State state = spec::initial();
    const Script script = generate_crowd(1, i);
    BOOST_TEST_REQUIRE(script.prefix.size() <= 150U);
    for (const Action& action : script.prefix) {
      state = spec::step(std::move(state), action).after;
      std::size_t live = 0;
      for (const spec::Region& row : state.regions) {
        if (!spec::is_live(row)) continue;
        ++live;
        std::size_t above = 0;
        for (const spec::Region* at = &row; !at->parent.is_none(); ++above)
          at = spec::find(std::as_const(state), at->parent);
        depth = std::max(depth, above);
        children = std::max(children, row.children.size());
        tasks = std::max(tasks, row.tasks.size());
        stack = std::max(stack, row.finalizers.size());
        held = std::max<std::size_t>(held, row.pending_obligations);
      }
      regions = std::max(regions, live);
      for (const spec::Task& row : state.tasks) waiters = std::max(waiters, row.waiters.size());
    }
    if (!spec::is_live(state.regions.front())) ++ended;
  }
  // The implementation's tables have room for 6 regions, 12 tasks and 8 obligations of their own.
  BOOST_TEST(regions > 8U);
  BOOST_TEST(depth > 6U);
  BOOST_TEST(children > 6U);
  BOOST_TEST(tasks > 12U);
  BOOST_TEST(held > 8U);
  BOOST_TEST(waiters > 6U);
  BOOST_TEST(stack > 6U);
  BOOST_TEST(ended > 30);
}

BOOST_AUTO_TEST_CASE(large_crowd_is_as_much_larger) {
  std::ptrdiff_t tasks = 0;
  for (std::uint64_t i = 0; i < 20; ++i) {
    const Script script = generate_crowd(1, i, 3);
    BOOST_TEST_REQUIRE(script.prefix.size() <= 420U);
    const auto spawns =
        std::count_if(script.prefix.begin(), script.prefix.end(),
                      [](const Action& action) { return std::holds_alternative<Spawn>(action); });
    tasks = std::max(tasks, spawns);
  }
  BOOST_TEST(tasks > 40);
}

BOOST_AUTO_TEST_CASE(lives_are_over_one_by_one_or_spend_every_poll) {
  constexpr std::uint32_t lives = 9;
  std::array<int, 4> reached{};  // regions, tasks, obligations that came and went; polls used up
  for (std::uint64_t i = 0; i < 40; ++i) {
    spec::State state = spec::initial();
    bool exhausted = false;
    for (const Action& action : generate_lives(1, i, lives).prefix) {
      spec::Step step = spec::step(std::move(state), action);
      exhausted = exhausted || step.answer == done_with(PollExhausted{});
      state = std::move(step.after);
    }
    if (state.regions.size() > lives) ++reached[0];
    if (state.tasks.size() > lives) ++reached[1];
    if (state.obligations.size() >= lives) ++reached[2];
    if (exhausted) ++reached[3];
  }
  for (const int times : reached) BOOST_TEST(times > 3);
}

BOOST_AUTO_TEST_CASE(numbers_of_every_width_are_drawn) {
  std::array<std::uint64_t, 4> largest{};  // of deadlines, quotas, limits, times
  const auto reach = [&](std::size_t which, std::uint64_t value, std::uint64_t none) {
    if (value != none) largest[which] = std::max(largest[which], value);
  };
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    for (const Action& action : generate_sequence(1, i, 15).prefix) {
      if (const auto* opened = std::get_if<OpenRegion>(&action)) {
        reach(0, opened->budget.deadline_ticks, never);
        reach(1, opened->budget.poll_quota, unlimited);
        reach(2, opened->limits.body_tasks, unlimited);
      }
      if (const auto* moved = std::get_if<AdvanceTime>(&action)) reach(3, moved->to_ticks, 0);
    }
  }
  BOOST_TEST(largest[0] > never / 2);
  BOOST_TEST(largest[1] > unlimited / 4);
  BOOST_TEST(largest[2] > unlimited / 4);
  BOOST_TEST(largest[3] > never / 8);
  BOOST_TEST(largest[3] < never);
}

BOOST_AUTO_TEST_CASE(every_leak_response_is_drawn_alone_and_after_an_escalation) {
  std::array<int, leak_response_count> alone{};
  std::array<int, leak_response_count> escalated{};
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    const LeakPolicy leaks = generate_script(1, i).leaks;
    ++alone[static_cast<std::size_t>(leaks.response)];
    if (leaks.escalate_after != 0) ++escalated[static_cast<std::size_t>(leaks.escalate_to)];
  }
  for (const int times : alone) BOOST_TEST(times > 0);
  for (const int times : escalated) BOOST_TEST(times > 0);
  BOOST_TEST(alone[0] > 500);  // Log
}

BOOST_AUTO_TEST_CASE(coverage_finds_an_empty_row_and_an_impossible_one) {
  Coverage coverage;
  BOOST_TEST(coverage.empty_rows().size() == coverage.rows().size());
  coverage.count(Start{{1}}, refused(Guard::TaskExists));
  BOOST_TEST(coverage.empty_rows().size() == coverage.rows().size() - 1);
  BOOST_TEST(coverage.impossible_rows().empty());
  coverage.count(Start{{1}}, refused(Guard::RegionOpen));
  BOOST_TEST(coverage.impossible_rows().size() == 1U);
  BOOST_TEST(coverage.impossible_rows().front() == "start: Refused{RegionOpen}");
}

BOOST_AUTO_TEST_CASE(coverage_tells_the_classes_of_the_vocabulary_apart) {
  const CancelReason reason{};
  const std::vector<Answer> answers{done(),
                                    done_with(Changed{true}),
                                    done_with(Changed{false}),
                                    done_with(Continue{}),
                                    done_with(Acknowledged{reason}),
                                    done_with(CancelPending{}),
                                    done_with(PollGranted{}),
                                    done_with(PollExhausted{}),
                                    done_with(Registered{}),
                                    done_with(Ready{}),
                                    done_with(Completed{Outcome::ok()}),
                                    done_with(Completed{Outcome::err()}),
                                    done_with(Completed{Outcome::cancelled(reason)}),
                                    done_with(Completed{Outcome::panicked()}),
                                    done_with(LeakPanic{Outcome::err()}),
                                    refused(Guard::RegionExists),
                                    refused(Guard::TimeNotBackwards)};
  for (const Answer& answer : answers) {
    BOOST_TEST(answer_class_text(answer_class_index(answer)) == answer_class(answer));
  }
}

BOOST_AUTO_TEST_CASE(numbers_stay_below_their_bound_and_reach_every_value) {
  Numbers numbers{1};
  std::array<int, 7> hits{};
  for (int i = 0; i < 700; ++i) ++hits[numbers.below(hits.size())];
  for (const int hit : hits) BOOST_TEST(hit > 50);
  BOOST_TEST(numbers.below(0) == 0U);
  for (int i = 0; i < 100; ++i) {
    const std::uint32_t n = numbers.between(3, 5);
    BOOST_TEST((n >= 3 && n <= 5));
  }
}

BOOST_AUTO_TEST_SUITE_END()
