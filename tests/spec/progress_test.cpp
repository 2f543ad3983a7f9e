// The potential: what it counts, and what each action may do to it, seen in every column.
#include "spec/progress.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "tests/spec/spec_scripts.hpp"

using namespace quiesce;
using namespace quiesce::spec_tests;
using spec::Potential;

namespace quiesce::spec {
std::ostream& operator<<(std::ostream& out, const Potential& p) {
  return out << "(" << p.task_steps << ", " << p.reserved << ", " << p.ladder_steps << ", "
             << p.finalizers << ")";
}
}  // namespace quiesce::spec

namespace {

Potential before_and(std::string_view script) {
  return spec::potential(after(script));
}

/// The potential before an action and after it, the internal rules not yet run.
std::pair<Potential, Potential> across(std::string_view script, std::string_view last) {
  const spec::State before = after(script);
  const spec::Step next = spec::step_unsettled(before, action(last));
  BOOST_TEST_REQUIRE(is_done(next.answer), last);
  return {spec::potential(before), spec::potential(next.after)};
}

struct Example {
  std::string script;
  std::string last;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(progress)

BOOST_AUTO_TEST_CASE(potential_counts_what_is_left_to_do) {
  BOOST_TEST(before_and("") == (Potential{0, 0, 0, 0}));
  BOOST_TEST(before_and("spawn(t0, r0)") == (Potential{5, 0, 0, 0}));
  BOOST_TEST(before_and("spawn(t0, r0); start(t0)") == (Potential{4, 0, 0, 0}));
  BOOST_TEST(before_and("spawn(t0, r0); reserve(o0, t0, r0, Ack)") == (Potential{5, 1, 0, 0}));
  BOOST_TEST(before_and("defer_finalizer(t0, r0)") == (Potential{6, 0, 0, 1}));
  BOOST_TEST(before_and("spawn(t0, r0); close_region(r0, Await)") == (Potential{5, 0, 2, 0}));
  BOOST_TEST(before_and("defer_finalizer(t0, r0); close_region(r0, Await)") ==
             (Potential{5, 0, 1, 0}));  // settled: Finalizing, the finalizer started
  BOOST_TEST(before_and("close_region(r0, Await)") == (Potential{0, 0, 0, 0}));
}

BOOST_AUTO_TEST_CASE(every_internal_rule_decreases_the_potential) {
  spec::State state = spec::step_unsettled(after("open_region(r1, r0); defer_finalizer(t1, r1); "
                                                 "defer_finalizer(t2, r1)"),
                                           action("cancel_region(r0, User)"))
                          .after;
  std::vector<spec::InternalRule> taken;
  const auto settle_counting = [&] {
    while (!spec::enabled_internal(state).empty()) {
      const spec::InternalStep internal = spec::enabled_internal(state).front();
      const spec::State next = spec::take(state, internal);
      BOOST_TEST(spec::potential(next) < spec::potential(state));
      taken.push_back(internal.rule);
      state = next;
    }
  };
  settle_counting();
  for (const std::string name : {"t2", "t1"}) {
    state = spec::step_unsettled(state, action("start(" + name + ")")).after;
    state = spec::step_unsettled(state, action("return(" + name + ", Ok)")).after;
    settle_counting();
  }
  BOOST_TEST(region_words(state, 0).starts_with("Closed"));
  for (const auto rule : {spec::InternalRule::Finalize, spec::InternalRule::StartFinalizer,
                          spec::InternalRule::CompleteClose})
    BOOST_TEST(std::count(taken.begin(), taken.end(), rule) > 0);
}

BOOST_AUTO_TEST_CASE(every_row_of_the_table_is_as_an_example_shows) {
  const std::vector<Example> examples{
      {"", "open_region(r1, r0)"},
      {"", "close_region(r0, Await)"},
      {"", "cancel_region(r0, User)"},
      {"", "defer_finalizer(t0, r0)"},
      {"", "spawn(t0, r0)"},
      {"spawn(t0, r0)", "start(t0)"},
      {"spawn(t0, r0, polls 0); start(t0)", "poll(t0)"},
      {"spawn(t0, r0); start(t0); cancel_task(t0, User)", "checkpoint(t0)"},
      {"spawn(t0, r0); start(t0)", "enter_mask(t0, 1)"},
      {"spawn(t0, r0); start(t0); enter_mask(t0, 1)", "leave_mask(t0)"},
      {"spawn(t0, r0); cancel_task(t0, User); checkpoint(t0)", "cleanup_done(t0)"},
      {"spawn(t0, r0); start(t0)", "return(t0, Ok)"},
      {"spawn(t0, r0)", "cancel_task(t0, User)"},
      {"spawn(t0, r0); spawn(t1, r0)", "join(t0, t1)"},
      {"spawn(t0, r0)", "reserve(o0, t0, r0, Ack)"},
      {"spawn(t0, r0); reserve(o0, t0, r0, Ack)", "commit(o0, t0)"},
      {"spawn(t0, r0); reserve(o0, t0, r0, Ack)", "abort(o0, t0, Error)"},
      {"open_region(r1, r0, deadline 3)", "advance_time(3)"},
  };
  BOOST_TEST_REQUIRE(examples.size() == spec::potential_rows().size());
  for (std::size_t verb = 0; verb < examples.size(); ++verb) {
    const auto& [script, last] = examples[verb];
    BOOST_TEST_REQUIRE(action(last).index() == verb, last);
    const auto& row = spec::potential_rows()[verb];
    BOOST_TEST(row.why.starts_with(action_verb(verb)));
    const auto [before, later] = across(script, last);
    BOOST_TEST(spec::respects(row.effect, before, later), last);
    if (row.effect == spec::PotentialEffect::MayIncrease) BOOST_TEST(later > before, last);
  }
}

BOOST_AUTO_TEST_CASE(a_return_decreases_the_potential_though_it_begins_closes) {
  const auto [before, later] =
      across("open_region(r1, r0, FailFast); open_region(r2, r1); spawn(t0, r1); start(t0)",
             "return(t0, Err)");
  BOOST_TEST(later.ladder_steps > before.ladder_steps);
  BOOST_TEST(later < before);
}

BOOST_AUTO_TEST_CASE(respects_tells_the_three_effects_apart) {
  const Potential less{1, 9, 9, 9};
  const Potential more{2, 0, 0, 0};
  using enum spec::PotentialEffect;
  BOOST_TEST(spec::respects(Decreases, more, less));
  BOOST_TEST(!spec::respects(Decreases, more, more));
  BOOST_TEST(spec::respects(NeverIncreases, more, more));
  BOOST_TEST(!spec::respects(NeverIncreases, less, more));
  BOOST_TEST(spec::respects(MayIncrease, less, more));
  BOOST_TEST(spec::to_text(NeverIncreases) == "never increases");
}

BOOST_AUTO_TEST_SUITE_END()
