// Ids: how the implementation finds an entity. A slot alone is never an identity.
#pragma once

#include <compare>
#include <cstdint>

#include "spec/vocabulary/names.hpp"

namespace quiesce::impl {

/// A slot of an arena and the generation that lives there: unique for ever, because a generation
/// is never used twice.
///   state    8 bytes; the none id finds nothing
template <class Kind>
struct Id {
  static constexpr std::uint32_t no_slot = 0xFFFF'FFFFU;
  std::uint32_t slot = no_slot;
  std::uint32_t generation = 0;

  [[nodiscard]] static constexpr Id none() { return {}; }
  [[nodiscard]] constexpr bool is_none() const { return slot == no_slot; }
  friend constexpr auto operator<=>(Id, Id) = default;
};

using RegionId = Id<RegionKind>;
using TaskId = Id<TaskKind>;
using ObligationId = Id<ObligationEntity>;

}  // namespace quiesce::impl
