// The digest of a graph: it sees what no count sees, and nothing that is no part of the graph.
#include "models/explore/graph_digest.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <utility>
#include <vector>

#include "models/explore/public_tla.hpp"
#include "models/explore/search.hpp"

namespace quiesce::explore {
namespace {

/// The public model in which two actions of its first state lead where the other one led.
class Exchanged : public PublicTla<1> {
 public:
  using PublicTla<1>::PublicTla;
  template <class Sink>
  void successors(const State& state, const Facts& facts, Sink&& sink) const {
    std::vector<std::pair<std::size_t, State>> steps;
    PublicTla<1>::successors(state, facts, [&](std::size_t action, const State& next) {
      steps.emplace_back(action, next);
    });
    if (state == initial()) {
      const auto other = std::find_if(steps.begin(), steps.end(), [&](const auto& step) {
        return step.first != steps.front().first;
      });
      BOOST_TEST_REQUIRE((other != steps.end()));
      std::swap(steps.front().second, other->second);
    }
    for (const auto& [action, next] : steps) sink(action, next);
  }
};

constexpr Bounds bounds{2, 2, 1, 2};

BOOST_AUTO_TEST_CASE(graph_sees_steps_that_lead_elsewhere_where_every_count_stays) {
  const SearchResult right = search(PublicTla<1>(bounds), SearchOptions{});
  const SearchResult exchanged = search(Exchanged(bounds), SearchOptions{});
  BOOST_TEST(right.distinct_states == exchanged.distinct_states);
  BOOST_TEST(right.levels == exchanged.levels, boost::test_tools::per_element());
  BOOST_TEST((right.actions == exchanged.actions));
  BOOST_TEST(right.graph != 0U);
  BOOST_TEST(right.graph != exchanged.graph);
}

BOOST_AUTO_TEST_CASE(graph_is_the_same_on_any_number_of_threads) {
  SearchOptions options;
  const SearchResult one = search(PublicTla<1>(bounds), options);
  options.threads = 3;
  BOOST_TEST(search(PublicTla<1>(bounds), options).graph == one.graph);
}

BOOST_AUTO_TEST_CASE(graph_tells_actions_states_and_refusals_apart) {
  BOOST_TEST(step_shape(0, 5) != step_shape(1, 5));
  BOOST_TEST(step_shape(0, 5) != step_shape(0, 6));
  BOOST_TEST(refusal_shape(0, 3) + refusal_shape(1, 4) !=
             refusal_shape(0, 4) + refusal_shape(1, 3));
  // Which state it is that a step leads from counts, too.
  const std::uint64_t here = step_shape(0, 5);
  const std::uint64_t there = step_shape(1, 6);
  const std::array<std::uint64_t, 2> one{1, 0};
  const std::array<std::uint64_t, 2> other{0, 1};
  BOOST_TEST(graph_part(one, here) + graph_part(other, there) !=
             graph_part(one, there) + graph_part(other, here));
}

}  // namespace
}  // namespace quiesce::explore
