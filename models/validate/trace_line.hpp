// One line of a trace: from text to what it says, and back.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "models/validate/event.hpp"

namespace quiesce::validate {

/// What a line says, or the sentence that says what is wrong with it and what to do.
struct ReadLine {
  TraceLine line;
  std::string error;
};

/// Reads lines one after the other; the first must be the header.
///   refuses  text that is not JSON, another format or version, an unknown or missing field, a word
///            or a number that the field does not take, order stamps of the other kind
///   cost     linear in the line, one buffer for all lines
class LineParser {
 public:
  [[nodiscard]] ReadLine read(std::string_view text, std::uint64_t number);
  [[nodiscard]] bool has_header() const { return has_header_; }

 private:
  bool has_header_ = false;
  Order order_ = Order::Tickets;
};

/// The line of each, without its end.
[[nodiscard]] std::string line_of(const Header& header);
[[nodiscard]] std::string line_of(const Event& event, Order order);
[[nodiscard]] std::string line_of(const TraceSnapshot& snapshot, Order order);
[[nodiscard]] std::string line_of(const Released& released);

/// The rows of a state, as a snapshot that gives every field.
[[nodiscard]] TraceSnapshot whole_snapshot(const spec::State& state);

}  // namespace quiesce::validate
