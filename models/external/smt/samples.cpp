#include "models/external/smt/samples.hpp"

#include <algorithm>

#include "models/external/smt/inputs.hpp"
#include "models/refine/numbers.hpp"
#include "spec/rules.hpp"

namespace quiesce::smt {
namespace {

using refine::Numbers;

constexpr std::uint32_t walk_steps = 48;
// Weights of the verbs, in the order of the variant Action.
constexpr std::array<std::uint32_t, action_count> weights{8, 5, 4, 5, 12, 9, 4, 9, 5,
                                                          3, 4, 8, 4, 6, 9, 5, 5, 3};

/// One walk: chooses actions against the state so far.
class Walk {
 public:
  explicit Walk(std::uint64_t seed) : numbers_(seed) {}

  /// The next sample, or false when the walk is over.
  bool next(Sample& sample) {
    const bool ended = !spec::is_live(state_.regions.front());
    if (steps_++ >= walk_steps || (ended && numbers_.chance(20))) return false;
    return numbers_.chance(30) ? internal(sample) : external(sample);
  }

 private:
  bool external(Sample& sample) {
    const Action action = choose();
    if (uses_last_name_) return false;
    sample.rule = spec::rule_id(action);
    sample.sentence = to_text(action);
    sample.before = state_;
    sample.inputs = inputs_of(state_, action);
    spec::Step taken = spec::step_unsettled(state_, action);
    sample.answer = answer_class(taken.answer);
    sample.after = taken.after;
    state_ = std::move(taken.after);
    if (is_done(taken.answer)) count_created(action);
    return true;
  }

  /// An enabled internal rule half of the time, any rule at any region otherwise.
  bool internal(Sample& sample) {
    const auto enabled = spec::enabled_internal(state_);
    spec::InternalStep step{static_cast<spec::InternalRule>(numbers_.below(spec::internal_rule_count)),
                            region()};
    if (!enabled.empty() && numbers_.chance(50)) step = enabled[numbers_.below(enabled.size())];
    const bool taken = std::find(enabled.begin(), enabled.end(), step) != enabled.end();

    sample.rule = "rule.region." + std::string(spec::to_text(step.rule));
    sample.sentence = std::string(spec::to_text(step.rule)) + " " + to_text(step.region);
    sample.before = state_;
    sample.inputs = inputs_of(state_, step);
    sample.answer = taken ? "Done" : "Disabled";
    if (taken) state_ = spec::take(std::move(state_), step);
    sample.after = state_;
    return true;
  }

  /// A verb that needs a task or an obligation is chosen seldom before there is one.
  std::size_t verb() {
    std::size_t some = numbers_.weighted(weights);
    if (state_.tasks.empty() && some >= 5 && some <= 14) some = 4;
    if (state_.obligations.empty() && (some == 15 || some == 16) && numbers_.chance(80)) some = 14;
    return some;
  }

  Action choose() {
    switch (verb()) {
      case 0: return OpenRegion{fresh<RegionName>(next_region_, region_count), region(), budget(),
                                limits(), numbers_.chance(50) ? Policy::FailFast : Policy::CollectAll};
      case 1: return CloseRegion{inner_region(),
                                 numbers_.chance(50) ? CloseMode::Cancel : CloseMode::Await};
      case 2: return CancelRegion{inner_region(), kind()};
      case 3: return DeferFinalizer{fresh<TaskName>(next_task_, task_count), region()};
      case 4: return Spawn{fresh<TaskName>(next_task_, task_count), region(), budget()};
      case 5: return Start{task()};
      case 6: return Poll{task()};
      case 7: return Checkpoint{task()};
      case 8: return EnterMask{task(), static_cast<std::uint8_t>(numbers_.below(6))};
      case 9: return LeaveMask{task()};
      case 10: return CleanupDone{task()};
      case 11: return return_action();
      case 12: return CancelTask{task(), kind()};
      case 13: return Join{task(), task()};
      case 14: return reserve_action();
      case 15: return Commit{obligation(), holder()};
      case 16: return Abort{obligation(), holder(),
                            numbers_.chance(50) ? AbortReason::Error : AbortReason::Explicit};
      default: break;
    }
    return AdvanceTime{state_.now + numbers_.below(4) - (state_.now > 0 && numbers_.chance(30))};
  }

  Return return_action() {
    const auto outcome = static_cast<OutcomeKind>(numbers_.below(outcome_kind_count));
    return {task(), outcome, outcome == OutcomeKind::Cancelled ? kind() : CancelKind::User};
  }
  /// Mostly by a task in its own region.
  Reserve reserve_action() {
    const auto name = fresh<ObligationName>(next_obligation_, obligation_count);
    const TaskName who = task();
    const spec::Task* const row = spec::find(state_, who);
    const RegionName where = row != nullptr && numbers_.chance(85) ? row->owner : region();
    return {name, who, where, ObligationKind::Lease};
  }

  template <class EntityName>
  EntityName fresh(std::uint32_t next, std::uint32_t count) {
    uses_last_name_ = next + 1 >= count;
    return EntityName{next};
  }
  void count_created(const Action& action) {
    if (std::holds_alternative<OpenRegion>(action)) ++next_region_;
    if (std::holds_alternative<Spawn>(action) || std::holds_alternative<DeferFinalizer>(action))
      ++next_task_;
    if (std::holds_alternative<Reserve>(action)) ++next_obligation_;
  }

  // Names: mostly of rows that are live; now and then the one that never gets a row.
  RegionName region() {
    if (numbers_.chance(4)) return RegionName{region_count - 1};
    const RegionName some{numbers_.below(next_region_)};
    const bool is_open = spec::find(state_, some)->phase == RegionPhase::Open;
    return is_open || numbers_.chance(40) ? some : RegionName{numbers_.below(next_region_)};
  }
  /// Seldom the root: its close ends everything.
  RegionName inner_region() {
    RegionName some = region();
    for (int again = 0; again < 2 && some == root_region; ++again) some = region();
    return some;
  }
  TaskName task() {
    if (state_.tasks.empty() || numbers_.chance(3)) return TaskName{task_count - 1};
    const auto any = [&]() -> const spec::Task& {
      return state_.tasks[numbers_.below(state_.tasks.size())];
    };
    const spec::Task& some = any();
    return spec::is_live(some) || numbers_.chance(30) ? some.name : any().name;
  }
  ObligationName obligation() {
    const bool none = state_.obligations.empty() || numbers_.chance(4);
    chosen_ = none ? ObligationName{obligation_count - 1}
                   : state_.obligations[numbers_.below(state_.obligations.size())].name;
    return chosen_;
  }
  TaskName holder() {
    const spec::Obligation* const row = spec::find(state_, chosen_);
    return row != nullptr && numbers_.chance(85) ? row->holder : task();
  }
  CancelKind kind() { return static_cast<CancelKind>(numbers_.below(cancel_kind_count)); }
  Budget budget() {
    Budget some;
    if (numbers_.chance(30)) some.deadline_ticks = state_.now + numbers_.below(6);
    if (numbers_.chance(30)) some.poll_quota = numbers_.below(2);
    return some;
  }
  Limits limits() {
    Limits some;
    if (numbers_.chance(20)) some.child_regions = numbers_.below(2);
    if (numbers_.chance(20)) some.body_tasks = numbers_.below(3);
    if (numbers_.chance(20)) some.obligations = numbers_.below(2);
    return some;
  }

  Numbers numbers_;
  spec::State state_ = spec::initial();
  std::uint32_t steps_ = 0;
  std::uint32_t next_region_ = 1;
  std::uint32_t next_task_ = 0;
  std::uint32_t next_obligation_ = 0;
  ObligationName chosen_;
  bool uses_last_name_ = false;
};

}  // namespace

std::vector<Sample> take_samples(std::uint64_t seed, std::size_t count) {
  std::vector<Sample> samples;
  for (std::uint64_t index = 0; samples.size() < count; ++index) {
    Walk walk(refine::derived(seed, index));
    Sample sample;
    while (samples.size() < count && walk.next(sample)) samples.push_back(sample);
  }
  return samples;
}

}  // namespace quiesce::smt
