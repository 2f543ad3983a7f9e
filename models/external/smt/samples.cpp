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
constexpr std::array<std::uint32_t, action_count> weights{8, 4, 2, 7, 12, 10, 5, 9, 6,
                                                          4, 4, 8, 4, 6,  9,  5, 5, 4};

bool is_ending(const spec::Region& region) {
  return region.phase != RegionPhase::Open && spec::is_live(region);
}
bool is_open_inside(const spec::Region& region) {
  return region.phase == RegionPhase::Open && region.name != root_region;
}
bool is_open_parent(const spec::Region& region) {
  return is_open_inside(region) && !region.children.empty();
}
bool is_open_parent_without_tasks(const spec::Region& region) {
  return is_open_parent(region) && region.tasks.empty();
}
bool waits_for_child_only(const spec::Region& region) {
  return is_ending(region) && !region.children.empty() && region.tasks.empty();
}
bool is_masked(const spec::Task& task) {
  return task.mask_units > 0;
}
bool is_masked_and_running(const spec::Task& task) {
  return is_masked(task) && task.phase == TaskPhase::Running;
}

/// What some walks begin with: situations that free choices seldom reach.
std::vector<Action> prepared(std::uint32_t kind) {
  constexpr RegionName r0{0};
  constexpr RegionName r1{1};
  constexpr RegionName r2{2};
  constexpr TaskName t0{0};
  constexpr TaskName t1{1};
  const OpenRegion open{r1, r0, {}, {}, Policy::FailFast};
  switch (kind) {
    case 0:  // a region that runs the first of its finalizers
      return {open, DeferFinalizer{t0, r1}, DeferFinalizer{t1, r1}, CloseRegion{r1}};
    case 1:  // a region that waits for its child region only
      return {open, OpenRegion{r2, r1}, CloseRegion{r1}};
    case 2:  // a masked task that is cancelled
      return {open, Spawn{t0, r1}, Start{t0}, EnterMask{t0, 2}, CancelTask{t0}};
    case 3:  // a region whose policy is about to act, with a sibling and a child region
      return {open, Spawn{t0, r1}, Spawn{t1, r1}, OpenRegion{r2, r1}, Start{t0}};
    case 4:  // an obligation that outlives its region
      return {open,       Spawn{t0, r1},  Start{t0}, Reserve{ObligationName{0}, t0, r1},
              Return{t0}, CloseRegion{r1}};
    case 5: {  // a region that has reached its limits
      const OpenRegion tight{r1, r0, {}, {.child_regions = 1, .body_tasks = 1, .obligations = 1}};
      return {tight, OpenRegion{r2, r1}, Spawn{t0, r1}, Reserve{ObligationName{0}, t0, r1}};
    }
    case 6:  // two promises of one task, and one of another
      return {open,
              Spawn{t0, r1},
              Spawn{t1, r1},
              Reserve{ObligationName{0}, t0, r1},
              Reserve{ObligationName{1}, t0, r1},
              Reserve{ObligationName{2}, t1, r1},
              Start{t0},
              Start{t1},
              Return{t0}};
    case 7: {  // budgets along the tree, of which each part binds
      const OpenRegion above{r1, r0, {.deadline_ticks = 4, .poll_quota = 9, .cost_quota = 7}};
      const OpenRegion below{r2, r1, {.deadline_ticks = 6, .poll_quota = 2, .priority = 3}};
      return {above, below, Spawn{t0, r2, {.cost_quota = 2}}, Spawn{t1, r1, {.poll_quota = 1}}};
    }
    case 8: {  // a deadline that expires over a child region and a task in each
      const OpenRegion above{r1, r0, {.deadline_ticks = 2}};
      return {above, OpenRegion{r2, r1}, Spawn{t0, r1}, Spawn{t1, r2}, AdvanceTime{2}};
    }
    case 9:  // two tasks of one region that end Cancelled, for different reasons
      return {open,
              Spawn{t0, r1},
              Spawn{t1, r1},
              CancelTask{t0, CancelKind::User},
              CancelTask{t1, CancelKind::Shutdown},
              Checkpoint{t0},
              Checkpoint{t1},
              Return{t0},
              Return{t1}};
    case 10:  // a masked task whose quota is used up
      return {open,      Spawn{t0, r1, {.poll_quota = 1}},
              Start{t0}, EnterMask{t0, 2},
              Poll{t0},  Poll{t0},
              Poll{t0}};
    case 11: {  // a finalizer that waits for a task: internal rules start it between the polls
      const Poll idle{t1};
      return {open,
              DeferFinalizer{t0, r1},
              Spawn{t1, r0},
              Start{t1},
              CloseRegion{r1},
              idle,
              idle,
              idle,
              idle,
              idle,
              idle,
              Join{t0, t1},
              Return{t1}};
    }
    case 12:  // a region that was opened past its deadline
      return {AdvanceTime{3}, OpenRegion{r1, r0, {.deadline_ticks = 2}}, Spawn{t0, r1},
              AdvanceTime{3}};
    case 13: {  // a deadline that comes while finalizers run
      const AdvanceTime idle{0};
      return {OpenRegion{r1, r0, {.deadline_ticks = 2}},
              DeferFinalizer{t0, r1},
              DeferFinalizer{t1, r1},
              CloseRegion{r1},
              idle,
              idle,
              AdvanceTime{2}};
    }
    default: return {};
  }
}

/// One walk: chooses actions against the state so far.
class Walk {
 public:
  Walk(std::uint64_t seed, Beginning beginning)
      : numbers_(seed), prepared_(prepared(numbers_.below(18))), state_(spec::initial(policy())) {
    if (beginning == Beginning::Initial) return;
    state_.now = never - 1'000;
    state_.leak_count = ~std::uint32_t{0} - static_cast<std::uint32_t>(numbers_.below(2));
  }

  /// The next sample, or false when the walk is over.
  bool next(Sample& sample) {
    const bool ended = !spec::is_live(state_.regions.front());
    if (steps_++ >= walk_steps || (ended && numbers_.chance(20))) return false;
    return numbers_.chance(30) ? internal(sample) : external(sample);
  }

 private:
  bool external(Sample& sample) {
    const Action action =
        prepared_place_ < prepared_.size() ? prepared_[prepared_place_++] : choose();
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
    spec::InternalStep step{
        static_cast<spec::InternalRule>(numbers_.below(spec::internal_rule_count)),
        numbers_.chance(60) ? region_where(numbers_.chance(50) ? waits_for_child_only : is_ending)
                            : region()};
    if (!enabled.empty() && numbers_.chance(60)) {
      step = enabled[numbers_.below(enabled.size())];
      // Now and then another rule where this one is enabled.
      if (numbers_.chance(20))
        step.rule = static_cast<spec::InternalRule>(numbers_.below(spec::internal_rule_count));
    }
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
      case 0:
        return OpenRegion{fresh<RegionName>(next_region_, region_count),
                          region_where(is_open_inside), budget(), limits(),
                          numbers_.chance(50) ? Policy::FailFast : Policy::CollectAll};
      case 1:
        return CloseRegion{inner_region(),
                           numbers_.chance(50) ? CloseMode::Cancel : CloseMode::Await};
      case 2: return CancelRegion{inner_region(), kind()};
      case 3:
        return DeferFinalizer{fresh<TaskName>(next_task_, task_count),
                              region_where(is_open_inside)};
      case 4: return Spawn{fresh<TaskName>(next_task_, task_count), region(), budget()};
      case 5: return Start{task_in(TaskPhase::Created)};
      case 6: return Poll{task()};
      case 7: return Checkpoint{task_in(TaskPhase::CancelRequested)};
      case 8:
        return EnterMask{task_in(TaskPhase::Running), static_cast<std::uint8_t>(numbers_.below(6))};
      case 9: return LeaveMask{task_where(is_masked)};
      case 10: return CleanupDone{task_in(TaskPhase::Cancelling)};
      case 11: return return_action();
      case 12: return CancelTask{task_where(is_masked_and_running), kind()};
      case 13: return Join{task(), task()};
      case 14: return reserve_action();
      case 15: return Commit{obligation(), holder()};
      case 16:
        return Abort{obligation(), holder(),
                     numbers_.chance(50) ? AbortReason::Error : AbortReason::Explicit};
      default: break;
    }
    return AdvanceTime{state_.now + numbers_.below(4) - (state_.now > 0 && numbers_.chance(60))};
  }

  Return return_action() {
    const auto outcome = static_cast<OutcomeKind>(numbers_.below(outcome_kind_count));
    return {task_in(TaskPhase::Running), outcome,
            outcome == OutcomeKind::Cancelled ? kind() : CancelKind::User};
  }
  /// Mostly by a task in its own region.
  Reserve reserve_action() {
    const auto name = fresh<ObligationName>(next_obligation_, obligation_count);
    const TaskName who = task();
    const spec::Task* const row = spec::find(state_, who);
    const RegionName where = row != nullptr && numbers_.chance(85) ? row->owner : region();
    return {name, who, where, static_cast<ObligationKind>(numbers_.below(obligation_kind_count))};
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
  /// Mostly a region of which `prefer` is true, if there is one.
  template <class Prefer>
  RegionName region_where(Prefer prefer) {
    const auto at = std::find_if(state_.regions.begin(), state_.regions.end(), prefer);
    return at != state_.regions.end() && numbers_.chance(60) ? at->name : region();
  }
  /// Seldom the root: its close ends everything.
  RegionName inner_region() {
    RegionName some =
        region_where(numbers_.chance(50) ? is_open_parent_without_tasks : is_open_parent);
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
  /// Mostly a task of which `prefer` is true, if there is one.
  template <class Prefer>
  TaskName task_where(Prefer prefer) {
    const auto at = std::find_if(state_.tasks.begin(), state_.tasks.end(), prefer);
    return at != state_.tasks.end() && numbers_.chance(60) ? at->name : task();
  }
  TaskName task_in(TaskPhase phase) {
    return task_where([phase](const spec::Task& task) { return task.phase == phase; });
  }
  ObligationName obligation() {
    const bool none = state_.obligations.empty() || numbers_.chance(4);
    chosen_ = none ? ObligationName{obligation_count - 1}
                   : state_.obligations[numbers_.below(state_.obligations.size())].name;
    const auto late = std::find_if(
        state_.obligations.begin(), state_.obligations.end(),
        [&](const auto& row) { return !spec::is_live(*spec::find(state_, row.region)); });
    if (late != state_.obligations.end() && numbers_.chance(30)) chosen_ = late->name;
    return chosen_;
  }
  TaskName holder() {
    const spec::Obligation* const row = spec::find(state_, chosen_);
    return row != nullptr && numbers_.chance(85) ? row->holder : task();
  }
  CancelKind kind() { return static_cast<CancelKind>(numbers_.below(cancel_kind_count)); }
  Budget budget() {
    Budget some;
    if (numbers_.chance(20)) some.deadline_ticks = state_.now + numbers_.below(6);
    if (numbers_.chance(25)) some.poll_quota = numbers_.below(3);
    if (numbers_.chance(20)) some.cost_quota = numbers_.below(4);
    if (numbers_.chance(20)) some.priority = static_cast<std::uint8_t>(numbers_.below(256));
    return some;
  }
  LeakPolicy policy() {
    const auto response = [this] {
      return static_cast<LeakResponse>(numbers_.below(leak_response_count));
    };
    LeakPolicy some{.response = response()};
    if (numbers_.chance(60)) some.escalate_after = 1 + numbers_.below(3);
    some.escalate_to = response();
    return some;
  }
  Limits limits() {
    Limits some;
    if (numbers_.chance(35)) some.child_regions = numbers_.below(2);
    if (numbers_.chance(35)) some.body_tasks = numbers_.below(3);
    if (numbers_.chance(35)) some.obligations = numbers_.below(2);
    return some;
  }

  Numbers numbers_;
  std::vector<Action> prepared_;
  std::size_t prepared_place_ = 0;
  spec::State state_;
  std::uint32_t steps_ = 0;
  std::uint32_t next_region_ = 1;
  std::uint32_t next_task_ = 0;
  std::uint32_t next_obligation_ = 0;
  ObligationName chosen_;
  bool uses_last_name_ = false;
};

}  // namespace

std::vector<Sample> take_samples(std::uint64_t seed, std::size_t count, Beginning beginning) {
  std::vector<Sample> samples;
  for (std::uint64_t index = 0; samples.size() < count; ++index) {
    Walk walk(refine::derived(seed, index), beginning);
    Sample sample;
    while (samples.size() < count && walk.next(sample)) samples.push_back(sample);
  }
  return samples;
}

}  // namespace quiesce::smt
