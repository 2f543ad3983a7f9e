#include "models/report/replay_line.hpp"

#include <charconv>

namespace quiesce::report {
namespace {

constexpr std::string_view version = "q1";

/// Takes the text up to a separator; false if the separator is not there.
bool take_field(std::string_view& rest, char separator, std::string_view& field) {
  const std::size_t end = rest.find(separator);
  if (end == std::string_view::npos) return false;
  field = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return true;
}

/// Four hexadecimal digits over a text, so that a cut or a slip of the pen is noticed.
std::string check_digits(std::string_view text) {
  std::uint32_t sum = 0x811C'9DC5U;
  for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 0x0100'0193U;
  sum ^= sum >> 16U;
  std::string digits;
  for (unsigned shift = 16; shift != 0; shift -= 4)
    digits += "0123456789abcdef"[sum >> (shift - 4) & 0xFU];
  return digits;
}

bool to_number(std::string_view digits, std::uint64_t& number) {
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return read.ec == std::errc{} && read.ptr == digits.data() + digits.size() && !digits.empty();
}

ParsedReplayLine bad(const std::string& sentence) {
  return {std::nullopt, "the replay line is not whole: " + sentence +
                            "; copy the line from q1: to its end, in quotes"};
}

}  // namespace

ReplayLine replay_line(const refine::Failure& failure, std::string_view sources) {
  return {.variant = failure.variant,
          .sources = std::string(sources),
          .strategy = std::string(refine::to_text(failure.strategy)),
          .seed = failure.seed,
          .script_index = failure.script_index,
          .execution_index = failure.execution_index,
          .script = failure.script,
          .decisions = failure.decisions};
}

std::string to_text(const ReplayLine& line) {
  const std::string text = std::string(version) + ":" + line.variant + ":" + line.sources + ":" +
                           line.strategy + ":" + std::to_string(line.seed) + "." +
                           std::to_string(line.script_index) + "." +
                           std::to_string(line.execution_index) + ":" +
                           refine::to_line(line.script) + ":" + interleave::to_text(line.decisions);
  return with_check_digits(text);
}

std::string with_check_digits(std::string_view text) {
  return std::string(text) + ":" + check_digits(text);
}

ParsedReplayLine parse_replay_line(std::string_view text) {
  ReplayLine line;
  std::string_view rest = text;
  std::string_view field;
  if (!take_field(rest, ':', field)) return bad("it has no ':'");
  if (field != version) {
    return {std::nullopt, "'" + std::string(field) +
                              "' is not a replay format; this program reads " +
                              std::string(version)};
  }
  const std::size_t last = text.rfind(':');
  if (check_digits(text.substr(0, last)) != text.substr(last + 1))
    return bad("its check digits do not fit");
  rest.remove_suffix(text.size() - last);
  if (!take_field(rest, ':', field) || field.empty()) return bad("the variant is missing");
  line.variant = field;
  if (!take_field(rest, ':', field) || field.empty()) return bad("the sources are missing");
  line.sources = field;
  if (!take_field(rest, ':', field) || field.empty()) return bad("the strategy is missing");
  line.strategy = field;
  if (!take_field(rest, ':', field)) return bad("the seed is missing");
  std::string_view script_index;
  std::string_view seed;
  if (!take_field(field, '.', seed) || !take_field(field, '.', script_index) ||
      !to_number(seed, line.seed) || !to_number(script_index, line.script_index) ||
      !to_number(field, line.execution_index)) {
    return bad("the seed is written SEED.SCRIPT.EXECUTION");
  }
  const std::size_t end = rest.rfind("]:");
  if (end == std::string_view::npos) return bad("the script or the decisions are missing");
  refine::ParsedScript script = refine::parse_script_line(rest.substr(0, end + 1));
  if (!script.ok) {
    return bad("in the script, column " + std::to_string(script.column) + ": " + script.error);
  }
  line.script = std::move(script.script);
  interleave::ParsedDecisions decisions = interleave::parse_decisions(rest.substr(end + 2));
  if (!decisions.decisions) return bad("in the decisions, " + decisions.error);
  line.decisions = std::move(*decisions.decisions);
  return {std::move(line), {}};
}

std::string_view find_replay_line(std::string_view text) {
  const std::string start = std::string(version) + ":";
  std::size_t at = text.find(start);
  if (at == std::string_view::npos) return {};
  const std::size_t end = text.find_first_of("'\"\r\n", at);
  text = text.substr(at, end == std::string_view::npos ? end : end - at);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace quiesce::report
