// Sequential lockstep: along any script the implementation answers as the specification does and
// stands for the same state, after every action, under every layout and both policies.
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>
// RapidCheck's macros come after Boost.Test.
#include <rapidcheck/boost_test.h>

#include "impl/layout/layout.hpp"
#include "impl/sync/native.hpp"
#include "impl/sync/single_thread.hpp"
#include "models/refine/abstraction.hpp"
#include "models/refine/execution.hpp"
#include "models/refine/named_runtime.hpp"
#include "properties/generators.hpp"
#include "properties/lockstep.hpp"

using namespace quiesce;
using properties::Disagreement;
using properties::Sequence;
using properties::Wild;

namespace {

template <Sync S>
void agrees_under(const impl::Layout& layout, const std::vector<Action>& actions,
                  const LeakPolicy& leaks) {
  refine::NamedRuntime<S> runtime{refine::capacity_of({actions, {}, {}, leaks}), layout};
  const Disagreement found = properties::first_disagreement(runtime, actions, leaks);
  RC_LOG() << "layout " << layout.name << "\n" << found.trace;
  RC_ASSERT(found.fact == "");
}

/// Answers Done to every leave_mask and does nothing; the good runtime otherwise.
class LeavesNoMask {
 public:
  explicit LeavesNoMask(const refine::Capacity& capacity) : runtime_(capacity, impl::one_lock) {}
  refine::Issued apply(const Action& action) {
    if (std::holds_alternative<LeaveMask>(action)) return {action, done(), {}};
    return runtime_.apply(action);
  }
  void snapshot(Snapshot& into) { runtime_.snapshot(into); }

 private:
  refine::NamedRuntime<SingleThread> runtime_;
};

std::vector<Action> actions(std::initializer_list<std::string_view> texts) {
  std::vector<Action> list;
  for (const std::string_view text : texts) list.push_back(parse_action(text).action);
  return list;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sequential_lockstep)

RC_BOOST_PROP(lockstep_impl_answers_every_action_as_the_spec_does_native,
              (const Sequence& sequence)) {
  for (const impl::Layout* layout : impl::layouts)
    agrees_under<Native>(*layout, sequence.actions, sequence.leaks);
}

RC_BOOST_PROP(lockstep_impl_answers_every_action_as_the_spec_does_single_thread,
              (const Sequence& sequence)) {
  for (const impl::Layout* layout : impl::layouts)
    agrees_under<SingleThread>(*layout, sequence.actions, sequence.leaks);
}

RC_BOOST_PROP(lockstep_impl_answers_unguided_scripts_as_the_spec_does, (const Wild& wild)) {
  agrees_under<SingleThread>(impl::one_lock, wild.actions, wild.leaks);
  agrees_under<Native>(impl::sharded, wild.actions, wild.leaks);
}

BOOST_AUTO_TEST_CASE(lockstep_agrees_at_the_end_of_time) {
  // No text says this time, so that no generated script reaches it: `never` is no deadline.
  const std::vector<Action> script{OpenRegion{RegionName{1}, root_region}, AdvanceTime{never},
                                   Spawn{TaskName{1}, RegionName{1}}};
  refine::NamedRuntime<SingleThread> runtime{refine::Capacity{2, 2, 0}, impl::sharded};
  BOOST_TEST(properties::first_disagreement(runtime, script).fact == "");
}

BOOST_AUTO_TEST_CASE(lockstep_finds_a_state_that_differs_although_the_answers_agree) {
  const auto script =
      actions({"spawn(t1, r0)", "start(t1)", "enter_mask(t1, 2)", "leave_mask(t1)"});
  LeavesNoMask broken{refine::Capacity{1, 2, 0}};
  const Disagreement found = properties::first_disagreement(broken, script);
  BOOST_TEST(found.fact ==
             "after leave_mask(t1): task t1: mask_units is 0 in the specification, 2 in the "
             "implementation");
  refine::NamedRuntime<SingleThread> good{refine::Capacity{1, 2, 0}, impl::one_lock};
  BOOST_TEST(properties::first_disagreement(good, script).fact == "");
}

BOOST_AUTO_TEST_CASE(lockstep_finds_an_answer_that_differs) {
  const auto script = actions({"spawn(t1, r0)", "start(t1)", "leave_mask(t1)"});
  LeavesNoMask broken{refine::Capacity{1, 2, 0}};
  BOOST_TEST(properties::first_disagreement(broken, script).fact ==
             "leave_mask(t1): the specification answers Refused{TaskMasked}, the implementation "
             "Done");
}

BOOST_AUTO_TEST_SUITE_END()
