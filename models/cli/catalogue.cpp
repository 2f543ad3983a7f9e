#include "models/cli/catalogue.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "models/explore/model.hpp"
#include "models/explore/models/channel_progress.hpp"
#include "models/explore/progress_house.hpp"
#include "models/explore/scheduling/waits.hpp"
#include "spec/channel/mpsc_invariants.hpp"
#include "spec/channel/notify_invariants.hpp"
#include "spec/invariants.hpp"
#include "spec/scheduling/fairness.hpp"
#include "spec/scheduling/invariants.hpp"
#include "spec/scheduling/parking.hpp"

namespace quiesce::cli {
namespace {

/// What `quiesce explore --progress` counts: states in which something waits, a bound that is used
/// up, steps that are measured; and the ends of a search.
constexpr std::array<std::pair<std::string_view, std::string_view>, 15> wait_cases{{
    {"progress.cancelled_task_completes", "a task is cancelled and has not completed"},
    {"progress.closing_region_closes", "a region's close has begun and is not over"},
    {"progress.reserved_obligation_resolves", "an obligation is Reserved"},
    {"progress.acknowledged_within_mask", "a cancelled task uses up the mask + 1 checkpoints"},
    {"progress.potential", "a step is taken of which the potential says something"},
    {explore::no_deadlock, "a state without successors is reached"},
    {"progress.woken_task_is_polled", "a task was woken and not polled since"},
    {"progress.visible_work_is_taken", "work can be seen"},
    {"progress.visible_work_finds_a_worker", "work can be seen, and some worker is not busy"},
    {"progress.timer_is_fired", "a timer is due and not fired"},
    {"progress.own_work_is_taken", "a worker's own queue has work"},
    {"progress.notify.notified_ends", "a waiter is notified and has not come to its end"},
    {"progress.mpsc.reserve_ends", "a sender waits"},
    {"progress.mpsc.value_leaves", "a value is queued"},
    {"progress.mpsc.receiver_hears", "the receiver sleeps and no sender is left"},
}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> fairness_cases{{
    {"inv.sched.fair", "fair.exact"},
    {"inv.sched.cancel_prompt", "fair.cancel_waits_for_one"},
    {"inv.sched.lane_priority", "fair.then_other"},
}};

template <class Table>
std::string_view looked_up(const Table& table, std::string_view id) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.first == id; });
  return found == table.end() ? std::string_view{} : found->second;
}
std::string_view waits_case(std::string_view id) {
  return looked_up(wait_cases, id);
}
std::string_view fairness_case(std::string_view id) {
  const std::string_view wanted = looked_up(fairness_cases, id);
  for (const auto& row : spec::scheduling::fairness::cases())
    if (row.id == wanted) return row.sentence;
  return {};
}

template <class Rows>
void add_rows(std::vector<Sentence>& all, const Rows& rows, std::string_view machine) {
  for (const auto& row : rows) {
    Sentence sentence{.id = row.id, .says = row.sentence, .machine = machine};
    if constexpr (requires { row.fact; }) sentence.fact = row.fact;
    if constexpr (requires { row.source; }) sentence.fact = row.source;
    if constexpr (requires { row.interesting_case; }) sentence.sometimes = row.interesting_case;
    if (sentence.sometimes.empty())
      sentence.sometimes = machine == "fairness" ? fairness_case(row.id) : waits_case(row.id);
    all.push_back(sentence);
  }
}

void add_house_rows(std::vector<Sentence>& all) {
  constexpr std::string_view machine = "house";
  static const explore::HouseWaits waits{explore::HouseBounds{}};
  add_rows(all, spec::invariants(), machine);
  add_rows(all, spec::step_properties(), machine);
  add_rows(all, waits.properties(), machine);
  const auto& wait = waits.bounded_waits().front();
  all.push_back({wait.id, "D6", wait.sentence, waits_case(wait.id), machine});
  all.push_back(
      {waits.measure().id, "", waits.measure().sentence, waits_case(waits.measure().id), machine});
  all.push_back({explore::no_deadlock, "", "a state without successors is quiescent",
                 waits_case(explore::no_deadlock), machine});
  all.push_back({"answer.listed", "",
                 "an action is only refused by a guard that the semantics list for it",
                 "every listed pair of action and guard is counted", machine});
  all.push_back({"rule.region.settle", "D43",
                 "every order of the internal rules gives the same fixpoint",
                 "two internal rules are enabled at once", machine});
}

// What the models cannot be asked is checked on the implementation, or is a limit.
constexpr std::array<Fact, 52> all_facts{{
    {.id = "I1", .name = "TREE"},
    {.id = "I2", .name = "SINGLE-OWNER"},
    {.id = "I3", .name = "TASK-OWNED"},
    {.id = "I4", .name = "QUIESCENCE"},
    {.id = "I5", .name = "PHASE-MONO (task)"},
    {.id = "I6", .name = "PHASE-MONO (region)"},
    {.id = "I7", .name = "ABSORB"},
    {.id = "I8", .name = "CANCEL-PROPAGATES"},
    {.id = "I9", .name = "CANCEL-TASKS"},
    {.id = "I10", .name = "STRENGTHEN"},
    {.id = "I11", .name = "BUDGET-MONO"},
    {.id = "I12", .name = "CANCEL-DOMINATES"},
    {.id = "I13", .name = "MASK-BOUND"},
    {.id = "I14", .name = "MASK-MONO"},
    {.id = "I15", .name = "OB-LINEAR"},
    {.id = "I16", .name = "OB-HOLDER"},
    {.id = "I17",
     .name = "OB-COUNT",
     .elsewhere = "refine.representation",
     .how = "the implementation's total of pending obligations is the number of Reserved rows",
     .shown_by = "twin CountsPending",
     .alone = "yes",
     .reached = "inv.obligation.counted"},
    {.id = "I18",
     .name = "OB-INDEX",
     .elsewhere = "refine.representation",
     .how = "the implementation's index of holders names exactly what each live task has Reserved",
     .shown_by = "second_promise_is_not_indexed",
     .alone = "because a promise that the index lacks is left Reserved when its holder completes, "
              "and then state and answers differ, too",
     .reached = "inv.obligation.settled_by_completion"},
    {.id = "I19", .name = "NO-SILENT-DROP"},
    {.id = "I20", .name = "LEDGER-EMPTY"},
    {.id = "I21", .name = "FENCE"},
    {.id = "I22", .name = "FIN-LIFO"},
    {.id = "I23", .name = "FIN-STATE"},
    {.id = "I24", .name = "FIN-ALL"},
    {.id = "I25", .name = "DEADLINE-MONO"},
    {.id = "I26", .name = "LOSER-DRAINED", .limit = "Race combinators"},
    {.id = "I27", .name = "LIMITS"},
    {.id = "I28", .name = "NO-OVERADMIT-AFTER-CLOSE"},
    {.id = "I29", .name = "PENDING-SPAWN", .limit = "The spawn mailbox"},
    {.id = "I30", .name = "ONE-POLLER"},
    {.id = "I31", .name = "WAKE-SOUND"},
    {.id = "I32",
     .name = "NO-LOST-WAKE",
     .elsewhere = "refine.effects",
     .how = "an operation tells its observer exactly the wakes, cancels, finalizers and leaks that "
            "the specification's step leaves, with the right ids",
     .shown_by = "twin ForgetsWakes",
     .alone = "yes",
     .reached = "inv.join.waiters_live, inv.cancel.reaches_tasks, inv.finalizer.last_in_first_out, "
                "inv.obligation.leak_response"},
    {.id = "I33", .name = "DEDUP"},
    {.id = "I34", .name = "LANE"},
    {.id = "I35", .name = "LANE-PRIO"},
    {.id = "I36", .name = "FAIR"},
    {.id = "I37", .name = "EDF"},
    {.id = "I38", .name = "NO-LOCAL-STEAL"},
    {.id = "I39", .name = "QUEUE-LINKS"},
    {.id = "I40", .name = "QUEUE-COUNT"},
    {.id = "I41", .name = "PARK"},
    {.id = "I42",
     .name = "LOCK-ORDER",
     .elsewhere = "run.lock_rank",
     .how = "every acquisition of an explored run has a higher rank than the locks that are held",
     .shown_by = "commit_locks_backwards",
     .alone =
         "because two threads that lock in opposite orders can deadlock, which ends the run first",
     .reached = "Commit locks the obligations while it holds the regions = commit: Done"},
    {.id = "I43",
     .name = "NO-CALLBACK-UNDER-LOCK",
     .elsewhere = "tests_impl",
     .how = "an observer calls the runtime from every effect and does not deadlock",
     .shown_by = "effects_run_under_the_lock",
     .alone = "yes",
     .reached = "each kind of effect is told to an observer that calls back = effects_test.cpp: "
                "observer_may_call_the_runtime_from_every_effect"},
    {.id = "I44",
     .name = "TRACE-ORDER",
     .elsewhere = "refine.ticket_order",
     .how = "a ticket is drawn inside its operation, and commits are replayed in the order of "
            "their tickets, "
            "which the specification must answer as the implementation did",
     .shown_by = "twin LateTicket",
     .alone = "because commits that are replayed in the order of late tickets get other answers, "
              "and refine.answer says so first",
     .reached = "two schedules of one script differ = tried interleavings"},
    {.id = "I45",
     .name = "DETERMINISM",
     .elsewhere = "nondeterminism",
     .how = "an explored schedule, repeated, gives the same trace",
     .shown_by = "twin Remembers",
     .alone = "because an answer that depends on what ran before is often a wrong one, too",
     .reached = "an interleaving is run twice = tried repeated"},
    {.id = "I46", .name = "EPOCH/WITNESS", .limit = "The cancel witness"},
    {.id = "I47", .name = "LEAKCOUNT"},
    {.id = "I48", .name = "PROG-CANCEL"},
    {.id = "I49", .name = "PROG-REGION"},
    {.id = "I50", .name = "PROG-OB"},
    {.id = "I51",
     .name = "ATOMIC-CANCEL",
     .elsewhere = "refine.answer",
     .how = "concurrent operations answer as in some order of whole operations: none sees half a "
            "cancel",
     .shown_by = "cancel_marks_region_before_tasks",
     .alone = "because who sees half a cancel acts on it, and what it leaves is no state of the "
              "catalogue",
     .reached =
         "inv.cancel.reaches_tasks, two schedules of one script differ = tried interleavings"},
    {.id = "I52",
     .name = "ATOMIC-COMPLETE",
     .elsewhere = "refine.answer",
     .how = "as I51: none sees half a completion",
     .shown_by = "completion_in_two_sections",
     .alone = "because who sees half a completion acts on it, and what it leaves is no state of "
              "the catalogue",
     .reached = "inv.obligation.settled_by_completion, two schedules of one script differ = tried "
                "interleavings"},
}};

/// What the rows are made of.
struct Material {
  std::span<const mutants::Mutant> mutants;
  std::map<std::string, Proof, std::less<>> proofs;
};

constexpr std::string_view nothing = "–";

std::string code(std::string_view id) {
  return "`" + std::string(id) + "`";
}

std::string row(std::initializer_list<std::string> cells) {
  std::string text = "|";
  for (const std::string& cell : cells) text += " " + cell + " |";
  return text + "\n";
}

/// The first word of the model; scripts are of the machine that house bounds.
std::string machine_of(const mutants::Mutant& mutant) {
  const std::string model = mutant.model.substr(0, mutant.model.find(' '));
  return model == "scripts" ? "house" : model;
}

std::string mutants_cell(const std::vector<const mutants::Mutant*>& found) {
  std::string text;
  for (const mutants::Mutant* const mutant : found)
    text += (text.empty() ? "" : ", ") + code(mutant->name);
  return text;
}

/// "yes" if some mutant breaks nothing else; otherwise the reason of the first.
std::string alone_cell(const std::vector<const mutants::Mutant*>& found) {
  const bool alone = std::any_of(found.begin(), found.end(), [](const mutants::Mutant* mutant) {
    return mutant->alone == "yes";
  });
  if (found.empty()) return {};
  return alone ? "yes" : found.front()->alone;
}

/// A link to the piece of the text, or the reason; a dash where nothing is proven at all.
std::string proof_cell(const Sentence& sentence, const Material& material) {
  const auto found = material.proofs.find(sentence.id);
  if (sentence.machine != "house" || found == material.proofs.end()) return std::string(nothing);
  const Proof& proof = found->second;
  if (proof.file.empty()) return "not proven: " + proof.not_proven;
  const std::size_t name = proof.file.rfind('/') + 1;
  return "[" + proof.file.substr(name, proof.file.rfind('.') - name) + "](../" + proof.file + ")";
}

std::string sentence_row(std::string_view fact, const Sentence& sentence,
                         const Material& material) {
  const auto found = mutants_for(sentence, material.mutants);
  return row({std::string(fact), code(sentence.id), std::string(sentence.says),
              std::string(sentence.sometimes), mutants_cell(found), alone_cell(found),
              proof_cell(sentence, material)});
}

std::string heading() {
  return row({"Fact", "Id", "Always", "Sometimes", "Mutants", "Alone", "Proof"}) +
         "|---|---|---|---|---|---|---|\n";
}

/// "an obligation is Reserved: `inv.obligation.counted`", and so on.
std::string reached_cell(const Fact& fact) {
  std::string text;
  for (const Reached& one : reached_of(fact)) {
    text += (text.empty() ? "" : "; ") + std::string(one.words) + ": ";
    text += one.counted_as.starts_with("inv.") ? code(one.counted_as)
                                               : "*" + std::string(one.counted_as) + "*";
  }
  return text;
}

std::string fact_rows(const Fact& fact, const Material& material) {
  std::string text;
  std::string label = std::string(fact.id) + " " + std::string(fact.name);
  const auto next_label = [&] { return std::exchange(label, std::string(fact.id)); };
  for (const Sentence& sentence : sentences()) {
    if (sentence.fact == fact.id) text += sentence_row(next_label(), sentence, material);
  }
  if (!fact.elsewhere.empty())
    text +=
        row({next_label(), code(fact.elsewhere), std::string(fact.how), reached_cell(fact),
             fact.shown_by.starts_with("twin ") ? std::string(fact.shown_by) : code(fact.shown_by),
             std::string(fact.alone), std::string(nothing)});
  if (!fact.limit.empty()) {
    const std::string none(nothing);
    text += row({next_label(), none, "not checked: " + std::string(fact.limit) + ", see limits.md",
                 none, none, none, none});
  }
  return text;
}

}  // namespace

std::span<const Sentence> sentences() {
  static const std::vector<Sentence> all = [] {
    using namespace spec::scheduling;
    std::vector<Sentence> made;
    add_house_rows(made);
    add_rows(made, spec::scheduling::invariants(), "scheduling");
    add_rows(made, spec::scheduling::step_properties(), "scheduling");
    static const explore::SchedulingWaits scheduling_waits{explore::SchedulingBounds{}};
    static const explore::ParkingWaits parking_waits{explore::ParkingBounds{}};
    add_rows(made, scheduling_waits.properties(), "scheduling");
    add_rows(made, fairness::step_properties(), "fairness");
    add_rows(made, parking::invariants(), "parking");
    add_rows(made, parking_waits.properties(), "parking");
    add_rows(made, explore::NotifyWaits::properties(), "notify");
    add_rows(made, explore::MpscWaits::properties(), "mpsc");
    add_rows(made, channel::notify_invariants(), "notify");
    add_rows(made, channel::notify_step_properties(), "notify");
    add_rows(made, channel::mpsc_invariants(), "mpsc");
    add_rows(made, channel::mpsc_step_properties(), "mpsc");
    return made;
  }();
  return all;
}

std::span<const Fact> facts() {
  return all_facts;
}

std::vector<Reached> reached_of(const Fact& fact) {
  std::vector<Reached> all;
  std::string_view rest = fact.reached;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find(", "));
    rest.remove_prefix(std::min(one.size() + 2, rest.size()));
    constexpr std::string_view equals = " = ";
    const std::size_t at = one.find(equals);
    if (at != std::string_view::npos) {
      all.push_back({one.substr(0, at), one.substr(at + equals.size())});
      continue;
    }
    const auto sentence = std::find_if(sentences().begin(), sentences().end(),
                                       [&](const Sentence& row) { return row.id == one; });
    all.push_back({sentence == sentences().end() ? "" : sentence->sometimes, one});
  }
  return all;
}

std::vector<const mutants::Mutant*> mutants_for(const Sentence& sentence,
                                                std::span<const mutants::Mutant> mutants) {
  std::vector<const mutants::Mutant*> first;
  std::vector<const mutants::Mutant*> too;
  for (const mutants::Mutant& mutant : mutants) {
    if (!mutant.is_of_a_model() || machine_of(mutant) != sentence.machine) continue;
    const auto at = std::find(mutant.breaks.begin(), mutant.breaks.end(), sentence.id);
    if (at == mutant.breaks.begin()) first.push_back(&mutant);
    if (at != mutant.breaks.end()) too.push_back(&mutant);
  }
  return first.empty() ? too : first;
}

std::string catalogue_page(std::span<const mutants::Mutant> mutants,
                           const ProofTexts& proof_texts) {
  const Material material{mutants, proofs(proof_texts)};
  std::string text =
      "# Invariants\n\n"
      "`./quiesce list invariants --markdown` writes this page, and a test compares. *Always* is "
      "what must hold, *Sometimes* the case in which it could be wrong and which is reached: "
      "`quiesce check` and `quiesce explore` count it (of progress: the states in which something "
      "waits); a row of another check names the sentence, the row, the pair of action and answer, "
      "or the test where its case is counted. "
      "*Mutants* are faults of the rules that break it (`models/mutants`), *Alone* says whether "
      "one of them breaks nothing else. A twin is a wrong implementation of the tests "
      "(`tests/refine/twins.hpp`). *Proof* is where z3 is given the sentence for any number of "
      "regions, tasks and obligations (`models/external/smt`), or why not; a sentence with a dash "
      "is searched within bounds only: progress, answers, and the other machines.\n\n"
      "## The 52 facts\n\n" +
      heading();
  for (const Fact& fact : all_facts) text += fact_rows(fact, material);
  text += "\n## Beyond them\n\nWhat decisions and single machines add.\n\n" + heading();
  for (const Sentence& sentence : sentences()) {
    const bool listed = std::any_of(all_facts.begin(), all_facts.end(),
                                    [&](const Fact& fact) { return fact.id == sentence.fact; });
    const std::string place =
        sentence.fact.empty() ? std::string(sentence.machine) : std::string(sentence.fact);
    if (!listed) text += sentence_row(place, sentence, material);
  }
  return text;
}

std::vector<std::string> rows_with_an_empty_cell(std::string_view page) {
  std::vector<std::string> found;
  while (!page.empty()) {
    const std::string_view line = page.substr(0, page.find('\n'));
    page.remove_prefix(std::min(line.size() + 1, page.size()));
    if (!line.starts_with("| ") && !line.starts_with("|  |")) continue;
    for (std::size_t at = line.find('|'); at + 1 < line.size();) {
      const std::size_t end = line.find('|', at + 1);
      if (end == std::string_view::npos) break;
      const std::string_view cell = line.substr(at + 1, end - at - 1);
      if (cell.find_first_not_of(' ') == std::string_view::npos) {
        found.emplace_back(line);
        break;
      }
      at = end;
    }
  }
  return found;
}

}  // namespace quiesce::cli
