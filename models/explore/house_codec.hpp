// The specification's state at given bounds, packed into a few words without loss.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "models/explore/house_bounds.hpp"
#include "models/explore/house_more.hpp"
#include "spec/invariants.hpp"
#include "spec/state.hpp"

namespace quiesce::explore {

/// HouseCodec packs every state that the bounded machine can be in, and any corrupted one of the
/// same shape: lists and counters are kept as they are, not derived, so that an invariant that
/// breaks is still seen. Not kept, because the machine has one value for it: the kind of
/// obligation, the leak policy; and, unless a flag of the bounds turns it on, time, deadlines,
/// quotas, limits and waiters (HouseMore). Of a task's budget the rest follows from its reason.
///   state    at most 387 bits if all of these are off
///   cost     one shift and mask a field, no allocation but for what the state itself needs
class HouseCodec {
 public:
  explicit HouseCodec(const HouseBounds& bounds);

  [[nodiscard]] std::uint32_t bits() const { return bits_; }
  [[nodiscard]] std::size_t words() const { return (bits_ + 63) / 64; }

  /// Where the names of tasks stand in packed rows, and how many rows there are of each kind.
  struct Places {
    std::uint32_t regions;
    std::uint32_t body_tasks;
    std::uint32_t tasks;
    std::uint32_t obligations;
    std::uint32_t tasks_shift;   ///< of the bit of task t0 in a region's row
    std::uint32_t holder_shift;  ///< of the holder's name in an obligation's row
    std::uint64_t holder_mask;
  };
  [[nodiscard]] Places places() const;

  /// The rows of a state, each packed: by kind, then by Name; 0 where there is no row.
  struct Rows {
    static constexpr std::size_t most = HouseBounds::most_regions + HouseBounds::most_tasks +
                                        HouseBounds::most_finalizers +
                                        HouseBounds::most_obligations;
    std::array<std::uint64_t, most> packed;
    std::uint32_t leak_count;
    Time now;
  };

  /// False if the state is not one of this shape; `why_not` then says what stands out.
  [[nodiscard]] bool encode(const spec::State& state, std::span<std::uint64_t> words) const;
  [[nodiscard]] bool pack(const spec::State& state, Rows& rows) const;
  void join(const Rows& rows, std::span<std::uint64_t> words) const;
  /// Overwrites `state`, whose storage is used again.
  void decode(std::span<const std::uint64_t> words, spec::State& state) const;
  void split(std::span<const std::uint64_t> words, Rows& rows) const;
  void unpack(const Rows& rows, spec::State& state) const;
  /// Makes `state`, which is what `old` unpacks to, what `rows` unpacks to, and says where the rows
  /// differ.
  ///   cost     only rows that differ are unpacked
  spec::Touched unpack_changed(const Rows& old, const Rows& rows, spec::State& state) const;
  /// Turns `words`, those of `before`, into those of `after`, and says where the rows differ;
  /// `rows` are those of `before`. False if `after` is not of this shape.
  ///   cost     only rows that are marked in `after` are packed
  [[nodiscard]] bool follow(const spec::State& before, const Rows& rows, const spec::State& after,
                            std::span<std::uint64_t> words, spec::Touched& touched) const;
  /// "task t0 has a waiter": the first part that has no place; nothing if all have one.
  [[nodiscard]] std::optional<std::string> why_not(const spec::State& state) const;

 private:
  // `more`: with what `more_` packs, which costs the others nothing.
  template <bool more>
  [[nodiscard, gnu::always_inline]] inline std::uint64_t pack(const spec::Region& region,
                                                              bool& fits) const;
  template <bool more>
  [[nodiscard, gnu::always_inline]] inline std::uint64_t pack(const spec::Task& task,
                                                              bool& fits) const;
  template <bool more>
  [[nodiscard, gnu::always_inline]] inline std::uint64_t pack(const spec::Obligation& obligation,
                                                              bool& fits) const;
  void unpack(std::uint64_t row, std::uint32_t name, spec::Region& region) const;
  void unpack(std::uint64_t row, std::uint32_t name, spec::Task& task) const;
  void unpack(std::uint64_t row, std::uint32_t name, spec::Obligation& obligation) const;

  /// What a task's budget is when nobody asked for one.
  [[nodiscard]] inline const Budget& derived_budget(const spec::Task& task) const;

  /// Where the rows of a kind stand: the first of them, how many, its bit in the words, its width.
  struct Place {
    std::uint32_t first;
    std::uint32_t count;
    std::uint32_t bit;
    std::uint32_t width;
  };
  [[nodiscard]] static std::uint32_t end_of(const Place& place) {
    return place.bit + place.count * place.width;
  }
  template <bool more, class List>
  [[nodiscard, gnu::always_inline]] inline bool follow(const List& before, const List& after,
                                                       const Place& place, const Rows& rows,
                                                       std::span<std::uint64_t> words,
                                                       std::uint64_t& touched) const;
  template <bool more>
  [[nodiscard, gnu::always_inline]] inline bool follow_rows(const spec::State& before,
                                                            const Rows& rows,
                                                            const spec::State& after,
                                                            std::span<std::uint64_t> words,
                                                            spec::Touched& touched) const;
  [[nodiscard, gnu::noinline]] bool follow_with_more(const spec::State& before, const Rows& rows,
                                                     const spec::State& after,
                                                     std::span<std::uint64_t> words,
                                                     spec::Touched& touched) const;
  template <bool more>
  [[nodiscard]] bool pack_rows(const spec::State& state, Rows& rows) const;
  template <bool more, class List>
  [[nodiscard, gnu::noinline]] bool follow_all(const List& after, const Place& place,
                                               std::span<std::uint64_t> packed) const;

  std::uint32_t regions_;
  std::uint32_t body_tasks_;
  std::uint32_t tasks_;  ///< body and finalizer tasks
  std::uint32_t obligations_;
  std::uint32_t count_bits_;  ///< for 0..obligations
  HouseMore more_;
  std::uint32_t region_bits_;  ///< without what `more_` packs
  Time latest_;
  LeakPolicy leaks_;
  Place regions_place_;
  Place tasks_place_;
  Place obligations_place_;
  std::uint32_t count_bit_;  ///< where the leak count stands, and then the time
  std::uint32_t bits_;
  std::array<Budget, cancel_kind_count> cleanup_budgets_;
  Budget finalizer_budget_;
};

/// Makes `after`, which differs from `before` in the rows `touched`, the same again, without marks.
void take_back(const spec::State& before, const spec::Touched& touched, spec::State& after);

}  // namespace quiesce::explore
