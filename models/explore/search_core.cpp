#include "models/explore/search_core.hpp"

#include <algorithm>
#include <atomic>
#include <span>
#include <utility>

#include "impl/sync/native.hpp"
#include "models/explore/described.hpp"
#include "models/explore/rendezvous.hpp"
#include "models/explore/trace.hpp"

namespace quiesce::explore {

struct SearchCore::Team {
  explicit Team(unsigned threads) : rendezvous(threads) {}

  Rendezvous rendezvous;
  Native::Atomic<std::size_t> cursor{0, DataInfo{"next state of the slice"}};
};

SearchCore::SearchCore(const ModelView& model, std::size_t max_successors,
                       const SearchOptions& options, SetTraits set)
    : model_(model),
      options_(options),
      words_(model.words()),
      set_(set),
      max_successors_(std::max<std::size_t>(max_successors, 1)),
      ceiling_bytes_(options.memory_ceiling_bytes != 0 ? options.memory_ceiling_bytes
                                                       : default_memory_ceiling()),
      looks_closer_(options.count_witnesses || options.example_of.has_value()),
      team_(std::make_unique<Team>(std::max(options.threads, 1U))) {}

SearchCore::~SearchCore() = default;

SearchCore::Chunk SearchCore::next_chunk() {
  // Relaxed: the counter hands out numbers and publishes nothing.
  const std::size_t begin = team_->cursor.fetch_add(chunk, std::memory_order_relaxed);
  if (begin >= slice_states_) return {};
  return {slice_ + begin * words_, std::min(chunk, slice_states_ - begin)};
}

SearchResult SearchCore::run() {
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
  if (workers_.size() > 1) team_->rendezvous.meet();
  for (auto& helper : helpers) helper->join();
  return result();
}

/// The buffers of a round are as large as a round can need, so that no thread allocates in one.
bool SearchCore::prepare() {
  const unsigned threads = std::max(options_.threads, 1U);
  covered_ = nothing_covered(model_, options_);
  all_witnesses_ = FactSet::below(model_.sometimes().size());
  for (unsigned i = 0; i < threads; ++i) {
    auto worker = std::make_unique<Worker>();
    worker->pending.resize((batch + max_successors_) * (words_ + 1));
    worker->fired.assign(covered_.fired.size(), 0);
    worker->refused.assign(covered_.refused.size(), 0);
    worker->shown.assign(covered_.shown.size(), 0);
    worker->broke.assign(covered_.broke.size(), 0);
    workers_.push_back(std::move(worker));
  }
  return grow_set(first_log2_slots);
}

bool SearchCore::start() {
  const KeptState first = model_.initial();
  if (!log_.reserve(words_)) return false;
  (void)insert_alone(first);
  log_.append_unchecked(first.data(), words_);
  covered_.level_starts = {0};
  covered_.level_end = 1;
  return true;
}

/// Goes on where a checkpoint was taken: the log is read, the visited set is filled from it.
void SearchCore::resume() {
  const auto refuse = [this](std::string sentence) {
    failure_ = std::move(sentence);
    ended_ = Ended::CheckpointRefused;
  };
  CheckpointReader reader;
  std::string failure = reader.open(options_.resume_path, options_.identity);
  if (!failure.empty()) return refuse(std::move(failure));
  const std::uint64_t states = reader.log_bytes() / state_bytes();
  if (states == 0 || reader.log_bytes() % state_bytes() != 0 ||
      !covered_.adopt(reader.numbers(), states, words_)) {
    return refuse(reader.corrupt("its numbers do not fit its log"));
  }
  unsigned log2_slots = set_log2_slots();
  while ((std::uint64_t{1} << log2_slots) / 4 * 3 < states) ++log2_slots;
  const std::uint64_t bytes =
      (std::uint64_t{set_.slot_bytes} << log2_slots) + states * logged_bytes();
  if (bytes > ceiling_bytes_ || !log_.reserve(states * words_) || !grow_set(log2_slots)) {
    covered_ = Covered{};
    ended_ = Ended::MemoryCeiling;
    return;
  }
  failure = reader.read_log(log_.data());
  if (!failure.empty()) return refuse(std::move(failure));
  log_.resize_reserved(states * words_);
  const KeptState first = model_.initial();
  if (!std::equal(first.begin(), first.end(), log_.data()))
    return refuse(reader.corrupt("it begins in another state"));
  for (std::size_t i = 0; i < states; ++i) {
    if (!insert_alone(log()[i])) return refuse(reader.corrupt("a state occurs twice"));
  }
  resumed_at_ = covered_.expanded;
  restored_ = states;
  if (!covered_.worst.empty()) {
    bad_ = Bad{covered_.worst[0], KeptState(covered_.worst.begin() + 1, covered_.worst.end())};
  }
}

/// Called between rounds, when the log and the counts agree.
bool SearchCore::save() {
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

void SearchCore::search_levels() {
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
std::size_t SearchCore::next_slice() const {
  const std::size_t places = std::min(set_slots() / 16, std::size_t{1} << 20);
  const std::size_t most = std::max<std::size_t>(places / max_successors_, 1);
  return std::min(most, covered_.level_end - covered_.expanded);
}

/// Makes room for whatever the next slice can find: at most 3 of 4 slots are ever used.
bool SearchCore::make_room() {
  const auto most_found = [this] { return next_slice() * max_successors_; };
  const auto crowded = [&] { return states() + most_found() > set_slots() / 4 * 3; };
  while (crowded()) {
    const unsigned log2_slots = set_log2_slots() + (set_log2_slots() < 21 ? 2 : 1);
    const std::uint64_t new_bytes = std::uint64_t{set_.slot_bytes} << log2_slots;
    if (memory_bytes() + new_bytes > ceiling_bytes_) return false;
    if (!grow_set(log2_slots)) return false;
  }
  if (memory_bytes() + most_found() * logged_bytes() > ceiling_bytes_) return false;
  if (!log_.reserve((states() + most_found()) * words_)) {
    if (spills())
      failure_ = "--spill: the disk of '" + options_.spill_folder + "' has no room for the states";
    return false;
  }
  for (auto& worker : workers_) {
    if (!worker->found.reserve(most_found() * words_)) return false;
  }
  return true;
}

void SearchCore::expand_slice(std::size_t count) {
  slice_ = log_.data() + covered_.expanded * words_;
  slice_states_ = count;
  wants_witnesses_ = options_.count_witnesses || !(all_witnesses_ - covered_.witnessed).empty();
  team_->cursor.store(0, std::memory_order_relaxed);  // published by the rendezvous
  if (workers_.size() == 1 || count < alone_below) {
    expand_chunks(*workers_[0], false);
  } else {
    team_->rendezvous.meet();
    expand_chunks(*workers_[0], true);
    team_->rendezvous.meet();
  }
  covered_.expanded += count;
}

/// The life of every thread but the first: a slice after each first meeting, until the end.
void SearchCore::serve(Worker& worker) {
  for (;;) {
    team_->rendezvous.meet();
    if (finished_) return;
    expand_chunks(worker, true);
    team_->rendezvous.meet();
  }
}

/// Of all that is wrong in a level the least is reported: whoever finds it, it is the same.
void SearchCore::consider(Worker& worker, const FactSet& broken, StateWords state) const {
  broken.for_each([&](std::size_t fact) { ++worker.broke[fact]; });
  const std::size_t fact = broken.first();
  if (worker.bad && worker.bad->fact < fact) return;
  if (worker.bad && worker.bad->fact == fact && !is_less(state, worker.bad->state)) return;
  worker.bad = Bad{fact, KeptState(state.begin(), state.end())};
}

void SearchCore::note_end(Worker& worker, StateWords state, bool is_quiescent) const {
  ++worker.terminal;
  if (is_quiescent) return;
  ++worker.deadlocked;
  if (options_.deadlock_is_violation)
    consider(worker, FactSet::only(model_.always().size()), state);
}

void SearchCore::count_witnesses(Worker& worker, StateWords state, const FactSet& witnessed) const {
  for (std::size_t i = 0; i < worker.shown.size(); ++i) worker.shown[i] += witnessed.has(i) ? 1 : 0;
  if (!options_.example_of || !witnessed.has(*options_.example_of)) return;
  if (!worker.example || is_less(state, *worker.example))
    worker.example.emplace(state.begin(), state.end());
}

/// The level of what is worst so far: what is found later is only counted.
std::size_t SearchCore::first_bad_level() const {
  std::size_t first = covered_.level_starts.size() - 1;
  for (std::size_t i = 0; i < covered_.broke.size(); ++i) {
    if (covered_.broke[i] != 0) first = std::min<std::size_t>(first, covered_.broken_levels[i]);
  }
  return first;
}

void SearchCore::collect() {
  FactSet witnessed;
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
    covered_.graph += std::exchange(worker->graph, 0);
    witnessed |= std::exchange(worker->witnessed, {});
    for (std::size_t i = 0; i < worker->broke.size(); ++i) {
      if (worker->broke[i] != 0 && covered_.broke[i] == 0) covered_.broken_levels[i] = level;
    }
    take_counts(covered_.broke, worker->broke);
    if (first_bad && worker->bad && (!bad_ || *worker->bad < *bad_)) bad_ = worker->bad;
    worker->bad.reset();
    take_example(*worker);
  }
  (witnessed - covered_.witnessed).for_each([&](std::size_t i) {
    covered_.witness_levels[i] = level;
  });
  covered_.witnessed |= witnessed;
}

/// The first level that has an example decides, and of its states the least.
void SearchCore::take_example(Worker& worker) {
  const std::size_t level = covered_.level_starts.size() - 1;
  if (worker.example && (!example_ || example_level_ == level) &&
      (!example_ || *worker.example < *example_)) {
    example_ = worker.example;
    example_level_ = level;
  }
  worker.example.reset();
}

/// A shortest path to the witness that was asked for, or else to the least state of the last level.
std::optional<Example> SearchCore::example() const {
  std::vector<std::size_t> levels(covered_.level_starts.begin(), covered_.level_starts.end());
  if (options_.example_of) {
    if (!example_) return std::nullopt;
    levels.resize(example_level_ + 1);
    const Fact& fact = model_.sometimes()[*options_.example_of];
    return Example{std::string(fact.id) + ": " + std::string(fact.sentence),
                   path_to(levels, *example_)};
  }
  StateWords last = log()[levels.back()];
  for (std::size_t i = levels.back(); i < covered_.level_end; ++i) {
    if (is_less(log()[i], last)) last = log()[i];
  }
  return Example{"a state of the deepest level", path_to(levels, last)};
}

/// False when there is no next level, or none is wanted.
bool SearchCore::end_level() {
  if (bad_ && !options_.keep_going) {
    ended_ = Ended::Violated;
    return false;
  }
  if (states() == covered_.level_end) return false;
  covered_.level_starts.push_back(covered_.level_end);
  covered_.level_end = states();
  return true;
}

void SearchCore::report_progress() {
  if (!options_.progress) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - reported_ < options_.progress_every) return;
  reported_ = now;
  Progress progress = so_far(covered_, states());
  progress.restored = restored_;
  progress.expanded_in_this_run = covered_.expanded - resumed_at_;
  progress.seconds = seconds();
  progress.memory_bytes = memory_bytes();
  options_.progress(progress);
}

std::uint64_t SearchCore::memory_bytes() const {
  return set_slots() * set_.slot_bytes + states() * logged_bytes();
}

SearchResult SearchCore::result() const {
  SearchResult result = described(model_, covered_, states());
  result.ended = ended_;
  result.restored_states = restored_;
  result.exact = set_.exact;
  if (!result.exact) {
    const auto states = static_cast<double>(SearchCore::states());
    result.collision_probability = states * states / 0x1p65;
  }
  result.state_bytes = state_bytes();
  result.memory_bytes = memory_bytes();
  result.seconds = seconds();
  result.failure = failure_;
  const bool wanted = ended_ == Ended::Violated || options_.keep_going;
  if (bad_ && wanted && ended_ != Ended::CheckpointRefused) {
    std::vector<std::size_t> levels(covered_.level_starts.begin(), covered_.level_starts.end());
    levels.resize(first_bad_level() + 1);
    result.violation = explain(model_, log(), levels, bad_->fact, bad_->state);
  }
  if (ended_ == Ended::Complete && !bad_ && options_.want_example) result.example = example();
  return result;
}

double SearchCore::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
}

std::vector<TraceStep> SearchCore::path_to(const std::vector<std::size_t>& levels,
                                           StateWords last) const {
  return replay(model_, shortest_path(model_, log(), levels, last)).rows;
}

}  // namespace quiesce::explore
