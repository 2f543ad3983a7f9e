// `quiesce explore`: from parsed arguments to a table, a JSON file and an exit code.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>

namespace quiesce::explore {

/// The arguments of `quiesce explore`, as numbers and words; nothing is checked yet.
struct ExploreArguments {
  std::string model;  ///< empty: the default set of the manifest
  std::map<std::string, std::int64_t, std::less<>> bounds;  ///< by flag; else the model's own
  std::map<std::string, std::string, std::less<>> choices;  ///< by flag; else the model's first
  std::string symmetry;                 ///< kinds separated by commas; empty: none
  std::optional<std::int64_t> threads;  ///< not given: the cores of this machine, at most 16
  std::optional<std::int64_t> memory_ceiling_bytes;  ///< not given: three quarters of the memory
  bool reduce = false;                               ///< of steps that only commute one order
  bool exact = false;  ///< whole states instead of fingerprints where a state needs several words
  bool keep_going = false;       ///< past violations, to the end of the space
  bool count_witnesses = false;  ///< how many states show each `sometimes`
  std::string json_path;         ///< empty: no file
  std::string dot_path;          ///< empty: no file
  std::string itf_path;          ///< empty: no file
  std::string witness;           ///< whose trace --itf writes; empty: the deepest level's
  bool progress = false;         ///< whether what waits comes to its end, too
  std::string unfair;            ///< kinds of fairness not to assume, with commas; empty: none
  bool fair_together = false;    ///< `progress` assumes only that something happens
  bool on_terminal = false;      ///< the progress line is rewritten in place
  std::int64_t progress_milliseconds = 1000;
  std::string checkpoint_path;                     ///< empty: none; written on an early end, too
  std::optional<std::int64_t> checkpoint_seconds;  ///< between two checkpoints; not given: 60
  std::string resume_path;                         ///< a checkpoint to go on from; empty: none
  std::string spill_folder;                        ///< where the log of states goes; empty: nowhere
  std::string sources;                             ///< a digest: a checkpoint of others is refused
  std::function<bool()> stop_requested;  ///< asked every few thousand states; may be empty
};

/// Runs the search and writes the table to `out`, progress and errors to `err`. Returns
///   0  every reachable state was explored and keeps every invariant; or every entry of the
///      manifest came out as pinned
///   1  an invariant is broken, or a state without successors is not quiescent, even if the search
///      went on, or with `progress` something waits for ever; or an entry differs
///   2  an argument is wrong, the JSON file cannot be written, or the search ended early (memory
///      ceiling, interrupt): what was found so far is reported all the same
int explore_command(const ExploreArguments& arguments, std::ostream& out, std::ostream& err);

}  // namespace quiesce::explore
