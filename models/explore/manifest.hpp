// What `quiesce explore` runs when no model is named: every entry with its reason and its counts.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "models/explore/command.hpp"
#include "models/explore/result.hpp"

namespace quiesce::explore {

/// One search that must come out as it did before.
struct ManifestEntry {
  std::string_view model;
  std::string_view question;
  std::string_view bounds;  ///< "tasks 2 regions 2 …", in the words of the command line's flags
  std::string_view why;     ///< the reason for the bounds
  std::string_view breaks;  ///< the sentence that must be broken; empty: every one holds
  std::uint64_t states;     ///< distinct; up to the end of the level that breaks it, if one does
  std::uint64_t transitions;
};
[[nodiscard]] std::span<const ManifestEntry> manifest();

/// The arguments that an entry stands for.
[[nodiscard]] ExploreArguments arguments_of(const ManifestEntry& entry);
/// "quiesce explore house --regions 2 …": the command that runs one entry alone.
[[nodiscard]] std::string command_of(const ManifestEntry& entry);

/// Empty if an ended search came out as pinned; otherwise the sentence that says what differs.
[[nodiscard]] std::string what_differs(const ManifestEntry& entry, const SearchResult& result);

}  // namespace quiesce::explore
