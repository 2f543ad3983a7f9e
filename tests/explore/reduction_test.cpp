// Sleep sets: the independence that they rest on, and that they change nothing but the steps taken.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "models/explore/command.hpp"
#include "models/explore/house.hpp"
#include "models/explore/key_set.hpp"
#include "models/explore/numbered_states.hpp"
#include "models/explore/reduced_search.hpp"
#include "models/explore/search.hpp"
#include "tests/explore/run_command.hpp"

namespace quiesce::explore {
namespace {

using Bounds = HouseBounds;
const std::vector<Bounds> small_spaces{
    {.regions = 1, .tasks = 2, .obligations = 1},
    {.regions = 2, .tasks = 1, .obligations = 1, .finalizers = 1},
    {.regions = 2, .tasks = 1, .obligations = 2, .mask = 2, .kinds = 2},
    {.regions = 2, .tasks = 1, .obligations = 0, .finalizers = 2},
    {.regions = 2, .tasks = 2, .obligations = 0, .mask = 0, .kinds = 2, .policies = 2},
    {.regions = 3, .tasks = 1, .obligations = 1, .policies = 2},
    {.regions = 3, .tasks = 1, .obligations = 0, .finalizers = 1, .mask = 0, .policies = 2},
    {.regions = 1, .tasks = 3, .obligations = 1, .mask = 0},
    {.regions = 1,
     .tasks = 2,
     .obligations = 2,
     .mask = 0,
     .leaks = {LeakResponse::Recover, 2, LeakResponse::Log}},
};

/// Every reachable state of a model with what is enabled there and where it leads.
template <ReducibleModel M>
class Space {
 public:
  explicit Space(const M& model) : model_(model), instances_(model.instance_count()) {
    states_.number_of(model.initial());
    for (std::size_t at = 0; at < states_.size(); ++at) add(states_[at]);
  }
  [[nodiscard]] std::size_t size() const { return states_.size(); }

  /// The first thing that contradicts a claimed independence; empty if nothing does.
  template <class Claim>
  [[nodiscard]] std::string contradiction(const Claim& independent) const {
    std::vector<InstanceSet> claimed(instances_);
    for (std::size_t a = 0; a < instances_; ++a) {
      for (std::size_t b = 0; b < instances_; ++b) {
        if (!independent(a, b)) continue;
        claimed[a].add(b);
        if (a == b || !independent(b, a)) return "not a relation between two: " + pair(a, b);
      }
    }
    for (const Next& next : next_) {
      for (const auto& [a, after_a] : next) {
        if (!((enabled(next_[after_a]) & claimed[a]) == (enabled(next) & claimed[a])))
          return "enables or disables another: " + std::to_string(a);
      }
    }
    for (const Next& next : next_) {
      for (const auto& [a, after_a] : next) {
        for (const auto& [b, after_b] : next) {
          if (claimed[a].has(b) && next_[after_a].at(b) != next_[after_b].at(a))
            return "two orders differ: " + pair(a, b);
        }
      }
    }
    return {};
  }
  /// In how many states two claimed instances are both enabled.
  template <class Claim>
  [[nodiscard]] std::uint64_t met_pairs(const Claim& independent) const {
    std::uint64_t met = 0;
    for (const auto& next : next_) {
      for (const auto& [a, after_a] : next) {
        for (const auto& [b, after_b] : next) met += a < b && independent(a, b) ? 1U : 0U;
      }
    }
    return met;
  }

 private:
  using Next = std::map<std::size_t, std::uint32_t>;

  void add(const typename M::State& at) {
    const typename M::State state = at;
    Next& next = next_.emplace_back();
    model_.steps(state, model_.inspect_awake(state, {}, {}),
                 [&](std::size_t instance, std::size_t, const typename M::State& to) {
                   BOOST_TEST_REQUIRE(next.emplace(instance, states_.number_of(to)).second);
                 });
  }
  [[nodiscard]] static InstanceSet enabled(const Next& next) {
    InstanceSet set;
    for (const auto& [instance, to] : next) set.add(instance);
    return set;
  }
  [[nodiscard]] static std::string pair(std::size_t a, std::size_t b) {
    return std::to_string(a) + " and " + std::to_string(b);
  }

  const M& model_;
  std::size_t instances_;
  NumberedStates<typename M::State> states_;
  std::vector<Next> next_;
};

/// A model with another independence.
template <class M, class Claim>
class Claiming : public M {
 public:
  Claiming(const M& model, Claim claim) : M(model), claim_(std::move(claim)) {}
  [[nodiscard]] bool independent(std::size_t a, std::size_t b) const { return claim_(a, b); }

 private:
  Claim claim_;
};

std::set<std::string> shown(const SearchResult& result) {
  std::set<std::string> ids;
  for (const Witness& witness : result.sometimes) {
    if (witness.first_level) ids.insert(witness.id);
  }
  return ids;
}

std::uint64_t refusals(const SearchResult& result) {
  std::uint64_t count = 0;
  for (const Refusals& row : result.refusals) count += row.count;
  return count;
}

void visits_the_same(const SearchResult& reduced, const SearchResult& full) {
  BOOST_TEST(reduced.distinct_states == full.distinct_states);
  BOOST_TEST(reduced.levels == full.levels, boost::test_tools::per_element());
  BOOST_TEST(reduced.terminal_states == full.terminal_states);
  BOOST_TEST(reduced.deadlocked_states == full.deadlocked_states);
  BOOST_TEST(reduced.violation.has_value() == full.violation.has_value());
  BOOST_TEST(reduced.transitions + reduced.asleep_steps.value() == full.transitions);
}

BOOST_AUTO_TEST_CASE(house_independence_holds_in_every_reachable_state) {
  for (const Bounds& bounds : small_spaces) {
    const HouseMachine machine(bounds);
    const House<4> house(machine);
    const auto claim = [&](std::size_t a, std::size_t b) { return house.independent(a, b); };
    const Space space(house);
    BOOST_TEST(space.contradiction(claim) == "");
    BOOST_TEST(space.met_pairs(claim) > space.size() / 2);
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_independence_is_contradicted) {
  const HouseMachine machine({.regions = 2, .tasks = 2, .obligations = 1, .policies = 2});
  const House<4> house(machine);
  const auto& all = machine.alphabet().all();
  const Space space(house);
  const auto with = [&](const Action& first, const Action& second) {
    return space.contradiction([&](std::size_t a, std::size_t b) {
      const bool wrong =
          (all[a] == first && all[b] == second) || (all[b] == first && all[a] == second);
      return wrong || house.independent(a, b);
    });
  };
  const TaskName t0{0};
  const TaskName t1{1};
  const RegionName r0{0};
  const ObligationName o0{0};
  BOOST_TEST(with(Start{t0}, CancelTask{t0}) != "");
  BOOST_TEST(with(Return{t0, OutcomeKind::Err}, Return{t1, OutcomeKind::Err}) != "");
  BOOST_TEST(with(Return{t0, OutcomeKind::Err}, Checkpoint{t1}) != "");
  BOOST_TEST(with(Commit{o0, t0}, Return{t0, OutcomeKind::Ok}) != "");
  BOOST_TEST(with(Spawn{.name = t0, .region = r0}, Spawn{.name = t1, .region = r0}) != "");
  BOOST_TEST(with(Spawn{.name = t0, .region = r0}, CloseRegion{r0, CloseMode::Await}) != "");
  BOOST_TEST(with(Reserve{o0, t0, r0}, CloseRegion{r0, CloseMode::Await}) != "");
  BOOST_TEST(with(Start{t0}, CancelRegion{r0, CancelKind::User}) != "");
}

BOOST_AUTO_TEST_CASE(a_wrong_independence_loses_states) {
  const HouseMachine machine({.regions = 2, .tasks = 2, .obligations = 0});
  const House<4> house(machine);
  const Claiming wrong(house, [](std::size_t a, std::size_t b) { return a != b; });
  const Space space(house);
  BOOST_TEST(space.contradiction([](std::size_t a, std::size_t b) { return a != b; }) != "");
  BOOST_TEST(reduced_search(wrong, {}).distinct_states < space.size());
}

BOOST_AUTO_TEST_CASE(house_reduced_visits_every_state_in_its_level) {
  for (const Bounds& bounds : small_spaces) {
    const HouseMachine machine(bounds);
    const House<4> house(machine);
    SearchOptions options;
    options.count_witnesses = true;
    const SearchResult full = search(house, options);
    const SearchResult reduced = reduced_search(house, options);
    visits_the_same(reduced, full);
    BOOST_TEST(refusals(reduced) == refusals(full));
    BOOST_TEST((shown(reduced) == shown(full)));
    for (std::size_t i = 0; i < spec::invariants().size(); ++i) {
      BOOST_TEST((reduced.sometimes[i].first_level == full.sometimes[i].first_level));
      BOOST_TEST(*reduced.sometimes[i].states == *full.sometimes[i].states);
    }
    BOOST_TEST(*reduced.asleep_steps > full.transitions / 20);
    BOOST_TEST_MESSAGE(full.distinct_states << " states, steps " << full.transitions << " reduced "
                                            << reduced.transitions);
  }
}

BOOST_AUTO_TEST_CASE(a_claim_that_breaks_is_found_as_in_the_full_search) {
  const HouseMachine machine({.regions = 1, .tasks = 2, .obligations = 1, .claims_no_leak = true});
  const House<4> house(machine);
  for (const bool keep_going : {false, true}) {
    SearchOptions options;
    options.keep_going = keep_going;
    const SearchResult full = search(house, options);
    const SearchResult reduced = reduced_search(house, options);
    visits_the_same(reduced, full);
    BOOST_TEST_REQUIRE(reduced.violation.has_value());
    BOOST_TEST(reduced.violation->id == "quality.no_leak");
    BOOST_TEST_REQUIRE(reduced.broken.size() == full.broken.size());
    BOOST_TEST(reduced.broken[0].states == full.broken[0].states);
    BOOST_TEST(reduced.broken[0].first_level == full.broken[0].first_level);
    BOOST_TEST_REQUIRE(reduced.violation->trace.size() == full.violation->trace.size());
    for (std::size_t i = 0; i < full.violation->trace.size(); ++i)
      BOOST_TEST(reduced.violation->trace[i].state == full.violation->trace[i].state);
  }
}

BOOST_AUTO_TEST_CASE(a_reduced_search_stops_at_its_ceiling_and_when_it_is_asked) {
  const HouseMachine machine({.regions = 2, .tasks = 2, .obligations = 1});
  const House<4> house(machine);
  SearchOptions options;
  options.memory_ceiling_bytes = std::uint64_t{4} << 20;
  const SearchResult full_up = reduced_search(house, options);
  BOOST_TEST((full_up.ended == Ended::MemoryCeiling));
  BOOST_TEST(full_up.memory_bytes <= options.memory_ceiling_bytes);
  SearchOptions stopping;
  stopping.stop_requested = [] { return true; };
  BOOST_TEST((reduced_search(house, stopping).ended == Ended::Interrupted));
}

/// A few variables of three values; an instance reads one or two of them and writes one or two. Its
/// independence is all that its reachable states allow.
class Random {
 public:
  using State = PackedState<1>;
  using Facts = int;
  static constexpr std::size_t variables = 5;
  static constexpr std::size_t instances = 9;

  explicit Random(std::uint64_t seed) {
    for (Row& row : rows_) {
      const auto draw = [&](std::size_t below) { return (seed = mix(seed + 1)) % below; };
      row = {draw(variables), draw(3), draw(4) == 0, draw(variables), draw(variables), draw(3)};
    }
  }
  [[nodiscard]] State initial() const { return {0}; }
  [[nodiscard]] std::size_t max_successors() const { return instances; }
  [[nodiscard]] Facts inspect(const State&) const { return 0; }
  [[nodiscard]] Facts inspect_awake(const State&, const FactSet&, const InstanceSet&) const {
    return 0;
  }
  template <class Sink>
  void steps(const State& state, Facts, Sink&& sink) const {
    for (std::size_t i = 0; i < instances; ++i) {
      const Row& row = rows_[i];
      if (!row.always && value(state, row.reads) != row.equals) continue;
      State next = state;
      const std::uint64_t now = value(state, row.from);
      set(next, row.writes, (now + row.adds) % 3);
      sink(i, 0, next);
    }
  }
  template <class Sink>
  void successors(const State& state, Facts facts, Sink&& sink) const {
    steps(state, facts,
          [&](std::size_t, std::size_t action, const State& next) { sink(action, next); });
  }
  [[nodiscard]] bool independent(std::size_t, std::size_t) const { return false; }
  [[nodiscard]] std::size_t instance_count() const { return instances; }
  [[nodiscard]] FactSet violated(const State&, Facts) const { return {}; }
  [[nodiscard]] FactSet witnessed(const State&, Facts) const { return {}; }
  [[nodiscard]] bool is_quiescent(const State&, Facts) const { return true; }
  [[nodiscard]] std::span<const std::string_view> actions() const { return names; }
  [[nodiscard]] std::span<const Fact> always() const { return {}; }
  [[nodiscard]] std::span<const Fact> sometimes() const { return {}; }
  [[nodiscard]] std::string violation_text(const State&, std::size_t) const { return {}; }
  [[nodiscard]] std::string state_text(const State&) const { return {}; }
  [[nodiscard]] std::string step_text(const State&, std::size_t, const State&) const { return {}; }

 private:
  struct Row {
    std::size_t reads;
    std::uint64_t equals;
    bool always;
    std::size_t from;
    std::size_t writes;
    std::uint64_t adds;
  };
  static constexpr std::array<std::string_view, 1> names{"step"};
  [[nodiscard]] static std::uint64_t value(const State& state, std::size_t variable) {
    return state[0] >> 2 * variable & 3U;
  }
  static void set(State& state, std::size_t variable, std::uint64_t to) {
    state[0] = (state[0] & ~(std::uint64_t{3} << 2 * variable)) | to << 2 * variable;
  }
  std::array<Row, instances> rows_{};
};

BOOST_AUTO_TEST_CASE(random_systems_are_visited_whole_with_all_the_independence_there_is) {
  std::uint64_t asleep = 0;
  std::uint64_t steps = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    const Random model(seed * 1000);
    const Space space(model);
    std::array<std::array<bool, Random::instances>, Random::instances> all{};
    for (std::size_t a = 0; a < Random::instances; ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        all[a][b] = all[b][a] = space
                                    .contradiction([&](std::size_t x, std::size_t y) {
                                      return (x == a && y == b) || (x == b && y == a);
                                    })
                                    .empty();
      }
    }
    const Claiming reducible(model, [&](std::size_t a, std::size_t b) { return all[a][b]; });
    const SearchResult full = search(model, {});
    const SearchResult reduced = reduced_search(reducible, {});
    visits_the_same(reduced, full);
    asleep += *reduced.asleep_steps;
    steps += full.transitions;
  }
  BOOST_TEST(asleep > steps / 10);
}

using testing::Ran;
using testing::run;

ExploreArguments reduced_house() {
  ExploreArguments arguments;
  arguments.model = "house";
  arguments.reduce = true;
  return arguments;
}

BOOST_AUTO_TEST_CASE(the_report_says_what_was_not_taken) {
  const Ran ran = run(reduced_house());
  BOOST_TEST(ran.exit_code == 0);
  for (const char* const part :
       {"every reachable state was explored", "1,437", "steps more only commute", "exact: whole"})
    BOOST_TEST(ran.out.find(part) != std::string::npos, part);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_reduced_is_refused_in_one_line) {
  const auto refuses = [](const std::string& line, auto&& spoil) {
    ExploreArguments arguments = reduced_house();
    spoil(arguments);
    const Ran ran = run(arguments);
    BOOST_TEST(ran.exit_code == 2);
    BOOST_TEST(ran.err == "quiesce explore: " + line + "\n");
  };
  using A = ExploreArguments;
  refuses("notify has no --reduce", [](A& a) { a.model = "notify"; });
  refuses("--reduce cannot be used with --symmetry", [](A& a) { a.symmetry = "tasks"; });
  refuses("--reduce cannot be used with --progress, which asks of every step",
          [](A& a) { a.progress = true; });
  refuses("--reduce cannot be used with --checkpoint", [](A& a) { a.checkpoint_path = "x"; });
  refuses("--reduce cannot be used with --resume", [](A& a) { a.resume_path = "x"; });
  refuses("--reduce cannot be used with --spill", [](A& a) { a.spill_folder = "x"; });
  refuses("--reduce cannot be used with --dot, which draws every step",
          [](A& a) { a.dot_path = "x"; });
  refuses("--reduce cannot be used with --threads: it searches on one",
          [](A& a) { a.threads = 2; });
  refuses("--reduce knows what commutes in settled granularity only",
          [](A& a) { a.choices["granularity"] = "small"; });
  for (const char* const flag : {"time", "quota", "joins", "limits"})
    refuses("--reduce does not know what commutes with --time, --quota, --joins or --limits",
            [&](A& a) { a.bounds[flag] = 1; });
  refuses("--reduce knows 128 instances of actions; these bounds have 256", [](A& a) {
    a.bounds["regions"] = 4;
    a.bounds["tasks"] = 6;
    a.bounds["obligations"] = 4;
  });
  refuses("the default set takes only --threads, --memory and --json: name a model",
          [](A& a) { a.model.clear(); });
}

}  // namespace
}  // namespace quiesce::explore
