// RuntimeState for production: the standard library's synchronisation.
#include "impl/bodies/runtime_state_body.hpp"
#include "impl/sync/native.hpp"

template class quiesce::impl::RuntimeState<quiesce::Native>;
