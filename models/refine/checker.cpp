#include "models/refine/checker.hpp"

#include <boost/unordered/unordered_flat_set.hpp>
#include <utility>
#include <vector>

#include "impl/sync/require.hpp"
#include "models/interleave/bounded.hpp"
#include "models/interleave/determinism.hpp"
#include "models/interleave/engine.hpp"
#include "models/interleave/pct.hpp"
#include "models/interleave/pos.hpp"
#include "models/refine/judge.hpp"
#include "models/refine/numbers.hpp"

namespace quiesce::refine {
namespace {

/// A strategy that also keeps a digest of what it picked.
template <class S>
class Digested {
 public:
  explicit Digested(S& strategy) : strategy_(strategy) {}

  void begin() {
    digest_ = 0;
    strategy_.begin();
  }
  unsigned pick(const interleave::Choice& choice) { return noted(strategy_.pick(choice)); }
  unsigned wake(interleave::Threads waiters) { return noted(strategy_.wake(waiters)); }
  bool forced(unsigned thread,
              const interleave::Pending& step) requires interleave::SeesForcedSteps<S> {
    return strategy_.forced(thread, step);
  }
  [[nodiscard]] bool sees_all_steps() const requires interleave::SeesForcedSteps<S> {
    return interleave::sees_all_steps(strategy_);
  }
  void end() { strategy_.end(); }
  [[nodiscard]] std::uint64_t digest() const { return digest_; }

 private:
  unsigned noted(unsigned pick) {
    digest_ = (digest_ ^ (pick + 1)) * 0x9E37'79B9'7F4A'7C15ULL;
    digest_ ^= digest_ >> 29U;
    return pick;
  }

  S& strategy_;
  std::uint64_t digest_ = 0;
};

bool same_answers(const History& once, const History& again) {
  if (once.size() != again.size()) return false;
  for (std::size_t i = 0; i < once.size(); ++i) {
    if (!(once[i].answer == again[i].answer && once[i].action == again[i].action &&
          once[i].ticket == again[i].ticket)) {
      return false;
    }
  }
  return true;
}

}  // namespace

struct ScriptChecker::Parts {
  Parts(const Variant& checked, const CheckOptions& wanted)
      : options(wanted),
        engine(engine_options(checked)),
        judge(memo),
        execution(checked, memo),
        totals(no_totals()) {}

  template <class S>
  interleave::Ended execute(S& strategy, Mode mode) {
    execution.set_mode(mode);
    return engine.run(strategy, [this] { execution(); });
  }

  std::optional<Clash> judged(const interleave::Ended& ended, Mode mode) {
    const Judge::Settings settings{options.search_linearization, options.linearization_budget};
    return judge.judge(execution, mode, ended, settings, totals.coverage);
  }

  std::uint64_t strategy_seed(Strategy strategy) const {
    return derived(derived(options.seed, script_index), static_cast<std::uint64_t>(strategy));
  }

  std::string repeats_itself();
  template <class S, class Next>
  Checked series(S& strategy, Strategy kind, std::uint64_t first, std::uint64_t count,
                 Next&& has_next);
  Checked exhaustive(std::uint64_t count);

  CheckOptions options;
  interleave::Engine engine;
  SpecMemo memo;
  Judge judge;
  Execution execution;
  Totals totals;
  bool repeat_first = options.repeat_first;
  std::uint64_t script_index = 0;
  std::optional<std::uint32_t> choices;  // of an execution without preemption
  std::optional<interleave::BoundedExhaustive> search;
  bool search_finished = false;
  std::uint64_t exhausted_executions = 0;
  std::array<bool, strategy_count> used{};  // for this script
  boost::unordered_flat_set<std::uint64_t> schedules;
};

/// Runs the last execution twice more, by its decisions; what differed, in words.
std::string ScriptChecker::Parts::repeats_itself() {
  const History original = execution.history();
  const interleave::Decisions decisions = engine.decisions();
  bool same = true;
  const auto body = [&] {
    execution();
    same = same && same_answers(original, execution.history());
  };
  if (auto differs = interleave::uncontrolled_choice(engine, body, decisions)) return *differs;
  if (same) return {};
  return "the answers differ although every visible operation is the same";
}

template <class S, class Next>
Checked ScriptChecker::Parts::series(S& strategy, Strategy kind, std::uint64_t first,
                                     std::uint64_t count, Next&& has_next) {
  Checked checked;
  const Mode mode = kind == Strategy::Sequential ? Mode::Sequential : Mode::Concurrent;
  StrategyTotals& row = totals.strategies[static_cast<std::size_t>(kind)];
  if (!std::exchange(used[static_cast<std::size_t>(kind)], true)) ++row.scripts;
  Digested<S> digested{strategy};
  for (std::uint64_t i = 0; i < count; ++i) {
    const interleave::Ended ended = execute(digested, mode);
    ++checked.executions;
    totals.visible_steps += ended.steps;
    totals.operations += execution.history().size();
    if (schedules.insert(digested.digest()).second) ++totals.distinct_schedules;
    if (auto clash = judged(ended, mode)) {
      ++row.failures;
      checked.failure = failure_of(*std::move(clash), execution, ended, engine.decisions());
      checked.failure->strategy = kind;
      checked.failure->linearization = options.search_linearization;
      checked.failure->seed = options.seed;
      checked.failure->script_index = script_index;
      checked.failure->execution_index = first + i;
      break;
    }
    if (i == 0 && first == 0 && repeat_first) {
      checked.nondeterminism = repeats_itself();
      if (!checked.nondeterminism.empty()) break;
      ++totals.repeated_executions;
    }
    if (!has_next()) break;
  }
  row.executions += checked.executions;
  totals.interleavings += checked.executions;
  return checked;
}

Checked ScriptChecker::Parts::exhaustive(std::uint64_t count) {
  if (!search) search.emplace(0);
  Checked checked;
  if (!search_finished) {
    checked = series(*search, Strategy::Exhaustive, exhausted_executions, count, [this] {
      if (search->advance()) return true;
      const bool more = search->bound_left_schedules_out();
      search_finished = !more || search->bound() == options.preemption_bound;
      if (!search_finished) search->raise_bound();
      return !search_finished;
    });
    exhausted_executions += checked.executions;
    if (search_finished) ++totals.exhausted_scripts;
  }
  checked.exhausted = search_finished;
  return checked;
}

ScriptChecker::ScriptChecker(const Variant& variant, const CheckOptions& options)
    : parts_(std::make_unique<Parts>(variant, options)) {}
ScriptChecker::~ScriptChecker() = default;
ScriptChecker::ScriptChecker(ScriptChecker&&) noexcept = default;

void ScriptChecker::load(const Script& script, std::uint64_t script_index) {
  Parts& p = *parts_;
  p.memo.take_counts(p.totals);
  p.memo.clear(script.leaks);
  p.execution.load(script);
  p.script_index = script_index;
  p.choices.reset();
  p.search.reset();
  p.search_finished = false;
  p.exhausted_executions = 0;
  p.used = {};
  p.schedules.clear();
  ++p.totals.scripts;
}

Checked ScriptChecker::run(Strategy strategy, std::uint64_t first, std::uint64_t count) {
  Parts& p = *parts_;
  const auto for_ever = [] { return true; };
  switch (strategy) {
    case Strategy::RandomWalk: {
      interleave::RandomWalk walk{p.strategy_seed(strategy)};
      walk.select(first);
      return p.series(walk, strategy, first, count, for_ever);
    }
    case Strategy::Pct: {
      if (!p.choices) {
        p.execution.set_mode(Mode::Concurrent);
        p.choices = interleave::estimated_length(p.engine, [&p] { p.execution(); });
      }
      interleave::Pct pct{p.strategy_seed(strategy), {}, *p.choices};
      pct.select(first);
      return p.series(pct, strategy, first, count, for_ever);
    }
    case Strategy::Pos: {
      interleave::Pos pos{p.strategy_seed(strategy)};
      pos.select(first);
      return p.series(pos, strategy, first, count, for_ever);
    }
    case Strategy::Exhaustive: return p.exhaustive(count);
    case Strategy::Sequential: {
      interleave::Fixed nobody_preempted;
      return p.series(nobody_preempted, strategy, first, count == 0 ? 0 : 1, for_ever);
    }
    case Strategy::Replay: break;
  }
  programmer_error("ScriptChecker::run takes a strategy that can be selected");
}

Checked ScriptChecker::replay(const interleave::Decisions& decisions) {
  interleave::Fixed recorded{decisions};
  const bool repeat = std::exchange(parts_->repeat_first, false);
  Checked checked = parts_->series(recorded, Strategy::Replay, 0, 1, [] { return true; });
  parts_->repeat_first = repeat;
  if (recorded.divergence()) {
    checked.divergence = "decision " + std::to_string(*recorded.divergence()) + " of " +
                         std::to_string(decisions.picks.size()) +
                         " does not fit: the thread cannot go on there, or the execution has ended";
  }
  return checked;
}

interleave::Decisions ScriptChecker::last_decisions() const {
  return parts_->engine.decisions();
}

void ScriptChecker::set_repeat_first(bool repeat) {
  parts_->repeat_first = repeat;
}

Totals ScriptChecker::take_totals() {
  parts_->memo.take_counts(parts_->totals);
  parts_->totals.linearizations_unknown += parts_->judge.take_unknown();
  return std::exchange(parts_->totals, no_totals());
}

}  // namespace quiesce::refine
