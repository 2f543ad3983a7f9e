// Held gives no access to a shard that it does not list.
#include "impl/runtime_state.hpp"
#include "impl/sync/native.hpp"

using namespace quiesce;
using namespace quiesce::impl;

const ObligationTable& look(Held<Native, Tasks> held) {
  return read<Obligations>(held);
}
