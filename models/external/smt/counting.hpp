// The counts of the text: what z3 is told of the word `count`, which SMT-LIB does not have.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "models/external/smt/house_text.hpp"

namespace quiesce::smt {

/// `(define-fun name (parameters) Count (count ((element sort)) formula))`.
struct Counted {
  std::string name;
  std::vector<Expression> parameters;
  Expression element;  // (o Obligation)
  Expression formula;
};

/// The counts that the piece `counting` defines.
///   refuses  a definition that is none: throws std::invalid_argument naming it
[[nodiscard]] std::vector<Counted> counts(const HouseText& house);

/// Each count as a function of any value that is not below none.
[[nodiscard]] std::string declared_counts(const HouseText& house);
/// The names that an expression speaks of, each once.
[[nodiscard]] std::set<std::string> words_of(const Expression& expression);

/// The laws for the counts among `named`, with `at` for their parameters.
///   state    none of nothing, and what becomes of a count in a step whose set changes by nothing,
///   by
///            one of the action's names, or by a counted set that speaks of the action. `f+` is `f`
///            after the step, for each of `next_names`
[[nodiscard]] std::string laws_of_counting(const HouseText& house,
                                           const std::map<std::string, std::string>& next_names,
                                           const std::set<std::string>& named,
                                           const std::string& at);
/// The same of one state without a step.
[[nodiscard]] std::string laws_of_counting(const HouseText& house,
                                           const std::set<std::string>& named,
                                           const std::string& at);

}  // namespace quiesce::smt
