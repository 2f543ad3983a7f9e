// The SMT text and spec::step_unsettled say the same of sampled transitions and refusals.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <set>

#include "models/external/smt/agreement.hpp"
#include "models/external/smt/encode.hpp"
#include "models/external/smt/situations.hpp"
#include "models/external/smt/solver.hpp"

namespace {

using namespace quiesce;

constexpr std::uint64_t seed = 1;
constexpr std::size_t sample_count = 12'000;
constexpr std::size_t turned_count = 1'500;
constexpr std::size_t state_count = 2'000;

const smt::HouseText& house() {
  static const auto text = smt::HouseText::read("models/external/smt/house");
  return text;
}

/// The words of an expression that are answers.
void add_answers(const smt::Expression& expression, std::set<std::string>& answers) {
  if (expression.is_word() && expression.word.front() == '|')
    answers.insert(expression.word.substr(1, expression.word.size() - 2));
  for (const smt::Expression& item : expression.items) add_answers(item, answers);
}

/// Every answer that the text has for a rule.
std::set<std::string> answers_of(const std::string& rule) {
  std::set<std::string> answers;
  if (house().has_rule_part(rule, "enabled")) return {"Done", "Disabled"};
  for (const smt::Expression& command : house().rule_commands()) {
    if (!smt::is_definition(command)) continue;
    const bool shared = smt::name_of(command) == "resolution_answer" &&
                        (rule == "rule.obligation.commit" || rule == "rule.obligation.abort");
    if (shared || smt::name_of(command) == rule + "/answer") add_answers(command, answers);
  }
  return answers;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(smt_agreement)

BOOST_AUTO_TEST_CASE(text_and_specification_agree_on_every_sample) {
  const auto samples = smt::take_samples(seed, sample_count);
  const auto result = smt::agreement(house(), samples);
  BOOST_TEST(result.agreed == sample_count);
  for (const std::size_t i : result.disagreed)
    BOOST_ERROR(samples[i].sentence << " answered " << samples[i].answer << ", the text differs");
}

// No walk lives to see the largest numbers; these begin near them.
BOOST_AUTO_TEST_CASE(text_and_specification_agree_near_the_largest_numbers) {
  const auto samples = smt::take_samples(seed + 4, 1'000, smt::Beginning::NearTheLargestNumbers);
  const auto result = smt::agreement(house(), samples);
  BOOST_TEST(result.agreed == samples.size());
  for (const std::size_t i : result.disagreed)
    BOOST_ERROR(samples[i].sentence << " answered " << samples[i].answer << ", the text differs");

  const auto occurs = [&](auto occurs_in) {
    return std::any_of(samples.begin(), samples.end(), occurs_in);
  };
  constexpr std::uint32_t largest = ~std::uint32_t{0};
  BOOST_TEST(occurs([](const smt::Sample& sample) {
    return sample.before.leak_count == largest && smt::leaks_found(sample) != 0;
  }));
  BOOST_TEST(occurs([](const smt::Sample& sample) {
    return sample.before.leak_count < largest && smt::leaks_found(sample) > 1;
  }));
  BOOST_TEST(occurs([](const smt::Sample& sample) {
    return sample.rule == "rule.region.start_finalizer" && sample.answer == "Done";
  }));
}

BOOST_AUTO_TEST_CASE(every_sentence_of_the_text_is_true_of_sampled_states) {
  const auto samples = smt::take_samples(seed + 3, state_count);
  const auto result = smt::sentences_are_true(house(), samples);
  BOOST_TEST(result.agreed == state_count);
  for (const std::size_t i : result.disagreed)
    BOOST_ERROR("a sentence is not true before " << samples[i].sentence);
}

// The proofs speak of any total order with a least element; this is that the C++ order is one.
BOOST_AUTO_TEST_CASE(the_order_of_reasons_is_total_and_no_reason_is_its_least) {
  const smt::Finite finite(house());
  const std::string names = "(declare-const a Reason)\n(declare-const b Reason)\n";
  for (const std::string law : {"(order.total a b)", "(order.least a)"}) {
    const auto solved =
        smt::solve(finite.sorts() + names + "(assert (not " + law + "))\n(check-sat)\n");
    BOOST_TEST(solved.lines == std::vector<std::string>{"unsat"}, law);
  }
}

BOOST_AUTO_TEST_CASE(every_answer_of_every_rule_is_sampled) {
  const auto counts = smt::answers_by_rule(smt::take_samples(seed, sample_count));
  for (const auto& [row, count] : counts)
    BOOST_TEST_MESSAGE(count << " " << row.first << " " << row.second);
  for (const std::string& rule : house().rules()) {
    for (const std::string& answer : answers_of(rule))
      BOOST_TEST(counts.contains({rule, answer}), rule << " never answered " << answer);
  }
}

BOOST_AUTO_TEST_CASE(every_situation_is_sampled) {
  const auto counts = smt::situations(smt::take_samples(seed, sample_count));
  BOOST_TEST(counts.size() > 40U);
  for (const auto& [situation, count] : counts) {
    BOOST_TEST_MESSAGE(count << " " << situation);
    BOOST_TEST(count > 0U, "never sampled: " << situation);
  }
}

BOOST_AUTO_TEST_CASE(text_rejects_a_state_after_with_one_bit_turned) {
  const auto samples = smt::take_samples(seed + 1, turned_count);
  const auto result = smt::agreement(house(), samples, smt::Compared::OneBitTurned);
  BOOST_TEST(result.agreed == turned_count);
}

BOOST_AUTO_TEST_CASE(text_rejects_another_answer) {
  auto samples = smt::take_samples(seed + 2, 300);
  for (smt::Sample& sample : samples)
    sample.answer = sample.answer == "Done" ? "Refused{RegionOpen}" : "Done";
  const auto result = smt::agreement(house(), samples);
  BOOST_TEST(result.agreed == 0U);
}

BOOST_AUTO_TEST_CASE(samples_are_a_function_of_the_seed) {
  const smt::Finite finite(house());
  const auto once = smt::take_samples(7, 200);
  const auto again = smt::take_samples(7, 200);
  for (std::size_t i = 0; i < once.size(); ++i) {
    BOOST_TEST(once[i].sentence == again[i].sentence);
    BOOST_TEST(smt::encode(finite, once[i]).after == smt::encode(finite, again[i]).after);
  }
  BOOST_TEST(once[50].sentence != smt::take_samples(8, 200)[50].sentence);
}

BOOST_AUTO_TEST_SUITE_END()
