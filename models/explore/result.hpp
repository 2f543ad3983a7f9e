// What a search is asked and what it answers: plain values, the same for every model.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace quiesce::explore {

/// Why a search ended. CheckpointRefused: one could not be written, or not be gone on from.
/// Sampled: all that was to be drawn was drawn, which is not every state.
enum class Ended : std::uint8_t {
  Complete,
  Violated,
  MemoryCeiling,
  Interrupted,
  CheckpointRefused,
  Sampled
};

/// How far a search is; handed to the caller's progress function from the calling thread.
struct Progress {
  std::uint64_t states = 0;
  std::uint64_t restored = 0;  ///< of the states: those that a --resume brought
  std::uint64_t expanded = 0;
  std::uint64_t expanded_in_this_run = 0;  ///< those before a --resume not counted
  std::optional<std::uint64_t> about_states =
      {};  ///< a guess at all there are, where one is worth it
  std::uint64_t transitions = 0;
  std::size_t level = 0;
  std::uint64_t frontier_states = 0;
  double seconds = 0;
  std::uint64_t memory_bytes = 0;
};

struct SearchOptions {
  unsigned threads = 1;
  std::uint64_t memory_ceiling_bytes = 0;  ///< 0: three quarters of this machine's memory
  bool deadlock_is_violation = true;
  bool keep_going = false;       ///< past violations, to the end of the space
  bool count_witnesses = false;  ///< count the states that show each, not only find the first
  bool want_example = false;     ///< a trace to the witness `example_of`, else to the deepest level
  std::optional<std::size_t> example_of;  ///< index into sometimes()
  bool exact = false;  ///< keep whole states of several words instead of their fingerprints
  std::chrono::milliseconds progress_every{1000};
  std::function<void(const Progress&)> progress;
  std::function<bool()> stop_requested;  ///< asked every few thousand states
  std::string identity;         ///< what is searched: a checkpoint of anything else is refused
  std::string checkpoint_path;  ///< empty: none is written
  std::chrono::milliseconds checkpoint_every{60'000};
  std::string resume_path;  ///< empty: from the initial state
  /// A folder for the log of states, which then needs no memory; empty: it stays in memory.
  std::string spill_folder;
};

/// One row of a counterexample: the step taken and the state it led to.
struct TraceStep {
  std::string action;  ///< empty for the initial state
  std::string step;
  std::string state;
  std::vector<std::pair<std::string, std::string>> variables;  ///< name and value in JSON
};

/// What was found to be wrong, with a shortest path to it.
struct Violation {
  std::string id;
  std::string sentence;
  std::string facts;  ///< the facts in words
  std::vector<TraceStep> trace;
  std::optional<std::size_t> loop{};  ///< of a lasso: after the last row it goes on as after this
  std::vector<std::string> notes{};   ///< of a lasso: why its cycle is fair
};

/// A reachability witness and the first level that showed it.
struct Witness {
  std::string id;
  std::string sentence;
  std::string beyond;  ///< why these bounds cannot show it; empty if they might
  std::optional<std::size_t> first_level;
  std::optional<std::uint64_t> states;  ///< that show it, if they were counted
};

/// A sentence of `always` that some state breaks, or `progress.no_deadlock`.
struct Broken {
  std::string id;
  std::size_t first_level = 0;
  std::uint64_t states = 0;  ///< that break it, as far as was explored
};

/// How often an action was refused by a guard.
struct Refusals {
  std::string action;
  std::string guard;
  std::uint64_t count = 0;
};

/// A shortest path to something worth showing that is not a violation.
struct Example {
  std::string of;
  std::vector<TraceStep> trace;
};

/// SearchResult says what was covered. Definitions:
///   distinct_states   states reached, the initial one included (orbits, under a symmetry)
///   transitions       ways in which an action fired in an expanded state, self loops and steps
///                     to states already known included; a checker that also counts the initial
///                     state as generated reports one more
///   levels            levels[d]: states whose shortest path from the initial state has d steps
///   actions           the transitions by action
///   graph             a digest of every step and refusal of every state (graph_digest.hpp); 0 of a
///                     reduced search and of samples, which leave steps out
///   terminal_states   states without successors; deadlocked: those that are not quiescent
/// No number depends on how many threads searched, except those of an interrupted search and
/// `seconds`, `memory_bytes`.
struct SearchResult {
  Ended ended = Ended::Complete;
  std::uint64_t distinct_states = 0;
  std::uint64_t restored_states = 0;  ///< of the distinct ones: those that a --resume brought
  std::uint64_t expanded_states = 0;
  std::uint64_t transitions = 0;
  std::optional<std::uint64_t> asleep_steps;  ///< not taken by a reduced search: they only commute
  std::vector<std::uint64_t> levels;
  std::vector<std::pair<std::string, std::uint64_t>> actions;
  std::uint64_t terminal_states = 0;
  std::uint64_t deadlocked_states = 0;
  std::uint64_t graph = 0;
  std::vector<Refusals> refusals;  ///< every pair that the model's semantics list
  std::vector<Witness> sometimes;
  std::vector<std::pair<std::string, std::string>> always;  ///< id and sentence
  std::vector<Broken> broken;                               ///< in the order of `always`
  std::optional<Violation> violation;  ///< the first of the first level that shows any
  std::optional<Example> example;
  bool exact = true;                 ///< false: states were told apart by 64-bit fingerprints
  double collision_probability = 0;  ///< an upper bound on the chance that a state was missed
  std::size_t state_bytes = 0;
  std::uint64_t memory_bytes = 0;
  double seconds = 0;   ///< of this run; a search that was resumed had others before
  std::string failure;  ///< the sentence of CheckpointRefused
};

}  // namespace quiesce::explore
