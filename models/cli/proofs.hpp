// Where the proofs of models/external/smt stand, by the ids of the sentences and rules.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quiesce::cli {

/// The pieces of the SMT text and the page that says what is not proven; paths stand as in the
/// project's folder.
struct ProofTexts {
  using File = std::pair<std::string, std::string>;  // path, text
  std::vector<File> pieces;
  std::string readme;
};
/// Reads them below the folder that the program was called in; `error` if something is not there.
[[nodiscard]] ProofTexts read_proof_texts(std::string& error);

/// Where a sentence is proven, or why it is not; both empty if nobody says.
struct Proof {
  std::string file;  ///< the piece that defines the sentence
  std::string not_proven;
};
/// The sentences `inv.…` that the text defines, and those of the page's table.
[[nodiscard]] std::map<std::string, Proof, std::less<>> proofs(const ProofTexts& texts);

/// The piece that writes a rule, or names it in a comment above what is a part of it.
[[nodiscard]] std::string piece_of_rule(const ProofTexts& texts, std::string_view id);

/// What is missing, a sentence each: an invariant or step property of the specification that is
/// neither proven nor given a reason, or both; one of the text that is none of the specification.
[[nodiscard]] std::vector<std::string> proof_complaints(const ProofTexts& texts);

}  // namespace quiesce::cli
