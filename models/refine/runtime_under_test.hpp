// What the checker drives: any runtime that applies actions by Name and can be looked at.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "impl/snapshot.hpp"
#include "models/refine/told.hpp"
#include "spec/vocabulary/action.hpp"
#include "spec/vocabulary/answer.hpp"

namespace quiesce::refine {

/// What a runtime did with an action.
///   state    `action` is what was issued after Names were resolved: a Name that no entity has yet
///            is none; `ticket` grows in the order of commits and is drawn inside the operation;
///            `told` counts if the runtime tells its effects
struct Issued {
  Action action;
  Answer answer;
  std::optional<std::uint64_t> ticket;
  bool tells = false;
  Told told{};
};

/// What a script needs of a runtime: for each kind a number above every Name of it and above the
/// count of those that the script creates, and how leaks are responded to.
struct Capacity {
  std::uint32_t regions = 1;
  std::uint32_t tasks = 0;
  std::uint32_t obligations = 0;
  LeakPolicy leaks{};
};

/// A runtime as a variant brings it: a class over one Sync policy, built anew for each execution.
///   apply     may be called by several threads at once; never waits for another action
///   snapshot  everything at one instant, under the runtime's own locks
///   peek      the same while nothing else runs, without a lock or a scheduling point
template <class R>
concept Runtime = std::constructible_from<R, const Capacity&> &&
    requires(R& runtime, const R& looked_at, const Action& action, Snapshot& into) {
  { runtime.apply(action) } -> std::same_as<Issued>;
  runtime.snapshot(into);
  looked_at.peek(into);
};

/// The same without its type. A run of the explorer starts it, drives it and stops it.
class RuntimeUnderTest {
 public:
  virtual ~RuntimeUnderTest() = default;
  /// A fresh runtime in the place of the one before.
  virtual void start(const Capacity& capacity) = 0;
  virtual void stop() noexcept = 0;
  virtual Issued apply(const Action& action) = 0;
  virtual void snapshot(Snapshot& into) = 0;
  virtual void peek(Snapshot& into) const = 0;
};

/// Whether a runtime draws tickets: with them a history is replayed in commit order, without them a
/// linearization is searched for.
enum class Tickets : bool { No, Yes };

/// Whether a runtime calls try_lock. If it does not, the explorer needs no scheduling point before
/// an unlock: what others could do there they can do right after it.
enum class TryLock : bool { No, Yes };

/// An implementation registered by name.
struct Variant {
  std::string_view name;
  std::string_view summary;
  Tickets tickets = Tickets::No;
  TryLock try_lock = TryLock::No;
  /// Driven by the explorer, and by real threads.
  std::unique_ptr<RuntimeUnderTest> (*make_explored)() = nullptr;
  std::unique_ptr<RuntimeUnderTest> (*make_native)() = nullptr;
};

/// Every variant of models/variants, in the order of the names of their files.
[[nodiscard]] std::span<const Variant> variants();
/// The variant of that name; null if there is none.
[[nodiscard]] const Variant* find_variant(std::string_view name);

}  // namespace quiesce::refine
