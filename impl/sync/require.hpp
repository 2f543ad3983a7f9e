// require: a programmer error is said with its place, and the program stops.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace quiesce {

/// Who hears of a programmer error on this thread instead of the program's end; may throw. A
/// checker sets it while it runs code under test.
using ErrorListener = void (*)(const char* sentence);
inline thread_local ErrorListener error_listener = nullptr;

/// Says "file:line: sentence" on standard error and aborts.
[[noreturn]] inline void programmer_error(const char* sentence, const char* file = __builtin_FILE(),
                                          int line = __builtin_LINE()) {
  if (error_listener != nullptr) error_listener(sentence);
  std::fprintf(stderr, "%s:%d: %s\n", file, line, sentence);
  std::fflush(stderr);
  std::abort();
}

/// Stops the program if `condition` does not hold. For mistakes of a programmer only: what a caller
/// may legitimately get wrong is a Refused{Guard}, and what a checker finds is a violation.
///   cost     one branch
inline void require(bool condition, const char* sentence, const char* file = __builtin_FILE(),
                    int line = __builtin_LINE()) {
  if (!condition) [[unlikely]]
    programmer_error(sentence, file, line);
}

}  // namespace quiesce
