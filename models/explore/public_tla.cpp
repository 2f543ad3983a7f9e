#include "models/explore/public_tla.hpp"

#include <fmt/format.h>

#include <numeric>

namespace quiesce::explore {
namespace {

constexpr std::array<std::string_view, PublicTlaNames::action_count> action_names{
    "Spawn",
    "Start",
    "Complete",
    "CancelRequest",
    "CancelMasked",
    "CancelAcknowledge",
    "CancelFinalize",
    "CancelComplete",
    "CloseBegin",
    "CloseCancelChildren",
    "CloseChildrenDone",
    "CloseRunFinalizer",
    "CloseQuiesce",
    "Close",
    "ReserveObligation",
    "CommitObligation",
    "AbortObligation",
    "LeakObligation",
    "CreateSubregion"};

constexpr std::array<Fact, PublicTlaNames::invariant_count> invariants{{
    {"TypeInvariant", "every variable is in its domain, and a mask is at most the bound"},
    {"ObHolderExists", "the holder of an obligation has been spawned"},
    {"NoOrphanTasks", "the tasks of a Closed region are Completed"},
    {"NoLeakedObligations", "the ledger of a Closed region is empty"},
    {"CloseImpliesQuiescent",
     "the tasks of a Closed region are Completed, its subregions Closed, its ledger empty"},
}};

constexpr std::array<Fact, PublicTlaNames::witness_count> witnesses{{
    {"NestedSubregion", "a subregion has a subregion"},
    {"ReservedWhileClosing", "a region that is not Open has a Reserved obligation"},
    {"LeakedObligation", "an obligation is Leaked"},
    {"ClosedBelowOpenRoot", "a region that was opened is Closed and the root is Open"},
    {"EverythingClosed", "every region is Closed and every task is Completed"},
}};

constexpr std::array<std::string_view, 6> region_phase_words{
    "Open", "Closing", "ChildrenDone", "Finalizing", "Quiescent", "Closed"};
constexpr std::array<std::string_view, 5> obligation_phase_words{"not reserved", "Reserved",
                                                                 "Committed", "Aborted", "Leaked"};

template <std::size_t count>
std::string_view word_of(const std::array<std::string_view, count>& words, std::size_t code) {
  return code < count ? words[code] : std::string_view{"?"};
}

}  // namespace

std::span<const std::string_view> PublicTlaNames::actions() {
  return action_names;
}
std::span<const Fact> PublicTlaNames::always() {
  return invariants;
}
std::span<const Fact> PublicTlaNames::sometimes() {
  return witnesses;
}

template <std::size_t words>
PublicTla<words>::PublicTla(const Bounds& bounds, const Symmetry& symmetry)
    : bounds_(bounds),
      symmetry_(symmetry),
      regions_at_(task_bits * bounds.tasks),
      obligations_at_(words == 1 ? regions_at_ + region_bits * bounds.regions : 0),
      acknowledged_(cancel_requested + std::max(bounds.mask, 1U)),
      completed_(acknowledged_ + 2) {
  RegionRenaming renaming{};
  std::iota(renaming.begin(), renaming.end(), std::uint8_t{0});
  do {
    renamings_.push_back(renaming);
  } while (symmetry_.regions &&
           std::next_permutation(renaming.begin() + 1, renaming.begin() + bounds_.regions));
}

template <std::size_t words>
bool PublicTla<words>::fits(const Bounds& bounds) {
  const unsigned entities = task_bits * bounds.tasks + region_bits * bounds.regions;
  const unsigned obligations = obligation_bits * bounds.obligations;
  return words == 1 ? entities + obligations <= 64 : entities <= 64 && obligations <= 64;
}

template <std::size_t words>
typename PublicTla<words>::State PublicTla<words>::initial() const {
  State state{};
  for (std::uint32_t region = 1; region < bounds_.regions; ++region) {
    state[0] |= std::uint64_t{Closed} << region_shift(region);
  }
  return state;
}

/// A task is spawned into a region, or takes at most two steps of its own and reserves; a region
/// takes at most one step and has subregions made below it; an obligation is resolved in 3 ways.
template <std::size_t words>
std::size_t PublicTla<words>::max_successors() const {
  const std::size_t of_a_task = std::max(bounds_.regions, 2 + bounds_.obligations);
  return bounds_.tasks * of_a_task + bounds_.regions * (1 + bounds_.regions) +
         bounds_.obligations * 3;
}

template <std::size_t words>
typename PublicTla<words>::State PublicTla<words>::cancel_children(const State& state,
                                                                   const Facts& facts,
                                                                   std::uint32_t region) const {
  State next = state;
  next[0] |= std::uint64_t{8} << region_shift(region);
  for (std::uint32_t task = 0; task < bounds_.tasks; ++task) {
    const std::uint32_t phase = facts.task_phase[task];
    if (facts.task_region[task] != region || phase - 1 >= running) continue;
    next[0] += std::uint64_t{(cancel_requested - phase) << 2} << task_shift(task);
  }
  return next;
}

template <std::size_t words>
bool PublicTla<words>::is_quiescent(const State&, const Facts& facts) const {
  return facts.closed == (1U << bounds_.regions) - 1 && facts.live == 0 && facts.indebted == 0;
}

/// What a task holds, up to the names of the obligations when they are symmetric: how many in each
/// phase; otherwise the phase of each.
template <std::size_t words>
std::uint32_t PublicTla<words>::holdings(const State& state, std::uint32_t task) const {
  std::uint32_t held = 0;
  for (std::uint32_t obligation = 0; obligation < bounds_.obligations; ++obligation) {
    const std::uint32_t field = obligation_field(state, obligation);
    if (field == 0 || field >> 3 != task) continue;
    const std::uint32_t phase = field & 7U;
    held += symmetry_.obligations ? 1U << (4 * (phase - 1)) : phase << (3 * obligation);
  }
  return held;
}

/// The canonical form for one naming of the regions. A task and what it holds share no name with
/// another task, so the state is a collection of such units: sorting them is exact. Units that
/// compare equal are interchangeable.
template <std::size_t words>
typename PublicTla<words>::State PublicTla<words>::renamed(const State& state,
                                                           const RegionRenaming& new_region) const {
  std::array<std::uint64_t, most_tasks> units{};
  for (std::uint32_t task = 0; task < bounds_.tasks; ++task) {
    const std::uint32_t field = task_field(state, task);
    const std::uint64_t unit_field = (field & ~3U) | new_region[field & 3U];
    // field, holdings (24 bits), old name: the name takes no part in the order of distinct units.
    units[task] = unit_field << 40 | std::uint64_t{holdings(state, task)} << 8 | task;
    if (!symmetry_.tasks) continue;
    for (std::uint32_t i = task; i > 0 && units[i] < units[i - 1]; --i) {
      std::swap(units[i], units[i - 1]);
    }
  }
  State next{};
  std::array<std::uint32_t, 8> new_task{};
  for (std::uint32_t task = 0; task < bounds_.tasks; ++task) {
    next[0] |= (units[task] >> 40) << task_shift(task);
    new_task[units[task] & 7U] = task;
  }
  for (std::uint32_t region = 0; region < bounds_.regions; ++region) {
    const std::uint32_t field = region_field(state, region);
    const std::uint32_t parent = field >> 4;
    const std::uint32_t new_parent = parent == 0 ? 0 : new_region[parent - 1] + 1U;
    next[0] |= std::uint64_t{(field & 15U) | new_parent << 4} << region_shift(new_region[region]);
  }
  std::array<std::uint32_t, most_obligations> fields{};
  for (std::uint32_t obligation = 0; obligation < bounds_.obligations; ++obligation) {
    const std::uint32_t field = obligation_field(state, obligation);
    fields[obligation] = field == 0 ? 0 : (field & 7U) | new_task[field >> 3] << 3;
    if (!symmetry_.obligations) continue;
    for (std::uint32_t i = obligation; i > 0 && fields[i] < fields[i - 1]; --i) {
      std::swap(fields[i], fields[i - 1]);
    }
  }
  for (std::uint32_t obligation = 0; obligation < bounds_.obligations; ++obligation) {
    next[obligation_word] |= std::uint64_t{fields[obligation]} << obligation_shift(obligation);
  }
  return next;
}

template <std::size_t words>
typename PublicTla<words>::State PublicTla<words>::canonical(const State& state) const {
  State least = renamed(state, renamings_.front());
  for (std::size_t i = 1; i < renamings_.size(); ++i) {
    least = std::min(least, renamed(state, renamings_[i]));
  }
  return least;
}

template <std::size_t words>
std::string PublicTla<words>::state_text(const State& state) const {
  std::string text;
  const auto item = [&text](const std::string& words_of_it) {
    if (!text.empty()) text += ", ";
    text += words_of_it;
  };
  for (std::uint32_t region = 0; region < bounds_.regions; ++region) {
    const std::uint32_t field = region_field(state, region);
    const std::uint32_t parent = field >> 4;
    if (region != 0 && parent == 0 && (field & 7U) == Closed) continue;
    item(fmt::format("r{} {}", region, word_of(region_phase_words, field & 7U)));
    if (parent != 0) text += fmt::format(" in r{}", parent - 1);
    if ((field & 8U) != 0) text += " cancelled";
  }
  for (std::uint32_t task = 0; task < bounds_.tasks; ++task) {
    const std::uint32_t field = task_field(state, task);
    const std::uint32_t phase = field >> 2;
    if (phase == unborn) continue;
    std::string phase_text = "?";
    if (phase == spawned) phase_text = "Spawned";
    if (phase == running) phase_text = "Running";
    if (phase == cancel_requested)
      phase_text = fmt::format("CancelRequested mask {}", bounds_.mask);
    if (phase > cancel_requested && phase < acknowledged_) {
      phase_text = fmt::format("CancelMasked mask {}", acknowledged_ - phase);
    }
    if (phase == acknowledged_) phase_text = "CancelAcknowledged";
    if (phase == acknowledged_ + 1) phase_text = "Finalizing";
    if (phase == completed_) phase_text = "Completed";
    item(fmt::format("t{} {} in r{}", task, phase_text, field & 3U));
  }
  for (std::uint32_t obligation = 0; obligation < bounds_.obligations; ++obligation) {
    const std::uint32_t field = obligation_field(state, obligation);
    if (field == 0) continue;
    item(fmt::format("o{} {} by t{}", obligation, word_of(obligation_phase_words, field & 7U),
                     field >> 3));
  }
  return text;
}

template <std::size_t words>
std::string PublicTla<words>::violation_text(const State& state, std::size_t) const {
  return state_text(state);
}

/// The action with the names of what it changed: found by comparing the states.
template <std::size_t words>
std::string PublicTla<words>::step_text(const State& before, std::size_t action,
                                        const State& after) const {
  const auto changed = [&](std::uint32_t count, auto&& field_of) {
    std::uint32_t index = 0;
    while (index + 1 < count && field_of(before, index) == field_of(after, index)) ++index;
    return index;
  };
  const auto task_of = [&](const State& s, std::uint32_t i) { return task_field(s, i); };
  const auto region_of = [&](const State& s, std::uint32_t i) { return region_field(s, i); };
  const auto phase_of = [&](const State& s, std::uint32_t i) { return region_field(s, i) & 7U; };
  const auto obligation_of = [&](const State& s, std::uint32_t i) {
    return obligation_field(s, i);
  };
  const std::string_view name = word_of(action_names, action);
  switch (action) {
    case Spawn: {
      const std::uint32_t task = changed(bounds_.tasks, task_of);
      return fmt::format("{}(t{}, r{})", name, task, task_field(after, task) & 3U);
    }
    case ReserveObligation: {
      const std::uint32_t obligation = changed(bounds_.obligations, obligation_of);
      const std::uint32_t task = obligation_field(after, obligation) >> 3;
      return fmt::format("{}(o{}, t{}, r{})", name, obligation, task, task_field(after, task) & 3U);
    }
    case CommitObligation:
    case AbortObligation:
    case LeakObligation:
      return fmt::format("{}(o{})", name, changed(bounds_.obligations, obligation_of));
    case CreateSubregion: {
      const std::uint32_t child = changed(bounds_.regions, phase_of);
      return fmt::format("{}(r{}, r{})", name, (region_field(after, child) >> 4) - 1, child);
    }
    case CloseCancelChildren: {
      const std::uint32_t task = changed(bounds_.tasks, task_of);
      return fmt::format("{}(r{})", name, task_field(after, task) & 3U);
    }
    default:
      if (action >= CloseBegin && action <= Close) {
        return fmt::format("{}(r{})", name, changed(bounds_.regions, region_of));
      }
      return fmt::format("{}(t{})", name, changed(bounds_.tasks, task_of));
  }
}

template class PublicTla<1>;
template class PublicTla<2>;

}  // namespace quiesce::explore
