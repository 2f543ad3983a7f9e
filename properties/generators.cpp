#include "properties/generators.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <ostream>
#include <type_traits>
#include <utility>

#include "models/refine/generator.hpp"
#include "models/refine/numbers.hpp"

namespace quiesce::properties {
namespace {

template <class T>
rc::Seq<T> in_order(std::vector<T> candidates) {
  return rc::seq::fromContainer(std::move(candidates));
}

// Plainer: what is left of an action when its options are dropped one by one.
std::vector<Action> plainer_ones(const OpenRegion& a) {
  std::vector<Action> ones;
  if (a.parent != root_region && !a.parent.is_none()) {
    ones.emplace_back(OpenRegion{a.name, root_region, a.budget, a.limits, a.policy});
  }
  if (a.budget != no_budget) {
    ones.emplace_back(OpenRegion{a.name, a.parent, no_budget, a.limits, a.policy});
  }
  if (a.limits != no_limits) {
    ones.emplace_back(OpenRegion{a.name, a.parent, a.budget, no_limits, a.policy});
  }
  if (a.policy != Policy::CollectAll) {
    ones.emplace_back(OpenRegion{a.name, a.parent, a.budget, a.limits, Policy::CollectAll});
  }
  return ones;
}
std::vector<Action> plainer_ones(const Spawn& a) {
  std::vector<Action> ones;
  if (a.region != root_region && !a.region.is_none()) {
    ones.emplace_back(Spawn{a.name, root_region, a.budget});
  }
  if (a.budget != no_budget) ones.emplace_back(Spawn{a.name, a.region, no_budget});
  return ones;
}
std::vector<Action> plainer_ones(const CloseRegion& a) {
  std::vector<Action> ones;
  if (a.region != root_region && !a.region.is_none()) {
    ones.emplace_back(CloseRegion{root_region, a.mode});
  }
  if (a.mode != CloseMode::Await) ones.emplace_back(CloseRegion{a.region, CloseMode::Await});
  return ones;
}
std::vector<Action> plainer_ones(const CancelRegion& a) {
  std::vector<Action> ones{CloseRegion{a.region, CloseMode::Await}};
  if (a.region != root_region && !a.region.is_none()) {
    ones.emplace_back(CancelRegion{root_region, a.kind});
  }
  if (a.kind != CancelKind::User) ones.emplace_back(CancelRegion{a.region, CancelKind::User});
  return ones;
}
std::vector<Action> plainer_ones(const CancelTask& a) {
  if (a.kind == CancelKind::User) return {};
  return {CancelTask{a.task, CancelKind::User}};
}
std::vector<Action> plainer_ones(const EnterMask& a) {
  if (a.units <= 1) return {};
  return {EnterMask{a.task, 1}};
}
std::vector<Action> plainer_ones(const Return& a) {
  if (a.outcome == OutcomeKind::Ok) return {};
  std::vector<Action> ones{Return{a.task, OutcomeKind::Ok, CancelKind::User}};
  if (a.outcome == OutcomeKind::Panicked) {
    ones.emplace_back(Return{a.task, OutcomeKind::Err, CancelKind::User});
  }
  if (a.kind != CancelKind::User) ones.emplace_back(Return{a.task, a.outcome, CancelKind::User});
  return ones;
}
std::vector<Action> plainer_ones(const Reserve& a) {
  if (a.kind == ObligationKind::SendPermit) return {};
  return {Reserve{a.name, a.holder, a.region, ObligationKind::SendPermit}};
}
std::vector<Action> plainer_ones(const Abort& a) {
  return {Commit{a.obligation, a.actor}};
}
std::vector<Action> plainer_ones(const AdvanceTime& a) {
  if (a.to_ticks == 0) return {};
  return {AdvanceTime{a.to_ticks / 2}, AdvanceTime{a.to_ticks - 1}};
}
template <class Plain>
std::vector<Action> plainer_ones(const Plain& /*has no options*/) {
  return {};
}

/// The script without one branch, for each branch of at least two.
std::vector<refine::Script> without_a_branch(const refine::Script& script) {
  std::vector<refine::Script> candidates;
  for (std::size_t i = 0; i < script.branches.size(); ++i) {
    refine::Script fewer = script;
    fewer.branches.erase(fewer.branches.begin() + static_cast<std::ptrdiff_t>(i));
    candidates.push_back(std::move(fewer));
  }
  return candidates;
}

/// The first action of a branch, done before the branches begin.
std::vector<refine::Script> less_concurrent(const refine::Script& script) {
  std::vector<refine::Script> candidates;
  for (std::size_t i = 0; i < script.branches.size(); ++i) {
    if (script.branches[i].empty()) continue;
    refine::Script earlier = script;
    earlier.prefix.push_back(earlier.branches[i].front());
    earlier.branches[i].erase(earlier.branches[i].begin());
    if (earlier.branches[i].empty()) {
      earlier.branches.erase(earlier.branches.begin() + static_cast<std::ptrdiff_t>(i));
    }
    candidates.push_back(std::move(earlier));
  }
  return candidates;
}

/// Calls `rename(name)` for every Name of an action.
template <class Rename>
void each_name(Action& action, Rename&& rename) {
  std::visit(
      [&rename](auto& a) {
        if constexpr (requires { a.name; }) rename(a.name);
        if constexpr (requires { a.parent; }) rename(a.parent);
        if constexpr (requires { a.task; }) rename(a.task);
        if constexpr (requires { a.joiner; }) rename(a.joiner);
        if constexpr (requires { a.target; }) rename(a.target);
        if constexpr (requires { a.holder; }) rename(a.holder);
        if constexpr (requires { a.region; }) rename(a.region);
        if constexpr (requires { a.obligation; }) rename(a.obligation);
        if constexpr (requires { a.actor; }) rename(a.actor);
      },
      action);
}

template <class Look>
void each_action(refine::Script& script, Look&& look) {
  for (Action& action : script.prefix) look(action);
  for (auto& branch : script.branches) {
    for (Action& action : branch) look(action);
  }
  for (Action& action : script.suffix) look(action);
}

/// The same script with the smallest Names, in the order in which they first occur.
refine::Script renumbered(refine::Script script) {
  std::map<RegionName, RegionName> regions{{root_region, root_region}};
  std::map<TaskName, TaskName> tasks;
  std::map<ObligationName, ObligationName> obligations;
  const auto next_in = [](auto& known, auto& name, std::size_t from) {
    if (name.is_none()) return;
    const auto smallest =
        std::decay_t<decltype(name)>{static_cast<std::uint32_t>(known.size() + from)};
    name = known.emplace(name, smallest).first->second;
  };
  const auto rename = [&](auto& name) {
    using EntityName = std::decay_t<decltype(name)>;
    if constexpr (std::is_same_v<EntityName, RegionName>) next_in(regions, name, 0);
    if constexpr (std::is_same_v<EntityName, TaskName>) next_in(tasks, name, 1);
    if constexpr (std::is_same_v<EntityName, ObligationName>) next_in(obligations, name, 1);
  };
  each_action(script, [&rename](Action& action) { each_name(action, rename); });
  return script;
}

/// The prefix without one open_region: what happened there happens in its parent instead.
std::vector<refine::Script> with_a_region_merged(const refine::Script& script) {
  std::vector<refine::Script> candidates;
  for (std::size_t i = 0; i < script.prefix.size(); ++i) {
    const auto* const opened = std::get_if<OpenRegion>(&script.prefix[i]);
    if (opened == nullptr || opened->parent == opened->name) continue;
    refine::Script merged = script;
    merged.prefix.erase(merged.prefix.begin() + static_cast<std::ptrdiff_t>(i));
    const auto rename = [opened](auto& name) {
      if constexpr (std::is_same_v<std::decay_t<decltype(name)>, RegionName>) {
        if (name == opened->name) name = opened->parent;
      }
    };
    each_action(merged, [&rename](Action& action) { each_name(action, rename); });
    candidates.push_back(std::move(merged));
  }
  return candidates;
}

/// A close of some region where time passed: a plainer way to end it.
std::vector<refine::Script> with_a_close_for_time(const refine::Script& script) {
  std::vector<refine::Script> candidates;
  for (std::size_t b = 0; b < script.branches.size(); ++b) {
    for (std::size_t i = 0; i < script.branches[b].size(); ++i) {
      if (!std::holds_alternative<AdvanceTime>(script.branches[b][i])) continue;
      for (const Action& action : script.prefix) {
        const auto* const opened = std::get_if<OpenRegion>(&action);
        if (opened == nullptr) continue;
        refine::Script closing = script;
        closing.branches[b][i] = CloseRegion{opened->name, CloseMode::Await};
        candidates.push_back(std::move(closing));
      }
    }
  }
  return candidates;
}

/// The same script in its plainest writing, if it is not written so: the branches in the order of
/// their verbs, and the smallest Names. What is tidy stays as it is.
std::vector<refine::Script> tidied(const refine::Script& script) {
  const auto verbs = [](const std::vector<Action>& branch) {
    std::vector<std::size_t> indices;
    for (const Action& action : branch) indices.push_back(action.index());
    return indices;
  };
  refine::Script tidy = script;
  std::stable_sort(tidy.branches.begin(), tidy.branches.end(),
                   [&verbs](const auto& a, const auto& b) { return verbs(a) < verbs(b); });
  tidy = renumbered(std::move(tidy));
  if (tidy == script) return {};
  return {tidy};
}

/// Draws actions without looking at any state.
///   keeps    created Names are new; other Names are those created lately, the next one, or none
class WildWriter {
 public:
  explicit WildWriter(std::uint64_t seed) : numbers_(seed) {}

  LeakPolicy leaks() {
    return {.response = static_cast<LeakResponse>(numbers_.below(leak_response_count)),
            .escalate_after = numbers_.below(4),
            .escalate_to = static_cast<LeakResponse>(numbers_.below(leak_response_count))};
  }

  Action next() {
    switch (numbers_.below(action_count)) {
      case 0:
        return OpenRegion{RegionName{regions_++}, region(), budget(), limits(),
                          numbers_.chance(50) ? Policy::FailFast : Policy::CollectAll};
      case 1:
        return CloseRegion{region(), numbers_.chance(50) ? CloseMode::Await : CloseMode::Cancel};
      case 2: return CancelRegion{region(), kind()};
      case 3: return DeferFinalizer{TaskName{tasks_++}, region()};
      case 4: return Spawn{TaskName{tasks_++}, region(), budget()};
      case 5: return Start{task()};
      case 6: return Poll{task()};
      case 7: return Checkpoint{task()};
      case 8: return EnterMask{task(), static_cast<std::uint8_t>(numbers_.below(7))};
      case 9: return LeaveMask{task()};
      case 10: return CleanupDone{task()};
      case 11: return any_return();
      case 12: return CancelTask{task(), kind()};
      case 13: return Join{task(), task()};
      case 14:
        return Reserve{ObligationName{obligations_++}, task(), region(),
                       static_cast<ObligationKind>(numbers_.below(obligation_kind_count))};
      case 15: return Commit{obligation(), task()};
      case 16:
        return Abort{obligation(), task(),
                     numbers_.chance(50) ? AbortReason::Error : AbortReason::Explicit};
      default: return AdvanceTime{numbers_.chance(5) ? never - 1 : numbers_.below(9)};
    }
  }

 private:
  /// One of the last four created, the root's number, one that is not there yet, or none.
  std::uint32_t one_of(std::uint32_t created) {
    if (numbers_.chance(4)) return RegionName::none_value;
    if (numbers_.chance(4)) return created;
    return created - 1 - numbers_.below(std::min<std::size_t>(created, 4));
  }
  RegionName region() { return RegionName{numbers_.chance(10) ? 0 : one_of(regions_)}; }
  TaskName task() { return TaskName{one_of(tasks_)}; }
  ObligationName obligation() { return ObligationName{one_of(obligations_)}; }
  CancelKind kind() { return static_cast<CancelKind>(numbers_.below(cancel_kind_count)); }
  Action any_return() {
    Return a{task(), static_cast<OutcomeKind>(numbers_.below(outcome_kind_count))};
    if (a.outcome == OutcomeKind::Cancelled) a.kind = kind();
    return a;
  }
  std::uint32_t quota() {
    return numbers_.chance(60)   ? unlimited
           : numbers_.chance(20) ? unlimited - 1
                                 : numbers_.below(3);
  }
  Budget budget() {
    return {.deadline_ticks = numbers_.chance(60)   ? never
                              : numbers_.chance(10) ? never - 1
                                                    : numbers_.below(9),
            .poll_quota = quota(),
            .cost_quota = quota(),
            .priority = static_cast<std::uint8_t>(numbers_.below(256))};
  }
  Limits limits() { return {quota(), quota(), quota()}; }

  refine::Numbers numbers_;
  std::uint32_t regions_ = 1;
  std::uint32_t tasks_ = 1;
  std::uint32_t obligations_ = 1;
};

template <class T>
rc::Shrinkable<T> shrinking(T value) {
  return rc::shrinkable::shrinkRecur(std::move(value), [](const T& larger) {
    if constexpr (!std::is_same_v<T, Concurrent>) {
      return rc::seq::concat(rc::seq::map(smaller(larger.actions),
                                          [leaks = larger.leaks](std::vector<Action> actions) {
                                            return T{std::move(actions), leaks};
                                          }),
                             rc::seq::map(in_order(refine::simpler(larger.leaks)),
                                          [actions = larger.actions](const LeakPolicy& leaks) {
                                            return T{actions, leaks};
                                          }));
    } else {
      return rc::seq::map(smaller(larger.script),
                          [](refine::Script script) { return Concurrent{std::move(script)}; });
    }
  });
}

}  // namespace

void showValue(const Sequence& sequence, std::ostream& out) {
  out << refine::to_line(refine::Script{sequence.actions, {}, {}, sequence.leaks});
}
void showValue(const Wild& wild, std::ostream& out) {
  showValue(Sequence{wild.actions, wild.leaks}, out);
}
void showValue(const Concurrent& concurrent, std::ostream& out) {
  out << refine::to_line(concurrent.script);
}

rc::Seq<Action> plainer(const Action& action) {
  return in_order(std::visit([](const auto& a) { return plainer_ones(a); }, action));
}

rc::Seq<std::vector<Action>> smaller(const std::vector<Action>& actions) {
  return rc::seq::concat(rc::shrink::removeChunks(actions),
                         rc::shrink::eachElement(actions, &plainer));
}

rc::Seq<refine::Script> smaller(const refine::Script& script) {
  auto candidates = rc::seq::concat(
      in_order(without_a_branch(script)),
      rc::seq::map(
          rc::shrink::removeChunks(script.suffix),
          [script](std::vector<Action> suffix) {
            return refine::Script{script.prefix, script.branches, std::move(suffix), script.leaks};
          }),
      rc::seq::map(rc::shrink::removeChunks(script.prefix), [script](std::vector<Action> prefix) {
        return refine::Script{std::move(prefix), script.branches, script.suffix, script.leaks};
      }));
  for (std::size_t i = 0; i < script.branches.size(); ++i) {
    candidates = rc::seq::concat(
        std::move(candidates),
        rc::seq::map(smaller(script.branches[i]), [script, i](std::vector<Action> branch) {
          refine::Script fewer = script;
          fewer.branches[i] = std::move(branch);
          return fewer;
        }));
  }
  return rc::seq::concat(
      std::move(candidates), in_order(with_a_region_merged(script)),
      in_order(less_concurrent(script)), in_order(with_a_close_for_time(script)),
      rc::seq::map(
          rc::shrink::eachElement(script.prefix, &plainer),
          [script](std::vector<Action> prefix) {
            return refine::Script{std::move(prefix), script.branches, script.suffix, script.leaks};
          }),
      rc::seq::map(in_order(refine::simpler(script.leaks)),
                   [script](const LeakPolicy& leaks) {
                     refine::Script plainer_leaks = script;
                     plainer_leaks.leaks = leaks;
                     return plainer_leaks;
                   }),
      in_order(tidied(script)));
}

rc::Gen<Sequence> any_sequence() {
  return [](const rc::Random& random, int size) {
    rc::Random numbers = random;
    const auto length = static_cast<std::uint32_t>(1 + size / 2);
    refine::Script script = refine::generate_sequence(numbers.next(), 0, length);
    return shrinking(Sequence{std::move(script.prefix), script.leaks});
  };
}

rc::Gen<Wild> any_wild() {
  return [](const rc::Random& random, int size) {
    rc::Random seeds = random;
    WildWriter writer{seeds.next()};
    Wild wild;
    wild.leaks = writer.leaks();
    for (int i = 0; i <= size; ++i) wild.actions.push_back(writer.next());
    return shrinking(std::move(wild));
  };
}

rc::Gen<Concurrent> any_concurrent() {
  return [](const rc::Random& random, int size) {
    rc::Random numbers = random;
    refine::Shape shape;
    shape.branches_least = 2;
    shape.branches_most = 3;
    shape.operations_most = static_cast<std::uint32_t>(1 + size / 25);
    return shrinking(Concurrent{refine::generate_script(numbers.next(), 0, shape)});
  };
}

}  // namespace quiesce::properties

namespace quiesce {

void showValue(const CancelReason& reason, std::ostream& out) {
  out << to_text(reason);
}
void showValue(const Outcome& outcome, std::ostream& out) {
  out << to_text(outcome);
}
void showValue(const Budget& budget, std::ostream& out) {
  out << to_text(budget);
}

}  // namespace quiesce

namespace rc {
namespace {

/// Mostly small, so that two of them are often equal; sometimes as large as it can be.
Gen<std::uint64_t> small_or_largest(std::uint64_t largest) {
  return gen::weightedOneOf<std::uint64_t>(
      {{9, gen::inRange<std::uint64_t>(0, 4)}, {1, gen::element(largest - 1, largest)}});
}

}  // namespace

Gen<quiesce::CancelReason> Arbitrary<quiesce::CancelReason>::arbitrary() {
  return gen::map(gen::tuple(gen::inRange(0, quiesce::cancel_kind_count),
                             small_or_largest(quiesce::never), gen::inRange<std::uint32_t>(0, 4)),
                  [](const std::tuple<int, std::uint64_t, std::uint32_t>& parts) {
                    const auto& [kind, at_ticks, origin] = parts;
                    return quiesce::CancelReason{static_cast<quiesce::CancelKind>(kind), at_ticks,
                                                 quiesce::RegionName{origin}};
                  });
}

Gen<quiesce::Outcome> Arbitrary<quiesce::Outcome>::arbitrary() {
  return gen::weightedOneOf<quiesce::Outcome>(
      {{1, gen::just(quiesce::Outcome::ok())},
       {1, gen::just(quiesce::Outcome::err())},
       {1, gen::just(quiesce::Outcome::panicked())},
       {4, gen::map(gen::arbitrary<quiesce::CancelReason>(), &quiesce::Outcome::cancelled)}});
}

Gen<quiesce::Budget> Arbitrary<quiesce::Budget>::arbitrary() {
  return gen::map(
      gen::tuple(small_or_largest(quiesce::never), small_or_largest(quiesce::unlimited),
                 small_or_largest(quiesce::unlimited), small_or_largest(255)),
      [](const std::tuple<std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t>& parts) {
        const auto& [deadline, polls, cost, priority] = parts;
        return quiesce::Budget{.deadline_ticks = deadline,
                               .poll_quota = static_cast<std::uint32_t>(polls),
                               .cost_quota = static_cast<std::uint32_t>(cost),
                               .priority = static_cast<std::uint8_t>(priority)};
      });
}

}  // namespace rc
