// Reading the two checkers' reports and the table of counts: what is accepted and what is not.
#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "tests/external/counts_table.hpp"
#include "tests/external/external_tools.hpp"

namespace quiesce::external {
namespace {

const std::string spin_report =
    "State-vector 84 byte, depth reached 18, errors: 0\n    10072 states, stored\n"
    "    33937 states, matched\n    44009 transitions (= stored+matched)\n        0 atomic steps\n";
const std::string rumur_report =
    "\t 10000 states explored in 1s, with 41604 rules fired and 418 states in the queue.\n"
    "Status:\n\n\tNo error found.\n\nState Space Explored:\n\n"
    "\t10072 states, 44008 rules fired in 1s.\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(external_reports)

BOOST_AUTO_TEST_CASE(spin_report_is_read) {
  const Counted counted = read_spin_report(spin_report);
  BOOST_TEST(counted.failure == "");
  BOOST_TEST(counted.states == 10072U);
  BOOST_TEST(counted.transitions == 44008U);  // one stored state is the initial one
}

BOOST_AUTO_TEST_CASE(spin_report_of_an_incomplete_search_counts_nothing) {
  for (const std::string& sign :
       {std::string("error: max search depth too small\n"), std::string("Search not completed\n"),
        std::string("Hash-Compact 4 search for:\n"), std::string("Bit statespace search for:\n"),
        std::string("\t+ Partial Order Reduction\n")}) {
    BOOST_TEST(read_spin_report(sign + spin_report).failure != "", sign);
  }
}

BOOST_AUTO_TEST_CASE(spin_report_with_an_error_counts_nothing) {
  BOOST_TEST(read_spin_report(replaced(spin_report, "errors: 0", "errors: 1")).failure != "");
  BOOST_TEST(read_spin_report("cc1: fatal error").failure != "");
}

BOOST_AUTO_TEST_CASE(rumur_report_is_read) {
  const Counted counted = read_rumur_report(rumur_report);
  BOOST_TEST(counted.failure == "");
  BOOST_TEST(counted.states == 10072U);
  BOOST_TEST(counted.transitions == 44008U);
}

BOOST_AUTO_TEST_CASE(rumur_report_with_an_error_counts_nothing) {
  BOOST_TEST(
      read_rumur_report(replaced(rumur_report, "No error found.", "1 error(s) found.")).failure !=
      "");
  BOOST_TEST(read_rumur_report("house.m:3: syntax error").failure != "");
}

BOOST_AUTO_TEST_CASE(missing_tools_are_named_in_one_line) {
  BOOST_TEST(!missing({"sh"}).has_value());
  const auto sentence = missing({"sh", "no_such_tool"});
  BOOST_REQUIRE(sentence.has_value());
  BOOST_TEST(*sentence == "not installed: no_such_tool (Debian has packages of these names)");
}

BOOST_AUTO_TEST_CASE(counts_row_is_read) {
  const auto rows = read_counts("# a remark\n\n2 1 0 3 4 2 1 1  17 99 hand  why it is\n");
  BOOST_REQUIRE(rows.size() == 1U);
  BOOST_TEST((rows[0].bounds == Bounds{2, 1, 0, 3, 4, 2, 1, 1}));
  BOOST_TEST(rows[0].states == 17U);
  BOOST_TEST(rows[0].transitions == 99U);
  BOOST_TEST(!rows[0].in_suite);
  BOOST_TEST(rows[0].why == "why it is");
}

BOOST_AUTO_TEST_CASE(counts_row_without_its_reason_is_refused) {
  BOOST_CHECK_THROW((void)read_counts("2 1 0 3 4 2 1 1 17 99 hand\n"), std::runtime_error);
  BOOST_CHECK_THROW((void)read_counts("2 1 0 3 4 2 1 1 17 99 often why\n"), std::runtime_error);
  BOOST_CHECK_THROW((void)read_counts("2 1 0 x 4 2 1 1 17 99 suite why\n"), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace quiesce::external
