// Shard D: tickets, counters, the ring of commit events and the clock. No lock and no rank.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "impl/sync/sync.hpp"
#include "spec/vocabulary/action.hpp"
#include "spec/vocabulary/answer.hpp"

namespace quiesce::impl {

inline constexpr std::size_t result_count =
    std::variant_size_v<decltype(Done::result)>;  // Nothing, Changed, Continue, …
inline constexpr std::size_t answer_codes = result_count + guard_count;

/// A row number of the counters: the results of Done first, then the guards.
[[nodiscard]] inline std::size_t answer_code(const Answer& answer) {
  if (const auto* refusal = std::get_if<Refused>(&answer)) {
    return result_count + static_cast<std::size_t>(refusal->guard);
  }
  return std::get<Done>(answer).result.index();
}

/// One commit, as the ring remembers it.
///   state    `ticket` modulo 2^48; `action` indexes the variant Action; `answer` an answer_code
struct TraceEvent {
  std::uint64_t ticket = 0;
  std::size_t action = 0;
  std::size_t answer = 0;
  friend bool operator==(const TraceEvent&, const TraceEvent&) = default;
};

/// Counters and the last `trace_capacity` commits. Each event is one word, so that a reader never
/// sees half of one and no lock is needed.
template <Sync S>
class Instrumentation {
 public:
  static constexpr std::size_t trace_capacity = 64;

  /// The next ticket, counted from 1. Drawn inside the critical section, before its first unlock:
  /// operations that conflict share a lock, so their tickets grow in the order of their effects.
  [[nodiscard]] std::uint64_t draw_ticket() { return tickets_.value.fetch_add(1) + 1; }

  void record(const TraceEvent& event) {
    by_action_[event.action].value.fetch_add(1);
    by_answer_[event.answer].value.fetch_add(1);
    // A commit that is late by a whole round leaves the younger one where it is.
    ring_[event.ticket % trace_capacity].value.raise(event.ticket << 16U | event.action << 8U |
                                                     event.answer);
  }

  [[nodiscard]] std::uint64_t count_of_action(std::size_t action) const {
    return by_action_[action].value.load();
  }
  [[nodiscard]] std::uint64_t count_of_answer(std::size_t answer) const {
    return by_answer_[answer].value.load();
  }

  /// The remembered commits, by ticket. While others commit it may miss the newest.
  [[nodiscard]] std::vector<TraceEvent> trace() const {
    std::vector<TraceEvent> events;
    for (const Counter& cell : ring_) {
      const std::uint64_t word = cell.value.load();
      if (word != 0) events.push_back({word >> 16U, word >> 8U & 0xFFU, word & 0xFFU});
    }
    std::sort(events.begin(), events.end(),
              [](const TraceEvent& a, const TraceEvent& b) { return a.ticket < b.ticket; });
    return events;
  }

  /// How many commits were not counted once by action and once by answer, or are among the last
  /// and not remembered. Zero while nobody commits.                     cost O(counters and ring)
  [[nodiscard]] std::uint64_t uncounted() const {
    const std::uint64_t drawn = tickets_.value.load();
    const auto difference = [drawn](const auto& counters) {
      std::uint64_t sum = 0;
      for (const Counter& counter : counters) sum += counter.value.load();
      return sum < drawn ? drawn - sum : sum - drawn;
    };
    std::uint64_t found = difference(by_action_) + difference(by_answer_);
    for (std::uint64_t ticket = drawn; ticket > 0 && drawn - ticket < trace_capacity; --ticket) {
      if (ring_[ticket % trace_capacity].value.load() >> 16U != ticket) ++found;
    }
    return found;
  }

  /// Called while B, A and C are held, which orders the writers; the release publishes to readers
  /// without a lock everything that was done before time moved, and pairs with the acquire in
  /// `now`.
  void set_now(Time now) { clock_.store(now, std::memory_order_release); }
  /// The time without a lock. Operations read the copy in a shard that they hold instead: it is
  /// pinned, and it is no synchronisation of its own.
  [[nodiscard]] Time now() const { return clock_.load(std::memory_order_acquire); }

 private:
  struct Counter {
    typename S::template Diagnostic<std::uint64_t> value{0};
  };

  Counter tickets_;
  std::array<Counter, action_count> by_action_;
  std::array<Counter, answer_codes> by_answer_;
  std::array<Counter, trace_capacity> ring_;
  typename S::template Atomic<Time> clock_{0, DataInfo{"now"}};
};

}  // namespace quiesce::impl
