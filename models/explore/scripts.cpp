#include "models/explore/scripts.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <span>
#include <unordered_set>
#include <vector>

#include "models/explore/house_text.hpp"
#include "models/explore/key_set.hpp"
#include "models/explore/model.hpp"
#include "spec/invariants.hpp"
#include "spec/step.hpp"

namespace quiesce::explore {
namespace {

using spec::State;
using spec::Transition;

/// Numbers as a function of a seed: the same on every machine.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : at_(mix(seed)) {}
  std::uint32_t below(std::size_t count) {
    at_ += 0x9E37'79B9'7F4A'7C15U;
    return static_cast<std::uint32_t>(((mix(at_) >> 32U) * count) >> 32U);
  }
  bool chance(std::uint32_t percent) { return below(100) < percent; }

 private:
  std::uint64_t at_;
};

/// Draws one action after the other, mostly such that the state admits it.
class ScriptWriter {
 public:
  explicit ScriptWriter(std::uint64_t seed) : draws_(seed) {}
  LeakPolicy leaks();
  Action next(const State& s);

 private:
  static constexpr std::uint32_t most_regions = 5;
  static constexpr std::uint32_t most_tasks = 10;
  static constexpr std::uint32_t most_obligations = 8;

  /// One of the rows; a live one if one of three draws finds one.
  template <class Rows>
  auto any_of(const Rows& rows) {
    auto name = rows[draws_.below(rows.size())].name;
    for (int i = 0; i < 2 && !draws_.chance(10) && !is_live(*find_row(rows, name)); ++i) {
      name = rows[draws_.below(rows.size())].name;
    }
    return name;
  }
  template <class Rows, class EntityName>
  static const auto* find_row(const Rows& rows, EntityName name) {
    return spec::row_of(rows, name);
  }
  RegionName region(const State& s) { return any_of(s.regions); }
  /// Mostly not the root, whose end is the end of the script.
  RegionName region_to_end(const State& s) {
    const RegionName name = region(s);
    return name == root_region && !draws_.chance(20) ? region(s) : name;
  }
  TaskName task(const State& s) { return s.tasks.empty() ? TaskName{0} : any_of(s.tasks); }
  CancelKind kind() { return static_cast<CancelKind>(draws_.below(cancel_kind_count)); }
  std::uint32_t quota() { return draws_.chance(60) ? unlimited : draws_.below(3); }
  Time deadline(const State& s) { return draws_.chance(60) ? never : s.now + draws_.below(4); }
  Budget budget(const State& s) {
    return {.deadline_ticks = deadline(s),
            .poll_quota = quota(),
            .cost_quota = quota(),
            .priority = static_cast<std::uint8_t>(draws_.below(3) * 100)};
  }
  Action resolution(const State& s);
  Action creation(const State& s);
  Action of_a_task(const State& s);

  Draws draws_;
  std::uint32_t regions_ = 1;
  std::uint32_t tasks_ = 0;
  std::uint32_t obligations_ = 0;
};

/// Log in half of the scripts.
LeakPolicy ScriptWriter::leaks() {
  if (draws_.chance(50)) return {};
  const auto response = [this] {
    return static_cast<LeakResponse>(draws_.below(leak_response_count));
  };
  LeakPolicy leaks{.response = response()};
  if (draws_.chance(50)) leaks.escalate_after = 1 + draws_.below(3);
  leaks.escalate_to = response();
  return leaks;
}

Action ScriptWriter::next(const State& s) {
  if (s.tasks.empty() && draws_.chance(70)) return creation(s);
  const std::uint32_t draw = draws_.below(100);
  if (draw < 28) return creation(s);
  if (draw < 36) return resolution(s);
  if (draw < 88) return of_a_task(s);
  if (draw < 92)
    return CloseRegion{region_to_end(s), draws_.chance(70) ? CloseMode::Await : CloseMode::Cancel};
  if (draw < 94) return CancelRegion{region_to_end(s), kind()};
  const Time to = s.now + draws_.below(3);
  return AdvanceTime{draws_.chance(15) && s.now > 0 ? s.now - 1 : to};
}

Action ScriptWriter::creation(const State& s) {
  switch (draws_.below(4)) {
    case 0:
      if (regions_ == most_regions) break;
      return OpenRegion{RegionName{regions_++}, region(s), budget(s),
                        Limits{quota(), quota(), quota()},
                        draws_.chance(40) ? Policy::FailFast : Policy::CollectAll};
    case 1:
      if (tasks_ == most_tasks) break;
      return DeferFinalizer{TaskName{tasks_++}, region(s)};
    case 2:
      if (obligations_ == most_obligations || s.tasks.empty()) break;
      {
        const TaskName holder = task(s);
        const RegionName owner = find(s, holder)->owner;
        return Reserve{ObligationName{obligations_++}, holder,
                       draws_.chance(10) ? region(s) : owner,
                       static_cast<ObligationKind>(draws_.below(obligation_kind_count))};
      }
    default: break;
  }
  if (tasks_ == most_tasks) return of_a_task(s);
  return Spawn{TaskName{tasks_++}, region(s), budget(s)};
}

Action ScriptWriter::resolution(const State& s) {
  if (s.obligations.empty()) return of_a_task(s);
  const spec::Obligation& row = s.obligations[draws_.below(s.obligations.size())];
  const TaskName actor = draws_.chance(90) ? row.holder : task(s);
  if (draws_.chance(50)) return Commit{row.name, actor};
  return Abort{row.name, actor, draws_.chance(50) ? AbortReason::Error : AbortReason::Explicit};
}

Action ScriptWriter::of_a_task(const State& s) {
  const TaskName name = task(s);
  switch (draws_.below(14)) {
    case 0:
    case 1:
    case 2: return Start{name};
    case 3: return Poll{name};
    case 4:
    case 5: return Checkpoint{name};
    case 6:
    case 7: return EnterMask{name, static_cast<std::uint8_t>(draws_.below(max_mask_units + 3U))};
    case 8: return LeaveMask{name};
    case 9: return CleanupDone{name};
    case 10: return CancelTask{name, kind()};
    case 11:
    case 12: return Join{name, task(s)};
    default: break;
  }
  const auto outcome = static_cast<OutcomeKind>(draws_.below(outcome_kind_count));
  if (outcome != OutcomeKind::Cancelled) return Return{name, outcome};
  return Return{name, outcome, kind()};
}

/// The facts that a step breaks and those that it shows: invariants, then properties of steps.
struct Seen {
  FactSet broken;
  FactSet shown;
};

Seen seen_in(const Transition& t, const FactSet& wanted) {
  const auto invariants = spec::invariants();
  const auto properties = spec::step_properties();
  Seen seen;
  seen.broken = FactSet::of(spec::violated_rows(t.after)) |
                FactSet::of(spec::violated_rows(t), invariants.size());
  wanted.for_each([&](std::size_t i) {
    const bool shown = i < invariants.size() ? invariants[i].interesting(t.after)
                                             : properties[i - invariants.size()].interesting(t);
    seen.shown.add_if(shown, i);
  });
  return seen;
}

bool breaks_at_its_end(const LeakPolicy& leaks, std::span<const Action> script, std::size_t fact) {
  State state = spec::initial(leaks);
  for (std::size_t i = 0; i < script.size(); ++i) {
    const spec::Step step = spec::step(state, script[i]);
    if (i + 1 == script.size())
      return seen_in({state, script[i], step.answer, step.after}, {}).broken.has(fact);
    state = step.after;
  }
  return false;
}

/// Leaves out whatever action is not needed.
std::vector<Action> shortened(const LeakPolicy& leaks, std::vector<Action> script,
                              std::size_t fact) {
  for (std::size_t i = script.size() - 1; i-- > 0;) {
    std::vector<Action> shorter = script;
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
    if (breaks_at_its_end(leaks, shorter, fact)) script = std::move(shorter);
  }
  return script;
}

/// The walk and its counts.
class Walk {
 public:
  Walk(const ScriptBounds& bounds, const SearchOptions& options);
  SearchResult run();

 private:
  void walk(std::uint64_t script);
  void take(const Action& action, State& state);
  void count(const Seen& seen);
  [[nodiscard]] Violation explained() const;
  void fill(SearchResult& result) const;

  const ScriptBounds bounds_;
  const SearchOptions& options_;
  std::vector<Fact> always_;
  std::vector<Fact> sometimes_;
  FactSet all_;
  FactSet shown_;
  FactSet broken_;
  std::vector<std::size_t> shown_level_;
  std::vector<std::size_t> broken_level_;
  std::vector<std::uint64_t> broke_;
  std::unordered_set<std::uint64_t> hashes_;
  std::vector<std::uint64_t> levels_;
  std::array<std::uint64_t, action_count> fired_{};
  std::map<std::pair<std::size_t, Guard>, std::uint64_t> refused_;
  LeakPolicy leaks_;
  std::vector<Action> script_;
  LeakPolicy bad_leaks_;
  std::vector<Action> bad_script_;
};

Walk::Walk(const ScriptBounds& bounds, const SearchOptions& options)
    : bounds_(bounds), options_(options), levels_(bounds.length + 1, 0) {
  const auto add = [this](const auto& row) {
    always_.push_back({row.id, row.sentence});
    sometimes_.push_back({row.id, row.interesting_case});
  };
  for (const spec::Invariant& invariant : spec::invariants()) add(invariant);
  for (const spec::StepProperty& property : spec::step_properties()) add(property);
  all_ = FactSet::below(always_.size());
  shown_level_.assign(always_.size(), 0);
  broken_level_.assign(always_.size(), 0);
  broke_.assign(always_.size(), 0);
}

void Walk::count(const Seen& seen) {
  const std::size_t level = script_.size();
  for (std::size_t i = 0; i < always_.size(); ++i) {
    if (seen.shown.has(i)) shown_level_[i] = level;
    if (!seen.broken.has(i)) continue;
    if (broke_[i]++ == 0) broken_level_[i] = level;
    broken_level_[i] = std::min(broken_level_[i], level);
  }
  if (broken_.empty() && !seen.broken.empty()) {
    bad_leaks_ = leaks_;
    bad_script_ = script_;
    broken_ = seen.broken;
  }
  shown_ |= seen.shown;
}

void Walk::take(const Action& action, State& state) {
  script_.push_back(action);
  spec::Step step = spec::step(state, action);
  if (is_done(step.answer)) {
    ++fired_[action.index()];
  } else {
    ++refused_[{action.index(), std::get<Refused>(step.answer).guard}];
  }
  count(seen_in({state, action, step.answer, step.after}, all_ - shown_));
  state = std::move(step.after);
  if (hashes_.insert(spec::hash_value(state)).second) ++levels_[script_.size()];
}

void Walk::walk(std::uint64_t script) {
  ScriptWriter writer(mix(bounds_.seed) + script);
  leaks_ = writer.leaks();
  State state = spec::initial(leaks_);
  if (hashes_.insert(spec::hash_value(state)).second) ++levels_[0];
  script_.clear();
  while (script_.size() < bounds_.length && (broken_.empty() || options_.keep_going)) {
    take(writer.next(state), state);
  }
}

Violation Walk::explained() const {
  const std::size_t fact = broken_.first();
  const std::vector<Action> script = shortened(bad_leaks_, bad_script_, fact);
  Violation violation{std::string(always_[fact].id), std::string(always_[fact].sentence), "", {}};
  State state = spec::initial(bad_leaks_);
  violation.trace.push_back({"", "", house_text(state), {}});
  for (const Action& action : script) {
    const spec::Step step = spec::step(state, action);
    const Transition t{state, action, step.answer, step.after};
    const std::size_t invariants = spec::invariants().size();
    const spec::Violation facts = fact < invariants
                                      ? spec::invariants()[fact].violated(step.after)
                                      : spec::step_properties()[fact - invariants].violated(t);
    violation.facts = facts.value_or("?");
    violation.trace.push_back({std::string(action_verb(action.index())),
                               to_text(action) + " answers " + to_text(step.answer),
                               house_text(step.after),
                               {}});
    state = step.after;
  }
  return violation;
}

void Walk::fill(SearchResult& result) const {
  for (std::size_t i = 0; i < fired_.size(); ++i) {
    result.actions.emplace_back(std::string(action_verb(i)), fired_[i]);
    result.transitions += fired_[i];
  }
  for (const auto& [pair, times] : refused_) {
    result.refusals.push_back(
        {std::string(action_verb(pair.first)), std::string(to_text(pair.second)), times});
  }
  for (std::size_t i = 0; i < always_.size(); ++i) {
    result.always.emplace_back(std::string(always_[i].id), std::string(always_[i].sentence));
    Witness witness{std::string(sometimes_[i].id), std::string(sometimes_[i].sentence), "", {}, {}};
    if (shown_.has(i)) witness.first_level = shown_level_[i];
    result.sometimes.push_back(std::move(witness));
    if (broke_[i] != 0)
      result.broken.push_back({std::string(always_[i].id), broken_level_[i], broke_[i]});
  }
}

SearchResult Walk::run() {
  const auto started = std::chrono::steady_clock::now();
  SearchResult result;
  result.ended = Ended::Sampled;
  for (std::uint64_t script = 0; script < bounds_.scripts; ++script) {
    if (options_.stop_requested && options_.stop_requested()) {
      result.ended = Ended::Interrupted;
      break;
    }
    walk(script);
    if (broken_.empty() || options_.keep_going) continue;
    result.ended = Ended::Violated;
    break;
  }
  fill(result);
  if (!broken_.empty()) result.violation = explained();
  result.distinct_states = result.expanded_states = hashes_.size();
  result.levels = levels_;
  while (result.levels.back() == 0) result.levels.pop_back();
  result.exact = false;
  const auto states = static_cast<double>(hashes_.size());
  result.collision_probability = states * states / 0x1p65;
  result.state_bytes = sizeof(State);
  result.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return result;
}

}  // namespace

SearchResult walk_scripts(const ScriptBounds& bounds, const SearchOptions& options) {
  return Walk(bounds, options).run();
}

}  // namespace quiesce::explore
