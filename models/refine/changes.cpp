// What changed between two looks at a runtime, in words.
#include <algorithm>
#include <string_view>

#include "models/refine/abstraction.hpp"
#include "models/refine/failure.hpp"
#include "spec/cause.hpp"

namespace quiesce::refine {
namespace {

std::string words(std::uint32_t value) {
  return std::to_string(value);
}
std::string words(std::uint8_t value) {
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

/// Adds "r0.reason none -> User@0 from r0" for a field that changed.
template <class Field>
void field(std::vector<std::string>& lines, const std::string& name, const Field& before,
           const Field& after) {
  if (!(before == after)) lines.push_back(name + " " + words(before) + " -> " + words(after));
}

/// Adds "r0.tasks +t1 -t2" for a list whose members changed.
template <class EntityName>
void list(std::vector<std::string>& lines, const std::string& name,
          const std::vector<EntityName>& before, const std::vector<EntityName>& after) {
  const auto lacks = [](const std::vector<EntityName>& names, EntityName wanted) {
    return std::find(names.begin(), names.end(), wanted) == names.end();
  };
  std::string text;
  for (const EntityName entity : after) {
    if (lacks(before, entity)) text += " +" + to_text(entity);
  }
  for (const EntityName entity : before) {
    if (lacks(after, entity)) text += " -" + to_text(entity);
  }
  if (!text.empty()) lines.push_back(name + text);
}

/// Adds the same for a recorded reason, with what is the cause of it.
template <class EntityName>
void reason(std::vector<std::string>& lines, EntityName name,
            const std::optional<CancelReason>& before, const std::optional<CancelReason>& after,
            const spec::State& state) {
  if (before == after) return;
  const std::string now = after ? to_text(spec::cause_chain(state, name)) : words(after);
  lines.push_back(to_text(name) + ".reason " + words(before) + " -> " + now);
}

void compare(std::vector<std::string>& lines, const RegionRow& before, const RegionRow& after,
             const spec::State& state) {
  const std::string name = to_text(after.name);
  field(lines, name, before.phase, after.phase);
  reason(lines, after.name, before.reason, after.reason, state);
  field(lines, name + ".outcome", before.outcome, after.outcome);
  if (after.phase == RegionPhase::Closed) return;  // the rest returns to its defaults
  field(lines, name + ".pending", before.pending_obligations, after.pending_obligations);
  list(lines, name + ".children", before.children, after.children);
  list(lines, name + ".tasks", before.tasks, after.tasks);
  list(lines, name + ".finalizers", before.finalizers, after.finalizers);
}

void compare(std::vector<std::string>& lines, const TaskRow& before, const TaskRow& after,
             const spec::State& state) {
  const std::string name = to_text(after.name);
  if (before.phase != after.phase && after.phase == TaskPhase::Completed) {
    lines.push_back(name + " " + words(before.phase) + " -> Completed(" + words(after.outcome) +
                    ")");
    return;  // the rest returns to its defaults
  }
  field(lines, name, before.phase, after.phase);
  reason(lines, after.name, before.reason, after.reason, state);
  field(lines, name + ".mask", before.mask_units, after.mask_units);
  field(lines, name + ".budget", before.budget, after.budget);
  field(lines, name + ".joins_ready", before.joins_ready, after.joins_ready);
  list(lines, name + ".waiters", before.waiters, after.waiters);
}

void compare(std::vector<std::string>& lines, const ObligationRow& before,
             const ObligationRow& after, const spec::State& /*state*/) {
  const std::string name = to_text(after.name);
  if (before.phase != after.phase && after.phase == ObligationPhase::Aborted) {
    lines.push_back(name + " " + words(before.phase) + " -> Aborted(" + words(after.abort_reason) +
                    ")");
    return;
  }
  field(lines, name, before.phase, after.phase);
}

template <class Row>
void compare_rows(std::vector<std::string>& lines, const std::vector<Row>& before,
                  const std::vector<Row>& after, const spec::State& state) {
  const auto row_of = [](const std::vector<Row>& rows, const Row& wanted) {
    return std::find_if(rows.begin(), rows.end(),
                        [&](const Row& row) { return row.name == wanted.name; });
  };
  for (const Row& row : after) {
    const auto old = row_of(before, row);
    if (old == before.end()) {
      lines.push_back(to_text(row.name) + " new, " + words(row.phase));
    } else {
      compare(lines, *old, row, state);
    }
  }
  for (const Row& row : before) {
    if (row_of(after, row) == after.end()) lines.push_back(to_text(row.name) + " is gone");
  }
}

}  // namespace

std::vector<std::string> changes(const Snapshot& before, const Snapshot& after) {
  std::vector<std::string> lines;
  const spec::State state = abstraction(after);
  compare_rows(lines, before.regions, after.regions, state);
  compare_rows(lines, before.tasks, after.tasks, state);
  compare_rows(lines, before.obligations, after.obligations, state);
  if (before.now != after.now) {
    lines.push_back("now " + std::to_string(before.now) + " -> " + std::to_string(after.now));
  }
  return lines;
}

}  // namespace quiesce::refine
