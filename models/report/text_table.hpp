// Plain text tables: columns as wide as their widest cell, nothing that depends on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace quiesce::report {

/// The width of UTF-8 text in columns: one a code point (the reports use no wide ones).
[[nodiscard]] std::size_t columns_of(std::string_view text);

/// `text` followed by spaces up to a width, or cut with an ellipsis if it is wider.
[[nodiscard]] std::string padded(std::string_view text, std::size_t width);

/// A table with a heading row; columns named in `right` stand at the right.
///   cost     linear in the cells
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> heading, std::vector<std::size_t> right = {});
  void add(std::vector<std::string> row);
  [[nodiscard]] bool empty() const { return rows_.size() == 1; }
  /// Each line starts with `indent` and ends without spaces.
  [[nodiscard]] std::string text(std::string_view indent = "  ") const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> right_;
};

/// "1,234,567"
[[nodiscard]] std::string with_commas(std::uint64_t number);
/// Rounded to what a reader needs: "987", "12.3 thousand", "4.56 million".
[[nodiscard]] std::string in_words(std::uint64_t number);

}  // namespace quiesce::report
