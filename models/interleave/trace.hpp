// What a traced execution tells: one call for each visible operation.
#pragma once

#include <cstdint>
#include <string_view>

namespace quiesce::interleave {

/// The visible operations. Exit is the end of a thread.
enum class OperationKind : std::uint8_t {
  Lock,
  TryLock,
  Unlock,
  Wait,
  NotifyOne,
  NotifyAll,
  Load,
  Store,
  ReadModifyWrite,
  Read,
  Write,
  Spawn,
  Join,
  Yield,
  Exit,
};

/// The word for an operation in a report: "lock", "wait", "load", ...
std::string_view word(OperationKind kind);

/// Why a thread runs after another one ran before.
enum class SwitchReason : std::uint8_t {
  None,       // the same thread goes on
  Started,    // the thread was just created and runs up to its first scheduling point
  Preempted,  // the other thread could have gone on
  Blocked,    // the other thread waits for `blocked_on`
  Yielded,    // the other thread asked to wait
  Finished,   // the other thread ended
};

/// "preempted", "blocked", ...; empty for None.
std::string_view word(SwitchReason reason);

/// One executed operation.
///   state    views are valid during the call; `ordinal` numbers the objects of an execution in the
///            order of their creation; `switched` says why `previous`, the thread of the operation
///            before, does not run
struct TracedOperation {
  unsigned thread = 0;
  OperationKind kind = OperationKind::Lock;
  std::string_view object;
  std::uint32_t ordinal = 0;
  std::string_view detail;
  SwitchReason switched = SwitchReason::None;
  unsigned previous = 0;
  std::string_view blocked_on;
};

/// Receives a traced execution. Tracing costs time, so it is for re-runs of what was found.
class TraceSink {
 public:
  virtual ~TraceSink() = default;
  virtual void operation(const TracedOperation& operation) = 0;
  virtual void note(unsigned thread, std::string_view text) = 0;
};

/// Adds a line of the code under test to the trace of the running execution; nothing happens when
/// there is no trace, or no execution.
void note(std::string_view text);
/// True while an execution is traced: guards the making of an expensive note.
bool is_traced();

}  // namespace quiesce::interleave
