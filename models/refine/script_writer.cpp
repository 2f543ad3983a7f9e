#include "models/refine/script_writer.hpp"

#include <algorithm>
#include <utility>

#include "spec/step.hpp"

namespace quiesce::refine {
namespace {

// How often each verb is chosen, in the order of the alphabet; a script then favours a few.
constexpr std::array<std::uint32_t, action_count> base_weights{
    /* open_region */ 6,   /* close_region */ 10,
    /* cancel_region */ 8, /* defer_finalizer */ 5,
    /* spawn */ 14,        /* start */ 9,
    /* poll */ 5,          /* checkpoint */ 9,
    /* enter_mask */ 5,    /* leave_mask */ 4,
    /* cleanup_done */ 5,  /* return */ 15,
    /* cancel_task */ 8,   /* join */ 6,
    /* reserve */ 9,       /* commit */ 7,
    /* abort */ 6,         /* advance_time */ 4};

constexpr std::uint32_t percent_never_created = 4;
constexpr std::uint32_t percent_preferred = 80;
constexpr std::uint32_t percent_in_focus = 70;
constexpr std::uint32_t percent_far = 10;     // numbers that are large
constexpr Time latest_jump = Time{1} << 62U;  // a jump from there ends before `never`

bool is_open(const spec::Region& region) {
  return region.phase == RegionPhase::Open;
}
bool has_started(const spec::Task& task) {
  return spec::is_live(task) && task.phase != TaskPhase::Created;
}

}  // namespace

ScriptWriter::ScriptWriter(std::uint64_t seed)
    : numbers_(seed), state_(spec::initial()), weights_(base_weights) {
  for (int favoured = 0; favoured < 3; ++favoured) weights_[numbers_.below(action_count)] *= 4;
}

void ScriptWriter::add(std::vector<Action>& into, const Action& action) {
  into.push_back(action);
  state_ = spec::step(std::move(state_), action).after;
}

void ScriptWriter::add_any(std::vector<Action>& into) {
  add(into, any());
}

void ScriptWriter::refocus() {
  focus_ = root_region;
  if (numbers_.chance(85)) {
    const auto& rows = state_.regions;
    for (int tries = 0; tries < 4; ++tries) {
      const spec::Region& row = rows[numbers_.below(rows.size())];
      if (spec::is_live(row) && row.name != root_region) focus_ = row.name;
    }
  }
}

template <class Prefer>
RegionName ScriptWriter::region_where(Prefer&& prefer) {
  if (numbers_.chance(percent_never_created)) return {next_region_ + numbers_.below(2)};
  const bool preferred = numbers_.chance(percent_preferred);
  if (preferred && numbers_.chance(percent_in_focus)) {
    const spec::Region* focus = spec::find(std::as_const(state_), focus_);
    if (focus != nullptr && prefer(*focus)) return focus_;
  }
  boost::container::small_vector<RegionName, 8> candidates;
  for (const spec::Region& row : state_.regions) {
    if (!preferred || prefer(row)) candidates.push_back(row.name);
  }
  if (candidates.empty()) return state_.regions[numbers_.below(state_.regions.size())].name;
  return candidates[numbers_.below(candidates.size())];
}

template <class Prefer>
TaskName ScriptWriter::task_where(Prefer&& prefer) {
  if (numbers_.chance(percent_never_created) || state_.tasks.empty()) {
    return {next_task_ + numbers_.below(2)};
  }
  const bool preferred = numbers_.chance(percent_preferred);
  const bool in_focus = numbers_.chance(percent_in_focus);
  boost::container::small_vector<TaskName, 16> candidates;
  boost::container::small_vector<TaskName, 16> focused;
  for (const spec::Task& row : state_.tasks) {
    if (preferred && !prefer(row)) continue;
    candidates.push_back(row.name);
    if (row.owner == focus_) focused.push_back(row.name);
  }
  if (in_focus && !focused.empty()) return focused[numbers_.below(focused.size())];
  if (candidates.empty()) return state_.tasks[numbers_.below(state_.tasks.size())].name;
  return candidates[numbers_.below(candidates.size())];
}

ObligationName ScriptWriter::any_obligation() {
  if (state_.obligations.empty() || numbers_.chance(percent_never_created)) {
    return {next_obligation_ + numbers_.below(2)};
  }
  boost::container::small_vector<ObligationName, 8> reserved;
  for (const spec::Obligation& row : state_.obligations) {
    if (spec::is_reserved(row)) reserved.push_back(row.name);
  }
  if (!reserved.empty() && numbers_.chance(70)) return reserved[numbers_.below(reserved.size())];
  return state_.obligations[numbers_.below(state_.obligations.size())].name;
}

CancelKind ScriptWriter::any_kind() {
  return static_cast<CancelKind>(numbers_.below(cancel_kind_count));
}

OutcomeKind ScriptWriter::any_outcome() {
  static constexpr std::array<std::uint32_t, 4> weights{5, 3, 2, 2};
  return static_cast<OutcomeKind>(numbers_.weighted(weights));
}

Budget ScriptWriter::any_budget() {
  Budget budget;
  if (numbers_.chance(25)) budget.poll_quota = numbers_.below(3);
  if (numbers_.chance(15)) {
    const Time passed = std::min<Time>(state_.now, 2);
    budget.deadline_ticks = state_.now - passed + numbers_.below(6 + passed);
  }
  if (numbers_.chance(10)) budget.cost_quota = numbers_.below(5);
  if (numbers_.chance(10)) budget.priority = static_cast<std::uint8_t>(numbers_.below(256));
  if (!numbers_.chance(percent_far)) return budget;
  switch (numbers_.below(3)) {
    case 0:
      budget.deadline_ticks = numbers_.chance(20)
                                  ? never - 1 - numbers_.below(3)
                                  : std::min(state_.now, latest_jump) + far_number(64);
      break;
    case 1: budget.poll_quota = static_cast<std::uint32_t>(far_number(32)); break;
    default: budget.cost_quota = static_cast<std::uint32_t>(far_number(32)); break;
  }
  return budget;
}

/// A number beside the largest of some width: whatever keeps it in fewer bits, as a signed number
/// or as a double, keeps another one.
std::uint64_t ScriptWriter::far_number(std::uint32_t bits) {
  static constexpr std::array<std::uint32_t, 8> widths{7, 8, 15, 16, 31, 32, 53, 63};
  const auto narrower = std::lower_bound(widths.begin(), widths.end(), bits) - widths.begin();
  const std::uint32_t width = widths[numbers_.below(static_cast<std::size_t>(narrower))];
  return (std::uint64_t{1} << width) - 1 + numbers_.below(3);
}

Action ScriptWriter::any_open_region() {
  OpenRegion a{{next_region_++}, region_where(is_open), any_budget(), {}, Policy::CollectAll};
  if (numbers_.chance(40)) a.policy = Policy::FailFast;
  if (numbers_.chance(20)) a.limits.body_tasks = numbers_.below(3);
  if (numbers_.chance(15)) a.limits.child_regions = numbers_.below(2);
  if (numbers_.chance(15)) a.limits.obligations = numbers_.below(2);
  if (numbers_.chance(percent_far)) {
    static constexpr std::array all{&Limits::child_regions, &Limits::body_tasks,
                                    &Limits::obligations};
    a.limits.*all[numbers_.below(all.size())] = static_cast<std::uint32_t>(far_number(32));
  }
  return a;
}

Action ScriptWriter::any_spawn() {
  return Spawn{{next_task_++}, region_where(is_open), any_budget()};
}

Action ScriptWriter::any_return() {
  Return a{task_where(has_started), any_outcome(), CancelKind::User};
  if (a.outcome == OutcomeKind::Cancelled) a.kind = any_kind();
  return a;
}

Action ScriptWriter::any_join() {
  const TaskName joiner = task_where([](const spec::Task& t) { return spec::is_live(t); });
  const bool ended = numbers_.chance(30);
  const TaskName target = task_where(
      [&](const spec::Task& t) { return spec::is_live(t) != ended && t.name != joiner; });
  return Join{joiner, numbers_.chance(6) ? joiner : target};
}

Action ScriptWriter::any_reserve() {
  const TaskName holder = task_where([](const spec::Task& t) { return spec::is_live(t); });
  const spec::Task* row = spec::find(std::as_const(state_), holder);
  const bool own = row != nullptr && numbers_.chance(85);
  const RegionName region =
      own ? row->owner : region_where([](const spec::Region& r) { return spec::is_live(r); });
  const auto kind = static_cast<ObligationKind>(numbers_.below(obligation_kind_count));
  return Reserve{{next_obligation_++}, holder, region, kind};
}

Action ScriptWriter::any_resolution(bool commit) {
  const ObligationName obligation = any_obligation();
  const spec::Obligation* row = spec::find(std::as_const(state_), obligation);
  const TaskName actor = row != nullptr && numbers_.chance(88)
                             ? row->holder
                             : task_where([](const spec::Task& t) { return spec::is_live(t); });
  if (commit) return Commit{obligation, actor};
  return Abort{obligation, actor, numbers_.chance(50) ? AbortReason::Error : AbortReason::Explicit};
}

Action ScriptWriter::any_time() {
  if (state_.now > 0 && numbers_.chance(20)) return AdvanceTime{state_.now - 1};
  if (numbers_.chance(50)) {
    Time next = never;
    for (const spec::Region& row : state_.regions) {
      if (spec::is_live(row) && row.budget.deadline_ticks >= state_.now) {
        next = std::min(next, row.budget.deadline_ticks);
      }
    }
    if (next != never) return AdvanceTime{next};
  }
  if (state_.now <= latest_jump && numbers_.chance(percent_far))
    return AdvanceTime{state_.now + far_number(64)};
  return AdvanceTime{state_.now + numbers_.below(4)};
}

std::size_t ScriptWriter::possible_soon(std::size_t verb) {
  static constexpr std::size_t spawn = 4;
  static constexpr std::size_t join = 13;
  static constexpr std::size_t reserve = 14;
  static constexpr std::size_t abort = 16;
  const bool needs_task = verb > spawn && verb <= abort;
  const bool needs_obligation = verb > reserve && verb <= abort;
  if (needs_task && state_.tasks.empty() && numbers_.chance(85)) return spawn;
  if (verb == join && state_.tasks.size() < 2 && numbers_.chance(60)) return spawn;
  if (needs_obligation && state_.obligations.empty() && numbers_.chance(75)) return reserve;
  return verb;
}

Action ScriptWriter::any() {
  const auto live_body = [](const spec::Task& t) { return spec::is_live(t) && spec::is_body(t); };
  const auto in_phase = [](TaskPhase phase) {
    return [phase](const spec::Task& t) { return t.phase == phase; };
  };
  switch (possible_soon(numbers_.weighted(weights_))) {
    case 0: return any_open_region();
    case 1:
      return CloseRegion{region_where(is_open),
                         numbers_.chance(70) ? CloseMode::Await : CloseMode::Cancel};
    case 2:
      return CancelRegion{region_where([](const spec::Region& r) { return spec::is_live(r); }),
                          any_kind()};
    case 3: return DeferFinalizer{{next_task_++}, region_where(is_open)};
    case 4: return any_spawn();
    case 5: return Start{task_where(in_phase(TaskPhase::Created))};
    case 6: return Poll{task_where(has_started)};
    case 7:
      return Checkpoint{
          task_where([](const spec::Task& t) { return spec::is_live(t) && t.reason.has_value(); })};
    case 8: {
      const TaskName task = task_where(
          [](const spec::Task& t) { return t.phase == TaskPhase::Running && spec::is_body(t); });
      const bool legal = numbers_.chance(85);
      const std::uint32_t units =
          legal ? numbers_.between(1, max_mask_units) : numbers_.below(2) * (max_mask_units + 1U);
      return EnterMask{task, static_cast<std::uint8_t>(units)};
    }
    case 9: return LeaveMask{task_where([](const spec::Task& t) { return t.mask_units > 0; })};
    case 10: return CleanupDone{task_where(in_phase(TaskPhase::Cancelling))};
    case 11: return any_return();
    case 12: return CancelTask{task_where(live_body), any_kind()};
    case 13: return any_join();
    case 14: return any_reserve();
    case 15: return any_resolution(true);
    case 16: return any_resolution(false);
    default: return any_time();
  }
}

}  // namespace quiesce::refine
