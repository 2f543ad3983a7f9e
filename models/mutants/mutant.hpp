// A mutant: a fault written as a unified diff, with what must find it in its header.
#pragma once

#include <string>
#include <vector>

namespace quiesce::mutants {

/// The header of a file NAME.diff, one `key: words` a line, then an empty line and the diff; a line
/// that begins with two spaces goes on with the words of the line before.
struct Mutant {
  std::string name;                // of the file
  std::string path;                // of the file
  std::string family;              // F1..F14 of the faults' families
  std::string says;                // the fault in one sentence
  std::string needs;               // "sequential", "2 threads, 1 preemption"
  std::string impl;                // the variant to check; "sharded" if not said
  std::string program;             // "check", or the name of a test program that must fail
  std::vector<std::string> rules;  // ids of the rules that it breaks, in spec or as impl does them
  std::vector<std::string> found_by;  // ids that may report it
  std::string model;                  // arguments of `quiesce explore`; empty: no model kills it
  std::vector<std::string> breaks;    // with a model: the ids that must break, and no others
  std::string alone;                  // with a model: "yes", or "because …" if others break, too

  /// A mutant of the specification: one model must be broken by it, in exactly these sentences.
  [[nodiscard]] bool is_of_a_model() const { return !model.empty(); }
};

/// Reads every *.diff of a folder, in the order of names; `error` names file and line if one is
/// bad.
[[nodiscard]] std::vector<Mutant> read_mutants(const std::string& folder, std::string& error);

}  // namespace quiesce::mutants
