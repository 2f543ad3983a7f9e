// Which invariants a state could break at all: one look at its rows spares a search most of the
// questions. Each condition follows from the sentence that it spares; a test compares the verdicts.
#include <bit>
#include <initializer_list>
#include <string_view>

#include "spec/invariants.hpp"

namespace quiesce::spec {
namespace {

/// What some row of a state has.
struct Has {
  bool region_reason = false;
  bool reason = false;
  bool bound = false;      ///< a region with a budget
  bool limit = false;      ///< a region with limits
  bool finalizer = false;  ///< a task, a name on a stack, or a region that says it runs one
  bool promise = false;    ///< an obligation, or a count of some
  bool waiter = false;
  bool mask = false;
  bool stamp = false;  ///< other than 0
};

Has look_at(const State& s) {
  Has has;
  for (const Region& region : s.regions) {
    has.region_reason |= region.reason.has_value();
    has.stamp |= region.reason && region.reason->at_ticks != 0;
    has.bound |= !(region.budget == no_budget);
    has.limit |= !(region.limits == no_limits);
    has.finalizer |= !region.finalizers.empty() || region.finalizing.has_value();
    has.promise |= region.pending_obligations != 0;
  }
  has.reason = has.region_reason;
  for (const Task& task : s.tasks) {
    has.reason |= task.reason.has_value();
    has.stamp |= task.reason && task.reason->at_ticks != 0;
    has.finalizer |= task.is_finalizer;
    has.waiter |= !task.waiters.empty();
    has.mask |= task.mask_units != 0;
  }
  has.promise |= !s.obligations.empty() || s.leak_count != 0;
  has.stamp |= !s.obligations.empty();
  return has;
}

std::uint64_t rows_of(std::initializer_list<std::string_view> ids) {
  std::uint64_t rows = 0;
  const auto catalogue = invariants();
  for (std::size_t row = 0; row < catalogue.size(); ++row) {
    for (const std::string_view id : ids)
      rows |= static_cast<std::uint64_t>(catalogue[row].id == id) << row;
  }
  return rows;
}

std::uint64_t in_question(const State& state) {
  static const std::uint64_t all = (std::uint64_t{1} << invariants().size()) - 1;
  static const std::uint64_t of_region_reasons =
      rows_of({"inv.cancel.propagates", "inv.cancel.reaches_tasks", "inv.cancel.begins_close"});
  static const std::uint64_t of_reasons = rows_of({"inv.cancel.origin", "inv.cancel.dominates"});
  static const std::uint64_t of_bounds =
      rows_of({"inv.region.deadline_monotone", "inv.budget.along_the_tree"});
  static const std::uint64_t of_limits = rows_of({"inv.region.within_limits"});
  static const std::uint64_t of_finalizers =
      rows_of({"inv.finalizer.one_at_a_time", "inv.finalizer.only_in_finalizing",
               "inv.finalizer.all_ran", "inv.finalizer.panic_joins", "inv.finalizer.shielded"});
  static const std::uint64_t of_promises =
      rows_of({"inv.region.ledger_empty", "inv.obligation.holder_live", "inv.obligation.counted",
               "inv.obligation.no_task_no_promise", "inv.obligation.leaks_counted",
               "inv.obligation.recovered"});
  static const std::uint64_t of_waiters = rows_of({"inv.join.waiters_live"});
  static const std::uint64_t of_masks = rows_of({"inv.mask.bounded"});
  static const std::uint64_t of_stamps = rows_of({"inv.time.stamps"});

  const Has has = look_at(state);
  const auto spared = [](bool has_some, std::uint64_t rows) { return has_some ? 0 : rows; };
  return all & ~(spared(has.region_reason, of_region_reasons) | spared(has.reason, of_reasons) |
                 spared(has.bound, of_bounds) | spared(has.limit, of_limits) |
                 spared(has.finalizer, of_finalizers) | spared(has.promise, of_promises) |
                 spared(has.waiter, of_waiters) | spared(has.mask, of_masks) |
                 spared(has.stamp, of_stamps));
}

}  // namespace

std::uint64_t violated_rows(const State& state) {
  const auto catalogue = invariants();
  std::uint64_t violated = 0;
  for (std::uint64_t asked = in_question(state); asked != 0; asked &= asked - 1) {
    const auto row = static_cast<std::size_t>(std::countr_zero(asked));
    if (catalogue[row].violated(state)) violated |= std::uint64_t{1} << row;
  }
  return violated;
}

}  // namespace quiesce::spec
