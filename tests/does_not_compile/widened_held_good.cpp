// Held converts to a smaller set.
#include "impl/runtime_state.hpp"
#include "impl/sync/native.hpp"

using namespace quiesce;
using namespace quiesce::impl;

void narrow(Held<Native, Regions, Tasks> held) {
  const Held<Native, Regions> fewer = held;
  (void)read<Regions>(fewer);
}
