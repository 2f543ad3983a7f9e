#include "models/refine/script.hpp"

#include <boost/test/unit_test.hpp>

#include "models/refine/generator.hpp"

using namespace quiesce;
using namespace quiesce::refine;

BOOST_AUTO_TEST_SUITE(script)

namespace {

const std::string small_text =
    "prefix\n"
    "  open_region(r1, r0, deadline 9, FailFast)\n"
    "  spawn(t1, r1)\n"
    "branch\n"
    "  start(t1)\n"
    "branch\n"
    "  return(t1, Cancelled Timeout)\n"
    "suffix\n"
    "  checkpoint(t?)\n"
    "end\n";

std::string complaint(std::string_view text) {
  const ParsedScript parsed = parse_script(text);
  BOOST_TEST(!parsed.ok);
  return std::to_string(parsed.line) + ":" + std::to_string(parsed.column) + ": " + parsed.error;
}
std::string line_complaint(std::string_view text) {
  const ParsedScript parsed = parse_script_line(text);
  BOOST_TEST(!parsed.ok);
  return std::to_string(parsed.column) + ": " + parsed.error;
}

}  // namespace

BOOST_AUTO_TEST_CASE(text_parses_back) {
  const ParsedScript parsed = parse_script(small_text);
  BOOST_TEST(parsed.error == "");
  BOOST_TEST(parsed.ok);
  BOOST_TEST(parsed.script.prefix.size() == 2U);
  BOOST_TEST(parsed.script.branches.size() == 2U);
  BOOST_TEST(parsed.script.suffix.size() == 1U);
  BOOST_TEST(to_text(parsed.script) == small_text);
}

BOOST_AUTO_TEST_CASE(leak_policy_stands_before_the_parts_and_parses_back) {
  Script script = parse_script(small_text).script;
  BOOST_TEST((script.leaks == LeakPolicy{}));
  script.leaks = {LeakResponse::Recover, 2, LeakResponse::Panic};
  BOOST_TEST(to_text(script) == "leaks Recover, after 2 Panic\n" + small_text);
  BOOST_TEST((parse_script(to_text(script)).script == script));
  BOOST_TEST(to_line(script).starts_with("[leaks Recover,after 2 Panic:open_region(r1,r0"));
  BOOST_TEST((parse_script_line(to_line(script)).script == script));
  script = {{}, {}, {}, {.response = LeakResponse::Silent}};
  BOOST_TEST(to_line(script) == "[leaks Silent:]");
  BOOST_TEST((parse_script_line("[leaks Silent:]").script == script));
}

BOOST_AUTO_TEST_CASE(bad_leak_policy_is_told_with_its_place) {
  BOOST_TEST(complaint("leaks Lg\nprefix\nend\n") ==
             "1:7: 'Lg' is not Log, Silent, Recover or Panic");
  BOOST_TEST(complaint("prefix\nleaks Log\nend\n") == "2:1: 'leaks' stands once, before the parts");
  BOOST_TEST(complaint("leaks Log\n leaks Log\nend\n") ==
             "2:2: 'leaks' stands once, before the parts");
  BOOST_TEST(line_complaint("[leaks Lg:start(t1)]") ==
             "8: 'Lg' is not Log, Silent, Recover or Panic");
  BOOST_TEST(line_complaint("[leaks Log]") ==
             "11: a ':' stands between the leak policy and the script");
}

BOOST_AUTO_TEST_CASE(plainer_leak_policies_lead_to_Log) {
  for (LeakPolicy leaks{LeakResponse::Recover, 3, LeakResponse::Panic}; !simpler(leaks).empty();) {
    BOOST_TEST((simpler(leaks).front() == LeakPolicy{}));
    const LeakPolicy last = simpler(leaks).back();
    BOOST_TEST(!(last == leaks));
    leaks = last;
  }
  BOOST_TEST(simpler(LeakPolicy{}).empty());
}

BOOST_AUTO_TEST_CASE(line_parses_back) {
  const Script script = parse_script(small_text).script;
  const std::string line =
      "[open_region(r1,r0,deadline 9,FailFast);spawn(t1,r1)|start(t1)|return(t1,Cancelled "
      "Timeout)>checkpoint(t?)]";
  BOOST_TEST(to_line(script) == line);
  const ParsedScript parsed = parse_script_line(line);
  BOOST_TEST(parsed.error == "");
  BOOST_TEST((parsed.script == script));
  BOOST_TEST(to_line({}) == "[]");
  BOOST_TEST((parse_script_line("[]").ok));
}

BOOST_AUTO_TEST_CASE(every_generated_script_parses_back_from_both_forms) {
  for (std::uint64_t i = 0; i < 300; ++i) {
    const Script script = i % 2 == 0 ? generate_script(7, i) : generate_sequence(7, i, 12);
    BOOST_TEST_REQUIRE((parse_script(to_text(script)).script == script));
    BOOST_TEST_REQUIRE((parse_script_line(to_line(script)).script == script));
  }
}

BOOST_AUTO_TEST_CASE(comments_and_blank_lines_are_free) {
  const ParsedScript parsed = parse_script("# a comment\n\n prefix # here\n start(t1)\r\n\nend");
  BOOST_TEST(parsed.error == "");
  BOOST_TEST(parsed.script.prefix.size() == 1U);
}

BOOST_AUTO_TEST_CASE(truncated_text_is_refused) {
  for (std::size_t size = 0; size + 2 < small_text.size(); ++size) {
    BOOST_TEST_REQUIRE(!parse_script(small_text.substr(0, size)).ok);
  }
  const std::string line = to_line(parse_script(small_text).script);
  for (std::size_t size = 0; size < line.size(); ++size) {
    BOOST_TEST_REQUIRE(!parse_script_line(line.substr(0, size)).ok);
  }
  BOOST_TEST(complaint("prefix\n  start(t1)\n") ==
             "3:1: the script stops before its 'end': it was truncated");
  BOOST_TEST(line_complaint("[start(t1)") ==
             "11: the script stops before its ']': it was truncated");
}

BOOST_AUTO_TEST_CASE(a_mistake_is_named_with_its_line_and_column) {
  BOOST_TEST(complaint("prefix\n  spwn(t1, r0)\nend\n") == "2:3: 'spwn' is not an action");
  BOOST_TEST(complaint("start(t1)\nend\n") == "1:1: a script starts with 'prefix' or 'branch'");
  BOOST_TEST(complaint("branch\nprefix\nend\n") ==
             "2:1: the parts stand in the order prefix, branches, suffix");
  BOOST_TEST(complaint("prefix\nend\n start(t1)\n") == "3:2: nothing may follow 'end'");
  BOOST_TEST(line_complaint("start(t1)") == "1: a script in one line starts with '['");
  BOOST_TEST(line_complaint("[start(t1)|strt(t1)]") == "12: 'strt' is not an action");
  BOOST_TEST(line_complaint("[>start(t1)|poll(t1)]") ==
             "12: nothing but the suffix may follow the '>'");
  BOOST_TEST(line_complaint("[start(t1)];]") == "12: nothing may follow the ']'");
}

BOOST_AUTO_TEST_CASE(names_are_unique_in_their_kind) {
  BOOST_TEST(complaint("prefix\n spawn(t1, r0)\nbranch\n defer_finalizer(t1, r0)\nend") ==
             "4:2: t1 is created twice");
  BOOST_TEST(line_complaint("[open_region(r0,r0)]") ==
             "2: r0 is the root: it exists at the start and is never created");
  BOOST_TEST(parse_script_line("[open_region(r1,r0);spawn(t1,r1);reserve(o1,t1,r1,Ack)]").ok);
  BOOST_TEST(name_created_twice(parse_script(small_text).script) == "");
  Script twice;
  twice.prefix = {Spawn{{1}, root_region, {}}};
  twice.branches = {{Spawn{{1}, root_region, {}}}};
  BOOST_TEST(name_created_twice(twice) == "t1 is created twice");
}

BOOST_AUTO_TEST_CASE(more_than_eight_branches_are_refused) {
  BOOST_TEST(parse_script_line("[||||||||]").ok);
  BOOST_TEST(line_complaint("[|||||||||]") == "10: a script has at most 8 branches");
}

BOOST_AUTO_TEST_SUITE_END()
