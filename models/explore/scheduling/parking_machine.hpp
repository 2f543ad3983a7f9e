// The parking protocol at given bounds, for the search.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/explore/scheduling/rule_model.hpp"
#include "spec/scheduling/parking.hpp"

namespace quiesce::explore {

struct ParkingBounds {
  static constexpr std::uint32_t most_entries = 4;
  std::uint32_t workers = 2;
  std::uint32_t publishers = 2;
  std::uint32_t entries = 2;   ///< that are brought, all in all
  std::uint32_t failures = 0;  ///< dequeues that fail for no reason
  bool timer = false;          ///< a timer may be brought
  bool shutdown = false;       ///< the end may be announced
};

/// ParkingMachine interleaves every step of workers and publishers.
///   state    128 bits
class ParkingMachine {
 public:
  static constexpr std::size_t words = 2;
  using Value = spec::scheduling::parking::State;

  explicit ParkingMachine(const ParkingBounds& bounds);

  [[nodiscard]] Value initial() const;
  [[nodiscard]] PackedState<words> encode(const Value& value) const;
  [[nodiscard]] Value decode(const PackedState<words>& packed) const;
  template <class Visit>
  void for_each_step(const Value& before, Visit&& visit) const {
    for_each_action(before, [&](const auto& action, const Value& after) {
      visit(
          action.index(), [&] { return to_text(action); }, after, Verdict{});
    });
  }
  /// Calls visit(action, after) for every step of anyone.
  template <class Visit>
  void for_each_action(const Value& before, Visit&& visit) const {
    for (const spec::scheduling::parking::Action& action : alphabet_) {
      Value after = before;
      if (spec::scheduling::parking::apply(after, action)) visit(action, after);
    }
  }
  [[nodiscard]] Verdict verdict(const Value& value) const;
  [[nodiscard]] bool is_at_rest(const Value& value) const {
    return spec::scheduling::parking::is_at_rest(value);
  }
  [[nodiscard]] std::size_t max_successors() const { return alphabet_.size(); }
  [[nodiscard]] std::span<const std::string_view> actions() const { return actions_; }
  [[nodiscard]] std::span<const Fact> always() const { return always_; }
  [[nodiscard]] std::span<const Fact> sometimes() const { return sometimes_; }
  [[nodiscard]] std::string state_text(const Value& value) const { return to_text(value); }
  [[nodiscard]] std::string violation_text(const Value& value, std::size_t fact) const {
    return spec::scheduling::parking::invariants()[fact].violated(value).value_or("");
  }

 private:
  [[nodiscard]] std::string_view beyond(std::string_view id) const;

  ParkingBounds bounds_;
  std::vector<spec::scheduling::parking::Action> alphabet_;
  std::vector<std::string_view> actions_;
  std::vector<Fact> always_;
  std::vector<Fact> sometimes_;
};

}  // namespace quiesce::explore
