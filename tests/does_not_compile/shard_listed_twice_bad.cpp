// A shard is not listed twice.
#include "impl/runtime_state.hpp"
#include "impl/sync/native.hpp"

using namespace quiesce;
using namespace quiesce::impl;

void twice(RuntimeState<Native>& state) {
  state.with<Tasks, Tasks>([](auto) {});
}
