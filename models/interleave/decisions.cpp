#include "models/interleave/decisions.hpp"

namespace quiesce::interleave {

std::string to_text(const Decisions& decisions) {
  if (decisions.picks.empty()) return "-";
  std::string text;
  for (std::size_t first = 0; first < decisions.picks.size();) {
    std::size_t last = first;
    while (last < decisions.picks.size() && decisions.picks[last] == decisions.picks[first]) ++last;
    if (first > 0) text += ',';
    text += std::to_string(decisions.picks[first]);
    if (last - first > 1) text += 'x' + std::to_string(last - first);
    first = last;
  }
  return text;
}

namespace {

/// Reads one text from left to right; the first mistake stops it.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  ParsedDecisions read() {
    if (text_ == "-") return {Decisions{}, {}};
    Decisions list;
    for (bool more = true; more && error_.empty();) {
      read_run(list);
      if (!error_.empty() || at_ == text_.size()) break;
      more = text_[at_] == ',';
      if (!more) fail("a comma, or the end", at_);
      ++at_;
    }
    if (!error_.empty()) return {std::nullopt, error_};
    return {std::move(list), {}};
  }

 private:
  void read_run(Decisions& list) {
    const std::size_t start = at_;
    const std::optional<std::size_t> thread = read_number(max_threads - 1);
    if (!thread) return fail("a thread from 0 to " + std::to_string(max_threads - 1), start);
    if (!list.picks.empty() && list.picks.back() == *thread) {
      return fail("another thread than in the run before", start);
    }
    std::size_t length = 1;
    if (at_ < text_.size() && text_[at_] == 'x') {
      const std::size_t count_at = ++at_;
      const std::optional<std::size_t> count = read_number(max_decisions - list.picks.size());
      if (!count || *count < 2) return fail("a run length from 2 on", count_at);
      length = *count;
    }
    if (list.picks.size() + length > max_decisions) return fail("fewer decisions", start);
    list.picks.insert(list.picks.end(), length, static_cast<std::uint8_t>(*thread));
  }

  /// Digits without a leading zero, at most `most`.
  std::optional<std::size_t> read_number(std::size_t most) {
    const std::size_t start = at_;
    std::size_t value = 0;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
      value = value * 10 + static_cast<std::size_t>(text_[at_] - '0');
      if (value > most) return std::nullopt;
      ++at_;
    }
    const bool leading_zero = at_ - start > 1 && text_[start] == '0';
    if (at_ == start || leading_zero) return std::nullopt;
    return value;
  }

  void fail(const std::string& wanted, std::size_t at) {
    error_ = "decisions, column " + std::to_string(at + 1) + ": " + wanted + " was expected";
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string error_;
};

}  // namespace

ParsedDecisions parse_decisions(std::string_view text) {
  return Reader(text).read();
}

}  // namespace quiesce::interleave
