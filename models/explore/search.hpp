// The search: breadth first, level by level, on one core or two, over any Model.
#pragma once

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "impl/sync/native.hpp"
#include "models/explore/key_set.hpp"
#include "models/explore/model.hpp"
#include "models/explore/pages.hpp"
#include "models/explore/rendezvous.hpp"
#include "models/explore/result.hpp"
#include "models/explore/trace.hpp"

namespace quiesce::explore {

/// Search walks every reachable state of a model.
///
/// The log holds the states in the order of discovery: it is the queue of the search, its levels
/// (for the shortest counterexample) and all that a checkpoint has to keep. A round expands a slice
/// of the current level on all threads; between rounds one thread appends what they found, grows
/// the visited set and looks at the clock, the memory and the caller. A level that shows a
/// violation is finished, so that the answer does not depend on who got there first.
///   cost     8 / load bytes a state for the visited set, sizeof(State) for the log
template <Model M>
class Search {
 public:
  using State = typename M::State;
  static constexpr std::size_t words = std::tuple_size_v<State>;

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
    std::uint64_t terminal = 0;
    std::uint64_t deadlocked = 0;
    std::uint64_t witnessed = 0;
    std::optional<Bad> bad;
  };

  static constexpr std::size_t batch = 96;         ///< keys in flight before the first is looked up
  static constexpr std::size_t chunk = 128;        ///< states a thread takes at a time
  static constexpr std::size_t alone_below = 512;  ///< rounds too short to share
  static constexpr unsigned first_log2_slots = 16;

  static constexpr std::uint64_t low_bits(std::size_t count) {
    return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
  }
  [[nodiscard]] std::size_t level_begin() const { return level_starts_.back(); }

  bool prepare();
  bool start();
  void search_levels();
  bool make_room();
  std::size_t next_slice() const;
  void expand_slice(std::size_t count);
  void serve(Worker& worker);
  template <bool shared>
  void expand_chunks(Worker& worker);
  void expand(Worker& worker, const State& state);
  template <bool shared>
  void flush(Worker& worker);
  void consider(Worker& worker, std::size_t fact, const State& state);
  void collect();
  bool end_level();
  void report_progress();
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  }
  [[nodiscard]] std::uint64_t memory_bytes() const;
  SearchResult result() const;

  const M& model_;
  const SearchOptions& options_;
  const std::size_t max_successors_;
  const std::uint64_t ceiling_bytes_;
  const std::uint64_t all_witnesses_;

  KeySet visited_;
  PageArray<State> log_;
  std::vector<std::size_t> level_starts_;
  std::size_t expanded_ = 0;   ///< log_[0, expanded_) has been expanded
  std::size_t level_end_ = 0;  ///< log_[level_begin, level_end_) is the current level
  std::vector<std::uint64_t> fired_;
  std::uint64_t terminal_ = 0;
  std::uint64_t deadlocked_ = 0;
  std::uint64_t witnessed_ = 0;
  std::vector<std::size_t> witness_levels_;
  std::optional<Bad> bad_;
  Ended ended_ = Ended::Complete;

  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<Rendezvous> rendezvous_;
  Native::Atomic<std::size_t> cursor_{0, DataInfo{"next state of the slice"}};
  const State* slice_ = nullptr;
  std::size_t slice_states_ = 0;
  bool finished_ = false;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point reported_;
};

/// Explores `model` to the end, or to the first level with a violation, the ceiling or a stop.
template <Model M>
[[nodiscard]] SearchResult search(const M& model, const SearchOptions& options) {
  return Search<M>(model, options).run();
}

template <Model M>
SearchResult Search<M>::run() {
  started_ = reported_ = std::chrono::steady_clock::now();
  if (!prepare() || !start()) {
    ended_ = Ended::MemoryCeiling;
    return result();
  }
  std::vector<std::unique_ptr<Native::Thread>> helpers;
  for (std::size_t i = 1; i < workers_.size(); ++i) {
    Worker& worker = *workers_[i];
    helpers.push_back(std::make_unique<Native::Thread>([this, &worker] { serve(worker); }));
  }
  search_levels();
  finished_ = true;
  if (rendezvous_) rendezvous_->meet();
  for (auto& helper : helpers) helper->join();
  return result();
}

/// The buffers of a round are as large as a round can need, so that no thread allocates in one.
template <Model M>
bool Search<M>::prepare() {
  const unsigned threads = std::max(options_.threads, 1U);
  const std::size_t actions = model_.actions().size();
  fired_.assign(actions, 0);
  witness_levels_.assign(model_.sometimes().size(), 0);
  for (unsigned i = 0; i < threads; ++i) {
    auto worker = std::make_unique<Worker>();
    worker->pending.resize(batch + max_successors_);
    worker->fired.assign(actions, 0);
    workers_.push_back(std::move(worker));
  }
  if (threads > 1) rendezvous_ = std::make_unique<Rendezvous>(threads);
  return visited_.grow_to(first_log2_slots);
}

template <Model M>
bool Search<M>::start() {
  const State first = model_.initial();
  if (!log_.reserve(1)) return false;
  (void)visited_.template insert<false>(key_of(first));
  log_.append_unchecked(first);
  level_starts_ = {0};
  level_end_ = 1;
  return true;
}

template <Model M>
void Search<M>::search_levels() {
  for (;;) {
    while (expanded_ < level_end_) {
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
    }
    if (!end_level()) return;
  }
}

/// A slice's successors fill at most a sixteenth of the visited set, and about a million places.
template <Model M>
std::size_t Search<M>::next_slice() const {
  const std::size_t places = std::min(visited_.slots() / 16, std::size_t{1} << 20);
  const std::size_t most = std::max<std::size_t>(places / max_successors_, 1);
  return std::min(most, level_end_ - expanded_);
}

/// Makes room for whatever the next slice can find: at most 3 of 4 slots are ever used.
template <Model M>
bool Search<M>::make_room() {
  const auto most_found = [this] { return next_slice() * max_successors_; };
  const auto crowded = [&] { return log_.size() + most_found() > visited_.slots() / 4 * 3; };
  while (crowded()) {
    const unsigned log2_slots = visited_.log2_slots() + (visited_.log2_slots() < 21 ? 2 : 1);
    const std::uint64_t new_bytes = std::uint64_t{8} << log2_slots;
    if (memory_bytes() + new_bytes > ceiling_bytes_) return false;
    if (!visited_.grow_to(log2_slots)) return false;
  }
  if (memory_bytes() + most_found() * sizeof(State) > ceiling_bytes_) return false;
  if (!log_.reserve(log_.size() + most_found())) return false;
  for (auto& worker : workers_) {
    if (!worker->found.reserve(most_found())) return false;
  }
  return true;
}

template <Model M>
void Search<M>::expand_slice(std::size_t count) {
  slice_ = log_.data() + expanded_;
  slice_states_ = count;
  cursor_.store(0, std::memory_order_relaxed);  // published by the rendezvous
  if (workers_.size() == 1 || count < alone_below) {
    expand_chunks<false>(*workers_[0]);
  } else {
    rendezvous_->meet();
    expand_chunks<true>(*workers_[0]);
    rendezvous_->meet();
  }
  expanded_ += count;
}

/// The life of every thread but the first: a slice after each first meeting, until the end.
template <Model M>
void Search<M>::serve(Worker& worker) {
  for (;;) {
    rendezvous_->meet();
    if (finished_) return;
    expand_chunks<true>(worker);
    rendezvous_->meet();
  }
}

template <Model M>
template <bool shared>
void Search<M>::expand_chunks(Worker& worker) {
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

template <Model M>
void Search<M>::expand(Worker& worker, const State& state) {
  const typename M::Facts facts = model_.inspect(state);
  if (const std::uint64_t broken = model_.violated(state, facts); broken != 0) [[unlikely]] {
    consider(worker, static_cast<std::size_t>(std::countr_zero(broken)), state);
  }
  if (witnessed_ != all_witnesses_) worker.witnessed |= model_.witnessed(state, facts);

  const std::size_t before = worker.pending_count;
  std::size_t count = before;
  Pending* const pending = worker.pending.data();
  std::uint64_t* const fired = worker.fired.data();
  model_.successors(state, facts, [&](std::size_t action, const State& next) {
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
  if (options_.deadlock_is_violation) consider(worker, model_.always().size(), state);
}

template <Model M>
template <bool shared>
void Search<M>::flush(Worker& worker) {
  const Pending* const pending = worker.pending.data();
  for (std::size_t i = 0; i < worker.pending_count; ++i) {
    if (visited_.template insert<shared>(pending[i].key)) {
      worker.found.append_unchecked(pending[i].state);
    }
  }
  worker.pending_count = 0;
}

/// Of all that is wrong in a level the least is reported: whoever finds it, it is the same.
template <Model M>
void Search<M>::consider(Worker& worker, std::size_t fact, const State& state) {
  const Bad bad{fact, state};
  if (!worker.bad || bad < *worker.bad) worker.bad = bad;
}

template <Model M>
void Search<M>::collect() {
  std::uint64_t witnessed = 0;
  for (auto& worker : workers_) {
    log_.append_unchecked(worker->found.data(), worker->found.size());
    worker->found.clear();
    for (std::size_t i = 0; i < fired_.size(); ++i) {
      fired_[i] += std::exchange(worker->fired[i], 0);
    }
    terminal_ += std::exchange(worker->terminal, 0);
    deadlocked_ += std::exchange(worker->deadlocked, 0);
    witnessed |= std::exchange(worker->witnessed, 0);
    if (worker->bad && (!bad_ || *worker->bad < *bad_)) bad_ = worker->bad;
    worker->bad.reset();
  }
  for (std::size_t i = 0; i < witness_levels_.size(); ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    if ((witnessed & ~witnessed_ & bit) != 0) witness_levels_[i] = level_starts_.size() - 1;
  }
  witnessed_ |= witnessed;
}

/// False when there is no next level, or none is wanted.
template <Model M>
bool Search<M>::end_level() {
  if (bad_) {
    ended_ = Ended::Violated;
    return false;
  }
  if (log_.size() == level_end_) return false;
  level_starts_.push_back(level_end_);
  level_end_ = log_.size();
  return true;
}

template <Model M>
void Search<M>::report_progress() {
  if (!options_.progress) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - reported_ < options_.progress_every) return;
  reported_ = now;
  Progress progress;
  progress.states = log_.size();
  progress.expanded = expanded_;
  for (const std::uint64_t count : fired_) progress.transitions += count;
  progress.level = level_starts_.size() - 1;
  progress.frontier_states = log_.size() - expanded_;
  progress.seconds = seconds();
  progress.memory_bytes = memory_bytes();
  options_.progress(progress);
}

template <Model M>
std::uint64_t Search<M>::memory_bytes() const {
  return visited_.slots() * sizeof(std::uint64_t) + log_.size() * sizeof(State);
}

template <Model M>
SearchResult Search<M>::result() const {
  SearchResult result;
  result.ended = ended_;
  result.distinct_states = log_.size();
  result.expanded_states = expanded_;
  for (std::size_t level = 0; level < level_starts_.size(); ++level) {
    const std::size_t end =
        level + 1 < level_starts_.size() ? level_starts_[level + 1] : level_end_;
    result.levels.push_back(end - level_starts_[level]);
  }
  if (log_.size() > level_end_) result.levels.push_back(log_.size() - level_end_);
  for (std::size_t i = 0; i < fired_.size(); ++i) {
    result.actions.emplace_back(std::string(model_.actions()[i]), fired_[i]);
    result.transitions += fired_[i];
  }
  result.terminal_states = terminal_;
  result.deadlocked_states = deadlocked_;
  for (const Fact& fact : model_.always()) {
    result.always.emplace_back(std::string(fact.id), std::string(fact.sentence));
  }
  for (std::size_t i = 0; i < model_.sometimes().size(); ++i) {
    const Fact& fact = model_.sometimes()[i];
    Witness witness{std::string(fact.id), std::string(fact.sentence), std::nullopt};
    if ((witnessed_ >> i & 1) != 0) witness.first_level = witness_levels_[i];
    result.sometimes.push_back(std::move(witness));
  }
  result.exact = words == 1;
  if (!result.exact) {
    const auto states = static_cast<double>(log_.size());
    result.collision_probability = states * states / 0x1p65;
  }
  result.state_bytes = sizeof(State);
  result.memory_bytes = memory_bytes();
  result.seconds = seconds();
  if (ended_ == Ended::Violated) {
    result.violation = explain(model_, log_, level_starts_, bad_->fact, bad_->state);
  }
  return result;
}

}  // namespace quiesce::explore
