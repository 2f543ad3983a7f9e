// SMT-LIB text as trees: words and lists, nothing more.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quiesce::smt {

/// A word, or a list of expressions; `word` is empty exactly for lists.
struct Expression {
  std::string word;
  std::vector<Expression> items;

  [[nodiscard]] bool is_word() const { return !word.empty(); }
  [[nodiscard]] bool is_list_of(std::string_view head) const {
    return !items.empty() && items.front().word == head;
  }
  friend bool operator==(const Expression&, const Expression&) = default;
};

[[nodiscard]] inline Expression word(std::string text) {
  return {std::move(text), {}};
}
[[nodiscard]] inline Expression list(std::vector<Expression> items) {
  return {"", std::move(items)};
}

/// The expressions of a text, one after the other; comments are dropped, `|quoted words|` and
/// "strings" are words.
///   refuses  a parenthesis without its partner: throws std::invalid_argument naming the line
///   cost     linear in the text
[[nodiscard]] std::vector<Expression> parse(std::string_view text);

/// One line; parse(to_text(e)) is e.
[[nodiscard]] std::string to_text(const Expression& expression);

}  // namespace quiesce::smt
