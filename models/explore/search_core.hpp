// The search without its model's type: levels, rounds, threads, memory, checkpoints, results.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/explore/checkpoint.hpp"
#include "models/explore/model_view.hpp"
#include "models/explore/pages.hpp"
#include "models/explore/result.hpp"

namespace quiesce::explore {

/// SearchCore walks every reachable state of a model; Search adds what has to be fast, which is to
/// expand a state and to look its successors up.
///
/// The log holds the states in the order of discovery: it is the queue of the search, its levels
/// (for the shortest counterexample) and all that a checkpoint has to keep. A round expands a slice
/// of the current level on all threads; between rounds one thread appends what they found, grows
/// the visited set and looks at the clock, the memory and the caller. A level that shows a
/// violation is finished, so that the answer does not depend on who got there first.
///   cost     a state's bytes in the log; one virtual call a slice and thread
class SearchCore {
 public:
  virtual ~SearchCore();
  SearchCore(const SearchCore&) = delete;
  SearchCore& operator=(const SearchCore&) = delete;

  [[nodiscard]] SearchResult run();

 protected:
  struct Bad {
    std::size_t fact;  ///< index into always(); one past the last: a deadlock
    KeptState state;
    friend bool operator<(const Bad& a, const Bad& b) {
      return a.fact != b.fact ? a.fact < b.fact : a.state < b.state;
    }
  };
  /// What one thread collects during a round; the leader takes it between rounds.
  struct alignas(64) Worker {
    std::vector<std::uint64_t> pending;  ///< key and state, each one `stride` words
    std::size_t pending_count = 0;
    PageArray<std::uint64_t> found;
    std::vector<std::uint64_t> fired;
    std::vector<std::uint64_t> refused;
    std::vector<std::uint64_t> shown;
    std::vector<std::uint64_t> broke;
    std::uint64_t terminal = 0;
    std::uint64_t deadlocked = 0;
    std::uint64_t graph = 0;
    FactSet witnessed;
    std::optional<Bad> bad;
    std::optional<KeptState> example;  ///< the least that shows what an example is wanted of
  };
  /// What the search needs to know of the visited set.
  struct SetTraits {
    std::size_t slot_bytes;
    bool exact;  ///< false: states with the same key are taken for the same
  };

  static constexpr std::size_t batch = 96;  ///< keys in flight before the first is looked up

  SearchCore(const ModelView& model, std::size_t max_successors, const SearchOptions& options,
             SetTraits set);

  // The visited set.
  [[nodiscard]] virtual bool grow_set(unsigned log2_slots) = 0;
  [[nodiscard]] virtual std::size_t set_slots() const = 0;
  [[nodiscard]] virtual unsigned set_log2_slots() const = 0;
  /// True when the state was not in the set; no other thread inserts.
  [[nodiscard]] virtual bool insert_alone(StateWords state) = 0;
  /// Expands what `next_chunk` gives until it gives nothing, and adds what is new to what was
  /// found.
  ///   state    `shared`: other threads do the same
  virtual void expand_chunks(Worker& worker, bool shared) = 0;

  /// States of the slice that nobody else expands: the words of `count` states.
  struct Chunk {
    const std::uint64_t* states = nullptr;
    std::size_t count = 0;
  };
  [[nodiscard]] Chunk next_chunk();

  void consider(Worker& worker, const FactSet& broken, StateWords state) const;
  void note_witnesses(Worker& worker, StateWords state, const FactSet& witnessed) const {
    worker.witnessed |= witnessed;
    if (looks_closer_) [[unlikely]]
      count_witnesses(worker, state, witnessed);
  }
  /// A state without successors: a deadlock if it is not quiescent.
  void note_end(Worker& worker, StateWords state, bool is_quiescent) const;
  [[nodiscard]] std::size_t max_successors() const { return max_successors_; }
  /// The witnesses that need not be looked for any more.
  [[nodiscard]] FactSet witnesses_seen() const {
    return options_.count_witnesses ? FactSet{} : covered_.witnessed;
  }
  /// Some witness has to be looked for in this slice.
  [[nodiscard]] bool wants_witnesses() const { return wants_witnesses_; }

 private:
  static constexpr std::size_t chunk = 128;        ///< states a thread takes at a time
  static constexpr std::size_t alone_below = 512;  ///< rounds too short to share
  static constexpr unsigned first_log2_slots = 16;

  bool prepare();
  bool start();
  void resume();
  bool save();
  void search_levels();
  bool make_room();
  [[nodiscard]] std::size_t next_slice() const;
  void expand_slice(std::size_t count);
  void serve(Worker& worker);
  void count_witnesses(Worker& worker, StateWords state, const FactSet& witnessed) const;
  [[nodiscard]] std::size_t first_bad_level() const;
  void collect();
  void take_example(Worker& worker);
  bool end_level();
  void report_progress();
  [[nodiscard]] double seconds() const;
  [[nodiscard]] bool spills() const { return !options_.spill_folder.empty(); }
  [[nodiscard]] std::size_t state_bytes() const { return words_ * sizeof(std::uint64_t); }
  /// What a state of the log takes of the memory that the ceiling is about.
  [[nodiscard]] std::size_t logged_bytes() const { return spills() ? 0 : state_bytes(); }
  [[nodiscard]] std::uint64_t memory_bytes() const;
  [[nodiscard]] std::uint64_t states() const { return log_.size() / words_; }
  [[nodiscard]] StatesInOrder log() const { return {log_.data(), words_}; }
  [[nodiscard]] SearchResult result() const;
  [[nodiscard]] std::optional<Example> example() const;
  [[nodiscard]] std::vector<TraceStep> path_to(const std::vector<std::size_t>& levels,
                                               StateWords last) const;

  const ModelView& model_;
  const SearchOptions& options_;
  const std::size_t words_;
  const SetTraits set_;
  const std::size_t max_successors_;
  const std::uint64_t ceiling_bytes_;
  const bool looks_closer_;  ///< at witnesses: their states are counted, or one is wanted

  PageArray<std::uint64_t> log_;
  Covered covered_;
  FactSet all_witnesses_;
  std::optional<Bad> bad_;
  std::optional<KeptState> example_;
  std::size_t example_level_ = 0;
  Ended ended_ = Ended::Complete;
  std::string failure_;

  std::vector<std::unique_ptr<Worker>> workers_;
  struct Team;
  std::unique_ptr<Team> team_;  ///< how the threads take turns
  const std::uint64_t* slice_ = nullptr;
  std::size_t slice_states_ = 0;
  bool wants_witnesses_ = true;
  bool finished_ = false;
  std::size_t resumed_at_ = 0;  ///< states that were expanded before this run
  std::uint64_t restored_ = 0;  ///< states that were found before this run
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point reported_;
  std::chrono::steady_clock::time_point saved_;
};

}  // namespace quiesce::explore
