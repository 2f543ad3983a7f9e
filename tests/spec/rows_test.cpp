// The containers of the state: rows with marks, and lists of names.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <utility>
#include <vector>

#include "spec/state.hpp"

namespace quiesce::spec {
namespace {

BOOST_AUTO_TEST_SUITE(rows)

State three_tasks() {
  State state = initial();
  for (const std::uint32_t name : {2U, 0U, 1U}) state.tasks.add({.name = TaskName{name}});
  for (auto* const rows : {&state.tasks}) rows->forget_marks();
  state.regions.forget_marks();
  return state;
}

BOOST_AUTO_TEST_CASE(rows_stand_in_the_order_of_their_names) {
  const State state = three_tasks();
  BOOST_TEST_REQUIRE(state.tasks.size() == 3U);
  for (std::uint32_t name = 0; name < 3; ++name)
    BOOST_TEST((state.tasks[name].name == TaskName{name}));
}

BOOST_AUTO_TEST_CASE(whoever_may_write_leaves_a_mark) {
  State state = three_tasks();
  BOOST_TEST(state.tasks.marks() == 0U);
  BOOST_TEST(find(state, TaskName{1}) != nullptr);
  BOOST_TEST(state.tasks.marks() == 0b010U);
  state.tasks[2].mask_units = 1;
  BOOST_TEST(state.tasks.marks() == 0b110U);
  BOOST_TEST(state.regions.marks() == 0U);
  state.tasks.forget_marks();
  for (Task& task : state.tasks) task.mask_units = 0;
  BOOST_TEST((state.tasks.marks() & 0b111U) == 0b111U);
  state.tasks.forget_marks();
  state.tasks.erase(std::as_const(state).tasks.begin());
  BOOST_TEST((state.tasks.marks() & 0b11U) == 0b11U);
}

BOOST_AUTO_TEST_CASE(whoever_only_reads_leaves_none_and_marks_are_no_part_of_the_value) {
  State state = three_tasks();
  const State& read = state;
  BOOST_TEST(find(read, TaskName{1}) != nullptr);
  BOOST_TEST(find(state, TaskName{7}) == nullptr);
  BOOST_TEST(std::count_if(read.tasks.begin(), read.tasks.end(), is_body) == 3);
  BOOST_TEST(state.tasks.marks() == 0U);
  State other = three_tasks();
  BOOST_TEST(find(other, TaskName{0}) != nullptr);
  BOOST_TEST((state == other));
}

BOOST_AUTO_TEST_CASE(places_64_apart_share_a_mark) {
  State state = initial();
  for (std::uint32_t name = 0; name < 80; ++name) state.tasks.add({.name = TaskName{name}});
  state.tasks.forget_marks();
  BOOST_TEST(find(state, TaskName{79}) != nullptr);
  BOOST_TEST(state.tasks.marks() == std::uint64_t{1} << (79 - 64));
  std::vector<std::size_t> marked;
  state.tasks.for_each_marked([&](std::size_t place) { marked.push_back(place); });
  BOOST_TEST((marked == std::vector<std::size_t>{79 - 64, 79}));
}

/// Against a vector, over the border between the names inside and those elsewhere.
BOOST_AUTO_TEST_CASE(names_are_a_vector) {
  Names<TaskName> names;
  std::vector<TaskName> expected;
  std::uint32_t number = 1;
  for (int turn = 0; turn < 4000; ++turn) {
    number = number * 1'664'525U + 1'013'904'223U;
    const std::size_t place = expected.empty() ? 0 : (number >> 8U) % expected.size();
    const bool shrink = (turn / 40) % 2 == 1;
    if (shrink && !expected.empty()) {
      names.erase(names.begin() + static_cast<std::ptrdiff_t>(place));
      expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(place));
    } else {
      names.insert(names.begin() + static_cast<std::ptrdiff_t>(place), TaskName{number});
      expected.insert(expected.begin() + static_cast<std::ptrdiff_t>(place), TaskName{number});
    }
    Names<TaskName> copied;
    copied.push_back(TaskName{7});
    copied = names;  // short onto long, long onto short, and onto itself
    names = copied;
    Names<TaskName> moved = std::move(copied);
    BOOST_TEST_REQUIRE((moved == names));
    BOOST_TEST_REQUIRE(std::equal(names.begin(), names.end(), expected.begin(), expected.end()));
    if (!expected.empty()) {
      BOOST_TEST((names.front() == expected.front()));
      BOOST_TEST((names.back() == expected.back()));
    }
  }
  names.clear();
  BOOST_TEST(names.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace quiesce::spec
