#include "models/cli/proofs.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "models/report/atomic_file.hpp"
#include "spec/invariants.hpp"

namespace quiesce::cli {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view folder = "models/external/smt";
constexpr std::string_view heading = "## What is not proven";

bool ends_a_word(std::string_view text, std::size_t at) {
  if (at >= text.size()) return true;
  const char c = text[at];
  return !((c >= 'a' && c <= 'z') || c == '_' || c == '.');
}

/// The rest of a line from a place on.
std::string_view line_from(std::string_view text, std::size_t at) {
  return text.substr(at, text.find('\n', at) - at);
}

}  // namespace

ProofTexts read_proof_texts(std::string& error) {
  ProofTexts texts;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(std::string(folder) + "/house", failed)) {
    const std::string path = entry.path().generic_string();
    if (!path.ends_with(".smt2")) continue;
    report::FileText file = report::read_whole_file(path);
    if (!file.error.empty()) error = file.error;
    texts.pieces.emplace_back(path, std::move(file.text));
  }
  report::FileText page = report::read_whole_file(std::string(folder) + "/README.md");
  if (failed || texts.pieces.empty() || !page.error.empty())
    error =
        "there is no SMT text in '" + std::string(folder) + "'; call this in the project's folder";
  texts.readme = std::move(page.text);
  std::sort(texts.pieces.begin(), texts.pieces.end());
  return texts;
}

std::map<std::string, Proof, std::less<>> proofs(const ProofTexts& texts) {
  std::map<std::string, Proof, std::less<>> all;
  constexpr std::string_view definition = "(define-fun inv.";
  for (const auto& [path, text] : texts.pieces) {
    for (std::size_t at = text.find(definition); at != std::string::npos;
         at = text.find(definition, at + 1)) {
      const std::size_t from = at + definition.size() - 4;
      all[text.substr(from, text.find(' ', from) - from)].file = path;
    }
  }
  // | `inv.region.settled` | the reason |
  constexpr std::string_view row = "| `inv.";
  const std::size_t begin = std::min(texts.readme.find(heading), texts.readme.size());
  const std::size_t end = texts.readme.find("\n## ", begin + 1);
  const std::string table = texts.readme.substr(begin, end - begin);
  for (std::size_t at = table.find(row); at != std::string::npos; at = table.find(row, at + 1)) {
    const std::string line{line_from(table, at)};
    const std::size_t tick = line.find('`', 3);
    const std::size_t reason = line.find("| ", tick) + 2;
    all[line.substr(3, tick - 3)].not_proven = line.substr(reason, line.rfind(" |") - reason);
  }
  return all;
}

std::string piece_of_rule(const ProofTexts& texts, std::string_view id) {
  for (const auto& [path, text] : texts.pieces) {
    if (path.find("/rules_") == std::string::npos && !path.ends_with("/lattices.smt2")) continue;
    for (std::size_t at = text.find(id); at != std::string::npos; at = text.find(id, at + 1))
      if (ends_a_word(text, at + id.size())) return path;
  }
  return {};
}

std::vector<std::string> proof_complaints(const ProofTexts& texts) {
  std::set<std::string, std::less<>> sentences;
  for (const auto& row : spec::invariants()) sentences.emplace(row.id);
  for (const auto& row : spec::step_properties()) sentences.emplace(row.id);

  std::vector<std::string> complaints;
  const auto known = proofs(texts);
  for (const std::string& id : sentences) {
    const auto found = known.find(id);
    const Proof proof = found == known.end() ? Proof{} : found->second;
    if (proof.file.empty() && proof.not_proven.empty())
      complaints.push_back(id + " is neither proven nor said not to be");
    if (!proof.file.empty() && !proof.not_proven.empty())
      complaints.push_back(id + " is proven and said not to be");
  }
  for (const auto& [id, proof] : known) {
    if (!sentences.contains(id)) complaints.push_back(id + " is no sentence of the specification");
  }
  return complaints;
}

}  // namespace quiesce::cli
