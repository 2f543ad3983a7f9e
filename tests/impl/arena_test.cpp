// The arena: identity by slot and generation, reuse at once, a bounded memory of the ended.
#include <boost/test/unit_test.hpp>

#include "impl/shards/arena.hpp"
#include "impl/shards/slot_list.hpp"

using namespace quiesce;
using namespace quiesce::impl;

namespace {

struct Word {
  int value = 0;
  Links links{};
};
using Words = Arena<TaskKind, Word, int, 4>;

std::string spelled(const Words& words, std::uint32_t first) {
  std::string text;
  for (std::uint32_t slot = first; slot != no_slot; slot = words.at(slot).links.next) {
    text += std::to_string(words.at(slot).value);
  }
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(arena)

BOOST_AUTO_TEST_CASE(arena_finds_what_was_inserted) {
  Words words(8);
  const TaskId first = words.insert({.value = 1});
  const TaskId second = words.insert({.value = 2});
  BOOST_REQUIRE(words.find(first) != nullptr);
  BOOST_TEST(words.find(first)->value == 1);
  BOOST_TEST(words.find(second)->value == 2);
}

BOOST_AUTO_TEST_CASE(arena_finds_nothing_for_none_unknown_and_stale_ids) {
  Words words(8);
  const TaskId id = words.insert({.value = 1});
  BOOST_TEST(words.find(TaskId::none()) == nullptr);
  BOOST_TEST(words.find(TaskId{id.slot, id.generation + 1}) == nullptr);
  BOOST_TEST(words.find(TaskId{id.slot + 1, id.generation}) == nullptr);
  words.end(id, 10);
  BOOST_TEST(words.find(id) == nullptr);
  BOOST_TEST(words.find(TaskId{id.slot, id.generation + 1}) == nullptr);
  BOOST_TEST(words.remembered(TaskId::none()) == nullptr);
}

BOOST_AUTO_TEST_CASE(arena_reuses_a_slot_at_once_under_the_next_generation) {
  Words words(8);
  const TaskId old_id = words.insert({.value = 1});
  words.end(old_id, 10);
  const TaskId new_id = words.insert({.value = 2});
  BOOST_TEST(new_id.slot == old_id.slot);
  BOOST_TEST(new_id.generation == old_id.generation + 1);
  BOOST_TEST(words.find(old_id) == nullptr);
  BOOST_TEST(words.find(new_id)->value == 2);
}

BOOST_AUTO_TEST_CASE(arena_retires_a_slot_whose_generations_are_used_up) {
  Arena<TaskKind, Word, int, 4, 2> words(8);  // two generations only
  const TaskId first = words.insert({});
  words.end(first, 0);
  const TaskId second = words.insert({});
  BOOST_TEST(second.slot == first.slot);
  words.end(second, 0);
  const TaskId third = words.insert({});
  BOOST_TEST(third.slot != first.slot);
  BOOST_TEST(words.find(first) == nullptr);
  BOOST_TEST(words.find(second) == nullptr);
  BOOST_TEST(words.lost() == 0U);
  words.end(third, 0);
  BOOST_TEST(words.lost() == 0U);
}

BOOST_AUTO_TEST_CASE(arena_remembers_every_generation_of_a_slot_by_its_full_id) {
  Words words(8);
  const TaskId first = words.insert({});
  words.end(first, 10);
  const TaskId second = words.insert({});
  words.end(second, 20);
  BOOST_REQUIRE(words.remembered(first) != nullptr);
  BOOST_TEST(*words.remembered(first) == 10);
  BOOST_TEST(*words.remembered(second) == 20);
  BOOST_TEST(words.remembered(TaskId{first.slot, second.generation + 1}) == nullptr);
}

BOOST_AUTO_TEST_CASE(arena_forgets_the_oldest_when_the_ring_is_full) {
  Words words(2);
  std::vector<TaskId> ended;
  for (int i = 0; i < 5; ++i) {
    ended.push_back(words.insert({}));
    words.end(ended.back(), i);
  }
  BOOST_TEST(words.remembered(ended[2]) == nullptr);
  BOOST_TEST(*words.remembered(ended[3]) == 3);
  BOOST_TEST(*words.remembered(ended[4]) == 4);
  int remembered = 0;
  words.for_each_remembered([&](int) { ++remembered; });
  BOOST_TEST(remembered == 2);
}

BOOST_AUTO_TEST_CASE(arena_without_capacity_remembers_nothing) {
  Words words(0);
  const TaskId id = words.insert({});
  words.end(id, 1);
  BOOST_TEST(words.remembered(id) == nullptr);
}

BOOST_AUTO_TEST_CASE(arena_grows_beyond_its_inline_slots) {
  Words words(8);
  std::vector<TaskId> ids;
  for (int i = 0; i < 100; ++i) ids.push_back(words.insert({.value = i}));
  for (int i = 0; i < 100; ++i) {
    BOOST_TEST(words.find(ids[static_cast<std::size_t>(i)])->value == i);
  }
}

BOOST_AUTO_TEST_CASE(slot_list_unlinks_the_first_the_last_and_one_between) {
  Words words(8);
  std::uint32_t first = no_slot;
  std::vector<TaskId> ids;
  for (int i = 1; i <= 4; ++i) {
    ids.push_back(words.insert({.value = i}));
    link(words, first, ids.back().slot, &Word::links);
  }
  BOOST_TEST(spelled(words, first) == "4321");
  unlink(words, first, ids[1].slot, &Word::links);
  BOOST_TEST(spelled(words, first) == "431");
  unlink(words, first, ids[3].slot, &Word::links);
  BOOST_TEST(spelled(words, first) == "31");
  unlink(words, first, ids[0].slot, &Word::links);
  BOOST_TEST(spelled(words, first) == "3");
  unlink(words, first, ids[2].slot, &Word::links);
  BOOST_TEST(spelled(words, first).empty());
}

BOOST_AUTO_TEST_CASE(pool_takes_again_what_was_given_back) {
  Pool<int, 2> pool;
  const std::uint32_t one = pool.take(1);
  const std::uint32_t two = pool.take(2);
  BOOST_TEST(pool.taken() == 2U);
  pool.give_back(one);
  BOOST_TEST(pool.taken() == 1U);
  BOOST_TEST(pool.take(3) == one);
  BOOST_TEST(pool.at(one) == 3);
  BOOST_TEST(pool.at(two) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
