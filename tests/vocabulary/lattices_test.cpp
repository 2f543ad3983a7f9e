// Tables that pin the shared lattice and budget functions from the outside: every value here is
// written out again from the facts, so that a fault in the shared code cannot hide.
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <vector>

#include "spec/vocabulary/answer.hpp"
#include "spec/vocabulary/budget.hpp"

using namespace quiesce;

// rule.cancel.strengthen, rule.outcome.join, rule.budget.meet
BOOST_AUTO_TEST_SUITE(lattices)

BOOST_AUTO_TEST_CASE(severity_follows_the_table_of_six_tiers) {
  const std::array<int, cancel_kind_count> spec_says{0, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5};
  for (int kind = 0; kind < cancel_kind_count; ++kind) {
    const int impl_says = severity(static_cast<CancelKind>(kind));
    BOOST_TEST(impl_says == spec_says[static_cast<std::size_t>(kind)]);
  }
}

BOOST_AUTO_TEST_CASE(cleanup_budget_follows_the_table_of_kinds) {
  const std::array<std::uint32_t, cancel_kind_count> polls{1000, 500, 500, 300, 300, 200,
                                                           200,  200, 200, 200, 50};
  const std::array<int, cancel_kind_count> priority{200, 210, 210, 215, 215, 220,
                                                    220, 220, 220, 220, 255};
  for (std::size_t i = 0; i < polls.size(); ++i) {
    const Budget budget = cleanup_budget(static_cast<CancelKind>(i));
    BOOST_TEST(budget.poll_quota == polls[i]);
    BOOST_TEST(int{budget.priority} == priority[i]);
    BOOST_TEST((budget.deadline_ticks == never && budget.cost_quota == unlimited));
  }
}

BOOST_AUTO_TEST_CASE(strengthen_prefers_severity_then_earlier_then_kind_then_smaller_origin) {
  const CancelReason user{CancelKind::User, 1, RegionName{0}};
  const CancelReason shutdown{CancelKind::Shutdown, 9, RegionName{5}};
  BOOST_TEST((strengthen(user, shutdown) == shutdown));
  BOOST_TEST((strengthen(shutdown, user) == shutdown));
  const CancelReason early{CancelKind::Timeout, 1, RegionName{3}};
  const CancelReason late{CancelKind::Deadline, 2, RegionName{0}};
  BOOST_TEST((strengthen(late, early) == early));
  BOOST_TEST((strengthen(early, late) == early));
  const CancelReason timeout{CancelKind::Timeout, 4, RegionName{0}};
  const CancelReason deadline{CancelKind::Deadline, 4, RegionName{7}};
  BOOST_TEST((strengthen(timeout, deadline) == deadline));
  BOOST_TEST((strengthen(deadline, timeout) == deadline));
  const CancelReason from_r1{CancelKind::User, 4, RegionName{1}};
  const CancelReason from_r2{CancelKind::User, 4, RegionName{2}};
  BOOST_TEST((strengthen(from_r2, from_r1) == from_r1));
  BOOST_TEST((strengthen(from_r1, from_r2) == from_r1));
}

BOOST_AUTO_TEST_CASE(outcomes_order_Ok_Err_Cancelled_Panicked_and_join_takes_the_worse) {
  const CancelReason weak{CancelKind::User, 0, RegionName{0}};
  const CancelReason strong{CancelKind::Shutdown, 0, RegionName{0}};
  const std::vector<Outcome> ladder{Outcome::ok(), Outcome::err(), Outcome::cancelled(weak),
                                    Outcome::cancelled(strong), Outcome::panicked()};
  for (std::size_t i = 0; i < ladder.size(); ++i) {
    for (std::size_t j = 0; j < ladder.size(); ++j) {
      BOOST_TEST((join(ladder[i], ladder[j]) == ladder[std::max(i, j)]));
    }
  }
}

BOOST_AUTO_TEST_CASE(meet_takes_the_minimum_of_each_limit_and_the_maximum_priority) {
  const Budget a{.deadline_ticks = 5, .poll_quota = 9, .cost_quota = unlimited, .priority = 3};
  const Budget b{.deadline_ticks = never, .poll_quota = 2, .cost_quota = 7, .priority = 200};
  const Budget spec_says{.deadline_ticks = 5, .poll_quota = 2, .cost_quota = 7, .priority = 200};
  BOOST_TEST((meet(a, b) == spec_says));
  BOOST_TEST((meet(a, no_budget) == a));
  BOOST_TEST((meet(no_budget, b) == b));
  BOOST_TEST(at_least_as_tight(spec_says, a));
  BOOST_TEST(!at_least_as_tight(a, spec_says));
}

BOOST_AUTO_TEST_CASE(finalizer_budget_is_a_hundred_polls_within_five_thousand_ticks) {
  const Budget budget = finalizer_budget(7);
  BOOST_TEST(budget.deadline_ticks == 5'007U);
  BOOST_TEST(budget.poll_quota == 100U);
  BOOST_TEST(int{budget.priority} == 128);
  BOOST_TEST(finalizer_budget(never - 1).deadline_ticks == never);
}

BOOST_AUTO_TEST_CASE(every_guard_has_a_name_and_a_sentence_of_its_own) {
  std::vector<std::string_view> names;
  std::vector<std::string_view> sentences;
  for (int i = 0; i < guard_count; ++i) {
    names.push_back(to_text(static_cast<Guard>(i)));
    sentences.push_back(sentence(static_cast<Guard>(i)));
  }
  std::sort(names.begin(), names.end());
  std::sort(sentences.begin(), sentences.end());
  BOOST_TEST((std::adjacent_find(names.begin(), names.end()) == names.end()));
  BOOST_TEST((std::adjacent_find(sentences.begin(), sentences.end()) == sentences.end()));
  BOOST_TEST(sentence(Guard::RegionOpen) == "the region is Open");
}

BOOST_AUTO_TEST_SUITE_END()
