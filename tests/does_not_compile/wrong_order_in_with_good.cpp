// Locks are taken in rank order.
#include "impl/runtime_state.hpp"
#include "impl/sync/native.hpp"

using namespace quiesce;
using namespace quiesce::impl;

void both(RuntimeState<Native>& state) {
  state.with<Regions, Tasks>([](auto) {});
}
