#include <array>
#include <boost/test/unit_test.hpp>

#include "models/cli/nearest.hpp"

using namespace quiesce::cli;

BOOST_AUTO_TEST_SUITE(nearest_names)

BOOST_AUTO_TEST_CASE(edit_distance_counts_single_changes_and_swaps) {
  BOOST_TEST(edit_distance("", "abc") == 3U);
  BOOST_TEST(edit_distance("sharded", "sharded") == 0U);
  BOOST_TEST(edit_distance("shraded", "sharded") == 1U);
  BOOST_TEST(edit_distance("sharde", "sharded") == 1U);
  BOOST_TEST(edit_distance("shxrdxd", "sharded") == 2U);
}

BOOST_AUTO_TEST_CASE(the_nearest_name_is_meant_and_a_far_one_is_not) {
  constexpr std::array<std::string_view, 2> names{"one_lock", "sharded"};
  BOOST_TEST(nearest("shared", names) == "sharded");
  BOOST_TEST(nearest("onelock", names) == "one_lock");
  BOOST_TEST(nearest("zzzzzz", names) == "");
  BOOST_TEST(did_you_mean("shared", names) == "; did you mean 'sharded'?");
  BOOST_TEST(did_you_mean("zzzzzz", names) == "; there is one_lock, sharded");
}

BOOST_AUTO_TEST_SUITE_END()
