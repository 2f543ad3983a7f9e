// Histories in which threads stand still inside an operation: the orders that are possible explode.
#pragma once

#include <algorithm>
#include <vector>

#include "models/refine/generator.hpp"
#include "models/refine/numbers.hpp"
#include "models/validate/event.hpp"
#include "spec/step.hpp"

namespace quiesce::validate::traces {

/// Which threads there are, and how long they stay inside.
///   state    a slow thread takes effect once in `events_a_stall` events, and is inside an
///   operation
///            from one effect to the next; so are the others if `always_inside`, as where all wait
///            for one lock; else their operations are short
struct Stalls {
  std::uint32_t slow_threads = 1;
  std::uint32_t quick_threads = 1;
  std::uint32_t events_a_stall = 100;
  bool always_inside = false;
};

/// The threads of the events of a history, in the order in which they take effect.
inline std::vector<std::uint64_t> threads_of(refine::Numbers& numbers, std::size_t events,
                                             const Stalls& stalls) {
  std::vector<std::uint64_t> threads;
  for (std::size_t i = 0; i < events; ++i) {
    const bool is_slow =
        stalls.slow_threads > 0 && numbers.below(stalls.events_a_stall) < stalls.slow_threads;
    threads.push_back(is_slow ? numbers.below(stalls.slow_threads)
                              : stalls.slow_threads + numbers.below(stalls.quick_threads));
  }
  return threads;
}

/// A script that leaves the root alone: after its end nothing would change any more.
inline std::vector<Action> endless_script(std::uint64_t seed, std::uint32_t length) {
  std::vector<Action> actions;
  for (const Action& action : refine::generate_sequence(seed, 0, length).prefix) {
    const auto* const close = std::get_if<CloseRegion>(&action);
    const auto* const cancel = std::get_if<CancelRegion>(&action);
    if (close != nullptr && close->region == root_region) continue;
    if (cancel != nullptr && cancel->region == root_region) continue;
    actions.push_back(action);
  }
  return actions;
}

/// What the specification answers to a random script, at moments of its own; then each event gets
/// an interval around its moment, as long as its thread is inside.
inline std::vector<Event> stalled_history(std::uint64_t seed, std::uint32_t length,
                                          const Stalls& stalls) {
  refine::Numbers numbers(refine::derived(seed, 1));
  const std::vector<Action> script = endless_script(seed, length);
  const std::vector<std::uint64_t> threads = threads_of(numbers, script.size(), stalls);
  std::vector<Event> events;
  std::vector<std::size_t> last(stalls.slow_threads + stalls.quick_threads, script.size());
  spec::State state = spec::initial();
  constexpr std::uint64_t between = 10;  // two moments
  for (std::size_t i = 0; i < script.size(); ++i) {
    Event event;
    event.thread = threads[i];
    event.action = script[i];
    event.answer = spec::apply(state, event.action);
    const std::uint64_t moment = between * (i + 1);
    event.begin = moment - 1;
    event.end = moment + 1;
    const bool stays = stalls.always_inside || event.thread < stalls.slow_threads;
    std::size_t& before = last[event.thread];
    if (stays && before < i) {  // it came out of the one, and went into the next at once
      const std::uint64_t since = between * (before + 1);
      event.begin = since + 2 + numbers.below(static_cast<std::uint32_t>(moment - since - 2));
      events[before].end = event.begin - 1;
    }
    if (stays && before == script.size()) event.begin = 0;
    before = i;
    events.push_back(event);
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const Event& a, const Event& b) { return a.begin < b.begin; });
  return events;
}

}  // namespace quiesce::validate::traces
