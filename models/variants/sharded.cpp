// The implementation under the layout sharded.
#include "impl/layout/layout.hpp"
#include "models/refine/describe.hpp"
#include "models/refine/named_runtime.hpp"

namespace quiesce::refine {
namespace {

template <Sync S>
class Sharded : public NamedRuntime<S> {
 public:
  explicit Sharded(const Capacity& capacity) : NamedRuntime<S>(capacity, impl::sharded) {}
};

}  // namespace

Variant variant_sharded() {
  return describe<Sharded<interleave::Explored>, Sharded<Native>>(impl::sharded.name,
                                                                  impl::sharded.says, Tickets::Yes);
}

}  // namespace quiesce::refine
