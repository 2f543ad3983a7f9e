// What `quiesce explore` runs when no model is named: every entry with its reason and its counts.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "models/explore/command.hpp"
#include "models/explore/registry.hpp"
#include "models/explore/result.hpp"

namespace quiesce::explore {

/// The entries of all models, in the order of the registry.
[[nodiscard]] std::span<const ManifestEntry> manifest();

/// The arguments that an entry stands for.
[[nodiscard]] ExploreArguments arguments_of(const ManifestEntry& entry);
/// "quiesce explore house --regions 2 …": the command that runs one entry alone.
[[nodiscard]] std::string command_of(const ManifestEntry& entry);

/// Empty if an ended search came out as pinned; otherwise the sentence that says what differs.
[[nodiscard]] std::string what_differs(const ManifestEntry& entry, const SearchResult& result);

}  // namespace quiesce::explore
