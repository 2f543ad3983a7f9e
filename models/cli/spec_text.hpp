// The text of spec/ as the rule index reads it: functions, what they call, and the alphabets.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quiesce::cli {

using TextFile = std::pair<std::string, std::string>;  // path as in the project's folder, text
using Lines = std::vector<std::string_view>;

[[nodiscard]] Lines lines_of(std::string_view text);
[[nodiscard]] bool is_word(char c);
/// The name that stands before the first '(' of a line; empty if there is none.
[[nodiscard]] std::string_view called_in(std::string_view line);
/// Without a `quiesce::` in front.
[[nodiscard]] std::string_view inner_space(std::string_view space);

/// What a text has of `name` followed by a bracket, as an expression and not as a member's name.
///   visit    the qualifier before it: "p" of `p::Look{`, empty if there is none; stops at true
template <class Visit>
[[nodiscard]] bool any_use(std::string_view text, std::string_view name, char bracket,
                           Visit&& visit) {
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if (end >= text.size() || text[end] != bracket) continue;
    const char before = at == 0 ? ' ' : text[at - 1];
    if (is_word(before) || before == '.' || before == '>') continue;
    std::size_t from = at;
    while (from > 0 && (is_word(text[from - 1]) || text[from - 1] == ':')) --from;
    std::string_view qualifier = text.substr(from, at - from);
    if (qualifier.ends_with("::")) qualifier.remove_suffix(2);
    if (visit(qualifier)) return true;
  }
  return false;
}

/// SpecText knows the functions of the specification.
///   state    `space` is a namespace without `quiesce::`; definitions stand at the first column
class SpecText {
 public:
  explicit SpecText(const std::vector<TextFile>& files);

  /// The namespace that a file opens first.
  [[nodiscard]] std::string space_of(std::string_view file) const;
  /// The action of an alphabet that leads to a rule: the one that the function takes, else the one
  /// that is called like the end of the id, or like the function. Empty: no action of its own.
  [[nodiscard]] std::string action_of(std::string_view id, std::string_view file,
                                      std::string_view function) const;
  /// The functions, by namespace and name, that lines of a file stand in.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> functions_at(
      std::string_view file, std::size_t line) const;
  /// Whether a function calls another, at once or through others of spec/.
  [[nodiscard]] bool reaches(std::string_view space, std::string_view from,
                             std::string_view to) const;

 private:
  struct Function {
    std::string name;
    std::string file;
    std::string space;
    std::string parameters;
    std::string body;
    std::size_t first_line = 0;  // counted from 1
    std::size_t last_line = 0;
  };
  void read_functions(const TextFile& file);
  void read_alphabet(const TextFile& file);
  [[nodiscard]] std::vector<const Function*> called_by(const Function& function) const;

  std::vector<Function> functions_;
  std::map<std::string, std::string, std::less<>> spaces_;               // by file
  std::map<std::string, std::set<std::string>, std::less<>> alphabets_;  // by namespace
};

}  // namespace quiesce::cli
