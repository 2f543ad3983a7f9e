// A model behind one type, for all that is not in a hurry: its names, texts and paths.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "models/explore/model.hpp"
#include "models/explore/result.hpp"

namespace quiesce::explore {

/// The words of a packed state, of whatever number.
using StateWords = std::span<const std::uint64_t>;
/// A copy of them; compared like the packed states themselves.
using KeptState = std::vector<std::uint64_t>;

[[nodiscard]] inline bool is_less(StateWords a, StateWords b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

/// States one after the other in memory.
class StatesInOrder {
 public:
  StatesInOrder(const std::uint64_t* data, std::size_t words) : data_(data), words_(words) {}
  [[nodiscard]] StateWords operator[](std::size_t index) const {
    return {data_ + index * words_, words_};
  }

 private:
  const std::uint64_t* data_;
  std::size_t words_;
};

/// Name and JSON value of each variable of a state.
using Variables = std::vector<std::pair<std::string, std::string>>;

/// ModelView is what a Model says, whatever its type is: only what has to be fast is compiled for
/// each model, everything else once.
///   cost     a virtual call a question, and one of a std::function a step
class ModelView {
 public:
  using Sink = std::function<void(std::size_t action, StateWords next)>;

  virtual ~ModelView() = default;

  [[nodiscard]] virtual std::size_t words() const = 0;
  [[nodiscard]] virtual KeptState initial() const = 0;
  virtual void successors(StateWords state, const Sink& sink) const = 0;
  [[nodiscard]] virtual std::span<const std::string_view> actions() const = 0;
  [[nodiscard]] virtual std::span<const Fact> always() const = 0;
  [[nodiscard]] virtual std::span<const Fact> sometimes() const = 0;
  /// Empty if the model does not count refusals.
  [[nodiscard]] virtual std::span<const RefusalCell> refusals() const = 0;
  [[nodiscard]] virtual std::string state_text(StateWords state) const = 0;
  [[nodiscard]] virtual std::string step_text(StateWords before, std::size_t action,
                                              StateWords after) const = 0;
  [[nodiscard]] virtual std::string violation_text(StateWords state, std::size_t fact) const = 0;
  [[nodiscard]] virtual std::optional<TraceStep> broken_step(StateWords state,
                                                             std::size_t fact) const = 0;
  /// Empty if the model has none for other tools.
  [[nodiscard]] virtual Variables variables(StateWords state) const = 0;
  /// The model itself, where this is one up to symmetry; else this.
  [[nodiscard]] virtual const ModelView& concrete() const = 0;
  /// Whether a state of the concrete model is what `seen` stands for.
  [[nodiscard]] virtual bool is_represented_by(StateWords state, StateWords seen) const = 0;

 protected:
  ModelView() = default;
  ModelView(const ModelView&) = default;
  ModelView& operator=(const ModelView&) = default;
};

template <class State>
[[nodiscard]] State packed(StateWords words) {
  State state{};
  for (std::size_t i = 0; i < state.size(); ++i) state[i] = words[i];
  return state;
}

/// The variables of a state for other tools, if the model has any.
template <class M>
[[nodiscard]] Variables variables_of(const M& model, const typename M::State& state) {
  if constexpr (requires { model.variables(state); }) {
    return model.variables(state);
  } else {
    return {};
  }
}

template <class M>
inline constexpr bool is_up_to_symmetry = requires(const M& model) {
  model.concrete();
};

struct NoConcreteView {};
template <class M>
class ViewOf;
template <class M>
struct ConcreteView {
  using Type = NoConcreteView;
};
template <class M>
requires is_up_to_symmetry<M>
struct ConcreteView<M> {
  using Type = ViewOf<std::remove_cvref_t<decltype(std::declval<const M&>().concrete())>>;
};

/// The view of one model, which it refers to.
template <class M>
class ViewOf final : public ModelView {
 public:
  using State = typename M::State;

  explicit ViewOf(const M& model) : model_(model), concrete_(concrete_of(model)) {}

  [[nodiscard]] std::size_t words() const override { return std::tuple_size_v<State>; }
  [[nodiscard]] KeptState initial() const override {
    const State state = model_.initial();
    return {state.begin(), state.end()};
  }
  void successors(StateWords words, const Sink& sink) const override {
    const State state = packed<State>(words);
    model_.successors(state, model_.inspect(state),
                      [&](std::size_t action, const State& next) { sink(action, next); });
  }
  [[nodiscard]] std::span<const std::string_view> actions() const override {
    return model_.actions();
  }
  [[nodiscard]] std::span<const Fact> always() const override { return model_.always(); }
  [[nodiscard]] std::span<const Fact> sometimes() const override { return model_.sometimes(); }
  [[nodiscard]] std::span<const RefusalCell> refusals() const override {
    if constexpr (counts_refusals<M>) {
      return model_.refusals();
    } else {
      return {};
    }
  }
  [[nodiscard]] std::string state_text(StateWords state) const override {
    return model_.state_text(packed<State>(state));
  }
  [[nodiscard]] std::string step_text(StateWords before, std::size_t action,
                                      StateWords after) const override {
    return model_.step_text(packed<State>(before), action, packed<State>(after));
  }
  [[nodiscard]] std::string violation_text(StateWords state, std::size_t fact) const override {
    return model_.violation_text(packed<State>(state), fact);
  }
  [[nodiscard]] std::optional<TraceStep> broken_step(StateWords words,
                                                     std::size_t fact) const override {
    const State state = packed<State>(words);
    if constexpr (requires { model_.broken_step(state, fact); }) {
      return model_.broken_step(state, fact);
    } else {
      return std::nullopt;
    }
  }
  [[nodiscard]] Variables variables(StateWords state) const override {
    return variables_of(model_, packed<State>(state));
  }
  [[nodiscard]] const ModelView& concrete() const override {
    if constexpr (is_up_to_symmetry<M>) {
      return concrete_;
    } else {
      return *this;
    }
  }
  [[nodiscard]] bool is_represented_by(StateWords state, StateWords seen) const override {
    if constexpr (is_up_to_symmetry<M>) {
      return model_.representative(packed<State>(state)) == packed<State>(seen);
    } else {
      return packed<State>(state) == packed<State>(seen);
    }
  }

 private:
  using Concrete = typename ConcreteView<M>::Type;
  static Concrete concrete_of(const M& model) {
    if constexpr (is_up_to_symmetry<M>) {
      return Concrete(model.concrete());
    } else {
      return {};
    }
  }

  const M& model_;
  [[no_unique_address]] Concrete concrete_;
};

}  // namespace quiesce::explore
