// Lockstep: a history with tickets, replayed against the specification in the order of commits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/refine/coverage.hpp"
#include "models/refine/failure.hpp"
#include "models/refine/history.hpp"
#include "models/refine/spec_memo.hpp"

namespace quiesce::refine {

/// What clashes in one execution, before it is known which execution of which script it was.
struct Clash {
  FailureKind kind{};
  std::string id;
  std::string sentence;
  std::vector<std::string> details;
  std::optional<Mismatch> mismatch;
};

/// The clash between a snapshot and the state that it should stand for: a broken sentence of the
/// catalogue if the snapshot breaks one, else what differs.
[[nodiscard]] Clash state_clash(const Snapshot& snapshot, const spec::State& spec_says);

/// The clash of an answer; a final snapshot that breaks a sentence of the catalogue gives the id.
[[nodiscard]] Clash answer_clash(const Operation& operation, const Operation* before,
                                 const Answer& spec_says, const Snapshot* final_state);

/// The clash of what an operation told its observer.
[[nodiscard]] Clash effects_clash(const Operation& operation, const Told& spec_says);
/// Whether an operation told what the step leaves; one that tells nothing at all does.
[[nodiscard]] inline bool told_as(const Operation& operation, const Told& spec_says) {
  return !operation.tells || operation.told == spec_says;
}

/// The clash of a specification that breaks its own catalogue.
[[nodiscard]] Clash specification_clash(const Operation& operation, const BrokenSentence& broken);

/// Replays histories; the memo does the work of the specification.
///   refuses  in this order: an operation without a ticket or a ticket drawn outside its operation;
///            an answer that differs; effects that differ; a sentence of the catalogue that the
///            specification breaks; a final snapshot that is not the final state
///   cost     a look-up an operation once the memo has grown
class Lockstep {
 public:
  explicit Lockstep(SpecMemo& memo) : memo_(memo) {}

  /// `final_state` was taken after the last operation; null if there is none.
  [[nodiscard]] std::optional<Clash> check(const History& history, const Snapshot* final_state,
                                           Coverage& coverage);
  /// The same for a sequential history, with the state compared after every action.
  ///   `snapshot_after(i)` was taken after operation i; `tickets` says whether they are there
  template <class SnapshotAfter>
  [[nodiscard]] std::optional<Clash> check_each(const History& history, bool tickets,
                                                SnapshotAfter&& snapshot_after,
                                                Coverage& coverage) {
    if (tickets) {
      if (auto clash = order_by_ticket(history)) return clash;
    }
    StateId state = initial_state_id;
    for (std::size_t i = 0; i < history.size(); ++i) {
      const Operation* before = i == 0 ? nullptr : &history[i - 1];
      if (auto clash = one_step(history[i], before, &snapshot_after(i), state, coverage)) {
        return clash;
      }
      if (!memo_.stands_for(snapshot_after(i), state)) {
        Clash clash = state_clash(snapshot_after(i), memo_.state(state));
        clash.details.insert(clash.details.begin(), "after " + to_text(history[i].action));
        return clash;
      }
    }
    return std::nullopt;
  }

 private:
  std::optional<Clash> one_step(const Operation& operation, const Operation* before,
                                const Snapshot* final_state, StateId& state, Coverage& coverage);
  std::optional<Clash> order_by_ticket(const History& history);

  SpecMemo& memo_;
  std::vector<std::uint32_t> order_;
};

}  // namespace quiesce::refine
