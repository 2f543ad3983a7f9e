// The external actions of the project's own bounded machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "models/explore/house_codec.hpp"
#include "spec/state.hpp"
#include "spec/vocabulary/action.hpp"
#include "spec/vocabulary/answer.hpp"

namespace quiesce::explore {

/// Every instance of every external action of the bounded machine, made once.
///   state    no Poll, Join and AdvanceTime; no budgets and limits; one kind of obligation
class HouseAlphabet {
 public:
  static constexpr std::size_t verb_count = 15;
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

  /// "open_region" …, by the number of the verb.
  [[nodiscard]] static std::span<const std::string_view> verbs();
  /// Whether the table of semantics.md lets the verb be refused by the guard.
  [[nodiscard]] static bool may_refuse(std::size_t verb, Guard guard);

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
    std::vector<Instances> opens;  ///< by the new region's Name
    Instances spawns;              ///< by the new task's Name
    Instances defers;              ///< by how many finalizers were deferred before
    Instances others;
  };
  struct OfTask {
    std::vector<Instances> reserves;  ///< by the new obligation's Name, then by the owner
    Instances others;
  };

  void number(Instances& instances);
  void number_all();
  [[nodiscard]] Handed names_handed_out(const spec::State& state) const;
  [[nodiscard]] OfRegion of_region(RegionName region) const;
  [[nodiscard]] OfTask of_task(TaskName task) const;

  HouseBounds bounds_;
  std::vector<OfRegion> regions_;
  std::vector<OfTask> tasks_;                        ///< body tasks, then finalizers
  std::vector<std::vector<Instances>> resolutions_;  ///< by obligation, then by holder
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
}

}  // namespace quiesce::explore
