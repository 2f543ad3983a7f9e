// ScriptChecker: runs one script under chosen schedules and compares every execution.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "models/interleave/decisions.hpp"
#include "models/refine/failure.hpp"
#include "models/refine/runtime_under_test.hpp"
#include "models/refine/script.hpp"
#include "models/refine/strategy.hpp"
#include "models/refine/totals.hpp"

namespace quiesce::refine {

struct CheckOptions {
  std::uint64_t seed = 0;
  std::uint32_t preemption_bound = 2;            // of Strategy::Exhaustive
  bool search_linearization = false;             // even if the variant has tickets
  std::uint64_t linearization_budget = 200'000;  // nodes of one search
  bool repeat_first = true;  // runs execution 0 of each call twice and compares it with itself
};

/// What a series of executions came to.
struct Checked {
  std::uint64_t executions = 0;
  std::optional<Failure> failure;  // of the lowest execution that failed
  bool exhausted = false;          // Exhaustive: every schedule within the bound was tried
  std::string nondeterminism;      // in words, if an execution did not repeat itself
  std::string divergence;          // replay: in words, if the decisions did not fit the execution
};

/// Checks scripts against the specification, one at a time, on the calling thread.
///   state    a runtime, an engine and a memo of the specification's steps, reused
///   cost     a steady execution allocates nothing of its own
class ScriptChecker {
 public:
  explicit ScriptChecker(const Variant& variant, const CheckOptions& options = {});
  ~ScriptChecker();
  ScriptChecker(ScriptChecker&&) noexcept;
  ScriptChecker& operator=(ScriptChecker&&) = delete;

  /// Takes the next script; what the last one taught is forgotten.
  void load(const Script& script, std::uint64_t script_index = 0);

  /// Executions first .. first + count - 1 under a strategy; stops at the first that fails.
  ///   state    execution i is a function of (script, strategy, seed, script_index, i); under
  ///            Exhaustive the executions follow each other and `first` is ignored
  [[nodiscard]] Checked run(Strategy strategy, std::uint64_t first, std::uint64_t count);
  /// One execution with recorded decisions; beyond their end no thread is preempted.
  [[nodiscard]] Checked replay(const interleave::Decisions& decisions);
  /// The decisions of the last execution.
  [[nodiscard]] interleave::Decisions last_decisions() const;

  /// Whether execution 0 of the runs that follow is repeated; see CheckOptions.
  void set_repeat_first(bool repeat);

  /// What was tried since the start or the last call of this.
  [[nodiscard]] Totals take_totals();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace quiesce::refine
