// The implementation under the layout clock_out.
#include "impl/layout/layout.hpp"
#include "models/refine/describe.hpp"
#include "models/refine/named_runtime.hpp"

namespace quiesce::refine {
namespace {

template <Sync S>
class ClockOut : public NamedRuntime<S> {
 public:
  explicit ClockOut(const Capacity& capacity) : NamedRuntime<S>(capacity, impl::clock_out) {}
};

}  // namespace

Variant variant_clock_out() {
  return describe<ClockOut<interleave::Explored>, ClockOut<Native>>(
      impl::clock_out.name, impl::clock_out.says, Tickets::Yes);
}

}  // namespace quiesce::refine
