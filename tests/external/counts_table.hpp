// The pinned sizes of models/external/counts.txt.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quiesce::external {

/// How much of the machine a search covers.
///   state    `kinds` 1: User, 2: and Shutdown; `policies` 1: CollectAll, 2: and FailFast;
///            `arrivals` 1: a state is also told by the action that led to it
struct Bounds {
  int regions = 0;
  int tasks = 0;
  int obligations = 0;
  int finalizers = 0;
  int mask = 0;
  int kinds = 0;
  int policies = 0;
  int arrivals = 0;

  friend bool operator==(const Bounds&, const Bounds&) = default;
};

/// A bound as its name in the texts and its value, in the order of the table.
struct NamedBound {
  std::string_view name;  // "REGIONS"
  int value = 0;
};
[[nodiscard]] std::vector<NamedBound> named(const Bounds& bounds);
/// "REGIONS=2 TASKS=1 …"
[[nodiscard]] std::string to_text(const Bounds& bounds);

/// A row of the table.
struct PinnedCount {
  Bounds bounds;
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  bool in_suite = false;
  std::string why;
};

/// Reads the table; throws std::runtime_error with the number of the line that is not a row.
[[nodiscard]] std::vector<PinnedCount> read_counts(std::string_view text);

}  // namespace quiesce::external
