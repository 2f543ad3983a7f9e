// Held gives access to the shards that it lists.
#include "impl/runtime_state.hpp"
#include "impl/sync/native.hpp"

using namespace quiesce;
using namespace quiesce::impl;

const ObligationTable& look(Held<Native, Tasks, Obligations> held) {
  return read<Obligations>(held);
}
