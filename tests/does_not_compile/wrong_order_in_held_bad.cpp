// Held does not list shards against the rank order.
#include "impl/runtime_state.hpp"
#include "impl/sync/native.hpp"

using namespace quiesce;
using namespace quiesce::impl;

void with_both(Held<Native, Obligations, Tasks> held) {
  (void)read<Tasks>(held);
}
