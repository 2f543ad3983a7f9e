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
  void start(const Capacity& capacity) override {
    // A runtime that is still there was lost in a crash: it is left behind, not destroyed.
    if (runtime_.has_value()) std::construct_at(&runtime_);
    runtime_.emplace(capacity);
  }
  void stop() noexcept override { runtime_.reset(); }
  Issued apply(const Action& action) override { return runtime_->apply(action); }
  void snapshot(Snapshot& into) override { runtime_->snapshot(into); }
  void peek(Snapshot& into) const override { runtime_->peek(into); }

 private:
  std::optional<R> runtime_;
};

/// The one line of a variant's file, for a class template Mine over the Sync policy:
///   describe<Mine<interleave::Explored>, Mine<Native>>("mine", "what is different", Tickets::No).
template <Runtime OnExplored, Runtime OnNative>
[[nodiscard]] Variant describe(std::string_view name, std::string_view summary, Tickets tickets,
                               TryLock try_lock = TryLock::No) {
  Variant variant;
  variant.name = name;
  variant.summary = summary;
  variant.tickets = tickets;
  variant.try_lock = try_lock;
  variant.make_explored = []() -> std::unique_ptr<RuntimeUnderTest> {
    return std::make_unique<Hosted<OnExplored>>();
  };
  variant.make_native = []() -> std::unique_ptr<RuntimeUnderTest> {
    return std::make_unique<Hosted<OnNative>>();
  };
  return variant;
}

}  // namespace quiesce::refine
