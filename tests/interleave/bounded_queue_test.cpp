// A bounded queue, written against Sync: checked under Explored, used under Native. The page
// docs/how_to/check_your_own_code.md quotes this file.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "impl/sync/native.hpp"
#include "models/interleave/explore.hpp"

namespace quiesce::interleave {
namespace {

/// A queue of at most two items. `LooksAgain` says whether a woken thread looks again at what it
/// waited for.
template <Sync S, bool LooksAgain>
class BoundedQueue {
 public:
  void push(int item) {
    {
      const ScopedLock held(mutex_);
      wait_while([this] { return count_.read() == 2; }, not_full_);
      items_[(first_.read() + count_.read()) % 2] = item;
      count_.write(count_.read() + 1);
    }
    not_empty_.notify_one();
  }

  int take() {
    int item = 0;
    {
      const ScopedLock held(mutex_);
      wait_while([this] { return count_.read() == 0; }, not_empty_);
      check(count_.read() > 0, "an item is taken from an empty queue");
      item = items_[first_.read()];
      first_.write((first_.read() + 1) % 2);
      count_.write(count_.read() - 1);
    }
    not_full_.notify_one();
    return item;
  }

 private:
  template <class Condition>
  void wait_while(Condition condition, typename S::CondVar& changed) {
    if constexpr (LooksAgain) {
      while (condition()) changed.wait(mutex_);
    } else {
      if (condition()) changed.wait(mutex_);
    }
  }

  typename S::Mutex mutex_{LockInfo{.rank = 1, .name = "queue"}};
  typename S::CondVar not_full_{DataInfo{.name = "not_full"}};
  typename S::CondVar not_empty_{DataInfo{.name = "not_empty"}};
  typename S::template Var<std::size_t> count_{0, DataInfo{.name = "count"}};
  typename S::template Var<std::size_t> first_{0, DataInfo{.name = "first"}};
  std::array<int, 2> items_{};
};

/// One producer of two items, two consumers of one each.
template <Sync S, bool LooksAgain>
void two_consumers() {
  BoundedQueue<S, LooksAgain> queue;
  int taken[2] = {0, 0};
  typename S::Thread first([&] { taken[0] = queue.take(); });
  typename S::Thread second([&] { taken[1] = queue.take(); });
  queue.push(3);
  queue.push(4);
  first.join();
  second.join();
  check(taken[0] + taken[1] == 7, "an item was lost or taken twice");
}

constexpr const char* report =
    R"(FAIL check failed: an item is taken from an empty queue
found by walk, seed 1, execution 3; 2 preemptions, minimal: needs 2
  # | thread 0                             | thread 1                       | thread 2
  1 | start thread 1                       |                                |
  2 | start thread 2                       |                                |
  3 | switch: preempted                    |                                |
  4 |                                      | lock queue                     |
  5 |                                      | read count: 0                  |
  6 |                                      | wait not_empty: releases queue |
  7 |                                      | switch: blocked on not_empty   |
  8 | lock queue                           |                                |
  9 | read count: 0                        |                                |
 10 | read first: 0                        |                                |
 11 | read count: 0                        |                                |
 12 | read count: 0                        |                                |
 13 | write count: 0 -> 1                  |                                |
 14 | unlock queue                         |                                |
 15 | notify_one not_empty: wakes thread 1 |                                |
 16 | switch: preempted                    |                                |
 17 |                                      |                                | lock queue
 18 |                                      |                                | read count: 1
 19 |                                      |                                | read count: 1
 20 |                                      |                                | read first: 0
 21 |                                      |                                | read first: 0
 22 |                                      |                                | write first: 0 -> 1
 23 |                                      |                                | read count: 1
 24 |                                      |                                | write count: 1 -> 0
 25 |                                      |                                | unlock queue
 26 |                                      |                                | notify_one not_full: nobody waits
 27 |                                      |                                | end
 28 |                                      | lock queue: woken              |
 29 |                                      | read count: 0                  |
decisions: 1,0x2,2x2,1
)";

BOOST_AUTO_TEST_CASE(queue_that_does_not_look_again_takes_from_an_empty_queue) {
  const Verdict verdict = explore(two_consumers<Explored, false>);
  BOOST_TEST(!verdict.holds);
  BOOST_TEST(verdict.minimal);
  BOOST_TEST(verdict.report == report);
  const Verdict again = replay(two_consumers<Explored, false>, to_text(verdict.decisions));
  BOOST_TEST(again.ended.sentence == "an item is taken from an empty queue");
}

BOOST_AUTO_TEST_CASE(queue_that_looks_again_holds) {
  const Verdict verdict = explore(two_consumers<Explored, true>);
  BOOST_TEST(verdict.holds, verdict.report);
  BOOST_TEST(verdict.all_within_bound);
}

std::string file_text(const char* path) {
  std::ifstream file(path);
  BOOST_TEST_REQUIRE(file.good(), path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

BOOST_AUTO_TEST_CASE(how_to_page_quotes_this_file_and_the_report_word_for_word) {
  const std::string page = file_text("docs/how_to/check_your_own_code.md");
  const std::string source = file_text("tests/interleave/bounded_queue_test.cpp");
  int quotes = 0;
  for (const std::string language : {"```cpp\n", "```text\n"}) {
    for (std::size_t at = page.find(language); at != std::string::npos;
         at = page.find(language, at + 1)) {
      const std::size_t begin = at + language.size();
      const std::string quote = page.substr(begin, page.find("```", begin) - begin);
      BOOST_TEST((source.find(quote) != std::string::npos), quote);
      ++quotes;
    }
  }
  BOOST_TEST(quotes == 5);
}

BOOST_AUTO_TEST_CASE(queue_runs_on_real_threads) {
  two_consumers<Native, true>();
}

}  // namespace
}  // namespace quiesce::interleave
