// Shard E: the configuration. Immutable while a runtime lives, so it needs no lock.
#pragma once

#include <cstddef>

#include "spec/vocabulary/leaks.hpp"

namespace quiesce::impl {

/// Several runtimes may share one configuration; it outlives them.
///   state    the numbers bound the tombstones of each kind
struct RuntimeConfig {
  LeakPolicy leaks{};
  std::size_t remembered_regions = 4096;
  std::size_t remembered_tasks = 4096;
  std::size_t remembered_obligations = 4096;
};

}  // namespace quiesce::impl
