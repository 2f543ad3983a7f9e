// A script: what the threads of one execution do, as plain data with two text forms.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spec/vocabulary/action.hpp"
#include "spec/vocabulary/leaks.hpp"

namespace quiesce::refine {

/// A sequential prefix, then branches that run concurrently, then a sequential suffix that probes
/// what they left behind.
///   keeps    any list of actions is legal as long as the Names that it creates are unique
struct Script {
  std::vector<Action> prefix;
  std::vector<std::vector<Action>> branches;
  std::vector<Action> suffix;
  LeakPolicy leaks{};

  friend bool operator==(const Script&, const Script&) = default;
};

/// How many actions all parts hold together.
[[nodiscard]] std::size_t action_total(const Script& script);
/// The parts in order: prefix, each branch, suffix.
[[nodiscard]] std::vector<std::span<const Action>> parts(const Script& script);

/// The line-based form. `leaks RESPONSE` stands first, unless it is Log. Parts are headed by
/// `prefix`, `branch`, `suffix`; the last line is `end`, so that a cut file is noticed; `#` starts
/// a comment.
[[nodiscard]] std::string to_text(const Script& script);
/// The one-line form: `[spawn(t1,r0);start(t1)|poll(t1)|close_region(r0,Await)>start(t1)]`, that is
/// prefix, a branch after each '|', and a suffix after '>'. Other leak policies than Log stand in
/// front: `[leaks Recover,after 2 Panic:spawn(t1,r0)]`.
[[nodiscard]] std::string to_line(const Script& script);

/// A script, or the sentence that says what is wrong, with its line and column (1-based).
struct ParsedScript {
  bool ok = false;
  Script script;
  std::string error;
  std::size_t line = 0;
  std::size_t column = 0;
};

/// Reads what `to_text` writes; never throws.
///   refuses  unknown words and actions, Names created twice, input without its `end`
[[nodiscard]] ParsedScript parse_script(std::string_view text);
/// Reads what `to_line` writes; `line` is always 1.
///   refuses  as parse_script; a line without its ']' is truncated
[[nodiscard]] ParsedScript parse_script_line(std::string_view text);

/// Plainer leak policies than this one, the plainest first: Log, then the response without its
/// escalation or the escalation's alone, then an earlier escalation. None for Log.
[[nodiscard]] std::vector<LeakPolicy> simpler(const LeakPolicy& leaks);

/// Names that are created twice, in words; empty if the script is fine.
[[nodiscard]] std::string name_created_twice(const Script& script);

/// The Name that an action creates, if it creates one.
///   state    a DeferFinalizer's Name counts as a task's
struct CreatedName {
  char letter = '?';  // 'r', 't' or 'o'; '?' if the action creates nothing
  std::uint32_t value = 0;
  friend bool operator==(const CreatedName&, const CreatedName&) = default;
};
[[nodiscard]] CreatedName created_name(const Action& action);

}  // namespace quiesce::refine
