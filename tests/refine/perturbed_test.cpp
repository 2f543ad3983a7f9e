// A final snapshot that is wrong in one field is never taken for right, whatever stood before it.
#include <boost/test/unit_test.hpp>
#include <functional>
#include <vector>

#include "models/refine/abstraction.hpp"
#include "models/refine/generator.hpp"
#include "models/refine/linearizability.hpp"
#include "models/refine/lockstep.hpp"
#include "spec/step.hpp"
#include "tests/refine/twins.hpp"

using namespace quiesce;
using namespace quiesce::refine;

BOOST_AUTO_TEST_SUITE(perturbed)

namespace {

using Change = std::function<void(Snapshot&)>;

/// Every field of the last row of each kind, and what stands beside the rows.
const std::vector<std::pair<const char*, Change>> changes_of_regions{
    {"region phase", [](Snapshot& s) { s.regions.back().phase = RegionPhase::Draining; }},
    {"region policy", [](Snapshot& s) { s.regions.back().policy = Policy::FailFast; }},
    {"region reason", [](Snapshot& s) { s.regions.back().reason = CancelReason{.at_ticks = 77}; }},
    {"region outcome", [](Snapshot& s) { s.regions.back().outcome = Outcome::panicked(); }},
    {"region budget", [](Snapshot& s) { s.regions.back().budget.cost_quota = 77; }},
    {"region limits", [](Snapshot& s) { s.regions.back().limits.obligations = 77; }},
    {"region children", [](Snapshot& s) { s.regions.back().children.push_back({77}); }},
    {"region tasks", [](Snapshot& s) { s.regions.back().tasks.push_back({77}); }},
    {"region finalizers", [](Snapshot& s) { s.regions.back().finalizers.push_back({77}); }},
    {"region finalizing", [](Snapshot& s) { s.regions.back().finalizing = TaskName{77}; }},
    {"region pending", [](Snapshot& s) { ++s.regions.back().pending_obligations; }},
    {"region missing", [](Snapshot& s) { s.regions.pop_back(); }},
    {"now", [](Snapshot& s) { ++s.now; }},
    {"pending_total", [](Snapshot& s) { ++s.pending_total; }},
    {"pending_total too low", [](Snapshot& s) { --s.pending_total; }},
    {"leak_count", [](Snapshot& s) { ++s.leak_count; }},
    {"leak_policy", [](Snapshot& s) { s.leak_policy.escalate_after = 77; }}};
/// As many as it holds, but others: or one, if it holds nothing.
void index_names_others(Snapshot& s) {
  TaskRow& task = s.tasks.back();
  task.is_indexed = true;
  for (const ObligationRow& row : s.obligations) {
    if (row.holder == task.name && row.phase == ObligationPhase::Reserved)
      task.held.push_back({row.name.value + 77});
  }
  if (task.held.empty()) task.held.push_back({77});
}

const std::vector<std::pair<const char*, Change>> changes_of_tasks{
    {"task phase", [](Snapshot& s) { s.tasks.back().phase = TaskPhase::Cancelling; }},
    {"task owner", [](Snapshot& s) { s.tasks.back().owner = {77}; }},
    {"task finalizer", [](Snapshot& s) { s.tasks.back().is_finalizer ^= true; }},
    {"task mask", [](Snapshot& s) { ++s.tasks.back().mask_units; }},
    {"task reason", [](Snapshot& s) { s.tasks.back().reason = CancelReason{.at_ticks = 77}; }},
    {"task outcome", [](Snapshot& s) { s.tasks.back().outcome.reason.at_ticks = 77; }},
    {"task budget", [](Snapshot& s) { s.tasks.back().budget.cost_quota = 77; }},
    {"task waiters", [](Snapshot& s) { s.tasks.back().waiters.push_back({77}); }},
    {"task joins", [](Snapshot& s) { ++s.tasks.back().joins_ready; }},
    {"task index", index_names_others},
    {"task missing", [](Snapshot& s) { s.tasks.pop_back(); }}};
const std::vector<std::pair<const char*, Change>> changes_of_obligations{
    {"obligation kind",
     [](Snapshot& s) {
       ObligationKind& kind = s.obligations.back().kind;
       kind = kind == ObligationKind::Ack ? ObligationKind::Lease : ObligationKind::Ack;
     }},
    {"obligation holder", [](Snapshot& s) { s.obligations.back().holder = {77}; }},
    {"obligation region", [](Snapshot& s) { s.obligations.back().region = {77}; }},
    {"obligation abort",
     [](Snapshot& s) {
       AbortReason& reason = s.obligations.back().abort_reason;
       reason = reason == AbortReason::Error ? AbortReason::Explicit : AbortReason::Error;
     }},
    {"obligation stamp", [](Snapshot& s) { s.obligations.back().reserved_at_ticks += 77; }},
    {"obligation missing", [](Snapshot& s) { s.obligations.pop_back(); }}};

/// A history of one thread after the other, and what it leads to.
struct Run {
  SpecMemo memo;
  History history;
  Snapshot last;

  explicit Run(const Script& script) {
    memo.clear(script.leaks);
    spec::State state = spec::initial(script.leaks);
    for (const Action& action : script.prefix) {
      spec::Step step = spec::step(std::move(state), action);
      Operation& operation = history.emplace_back();
      operation.invoked = static_cast<std::uint32_t>(2 * history.size());
      operation.responded = operation.invoked + 1;
      operation.ticket = history.size();
      operation.action_id = memo.intern(action);
      operation.action = action;
      operation.answer = step.answer;
      state = std::move(step.after);
    }
    last = twins::snapshot_of(state);
  }
  [[nodiscard]] bool passes(const Snapshot& snapshot) {
    Coverage coverage;
    return !Lockstep{memo}.check(history, &snapshot, coverage);
  }
  [[nodiscard]] bool linearizes(const Snapshot& snapshot) {
    Coverage coverage;
    return Linearizability{memo}.check(history, &snapshot, 10'000, coverage).verdict ==
           Linearizable::Yes;
  }
};

void try_all(Run& run, const std::vector<std::pair<const char*, Change>>& changes) {
  for (const auto& [name, change] : changes) {
    Snapshot wrong = run.last;
    change(wrong);
    if (same_rows(wrong, run.last)) continue;  // it was so already
    BOOST_TEST_CONTEXT(name) {
      BOOST_TEST(!run.passes(wrong));
      BOOST_TEST(!run.linearizes(wrong));
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(one_wrong_field_of_the_final_snapshot_is_noticed) {
  int after_refusals = 0;
  for (std::uint64_t i = 0; i < 60; ++i) {
    Run run{generate_sequence(17, i, 20)};
    BOOST_TEST_REQUIRE(run.passes(run.last));  // and so it is known from now on
    BOOST_TEST_REQUIRE(run.linearizes(run.last));
    if (!is_done(run.history.back().answer)) ++after_refusals;
    try_all(run, changes_of_regions);
    if (!run.last.tasks.empty()) try_all(run, changes_of_tasks);
    if (!run.last.obligations.empty()) try_all(run, changes_of_obligations);
  }
  BOOST_TEST(after_refusals > 10);
}

BOOST_AUTO_TEST_SUITE_END()
