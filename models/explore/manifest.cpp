#include "models/explore/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "models/explore/report.hpp"

namespace quiesce::explore {
namespace {

using Words = std::vector<std::pair<std::string_view, std::string_view>>;

Words words_of(std::string_view bounds) {
  Words words;
  const auto next = [&bounds] {
    const std::size_t end = std::min(bounds.find(' '), bounds.size());
    const std::string_view word = bounds.substr(0, end);
    bounds.remove_prefix(std::min(end + 1, bounds.size()));
    return word;
  };
  while (!bounds.empty()) {
    const std::string_view flag = next();
    words.emplace_back(flag, next());
  }
  return words;
}

}  // namespace

std::span<const ManifestEntry> manifest() {
  static const std::vector<ManifestEntry> entries = [] {
    std::vector<ManifestEntry> all;
    for (const ExplorableModel& model : explorable_models()) {
      for (ManifestEntry entry : model.entries) {
        entry.model = model.name;
        entry.asks_all_cases = model.asks_all_cases;
        all.push_back(entry);
      }
    }
    return all;
  }();
  return entries;
}

ExploreArguments arguments_of(const ManifestEntry& entry) {
  ExploreArguments arguments;
  arguments.model = entry.model;
  arguments.progress = entry.progress;
  for (const auto& [flag, value] : words_of(entry.bounds)) {
    std::int64_t number = 0;
    const char* const end = value.data() + value.size();
    if (std::from_chars(value.data(), end, number).ptr == end) {
      arguments.bounds.emplace(flag, number);
    } else {
      arguments.choices.emplace(flag, value);
    }
  }
  return arguments;
}

std::string command_of(const ManifestEntry& entry) {
  std::string text = "quiesce explore " + std::string(entry.model);
  for (const auto& [flag, value] : words_of(entry.bounds)) {
    text += " --" + std::string(flag) + " " + std::string(value);
  }
  return entry.progress ? text + " --progress" : text;
}

std::string what_differs(const ManifestEntry& entry, const SearchResult& result) {
  const std::string broken = result.violation ? result.violation->id : "";
  if (broken != entry.breaks) {
    if (broken.empty()) return fmt::format("nothing breaks {}, which must break", entry.breaks);
    return fmt::format("{} is broken: {}", broken, result.violation->facts);
  }
  if (result.distinct_states != entry.states) {
    return fmt::format("{} states where {} are pinned", grouped(result.distinct_states),
                       grouped(entry.states));
  }
  if (result.transitions != entry.transitions) {
    return fmt::format("{} transitions where {} are pinned", grouped(result.transitions),
                       grouped(entry.transitions));
  }
  if (result.graph != entry.graph) {
    return fmt::format(
        "as many states and transitions as pinned, but some step leads elsewhere or something else "
        "refuses: graph {:#018x} where {:#018x} is pinned",
        result.graph, entry.graph);
  }
  for (const Witness& witness : result.sometimes) {
    if (entry.asks_all_cases && entry.breaks.empty() && !witness.first_level &&
        witness.beyond.empty())
      return fmt::format("{} is never put to the test: {}", witness.id, witness.sentence);
  }
  return {};
}

}  // namespace quiesce::explore
