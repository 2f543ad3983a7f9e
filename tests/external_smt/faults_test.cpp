// Faults that are seeded into the SMT text: the proofs notice, or the samples do, or both.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>

#include "models/external/smt/agreement.hpp"
#include "models/external/smt/proofs.hpp"

namespace {

using namespace quiesce;

const std::string folder = "models/external/smt/house";

struct Seeded {
  std::string what;
  std::string rule;
  smt::Fault fault;
  std::string broken;  // the goal that fails; empty if the proofs cannot notice
};

const std::vector<Seeded> seeded_faults{
    {"spawn does not ask whether the region is Open",
     "rule.ownership.spawn",
     {"rules_task", "(distinct (r.phase in.region) r.Open)", "false"},
     "lemma.finalizing_has_no_body"},
    {"a completing holder keeps its promises",
     "rule.task.return",
     {"rules_task", "(ite (or (= (ended recorded) Cancelled) (is_recovered o)) o.Aborted o.Leaked)",
      "(o.phase o)"},
     "inv.obligation.holder_live"},
    {"a cancel does not reach the regions below",
     "rule.region.cancel",
     {"rules_region", "(ite (reached r in.region)\n    (strengthen (r.reason r) (ite",
      "(ite (= r in.region)\n    (strengthen (r.reason r) (ite"},
     "inv.cancel.propagates"},
    {"a finalizer starts beside another",
     "rule.region.start_finalizer",
     {"rules_internal", "(forall ((t Task)) (not (r.finalizing in.region t)))", "true"},
     "inv.finalizer.one_at_a_time"},
    {"the finalizer that was registered first starts first",
     "rule.region.start_finalizer",
     {"rules_internal", "(not (r.above t in.new_task))", "(not (r.above in.new_task t))"},
     "inv.finalizer.last_in_first_out"},
    {"a region closes with finalizers on its stack",
     "rule.region.complete_close",
     {"rules_internal", "(forall ((t Task)) (not (r.stack in.region t)))", "true"},
     "inv.finalizer.all_ran"},
    {"a region does not wait for its child regions",
     "rule.region.finalize",
     {"rules_internal", "(forall ((c Region)) (not (and (r.parent c in.region) (r.live c))))",
      "true"},
     "lemma.finalizing_has_no_child"},
    {"an obligation is resolved twice",
     "rule.obligation.commit",
     {"rules_obligation", "(not (o.reserved in.obligation))", "false"},
     "inv.obligation.linear"},
    {"the later reason wins",
     "rule.task.cancel",
     {"lattices", "(ite (stronger incoming recorded) incoming recorded)", "incoming"},
     "inv.cancel.strengthens"},
    {"a region forgets how its task ended",
     "rule.task.return",
     {"rules_task", "(join (r.outcome r) recorded)", "(r.outcome r)"},
     "lemma.outcome_covers_tasks"},
    {"a region forgets why it was cancelled",
     "rule.region.complete_close",
     {"rules_internal", "(join (r.outcome r) (cancelled_for (r.reason r)))",
      "(join (r.outcome r) (cancelled_for no_reason))"},
     "inv.region.outcome_joined"},
    {"the response to leaks is chosen before they are counted",
     "rule.task.return",
     {"rules_task", "(not (below_count leaks_by_now (escalate_after leaks.policy)))",
      "(not (below_count leaks.count (escalate_after leaks.policy)))"},
     "inv.obligation.leak_response"},
    {"what is recovered is Leaked",
     "rule.task.return",
     {"rules_task", "(or (= (ended recorded) Cancelled) (is_recovered o))",
      "(= (ended recorded) Cancelled)"},
     "inv.obligation.recovered"},
    {"leaks are not counted",
     "rule.task.return",
     {"rules_task", "(ite leaks_are_found leaks_by_now leaks.count)", "leaks.count"},
     "inv.obligation.leak_response"},
    {"a task gets the budget that it asked for",
     "rule.ownership.spawn",
     {"rules_task", "(meet in.budget (r.budget in.region))", "in.budget"},
     "inv.budget.along_the_tree"},
    {"a child region gets the budget that it asked for",
     "rule.region.open",
     {"rules_region", "(meet in.budget (r.budget in.region))", "in.budget"},
     "inv.region.deadline_monotone"},
    {"the cleanup budget takes the place of the budget",
     "rule.task.cancel",
     {"lattices", "(meet b (cleanup_budget (reason.kind incoming)))",
      "(cleanup_budget (reason.kind incoming))"},
     "inv.budget.tightens"},
    {"a cancel leaves the budget",
     "rule.task.cancel",
     {"lattices", "(meet b (cleanup_budget (reason.kind incoming)))", "b"},
     "inv.cancel.phase_has_reason"},
    {"a finalizer's budget is met with that of its region",
     "rule.region.start_finalizer",
     {"rules_internal", "(finalizer_budget now)",
      "(meet (finalizer_budget now) (r.budget in.region))"},
     "inv.finalizer.budget"},
    {"a limit admits one task more",
     "rule.ownership.spawn",
     {"rules_task", "(not (below_count (n.bodies in.region) (most_tasks (r.limits in.region))))",
      "(below_count (most_tasks (r.limits in.region)) (n.bodies in.region))"},
     "inv.region.within_limits"},
    {"a resolution keeps the count of pending obligations",
     "rule.obligation.commit",
     {"rules_obligation", "Count (one_pending_less r))", "Count (r.pending r))"},
     "inv.obligation.counted"},
    {"a cancel hands down its own reason",
     "rule.region.cancel",
     {"rules_region", "(ite (= r in.region) in.reason (aux.from_parent r))", "in.reason"},
     "inv.cancel.origin"},
    {"time goes back",
     "rule.time.advance",
     {"rules_region", "(ite (sooner in.to now)", "(ite false"},
     "inv.time.forwards"},
    {"an obligation is stamped with the action's own time",
     "rule.obligation.reserve",
     {"rules_obligation", "(ite (= o in.new_obligation) now (o.at o))",
      "(ite (= o in.new_obligation) never (o.at o))"},
     "inv.time.stamps"},
    {"a close tells its tasks that the reason came from above",
     "rule.region.close",
     {"rules_region",
      "(ite (= (t.owner t) in.region) (in.parent_cancelled in.region) "
      "(aux.from_parent (t.owner t)))",
      "(aux.from_parent (t.owner t))"},
     "inv.time.stamped_now"},
    {"a new region gets the limits of the region above",
     "rule.region.open",
     {"rules_region", "(ite (= r in.new_region) in.limits (r.limits r))",
      "(ite (= r in.new_region) (r.limits in.region) (r.limits r))"},
     "inv.region.limits_as_asked"},
    {"a masked task whose quota is used up is not asked to stop",
     "rule.task.poll",
     {"rules_task", "(and (= t in.task) (= quota used_up) (not (t.finalizer t)))",
      "(and (= t in.task) (= quota used_up) (not (t.finalizer t)) (= (t.mask t) unmasked))"},
     "inv.budget.poll_pays"},
    {"a finalizer that waits is handed nothing",
     "rule.task.return",
     {"rules_task", "(ite (t.waiter in.task t) (plus (t.ready t) one) (t.ready t))",
      "(ite (and (t.waiter in.task t) (not (t.finalizer t))) (plus (t.ready t) one) (t.ready t))"},
     "inv.join.handed_over"},
    {"time that stands still expires nothing",
     "rule.time.advance",
     {"rules_region", "(and (distinct (deadline (r.budget r)) never) (not (sooner in.to",
      "(and (distinct in.to now) (distinct (deadline (r.budget r)) never) (not (sooner in.to"},
     "inv.time.expires"},
    {"who joined does not hear of the end",
     "rule.task.return",
     {"rules_task", "(plus (t.ready t) one)", "(t.ready t)"},
     "inv.join.handed_over"},
    {"a panic for leaks is answered as any completion",
     "rule.task.return",
     {"rules_task", "(and leaks_are_found (= leak_response Panic))", "false"},
     "inv.obligation.leak_response"},
    {"a checkpoint acknowledges in spite of the mask",
     "rule.task.checkpoint",
     {"rules_task", "(and (pending t) (not (fewer unmasked (t.mask t))))", "(pending t)"},
     "inv.mask.spent"},
    {"a close is never Draining",
     "rule.region.close",
     {"rules_region", "(ite (aux.has_child r) r.Draining r.Closing)", "r.Closing"},
     "inv.region.close_begins"},
    {"whatever the holder says, a promise is taken back as an error",
     "rule.obligation.abort",
     {"rules_obligation", "(ite (= o in.obligation) in.abort (o.abort o))",
      "(ite (= o in.obligation) Error (o.abort o))"},
     "inv.obligation.resolved_as_told"},
    {"reserve asks for the task's phase before its owner",
     "rule.obligation.reserve",
     {"rules_obligation",
      "(ite (distinct (t.owner in.task) in.region) |Refused{TaskOwnedByRegion}|\n"
      "  (ite (not (t.live in.task)) |Refused{TaskLive}|",
      "(ite (not (t.live in.task)) |Refused{TaskLive}|\n"
      "  (ite (distinct (t.owner in.task) in.region) |Refused{TaskOwnedByRegion}|"},
     ""},
};

/// Up to some hundreds of the samples of one rule, each answer as often as others if it can be.
std::vector<smt::Sample> samples_of(const std::string& rule) {
  static const auto all = smt::take_samples(1, 12'000);
  const auto counts = smt::answers_by_rule(all);
  const auto answers = static_cast<std::size_t>(std::count_if(
      counts.begin(), counts.end(), [&](const auto& row) { return row.first.first == rule; }));
  std::map<std::string, std::size_t> seen;
  std::vector<smt::Sample> chosen;
  for (const smt::Sample& sample : all) {
    if (sample.rule != rule) continue;
    const std::size_t every = counts.at({rule, sample.answer}) * answers / 300 + 1;
    if (seen[sample.answer]++ % every == 0) chosen.push_back(sample);
  }
  return chosen;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(smt_faults)

BOOST_AUTO_TEST_CASE(proofs_find_seeded_faults) {
  for (const Seeded& seeded : seeded_faults) {
    if (seeded.broken.empty()) continue;
    const auto house = smt::HouseText::read(folder, {seeded.fault});
    const auto tried = smt::prove(house, {seeded.rule, seeded.broken});
    BOOST_REQUIRE_EQUAL(tried.size(), 1U);
    BOOST_TEST(tried[0].verdict == "sat", seeded.what << ": " << tried[0].verdict);
  }
}

BOOST_AUTO_TEST_CASE(samples_find_seeded_faults) {
  for (const Seeded& seeded : seeded_faults) {
    const auto house = smt::HouseText::read(folder, {seeded.fault});
    const auto result = smt::agreement(house, samples_of(seeded.rule));
    BOOST_TEST(!result.disagreed.empty(), seeded.what << ": every sample agrees");
    BOOST_TEST(result.agreed > 0U, seeded.what << ": no sample agrees");
  }
}

// Those without a goal: the proofs hold of them, so only the samples tie the text down.
BOOST_AUTO_TEST_CASE(proofs_hold_of_the_faults_that_only_samples_find) {
  for (const Seeded& seeded : seeded_faults) {
    if (!seeded.broken.empty()) continue;
    const auto tried = smt::prove(smt::HouseText::read(folder, {seeded.fault}), {seeded.rule, ""});
    BOOST_TEST(std::all_of(tried.begin(), tried.end(), [](const auto& o) { return o.proven(); }),
               seeded.what);
  }
}

BOOST_AUTO_TEST_SUITE_END()
