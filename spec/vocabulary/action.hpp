// The external alphabet: one struct an action, in a variant, with a text form that parses back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "spec/vocabulary/budget.hpp"
#include "spec/vocabulary/cancel.hpp"
#include "spec/vocabulary/names.hpp"
#include "spec/vocabulary/outcome.hpp"
#include "spec/vocabulary/phases.hpp"

namespace quiesce {

// A creating action carries the Name of what it creates. Names of one kind are unique in a script.

struct OpenRegion {  // open_region(r1, r0[, deadline 9][, polls 3][, tasks 2][, FailFast])
  RegionName name;
  RegionName parent;
  Budget budget{};
  Limits limits{};
  Policy policy = Policy::CollectAll;
  friend bool operator==(const OpenRegion&, const OpenRegion&) = default;
};
struct CloseRegion {  // close_region(r1, Await)
  RegionName region;
  CloseMode mode = CloseMode::Await;
  friend bool operator==(const CloseRegion&, const CloseRegion&) = default;
};
struct CancelRegion {  // cancel_region(r1, Shutdown)
  RegionName region;
  CancelKind kind = CancelKind::User;
  friend bool operator==(const CancelRegion&, const CancelRegion&) = default;
};
struct DeferFinalizer {  // defer_finalizer(t5, r1): t5 is the task that will run it
  TaskName name;
  RegionName region;
  friend bool operator==(const DeferFinalizer&, const DeferFinalizer&) = default;
};
struct Spawn {  // spawn(t1, r0[, deadline 9][, polls 3][, cost 2][, priority 7])
  TaskName name;
  RegionName region;
  Budget budget{};
  friend bool operator==(const Spawn&, const Spawn&) = default;
};
struct Start {  // start(t1)
  TaskName task;
  friend bool operator==(const Start&, const Start&) = default;
};
struct Poll {  // poll(t1)
  TaskName task;
  friend bool operator==(const Poll&, const Poll&) = default;
};
struct Checkpoint {  // checkpoint(t1)
  TaskName task;
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};
struct EnterMask {  // enter_mask(t1, 2)
  TaskName task;
  std::uint8_t units = 1;
  friend bool operator==(const EnterMask&, const EnterMask&) = default;
};
struct LeaveMask {  // leave_mask(t1)
  TaskName task;
  friend bool operator==(const LeaveMask&, const LeaveMask&) = default;
};
struct CleanupDone {  // cleanup_done(t1)
  TaskName task;
  friend bool operator==(const CleanupDone&, const CleanupDone&) = default;
};
/// What the body of a task returned. A Cancelled return says its kind; the reason's time is `now`
/// and its origin the task's region.
struct Return {  // return(t1, Ok) return(t1, Cancelled Timeout)
  TaskName task;
  OutcomeKind outcome = OutcomeKind::Ok;
  CancelKind kind = CancelKind::User;  // only for Cancelled; User otherwise
  friend bool operator==(const Return&, const Return&) = default;
};
struct CancelTask {  // cancel_task(t1, User)
  TaskName task;
  CancelKind kind = CancelKind::User;
  friend bool operator==(const CancelTask&, const CancelTask&) = default;
};
struct Join {  // join(t1, t2): t1 waits for t2
  TaskName joiner;
  TaskName target;
  friend bool operator==(const Join&, const Join&) = default;
};
struct Reserve {  // reserve(o1, t1, r0, Lease)
  ObligationName name;
  TaskName holder;
  RegionName region;
  ObligationKind kind = ObligationKind::SendPermit;
  friend bool operator==(const Reserve&, const Reserve&) = default;
};
struct Commit {  // commit(o1, t1)
  ObligationName obligation;
  TaskName actor;
  friend bool operator==(const Commit&, const Commit&) = default;
};
struct Abort {  // abort(o1, t1, Explicit); Cancel is not a reason that an action can give
  ObligationName obligation;
  TaskName actor;
  AbortReason reason = AbortReason::Explicit;
  friend bool operator==(const Abort&, const Abort&) = default;
};
struct AdvanceTime {  // advance_time(9)
  Time to_ticks = 0;
  friend bool operator==(const AdvanceTime&, const AdvanceTime&) = default;
};

using Action = std::variant<OpenRegion, CloseRegion, CancelRegion, DeferFinalizer, Spawn, Start,
                            Poll, Checkpoint, EnterMask, LeaveMask, CleanupDone, Return, CancelTask,
                            Join, Reserve, Commit, Abort, AdvanceTime>;
inline constexpr int action_count = static_cast<int>(std::variant_size_v<Action>);

/// "spawn", "close_region", … by the index in the variant.
[[nodiscard]] std::string_view action_verb(std::size_t index);
[[nodiscard]] std::string to_text(const Action& action);

/// An action, or the sentence that says what is wrong and at which column (1-based).
struct ParsedAction {
  bool ok = false;
  Action action{};
  std::string error;
  std::size_t column = 0;
};

/// Reads what `to_text` writes; spaces are free between tokens. Never throws.
///   cost     linear in the text
[[nodiscard]] ParsedAction parse_action(std::string_view text);

/// One of several callables by the type of its argument, for std::visit.
template <class... Fs>
struct overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
overloaded(Fs...) -> overloaded<Fs...>;

}  // namespace quiesce
