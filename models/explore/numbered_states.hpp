// States by number, and numbers by state: exact, in the order of discovery.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "models/explore/key_set.hpp"

namespace quiesce::explore {

/// A state of a model by its number, and a number by its state.
///   state    the state, and 4 bytes / load for the table
template <class State>
class NumberedStates {
 public:
  using Number = std::uint32_t;

  NumberedStates() : table_(std::size_t{1} << 10, nobody) {}

  [[nodiscard]] std::size_t size() const { return states_.size(); }
  [[nodiscard]] const State& operator[](std::size_t number) const { return states_[number]; }
  [[nodiscard]] std::uint64_t memory_bytes() const {
    return states_.capacity() * sizeof(State) + table_.size() * sizeof(Number);
  }
  /// The most that it takes at once on its way to `count` states: the old array stays while it is
  /// copied into a new one.
  [[nodiscard]] std::uint64_t bytes_on_the_way_to(std::size_t count) const {
    std::uint64_t bytes = states_.capacity() * sizeof(State);
    if (count > states_.capacity())
      bytes += std::max(count, states_.capacity() * 2) * sizeof(State);
    std::size_t slots = table_.size();
    while (count * 2 >= slots) slots *= 2;
    return bytes + slots * sizeof(Number);
  }

  /// The number of a state, a new one if it has none.
  Number number_of(const State& state) {
    if (states_.size() * 2 >= table_.size()) grow();
    Number& slot = slot_of(state);
    if (slot == nobody) {
      slot = static_cast<Number>(states_.size());
      states_.push_back(state);
    }
    return slot;
  }

 private:
  static constexpr Number nobody = std::numeric_limits<Number>::max();

  Number& slot_of(const State& state) {
    const std::size_t mask = table_.size() - 1;
    std::size_t at = (key_of(state) >> 16) & mask;
    while (table_[at] != nobody && states_[table_[at]] != state) at = (at + 1) & mask;
    return table_[at];
  }
  void grow() {
    table_.assign(table_.size() * 2, nobody);
    for (std::size_t i = 0; i < states_.size(); ++i) slot_of(states_[i]) = static_cast<Number>(i);
  }

  std::vector<State> states_;
  std::vector<Number> table_;
};

}  // namespace quiesce::explore
