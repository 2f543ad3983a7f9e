// Shard E: the configuration. Immutable while a runtime lives, so it needs no lock.
#pragma once

#include <cstddef>
#include <cstdint>

namespace quiesce::impl {

/// What happens to an obligation that its holder left Reserved by completing without a cancel.
enum class LeakResponse : std::uint8_t {
  Silent,   // it becomes Leaked
  Log,      // it becomes Leaked, and the observer hears of it
  Recover,  // it becomes Aborted(Error), and the observer hears of it
  Panic,    // it becomes Leaked, and the operation throws LeakFound after all bookkeeping
};

/// Several runtimes may share one configuration; it outlives them.
///   state    after `escalate_after` leaks (0: never) the response is `escalate_to`; the other
///            numbers bound the tombstones of each kind
struct RuntimeConfig {
  LeakResponse leak_response = LeakResponse::Log;
  std::uint32_t escalate_after = 0;
  LeakResponse escalate_to = LeakResponse::Panic;
  std::size_t remembered_regions = 4096;
  std::size_t remembered_tasks = 4096;
  std::size_t remembered_obligations = 4096;
};

}  // namespace quiesce::impl
