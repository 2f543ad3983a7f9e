// How an execution ended, and what a strategy sees when it chooses.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "models/interleave/decisions.hpp"
#include "models/interleave/trace.hpp"

namespace quiesce::interleave {

enum class Ending : std::uint8_t {
  Completed,
  Deadlock,           // nobody can go on; a lost wake-up is one
  RankInversion,      // locks in an order that can deadlock, whether or not this run did
  LockHeldAtExit,     // a thread ended, or a mutex was destroyed, while locked
  UnprotectedAccess,  // two accesses to a Var that nothing orders, one of them a write
  Misuse,             // an operation that its object does not allow
  UncaughtException,  // a thread let an exception out
  CheckFailed,        // interleave::check
  Crashed,            // a fault of the processor, an abort, or a loop without a visible operation
  StepLimit,          // more operations than the options allow
  Abandoned,          // the strategy, or interleave::abandon, cut the execution
};

/// "deadlock", "rank inversion", ... as a report names the ending.
std::string_view word(Ending ending);

/// The result of one execution.
///   state    `sentence` has the facts in words; it is empty, and nothing is allocated, when
///            Completed; `steps` counts visible operations
struct Ended {
  Ending ending = Ending::Completed;
  std::string sentence;
  std::uint64_t steps = 0;
  std::uint32_t preemptions = 0;

  bool completed() const { return ending == Ending::Completed; }
};

/// A set of threads: bit t is thread t.
using Threads = std::uint32_t;

/// What every object under test has: a name that outlives it, and its number in this execution.
struct ObjectHead {
  const char* name = "";
  std::uint32_t ordinal = 0;
};

/// The operation that a thread executes when it is chosen next.
struct Pending {
  const ObjectHead* object = nullptr;
  OperationKind kind = OperationKind::Exit;
};

/// True if the order of two threads' operations can matter: the same object, not both reads.
inline bool is_dependent(const Pending& a, const Pending& b) {
  return a.object == b.object && a.object != nullptr &&
         !(a.kind == OperationKind::Load && b.kind == OperationKind::Load);
}

}  // namespace quiesce::interleave
