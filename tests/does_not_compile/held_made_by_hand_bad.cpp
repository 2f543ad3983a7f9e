// Held is not made without taking its locks.
#include "impl/runtime_state.hpp"
#include "impl/sync/native.hpp"

using namespace quiesce;
using namespace quiesce::impl;

void proof(Shards<Native>& shards) {
  const Held<Native, Regions> held(shards);
  (void)read<Regions>(held);
}
