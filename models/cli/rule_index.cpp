#include "models/cli/rule_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "models/cli/spec_text.hpp"
#include "models/cli/test_text.hpp"
#include "models/report/atomic_file.hpp"
#include "spec/scheduling/step.hpp"
#include "spec/step.hpp"

namespace quiesce::cli {
namespace {

namespace fs = std::filesystem;
std::string_view trimmed(std::string_view line) {
  const std::size_t from = line.find_first_not_of(' ');
  return from == std::string_view::npos ? std::string_view{} : line.substr(from);
}
bool is_comment(std::string_view line) {
  return trimmed(line).starts_with("//");
}
bool names(std::string_view line, std::string_view id) {
  const auto ids = ids_in(line);
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

/// The function that a comment speaks of: the next one, or around an indented comment.
std::string_view function_at(const Lines& lines, std::size_t at) {
  if (lines[at].starts_with(' ')) {
    while (at > 0 && (lines[at].empty() || lines[at].front() == ' ' || is_comment(lines[at]))) --at;
    return called_in(lines[at]);
  }
  for (++at; at < lines.size(); ++at) {
    if (is_comment(lines[at]) || lines[at].starts_with("template")) continue;
    if (lines[at].empty()) return {};
    if (const std::string_view name = called_in(lines[at]); !name.empty()) return name;
  }
  return {};
}

struct Place {
  std::string function;
  std::string file;
  std::string source;  // as the comment says
};

/// What follows the word `source` in the comment around a line.
std::string source_at(const Lines& lines, std::size_t at) {
  while (at > 0 && is_comment(lines[at - 1])) --at;
  for (; at < lines.size() && is_comment(lines[at]); ++at) {
    const std::size_t word = lines[at].find("  source  ");
    if (word != std::string_view::npos) return std::string(trimmed(lines[at].substr(word + 10)));
    const std::size_t begin = lines[at].find("/   source");
    if (begin != std::string_view::npos) return std::string(trimmed(lines[at].substr(begin + 10)));
  }
  return {};
}

/// Definitions before declarations.
std::optional<Place> place_of(std::string_view id, const std::vector<IndexedSources::File>& files) {
  for (const std::string_view ending : {"_rules.cpp", ".cpp", ".hpp"}) {
    for (const auto& [path, text] : files) {
      if (!path.ends_with(ending)) continue;
      const Lines lines = lines_of(text);
      for (std::size_t at = 0; at < lines.size(); ++at) {
        if (!names(lines[at], id)) continue;
        const std::string_view function = function_at(lines, at);
        if (!function.empty()) return Place{std::string(function), path, source_at(lines, at)};
      }
    }
  }
  return std::nullopt;
}

bool calls(std::string_view text, std::string_view function) {
  return any_use(text, function, '(', [](std::string_view) { return true; });
}

/// Of the house: "completion_test.cpp: leak_responses" for each suite or case below a comment with
/// the id, else the files that call the function.
std::vector<std::string> tests_of_the_house(const RuleRecord& record,
                                            const IndexedSources& sources) {
  std::vector<std::string> named;
  std::vector<std::string> calling;
  for (const auto& [path, text] : sources.tests) {
    if (!path.starts_with("tests/spec/") && !path.starts_with("tests/vocabulary/")) continue;
    const std::string file = fs::path(path).filename().string();
    const Lines lines = lines_of(text);
    for (std::size_t at = 0; at < lines.size(); ++at) {
      if (!names(lines[at], record.id)) continue;
      std::size_t below = at;
      while (below < lines.size() && is_comment(lines[below])) ++below;
      if (below == lines.size() || !lines[below].starts_with("BOOST_AUTO_TEST_")) continue;
      const std::size_t from = lines[below].find('(') + 1;
      named.push_back(
          file + ": " +
          std::string(lines[below].substr(from, lines[below].find_first_of(",)") - from)));
    }
    if (path.ends_with(".cpp") && !record.function.empty() && calls(text, record.function))
      calling.push_back(file);
  }
  return named.empty() ? calling : named;
}

/// A line of a file that a patch changes or adds to, as it was before.
struct Change {
  std::string file;
  std::size_t line = 0;
};

std::vector<Change> changes_of(std::string_view patch) {
  std::vector<Change> changes;
  std::string file;
  std::size_t line = 0;
  for (const std::string_view row : lines_of(patch)) {
    constexpr std::string_view before = "--- a/";
    if (row.starts_with(before)) {
      file = row.substr(before.size());
    } else if (row.starts_with("@@ -")) {
      line = std::stoul(std::string(row.substr(4)));
    } else if (!file.empty() && !row.starts_with("+++ ")) {
      if (!row.starts_with(' ') && !row.empty()) changes.push_back({file, line});
      if (!row.starts_with('+')) ++line;
    }
  }
  return changes;
}

/// The machines beside the house: which folder of tests is about a rule's file, and which cases
/// show the rule.
class OtherMachines {
 public:
  OtherMachines(const IndexedSources& sources, std::vector<RuleRecord>& records)
      : records_(records), spec_(sources.spec), tests_(read_tests(sources.tests)) {
    for (RuleRecord& record : records_)
      if (!record.is_of_the_house)
        record.action = spec_.action_of(record.id, record.file, record.function);
  }

  /// Named cases if there are any, else whoever takes the rule's action or calls its function.
  void find_tests(RuleRecord& record) const {
    std::vector<std::string> named;
    std::vector<std::string> taking;
    for (const TestFile& file : tests_) {
      if (!file.path.starts_with(folder_of(record)) || file.cases.empty()) continue;
      const std::string place = fs::path(file.path).filename().string();
      std::vector<std::string> cases;
      for (const TestCase& each : file.cases) {
        const bool takes = shows(record, file, each.body);
        if (takes) cases.push_back(each.name);
        if (std::find(each.ids.begin(), each.ids.end(), record.id) == each.ids.end()) continue;
        const std::string through = takes ? "" : taken_through(record, file, each);
        if (!takes && through.empty()) {
          record.named_in_vain.push_back(place + ": " + each.name);
        } else {
          named.push_back(place + ": " + each.name + (takes ? "" : " (through `" + through + "`)"));
        }
      }
      if (cases.size() > most_cases) {
        taking.push_back(fmt::format("{} ({} cases)", place, cases.size()));
      } else if (!cases.empty()) {
        for (const std::string& name : cases) taking.push_back(place + ": " + name);
      } else if (shows(record, file, file.outside)) {
        taking.push_back(place);
      }
    }
    record.tests = named.empty() ? taking : named;
  }

  /// A mutant of a rule's specification changes the rule's function or one that it calls.
  void check_mutants(RuleRecord& record, const IndexedSources& sources) const {
    const std::string space = spec_.space_of(record.file);
    for (const auto& [path, patch] : sources.patches) {
      const std::string name = fs::path(path).stem().string();
      if (std::find(record.mutants.begin(), record.mutants.end(), name) == record.mutants.end())
        continue;
      const std::vector<Change> changes = changes_of(patch);
      const bool hits = std::any_of(changes.begin(), changes.end(), [&](const Change& change) {
        const auto functions = spec_.functions_at(change.file, change.line);
        return std::any_of(functions.begin(), functions.end(), [&](const auto& function) {
          return (function.first == space && function.second == record.function) ||
                 spec_.reaches(space, record.function, function.second);
        });
      });
      if (!hits) record.mutants_in_vain.push_back(name);
    }
  }

 private:
  static constexpr std::size_t most_cases = 3;  // of a file that stand in a row by their names

  static std::string folder_of(const RuleRecord& record) {
    return record.file.starts_with("spec/channel/") ? "tests/channel/" : "tests/scheduling/";
  }
  [[nodiscard]] bool shows(const RuleRecord& record, const TestFile& file,
                           std::string_view text) const {
    const std::string space = spec_.space_of(record.file);
    return file.takes(text, space, record.action) || file.calls(text, space, record.function);
  }
  /// A rule that a case takes and whose function calls this one's; one that the case names first.
  [[nodiscard]] std::string taken_through(const RuleRecord& record, const TestFile& file,
                                          const TestCase& in) const {
    const std::string space = spec_.space_of(record.file);
    std::string found;
    for (const RuleRecord& other : records_) {
      if (other.is_of_the_house || spec_.space_of(other.file) != space) continue;
      const bool is_named = std::find(in.ids.begin(), in.ids.end(), other.id) != in.ids.end();
      if ((!is_named && !found.empty()) || !shows(other, file, in.body)) continue;
      if (!spec_.reaches(space, other.function, record.function)) continue;
      found = other.id;
      if (is_named) break;
    }
    return found;
  }

  std::vector<RuleRecord>& records_;
  SpecText spec_;
  std::vector<TestFile> tests_;
};

std::vector<std::string> scenarios_of(std::string_view id, const IndexedSources& sources) {
  std::vector<std::string> found;
  for (std::size_t verb = 0; verb < static_cast<std::size_t>(action_count); ++verb) {
    const std::string text = std::string(action_verb(verb));
    if (spec::rule_id_of_verb(verb) != id) continue;
    for (const auto& [path, lines] : sources.scenarios)
      if (calls(lines, text)) found.push_back(fs::path(path).stem().string());
  }
  return found;
}

void complete(RuleRecord& record, const IndexedSources& sources) {
  if (const auto place = place_of(record.id, sources.spec)) {
    record.function = place->function;
    record.file = place->file;
    if (record.source.empty()) record.source = place->source;
  }
  if (record.is_of_the_house) {
    record.tests = tests_of_the_house(record, sources);
    record.scenarios = scenarios_of(record.id, sources);
    record.proof = piece_of_rule(sources.proof_texts, record.id);
  }
  for (const mutants::Mutant& mutant : sources.mutants) {
    if (std::find(mutant.rules.begin(), mutant.rules.end(), record.id) != mutant.rules.end())
      record.mutants.push_back(mutant.name);
  }
}

void read_below(const std::string& folder, std::string_view ending,
                std::vector<IndexedSources::File>& into, std::string& error) {
  std::error_code failed;
  for (const auto& entry : fs::recursive_directory_iterator(folder, failed)) {
    const std::string path = entry.path().generic_string();
    if (!entry.is_regular_file() || !path.ends_with(ending)) continue;
    report::FileText file = report::read_whole_file(path);
    if (!file.error.empty()) error = file.error;
    into.emplace_back(path, std::move(file.text));
  }
  if (failed || into.empty())
    error = "there is no source in '" + folder + "'; call this in the project's folder";
  std::sort(into.begin(), into.end());
}

std::string joined(const std::vector<std::string>& words, std::string_view nothing) {
  return words.empty() ? std::string(nothing) : fmt::format("{}", fmt::join(words, "<br>"));
}

std::string row_of(const RuleRecord& record) {
  std::vector<std::string> tests = record.tests;
  for (const std::string& scenario : record.scenarios) tests.push_back("*" + scenario + "*");
  const std::string smt =
      record.proof.empty()
          ? ""
          : fmt::format(" [{}](../{}) |", fs::path(record.proof).stem().string(), record.proof);
  return fmt::format("| `{}` | [`{}`](../{}) | {} | {} | {} |{}\n", record.id, record.function,
                     record.file, record.source, joined(tests, "–"), joined(record.mutants, "–"),
                     smt);
}

}  // namespace

IndexedSources read_indexed_sources(std::string& error) {
  IndexedSources sources;
  for (const char* const ending : {".cpp", ".hpp"}) read_below("spec", ending, sources.spec, error);
  std::sort(sources.spec.begin(), sources.spec.end());
  for (const char* const folder : {"spec", "vocabulary", "scheduling", "channel"}) {
    for (const char* const ending : {".cpp", ".hpp"})
      read_below(std::string("tests/") + folder, ending, sources.tests, error);
  }
  read_below("models/mutants", ".diff", sources.patches, error);
  read_below("tests/scenarios", ".txt", sources.scenarios, error);
  sources.proof_texts = read_proof_texts(error);
  if (error.empty()) sources.mutants = mutants::read_mutants("models/mutants", error);
  return sources;
}

std::vector<RuleRecord> rule_records(const IndexedSources& sources) {
  std::vector<RuleRecord> records;
  std::set<std::string, std::less<>> known;
  const auto add = [&](std::string_view id, std::string_view sentence, std::string_view source,
                       bool is_of_the_house) {
    if (!known.emplace(id).second) return;
    RuleRecord record{.id = std::string(id), .sentence = std::string(sentence)};
    record.source = source;
    record.is_of_the_house = is_of_the_house;
    complete(record, sources);
    records.push_back(std::move(record));
  };
  for (const spec::RuleRow& row : spec::rules()) add(row.id, row.sentence, row.source, true);
  for (const auto& row : quiesce::spec::scheduling::rules())
    add(row.id, row.sentence, row.source, false);
  for (const auto& [path, text] : sources.spec) {
    if (!path.starts_with("spec/channel/")) continue;
    for (const std::string_view line : lines_of(text)) {
      for (const std::string& id : ids_in(line)) add(id, "", "", false);
    }
  }
  const OtherMachines others(sources, records);
  for (RuleRecord& record : records)
    if (!record.is_of_the_house) {
      others.find_tests(record);
      others.check_mutants(record, sources);
    }
  return records;
}

std::string rule_page(const std::vector<RuleRecord>& records) {
  std::string page =
      "# Rules\n\n"
      "Every rule of the specification by its id: the function that is the rule, where its words "
      "come from, the tests that\nshow it (*scenarios* in italics), the mutants that "
      "break it, and the piece of the SMT text that writes it for z3 (`models/external/smt`).\n\n"
      "A test shows a rule if the comment above it names the rule's id; if none does, if it takes "
      "the rule's action or\ncalls its function. Of the scheduler and the channels only tests of "
      "their own folder count, by the namespace of what\nthey take, and a test that names a rule "
      "must take it, or *through* another rule whose function calls this one's. Their "
      "mutants change\nthe rule's function or one that it calls.\n\n"
      "`./quiesce list rules --markdown` writes this page; a test fails when it is old, when a "
      "cell is empty, or when a test\nnames a rule that it does not take.\n";
  const auto table = [&](std::string_view heading, auto&& belongs) {
    const bool proven = std::any_of(records.begin(), records.end(), [&](const auto& record) {
      return belongs(record) && !record.proof.empty();
    });
    page += fmt::format(
        "\n## {}\n\n| Rule | Function | Source | Tests | Mutants |{}\n|---|---|---|---|---|{}\n",
        heading, proven ? " SMT |" : "", proven ? "---|" : "");
    for (const RuleRecord& record : records)
      if (belongs(record)) page += row_of(record);
  };
  const auto in = [](const RuleRecord& record, std::string_view folder) {
    return record.file.starts_with(folder);
  };
  table("Tasks, regions, obligations, time, lattices",
        [](const RuleRecord& record) { return record.is_of_the_house; });
  table("Scheduling", [&](const RuleRecord& record) { return in(record, "spec/scheduling/"); });
  table("Channels", [&](const RuleRecord& record) { return in(record, "spec/channel/"); });
  return page;
}

std::vector<std::string> rule_complaints(const std::vector<RuleRecord>& records,
                                         const IndexedSources& sources) {
  std::vector<std::string> complaints;
  const auto complain = [&](const std::string& who, const std::string& what) {
    complaints.push_back(who + " " + what);
  };
  std::set<std::string> known;
  for (const RuleRecord& record : records) {
    known.insert(record.id);
    if (record.function.empty()) complain(record.id, "stands above no function of spec/");
    if (record.source.empty()) complain(record.id, "has no source");
    if (record.tests.empty()) complain(record.id, "has no test that names or calls it");
    for (const std::string& mutant : record.mutants_in_vain)
      complain(record.id, "is named by mutant " + mutant + ", which changes nothing that it calls");
    for (const std::string& test : record.named_in_vain)
      complain(record.id, "is named above " + test + ", which does not take it");
    if (record.is_of_the_house && record.proof.empty())
      complain(record.id, "has no place in the SMT text");
    if (record.mutants.empty()) complain(record.id, "has no mutant: no header says 'rule: …'");
  }
  for (const mutants::Mutant& mutant : sources.mutants) {
    for (const std::string& rule : mutant.rules)
      if (!known.contains(rule))
        complain("mutant " + mutant.name, "breaks '" + rule + "', no rule");
  }
  return complaints;
}

}  // namespace quiesce::cli
