// The external actions of the project's own bounded machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "models/explore/house_codec.hpp"
#include "spec/state.hpp"
#include "spec/vocabulary/action.hpp"
#include "spec/vocabulary/answer.hpp"

namespace quiesce::explore {

/// Every instance of every external action of the bounded machine, made once.
///   state    one kind of obligation; of budgets deadlines of regions, poll quotas of regions and
///            tasks; AdvanceTime, Poll, Join, budgets and limits only as far as the bounds go. A
///            task is polled while its quota is at most `quota`, or unlimited: the quotas of
///            cleanup budgets and of finalizers (50 to 1000) would multiply the states by their
///            number and show nothing that a small one does not
class HouseAlphabet {
 public:
  /// An action, and its number among the verbs.
  struct Instance {
    std::size_t verb = 0;
    Action action;
    std::size_t number = 0;  ///< among all instances of all states
  };

  explicit HouseAlphabet(const HouseBounds& bounds);

  /// Calls `attempt(instance)` for every instance over the names that exist in `state`, terminal
  /// ones and deferred finalizers included; a creating action as long as names are left.
  template <class Attempt>
  void for_each(const spec::State& state, Attempt&& attempt) const;
  [[nodiscard]] std::size_t most_instances() const;
  /// The action of every instance, by its number.
  [[nodiscard]] const std::vector<Action>& all() const { return all_; }

  /// "open_region" …, by the number of the verb: those that the bounds have.
  [[nodiscard]] std::span<const std::string_view> verbs() const { return verbs_; }
  /// Whether the table of semantics.md lets the verb be refused by the guard.
  [[nodiscard]] bool may_refuse(std::size_t verb, Guard guard) const {
    return (refusals_[verb] >> static_cast<unsigned>(guard) & 1U) != 0;
  }

 private:
  using Instances = std::vector<Instance>;
  /// How many names of each kind have been handed out.
  struct Handed {
    std::size_t regions;
    std::size_t tasks;
    std::size_t finalizers;
    std::size_t obligations;
  };
  struct OfRegion {
    std::vector<Instances> opens;         ///< by the new region's Name
    Instances spawns;                     ///< by the new task's Name
    std::vector<Instances> quota_spawns;  ///< by the new task's Name, then by the quota
    Instances defers;                     ///< by how many finalizers were deferred before
    Instances others;
  };
  struct OfTask {
    std::vector<Instances> reserves;  ///< by the new obligation's Name, then by the owner
    Instances others;
    Instances polls;  ///< one, or none
    Instances joins;  ///< by the target, or none
  };

  void find_verbs();
  template <class A>
  [[nodiscard]] Instance instance(const A& action) const;
  void number(Instances& instances);
  void number_all();
  [[nodiscard]] Handed names_handed_out(const spec::State& state) const;
  [[nodiscard]] OfRegion of_region(RegionName region) const;
  [[nodiscard]] OfTask of_task(TaskName task) const;
  [[nodiscard]] Instances opens_of(RegionName name, RegionName parent) const;
  [[nodiscard]] bool may_poll(const spec::Task& task) const {
    return task.budget.poll_quota <= bounds_.quota || task.budget.poll_quota == unlimited;
  }
  template <class Attempt>
  [[gnu::noinline]] void for_each_more(const spec::State& state, const Handed& handed,
                                       Attempt attempt) const;
  template <class Attempt>
  void for_each_join(const spec::State& state, Attempt& attempt) const;

  HouseBounds bounds_;
  bool has_more_;
  std::vector<std::string_view> verbs_;
  std::vector<std::uint32_t> refusals_;    ///< by the verb: a bit for each guard that may refuse it
  std::vector<std::size_t> verb_numbers_;  ///< by the index in the variant Action
  std::vector<OfRegion> regions_;
  std::vector<OfTask> tasks_;                        ///< body tasks, then finalizers
  std::vector<std::vector<Instances>> resolutions_;  ///< by obligation, then by holder
  Instances clock_;                                  ///< by the tick, or none
  std::vector<Action> all_;
};

template <class Attempt>
void HouseAlphabet::for_each(const spec::State& state, Attempt&& attempt) const {
  const Handed handed = names_handed_out(state);
  const auto each = [&attempt](const Instances& instances) {
    for (const Instance& instance : instances) attempt(instance);
  };
  for (const spec::Region& region : state.regions) {
    const OfRegion& of = regions_[region.name.value];
    if (handed.regions < bounds_.regions) each(of.opens[handed.regions]);
    if (handed.tasks < bounds_.tasks) attempt(of.spawns[handed.tasks]);
    if (handed.finalizers < bounds_.finalizers) attempt(of.defers[handed.finalizers]);
    each(of.others);
    for (const TaskName deferred : region.finalizers) each(tasks_[deferred.value].others);
  }
  for (const spec::Task& task : state.tasks) {
    const OfTask& of = tasks_[task.name.value];
    each(of.others);
    if (handed.obligations < bounds_.obligations)
      attempt(of.reserves[handed.obligations][task.owner.value]);
  }
  for (const spec::Obligation& obligation : state.obligations) {
    each(resolutions_[obligation.name.value][obligation.holder.value]);
  }
  if (has_more_) [[unlikely]]
    for_each_more(state, handed, std::decay_t<Attempt>(attempt));
}

/// What only some bounds have, apart from what all have and its speed.
template <class Attempt>
void HouseAlphabet::for_each_more(const spec::State& state, const Handed& handed,
                                  Attempt attempt) const {
  const auto each = [&attempt](const Instances& instances) {
    for (const Instance& instance : instances) attempt(instance);
  };
  for (const spec::Region& region : state.regions) {
    if (bounds_.quota == 0) break;
    if (handed.tasks < bounds_.tasks) each(regions_[region.name.value].quota_spawns[handed.tasks]);
    for (const TaskName deferred : region.finalizers) each(tasks_[deferred.value].polls);
  }
  for (const spec::Task& task : state.tasks) {
    if (may_poll(task)) each(tasks_[task.name.value].polls);
  }
  if (bounds_.joins != 0) for_each_join(state, attempt);
  const auto now = static_cast<std::size_t>(state.now);
  for (std::size_t to = now == 0 ? 0 : now - 1; to <= now + 1 && to < clock_.size(); ++to)
    attempt(clock_[to]);
}

/// Each pair of the Names of tasks and of deferred finalizers.
template <class Attempt>
void HouseAlphabet::for_each_join(const spec::State& state, Attempt& attempt) const {
  const auto for_each_name = [&state](auto&& visit) {
    for (const spec::Task& task : state.tasks) visit(task.name);
    for (const spec::Region& region : state.regions) {
      for (const TaskName deferred : region.finalizers) visit(deferred);
    }
  };
  for_each_name([&](TaskName joiner) {
    for_each_name([&](TaskName target) { attempt(tasks_[joiner.value].joins[target.value]); });
  });
}

}  // namespace quiesce::explore
