// The script generator: script i of a run is a function of (seed, i) and the shape.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/refine/script.hpp"

namespace quiesce::refine {

/// How large the parts of a script are; each count is drawn between its bounds, both included.
struct Shape {
  std::uint32_t motifs_most = 2;  // prepared situations in the prefix (a region that drains, …)
  std::uint32_t prefix_most = 4;  // free actions in the prefix, after the motifs
  std::uint32_t branches_least = 2;
  std::uint32_t branches_most = 4;
  std::uint32_t operations_least = 1;  // in each branch
  std::uint32_t operations_most = 4;
  std::uint32_t suffix_most = 2;
};

/// One script: a prefix that brings regions and tasks into the middle of their lives, then
/// branches that are likely to meet in the same region, task or obligation, then a short probe.
///   keeps    created Names are unique; every name that is used may be alive, over, created by
///            another branch, or never created
///   state    two scripts in five have another leak policy than Log
///   cost     a step of the specification for each action
[[nodiscard]] Script generate_script(std::uint64_t seed, std::uint64_t index,
                                     const Shape& shape = {});

/// A purely sequential script: motifs and free actions mixed, about `length` actions in its prefix.
[[nodiscard]] Script generate_sequence(std::uint64_t seed, std::uint64_t index,
                                       std::uint32_t length);

/// A purely sequential script of a large house: a deep or wide tree, long lists, then free actions,
/// then its end; up to about 130 actions, times `scale`.
[[nodiscard]] Script generate_crowd(std::uint64_t seed, std::uint64_t index,
                                    std::uint32_t scale = 1);

/// A purely sequential script in which `lives` entities of one kind come and go in one slot, or in
/// which one task polls until its quota is used up; then free actions.
[[nodiscard]] Script generate_lives(std::uint64_t seed, std::uint64_t index, std::uint32_t lives);

}  // namespace quiesce::refine
