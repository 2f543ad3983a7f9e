#include "models/refine/script.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace quiesce::refine {
namespace {

constexpr std::size_t most_branches = 8;

/// Remembers the Names created so far; the root region is taken from the start.
class CreatedNames {
 public:
  /// The complaint about the action's Name, empty if it is new.
  std::string add(const Action& action) {
    const CreatedName created = created_name(action);
    if (created.letter == '?') return {};
    const std::string name = std::string(1, created.letter) + std::to_string(created.value);
    if (created == CreatedName{'r', root_region.value}) {
      return name + " is the root: it exists at the start and is never created";
    }
    if (std::find(seen_.begin(), seen_.end(), created) != seen_.end()) {
      return name + " is created twice";
    }
    seen_.push_back(created);
    return {};
  }

 private:
  std::vector<CreatedName> seen_;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

ParsedScript complaint(std::string sentence, std::size_t line, std::size_t column) {
  ParsedScript parsed;
  parsed.error = std::move(sentence);
  parsed.line = line;
  parsed.column = column;
  return parsed;
}

/// Reads one action at an offset of its line into `into`; a complaint if it cannot.
std::optional<ParsedScript> read_action(std::string_view text, std::size_t line, std::size_t offset,
                                        CreatedNames& names, std::vector<Action>& into) {
  const ParsedAction parsed = parse_action(text);
  if (!parsed.ok) return complaint(parsed.error, line, offset + parsed.column);
  if (std::string twice = names.add(parsed.action); !twice.empty()) {
    return complaint(std::move(twice), line, offset + 1);
  }
  into.push_back(parsed.action);
  return std::nullopt;
}

constexpr std::string_view leaks_word = "leaks ";

/// Reads what follows the word `leaks`; a complaint if it is no leak policy.
std::optional<ParsedScript> read_leaks(std::string_view text, std::size_t line, std::size_t column,
                                       LeakPolicy& into) {
  ParsedLeakPolicy parsed = parse_leak_policy(text);
  if (!parsed.ok) return complaint(std::move(parsed.error), line, column);
  into = parsed.policy;
  return std::nullopt;
}

/// Reads lines into the part that the last heading named.
class TextReader {
 public:
  /// One line without its end; a complaint, or nothing.
  std::optional<ParsedScript> read(std::string_view raw, std::size_t line) {
    const std::string_view text = trimmed(raw.substr(0, raw.find('#')));
    if (text.empty()) return std::nullopt;
    const auto offset = static_cast<std::size_t>(text.data() - raw.data());
    if (ended_) return complaint("nothing may follow 'end'", line, offset + 1);
    if (text == "end") {
      ended_ = true;
      return std::nullopt;
    }
    if (text == "prefix" || text == "branch" || text == "suffix") {
      return heading(text, line, offset);
    }
    if (text.starts_with(leaks_word)) return leaks(text, line, offset);
    if (part_ == nullptr) {
      return complaint("a script starts with 'prefix' or 'branch'", line, offset + 1);
    }
    return read_action(text, line, offset, names_, *part_);
  }

  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] Script take() { return std::move(script_); }

 private:
  std::optional<ParsedScript> leaks(std::string_view text, std::size_t line, std::size_t offset) {
    if (part_ != nullptr || std::exchange(has_leaks_, true)) {
      return complaint("'leaks' stands once, before the parts", line, offset + 1);
    }
    return read_leaks(text.substr(leaks_word.size()), line, offset + leaks_word.size() + 1,
                      script_.leaks);
  }

  std::optional<ParsedScript> heading(std::string_view word, std::size_t line, std::size_t offset) {
    const int order = word == "prefix" ? 0 : word == "branch" ? 1 : 2;
    if (order < order_ || (order == order_ && order != 1)) {
      return complaint("the parts stand in the order prefix, branches, suffix", line, offset + 1);
    }
    order_ = order;
    if (order == 1) {
      if (script_.branches.size() == most_branches) {
        return complaint("a script has at most 8 branches", line, offset + 1);
      }
      script_.branches.emplace_back();
      part_ = &script_.branches.back();
    } else {
      part_ = order == 0 ? &script_.prefix : &script_.suffix;
    }
    return std::nullopt;
  }

  Script script_;
  CreatedNames names_;
  std::vector<Action>* part_ = nullptr;
  int order_ = -1;
  bool has_leaks_ = false;
  bool ended_ = false;
};

void append_part(std::string& text, std::string_view heading, const std::vector<Action>& actions) {
  text += heading;
  text += '\n';
  for (const Action& action : actions) text += "  " + to_text(action) + "\n";
}

/// Adds a text without the spaces after its commas.
void append_compact(std::string& text, const std::string& spaced) {
  for (std::size_t at = 0; at < spaced.size(); ++at) {
    const bool after_comma = spaced[at] == ' ' && at > 0 && spaced[at - 1] == ',';
    if (!after_comma) text += spaced[at];
  }
}

void append_compact(std::string& text, const std::vector<Action>& actions) {
  for (std::size_t i = 0; i < actions.size(); ++i) {
    if (i > 0) text += ';';
    append_compact(text, to_text(actions[i]));
  }
}

}  // namespace

CreatedName created_name(const Action& action) {
  return std::visit(overloaded{[](const OpenRegion& a) {
                                 return CreatedName{'r', a.name.value};
                               },
                               [](const Spawn& a) {
                                 return CreatedName{'t', a.name.value};
                               },
                               [](const DeferFinalizer& a) {
                                 return CreatedName{'t', a.name.value};
                               },
                               [](const Reserve& a) {
                                 return CreatedName{'o', a.name.value};
                               },
                               [](const auto&) { return CreatedName{}; }},
                    action);
}

std::size_t action_total(const Script& script) {
  std::size_t total = script.prefix.size() + script.suffix.size();
  for (const auto& branch : script.branches) total += branch.size();
  return total;
}

std::vector<std::span<const Action>> parts(const Script& script) {
  std::vector<std::span<const Action>> all{script.prefix};
  for (const auto& branch : script.branches) all.emplace_back(branch);
  all.emplace_back(script.suffix);
  return all;
}

std::vector<LeakPolicy> simpler(const LeakPolicy& leaks) {
  if (leaks == LeakPolicy{}) return {};
  std::vector<LeakPolicy> all{{}};
  if (leaks.escalate_after != 0) {
    if (leaks.response != LeakResponse::Log) all.push_back({.response = leaks.response});
    if (leaks.escalate_to != LeakResponse::Log) all.push_back({.response = leaks.escalate_to});
    if (leaks.response != LeakResponse::Log) {
      all.push_back({LeakResponse::Log, leaks.escalate_after, leaks.escalate_to});
    }
    if (leaks.escalate_after > 1) {
      all.push_back({leaks.response, leaks.escalate_after - 1, leaks.escalate_to});
    }
  } else if (leaks.escalate_to != LeakPolicy{}.escalate_to) {
    all.push_back({.response = leaks.response});
  }
  std::erase(all, leaks);
  return all;
}

std::string name_created_twice(const Script& script) {
  CreatedNames names;
  for (const auto part : parts(script)) {
    for (const Action& action : part) {
      if (std::string twice = names.add(action); !twice.empty()) return twice;
    }
  }
  return {};
}

std::string to_text(const Script& script) {
  std::string text;
  if (!(script.leaks == LeakPolicy{})) {
    text += std::string(leaks_word) + to_text(script.leaks) + "\n";
  }
  append_part(text, "prefix", script.prefix);
  for (const auto& branch : script.branches) append_part(text, "branch", branch);
  if (!script.suffix.empty()) append_part(text, "suffix", script.suffix);
  return text + "end\n";
}

std::string to_line(const Script& script) {
  std::string text = "[";
  if (!(script.leaks == LeakPolicy{})) {
    append_compact(text, std::string(leaks_word) + to_text(script.leaks) + ":");
  }
  append_compact(text, script.prefix);
  for (const auto& branch : script.branches) {
    text += '|';
    append_compact(text, branch);
  }
  if (!script.suffix.empty()) {
    text += '>';
    append_compact(text, script.suffix);
  }
  return text + "]";
}

ParsedScript parse_script(std::string_view text) {
  TextReader reader;
  std::size_t line = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (auto wrong = reader.read(text.substr(at, end - at), ++line)) return *std::move(wrong);
    at = end + 1;
  }
  if (!reader.ended()) {
    return complaint("the script stops before its 'end': it was truncated", line + 1, 1);
  }
  ParsedScript parsed;
  parsed.ok = true;
  parsed.script = reader.take();
  return parsed;
}

ParsedScript parse_script_line(std::string_view text) {
  const std::size_t offset = std::min(text.find_first_not_of(" \t"), text.size());
  const std::string_view body = trimmed(text);
  if (body.empty() || body.front() != '[') {
    return complaint("a script in one line starts with '['", 1, offset + 1);
  }
  if (body.size() < 2 || body.back() != ']') {
    return complaint("the script stops before its ']': it was truncated", 1,
                     offset + body.size() + 1);
  }
  ParsedScript parsed;
  CreatedNames names;
  std::vector<Action>* part = &parsed.script.prefix;
  bool in_suffix = false;
  std::size_t at = 1;
  if (body.substr(at).starts_with(leaks_word)) {
    const std::size_t from = at + leaks_word.size();
    const std::size_t end = std::min(body.find(':', from), body.size());
    if (end == body.size()) {
      return complaint("a ':' stands between the leak policy and the script", 1, offset + end);
    }
    if (auto wrong =
            read_leaks(body.substr(from, end - from), 1, offset + from + 1, parsed.script.leaks)) {
      return *std::move(wrong);
    }
    at = end + 1;
  }
  while (at < body.size()) {
    const std::size_t end = body.find_first_of(";|>]", at);
    const std::string_view word = body.substr(at, end - at);
    const bool empty_part = trimmed(word).empty() && body[end] != ';' && part->empty();
    if (!empty_part) {
      if (auto wrong = read_action(word, 1, offset + at, names, *part)) return *std::move(wrong);
    }
    if (body[end] == ']' && end + 1 < body.size()) {
      return complaint("nothing may follow the ']'", 1, offset + end + 2);
    }
    if (in_suffix && (body[end] == '|' || body[end] == '>')) {
      return complaint("nothing but the suffix may follow the '>'", 1, offset + end + 1);
    }
    if (body[end] == '|') {
      if (parsed.script.branches.size() == most_branches) {
        return complaint("a script has at most 8 branches", 1, offset + end + 1);
      }
      parsed.script.branches.emplace_back();
      part = &parsed.script.branches.back();
    } else if (body[end] == '>') {
      in_suffix = true;
      part = &parsed.script.suffix;
    }
    at = end + 1;
  }
  parsed.ok = true;
  return parsed;
}

}  // namespace quiesce::refine
