// The proof of holding a lock does not outlive the lock.
#include "impl/runtime_state.hpp"
#include "impl/sync/native.hpp"

using namespace quiesce;
using namespace quiesce::impl;

void look(RuntimeState<Native>& state) {
  state.with<Regions>([](Held<Native, Regions> held) { return held; });
}
