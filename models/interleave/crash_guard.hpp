// CrashGuard: a crash or a hang of the code under test ends one execution, not the program.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>

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
  /// False under the sanitizers.
  static const bool is_on;

  /// Made when it is first asked for, kept as long as the thread.
  static CrashGuard& of_this_thread();

  /// Takes the signals; again, if someone else took them in between (a test framework does).
  static void install_handlers();

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

/// While one lives, a broken requirement (impl/sync/require.hpp) on this thread is thrown as a
/// BrokenRequirement instead of ending the program.
struct ListeningToErrors {
  ListeningToErrors();
  ~ListeningToErrors();
  ListeningToErrors(const ListeningToErrors&) = delete;
  ListeningToErrors& operator=(const ListeningToErrors&) = delete;
};
class BrokenRequirement : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// CPU time without a new execution after which one counts as hung.
inline constexpr int hang_seconds = 2;

}  // namespace quiesce::interleave
