// ScriptWriter: chooses one action after the other, looking at what the specification says of those
// before. Internal to the generator.
#pragma once

#include <array>
#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <utility>
#include <vector>

#include "models/refine/numbers.hpp"
#include "spec/state.hpp"
#include "spec/vocabulary/action.hpp"

namespace quiesce::refine {

/// Chooses actions against the state that they would lead to if they ran in the order in which they
/// were chosen.
///   state    the numbers, the specification's state so far, the next free Name of each kind, the
///            region in which most of the script happens, a weight for each verb
class ScriptWriter {
 public:
  explicit ScriptWriter(std::uint64_t seed);

  /// A free choice, added to `into`.
  void add_any(std::vector<Action>& into);
  /// A prepared situation, added to `into`: three to eight actions.
  void add_motif(std::vector<Action>& into);
  /// Up to eleven regions, sixteen tasks, and what they hold and wait for: about 70 actions; all of
  /// it times `scale`.
  void add_crowd(std::vector<Action>& into, std::uint32_t scale);
  /// The end of a crowd: up to 41 actions times `scale`.
  void wind_down(std::vector<Action>& into, std::uint32_t scale);
  /// As many regions, tasks or promises, each over before the next one comes; or one task that
  /// spends all its polls.
  void add_lives(std::vector<Action>& into, std::uint32_t lives);
  /// Moves the centre of attention to some region that is alive now.
  void refocus();

  Numbers& numbers() { return numbers_; }

 private:
  void add(std::vector<Action>& into, const Action& action);

  // Choices, by verb.
  Action any();
  /// The verb, or one that creates what the verb needs, if there is nothing of it yet.
  std::size_t possible_soon(std::size_t verb);
  Action any_open_region();
  Action any_spawn();
  Action any_return();
  Action any_reserve();
  Action any_resolution(bool commit);
  Action any_join();
  Action any_time();
  Budget any_budget();
  std::uint64_t far_number(std::uint32_t bits);

  template <class Prefer>
  RegionName region_where(Prefer&& prefer);
  template <class Prefer>
  TaskName task_where(Prefer&& prefer);
  ObligationName any_obligation();
  CancelKind any_kind();
  OutcomeKind any_outcome();

  // Motifs, and the steps they share.
  RegionName open_region(std::vector<Action>& into, RegionName parent, Policy policy,
                         const Limits& limits = {}, const Budget& budget = {});
  TaskName spawn(std::vector<Action>& into, RegionName region, const Budget& budget = {});
  TaskName running_task(std::vector<Action>& into, RegionName region, const Budget& budget = {});
  void closing_region(std::vector<Action>& into);
  void draining_region(std::vector<Action>& into);
  void finalizing_region(std::vector<Action>& into);
  void fail_fast_region(std::vector<Action>& into);
  void masked_task(std::vector<Action>& into);
  void cleaning_task(std::vector<Action>& into);
  void held_obligations(std::vector<Action>& into);
  void waiting_tasks(std::vector<Action>& into);
  void tight_budgets(std::vector<Action>& into);
  void deadlines(std::vector<Action>& into);
  void limits(std::vector<Action>& into);
  void ended_tasks(std::vector<Action>& into);

  void spend_polls(std::vector<Action>& into);
  // What a crowd is made of (script_crowds.cpp).
  RegionName somewhere(std::uint32_t percent_youngest);
  TaskName somebody();
  void gather_around(std::vector<Action>& into, TaskName hub, std::uint32_t joins,
                     std::uint32_t obligations);

  Numbers numbers_;
  spec::State state_;
  std::uint32_t next_region_ = 1;
  std::uint32_t next_task_ = 1;
  std::uint32_t next_obligation_ = 1;
  RegionName focus_ = root_region;
  std::array<std::uint32_t, action_count> weights_{};
};

}  // namespace quiesce::refine
