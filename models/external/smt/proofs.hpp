// The obligations of proof: initiation, consecution, properties of steps, termination,
// consequences.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/external/smt/house_text.hpp"

namespace quiesce::smt {

/// One thing to prove, and what z3 says of its negation.
struct ProofObligation {
  std::string from;     // a rule's id, "init" for initiation, "invariants" for a consequence
  std::string goal;     // an id: "inv.…", "lemma.…", "…/forward"
  std::string verdict;  // "unsat" is proven, "sat" has a counterexample, "unknown"

  [[nodiscard]] bool proven() const { return verdict == "unsat"; }
};

/// The sentences that are assumed together: the invariants and the lemmas, but for one if named.
struct Assumed {
  std::string without;
};

/// Which obligations to try: all goals of all origins if a name is empty.
struct Wanted {
  std::string from;
  std::string goal;
};

/// Tries the obligations.
///   cost     one run of z3 for each origin
[[nodiscard]] std::vector<ProofObligation> prove(const HouseText& house, const Wanted& wanted = {},
                                                 const Assumed& assumed = {});

/// The query that `prove` hands to z3 for one origin, for those who want to read it.
[[nodiscard]] std::string query(const HouseText& house, const std::string& from,
                                const std::vector<std::string>& goals, const Assumed& assumed);

/// The goals of an origin, in the order of the text.
[[nodiscard]] std::vector<std::string> goals(const HouseText& house, const std::string& from);

/// Every origin: "init", "invariants", then the rules.
[[nodiscard]] std::vector<std::string> origins(const HouseText& house);

/// Which rules can be taken at all in a state that satisfies every invariant and lemma: those for
/// which z3 finds such a state.
[[nodiscard]] std::vector<ProofObligation> satisfiable_rules(const HouseText& house);

}  // namespace quiesce::smt
