// Odd and broken files, as an unkind user hands them in: each gets one short line that names the
// place and the remedy, or is read as what it is.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/validate/traces.hpp"

using namespace quiesce;
using namespace quiesce::validate;
using namespace quiesce::validate::traces;

namespace {

const std::string head = tickets_header();
const std::string spawned =
    R"j({"ticket":1,"thread":1,"action":"spawn","name":"t1","region":"r0","answer":"Done"})j"
    "\n";

/// A line of the small trace with a word in place of another.
std::string with(const std::string& word, const std::string& other) {
  std::string text = spawned;
  const std::size_t at = text.find(word);
  BOOST_TEST_REQUIRE(at != std::string::npos, word);
  return text.replace(at, word.size(), other);
}

struct Odd {
  std::string text;
  std::string says;
};

void each_gets_one_line(const std::vector<Odd>& table) {
  for (const Odd& odd : table) {
    const Report report = verdict_on(odd.text);
    BOOST_TEST((report.verdict == Verdict::BadInput), odd.says);
    BOOST_TEST(report.sentence.find(odd.says) != std::string::npos,
               report.sentence << "\n  should say " << odd.says);
    const bool is_plain = std::all_of(report.sentence.begin(), report.sentence.end(), [](char c) {
      return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
    });
    BOOST_TEST(is_plain, report.sentence);
    BOOST_TEST(report.sentence.size() < 900U, report.sentence);
  }
}

std::string utf_16(const std::string& text) {
  std::string wide = "\xFF\xFE";
  for (const char c : text) wide += {c, '\0'};
  return wide;
}

std::string without_line_feeds(std::string text) {
  std::replace(text.begin(), text.end(), '\n', '\r');
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(validate_odd_traces)

BOOST_AUTO_TEST_CASE(a_file_of_another_kind_is_named) {
  each_gets_one_line({
      {"\xEF\xBB\xBF" + head + spawned, ":1: a byte order mark stands before the text; write the"},
      {utf_16(head + spawned), ":1: this is UTF-16; write the trace as UTF-8"},
      {std::string("\x1F\x8B\x08\0abc", 7), ":1: the file is compressed; unpack it first"},
      {"\x28\xB5\x2F\xFD" + head, ":1: the file is compressed; unpack it first"},
      {"ticket,thread,action\n1,1,spawn\n", ":1: this is not JSON from column 1 on: syntax error"},
      {without_line_feeds(head + spawned),
       ":1: a line ends with a carriage return alone at column 57; end it with a line feed"},
      {head + spawned + std::string(3, '\0'), ":3: a NUL byte stands at column 1; write the trace"},
      {head + with("t1", std::string("t\0", 2)), ":2: a NUL byte stands at column 50"},
      {head + with("t1", "t\xFF"), ":2: a byte beyond ASCII stands at column 50"},
      {head + head + spawned, ":2: this is a second header; judge each trace in a file of its own"},
      {head + spawned + head, ":3: this is a second header"},
  });
}

BOOST_AUTO_TEST_CASE(a_line_that_is_nearly_json_says_from_where_on_it_is_not) {
  const std::string one = spawned.substr(0, spawned.size() - 1);
  each_gets_one_line({
      {head + "// a comment\n" + spawned, ":2: this is not JSON from column 1 on: syntax error"},
      {head + with("\"Done\"}", "\"Done\",}"), ":2: this is not JSON from column 83 on"},
      {head + with("\"ticket\"", "ticket"), ":2: this is not JSON from column 2 on"},
      {head + with("\"Done\"", "'Done'"), ":2: this is not JSON from column 76 on"},
      {head + one + spawned, ":2: there is more behind the object, from column 83 on"},
      {head + "[" + one + "]\n", ":2: a line is a JSON object"},
      {head + "null\n", ":2: a line is a JSON object"},
      {head + "{\n \"ticket\":1\n}\n",
       "(was the file cut, or an object spread over several lines?)"},
      {head + "{\"note\":" + std::string(40, '[') + std::string(40, ']') + "}\n",
       ":2: this is nested more than 32 deep"},
  });
}

BOOST_AUTO_TEST_CASE(a_number_that_does_not_fit_is_named_with_its_range) {
  const std::string range = "; it is a whole number from 0 to ";
  each_gets_one_line({
      {R"({"format":"quiesce-trace","version":-1,"order":"tickets"})", ":1: version is -1" + range},
      {head + with("\"ticket\":1", "\"ticket\":-1"), ":2: ticket is -1" + range},
      {head + with("\"ticket\":1", "\"ticket\":1e0"), ":2: ticket is 1E0" + range},
      {head + with("\"ticket\":1", "\"ticket\":18446744073709551615"),
       ":2: ticket is 18446744073709551615" + range + "9223372036854775807"},
      {head + with("\"ticket\":1", "\"ticket\":99999999999999999999999"), ":2: ticket is 1E23"},
      {head + with("\"thread\":1", "\"thread\":-1"), ":2: thread is -1" + range},
      {head + with("\"thread\":1", "\"thread\":\"main\""), ":2: thread is \"main\"" + range},
      {head + spawned + "{\"snapshot\":{\"after\":18446744073709551615}}\n",
       ":3: after is 18446744073709551615" + range + "9223372036854775807"},
      {R"({"format":"quiesce-trace","version":1,"order":"tickets","first_ticket":1e19})"
       "\n",
       ":1: first_ticket is 1E19" + range},
  });
}

BOOST_AUTO_TEST_CASE(a_name_is_written_in_one_way) {
  const std::string remedy = R"(; a task is written "t0", "t1", …, or "t?")";
  for (const char* const name :
       {"t01", "t00", "t+1", "t-1", "t1.5", "t", "T1", "t1 ", "1", "", "t4294967295", "t1\\n"})
    each_gets_one_line({{head + with("\"t1\"", '"' + std::string(name) + '"'),
                         ":2: name is \"" + std::string(name) + '"' + remedy}});
  each_gets_one_line({{head + with("\"t1\"", "1"), ":2: name is 1" + remedy}});
  each_gets_one_line({{head + with("\"t1\"", "null"), ":2: name is null" + remedy}});
}

BOOST_AUTO_TEST_CASE(a_word_of_the_trace_does_not_break_the_line_that_repeats_it) {
  const std::string long_word(100'000, 'x');
  each_gets_one_line({
      {head + with("spawn", "a\\u001b[31m\\nb"), R"(:2: 'a\x1b[31m\x0ab' is not an action)"},
      {head + with("\"answer\"", "\"x\\ny\":1,\"answer\""), R"('x\x0ay' is no field of an event)"},
      {head + with("spawn", long_word), ":2: 'xxxxxxxx"},
      {head + with("\"t1\"", "\"t" + std::string(50'000, '1') + "\""), ":2: name is \"t1111"},
      {head + with("{", "{\"" + long_word + "\":1,\"" + long_word + "\":2,"), ":2: 'xxxxxxxx"},
  });
}

/// What only looks odd is read: the verdict is that on the plain trace.
BOOST_AUTO_TEST_CASE(what_only_looks_odd_is_read) {
  std::string lines_of_windows = head + spawned;
  for (std::size_t at = 0; (at = lines_of_windows.find('\n', at)) != std::string::npos; at += 2)
    lines_of_windows.insert(at, "\r");
  for (const std::string& text :
       {lines_of_windows, "  \n" + head + "\n\t\n  " + spawned, head + spawned + "\n\n",
        head + spawned.substr(0, spawned.size() - 1), head + with(":1,", " : 1 , "),
        head + with("Done", "\\u0044one"), head + with("}", ",\"note\":{\"x\":[1,null]}}")}) {
    const Report report = verdict_on(text);
    BOOST_TEST((report.verdict == Verdict::Allowed), report.sentence);
    BOOST_TEST(report.counts.events == 1U);
  }
  for (const std::string& header : {tickets_header(), intervals_header()})
    BOOST_TEST((verdict_on(header).verdict == Verdict::Allowed));
  const std::string last_moment =
      intervals_header() +
      R"j({"thread":1,"begin":18446744073709551615,"end":18446744073709551615,)j"
      R"j("action":"poll(t?)","answer":{"Refused":"TaskExists"}})j";
  BOOST_TEST((verdict_on(last_moment).verdict == Verdict::Allowed));
}

BOOST_AUTO_TEST_SUITE_END()
