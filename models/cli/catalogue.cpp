#include "models/cli/catalogue.hpp"

#include <algorithm>
#include <array>
#include <string>

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

template <class Rows>
void add_rows(std::vector<Sentence>& all, const Rows& rows, std::string_view machine) {
  for (const auto& row : rows) {
    Sentence sentence{.id = row.id, .says = row.sentence, .machine = machine};
    if constexpr (requires { row.fact; }) sentence.fact = row.fact;
    if constexpr (requires { row.source; }) sentence.fact = row.source;
    if constexpr (requires { row.interesting_case; }) sentence.sometimes = row.interesting_case;
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
  all.push_back({wait.id, "D6", wait.sentence, "", machine});
  all.push_back({waits.measure().id, "", waits.measure().sentence, "", machine});
  all.push_back({explore::no_deadlock, "", "a state without successors is quiescent", "", machine});
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
     .shown_by = "twin CountsPending"},
    {.id = "I18",
     .name = "OB-INDEX",
     .elsewhere = "refine.representation",
     .how = "the implementation's index of holders names exactly what each live task has Reserved",
     .shown_by = "second_promise_is_not_indexed"},
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
     .shown_by = "twin ForgetsWakes"},
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
     .shown_by = "commit_locks_backwards"},
    {.id = "I43",
     .name = "NO-CALLBACK-UNDER-LOCK",
     .elsewhere = "tests_impl",
     .how = "an observer calls the runtime from every effect and does not deadlock",
     .shown_by = "effects_run_under_the_lock"},
    {.id = "I44",
     .name = "TRACE-ORDER",
     .elsewhere = "refine.ticket_order",
     .how = "a ticket is drawn inside its operation, and commits are replayed in the order of "
            "their tickets, "
            "which the specification must answer as the implementation did",
     .shown_by = "twin LateTicket"},
    {.id = "I45",
     .name = "DETERMINISM",
     .elsewhere = "nondeterminism",
     .how = "an explored schedule, repeated, gives the same trace",
     .shown_by = "twin Remembers"},
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
     .shown_by = "cancel_marks_region_before_tasks"},
    {.id = "I52",
     .name = "ATOMIC-COMPLETE",
     .elsewhere = "refine.answer",
     .how = "as I51: none sees half a completion",
     .shown_by = "completion_in_two_sections"},
}};

/// What the rows are made of.
struct Material {
  std::span<const mutants::Mutant> mutants;
  std::map<std::string, Proof, std::less<>> proofs;
};

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
  if (found.empty()) return "";
  return alone ? "yes" : found.front()->alone;
}

/// A link to the piece of the text, or the reason; empty where nothing is proven at all.
std::string proof_cell(const Sentence& sentence, const Material& material) {
  const auto found = material.proofs.find(sentence.id);
  if (sentence.machine != "house" || found == material.proofs.end()) return "";
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

std::string fact_rows(const Fact& fact, const Material& material) {
  std::string text;
  std::string label = std::string(fact.id) + " " + std::string(fact.name);
  const auto next_label = [&label] { return std::exchange(label, ""); };
  for (const Sentence& sentence : sentences()) {
    if (sentence.fact == fact.id) text += sentence_row(next_label(), sentence, material);
  }
  if (!fact.elsewhere.empty())
    text +=
        row({next_label(), code(fact.elsewhere), std::string(fact.how), "",
             fact.shown_by.starts_with("twin ") ? std::string(fact.shown_by) : code(fact.shown_by),
             "", ""});
  if (!fact.limit.empty())
    text += row({next_label(), "", "not checked: " + std::string(fact.limit) + ", see limits.md",
                 "", "", "", ""});
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
      "what must hold, *Sometimes* the case in which it could be wrong and which is reached, "
      "*Mutants* are faults of the rules that break it (`models/mutants`), *Alone* says whether "
      "one of them breaks nothing else. A twin is a wrong implementation of the tests "
      "(`tests/refine/twins.hpp`). *Proof* is where z3 is given the sentence for any number of "
      "regions, tasks and obligations (`models/external/smt`), or why not; a sentence without it "
      "is "
      "searched within bounds only: progress, answers, and the other machines.\n\n"
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

}  // namespace quiesce::cli
