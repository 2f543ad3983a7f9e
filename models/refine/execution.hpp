// Execution: a script on a runtime, as the body that an engine runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "impl/snapshot.hpp"
#include "models/interleave/engine.hpp"
#include "models/refine/history.hpp"
#include "models/refine/runtime_under_test.hpp"
#include "models/refine/script.hpp"
#include "models/refine/spec_memo.hpp"

namespace quiesce::refine {

/// Whether the branches of a script run at the same time or one after the other.
enum class Mode : std::uint8_t { Concurrent, Sequential };

/// Runs a script again and again: thread 0 does the prefix, starts a thread for each branch, joins
/// them, does the suffix and takes the final snapshot. A single branch needs no thread.
///   state    after a run: the history, the final snapshot and, in Sequential mode, a snapshot
///            after every action
///   cost     no allocation of its own once the buffers have grown
class Execution {
 public:
  Execution(const Variant& variant, SpecMemo& memo)
      : variant_(variant), runtime_(variant.make_explored()), memo_(memo) {}

  /// Takes the next script; the memo must have been cleared for it.
  void load(const Script& script);
  void set_mode(Mode mode) { mode_ = mode; }
  /// Notes each action and answer in the trace, if one is taken.
  void set_notes(bool notes) { notes_ = notes; }

  /// The body: called by Engine::run on thread 0.
  void operator()();

  [[nodiscard]] const Script& script() const { return script_; }
  [[nodiscard]] const Variant& variant() const { return variant_; }
  [[nodiscard]] const History& history() const { return history_; }
  /// Taken at the end of the last run; null if it did not get there.
  [[nodiscard]] const Snapshot* final_snapshot() const { return finished_ ? &final_ : nullptr; }
  /// The snapshot after operation i of a Sequential run.
  [[nodiscard]] const Snapshot& snapshot_after(std::size_t i) const { return after_each_[i]; }
  /// How many threads run at the same time.
  [[nodiscard]] std::uint32_t concurrent_threads() const;

  /// The runtime while it is alive, for a look between two visible operations; else null.
  [[nodiscard]] const RuntimeUnderTest* alive() const { return alive_ ? runtime_.get() : nullptr; }
  /// The part that an engine's thread works on: 0 for thread 0.
  [[nodiscard]] std::size_t part_of_thread(unsigned thread) const;
  /// The engine's thread that works on a part; 0 if it has none of its own.
  [[nodiscard]] unsigned thread_of_part(std::size_t part) const;
  /// The position in a part of the action that was issued last.
  [[nodiscard]] std::size_t position_in(std::size_t part) const { return positions_[part]; }

 private:
  void run_part(std::size_t part);
  void run_branches();
  void issue(std::size_t part, std::size_t position);
  void note(const Operation& operation, bool answered);

  Variant variant_;
  std::unique_ptr<RuntimeUnderTest> runtime_;
  SpecMemo& memo_;
  Script script_;
  Capacity capacity_;
  Mode mode_ = Mode::Concurrent;
  bool notes_ = false;
  std::vector<std::vector<ActionId>> ids_;   // by part and position
  std::vector<std::size_t> threaded_parts_;  // the branches with actions
  std::vector<std::size_t> positions_;       // by part
  History history_;
  Snapshot final_;
  std::vector<Snapshot> after_each_;
  std::uint32_t events_ = 0;  // invocations and responses so far
  bool finished_ = false;
  bool alive_ = false;
};

/// How the explorer runs a variant.
[[nodiscard]] interleave::EngineOptions engine_options(const Variant& variant);

/// Every Name of a script is below these numbers, and it creates fewer of a kind than its number.
[[nodiscard]] Capacity capacity_of(const Script& script);

}  // namespace quiesce::refine
