// The bounded mpsc as a model of the search: spec/channel/mpsc.hpp and the runtime beside it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "models/explore/models/channel_model.hpp"
#include "spec/channel/mpsc_invariants.hpp"

namespace quiesce::explore {

struct MpscBounds {
  std::uint32_t senders = 2;   ///< tasks, each with a sender at the start
  std::uint32_t capacity = 1;  ///< of the channel
  std::uint32_t values = 2;    ///< that may ever be sent
  std::uint32_t permits = 2;   ///< that may ever be asked for
  std::uint32_t cancels = 1;   ///< reserve futures that may be dropped
  bool runtime = true;         ///< tasks return and are cancelled, the region closes
  bool spurious = false;       ///< a task that sleeps may poll
  static constexpr std::uint32_t most_senders = 3;
  static constexpr std::uint32_t most_capacity = 3;
  static constexpr std::uint32_t most_values = 4;
  static constexpr std::uint32_t most_permits = 4;
  static constexpr std::uint32_t most_cancels = 3;
};

/// The bounded world around a channel: tasks t0, t1, … of one region, each with a sender; values
/// and obligations are named in order; a sleeping task polls only once woken.
///   state    what the runtime went through is packed, not what it is: decoding takes the steps
///            again by the runtime's own rules, once for each history
class MpscMachine {
 public:
  using Situation = channel::Mpsc;
  using Action = channel::MpscAction;
  static constexpr std::size_t words = 4;
  using Packed = PackedState<words>;

  explicit MpscMachine(const MpscBounds& bounds);
  [[nodiscard]] const MpscBounds& bounds() const { return bounds_; }

  [[nodiscard]] Situation initial() const;
  [[nodiscard]] Packed encode(const Situation& s) const;
  [[nodiscard]] Situation decode(const Packed& packed) const;
  [[nodiscard]] std::span<const Action> alphabet() const { return alphabet_; }
  [[nodiscard]] bool may(const Situation& s, const Action& action) const;
  [[nodiscard]] bool is_quiescent(const Situation& s) const;
  [[nodiscard]] auto invariants() const { return channel::mpsc_invariants(); }
  [[nodiscard]] auto step_properties() const { return channel::mpsc_step_properties(); }
  [[nodiscard]] std::span<const std::string_view> verbs() const;
  [[nodiscard]] std::span<const RefusalCell> refusals() const;
  /// Why the bounds cannot show an interesting case; empty if they might.
  [[nodiscard]] std::string_view beyond(std::string_view id) const;

 private:
  void add_sender_actions(TaskName task);
  [[nodiscard]] std::uint32_t history_of(const spec::State& runtime) const;
  [[nodiscard]] spec::State replayed(std::uint32_t history) const;
  [[nodiscard]] bool may_ask_for_a_permit(const Situation& s) const;

  MpscBounds bounds_;
  std::vector<Action> alphabet_;
};

using MpscModel = ChannelModel<MpscMachine>;

}  // namespace quiesce::explore
