#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "spec/vocabulary/action.hpp"

using namespace quiesce;

BOOST_AUTO_TEST_SUITE(action_text)

BOOST_AUTO_TEST_CASE(every_action_has_a_text_form_that_parses_back) {
  const std::vector<std::string> texts{
      "open_region(r1, r0, deadline 9, polls 3, cost 2, priority 7, regions 1, tasks 2, "
      "obligations "
      "0, FailFast)",
      "close_region(r1, Await)",
      "cancel_region(r?, Shutdown)",
      "defer_finalizer(t5, r1)",
      "spawn(t1, r0, deadline 9)",
      "start(t1)",
      "poll(t1)",
      "checkpoint(t?)",
      "enter_mask(t1, 2)",
      "leave_mask(t1)",
      "cleanup_done(t1)",
      "return(t1, Cancelled Timeout)",
      "cancel_task(t1, User)",
      "join(t1, t2)",
      "reserve(o1, t1, r0, Lease)",
      "commit(o1, t1)",
      "abort(o1, t1, Error)",
      "advance_time(9)"};
  BOOST_TEST(texts.size() == static_cast<std::size_t>(action_count));
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const ParsedAction parsed = parse_action(texts[i]);
    BOOST_TEST_CONTEXT(texts[i] << ": " << parsed.error) {
      BOOST_TEST(parsed.ok);
      BOOST_TEST(parsed.action.index() == i);
      BOOST_TEST(to_text(parsed.action) == texts[i]);
    }
  }
}

BOOST_AUTO_TEST_CASE(spaces_between_tokens_are_free) {
  const ParsedAction parsed = parse_action("  spawn ( t1 ,r0 )  ");
  BOOST_TEST(parsed.ok);
  BOOST_TEST(to_text(parsed.action) == "spawn(t1, r0)");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_names_the_column_and_the_remedy) {
  const auto complaint = [](std::string_view text) {
    const ParsedAction parsed = parse_action(text);
    BOOST_TEST(!parsed.ok);
    return std::to_string(parsed.column) + ": " + parsed.error;
  };
  BOOST_TEST(complaint("spwn(t1, r0)") == "1: 'spwn' is not an action");
  BOOST_TEST(complaint("spawn(r0, t1)") == "7: a task is written t0, t1, …");
  BOOST_TEST(complaint("spawn(t1, r0") == "13: ')' is missing here");
  BOOST_TEST(complaint("spawn(t1)") == "9: ',' is missing here");
  BOOST_TEST(complaint("start(t1) start(t2)") == "11: nothing may follow the ')'");
  BOOST_TEST(complaint("close_region(r1, Wait)") == "18: a close mode is one of Await, Cancel");
  BOOST_TEST(complaint("start(t4294967295)") == "7: a task is written t0, t1, …");
  BOOST_TEST(complaint("enter_mask(t1, 256)") ==
             "16: a number of mask units is a number from 0 to 255");
  BOOST_TEST(complaint("abort(o1, t1, Cancel)") ==
             "15: an action aborts with Error or Explicit; Cancel is the completion's own");
  BOOST_TEST(complaint("") == "1: '' is not an action");
}

BOOST_AUTO_TEST_CASE(what_an_action_creates_is_never_the_unbound_name) {
  for (const std::string_view text : {"open_region(r?, r0)", "spawn(t?, r0)",
                                      "defer_finalizer(t?, r0)", "reserve(o?, t1, r0, Lease)"}) {
    BOOST_TEST(!parse_action(text).ok);
  }
  BOOST_TEST(parse_action("spawn(t?, r0)").error == "a new task needs a name of its own");
  BOOST_TEST(parse_action("spawn(t?, r0)").column == 7U);
  BOOST_TEST(parse_action("spawn(t1, r?)").ok);
}

BOOST_AUTO_TEST_SUITE_END()
