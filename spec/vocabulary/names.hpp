// Names of the entities: distinct types, so that a task can never be passed for a region.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace quiesce {

/// A Name is a number that a script gives to an entity, unique among the entities of its kind.
///   state    4 bytes; `none` is the name that was never bound: every rule refuses it
///   cost     O(1), no allocation
template <class Kind>
struct Name {
  static constexpr std::uint32_t none_value = 0xFFFF'FFFFU;
  std::uint32_t value = none_value;

  [[nodiscard]] static constexpr Name none() { return Name{}; }
  [[nodiscard]] constexpr bool is_none() const { return value == none_value; }
  friend constexpr auto operator<=>(Name, Name) = default;
};

struct RegionKind {
  static constexpr char letter = 'r';
  static constexpr std::string_view noun = "region";
};
struct TaskKind {
  static constexpr char letter = 't';
  static constexpr std::string_view noun = "task";
};
struct ObligationEntity {
  static constexpr char letter = 'o';
  static constexpr std::string_view noun = "obligation";
};

using RegionName = Name<RegionKind>;
using TaskName = Name<TaskKind>;
using ObligationName = Name<ObligationEntity>;

/// The one region that exists at the start; no action creates another root.
inline constexpr RegionName root_region{0};

/// "r0", "t3", "o1"; the unbound name is "r?", "t?", "o?".
template <class Kind>
[[nodiscard]] std::string to_text(Name<Kind> name) {
  return std::string(1, Kind::letter) + (name.is_none() ? "?" : std::to_string(name.value));
}

}  // namespace quiesce
