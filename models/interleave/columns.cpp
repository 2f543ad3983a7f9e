#include "models/interleave/columns.hpp"

#include <algorithm>

namespace quiesce::interleave {

void Columns::operation(const TracedOperation& operation) {
  threads_ = std::max(threads_, operation.thread + 1);
  const bool stopped = operation.switched == SwitchReason::Preempted ||
                       operation.switched == SwitchReason::Blocked ||
                       operation.switched == SwitchReason::Yielded;
  if (stopped) {
    std::string reason = "switch: " + std::string(word(operation.switched));
    if (!operation.blocked_on.empty()) reason += " on " + std::string(operation.blocked_on);
    rows_.push_back({operation.previous, std::move(reason)});
  }
  std::string row(word(operation.kind));
  if (!operation.object.empty()) row += " " + std::string(operation.object);
  if (!operation.detail.empty()) {
    row += operation.object.empty() ? " " : ": ";
    row += operation.detail;
  }
  rows_.push_back({operation.thread, std::move(row)});
}

void Columns::note(unsigned thread, std::string_view text) {
  threads_ = std::max(threads_, thread + 1);
  rows_.push_back({thread, "  " + std::string(text)});
}

std::string Columns::text() const {
  std::vector<std::size_t> widths(threads_, 8);
  for (const Row& row : rows_) widths[row.thread] = std::max(widths[row.thread], row.text.size());
  const auto line = [&](const std::string& number, unsigned column, const std::string& text) {
    std::string result = std::string(3 - std::min<std::size_t>(3, number.size()), ' ') + number;
    for (unsigned thread = 0; thread < threads_; ++thread) {
      const std::string cell = thread == column ? text : std::string();
      result += " | " + cell;
      if (thread + 1 < threads_) result += std::string(widths[thread] - cell.size(), ' ');
    }
    result.erase(result.find_last_not_of(' ') + 1);
    return result + "\n";
  };
  std::string result = "  #";
  for (unsigned thread = 0; thread < threads_; ++thread) {
    const std::string name = "thread " + std::to_string(thread);
    result += " | " + name;
    if (thread + 1 < threads_) {
      result += std::string(widths[thread] - std::min(widths[thread], name.size()), ' ');
    }
  }
  result += "\n";
  std::size_t number = 0;
  for (const Row& row : rows_) result += line(std::to_string(++number), row.thread, row.text);
  return result;
}

}  // namespace quiesce::interleave
