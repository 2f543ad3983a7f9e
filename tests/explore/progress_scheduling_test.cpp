// Progress of the scheduler and of parking: what holds, and what each assumption is for.
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>
#include <string>

#include "models/explore/progress_check.hpp"
#include "models/explore/scheduling/waits.hpp"

namespace quiesce::explore {
namespace {

using Ids = std::set<std::string>;

Ids failed_ids(const ProgressReport& report) {
  Ids ids;
  for (const Violation& failure : report.failures()) ids.insert(failure.id);
  return ids;
}

ProgressReport scheduling(const SchedulingBounds& bounds, const std::string& unfair = {}) {
  const SchedulingMachine machine(bounds);
  const SchedulingWaits waits(bounds);
  ProgressOptions options;
  if (!unfair.empty()) options.unfair = {unfair};
  return check_progress(RuleProgress(machine, waits), options);
}

ProgressReport parking(const ParkingBounds& bounds, const std::string& unfair = {}) {
  const ParkingMachine machine(bounds);
  const ParkingWaits waits(bounds);
  ProgressOptions options;
  if (!unfair.empty()) options.unfair = {unfair};
  return check_progress(RuleProgress(machine, waits), options);
}

constexpr SchedulingBounds one_worker{.workers = 1, .time = 1};
constexpr SchedulingBounds two_workers{.workers = 2, .tasks = 1, .pinned = true};
constexpr ParkingBounds three_entries{.workers = 2, .publishers = 2, .entries = 3};
const std::string taken = "progress.visible_work_is_taken";
const std::string found = "progress.visible_work_finds_a_worker";
const std::string own = "progress.own_work_is_taken";
const std::string fired = "progress.timer_is_fired";
const std::string polled = "progress.woken_task_is_polled";

BOOST_AUTO_TEST_SUITE(progress_scheduling)

BOOST_AUTO_TEST_CASE(whoever_was_woken_is_polled) {
  for (const SchedulingBounds& bounds : {one_worker, two_workers}) {
    const ProgressReport report = scheduling(bounds);
    BOOST_TEST(failed_ids(report) == Ids{});
    BOOST_TEST(report.properties.front().pending_states > 0U);
  }
}

BOOST_AUTO_TEST_CASE(a_wake_is_lost_without_its_worker_its_thread_or_the_clock) {
  for (const std::string kind : {"work", "push", "clock"})
    BOOST_TEST(failed_ids(scheduling(one_worker, kind)) == Ids{polled}, kind);
}

BOOST_AUTO_TEST_CASE(visible_work_is_taken) {
  const ProgressReport report = parking(three_entries);
  BOOST_TEST(failed_ids(report) == Ids{});
  for (const ProgressRow& row : report.properties)
    BOOST_TEST((row.pending_states > 0U) == (row.id != fired), row.id);  // there is no timer
}

BOOST_AUTO_TEST_CASE(each_assumption_of_parking_is_needed_by_the_properties_that_name_it) {
  const std::map<std::string, Ids> needed_by{
      {"step", {taken, found, own}}, {"finish", {taken, own}}, {"publish", {taken, found, own}}};
  for (const auto& [kind, ids] : needed_by)
    BOOST_TEST(failed_ids(parking(three_entries, kind)) == ids, kind);
}

BOOST_AUTO_TEST_CASE(a_due_timer_is_fired_if_workers_take_their_steps) {
  constexpr ParkingBounds one_timer{.workers = 2, .publishers = 1, .entries = 1, .timer = true};
  BOOST_TEST(failed_ids(parking(one_timer)) == Ids{});
  for (const std::string kind : {"step", "finish", "publish"})
    BOOST_TEST(failed_ids(parking(one_timer, kind)).contains(fired), kind);
}

BOOST_AUTO_TEST_CASE(a_publisher_that_wakes_nobody_leaves_all_asleep) {
  const ProgressReport report = parking({.workers = 1, .publishers = 1, .entries = 1}, "publish");
  const Violation& lasso = *report.properties.front().broken;
  BOOST_TEST(lasso.trace.back().state ==
             "published 1 length 1 hint 1, w0 Asleep waiting, p0 Global wakes next w0");
  BOOST_TEST(lasso.notes.back() ==
             "publish(p0) could be taken all along and never is: not assumed");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace quiesce::explore
