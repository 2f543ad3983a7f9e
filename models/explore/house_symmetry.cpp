#include "models/explore/house_symmetry.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <functional>
#include <tuple>
#include <utility>

namespace quiesce::explore {
namespace {

/// A body task and what it holds.
struct Unit {
  std::uint64_t row;      ///< 0: absent
  std::uint64_t regions;  ///< a bit for each region that lists it
  std::array<std::uint64_t, HouseBounds::most_obligations> held;  ///< without their holder
  std::uint32_t name;

  [[nodiscard]] auto what() const { return std::tie(row, regions, held); }
};

/// Falling, for a handful of values.
template <class Iterator, class Less = std::less<>>
void sort_down(Iterator begin, Iterator end, Less less = {}) {
  for (Iterator at = begin; at != end; ++at) {
    for (Iterator to = at; to != begin && less(*(to - 1), *to); --to) std::swap(*(to - 1), *to);
  }
}

}  // namespace

HouseSymmetry::HouseSymmetry(const HouseCodec& codec, bool tasks, bool obligations)
    : places_(codec.places()), tasks_(tasks), obligations_(obligations) {}

void HouseSymmetry::make_canonical(HouseCodec::Rows& rows) const {
  if (tasks_) rename_tasks(rows);
  if (!obligations_) return;
  // A row has its holder's name, which is settled now; absent rows are 0 and end up last.
  const auto begin = rows.packed.begin() + places_.regions + places_.tasks;
  sort_down(begin, begin + places_.obligations);
}

void HouseSymmetry::rename_tasks(HouseCodec::Rows& rows) const {
  const std::uint32_t count = places_.body_tasks;
  std::uint64_t* const tasks = rows.packed.data() + places_.regions;
  std::uint64_t* const obligations = tasks + places_.tasks;
  const std::uint64_t holder_mask = places_.holder_mask << places_.holder_shift;
  const auto holder_of = [&](std::uint64_t row) {
    return static_cast<std::uint32_t>(row >> places_.holder_shift & places_.holder_mask);
  };

  std::array<Unit, HouseBounds::most_tasks> units{};
  for (std::uint32_t t = 0; t < count; ++t) {
    units[t].row = tasks[t];
    units[t].name = t;
    for (std::uint32_t r = 0; r < places_.regions; ++r) {
      units[t].regions |= (rows.packed[r] >> (places_.tasks_shift + t) & 1U) << r;
    }
  }
  for (std::uint32_t o = 0; o < places_.obligations; ++o) {
    const std::uint32_t holder = holder_of(obligations[o]);
    if (obligations[o] != 0 && holder < count)
      units[holder].held[o] = obligations[o] & ~holder_mask;
  }
  const auto units_end = units.begin() + count;
  if (obligations_) {
    for (auto unit = units.begin(); unit != units_end; ++unit) {
      sort_down(unit->held.begin(), unit->held.begin() + places_.obligations);
    }
  }
  sort_down(units.begin(), units_end,
            [](const Unit& a, const Unit& b) { return a.what() < b.what(); });

  std::array<std::uint64_t, HouseBounds::most_tasks> new_name{};
  const std::uint64_t listed = ((std::uint64_t{1} << count) - 1) << places_.tasks_shift;
  for (std::uint32_t r = 0; r < places_.regions; ++r) rows.packed[r] &= ~listed;
  for (std::uint32_t t = 0; t < count; ++t) {
    tasks[t] = units[t].row;
    new_name[units[t].name] = t;
    for (std::uint32_t r = 0; r < places_.regions; ++r) {
      rows.packed[r] |= (units[t].regions >> r & 1U) << (places_.tasks_shift + t);
    }
  }
  for (std::uint32_t o = 0; o < places_.obligations; ++o) {
    const std::uint32_t holder = holder_of(obligations[o]);
    if (obligations[o] == 0 || holder >= count) continue;
    obligations[o] = (obligations[o] & ~holder_mask) | new_name[holder] << places_.holder_shift;
  }
}

}  // namespace quiesce::explore
