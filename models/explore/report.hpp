// What a search says: a table for people, JSON for programs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/explore/result.hpp"

namespace quiesce::explore {

/// What was searched, for the head of a report.
struct Searched {
  std::string model;
  std::string sentence;
  std::vector<std::pair<std::string, std::uint32_t>> bounds;
  std::vector<std::pair<std::string, std::string>> choices;
  std::vector<std::string> symmetry;  ///< kinds whose names were identified
  unsigned threads = 1;
  std::uint64_t memory_ceiling_bytes = 0;

  /// A bound of the model; asking for one that it does not have is a broken `require`.
  [[nodiscard]] std::uint32_t bound(std::string_view name) const;
  [[nodiscard]] bool chose(std::string_view choice, std::string_view word) const;
  [[nodiscard]] bool identifies(std::string_view kind) const;
};

/// 1234567 -> "1,234,567".
[[nodiscard]] std::string grouped(std::uint64_t number);

[[nodiscard]] std::string text_report(const Searched& searched, const SearchResult& result);

/// Two reports of the same search differ only inside "timing". Keys keep their order.
[[nodiscard]] std::string json_report(const Searched& searched, const SearchResult& result);

/// The same with what was judged after the search.
struct Run;
[[nodiscard]] std::string text_report(const Run& run);
[[nodiscard]] std::string json_report(const Run& run);

/// The reports of several searches in one document.
[[nodiscard]] std::string json_report(const std::vector<Run>& runs);

/// One line for the progress of a search.
[[nodiscard]] std::string progress_line(const Progress& progress);

}  // namespace quiesce::explore
