// The implementation under the layout one_lock.
#include "impl/layout/layout.hpp"
#include "models/refine/describe.hpp"
#include "models/refine/named_runtime.hpp"

namespace quiesce::refine {
namespace {

template <Sync S>
class OneLock : public NamedRuntime<S> {
 public:
  explicit OneLock(const Capacity& capacity) : NamedRuntime<S>(capacity, impl::one_lock) {}
};

}  // namespace

Variant variant_one_lock() {
  return describe<OneLock<interleave::Explored>, OneLock<Native>>(
      impl::one_lock.name, impl::one_lock.says, Tickets::Yes);
}

}  // namespace quiesce::refine
