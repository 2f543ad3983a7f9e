#include "models/explore/house_more.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "models/explore/house_fields.hpp"

namespace quiesce::explore {
namespace {

using spec::Obligation;
using spec::Region;
using spec::Task;

/// A field for a value up to `most`; `off` has none.
std::uint32_t width_for(std::uint32_t most, bool off) {
  return off ? 0 : static_cast<std::uint32_t>(std::bit_width(most));
}

/// A tick up to `latest`.
std::uint64_t tick_field(Time ticks, Time latest, bool& fits) {
  fits &= ticks <= latest;
  return ticks <= latest ? ticks : 0;
}

/// None is 0; the deadline `first + k`, k up to `latest`, is 1 + k.
std::uint64_t deadline_field(Time deadline, Time first, Time latest, bool& fits) {
  if (deadline == never) return 0;
  const bool has_place = deadline >= first && deadline - first <= latest;
  fits &= has_place;
  return has_place ? 1 + deadline - first : 0;
}
Time deadline_of(std::uint32_t field, Time first) {
  return field == 0 ? never : first + field - 1;
}
/// A finalizer's deadline counts from the tick at which it started.
Time first_deadline(const Task& task) {
  return task.is_finalizer ? finalizer_budget(0).deadline_ticks : 0;
}

// The quotas that no action asks for; 0..quota come after them.
constexpr std::array<CancelKind, 5> kinds_of_cleanup{CancelKind::User, CancelKind::Timeout,
                                                     CancelKind::PollQuota, CancelKind::FailFast,
                                                     CancelKind::Shutdown};
constexpr std::size_t given_count = kinds_of_cleanup.size() + 2;
const std::array<std::uint32_t, given_count>& given_quotas() {
  static const std::array<std::uint32_t, given_count> quotas = [] {
    std::array<std::uint32_t, given_count> made{unlimited, finalizer_budget(0).poll_quota};
    for (std::size_t i = 0; i < kinds_of_cleanup.size(); ++i)
      made[2 + i] = cleanup_budget(kinds_of_cleanup[i]).poll_quota;
    return made;
  }();
  return quotas;
}

std::uint64_t task_quota_field(std::uint32_t quota, std::uint32_t most, bool& fits) {
  if (quota <= most) return given_count + quota;
  const auto& given = given_quotas();
  const auto at = std::find(given.begin(), given.end(), quota);
  fits &= at != given.end();
  return at == given.end() ? 0 : static_cast<std::uint64_t>(at - given.begin());
}
std::uint32_t task_quota_of(std::uint32_t field) {
  return field < given_count ? given_quotas()[field]
                             : field - static_cast<std::uint32_t>(given_count);
}

std::uint64_t limit_field(std::uint32_t limit, std::uint32_t width, bool& fits) {
  if (limit == unlimited) return 0;
  fits &= limit == 1 && width != 0;
  return width;
}
std::uint32_t limit_of(std::uint32_t field) {
  return field == 0 ? unlimited : 1;
}

}  // namespace

HouseMore::HouseMore(const HouseBounds& bounds)
    : any_(bounds.time + bounds.quota + bounds.joins + bounds.limits != 0),
      latest_(bounds.time),
      quota_(bounds.quota),
      tasks_(bounds.tasks + bounds.finalizers),
      time_bits_(width_for(bounds.time, bounds.time == 0)),
      deadline_bits_(width_for(1 + bounds.time, bounds.time == 0)),
      region_quota_bits_(width_for(1 + quota_, quota_ == 0)),
      task_quota_bits_(width_for(static_cast<std::uint32_t>(given_count) + quota_, quota_ == 0)),
      limit_bits_(bounds.limits == 0 ? 0 : 1),
      waiters_bits_(bounds.joins == 0 ? 0 : tasks_),
      ready_bits_(width_for(tasks_, bounds.joins == 0)) {}

std::uint32_t HouseMore::region_bits() const {
  return 2 * time_bits_ + deadline_bits_ + region_quota_bits_ + 3 * limit_bits_;
}
std::uint32_t HouseMore::task_bits() const {
  return 2 * time_bits_ + deadline_bits_ + task_quota_bits_ + waiters_bits_ + ready_bits_;
}

std::uint64_t HouseMore::pack(const Region& region, bool& fits) const {
  const Budget& budget = region.budget;
  fits &=
      budget.cost_quota == unlimited && budget.priority == 0 &&
      (deadline_bits_ != 0 || budget.deadline_ticks == never) &&
      (budget.poll_quota == unlimited || (region_quota_bits_ != 0 && budget.poll_quota <= quota_));
  Packer more;
  more.put(region.reason ? tick_field(region.reason->at_ticks, latest_, fits) : 0, time_bits_);
  more.put(tick_field(region.outcome.reason.at_ticks, latest_, fits), time_bits_);
  more.put(deadline_field(budget.deadline_ticks, 0, latest_, fits), deadline_bits_);
  more.put(budget.poll_quota == unlimited ? 0 : 1 + (budget.poll_quota & 7U), region_quota_bits_);
  for (const std::uint32_t limit :
       {region.limits.child_regions, region.limits.body_tasks, region.limits.obligations})
    more.put(limit_field(limit, limit_bits_, fits), limit_bits_);
  return more.row();
}

void HouseMore::unpack(std::uint64_t packed, Region& region) const {
  Unpacker more(packed);
  const std::uint32_t asked_at = more.take(time_bits_);
  if (region.reason) region.reason->at_ticks = asked_at;
  region.outcome.reason.at_ticks = more.take(time_bits_);
  region.budget.deadline_ticks = deadline_of(more.take(deadline_bits_), 0);
  const std::uint32_t quota = more.take(region_quota_bits_);
  region.budget.poll_quota = quota == 0 ? unlimited : quota - 1;
  region.limits.child_regions = limit_of(more.take(limit_bits_));
  region.limits.body_tasks = limit_of(more.take(limit_bits_));
  region.limits.obligations = limit_of(more.take(limit_bits_));
}

std::uint64_t HouseMore::pack(const Task& task, const Budget& usual, bool& fits) const {
  const Budget& budget = task.budget;
  fits &= budget.cost_quota == unlimited && budget.priority == usual.priority &&
          (deadline_bits_ != 0 || budget.deadline_ticks == usual.deadline_ticks) &&
          (task_quota_bits_ != 0 || budget.poll_quota == usual.poll_quota) &&
          (waiters_bits_ != 0 || (task.waiters.empty() && task.joins_ready == 0)) &&
          task.joins_ready <= tasks_;
  Packer more;
  more.put(task.reason ? tick_field(task.reason->at_ticks, latest_, fits) : 0, time_bits_);
  more.put(tick_field(task.outcome.reason.at_ticks, latest_, fits), time_bits_);
  if (deadline_bits_ != 0)
    more.put(deadline_field(budget.deadline_ticks, first_deadline(task), latest_, fits),
             deadline_bits_);
  if (task_quota_bits_ != 0)
    more.put(task_quota_field(budget.poll_quota, quota_, fits), task_quota_bits_);
  if (waiters_bits_ == 0) return more.row();
  more.put(set_field(task.waiters, 0, tasks_, fits), waiters_bits_);
  more.put(std::min(task.joins_ready, tasks_), ready_bits_);
  return more.row();
}

void HouseMore::unpack(std::uint64_t packed, const Budget& usual, Task& task) const {
  Unpacker more(packed);
  const std::uint32_t asked_at = more.take(time_bits_);
  if (task.reason) task.reason->at_ticks = asked_at;
  task.outcome.reason.at_ticks = more.take(time_bits_);
  task.budget = usual;
  if (deadline_bits_ != 0)
    task.budget.deadline_ticks = deadline_of(more.take(deadline_bits_), first_deadline(task));
  if (task_quota_bits_ != 0) task.budget.poll_quota = task_quota_of(more.take(task_quota_bits_));
  set_of(more.take(waiters_bits_), 0, task.waiters);
  task.joins_ready = more.take(ready_bits_);
}

std::uint64_t HouseMore::pack(const Obligation& obligation, bool& fits) const {
  return tick_field(obligation.reserved_at_ticks, latest_, fits);
}

void HouseMore::unpack(std::uint64_t more, Obligation& obligation) const {
  obligation.reserved_at_ticks = more;
}

}  // namespace quiesce::explore
