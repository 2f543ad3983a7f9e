// RuntimeState for the schedule explorer: every lock and atomic is a scheduling point.
#include <algorithm>

#include "impl/bodies/runtime_state_body.hpp"
#include "models/interleave/explored.hpp"
#include "models/refine/named_runtime.hpp"

template class quiesce::impl::RuntimeState<quiesce::interleave::Explored>;

namespace quiesce::refine {

impl::RuntimeConfig checked_config(const Capacity& capacity) {
  impl::RuntimeConfig config{.leaks = capacity.leaks};
  config.remembered_regions = std::max<std::size_t>(config.remembered_regions, capacity.regions);
  config.remembered_tasks = std::max<std::size_t>(config.remembered_tasks, capacity.tasks);
  config.remembered_obligations =
      std::max<std::size_t>(config.remembered_obligations, capacity.obligations);
  return config;
}

}  // namespace quiesce::refine
