// The search itself: counterexamples are found and shortest, ends are classified, limits hold.
#include "models/explore/search.hpp"

#include <sys/resource.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <string>

#include "models/explore/public_tla.hpp"
#include "tests/explore/folder.hpp"

namespace quiesce::explore {
namespace {

/// The public model with one more transition: the fault of a mutant.
template <class Fault>
class Faulty : public PublicTla<1> {
 public:
  using PublicTla<1>::PublicTla;
  template <class Sink>
  void successors(const State& state, const Facts& facts, Sink&& sink) const {
    PublicTla<1>::successors(state, facts, sink);
    Fault::more(*this, state, facts, sink);
  }
};

/// Quiescing and closing no longer look at the ledger.
struct ForgetsTheLedger {
  template <class Sink>
  static void more(const PublicTla<1>& model, const PublicTla<1>::State& state,
                   const PublicTla<1>::Facts& facts, Sink&& sink) {
    using Names = PublicTlaNames;
    for (std::uint32_t region = 0; region < model.bounds().regions; ++region) {
      if ((facts.indebted >> region & 1U) == 0) continue;
      const std::uint32_t phase = model.region_phase(state, region);
      if (phase == Names::Finalizing) {
        sink(Names::CloseQuiesce, model.with_region_phase(state, region, Names::Quiescent));
      }
      if (phase == Names::Quiescent) {
        sink(Names::Close, model.with_region_phase(state, region, Names::Closed));
      }
    }
  }
};

/// A region closes while its tasks live.
struct ClosesAtOnce {
  template <class Sink>
  static void more(const PublicTla<1>& model, const PublicTla<1>::State& state,
                   const PublicTla<1>::Facts&, Sink&& sink) {
    using Names = PublicTlaNames;
    for (std::uint32_t region = 0; region < model.bounds().regions; ++region) {
      if (model.region_phase(state, region) == Names::Closing) {
        sink(Names::Close, model.with_region_phase(state, region, Names::Closed));
      }
    }
  }
};

std::vector<std::string> steps_of(const SearchResult& result) {
  std::vector<std::string> steps;
  for (const TraceStep& row : result.violation->trace) steps.push_back(row.step);
  return steps;
}

BOOST_AUTO_TEST_CASE(search_finds_the_shortest_path_to_a_broken_invariant) {
  const Faulty<ForgetsTheLedger> model(Bounds{1, 1, 1, 2});
  const SearchResult result = search(model, SearchOptions{});
  BOOST_TEST((result.ended == Ended::Violated));
  BOOST_REQUIRE(result.violation.has_value());
  BOOST_TEST(result.violation->id == "NoLeakedObligations");
  // A task must be spawned, started, reserve and complete; the region takes five steps to close.
  BOOST_TEST(steps_of(result).size() == 1 + 4 + 5);
  BOOST_TEST(result.violation->facts == "r0 Closed, t0 Completed in r0, o0 Reserved by t0");
}

BOOST_AUTO_TEST_CASE(search_names_every_step_of_a_counterexample) {
  const Faulty<ClosesAtOnce> model(Bounds{1, 1, 0, 1});
  const SearchResult result = search(model, SearchOptions{});
  BOOST_REQUIRE(result.violation.has_value());
  BOOST_TEST(result.violation->id == "NoOrphanTasks");
  const std::vector<std::string> expected{"", "Spawn(t0, r0)", "CloseBegin(r0)", "Close(r0)"};
  BOOST_TEST(steps_of(result) == expected, boost::test_tools::per_element());
  BOOST_TEST(result.violation->trace.back().state == "r0 Closed, t0 Spawned in r0");
}

BOOST_AUTO_TEST_CASE(search_accepts_the_model_without_the_fault) {
  const SearchResult result = search(PublicTla<1>(Bounds{1, 1, 1, 2}), SearchOptions{});
  BOOST_TEST((result.ended == Ended::Complete));
  BOOST_TEST(!result.violation.has_value());
}

BOOST_AUTO_TEST_CASE(search_shows_the_same_counterexample_on_any_number_of_threads) {
  const Faulty<ForgetsTheLedger> model(Bounds{3, 2, 1, 2});
  SearchOptions options;
  const SearchResult one = search(model, options);
  options.threads = 3;
  const SearchResult three = search(model, options);
  BOOST_REQUIRE(one.violation.has_value());
  BOOST_REQUIRE(three.violation.has_value());
  BOOST_TEST(steps_of(one) == steps_of(three), boost::test_tools::per_element());
  BOOST_TEST(one.levels == three.levels, boost::test_tools::per_element());
  BOOST_TEST((one.actions == three.actions));
}

BOOST_AUTO_TEST_CASE(counterexample_up_to_symmetry_keeps_the_names_of_its_entities) {
  const Faulty<ForgetsTheLedger> model(
      Bounds{2, 2, 2, 1}, Symmetry{.tasks = true, .obligations = true, .regions = true});
  const SearchResult result =
      search(UpToSymmetry<Faulty<ForgetsTheLedger>>(model), SearchOptions{});
  BOOST_REQUIRE(result.violation.has_value());
  BOOST_TEST(result.violation->trace.size() == 10U);
  // Whoever reserves is the one that was spawned, and is named in the facts.
  const std::string& spawn = result.violation->trace[1].step;
  const std::string task = spawn.substr(spawn.find('t'), 2);
  BOOST_TEST(result.violation->facts.find("Reserved by " + task) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(search_that_keeps_going_counts_all_that_is_broken_and_explains_the_first) {
  const Faulty<ClosesAtOnce> model(Bounds{1, 1, 1, 1});
  const SearchResult first = search(model, SearchOptions{});
  SearchOptions options;
  options.keep_going = true;
  const SearchResult whole = search(model, options);
  BOOST_TEST((first.ended == Ended::Violated));
  BOOST_TEST((whole.ended == Ended::Complete));
  BOOST_TEST(whole.distinct_states > first.distinct_states);
  BOOST_REQUIRE(whole.violation.has_value());
  BOOST_TEST(whole.violation->id == first.violation->id);
  BOOST_TEST(steps_of(whole) == steps_of(first), boost::test_tools::per_element());
  BOOST_REQUIRE(!first.broken.empty());
  BOOST_TEST(whole.broken.size() > first.broken.size());
  BOOST_TEST(whole.broken.front().id == "NoOrphanTasks");
  BOOST_TEST(whole.broken.front().first_level == 3U);
  BOOST_TEST(whole.broken.front().states > first.broken.front().states);
}

BOOST_AUTO_TEST_CASE(search_that_keeps_going_says_the_same_on_any_number_of_threads) {
  const Faulty<ForgetsTheLedger> model(Bounds{3, 2, 1, 2});
  SearchOptions options;
  options.keep_going = true;
  const SearchResult one = search(model, options);
  options.threads = 3;
  const SearchResult three = search(model, options);
  BOOST_REQUIRE(one.broken.size() == three.broken.size());
  for (std::size_t i = 0; i < one.broken.size(); ++i) {
    BOOST_TEST(one.broken[i].id == three.broken[i].id);
    BOOST_TEST(one.broken[i].first_level == three.broken[i].first_level);
    BOOST_TEST(one.broken[i].states == three.broken[i].states);
  }
  BOOST_TEST(steps_of(one) == steps_of(three), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(search_that_keeps_going_goes_on_from_a_checkpoint_with_what_was_broken) {
  const Faulty<ForgetsTheLedger> model(Bounds{2, 1, 1, 2});
  SearchOptions options;
  options.keep_going = true;
  const SearchResult whole = search(model, options);
  const testing::Folder folder;
  options.checkpoint_path = folder.file("checkpoint");
  int asked = 0;
  options.stop_requested = [&asked] { return ++asked > 12; };
  BOOST_REQUIRE((search(model, options).ended == Ended::Interrupted));
  options.stop_requested = {};
  options.resume_path = options.checkpoint_path;
  const SearchResult resumed = search(model, options);
  BOOST_REQUIRE(resumed.violation.has_value());
  BOOST_TEST(steps_of(resumed) == steps_of(whole), boost::test_tools::per_element());
  BOOST_REQUIRE(resumed.broken.size() == whole.broken.size());
  BOOST_TEST(resumed.broken.front().states == whole.broken.front().states);
  BOOST_TEST(resumed.broken.front().first_level == whole.broken.front().first_level);
}

/// A counter that is stuck at `stop` (which it may or may not call quiescent), in `words` words.
template <std::size_t words>
class Counter {
 public:
  using State = PackedState<words>;
  struct Facts {};
  std::uint64_t stop = 5;
  bool stop_is_quiescent = true;

  [[nodiscard]] State initial() const { return State{}; }
  [[nodiscard]] std::size_t max_successors() const { return 3; }
  [[nodiscard]] Facts inspect(const State&) const { return {}; }
  template <class Sink>
  void successors(const State& state, const Facts&, Sink&& sink) const {
    if (state[words - 1] == stop) return;
    State next = state;
    ++next[words - 1];
    sink(std::size_t{0}, next);
    sink(std::size_t{0}, next);   // a second way to the same state
    sink(std::size_t{1}, state);  // a self loop
  }
  [[nodiscard]] FactSet violated(const State&, const Facts&) const { return {}; }
  [[nodiscard]] FactSet witnessed(const State&, const Facts&) const { return {}; }
  [[nodiscard]] bool is_quiescent(const State&, const Facts&) const { return stop_is_quiescent; }
  [[nodiscard]] std::span<const std::string_view> actions() const {
    static constexpr std::array<std::string_view, 3> names{"Count", "Rest", "Jump"};
    return names;
  }
  [[nodiscard]] std::span<const Fact> always() const { return {}; }
  [[nodiscard]] std::span<const Fact> sometimes() const { return {}; }
  [[nodiscard]] std::string violation_text(const State&, std::size_t) const { return {}; }
  [[nodiscard]] std::string state_text(const State& state) const {
    return std::to_string(state[words - 1]);
  }
  [[nodiscard]] std::string step_text(const State&, std::size_t action, const State&) const {
    return std::string(actions()[action]);
  }
};

BOOST_AUTO_TEST_CASE(transitions_count_self_loops_and_every_way_to_fire) {
  const SearchResult result = search(Counter<1>{}, SearchOptions{});
  BOOST_TEST(result.distinct_states == 6U);
  BOOST_TEST(result.transitions == 15U);
  BOOST_TEST(result.actions[0].second == 10U);
  BOOST_TEST(result.actions[1].second == 5U);
  BOOST_TEST(result.actions[2].second == 0U);
  BOOST_TEST(result.levels.size() == 6U);
  BOOST_TEST(result.terminal_states == 1U);
}

BOOST_AUTO_TEST_CASE(state_without_successors_is_a_deadlock_unless_it_is_quiescent) {
  Counter<1> counter;
  BOOST_TEST((search(counter, SearchOptions{}).ended == Ended::Complete));
  counter.stop_is_quiescent = false;
  const SearchResult result = search(counter, SearchOptions{});
  BOOST_TEST((result.ended == Ended::Violated));
  BOOST_TEST(result.deadlocked_states == 1U);
  BOOST_REQUIRE(result.violation.has_value());
  BOOST_TEST(result.violation->id == "progress.no_deadlock");
  BOOST_TEST(result.violation->trace.size() == 6U);
  SearchOptions options;
  options.deadlock_is_violation = false;
  BOOST_TEST((search(counter, options).ended == Ended::Complete));
  BOOST_TEST(search(counter, options).deadlocked_states == 1U);
}

BOOST_AUTO_TEST_CASE(states_of_eight_words_are_searched_by_fingerprint) {
  Counter<8> counter;
  counter.stop = 300'000;
  const SearchResult result = search(counter, SearchOptions{});
  BOOST_TEST(result.distinct_states == 300'001U);
  BOOST_TEST(result.state_bytes == 64U);
  BOOST_TEST(!result.exact);
}

BOOST_AUTO_TEST_CASE(search_stops_cleanly_at_the_memory_ceiling) {
  SearchOptions options;
  options.memory_ceiling_bytes = 4U << 20;
  const SearchResult stopped = search(PublicTla<1>(Bounds{3, 2, 2, 2}), options);
  BOOST_TEST((stopped.ended == Ended::MemoryCeiling));
  BOOST_TEST(stopped.distinct_states > 10'000U);
  BOOST_TEST(stopped.distinct_states < 2'119'568U);
  BOOST_TEST(stopped.memory_bytes <= options.memory_ceiling_bytes);
  const SearchResult whole = search(PublicTla<1>(Bounds{2, 2, 1, 2}), options);
  BOOST_TEST((whole.ended == Ended::Complete));
}

/// The log in a file takes nothing of the ceiling: the same search comes to its end.
BOOST_AUTO_TEST_CASE(search_that_spills_its_log_needs_memory_for_the_set_only) {
  const testing::Folder folder;
  const PublicTla<2> model({3, 2, 2, 2});
  SearchOptions options;
  options.memory_ceiling_bytes = std::uint64_t{52} << 20;
  BOOST_TEST((search(model, options).ended == Ended::MemoryCeiling));
  options.spill_folder = folder.file("");
  options.threads = 2;
  const SearchResult spilled = search(model, options);
  BOOST_TEST((spilled.ended == Ended::Complete));
  BOOST_TEST(spilled.distinct_states == 2'119'568U);
  BOOST_TEST(spilled.transitions == 11'351'542U);
  BOOST_TEST(spilled.memory_bytes < options.memory_ceiling_bytes);
  BOOST_TEST(std::filesystem::is_empty(folder.file("")));
}

BOOST_AUTO_TEST_CASE(search_that_cannot_spill_ends_in_one_line) {
  const testing::Folder folder;
  const PublicTla<2> model({3, 2, 1, 2});
  SearchOptions options;
  options.spill_folder = folder.file("nowhere");
  SearchResult result = search(model, options);
  BOOST_TEST(result.failure.starts_with("--spill: no file can be made in '"));

  rlimit before{};
  BOOST_TEST_REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const rlimit small{.rlim_cur = 1U << 18, .rlim_max = before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  BOOST_TEST_REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  options.spill_folder = folder.file("");
  result = search(model, options);
  (void)setrlimit(RLIMIT_FSIZE, &before);
  (void)std::signal(SIGXFSZ, handler);
  BOOST_TEST((result.ended == Ended::MemoryCeiling));
  BOOST_TEST(result.failure.find("has no room for the states") != std::string::npos);
  BOOST_TEST(result.distinct_states > 1000U);
}

BOOST_AUTO_TEST_CASE(search_stops_when_asked_and_says_so) {
  for (const unsigned threads : {1U, 2U}) {
    SearchOptions options;
    options.threads = threads;
    int asked = 0;
    options.stop_requested = [&asked] { return ++asked > 40; };
    const SearchResult result = search(PublicTla<1>(Bounds{3, 2, 2, 2}), options);
    BOOST_TEST((result.ended == Ended::Interrupted));
    BOOST_TEST(result.distinct_states > result.expanded_states);
  }
}

BOOST_AUTO_TEST_CASE(keys_of_one_word_are_a_bijection_and_zero_is_a_key) {
  KeySet keys;
  BOOST_TEST(keys.grow_to(10));
  BOOST_TEST(mix(0) == 0U);
  BOOST_TEST(keys.insert<false>(0));
  BOOST_TEST(!keys.insert<false>(0));
  for (std::uint64_t word = 1; word < 600; ++word) BOOST_TEST(keys.insert<false>(mix(word)));
  BOOST_TEST(keys.grow_to(12));
  for (std::uint64_t word = 0; word < 600; ++word) BOOST_TEST(!keys.insert<true>(mix(word)));
  BOOST_TEST(keys.insert<true>(mix(600)));
}

BOOST_AUTO_TEST_CASE(whole_states_with_one_key_are_told_apart_and_fingerprints_are_not) {
  StateSet<2> states;
  KeySet keys;
  BOOST_TEST(states.grow_to(4));
  BOOST_TEST(keys.grow_to(4));
  const std::array<std::uint64_t, 2> first{1, 2};
  const std::array<std::uint64_t, 2> second{3, 4};
  for (const std::uint64_t key : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
    BOOST_TEST(keys.insert<false>(key, first));
    BOOST_TEST(!keys.insert<false>(key, second));
  }
  BOOST_TEST(states.insert<false>(7, first));
  BOOST_TEST(states.insert<true>(7, second));
  BOOST_TEST(states.grow_to(6));
  BOOST_TEST(!states.insert<false>(7, first));
  BOOST_TEST(!states.insert<true>(7, second));
}

}  // namespace
}  // namespace quiesce::explore
