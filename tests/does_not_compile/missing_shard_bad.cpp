// Spawn does not go without the lock of Regions.
#include "impl/runtime_state.hpp"
#include "impl/sync/native.hpp"

using namespace quiesce;
using namespace quiesce::impl;

Applied spawn_held(RuntimeState<Native>& state, TaskName name) {
  return state.with<Tasks>(
      [&](auto held) { return state.spawn(held, name, state.root(), no_budget); });
}
