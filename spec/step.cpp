// The dispatch of external actions, and the table of the rules.
#include "spec/step.hpp"

#include <array>

#include "spec/rules.hpp"

namespace quiesce::spec {
namespace {

constexpr std::array<std::string_view, action_count> rule_of_action{
    "rule.region.open",        "rule.region.close",
    "rule.region.cancel",      "rule.region.defer_finalizer",
    "rule.ownership.spawn",    "rule.task.start",
    "rule.task.poll",          "rule.task.checkpoint",
    "rule.task.enter_mask",    "rule.task.leave_mask",
    "rule.task.cleanup_done",  "rule.task.return",
    "rule.task.cancel",        "rule.task.join",
    "rule.obligation.reserve", "rule.obligation.commit",
    "rule.obligation.abort",   "rule.time.advance"};

constexpr auto rule_rows = std::to_array<RuleRow>({
    {"rule.region.open", "a new child region enters an open region", "facts §3.4"},
    {"rule.region.close", "the region admits nothing more", "semantics D16"},
    {"rule.region.begin_close", "Open becomes Draining if a child region is live, else Closing",
     "semantics, Regions"},
    {"rule.region.cancel", "the region and all below it stop as soon as they can", "facts §3.7"},
    {"rule.region.cancel_subtree", "every descendant gets ParentCancelled, parents first",
     "semantics D18, D19"},
    {"rule.region.fail_fast", "a failed body task takes siblings and child regions with it",
     "semantics D28"},
    {"rule.region.defer_finalizer", "a finalizer goes on top of the region's stack", "facts §5"},
    {"rule.region.finalize", "a region without live tasks and child regions is Finalizing",
     "semantics, internal rules"},
    {"rule.region.start_finalizer", "the top of the stack becomes a task of the region",
     "facts §5"},
    {"rule.region.complete_close", "a Finalizing region with nothing left is Closed",
     "semantics, close outcome"},
    {"rule.region.settle", "the internal rules run to their fixpoint", "semantics D43"},
    {"rule.ownership.spawn", "a new task enters an open region", "facts T1"},
    {"rule.task.start", "Created becomes Running", "facts T3"},
    {"rule.task.poll", "the quota pays for a poll", "semantics D23"},
    {"rule.task.checkpoint", "a pending cancel is deferred by the mask, then acknowledged",
     "facts §2.5"},
    {"rule.task.enter_mask", "a running task may defer a cancel for some checkpoints",
     "semantics D5"},
    {"rule.task.leave_mask", "the deferral ends", "semantics D5"},
    {"rule.task.cleanup_done", "Cancelling becomes Finalizing", "facts T12"},
    {"rule.task.return", "the body of a task ended", "facts §2.4"},
    {"rule.task.complete", "completion is one atomic action", "semantics D50"},
    {"rule.task.request_cancel", "a live body task records a reason or strengthens it",
     "semantics D4, D7, D20"},
    {"rule.task.cancel", "one task stops as soon as it can", "facts T4..T6"},
    {"rule.task.join", "a task waits for another task's outcome", "semantics D27"},
    {"rule.obligation.reserve", "a task promises something to its region", "facts §4.2"},
    {"rule.obligation.commit", "the holder kept its promise", "facts §4.3"},
    {"rule.obligation.abort", "the holder takes its promise back", "facts §4.3"},
    {"rule.obligation.settle_held", "what a completing task holds is aborted or leaked",
     "semantics D10, D11"},
    {"rule.obligation.leak_response", "leaks are logged, recovered or answered, by their number",
     "facts §4.5"},
    {"rule.cancel.strengthen", "of two reasons the stronger one stays", "semantics D3, D4"},
    {"rule.cancel.cause", "a reason that was handed down derives from the one above", "facts §1.3"},
    {"rule.outcome.join", "of two outcomes the worse one stays", "semantics D1"},
    {"rule.budget.meet", "of two budgets the tighter parts stay", "facts §1.4"},
    {"rule.time.advance", "the clock moves; expired regions are cancelled", "semantics D22"},
});

Answer dispatch(State& s, const OpenRegion& a) {
  return open_region(s, a);
}
Answer dispatch(State& s, const CloseRegion& a) {
  return close_region(s, a);
}
Answer dispatch(State& s, const CancelRegion& a) {
  return cancel_region(s, a);
}
Answer dispatch(State& s, const DeferFinalizer& a) {
  return defer_finalizer(s, a);
}
Answer dispatch(State& s, const Spawn& a) {
  return spawn(s, a);
}
Answer dispatch(State& s, const Start& a) {
  return start(s, a);
}
Answer dispatch(State& s, const Poll& a) {
  return poll(s, a);
}
Answer dispatch(State& s, const Checkpoint& a) {
  return checkpoint(s, a);
}
Answer dispatch(State& s, const EnterMask& a) {
  return enter_mask(s, a);
}
Answer dispatch(State& s, const LeaveMask& a) {
  return leave_mask(s, a);
}
Answer dispatch(State& s, const CleanupDone& a) {
  return cleanup_done(s, a);
}
Answer dispatch(State& s, const Return& a) {
  return return_from(s, a);
}
Answer dispatch(State& s, const CancelTask& a) {
  return cancel_task(s, a);
}
Answer dispatch(State& s, const Join& a) {
  return join(s, a);
}
Answer dispatch(State& s, const Reserve& a) {
  return reserve(s, a);
}
Answer dispatch(State& s, const Commit& a) {
  return commit(s, a);
}
Answer dispatch(State& s, const Abort& a) {
  return abort(s, a);
}
Answer dispatch(State& s, const AdvanceTime& a) {
  return advance_time(s, a);
}

}  // namespace

Answer apply_unsettled(State& state, const Action& action) {
  return std::visit([&](const auto& a) { return dispatch(state, a); }, action);
}

Step step_unsettled(State before, const Action& action) {
  const Answer answer = apply_unsettled(before, action);
  return {std::move(before), answer};
}

Step step(State before, const Action& action) {
  const Answer answer = apply(before, action);
  return {std::move(before), answer};
}

std::string_view to_text(InternalRule rule) {
  static constexpr std::array<std::string_view, internal_rule_count> words{
      "finalize", "start_finalizer", "complete_close"};
  return words[static_cast<std::size_t>(rule)];
}

State take(State state, const InternalStep& internal) {
  apply(state, internal);
  return state;
}

State settle(State state) {
  run_internal_rules(state);
  return state;
}

std::span<const RuleRow> rules() {
  return rule_rows;
}

std::string_view rule_id_of_verb(std::size_t verb) {
  return rule_of_action[verb];
}
std::string_view rule_id(const Action& action) {
  return rule_id_of_verb(action.index());
}

}  // namespace quiesce::spec
