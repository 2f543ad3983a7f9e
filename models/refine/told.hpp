// Told: what an operation leaves to be done after its locks, and what the specification's step says
// that it leaves.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "spec/invariants.hpp"
#include "spec/vocabulary/names.hpp"
#include "spec/vocabulary/outcome.hpp"

namespace quiesce::refine {

/// One effect. The kinds stand in the order in which an operation must tell them.
struct Effect {
  enum class Kind : std::uint8_t { FinalizerStarted, TaskCancelled, JoinerWoken, ObligationLeaked };
  Kind kind{};
  bool recovered = false;       // a leak: Aborted(Error) instead of Leaked
  TaskName task{};              // that was started or cancelled; the joiner; the holder
  TaskName target{};            // of a joiner: whom it waited for
  ObligationName obligation{};  // of a leak
  Outcome outcome{};            // of the target
  friend bool operator==(const Effect&, const Effect&) = default;
};

/// The effects of one operation, sorted: lanes may be published in any order among themselves, and
/// so may wakes and news.
///   state    `fault` is a promise of the observer's that was broken while they were told, in
///            words; empty if none was
///   cost     most operations tell nothing, and take nothing from the heap
struct Told {
  std::vector<Effect> effects;
  std::string_view fault;
  friend bool operator==(const Told&, const Told&) = default;
};
void sort(Told& told);
/// "start t2, cancel t1, wake t1 for t0 Err, leak o0 of t0"; "nothing" if there is none.
[[nodiscard]] std::string to_text(const Told& told);

/// What a step of the specification leaves to be told.
///   state    finalizer tasks that are new; tasks that have their first reason; whoever waited for
///            the task that ended, with its outcome; what it still held and was not cancelled for,
///            unless leaks are met in silence
///   source   semantics, Lock order (mutate, publish lanes, wake); facts I32, I43
[[nodiscard]] Told told_by(const spec::Transition& transition);

}  // namespace quiesce::refine
