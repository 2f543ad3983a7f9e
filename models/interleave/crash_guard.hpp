// CrashGuard: a crash or a hang of the code under test ends one execution, not the program.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace quiesce::interleave {

/// Runs executions so that a segmentation fault, an abort, a division by zero or a loop without a
/// visible operation is an answer. One for each thread of the operating system that explores.
///   state    what the code under test held is lost, memory included: after a crash its objects and
///   its
///            engine are left behind, never destroyed
///   limits   switched off under the sanitizers, which report such faults themselves; a crash
///   inside the
///            allocator may leave its lock taken, and the next crash then ends the program
///   cost     some nanoseconds an execution; a tick each half second of CPU time
class CrashGuard {
 public:
  CrashGuard();
  ~CrashGuard();
  CrashGuard(const CrashGuard&) = delete;
  CrashGuard& operator=(const CrashGuard&) = delete;

  /// Runs `work()`. Nothing if it ended by itself; otherwise what ended it, in words: "segmentation
  /// fault", "abort", "no visible operation for 2 seconds".
  template <class Work>
  std::optional<std::string> run(Work&& work) {
    return run_erased(
        [](void* erased) { (*static_cast<std::remove_reference_t<Work>*>(erased))(); },
        const_cast<void*>(static_cast<const void*>(&work)));
  }

 private:
  std::optional<std::string> run_erased(void (*call)(void*), void* work);

  struct Resources;
  Resources* resources_;
};

/// CPU time without a new execution after which one counts as hung.
inline constexpr int hang_seconds = 2;

}  // namespace quiesce::interleave
