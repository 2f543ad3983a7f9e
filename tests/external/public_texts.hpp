// The public TLA+ model in Promela and in Murphi: models/external/promela/public.pml,
// murphi/public.m.
#pragma once

#include <cstdint>
#include <string>

#include "tests/external/external_tools.hpp"

namespace quiesce::external {

/// How many of each there are; the root is one of the regions.
struct PublicBounds {
  int tasks = 2;
  int regions = 2;
  int obligations = 1;
  int mask = 2;
};

/// The Promela text as it stands; its bounds are macros: " -DTASKS=2 -DREGIONS=2 …".
[[nodiscard]] std::string public_promela_text();
[[nodiscard]] std::string public_macros(const PublicBounds& bounds);
/// The Murphi text with its constants set.
[[nodiscard]] std::string public_murphi_text(const PublicBounds& bounds);

/// `text` is a Promela text.
[[nodiscard]] Counted count_public_with_spin(const std::string& text, const PublicBounds& bounds);

}  // namespace quiesce::external
