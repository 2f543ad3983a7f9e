// RuntimeState for the schedule explorer: every lock and atomic is a scheduling point.
#include "impl/bodies/runtime_state_body.hpp"
#include "models/interleave/explored.hpp"
#include "models/refine/named_runtime.hpp"

template class quiesce::impl::RuntimeState<quiesce::interleave::Explored>;

namespace quiesce::refine {

const impl::RuntimeConfig& checked_config() {
  static const impl::RuntimeConfig config{.leak_response = impl::LeakResponse::Silent};
  return config;
}

}  // namespace quiesce::refine
