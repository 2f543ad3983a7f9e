// Every property, bound and measure of a model, judged over its graph; compiled once for all
// models.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "models/explore/model_view.hpp"
#include "models/explore/progress_graph.hpp"
#include "models/explore/progress_model.hpp"
#include "models/explore/progress_result.hpp"

namespace quiesce::explore {

/// ProgressView is what a ProgressModel says, whatever its type is.
///   cost     a virtual call a question, and one of a std::function a step
class ProgressView {
 public:
  using Sink = std::function<void(std::size_t action, StateWords next, const StepLabel& label)>;

  virtual ~ProgressView() = default;

  [[nodiscard]] virtual std::span<const FairnessKind> fairness_kinds() const = 0;
  [[nodiscard]] virtual std::span<const FairnessClass> fairness_classes() const = 0;
  [[nodiscard]] virtual std::span<const ProgressProperty> progress_properties() const = 0;
  [[nodiscard]] virtual std::span<const ProgressInstance> progress_instances() const = 0;
  [[nodiscard]] virtual std::span<const BoundedWait> bounded_waits() const = 0;
  [[nodiscard]] virtual std::size_t allowed_steps(StateWords state, std::size_t wait) const = 0;
  [[nodiscard]] virtual ProgressProperty measure() const = 0;
  virtual void labelled_successors(StateWords state, const Sink& sink) const = 0;
  [[nodiscard]] virtual std::span<const std::string_view> actions() const = 0;
  [[nodiscard]] virtual std::string state_text(StateWords state) const = 0;
  [[nodiscard]] virtual std::string step_text(StateWords before, std::size_t action,
                                              StateWords after) const = 0;
  [[nodiscard]] virtual Variables variables(StateWords state) const = 0;

 protected:
  ProgressView() = default;
  ProgressView(const ProgressView&) = default;
  ProgressView& operator=(const ProgressView&) = default;
};

/// What the steps of the graph said of the measure.
struct MeasureSeen {
  std::uint64_t steps = 0;                                    ///< that say anything of it
  std::optional<std::pair<StateNumber, StateNumber>> broken;  ///< the first step that breaks it
};

/// Fills in the rows of the report. `states[i]` is the state with that number.
void judge(const ProgressView& model, const ProgressGraph& graph, const StatesInOrder& states,
           const ProgressOptions& options, const MeasureSeen& seen, ProgressReport& report);

}  // namespace quiesce::explore
