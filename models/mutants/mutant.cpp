#include "models/mutants/mutant.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "models/report/atomic_file.hpp"

namespace quiesce::mutants {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> words_of(const std::string& list) {
  std::vector<std::string> words;
  std::istringstream in(list);
  for (std::string word; std::getline(in, word, ',');) {
    const std::size_t from = word.find_first_not_of(' ');
    const std::size_t to = word.find_last_not_of(' ');
    if (from != std::string::npos) words.push_back(word.substr(from, to - from + 1));
  }
  return words;
}

/// Takes one header line; false if its key is not known.
bool take(Mutant& mutant, const std::string& key, const std::string& words) {
  if (key == "family") return mutant.family = words, true;
  if (key == "says") return mutant.says = words, true;
  if (key == "needs") return mutant.needs = words, true;
  if (key == "impl") return mutant.impl = words, true;
  if (key == "program") return mutant.program = words, true;
  if (key == "rule") return mutant.rules = words_of(words), true;
  if (key == "found by") return mutant.found_by = words_of(words), true;
  if (key == "model") return mutant.model = words, true;
  if (key == "breaks") return mutant.breaks = words_of(words), true;
  if (key == "alone") return mutant.alone = words, true;
  return false;
}

/// The lines of a header with what they go on with, each with its number.
std::vector<std::pair<std::size_t, std::string>> header_lines(const std::string& text) {
  std::vector<std::pair<std::size_t, std::string>> lines;
  std::istringstream in(text);
  std::string line;
  for (std::size_t number = 1; std::getline(in, line) && !line.empty(); ++number) {
    if (!lines.empty() && line.rfind("  ", 0) == 0) {
      lines.back().second += line.substr(1);
    } else {
      lines.emplace_back(number, line);
    }
  }
  return lines;
}

/// What a mutant of a model must say; nothing if it says it.
std::string lacks_of_a_model(const Mutant& mutant) {
  if (!mutant.is_of_a_model())
    return mutant.breaks.empty() && mutant.alone.empty() ? "" : "breaks and alone need a model";
  if (mutant.breaks.empty()) return "a model needs breaks, the ids that must break";
  const bool because = mutant.alone.rfind("because ", 0) == 0;
  if (mutant.alone != "yes" && !because) return "alone is 'yes', or 'because …'";
  if (because != (mutant.breaks.size() > 1)) return "alone is 'yes' exactly if breaks has one id";
  return {};
}

std::string read_header(Mutant& mutant, const std::string& text) {
  for (const auto& [number, line] : header_lines(text)) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos || !take(mutant, line.substr(0, colon), line.substr(colon + 2)))
      return mutant.path + ":" + std::to_string(number) +
             ": a header line is 'family: …', 'says: …', 'needs: …', 'impl: …', 'program: …', "
             "'found by: …', 'rule: …', 'model: …', 'breaks: …' or 'alone: …'";
  }
  if (mutant.family.empty() || mutant.says.empty() || mutant.needs.empty() ||
      (mutant.found_by.empty() && !mutant.is_of_a_model()))
    return mutant.path + ": the header lacks family, says, needs, or found by or model";
  const std::string lacks = lacks_of_a_model(mutant);
  return lacks.empty() ? "" : mutant.path + ": " + lacks;
}

}  // namespace

std::vector<Mutant> read_mutants(const std::string& folder, std::string& error) {
  std::vector<Mutant> mutants;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (entry.path().extension() != ".diff") continue;
    Mutant mutant{.name = entry.path().stem().string(),
                  .path = entry.path().string(),
                  .impl = "sharded",
                  .program = "check"};
    const report::FileText file = report::read_whole_file(mutant.path);
    error = file.error.empty() ? read_header(mutant, file.text) : file.error;
    if (!error.empty()) return {};
    mutants.push_back(std::move(mutant));
  }
  if (failed || mutants.empty())
    error = "there is no mutant in '" + folder + "'; call this in the project's folder";
  std::sort(mutants.begin(), mutants.end(),
            [](const Mutant& a, const Mutant& b) { return a.name < b.name; });
  return mutants;
}

}  // namespace quiesce::mutants
