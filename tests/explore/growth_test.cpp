// What remains of a search: said about right once it can be said, and else not said.
#include "models/explore/growth.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <span>
#include <vector>

#include "models/explore/house.hpp"
#include "models/explore/public_tla.hpp"
#include "models/explore/report.hpp"
#include "models/explore/search.hpp"

namespace quiesce::explore {
namespace {

/// At every level of a search that came to its end: how far off, and how early.
void hold_against(const std::vector<std::uint64_t>& levels, double states) {
  double known = 0;
  double first_said_at = 1;
  for (std::size_t level = 0; level < levels.size(); ++level) {
    known += static_cast<double>(levels[level]);
    const auto total = about_total(std::span(levels).first(level + 1));
    if (!total) continue;
    first_said_at = std::min(first_said_at, known / states);
    BOOST_TEST(*total >= known);
    BOOST_TEST_CONTEXT("level " << level << ", " << known << " of " << states) {
      BOOST_TEST(*total > states / 3);
      BOOST_TEST(*total < states * 3.2);
      if (known > states / 2) BOOST_TEST(std::abs(*total - states) < states / 4);
    }
  }
  BOOST_TEST(first_said_at < 0.35);
}

BOOST_AUTO_TEST_CASE(growth_guesses_within_a_factor_and_closer_past_the_middle) {
  const SearchResult tla = search(PublicTla<1>({3, 2, 1, 2}), {});
  hold_against(tla.levels, static_cast<double>(tla.distinct_states));
  const HouseMachine machine({.regions = 2, .tasks = 2, .obligations = 1});
  const SearchResult house = search(House<3>(machine), {});
  hold_against(house.levels, static_cast<double>(house.distinct_states));
}

BOOST_AUTO_TEST_CASE(growth_says_nothing_while_the_levels_grow_as_before) {
  BOOST_TEST(!about_total(std::vector<std::uint64_t>{}).has_value());
  BOOST_TEST(!about_total(std::vector<std::uint64_t>{1, 2, 4, 8, 16, 32}).has_value());
  BOOST_TEST(!about_total(std::vector<std::uint64_t>{1, 1, 1, 1, 1, 1, 1}).has_value());
  BOOST_TEST(!about_total(std::vector<std::uint64_t>{1, 2, 6, 24, 120}).has_value());
}

BOOST_AUTO_TEST_CASE(progress_line_says_what_remains_or_that_it_cannot) {
  Progress progress{.states = 3'000'000,
                    .expanded = 2'000'000,
                    .expanded_in_this_run = 2'000'000,
                    .level = 7,
                    .frontier_states = 1'000'000,
                    .seconds = 2,
                    .memory_bytes = 64U << 20};
  BOOST_TEST(progress_line(progress) ==
             "level 7  3,000,000 states  1,000,000 waiting  1.50 M states/s  64 MiB  how much "
             "remains cannot be said yet");
  progress.about_states = 12'345'678;
  BOOST_TEST(progress_line(progress) ==
             "level 7  3,000,000 states  1,000,000 waiting  1.50 M states/s  64 MiB  about "
             "12,000,000 states in all, 10 s to go");
}

/// A checkpoint of 2,000,000 states was read: one million is what two seconds found.
BOOST_AUTO_TEST_CASE(progress_line_counts_the_states_of_this_run_in_its_rate) {
  const Progress progress{.states = 3'000'000,
                          .restored = 2'000'000,
                          .expanded = 2'000'000,
                          .expanded_in_this_run = 500'000,
                          .level = 7,
                          .frontier_states = 1'000'000,
                          .seconds = 2,
                          .memory_bytes = 64U << 20};
  BOOST_TEST(progress_line(progress).find("  3,000,000 states  ") != std::string::npos);
  BOOST_TEST(progress_line(progress).find("  0.50 M states/s  ") != std::string::npos);
}

}  // namespace
}  // namespace quiesce::explore
