// What packed rows have only if a bound turns it on: times, deadlines, quotas, limits, waiters.
#pragma once

#include <cstdint>

#include "models/explore/house_bounds.hpp"
#include "spec/state.hpp"

namespace quiesce::explore {

/// HouseMore packs those fields of a row; each has no width while its bound is off, and then must
/// have the one value that the bounded machine gives it.
///   state    with time: now, the ticks of reasons and outcomes, when something was reserved, the
///            deadlines 0..time of regions and tasks, and those that finalizers get. With quotas:
///            0..quota, those of cleanup budgets and of finalizers, none. With limits: 1 or none,
///            each. With joins: waiters, and how many results were handed over
///   cost     nothing but a look at `any` while all are off
class HouseMore {
 public:
  explicit HouseMore(const HouseBounds& bounds);

  [[nodiscard]] bool any() const { return any_; }
  [[nodiscard]] std::uint32_t time_bits() const { return time_bits_; }
  [[nodiscard]] std::uint32_t region_bits() const;
  [[nodiscard]] std::uint32_t task_bits() const;
  [[nodiscard]] std::uint32_t obligation_bits() const { return time_bits_; }

  // `usual` is the budget of the task where nothing but its phase and its reason decides it.
  [[nodiscard]] std::uint64_t pack(const spec::Region& region, bool& fits) const;
  [[nodiscard]] std::uint64_t pack(const spec::Task& task, const Budget& usual, bool& fits) const;
  [[nodiscard]] std::uint64_t pack(const spec::Obligation& obligation, bool& fits) const;
  void unpack(std::uint64_t more, spec::Region& region) const;
  void unpack(std::uint64_t more, const Budget& usual, spec::Task& task) const;
  void unpack(std::uint64_t more, spec::Obligation& obligation) const;

 private:
  bool any_;
  Time latest_;
  std::uint32_t quota_;
  std::uint32_t tasks_;  ///< body and finalizer tasks
  std::uint32_t time_bits_;
  std::uint32_t deadline_bits_;
  std::uint32_t region_quota_bits_;
  std::uint32_t task_quota_bits_;
  std::uint32_t limit_bits_;    ///< of each of the three
  std::uint32_t waiters_bits_;  ///< a bit for each task
  std::uint32_t ready_bits_;
};

}  // namespace quiesce::explore
