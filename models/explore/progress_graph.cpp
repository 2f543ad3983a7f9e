#include "models/explore/progress_graph.hpp"

#include <algorithm>

namespace quiesce::explore {
namespace {

constexpr StateNumber nobody = std::numeric_limits<StateNumber>::max();

std::uint64_t bit(std::size_t number) {
  return std::uint64_t{1} << number;
}

/// Tarjan's algorithm with a stack of its own.
class Components {
 public:
  using Inside = std::function<bool(StateNumber)>;
  using Visit = std::function<void(std::span<const StateNumber>)>;

  Components(const ProgressGraph& graph, const Inside& inside, const Visit& visit)
      : graph_(graph),
        inside_(inside),
        visit_(visit),
        order_(graph.states(), unseen),
        low_(graph.states(), 0) {}

  void run() {
    for (StateNumber state = 0; state < graph_.states(); ++state) {
      if (order_[state] == unseen && inside_(state)) explore_from(state);
    }
  }

 private:
  static constexpr StateNumber unseen = nobody;
  static constexpr StateNumber done = nobody - 1;
  struct Frame {
    StateNumber state;
    std::size_t next_step;
  };

  void enter(StateNumber state) {
    order_[state] = low_[state] = count_++;
    open_.push_back(state);
    frames_.push_back({state, 0});
  }

  void explore_from(StateNumber first) {
    enter(first);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      const auto steps = graph_.steps_of(frame.state);
      if (frame.next_step == steps.size()) {
        leave(frame.state);
        continue;
      }
      const StateNumber to = steps[frame.next_step++].to;
      if (order_[to] == unseen && inside_(to)) {
        enter(to);
      } else if (order_[to] < done) {
        low_[frame.state] = std::min(low_[frame.state], order_[to]);
      }
    }
  }

  void leave(StateNumber state) {
    frames_.pop_back();
    if (!frames_.empty()) {
      const StateNumber above = frames_.back().state;
      low_[above] = std::min(low_[above], low_[state]);
    }
    if (low_[state] != order_[state]) return;
    const auto begin = std::find(open_.rbegin(), open_.rend(), state).base() - 1;
    for (auto at = begin; at != open_.end(); ++at) order_[*at] = done;
    visit_(std::span(&*begin, static_cast<std::size_t>(open_.end() - begin)));
    open_.erase(begin, open_.end());
  }

  const ProgressGraph& graph_;
  const Inside& inside_;
  const Visit& visit_;
  std::vector<StateNumber> order_;
  std::vector<StateNumber> low_;
  std::vector<StateNumber> open_;
  std::vector<Frame> frames_;
  StateNumber count_ = 0;
};

/// The states of one component, asked by number.
class Members {
 public:
  Members(std::span<const StateNumber> states, std::size_t of) : is_member_(of) {
    for (const StateNumber state : states) is_member_[state] = true;
  }
  [[nodiscard]] bool has(StateNumber state) const { return is_member_[state]; }

 private:
  std::vector<bool> is_member_;
};

/// A step that ends a search within a component, and the way to it.
struct Way {
  std::vector<StateNumber> states;  ///< after the one where it began
  std::uint64_t classes = 0;        ///< of its steps
};

/// The shortest way from `from` whose last step is wanted; a component has one if any step is.
template <class Wanted>
Way shortest_way(const ProgressGraph& graph, const Members& members, StateNumber from,
                 Wanted&& wanted) {
  std::vector<StateNumber> found_from(graph.states(), nobody);
  std::vector<std::uint64_t> classes(graph.states(), 0);
  std::vector<StateNumber> queue{from};
  found_from[from] = from;
  for (std::size_t at = 0; at < queue.size(); ++at) {
    const StateNumber state = queue[at];
    for (const GraphStep& step : graph.steps_of(state)) {
      if (step.to == state || !members.has(step.to)) continue;
      if (wanted(step)) {
        Way way{{step.to}, step.classes};
        for (StateNumber back = state; back != from; back = found_from[back]) {
          way.states.push_back(back);
          way.classes |= classes[back];
        }
        std::reverse(way.states.begin(), way.states.end());
        return way;
      }
      if (found_from[step.to] != nobody) continue;
      found_from[step.to] = state;
      classes[step.to] = step.classes;
      queue.push_back(step.to);
    }
  }
  return {};
}

/// A walk from `begin` back to it that is fair to every class of `assumed`.
std::vector<StateNumber> fair_cycle(const ProgressGraph& graph, const Members& members,
                                    StateNumber begin, std::uint64_t assumed) {
  std::vector<StateNumber> cycle;
  StateNumber at = begin;
  std::uint64_t owed = assumed & graph.node(begin).enabled;
  const auto go = [&](const Way& way) {
    for (const StateNumber state : way.states) owed &= graph.node(state).enabled;
    owed &= ~way.classes;
    cycle.insert(cycle.end(), way.states.begin(), way.states.end());
    at = way.states.empty() ? at : way.states.back();
    return !way.states.empty();
  };
  while (owed != 0) {
    const auto pays = [&](const GraphStep& step) {
      return (owed & (step.classes | ~graph.node(step.to).enabled)) != 0;
    };
    if (!go(shortest_way(graph, members, at, pays))) break;
  }
  if (at != begin) {
    go(shortest_way(graph, members, at, [&](const GraphStep& step) { return step.to == begin; }));
  }
  return cycle;
}

/// A component of waiting states in which a fair run may stay, and where its lasso begins.
struct FairComponent {
  std::vector<StateNumber> states;
  StateNumber begin = nobody;
};

StateNumber where_to_begin(const ProgressGraph& graph, std::span<const StateNumber> states,
                           std::uint64_t assumed) {
  StateNumber first = nobody;
  StateNumber idle = nobody;
  for (const StateNumber state : states) {
    first = std::min(first, state);
    if ((graph.node(state).enabled & assumed) == 0) idle = std::min(idle, state);
  }
  return idle != nobody ? idle : first;
}

bool may_stay(const ProgressGraph& graph, std::span<const StateNumber> states,
              std::uint64_t assumed) {
  std::uint64_t served = 0;
  for (const StateNumber state : states) served |= ~graph.node(state).enabled;
  if ((assumed & ~served) == 0) return true;
  if (states.size() == 1) return false;
  std::vector<StateNumber> sorted(states.begin(), states.end());
  std::sort(sorted.begin(), sorted.end());
  for (const StateNumber state : states) {
    for (const GraphStep& step : graph.steps_of(state)) {
      if (step.to != state && std::binary_search(sorted.begin(), sorted.end(), step.to))
        served |= step.classes;
    }
  }
  return (assumed & ~served) == 0;
}

}  // namespace

void ProgressGraph::add_steps_of_next(std::span<const GraphStep> steps) {
  const auto from = static_cast<StateNumber>(first_step_.size() - 1);
  const std::size_t begin = steps_.size();
  steps_.insert(steps_.end(), steps.begin(), steps.end());
  const auto first = steps_.begin() + static_cast<std::ptrdiff_t>(begin);
  std::sort(first, steps_.end(),
            [](const GraphStep& a, const GraphStep& b) { return a.to < b.to; });
  auto last = first;
  for (auto at = first; at != steps_.end(); ++at) {
    if (at != first && last->to == at->to) {
      last->classes |= at->classes;
    } else {
      if (at != first) ++last;
      *last = *at;
    }
  }
  if (first != steps_.end()) steps_.erase(last + 1, steps_.end());
  for (std::size_t i = begin; i < steps_.size(); ++i) {
    if (steps_[i].to != from) nodes_[from].enabled |= steps_[i].classes;
  }
  first_step_.push_back(steps_.size());
}

std::vector<StateNumber> ProgressGraph::path_to(StateNumber state) const {
  std::vector<StateNumber> path{state};
  while (path.back() != 0) path.push_back(nodes_[path.back()].found_from);
  std::reverse(path.begin(), path.end());
  return path;
}

void each_component(const ProgressGraph& graph, const std::function<bool(StateNumber)>& inside,
                    const std::function<void(std::span<const StateNumber>)>& visit) {
  Components(graph, inside, visit).run();
}

std::optional<LassoPath> find_lasso(const ProgressGraph& graph, std::size_t pending,
                                    std::uint64_t assumed) {
  FairComponent best;
  each_component(
      graph, [&](StateNumber state) { return (graph.node(state).pending & bit(pending)) != 0; },
      [&](std::span<const StateNumber> states) {
        if (!may_stay(graph, states, assumed)) return;
        const StateNumber begin = where_to_begin(graph, states, assumed);
        if (begin < best.begin) best = {{states.begin(), states.end()}, begin};
      });
  if (best.begin == nobody) return std::nullopt;
  const Members members(best.states, graph.states());
  return LassoPath{graph.path_to(best.begin), fair_cycle(graph, members, best.begin, assumed)};
}

std::optional<std::vector<StateNumber>> find_forgotten(const ProgressGraph& graph,
                                                       std::size_t pending) {
  for (StateNumber state = 0; state < graph.states(); ++state) {
    if ((graph.node(state).pending & bit(pending)) == 0) continue;
    for (const GraphStep& step : graph.steps_of(state)) {
      const ProgressGraph::Node& next = graph.node(step.to);
      if (((next.pending | next.reached) & bit(pending)) != 0) continue;
      auto path = graph.path_to(state);
      path.push_back(step.to);
      return path;
    }
  }
  return std::nullopt;
}

LongestWait longest_wait(const ProgressGraph& graph, std::size_t waiting, std::size_t counted) {
  LongestWait wait{std::vector<std::uint64_t>(graph.states(), 0),
                   std::vector<bool>(graph.states(), false)};
  const auto waits = [&](StateNumber state) {
    return (graph.node(state).waiting & bit(waiting)) != 0;
  };
  const auto is_counted = [&](const GraphStep& step) { return (step.classes & bit(counted)) != 0; };
  each_component(graph, waits, [&](std::span<const StateNumber> states) {
    std::vector<StateNumber> sorted(states.begin(), states.end());
    std::sort(sorted.begin(), sorted.end());
    std::uint64_t most = 0;
    for (const StateNumber state : states) {
      for (const GraphStep& step : graph.steps_of(state)) {
        const bool stays = std::binary_search(sorted.begin(), sorted.end(), step.to);
        const std::uint64_t after = stays || !waits(step.to) ? 0 : wait.steps[step.to];
        const bool without_end = (stays && is_counted(step)) || after == LongestWait::endless;
        most = without_end ? LongestWait::endless : std::max(most, after + is_counted(step));
      }
    }
    for (const StateNumber state : states) wait.steps[state] = most;
  });
  if (waits(0)) wait.begins[0] = true;
  for (StateNumber state = 0; state < graph.states(); ++state) {
    if (waits(state)) continue;
    for (const GraphStep& step : graph.steps_of(state)) {
      if (waits(step.to)) wait.begins[step.to] = true;
    }
  }
  return wait;
}

}  // namespace quiesce::explore
