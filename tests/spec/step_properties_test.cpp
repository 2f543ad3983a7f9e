// For every step property: a transition that violates it, its good twin, the words, and a
// transition in which its interesting case happens.
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <vector>

#include "spec/invariants.hpp"
#include "tests/spec/broken_steps.hpp"

using namespace quiesce;
using namespace quiesce::spec_tests;

namespace {

const std::vector<BrokenStep>& phase_cases() {
  static const std::vector<BrokenStep> cases{
      {"inv.task.phase_monotone", running, "checkpoint(t1)",
       [](State& s) { task(s, 1).phase = TaskPhase::Created; },
       "task t1 was Running and is Created"},
      {"inv.task.phase_monotone", running, "checkpoint(t1)",
       [](State& s) { task(s, 1).phase = TaskPhase::Cancelling; },
       "task t1 was Running and is Cancelling"},
      {"inv.task.phase_monotone", "spawn(t1, r0)", "start(t1)",
       [](State& s) { task(s, 1).phase = TaskPhase::Completed; },
       "task t1 was Created and is Completed"},
      {"inv.task.phase_monotone", cancelled, "checkpoint(t1)",
       [](State& s) { task(s, 1).phase = TaskPhase::Finalizing; },
       "task t1 was CancelRequested and is Finalizing"},
      {"inv.task.phase_monotone", ended, "advance_time(1)",
       [](State& s) { task(s, 1).phase = TaskPhase::Running; },
       "task t1 was Completed and is Running"},
      {"inv.task.phase_monotone", running, "checkpoint(t1)", [](State& s) { s.tasks.clear(); },
       "t1 existed and is gone"},
      {"inv.region.phase_monotone", closing, "advance_time(1)",
       [](State& s) { region(s, 0).phase = RegionPhase::Open; },
       "region r0 was Closing and is Open"},
      {"inv.region.phase_monotone", closing, "advance_time(1)",
       [](State& s) { region(s, 0).phase = RegionPhase::Draining; },
       "region r0 was Closing and is Draining"},
      {"inv.region.phase_monotone", "open_region(r1, r0); close_region(r0, Await)",
       "advance_time(1)", [](State& s) { region(s, 0).phase = RegionPhase::Closing; },
       "region r0 was Draining and is Closing"},
      {"inv.region.phase_monotone", "open_region(r1, r0)", "advance_time(1)",
       [](State& s) { s.regions.resize(s.regions.size() - 1); }, "r1 existed and is gone"},
      {"inv.terminal.absorbing", ended, "spawn(t2, r0)",
       [](State& s) { task(s, 1).outcome = Outcome::err(); }, "task t1 was Completed and changed"},
      {"inv.terminal.absorbing", fenced, "spawn(t2, r0)",
       [](State& s) { region(s, 1).outcome = Outcome::err(); }, "region r1 was Closed and changed"},
      {"inv.region.no_late_admission", closing, "spawn(t2, r0)",
       [](State& s) { s.tasks.push_back(spec::Task{.name = TaskName{2}, .owner = root_region}); },
       "task t2 entered region r0, which was Closing"},
      {"inv.region.no_late_admission", closing, "open_region(r1, r0)",
       [](State& s) {
         s.regions.push_back(spec::Region{.name = RegionName{1}, .parent = root_region});
       },
       "region r1 entered region r0, which was Closing"},
      {"inv.region.no_late_admission", closing, "reserve(o1, t1, r0, Lease)",
       [](State& s) {
         s.obligations.push_back(spec::Obligation{
             .name = ObligationName{1}, .holder = TaskName{1}, .region = root_region});
       },
       "obligation o1 entered region r0, which was Closing"},
      {"inv.refusal.changes_nothing", running, "start(t1)", [](State& s) { s.now = 3; },
       "start(t1) answered Refused{TaskCreated} and changed the state"},
      {"inv.time.forwards", "advance_time(5)", "advance_time(5)", [](State& s) { s.now = 4; },
       "now was 5 and is 4"},
  };
  return cases;
}

const std::vector<BrokenStep>& value_cases() {
  static const std::vector<BrokenStep> cases{
      {"inv.obligation.linear", held + "; commit(o1, t1)", "advance_time(1)",
       [](State& s) { obligation(s, 1).phase = ObligationPhase::Aborted; },
       "obligation o1 was Committed and is Aborted"},
      {"inv.obligation.linear", held + "; abort(o1, t1, Error)", "advance_time(1)",
       [](State& s) { obligation(s, 1).phase = ObligationPhase::Reserved; },
       "obligation o1 was Aborted and is Reserved"},
      {"inv.obligation.fence", fenced, "commit(o1, t1)",
       [](State& s) { obligation(s, 1).phase = ObligationPhase::Leaked; },
       "region r1 was Closed and obligation o1 became Leaked"},
      {"inv.obligation.settled_by_completion", held, "return(t1, Ok)",
       [](State& s) { obligation(s, 1).phase = ObligationPhase::Reserved; },
       "task t1 ended Ok and its obligation o1 is Reserved"},
      {"inv.obligation.settled_by_completion", held, "return(t1, Cancelled User)",
       [](State& s) { obligation(s, 1).phase = ObligationPhase::Leaked; },
       "task t1 ended Cancelled(User@0 from r0) and its obligation o1 is Leaked"},
      {"inv.obligation.settled_by_completion", held, "return(t1, Panicked)",
       [](State& s) { obligation(s, 1).phase = ObligationPhase::Aborted; },
       "task t1 ended Panicked and its obligation o1 is Aborted"},
      {"inv.obligation.leak_response", held, "return(t1, Ok)",
       [](State& s) { obligation(s, 1).phase = ObligationPhase::Aborted; },
       "the response to leaks is Log and obligation o1 became Aborted"},
      {"inv.obligation.leak_response", held, "return(t1, Ok)", [](State& s) { s.leak_count = 3; },
       "1 leaks were found and the count went from 0 to 3"},
      {"inv.obligation.leak_response", "leaks Log, after 1 Recover; " + held, "return(t1, Ok)",
       [](State& s) { obligation(s, 1).phase = ObligationPhase::Leaked; },
       "the response to leaks is Recover and obligation o1 became Leaked"},
      {"inv.obligation.record_kept", held, "advance_time(1)",
       [](State& s) { obligation(s, 1).reserved_at_ticks = 1; },
       "obligation o1 changed its kind, holder, region or the time when it was reserved"},
      {"inv.budget.met_at_admission", "open_region(r1, r0, polls 3)", "spawn(t1, r1, deadline 5)",
       [](State& s) { task(s, 1).budget.poll_quota = 2; },
       "t1 asked for budget deadline 5 in r1, whose budget is polls 3, and got deadline 5, polls "
       "2"},
      {"inv.budget.met_at_admission", "open_region(r1, r0, polls 3)",
       "open_region(r2, r1, polls 9)", [](State& s) { region(s, 2).budget.poll_quota = 9; },
       "r2 asked for budget polls 9 in r1, whose budget is polls 3, and got polls 9"},
      {"inv.finalizer.budget", "defer_finalizer(t1, r0)", "close_region(r0, Await)",
       [](State& s) { task(s, 1).budget = no_budget; },
       "finalizer task t1 starts with budget none"},
      {"inv.obligation.leak_response", held, "advance_time(1)",
       [](State& s) { s.leak_policy.response = LeakResponse::Silent; }, "the leak policy changed"},
      {"inv.cancel.strengthens", cancelled, "cancel_task(t1, User)",
       [](State& s) { task(s, 1).reason->kind = CancelKind::User; },
       "the reason of t1 was Timeout@0 from r0 and is User@0 from r0"},
      {"inv.cancel.strengthens", cancelled, "cancel_task(t1, Shutdown)",
       [](State& s) { task(s, 1).reason.reset(); },
       "the reason of t1 was Timeout@0 from r0 and is gone"},
      {"inv.cancel.strengthens", running + "; cancel_region(r0, Timeout)",
       "cancel_region(r0, User)", [](State& s) { region(s, 0).reason->at_ticks = 1; },
       "the reason of r0 was Timeout@0 from r0 and is Timeout@1 from r0"},
      {"inv.budget.tightens", "spawn(t1, r0, polls 3); start(t1)", "poll(t1)",
       [](State& s) { task(s, 1).budget.poll_quota = 4; },
       "the budget of t1 was polls 3 and is polls 4"},
      {"inv.budget.tightens", "open_region(r1, r0, priority 3)", "advance_time(1)",
       [](State& s) { region(s, 1).budget.priority = 2; },
       "the budget of r1 was priority 3 and is priority 2"},
      {"inv.mask.monotone", running + "; enter_mask(t1, 2); cancel_task(t1, User)",
       "checkpoint(t1)", [](State& s) { task(s, 1).mask_units = 3; },
       "task t1 is cancelled and its mask grew from 2 to 3"},
      {"inv.mask.spent", running + "; enter_mask(t1, 2); cancel_task(t1, User)", "checkpoint(t1)",
       [](State& s) { task(s, 1).mask_units = 2; },
       "task t1 came to a checkpoint with mask 2 and is CancelRequested with mask 2"},
      {"inv.mask.spent", running + "; enter_mask(t1, 2); cancel_task(t1, User)", "checkpoint(t1)",
       [](State& s) { task(s, 1).mask_units = 0; },
       "task t1 came to a checkpoint with mask 2 and is CancelRequested with mask 0"},
      {"inv.mask.spent", cancelled, "checkpoint(t1)",
       [](State& s) { task(s, 1).phase = TaskPhase::CancelRequested; },
       "task t1 came to a checkpoint with mask 0 and is CancelRequested with mask 0"},
      {"inv.finalizer.last_in_first_out", stack, "close_region(r0, Await)",
       [](State& s) {
         region(s, 0).finalizers.clear();
         region(s, 0).finalizers.push_back(TaskName{2});
       },
       "the finalizer stack of r0 changed below its top"},
      {"inv.finalizer.last_in_first_out", stack, "close_region(r0, Await)",
       [](State& s) { region(s, 0).finalizers.clear(); },
       "finalizer t1 left the stack of r0 without becoming a task"},
      {"inv.finalizer.last_in_first_out", "defer_finalizer(t1, r0)", "defer_finalizer(t2, r0)",
       [](State& s) {
         region(s, 0).finalizers = {TaskName{2}, TaskName{1}};
       },
       "the finalizer stack of r0 changed below its top"},
  };
  return cases;
}

// What a step must do.
const std::vector<BrokenStep>& duty_cases() {
  static const std::vector<BrokenStep> cases{
      {"inv.policy.fail_fast", siblings, "return(t1, Err)",
       [](State& s) { task(s, 2).reason.reset(); },
       "t2 was to be cancelled for FailFast@0 from r1 and is not"},
      {"inv.policy.fail_fast", siblings + "; open_region(r2, r1)", "return(t1, Panicked)",
       [](State& s) { region(s, 2).reason->kind = CancelKind::LinkedExit; },
       "r2 was to be cancelled for ParentCancelled@0 from r1 and is for LinkedExit@0 from r1"},
      {"inv.policy.fail_fast", siblings + "; close_region(r1, Await)", "return(t1, Err)",
       [](State& s) { task(s, 2).reason.reset(); },
       "t2 was to be cancelled for FailFast@0 from r1 and is not"},
      {"inv.region.close_hands_down", running, "close_region(r0, Cancel)",
       [](State& s) { task(s, 1).reason->kind = CancelKind::LinkedExit; },
       "t1 was to be cancelled for ParentCancelled@0 from r0 and is for LinkedExit@0 from r0"},
      {"inv.region.close_hands_down", running + "; open_region(r1, r0); spawn(t2, r1)",
       "close_region(r0, Cancel)", [](State& s) { region(s, 1).reason.reset(); },
       "r1 was to be cancelled for ParentCancelled@0 from r0 and is not"},
      {"inv.region.close_hands_down", running, "close_region(r0, Await)",
       [](State& s) {
         region(s, 0).reason = CancelReason{CancelKind::User, 0, root_region};
       },
       "region r0 was closed and its own reason changed"},
      {"inv.time.expires", "open_region(r1, r0, deadline 5)", "advance_time(5)",
       [](State& s) { region(s, 1).reason.reset(); },
       "r1 was to be cancelled for Deadline@5 from r1 and is not"},
      {"inv.time.expires", "advance_time(7); open_region(r1, r0, deadline 5)", "advance_time(7)",
       [](State& s) { region(s, 1).reason->kind = CancelKind::User; },
       "r1 was to be cancelled for Deadline@7 from r1 and is for User@7 from r1"},
      {"inv.time.expires",
       "open_region(r1, r0, deadline 5); defer_finalizer(t1, r1); close_region(r1, Await)",
       "advance_time(5)", [](State& s) { region(s, 1).reason.reset(); },
       "r1 was to be cancelled for Deadline@5 from r1 and is not"},
      {"inv.budget.poll_pays", "spawn(t1, r0, polls 3); start(t1)", "poll(t1)",
       [](State& s) { task(s, 1).budget.poll_quota = 3; },
       "a poll of t1 took its quota from 3 to 3"},
      {"inv.budget.poll_pays", running, "poll(t1)",
       [](State& s) { task(s, 1).budget.poll_quota = 3; },
       "a poll of t1 took its quota from 4294967295 to 3"},
      {"inv.budget.poll_pays", "spawn(t1, r0, polls 0); start(t1); enter_mask(t1, 2)", "poll(t1)",
       [](State& s) { task(s, 1).reason.reset(); },
       "t1 was to be cancelled for PollQuota@0 from r0 and is not"},
      {"inv.join.handed_over", running + "; spawn(t2, r0)", "join(t1, t2)",
       [](State& s) { task(s, 2).waiters.clear(); },
       "join(t1, t2) answers Done{Registered} and t1 does not wait for t2"},
      {"inv.join.handed_over", running + "; spawn(t2, r0); join(t2, t1)", "return(t1, Ok)",
       [](State& s) { task(s, 2).joins_ready = 0; }, "t2 waited for t1 and was handed 0 results"},
      {"inv.mask.as_asked", running, "enter_mask(t1, 2)",
       [](State& s) { task(s, 1).mask_units = 1; },
       "enter_mask(t1, 2) answers Done and the mask of t1 is 1"},
      {"inv.mask.as_asked", running + "; enter_mask(t1, 2); cancel_task(t1, User)",
       "leave_mask(t1)", [](State& s) { task(s, 1).mask_units = 2; },
       "leave_mask(t1) answers Done and the mask of t1 is 2"},
      {"inv.mask.as_asked", running + "; enter_mask(t1, 2)", "cancel_task(t1, User)",
       [](State& s) { task(s, 1).mask_units = 0; },
       "cancel_task(t1, User) changed the mask of t1 from 2 to 0"},
      {"inv.outcome.recorded", running, "return(t1, Err)",
       [](State& s) { task(s, 1).outcome = Outcome::ok(); },
       "return(t1, Err) ended Ok, cancelled for nothing"},
      {"inv.outcome.recorded", cancelled, "return(t1, Cancelled User)",
       [](State& s) { task(s, 1).outcome.reason.kind = CancelKind::User; },
       "return(t1, Cancelled User) ended Cancelled(User@0 from r0), cancelled for Timeout@0 from "
       "r0"},
      {"inv.outcome.recorded", cancelled, "return(t1, Panicked)",
       [](State& s) { task(s, 1).outcome = Outcome::cancelled(*task(s, 1).reason); },
       "return(t1, Panicked) ended Cancelled(Timeout@0 from r0), cancelled for Timeout@0 from r0"},
      {"inv.answer.tells", running, "cancel_task(t1, User)",
       [](State& s) { task(s, 1).reason.reset(); },
       "cancel_task(t1, User) answers Done{changed}, which is not what it did"},
      {"inv.answer.tells", cancelled + "; checkpoint(t1); cleanup_done(t1)", "checkpoint(t1)",
       [](State& s) { task(s, 1).phase = TaskPhase::Cancelling; },
       "checkpoint(t1) answers Done{CancelPending}, which is not what it did"},
  };
  return cases;
}

std::vector<BrokenStep> all_cases() {
  std::vector<BrokenStep> all = phase_cases();
  all.insert(all.end(), value_cases().begin(), value_cases().end());
  all.insert(all.end(), duty_cases().begin(), duty_cases().end());
  all.insert(all.end(), record_cases().begin(), record_cases().end());
  all.insert(all.end(), told_cases().begin(), told_cases().end());
  return all;
}

/// A good step with an answer that it should not give.
struct WrongAnswer {
  std::string_view id;
  std::string script;
  std::string_view action;
  Answer answer;
  std::string_view fact;
};

std::vector<WrongAnswer> wrong_answers() {
  return {
      {"inv.obligation.leak_response", "leaks Log, after 2 Panic; " + held, "return(t1, Ok)",
       done_with(LeakPanic{Outcome::ok()}),
       "the response to leaks is Log and return(t1, Ok) answers Done{LeakPanic(Ok)}"},
      {"inv.budget.poll_pays", running, "poll(t1)", done_with(PollExhausted{}),
       "poll(t1) answers Done{PollExhausted} although its quota is 4294967295"},
      {"inv.join.handed_over", ended + "; spawn(t2, r0)", "join(t2, t1)",
       done_with(Ready{Outcome::err()}),
       "join(t2, t1) answers Done{Ready(Err)} although t1 ended Ok"},
      {"inv.answer.tells", cancelled, "cancel_task(t1, User)", done_with(Changed{true}),
       "cancel_task(t1, User) answers Done{changed}, which is not what it did"},
      {"inv.answer.tells", "", "cancel_region(r0, User)", done_with(Changed{false}),
       "cancel_region(r0, User) answers Done{unchanged}, which is not what it did"},
      {"inv.answer.tells", running, "checkpoint(t1)", done_with(CancelPending{}),
       "checkpoint(t1) answers Done{CancelPending}, which is not what it did"},
      {"inv.answer.tells", cancelled, "checkpoint(t1)",
       done_with(Acknowledged{{CancelKind::User, 0, root_region}}),
       "checkpoint(t1) answers Done{Cancelled(User@0 from r0)}, which is not what it did"},
      {"inv.answer.tells", cancelled + "; checkpoint(t1); cleanup_done(t1)", "checkpoint(t1)",
       done_with(Acknowledged{{CancelKind::Timeout, 0, root_region}}),
       "checkpoint(t1) answers Done{Cancelled(Timeout@0 from r0)}, which is not what it did"},
      {"inv.answer.tells", running, "return(t1, Ok)", done_with(Completed{Outcome::err()}),
       "return(t1, Ok) answers Done{Completed(Err)}, which is not what it did"},
      {"inv.obligation.late_answer", fenced, "abort(o1, t1, Error)",
       refused(Guard::ObligationReserved),
       "abort(o1, t1, Error) answers Refused{ObligationReserved} although obligation o1 is "
       "Committed and region r1 Closed"},
      {"inv.obligation.late_answer", held + "; commit(o1, t1)", "commit(o1, t1)", done(),
       "commit(o1, t1) answers Done although obligation o1 is Committed and region r0 Open"},
      {"inv.obligation.late_answer", held, "commit(o1, t1)", refused(Guard::ObligationReserved),
       "commit(o1, t1) answers Refused{ObligationReserved} although obligation o1 is Reserved and "
       "region r0 Open"},
  };
}

const spec::StepProperty* property(std::string_view id) {
  for (const spec::StepProperty& row : spec::step_properties()) {
    if (row.id == id) return &row;
  }
  return nullptr;
}

struct Witness {
  std::string_view id;
  std::string script;
  std::string_view action;
};

std::vector<Witness> witnesses() {
  return {
      {"inv.task.phase_monotone", "spawn(t1, r0)", "start(t1)"},
      {"inv.region.phase_monotone", "", "close_region(r0, Await)"},
      {"inv.terminal.absorbing", ended, "spawn(t2, r0)"},
      {"inv.obligation.linear", held, "commit(o1, t1)"},
      {"inv.obligation.fence", fenced, "commit(o1, t1)"},
      {"inv.obligation.settled_by_completion", held, "return(t1, Ok)"},
      {"inv.obligation.late_answer", held + "; commit(o1, t1)", "commit(o1, t1)"},
      {"inv.obligation.record_kept", held, "advance_time(1)"},
      {"inv.obligation.leak_response", held, "return(t1, Ok)"},
      {"inv.budget.met_at_admission", "open_region(r1, r0, polls 3)", "spawn(t1, r1, deadline 5)"},
      {"inv.finalizer.budget", stack, "close_region(r0, Await)"},
      {"inv.cancel.strengthens", cancelled, "cancel_task(t1, User)"},
      {"inv.budget.tightens", "spawn(t1, r0, polls 3); start(t1)", "poll(t1)"},
      {"inv.mask.monotone", running + "; enter_mask(t1, 2); cancel_task(t1, User)",
       "checkpoint(t1)"},
      {"inv.mask.spent", running + "; enter_mask(t1, 2); cancel_task(t1, User)", "checkpoint(t1)"},
      {"inv.region.no_late_admission", closing, "spawn(t2, r0)"},
      {"inv.finalizer.last_in_first_out", stack, "close_region(r0, Await)"},
      {"inv.policy.fail_fast", siblings, "return(t1, Panicked)"},
      {"inv.region.close_hands_down", running, "close_region(r0, Cancel)"},
      {"inv.time.expires", "open_region(r1, r0, deadline 5)", "advance_time(5)"},
      {"inv.budget.poll_pays", "spawn(t1, r0, polls 0); start(t1)", "poll(t1)"},
      {"inv.time.stamped_now", later + running, "cancel_task(t1, User)"},
      {"inv.time.stamped_now", later + "open_region(r1, r0)", "cancel_region(r1, User)"},
      {"inv.time.stamped_now", later + running, "reserve(o1, t1, r0, Lease)"},
      {"inv.region.limits_as_asked", "open_region(r1, r0, tasks 2)", "open_region(r2, r1)"},
      {"inv.join.handed_over", running + "; spawn(t2, r0); join(t2, t1)", "return(t1, Ok)"},
      {"inv.mask.as_asked", running, "enter_mask(t1, 2)"},
      {"inv.outcome.recorded", cancelled, "return(t1, Ok)"},
      {"inv.answer.tells", cancelled, "checkpoint(t1)"},
      {"inv.region.close_begins", "open_region(r1, r0)", "close_region(r0, Await)"},
      {"inv.obligation.resolved_as_told", held, "abort(o1, t1, Error)"},
      {"inv.cancel.recorded", cancelled, "cancel_task(t1, Shutdown)"},
      {"inv.task.moves_as_told", cancelled + "; checkpoint(t1)", "cleanup_done(t1)"},
      {"inv.ownership.enters_as_asked", "open_region(r1, r0)", "spawn(t1, r1)"},
      {"inv.ownership.enters_as_asked", "open_region(r1, r0)", "open_region(r2, r1)"},
      {"inv.ownership.enters_as_asked", "open_region(r1, r0)", "defer_finalizer(t1, r1)"},
      {"inv.ownership.enters_as_asked", "open_region(r1, r0); spawn(t1, r1)",
       "reserve(o1, t1, r1, Lease)"},
      {"inv.refusal.changes_nothing", "", "start(t1)"},
      {"inv.time.forwards", "", "advance_time(1)"},
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(step_properties)

BOOST_AUTO_TEST_CASE(every_broken_step_is_found_with_its_words_and_its_good_twin_is_accepted) {
  for (const BrokenStep& broken : all_cases()) {
    BOOST_TEST_CONTEXT(broken.id << ": " << broken.fact) {
      const spec::StepProperty* const row = property(broken.id);
      BOOST_TEST_REQUIRE((row != nullptr));
      const State before = after(broken.script);
      const Action taken = action(broken.action);
      spec::Step next = spec::step(before, taken);
      const spec::Transition transition{before, taken, next.answer, next.after};
      BOOST_TEST(!row->violated(transition).has_value());
      BOOST_TEST(!spec::first_violation(transition).has_value());
      broken.breaks(next.after);
      BOOST_TEST(row->violated(transition).value_or("nothing") == broken.fact);
      BOOST_TEST(spec::first_violation(transition).has_value());
    }
  }
}

BOOST_AUTO_TEST_CASE(every_step_property_has_a_broken_step_and_a_witness) {
  std::set<std::string_view> broken;
  for (const BrokenStep& one : all_cases()) broken.insert(one.id);
  for (const WrongAnswer& one : wrong_answers()) broken.insert(one.id);
  std::set<std::string_view> witnessed;
  for (const Witness& one : witnesses()) witnessed.insert(one.id);
  for (const spec::StepProperty& row : spec::step_properties()) {
    BOOST_TEST_CONTEXT(row.id) {
      BOOST_TEST(broken.contains(row.id));
      BOOST_TEST(witnessed.contains(row.id));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_interesting_case_happens_in_its_witness_and_not_in_an_idle_step) {
  const Action idle = AdvanceTime{0};
  const State start = spec::initial();
  const spec::Step idle_step = spec::step(start, idle);
  const spec::Transition nothing{start, idle, idle_step.answer, idle_step.after};
  for (const Witness& witness : witnesses()) {
    BOOST_TEST_CONTEXT(witness.id) {
      const spec::StepProperty* const row = property(witness.id);
      BOOST_TEST_REQUIRE((row != nullptr));
      const State before = after(witness.script);
      const Action taken = action(witness.action);
      const spec::Step next = spec::step(before, taken);
      BOOST_TEST(row->interesting({before, taken, next.answer, next.after}));
      BOOST_TEST(!row->interesting(nothing));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_wrong_answer_is_found_with_its_words_and_its_good_twin_is_accepted) {
  for (const WrongAnswer& wrong : wrong_answers()) {
    BOOST_TEST_CONTEXT(wrong.id << ": " << wrong.fact) {
      const spec::StepProperty* const row = property(wrong.id);
      BOOST_TEST_REQUIRE((row != nullptr));
      const State before = after(wrong.script);
      const Action taken = action(wrong.action);
      const spec::Step next = spec::step(before, taken);
      BOOST_TEST(!row->violated({before, taken, next.answer, next.after}).has_value());
      BOOST_TEST(row->violated({before, taken, wrong.answer, next.after}).value_or("nothing") ==
                 wrong.fact);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_edge_of_the_task_diagram_is_accepted) {
  const std::string cleaning = cancelled + "; checkpoint(t1)";
  const std::vector<std::pair<std::string, std::string_view>> edges{
      {"spawn(t1, r0)", "start(t1)"},
      {"spawn(t1, r0)", "cancel_task(t1, User)"},
      {running, "cancel_task(t1, User)"},
      {running, "return(t1, Err)"},
      {cancelled, "checkpoint(t1)"},
      {cancelled, "return(t1, Ok)"},
      {cleaning, "cleanup_done(t1)"},
      {cleaning, "return(t1, Ok)"},
      {cleaning + "; cleanup_done(t1)", "return(t1, Ok)"}};
  for (const auto& [script, last] : edges) {
    const State before = after(script);
    const State then = after(before, last);
    BOOST_TEST((task(before, 1).phase != task(then, 1).phase));
  }
}

BOOST_AUTO_TEST_CASE(every_step_property_has_an_id_and_a_sentence_of_its_own) {
  std::set<std::string_view> ids;
  std::set<std::string_view> sentences;
  for (const spec::StepProperty& row : spec::step_properties()) {
    BOOST_TEST(ids.insert(row.id).second);
    BOOST_TEST(sentences.insert(row.sentence).second);
    BOOST_TEST(!row.fact.empty());
    BOOST_TEST(!row.interesting_case.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()
