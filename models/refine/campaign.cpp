#include "models/refine/campaign.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <map>
#include <utility>

#include "impl/sync/require.hpp"
#include "models/refine/checker.hpp"
#include "models/refine/minimise.hpp"
#include "models/refine/numbers.hpp"

namespace quiesce::refine {
namespace {

// A job is what one worker does without looking up: a script under every concurrent strategy, or a
// batch of sequential scripts. Its plan depends on its index and the options only.
constexpr std::uint64_t sequences_a_job = 40;
constexpr std::uint32_t shortest_sequence = 6;
constexpr std::uint32_t longest_sequence = 30;
constexpr std::uint64_t crowd_every = 12;  // sequential scripts
constexpr std::uint64_t large_crowd_every = 166 * crowd_every;
constexpr std::uint32_t large_crowd = 3;  // times as large
constexpr std::uint64_t lives_every = 64;
constexpr std::uint64_t many_lives_every = 512 * lives_every;
constexpr std::uint32_t most_lives = 40;
constexpr std::uint32_t many_lives = 270;        // more than a byte counts
constexpr std::uint64_t sequential_every = 4;    // jobs
constexpr std::uint64_t repeat_first_every = 8;  // jobs
constexpr double progress_every_seconds = 0.1;

struct Job {
  std::uint64_t index = 0;
  std::uint64_t executions = 0;
  bool sequential = false;
};

struct JobResult {
  Totals totals;
  std::optional<Failure> failure;
  std::string nondeterminism;

  [[nodiscard]] bool ends_the_run() const { return failure || !nondeterminism.empty(); }
};

/// What of the options the jobs need, with the defaults filled in.
struct Plan {
  explicit Plan(const CampaignOptions& wanted) : options(wanted) {
    std::vector<Strategy> all = wanted.strategies;
    if (all.empty()) all.assign(selectable_strategies.begin(), selectable_strategies.end());
    for (const Strategy strategy : all) {
      if (strategy == Strategy::Sequential) {
        sequential = true;
      } else {
        concurrent.push_back(strategy);
      }
    }
    // The exhaustive search may finish early and leave the rest of its share to the others.
    std::stable_partition(concurrent.begin(), concurrent.end(),
                          [](Strategy s) { return s == Strategy::Exhaustive; });
  }

  [[nodiscard]] Job job(std::uint64_t index) const {
    const bool in_turn = index % sequential_every == 0;
    const bool is_sequential = sequential && (concurrent.empty() || in_turn);
    return {index, is_sequential ? sequences_a_job : options.executions_per_script, is_sequential};
  }

  const CampaignOptions& options;
  std::vector<Strategy> concurrent;
  bool sequential = false;
};

/// Deals out jobs and merges their results in the order of their indices.
class Desk {
 public:
  Desk(const Plan& plan, std::chrono::steady_clock::time_point start)
      : plan_(plan), start_(start), left_(plan.options.executions.value_or(~std::uint64_t{0})) {}

  std::optional<Job> claim() {
    const ScopedLock lock{mutex_};
    if (failing_ || thrown_ || left_ == 0 || time_is_up()) return std::nullopt;
    if (plan_.options.stop != nullptr && plan_.options.stop->is_set()) {
      stopped_ = true;
      return std::nullopt;
    }
    Job job = plan_.job(next_++);
    job.executions = std::min(job.executions, left_);
    left_ -= job.executions;
    return job;
  }

  void deliver(std::uint64_t index, JobResult result) {
    const ScopedLock lock{mutex_};
    if (result.ends_the_run()) failing_ = std::min(failing_.value_or(index), index);
    waiting_.emplace(index, std::move(result));
    while (!waiting_.empty() && waiting_.begin()->first == merged_ && !last_) {
      JobResult& next = waiting_.begin()->second;
      totals_.add(next.totals);
      if (next.ends_the_run()) last_ = std::move(next);
      waiting_.erase(waiting_.begin());
      ++merged_;
    }
  }

  void deliver(std::exception_ptr thrown) {
    const ScopedLock lock{mutex_};
    if (!thrown_) thrown_ = std::move(thrown);
  }

  void tell(const std::function<void(const Progress&)>& progress) {
    if (!progress || seconds() < next_progress_) return;
    Totals so_far;
    {
      const ScopedLock lock{mutex_};
      so_far = totals_;
    }
    next_progress_ = seconds() + progress_every_seconds;
    double fraction = 0;
    if (plan_.options.seconds) fraction = seconds() / *plan_.options.seconds;
    if (plan_.options.executions) {
      fraction = std::max(fraction, static_cast<double>(so_far.interleavings) /
                                        static_cast<double>(*plan_.options.executions));
    }
    progress(Progress{so_far, seconds(), std::min(fraction, 1.0)});
  }

  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

  // After all workers have ended.
  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }
  [[nodiscard]] Totals& totals() { return totals_; }
  [[nodiscard]] std::optional<JobResult>& last() { return last_; }
  [[nodiscard]] bool stopped() const { return stopped_; }

 private:
  [[nodiscard]] bool time_is_up() const {
    return plan_.options.seconds && seconds() >= *plan_.options.seconds;
  }

  const Plan& plan_;
  std::chrono::steady_clock::time_point start_;
  Native::Mutex mutex_;
  std::uint64_t left_;
  std::uint64_t next_ = 0;
  std::uint64_t merged_ = 0;  // jobs below this index are in the totals
  std::map<std::uint64_t, JobResult> waiting_;
  std::optional<std::uint64_t> failing_;  // the lowest job that ends the run
  std::optional<JobResult> last_;         // its result
  Totals totals_ = no_totals();
  std::exception_ptr thrown_;
  bool stopped_ = false;
  double next_progress_ = 0;
};

/// Does jobs, one after the other.
class Worker {
 public:
  Worker(const Variant& variant, const Plan& plan)
      : plan_(plan), checker_(variant, check_options(plan.options)) {}

  JobResult work(const Job& job) {
    JobResult result;
    repeat_ = job.index % repeat_first_every < 2;  // both kinds of jobs
    checker_.set_repeat_first(repeat_);
    if (job.sequential) {
      do_sequences(job, result);
    } else {
      do_script(job, result);
    }
    result.totals = checker_.take_totals();
    return result;
  }

 private:
  static CheckOptions check_options(const CampaignOptions& options) {
    CheckOptions check;
    check.seed = options.seed;
    check.preemption_bound = options.preemption_bound;
    check.search_linearization = options.search_linearization;
    return check;
  }

  static bool is_last_of(std::uint64_t every, std::uint64_t index) {
    return index % every == every - 1;
  }

  Script sequence(std::uint64_t index) const {
    const std::uint64_t seed = plan_.options.seed;
    Numbers numbers{derived(seed ^ 0x5E90'E4CEULL, index)};
    if (is_last_of(lives_every, index)) {
      const bool many = is_last_of(many_lives_every, index);
      return generate_lives(seed, index, many ? many_lives : numbers.between(2, most_lives));
    }
    if (is_last_of(crowd_every, index)) {
      return generate_crowd(seed, index, is_last_of(large_crowd_every, index) ? large_crowd : 1);
    }
    return generate_sequence(seed, index, numbers.between(shortest_sequence, longest_sequence));
  }

  void do_sequences(const Job& job, JobResult& result) {
    for (std::uint64_t i = 0; i < job.executions && !result.ends_the_run(); ++i) {
      const std::uint64_t index = job.index * sequences_a_job + i;
      checker_.load(sequence(index), job.index);
      checker_.set_repeat_first(repeat_ && i == 0);
      take(checker_.run(Strategy::Sequential, 0, 1), job, Strategy::Sequential, result);
    }
  }

  void do_script(const Job& job, JobResult& result) {
    checker_.load(generate_script(plan_.options.seed, job.index, plan_.options.shape), job.index);
    std::uint64_t left = job.executions;
    for (std::size_t i = 0; i < plan_.concurrent.size() && !result.ends_the_run(); ++i) {
      const std::uint64_t share = left / (plan_.concurrent.size() - i);
      if (share == 0) continue;
      const Strategy strategy = plan_.concurrent[i];
      left -= take(checker_.run(strategy, 0, share), job, strategy, result);
    }
  }

  std::uint64_t take(Checked checked, const Job& job, Strategy strategy, JobResult& result) {
    result.failure = std::move(checked.failure);
    if (!checked.nondeterminism.empty()) {
      result.nondeterminism = "script " + std::to_string(job.index) + " under " +
                              std::string(to_text(strategy)) +
                              " did not repeat itself: " + checked.nondeterminism;
    }
    return checked.executions;
  }

  const Plan& plan_;
  ScriptChecker checker_;
  bool repeat_ = false;
};

/// Works until there is nothing left; whatever is thrown is delivered.
void work_off(Desk& desk, const Variant& variant, const Plan& plan,
              const std::function<void(const Progress&)>& progress) {
  try {
    Worker worker{variant, plan};
    while (const std::optional<Job> job = desk.claim()) {
      desk.deliver(job->index, worker.work(*job));
      desk.tell(progress);
    }
  } catch (...) {
    desk.deliver(std::current_exception());
  }
}

void find_empty_rows(CampaignResult& result) {
  result.empty_rows = result.totals.coverage.empty_rows();
  for (const Witness& witness : result.totals.witnesses) {
    if (witness.interesting == 0) result.idle_witnesses.emplace_back(witness.id);
  }
}

}  // namespace

CampaignResult run_campaign(const Variant& variant, const CampaignOptions& options,
                            const std::function<void(const Progress&)>& progress) {
  require(options.executions || options.seconds, "a campaign has a budget");
  const auto start = std::chrono::steady_clock::now();
  const Plan plan{options};
  Desk desk{plan, start};
  {
    std::vector<Native::Thread> others;
    for (unsigned i = 1; i < options.workers; ++i) {
      others.emplace_back([&] { work_off(desk, variant, plan, {}); });
    }
    work_off(desk, variant, plan, progress);
    for (Native::Thread& other : others) other.join();
  }
  desk.rethrow();

  CampaignResult result;
  result.totals = std::move(desk.totals());
  result.stopped_early = desk.stopped();
  result.seconds = desk.seconds();
  find_empty_rows(result);
  if (!desk.last()) return result;
  if (!desk.last()->failure) {
    result.verdict = Verdict::Nondeterminism;
    result.nondeterminism = std::move(desk.last()->nondeterminism);
    return result;
  }
  result.verdict = Verdict::Violation;
  result.failure = std::move(desk.last()->failure);
  if (options.minimise) {
    result.failure = minimise(*result.failure, variant);
    result.minimising_seconds = desk.seconds() - result.seconds;
  }
  return result;
}

}  // namespace quiesce::refine
