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
  return false;
}

std::string read_header(Mutant& mutant, const std::string& text) {
  std::istringstream in(text);
  std::string line;
  for (std::size_t number = 1; std::getline(in, line) && !line.empty(); ++number) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos || !take(mutant, line.substr(0, colon), line.substr(colon + 2)))
      return mutant.path + ":" + std::to_string(number) +
             ": a header line is 'family: …', 'says: …', 'needs: …', 'impl: …', 'program: …', "
             "'rule: …' or 'found by: …'";
  }
  if (mutant.family.empty() || mutant.says.empty() || mutant.needs.empty() ||
      mutant.found_by.empty())
    return mutant.path + ": the header lacks family, says, needs or found by";
  return {};
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
