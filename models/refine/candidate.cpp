#include "models/refine/candidate.hpp"

#include <algorithm>
#include <map>

namespace quiesce::refine {
namespace {

template <class Each>
void for_each_part(Candidate& candidate, Each&& each) {
  each(candidate.prefix);
  for (auto& branch : candidate.branches) each(branch);
  each(candidate.suffix);
}
template <class Each>
void for_each_part(const Candidate& candidate, Each&& each) {
  each(candidate.prefix);
  for (const auto& branch : candidate.branches) each(branch);
  each(candidate.suffix);
}

void drop_empty_branches(Candidate& candidate) {
  std::erase_if(candidate.branches, [](const auto& branch) { return branch.empty(); });
}

std::vector<Action> actions_of(const std::vector<Item>& items) {
  std::vector<Action> actions;
  for (const Item& item : items) actions.push_back(item.action);
  return actions;
}

/// The action with one argument less; the same action if there is nothing to simplify.
Action simpler(const Action& action, int which) {
  Action result = action;
  const auto plain_budget = [which](Budget& budget) {
    if (which == 0) budget = no_budget;
    if (which == 1) budget = {budget.deadline_ticks, unlimited, unlimited, 0};
    if (which == 2) budget = {never, budget.poll_quota, unlimited, 0};
  };
  std::visit(overloaded{[&](OpenRegion& a) {
                          plain_budget(a.budget);
                          if (which == 3) a.limits = no_limits;
                          if (which == 4) a.limits.child_regions = unlimited;
                          if (which == 5) a.limits.body_tasks = unlimited;
                          if (which == 6) a.limits.obligations = unlimited;
                          if (which == 7) a.policy = Policy::CollectAll;
                        },
                        [&](Spawn& a) { plain_budget(a.budget); },
                        [&](CancelRegion& a) {
                          if (which == 0) a.kind = CancelKind::User;
                        },
                        [&](CancelTask& a) {
                          if (which == 0) a.kind = CancelKind::User;
                        },
                        [&](CloseRegion& a) {
                          if (which == 0) a.mode = CloseMode::Await;
                        },
                        [&](Return& a) {
                          if (which == 0) a = Return{a.task, OutcomeKind::Ok, CancelKind::User};
                          if (which == 1) a.kind = CancelKind::User;
                        },
                        [&](Reserve& a) {
                          if (which == 0) a.kind = ObligationKind::SendPermit;
                        },
                        [&](Abort& a) {
                          if (which == 0) a.reason = AbortReason::Explicit;
                        },
                        [&](EnterMask& a) {
                          if (which == 0 && a.units > 1) a.units = 1;
                        },
                        [](auto&) {}},
             result);
  return result;
}
constexpr int simplifications = 8;

/// New numbers for Names in the order in which they are first seen.
class Renumbering {
 public:
  void operator()(RegionName& name) { rename(name, regions_); }
  void operator()(TaskName& name) { rename(name, tasks_); }
  void operator()(ObligationName& name) { rename(name, obligations_); }

 private:
  using Map = std::map<std::uint32_t, std::uint32_t>;
  template <class Kind>
  static void rename(Name<Kind>& name, Map& map) {
    if (name.is_none()) return;
    const auto next = static_cast<std::uint32_t>(map.size()) + 1;
    const bool is_root = std::is_same_v<Kind, RegionKind> && name.value == root_region.value;
    if (!is_root) name.value = map.emplace(name.value, next).first->second;
  }
  Map regions_;
  Map tasks_;
  Map obligations_;
};

template <class Rename>
void rename_all(Action& action, Rename&& rename) {
  std::visit(
      [&](auto& a) {
        if constexpr (requires { a.name; }) rename(a.name);
        if constexpr (requires { a.parent; }) rename(a.parent);
        if constexpr (requires { a.region; }) rename(a.region);
        if constexpr (requires { a.task; }) rename(a.task);
        if constexpr (requires { a.joiner; }) rename(a.joiner);
        if constexpr (requires { a.target; }) rename(a.target);
        if constexpr (requires { a.holder; }) rename(a.holder);
        if constexpr (requires { a.obligation; }) rename(a.obligation);
        if constexpr (requires { a.actor; }) rename(a.actor);
      },
      action);
}

}  // namespace

Candidate candidate_of(const Script& script) {
  ItemId next = 0;
  const auto items = [&next](const std::vector<Action>& actions) {
    std::vector<Item> list;
    for (const Action& action : actions) list.push_back({next++, action});
    return list;
  };
  Candidate candidate;
  candidate.prefix = items(script.prefix);
  for (const auto& branch : script.branches) candidate.branches.push_back(items(branch));
  candidate.suffix = items(script.suffix);
  candidate.leaks = script.leaks;
  drop_empty_branches(candidate);
  return candidate;
}

Script script_of(const Candidate& candidate) {
  Script script;
  script.prefix = actions_of(candidate.prefix);
  for (const auto& branch : candidate.branches) script.branches.push_back(actions_of(branch));
  script.suffix = actions_of(candidate.suffix);
  script.leaks = candidate.leaks;
  return script;
}

std::vector<ItemId> items_of(const Candidate& candidate) {
  std::vector<ItemId> ids;
  for_each_part(candidate, [&](const std::vector<Item>& part) {
    for (const Item& item : part) ids.push_back(item.id);
  });
  return ids;
}

Candidate without(const Candidate& candidate, const std::vector<ItemId>& dropped) {
  Candidate smaller = candidate;
  for_each_part(smaller, [&](std::vector<Item>& part) {
    std::erase_if(part, [&](const Item& item) {
      return std::find(dropped.begin(), dropped.end(), item.id) != dropped.end();
    });
  });
  drop_empty_branches(smaller);
  return smaller;
}

Candidate in_sequence(const Candidate& candidate, const std::vector<ItemId>& order) {
  Candidate sequence;
  sequence.leaks = candidate.leaks;
  for (const ItemId id : order) {
    for_each_part(candidate, [&](const std::vector<Item>& part) {
      for (const Item& item : part) {
        if (item.id == id) sequence.prefix.push_back(item);
      }
    });
  }
  return sequence;
}

std::vector<Candidate> with_fewer_threads(const Candidate& candidate) {
  std::vector<Candidate> all;
  const std::size_t count = candidate.branches.size();
  for (std::size_t i = 0; i < count; ++i) {  // a first action moves into the prefix
    Candidate moved = candidate;
    auto& branch = moved.branches[i];
    moved.prefix.push_back(branch.front());
    branch.erase(branch.begin());
    drop_empty_branches(moved);
    all.push_back(std::move(moved));
  }
  for (std::size_t i = 0; i < count; ++i) {  // a branch does its work after another one
    for (std::size_t j = 0; j < count && count > 2; ++j) {
      if (i == j) continue;
      Candidate merged = candidate;
      auto& into = merged.branches[i];
      auto& from = merged.branches[j];
      into.insert(into.end(), from.begin(), from.end());
      from.clear();
      drop_empty_branches(merged);
      all.push_back(std::move(merged));
    }
  }
  return all;
}

std::vector<Candidate> with_simpler_actions(const Candidate& candidate) {
  std::vector<Candidate> all;
  for (const ItemId id : items_of(candidate)) {
    for (int which = 0; which < simplifications; ++which) {
      Candidate simplified = candidate;
      bool changed = false;
      for_each_part(simplified, [&](std::vector<Item>& part) {
        for (Item& item : part) {
          if (item.id != id) continue;
          const Action action = simpler(item.action, which);
          changed = !(action == item.action);
          item.action = action;
        }
      });
      if (changed) all.push_back(std::move(simplified));
    }
  }
  return all;
}

std::vector<Candidate> with_simpler_leaks(const Candidate& candidate) {
  std::vector<Candidate> all;
  for (const LeakPolicy& leaks : simpler(candidate.leaks)) {
    all.push_back(candidate);
    all.back().leaks = leaks;
  }
  return all;
}

std::vector<Candidate> with_fewer_regions(const Candidate& candidate) {
  std::vector<Candidate> all;
  for_each_part(candidate, [&](const std::vector<Item>& part) {
    for (const Item& item : part) {
      const auto* opened = std::get_if<OpenRegion>(&item.action);
      if (opened == nullptr) continue;
      Candidate folded = without(candidate, {item.id});
      for_each_part(folded, [&](std::vector<Item>& items) {
        for (Item& other : items) {
          rename_all(other.action, [&](auto& name) {
            if constexpr (std::is_same_v<decltype(name), RegionName&>) {
              if (name == opened->name) name = opened->parent;
            }
          });
        }
      });
      all.push_back(std::move(folded));
    }
  });
  return all;
}

Candidate renumbered(const Candidate& candidate) {
  Candidate result = candidate;
  Renumbering renumbering;
  for_each_part(result, [&](std::vector<Item>& part) {
    for (Item& item : part) {
      rename_all(item.action, [&](auto& name) { renumbering(name); });
    }
  });
  return result;
}

unsigned HintRecorder::noted(unsigned thread) {
  const std::size_t part = execution_.part_of_thread(thread);
  if (part == 0) {
    hint_.push_back(main_thread);
  } else {
    hint_.push_back(candidate_.branches[part - 1][execution_.position_in(part)].id);
  }
  return thread;
}

HintFollower::HintFollower(const Hint& hint, const Execution& execution, const Candidate& candidate)
    : hint_(hint), execution_(execution) {
  for (std::size_t part = 0; part < candidate.branches.size(); ++part) {
    const auto& branch = candidate.branches[part];
    for (std::size_t position = 0; position < branch.size(); ++position) {
      const ItemId id = branch[position].id;
      if (places_.size() <= id) places_.resize(id + 1);
      places_[id] = {true, part + 1, position};
    }
  }
}

unsigned HintFollower::wanted_among(interleave::Threads candidates) {
  for (; at_ < hint_.size(); ++at_) {
    const ItemId id = hint_[at_];
    unsigned thread = 0;
    bool there_yet = true;
    if (id != main_thread) {
      if (id >= places_.size() || !places_[id].there) continue;
      const Place& place = places_[id];
      thread = execution_.thread_of_part(place.part);
      const std::size_t position = execution_.position_in(place.part);
      if (position > place.position) continue;
      there_yet = position == place.position;
    }
    if ((candidates & interleave::bit_of(thread)) == 0) {
      if (id == main_thread) continue;
      return interleave::no_thread;  // it is blocked: others go first
    }
    if (there_yet) ++at_;
    return thread;
  }
  return interleave::no_thread;
}

}  // namespace quiesce::refine
