// The SMT text speaks of the specification by the specification's own ids.
#include <boost/test/unit_test.hpp>
#include <set>
#include <stdexcept>

#include "models/external/smt/house_text.hpp"
#include "spec/invariants.hpp"
#include "spec/step.hpp"

namespace {

using namespace quiesce;

const std::string folder = "models/external/smt/house";

using Ids = std::set<std::string>;

Ids ids_of_the_specification() {
  Ids ids;
  for (const auto& invariant : spec::invariants()) ids.insert(std::string(invariant.id));
  for (const auto& property : spec::step_properties()) ids.insert(std::string(property.id));
  return ids;
}

Ids ids_of_the_text(const smt::HouseText& house) {
  Ids ids;
  for (const auto* const piece : {"invariants", "step_properties", "derived"}) {
    for (const std::string& id : house.defined(piece, "inv.")) ids.insert(id);
  }
  return ids;
}

Ids difference(const Ids& from, const Ids& taken) {
  Ids rest;
  for (const std::string& id : from) {
    if (!taken.contains(id)) rest.insert(id);
  }
  return rest;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(smt_text)

BOOST_AUTO_TEST_CASE(parsing_and_writing_are_inverse) {
  const std::string text = "(define-fun f ((r Region)) Bool (= (g r) |Done{changed}|))";
  const auto parsed = smt::parse("; a comment (\n" + text + " word");
  BOOST_REQUIRE_EQUAL(parsed.size(), 2U);
  BOOST_TEST(smt::to_text(parsed[0]) == text);
  BOOST_TEST(parsed[1].word == "word");
}

BOOST_AUTO_TEST_CASE(unbalanced_text_is_refused_with_its_line) {
  const auto names_line = [](const std::string& line) {
    return [line](const std::invalid_argument& e) {
      return std::string(e.what()).find(line) != std::string::npos;
    };
  };
  BOOST_CHECK_EXCEPTION(static_cast<void>(smt::parse("(a\n(b)")), std::invalid_argument,
                        names_line("line 2"));
  BOOST_CHECK_EXCEPTION(static_cast<void>(smt::parse("\n\n)")), std::invalid_argument,
                        names_line("line 3"));
}

BOOST_AUTO_TEST_CASE(every_sentence_of_the_text_is_one_of_the_specification) {
  const auto house = smt::HouseText::read(folder);
  const Ids unknown = difference(ids_of_the_text(house), ids_of_the_specification());
  BOOST_TEST(unknown == Ids{}, boost::test_tools::per_element());
  BOOST_TEST(ids_of_the_text(house).size() > 25U);
}

// README.md gives the reason for each.
BOOST_AUTO_TEST_CASE(the_sentences_that_the_text_leaves_out_are_these) {
  const Ids left_out{"inv.answer.tells", "inv.refusal.changes_nothing", "inv.region.settled"};
  const auto house = smt::HouseText::read(folder);
  const Ids missing = difference(ids_of_the_specification(), ids_of_the_text(house));
  BOOST_TEST(missing == left_out, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_rule_of_the_specification_is_a_rule_of_the_text_or_a_part_of_one) {
  const Ids parts{"rule.region.begin_close",     "rule.region.cancel_subtree",
                  "rule.region.fail_fast",       "rule.region.settle",
                  "rule.task.complete",          "rule.task.request_cancel",
                  "rule.obligation.settle_held", "rule.obligation.leak_response",
                  "rule.cancel.strengthen",      "rule.cancel.cause",
                  "rule.outcome.join",           "rule.budget.meet"};
  const auto house = smt::HouseText::read(folder);
  const auto listed = house.rules();
  Ids rules(listed.begin(), listed.end());
  rules.insert(parts.begin(), parts.end());
  Ids of_specification;
  for (const auto& row : spec::rules()) of_specification.insert(std::string(row.id));
  BOOST_TEST(rules == of_specification, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_fault_that_finds_no_place_is_refused) {
  BOOST_CHECK_THROW(smt::HouseText::read(folder, {{"rules_task", "no such text", ""}}),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
