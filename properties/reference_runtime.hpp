// Small runtimes made of the specification behind one lock, for the self-tests: a good one, and one
// that checks in one critical section and acts in the next.
#pragma once

#include <cstdint>
#include <utility>

#include "impl/snapshot.hpp"
#include "impl/sync/sync.hpp"
#include "models/refine/runtime_under_test.hpp"
#include "spec/step.hpp"

namespace quiesce::properties {

/// The snapshot that stands for a state.
[[nodiscard]] Snapshot picture(const spec::State& state);

/// Spawns although the region may no longer be Open: what acting on an old check comes to.
[[nodiscard]] spec::Step spawn_regardless(spec::State state, const Spawn& a);

/// The specification behind one lock. `split_spawn`: the check of a spawn and its act stand in two
/// critical sections.
template <Sync S, bool split_spawn>
class Reference {
 public:
  explicit Reference(const refine::Capacity& capacity) : state_(spec::initial(capacity.leaks)) {}

  refine::Issued apply(const Action& action) {
    const auto* const spawn = std::get_if<Spawn>(&action);
    if (!split_spawn || spawn == nullptr) {
      const ScopedLock lock{mutex_};
      return committed(action, spec::step(state_, action));
    }
    {
      const ScopedLock lock{mutex_};
      const spec::Step checked = spec::step(state_, action);
      if (!is_done(checked.answer)) return committed(action, checked);
    }
    const ScopedLock lock{mutex_};
    return committed(action, spawn_regardless(state_, *spawn));
  }
  void snapshot(Snapshot& into) {
    const ScopedLock lock{mutex_};
    into = picture(state_);
  }
  void peek(Snapshot& into) const { into = picture(state_); }

 private:
  refine::Issued committed(const Action& action, spec::Step step) {
    state_ = std::move(step.after);
    return {action, step.answer, tickets_++};
  }

  typename S::Mutex mutex_{LockInfo{1, "Reference"}};
  spec::State state_;
  std::uint64_t tickets_ = 0;
};

/// The two as variants of the checker; they are not in the registry.
[[nodiscard]] refine::Variant good_reference();
[[nodiscard]] refine::Variant split_reference();

}  // namespace quiesce::properties
