// The reachable graph as the progress checks see it: masks on states and steps, no names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace quiesce::explore {

/// The number of a state: in the order in which a breadth-first search found it.
using StateNumber = std::uint32_t;

/// A step to another state or to itself; steps between the same two states are one, with all their
/// classes.
struct GraphStep {
  StateNumber to = 0;
  std::uint64_t classes = 0;
};

/// ProgressGraph is the whole reachable graph of a model.
///   state    36 bytes a state and 16 a step
class ProgressGraph {
 public:
  struct Node {
    std::uint64_t pending = 0;
    std::uint64_t reached = 0;
    std::uint64_t waiting = 0;
    std::uint64_t enabled = 0;  ///< the classes that have a step to another state
    StateNumber found_from = 0;
  };

  /// States are added in the order of their numbers, and their steps in the same order.
  void add_state(const Node& node) { nodes_.push_back(node); }
  void add_steps_of_next(std::span<const GraphStep> steps);

  [[nodiscard]] std::size_t states() const { return nodes_.size(); }
  [[nodiscard]] std::size_t steps() const { return steps_.size(); }
  [[nodiscard]] const Node& node(StateNumber state) const { return nodes_[state]; }
  [[nodiscard]] std::span<const GraphStep> steps_of(StateNumber state) const {
    return std::span(steps_).subspan(first_step_[state],
                                     first_step_[state + 1] - first_step_[state]);
  }
  [[nodiscard]] std::uint64_t memory_bytes() const {
    return nodes_.size() * (sizeof(Node) + sizeof(std::size_t)) + steps_.size() * sizeof(GraphStep);
  }
  /// A shortest path from the initial state.
  [[nodiscard]] std::vector<StateNumber> path_to(StateNumber state) const;

 private:
  std::vector<Node> nodes_;
  std::vector<std::size_t> first_step_{0};
  std::vector<GraphStep> steps_;
};

/// Calls visit(states) for each strongly connected component of the states that `inside` names,
/// each after those that it reaches.
///   cost     linear in the graph, without recursion
void each_component(const ProgressGraph& graph, const std::function<bool(StateNumber)>& inside,
                    const std::function<void(std::span<const StateNumber>)>& visit);

/// A way to a state and for ever round a cycle.
struct LassoPath {
  std::vector<StateNumber> stem;   ///< from the initial state to where the cycle begins
  std::vector<StateNumber> cycle;  ///< from there back to it; empty: nothing changes any more
};

/// A run in which the instance `pending` waits for ever, fair to each class of `assumed`: a cycle
/// that for each of them takes a step of it or passes a state without one. Of those that begin
/// with a shortest stem. Nothing if every fair run ends the wait.
///   cost     linear in the graph
[[nodiscard]] std::optional<LassoPath> find_lasso(const ProgressGraph& graph, std::size_t pending,
                                                  std::uint64_t assumed);

/// A step after which an instance neither waits nor has reached its goal: what it waited for was
/// forgotten. The path ends with that step.
[[nodiscard]] std::optional<std::vector<StateNumber>> find_forgotten(const ProgressGraph& graph,
                                                                     std::size_t pending);

/// How many steps of one class a wait takes at most.
struct LongestWait {
  static constexpr std::uint64_t endless = std::numeric_limits<std::uint64_t>::max();
  std::vector<std::uint64_t> steps;  ///< by state; 0 where nobody waits
  std::vector<bool> begins;          ///< by state: the wait may begin here
};
/// cost     linear in the graph
[[nodiscard]] LongestWait longest_wait(const ProgressGraph& graph, std::size_t waiting,
                                       std::size_t counted);

}  // namespace quiesce::explore
