#include "models/report/failure_text.hpp"

#include <algorithm>
#include <map>

#include "models/report/text_table.hpp"

namespace quiesce::report {
namespace {

constexpr std::size_t widest_column = 44;

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

/// Breaks text at spaces into lines of at most `width` columns; continuation lines are indented.
std::vector<std::string> wrapped(const std::string& text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  const std::size_t indent = text.find_first_not_of(' ');
  const std::string lead(indent == std::string::npos ? 0 : indent + 2, ' ');
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = text.find(' ', at + 1);
    if (end == std::string::npos) end = text.size();
    const std::string word = text.substr(at, end - at);
    if (!line.empty() && columns_of(line) + columns_of(word) > width) {
      lines.push_back(line);
      line = lead + word.substr(word.find_first_not_of(' ') == std::string::npos
                                    ? 0
                                    : word.find_first_not_of(' '));
    } else {
      line += word;
    }
    at = end;
  }
  if (!line.empty() || lines.empty()) lines.push_back(line);
  return lines;
}

/// A printed row: a number (0 for a continuation), a cell for each column, and what changed.
struct Printed {
  std::size_t number = 0;
  std::vector<std::string> cells;
  std::vector<std::string> changed;
};

/// The threads that have rows of their own, the main thread left out.
std::vector<std::size_t> concurrent_parts(const refine::TracedRun& run) {
  std::vector<std::size_t> parts;
  for (const refine::TraceRow& row : run.rows) {
    if (row.part != 0 && std::find(parts.begin(), parts.end(), row.part) == parts.end())
      parts.push_back(row.part);
  }
  std::sort(parts.begin(), parts.end());
  return parts;
}

/// Rows of the threads; a switch stands in the column of the thread that was left, beside the first
/// row of the thread that runs now.
std::vector<Printed> printed_rows(const refine::TracedRun& run,
                                  const std::vector<std::size_t>& parts) {
  std::vector<Printed> rows;
  std::map<std::size_t, std::size_t> column;
  for (std::size_t i = 0; i < parts.size(); ++i) column[parts[i]] = i;
  std::size_t previous = 0;
  for (const refine::TraceRow& row : run.rows) {
    if (!column.contains(row.part)) continue;
    Printed printed{rows.size() + 1, std::vector<std::string>(parts.size()), row.changed};
    printed.cells[column[row.part]] = std::string(2 * row.depth, ' ') + row.text;
    if (rows.size() > 0 && previous != row.part && !row.switched.empty())
      printed.cells[column[previous]] = "switch: " + row.switched;
    rows.push_back(std::move(printed));
    previous = row.part;
  }
  return rows;
}

std::string line_of(std::size_t number, const std::vector<std::string>& cells,
                    const std::vector<std::size_t>& widths) {
  std::string text = number == 0 ? "    " : padded(" " + std::to_string(number), 4);
  for (std::size_t i = 0; i < cells.size(); ++i) text += "| " + padded(cells[i], widths[i]) + " ";
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

/// One printed row as lines: cells that are too wide go on below.
std::string lines_of(const Printed& row, const std::vector<std::size_t>& widths) {
  std::vector<std::vector<std::string>> cells;
  std::size_t height = 1;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    cells.push_back(wrapped(row.cells[i], widths[i]));
    height = std::max(height, cells.back().size());
  }
  height = std::max(height, row.changed.size());
  std::string text;
  for (std::size_t line = 0; line < height; ++line) {
    std::vector<std::string> parts;
    for (const auto& cell : cells) parts.push_back(line < cell.size() ? cell[line] : "");
    parts.push_back(line < row.changed.size() ? row.changed[line] : "");
    text += line_of(line == 0 ? row.number : 0, parts, widths);
  }
  return text;
}

bool is_answer(const refine::TraceRow& row) {
  return row.text.rfind("-> ", 0) == 0;
}
bool is_action(const refine::TraceRow& row) {
  return row.depth == 0 && parse_action(row.text).ok;
}

/// A run of one thread with a row an action: nothing can come in between, so locks say nothing.
/// Where the execution itself was ended, the rows of the last action stay.
refine::TracedRun folded(const refine::TracedRun& run, bool keeps_last) {
  refine::TracedRun folded = run;
  folded.rows.clear();
  std::size_t last = run.rows.size();
  for (std::size_t i = 0; i < run.rows.size(); ++i) {
    if (keeps_last && is_action(run.rows[i])) last = i;
  }
  for (std::size_t i = 0; i < run.rows.size(); ++i) {
    const refine::TraceRow& row = run.rows[i];
    if (i >= last || is_action(row)) {
      folded.rows.push_back(row);
    } else if (!folded.rows.empty()) {
      refine::TraceRow& action = folded.rows.back();
      if (is_answer(row)) action.text += " " + row.text;
      action.changed.insert(action.changed.end(), row.changed.begin(), row.changed.end());
    }
  }
  return folded;
}

/// What the main thread does by itself: "before: spawn(t1, r0); start(t1)".
std::string main_thread_text(const std::string& when, const std::vector<Action>& actions) {
  if (actions.empty()) return {};
  std::string text = when + ":";
  for (std::size_t i = 0; i < actions.size(); ++i)
    text += (i == 0 ? " " : "; ") + to_text(actions[i]);
  std::string lines;
  for (const std::string& line : wrapped(text, 110)) lines += line + "\n";
  return lines;
}

}  // namespace

std::string columns_text(const refine::TracedRun& run) {
  std::vector<std::size_t> parts = concurrent_parts(run);
  if (parts.empty()) parts.push_back(0);  // nothing but the main thread
  Printed heading{0, {}, {"changed"}};
  for (const std::size_t part : parts)
    heading.cells.push_back(part < run.titles.size() ? run.titles[part] : "");
  const std::vector<Printed> rows = printed_rows(run, parts);
  std::vector<std::size_t> widths(parts.size() + 1, 0);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    widths[i] = columns_of(heading.cells[i]);
    for (const Printed& row : rows) widths[i] = std::max(widths[i], columns_of(row.cells[i]));
    widths[i] = std::min(widths[i], widest_column);
  }
  for (const Printed& row : rows) {
    for (const std::string& change : row.changed)
      widths.back() = std::max(widths.back(), columns_of(change));
  }
  widths.back() = std::max(widths.back(), std::string_view("changed").size());
  std::string text = lines_of(heading, widths);
  text.replace(1, 1, "#");
  for (const Printed& row : rows) text += lines_of(row, widths);
  return text;
}

std::string replay_command(std::string_view replay) {
  return "./quiesce replay '" + std::string(replay) + "'";
}

std::string mismatch_text(const refine::Failure& failure) {
  if (!failure.mismatch) return {};
  return to_text(failure.mismatch->action) + ": the specification answers " +
         to_text(failure.mismatch->spec_says) + ", the implementation answered " +
         to_text(failure.mismatch->impl_says);
}

std::string failure_text(const refine::Failure& failure, const refine::TracedRun& run,
                         std::string_view replay) {
  std::string text = "FAIL " + failure.id + ": " + failure.sentence + "\n";
  text += "variant " + failure.variant + "   " +
          counted(std::max<std::size_t>(failure.threads, 1), "thread") + ", " +
          counted(failure.preemptions, "preemption") + "   seed " + std::to_string(failure.seed) +
          ", script " + std::to_string(failure.script_index) + ", execution " +
          std::to_string(failure.execution_index) + ", found by " +
          std::string(refine::to_text(failure.strategy)) + "\n";
  if (!failure.minimal_note.empty()) text += failure.minimal_note + "\n";
  text += "\n";
  if (concurrent_parts(run).empty()) {
    text += columns_text(folded(run, failure.kind == refine::FailureKind::ExecutionEnded)) + "\n";
  } else {
    text += main_thread_text("before", failure.script.prefix) +
            main_thread_text("after", failure.script.suffix) + columns_text(run) + "\n";
  }
  const std::string mismatch = mismatch_text(failure);
  if (failure.details.empty() && !mismatch.empty()) text += "specification: " + mismatch + "\n";
  for (const std::string& detail : failure.details) text += detail + "\n";
  if (!failure.nearest_passing_note.empty())
    text += "nearest passing run: " + failure.nearest_passing_note + "\n";
  if (!run.divergence.empty()) text += "the replay diverged: " + run.divergence + "\n";
  text += "replay: " + replay_command(replay) + "\n";
  return text;
}

}  // namespace quiesce::report
