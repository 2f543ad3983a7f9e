// The implementation under the layout config_out.
#include "impl/layout/layout.hpp"
#include "models/refine/describe.hpp"
#include "models/refine/named_runtime.hpp"

namespace quiesce::refine {
namespace {

template <Sync S>
class ConfigOut : public NamedRuntime<S> {
 public:
  explicit ConfigOut(const Capacity& capacity) : NamedRuntime<S>(capacity, impl::config_out) {}
};

}  // namespace

Variant variant_config_out() {
  return describe<ConfigOut<interleave::Explored>, ConfigOut<Native>>(
      impl::config_out.name, impl::config_out.says, Tickets::Yes);
}

}  // namespace quiesce::refine
