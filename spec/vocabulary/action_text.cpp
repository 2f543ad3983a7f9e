// The text form of actions: what to_text writes, parse_action reads.
#include <array>
#include <charconv>
#include <cstddef>
#include <limits>
#include <optional>

#include "spec/vocabulary/action.hpp"

namespace quiesce {
namespace {

constexpr std::array<std::string_view, action_count> verbs{
    "open_region", "close_region", "cancel_region", "defer_finalizer",
    "spawn",       "start",        "poll",          "checkpoint",
    "enter_mask",  "leave_mask",   "cleanup_done",  "return",
    "cancel_task", "join",         "reserve",       "commit",
    "abort",       "advance_time"};

std::string budget_suffix(const Budget& budget) {
  return budget == no_budget ? "" : ", " + to_text(budget);
}

std::string arguments(const OpenRegion& a) {
  std::string text = to_text(a.name) + ", " + to_text(a.parent) + budget_suffix(a.budget);
  if (a.limits != no_limits) text += ", " + to_text(a.limits);
  if (a.policy != Policy::CollectAll) text += ", " + std::string(to_text(a.policy));
  return text;
}
std::string arguments(const CloseRegion& a) {
  return to_text(a.region) + ", " + std::string(to_text(a.mode));
}
std::string arguments(const CancelRegion& a) {
  return to_text(a.region) + ", " + std::string(to_text(a.kind));
}
std::string arguments(const DeferFinalizer& a) {
  return to_text(a.name) + ", " + to_text(a.region);
}
std::string arguments(const Spawn& a) {
  return to_text(a.name) + ", " + to_text(a.region) + budget_suffix(a.budget);
}
std::string arguments(const Start& a) {
  return to_text(a.task);
}
std::string arguments(const Poll& a) {
  return to_text(a.task);
}
std::string arguments(const Checkpoint& a) {
  return to_text(a.task);
}
std::string arguments(const EnterMask& a) {
  return to_text(a.task) + ", " + std::to_string(a.units);
}
std::string arguments(const LeaveMask& a) {
  return to_text(a.task);
}
std::string arguments(const CleanupDone& a) {
  return to_text(a.task);
}
std::string arguments(const Return& a) {
  std::string text = to_text(a.task) + ", " + std::string(to_text(a.outcome));
  if (a.outcome == OutcomeKind::Cancelled) text += " " + std::string(to_text(a.kind));
  return text;
}
std::string arguments(const CancelTask& a) {
  return to_text(a.task) + ", " + std::string(to_text(a.kind));
}
std::string arguments(const Join& a) {
  return to_text(a.joiner) + ", " + to_text(a.target);
}
std::string arguments(const Reserve& a) {
  return to_text(a.name) + ", " + to_text(a.holder) + ", " + to_text(a.region) + ", " +
         std::string(to_text(a.kind));
}
std::string arguments(const Commit& a) {
  return to_text(a.obligation) + ", " + to_text(a.actor);
}
std::string arguments(const Abort& a) {
  return to_text(a.obligation) + ", " + to_text(a.actor) + ", " + std::string(to_text(a.reason));
}
std::string arguments(const AdvanceTime& a) {
  return std::to_string(a.to_ticks);
}

/// Reads tokens from left to right; the first complaint stays.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool failed() const { return !error_.empty(); }
  [[nodiscard]] ParsedAction complaint() const { return {false, {}, error_, error_at_ + 1}; }

  void complain(std::string sentence, std::size_t at) {
    if (failed()) return;
    error_ = std::move(sentence);
    error_at_ = at;
  }

  std::string_view word() {
    skip_spaces();
    const std::size_t from = at_;
    while (at_ < text_.size() && is_word_character(text_[at_])) ++at_;
    last_ = from;
    return text_.substr(from, at_ - from);
  }

  [[nodiscard]] bool next_is(char c) {
    skip_spaces();
    return at_ < text_.size() && text_[at_] == c;
  }

  void expect(char c) {
    if (failed()) return;
    if (!next_is(c)) return complain(std::string("'") + c + "' is missing here", at_);
    ++at_;
  }

  void expect_end() {
    skip_spaces();
    if (at_ < text_.size()) complain("nothing may follow the ')'", at_);
  }

  template <class Kind>
  void read(Name<Kind>& name) {
    const std::string_view token = word();
    const bool unbound =
        token.size() == 1 && token[0] == Kind::letter && at_ < text_.size() && text_[at_] == '?';
    if (unbound) {
      ++at_;
      name = Name<Kind>::none();
      return;
    }
    if (token.size() < 2 || token[0] != Kind::letter ||
        !number_in(token.substr(1), Name<Kind>::none_value - 1, name.value)) {
      complain("a " + std::string(Kind::noun) + " is written " + Kind::letter + "0, " +
                   Kind::letter + "1, …",
               last_);
    }
  }

  /// The Name of what an action creates: never the unbound name.
  template <class Kind>
  void read_new(Name<Kind>& name) {
    read(name);
    if (!failed() && name.is_none())
      complain("a new " + std::string(Kind::noun) + " needs a name of its own", last_);
  }

  template <class Number>
  void read_number(Number& number, Number largest, std::string_view what) {
    if (!number_in(word(), largest, number)) {
      complain(std::string(what) + " is a number from 0 to " + std::to_string(largest), last_);
    }
  }

  template <class Enum>
  void read_one_of(Enum& value, int count, std::string_view what) {
    const std::string_view token = word();
    std::string choices;
    for (int i = 0; i < count; ++i) {
      const auto candidate = static_cast<Enum>(i);
      if (to_text(candidate) == token) {
        value = candidate;
        return;
      }
      choices += (i == 0 ? "" : ", ") + std::string(to_text(candidate));
    }
    complain(std::string(what) + " is one of " + choices, last_);
  }

  [[nodiscard]] std::size_t last() const { return last_; }

 private:
  static bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
  void skip_spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  template <class Number>
  static bool number_in(std::string_view digits, Number largest, Number& number) {
    Number parsed{};
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), parsed);
    const bool whole = result.ec == std::errc{} && result.ptr == digits.data() + digits.size();
    if (!whole || digits.empty() || parsed > largest) return false;
    number = parsed;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t last_ = 0;
  std::string error_;
  std::size_t error_at_ = 0;
};

bool read_budget_part(Reader& reader, std::string_view part, Budget& budget) {
  if (part == "deadline") {
    reader.read_number(budget.deadline_ticks, Time{never - 1}, "a deadline");
  } else if (part == "polls") {
    reader.read_number(budget.poll_quota, unlimited - 1, "a poll quota");
  } else if (part == "cost") {
    reader.read_number(budget.cost_quota, unlimited - 1, "a cost quota");
  } else if (part == "priority") {
    reader.read_number(budget.priority, std::uint8_t{255}, "a priority");
  } else {
    return false;
  }
  return true;
}

bool read_limit_part(Reader& reader, std::string_view part, Limits& limits) {
  if (part == "regions") {
    reader.read_number(limits.child_regions, unlimited - 1, "a limit");
  } else if (part == "tasks") {
    reader.read_number(limits.body_tasks, unlimited - 1, "a limit");
  } else if (part == "obligations") {
    reader.read_number(limits.obligations, unlimited - 1, "a limit");
  } else {
    return false;
  }
  return true;
}

void comma(Reader& reader) {
  reader.expect(',');
}

void read(Reader& reader, OpenRegion& a) {
  reader.read_new(a.name);
  comma(reader);
  reader.read(a.parent);
  while (!reader.failed() && reader.next_is(',')) {
    comma(reader);
    const std::string_view part = reader.word();
    if (part == to_text(Policy::FailFast)) {
      a.policy = Policy::FailFast;
    } else if (part == to_text(Policy::CollectAll)) {
      a.policy = Policy::CollectAll;
    } else if (!read_budget_part(reader, part, a.budget) &&
               !read_limit_part(reader, part, a.limits)) {
      reader.complain(
          "deadline, polls, cost, priority, regions, tasks, obligations, FailFast or CollectAll is "
          "expected here",
          reader.last());
    }
  }
}
void read(Reader& reader, CloseRegion& a) {
  reader.read(a.region);
  comma(reader);
  reader.read_one_of(a.mode, close_mode_count, "a close mode");
}
void read(Reader& reader, CancelRegion& a) {
  reader.read(a.region);
  comma(reader);
  reader.read_one_of(a.kind, cancel_kind_count, "a cancel kind");
}
void read(Reader& reader, DeferFinalizer& a) {
  reader.read_new(a.name);
  comma(reader);
  reader.read(a.region);
}
void read(Reader& reader, Spawn& a) {
  reader.read_new(a.name);
  comma(reader);
  reader.read(a.region);
  while (!reader.failed() && reader.next_is(',')) {
    comma(reader);
    if (!read_budget_part(reader, reader.word(), a.budget)) {
      reader.complain("deadline, polls, cost or priority is expected here", reader.last());
    }
  }
}
void read(Reader& reader, Start& a) {
  reader.read(a.task);
}
void read(Reader& reader, Poll& a) {
  reader.read(a.task);
}
void read(Reader& reader, Checkpoint& a) {
  reader.read(a.task);
}
void read(Reader& reader, EnterMask& a) {
  reader.read(a.task);
  comma(reader);
  reader.read_number(a.units, std::uint8_t{255}, "a number of mask units");
}
void read(Reader& reader, LeaveMask& a) {
  reader.read(a.task);
}
void read(Reader& reader, CleanupDone& a) {
  reader.read(a.task);
}
void read(Reader& reader, Return& a) {
  reader.read(a.task);
  comma(reader);
  reader.read_one_of(a.outcome, outcome_kind_count, "an outcome");
  if (!reader.failed() && a.outcome == OutcomeKind::Cancelled) {
    reader.read_one_of(a.kind, cancel_kind_count, "a cancel kind");
  }
}
void read(Reader& reader, CancelTask& a) {
  reader.read(a.task);
  comma(reader);
  reader.read_one_of(a.kind, cancel_kind_count, "a cancel kind");
}
void read(Reader& reader, Join& a) {
  reader.read(a.joiner);
  comma(reader);
  reader.read(a.target);
}
void read(Reader& reader, Reserve& a) {
  reader.read_new(a.name);
  comma(reader);
  reader.read(a.holder);
  comma(reader);
  reader.read(a.region);
  comma(reader);
  reader.read_one_of(a.kind, obligation_kind_count, "an obligation kind");
}
void read(Reader& reader, Commit& a) {
  reader.read(a.obligation);
  comma(reader);
  reader.read(a.actor);
}
void read(Reader& reader, Abort& a) {
  reader.read(a.obligation);
  comma(reader);
  reader.read(a.actor);
  comma(reader);
  reader.read_one_of(a.reason, abort_reason_count, "an abort reason");
  if (!reader.failed() && a.reason == AbortReason::Cancel) {
    reader.complain("an action aborts with Error or Explicit; Cancel is the completion's own",
                    reader.last());
  }
}
void read(Reader& reader, AdvanceTime& a) {
  reader.read_number(a.to_ticks, Time{never - 1}, "a time");
}

template <std::size_t index = 0>
Action action_at(std::size_t wanted) {
  if constexpr (index + 1 < std::variant_size_v<Action>) {
    if (wanted != index) return action_at<index + 1>(wanted);
  }
  return Action{std::in_place_index<index>};
}

}  // namespace

std::string_view action_verb(std::size_t index) {
  return index < verbs.size() ? verbs[index] : std::string_view{"?"};
}

std::string to_text(const Action& action) {
  return std::string(action_verb(action.index())) + "(" +
         std::visit([](const auto& a) { return arguments(a); }, action) + ")";
}

ParsedAction parse_action(std::string_view text) {
  Reader reader{text};
  const std::string_view verb = reader.word();
  std::size_t index = 0;
  while (index < verbs.size() && verbs[index] != verb) ++index;
  if (index == verbs.size()) {
    reader.complain("'" + std::string(verb) + "' is not an action", reader.last());
    return reader.complaint();
  }
  Action action = action_at(index);
  reader.expect('(');
  if (!reader.failed()) std::visit([&](auto& a) { read(reader, a); }, action);
  reader.expect(')');
  if (!reader.failed()) reader.expect_end();
  if (reader.failed()) return reader.complaint();
  return {true, action, {}, 0};
}

}  // namespace quiesce
