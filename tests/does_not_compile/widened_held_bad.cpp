// Held does not convert to a larger set.
#include "impl/runtime_state.hpp"
#include "impl/sync/native.hpp"

using namespace quiesce;
using namespace quiesce::impl;

void widen(Held<Native, Regions> held) {
  const Held<Native, Regions, Tasks> more = held;
  (void)read<Tasks>(more);
}
