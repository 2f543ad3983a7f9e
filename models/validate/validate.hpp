// validate: does the specification allow this trace?
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "models/validate/judge.hpp"

namespace quiesce::validate {

/// How far the reading of a trace is.
struct ReadSoFar {
  std::uint64_t bytes = 0;
  std::uint64_t size = 0;  // of the file; 0 if it is not known, as for a pipe
  std::uint64_t events = 0;
};

struct Options {
  Spending spending{};
  /// Called now and then; false ends the reading, and the verdict is Undecided.
  std::function<bool(const ReadSoFar&)> go_on = [](const ReadSoFar&) { return true; };
};

/// The verdict on one trace.
struct Report {
  std::string path;
  Verdict verdict = Verdict::BadInput;
  std::string sentence;  // BadInput: "trace.jsonl:17: what is wrong; the remedy". Undecided: why
  std::optional<Unexplained> first;
  Order order = Order::Tickets;
  Counts counts;
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;
};

/// Reads a trace line by line and judges it.
///   refuses  what is no trace, with one sentence that names file, line, fault and remedy
///   cost     memory for the entities that are live, the lines that wait for an earlier one, and
///            about 50 bytes for each entity that ended and was not released
[[nodiscard]] Report validate(const std::string& path, const Options& options = {});

/// The report for a reader, and for a program.
[[nodiscard]] std::string report_text(const Report& report, double seconds);
[[nodiscard]] std::string report_json(const Report& report, double seconds);

}  // namespace quiesce::validate
