// The public TLA+ model of asupersync, written independently as a model of this search.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/explore/model.hpp"

namespace quiesce::explore {

/// How many entities a model has, and the mask a cancel request assigns. Region 0 is the root.
struct Bounds {
  std::uint32_t tasks = 2;
  std::uint32_t regions = 2;
  std::uint32_t obligations = 1;
  std::uint32_t mask = 2;
};

/// Which entities may be renamed freely; the root region never is.
struct Symmetry {
  bool tasks = false;
  bool obligations = false;
  bool regions = false;
  [[nodiscard]] bool any() const { return tasks || obligations || regions; }
};

/// What every instance of the model shares, whatever its packing.
struct PublicTlaNames {
  static constexpr std::uint32_t most_tasks = 6;
  static constexpr std::uint32_t most_regions = 4;
  static constexpr std::uint32_t most_obligations = 8;
  static constexpr std::uint32_t most_mask = 9;

  /// In the order of the module's next-state relation.
  enum Action : std::uint8_t {
    Spawn,
    Start,
    Complete,
    CancelRequest,
    CancelMasked,
    CancelAcknowledge,
    CancelFinalize,
    CancelComplete,
    CloseBegin,
    CloseCancelChildren,
    CloseChildrenDone,
    CloseRunFinalizer,
    CloseQuiesce,
    Close,
    ReserveObligation,
    CommitObligation,
    AbortObligation,
    LeakObligation,
    CreateSubregion,
    action_count
  };
  enum Invariant : std::uint8_t {
    TypeInvariant,
    ObHolderExists,
    NoOrphanTasks,
    NoLeakedObligations,
    CloseImpliesQuiescent,
    invariant_count
  };
  enum Witnessed : std::uint8_t {
    NestedSubregion,
    ReservedWhileClosing,
    LeakedObligation,
    ClosedBelowOpenRoot,
    EverythingClosed,
    witness_count
  };
  enum RegionPhase : std::uint8_t { Open, Closing, ChildrenDone, Finalizing, Quiescent, Closed };
  enum ObligationPhase : std::uint8_t { NotReserved, Reserved, Committed, Aborted, Leaked };

  static std::span<const std::string_view> actions();
  static std::span<const Fact> always();
  static std::span<const Fact> sometimes();
};

/// PublicTla<words> is the transition system of the public module `Asupersync` at given bounds.
///
/// Of the module's fourteen variables eight are stored. The others follow from them in every
/// reachable state, and tests/explore compares with a writing that stores all fourteen:
///   a region's children are the tasks born in it (ownership never changes), its subregions the
///   regions whose parent it is (a parent is never reset), its ledger the Reserved obligations of
///   its tasks; an obligation's region is its holder's (that is the reservation's guard); a mask is
///   a function of how far a cancellation has come, because every request assigns the same mask.
/// A phase counts through the codes below, so that nearly every action adds a constant to the word.
///   state    task: region 2 bits, phase 4; region: phase 3, cancel flag 1, parent + 1 (0: none) 3;
///            obligation: phase 3, holder 3. One word when they fit in 64 bits, else two.
///   source   runtime-facts §23.1
template <std::size_t words>
class PublicTla : public PublicTlaNames {
 public:
  using State = PackedState<words>;

  /// What the guards ask about: bit r of a set speaks of region r.
  struct Facts {
    std::array<std::uint8_t, most_tasks> task_phase{};
    std::array<std::uint8_t, most_tasks> task_region{};
    std::uint32_t live = 0;           ///< has a task born and not Completed
    std::uint32_t not_cancelled = 0;  ///< has a task Spawned or Running
    std::uint32_t indebted = 0;       ///< has a Reserved obligation
    std::uint32_t has_open_sub = 0;   ///< has a subregion that is not Closed
    std::uint32_t open = 0;           ///< is Open
    std::uint32_t closed = 0;         ///< is Closed
    bool well_typed = true;
    bool holders_exist = true;
  };

  PublicTla(const Bounds& bounds, const Symmetry& symmetry = {});

  /// Whether these bounds can be packed in this many words.
  [[nodiscard]] static bool fits(const Bounds& bounds);

  [[nodiscard]] State initial() const;
  [[nodiscard]] std::size_t max_successors() const;
  [[nodiscard]] Facts inspect(const State& state) const;
  template <class Sink>
  void successors(const State& state, const Facts& facts, Sink&& sink) const;
  [[nodiscard]] FactSet violated(const State& state, const Facts& facts) const;
  [[nodiscard]] FactSet witnessed(const State& state, const Facts& facts) const;
  [[nodiscard]] bool is_quiescent(const State& state, const Facts& facts) const;

  /// The canonical member of the state's orbit under the symmetry given at construction.
  [[nodiscard]] State canonical(const State& state) const;

  [[nodiscard]] std::string violation_text(const State& state, std::size_t fact) const;
  [[nodiscard]] std::string state_text(const State& state) const;
  [[nodiscard]] std::string step_text(const State& before, std::size_t action,
                                      const State& after) const;

  [[nodiscard]] const Bounds& bounds() const { return bounds_; }
  /// One region's fields, for tests that build faulty variants on top of the model.
  [[nodiscard]] std::uint32_t region_phase(const State& state, std::uint32_t region) const {
    return region_field(state, region) & 7U;
  }
  [[nodiscard]] State with_region_phase(State state, std::uint32_t region,
                                        RegionPhase phase) const {
    state[0] -= std::uint64_t{region_phase(state, region)} << region_shift(region);
    state[0] += std::uint64_t{phase} << region_shift(region);
    return state;
  }

  // Task phase codes. A cancelled task climbs one code a step: requested, one code for each mask
  // unit consumed but the last, acknowledged, finalizing, completed.
  static constexpr std::uint32_t unborn = 0;
  static constexpr std::uint32_t spawned = 1;
  static constexpr std::uint32_t running = 2;
  static constexpr std::uint32_t cancel_requested = 3;

 private:
  static constexpr unsigned task_bits = 6;
  static constexpr unsigned region_bits = 7;
  static constexpr unsigned obligation_bits = 6;
  static constexpr std::size_t obligation_word = words - 1;

  [[nodiscard]] static unsigned task_shift(std::uint32_t task) { return task_bits * task; }
  [[nodiscard]] unsigned region_shift(std::uint32_t region) const {
    return regions_at_ + region_bits * region;
  }
  [[nodiscard]] unsigned obligation_shift(std::uint32_t obligation) const {
    return obligations_at_ + obligation_bits * obligation;
  }
  [[nodiscard]] static std::uint32_t task_field(const State& state, std::uint32_t task) {
    return static_cast<std::uint32_t>(state[0] >> task_shift(task)) & 63U;
  }
  [[nodiscard]] std::uint32_t region_field(const State& state, std::uint32_t region) const {
    return static_cast<std::uint32_t>(state[0] >> region_shift(region)) & 127U;
  }
  [[nodiscard]] std::uint32_t obligation_field(const State& state, std::uint32_t obligation) const {
    return static_cast<std::uint32_t>(state[obligation_word] >> obligation_shift(obligation)) & 63U;
  }
  [[nodiscard]] static State plus(State state, std::size_t word, std::uint64_t amount,
                                  unsigned shift) {
    state[word] += amount << shift;
    return state;
  }

  template <class Sink>
  void task_successors(const State& state, const Facts& facts, std::uint32_t task,
                       Sink&& sink) const;
  template <class Sink>
  void reserve_successors(const State& state, const Facts& facts, std::uint32_t task,
                          Sink&& sink) const;
  template <class Sink>
  void region_successors(const State& state, const Facts& facts, std::uint32_t region,
                         Sink&& sink) const;
  template <class Sink>
  void subregion_successors(const State& state, const Facts& facts, std::uint32_t parent,
                            Sink&& sink) const;
  template <class Sink>
  void obligation_successors(const State& state, const Facts& facts, std::uint32_t obligation,
                             Sink&& sink) const;
  [[nodiscard]] State cancel_children(const State& state, const Facts& facts,
                                      std::uint32_t region) const;

  using RegionRenaming = std::array<std::uint8_t, most_regions>;
  [[nodiscard]] State renamed(const State& state, const RegionRenaming& new_region) const;
  [[nodiscard]] std::uint32_t holdings(const State& state, std::uint32_t task) const;

  Bounds bounds_;
  Symmetry symmetry_;
  unsigned regions_at_ = 0;
  unsigned obligations_at_ = 0;
  std::uint32_t acknowledged_;  ///< task phase codes that depend on the mask
  std::uint32_t completed_;
  std::vector<RegionRenaming> renamings_;
};

template <std::size_t words>
typename PublicTla<words>::Facts PublicTla<words>::inspect(const State& state) const {
  Facts facts;
  for (std::uint32_t task = 0; task < bounds_.tasks; ++task) {
    const std::uint32_t field = task_field(state, task);
    const std::uint32_t region = field & 3U;
    const std::uint32_t phase = field >> 2;
    facts.task_phase[task] = static_cast<std::uint8_t>(phase);
    facts.task_region[task] = static_cast<std::uint8_t>(region);
    facts.live |= std::uint32_t{phase - 1 < completed_ - 1} << region;
    facts.not_cancelled |= std::uint32_t{phase - 1 < running} << region;
    facts.well_typed &= (phase <= completed_) & (region < bounds_.regions);
  }
  for (std::uint32_t obligation = 0; obligation < bounds_.obligations; ++obligation) {
    const std::uint32_t field = obligation_field(state, obligation);
    const std::uint32_t phase = field & 7U;
    const std::uint32_t holder = std::min(field >> 3, most_tasks - 1);
    facts.indebted |= std::uint32_t{phase == Reserved} << facts.task_region[holder];
    facts.well_typed &= (phase <= Leaked) & (field >> 3 < bounds_.tasks);
    facts.holders_exist &= (phase == NotReserved) | (facts.task_phase[holder] != unborn);
  }
  std::uint32_t parents_of_open = 0;
  for (std::uint32_t region = 0; region < bounds_.regions; ++region) {
    const std::uint32_t field = region_field(state, region);
    const std::uint32_t phase = field & 7U;
    const std::uint32_t parent = field >> 4;
    facts.open |= std::uint32_t{phase == Open} << region;
    facts.closed |= std::uint32_t{phase == Closed} << region;
    parents_of_open |= std::uint32_t{phase != Closed} << parent;
    facts.well_typed &= (phase <= Closed) & (parent <= bounds_.regions);
  }
  facts.has_open_sub = parents_of_open >> 1;
  return facts;
}

template <std::size_t words>
FactSet PublicTla<words>::violated(const State&, const Facts& facts) const {
  const std::uint32_t restless = facts.live | facts.has_open_sub | facts.indebted;
  FactSet broken;
  broken.add_if(!facts.well_typed, TypeInvariant);
  broken.add_if(!facts.holders_exist, ObHolderExists);
  broken.add_if((facts.closed & facts.live) != 0, NoOrphanTasks);
  broken.add_if((facts.closed & facts.indebted) != 0, NoLeakedObligations);
  broken.add_if((facts.closed & restless) != 0, CloseImpliesQuiescent);
  return broken;
}

template <std::size_t words>
FactSet PublicTla<words>::witnessed(const State& state, const Facts& facts) const {
  FactSet seen;
  for (std::uint32_t region = 1; region < bounds_.regions; ++region) {
    const std::uint32_t parent = region_field(state, region) >> 4;
    if (parent > 1) seen.add(NestedSubregion);
    if (parent != 0 && (facts.closed >> region & 1U) != 0 && (facts.open & 1U) != 0) {
      seen.add(ClosedBelowOpenRoot);
    }
  }
  if ((facts.indebted & ~facts.open) != 0) seen.add(ReservedWhileClosing);
  for (std::uint32_t obligation = 0; obligation < bounds_.obligations; ++obligation) {
    if ((obligation_field(state, obligation) & 7U) == Leaked) seen.add(LeakedObligation);
  }
  bool all_completed = true;
  for (std::uint32_t task = 0; task < bounds_.tasks; ++task) {
    all_completed &= facts.task_phase[task] == completed_;
  }
  if (all_completed && facts.closed == (1U << bounds_.regions) - 1) seen.add(EverythingClosed);
  return seen;
}

template <std::size_t words>
template <class Sink>
void PublicTla<words>::successors(const State& state, const Facts& facts, Sink&& sink) const {
  for (std::uint32_t task = 0; task < bounds_.tasks; ++task) {
    task_successors(state, facts, task, sink);
  }
  for (std::uint32_t region = 0; region < bounds_.regions; ++region) {
    region_successors(state, facts, region, sink);
  }
  for (std::uint32_t obligation = 0; obligation < bounds_.obligations; ++obligation) {
    obligation_successors(state, facts, obligation, sink);
  }
}

template <std::size_t words>
template <class Sink>
void PublicTla<words>::task_successors(const State& state, const Facts& facts, std::uint32_t task,
                                       Sink&& sink) const {
  const std::uint32_t phase = facts.task_phase[task];
  const unsigned shift = task_shift(task);
  const auto climbed = [&] { return plus(state, 0, 4, shift); };  // one phase code on
  if (phase == completed_) return;
  if (phase == unborn) {
    for (std::uint32_t open = facts.open; open != 0; open &= open - 1) {
      const auto region = static_cast<std::uint32_t>(__builtin_ctz(open));
      sink(Spawn, plus(state, 0, spawned << 2 | region, shift));
    }
    return;
  }
  if (phase >= acknowledged_) {
    sink(phase == acknowledged_ ? CancelFinalize : CancelComplete, climbed());
    return;
  }
  if (phase == spawned) {
    sink(Start, climbed());
    return;
  }
  if (phase == running) {
    sink(Complete, plus(state, 0, (completed_ - running) << 2, shift));
    State requested = climbed();
    requested[0] |= std::uint64_t{8} << region_shift(facts.task_region[task]);
    sink(CancelRequest, requested);
  } else {
    sink(bounds_.mask == 0 ? CancelAcknowledge : CancelMasked, climbed());
  }
  reserve_successors(state, facts, task, sink);
}

/// The task is Running, CancelRequested or CancelMasked.
template <std::size_t words>
template <class Sink>
void PublicTla<words>::reserve_successors(const State& state, const Facts& facts,
                                          std::uint32_t task, Sink&& sink) const {
  if ((region_field(state, facts.task_region[task]) & 7U) > Closing) return;
  for (std::uint32_t obligation = 0; obligation < bounds_.obligations; ++obligation) {
    if (obligation_field(state, obligation) != 0) continue;
    sink(ReserveObligation,
         plus(state, obligation_word, Reserved | task << 3, obligation_shift(obligation)));
  }
}

template <std::size_t words>
template <class Sink>
void PublicTla<words>::region_successors(const State& state, const Facts& facts,
                                         std::uint32_t region, Sink&& sink) const {
  const std::uint32_t bit = 1U << region;
  if ((facts.closed & bit) != 0) return;
  const auto climbed = [&] { return plus(state, 0, 1, region_shift(region)); };
  switch (region_field(state, region) & 7U) {
    case Open:
      sink(CloseBegin, climbed());
      subregion_successors(state, facts, region, sink);
      return;
    case Closing:
      if ((facts.not_cancelled & bit) != 0) {
        sink(CloseCancelChildren, cancel_children(state, facts, region));
      }
      if (((facts.live | facts.has_open_sub) & bit) == 0) sink(CloseChildrenDone, climbed());
      return;
    case ChildrenDone: sink(CloseRunFinalizer, climbed()); return;
    case Finalizing:
    case Quiescent:
      if (((facts.live | facts.has_open_sub | facts.indebted) & bit) != 0) return;
      sink((region_field(state, region) & 7U) == Finalizing ? CloseQuiesce : Close, climbed());
      return;
    default: return;
  }
}

/// A Closed region that never had a parent comes to life below `parent`, which is Open. The module
/// also asks that the parent not be a subregion of the child.
template <std::size_t words>
template <class Sink>
void PublicTla<words>::subregion_successors(const State& state, const Facts& facts,
                                            std::uint32_t parent, Sink&& sink) const {
  const std::uint32_t grandparent = region_field(state, parent) >> 4;
  for (std::uint32_t closed = facts.closed; closed != 0; closed &= closed - 1) {
    const auto child = static_cast<std::uint32_t>(__builtin_ctz(closed));
    if (region_field(state, child) >> 4 != 0 || grandparent == child + 1) continue;
    State next = plus(state, 0, std::uint64_t{parent + 1} << 4, region_shift(child));
    next[0] -= std::uint64_t{Closed - Open} << region_shift(child);
    sink(CreateSubregion, next);
  }
}

template <std::size_t words>
template <class Sink>
void PublicTla<words>::obligation_successors(const State& state, const Facts& facts,
                                             std::uint32_t obligation, Sink&& sink) const {
  const std::uint32_t field = obligation_field(state, obligation);
  if ((field & 7U) != Reserved) return;
  const unsigned shift = obligation_shift(obligation);
  sink(CommitObligation, plus(state, obligation_word, Committed - Reserved, shift));
  sink(AbortObligation, plus(state, obligation_word, Aborted - Reserved, shift));
  if (facts.task_phase[field >> 3] == completed_) {
    sink(LeakObligation, plus(state, obligation_word, Leaked - Reserved, shift));
  }
}

extern template class PublicTla<1>;
extern template class PublicTla<2>;

}  // namespace quiesce::explore
