// A shard is listed once.
#include "impl/runtime_state.hpp"
#include "impl/sync/native.hpp"

using namespace quiesce;
using namespace quiesce::impl;

void once(RuntimeState<Native>& state) {
  state.with<Tasks>([](auto) {});
}
