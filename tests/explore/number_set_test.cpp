// Sets of numbers, and searches of a model that has more sentences than a word has bits.
#include "models/explore/number_set.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "impl/sync/require.hpp"
#include "models/explore/reduced_search.hpp"
#include "models/explore/search.hpp"
#include "tests/explore/folder.hpp"

namespace quiesce::explore {
namespace {

std::set<std::size_t> numbers_of(const FactSet& set) {
  std::set<std::size_t> numbers;
  set.for_each([&](std::size_t number) { numbers.insert(number); });
  return numbers;
}

BOOST_AUTO_TEST_CASE(a_set_has_what_was_added_in_whatever_word) {
  FactSet set;
  BOOST_TEST(set.empty());
  const std::set<std::size_t> added{0, 1, 62, 63, 64, 65, 126, FactSet::most - 1};
  for (const std::size_t number : added) {
    set.add(number);
    BOOST_TEST(FactSet::only(number).first() == number);
    BOOST_TEST((FactSet::below(number + 1) - FactSet::below(number) == FactSet::only(number)));
  }
  set.add_if(false, 100);
  BOOST_TEST(!set.empty());
  BOOST_TEST(set.size() == added.size());
  BOOST_TEST(numbers_of(set) == added);
  for (std::size_t number = 0; number < FactSet::most; ++number)
    BOOST_TEST(set.has(number) == added.contains(number));
  BOOST_TEST(((set - FactSet::below(64)).first() == 64U));
  BOOST_TEST((numbers_of(set & FactSet::below(2)) == std::set<std::size_t>{0, 1}));
  BOOST_TEST(((FactSet::only(3) | FactSet::only(120)).size() == 2U));
}

BOOST_AUTO_TEST_CASE(bits_are_put_and_found_wherever_they_begin) {
  const std::uint64_t bits = 0x8000'0000'0000'0105U;
  const std::set<std::size_t> in_bits{0, 2, 8, 63};
  for (std::size_t first = 0; first + 64 <= FactSet::most; ++first) {
    const FactSet set = FactSet::of(bits, first);
    std::set<std::size_t> expected;
    for (const std::size_t bit : in_bits) expected.insert(first + bit);
    BOOST_TEST(numbers_of(set) == expected);
    BOOST_TEST(set.bits_from(first) == bits);
  }
  BOOST_TEST(FactSet::of(bits, 64).bits_from(66) == bits >> 2U);
}

/// A model that counts to its last sentence: the state n shows case n and, from `sound` on, breaks
/// sentence n.
class Sayings {
 public:
  using State = PackedState<1>;
  using Facts = int;

  Sayings(std::size_t count, std::size_t sound) : sound_(sound) {
    for (std::size_t i = 0; i < count; ++i) ids_.push_back(std::to_string(i));
    for (const std::string& id : ids_) facts_.push_back({id, "it is so"});
  }
  [[nodiscard]] State initial() const { return {0}; }
  [[nodiscard]] std::size_t max_successors() const { return 1; }
  [[nodiscard]] Facts inspect(const State&) const { return 0; }
  [[nodiscard]] Facts inspect_awake(const State&, const FactSet&, const InstanceSet&) const {
    return 0;
  }
  template <class Sink>
  void steps(const State& state, Facts, Sink&& sink) const {
    if (state[0] + 1 < facts_.size()) sink(std::size_t{0}, std::size_t{0}, State{state[0] + 1});
  }
  template <class Sink>
  void successors(const State& state, Facts facts, Sink&& sink) const {
    steps(state, facts,
          [&](std::size_t, std::size_t action, const State& next) { sink(action, next); });
  }
  [[nodiscard]] bool independent(std::size_t, std::size_t) const { return false; }
  [[nodiscard]] std::size_t instance_count() const { return 1; }
  [[nodiscard]] FactSet violated(const State& state, Facts) const {
    return FactSet::only(state[0]) - FactSet::below(sound_);
  }
  [[nodiscard]] FactSet witnessed(const State& state, Facts) const {
    return FactSet::only(state[0]);
  }
  [[nodiscard]] bool is_quiescent(const State&, Facts) const { return false; }
  [[nodiscard]] std::span<const std::string_view> actions() const { return names; }
  [[nodiscard]] std::span<const Fact> always() const { return facts_; }
  [[nodiscard]] std::span<const Fact> sometimes() const { return facts_; }
  [[nodiscard]] std::string violation_text(const State&, std::size_t) const { return "no"; }
  [[nodiscard]] std::string state_text(const State& state) const {
    return std::to_string(state[0]);
  }
  [[nodiscard]] std::string step_text(const State&, std::size_t, const State&) const { return {}; }

 private:
  static constexpr std::array<std::string_view, 1> names{"count"};
  std::size_t sound_;
  std::vector<std::string> ids_;
  std::vector<Fact> facts_;
};

constexpr std::size_t most_sayings = FactSet::most - 1;  // and a deadlock

void has_shown_all(const SearchResult& result) {
  BOOST_TEST_REQUIRE(result.sometimes.size() == most_sayings);
  for (std::size_t i = 0; i < most_sayings; ++i)
    BOOST_TEST((result.sometimes[i].first_level == i), result.sometimes[i].id);
}

/// Every sentence, and the deadlock after them, is counted and found in its level.
void has_broken_all_from(std::size_t sound, const SearchResult& result) {
  BOOST_TEST_REQUIRE(result.broken.size() == most_sayings - sound + 1);
  for (std::size_t i = 0; i + sound < most_sayings; ++i) {
    BOOST_TEST(result.broken[i].id == std::to_string(sound + i));
    BOOST_TEST(result.broken[i].first_level == sound + i);
    BOOST_TEST(result.broken[i].states == 1U);
  }
  BOOST_TEST(result.broken.back().id == no_deadlock);
  BOOST_TEST_REQUIRE(result.violation.has_value());
  BOOST_TEST(result.violation->id == std::to_string(sound));
  BOOST_TEST(result.violation->trace.size() == sound + 1);
}

BOOST_AUTO_TEST_CASE(searches_keep_more_sentences_than_a_word_has_bits) {
  for (const std::size_t sound : {0U, 63U, 64U, 65U, 126U}) {
    const Sayings model(most_sayings, sound);
    SearchOptions options;
    options.keep_going = true;
    for (const SearchResult& result : {search(model, options), reduced_search(model, options)}) {
      BOOST_TEST_CONTEXT("from " << sound) {
        has_shown_all(result);
        has_broken_all_from(sound, result);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(cases_beyond_a_word_are_counted_and_shown) {
  const Sayings model(most_sayings, most_sayings);
  SearchOptions options;
  options.deadlock_is_violation = false;
  options.count_witnesses = true;
  for (const SearchResult& result : {search(model, options), reduced_search(model, options)}) {
    has_shown_all(result);
    for (const Witness& witness : result.sometimes) BOOST_TEST((witness.states == 1U));
  }
  options.want_example = true;
  options.example_of = 120;
  const SearchResult result = search(model, options);
  BOOST_TEST_REQUIRE(result.example.has_value());
  BOOST_TEST(result.example->of == "120: it is so");
  BOOST_TEST(result.example->trace.size() == 121U);
}

BOOST_AUTO_TEST_CASE(a_checkpoint_keeps_the_cases_beyond_a_word) {
  const testing::Folder folder;
  const Sayings model(most_sayings, most_sayings);
  SearchOptions options;
  options.deadlock_is_violation = false;
  options.checkpoint_path = folder.file("checkpoint");
  int rounds = 0;
  options.stop_requested = [&rounds] { return ++rounds > 110; };
  const SearchResult stopped = search(model, options);
  BOOST_TEST((stopped.ended == Ended::Interrupted));
  BOOST_TEST(stopped.sometimes[105].first_level.has_value());
  BOOST_TEST(!stopped.sometimes[115].first_level.has_value());
  SearchOptions resuming;
  resuming.deadlock_is_violation = false;
  resuming.resume_path = options.checkpoint_path;
  has_shown_all(search(model, resuming));
}

BOOST_AUTO_TEST_CASE(a_model_with_more_sentences_than_there_is_room_for_stops_at_once) {
  error_listener = [](const char* sentence) { throw std::logic_error(sentence); };
  const auto says = [](const std::logic_error& error) {
    return std::string(error.what()) ==
           "a FactSet has room for the sentences of a model and for the deadlock";
  };
  const Sayings model(most_sayings + 1, 0);
  BOOST_CHECK_EXCEPTION((void)search(model, SearchOptions{}), std::logic_error, says);
  BOOST_CHECK_EXCEPTION((void)reduced_search(model, SearchOptions{}), std::logic_error, says);
  error_listener = nullptr;
}

}  // namespace
}  // namespace quiesce::explore
