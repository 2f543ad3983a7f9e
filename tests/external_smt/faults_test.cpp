// Faults that are seeded into the SMT text: the proofs notice, or the samples do, or both.
#include <algorithm>
#include <boost/test/unit_test.hpp>

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
     {"rules_task", "(ite (= recorded Cancelled) o.Aborted o.Leaked)", "(o.phase o)"},
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
     {"enumerations", "(ite (stronger incoming recorded) incoming recorded)", "incoming"},
     "inv.cancel.strengthens"},
    {"a region forgets how its task ended",
     "rule.task.return",
     {"rules_task", "(join (r.outcome r) recorded)", "(r.outcome r)"},
     "inv.region.outcome_joined"},
    {"a checkpoint acknowledges in spite of the mask",
     "rule.task.checkpoint",
     {"rules_task", "(and (pending t) (not (fewer unmasked (t.mask t))))", "(pending t)"},
     ""},
    {"a close is never Draining",
     "rule.region.close",
     {"rules_region", "(ite (aux.has_child r) r.Draining r.Closing)", "r.Closing"},
     ""},
    {"reserve asks for the task's phase before its owner",
     "rule.obligation.reserve",
     {"rules_obligation",
      "(ite (distinct (t.owner in.task) in.region) |Refused{TaskOwnedByRegion}|\n"
      "  (ite (not (t.live in.task)) |Refused{TaskLive}|",
      "(ite (not (t.live in.task)) |Refused{TaskLive}|\n"
      "  (ite (distinct (t.owner in.task) in.region) |Refused{TaskOwnedByRegion}|"},
     ""},
};

/// Some hundreds of the samples of one rule, from the whole of the walks.
std::vector<smt::Sample> samples_of(const std::string& rule) {
  static const auto all = smt::take_samples(1, 12'000);
  const auto total = static_cast<std::size_t>(std::count_if(
      all.begin(), all.end(), [&](const smt::Sample& sample) { return sample.rule == rule; }));
  const std::size_t every = total / 400 + 1;
  std::vector<smt::Sample> chosen;
  std::size_t place = 0;
  for (const smt::Sample& sample : all) {
    if (sample.rule == rule && place++ % every == 0) chosen.push_back(sample);
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

// The three without a goal: the proofs hold of them, so only the samples tie the text down.
BOOST_AUTO_TEST_CASE(proofs_hold_of_the_faults_that_only_samples_find) {
  for (const Seeded& seeded : seeded_faults) {
    if (!seeded.broken.empty()) continue;
    const auto tried = smt::prove(smt::HouseText::read(folder, {seeded.fault}), {seeded.rule, ""});
    BOOST_TEST(std::all_of(tried.begin(), tried.end(), [](const auto& o) { return o.proven(); }),
               seeded.what);
  }
}

BOOST_AUTO_TEST_SUITE_END()
