// The rule index: for each rule its function, where it comes from, its tests, its mutants and its
// place in the SMT text.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/cli/proofs.hpp"
#include "models/cli/spec_text.hpp"
#include "models/mutants/mutant.hpp"

namespace quiesce::cli {

/// What the index is made of; paths stand as in the project's folder.
struct IndexedSources {
  using File = TextFile;
  std::vector<File> spec;
  std::vector<File> tests;
  std::vector<File> scenarios;
  std::vector<mutants::Mutant> mutants;
  std::vector<File> patches;  // of the mutants, by their paths
  ProofTexts proof_texts;
};

/// Reads them below the folder that the program was called in; `error` if something is not there.
[[nodiscard]] IndexedSources read_indexed_sources(std::string& error);

/// One row.
///   state    `function` and `file`: what stands below the comment that has the id, definitions
///            before declarations; `tests`: the suites and cases that name the id in the comment
///            above them, else those that take the rule's action or call its function;
///            `is_of_the_house`: a rule of the machines of tasks, regions and obligations
struct RuleRecord {
  std::string id;
  std::string sentence;
  std::string source;
  std::string function;
  std::string file;
  std::string action;  // of its alphabet, that leads to it; empty: others lead to it
  std::vector<std::string> tests;
  std::vector<std::string> named_in_vain;  // tests that name it and do not take it
  std::vector<std::string> scenarios;
  std::vector<std::string> mutants;
  std::vector<std::string> mutants_in_vain;  // that name it and change nothing that it calls
  std::string proof;                         // the piece of the SMT text that writes it
  bool is_of_the_house = false;
};
/// The rules in the order of their tables: spec, then scheduling; then those of spec/channel, which
/// stand in its comments only.
[[nodiscard]] std::vector<RuleRecord> rule_records(const IndexedSources& sources);

/// The page docs/rules.md.
[[nodiscard]] std::string rule_page(const std::vector<RuleRecord>& records);

/// What is missing, a sentence each: a rule without function, source, test or mutant, one of the
/// house without place in the SMT text; a test that names a rule and does not take it; a mutant
/// that names a rule that is none, or, but for the house, one whose functions it leaves alone.
[[nodiscard]] std::vector<std::string> rule_complaints(const std::vector<RuleRecord>& records,
                                                       const IndexedSources& sources);

}  // namespace quiesce::cli
