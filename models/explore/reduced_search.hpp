// The search with sleep sets: every reachable state, and of steps that only commute one order.
#pragma once

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "impl/sync/require.hpp"
#include "models/explore/described.hpp"
#include "models/explore/model.hpp"
#include "models/explore/number_set.hpp"
#include "models/explore/numbered_states.hpp"
#include "models/explore/pages.hpp"
#include "models/explore/result.hpp"
#include "models/explore/trace.hpp"

namespace quiesce::explore {

/// A ReducibleModel is a Model whose steps are those of numbered instances of actions.
///   instance_count   at most 128
///   inspect_awake    as `inspect`; steps of the instances `asleep` may be left out of the facts
///   steps            calls sink(instance, action, next) for every enabled step: of an instance
///                    one at most
///   independent      a symmetric relation between instances, never of one with itself. In every
///                    reachable state: if both are enabled, both orders are possible and lead to
///                    the same state; if one is not, the other does not enable it.
///                    source   tests/explore/reduction_test.cpp asks that of every state
template <class M>
concept ReducibleModel = Model<M> &&
    requires(const M& model, const typename M::State& state, const typename M::Facts& facts,
             void (*sink)(std::size_t, std::size_t, const typename M::State&)) {
  { model.instance_count() } -> std::same_as<std::size_t>;
  { model.inspect_awake(state, FactSet{}, InstanceSet{}) } -> std::same_as<typename M::Facts>;
  model.steps(state, facts, sink);
  { model.independent(std::size_t{}, std::size_t{}) } -> std::same_as<bool>;
};

/// ReducedSearch walks every reachable state, level by level, on one thread.
///
/// What sleeps in a state need not be taken there: it commutes with how the state was reached, and
/// was taken before that. A step's successor inherits what slept, and what was taken before the
/// step, as far as it is independent of the step; a state that is reached several times from the
/// level before keeps what all of them agree on. Arrivals from later levels say nothing. For among
/// the shortest paths to a state take the one that is least by the numbers of its instances: were
/// one of its steps asleep, it could be taken earlier, in the place of a greater one that it is
/// independent of, and the path were not the least. So all its steps are taken, each state is
/// expanded once and stands in the same level as in the full search.
///   state    kept: states, levels, shortest paths, what is always or sometimes true of states,
///            terminal states, refusals. Not kept: how often an action fires; properties of steps
///            are judged on the steps taken. `transitions` and `asleep_steps` add up to all.
///   cost     exact; sizeof(State) + 8 to 16 bytes a state, and 16 a state of two levels
template <ReducibleModel M>
class ReducedSearch {
 public:
  using State = typename M::State;

  ReducedSearch(const M& model, const SearchOptions& options)
      : model_(model),
        view_(model),
        options_(options),
        ceiling_bytes_(options.memory_ceiling_bytes != 0 ? options.memory_ceiling_bytes
                                                         : default_memory_ceiling()),
        independent_(model.instance_count()) {
    require(independent_.size() <= InstanceSet::most,
            "a model to reduce has at most 128 instances");
    for (std::size_t a = 0; a < independent_.size(); ++a) {
      for (std::size_t b = 0; b < independent_.size(); ++b) {
        if (model.independent(a, b)) independent_[a].add(b);
      }
    }
  }

  [[nodiscard]] SearchResult run() {
    started_ = reported_ = std::chrono::steady_clock::now();
    prepare();
    for (;;) {
      while (covered_.expanded < covered_.level_end) {
        if (covered_.expanded % look_every == 0 && !may_go_on()) return result();
        expand(covered_.expanded++);
      }
      if (!end_level()) return result();
    }
  }

 private:
  struct Step {
    std::size_t instance;
    State next;
  };
  static constexpr std::uint64_t look_every = 1024;

  void prepare() {
    covered_ = nothing_covered(view_, options_);
    states_.number_of(model_.initial());
    asleep_.resize(1);
    covered_.level_starts = {0};
    covered_.level_end = 1;
  }

  [[nodiscard]] std::size_t level() const { return covered_.level_starts.size() - 1; }

  /// Room for whatever the next states can find, and the caller's word.
  [[nodiscard]] bool may_go_on() {
    report_progress();
    if (options_.stop_requested && options_.stop_requested()) {
      ended_ = Ended::Interrupted;
      return false;
    }
    const std::uint64_t found = look_every * std::max<std::size_t>(model_.max_successors(), 1);
    const std::uint64_t most = std::min<std::uint64_t>(states_.size() + found, most_states);
    if (states_.bytes_on_the_way_to(most) + sleeping_bytes() + found * sizeof(InstanceSet) >
            ceiling_bytes_ ||
        states_.size() + found > most_states) {
      ended_ = Ended::MemoryCeiling;
      return false;
    }
    return true;
  }

  void expand(std::uint64_t number) {
    const State state = states_[number];
    const InstanceSet asleep = asleep_[number - covered_.level_starts.back()];
    const auto facts = model_.inspect_awake(
        state, options_.count_witnesses ? FactSet{} : covered_.witnessed, asleep);
    note(state, facts);
    steps_.clear();
    model_.steps(state, facts, [&](std::size_t instance, std::size_t action, const State& next) {
      if (asleep.has(instance)) return;
      ++covered_.fired[action];
      steps_.push_back({instance, next});
    });
    asleep_steps_ += asleep.size();
    if (steps_.size() + asleep.size() == 0) note_terminal(state, facts);
    follow(asleep);
  }

  /// The same order in every state: that of the instances' numbers.
  void follow(InstanceSet asleep) {
    std::sort(steps_.begin(), steps_.end(),
              [](const Step& a, const Step& b) { return a.instance < b.instance; });
    for (const Step& step : steps_) {
      arrive(step.next, asleep & independent_[step.instance]);
      asleep.add(step.instance);
    }
  }

  void arrive(const State& state, const InstanceSet& asleep) {
    const std::size_t known = states_.size();
    const std::size_t number = states_.number_of(state);
    if (number == known) {
      found_asleep_.push_back(asleep);
    } else if (number >= covered_.level_end) {
      InstanceSet& agreed = found_asleep_[number - covered_.level_end];
      agreed = agreed & asleep;
    }
  }

  void note(const State& state, const typename M::Facts& facts) {
    if (const FactSet broken = model_.violated(state, facts); !broken.empty())
      note_broken(state, broken);
    const FactSet witnessed = model_.witnessed(state, facts);
    (witnessed - covered_.witnessed).for_each([&](std::size_t i) {
      covered_.witness_levels[i] = level();
    });
    covered_.witnessed |= witnessed;
    for (std::size_t i = 0; i < covered_.shown.size(); ++i)
      covered_.shown[i] += witnessed.has(i) ? 1 : 0;
    if constexpr (counts_refusals<M>)
      model_.for_each_refusal(facts, [&](std::size_t cell) { ++covered_.refused[cell]; });
  }

  void note_terminal(const State& state, const typename M::Facts& facts) {
    ++covered_.terminal;
    if (model_.is_quiescent(state, facts)) return;
    ++covered_.deadlocked;
    if (options_.deadlock_is_violation) note_broken(state, FactSet::only(model_.always().size()));
  }

  /// Of the first level that shows any the least is reported, as in the full search.
  void note_broken(const State& state, const FactSet& broken) {
    broken.for_each([&](std::size_t fact) {
      if (covered_.broke[fact]++ == 0) covered_.broken_levels[fact] = level();
    });
    const std::pair bad{broken.first(), state};
    if (!bad_ || (bad_level_ == level() && bad < *bad_)) bad_ = bad;
    if (bad_ == bad) bad_level_ = level();
  }

  /// False when there is no next level, or none is wanted.
  [[nodiscard]] bool end_level() {
    if (bad_ && !options_.keep_going) {
      ended_ = Ended::Violated;
      return false;
    }
    if (states_.size() == covered_.level_end) return false;
    covered_.level_starts.push_back(covered_.level_end);
    covered_.level_end = states_.size();
    std::swap(asleep_, found_asleep_);
    found_asleep_.clear();
    return true;
  }

  void report_progress() {
    const auto now = std::chrono::steady_clock::now();
    if (!options_.progress || now - reported_ < options_.progress_every) return;
    reported_ = now;
    Progress progress = so_far(covered_, states_.size());
    progress.seconds = seconds();
    progress.memory_bytes = states_.memory_bytes() + sleeping_bytes();
    options_.progress(progress);
  }

  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  }
  [[nodiscard]] std::uint64_t sleeping_bytes() const {
    return (asleep_.capacity() + found_asleep_.capacity()) * sizeof(InstanceSet);
  }

  [[nodiscard]] SearchResult result() const {
    SearchResult result = described(view_, covered_, states_.size());
    result.ended = ended_;
    result.asleep_steps = asleep_steps_;
    result.state_bytes = sizeof(State);
    result.memory_bytes = states_.memory_bytes() + sleeping_bytes();
    const StatesInOrder log(states_[0].data(), std::tuple_size_v<State>);
    std::vector<std::size_t> levels(covered_.level_starts.begin(), covered_.level_starts.end());
    if (bad_ && (ended_ == Ended::Violated || options_.keep_going)) {
      levels.resize(bad_level_ + 1);
      result.violation = explain(view_, log, levels, bad_->first, bad_->second);
    } else if (ended_ == Ended::Complete && options_.want_example) {
      State last = states_[levels.back()];
      for (std::size_t i = levels.back(); i < states_.size(); ++i)
        last = std::min(last, states_[i]);
      result.example = Example{"a state of the deepest level",
                               replay(view_, shortest_path(view_, log, levels, last)).rows};
    }
    result.seconds = seconds();
    return result;
  }

  static constexpr std::uint64_t most_states = std::uint64_t{1} << 31;

  const M& model_;
  const ViewOf<M> view_;
  const SearchOptions& options_;
  const std::uint64_t ceiling_bytes_;
  std::vector<InstanceSet> independent_;  ///< by instance
  NumberedStates<State> states_;
  std::vector<InstanceSet> asleep_;        ///< of the states of this level
  std::vector<InstanceSet> found_asleep_;  ///< of those of the next, as far as they are known
  std::vector<Step> steps_;
  Covered covered_;
  std::uint64_t asleep_steps_ = 0;
  std::optional<std::pair<std::size_t, State>> bad_;  ///< a fact, and a state that breaks it
  std::size_t bad_level_ = 0;
  Ended ended_ = Ended::Complete;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point reported_;
};

/// Explores `model` with sleep sets; of the options those of files and threads are not used.
template <ReducibleModel M>
[[nodiscard]] SearchResult reduced_search(const M& model, const SearchOptions& options) {
  return ReducedSearch<M>(model, options).run();
}

}  // namespace quiesce::explore
