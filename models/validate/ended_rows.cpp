#include "models/validate/ended_rows.hpp"

#include <algorithm>

#include "models/validate/fields.hpp"

namespace quiesce::validate {
namespace {

void add(NamedRows& named, RegionName name) {
  named.regions.push_back(name);
}
void add(NamedRows& named, TaskName name) {
  named.tasks.push_back(name);
}
void add(NamedRows& named, ObligationName name) {
  named.obligations.push_back(name);
}

template <class Rows, class Row>
void insert_row(Rows& rows, const Row& row) {
  const auto at = std::lower_bound(rows.begin(), rows.end(), row.name,
                                   [](const Row& a, const auto& name) { return a.name < name; });
  if (at == rows.end() || at->name != row.name) rows.insert(at, row);
}

// A row stays as long as a row that leans on it does: rules look from one to the other.
bool is_leaned_on(const spec::State& state, const spec::Region& row) {
  const auto in_region = [&](const auto& other) { return other.region == row.name; };
  const auto owned = [&](const spec::Task& task) { return task.owner == row.name; };
  const auto below = [&](const spec::Region& region) { return region.parent == row.name; };
  return std::any_of(state.obligations.begin(), state.obligations.end(), in_region) ||
         std::any_of(state.tasks.begin(), state.tasks.end(), owned) ||
         std::any_of(state.regions.begin(), state.regions.end(), below);
}
bool is_leaned_on(const spec::State& state, const spec::Task& row) {
  return std::any_of(state.obligations.begin(), state.obligations.end(),
                     [&](const spec::Obligation& held) { return held.holder == row.name; });
}
bool is_leaned_on(const spec::State&, const spec::Obligation&) {
  return false;
}

/// Takes the rows out that `goes` says, in one pass.
template <class Rows, class Goes>
void take_out(Rows& rows, Goes&& goes) {
  auto into = std::find_if(rows.begin(), rows.end(), goes);
  if (into == rows.end()) return;
  for (auto from = std::next(into); from != rows.end(); ++from) {
    if (!goes(*from)) *into++ = std::move(*from);
  }
  rows.erase(into, rows.end());
}

template <class Rows>
void sort_rows(Rows& rows) {
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
}

}  // namespace

NamedRows named_by(const Action& action) {
  NamedRows named;
  std::visit(
      [&](const auto& fields) {
        using Fields = std::decay_t<decltype(fields)>;
        for_each_field<Fields>([&](const auto& field) {
          if constexpr (requires { add(named, fields.*field.member); }) {
            if (field.use != Use::Creates) add(named, fields.*field.member);
          }
        });
      },
      action);
  return named;
}

void insert_rows(spec::State& state, const SomeRows& rows) {
  for (const spec::Region& row : rows.regions) insert_row(state.regions, row);
  for (const spec::Task& row : rows.tasks) insert_row(state.tasks, row);
  for (const spec::Obligation& row : rows.obligations) insert_row(state.obligations, row);
}

EndedRows::Packed EndedRows::pack(const spec::Region& row) {
  Packed packed;
  packed.link = row.parent.value;
  packed.has_reason = row.reason.has_value();
  const CancelReason reason = row.reason.value_or(CancelReason{});
  packed.reason_at = reason.at_ticks;
  packed.reason_origin = reason.origin.value;
  packed.reason_kind = reason.kind;
  packed.outcome_kind = row.outcome.kind;
  packed.outcome_at = row.outcome.reason.at_ticks;
  packed.outcome_origin = row.outcome.reason.origin.value;
  packed.outcome_reason_kind = row.outcome.reason.kind;
  return packed;
}

EndedRows::Packed EndedRows::pack(const spec::Task& row) {
  spec::Region same;
  same.parent = row.owner;
  same.reason = row.reason;
  same.outcome = row.outcome;
  Packed packed = pack(same);
  packed.is_finalizer = row.is_finalizer;
  return packed;
}

void EndedRows::unpack(std::uint32_t name, const Packed& packed, spec::Region& row) {
  row.name = RegionName{name};
  row.parent = RegionName{packed.link};
  row.phase = RegionPhase::Closed;
  if (packed.has_reason)
    row.reason =
        CancelReason{packed.reason_kind, packed.reason_at, RegionName{packed.reason_origin}};
  row.outcome =
      Outcome{packed.outcome_kind,
              {packed.outcome_reason_kind, packed.outcome_at, RegionName{packed.outcome_origin}}};
}

void EndedRows::unpack(std::uint32_t name, const Packed& packed, spec::Task& row) {
  spec::Region same;
  unpack(name, packed, same);
  row.name = TaskName{name};
  row.owner = same.parent;
  row.phase = TaskPhase::Completed;
  row.is_finalizer = packed.is_finalizer;
  row.reason = same.reason;
  row.outcome = same.outcome;
}

template <class Row>
void EndedRows::keep(Table<Row>& table, const Row& row) {
  const Packed packed = pack(row);
  Row again;
  unpack(row.name.value, packed, again);
  if (again == row) {
    table.packed.insert_or_assign(row.name.value, packed);
  } else {
    table.odd.insert_or_assign(row.name.value, std::make_unique<Row>(row));
  }
}

template <class Row>
std::optional<Row> EndedRows::look_up(const Table<Row>& table, std::uint32_t name) {
  if (const auto found = table.packed.find(name); found != table.packed.end()) {
    Row row;
    unpack(name, found->second, row);
    return row;
  }
  if (const auto found = table.odd.find(name); found != table.odd.end()) return *found->second;
  return std::nullopt;
}

template <class Row>
std::optional<Row> EndedRows::take(Table<Row>& table, std::uint32_t name) {
  std::optional<Row> row = look_up(table, name);
  if (row && table.packed.erase(name) == 0) table.odd.erase(name);
  return row;
}

template <class Row>
void EndedRows::append(const Table<Row>& table, std::vector<Row>& rows) {
  for (const auto& [name, packed] : table.packed) unpack(name, packed, rows.emplace_back());
  for (const auto& [name, row] : table.odd) rows.push_back(*row);
}

void EndedRows::keep_row(const spec::Region& row) {
  if (!forgotten_regions_.contains(row.name.value)) keep(regions_, row);
}
void EndedRows::keep_row(const spec::Task& row) {
  if (!forgotten_tasks_.contains(row.name.value)) keep(tasks_, row);
}
void EndedRows::keep_row(const spec::Obligation& row) {
  if (!forgotten_obligations_.contains(row.name.value))
    obligations_.insert_or_assign(row.name.value, row);
}

void EndedRows::put_away(spec::State& state) {
  spec::State* const only = &state;
  put_away(std::span(&only, 1));
}

void EndedRows::put_away(std::span<spec::State* const> states) {
  const auto put_away_rows = [&](auto member) {
    auto& first = states.front()->*member;
    std::vector<std::decay_t<decltype(first.front().name)>> gone;
    for (const auto& row : first) {
      if (!has_ended(row)) continue;
      const bool everywhere =
          std::all_of(states.begin(), states.end(), [&](spec::State* const state) {
            const auto* const other = spec::find(*state, row.name);
            return other != nullptr && *other == row && !is_leaned_on(*state, row);
          });
      if (!everywhere) continue;
      keep_row(row);
      gone.push_back(row.name);
    }
    if (gone.empty()) return;
    for (spec::State* const state : states) {
      take_out(state->*member, [&](const auto& row) {
        return std::binary_search(gone.begin(), gone.end(), row.name);
      });
    }
  };
  put_away_rows(&spec::State::obligations);
  put_away_rows(&spec::State::tasks);
  put_away_rows(&spec::State::regions);
}

void EndedRows::take_region(RegionName name, SomeRows& rows) {
  for (auto row = take(regions_, name.value); row; row = take(regions_, row->parent.value))
    rows.regions.push_back(*row);
}

void EndedRows::take_task(TaskName name, SomeRows& rows) {
  if (auto row = take(tasks_, name.value)) {
    take_region(row->owner, rows);
    rows.tasks.push_back(*std::move(row));
  }
}

void EndedRows::take_obligation(ObligationName name, SomeRows& rows) {
  const auto found = obligations_.find(name.value);
  if (found == obligations_.end()) return;
  const spec::Obligation row = found->second;
  obligations_.erase(found);
  take_region(row.region, rows);
  take_task(row.holder, rows);
  if (forgotten_regions_.contains(row.region.value))  // all that a rule asks of it is its phase
    rows.regions.push_back({.name = row.region, .phase = RegionPhase::Closed});
  rows.obligations.push_back(row);
}

SomeRows EndedRows::bring_back(const NamedRows& named) {
  SomeRows rows;
  for (const RegionName name : named.regions) take_region(name, rows);
  for (const TaskName name : named.tasks) take_task(name, rows);
  for (const ObligationName name : named.obligations) take_obligation(name, rows);
  return rows;
}

void EndedRows::forget(const Released& released) {
  for (const RegionName name : released.regions) {
    forgotten_regions_.insert(name.value);
    static_cast<void>(take(regions_, name.value));
  }
  for (const TaskName name : released.tasks) {
    forgotten_tasks_.insert(name.value);
    static_cast<void>(take(tasks_, name.value));
  }
  for (const ObligationName name : released.obligations) {
    forgotten_obligations_.insert(name.value);
    obligations_.erase(name.value);
  }
}

spec::State EndedRows::whole(const spec::State& state) const {
  spec::State all = state;
  SomeRows rows;
  append(regions_, rows.regions);
  append(tasks_, rows.tasks);
  for (const auto& [name, row] : obligations_) rows.obligations.push_back(row);
  for (const spec::Region& row : rows.regions) all.regions.push_back(row);
  for (const spec::Task& row : rows.tasks) all.tasks.push_back(row);
  for (const spec::Obligation& row : rows.obligations) all.obligations.push_back(row);
  sort_rows(all.regions);
  sort_rows(all.tasks);
  sort_rows(all.obligations);
  return all;
}

std::optional<spec::Region> EndedRows::find(RegionName name) const {
  return look_up(regions_, name.value);
}
std::optional<spec::Task> EndedRows::find(TaskName name) const {
  return look_up(tasks_, name.value);
}
std::optional<spec::Obligation> EndedRows::find(ObligationName name) const {
  const auto found = obligations_.find(name.value);
  return found == obligations_.end() ? std::nullopt : std::optional(found->second);
}

RowCounts EndedRows::counts() const {
  return {regions_.size(), tasks_.size(), obligations_.size()};
}

}  // namespace quiesce::validate
