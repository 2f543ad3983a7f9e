// Samples as bit patterns, in the layout of the finite text.
#pragma once

#include <string>

#include "models/external/smt/finite.hpp"
#include "models/external/smt/samples.hpp"

namespace quiesce::smt {

/// The patterns of one sample: "#x…" for the states and the inputs, "#b…" for the answer.
struct Encoded {
  std::string before;
  std::string input;
  std::string after;
  std::string answer;
};

/// Writes a sample in the layout of the text.
///   refuses  a function of the text that no field of the specification gives: throws
///            std::invalid_argument; a number too large for the finite text: std::out_of_range
///   cost     linear in the cells
[[nodiscard]] Encoded encode(const Finite& finite, const Sample& sample);

/// The pattern with one bit turned over.
[[nodiscard]] std::string with_bit_turned(std::string pattern, std::size_t bit);

}  // namespace quiesce::smt
