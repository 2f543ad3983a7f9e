// A runtime to try operations on: it draws Names itself and reads answers as text.
#pragma once

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "impl/runtime_state.hpp"
#include "impl/sync/native.hpp"
#include "impl/sync/single_thread.hpp"

namespace quiesce::impl::tests {

inline std::string says(const Applied& applied) {
  return to_text(applied.answer);
}

/// The row with that name; the test stops if there is none, or more than one.
template <class Row, class EntityName>
const Row& row_of(const std::vector<Row>& rows, EntityName name) {
  const auto has_name = [&](const Row& row) { return row.name == name; };
  BOOST_REQUIRE_EQUAL(std::count_if(rows.begin(), rows.end(), has_name), 1);
  return *std::find_if(rows.begin(), rows.end(), has_name);
}

template <class EntityName>
std::string listed(std::vector<EntityName> names) {
  std::sort(names.begin(), names.end());
  std::string text;
  for (const EntityName name : names) text += (text.empty() ? "" : " ") + to_text(name);
  return text;
}

template <Sync S>
struct HouseOf {
  explicit HouseOf(const RuntimeConfig& wanted = {}, Observer* observer = nullptr,
                   const Layout& layout = sharded)
      : config(wanted), state(config, layout, observer) {}

  RegionId open(RegionId parent = RuntimeState<S>::root(), const Budget& budget = no_budget,
                const Limits& limits = no_limits, Policy policy = Policy::CollectAll) {
    return state.open_region(RegionName{regions++}, parent, budget, limits, policy).region;
  }
  TaskId spawn(RegionId region = RuntimeState<S>::root(), const Budget& budget = no_budget) {
    return state.spawn(TaskName{tasks++}, region, budget).task;
  }
  TaskId started(RegionId region = RuntimeState<S>::root(), const Budget& budget = no_budget) {
    const TaskId task = spawn(region, budget);
    state.start(task);
    return task;
  }
  TaskId completed(RegionId region = RuntimeState<S>::root()) {
    const TaskId task = started(region);
    state.return_from(task, OutcomeKind::Ok);
    return task;
  }
  ObligationId reserve(TaskId holder, RegionId region = RuntimeState<S>::root()) {
    return state.reserve(ObligationName{obligations++}, holder, region, ObligationKind::Lease)
        .obligation;
  }

  const Snapshot& look() {
    state.snapshot(seen);
    return seen;
  }
  const RegionRow& region(std::uint32_t name) { return row_of(look().regions, RegionName{name}); }
  const TaskRow& task(std::uint32_t name) { return row_of(look().tasks, TaskName{name}); }
  const ObligationRow& obligation(std::uint32_t name) {
    return row_of(look().obligations, ObligationName{name});
  }
  std::string phase_of_region(std::uint32_t name) {
    return std::string(to_text(region(name).phase));
  }
  std::string phase_of_task(std::uint32_t name) { return std::string(to_text(task(name).phase)); }
  std::string reason_of_region(std::uint32_t name) {
    const auto reason = region(name).reason;
    return reason ? to_text(*reason) : "none";
  }
  std::string reason_of_task(std::uint32_t name) {
    const auto reason = task(name).reason;
    return reason ? to_text(*reason) : "none";
  }

  RuntimeConfig config;
  RuntimeState<S> state;
  Snapshot seen;
  // The next Names: r1, t0 and o0 are the first that a test gets.
  std::uint32_t regions = 1;
  std::uint32_t tasks = 0;
  std::uint32_t obligations = 0;
};

using House = HouseOf<Native>;
inline constexpr RegionId root = RuntimeState<Native>::root();
inline constexpr RegionId unknown_region{77, 1};
inline constexpr TaskId unknown_task{77, 1};
inline constexpr ObligationId unknown_obligation{77, 1};

}  // namespace quiesce::impl::tests
