#include "models/refine/abstraction.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace quiesce::refine {
namespace {

template <class EntityName>
spec::Names<EntityName> sorted(const std::vector<EntityName>& names) {
  spec::Names<EntityName> list(names.begin(), names.end());
  std::sort(list.begin(), list.end());
  return list;
}

template <class Rows>
void sort_by_name(Rows& rows) {
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
}

spec::Region region_of(const RegionRow& row) {
  spec::Region region;
  region.name = row.name;
  region.parent = row.parent;
  region.phase = row.phase;
  region.policy = row.policy;
  region.reason = row.reason;
  region.outcome = row.outcome;
  region.budget = row.budget;
  region.limits = row.limits;
  region.children = sorted(row.children);
  region.tasks = sorted(row.tasks);
  region.finalizers = {row.finalizers.begin(), row.finalizers.end()};
  region.finalizing = row.finalizing;
  region.pending_obligations = row.pending_obligations;
  return region;
}

spec::Task task_of(const TaskRow& row) {
  spec::Task task;
  task.name = row.name;
  task.owner = row.owner;
  task.phase = row.phase;
  task.is_finalizer = row.is_finalizer;
  task.mask_units = row.mask_units;
  task.reason = row.reason;
  task.outcome = row.outcome;
  task.budget = row.budget;
  task.waiters = sorted(row.waiters);
  task.joins_ready = row.joins_ready;
  return task;
}

spec::Obligation obligation_of(const ObligationRow& row) {
  spec::Obligation obligation;
  obligation.name = row.name;
  obligation.kind = row.kind;
  obligation.holder = row.holder;
  obligation.region = row.region;
  obligation.phase = row.phase;
  obligation.abort_reason = row.abort_reason;
  obligation.reserved_at_ticks = row.reserved_at_ticks;
  return obligation;
}

// Faults of the representation.

using Fault = std::optional<std::string>;

template <class Rows>
Fault row_fault(const Rows& rows, std::string_view noun) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].name.is_none()) return "a " + std::string(noun) + " row has no Name";
    for (std::size_t j = 0; j < i; ++j) {
      if (rows[i].name == rows[j].name) {
        return "there are two rows of " + std::string(noun) + " " + to_text(rows[i].name);
      }
    }
  }
  return std::nullopt;
}

template <class Owner, class Listed>
Fault list_fault(Owner owner, std::string_view what, const std::vector<Listed>& list) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string where = "the " + std::string(what) + " of " + to_text(owner);
    if (list[i].is_none()) return where + " hold an unbound Name";
    for (std::size_t j = 0; j < i; ++j) {
      if (list[i] == list[j]) return where + " hold " + to_text(list[i]) + " twice";
    }
  }
  return std::nullopt;
}

Fault lists_fault(const Snapshot& snapshot) {
  for (const RegionRow& row : snapshot.regions) {
    if (Fault fault = list_fault(row.name, "child regions", row.children)) return fault;
    if (Fault fault = list_fault(row.name, "tasks", row.tasks)) return fault;
    if (Fault fault = list_fault(row.name, "finalizers", row.finalizers)) return fault;
  }
  for (const TaskRow& row : snapshot.tasks) {
    if (Fault fault = list_fault(row.name, "waiters", row.waiters)) return fault;
  }
  return std::nullopt;
}

Fault counter_fault(const Snapshot& snapshot) {
  const auto reserved = std::count_if(
      snapshot.obligations.begin(), snapshot.obligations.end(),
      [](const ObligationRow& row) { return row.phase == ObligationPhase::Reserved; });
  if (static_cast<std::uint32_t>(reserved) == snapshot.pending_total) return std::nullopt;
  return "the implementation counts " + std::to_string(snapshot.pending_total) +
         " pending obligations, " + std::to_string(reserved) + " rows are Reserved";
}

/// The index of holders names exactly what is Reserved by each task (I18).
Fault index_fault(const Snapshot& snapshot) {
  for (const TaskRow& row : snapshot.tasks) {
    if (!row.is_indexed) continue;
    std::vector<ObligationName> reserved;
    for (const ObligationRow& obligation : snapshot.obligations) {
      if (obligation.holder == row.name && obligation.phase == ObligationPhase::Reserved)
        reserved.push_back(obligation.name);
    }
    if (sorted(row.held) == sorted(reserved)) continue;
    return "the index says that " + to_text(row.name) + " holds " +
           std::to_string(row.held.size()) + " obligations, " + std::to_string(reserved.size()) +
           " rows are Reserved by it, or others";
  }
  return std::nullopt;
}

/// What the implementation found in its own tables.
Fault bookkeeping_fault(const Bookkeeping& found) {
  const auto counted = [](std::uint32_t count, const char* what) {
    return "the implementation has " + std::to_string(count) + " " + what;
  };
  if (found.wrong_counts != 0)
    return counted(found.wrong_counts, "regions whose counts are not the lengths of their lists");
  if (found.one_sided_links != 0)
    return counted(found.one_sided_links, "nodes of lists that do not lead back");
  if (found.lost_slots != 0)
    return counted(found.lost_slots, "slots or nodes that are neither used nor free");
  if (found.unsettled != 0)
    return counted(found.unsettled, "regions that still wait to be settled");
  if (found.clocks_differ) return "the implementation's clocks differ in the time";
  if (found.uncounted != 0)
    return "the implementation has " + std::to_string(found.uncounted) +
           " commits that are not counted once by action and by answer, or not remembered";
  return std::nullopt;
}

// Differences in words.

std::string words(bool value) {
  return value ? "true" : "false";
}
std::string words(std::uint8_t value) {
  return std::to_string(value);
}
std::string words(std::uint32_t value) {
  return std::to_string(value);
}
std::string words(std::uint64_t value) {
  return std::to_string(value);
}
template <class Value>
std::string words(const Value& value) {
  return std::string(to_text(value));
}
template <class Value>
std::string words(const std::optional<Value>& value) {
  return value ? words(*value) : "none";
}
template <class EntityName>
std::string words(const spec::Names<EntityName>& names) {
  std::string text = "[";
  for (const EntityName name : names) text += (text.size() > 1 ? " " : "") + to_text(name);
  return text + "]";
}

/// Adds a line for each field in which two rows differ.
class Differences {
 public:
  explicit Differences(std::string row) : row_(std::move(row)) {}

  template <class Field>
  Differences& field(std::string_view name, const Field& spec_says, const Field& impl_says) {
    if (!(spec_says == impl_says)) {
      lines_.push_back(row_ + ": " + std::string(name) + " is " + words(spec_says) +
                       " in the specification, " + words(impl_says) + " in the implementation");
    }
    return *this;
  }
  [[nodiscard]] std::vector<std::string> take() { return std::move(lines_); }

 private:
  std::string row_;
  std::vector<std::string> lines_;
};

std::vector<std::string> row_differences(const spec::Region& spec_says,
                                         const spec::Region& impl_says) {
  return Differences("region " + to_text(spec_says.name))
      .field("phase", spec_says.phase, impl_says.phase)
      .field("parent", spec_says.parent, impl_says.parent)
      .field("policy", spec_says.policy, impl_says.policy)
      .field("reason", spec_says.reason, impl_says.reason)
      .field("outcome", spec_says.outcome, impl_says.outcome)
      .field("budget", spec_says.budget, impl_says.budget)
      .field("limits", spec_says.limits, impl_says.limits)
      .field("children", spec_says.children, impl_says.children)
      .field("tasks", spec_says.tasks, impl_says.tasks)
      .field("finalizers", spec_says.finalizers, impl_says.finalizers)
      .field("finalizing", spec_says.finalizing, impl_says.finalizing)
      .field("pending_obligations", spec_says.pending_obligations, impl_says.pending_obligations)
      .take();
}

std::vector<std::string> row_differences(const spec::Task& spec_says, const spec::Task& impl_says) {
  return Differences("task " + to_text(spec_says.name))
      .field("phase", spec_says.phase, impl_says.phase)
      .field("owner", spec_says.owner, impl_says.owner)
      .field("is_finalizer", spec_says.is_finalizer, impl_says.is_finalizer)
      .field("mask_units", spec_says.mask_units, impl_says.mask_units)
      .field("reason", spec_says.reason, impl_says.reason)
      .field("outcome", spec_says.outcome, impl_says.outcome)
      .field("budget", spec_says.budget, impl_says.budget)
      .field("waiters", spec_says.waiters, impl_says.waiters)
      .field("joins_ready", spec_says.joins_ready, impl_says.joins_ready)
      .take();
}

std::vector<std::string> row_differences(const spec::Obligation& spec_says,
                                         const spec::Obligation& impl_says) {
  return Differences("obligation " + to_text(spec_says.name))
      .field("phase", spec_says.phase, impl_says.phase)
      .field("abort_reason", spec_says.abort_reason, impl_says.abort_reason)
      .field("kind", spec_says.kind, impl_says.kind)
      .field("holder", spec_says.holder, impl_says.holder)
      .field("region", spec_says.region, impl_says.region)
      .field("reserved_at_ticks", spec_says.reserved_at_ticks, impl_says.reserved_at_ticks)
      .take();
}

template <class Rows>
void compare_rows(const Rows& spec_rows, const Rows& impl_rows, std::string_view noun,
                  std::vector<std::string>& lines) {
  const auto same_name = [](const auto& wanted) {
    return [&wanted](const auto& row) { return row.name == wanted.name; };
  };
  for (const auto& row : spec_rows) {
    const auto other = std::find_if(impl_rows.begin(), impl_rows.end(), same_name(row));
    if (other == impl_rows.end()) {
      lines.push_back(std::string(noun) + " " + to_text(row.name) +
                      " is there in the specification only");
      continue;
    }
    for (std::string& line : row_differences(row, *other)) lines.push_back(std::move(line));
  }
  for (const auto& row : impl_rows) {
    if (std::none_of(spec_rows.begin(), spec_rows.end(), same_name(row))) {
      lines.push_back(std::string(noun) + " " + to_text(row.name) +
                      " is there in the implementation only");
    }
  }
}

}  // namespace

spec::State abstraction(const Snapshot& snapshot) {
  spec::State state;
  for (const RegionRow& row : snapshot.regions) state.regions.push_back(region_of(row));
  for (const TaskRow& row : snapshot.tasks) state.tasks.push_back(task_of(row));
  for (const ObligationRow& row : snapshot.obligations) {
    state.obligations.push_back(obligation_of(row));
  }
  sort_by_name(state.regions);
  sort_by_name(state.tasks);
  sort_by_name(state.obligations);
  state.now = snapshot.now;
  state.leak_count = snapshot.leak_count;
  state.leak_policy = snapshot.leak_policy;
  return state;
}

std::optional<std::string> representation_fault(const Snapshot& snapshot) {
  if (Fault fault = row_fault(snapshot.regions, "region")) return fault;
  if (Fault fault = row_fault(snapshot.tasks, "task")) return fault;
  if (Fault fault = row_fault(snapshot.obligations, "obligation")) return fault;
  if (Fault fault = lists_fault(snapshot)) return fault;
  if (Fault fault = counter_fault(snapshot)) return fault;
  if (Fault fault = index_fault(snapshot)) return fault;
  return bookkeeping_fault(snapshot.bookkeeping);
}

std::vector<std::string> differences(const spec::State& spec_says, const spec::State& impl_says) {
  std::vector<std::string> lines;
  compare_rows(spec_says.regions, impl_says.regions, "region", lines);
  compare_rows(spec_says.tasks, impl_says.tasks, "task", lines);
  compare_rows(spec_says.obligations, impl_says.obligations, "obligation", lines);
  const auto number = [&](std::string_view name, std::uint64_t spec_number,
                          std::uint64_t impl_number) {
    if (spec_number == impl_number) return;
    lines.push_back(std::string(name) + " is " + std::to_string(spec_number) +
                    " in the specification, " + std::to_string(impl_number) +
                    " in the implementation");
  };
  number("now", spec_says.now, impl_says.now);
  number("leak_count", spec_says.leak_count, impl_says.leak_count);
  if (!(spec_says.leak_policy == impl_says.leak_policy)) {
    lines.push_back("the leak policy is " + to_text(spec_says.leak_policy) +
                    " in the specification, " + to_text(impl_says.leak_policy) +
                    " in the implementation");
  }
  return lines;
}

bool same_rows(const Snapshot& a, const Snapshot& b) {
  return a.now == b.now && a.pending_total == b.pending_total && a.leak_count == b.leak_count &&
         a.leak_policy == b.leak_policy && a.bookkeeping == b.bookkeeping &&
         a.regions == b.regions && a.tasks == b.tasks && a.obligations == b.obligations;
}

}  // namespace quiesce::refine
