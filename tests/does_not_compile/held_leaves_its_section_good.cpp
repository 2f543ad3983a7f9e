// What was read under the locks may leave.
#include "impl/runtime_state.hpp"
#include "impl/sync/native.hpp"

using namespace quiesce;
using namespace quiesce::impl;

Time look(RuntimeState<Native>& state) {
  return state.with<Regions>([](Held<Native, Regions> held) { return read<Regions>(held).now; });
}
