// The public module once more, with all its fourteen variables stored: slow, literal, and written
// without a look at the packed model. What the packed model recomputes is compared with it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "models/explore/public_tla.hpp"

namespace quiesce::explore::testing {

constexpr std::size_t tasks_room = 4;
constexpr std::size_t regions_room = 3;
constexpr std::size_t obligations_room = 2;

enum class T : std::uint8_t {
  Spawned,
  Running,
  CancelRequested,
  CancelMasked,
  CancelAcknowledged,
  Finalizing,
  Completed
};
enum class R : std::uint8_t { Open, Closing, ChildrenDone, Finalizing, Quiescent, Closed };
enum class O : std::uint8_t { Reserved, Committed, Aborted, Leaked };

/// Sets are bit sets; parent 0 is "no parent", parent p + 1 is region p.
struct AllVariables {
  std::array<T, tasks_room> task_state{};
  std::array<std::uint8_t, tasks_room> task_region{};
  std::array<std::uint8_t, tasks_room> task_mask{};
  std::array<bool, tasks_room> task_alive{};
  std::array<R, regions_room> region_state{};
  std::array<std::uint8_t, regions_room> region_parent{};
  std::array<bool, regions_room> region_cancel{};
  std::array<std::uint8_t, regions_room> region_children{};
  std::array<std::uint8_t, regions_room> region_subs{};
  std::array<std::uint8_t, regions_room> region_ledger{};
  std::array<O, obligations_room> ob_state{};
  std::array<std::uint8_t, obligations_room> ob_holder{};
  std::array<std::uint8_t, obligations_room> ob_region{};
  std::array<bool, obligations_room> ob_alive{};

  friend auto operator<=>(const AllVariables&, const AllVariables&) = default;
};

inline bool has(std::uint8_t set, std::size_t member) {
  return (set >> member & 1U) != 0;
}
inline std::uint8_t with(std::uint8_t set, std::size_t member) {
  return static_cast<std::uint8_t>(set | 1U << member);
}
inline std::uint8_t without(std::uint8_t set, std::size_t member) {
  return static_cast<std::uint8_t>(set & ~(1U << member));
}

using Edges = std::vector<std::pair<std::string, AllVariables>>;

/// The module's next-state relation, action by action.
class Module {
 public:
  explicit Module(const Bounds& bounds) : n_(bounds) {}

  [[nodiscard]] AllVariables initial() const {
    AllVariables s;
    for (std::size_t r = 0; r < n_.regions; ++r) s.region_state[r] = r == 0 ? R::Open : R::Closed;
    for (std::size_t o = 0; o < n_.obligations; ++o) s.ob_state[o] = O::Aborted;
    return s;
  }

  [[nodiscard]] Edges edges(const AllVariables& s) const {
    Edges edges;
    for (std::size_t t = 0; t < n_.tasks; ++t) task_edges(s, t, edges);
    for (std::size_t r = 0; r < n_.regions; ++r) region_edges(s, r, edges);
    for (std::size_t o = 0; o < n_.obligations; ++o) obligation_edges(s, o, edges);
    return edges;
  }

  /// The first of the module's own invariants that does not hold, or nothing.
  [[nodiscard]] std::string broken(const AllVariables& s) const;

 private:
  void task_edges(const AllVariables& s, std::size_t t, Edges& edges) const;
  void region_edges(const AllVariables& s, std::size_t r, Edges& edges) const;
  void obligation_edges(const AllVariables& s, std::size_t o, Edges& edges) const;
  [[nodiscard]] bool children_completed(const AllVariables& s, std::size_t r) const {
    for (std::size_t t = 0; t < n_.tasks; ++t) {
      if (has(s.region_children[r], t) && s.task_state[t] != T::Completed) return false;
    }
    return true;
  }
  [[nodiscard]] bool subs_closed(const AllVariables& s, std::size_t r) const {
    for (std::size_t sub = 0; sub < n_.regions; ++sub) {
      if (has(s.region_subs[r], sub) && s.region_state[sub] != R::Closed) return false;
    }
    return true;
  }

  Bounds n_;
};

inline void Module::task_edges(const AllVariables& s, std::size_t t, Edges& edges) const {
  const auto add = [&](const char* action, auto&& change) {
    AllVariables next = s;
    change(next);
    edges.emplace_back(action, next);
  };
  const auto mask_bound = static_cast<std::uint8_t>(n_.mask);
  if (!s.task_alive[t]) {
    for (std::size_t r = 0; r < n_.regions; ++r) {
      if (s.region_state[r] != R::Open) continue;
      add("Spawn", [&](AllVariables& n) {
        n.task_alive[t] = true;
        n.task_state[t] = T::Spawned;
        n.task_region[t] = static_cast<std::uint8_t>(r);
        n.task_mask[t] = 0;
        n.region_children[r] = with(n.region_children[r], t);
      });
    }
    return;
  }
  const auto moves = [&](const char* action, T from, T to) {
    if (s.task_state[t] == from) add(action, [&](AllVariables& n) { n.task_state[t] = to; });
  };
  moves("Start", T::Spawned, T::Running);
  moves("Complete", T::Running, T::Completed);
  if (s.task_state[t] == T::Running) {
    add("CancelRequest", [&](AllVariables& n) {
      n.task_state[t] = T::CancelRequested;
      n.task_mask[t] = mask_bound;
      n.region_cancel[n.task_region[t]] = true;
    });
  }
  const bool cancelling =
      s.task_state[t] == T::CancelRequested || s.task_state[t] == T::CancelMasked;
  if (cancelling && s.task_mask[t] > 0) {
    add("CancelMasked", [&](AllVariables& n) {
      n.task_mask[t] = static_cast<std::uint8_t>(s.task_mask[t] - 1);
      n.task_state[t] = s.task_mask[t] == 1 ? T::CancelAcknowledged : T::CancelMasked;
    });
  }
  if (s.task_mask[t] == 0) moves("CancelAcknowledge", T::CancelRequested, T::CancelAcknowledged);
  moves("CancelFinalize", T::CancelAcknowledged, T::Finalizing);
  moves("CancelComplete", T::Finalizing, T::Completed);
}

inline void Module::region_edges(const AllVariables& s, std::size_t r, Edges& edges) const {
  const auto add = [&](const char* action, auto&& change) {
    AllVariables next = s;
    change(next);
    edges.emplace_back(action, next);
  };
  const auto moves = [&](const char* action, R from, R to, bool guard) {
    if (guard && s.region_state[r] == from) {
      add(action, [&](AllVariables& n) { n.region_state[r] = to; });
    }
  };
  const bool still = children_completed(s, r) && subs_closed(s, r);
  const bool paid = s.region_ledger[r] == 0;
  moves("CloseBegin", R::Open, R::Closing, true);
  moves("CloseChildrenDone", R::Closing, R::ChildrenDone, still);
  moves("CloseRunFinalizer", R::ChildrenDone, R::Finalizing, true);
  moves("CloseQuiesce", R::Finalizing, R::Quiescent, still && paid);
  moves("Close", R::Quiescent, R::Closed, still && paid);

  const auto active = [&](std::size_t t) {
    return has(s.region_children[r], t) &&
           (s.task_state[t] == T::Spawned || s.task_state[t] == T::Running);
  };
  bool any_active = false;
  for (std::size_t t = 0; t < n_.tasks; ++t) any_active |= active(t);
  if (s.region_state[r] == R::Closing && any_active) {
    add("CloseCancelChildren", [&](AllVariables& n) {
      n.region_cancel[r] = true;
      for (std::size_t t = 0; t < n_.tasks; ++t) {
        if (!active(t)) continue;
        n.task_state[t] = T::CancelRequested;
        n.task_mask[t] = static_cast<std::uint8_t>(n_.mask);
      }
    });
  }
  for (std::size_t child = 0; child < n_.regions; ++child) {
    const bool may = child != r && s.region_state[r] == R::Open &&
                     s.region_state[child] == R::Closed && !has(s.region_subs[r], child) &&
                     s.region_parent[child] == 0 && !has(s.region_subs[child], r);
    if (!may) continue;
    add("CreateSubregion", [&](AllVariables& n) {
      n.region_state[child] = R::Open;
      n.region_parent[child] = static_cast<std::uint8_t>(r + 1);
      n.region_subs[r] = with(n.region_subs[r], child);
    });
  }
}

inline void Module::obligation_edges(const AllVariables& s, std::size_t o, Edges& edges) const {
  const auto resolve = [&](const char* action, O to) {
    AllVariables n = s;
    n.ob_state[o] = to;
    n.region_ledger[s.ob_region[o]] = without(s.region_ledger[s.ob_region[o]], o);
    edges.emplace_back(action, n);
  };
  if (s.ob_alive[o]) {
    if (s.ob_state[o] != O::Reserved) return;
    resolve("CommitObligation", O::Committed);
    resolve("AbortObligation", O::Aborted);
    if (s.task_state[s.ob_holder[o]] == T::Completed) resolve("LeakObligation", O::Leaked);
    return;
  }
  for (std::size_t t = 0; t < n_.tasks; ++t) {
    for (std::size_t r = 0; r < n_.regions; ++r) {
      const T phase = s.task_state[t];
      const bool may =
          s.task_alive[t] &&
          (phase == T::Running || phase == T::CancelRequested || phase == T::CancelMasked) &&
          s.task_region[t] == r &&
          (s.region_state[r] == R::Open || s.region_state[r] == R::Closing);
      if (!may) continue;
      AllVariables n = s;
      n.ob_alive[o] = true;
      n.ob_state[o] = O::Reserved;
      n.ob_holder[o] = static_cast<std::uint8_t>(t);
      n.ob_region[o] = static_cast<std::uint8_t>(r);
      n.region_ledger[r] = with(n.region_ledger[r], o);
      edges.emplace_back("ReserveObligation", n);
    }
  }
}

inline std::string Module::broken(const AllVariables& s) const {
  for (std::size_t t = 0; t < n_.tasks; ++t) {
    if (s.task_mask[t] > n_.mask) return "MaskBounded";
    const bool cancelling =
        s.task_state[t] == T::CancelRequested || s.task_state[t] == T::CancelMasked;
    if (s.task_alive[t] && s.task_mask[t] > 0 && !cancelling) return "MaskMonotone";
  }
  for (std::size_t o = 0; o < n_.obligations; ++o) {
    if (!s.ob_alive[o]) continue;
    if (!s.task_alive[s.ob_holder[o]]) return "ObHolderExists";
    if (s.region_state[s.ob_region[o]] == R::Closed && s.ob_state[o] == O::Reserved) {
      return "ReplyLinearity";
    }
  }
  for (std::size_t r = 0; r < n_.regions; ++r) {
    for (std::size_t t = 0; t < n_.tasks; ++t) {
      if (has(s.region_children[r], t) && !s.task_alive[t]) return "ChildrenExist";
    }
    for (std::size_t o = 0; o < n_.obligations; ++o) {
      if (!has(s.region_ledger[r], o)) continue;
      if (!s.ob_alive[o] || s.ob_state[o] != O::Reserved || s.ob_region[o] != r) {
        return "LedgerReserved";
      }
    }
    if (s.region_state[r] != R::Closed) continue;
    if (!children_completed(s, r)) return "NoOrphanTasks";
    if (s.region_ledger[r] != 0) return "NoLeakedObligations";
    if (!subs_closed(s, r)) return "CloseImpliesQuiescent";
  }
  return {};
}

/// Everything there is to say about a reachable space, by brute force.
struct Enumerated {
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  std::vector<std::uint64_t> levels;
  std::map<std::string, std::uint64_t> actions;
  std::string broken;
  std::map<AllVariables, std::size_t> level_of;
};

inline Enumerated enumerate(const Bounds& bounds) {
  const Module module(bounds);
  Enumerated all;
  std::vector<AllVariables> level{module.initial()};
  all.level_of.emplace(level.front(), 0);
  while (!level.empty()) {
    std::vector<AllVariables> next_level;
    for (const AllVariables& state : level) {
      if (all.broken.empty()) all.broken = module.broken(state);
      for (const auto& [action, next] : module.edges(state)) {
        ++all.transitions;
        ++all.actions[action];
        if (all.level_of.emplace(next, all.levels.size() + 1).second) next_level.push_back(next);
      }
    }
    all.levels.push_back(level.size());
    level = std::move(next_level);
  }
  all.states = all.level_of.size();
  return all;
}

}  // namespace quiesce::explore::testing
