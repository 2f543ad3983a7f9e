// Does the SMT text say of each sample what the specification did?
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "models/external/smt/house_text.hpp"
#include "models/external/smt/samples.hpp"

namespace quiesce::smt {

/// How z3 judged a list of samples.
struct Agreement {
  std::size_t agreed = 0;
  std::vector<std::size_t> disagreed;  // places in the list
};

/// What is compared: the samples as they are, or each with one bit of the state after turned over,
/// which the text must reject.
enum class Compared { AsTaken, OneBitTurned };

/// z3 evaluates the text on every sample.
///   cost     one run of z3 for each rule among the samples, below a millisecond a sample
[[nodiscard]] Agreement agreement(const HouseText& house, const std::vector<Sample>& samples,
                                  Compared compared = Compared::AsTaken);

/// Is every invariant and lemma of the text true of the states before the samples?
[[nodiscard]] Agreement sentences_are_true(const HouseText& house,
                                           const std::vector<Sample>& samples);

/// How often each rule gave each answer.
[[nodiscard]] std::map<std::pair<std::string, std::string>, std::size_t> answers_by_rule(
    const std::vector<Sample>& samples);

}  // namespace quiesce::smt
