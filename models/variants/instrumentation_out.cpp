// The implementation under the layout instrumentation_out.
#include "impl/layout/layout.hpp"
#include "models/refine/describe.hpp"
#include "models/refine/named_runtime.hpp"

namespace quiesce::refine {
namespace {

template <Sync S>
class InstrumentationOut : public NamedRuntime<S> {
 public:
  explicit InstrumentationOut(const Capacity& capacity)
      : NamedRuntime<S>(capacity, impl::instrumentation_out) {}
};

}  // namespace

Variant variant_instrumentation_out() {
  return describe<InstrumentationOut<interleave::Explored>, InstrumentationOut<Native>>(
      impl::instrumentation_out.name, impl::instrumentation_out.says, Tickets::Yes);
}

}  // namespace quiesce::refine
