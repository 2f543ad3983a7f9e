// Held comes from with.
#include "impl/runtime_state.hpp"
#include "impl/sync/native.hpp"

using namespace quiesce;
using namespace quiesce::impl;

void proof(Shards<Native>& shards) {
  shards.with<Regions>([](Held<Native, Regions> held) { (void)read<Regions>(held); });
}
