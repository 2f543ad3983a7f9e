#include "models/explore/house_codec.hpp"

#include <bit>
#include <utility>

#include "models/explore/house_fields.hpp"

namespace quiesce::explore {
namespace {

using spec::Obligation;
using spec::Region;
using spec::State;
using spec::Task;

// A row is its phase + 1, so that an absent row is 0, and then its fields from the lowest bit up.
constexpr std::uint32_t phase_bits = 3;
constexpr std::uint32_t name_bits = 3;  // of a task or a finalizer
constexpr std::uint32_t region_name_bits = 2;
constexpr std::uint32_t kind_bits = 4;
constexpr std::uint32_t reason_bits = 1 + kind_bits + region_name_bits;
constexpr std::uint32_t outcome_bits = 2 + kind_bits + region_name_bits;
constexpr std::uint32_t mask_bits = 3;
/// What stands before the lists of child regions and tasks in a region's row.
constexpr std::uint32_t region_head_bits =
    phase_bits + 1 + region_name_bits + reason_bits + outcome_bits;
constexpr std::uint32_t task_bits =
    phase_bits + region_name_bits + mask_bits + reason_bits + outcome_bits;
constexpr std::uint32_t obligation_bits = phase_bits + 2 + name_bits + region_name_bits;

/// Rows one after the other in words; a row may lie across two.
class WordWriter {
 public:
  explicit WordWriter(std::uint64_t* word) : word_(word) {}
  void put(std::uint64_t row, std::uint32_t width) {
    filling_ |= row << used_;
    used_ += width;
    if (used_ < 64) return;
    *word_++ = filling_;
    used_ -= 64;
    filling_ = used_ == 0 ? 0 : row >> (width - used_);
  }
  void finish() const {
    if (used_ != 0) *word_ = filling_;
  }

 private:
  std::uint64_t* word_;
  std::uint64_t filling_ = 0;
  std::uint32_t used_ = 0;
};

class WordReader {
 public:
  explicit WordReader(const std::uint64_t* word) : word_(word) {}
  std::uint64_t take(std::uint32_t width) {
    if (width == 0) return 0;  // nothing is read behind the last word
    std::uint64_t row = *word_ >> used_;
    used_ += width;
    if (used_ >= 64) {
      used_ -= 64;
      ++word_;
      if (used_ != 0) row |= *word_ << (width - used_);
    }
    return row & ((std::uint64_t{1} << width) - 1);
  }

 private:
  const std::uint64_t* word_;
  std::uint32_t used_ = 0;
};

std::uint64_t reason_field(const CancelReason& reason, Time latest, bool& fits) {
  fits &= reason.at_ticks <= latest && reason.origin.value < HouseBounds::most_regions;
  return static_cast<std::uint64_t>(reason.kind) << region_name_bits |
         (reason.origin.value & (HouseBounds::most_regions - 1));
}

std::uint64_t reason_field(const std::optional<CancelReason>& reason, Time latest, bool& fits) {
  if (!reason) return 0;
  return std::uint64_t{1} << (kind_bits + region_name_bits) | reason_field(*reason, latest, fits);
}

std::uint64_t outcome_field(const Outcome& outcome, Time latest, bool& fits) {
  const auto kind = static_cast<std::uint64_t>(outcome.kind) << (kind_bits + region_name_bits);
  if (outcome.kind == OutcomeKind::Cancelled)
    return kind | reason_field(outcome.reason, latest, fits);
  fits &= outcome.reason == CancelReason{};
  return kind;
}

CancelReason reason_of(std::uint32_t field) {
  return {.kind = static_cast<CancelKind>(field >> region_name_bits & ((1U << kind_bits) - 1)),
          .at_ticks = 0,
          .origin = RegionName{field & (HouseBounds::most_regions - 1)}};
}

std::optional<CancelReason> optional_reason_of(std::uint32_t field) {
  if (field == 0) return std::nullopt;
  return reason_of(field);
}

Outcome outcome_of(std::uint32_t field) {
  const auto kind = static_cast<OutcomeKind>(field >> (kind_bits + region_name_bits));
  if (kind == OutcomeKind::Cancelled) return {kind, reason_of(field)};
  return {kind, {}};
}

/// Packs the rows of one kind, in order of their Names, into `count` places.
template <class Rows>
bool put_rows(const Rows& rows, std::span<std::uint64_t> places, auto&& pack) {
  std::size_t place = 0;
  for (const auto& row : rows) {
    if (row.name.value < place || row.name.value >= places.size()) return false;
    while (place < row.name.value) places[place++] = 0;
    places[place++] = pack(row);
  }
  while (place < places.size()) places[place++] = 0;
  return true;
}

template <class Rows>
void take_rows(Rows& rows, std::span<const std::uint64_t> places, auto&& unpack) {
  std::size_t size = 0;
  for (std::uint32_t name = 0; name < places.size(); ++name) {
    if (places[name] == 0) continue;
    if (size == rows.size()) rows.emplace_back();
    unpack(places[name], name, rows[size++]);
  }
  rows.resize(size);
}

/// Rare, and the code of a list's assignment is long: it stays out of the way of `take_back`.
template <class List>
[[gnu::noinline, gnu::cold]] void take_back_all(const List& before, List& after) {
  after = before;
}

template <class List>
inline void take_back_rows(const List& before, std::uint64_t touched, List& after) {
  if (touched == spec::Touched::any) [[unlikely]] {
    take_back_all(before, after);
  } else {
    for (; touched != 0; touched &= touched - 1) {
      const auto place = static_cast<std::size_t>(std::countr_zero(touched));
      after[place] = before[place];
    }
  }
  after.forget_marks();
}

/// `rows` are what the `old` places unpack to, and become what the new `places` unpack to.
template <class Rows>
std::uint64_t take_changed_rows(Rows& rows, std::span<const std::uint64_t> old,
                                std::span<const std::uint64_t> places, auto&& unpack) {
  std::uint64_t touched = 0;
  std::size_t place = 0;
  for (std::uint32_t name = 0; name < places.size(); ++name) {
    if (old[name] == places[name]) {
      place += old[name] == 0 ? 0 : 1;
    } else if (places[name] == 0) {
      rows.erase(std::as_const(rows).begin() + place);
      touched = spec::Touched::any;
    } else {
      if (old[name] == 0) {
        rows.emplace(std::as_const(rows).begin() + place);
        touched = spec::Touched::any;
      }
      unpack(places[name], name, rows[place]);
      touched |= std::uint64_t{1} << place++;
    }
  }
  return touched;
}

}  // namespace

HouseCodec::HouseCodec(const HouseBounds& bounds)
    : regions_(bounds.regions),
      body_tasks_(bounds.tasks),
      tasks_(bounds.tasks + bounds.finalizers),
      obligations_(bounds.obligations),
      count_bits_(static_cast<std::uint32_t>(std::bit_width(bounds.obligations))),
      more_(bounds),
      region_bits_(region_head_bits + regions_ + tasks_ + bounds.finalizers +
                   (bounds.finalizers == 0 ? 0 : 1 + name_bits) + count_bits_),
      latest_(bounds.time),
      leaks_(bounds.leaks),
      regions_place_{0, regions_, 0, region_bits_ + more_.region_bits()},
      tasks_place_{regions_, tasks_, end_of(regions_place_), task_bits + more_.task_bits()},
      obligations_place_{regions_ + tasks_, obligations_, end_of(tasks_place_),
                         obligation_bits + more_.obligation_bits()},
      count_bit_(end_of(obligations_place_)),
      bits_(count_bit_ + count_bits_ + more_.time_bits()),
      finalizer_budget_(finalizer_budget(0)) {
  for (std::size_t kind = 0; kind < cleanup_budgets_.size(); ++kind)
    cleanup_budgets_[kind] = cleanup_budget(static_cast<CancelKind>(kind));
}

inline const Budget& HouseCodec::derived_budget(const Task& task) const {
  if (!spec::is_live(task)) return no_budget;
  if (task.is_finalizer) return finalizer_budget_;
  return task.reason ? cleanup_budgets_[static_cast<std::size_t>(task.reason->kind)] : no_budget;
}

HouseCodec::Places HouseCodec::places() const {
  return {.regions = regions_,
          .body_tasks = body_tasks_,
          .tasks = tasks_,
          .obligations = obligations_,
          .tasks_shift = region_head_bits + regions_,
          .holder_shift = phase_bits + 2,
          .holder_mask = (std::uint64_t{1} << name_bits) - 1};
}

template <bool more>
std::uint64_t HouseCodec::pack(const Region& region, bool& fits) const {
  const bool is_root = region.name == root_region;
  fits &= region.parent.is_none() == is_root && (is_root || region.parent.value < regions_) &&
          (more || (region.budget == no_budget && region.limits == no_limits)) &&
          region.pending_obligations <= obligations_ &&
          (!region.finalizing || region.finalizing->value - body_tasks_ < tasks_ - body_tasks_);
  Packer row;
  row.put(static_cast<std::uint64_t>(region.phase) + 1, phase_bits);
  row.put(static_cast<std::uint64_t>(region.policy), 1);
  row.put(is_root ? 0 : region.parent.value & 3U, region_name_bits);
  row.put(reason_field(region.reason, more ? latest_ : 0, fits), reason_bits);
  row.put(outcome_field(region.outcome, more ? latest_ : 0, fits), outcome_bits);
  row.put(set_field(region.children, 0, regions_, fits), regions_);
  row.put(set_field(region.tasks, 0, tasks_, fits), tasks_);
  row.put(region.pending_obligations, count_bits_);
  if (tasks_ == body_tasks_) {
    fits &= region.finalizers.empty();
  } else {
    row.put(set_field(region.finalizers, body_tasks_, tasks_, fits), tasks_ - body_tasks_);
    row.put(region.finalizing ? 1U | region.finalizing->value << 1U : 0, 1 + name_bits);
  }
  if constexpr (more) row.put(more_.pack(region, fits), more_.region_bits());
  return row.row();
}

template <bool more>
std::uint64_t HouseCodec::pack(const Task& task, bool& fits) const {
  fits &= task.is_finalizer == (task.name.value >= body_tasks_) && task.owner.value < regions_ &&
          task.mask_units <= max_mask_units &&
          (more ||
           (task.waiters.empty() && task.joins_ready == 0 && task.budget == derived_budget(task)));
  Packer row;
  row.put(static_cast<std::uint64_t>(task.phase) + 1, phase_bits);
  row.put(task.owner.value & 3U, region_name_bits);
  row.put(task.mask_units & 7U, mask_bits);
  row.put(reason_field(task.reason, more ? latest_ : 0, fits), reason_bits);
  row.put(outcome_field(task.outcome, more ? latest_ : 0, fits), outcome_bits);
  if constexpr (more) row.put(more_.pack(task, derived_budget(task), fits), more_.task_bits());
  return row.row();
}

template <bool more>
std::uint64_t HouseCodec::pack(const Obligation& obligation, bool& fits) const {
  fits &= obligation.holder.value < tasks_ && obligation.region.value < regions_ &&
          obligation.kind == ObligationKind::SendPermit &&
          obligation.reserved_at_ticks <= (more ? latest_ : 0);
  Packer row;
  row.put(static_cast<std::uint64_t>(obligation.phase) + 1, phase_bits);
  row.put(static_cast<std::uint64_t>(obligation.abort_reason), 2);
  row.put(obligation.holder.value & 7U, name_bits);
  row.put(obligation.region.value & 3U, region_name_bits);
  if constexpr (more) row.put(more_.pack(obligation, fits), more_.obligation_bits());
  return row.row();
}

bool HouseCodec::pack(const State& state, Rows& rows) const {
  return more_.any() ? pack_rows<true>(state, rows) : pack_rows<false>(state, rows);
}

template <bool more>
bool HouseCodec::pack_rows(const State& state, Rows& rows) const {
  bool fits =
      state.now <= latest_ && state.leak_count <= obligations_ && state.leak_policy == leaks_;
  const auto pack_row = [&](const auto& row) { return pack<more>(row, fits); };
  const std::span<std::uint64_t> places(rows.packed);
  rows.leak_count = state.leak_count;
  rows.now = state.now;
  return put_rows(state.regions, places.first(regions_), pack_row) &&
         put_rows(state.tasks, places.subspan(regions_, tasks_), pack_row) &&
         put_rows(state.obligations, places.subspan(regions_ + tasks_, obligations_), pack_row) &&
         fits;
}

void HouseCodec::join(const Rows& rows, std::span<std::uint64_t> words) const {
  WordWriter out(words.data());
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < regions_; ++i) out.put(rows.packed[at++], regions_place_.width);
  for (std::uint32_t i = 0; i < tasks_; ++i) out.put(rows.packed[at++], tasks_place_.width);
  for (std::uint32_t i = 0; i < obligations_; ++i)
    out.put(rows.packed[at++], obligations_place_.width);
  out.put(rows.leak_count, count_bits_);
  out.put(rows.now, more_.time_bits());
  out.finish();
}

bool HouseCodec::encode(const State& state, std::span<std::uint64_t> words) const {
  Rows rows;
  if (!pack(state, rows)) return false;
  join(rows, words);
  return true;
}

void HouseCodec::unpack(std::uint64_t packed, std::uint32_t name, Region& region) const {
  Unpacker row(packed);
  region.name = RegionName{name};
  region.phase = static_cast<RegionPhase>(row.take(phase_bits) - 1);
  region.policy = static_cast<Policy>(row.take(1));
  const std::uint32_t parent = row.take(region_name_bits);
  region.parent = name == root_region.value ? RegionName::none() : RegionName{parent};
  region.reason = optional_reason_of(row.take(reason_bits));
  region.outcome = outcome_of(row.take(outcome_bits));
  region.budget = no_budget;
  region.limits = no_limits;
  set_of(row.take(regions_), 0, region.children);
  set_of(row.take(tasks_), 0, region.tasks);
  region.pending_obligations = row.take(count_bits_);
  region.finalizers.clear();
  region.finalizing.reset();
  if (tasks_ != body_tasks_) {
    set_of(row.take(tasks_ - body_tasks_), body_tasks_, region.finalizers);
    const std::uint32_t finalizing = row.take(1 + name_bits);
    if (finalizing != 0) region.finalizing = TaskName{finalizing >> 1U};
  }
  if (more_.any()) [[unlikely]]
    more_.unpack(packed >> region_bits_, region);
}

void HouseCodec::unpack(std::uint64_t packed, std::uint32_t name, Task& task) const {
  Unpacker row(packed);
  task.name = TaskName{name};
  task.phase = static_cast<TaskPhase>(row.take(phase_bits) - 1);
  task.owner = RegionName{row.take(region_name_bits)};
  task.is_finalizer = name >= body_tasks_;
  task.mask_units = static_cast<std::uint8_t>(row.take(mask_bits));
  task.reason = optional_reason_of(row.take(reason_bits));
  task.outcome = outcome_of(row.take(outcome_bits));
  task.budget = derived_budget(task);
  task.waiters.clear();
  task.joins_ready = 0;
  if (more_.any()) [[unlikely]]
    more_.unpack(packed >> task_bits, derived_budget(task), task);
}

void HouseCodec::unpack(std::uint64_t packed, std::uint32_t name, Obligation& obligation) const {
  Unpacker row(packed);
  obligation.name = ObligationName{name};
  obligation.kind = ObligationKind::SendPermit;
  obligation.phase = static_cast<ObligationPhase>(row.take(phase_bits) - 1);
  obligation.abort_reason = static_cast<AbortReason>(row.take(2));
  obligation.holder = TaskName{row.take(name_bits)};
  obligation.region = RegionName{row.take(region_name_bits)};
  obligation.reserved_at_ticks = 0;
  if (more_.any()) [[unlikely]]
    more_.unpack(packed >> obligation_bits, obligation);
}

void HouseCodec::split(std::span<const std::uint64_t> words, Rows& rows) const {
  WordReader in(words.data());
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < regions_; ++i) rows.packed[at++] = in.take(regions_place_.width);
  for (std::uint32_t i = 0; i < tasks_; ++i) rows.packed[at++] = in.take(tasks_place_.width);
  for (std::uint32_t i = 0; i < obligations_; ++i)
    rows.packed[at++] = in.take(obligations_place_.width);
  rows.leak_count = static_cast<std::uint32_t>(in.take(count_bits_));
  rows.now = in.take(more_.time_bits());
}

void HouseCodec::unpack(const Rows& rows, State& state) const {
  const auto unpack_row = [&](std::uint64_t row, std::uint32_t name, auto& to) {
    unpack(row, name, to);
  };
  const std::span<const std::uint64_t> places(rows.packed);
  state.now = rows.now;
  state.leak_count = rows.leak_count;
  state.leak_policy = leaks_;
  take_rows(state.regions, places.first(regions_), unpack_row);
  take_rows(state.tasks, places.subspan(regions_, tasks_), unpack_row);
  take_rows(state.obligations, places.subspan(regions_ + tasks_, obligations_), unpack_row);
}

spec::Touched HouseCodec::unpack_changed(const Rows& old, const Rows& rows, State& state) const {
  const auto unpack_row = [&](std::uint64_t row, std::uint32_t name, auto& to) {
    unpack(row, name, to);
  };
  const auto take = [&](auto& list, const Place& place) {
    return take_changed_rows(list, std::span(old.packed).subspan(place.first, place.count),
                             std::span(rows.packed).subspan(place.first, place.count), unpack_row);
  };
  state.now = rows.now;
  state.leak_count = rows.leak_count;
  return {.regions = take(state.regions, regions_place_),
          .tasks = take(state.tasks, tasks_place_),
          .obligations = take(state.obligations, obligations_place_)};
}

namespace {
/// Turns the field of `width` bits at `bit` into another one.
void change(std::span<std::uint64_t> words, std::uint32_t bit, std::uint32_t width,
            std::uint64_t difference) {
  words[bit / 64] ^= difference << bit % 64;
  if (bit % 64 + width > 64) words[bit / 64 + 1] ^= difference >> (64 - bit % 64);
}
}  // namespace

template <bool more, class List>
bool HouseCodec::follow_all(const List& after, const Place& place,
                            std::span<std::uint64_t> packed) const {
  bool fits = true;
  return put_rows(after, packed.first(place.count),
                  [&](const auto& row) { return pack<more>(row, fits); }) &&
         fits;
}

template <bool more, class List>
inline bool HouseCodec::follow(const List& before, const List& after, const Place& place,
                               const Rows& rows, std::span<std::uint64_t> words,
                               std::uint64_t& touched) const {
  std::uint64_t marks = after.marks();
  if (marks == 0) return true;
  const auto compare = [&](std::uint32_t name, std::uint64_t row) {
    const std::uint64_t difference = rows.packed[place.first + name] ^ row;
    if (difference != 0) change(words, place.bit + name * place.width, place.width, difference);
    return difference != 0;
  };
  if (before.size() != after.size()) [[unlikely]] {
    std::array<std::uint64_t, Rows::most> packed;
    if (!follow_all<more>(after, place, packed)) return false;
    for (std::uint32_t name = 0; name < place.count; ++name) compare(name, packed[name]);
    touched = spec::Touched::any;
    return true;
  }
  bool fits = true;
  for (; marks != 0; marks &= marks - 1) {
    const auto i = static_cast<std::size_t>(std::countr_zero(marks));
    if (i >= after.size()) break;
    const std::uint32_t name = before[i].name.value;
    if (after[i].name.value != name) return false;  // a row was exchanged for another
    if (compare(name, pack<more>(after[i], fits))) touched |= std::uint64_t{1} << i;
  }
  return fits;
}

template <bool more>
inline bool HouseCodec::follow_rows(const State& before, const Rows& rows, const State& after,
                                    std::span<std::uint64_t> words, spec::Touched& touched) const {
  return follow<more>(before.regions, after.regions, regions_place_, rows, words,
                      touched.regions) &&
         follow<more>(before.tasks, after.tasks, tasks_place_, rows, words, touched.tasks) &&
         follow<more>(before.obligations, after.obligations, obligations_place_, rows, words,
                      touched.obligations);
}

bool HouseCodec::follow(const State& before, const Rows& rows, const State& after,
                        std::span<std::uint64_t> words, spec::Touched& touched) const {
  touched = {0, 0, 0};
  if (after.leak_count != rows.leak_count)
    change(words, count_bit_, count_bits_, rows.leak_count ^ after.leak_count);
  if (after.leak_count > obligations_ || !(after.leak_policy == leaks_)) return false;
  if (!more_.any()) [[likely]]
    return after.now == 0 && follow_rows<false>(before, rows, after, words, touched);
  return follow_with_more(before, rows, after, words, touched);
}

bool HouseCodec::follow_with_more(const State& before, const Rows& rows, const State& after,
                                  std::span<std::uint64_t> words, spec::Touched& touched) const {
  if (after.now > latest_) return false;
  if (after.now != rows.now)
    change(words, count_bit_ + count_bits_, more_.time_bits(), rows.now ^ after.now);
  return follow_rows<true>(before, rows, after, words, touched);
}

void HouseCodec::decode(std::span<const std::uint64_t> words, State& state) const {
  Rows rows;
  split(words, rows);
  unpack(rows, state);
}

std::optional<std::string> HouseCodec::why_not(const State& state) const {
  if (state.now > latest_) return "the time is " + std::to_string(state.now);
  if (state.leak_count > obligations_)
    return "the leak count is " + std::to_string(state.leak_count);
  if (!(state.leak_policy == leaks_)) return "the leak policy is " + to_text(state.leak_policy);
  Rows packed;
  if (pack(state, packed)) return std::nullopt;
  const auto stands_out = [this](const auto& rows, const char* what) -> std::optional<std::string> {
    for (const auto& row : rows) {
      bool fits = true;
      static_cast<void>(more_.any() ? pack<true>(row, fits) : pack<false>(row, fits));
      if (!fits) return std::string(what) + " " + to_text(row.name) + " has a field with no place";
    }
    return std::nullopt;
  };
  if (auto region = stands_out(state.regions, "region")) return region;
  if (auto task = stands_out(state.tasks, "task")) return task;
  if (auto obligation = stands_out(state.obligations, "obligation")) return obligation;
  return "a Name is out of bounds or of order";
}

void take_back(const State& before, const spec::Touched& touched, State& after) {
  after.now = before.now;
  after.leak_count = before.leak_count;
  take_back_rows(before.regions, touched.regions, after.regions);
  take_back_rows(before.tasks, touched.tasks, after.tasks);
  take_back_rows(before.obligations, touched.obligations, after.obligations);
}

}  // namespace quiesce::explore
