// notify as a model of the search: spec/channel/notify.hpp over a bounded alphabet.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "models/explore/models/channel_model.hpp"
#include "spec/channel/notify_invariants.hpp"

namespace quiesce::explore {

struct NotifyBounds {
  std::uint32_t waiters = 3;     ///< futures that may ever exist
  std::uint32_t notifies = 2;    ///< notify_one, ever
  std::uint32_t broadcasts = 1;  ///< notify_waiters, ever
  std::uint32_t drops = 1;       ///< futures that may be dropped
  bool spurious = false;         ///< a task that sleeps may poll
  static constexpr std::uint32_t most_waiters = 4;
  static constexpr std::uint32_t most_notifies = 7;
  static constexpr std::uint32_t most_broadcasts = 3;
};

/// The bounded world around a notify: names in order, and a sleeping task polls only once woken.
class NotifyMachine {
 public:
  using Situation = channel::Notify;
  using Action = channel::NotifyAction;
  static constexpr std::size_t words = 3;
  using Packed = PackedState<words>;

  explicit NotifyMachine(const NotifyBounds& bounds);
  [[nodiscard]] const NotifyBounds& bounds() const { return bounds_; }

  [[nodiscard]] Situation initial() const { return {}; }
  [[nodiscard]] Packed encode(const Situation& s) const;
  [[nodiscard]] Situation decode(const Packed& packed) const;
  [[nodiscard]] std::span<const Action> alphabet() const { return alphabet_; }
  [[nodiscard]] bool may(const Situation& s, const Action& action) const;
  [[nodiscard]] bool is_quiescent(const Situation& s) const;
  [[nodiscard]] auto invariants() const { return channel::notify_invariants(); }
  [[nodiscard]] auto step_properties() const { return channel::notify_step_properties(); }
  [[nodiscard]] std::span<const std::string_view> verbs() const;
  [[nodiscard]] std::span<const RefusalCell> refusals() const;
  /// Why the bounds cannot show an interesting case; empty if they might.
  [[nodiscard]] std::string_view beyond(std::string_view id) const;

 private:
  NotifyBounds bounds_;
  std::vector<Action> alphabet_;
};

using NotifyModel = ChannelModel<NotifyMachine>;

}  // namespace quiesce::explore
