// How a runtime responds to leaks: obligations that a holder left Reserved when it completed
// without a cancel.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace quiesce {

/// What becomes of a leak.
enum class LeakResponse : std::uint8_t {
  Log,      // it becomes Leaked, and whoever observes the runtime hears of it
  Silent,   // it becomes Leaked
  Recover,  // it becomes Aborted(Error), and whoever observes the runtime hears of it
  Panic,    // as Log; and the Return that found it answers LeakPanic
};
inline constexpr int leak_response_count = 4;
[[nodiscard]] std::string_view to_text(LeakResponse response);

/// The response, and another one once enough leaks were found.
///   state    `escalate_after` counts leaks, those of the completion at hand included; 0 is never.
///            `escalate_to` says nothing without it
struct LeakPolicy {
  LeakResponse response = LeakResponse::Log;
  std::uint32_t escalate_after = 0;
  LeakResponse escalate_to = LeakResponse::Panic;

  friend bool operator==(const LeakPolicy&, const LeakPolicy&) = default;
};

/// "Log", "Recover, after 2 Panic"
[[nodiscard]] std::string to_text(const LeakPolicy& policy);

/// A policy, or the sentence that says what is wrong.
struct ParsedLeakPolicy {
  bool ok = false;
  LeakPolicy policy{};
  std::string error;
};
/// Reads what `to_text` writes; spaces are free between words. Never throws.
[[nodiscard]] ParsedLeakPolicy parse_leak_policy(std::string_view text);

}  // namespace quiesce
