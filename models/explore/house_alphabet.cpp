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
constexpr std::array<Verb, HouseAlphabet::verb_count> table{{
    {index_of<OpenRegion>(), guards({RegionExists, RegionOpen, WithinLimit})},
    {index_of<CloseRegion>(), guards({RegionExists, RegionOpen})},
    {index_of<CancelRegion>(), guards({RegionExists, RegionNotClosed})},
    {index_of<DeferFinalizer>(), guards({RegionExists, RegionOpen})},
    {index_of<Spawn>(), guards({RegionExists, RegionOpen, WithinLimit})},
    {index_of<Start>(), guards({TaskExists, TaskCreated})},
    {index_of<Checkpoint>(), guards({TaskExists, TaskStarted, TaskLive})},
    {index_of<EnterMask>(),
     guards({TaskExists, TaskIsBody, TaskRunning, NotMasked, WithinMaskBound})},
    {index_of<LeaveMask>(), guards({TaskExists, TaskLive, TaskMasked})},
    {index_of<CleanupDone>(), guards({TaskExists, TaskCancelling})},
    {index_of<Return>(), guards({TaskExists, TaskStarted, TaskLive})},
    {index_of<CancelTask>(), guards({TaskExists, TaskLive, TaskIsBody})},
    {index_of<Reserve>(),
     guards({RegionExists, TaskExists, TaskOwnedByRegion, TaskLive, RegionOpen, WithinLimit})},
    {index_of<Commit>(),
     guards({ObligationExists, ActorIsHolder, RegionNotClosed, ObligationReserved})},
    {index_of<Abort>(),
     guards({ObligationExists, ActorIsHolder, RegionNotClosed, ObligationReserved})},
}};

template <class A>
HouseAlphabet::Instance instance(const A& action) {
  const auto at = std::find_if(table.begin(), table.end(),
                               [](const Verb& verb) { return verb.index == index_of<A>(); });
  return {static_cast<std::size_t>(at - table.begin()), action, 0};
}

constexpr std::array<CancelKind, 2> cancel_kinds{CancelKind::User, CancelKind::Shutdown};
constexpr std::array<Policy, 2> policies{Policy::CollectAll, Policy::FailFast};

}  // namespace

HouseAlphabet::HouseAlphabet(const HouseBounds& bounds) : bounds_(bounds) {
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
    number(of.defers);
    number(of.others);
  }
  for (OfTask& of : tasks_) {
    for (Instances& reserves : of.reserves) number(reserves);
    number(of.others);
  }
  for (auto& by_holder : resolutions_) {
    for (Instances& resolutions : by_holder) number(resolutions);
  }
}

HouseAlphabet::OfRegion HouseAlphabet::of_region(RegionName region) const {
  OfRegion of;
  for (std::uint32_t name = 0; name < bounds_.regions; ++name) {
    Instances& opens = of.opens.emplace_back();
    for (std::uint32_t policy = 0; policy < bounds_.policies; ++policy) {
      opens.push_back(instance(
          OpenRegion{.name = RegionName{name}, .parent = region, .policy = policies[policy]}));
    }
  }
  for (std::uint32_t name = 0; name < bounds_.tasks; ++name) {
    of.spawns.push_back(instance(Spawn{.name = TaskName{name}, .region = region}));
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
  const std::size_t of_a_region = bounds_.policies + 1 + 1 + 2 + bounds_.kinds;
  const std::size_t of_a_task = 4 + bounds_.mask + 4 + bounds_.kinds + 1;
  return bounds_.regions * of_a_region + (bounds_.tasks + bounds_.finalizers) * of_a_task +
         bounds_.obligations * 2;
}

std::span<const std::string_view> HouseAlphabet::verbs() {
  static const std::array<std::string_view, verb_count> words = [] {
    std::array<std::string_view, verb_count> made;
    for (std::size_t verb = 0; verb < verb_count; ++verb)
      made[verb] = action_verb(table[verb].index);
    return made;
  }();
  return words;
}

bool HouseAlphabet::may_refuse(std::size_t verb, Guard guard) {
  return (table[verb].refusals >> static_cast<unsigned>(guard) & 1U) != 0;
}

}  // namespace quiesce::explore
