// The choices that make one execution what it was, and their text form for a replay line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quiesce::interleave {

/// The most threads one execution may have, thread 0 (the body) included.
inline constexpr unsigned max_threads = 16;

/// One entry for each choice between at least two threads: the thread that was picked. A
/// notify_one with several waiters is such a choice too; its entry is the thread that was woken.
///   state    `picks[k]` < max_threads
struct Decisions {
  std::vector<std::uint8_t> picks;
  friend bool operator==(const Decisions&, const Decisions&) = default;
};

/// The text of a list of decisions: run lengths, "1x5,2,1x3"; "-" for no decision.
///   keeps    parse_decisions(to_text(d)).decisions == d
std::string to_text(const Decisions& decisions);

/// What reading decisions gave: the list, or a sentence that names the column.
struct ParsedDecisions {
  std::optional<Decisions> decisions;
  std::string error;
};

/// The most decisions a text may hold; a longer one is refused before memory is taken for it.
inline constexpr std::size_t max_decisions = 100'000;

/// Reads what to_text writes and nothing else: each list has exactly one text.
ParsedDecisions parse_decisions(std::string_view text);

}  // namespace quiesce::interleave
