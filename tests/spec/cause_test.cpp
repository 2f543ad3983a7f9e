// The cause chain: which reason derives from which, where a chain ends, and how long it gets.
#include "spec/cause.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/spec/spec_scripts.hpp"

using namespace quiesce;
using namespace quiesce::spec_tests;

namespace {

const std::string family = "open_region(r1, r0); open_region(r2, r1); spawn(t1, r2); start(t1)";

std::string region_chain(const std::string& script, std::uint32_t name) {
  return to_text(cause_chain(after(script), RegionName{name}));
}
std::string task_chain(const std::string& script, std::uint32_t name) {
  return to_text(cause_chain(after(script), TaskName{name}));
}

/// r0 above r1 above … r(depth), the root cancelled.
spec::State deep(std::uint32_t depth) {
  std::string script;
  for (std::uint32_t name = 1; name <= depth; ++name) {
    script += "open_region(r" + std::to_string(name) + ", r" + std::to_string(name - 1) + "); ";
  }
  const std::string innermost = std::to_string(depth);
  return after(script + "spawn(t1, r" + innermost + "); cancel_region(r0, Shutdown)");
}

}  // namespace

// rule.cancel.cause
BOOST_AUTO_TEST_SUITE(cause)

BOOST_AUTO_TEST_CASE(what_is_not_cancelled_or_not_there_has_no_cause) {
  BOOST_TEST(region_chain(family, 1) == "");
  BOOST_TEST(task_chain(family, 1) == "");
  BOOST_TEST(region_chain(family, 9) == "");
  BOOST_TEST(cause_chain(after(family), TaskName::none()).links.empty());
}

BOOST_AUTO_TEST_CASE(a_chain_goes_from_the_task_to_the_region_that_was_asked) {
  const std::string script = family + "; advance_time(3); cancel_region(r0, User)";
  BOOST_TEST(task_chain(script, 1) ==
             "ParentCancelled@3 from r1, because ParentCancelled@3 from r0, because User@3 from "
             "r0");
  BOOST_TEST(region_chain(script, 2) == task_chain(script, 1));
  BOOST_TEST(region_chain(script, 0) == "User@3 from r0");
}

BOOST_AUTO_TEST_CASE(a_chain_stays_when_all_has_ended) {
  const std::string script = family + "; cancel_region(r1, Timeout); return(t1, Ok)";
  BOOST_TEST(region_words(after(script), 1).starts_with("Closed"));
  BOOST_TEST(task_chain(script, 1) == "ParentCancelled@0 from r1, because Timeout@0 from r1");
}

BOOST_AUTO_TEST_CASE(what_an_action_a_quota_or_a_deadline_asked_for_ends_a_chain) {
  BOOST_TEST(task_chain(family + "; cancel_task(t1, ParentCancelled)", 1) ==
             "ParentCancelled@0 from r2");
  BOOST_TEST(task_chain(family + "; cancel_region(r2, ParentCancelled)", 1) ==
             "ParentCancelled@0 from r2");
  BOOST_TEST(task_chain("spawn(t1, r0, polls 0); start(t1); poll(t1)", 1) == "PollQuota@0 from r0");
  const std::string late = "open_region(r1, r0, deadline 2); spawn(t1, r1); advance_time(4)";
  BOOST_TEST(task_chain(late, 1) == "Deadline@4 from r1");
  const std::string below =
      "open_region(r1, r0, deadline 2); open_region(r2, r1, deadline 2); advance_time(4)";
  BOOST_TEST(region_chain(below, 2) == "ParentCancelled@4 from r1, because Deadline@4 from r1");
}

BOOST_AUTO_TEST_CASE(a_region_that_closes_or_fails_without_a_reason_ends_a_chain) {
  BOOST_TEST(task_chain(family + "; close_region(r1, Cancel)", 1) == "ParentCancelled@0 from r1");
  const std::string failed =
      "open_region(r1, r0, FailFast); open_region(r2, r1); spawn(t1, r2); spawn(t2, r1); "
      "spawn(t3, r1); start(t2); return(t2, Err)";
  BOOST_TEST(task_chain(failed, 3) == "FailFast@0 from r1");
  BOOST_TEST(task_chain(failed, 1) == "ParentCancelled@0 from r1");
  // FailFast stays the end although its region is cancelled, too.
  BOOST_TEST(task_chain(failed + "; cancel_region(r1, User)", 3) == "FailFast@0 from r1");
}

BOOST_AUTO_TEST_CASE(a_later_reason_above_is_no_cause) {
  const std::string script =
      family + "; close_region(r1, Cancel); advance_time(5); cancel_region(r1, User)";
  BOOST_TEST(region_words(after(script), 1) == "Draining for User@5 from r1");
  BOOST_TEST(task_chain(script, 1) == "ParentCancelled@0 from r1");
}

BOOST_AUTO_TEST_CASE(a_chain_is_cut_after_its_most_links) {
  const auto chain_in = [](std::uint32_t depth) { return cause_chain(deep(depth), TaskName{1}); };
  BOOST_TEST(chain_in(15).links.size() == spec::CauseChain::most_links);
  BOOST_TEST(!chain_in(15).truncated);
  BOOST_TEST(chain_in(16).links.size() == spec::CauseChain::most_links);
  BOOST_TEST(chain_in(16).truncated);
  BOOST_TEST(to_text(chain_in(16)).ends_with("because ParentCancelled@0 from r0, because …"));
  BOOST_TEST(!cause_chain(deep(20), RegionName{15}).truncated);
}

BOOST_AUTO_TEST_CASE(a_chain_through_a_broken_tree_ends_all_the_same) {
  spec::State state = deep(3);
  region(state, 0).parent = RegionName{3};
  region(state, 0).reason = CancelReason{CancelKind::ParentCancelled, 0, RegionName{3}};
  BOOST_TEST(cause_chain(state, TaskName{1}).truncated);
}

BOOST_AUTO_TEST_SUITE_END()
