#include "models/external/smt/agreement.hpp"

#include <stdexcept>

#include "models/external/smt/encode.hpp"
#include "models/external/smt/solver.hpp"
#include "models/refine/numbers.hpp"

namespace quiesce::smt {
namespace {

/// Everything is known, so that z3 rewrites the formula to true or false: much faster than a
/// search.
constexpr const char* evaluate = "(check-sat-using (then propagate-values simplify smt))";

/// One sample: `unsat` says that the text says the same (AsTaken), or that it rejects
/// (OneBitTurned).
std::string question(const Encoded& sample, Compared compared) {
  return "(push)\n(assert (and (= before " + sample.before + ") (= input " + sample.input +
         ") (= after " + sample.after + ") (= answer " + sample.answer + ")))\n(assert " +
         (compared == Compared::AsTaken ? "(not agrees)" : "agrees") + ")\n" + evaluate +
         "\n(pop)\n";
}

/// Asks the text about each sample; `places` are where they stand in the whole list.
void judge(std::string text, const std::vector<Encoded>& samples,
           const std::vector<std::size_t>& places, Compared compared, Agreement& result) {
  for (const Encoded& sample : samples) text += question(sample, compared);
  const Solved solved = solve(text);
  if (solved.lines.size() != places.size())
    throw std::runtime_error("z3 on samples: " +
                             (solved.lines.empty() ? "no answer" : solved.lines.front()));
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (solved.lines[i] == "unsat") {
      ++result.agreed;
    } else {
      result.disagreed.push_back(places[i]);
    }
  }
}

}  // namespace

Agreement agreement(const HouseText& house, const std::vector<Sample>& samples, Compared compared) {
  const Finite finite(house);
  std::map<std::string, std::vector<std::size_t>> by_rule;
  for (std::size_t i = 0; i < samples.size(); ++i) by_rule[samples[i].rule].push_back(i);

  Agreement result;
  refine::Numbers numbers(samples.size());
  const Layout& state = finite.state();
  for (const auto& [rule, places] : by_rule) {
    std::vector<Encoded> encoded;
    for (const std::size_t i : places) {
      encoded.push_back(encode(finite, samples[i]));
      if (compared == Compared::OneBitTurned)
        encoded.back().after = with_bit_turned(
            encoded.back().after, state.bit_of_a_value(numbers.below(state.bits_of_values())));
    }
    judge(finite.agreement(rule), encoded, places, compared, result);
  }
  return result;
}

Agreement sentences_are_true(const HouseText& house, const std::vector<Sample>& samples) {
  const Finite finite(house);
  std::vector<Encoded> encoded;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    places.push_back(i);
    encoded.push_back(encode(finite, samples[i]));
  }
  Agreement result;
  judge(finite.sentences(), encoded, places, Compared::AsTaken, result);
  return result;
}

std::map<std::pair<std::string, std::string>, std::size_t> answers_by_rule(
    const std::vector<Sample>& samples) {
  std::map<std::pair<std::string, std::string>, std::size_t> counts;
  for (const Sample& sample : samples) ++counts[{sample.rule, sample.answer}];
  return counts;
}

}  // namespace quiesce::smt
