// A model made of rules on plain values: what the search asks, answered by decoding, trying every
// step, and encoding. For specifications that have no machine of their own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/explore/model.hpp"
#include "models/explore/result.hpp"

namespace quiesce::explore {

/// Which sentences a step or a state breaks, and which cases it shows: entries of always() and of
/// sometimes().
struct Verdict {
  FactSet broken;
  FactSet shown;
};

/// Bits written one field after the other into a packed state.
template <std::size_t words>
class BitWriter {
 public:
  void put(std::uint64_t value, unsigned bits) {
    const std::size_t word = at_ / 64;
    const unsigned shift = at_ % 64;
    fits_ = fits_ && at_ + bits <= words * 64 && value >> bits == 0;
    if (!fits_) return;
    packed_[word] |= value << shift;
    if (shift + bits > 64) packed_[word + 1] |= value >> (64 - shift);
    at_ += bits;
  }
  [[nodiscard]] bool fits() const { return fits_; }
  [[nodiscard]] const PackedState<words>& packed() const { return packed_; }

 private:
  PackedState<words> packed_{};
  unsigned at_ = 0;
  bool fits_ = true;
};

template <std::size_t words>
class BitReader {
 public:
  explicit BitReader(const PackedState<words>& packed) : packed_(packed) {}
  template <class Number = std::uint8_t>
  [[nodiscard]] Number take(unsigned bits) {
    const std::size_t word = at_ / 64;
    const unsigned shift = at_ % 64;
    std::uint64_t value = packed_[word] >> shift;
    if (shift + bits > 64) value |= packed_[word + 1] << (64 - shift);
    at_ += bits;
    return static_cast<Number>(value & ((std::uint64_t{1} << bits) - 1));
  }

 private:
  const PackedState<words>& packed_;
  unsigned at_ = 0;
};

/// RuleModel is a Machine for the search. A Machine has
///   Value, words         its states as the specification writes them; packed
///   initial, encode, decode
///   for_each_step(value, visit)    visit(number of the action, its text on demand, Value after,
///                                  Verdict of the step); steps that change nothing are no steps
///   verdict(value)       of the state itself
///   is_at_rest(value), actions(), always(), sometimes(), max_successors()
///   state_text(value), violation_text(value, fact), step_violation(before, fact)
///   cost     what `inspect` returns lives in the thread: its next `inspect` overwrites it
template <class Machine>
class RuleModel {
 public:
  using State = PackedState<Machine::words>;
  using Value = typename Machine::Value;
  struct Expansion {
    struct Successor {
      std::size_t action;
      State state;
    };
    std::vector<Successor> successors;
    Verdict verdict;
    bool is_at_rest = false;
  };
  using Facts = const Expansion*;

  explicit RuleModel(const Machine& machine) : machine_(machine) {}

  [[nodiscard]] State initial() const { return machine_.encode(machine_.initial()); }
  [[nodiscard]] std::size_t max_successors() const { return machine_.max_successors(); }
  [[nodiscard]] Facts inspect(const State& state) const {
    static thread_local Expansion expansion;
    expansion.successors.clear();
    const Value value = machine_.decode(state);
    expansion.verdict = machine_.verdict(value);
    expansion.is_at_rest = machine_.is_at_rest(value);
    machine_.for_each_step(
        value, [&](std::size_t action, auto&&, const Value& after, const Verdict& verdict) {
          expansion.successors.push_back({action, machine_.encode(after)});
          expansion.verdict.broken |= verdict.broken;
          expansion.verdict.shown |= verdict.shown;
        });
    return &expansion;
  }
  template <class Sink>
  void successors(const State&, Facts facts, Sink&& sink) const {
    for (const auto& successor : facts->successors) sink(successor.action, successor.state);
  }
  [[nodiscard]] FactSet violated(const State&, Facts facts) const { return facts->verdict.broken; }
  [[nodiscard]] FactSet witnessed(const State&, Facts facts) const { return facts->verdict.shown; }
  [[nodiscard]] bool is_quiescent(const State&, Facts facts) const { return facts->is_at_rest; }

  [[nodiscard]] std::span<const std::string_view> actions() const { return machine_.actions(); }
  [[nodiscard]] std::span<const Fact> always() const { return machine_.always(); }
  [[nodiscard]] std::span<const Fact> sometimes() const { return machine_.sometimes(); }

  [[nodiscard]] std::string state_text(const State& state) const {
    return machine_.state_text(machine_.decode(state));
  }
  [[nodiscard]] std::string step_text(const State& before, std::size_t, const State& after) const {
    std::string found;
    machine_.for_each_step(machine_.decode(before),
                           [&](std::size_t, auto&& text, const Value& next, const Verdict&) {
                             if (found.empty() && machine_.encode(next) == after) found = text();
                           });
    return found;
  }
  [[nodiscard]] std::string violation_text(const State& state, std::size_t fact) const {
    return machine_.violation_text(machine_.decode(state), fact);
  }
  /// The step that breaks a sentence about steps; nothing if the state itself breaks it.
  [[nodiscard]] std::optional<TraceStep> broken_step(const State& state, std::size_t fact) const {
    const Value value = machine_.decode(state);
    if (machine_.verdict(value).broken.has(fact)) return std::nullopt;
    std::optional<TraceStep> row;
    machine_.for_each_step(
        value, [&](std::size_t action, auto&& text, const Value& after, const Verdict& verdict) {
          if (row || !verdict.broken.has(fact)) return;
          row = TraceStep{
              std::string(machine_.actions()[action]), text(), machine_.state_text(after), {}};
        });
    return row;
  }

 private:
  const Machine& machine_;
};

}  // namespace quiesce::explore
