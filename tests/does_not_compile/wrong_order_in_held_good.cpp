// Held lists shards in rank order.
#include "impl/runtime_state.hpp"
#include "impl/sync/native.hpp"

using namespace quiesce;
using namespace quiesce::impl;

void with_both(Held<Native, Tasks, Obligations> held) {
  (void)read<Tasks>(held);
}
