#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <string>

#include "models/report/atomic_file.hpp"
#include "models/report/text_table.hpp"

using namespace quiesce::report;

BOOST_AUTO_TEST_SUITE(text_table)

BOOST_AUTO_TEST_CASE(columns_are_as_wide_as_their_widest_cell) {
  TextTable table({"name", "count"}, {1});
  table.add({"a", "1,000"});
  table.add({"longer", "7"});
  BOOST_TEST(table.text("") ==
             "name    count\n"
             "a       1,000\n"
             "longer      7\n");
}

BOOST_AUTO_TEST_CASE(a_short_row_is_filled_and_no_line_ends_in_spaces) {
  TextTable table({"name", "note"});
  table.add({"a"});
  BOOST_TEST(table.text("> ") == "> name  note\n> a\n");
}

BOOST_AUTO_TEST_CASE(padded_text_has_its_width_and_cuts_at_a_code_point) {
  BOOST_TEST(padded("ab", 4) == "ab  ");
  BOOST_TEST(padded("a…bcd", 3) == "a……");
  BOOST_TEST(columns_of("a…b") == 3U);
}

BOOST_AUTO_TEST_CASE(numbers_are_written_for_readers) {
  BOOST_TEST(with_commas(0) == "0");
  BOOST_TEST(with_commas(999) == "999");
  BOOST_TEST(with_commas(1'234'567) == "1,234,567");
  BOOST_TEST(in_words(987) == "987");
  BOOST_TEST(in_words(1'050) == "1.05 thousand");
  BOOST_TEST(in_words(12'345) == "12.3 thousand");
  BOOST_TEST(in_words(345'678'901) == "345 million");
}

BOOST_AUTO_TEST_CASE(a_file_is_written_whole_or_not_at_all) {
  const std::string path = "tests_report_file.txt";
  BOOST_TEST(write_whole_file(path, "one") == "");
  BOOST_TEST(write_whole_file(path, "two") == "");
  BOOST_TEST(read_whole_file(path).text == "two");
  BOOST_TEST(read_whole_file(path + ".new").error.find("cannot read") == 0U);
  BOOST_TEST(std::remove(path.c_str()) == 0);
  BOOST_TEST(write_whole_file("no/such/folder/file", "x").find("cannot write") == 0U);
  BOOST_TEST(cannot_write("no/such/folder/file").find("cannot write") == 0U);
  BOOST_TEST(cannot_write("docs").find("it is a folder") != std::string::npos);
  BOOST_TEST(cannot_write(path) == "");
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_said_and_leaves_nothing) {
  BOOST_TEST(write_whole_file("/dev/full/file", "x").find("cannot write") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
