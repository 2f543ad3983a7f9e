// The coverage table: how often each action got each kind of answer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "spec/vocabulary/action.hpp"
#include "spec/vocabulary/answer.hpp"

namespace quiesce::refine {

/// The kinds of answers, as numbers: what `answer_class` of the vocabulary distinguishes.
inline constexpr std::size_t answer_class_count = 15 + guard_count;
[[nodiscard]] std::size_t answer_class_index(const Answer& answer);
/// "Done{changed}", "Refused{RegionOpen}": the text of `answer_class`.
[[nodiscard]] std::string answer_class_text(std::size_t class_index);

/// One row of the table: an action and a kind of answer that it can get.
struct CoverageRow {
  std::size_t action_index = 0;
  std::size_t class_index = 0;
  std::uint64_t count = 0;
};

/// Counts answers by action and kind.
///   state    a plain table; sums of tables do not depend on the order
///   cost     counting is one increment
class Coverage {
 public:
  void count(const Action& action, const Answer& answer) {
    ++counts_[action.index()][answer_class_index(answer)];
  }
  void count(std::size_t action_index, std::size_t class_index, std::uint64_t times = 1) {
    counts_[action_index][class_index] += times;
  }
  void add(const Coverage& other);
  void clear() { counts_ = {}; }

  [[nodiscard]] std::uint64_t at(std::size_t action_index, std::size_t class_index) const {
    return counts_[action_index][class_index];
  }
  /// Every row that semantics.md makes possible, in the order of actions, with its count.
  [[nodiscard]] std::vector<CoverageRow> rows() const;
  /// Possible rows that were never reached: "poll: Done{PollExhausted}".
  [[nodiscard]] std::vector<std::string> empty_rows() const;
  /// Answers that no row allows, "start: Refused{RegionOpen}": a rule answers by a foreign guard.
  [[nodiscard]] std::vector<std::string> impossible_rows() const;

 private:
  std::array<std::array<std::uint64_t, answer_class_count>, action_count> counts_{};
};

/// True if the tables of semantics.md let this action get this kind of answer.
[[nodiscard]] bool is_possible_row(std::size_t action_index, std::size_t class_index);

}  // namespace quiesce::refine
