// Held: the set of shards whose locks the caller holds, as a type.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>

#include "impl/shards/tables.hpp"
#include "impl/sync/sync.hpp"

namespace quiesce::impl {

// The shards are types, so that a compiler's message names them. The ranks are the lock order.
struct Regions {  // B
  using Table = RegionTable;
  static constexpr int rank = 10;
  static constexpr std::size_t index = 0;
  static constexpr const char* name = "Regions";
};
struct Tasks {  // A
  using Table = TaskTable;
  static constexpr int rank = 20;
  static constexpr std::size_t index = 1;
  static constexpr const char* name = "Tasks";
};
struct Obligations {  // C
  using Table = ObligationTable;
  static constexpr int rank = 30;
  static constexpr std::size_t index = 2;
  static constexpr const char* name = "Obligations";
};

template <class Shard>
concept AnyShard =
    std::same_as<Shard, Regions> || std::same_as<Shard, Tasks> || std::same_as<Shard, Obligations>;

/// True if the ranks grow from left to right.
template <class... Listed>
consteval bool in_lock_order() {
  const std::array<int, sizeof...(Listed)> ranks{Listed::rank...};
  for (std::size_t i = 1; i < ranks.size(); ++i) {
    if (ranks[i - 1] >= ranks[i]) return false;
  }
  return true;
}

/// Refuses a list of shards that is not in lock order, with a message that names them.
template <class... Listed>
struct ShardsInLockOrder {
  static_assert((AnyShard<Listed> && ...), "only Regions, Tasks and Obligations can be held");
  static_assert(in_lock_order<Listed...>(),
                "shards are listed once each in lock order: Regions, then Tasks, then Obligations");
};

template <class Wanted, class... Present>
inline constexpr bool is_one_of = (std::same_as<Wanted, Present> || ...);

/// A shard's table behind the mutex that the layout gives it.
///   state    every access touches `version`, a variable that the explorer watches: data reached
///            without its lock is reported even if the access would have done no harm. `version`
///            counts the accesses that may have written.
template <Sync S, AnyShard Shard>
class Guarded {
 public:
  explicit Guarded(const RuntimeConfig& config)
      : version_(0, DataInfo{Shard::name}), table_(config) {}

  [[nodiscard]] const typename Shard::Table& read() const {
    (void)version_.read();
    return table_;
  }
  [[nodiscard]] typename Shard::Table& write() {
    version_.write(++writes_);
    return table_;
  }
  /// Without a lock and unseen by the explorer: for peek() and nothing else.
  [[nodiscard]] const typename Shard::Table& peek() const { return table_; }

 private:
  typename S::template Var<std::uint64_t> version_;
  std::uint64_t writes_ = 0;
  typename Shard::Table table_;
};

template <Sync S>
class Shards;

/// Proof that the caller holds the locks of the listed shards, and the only way to their tables.
///   state    one pointer; made by with<...>() alone; passed by value, never kept as a data member
///   keeps    converts to a smaller set, never to a larger one
template <Sync S, class... Listed>
class Held : ShardsInLockOrder<Listed...> {
 public:
  template <class... More>
  requires(sizeof...(More) > sizeof...(Listed) && (is_one_of<Listed, More...> && ...))
      Held(const Held<S, More...>& larger)
      : shards_(larger.shards_) {}  // NOLINT: meant to convert

  /// The table, for an access that changes nothing.
  template <AnyShard Shard>
  requires is_one_of<Shard, Listed...>
  [[nodiscard]] const typename Shard::Table& read() const {
    return shards_->template guarded<Shard>().read();
  }
  /// The table, for an access that may change it.
  template <AnyShard Shard>
  requires is_one_of<Shard, Listed...>
  [[nodiscard]] typename Shard::Table& write() const {
    return shards_->template guarded<Shard>().write();
  }

 private:
  friend class Shards<S>;
  template <Sync, class...>
  friend class Held;

  explicit Held(Shards<S>& shards) : shards_(&shards) {}

  Shards<S>* shards_;
};

/// read<Regions>(held), write<Tasks>(held): the same without the `template` keyword.
template <AnyShard Shard, Sync S, class... Listed>
[[nodiscard]] const typename Shard::Table& read(const Held<S, Listed...>& held) {
  return held.template read<Shard>();
}
template <AnyShard Shard, Sync S, class... Listed>
[[nodiscard]] typename Shard::Table& write(const Held<S, Listed...>& held) {
  return held.template write<Shard>();
}

template <class T>
inline constexpr bool is_held = false;
template <Sync S, class... Listed>
inline constexpr bool is_held<Held<S, Listed...>> = true;

}  // namespace quiesce::impl
