#include "models/explore/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "impl/sync/require.hpp"
#include "models/explore/report.hpp"

namespace quiesce::explore {
namespace {

// A count that changes needs its sentence in the commit.
constexpr std::array<ManifestEntry, 12> entries{{
    {"public-tla", "is it the module that its authors checked?",
     "tasks 2 regions 2 obligations 1 mask 2", "the bound whose size they publish: 13,686", "",
     13'686, 48'604},
    {"public-tla", "do its invariants hold with three tasks?",
     "tasks 3 regions 2 obligations 2 mask 2",
     "the bound of the figures; TLC, spin, Stateright and rumur have counted it, too", "",
     2'119'568, 11'351'542},
    {"public-tla", "do they hold where a subregion has a subregion?",
     "tasks 3 regions 3 obligations 1 mask 2", "three tasks spread over a chain of three regions",
     "", 7'569'368, 40'143'884},
    {"house", "do all invariants hold of every state and every step?",
     "regions 2 tasks 1 obligations 1 finalizers 1 mask 1 kinds 1 policies 1",
     "the smallest with one of each entity; spin and rumur reach the same states", "", 10'072,
     44'008},
    {"house", "and where a failed task takes its siblings with it?",
     "regions 2 tasks 2 obligations 1 finalizers 0 mask 1 kinds 1 policies 2",
     "a task beside another: FailFast's siblings; spin and rumur agree", "", 90'507, 830'123},
    {"house", "and where a later cancel is stronger?",
     "regions 2 tasks 1 obligations 1 finalizers 1 mask 2 kinds 2 policies 2",
     "two kinds that strengthen and a mask of two; spin and rumur agree", "", 30'821, 216'766},
    {"house", "do finalizers run last in first out, one at a time?",
     "regions 2 tasks 1 obligations 0 finalizers 2 mask 1 kinds 1 policies 1",
     "two finalizers, in one region or in two", "", 17'771, 59'459},
    {"house", "two tasks, each with a promise of its own",
     "regions 2 tasks 2 obligations 2 finalizers 0 mask 1 kinds 1 policies 2",
     "two promises in one hand or in two, and one task that ends beside them", "", 549'507,
     5'235'341},
    {"house", "does a cancel reach what is two levels below?",
     "regions 3 tasks 2 obligations 1 finalizers 0 mask 1 kinds 1 policies 1",
     "a chain of three regions, or two beside each other, with tasks in any of them", "", 848'603,
     7'427'161},
    {"house", "does every order of the internal rules give the same fixpoint?",
     "regions 3 tasks 1 obligations 0 finalizers 1 mask 1 kinds 1 policies 1 granularity small",
     "a chain of closing regions: up to three internal rules enabled at once", "", 119'482,
     573'505},
    {"house", "do the invariants hold between the internal rules?",
     "regions 2 tasks 2 obligations 1 finalizers 0 mask 1 kinds 1 policies 1 granularity small",
     "the bound of two tasks above, one internal rule at a time", "", 139'115, 901'163},
    {"house", "can a task end while it holds a promise?",
     "regions 1 tasks 1 obligations 1 finalizers 0 mask 1 kinds 1 policies 1 claim no-leak",
     "one task and one promise are enough to leak it", "quality.no_leak", 141, 426},
}};

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
  return entries;
}

ExploreArguments arguments_of(const ManifestEntry& entry) {
  ExploreArguments arguments;
  arguments.model = entry.model;
  const std::map<std::string_view, std::optional<std::int64_t>*> numbers{
      {"regions", &arguments.regions},
      {"tasks", &arguments.tasks},
      {"obligations", &arguments.obligations},
      {"finalizers", &arguments.finalizers},
      {"mask", &arguments.mask},
      {"kinds", &arguments.kinds},
      {"policies", &arguments.policies}};
  for (const auto& [flag, value] : words_of(entry.bounds)) {
    if (flag == "granularity") {
      arguments.granularity = value;
    } else if (flag == "claim") {
      arguments.claim = value;
    } else {
      const auto found = numbers.find(flag);
      require(found != numbers.end(), "a bound of the manifest is a flag of the command");
      std::int64_t number = 0;
      std::from_chars(value.data(), value.data() + value.size(), number);
      *found->second = number;
    }
  }
  return arguments;
}

std::string command_of(const ManifestEntry& entry) {
  std::string text = "quiesce explore " + std::string(entry.model);
  for (const auto& [flag, value] : words_of(entry.bounds)) {
    text += " --" + std::string(flag) + " " + std::string(value);
  }
  return text;
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
  return {};
}

}  // namespace quiesce::explore
