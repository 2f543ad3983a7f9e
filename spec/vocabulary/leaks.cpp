#include "spec/vocabulary/leaks.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <optional>

namespace quiesce {
namespace {

constexpr std::array<std::string_view, leak_response_count> words{"Log", "Silent", "Recover",
                                                                  "Panic"};

/// Takes the next word, a comma being one, off the text; empty at its end.
std::string_view take_word(std::string_view& text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  const bool at_comma = text.starts_with(',');
  const std::string_view word = text.substr(0, at_comma ? 1 : text.find_first_of(" ,"));
  text.remove_prefix(word.size());
  return word;
}

std::optional<LeakResponse> response_of(std::string_view word) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == word) return static_cast<LeakResponse>(i);
  }
  return std::nullopt;
}

ParsedLeakPolicy wrong(std::string sentence) {
  return {false, {}, std::move(sentence)};
}

ParsedLeakPolicy not_a_response(std::string_view word) {
  return wrong("'" + std::string(word) + "' is not Log, Silent, Recover or Panic");
}

}  // namespace

std::string_view to_text(LeakResponse response) {
  const auto index = static_cast<std::size_t>(response);
  return index < words.size() ? words[index] : std::string_view{"?"};
}

std::string to_text(const LeakPolicy& policy) {
  std::string text{to_text(policy.response)};
  if (policy.escalate_after != 0) {
    text += ", after " + std::to_string(policy.escalate_after) + " " +
            std::string(to_text(policy.escalate_to));
  }
  return text;
}

ParsedLeakPolicy parse_leak_policy(std::string_view text) {
  const std::string_view first = take_word(text);
  const auto response = response_of(first);
  if (!response) return not_a_response(first);
  ParsedLeakPolicy parsed{true, {.response = *response}, {}};
  const std::string_view comma = take_word(text);
  if (comma.empty()) return parsed;
  if (comma != "," || take_word(text) != "after") {
    return wrong("a leak policy goes on with ', after N RESPONSE'");
  }
  const std::string_view digits = take_word(text);
  std::uint32_t& after = parsed.policy.escalate_after;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), after);
  if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size() || after == 0) {
    return wrong("'" + std::string(digits) + "' is not a number of leaks from 1 on");
  }
  const std::string_view second = take_word(text);
  const auto escalated = response_of(second);
  if (!escalated) return not_a_response(second);
  parsed.policy.escalate_to = *escalated;
  if (!take_word(text).empty()) return wrong("nothing may follow the leak policy");
  return parsed;
}

}  // namespace quiesce
