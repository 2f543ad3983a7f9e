// Fair cycles, forgotten waits and longest waits, on graphs small enough to be judged by hand or by
// trying everything.
#include "models/explore/progress_graph.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "models/explore/key_set.hpp"

namespace quiesce::explore {
namespace {

struct Edge {
  StateNumber from = 0;
  StateNumber to = 0;
  std::uint64_t classes = 0;
};

/// A graph whose states are numbered so that each but the first has a step from a lower number.
ProgressGraph graph_of(const std::vector<ProgressGraph::Node>& nodes,
                       const std::vector<Edge>& edges) {
  ProgressGraph graph;
  for (StateNumber state = 0; state < nodes.size(); ++state) {
    ProgressGraph::Node node = nodes[state];
    for (const Edge& edge : edges) {
      if (edge.to == state && edge.from < state) {
        node.found_from = edge.from;
        break;
      }
    }
    graph.add_state(node);
  }
  for (StateNumber state = 0; state < nodes.size(); ++state) {
    std::vector<GraphStep> steps;
    for (const Edge& edge : edges) {
      if (edge.from == state) steps.push_back({edge.to, edge.classes});
    }
    graph.add_steps_of_next(steps);
  }
  return graph;
}

constexpr ProgressGraph::Node idle{.reached = 1};
constexpr ProgressGraph::Node pending{.pending = 1, .waiting = 1};

using Path = std::vector<StateNumber>;

bool is_step(const ProgressGraph& graph, StateNumber from, StateNumber to) {
  const auto steps = graph.steps_of(from);
  return std::any_of(steps.begin(), steps.end(),
                     [to](const GraphStep& step) { return step.to == to; });
}

/// Empty if a lasso is what it says, otherwise what is wrong with it.
std::string flaw_of(const ProgressGraph& graph, const LassoPath& lasso, std::uint64_t assumed) {
  if (lasso.stem.empty() || lasso.stem.front() != 0) return "it does not begin at the beginning";
  Path run = lasso.stem;
  run.insert(run.end(), lasso.cycle.begin(), lasso.cycle.end());
  for (std::size_t i = 1; i < run.size(); ++i) {
    if (!is_step(graph, run[i - 1], run[i])) return "it takes a step that is none";
  }
  if (run.back() != lasso.stem.back()) return "its cycle does not close";
  std::uint64_t served = ~graph.node(run.back()).enabled;
  for (std::size_t i = lasso.stem.size(); i < run.size(); ++i) {
    served |= ~graph.node(run[i]).enabled;
    for (const GraphStep& step : graph.steps_of(run[i - 1])) {
      if (step.to == run[i] && run[i] != run[i - 1]) served |= step.classes;
    }
  }
  for (std::size_t i = lasso.stem.size() - 1; i < run.size(); ++i) {
    if ((graph.node(run[i]).pending & 1U) == 0) return "it leaves the states that wait";
  }
  return (assumed & ~served) == 0 ? "" : "it is not fair";
}

/// By trying every set of states: is one strongly connected, waiting and fair?
bool some_set_is_fair(const ProgressGraph& graph, std::uint64_t assumed) {
  const auto states = static_cast<StateNumber>(graph.states());
  for (std::uint64_t set = 1; set < std::uint64_t{1} << states; ++set) {
    const auto has = [set](StateNumber state) { return (set >> state & 1U) != 0; };
    std::uint64_t served = 0;
    bool waits = true;
    bool connected = true;
    for (StateNumber from = 0; from < states; ++from) {
      if (!has(from)) continue;
      waits &= (graph.node(from).pending & 1U) != 0;
      served |= ~graph.node(from).enabled;
      std::uint64_t reached = std::uint64_t{1} << from;
      for (StateNumber round = 0; round < states; ++round) {
        for (StateNumber at = 0; at < states; ++at) {
          if ((reached >> at & 1U) == 0) continue;
          for (const GraphStep& step : graph.steps_of(at)) {
            if (has(step.to)) reached |= std::uint64_t{1} << step.to;
          }
        }
      }
      connected &= (set & ~reached) == 0;
      for (const GraphStep& step : graph.steps_of(from)) {
        if (step.to != from && has(step.to)) served |= step.classes;
      }
    }
    if (waits && connected && (assumed & ~served) == 0) return true;
  }
  return false;
}

/// A graph that depends on nothing but the seed, every state reachable.
ProgressGraph random_graph(std::uint64_t seed, StateNumber states, bool may_turn_back) {
  const auto next = [&seed](std::uint64_t below) { return (seed = mix(seed + 1)) % below; };
  std::vector<ProgressGraph::Node> nodes(states);
  std::vector<Edge> edges;
  for (StateNumber state = 0; state < states; ++state) {
    const bool waits = next(4) != 0;
    nodes[state] = waits ? pending : idle;
    if (state == 0) continue;
    edges.push_back({static_cast<StateNumber>(next(state)), state, next(8)});
  }
  for (std::uint64_t more = next(2 * states); more > 0; --more) {
    auto from = static_cast<StateNumber>(next(states));
    auto to = static_cast<StateNumber>(next(states));
    if (!may_turn_back && from >= to) std::swap(from, to);
    if (may_turn_back || from != to) edges.push_back({from, to, next(8)});
  }
  return graph_of(nodes, edges);
}

BOOST_AUTO_TEST_SUITE(progress_graph)

BOOST_AUTO_TEST_CASE(a_state_without_fair_steps_is_a_lasso_by_itself) {
  const auto graph = graph_of({idle, pending, idle}, {{0, 1, 0}, {1, 2, 0}});
  const auto lasso = find_lasso(graph, 0, 1);
  BOOST_TEST_REQUIRE(lasso.has_value());
  BOOST_TEST(lasso->stem == (Path{0, 1}));
  BOOST_TEST(lasso->cycle.empty());
}

BOOST_AUTO_TEST_CASE(a_fair_step_ends_the_wait) {
  const auto graph = graph_of({idle, pending, idle}, {{0, 1, 0}, {1, 2, 1}});
  BOOST_TEST(!find_lasso(graph, 0, 1).has_value());
  BOOST_TEST(find_lasso(graph, 0, 0).has_value());  // nothing is assumed
}

BOOST_AUTO_TEST_CASE(a_step_to_the_same_state_is_no_step_of_a_class) {
  const auto graph = graph_of({pending, idle}, {{0, 0, 1}, {0, 1, 0}});
  const auto lasso = find_lasso(graph, 0, 1);
  BOOST_TEST_REQUIRE(lasso.has_value());
  BOOST_TEST(lasso->cycle.empty());
}

BOOST_AUTO_TEST_CASE(a_class_that_could_step_all_along_is_not_passed_over) {
  // 0 and 1 alternate; class 1 could leave from both.
  const auto graph =
      graph_of({pending, pending, idle}, {{0, 1, 0}, {1, 0, 0}, {0, 2, 1}, {1, 2, 1}});
  BOOST_TEST(!find_lasso(graph, 0, 1).has_value());
}

BOOST_AUTO_TEST_CASE(a_class_that_has_no_step_now_and_then_may_be_passed_over) {
  // The same, but class 1 can leave from 0 only: weak fairness does not insist.
  const auto graph = graph_of({pending, pending, idle}, {{0, 1, 0}, {1, 0, 0}, {0, 2, 1}});
  const auto lasso = find_lasso(graph, 0, 1);
  BOOST_TEST_REQUIRE(lasso.has_value());
  BOOST_TEST(flaw_of(graph, *lasso, 1) == "");
}

BOOST_AUTO_TEST_CASE(a_cycle_goes_round_until_every_class_is_served) {
  // Two loops through 0: one serves the first class, the other the second; both could leave.
  const auto graph =
      graph_of({pending, pending, pending, idle},
               {{0, 1, 1}, {1, 0, 0}, {0, 2, 2}, {2, 0, 0}, {0, 3, 3}, {1, 3, 3}, {2, 3, 3}});
  const auto lasso = find_lasso(graph, 0, 3);
  BOOST_TEST_REQUIRE(lasso.has_value());
  BOOST_TEST(lasso->cycle == (Path{1, 0, 2, 0}));
}

BOOST_AUTO_TEST_CASE(the_shortest_stem_is_shown) {
  const auto graph =
      graph_of({idle, idle, pending, idle, pending}, {{0, 1, 0}, {0, 2, 0}, {1, 3, 0}, {3, 4, 0}});
  BOOST_TEST(find_lasso(graph, 0, 1)->stem == (Path{0, 2}));
}

BOOST_AUTO_TEST_CASE(a_wait_that_is_forgotten_is_found) {
  constexpr ProgressGraph::Node neither{};
  const auto kept = graph_of({idle, pending, idle}, {{0, 1, 0}, {1, 2, 1}});
  BOOST_TEST(!find_forgotten(kept, 0).has_value());
  const auto graph = graph_of({idle, pending, neither}, {{0, 1, 0}, {1, 2, 1}});
  BOOST_TEST(*find_forgotten(graph, 0) == (Path{0, 1, 2}));
}

BOOST_AUTO_TEST_CASE(a_lasso_is_found_exactly_if_some_set_of_states_is_fair) {
  std::size_t found = 0;
  std::size_t turning = 0;
  std::size_t none = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    const auto graph = random_graph(mix(seed), 2 + static_cast<StateNumber>(seed % 5), true);
    for (const std::uint64_t assumed : {1U, 3U, 7U}) {
      const auto lasso = find_lasso(graph, 0, assumed);
      BOOST_TEST_REQUIRE(lasso.has_value() == some_set_is_fair(graph, assumed), "seed " << seed);
      if (lasso) BOOST_TEST_REQUIRE(flaw_of(graph, *lasso, assumed) == "", "seed " << seed);
      if (lasso && !lasso->cycle.empty()) ++turning;
      ++(lasso ? found : none);
    }
  }
  BOOST_TEST(turning > 100U);
  BOOST_TEST(found > 1000U);
  BOOST_TEST(none > 1000U);
}

/// By walking every way: the most counted steps from a state while it waits.
std::uint64_t most_by_walking(const ProgressGraph& graph, StateNumber state) {
  if (graph.node(state).waiting == 0) return 0;
  std::uint64_t most = 0;
  for (const GraphStep& step : graph.steps_of(state))
    most = std::max(most, (step.classes & 1U) + most_by_walking(graph, step.to));
  return most;
}

BOOST_AUTO_TEST_CASE(the_longest_wait_is_what_walking_every_way_finds) {
  std::uint64_t longest = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const auto graph = random_graph(mix(seed), 2 + static_cast<StateNumber>(seed % 7), false);
    const LongestWait wait = longest_wait(graph, 0, 0);
    for (StateNumber state = 0; state < graph.states(); ++state) {
      BOOST_TEST_REQUIRE(wait.steps[state] == most_by_walking(graph, state), "seed " << seed);
      longest = std::max(longest, wait.steps[state]);
    }
  }
  BOOST_TEST(longest >= 5U);
}

BOOST_AUTO_TEST_CASE(a_counted_step_that_can_be_repeated_makes_a_wait_endless) {
  const auto by_itself = graph_of({idle, pending, idle}, {{0, 1, 0}, {1, 1, 1}, {1, 2, 0}});
  BOOST_TEST(longest_wait(by_itself, 0, 0).steps[1] == LongestWait::endless);
  const auto with_another = graph_of({pending, pending}, {{0, 1, 1}, {1, 0, 0}});
  BOOST_TEST(longest_wait(with_another, 0, 0).steps[0] == LongestWait::endless);
  const auto of_others = graph_of({pending, pending, idle}, {{0, 1, 2}, {1, 0, 2}, {1, 2, 1}});
  BOOST_TEST(longest_wait(of_others, 0, 0).steps[0] == 1U);
}

BOOST_AUTO_TEST_CASE(steps_between_the_same_states_are_one_with_all_their_classes) {
  const auto graph = graph_of({pending, idle}, {{0, 1, 1}, {0, 0, 4}, {0, 1, 2}});
  BOOST_TEST(graph.steps() == 2U);
  BOOST_TEST(graph.node(0).enabled == 3U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace quiesce::explore
