// Small runtimes for the checkers' own tests: one that is right, and twins with one fault each.
#pragma once

#include "models/refine/runtime_under_test.hpp"
#include "spec/state.hpp"

namespace quiesce::refine::twins {

/// What a twin does wrong.
enum class Fault {
  None,
  ChecksThenInserts,  // spawn looks at the region in one critical section and inserts in another
  ForgetsUnlink,      // a completed task stays in its region's list
  SaysChanged,        // every accepted cancel answers Done{changed}
  KeepsNow,           // time passes, but the runtime's clock stands still
  LateTicket,         // tickets are drawn in a critical section of their own
  SwapsLocks,         // checkpoint takes the two locks in the other order
  CountsPending,      // the total of pending obligations is one too many after a commit
  ForgetsWakes,       // a completion wakes nobody, though the results are there
  Remembers,          // answers depend on what earlier executions did
};

/// The variants, registered in tests only. The good ones are `good`, `ticketless`.
[[nodiscard]] Variant good();
[[nodiscard]] Variant ticketless();
[[nodiscard]] Variant bad(Fault fault);
/// ChecksThenInserts without tickets.
[[nodiscard]] Variant bad_ticketless();

/// The rows of a state: the abstraction backwards.
[[nodiscard]] Snapshot snapshot_of(const spec::State& state);

}  // namespace quiesce::refine::twins
