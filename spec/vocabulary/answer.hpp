// Answers: Done{result} or Refused{Guard}. A refusal is part of the contract, never an exception.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "spec/vocabulary/outcome.hpp"

namespace quiesce {

/// A guard is a fact that an action needs, stated positively; the first that fails answers.
enum class Guard : std::uint8_t {
  RegionExists,
  RegionOpen,
  RegionNotClosed,
  WithinLimit,
  TaskExists,
  TaskCreated,
  TaskStarted,
  TaskLive,
  TaskIsBody,
  TaskRunning,
  TaskCancelling,
  TaskMasked,
  NotMasked,
  WithinMaskBound,
  JoinerLive,
  NotSelf,
  TaskOwnedByRegion,
  ObligationExists,
  ActorIsHolder,
  ObligationReserved,
  TimeNotBackwards,
};
inline constexpr int guard_count = 21;

[[nodiscard]] std::string_view to_text(Guard guard);
/// "the region is Open": the sentence that was not true.
[[nodiscard]] std::string_view sentence(Guard guard);

// What an accepted action answers.
struct Nothing {  // the action has nothing to say
  friend bool operator==(const Nothing&, const Nothing&) = default;
};
struct Changed {  // cancel_region, cancel_task: was the recorded reason new or strengthened?
  bool changed = false;
  friend bool operator==(const Changed&, const Changed&) = default;
};
struct Continue {  // checkpoint: nothing to observe, or a mask unit was spent
  friend bool operator==(const Continue&, const Continue&) = default;
};
struct Acknowledged {  // checkpoint: the cancel is observed now, for this reason
  CancelReason reason;
  friend bool operator==(const Acknowledged&, const Acknowledged&) = default;
};
struct CancelPending {  // checkpoint: the cancel was observed before, go on cleaning up
  friend bool operator==(const CancelPending&, const CancelPending&) = default;
};
struct PollGranted {  // poll: one poll was taken from the quota (or it is unlimited)
  friend bool operator==(const PollGranted&, const PollGranted&) = default;
};
struct PollExhausted {  // poll: the quota was used up; a body task is now cancelled (PollQuota)
  friend bool operator==(const PollExhausted&, const PollExhausted&) = default;
};
struct Registered {  // join: the joiner waits
  friend bool operator==(const Registered&, const Registered&) = default;
};
struct Ready {  // join: the target had completed before
  Outcome outcome;
  friend bool operator==(const Ready&, const Ready&) = default;
};
struct Completed {  // return: the outcome that was recorded
  Outcome outcome;
  friend bool operator==(const Completed&, const Completed&) = default;
};
struct LeakPanic {  // return: the same, and what the task left Reserved calls for a panic
  Outcome outcome;
  friend bool operator==(const LeakPanic&, const LeakPanic&) = default;
};

struct Done {
  std::variant<Nothing, Changed, Continue, Acknowledged, CancelPending, PollGranted, PollExhausted,
               Registered, Ready, Completed, LeakPanic>
      result{};
  friend bool operator==(const Done&, const Done&) = default;
};
struct Refused {
  Guard guard{};
  friend bool operator==(const Refused&, const Refused&) = default;
};
using Answer = std::variant<Done, Refused>;

template <class Result>
[[nodiscard]] Answer done_with(const Result& result) {
  return Done{result};
}
[[nodiscard]] inline Answer done() {
  return Done{};
}
[[nodiscard]] inline Answer refused(Guard guard) {
  return Refused{guard};
}
[[nodiscard]] inline bool is_done(const Answer& answer) {
  return std::holds_alternative<Done>(answer);
}

/// "Done", "Done{changed}", "Done{unchanged}", "Done{Cancelled(User@0 from r0)}",
/// "Refused{RegionOpen}"
[[nodiscard]] std::string to_text(const Answer& answer);

/// A row of the coverage tables: which kind of answer, without its payload: "Done{changed}",
/// "Done{Acknowledged}", "Refused{RegionOpen}".
[[nodiscard]] std::string answer_class(const Answer& answer);

}  // namespace quiesce
