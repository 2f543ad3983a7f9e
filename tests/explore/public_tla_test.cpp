// The packed public model against its pinned counts and against the fourteen variables stored.
#include "models/explore/public_tla.hpp"

#include <array>
#include <boost/test/unit_test.hpp>

#include "models/explore/search.hpp"
#include "tests/explore/all_variables.hpp"

namespace quiesce::explore {
namespace {

SearchResult explored(const Bounds& bounds, unsigned threads = 1) {
  SearchOptions options;
  options.threads = threads;
  const PublicTla<1> model(bounds);
  return search(model, options);
}

std::string name_of(const Bounds& bounds) {
  return std::to_string(bounds.tasks) + " tasks, " + std::to_string(bounds.regions) + " regions, " +
         std::to_string(bounds.obligations) + " obligations, mask " + std::to_string(bounds.mask);
}

struct Pinned {
  Bounds bounds;
  std::uint64_t states;
  std::uint64_t transitions;
  std::size_t depth;
  const char* why;
};
constexpr std::array<Pinned, 14> pins{{
    {{1, 1, 0, 1}, 28, 35, 10, "a life without obligations, small enough to count by hand"},
    {{1, 1, 1, 1}, 96, 160, 12, "one obligation: reserve, three ways to resolve, leak"},
    {{1, 2, 0, 2}, 206, 403, 17, "a region revived from the pool, once"},
    {{1, 3, 1, 1}, 9'840, 30'380, 24, "the first bound with a subregion of a subregion"},
    {{2, 1, 2, 3}, 7'672, 28'248, 19, "the longest mask: two units are consumed as CancelMasked"},
    {{2, 2, 1, 1}, 10'912, 37'840, 23, "mask 1: CancelMasked goes straight to acknowledged"},
    {{2, 2, 1, 2}, 13'686, 48'604, 25, "the bound and the figure the module's authors publish"},
    {{2, 2, 1, 3}, 16'824, 60'828, 27, "the same with one more unit"},
    {{2, 2, 2, 2}, 93'130, 385'918, 27, "two obligations, two holders"},
    {{2, 3, 1, 2}, 310'466, 1'308'141, 31, "tasks spread over a chain of regions"},
    {{3, 1, 2, 1}, 55'054, 261'943, 20, "three tasks: CloseCancelChildren cancels several at once"},
    {{3, 2, 1, 2}, 226'892, 1'068'724, 28, "three tasks in two regions"},
    {{3, 2, 2, 2}, 2'119'568, 11'351'542, 30, "the bound of the figures, checked by TLC and spin"},
    {{4, 1, 1, 2}, 90'322, 476'683, 26, "four tasks"},
}};

BOOST_AUTO_TEST_CASE(public_model_has_its_pinned_counts) {
  for (const Pinned& pinned : pins) {
    BOOST_TEST_CONTEXT(name_of(pinned.bounds) << ": " << pinned.why) {
      const SearchResult result = explored(pinned.bounds);
      BOOST_TEST(result.distinct_states == pinned.states);
      BOOST_TEST(result.transitions == pinned.transitions);
      BOOST_TEST(result.levels.size() - 1 == pinned.depth);
      BOOST_TEST((result.ended == Ended::Complete));
      BOOST_TEST(result.deadlocked_states == 0U);
    }
  }
}

BOOST_AUTO_TEST_CASE(public_model_agrees_with_all_fourteen_variables_stored) {
  const std::vector<Bounds> small{{1, 1, 0, 1}, {1, 1, 1, 0}, {2, 1, 2, 0}, {1, 3, 1, 2},
                                  {1, 2, 2, 3}, {2, 1, 1, 1}, {2, 2, 0, 2}, {2, 2, 1, 2},
                                  {1, 3, 2, 1}, {2, 3, 0, 1}, {3, 1, 1, 1}, {3, 1, 0, 3}};
  for (const Bounds& bounds : small) {
    BOOST_TEST_CONTEXT(name_of(bounds)) {
      const testing::Enumerated all = testing::enumerate(bounds);
      const SearchResult result = explored(bounds);
      BOOST_TEST(result.distinct_states == all.states);
      BOOST_TEST(result.transitions == all.transitions);
      BOOST_TEST(result.levels == all.levels, boost::test_tools::per_element());
      BOOST_TEST(all.broken == "");
      for (const auto& [action, count] : result.actions) {
        const auto found = all.actions.find(action);
        BOOST_TEST_CONTEXT(action) {
          BOOST_TEST(count == (found == all.actions.end() ? 0 : found->second));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(public_model_counts_do_not_depend_on_the_number_of_threads) {
  const Bounds bounds{3, 2, 1, 2};  // levels of up to 11,000 states: shared by the threads
  const SearchResult one = explored(bounds, 1);
  for (const unsigned threads : {2U, 3U}) {
    const SearchResult many = explored(bounds, threads);
    BOOST_TEST(many.distinct_states == one.distinct_states);
    BOOST_TEST(many.levels == one.levels, boost::test_tools::per_element());
    BOOST_TEST((many.actions == one.actions));
    BOOST_TEST(many.terminal_states == one.terminal_states);
  }
}

BOOST_AUTO_TEST_CASE(public_model_is_the_same_in_one_word_and_in_two) {
  const Bounds bounds{2, 3, 2, 2};
  const PublicTla<2> wide(bounds);
  const SearchResult two = search(wide, SearchOptions{});
  const SearchResult one = explored(bounds);
  BOOST_TEST(two.distinct_states == one.distinct_states);
  BOOST_TEST((two.actions == one.actions));
  BOOST_TEST(two.levels == one.levels, boost::test_tools::per_element());
  BOOST_TEST(one.exact);
  BOOST_TEST(!two.exact);
  BOOST_TEST(two.collision_probability > 0);
  BOOST_TEST(two.collision_probability < 1e-6);
}

BOOST_AUTO_TEST_CASE(whole_states_of_two_words_are_an_exact_set_on_any_number_of_threads) {
  const Bounds bounds{2, 3, 2, 2};
  const SearchResult one_word = explored(bounds);
  for (const unsigned threads : {1U, 2U, 3U}) {
    SearchOptions options;
    options.threads = threads;
    options.exact = true;
    const SearchResult result = search(PublicTla<2>(bounds), options);
    BOOST_TEST(result.exact);
    BOOST_TEST(result.collision_probability == 0);
    BOOST_TEST(result.levels == one_word.levels, boost::test_tools::per_element());
    BOOST_TEST((result.actions == one_word.actions));
  }
}

BOOST_AUTO_TEST_CASE(cancel_acknowledge_never_fires_because_a_request_assigns_the_whole_mask) {
  for (const auto& [action, count] : explored({2, 2, 1, 2}).actions) {
    BOOST_TEST((count == 0) == (action == "CancelAcknowledge"));
  }
  for (const auto& [action, count] : explored({2, 2, 1, 0}).actions) {
    BOOST_TEST((count == 0) == (action == "CancelMasked"));
  }
}

BOOST_AUTO_TEST_CASE(public_model_reaches_its_interesting_cases) {
  for (const Witness& witness : explored({1, 3, 1, 1}).sometimes) {
    BOOST_TEST_CONTEXT(witness.id) {
      BOOST_TEST(witness.first_level.has_value());
    }
  }
  // With two regions there is nothing for a subregion to be the parent of.
  for (const Witness& witness : explored({1, 2, 1, 1}).sometimes) {
    BOOST_TEST(witness.first_level.has_value() == (witness.id != "NestedSubregion"));
  }
}

}  // namespace
}  // namespace quiesce::explore
