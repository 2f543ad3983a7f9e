// The one line that reproduces a failure exactly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/interleave/decisions.hpp"
#include "models/refine/failure.hpp"

namespace quiesce::report {

/// What a replay line carries.
///   state    the script and the decisions reproduce the run; strategy, seed and the two indices
///   say how it
///            was found
struct ReplayLine {
  std::string variant;
  std::string sources;   // digest of spec, impl and models
  std::string strategy;  // that found it
  std::uint64_t seed = 0;
  std::uint64_t script_index = 0;
  std::uint64_t execution_index = 0;
  refine::Script script;
  interleave::Decisions decisions;
};

[[nodiscard]] ReplayLine replay_line(const refine::Failure& failure, std::string_view sources);

/// q1:VARIANT:SOURCES:STRATEGY:SEED.SCRIPT.EXECUTION:[script]:DECISIONS:CHECKDIGITS
[[nodiscard]] std::string to_text(const ReplayLine& line);

/// A replay line, or the sentence that says what is wrong with the text and where.
struct ParsedReplayLine {
  std::optional<ReplayLine> line;
  std::string error;
};
[[nodiscard]] std::string with_check_digits(std::string_view text);  // a line without them, whole
[[nodiscard]] ParsedReplayLine parse_replay_line(std::string_view text);

/// The first replay line that stands in a text: a report, a log, a file that holds the line alone.
[[nodiscard]] std::string_view find_replay_line(std::string_view text);

}  // namespace quiesce::report
