#include "models/report/text_table.hpp"

#include <algorithm>
#include <cstdint>

namespace quiesce::report {

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t columns = columns_of(text);
  if (columns <= width) return std::string(text) + std::string(width - columns, ' ');
  std::size_t kept = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t next = at + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80U) ++next;
    if (kept + 1 >= width) break;
    ++kept;
    at = next;
  }
  return std::string(text.substr(0, at)) + "…";
}

TextTable::TextTable(std::vector<std::string> heading, std::vector<std::size_t> right)
    : rows_{std::move(heading)}, right_(std::move(right)) {}

void TextTable::add(std::vector<std::string> row) {
  row.resize(rows_.front().size());
  rows_.push_back(std::move(row));
}

std::string TextTable::text(std::string_view indent) const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], columns_of(row[i]));
  }
  std::string text;
  for (const auto& row : rows_) {
    std::string line{indent};
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line += "  ";
      const bool at_right = std::find(right_.begin(), right_.end(), i) != right_.end();
      const std::string space(widths[i] - columns_of(row[i]), ' ');
      line += at_right ? space + row[i] : row[i] + space;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string with_commas(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string in_words(std::uint64_t number) {
  const auto scaled = [&](std::uint64_t unit, const char* word) {
    const std::uint64_t whole = number / unit;
    const std::uint64_t hundredths = number % unit * 100 / unit;
    std::string text = std::to_string(whole);
    if (whole < 10) {
      text += (hundredths < 10 ? ".0" : ".") + std::to_string(hundredths);
    } else if (whole < 100) {
      text += "." + std::to_string(hundredths / 10);
    }
    return text + word;
  };
  if (number >= 1'000'000) return scaled(1'000'000, " million");
  if (number >= 1'000) return scaled(1'000, " thousand");
  return std::to_string(number);
}

}  // namespace quiesce::report
