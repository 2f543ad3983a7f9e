#include <array>
#include <cstddef>

#include "spec/vocabulary/answer.hpp"
#include "spec/vocabulary/phases.hpp"

namespace quiesce {
namespace {

template <class Enum, std::size_t count>
std::string_view word(const std::array<std::string_view, count>& words, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  return index < count ? words[index] : std::string_view{"?"};
}

struct GuardWords {
  std::string_view name;
  std::string_view sentence;
};

constexpr std::array<GuardWords, guard_count> guard_words{{
    {"RegionExists", "the region exists"},
    {"RegionOpen", "the region is Open"},
    {"RegionNotClosed", "the region is not Closed"},
    {"WithinLimit", "the region admits one more of this kind"},
    {"TaskExists", "the task exists"},
    {"TaskCreated", "the task is Created"},
    {"TaskStarted", "the task has left Created"},
    {"TaskLive", "the task is not Completed"},
    {"TaskIsBody", "the task is a body task, not a finalizer"},
    {"TaskRunning", "the task is Running"},
    {"TaskCancelling", "the task is Cancelling"},
    {"TaskMasked", "the task has mask units left"},
    {"NotMasked", "the task has no mask units left"},
    {"WithinMaskBound", "the mask asked for is between 1 and the bound"},
    {"JoinerLive", "the joining task is not Completed"},
    {"NotSelf", "a task joins another task, not itself"},
    {"TaskOwnedByRegion", "the task is owned by the region"},
    {"ObligationExists", "the obligation exists"},
    {"ActorIsHolder", "the actor holds the obligation"},
    {"ObligationReserved", "the obligation is Reserved"},
    {"TimeNotBackwards", "time does not go backwards"},
}};

}  // namespace

std::string_view to_text(TaskPhase phase) {
  static constexpr std::array<std::string_view, task_phase_count> words{
      "Created", "Running", "CancelRequested", "Cancelling", "Finalizing", "Completed"};
  return word(words, phase);
}

std::string_view to_text(RegionPhase phase) {
  static constexpr std::array<std::string_view, region_phase_count> words{
      "Open", "Closing", "Draining", "Finalizing", "Closed"};
  return word(words, phase);
}

std::string_view to_text(ObligationPhase phase) {
  static constexpr std::array<std::string_view, obligation_phase_count> words{
      "Reserved", "Committed", "Aborted", "Leaked"};
  return word(words, phase);
}

std::string_view to_text(AbortReason reason) {
  static constexpr std::array<std::string_view, abort_reason_count> words{"Cancel", "Error",
                                                                          "Explicit"};
  return word(words, reason);
}

std::string_view to_text(ObligationKind kind) {
  static constexpr std::array<std::string_view, obligation_kind_count> words{
      "SendPermit", "Ack", "Lease", "IoOp", "SemaphorePermit", "Transaction"};
  return word(words, kind);
}

std::string_view to_text(Policy policy) {
  static constexpr std::array<std::string_view, policy_count> words{"CollectAll", "FailFast"};
  return word(words, policy);
}

std::string_view to_text(CloseMode mode) {
  static constexpr std::array<std::string_view, close_mode_count> words{"Await", "Cancel"};
  return word(words, mode);
}

std::string_view to_text(Guard guard) {
  const auto index = static_cast<std::size_t>(guard);
  return index < guard_words.size() ? guard_words[index].name : std::string_view{"?"};
}

std::string_view sentence(Guard guard) {
  const auto index = static_cast<std::size_t>(guard);
  return index < guard_words.size() ? guard_words[index].sentence : std::string_view{"?"};
}

std::string to_text(const Answer& answer) {
  if (const auto* refusal = std::get_if<Refused>(&answer)) {
    return "Refused{" + std::string(to_text(refusal->guard)) + "}";
  }
  const auto words = std::visit(
      [](const auto& result) -> std::string {
        using Result = std::decay_t<decltype(result)>;
        if constexpr (std::is_same_v<Result, Nothing>) return "";
        if constexpr (std::is_same_v<Result, Changed>)
          return result.changed ? "changed" : "unchanged";
        if constexpr (std::is_same_v<Result, Continue>) return "Continue";
        if constexpr (std::is_same_v<Result, Acknowledged>)
          return "Cancelled(" + to_text(result.reason) + ")";
        if constexpr (std::is_same_v<Result, CancelPending>) return "CancelPending";
        if constexpr (std::is_same_v<Result, PollGranted>) return "PollGranted";
        if constexpr (std::is_same_v<Result, PollExhausted>) return "PollExhausted";
        if constexpr (std::is_same_v<Result, Registered>) return "Registered";
        if constexpr (std::is_same_v<Result, Ready>)
          return "Ready(" + to_text(result.outcome) + ")";
        if constexpr (std::is_same_v<Result, Completed>)
          return "Completed(" + to_text(result.outcome) + ")";
        if constexpr (std::is_same_v<Result, LeakPanic>)
          return "LeakPanic(" + to_text(result.outcome) + ")";
      },
      std::get<Done>(answer).result);
  return words.empty() ? "Done" : "Done{" + words + "}";
}

std::string answer_class(const Answer& answer) {
  if (std::holds_alternative<Refused>(answer)) return to_text(answer);
  static constexpr std::array<std::string_view, 11> classes{"Done",
                                                            "",
                                                            "Done{Continue}",
                                                            "Done{Cancelled}",
                                                            "Done{CancelPending}",
                                                            "Done{PollGranted}",
                                                            "Done{PollExhausted}",
                                                            "Done{Registered}",
                                                            "Done{Ready}",
                                                            "",
                                                            "Done{LeakPanic}"};
  const auto& result = std::get<Done>(answer).result;
  if (std::holds_alternative<Changed>(result)) return to_text(answer);
  if (const auto* completed = std::get_if<Completed>(&result)) {
    return "Done{Completed(" + std::string(to_text(completed->outcome.kind)) + ")}";
  }
  return std::string(classes[result.index()]);
}

}  // namespace quiesce
