#include "models/external/smt/expression.hpp"

#include <algorithm>
#include <stdexcept>

namespace quiesce::smt {
namespace {

constexpr std::string_view spaces = " \t\r\n";

/// Where the word that starts at `at` ends.
std::size_t end_of_word(std::string_view text, std::size_t at) {
  const char quote = text[at];
  if (quote == '|' || quote == '"') {
    const std::size_t closing = text.find(quote, at + 1);
    return closing == std::string_view::npos ? text.size() : closing + 1;
  }
  return std::min(text.find_first_of(" \t\r\n();", at), text.size());
}

[[noreturn]] void throw_unbalanced(std::string_view text, std::size_t at) {
  const auto line =
      1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  throw std::invalid_argument("line " + std::to_string(line) + ": a parenthesis has no partner");
}

void append(const Expression& expression, std::string& text) {
  if (expression.is_word()) {
    text += expression.word;
    return;
  }
  text += '(';
  for (std::size_t i = 0; i < expression.items.size(); ++i) {
    if (i > 0) text += ' ';
    append(expression.items[i], text);
  }
  text += ')';
}

}  // namespace

std::vector<Expression> parse(std::string_view text) {
  std::vector<std::vector<Expression>> open(1);
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (spaces.find(c) != std::string_view::npos) {
      ++at;
    } else if (c == ';') {
      at = std::min(text.find('\n', at), text.size());
    } else if (c == '(') {
      open.emplace_back();
      ++at;
    } else if (c == ')') {
      if (open.size() == 1) throw_unbalanced(text, at);
      Expression closed = list(std::move(open.back()));
      open.pop_back();
      open.back().push_back(std::move(closed));
      ++at;
    } else {
      const std::size_t end = end_of_word(text, at);
      open.back().push_back(word(std::string(text.substr(at, end - at))));
      at = end;
    }
  }
  if (open.size() != 1) throw_unbalanced(text, text.size());
  return std::move(open.front());
}

std::string to_text(const Expression& expression) {
  std::string text;
  append(expression, text);
  return text;
}

}  // namespace quiesce::smt
