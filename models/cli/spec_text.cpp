#include "models/cli/spec_text.hpp"

#include <algorithm>

namespace quiesce::cli {
namespace {

bool is_letter(char c) {
  return is_word(c) && !(c >= '0' && c <= '9');
}

/// "advance_time" -> "AdvanceTime"
std::string in_camel_case(std::string_view name) {
  std::string text;
  bool begins = true;
  for (const char c : name) {
    if (c != '_') text += begins ? static_cast<char>(c - 'a' + 'A') : c;
    begins = c == '_';
  }
  return text;
}

std::string_view after_last(std::string_view text, char separator) {
  return text.substr(text.rfind(separator) + 1);
}

/// Whether one namespace is another or stands around it.
bool encloses(std::string_view outer, std::string_view inner) {
  return inner == outer ||
         (inner.starts_with(outer) && inner.substr(outer.size()).starts_with("::"));
}

}  // namespace

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view called_in(std::string_view line) {
  const std::size_t paren = line.find('(');
  if (paren == std::string_view::npos) return {};
  std::size_t from = paren;
  while (from > 0 && is_word(line[from - 1])) --from;
  return line.substr(from, paren - from);
}

std::string_view inner_space(std::string_view space) {
  constexpr std::string_view outermost = "quiesce::";
  return space.starts_with(outermost) ? space.substr(outermost.size()) : space;
}

SpecText::SpecText(const std::vector<TextFile>& files) {
  for (const TextFile& file : files) {
    for (const std::string_view line : lines_of(file.second)) {
      if (!line.starts_with("namespace quiesce")) continue;
      const std::string_view name = line.substr(10, line.find(' ', 10) - 10);
      spaces_.emplace(file.first, inner_space(name));
      break;
    }
    read_functions(file);
    read_alphabet(file);
  }
}

void SpecText::read_functions(const TextFile& file) {
  const Lines lines = lines_of(file.second);
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (lines[at].empty() || !is_letter(lines[at].front())) continue;
    const std::string_view name = called_in(lines[at]);
    if (name.empty()) continue;
    Function function{.name = std::string(name),
                      .file = file.first,
                      .space = space_of(file.first),
                      .parameters = {},
                      .body = {}};
    function.first_line = at + 1;
    for (; at < lines.size(); ++at) {
      function.parameters += lines[at];
      if (lines[at].ends_with('{') || lines[at].ends_with(';') || lines[at].ends_with('}')) break;
    }
    if (at == lines.size() || !lines[at].ends_with('{')) continue;
    for (++at; at < lines.size() && lines[at] != "}"; ++at)
      function.body += std::string(lines[at]) + "\n";
    function.last_line = at + 1;
    functions_.push_back(std::move(function));
  }
}

void SpecText::read_alphabet(const TextFile& file) {
  const std::string& text = file.second;
  for (std::size_t at = text.find("Action ="); at != std::string::npos;
       at = text.find("Action =", at + 1)) {
    const std::size_t begin = text.find_first_not_of(" \n", at + 8);
    constexpr std::string_view variant = "std::variant<";
    if (text.compare(begin, variant.size(), variant) != 0) continue;
    std::set<std::string>& actions = alphabets_[space_of(file.first)];
    std::string word;
    for (std::size_t i = begin + variant.size(); i < text.size() && text[i] != ';'; ++i) {
      if (is_word(text[i])) {
        word += text[i];
        continue;
      }
      if (!word.empty()) actions.insert(word);
      word.clear();
    }
  }
}

std::string SpecText::space_of(std::string_view file) const {
  const auto found = spaces_.find(file);
  return found == spaces_.end() ? std::string() : found->second;
}

std::string SpecText::action_of(std::string_view id, std::string_view file,
                                std::string_view function) const {
  const auto alphabet = alphabets_.find(space_of(file));
  if (alphabet == alphabets_.end()) return {};
  for (const Function& each : functions_) {
    if (each.name != function || each.space != alphabet->first) continue;
    for (const std::string& action : alphabet->second) {
      if (each.parameters.find("const " + action + "&") != std::string::npos) return action;
    }
  }
  for (const std::string_view name : {after_last(id, '.'), function}) {
    const std::string action = in_camel_case(name);
    if (alphabet->second.contains(action)) return action;
  }
  return {};
}

std::vector<std::pair<std::string, std::string>> SpecText::functions_at(std::string_view file,
                                                                        std::size_t line) const {
  std::vector<std::pair<std::string, std::string>> found;
  for (const Function& function : functions_) {
    if (function.file == file && function.first_line <= line && line <= function.last_line)
      found.emplace_back(function.space, function.name);
  }
  return found;
}

/// A name means the nearest: of the caller's file, else of its namespace, else of one around it.
std::vector<const SpecText::Function*> SpecText::called_by(const Function& function) const {
  std::vector<const Function*> called;
  const auto distance = [&](const Function& other) -> std::size_t {
    if (other.file == function.file) return 0;
    return 1 + function.space.size() - other.space.size();
  };
  for (const Function& other : functions_) {
    if (!encloses(other.space, function.space)) continue;
    const bool is_hidden = std::any_of(functions_.begin(), functions_.end(), [&](const auto& near) {
      return near.name == other.name && encloses(near.space, function.space) &&
             distance(near) < distance(other);
    });
    const auto unqualified = [](std::string_view qualifier) { return qualifier.empty(); };
    if (!is_hidden && any_use(function.body, other.name, '(', unqualified))
      called.push_back(&other);
  }
  return called;
}

bool SpecText::reaches(std::string_view space, std::string_view from, std::string_view to) const {
  std::vector<const Function*> waiting;
  std::set<const Function*> seen;
  const auto goes_to = [&](const Function& function) {
    if (seen.insert(&function).second) waiting.push_back(&function);
  };
  for (const Function& function : functions_)
    if (function.name == from && function.space == space) goes_to(function);
  while (!waiting.empty()) {
    const Function& function = *waiting.back();
    waiting.pop_back();
    for (const Function* const called : called_by(function)) {
      if (called->name == to) return true;
      goes_to(*called);
    }
  }
  return false;
}

}  // namespace quiesce::cli
