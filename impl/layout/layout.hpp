// Layouts: which mutex guards which shard, from one mutex for everything to one a shard.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace quiesce::impl {

/// A run-time table. Mutexes are locked in the order of their index, which is also their rank, and
/// a mutex that guards several of the wanted shards is locked once.
///   state    `mutex_of` by shard: Regions, Tasks, Obligations; what `*_locked` names is reached
///            under a lock only, as before it was moved out
struct Layout {
  const char* name = "";
  const char* says = "";
  std::array<std::uint8_t, 3> mutex_of{};
  std::array<const char*, 3> mutex_names{};
  bool instrumentation_locked = false;
  bool configuration_locked = false;
  bool clock_locked = false;
};

// The ladder from what the seeds call current to the sharded state: each rung moves one thing out
// of the lock.
inline constexpr std::array<const char*, 3> one_mutex{"Runtime", "unused", "unused"};
inline constexpr Layout one_lock{.name = "one_lock",
                                 .says =
                                     "one mutex for every shard, instrumentation, "
                                     "configuration and clock",
                                 .mutex_of = {0, 0, 0},
                                 .mutex_names = one_mutex,
                                 .instrumentation_locked = true,
                                 .configuration_locked = true,
                                 .clock_locked = true};
inline constexpr Layout instrumentation_out{.name = "instrumentation_out",
                                            .says =
                                                "as one_lock; counters and trace are written "
                                                "and read without the lock",
                                            .mutex_of = {0, 0, 0},
                                            .mutex_names = one_mutex,
                                            .configuration_locked = true,
                                            .clock_locked = true};
inline constexpr Layout config_out{.name = "config_out",
                                   .says =
                                       "as instrumentation_out; the configuration is read "
                                       "without the lock",
                                   .mutex_of = {0, 0, 0},
                                   .mutex_names = one_mutex,
                                   .clock_locked = true};
inline constexpr Layout clock_out{.name = "clock_out",
                                  .says = "as config_out; the time is read from an atomic",
                                  .mutex_of = {0, 0, 0},
                                  .mutex_names = one_mutex};
inline constexpr Layout sharded{.name = "sharded",
                                .says = "one mutex a shard: regions, tasks, obligations",
                                .mutex_of = {0, 1, 2},
                                .mutex_names = {"Regions", "Tasks", "Obligations"}};

inline constexpr std::array<const Layout*, 5> layouts{&one_lock, &instrumentation_out, &config_out,
                                                      &clock_out, &sharded};

/// The layout of that name, or nullptr.
[[nodiscard]] constexpr const Layout* find_layout(std::string_view name) {
  for (const Layout* layout : layouts) {
    if (layout->name == name) return layout;
  }
  return nullptr;
}

}  // namespace quiesce::impl
