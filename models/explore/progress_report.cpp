#include <fmt/format.h>

#include "models/explore/progress_graph.hpp"
#include "models/explore/progress_result.hpp"
#include "models/explore/report.hpp"

namespace quiesce::explore {
namespace {

std::string verdict_of(const ProgressRow& row) {
  if (row.broken) return row.broken->loop ? "LASSO" : "FORGOTTEN";
  return row.pending_states == 0 ? "never pending" : "holds";
}

std::string row_text(std::string_view id, std::string_view verdict, std::string_view rest) {
  return fmt::format("  {:<40} {:<13} {}\n", id, verdict, rest);
}

std::string text_of(const ProgressRow& row) {
  return row_text(row.id, verdict_of(row),
                  fmt::format("{}: pending in {} states, fair: {}", row.fact,
                              grouped(row.pending_states), fmt::join(row.assumes, " ")));
}

std::string text_of(const BoundRow& row) {
  std::string rest;
  for (const BoundRow::Most& most : row.most) {
    const std::string taken =
        most.taken == LongestWait::endless ? "without end" : fmt::format("{}", most.taken);
    rest += fmt::format("{}{} of {} (begins in {} states)", rest.empty() ? "at most " : ", ", taken,
                        most.allowed, grouped(most.begins));
  }
  std::string_view verdict = row.is_tight() ? "exact" : "holds";
  if (row.most.empty()) verdict = "never waits";
  if (row.broken) verdict = "BROKEN";
  return row_text(row.id, verdict, rest);
}

std::string text_of(const MeasureRow& row) {
  return row_text(row.id, row.broken ? "BROKEN" : "holds",
                  fmt::format("{}: over {} steps", row.fact, grouped(row.steps)));
}

}  // namespace

bool BoundRow::is_tight() const {
  for (const Most& each : most) {
    if (each.taken != each.allowed) return false;
  }
  return !most.empty();
}

std::vector<Violation> ProgressReport::failures() const {
  std::vector<Violation> found;
  const auto add = [&found](const auto& row) {
    if (row.broken) found.push_back(*row.broken);
  };
  for (const ProgressRow& row : properties) add(row);
  for (const BoundRow& row : bounds) add(row);
  if (measure) add(*measure);
  return found;
}

std::string text_of(const ProgressReport& report) {
  std::string text = fmt::format("{:<12}  {} states and {} steps in memory, {} MiB, {:.3f} s\n",
                                 "progress", grouped(report.states), grouped(report.steps),
                                 grouped(report.memory_bytes >> 20), report.seconds);
  for (const ProgressRow& row : report.properties) text += text_of(row);
  for (const BoundRow& row : report.bounds) text += text_of(row);
  if (report.measure) text += text_of(*report.measure);
  return text;
}

}  // namespace quiesce::explore
