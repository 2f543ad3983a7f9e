// Linearizability: does some order of the operations explain the answers and the final snapshot?
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/refine/coverage.hpp"
#include "models/refine/history.hpp"
#include "models/refine/lockstep.hpp"
#include "models/refine/spec_memo.hpp"

namespace quiesce::refine {

/// What a search came to.
enum class Linearizable : std::uint8_t {
  Yes,
  No,
  Unknown,  // the budget was used up, or more operations overlap than the search can hold
};

/// Wing and Gong's search with Lowe's memo on (operations done, state): depth first over the
/// orders in which an operation that had answered before another began comes first.
///   cost     up to `node_budget` steps of the specification, each a look-up
class Linearizability {
 public:
  explicit Linearizability(SpecMemo& memo) : memo_(memo) {}

  struct Result {
    Linearizable verdict = Linearizable::Unknown;
    std::optional<Clash> clash;  // if the verdict is No
    std::uint64_t nodes = 0;
  };
  /// `final_state` was taken after the last operation; null if there is none.
  ///   state    counts the answers of the order that was found
  [[nodiscard]] Result check(const History& history, const Snapshot* final_state,
                             std::uint64_t node_budget, Coverage& coverage);

 private:
  static constexpr std::size_t most_overlapping = 256;
  using DoneSet = std::array<std::uint64_t, most_overlapping / 64>;
  struct Visited {
    DoneSet done{};
    StateId state = 0;
    friend bool operator==(const Visited&, const Visited&) = default;
  };
  struct VisitedHash {
    std::size_t operator()(const Visited& visited) const;
  };

  bool search(std::size_t done_count);
  bool fits_snapshot();
  bool is_done(std::size_t i) const { return ((done_[i / 64] >> (i % 64)) & 1U) != 0; }
  void flip(std::size_t i) { done_[i / 64] ^= std::uint64_t{1} << (i % 64); }
  std::size_t sequential_head(const History& history) const;
  Clash no_order(const Snapshot* final_state) const;

  SpecMemo& memo_;
  const History* history_ = nullptr;
  const Snapshot* final_state_ = nullptr;
  std::size_t head_ = 0;  // operations before this one are in a forced order
  StateId state_ = 0;
  DoneSet done_{};
  std::vector<std::uint32_t> chosen_;
  boost::unordered_flat_set<Visited, VisitedHash> visited_;
  std::uint64_t nodes_ = 0;
  std::uint64_t budget_ = 0;
  // The furthest that any order got: what is said when there is none.
  std::size_t furthest_ = 0;
  StateId furthest_state_ = 0;
  std::vector<std::uint32_t> furthest_order_;
  std::optional<std::uint32_t> furthest_refused_;
};

}  // namespace quiesce::refine
