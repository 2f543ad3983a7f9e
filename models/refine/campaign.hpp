// A campaign: many scripts, executions and strategies, on one or two workers.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "impl/sync/native.hpp"
#include "models/refine/failure.hpp"
#include "models/refine/generator.hpp"
#include "models/refine/runtime_under_test.hpp"
#include "models/refine/strategy.hpp"
#include "models/refine/totals.hpp"

namespace quiesce::refine {

/// Set by a signal handler or another thread; the campaign ends after the executions under way.
class StopFlag {
 public:
  void set() { flag_.store(true, std::memory_order_relaxed); }  // a lone flag: it orders nothing
  [[nodiscard]] bool is_set() const { return flag_.load(std::memory_order_relaxed); }

 private:
  Native::Atomic<bool> flag_{false};
};

struct CampaignOptions {
  std::uint64_t seed = 1;
  /// Either a number of executions (then everything but `seconds` in the result is a function of
  /// these options) or a time; at least one is given.
  std::optional<std::uint64_t> executions;
  std::optional<double> seconds;
  std::uint64_t executions_per_script = 300;  // of one concurrent script
  unsigned workers = 2;
  /// Scripts take turns with these; empty means all of them.
  std::vector<Strategy> strategies;
  Shape shape;  // threads: branches_least, branches_most
  std::uint32_t preemption_bound = 2;
  bool search_linearization = false;
  bool minimise = true;
  StopFlag* stop = nullptr;
};

enum class Verdict : std::uint8_t {
  Agrees,          // every execution that was tried agrees with the specification
  Violation,       // `failure` says what clashes
  Nondeterminism,  // an execution did not repeat itself: `nondeterminism` says where
};

/// So far, for a progress display.
struct Progress {
  const Totals& totals;
  double seconds = 0;
  double fraction = 0;  // of the budget, 0..1
};

struct CampaignResult {
  Verdict verdict = Verdict::Agrees;
  std::optional<Failure> failure;
  std::string nondeterminism;
  Totals totals;                            // of all scripts up to the failing one
  std::vector<std::string> empty_rows;      // of the coverage table
  std::vector<std::string> idle_witnesses;  // sentences whose interesting case was never reached
  bool stopped_early = false;               // by the stop flag
  double seconds = 0;
  double minimising_seconds = 0;
};

/// Runs until the budget is used up, a failure is found, or the flag is set.
///   state    scripts are dealt to the workers by index and merged in the order of their indices:
///            the lowest failing script is reported, whatever the number of workers
///   `progress` is called now and then on the calling thread
[[nodiscard]] CampaignResult run_campaign(
    const Variant& variant, const CampaignOptions& options,
    const std::function<void(const Progress&)>& progress = {});

}  // namespace quiesce::refine
