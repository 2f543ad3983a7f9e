#include <boost/test/unit_test.hpp>
#include <string>

#include "models/report/replay_line.hpp"

using namespace quiesce;
using namespace quiesce::report;

namespace {

const std::string good = with_check_digits(
    "q1:sharded:0123456789ab:pct:42.7.3:[spawn(t1,r0)|start(t1)|close_region(r0,Await)]:1x2,2");

}  // namespace

BOOST_AUTO_TEST_SUITE(replay_lines)

BOOST_AUTO_TEST_CASE(a_replay_line_parses_back) {
  const ParsedReplayLine parsed = parse_replay_line(good);
  BOOST_TEST_REQUIRE(parsed.line.has_value(), parsed.error);
  BOOST_TEST(parsed.line->variant == "sharded");
  BOOST_TEST(parsed.line->sources == "0123456789ab");
  BOOST_TEST(parsed.line->strategy == "pct");
  BOOST_TEST(parsed.line->seed == 42U);
  BOOST_TEST(parsed.line->script_index == 7U);
  BOOST_TEST(parsed.line->execution_index == 3U);
  BOOST_TEST(parsed.line->script.prefix.size() == 1U);
  BOOST_TEST(parsed.line->script.branches.size() == 2U);
  BOOST_TEST(parsed.line->decisions.picks.size() == 3U);
  BOOST_TEST(to_text(*parsed.line) == good);
}

BOOST_AUTO_TEST_CASE(every_cut_of_a_replay_line_is_refused_in_one_sentence) {
  for (std::size_t length = 0; length < good.size(); ++length) {
    const ParsedReplayLine parsed = parse_replay_line(good.substr(0, length));
    BOOST_TEST(!parsed.line.has_value(), good.substr(0, length) << " was read");
    BOOST_TEST(!parsed.error.empty());
    BOOST_TEST(parsed.error.find('\n') == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named) {
  const auto complaint = [](const std::string& text) {
    return parse_replay_line(with_check_digits(text)).error;
  };
  std::string slip = good;
  slip[slip.find("t1")] = 'r';
  BOOST_TEST(parse_replay_line(slip).error.find("check digits") != std::string::npos);
  BOOST_TEST(complaint("q9:sharded:x").find("'q9' is not a replay format") == 0U);
  BOOST_TEST(complaint("q1:sharded:x:pct:42:[|]:1").find("SEED.SCRIPT.EXECUTION") !=
             std::string::npos);
  BOOST_TEST(complaint("q1:sharded:x:pct:1.2.3:[spwn(t1,r0)|]:1").find("'spwn' is not an action") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_replay_line_is_found_in_a_report) {
  BOOST_TEST(find_replay_line("… replay: ./quiesce replay '" + good + "'\nmore") == good);
  BOOST_TEST(find_replay_line("{\"replay\": \"./quiesce replay '" + good + "'\"}") == good);
  BOOST_TEST(find_replay_line("nothing here") == "");
}

BOOST_AUTO_TEST_SUITE_END()
