// The search: breadth first, level by level, on one core or two, over any Model.
#pragma once

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "impl/sync/native.hpp"
#include "impl/sync/require.hpp"
#include "models/explore/checkpoint.hpp"
#include "models/explore/described.hpp"
#include "models/explore/growth.hpp"
#include "models/explore/key_set.hpp"
#include "models/explore/model.hpp"
#include "models/explore/pages.hpp"
#include "models/explore/rendezvous.hpp"
#include "models/explore/result.hpp"
#include "models/explore/state_set.hpp"
#include "models/explore/trace.hpp"

namespace quiesce::explore {

/// Search walks every reachable state of a model.
///
/// The log holds the states in the order of discovery: it is the queue of the search, its levels
/// (for the shortest counterexample) and all that a checkpoint has to keep. A round expands a slice
/// of the current level on all threads; between rounds one thread appends what they found, grows
/// the visited set and looks at the clock, the memory and the caller. A level that shows a
/// violation is finished, so that the answer does not depend on who got there first.
/// The visited set is a KeySet (exact for one word, else fingerprints) or a StateSet (exact).
///   cost     Set::slot_bytes / load for a state in the set, load 0.37 to 0.75; sizeof(State) in
///            the log
template <Model M, class Set>
class Search {
 public:
  using State = typename M::State;
  static constexpr std::size_t words = std::tuple_size_v<State>;
  static constexpr bool exact = words == 1 || !std::is_same_v<Set, KeySet>;

  Search(const M& model, const SearchOptions& options)
      : model_(model),
        options_(options),
        max_successors_(std::max<std::size_t>(model.max_successors(), 1)),
        ceiling_bytes_(options.memory_ceiling_bytes != 0 ? options.memory_ceiling_bytes
                                                         : default_memory_ceiling()),
        all_witnesses_(low_bits(model.sometimes().size())) {}

  [[nodiscard]] SearchResult run();

 private:
  struct Pending {
    std::uint64_t key;
    State state;
  };
  struct Bad {
    std::size_t fact;  ///< index into always(); one past the last: a deadlock
    State state;
    friend bool operator<(const Bad& a, const Bad& b) {
      return a.fact != b.fact ? a.fact < b.fact : a.state < b.state;
    }
  };
  /// What one thread collects during a round; the leader takes it between rounds.
  struct alignas(64) Worker {
    std::vector<Pending> pending;
    std::size_t pending_count = 0;
    PageArray<State> found;
    std::vector<std::uint64_t> fired;
    std::vector<std::uint64_t> refused;
    std::vector<std::uint64_t> shown;
    std::vector<std::uint64_t> broke;
    std::uint64_t terminal = 0;
    std::uint64_t deadlocked = 0;
    std::uint64_t witnessed = 0;
    std::optional<Bad> bad;
    std::optional<State> example;  ///< the least that shows what an example is wanted of
  };

  static constexpr std::size_t batch = 96;         ///< keys in flight before the first is looked up
  static constexpr std::size_t chunk = 128;        ///< states a thread takes at a time
  static constexpr std::size_t alone_below = 512;  ///< rounds too short to share
  static constexpr unsigned first_log2_slots = 16;

  static constexpr std::uint64_t low_bits(std::size_t count) {
    return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
  }
  bool prepare();
  bool start();
  void resume();
  bool save();
  void search_levels();
  bool make_room();
  std::size_t next_slice() const;
  void expand_slice(std::size_t count);
  void serve(Worker& worker);
  template <bool shared>
  void expand_chunks(Worker& worker);
  void expand(Worker& worker, const State& state);
  [[nodiscard]] typename M::Facts facts_of(const State& state) const {
    if constexpr (requires { model_.inspect(state, std::uint64_t{}); }) {
      return model_.inspect(state, options_.count_witnesses ? 0 : covered_.witnessed);
    } else {
      return model_.inspect(state);
    }
  }
  template <bool shared>
  void flush(Worker& worker);
  void consider(Worker& worker, std::uint64_t broken, const State& state);
  [[nodiscard]] std::size_t first_bad_level() const;
  void note_witnesses(Worker& worker, const State& state, std::uint64_t witnessed);
  void collect();
  void take_example(Worker& worker);
  bool end_level();
  void report_progress();
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  }
  [[nodiscard]] bool spills() const { return !options_.spill_folder.empty(); }
  /// What a state of the log takes of the memory that the ceiling is about.
  [[nodiscard]] std::size_t logged_bytes() const { return spills() ? 0 : sizeof(State); }
  [[nodiscard]] std::uint64_t memory_bytes() const;
  SearchResult result() const;
  [[nodiscard]] std::optional<Example> example() const;
  [[nodiscard]] std::vector<TraceStep> path_to(const std::vector<std::size_t>& levels,
                                               const State& last) const {
    return replay(model_, shortest_path(model_, log_, levels, last)).rows;
  }

  const M& model_;
  const SearchOptions& options_;
  const std::size_t max_successors_;
  const std::uint64_t ceiling_bytes_;
  const std::uint64_t all_witnesses_;

  Set visited_;
  PageArray<State> log_;
  Covered covered_;
  std::optional<Bad> bad_;
  std::optional<State> example_;
  std::size_t example_level_ = 0;
  Ended ended_ = Ended::Complete;
  std::string failure_;

  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<Rendezvous> rendezvous_;
  Native::Atomic<std::size_t> cursor_{0, DataInfo{"next state of the slice"}};
  const State* slice_ = nullptr;
  std::size_t slice_states_ = 0;
  bool finished_ = false;
  std::size_t resumed_at_ = 0;  ///< states that were expanded before this run
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point reported_;
  std::chrono::steady_clock::time_point saved_;
};

/// Explores `model` to the end, or to the first level with a violation if it is not to keep going,
/// the ceiling or a stop.
template <Model M>
[[nodiscard]] SearchResult search(const M& model, const SearchOptions& options) {
  constexpr std::size_t words = std::tuple_size_v<typename M::State>;
  if constexpr (words > 1) {
    if (options.exact) return Search<M, StateSet<words>>(model, options).run();
  }
  return Search<M, KeySet>(model, options).run();
}

template <Model M, class Set>
SearchResult Search<M, Set>::run() {
  started_ = reported_ = std::chrono::steady_clock::now();
  saved_ = started_;
  if (!prepare()) {
    ended_ = Ended::MemoryCeiling;
  } else if (spills() && !log_.keep_in(options_.spill_folder)) {
    failure_ = "--spill: no file can be made in '" + options_.spill_folder + "'";
    ended_ = Ended::CheckpointRefused;
  } else if (options_.resume_path.empty()) {
    if (!start()) ended_ = Ended::MemoryCeiling;
  } else {
    resume();
  }
  if (ended_ != Ended::Complete) return result();
  std::vector<std::unique_ptr<Native::Thread>> helpers;
  for (std::size_t i = 1; i < workers_.size(); ++i) {
    Worker& worker = *workers_[i];
    helpers.push_back(std::make_unique<Native::Thread>([this, &worker] { serve(worker); }));
  }
  search_levels();
  const bool early = ended_ == Ended::Interrupted || ended_ == Ended::MemoryCeiling;
  const std::string reason = failure_;
  if (early && !options_.checkpoint_path.empty()) (void)save();
  if (failure_.empty()) failure_ = reason;
  finished_ = true;
  if (rendezvous_) rendezvous_->meet();
  for (auto& helper : helpers) helper->join();
  return result();
}

/// The buffers of a round are as large as a round can need, so that no thread allocates in one.
template <Model M, class Set>
bool Search<M, Set>::prepare() {
  const unsigned threads = std::max(options_.threads, 1U);
  const std::size_t actions = model_.actions().size();
  covered_.fired.assign(actions, 0);
  covered_.witness_levels.assign(model_.sometimes().size(), 0);
  covered_.broke.assign(model_.always().size() + 1, 0);
  covered_.broken_levels.assign(model_.always().size() + 1, 0);
  covered_.shown.assign(options_.count_witnesses ? model_.sometimes().size() : 0, 0);
  if constexpr (counts_refusals<M>) covered_.refused.assign(model_.refusals().size(), 0);
  for (unsigned i = 0; i < threads; ++i) {
    auto worker = std::make_unique<Worker>();
    worker->pending.resize(batch + max_successors_);
    worker->fired.assign(actions, 0);
    worker->refused.assign(covered_.refused.size(), 0);
    worker->shown.assign(covered_.shown.size(), 0);
    worker->broke.assign(covered_.broke.size(), 0);
    workers_.push_back(std::move(worker));
  }
  if (threads > 1) rendezvous_ = std::make_unique<Rendezvous>(threads);
  return visited_.grow_to(first_log2_slots);
}

template <Model M, class Set>
bool Search<M, Set>::start() {
  const State first = model_.initial();
  if (!log_.reserve(1)) return false;
  (void)visited_.template insert<false>(key_of(first), first);
  log_.append_unchecked(first);
  covered_.level_starts = {0};
  covered_.level_end = 1;
  return true;
}

/// Goes on where a checkpoint was taken: the log is read, the visited set is filled from it.
template <Model M, class Set>
void Search<M, Set>::resume() {
  const auto refuse = [this](std::string sentence) {
    failure_ = std::move(sentence);
    ended_ = Ended::CheckpointRefused;
  };
  CheckpointReader reader;
  std::string failure = reader.open(options_.resume_path, options_.identity);
  if (!failure.empty()) return refuse(std::move(failure));
  const std::uint64_t states = reader.log_bytes() / sizeof(State);
  if (states == 0 || reader.log_bytes() % sizeof(State) != 0 ||
      !covered_.adopt(reader.numbers(), states, words)) {
    return refuse(reader.corrupt("its numbers do not fit its log"));
  }
  unsigned log2_slots = visited_.log2_slots();
  while ((std::uint64_t{1} << log2_slots) / 4 * 3 < states) ++log2_slots;
  const std::uint64_t bytes =
      (std::uint64_t{Set::slot_bytes} << log2_slots) + states * logged_bytes();
  if (bytes > ceiling_bytes_ || !log_.reserve(states) || !visited_.grow_to(log2_slots)) {
    covered_ = Covered{};
    ended_ = Ended::MemoryCeiling;
    return;
  }
  failure = reader.read_log(log_.data());
  if (!failure.empty()) return refuse(std::move(failure));
  log_.resize_reserved(states);
  if (log_[0] != model_.initial()) return refuse(reader.corrupt("it begins in another state"));
  for (std::size_t i = 0; i < states; ++i) {
    if (!visited_.template insert<false>(key_of(log_[i]), log_[i])) {
      return refuse(reader.corrupt("a state occurs twice"));
    }
  }
  resumed_at_ = covered_.expanded;
  if (!covered_.worst.empty()) {
    bad_ = Bad{covered_.worst[0], State{}};
    std::copy(covered_.worst.begin() + 1, covered_.worst.end(), bad_->state.begin());
  }
}

/// Called between rounds, when the log and the counts agree.
template <Model M, class Set>
bool Search<M, Set>::save() {
  covered_.worst.clear();
  if (bad_) {
    covered_.worst.push_back(bad_->fact);
    covered_.worst.insert(covered_.worst.end(), bad_->state.begin(), bad_->state.end());
  }
  failure_ = save_checkpoint(options_.checkpoint_path, options_.identity, covered_,
                             std::as_bytes(std::span(log_.data(), log_.size())));
  saved_ = std::chrono::steady_clock::now();
  if (failure_.empty()) return true;
  ended_ = Ended::CheckpointRefused;
  return false;
}

template <Model M, class Set>
void Search<M, Set>::search_levels() {
  for (;;) {
    while (covered_.expanded < covered_.level_end) {
      if (options_.stop_requested && options_.stop_requested()) {
        ended_ = Ended::Interrupted;
        return;
      }
      if (!make_room()) {
        ended_ = Ended::MemoryCeiling;
        return;
      }
      expand_slice(next_slice());
      collect();
      report_progress();
      const bool due = std::chrono::steady_clock::now() - saved_ >= options_.checkpoint_every;
      if (!options_.checkpoint_path.empty() && due && !save()) return;
    }
    if (!end_level()) return;
  }
}

/// A slice's successors fill at most a sixteenth of the visited set, and about a million places.
template <Model M, class Set>
std::size_t Search<M, Set>::next_slice() const {
  const std::size_t places = std::min(visited_.slots() / 16, std::size_t{1} << 20);
  const std::size_t most = std::max<std::size_t>(places / max_successors_, 1);
  return std::min(most, covered_.level_end - covered_.expanded);
}

/// Makes room for whatever the next slice can find: at most 3 of 4 slots are ever used.
template <Model M, class Set>
bool Search<M, Set>::make_room() {
  const auto most_found = [this] { return next_slice() * max_successors_; };
  const auto crowded = [&] { return log_.size() + most_found() > visited_.slots() / 4 * 3; };
  while (crowded()) {
    const unsigned log2_slots = visited_.log2_slots() + (visited_.log2_slots() < 21 ? 2 : 1);
    const std::uint64_t new_bytes = std::uint64_t{Set::slot_bytes} << log2_slots;
    if (memory_bytes() + new_bytes > ceiling_bytes_) return false;
    if (!visited_.grow_to(log2_slots)) return false;
  }
  if (memory_bytes() + most_found() * logged_bytes() > ceiling_bytes_) return false;
  if (!log_.reserve(log_.size() + most_found())) {
    if (spills())
      failure_ = "--spill: the disk of '" + options_.spill_folder + "' has no room for the states";
    return false;
  }
  for (auto& worker : workers_) {
    if (!worker->found.reserve(most_found())) return false;
  }
  return true;
}

template <Model M, class Set>
void Search<M, Set>::expand_slice(std::size_t count) {
  slice_ = log_.data() + covered_.expanded;
  slice_states_ = count;
  cursor_.store(0, std::memory_order_relaxed);  // published by the rendezvous
  if (workers_.size() == 1 || count < alone_below) {
    expand_chunks<false>(*workers_[0]);
  } else {
    rendezvous_->meet();
    expand_chunks<true>(*workers_[0]);
    rendezvous_->meet();
  }
  covered_.expanded += count;
}

/// The life of every thread but the first: a slice after each first meeting, until the end.
template <Model M, class Set>
void Search<M, Set>::serve(Worker& worker) {
  for (;;) {
    rendezvous_->meet();
    if (finished_) return;
    expand_chunks<true>(worker);
    rendezvous_->meet();
  }
}

template <Model M, class Set>
template <bool shared>
void Search<M, Set>::expand_chunks(Worker& worker) {
  for (;;) {
    // Relaxed: the counter hands out numbers and publishes nothing.
    const std::size_t begin = cursor_.fetch_add(chunk, std::memory_order_relaxed);
    if (begin >= slice_states_) break;
    const std::size_t end = std::min(begin + chunk, slice_states_);
    for (std::size_t i = begin; i < end; ++i) {
      expand(worker, slice_[i]);
      if (worker.pending_count >= batch) flush<shared>(worker);
    }
  }
  flush<shared>(worker);
}

template <Model M, class Set>
void Search<M, Set>::expand(Worker& worker, const State& state) {
  const typename M::Facts facts = facts_of(state);
  if (const std::uint64_t broken = model_.violated(state, facts); broken != 0) [[unlikely]] {
    consider(worker, broken, state);
  }
  if (options_.count_witnesses || covered_.witnessed != all_witnesses_)
    note_witnesses(worker, state, model_.witnessed(state, facts));
  if constexpr (counts_refusals<M>) {
    model_.for_each_refusal(facts, [&](std::size_t cell) { ++worker.refused[cell]; });
  }

  const std::size_t before = worker.pending_count;
  std::size_t count = before;
  const std::size_t most = before + max_successors_;
  Pending* const pending = worker.pending.data();
  std::uint64_t* const fired = worker.fired.data();
  model_.successors(state, facts, [&](std::size_t action, const State& next) {
    if (count == most) [[unlikely]]
      programmer_error("a state has at most max_successors steps");
    ++fired[action];
    const std::uint64_t key = key_of(next);
    visited_.prefetch(key);
    pending[count++] = Pending{key, next};
  });
  worker.pending_count = count;
  if (count != before) return;
  ++worker.terminal;
  if (model_.is_quiescent(state, facts)) return;
  ++worker.deadlocked;
  if (options_.deadlock_is_violation)
    consider(worker, std::uint64_t{1} << model_.always().size(), state);
}

template <Model M, class Set>
template <bool shared>
void Search<M, Set>::flush(Worker& worker) {
  const Pending* const pending = worker.pending.data();
  for (std::size_t i = 0; i < worker.pending_count; ++i) {
    if (visited_.template insert<shared>(pending[i].key, pending[i].state)) {
      worker.found.append_unchecked(pending[i].state);
    }
  }
  worker.pending_count = 0;
}

/// Of all that is wrong in a level the least is reported: whoever finds it, it is the same.
template <Model M, class Set>
void Search<M, Set>::consider(Worker& worker, std::uint64_t broken, const State& state) {
  for (std::uint64_t left = broken; left != 0; left &= left - 1)
    ++worker.broke[static_cast<std::size_t>(std::countr_zero(left))];
  const Bad bad{static_cast<std::size_t>(std::countr_zero(broken)), state};
  if (!worker.bad || bad < *worker.bad) worker.bad = bad;
}

template <Model M, class Set>
void Search<M, Set>::note_witnesses(Worker& worker, const State& state, std::uint64_t witnessed) {
  worker.witnessed |= witnessed;
  for (std::size_t i = 0; i < worker.shown.size(); ++i) worker.shown[i] += witnessed >> i & 1U;
  if (!options_.example_of || (witnessed >> *options_.example_of & 1U) == 0) return;
  if (!worker.example || state < *worker.example) worker.example = state;
}

template <Model M, class Set>
void Search<M, Set>::collect() {
  std::uint64_t witnessed = 0;
  const std::size_t level = covered_.level_starts.size() - 1;
  const bool first_bad = first_bad_level() >= level;
  for (auto& worker : workers_) {
    log_.append_unchecked(worker->found.data(), worker->found.size());
    worker->found.clear();
    const auto take_counts = [](std::vector<std::uint64_t>& to, std::vector<std::uint64_t>& from) {
      for (std::size_t i = 0; i < to.size(); ++i) to[i] += std::exchange(from[i], 0);
    };
    take_counts(covered_.fired, worker->fired);
    take_counts(covered_.refused, worker->refused);
    take_counts(covered_.shown, worker->shown);
    covered_.terminal += std::exchange(worker->terminal, 0);
    covered_.deadlocked += std::exchange(worker->deadlocked, 0);
    witnessed |= std::exchange(worker->witnessed, 0);
    for (std::size_t i = 0; i < worker->broke.size(); ++i) {
      if (worker->broke[i] != 0 && covered_.broke[i] == 0) covered_.broken_levels[i] = level;
    }
    take_counts(covered_.broke, worker->broke);
    if (first_bad && worker->bad && (!bad_ || *worker->bad < *bad_)) bad_ = worker->bad;
    worker->bad.reset();
    take_example(*worker);
  }
  for (std::size_t i = 0; i < covered_.witness_levels.size(); ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    if ((witnessed & ~covered_.witnessed & bit) != 0) covered_.witness_levels[i] = level;
  }
  covered_.witnessed |= witnessed;
}

/// The level of what is worst so far: what is found later is only counted.
template <Model M, class Set>
std::size_t Search<M, Set>::first_bad_level() const {
  std::size_t first = covered_.level_starts.size() - 1;
  for (std::size_t i = 0; i < covered_.broke.size(); ++i) {
    if (covered_.broke[i] != 0) first = std::min<std::size_t>(first, covered_.broken_levels[i]);
  }
  return first;
}

/// A shortest path to the witness that was asked for, or else to the least state of the last level.
template <Model M, class Set>
std::optional<Example> Search<M, Set>::example() const {
  std::vector<std::size_t> levels(covered_.level_starts.begin(), covered_.level_starts.end());
  if (options_.example_of) {
    if (!example_) return std::nullopt;
    levels.resize(example_level_ + 1);
    const Fact& fact = model_.sometimes()[*options_.example_of];
    return Example{std::string(fact.id) + ": " + std::string(fact.sentence),
                   path_to(levels, *example_)};
  }
  const State* const begin = log_.data() + levels.back();
  const State& last = *std::min_element(begin, log_.data() + covered_.level_end);
  return Example{"a state of the deepest level", path_to(levels, last)};
}

/// The first level that has an example decides, and of its states the least.
template <Model M, class Set>
void Search<M, Set>::take_example(Worker& worker) {
  const std::size_t level = covered_.level_starts.size() - 1;
  if (worker.example && (!example_ || example_level_ == level) &&
      (!example_ || *worker.example < *example_)) {
    example_ = worker.example;
    example_level_ = level;
  }
  worker.example.reset();
}

/// False when there is no next level, or none is wanted.
template <Model M, class Set>
bool Search<M, Set>::end_level() {
  if (bad_ && !options_.keep_going) {
    ended_ = Ended::Violated;
    return false;
  }
  if (log_.size() == covered_.level_end) return false;
  covered_.level_starts.push_back(covered_.level_end);
  covered_.level_end = log_.size();
  return true;
}

template <Model M, class Set>
void Search<M, Set>::report_progress() {
  if (!options_.progress) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - reported_ < options_.progress_every) return;
  reported_ = now;
  Progress progress;
  progress.states = log_.size();
  progress.expanded = covered_.expanded;
  progress.expanded_in_this_run = covered_.expanded - resumed_at_;
  if (const auto total = about_total(level_sizes(covered_)))
    progress.about_states = static_cast<std::uint64_t>(*total);
  for (const std::uint64_t count : covered_.fired) progress.transitions += count;
  progress.level = covered_.level_starts.size() - 1;
  progress.frontier_states = log_.size() - covered_.expanded;
  progress.seconds = seconds();
  progress.memory_bytes = memory_bytes();
  options_.progress(progress);
}

template <Model M, class Set>
std::uint64_t Search<M, Set>::memory_bytes() const {
  return visited_.slots() * Set::slot_bytes + log_.size() * logged_bytes();
}

template <Model M, class Set>
SearchResult Search<M, Set>::result() const {
  SearchResult result = described(model_, covered_, log_.size());
  result.ended = ended_;
  result.exact = exact;
  if (!result.exact) {
    const auto states = static_cast<double>(log_.size());
    result.collision_probability = states * states / 0x1p65;
  }
  result.state_bytes = sizeof(State);
  result.memory_bytes = memory_bytes();
  result.seconds = seconds();
  result.failure = failure_;
  const bool wanted = ended_ == Ended::Violated || options_.keep_going;
  if (bad_ && wanted && ended_ != Ended::CheckpointRefused) {
    std::vector<std::size_t> levels(covered_.level_starts.begin(), covered_.level_starts.end());
    levels.resize(first_bad_level() + 1);
    result.violation = explain(model_, log_, levels, bad_->fact, bad_->state);
  }
  if (ended_ == Ended::Complete && !bad_ && options_.want_example) result.example = example();
  return result;
}

}  // namespace quiesce::explore
