// The text of tests/ as the rule index reads it: cases, and what they take and call.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "models/cli/spec_text.hpp"

namespace quiesce::cli {

/// The ids `rule.….…` of a line's comment.
[[nodiscard]] std::vector<std::string> ids_in(std::string_view line);

/// A case of a test file.
struct TestCase {
  std::string name;
  std::string body;
  std::vector<std::string> ids;  // of rules, in the comment above it
};

/// A test file and the names that mean something in it.
///   state    `spaces`: the namespaces that it uses, also through the headers of tests/ that it
///            includes; `outside`: what stands in no case
struct TestFile {
  std::string path;
  std::vector<TestCase> cases;
  std::string outside;
  std::set<std::string, std::less<>> spaces;
  std::map<std::string, std::string, std::less<>> aliases;  // "p" -> "parking"

  /// Whether a text of this file makes an action, or calls a function, of a namespace.
  [[nodiscard]] bool takes(std::string_view text, std::string_view space,
                           std::string_view action) const {
    return uses(text, space, action, '{');
  }
  [[nodiscard]] bool calls(std::string_view text, std::string_view space,
                           std::string_view function) const {
    return uses(text, space, function, '(');
  }

 private:
  [[nodiscard]] bool uses(std::string_view text, std::string_view space, std::string_view name,
                          char bracket) const;
};

/// The files *.cpp of a list that also has the headers.
[[nodiscard]] std::vector<TestFile> read_tests(const std::vector<TextFile>& files);

}  // namespace quiesce::cli
