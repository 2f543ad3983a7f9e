#include "models/refine/minimise.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "models/interleave/bounded.hpp"
#include "models/interleave/engine.hpp"
#include "models/interleave/pct.hpp"
#include "models/interleave/simplify.hpp"
#include "models/refine/candidate.hpp"
#include "models/refine/judge.hpp"
#include "models/refine/numbers.hpp"

namespace quiesce::refine {
namespace {

constexpr std::uint32_t deepest_bound = 2;  // of the exhaustive search of a candidate

/// Runs candidates and says whether they fail as wanted.
class Probe {
 public:
  Probe(const Failure& wanted, const Variant& variant)
      : mode_(wanted.strategy == Strategy::Sequential ? Mode::Sequential : Mode::Concurrent),
        judge_(memo_),
        execution_(variant, memo_),
        engine_(engine_options(variant)),
        wanted_(wanted.signature()) {
    settings_.search_linearization = wanted.linearization;
    execution_.set_mode(mode_);
  }

  void load(const Script& script) {
    memo_.clear(script.leaks);
    execution_.load(script);
  }

  /// One execution; what clashed if it is the wanted failure.
  template <class S>
  std::optional<Failure> fails(S& strategy) {
    ended_ = engine_.run(strategy, [this] { execution_(); });
    auto clash = judge_.judge(execution_, mode_, ended_, settings_, coverage_);
    passed_ = ended_.completed() && !clash;
    if (!clash) return std::nullopt;
    Failure failure = failure_of(*std::move(clash), execution_, ended_, engine_.decisions());
    if (!(failure.signature() == wanted_)) return std::nullopt;
    return failure;
  }

  /// The same for a schedule of which only the verdict counts.
  template <class S>
  interleave::Attempt attempt(S& strategy) {
    interleave::Attempt attempt;
    attempt.fails = fails(strategy).has_value();
    attempt.decisions = engine_.decisions();
    attempt.preemptions = ended_.preemptions;
    return attempt;
  }

  [[nodiscard]] bool passed() const { return passed_; }  // the last execution
  [[nodiscard]] const Execution& execution() const { return execution_; }
  [[nodiscard]] interleave::Decisions decisions() const { return engine_.decisions(); }
  [[nodiscard]] interleave::Engine& engine() { return engine_; }
  [[nodiscard]] bool has_one_schedule() const { return execution_.concurrent_threads() < 2; }
  [[nodiscard]] const Signature& wanted() const { return wanted_; }
  void want(Signature signature) { wanted_ = std::move(signature); }

  std::uint32_t choices() {
    return interleave::estimated_length(engine_, [this] { execution_(); });
  }

 private:
  Mode mode_;
  SpecMemo memo_;
  Judge judge_;
  Execution execution_;
  interleave::Engine engine_;
  Signature wanted_;
  Judge::Settings settings_;
  Coverage coverage_;
  interleave::Ended ended_;
  bool passed_ = false;
};

/// Shrinks the script; holds the smallest failing candidate so far.
class Minimiser {
 public:
  Minimiser(const Failure& failure, const Variant& variant, const MinimiseOptions& options)
      : options_(options), probe_(failure, variant), best_(candidate_of(failure.script)) {
    smallest_ = failure;
  }

  Failure run();

 private:
  bool reproduce();
  std::optional<Failure> search(const Candidate& candidate);
  std::optional<Failure> search_exhaustively();
  std::optional<Failure> search_at_random();
  bool accept(const Candidate& candidate);
  void learn_hint();

  void try_in_sequence();
  bool drop_chunks(std::size_t chunk);
  bool try_any(std::vector<Candidate> (*variations)(const Candidate&));
  void shrink_script();
  void shrink_schedule();
  void find_nearest_passing();

  const MinimiseOptions& options_;
  Probe probe_;
  Candidate best_;
  Failure smallest_;
  Hint hint_;
  std::uint64_t tried_ = 0;
  std::optional<interleave::Decisions> passed_while_simplifying_;
};

/// The failure once more, by its decisions.
bool Minimiser::reproduce() {
  probe_.load(script_of(best_));
  interleave::Fixed recorded{smallest_.decisions};
  auto again = probe_.fails(recorded);
  if (!again) return false;
  smallest_ = *std::move(again);
  learn_hint();
  return true;
}

void Minimiser::learn_hint() {
  HintRecorder recorder{smallest_.decisions, probe_.execution(), best_};
  static_cast<void>(probe_.fails(recorder));
  hint_ = recorder.take();
}

std::optional<Failure> Minimiser::search(const Candidate& candidate) {
  probe_.load(script_of(candidate));
  if (probe_.has_one_schedule()) {
    interleave::Fixed only;
    return probe_.fails(only);
  }
  HintFollower follower{hint_, probe_.execution(), candidate};
  if (auto failure = probe_.fails(follower)) return failure;
  if (auto failure = search_at_random()) return failure;
  return search_exhaustively();
}

std::optional<Failure> Minimiser::search_at_random() {
  interleave::RandomWalk walk{mixed(tried_)};
  interleave::Pct pct{mixed(tried_), {2, 4}, probe_.choices()};
  for (std::uint64_t i = 0; i < options_.random_schedules; i += 2) {
    if (auto failure = probe_.fails(walk)) return failure;
    if (auto failure = probe_.fails(pct)) return failure;
  }
  return std::nullopt;
}

std::optional<Failure> Minimiser::search_exhaustively() {
  interleave::BoundedExhaustive search{0};
  for (std::uint64_t i = 0; i < options_.exhaustive_schedules; ++i) {
    if (auto failure = probe_.fails(search)) return failure;
    if (search.advance()) continue;
    if (!search.bound_left_schedules_out() || search.bound() == deepest_bound) break;
    search.raise_bound();
  }
  return std::nullopt;
}

bool Minimiser::accept(const Candidate& candidate) {
  if (++tried_ > options_.candidates) return false;
  auto failure = search(candidate);
  if (!failure) return false;
  best_ = candidate;
  smallest_ = *std::move(failure);
  learn_hint();
  return true;
}

/// Perhaps no second thread is needed: all actions in the order of their commits.
void Minimiser::try_in_sequence() {
  if (best_.branches.empty()) return;
  interleave::Fixed recorded{smallest_.decisions};
  static_cast<void>(probe_.fails(recorded));
  std::vector<const Operation*> order;
  for (const Operation& operation : probe_.execution().history()) order.push_back(&operation);
  std::stable_sort(order.begin(), order.end(), [](const Operation* a, const Operation* b) {
    if (a->ticket && b->ticket) return *a->ticket < *b->ticket;
    return a->responded < b->responded;
  });
  std::vector<ItemId> ids;
  for (const Operation* operation : order) {
    const std::size_t part = operation->part;
    const auto& items = part == 0                       ? best_.prefix
                        : part <= best_.branches.size() ? best_.branches[part - 1]
                                                        : best_.suffix;
    ids.push_back(items[operation->position].id);
  }
  if (accept(in_sequence(best_, ids))) return;
  if (smallest_.kind != FailureKind::NotLinearizable) return;
  // One thread alone has one order, so the same fault is then an answer that differs.
  const Signature concurrent = probe_.wanted();
  probe_.want({FailureKind::AnswerDiffers, "refine.answer", concurrent.verb});
  if (!accept(in_sequence(best_, ids))) probe_.want(concurrent);
}

bool Minimiser::drop_chunks(std::size_t chunk) {
  bool dropped_any = false;
  std::vector<ItemId> ids = items_of(best_);
  for (std::size_t at = 0; at < ids.size();) {
    const std::size_t end = std::min(at + chunk, ids.size());
    const auto from = ids.begin() + static_cast<std::ptrdiff_t>(at);
    const auto to = ids.begin() + static_cast<std::ptrdiff_t>(end);
    if (accept(without(best_, {from, to}))) {
      dropped_any = true;
      ids.erase(from, to);
    } else {
      at = end;
    }
  }
  return dropped_any;
}

bool Minimiser::try_any(std::vector<Candidate> (*variations)(const Candidate&)) {
  bool any = false;
  for (bool again = true; again;) {
    again = false;
    for (const Candidate& candidate : variations(best_)) {
      if (!accept(candidate)) continue;
      any = again = true;
      break;
    }
  }
  return any;
}

void Minimiser::shrink_script() {
  try_in_sequence();
  for (std::size_t chunk = std::max<std::size_t>(items_of(best_).size() / 2, 1); chunk > 1;
       chunk /= 2) {
    drop_chunks(chunk);
  }
  for (bool again = true; again && tried_ <= options_.candidates;) {
    while (drop_chunks(1)) {
    }
    again = try_any(with_fewer_regions);
    again = try_any(with_fewer_threads) || again;
    again = try_any(with_simpler_actions) || again;
    again = try_any(with_simpler_leaks) || again;
  }
  static_cast<void>(accept(renumbered(best_)));
}

void Minimiser::shrink_schedule() {
  probe_.load(script_of(best_));
  if (probe_.has_one_schedule()) {
    smallest_.minimal_note = "minimal: one thread is enough";
    return;
  }
  const auto attempt = [this](auto& strategy) {
    interleave::Attempt result = probe_.attempt(strategy);
    if (probe_.passed()) passed_while_simplifying_ = result.decisions;
    return result;
  };
  std::string note;
  interleave::Decisions decisions = smallest_.decisions;
  while (true) {
    const interleave::Simplified simple = interleave::simplify(decisions, attempt);
    if (!simple.fails) break;
    decisions = simple.decisions;
    const std::uint32_t preemptions = simple.preemptions;
    const interleave::Minimality minimality =
        interleave::search_below(preemptions, options_.proof_schedules,
                                 [this](auto& search) { return probe_.attempt(search); });
    if (minimality.fewer) {
      decisions = *minimality.fewer;
      continue;
    }
    if (minimality.proven || preemptions == 0) {
      note = preemptions == 0   ? "minimal: needs no preemption"
             : preemptions == 1 ? "minimal: needs 1 preemption"
                                : "minimal: needs " + std::to_string(preemptions) + " preemptions";
    }
    break;
  }
  interleave::Fixed final_schedule{decisions};
  if (auto failure = probe_.fails(final_schedule)) smallest_ = *std::move(failure);
  smallest_.minimal_note = std::move(note);
  find_nearest_passing();
}

/// A schedule that differs in one switch and passes: that switch is the explanation.
void Minimiser::find_nearest_passing() {
  const auto& picks = smallest_.decisions.picks;
  for (std::size_t at = picks.size(); at-- > 1;) {
    if (picks[at - 1] == picks[at]) continue;
    interleave::Decisions moved = smallest_.decisions;
    std::swap(moved.picks[at - 1], moved.picks[at]);
    interleave::Fixed neighbour{std::move(moved)};
    static_cast<void>(probe_.fails(neighbour));
    if (!probe_.passed()) continue;
    smallest_.nearest_passing = probe_.decisions();
    smallest_.nearest_passing_note =
        "the switch at decision " + std::to_string(at) + " comes one step later";
    return;
  }
  smallest_.nearest_passing = passed_while_simplifying_;
  if (passed_while_simplifying_) smallest_.nearest_passing_note = "one preemption is left out";
}

Failure Minimiser::run() {
  const Failure original = smallest_;
  if (!reproduce()) return original;
  shrink_script();
  shrink_schedule();
  smallest_.minimised = true;
  smallest_.strategy = original.strategy;
  smallest_.linearization = original.linearization;
  smallest_.seed = original.seed;
  smallest_.script_index = original.script_index;
  smallest_.execution_index = original.execution_index;
  return smallest_;
}

}  // namespace

Failure minimise(const Failure& failure, const Variant& variant, const MinimiseOptions& options) {
  return Minimiser{failure, variant, options}.run();
}

}  // namespace quiesce::refine
