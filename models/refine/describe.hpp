// describe: makes a Variant of a runtime; what a variant's file includes.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "impl/sync/native.hpp"
#include "impl/sync/sync.hpp"
#include "models/interleave/explored.hpp"
#include "models/refine/runtime_under_test.hpp"

namespace quiesce::refine {

/// Holds a runtime of a known type.
template <Runtime R>
class Hosted final : public RuntimeUnderTest {
 public:
  void start(const Capacity& capacity) override { runtime_.emplace(capacity); }
  void stop() noexcept override { runtime_.reset(); }
  Issued apply(const Action& action) override { return runtime_->apply(action); }
  void snapshot(Snapshot& into) override { runtime_->snapshot(into); }
  void peek(Snapshot& into) const override { runtime_->peek(into); }

 private:
  std::optional<R> runtime_;
};

/// The one line of a variant's file: describe<MyRuntime>("mine", "what is different", Tickets::No).
template <template <Sync> class R>
requires Runtime<R<interleave::Explored>> && Runtime<R<Native>>
[[nodiscard]] Variant describe(std::string_view name, std::string_view summary, Tickets tickets,
                               TryLock try_lock = TryLock::No) {
  return {
      name,
      summary,
      tickets,
      try_lock,
      []() -> std::unique_ptr<RuntimeUnderTest> {
        return std::make_unique<Hosted<R<interleave::Explored>>>();
      },
      []() -> std::unique_ptr<RuntimeUnderTest> { return std::make_unique<Hosted<R<Native>>>(); }};
}

}  // namespace quiesce::refine
