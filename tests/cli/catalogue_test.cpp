// The catalogue misses nothing: each fact has a check or a limit, each sentence a witness and a
// mutant, and the page is the one that the program writes.
#include "models/cli/catalogue.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "models/explore/manifest.hpp"
#include "models/explore/run.hpp"
#include "models/refine/coverage.hpp"
#include "models/refine/runtime_under_test.hpp"
#include "models/report/atomic_file.hpp"
#include "models/report/check_report.hpp"
#include "spec/invariants.hpp"

using namespace quiesce::cli;
using quiesce::mutants::Mutant;

namespace {

std::vector<Mutant> all_mutants() {
  std::string error;
  std::vector<Mutant> mutants = quiesce::mutants::read_mutants("models/mutants", error);
  BOOST_TEST_REQUIRE(error == "");
  return mutants;
}

std::string text_of(const std::string& path) {
  const auto file = quiesce::report::read_whole_file(path);
  BOOST_TEST_REQUIRE(file.error == "");
  return file.text;
}

ProofTexts proof_texts() {
  std::string error;
  ProofTexts texts = read_proof_texts(error);
  BOOST_TEST_REQUIRE(error == "");
  return texts;
}

bool is_said_by_a_sentence(const Fact& fact) {
  return std::any_of(sentences().begin(), sentences().end(),
                     [&](const Sentence& sentence) { return sentence.fact == fact.id; });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(catalogue)

BOOST_AUTO_TEST_CASE(the_page_is_the_one_that_the_program_writes) {
  const bool same = text_of("docs/invariants.md") == catalogue_page(all_mutants(), proof_texts());
  BOOST_TEST(same, "./quiesce list invariants --markdown >docs/invariants.md");
}

BOOST_AUTO_TEST_CASE(each_sentence_of_the_specification_is_proven_or_has_a_reason) {
  for (const std::string& complaint : proof_complaints(proof_texts())) BOOST_ERROR(complaint);
  BOOST_TEST(proofs(proof_texts()).size() ==
             quiesce::spec::invariants().size() + quiesce::spec::step_properties().size());
}

BOOST_AUTO_TEST_CASE(a_sentence_without_proof_and_reason_is_found) {
  using Complaints = std::vector<std::string>;
  ProofTexts texts = proof_texts();
  const auto replace = [](std::string& text, const std::string& what, const std::string& by) {
    const std::size_t at = text.find(what);
    if (at != std::string::npos) text.replace(at, what.size(), by);
  };
  for (auto& [path, text] : texts.pieces) replace(text, "inv.region.tree ()", "inv.region.wood ()");
  const Complaints complaints = proof_complaints(texts);
  BOOST_TEST(complaints == (Complaints{"inv.region.tree is neither proven nor said not to be",
                                       "inv.region.wood is no sentence of the specification"}),
             boost::test_tools::per_element());

  texts = proof_texts();
  replace(texts.readme, "`inv.region.settled`", "`inv.region.tree`");
  BOOST_TEST(proof_complaints(texts) ==
                 (Complaints{"inv.region.settled is neither proven nor said not to be",
                             "inv.region.tree is proven and said not to be"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_cell_of_the_page_says_something) {
  const std::string page = catalogue_page(all_mutants(), proof_texts());
  for (const std::string& row : rows_with_an_empty_cell(page)) BOOST_ERROR(row);

  // Without mutants every sentence has two empty cells.
  const std::string bare = catalogue_page({}, proof_texts());
  BOOST_TEST(rows_with_an_empty_cell(bare).size() == sentences().size());
  BOOST_TEST(rows_with_an_empty_cell("| a | |\n").size() == 1U);
  BOOST_TEST(rows_with_an_empty_cell("|  | b |\n").size() == 1U);
  BOOST_TEST(rows_with_an_empty_cell("| a | b |\n|---|---|\n\n").empty());
}

BOOST_AUTO_TEST_CASE(each_case_of_another_check_is_counted_where_the_page_says) {
  std::set<std::string> pairs;
  for (const std::string& row : quiesce::refine::Coverage{}.empty_rows()) pairs.insert(row);
  const quiesce::report::CheckContext context{quiesce::refine::find_variant("sharded"), 1, "", {}};
  const std::string report = quiesce::report::check_text(context, {}, std::nullopt);
  for (const Fact& fact : facts()) {
    BOOST_TEST(fact.elsewhere.empty() == reached_of(fact).empty(), fact.id);
    for (const Reached& one : reached_of(fact)) {
      const std::string as(one.counted_as);
      BOOST_TEST(!one.words.empty(), as);
      if (as.starts_with("inv.")) {
        // campaign_reaches_every_row_and_every_witness asks for the counts.
        const auto is_it = [&](const auto& row) { return row.id == as; };
        BOOST_TEST((std::any_of(quiesce::spec::invariants().begin(),
                                quiesce::spec::invariants().end(), is_it) ||
                    std::any_of(quiesce::spec::step_properties().begin(),
                                quiesce::spec::step_properties().end(), is_it)),
                   as);
      } else if (as.starts_with("tried ")) {
        BOOST_TEST(report.find("\n  " + as.substr(6) + " ") != std::string::npos, as);
      } else if (as.find("_test.cpp: ") != std::string::npos) {
        const std::size_t colon = as.find(": ");
        const std::string file = text_of("tests/impl/" + as.substr(0, colon));
        BOOST_TEST(file.find("TEST_CASE(" + as.substr(colon + 2) + ")") != std::string::npos, as);
      } else {
        BOOST_TEST(pairs.contains(as), as);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_mutant_of_another_check_is_alone_if_its_header_says_so) {
  const std::vector<Mutant> mutants = all_mutants();
  for (const Fact& fact : facts()) {
    if (fact.elsewhere.empty()) continue;
    BOOST_TEST((fact.alone == "yes" || fact.alone.starts_with("because ")), fact.id);
    for (const Mutant& mutant : mutants) {
      if (mutant.name == fact.shown_by)
        BOOST_TEST((mutant.found_by.size() == 1) == (fact.alone == "yes"), fact.id);
    }
  }
}

/// The cases of progress and fairness, which no report of `check` counts.
BOOST_AUTO_TEST_CASE(each_case_of_progress_and_fairness_is_reached) {
  using quiesce::explore::ManifestEntry;
  std::set<std::string> reached;
  for (const auto& [model, bounds] :
       {std::pair{"house", "regions 1 tasks 1 obligations 1 finalizers 1"},
        std::pair{"scheduling", "workers 1 slots 1 tasks 1 events 2"},
        std::pair{"parking", "workers 2 publishers 1 entries 1 timer 1"},
        std::pair{"notify", "waiters 2 notifies 1 broadcasts 1 drops 1"},
        std::pair{"mpsc", "senders 1 capacity 1 values 1 permits 1 cancels 1"},
        std::pair{"fairness", "limit 1 draining 1"}}) {
    auto arguments = quiesce::explore::arguments_of({model, "", bounds, "", "", 0, 0});
    arguments.progress = std::string(model) != "fairness";
    const quiesce::explore::Run run = quiesce::explore::run_search(arguments, {});
    if (run.result.terminal_states > 0) reached.insert("progress.no_deadlock");
    for (const auto& witness : run.result.sometimes)
      if (witness.first_level) reached.insert(witness.sentence);
    if (!run.progress) continue;
    for (const auto& row : run.progress->properties)
      if (row.pending_states > 0) reached.insert(row.id);
    for (const auto& row : run.progress->bounds)
      if (row.is_tight()) reached.insert(row.id);
    if (run.progress->measure && run.progress->measure->steps > 0)
      reached.insert(run.progress->measure->id);
  }
  for (const Sentence& sentence : sentences()) {
    if (sentence.id.starts_with("progress."))
      BOOST_TEST(reached.contains(std::string(sentence.id)), sentence.id);
    if (sentence.machine == "fairness")
      BOOST_TEST(reached.contains(std::string(sentence.sometimes)), sentence.id);
  }
}

BOOST_AUTO_TEST_CASE(each_of_the_52_facts_is_checked_or_a_limit) {
  const std::string limits = text_of("docs/limits.md");
  BOOST_TEST(facts().size() == 52U);
  for (std::size_t i = 0; i < facts().size(); ++i) {
    const Fact& fact = facts()[i];
    BOOST_TEST(fact.id == "I" + std::to_string(i + 1));
    const bool checked = is_said_by_a_sentence(fact) || !fact.elsewhere.empty();
    BOOST_TEST(checked == fact.limit.empty(), fact.id);
    if (fact.limit.empty()) continue;
    BOOST_TEST(limits.find("| " + std::string(fact.limit) + " |") != std::string::npos, fact.id);
    BOOST_TEST(limits.find("(" + std::string(fact.id) + ")") != std::string::npos, fact.id);
  }
}

BOOST_AUTO_TEST_CASE(each_check_of_the_implementation_is_shown_by_a_mutant_or_a_twin) {
  const std::vector<Mutant> mutants = all_mutants();
  const std::string twins = text_of("tests/refine/twins.hpp");
  for (const Fact& fact : facts()) {
    if (fact.elsewhere.empty()) continue;
    if (fact.shown_by.starts_with("twin ")) {
      BOOST_TEST(twins.find(std::string(fact.shown_by.substr(5)) + ",") != std::string::npos,
                 fact.id);
      continue;
    }
    const auto shows = [&](const Mutant& mutant) {
      return mutant.name == fact.shown_by &&
             std::count(mutant.found_by.begin(), mutant.found_by.end(), fact.elsewhere) == 1;
    };
    BOOST_TEST(std::any_of(mutants.begin(), mutants.end(), shows), fact.id);
  }
}

BOOST_AUTO_TEST_CASE(each_sentence_has_its_own_id_and_an_interesting_case) {
  std::set<std::pair<std::string_view, std::string_view>> ids;
  for (const Sentence& sentence : sentences()) {
    BOOST_TEST(ids.emplace(sentence.machine, sentence.id).second, sentence.id);
    BOOST_TEST(!sentence.sometimes.empty(), sentence.id);
  }
}

BOOST_AUTO_TEST_CASE(each_sentence_has_a_mutant_that_is_for_it) {
  const std::vector<Mutant> mutants = all_mutants();
  const std::string limits = text_of("docs/limits.md");
  for (const Sentence& sentence : sentences()) {
    const bool shown = !mutants_for(sentence, mutants).empty();
    const bool is_limit = limits.find("`" + std::string(sentence.id) + "`") != std::string::npos &&
                          sentence.id.starts_with("progress.");
    BOOST_TEST((shown || is_limit), sentence.machine << " " << sentence.id);
  }
}

BOOST_AUTO_TEST_CASE(each_mutant_of_a_model_breaks_sentences_that_there_are) {
  std::set<std::string_view> ids;
  for (const Sentence& sentence : sentences()) ids.insert(sentence.id);
  for (const Mutant& mutant : all_mutants()) {
    for (const std::string& id : mutant.breaks) BOOST_TEST(ids.contains(id), mutant.path << id);
  }
}

BOOST_AUTO_TEST_SUITE_END()
