// The specification as a model: the packed codec, the counts, what is seen when a sentence breaks.
#include "models/explore/house.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <vector>

#include "models/explore/key_set.hpp"
#include "models/explore/search.hpp"

namespace quiesce::explore {
namespace {

const HouseBounds one_of_each{.finalizers = 1};
const HouseBounds roomy{.regions = 4,
                        .tasks = 6,
                        .obligations = 4,
                        .finalizers = 2,
                        .mask = 4,
                        .kinds = 2,
                        .policies = 2};

/// Time, quotas, joins and limits, one at a time and all together.
const HouseBounds timed{.finalizers = 1, .time = 2};
const HouseBounds polled{.tasks = 2, .finalizers = 1, .kinds = 2, .quota = 2};
const HouseBounds joined{.tasks = 2, .finalizers = 2, .joins = 1};
const HouseBounds limited{.regions = 4, .tasks = 2, .obligations = 2, .limits = 1};
const HouseBounds all_of_it{.regions = 3,
                            .tasks = 3,
                            .obligations = 2,
                            .finalizers = 2,
                            .kinds = 2,
                            .policies = 2,
                            .time = 3,
                            .quota = 3,
                            .joins = 1,
                            .limits = 1};

template <std::size_t words>
SearchResult explored(const HouseBounds& bounds, const SearchOptions& options = {}) {
  const HouseMachine machine(bounds);
  BOOST_TEST_REQUIRE(machine.codec().words() <= words);
  return search(House<words>(machine), options);
}

/// Every state of a random walk, deterministic in the seed.
std::vector<spec::State> random_walk(const HouseBounds& bounds, std::uint64_t seed, int steps) {
  const HouseAlphabet alphabet(bounds);
  std::vector<spec::State> walked{spec::initial()};
  for (int i = 0; i < steps; ++i) {
    std::vector<spec::State> next;
    alphabet.for_each(walked.back(), [&](const HouseAlphabet::Instance& instance) {
      const spec::Step step = bounds.small_step
                                  ? spec::step_unsettled(walked.back(), instance.action)
                                  : spec::step(walked.back(), instance.action);
      if (is_done(step.answer) && !(step.after == walked.back())) next.push_back(step.after);
    });
    if (next.empty()) break;
    seed = mix(seed + 1);
    walked.push_back(next[seed % next.size()]);
  }
  return walked;
}

std::size_t index_of(const HouseMachine& machine, std::string_view id) {
  std::size_t index = 0;
  while (index < machine.always().size() && machine.always()[index].id != id) ++index;
  BOOST_TEST_REQUIRE(index < machine.always().size());
  return index;
}

/// What the machine finds wrong with a state and the steps that leave it.
std::set<std::string_view> broken_ids(const HouseMachine& machine, const spec::State& state) {
  std::array<std::uint64_t, 8> words{};
  BOOST_TEST_REQUIRE(machine.codec().encode(state, words));
  HouseExpansion expansion;
  machine.expand(words, {}, expansion);
  std::set<std::string_view> ids;
  machine.violated(expansion).for_each(
      [&](std::size_t fact) { ids.insert(machine.always()[fact].id); });
  return ids;
}

BOOST_AUTO_TEST_CASE(codec_decodes_what_it_encoded_on_random_walks) {
  for (const HouseBounds& bounds :
       {HouseBounds{}, one_of_each, roomy, timed, polled, joined, limited, all_of_it}) {
    const HouseCodec codec(bounds);
    BOOST_TEST(codec.words() <= 8U);
    std::map<std::vector<std::uint64_t>, spec::State> seen;
    spec::State decoded = spec::initial();
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      for (const spec::State& state : random_walk(bounds, seed, 40)) {
        std::vector<std::uint64_t> words(codec.words());
        BOOST_TEST_REQUIRE(codec.encode(state, words));
        codec.decode(words, decoded);
        BOOST_TEST_REQUIRE((decoded == state));
        BOOST_TEST_REQUIRE((seen.emplace(words, state).first->second == state));
      }
    }
    BOOST_TEST(seen.size() > 100U);
  }
}

BOOST_AUTO_TEST_CASE(codec_refuses_what_has_no_place) {
  const HouseCodec codec(one_of_each);
  std::array<std::uint64_t, 8> words{};
  const spec::State good = random_walk(one_of_each, 7, 6).back();
  BOOST_TEST(codec.encode(good, words));
  BOOST_TEST(!codec.why_not(good).has_value());
  const auto refuses = [&](auto&& spoil, const std::string& why) {
    spec::State state = spec::step(spec::initial(), Spawn{TaskName{0}, root_region}).after;
    spoil(state);
    BOOST_TEST(!codec.encode(state, words), why);
    BOOST_TEST(codec.why_not(state).value_or("") == why);
  };
  refuses([](auto& s) { s.now = 3; }, "the time is 3");
  refuses([](auto& s) { s.leak_count = 2; }, "the leak count is 2");
  refuses([](auto& s) { s.leak_policy.response = LeakResponse::Panic; },
          "the leak policy is Panic");
  refuses(
      [](auto& s) {
        s.obligations.push_back({.name = ObligationName{0},
                                 .holder = TaskName{0},
                                 .region = root_region,
                                 .reserved_at_ticks = 1});
      },
      "obligation o0 has a field with no place");
  refuses([](auto& s) { s.tasks[0].waiters.push_back(TaskName{0}); },
          "task t0 has a field with no place");
  refuses([](auto& s) { s.tasks[0].budget.poll_quota = 4; }, "task t0 has a field with no place");
  refuses(
      [](auto& s) {
        s.tasks[0].reason = CancelReason{CancelKind::User, 1, root_region};
      },
      "task t0 has a field with no place");
  refuses([](auto& s) { s.regions[0].limits.body_tasks = 1; },
          "region r0 has a field with no place");
  refuses([](auto& s) { s.regions[0].tasks.push_back(TaskName{0}); },
          "region r0 has a field with no place");
  refuses([](auto& s) { s.regions[0].pending_obligations = 2; },
          "region r0 has a field with no place");
  refuses([](auto& s) { s.tasks.push_back({.name = TaskName{5}, .owner = root_region}); },
          "task t5 has a field with no place");
  refuses(
      [](auto& s) { s.obligations.push_back({.name = ObligationName{0}, .holder = TaskName{9}}); },
      "obligation o0 has a field with no place");
}

BOOST_AUTO_TEST_CASE(codec_keeps_the_bounds_of_time_quotas_joins_and_limits) {
  const HouseCodec codec(all_of_it);
  std::array<std::uint64_t, 8> words{};
  const auto has_place = [&](auto&& change) {
    spec::State state = spec::step(spec::initial(), Spawn{TaskName{0}, root_region}).after;
    change(state);
    spec::State decoded;
    const bool fits = codec.encode(state, words);
    BOOST_TEST(fits == !codec.why_not(state).has_value());
    if (!fits) return false;
    codec.decode(words, decoded);
    BOOST_TEST((decoded == state));
    return true;
  };
  using S = spec::State;
  // What no step leads to, but a wrong one might.
  BOOST_TEST(has_place([](S& s) { s.regions[0].budget.deadline_ticks = 0; }));
  BOOST_TEST(has_place([](S& s) { s.regions[0].budget.poll_quota = 3; }));
  BOOST_TEST(has_place([](S& s) { s.regions[0].limits.obligations = 1; }));
  BOOST_TEST(has_place([](S& s) { s.tasks[0].waiters.push_back(TaskName{0}); }));
  BOOST_TEST(has_place([](S& s) { s.tasks[0].waiters.push_back(TaskName{4}); }));
  BOOST_TEST(has_place([](S& s) { s.tasks[0].joins_ready = 5; }));
  for (const std::uint32_t quota : {0U, 3U, 50U, 100U, 200U, 300U, 500U, 1000U, unlimited})
    BOOST_TEST(has_place([&](S& s) { s.tasks[0].budget.poll_quota = quota; }));
  BOOST_TEST(has_place([](S& s) { s.tasks[0].budget.deadline_ticks = 0; }));
  BOOST_TEST(has_place([](S& s) {
    s.tasks[0].reason = CancelReason{CancelKind::Deadline, 3, root_region};
    s.tasks[0].budget.priority = 210;
  }));
  BOOST_TEST(has_place([](S& s) { s.now = 3; }));
  BOOST_TEST(!has_place([](S& s) { s.now = 4; }));
  BOOST_TEST(!has_place([](S& s) { s.regions[0].budget.deadline_ticks = 4; }));
  BOOST_TEST(!has_place([](S& s) { s.regions[0].budget.poll_quota = 4; }));
  BOOST_TEST(!has_place([](S& s) { s.regions[0].budget.priority = 1; }));
  BOOST_TEST(!has_place([](S& s) { s.regions[0].budget.cost_quota = 1; }));
  BOOST_TEST(!has_place([](S& s) { s.regions[0].limits.body_tasks = 2; }));
  BOOST_TEST(!has_place([](S& s) { s.tasks[0].waiters.push_back(TaskName{5}); }));
  BOOST_TEST(!has_place([](S& s) { s.tasks[0].joins_ready = 6; }));
  BOOST_TEST(!has_place([](S& s) { s.tasks[0].budget.poll_quota = 51; }));
  BOOST_TEST(!has_place([](S& s) { s.tasks[0].budget.priority = 210; }));  // without a reason
  BOOST_TEST(!has_place([](S& s) { s.tasks[0].budget.cost_quota = 1; }));
  BOOST_TEST(!has_place([](S& s) { s.tasks[0].budget.deadline_ticks = 5'000; }));
  BOOST_TEST(!has_place([](S& s) {
    s.tasks[0].reason = CancelReason{CancelKind::Deadline, 4, root_region};
    s.tasks[0].budget.priority = 210;
  }));
}

/// The counts of models/external/counts.txt, which spin and rumur reach as well; the large ones by
/// hand.
BOOST_AUTO_TEST_CASE(house_reaches_as_many_states_as_the_other_writings_of_it) {
  std::ifstream table("models/external/counts.txt");
  std::string line;
  int rows = 0;
  while (std::getline(table, line)) {
    std::istringstream words(line);
    HouseBounds b;
    int arrivals = 0;
    std::uint64_t states = 0;
    std::uint64_t transitions = 0;
    if (!(words >> b.regions >> b.tasks >> b.obligations >> b.finalizers >> b.mask >> b.kinds >>
          b.policies >> arrivals >> states >> transitions))
      continue;
    if (arrivals != 0 || states > 110'000) continue;
    ++rows;
    BOOST_TEST_CONTEXT(line) {
      const SearchResult result = explored<3>(b);
      BOOST_TEST((result.ended == Ended::Complete));
      BOOST_TEST(result.distinct_states == states);
      BOOST_TEST(result.transitions == transitions);
    }
  }
  BOOST_TEST(rows >= 4);
}

/// States kept as they are, found depth first, no codec and no search.
BOOST_AUTO_TEST_CASE(house_reaches_what_step_reaches_with_states_kept_whole) {
  using B = HouseBounds;
  const B kept_whole[] = {{},
                          {.small_step = true},
                          {.time = 1},
                          {.obligations = 0, .finalizers = 1, .time = 2},
                          {.kinds = 2, .quota = 1},
                          {.obligations = 0, .small_step = true, .quota = 2},
                          {.regions = 1, .tasks = 2, .joins = 1},
                          {.obligations = 0, .finalizers = 1, .small_step = true, .joins = 1},
                          {.regions = 3, .obligations = 0, .limits = 1},
                          {.obligations = 0, .time = 1, .quota = 1, .joins = 1, .limits = 1}};
  for (const HouseBounds& bounds : kept_whole) {
    const bool small = bounds.small_step;
    const HouseAlphabet alphabet(bounds);
    std::multimap<std::uint64_t, spec::State> seen;
    std::vector<spec::State> waiting{spec::initial()};
    std::size_t accepted = 0;
    const auto visit = [&](const spec::State& state) {
      const auto [begin, end] = seen.equal_range(hash_value(state));
      if (std::any_of(begin, end, [&](const auto& entry) { return entry.second == state; })) return;
      seen.emplace(hash_value(state), state);
      waiting.push_back(state);
    };
    seen.emplace(hash_value(spec::initial()), spec::initial());
    while (!waiting.empty()) {
      const spec::State state = waiting.back();
      waiting.pop_back();
      alphabet.for_each(state, [&](const HouseAlphabet::Instance& instance) {
        const spec::Step step = small ? spec::step_unsettled(state, instance.action)
                                      : spec::step(state, instance.action);
        if (!is_done(step.answer)) return;
        ++accepted;
        visit(step.after);
      });
      for (const spec::InternalStep& internal : spec::enabled_internal(state)) {
        ++accepted;
        visit(spec::take(state, internal));
      }
    }
    const SearchResult result = explored<4>(bounds);
    BOOST_TEST(result.distinct_states == seen.size());
    BOOST_TEST(result.transitions == accepted);
    BOOST_TEST(!result.violation.has_value());
  }
}

BOOST_AUTO_TEST_CASE(result_does_not_depend_on_threads_or_on_the_set) {
  const SearchResult first = explored<2>(one_of_each);
  BOOST_TEST(!first.exact);
  SearchOptions options;
  options.threads = 2;
  options.exact = true;
  const SearchResult second = explored<2>(one_of_each, options);
  BOOST_TEST(second.exact);
  BOOST_TEST(second.distinct_states == first.distinct_states);
  BOOST_TEST((second.actions == first.actions));
  BOOST_TEST((second.levels == first.levels));
  for (std::size_t i = 0; i < first.refusals.size(); ++i) {
    BOOST_TEST(second.refusals[i].count == first.refusals[i].count);
  }
}

BOOST_AUTO_TEST_CASE(refusals_are_counted_by_guard_and_those_never_met_are_known) {
  const SearchResult result = explored<2>(one_of_each);
  std::map<std::string, std::uint64_t> counts;
  for (const Refusals& row : result.refusals) counts[row.action + ": " + row.guard] = row.count;
  BOOST_TEST(counts.at("spawn: RegionOpen") > 0U);
  BOOST_TEST(counts.at("enter_mask: TaskIsBody") > 0U);
  BOOST_TEST(counts.at("start: TaskExists") > 0U);  // a deferred finalizer is no task yet
  BOOST_TEST(counts.at("commit: RegionNotClosed") > 0U);
  BOOST_TEST(counts.at("spawn: WithinLimit") == 0U);
  BOOST_TEST(counts.at("commit: ActorIsHolder") == 0U);
  BOOST_TEST(counts.contains("start: RegionOpen") == false);
}

BOOST_AUTO_TEST_CASE(interesting_cases_are_reached_or_beyond_the_bounds_with_a_reason) {
  SearchOptions options;
  options.count_witnesses = true;
  using B = HouseBounds;
  for (const B& bounds : {B{.finalizers = 1}, B{.finalizers = 1, .time = 1}, B{.quota = 1},
                          B{.finalizers = 1, .joins = 1}, B{.limits = 1},
                          B{.obligations = 0, .time = 2, .quota = 1}}) {
    const SearchResult result = explored<4>(bounds, options);
    for (const Witness& witness : result.sometimes) {
      BOOST_TEST_CONTEXT(witness.id) {
        BOOST_TEST(witness.first_level.has_value() == witness.beyond.empty());
        BOOST_TEST((witness.states.value_or(0) > 0) == witness.first_level.has_value());
        BOOST_TEST(witness.states.value_or(0) <= result.distinct_states);
      }
    }
  }
}

/// What the bounds are said to be unable to show is looked for, and not there.
BOOST_AUTO_TEST_CASE(case_beyond_the_bounds_is_nowhere) {
  for (const HouseBounds& bounds :
       {HouseBounds{.regions = 1, .obligations = 0}, HouseBounds{.regions = 2},
        HouseBounds{.regions = 1, .time = 2, .quota = 1, .limits = 1},
        HouseBounds{.tasks = 1, .obligations = 0, .time = 1, .joins = 1}}) {
    const HouseMachine machine(bounds);
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      for (const spec::State& state : random_walk(bounds, seed, 30)) {
        for (std::size_t i = 0; i < spec::invariants().size(); ++i) {
          const bool beyond = !machine.sometimes()[i].beyond.empty();
          BOOST_TEST(!(beyond && spec::invariants()[i].interesting(state)));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(broken_state_is_seen_and_said) {
  const HouseMachine machine(one_of_each);
  spec::State state = spec::step(spec::initial(), Spawn{TaskName{0}, root_region}).after;
  BOOST_TEST(broken_ids(machine, state).empty());
  state.regions[0].reason = CancelReason{CancelKind::User, 0, root_region};
  const auto ids = broken_ids(machine, state);
  BOOST_TEST(ids.contains("inv.cancel.begins_close"));
  BOOST_TEST(ids.contains("inv.cancel.reaches_tasks"));
  std::array<std::uint64_t, 8> words{};
  BOOST_TEST(machine.codec().encode(state, words));
  BOOST_TEST(machine.violation_text(words, index_of(machine, "inv.cancel.begins_close")) ==
             "region r0 has the reason User@0 from r0 but is Open");
}

BOOST_AUTO_TEST_CASE(broken_step_is_seen_and_shown) {
  const HouseMachine machine(one_of_each);
  spec::State state = spec::step(spec::initial(), Spawn{TaskName{0}, root_region}).after;
  state = spec::step(state, Start{TaskName{0}}).after;
  state.regions[0].phase = RegionPhase::Closed;  // a task ends below it: the outcome still changes
  BOOST_TEST(broken_ids(machine, state).contains("inv.terminal.absorbing"));
  std::array<std::uint64_t, 8> words{};
  BOOST_TEST(machine.codec().encode(state, words));
  const auto row = machine.broken_step(words, index_of(machine, "inv.terminal.absorbing"));
  BOOST_TEST_REQUIRE(row.has_value());
  BOOST_TEST(row->step == "return(t0, Ok) answers Done{Completed(Ok)}");
  BOOST_TEST(row->state == "region r0 was Closed and changed");
}

/// Of the actions that properties of steps ask for, each kind once.
const std::vector<Action> one_of_each_kind{Start{TaskName{0}},
                                           Spawn{TaskName{1}, root_region},
                                           OpenRegion{.name = RegionName{1}, .parent = root_region},
                                           Checkpoint{TaskName{0}},
                                           Return{TaskName{0}, OutcomeKind::Ok},
                                           Poll{TaskName{0}},
                                           Join{TaskName{0}, TaskName{1}},
                                           CancelTask{TaskName{0}, CancelKind::User},
                                           CancelRegion{RegionName{1}, CancelKind::User},
                                           CloseRegion{root_region, CloseMode::Cancel},
                                           AdvanceTime{1},
                                           Commit{ObligationName{0}, TaskName{0}},
                                           Abort{ObligationName{0}, TaskName{0}}};

/// The places of the rows that differ; `any` unless the same Names stand in the same places.
template <class Rows>
std::uint64_t places_that_differ(const Rows& before, const Rows& after) {
  const auto have_one_name = [](const auto& b, const auto& a) { return b.name == a.name; };
  if (!std::equal(before.begin(), before.end(), after.begin(), after.end(), have_one_name))
    return spec::Touched::any;
  std::uint64_t places = 0;
  for (std::size_t place = 0; place < before.size(); ++place)
    places |= static_cast<std::uint64_t>(!(before[place] == after[place])) << place;
  return places;
}
spec::Touched touched_places(const spec::State& before, const spec::State& after) {
  return {.regions = places_that_differ(before.regions, after.regions),
          .tasks = places_that_differ(before.tasks, after.tasks),
          .obligations = places_that_differ(before.obligations, after.obligations)};
}

/// A row that is known to be the same need not be looked at: the verdict is the same.
BOOST_AUTO_TEST_CASE(properties_of_steps_say_the_same_with_and_without_the_touched_rows) {
  const HouseBounds no_flags{
      .regions = 3, .tasks = 2, .obligations = 2, .finalizers = 1, .policies = 2};
  std::uint64_t all = 0;
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    const HouseBounds& bounds = seed < 60 ? no_flags : all_of_it;
    const HouseCodec codec(bounds);
    const auto ahead = random_walk(bounds, seed, 25);
    const auto aside = random_walk(bounds, seed / 2, 12);
    for (std::size_t i = 0; i < std::min(ahead.size(), aside.size()); ++i) {
      for (const bool backwards : {false, true}) {
        const spec::State& before = backwards ? ahead[i] : aside[i];
        const spec::State& after = backwards ? aside[i] : ahead[i];
        const spec::Touched touched = touched_places(before, after);
        HouseCodec::Rows old{};
        HouseCodec::Rows rows{};
        BOOST_TEST_REQUIRE((codec.pack(before, old) && codec.pack(after, rows)));
        spec::State unpacked = before;
        BOOST_TEST((codec.unpack_changed(old, rows, unpacked) == touched));
        BOOST_TEST((unpacked == after));
        for (const Action& action : one_of_each_kind) {
          for (const Answer& answer : {done(), done_with(LeakPanic{}), refused(Guard::TaskLive)}) {
            const spec::Transition step{before, action, answer, after};
            const std::uint64_t plain = spec::violated_rows(step);
            BOOST_TEST(plain == spec::violated_rows({before, action, answer, after, touched}));
            std::uint64_t one_by_one = 0;
            for (std::size_t row = 0; row < spec::step_properties().size(); ++row) {
              if (spec::step_properties()[row].violated(step))
                one_by_one |= std::uint64_t{1} << row;
            }
            BOOST_TEST(plain == one_by_one);
            all |= plain;
          }
        }
      }
    }
  }
  BOOST_TEST(std::popcount(all) >= 14);  // two unrelated states break most of them
}

/// What the search does to each step: it packs the rows that are marked, and takes the step back.
BOOST_AUTO_TEST_CASE(steps_are_followed_and_taken_back_by_the_marks) {
  const HouseBounds no_flags{
      .regions = 3, .tasks = 2, .obligations = 2, .finalizers = 2, .policies = 2};
  const HouseBounds* const in_turn[] = {&no_flags, &timed, &polled, &joined, &limited, &all_of_it};
  std::size_t changes = 0;
  std::size_t creations = 0;
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    const HouseBounds& bounds = *in_turn[seed % std::size(in_turn)];
    const HouseCodec codec(bounds);
    const HouseAlphabet alphabet(bounds);
    for (const spec::State& before : random_walk(bounds, seed, 40)) {
      HouseCodec::Rows rows{};
      std::array<std::uint64_t, 8> words{};
      BOOST_TEST_REQUIRE(codec.pack(before, rows));
      codec.join(rows, words);
      spec::State scratch = before;
      take_back(before, {0, 0, 0}, scratch);
      alphabet.for_each(before, [&](const HouseAlphabet::Instance& instance) {
        const Answer answer = spec::apply(scratch, instance.action);
        if (!is_done(answer)) {
          BOOST_TEST((scratch == before));
          return;
        }
        auto followed = words;
        spec::Touched touched;
        BOOST_TEST_REQUIRE(codec.follow(before, rows, scratch, followed, touched));
        std::array<std::uint64_t, 8> packed{};
        BOOST_TEST_REQUIRE(codec.encode(scratch, packed));
        BOOST_TEST((followed == packed));
        const spec::Touched expected = touched_places(before, scratch);
        BOOST_TEST((touched == expected));
        changes += touched.nothing() ? 0 : 1;
        creations += scratch.tasks.size() == before.tasks.size() ? 0 : 1;
        take_back(before, touched, scratch);
        BOOST_TEST((scratch == before));
        BOOST_TEST((scratch.regions.marks() | scratch.tasks.marks()) == 0U);
      });
    }
  }
  BOOST_TEST(changes > 1500U);
  BOOST_TEST(creations > 20U);
}

BOOST_AUTO_TEST_CASE(violated_rows_are_those_that_the_catalogue_finds) {
  spec::State state = spec::step(spec::initial(), Spawn{TaskName{0}, root_region}).after;
  BOOST_TEST(spec::violated_rows(state) == 0U);
  state.regions[0].tasks.clear();
  state.regions[0].pending_obligations = 1;
  std::uint64_t expected = 0;
  for (std::size_t i = 0; i < spec::invariants().size(); ++i) {
    if (spec::invariants()[i].violated(state)) expected |= std::uint64_t{1} << i;
  }
  BOOST_TEST(expected != 0U);
  BOOST_TEST(spec::violated_rows(state) == expected);
}

}  // namespace
}  // namespace quiesce::explore
