#include "tests/external/counts_table.hpp"

#include <sstream>
#include <stdexcept>

namespace quiesce::external {

std::vector<NamedBound> named(const Bounds& bounds) {
  return {{"REGIONS", bounds.regions},
          {"TASKS", bounds.tasks},
          {"OBLIGATIONS", bounds.obligations},
          {"FINALIZERS", bounds.finalizers},
          {"MASK", bounds.mask},
          {"KINDS", bounds.kinds},
          {"POLICIES", bounds.policies},
          {"ARRIVALS", bounds.arrivals}};
}

std::string to_text(const Bounds& bounds) {
  std::string text;
  for (const auto& [name, value] : named(bounds)) {
    if (!text.empty()) text += ' ';
    text += std::string(name) + "=" + std::to_string(value);
  }
  return text;
}

std::vector<PinnedCount> read_counts(std::string_view text) {
  std::vector<PinnedCount> rows;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    PinnedCount row;
    Bounds& to = row.bounds;
    std::string run;
    words >> to.regions >> to.tasks >> to.obligations >> to.finalizers >> to.mask >> to.kinds >>
        to.policies >> to.arrivals >> row.states >> row.transitions >> run >> std::ws;
    std::getline(words, row.why);
    if (words.fail() || row.why.empty() || (run != "suite" && run != "hand")) {
      throw std::runtime_error("line " + std::to_string(number) + " is not a row of counts");
    }
    row.in_suite = run == "suite";
    rows.push_back(row);
  }
  return rows;
}

}  // namespace quiesce::external
