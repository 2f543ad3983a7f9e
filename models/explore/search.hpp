// The search: breadth first, level by level, on one core or two, over any Model.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>

#include "impl/sync/require.hpp"
#include "models/explore/graph_digest.hpp"
#include "models/explore/key_set.hpp"
#include "models/explore/model.hpp"
#include "models/explore/search_core.hpp"
#include "models/explore/state_set.hpp"

namespace quiesce::explore {

/// Search is the part of a search that is compiled for each model: it expands states, and keeps
/// those it has seen in a KeySet (exact for one word, else fingerprints) or a StateSet (exact).
///   cost     Set::slot_bytes / load for a state in the set, load 0.37 to 0.75
template <Model M, class Set>
class Search final : public SearchCore {
 public:
  using State = typename M::State;
  static constexpr std::size_t words = std::tuple_size_v<State>;
  static constexpr bool exact = words == 1 || !std::is_same_v<Set, KeySet>;

  /// The view is of the same model.
  Search(const M& model, const ModelView& view, const SearchOptions& options)
      : SearchCore(view, model.max_successors(), options, {Set::slot_bytes, exact}),
        model_(model) {}

 private:
  /// A key and its state, one after the other in what is pending.
  static constexpr std::size_t stride = 1 + words;
  static_assert(sizeof(State) == words * sizeof(std::uint64_t));

  [[nodiscard]] bool grow_set(unsigned log2_slots) override { return visited_.grow_to(log2_slots); }
  [[nodiscard]] std::size_t set_slots() const override { return visited_.slots(); }
  [[nodiscard]] unsigned set_log2_slots() const override { return visited_.log2_slots(); }
  [[nodiscard]] bool insert_alone(StateWords state_words) override {
    const State state = packed<State>(state_words);
    return visited_.template insert<false>(key_of(state), state);
  }

  void expand_chunks(Worker& worker, bool shared) override {
    if (shared) {
      expand_all<true>(worker);
    } else {
      expand_all<false>(worker);
    }
  }
  template <bool shared>
  void expand_all(Worker& worker) {
    for (Chunk mine = next_chunk(); mine.count != 0; mine = next_chunk()) {
      for (std::size_t i = 0; i < mine.count; ++i) {
        expand(worker, packed<State>({mine.states + i * words, words}));
        if (worker.pending_count >= batch) flush<shared>(worker);
      }
    }
    flush<shared>(worker);
  }
  void expand(Worker& worker, const State& state);
  [[nodiscard]] typename M::Facts facts_of(const State& state) const {
    if constexpr (requires { model_.inspect(state, FactSet{}); }) {
      return model_.inspect(state, witnesses_seen());
    } else {
      return model_.inspect(state);
    }
  }
  template <bool shared>
  void flush(Worker& worker);

  const M& model_;
  Set visited_;
};

/// Explores `model` to the end, or to the first level with a violation if it is not to keep going,
/// the ceiling or a stop.
template <Model M>
[[nodiscard]] SearchResult search(const M& model, const SearchOptions& options) {
  constexpr std::size_t words = std::tuple_size_v<typename M::State>;
  const ViewOf<M> view(model);
  if constexpr (words > 1) {
    if (options.exact) return Search<M, StateSet<words>>(model, view, options).run();
  }
  return Search<M, KeySet>(model, view, options).run();
}

template <Model M, class Set>
void Search<M, Set>::expand(Worker& worker, const State& state) {
  const typename M::Facts facts = facts_of(state);
  if (const FactSet broken = model_.violated(state, facts); !broken.empty()) [[unlikely]] {
    consider(worker, broken, state);
  }
  if (wants_witnesses()) note_witnesses(worker, state, model_.witnessed(state, facts));
  if constexpr (counts_refusals<M>) {
    model_.for_each_refusal(facts, [&](std::size_t cell) { ++worker.refused[cell]; });
  }

  std::uint64_t shape = 0;  // of what leads from here
  std::size_t steps = 0;
  std::size_t count = worker.pending_count;
  std::uint64_t* const pending = worker.pending.data();
  std::uint64_t* const fired = worker.fired.data();
  model_.successors(state, facts, [&](std::size_t action, const State& next) {
    if (steps++ == max_successors()) [[unlikely]]
      programmer_error("a state has at most max_successors steps");
    ++fired[action];
    const std::uint64_t key = key_of(next);
    shape += step_shape(action, key);
    if (next == state) return;  // a step that changes nothing
    visited_.prefetch(key);
    std::uint64_t* const place = pending + stride * count++;
    place[0] = key;
    std::copy(next.begin(), next.end(), place + 1);
  });
  worker.pending_count = count;
  worker.graph += graph_part(state, shape);
  if (steps == 0) note_end(worker, state, model_.is_quiescent(state, facts));
}

template <Model M, class Set>
template <bool shared>
void Search<M, Set>::flush(Worker& worker) {
  const std::uint64_t* place = worker.pending.data();
  for (std::size_t i = 0; i < worker.pending_count; ++i, place += stride) {
    const State state = packed<State>({place + 1, words});
    if (visited_.template insert<shared>(place[0], state)) {
      worker.found.append_unchecked(state.data(), words);
    }
  }
  worker.pending_count = 0;
}

}  // namespace quiesce::explore
