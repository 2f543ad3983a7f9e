// The catalogue: every sentence that a model evaluates, every fact of the reference text's list of
// invariants, the mutants that break them and the places of their proofs, as the page
// docs/invariants.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/cli/proofs.hpp"
#include "models/mutants/mutant.hpp"

namespace quiesce::cli {

/// A sentence of the code: an invariant, a property of steps, or a property of progress.
struct Sentence {
  std::string_view id;
  std::string_view fact;  ///< I1..I52, or another place in the texts; empty: its machine's own
  std::string_view says;
  std::string_view sometimes;  ///< the case in which it could be wrong; empty for progress
  std::string_view machine;
};
/// Machine by machine, in the order of their catalogues.
[[nodiscard]] std::span<const Sentence> sentences();

/// One of I1..I52.
struct Fact {
  std::string_view id;
  std::string_view name;
  std::string_view elsewhere;  ///< the id of a check that is no sentence of a model
  std::string_view how;        ///< that check in words
  std::string_view shown_by;   ///< a mutant, or a test's twin, that the check finds
  std::string_view limit;      ///< why it is not checked; its row of docs/limits.md begins so
};
[[nodiscard]] std::span<const Fact> facts();

/// The mutants whose header says that they are for a sentence; if none is, those that break it,
/// too.
[[nodiscard]] std::vector<const mutants::Mutant*> mutants_for(
    const Sentence& sentence, std::span<const mutants::Mutant> mutants);

/// The page docs/invariants.md.
[[nodiscard]] std::string catalogue_page(std::span<const mutants::Mutant> mutants,
                                         const ProofTexts& proof_texts);

}  // namespace quiesce::cli
