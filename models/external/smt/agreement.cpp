#include "models/external/smt/agreement.hpp"

#include <stdexcept>

#include "models/external/smt/encode.hpp"
#include "models/external/smt/solver.hpp"
#include "models/refine/numbers.hpp"

namespace quiesce::smt {
namespace {

/// One sample: `unsat` says that the text says the same (AsTaken), or that it rejects
/// (OneBitTurned).
std::string question(const Encoded& sample, Compared compared) {
  return "(push)\n(assert (and (= before " + sample.before + ") (= input " + sample.input +
         ") (= after " + sample.after + ") (= answer " + sample.answer + ")))\n(assert " +
         (compared == Compared::AsTaken ? "(not agrees)" : "agrees") + ")\n(check-sat)\n(pop)\n";
}

}  // namespace

Agreement agreement(const HouseText& house, const std::vector<Sample>& samples, Compared compared) {
  const Finite finite(house);
  std::map<std::string, std::vector<std::size_t>> by_rule;
  for (std::size_t i = 0; i < samples.size(); ++i) by_rule[samples[i].rule].push_back(i);

  Agreement result;
  refine::Numbers numbers(samples.size());
  std::uint32_t used_bits = 0;
  for (const Field& field : finite.state().fields)
    used_bits = field.offset + field.cells() * field.width;
  for (const auto& [rule, places] : by_rule) {
    std::string text = finite.agreement(rule);
    for (const std::size_t i : places) {
      Encoded encoded = encode(finite, samples[i]);
      if (compared == Compared::OneBitTurned)
        encoded.after = with_bit_turned(encoded.after, numbers.below(used_bits));
      text += question(encoded, compared);
    }
    const Solved solved = solve(text);
    if (solved.lines.size() != places.size())
      throw std::runtime_error("z3 on samples of " + rule + ": " +
                               (solved.lines.empty() ? "no answer" : solved.lines.front()));
    for (std::size_t k = 0; k < places.size(); ++k) {
      if (solved.lines[k] == "unsat") {
        ++result.agreed;
      } else {
        result.disagreed.push_back(places[k]);
      }
    }
  }
  return result;
}

std::map<std::pair<std::string, std::string>, std::size_t> answers_by_rule(
    const std::vector<Sample>& samples) {
  std::map<std::pair<std::string, std::string>, std::size_t> counts;
  for (const Sample& sample : samples) ++counts[{sample.rule, sample.answer}];
  return counts;
}

}  // namespace quiesce::smt
