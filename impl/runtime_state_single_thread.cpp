// RuntimeState for the browser and the lab: no locks, no atomics.
#include "impl/bodies/runtime_state_body.hpp"
#include "impl/sync/single_thread.hpp"

template class quiesce::impl::RuntimeState<quiesce::SingleThread>;
