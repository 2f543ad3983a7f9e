// Runs z3 on a text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace quiesce::smt {

/// What z3 printed, by lines, and how it ended.
struct Solved {
  std::vector<std::string> lines;
  int exit_code = 0;
};

/// One run of z3 on a text in SMT-LIB 2.
///   state    writes the text to a file of its own in the folder for temporary files, and removes
///   it cost     a process; each check stops after `steps_most` of z3's resource steps and answers
///            `unknown`: the same on any machine
[[nodiscard]] Solved solve(const std::string& text, std::uint64_t steps_most = 20'000'000);

}  // namespace quiesce::smt
