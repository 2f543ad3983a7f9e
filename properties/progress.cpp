// Along any script: the potential, the bound on acknowledgement, and what is true of the Lyapunov
// sum.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
// RapidCheck's macros come after Boost.Test.
#include <rapidcheck/boost_test.h>

#include "properties/generators.hpp"
#include "spec/lyapunov.hpp"
#include "spec/progress.hpp"
#include "spec/step.hpp"

using namespace quiesce;
using quiesce::properties::Sequence;

namespace {

/// Calls `external(before, action, after)` for accepted actions and `internal(before, after)` for
/// the internal rules between them.
template <class External, class Internal>
void in_small_steps(const std::vector<Action>& actions, External&& external, Internal&& internal) {
  spec::State state = spec::initial();
  for (const Action& action : actions) {
    spec::Step next = spec::step_unsettled(state, action);
    RC_LOG() << to_text(action) << " -> " << to_text(next.answer) << "\n";
    if (is_done(next.answer)) external(state, action, next.after);
    state = std::move(next.after);
    for (auto enabled = spec::enabled_internal(state); !enabled.empty();
         enabled = spec::enabled_internal(state)) {
      spec::State settled = spec::take(state, enabled.back());
      internal(state, settled);
      state = std::move(settled);
    }
  }
}

void keeps_the_potential(const std::vector<Action>& actions) {
  in_small_steps(
      actions,
      [](const spec::State& before, const Action& action, const spec::State& after) {
        RC_ASSERT(spec::respects(spec::potential_effect(action), spec::potential(before),
                                 spec::potential(after)));
      },
      [](const spec::State& before, const spec::State& after) {
        RC_ASSERT(spec::potential(after) < spec::potential(before));
      });
}

bool drains(const spec::Region& region) {
  return region.phase == RegionPhase::Draining || region.phase == RegionPhase::Finalizing;
}

/// What makes the Lyapunov sum grow: time, a new task, a region that begins to drain.
bool something_enters(const spec::State& before, const spec::State& after) {
  const bool region_enters =
      std::any_of(after.regions.begin(), after.regions.end(), [&](const spec::Region& region) {
        const spec::Region* const was = find(before, region.name);
        return drains(region) && (was == nullptr || !drains(*was));
      });
  return region_enters || after.now != before.now || after.tasks.size() != before.tasks.size();
}

void keeps_the_figure(const spec::State& before, const spec::State& after) {
  for (const spec::LyapunovWeights& weights : spec::lyapunov_weights()) {
    const spec::Lyapunov was = spec::lyapunov(before, weights);
    const spec::Lyapunov is = spec::lyapunov(after, weights);
    for (const std::int64_t part :
         {is.live_tasks, is.obligation_age, is.draining_regions, is.deadline_pressure})
      RC_ASSERT(part >= 0);
    if (something_enters(before, after)) continue;
    RC_ASSERT(is.live_tasks <= was.live_tasks);
    RC_ASSERT(is.obligation_age <= was.obligation_age);
    RC_ASSERT(is.draining_regions <= was.draining_regions);
    RC_ASSERT(is.deadline_pressure <= was.deadline_pressure);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(progress)

RC_BOOST_PROP(every_step_does_to_the_potential_what_its_row_says, (const Sequence& sequence)) {
  keeps_the_potential(sequence.actions);
}

RC_BOOST_PROP(every_unguided_step_does_to_the_potential_what_its_row_says,
              (const properties::Wild& wild)) {
  keeps_the_potential(wild.actions);
}

RC_BOOST_PROP(a_settled_step_does_to_the_potential_what_its_row_says, (const Sequence& sequence)) {
  spec::State state = spec::initial();
  for (const Action& action : sequence.actions) {
    spec::Step next = spec::step(state, action);
    if (is_done(next.answer))
      RC_ASSERT(spec::respects(spec::potential_effect(action), spec::potential(state),
                               spec::potential(next.after)));
    state = std::move(next.after);
  }
}

RC_BOOST_PROP(a_cancel_is_acknowledged_within_mask_plus_one_checkpoints,
              (const Sequence& sequence)) {
  // The checkpoints between a request and its acknowledgement are counted.
  std::map<TaskName, unsigned> taken;
  std::map<TaskName, unsigned> allowed;
  in_small_steps(
      sequence.actions,
      [&](const spec::State& before, const Action& action, const spec::State& after) {
        for (const spec::Task& task : after.tasks) {
          const spec::Task* const was = find(before, task.name);
          if (task.phase != TaskPhase::CancelRequested) continue;
          if (was != nullptr && was->phase != TaskPhase::CancelRequested)
            allowed[task.name] = task.mask_units + 1U;
        }
        const auto* const checkpoint = std::get_if<Checkpoint>(&action);
        if (checkpoint == nullptr) return;
        const spec::Task& task = *find(before, checkpoint->task);
        if (task.phase == TaskPhase::CancelRequested)
          RC_ASSERT(++taken[task.name] <= allowed[task.name]);
      },
      [](const spec::State&, const spec::State&) {});
}

RC_BOOST_PROP(the_lyapunov_sum_is_never_negative_and_grows_only_when_something_enters,
              (const Sequence& sequence)) {
  in_small_steps(
      sequence.actions,
      [](const spec::State& before, const Action&, const spec::State& after) {
        keeps_the_figure(before, after);
      },
      keeps_the_figure);
}

RC_BOOST_PROP(the_lyapunov_sum_of_a_closed_machine_is_0, (const Sequence& sequence)) {
  // Whatever the script left, the machine is taken down: then every part is 0.
  spec::State state = spec::initial();
  for (const Action& action : sequence.actions) state = spec::step(std::move(state), action).after;
  state = spec::step(std::move(state), CancelRegion{root_region, CancelKind::Shutdown}).after;
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t i = 0; i < state.tasks.size(); ++i) {
      const spec::Task& task = state.tasks[i];
      const TaskName name = task.name;
      if (!is_live(task)) continue;
      if (task.phase == TaskPhase::Created) state = spec::step(std::move(state), Start{name}).after;
      state = spec::step(std::move(state), Return{name, OutcomeKind::Ok}).after;
      moved = true;
      break;
    }
  }
  RC_ASSERT(find(state, root_region)->phase == RegionPhase::Closed);
  for (const spec::LyapunovWeights& weights : spec::lyapunov_weights())
    RC_ASSERT(spec::lyapunov(state, weights).sum() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
