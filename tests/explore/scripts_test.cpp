// Random scripts: they reach what the bounded machine has no place for, and say the same each time.
#include "models/explore/scripts.hpp"

#include <boost/test/unit_test.hpp>
#include <sstream>

#include "models/explore/command.hpp"

namespace quiesce::explore {
namespace {

BOOST_AUTO_TEST_CASE(scripts_show_every_interesting_case_and_break_nothing) {
  const SearchResult result = walk_scripts({.seed = 1, .scripts = 4'000}, SearchOptions{});
  BOOST_TEST((result.ended == Ended::Sampled));
  BOOST_TEST(!result.violation.has_value());
  BOOST_TEST(result.broken.empty());
  for (const Witness& witness : result.sometimes) {
    BOOST_TEST(witness.first_level.has_value(), witness.id);
  }
  for (const auto& [name, count] : result.actions) BOOST_TEST(count > 0U, name);
  std::uint64_t states = 0;
  for (const std::uint64_t count : result.levels) states += count;
  BOOST_TEST(states == result.distinct_states);
}

BOOST_AUTO_TEST_CASE(scripts_are_a_function_of_their_seed) {
  const ScriptBounds bounds{.seed = 7, .scripts = 50};
  const SearchResult one = walk_scripts(bounds, SearchOptions{});
  const SearchResult two = walk_scripts(bounds, SearchOptions{});
  const SearchResult other = walk_scripts({.seed = 8, .scripts = 50}, SearchOptions{});
  BOOST_TEST(one.distinct_states == two.distinct_states);
  BOOST_TEST((one.actions == two.actions));
  BOOST_TEST((one.actions != other.actions));
}

BOOST_AUTO_TEST_CASE(scripts_refuse_what_needs_every_state) {
  ExploreArguments arguments;
  arguments.model = "scripts";
  arguments.dot_path = "scripts.dot";
  std::ostringstream out;
  std::ostringstream err;
  BOOST_TEST(explore_command(arguments, out, err) == 2);
  BOOST_TEST(err.str().find("scripts are drawn, not searched") != std::string::npos);
}

}  // namespace
}  // namespace quiesce::explore
