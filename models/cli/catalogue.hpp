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
  std::string_view sometimes;  ///< the case in which it could be wrong, and which is counted
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
  std::string_view alone;      ///< "yes", or "because …" if another check may find it, too
  std::string_view reached;    ///< its interesting cases, with commas; see `reached_of`
  std::string_view limit;      ///< why it is not checked; its row of docs/limits.md begins so
};
[[nodiscard]] std::span<const Fact> facts();

/// The mutants whose header says that they are for a sentence; if none is, those that break it,
/// too.
[[nodiscard]] std::vector<const mutants::Mutant*> mutants_for(
    const Sentence& sentence, std::span<const mutants::Mutant> mutants);

/// An interesting case of a check that is no sentence of a model, and where it is counted: a
/// sentence of the house, whose case it is; a row "tried …" or a pair "action: answer" of the
/// report of `quiesce check`; or "file: case" of the test that takes it.
struct Reached {
  std::string_view words;
  std::string_view counted_as;
};
[[nodiscard]] std::vector<Reached> reached_of(const Fact& fact);

/// The page docs/invariants.md.
[[nodiscard]] std::string catalogue_page(std::span<const mutants::Mutant> mutants,
                                         const ProofTexts& proof_texts);

/// The rows of such a page that have an empty cell.
[[nodiscard]] std::vector<std::string> rows_with_an_empty_cell(std::string_view page);

}  // namespace quiesce::cli
