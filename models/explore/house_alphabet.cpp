#include "models/explore/house_alphabet.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace quiesce::explore {
namespace {

constexpr std::uint32_t guards(std::initializer_list<Guard> listed) {
  std::uint32_t set = 0;
  for (const Guard guard : listed) set |= 1U << static_cast<unsigned>(guard);
  return set;
}

struct Verb {
  std::size_t index;       ///< in the variant Action
  std::uint32_t refusals;  ///< a bit for each guard that semantics.md lists
};

template <class A>
constexpr std::size_t index_of() {
  return []<class... As>(const std::variant<As...>*) {
    std::size_t index = 0;
    static_cast<void>(((std::is_same_v<A, As> || (++index, false)) || ...));
    return index;
  }(static_cast<const Action*>(nullptr));
}

using enum Guard;
constexpr std::array<Verb, action_count> table{{
    {index_of<OpenRegion>(), guards({RegionExists, RegionOpen, WithinLimit})},
    {index_of<CloseRegion>(), guards({RegionExists, RegionOpen})},
    {index_of<CancelRegion>(), guards({RegionExists, RegionNotClosed})},
    {index_of<DeferFinalizer>(), guards({RegionExists, RegionOpen})},
    {index_of<Spawn>(), guards({RegionExists, RegionOpen, WithinLimit})},
    {index_of<Start>(), guards({TaskExists, TaskCreated})},
    {index_of<Poll>(), guards({TaskExists, TaskStarted, TaskLive})},
    {index_of<Checkpoint>(), guards({TaskExists, TaskStarted, TaskLive})},
    {index_of<EnterMask>(),
     guards({TaskExists, TaskIsBody, TaskRunning, NotMasked, WithinMaskBound})},
    {index_of<LeaveMask>(), guards({TaskExists, TaskLive, TaskMasked})},
    {index_of<CleanupDone>(), guards({TaskExists, TaskCancelling})},
    {index_of<Return>(), guards({TaskExists, TaskStarted, TaskLive})},
    {index_of<CancelTask>(), guards({TaskExists, TaskLive, TaskIsBody})},
    {index_of<Join>(), guards({TaskExists, JoinerLive, NotSelf})},
    {index_of<Reserve>(),
     guards({RegionExists, TaskExists, TaskOwnedByRegion, TaskLive, RegionOpen, WithinLimit})},
    {index_of<Commit>(),
     guards({ObligationExists, ActorIsHolder, RegionNotClosed, ObligationReserved})},
    {index_of<Abort>(),
     guards({ObligationExists, ActorIsHolder, RegionNotClosed, ObligationReserved})},
    {index_of<AdvanceTime>(), guards({TimeNotBackwards})},
}};

constexpr std::array<CancelKind, 2> cancel_kinds{CancelKind::User, CancelKind::Shutdown};
constexpr std::array<Policy, 2> policies{Policy::CollectAll, Policy::FailFast};

/// What an action asks for: 0..quota, and no quota.
std::vector<std::uint32_t> quotas_of(const HouseBounds& bounds) {
  std::vector<std::uint32_t> quotas{unlimited};
  for (std::uint32_t quota = 0; bounds.quota != 0 && quota <= bounds.quota; ++quota)
    quotas.push_back(quota);
  return quotas;
}

/// No deadline, and 1..time.
std::vector<Time> deadlines_of(const HouseBounds& bounds) {
  std::vector<Time> deadlines{never};
  for (Time deadline = 1; deadline <= bounds.time; ++deadline) deadlines.push_back(deadline);
  return deadlines;
}

/// No limits, and one of a kind: a rule that looks at the limit of another kind admits too many.
constexpr std::array<Limits, 4> limits_asked{no_limits, Limits{.child_regions = 1},
                                             Limits{.body_tasks = 1}, Limits{.obligations = 1}};
std::span<const Limits> limits_of(const HouseBounds& bounds) {
  return std::span(limits_asked).first(bounds.limits == 0 ? 1 : limits_asked.size());
}

}  // namespace

template <class A>
HouseAlphabet::Instance HouseAlphabet::instance(const A& action) const {
  return {verb_numbers_[index_of<A>()], action, 0};
}

void HouseAlphabet::find_verbs() {
  const auto is_in_bounds = [this](std::size_t index) {
    if (index == index_of<Poll>()) return bounds_.quota != 0;
    if (index == index_of<Join>()) return bounds_.joins != 0;
    return index != index_of<AdvanceTime>() || bounds_.time != 0;
  };
  verb_numbers_.resize(action_count);
  for (const Verb& verb : table) {
    if (!is_in_bounds(verb.index)) continue;
    verb_numbers_[verb.index] = verbs_.size();
    verbs_.push_back(action_verb(verb.index));
    refusals_.push_back(verb.refusals);
  }
}

HouseAlphabet::HouseAlphabet(const HouseBounds& bounds)
    : bounds_(bounds), has_more_(bounds.time + bounds.quota + bounds.joins != 0) {
  find_verbs();
  for (std::uint32_t region = 0; region < bounds_.regions; ++region) {
    regions_.push_back(of_region(RegionName{region}));
  }
  for (std::uint32_t task = 0; task < bounds_.tasks + bounds_.finalizers; ++task) {
    tasks_.push_back(of_task(TaskName{task}));
  }
  for (std::uint32_t name = 0; name < bounds_.obligations; ++name) {
    std::vector<Instances>& by_holder = resolutions_.emplace_back();
    for (std::uint32_t task = 0; task < bounds_.tasks + bounds_.finalizers; ++task) {
      by_holder.push_back({instance(Commit{ObligationName{name}, TaskName{task}}),
                           instance(Abort{ObligationName{name}, TaskName{task}})});
    }
  }
  for (Time to = 0; bounds_.time != 0 && to <= bounds_.time; ++to)
    clock_.push_back(instance(AdvanceTime{to}));
  number_all();
}

void HouseAlphabet::number(Instances& instances) {
  for (Instance& instance : instances) {
    instance.number = all_.size();
    all_.push_back(instance.action);
  }
}

void HouseAlphabet::number_all() {
  for (OfRegion& of : regions_) {
    for (Instances& opens : of.opens) number(opens);
    number(of.spawns);
    for (Instances& spawns : of.quota_spawns) number(spawns);
    number(of.defers);
    number(of.others);
  }
  for (OfTask& of : tasks_) {
    for (Instances& reserves : of.reserves) number(reserves);
    number(of.others);
    number(of.polls);
    number(of.joins);
  }
  for (auto& by_holder : resolutions_) {
    for (Instances& resolutions : by_holder) number(resolutions);
  }
  number(clock_);
}

/// Every policy with every budget and every limit.
HouseAlphabet::Instances HouseAlphabet::opens_of(RegionName name, RegionName parent) const {
  Instances opens;
  for (std::uint32_t policy = 0; policy < bounds_.policies; ++policy) {
    for (const Time deadline : deadlines_of(bounds_)) {
      for (const std::uint32_t quota : quotas_of(bounds_)) {
        for (const Limits& limits : limits_of(bounds_)) {
          opens.push_back(
              instance(OpenRegion{.name = name,
                                  .parent = parent,
                                  .budget = {.deadline_ticks = deadline, .poll_quota = quota},
                                  .limits = limits,
                                  .policy = policies[policy]}));
        }
      }
    }
  }
  return opens;
}

HouseAlphabet::OfRegion HouseAlphabet::of_region(RegionName region) const {
  OfRegion of;
  for (std::uint32_t name = 0; name < bounds_.regions; ++name) {
    of.opens.push_back(opens_of(RegionName{name}, region));
  }
  for (std::uint32_t name = 0; name < bounds_.tasks; ++name) {
    of.spawns.push_back(instance(Spawn{.name = TaskName{name}, .region = region}));
    Instances& spawns = of.quota_spawns.emplace_back();
    for (const std::uint32_t quota : quotas_of(bounds_)) {
      if (quota != unlimited)
        spawns.push_back(instance(Spawn{TaskName{name}, region, {.poll_quota = quota}}));
    }
  }
  for (std::uint32_t name = 0; name < bounds_.finalizers; ++name) {
    of.defers.push_back(instance(DeferFinalizer{TaskName{bounds_.tasks + name}, region}));
  }
  of.others = {instance(CloseRegion{region, CloseMode::Await}),
               instance(CloseRegion{region, CloseMode::Cancel})};
  for (std::uint32_t kind = 0; kind < bounds_.kinds; ++kind) {
    of.others.push_back(instance(CancelRegion{region, cancel_kinds[kind]}));
  }
  return of;
}

HouseAlphabet::OfTask HouseAlphabet::of_task(TaskName task) const {
  OfTask of;
  for (std::uint32_t name = 0; name < bounds_.obligations; ++name) {
    Instances& by_owner = of.reserves.emplace_back();
    for (std::uint32_t owner = 0; owner < bounds_.regions; ++owner) {
      by_owner.push_back(instance(Reserve{ObligationName{name}, task, RegionName{owner}}));
    }
  }
  of.others = {instance(Start{task}), instance(Checkpoint{task}), instance(LeaveMask{task}),
               instance(CleanupDone{task})};
  for (std::uint32_t units = 1; units <= bounds_.mask; ++units) {
    of.others.push_back(instance(EnterMask{task, static_cast<std::uint8_t>(units)}));
  }
  for (const OutcomeKind outcome :
       {OutcomeKind::Ok, OutcomeKind::Err, OutcomeKind::Panicked, OutcomeKind::Cancelled}) {
    of.others.push_back(instance(Return{task, outcome}));
  }
  for (std::uint32_t kind = 0; kind < bounds_.kinds; ++kind) {
    of.others.push_back(instance(CancelTask{task, cancel_kinds[kind]}));
  }
  if (bounds_.quota != 0) of.polls.push_back(instance(Poll{task}));
  for (std::uint32_t target = 0; bounds_.joins != 0 && target < bounds_.tasks + bounds_.finalizers;
       ++target) {
    of.joins.push_back(instance(Join{task, TaskName{target}}));
  }
  return of;
}

HouseAlphabet::Handed HouseAlphabet::names_handed_out(const spec::State& state) const {
  Handed handed{state.regions.size(), 0, 0, state.obligations.size()};
  for (const spec::Task& task : state.tasks)
    ++(task.is_finalizer ? handed.finalizers : handed.tasks);
  for (const spec::Region& region : state.regions) handed.finalizers += region.finalizers.size();
  return handed;
}

/// Each region, task and obligation has its instances; the creating ones count for each parent.
std::size_t HouseAlphabet::most_instances() const {
  const std::size_t tasks = bounds_.tasks + bounds_.finalizers;
  const std::size_t quotas = quotas_of(bounds_).size();
  const std::size_t opens =
      bounds_.policies * deadlines_of(bounds_).size() * quotas * limits_of(bounds_).size();
  const std::size_t of_a_region = opens + quotas + 1 + 2 + bounds_.kinds;
  const std::size_t of_a_task = 4 + bounds_.mask + 4 + bounds_.kinds + 1;
  const std::size_t more_of_a_task = (bounds_.quota == 0 ? 0 : 1) + bounds_.joins * tasks;
  return bounds_.regions * of_a_region + tasks * (of_a_task + more_of_a_task) +
         bounds_.obligations * 2 + (bounds_.time == 0 ? 0 : 3);
}

}  // namespace quiesce::explore
