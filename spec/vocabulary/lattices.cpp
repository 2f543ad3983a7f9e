// The lattice and budget functions. spec and impl share them, so that lockstep cannot judge them:
// tables, algebraic properties and mutants of their own do (tests/vocabulary, properties/algebra).
#include <algorithm>
#include <array>
#include <cstddef>

#include "spec/vocabulary/budget.hpp"
#include "spec/vocabulary/cancel.hpp"
#include "spec/vocabulary/outcome.hpp"

namespace quiesce {
namespace {

struct KindRow {
  std::string_view name;
  int severity;
  std::uint32_t cleanup_polls;
  std::uint8_t cleanup_priority;
};

constexpr std::array<KindRow, cancel_kind_count> kind_rows{{
    {"User", 0, 1000, 200},
    {"Timeout", 1, 500, 210},
    {"Deadline", 1, 500, 210},
    {"PollQuota", 2, 300, 215},
    {"CostBudget", 2, 300, 215},
    {"FailFast", 3, 200, 220},
    {"RaceLost", 3, 200, 220},
    {"LinkedExit", 3, 200, 220},
    {"ParentCancelled", 4, 200, 220},
    {"ResourceUnavailable", 4, 200, 220},
    {"Shutdown", 5, 50, 255},
}};

const KindRow& row(CancelKind kind) {
  return kind_rows[static_cast<std::size_t>(kind)];
}

void append_part(std::string& text, std::string_view part, std::uint64_t value) {
  if (!text.empty()) text += ", ";
  text += part;
  text += ' ';
  text += std::to_string(value);
}

}  // namespace

int severity(CancelKind kind) {
  return row(kind).severity;
}

std::string_view to_text(CancelKind kind) {
  return static_cast<int>(kind) < cancel_kind_count ? row(kind).name : std::string_view{"?"};
}

std::strong_ordering operator<=>(const CancelReason& a, const CancelReason& b) {
  if (const auto order = severity(a.kind) <=> severity(b.kind); order != 0) return order;
  if (const auto order = b.at_ticks <=> a.at_ticks; order != 0) return order;
  if (const auto order = a.kind <=> b.kind; order != 0) return order;
  return b.origin <=> a.origin;
}

CancelReason strengthen(const CancelReason& recorded, const CancelReason& incoming) {
  return incoming > recorded ? incoming : recorded;
}

std::string to_text(const CancelReason& reason) {
  return std::string(to_text(reason.kind)) + "@" + std::to_string(reason.at_ticks) + " from " +
         to_text(reason.origin);
}

std::strong_ordering operator<=>(const Outcome& a, const Outcome& b) {
  if (const auto order = a.kind <=> b.kind; order != 0) return order;
  return a.kind == OutcomeKind::Cancelled ? a.reason <=> b.reason : std::strong_ordering::equal;
}

Outcome join(const Outcome& a, const Outcome& b) {
  return b > a ? b : a;
}

std::string_view to_text(OutcomeKind kind) {
  static constexpr std::array<std::string_view, outcome_kind_count> words{"Ok", "Err", "Cancelled",
                                                                          "Panicked"};
  const auto index = static_cast<std::size_t>(kind);
  return index < words.size() ? words[index] : std::string_view{"?"};
}

std::string to_text(const Outcome& outcome) {
  const std::string word{to_text(outcome.kind)};
  return outcome.kind == OutcomeKind::Cancelled ? word + "(" + to_text(outcome.reason) + ")" : word;
}

Budget meet(const Budget& a, const Budget& b) {
  return {.deadline_ticks = std::min(a.deadline_ticks, b.deadline_ticks),
          .poll_quota = std::min(a.poll_quota, b.poll_quota),
          .cost_quota = std::min(a.cost_quota, b.cost_quota),
          .priority = std::max(a.priority, b.priority)};
}

bool at_least_as_tight(const Budget& a, const Budget& b) {
  return meet(a, b) == a;
}

Budget cleanup_budget(CancelKind kind) {
  return {.deadline_ticks = never,
          .poll_quota = row(kind).cleanup_polls,
          .cost_quota = unlimited,
          .priority = row(kind).cleanup_priority};
}

Budget finalizer_budget(Time now) {
  constexpr Time span_ticks = 5'000;
  return {.deadline_ticks = now > never - span_ticks ? never : now + span_ticks,
          .poll_quota = 100,
          .cost_quota = unlimited,
          .priority = 128};
}

std::string to_text(const Budget& budget) {
  std::string text;
  if (budget.deadline_ticks != never) append_part(text, "deadline", budget.deadline_ticks);
  if (budget.poll_quota != unlimited) append_part(text, "polls", budget.poll_quota);
  if (budget.cost_quota != unlimited) append_part(text, "cost", budget.cost_quota);
  if (budget.priority != 0) append_part(text, "priority", budget.priority);
  return text.empty() ? "none" : text;
}

std::string to_text(const Limits& limits) {
  std::string text;
  if (limits.child_regions != unlimited) append_part(text, "regions", limits.child_regions);
  if (limits.body_tasks != unlimited) append_part(text, "tasks", limits.body_tasks);
  if (limits.obligations != unlimited) append_part(text, "obligations", limits.obligations);
  return text.empty() ? "none" : text;
}

}  // namespace quiesce
