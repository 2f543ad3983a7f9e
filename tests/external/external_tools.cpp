#include "tests/external/external_tools.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace fs = std::filesystem;

namespace quiesce::external {
namespace {

const fs::path models = "models/external";

/// The numbers of the first match of a pattern with groups of digits.
std::optional<std::vector<std::uint64_t>> numbers(std::string_view text, const char* pattern) {
  std::match_results<std::string_view::const_iterator> found;
  if (!std::regex_search(text.begin(), text.end(), found, std::regex(pattern))) return {};
  std::vector<std::uint64_t> values;
  for (std::size_t group = 1; group < found.size(); ++group) {
    values.push_back(std::stoull(found[group].str()));
  }
  return values;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string as_macros(const Bounds& bounds) {
  std::string text;
  for (const auto& [name, value] : named(bounds)) {
    text += " -D" + std::string(name) + "=" + std::to_string(value);
  }
  return text;
}

void put_promela(const Workroom& room) {
  for (const char* name : {"house.pml", "invariants.pml", "wrong_states.pml"}) {
    room.put(name, text_of(models / "promela" / name));
  }
}

Counted failed_with(std::string_view what, const std::string& output) {
  return {.failure = std::string(what) + ":\n" + output};
}

}  // namespace

Counted read_spin_report(std::string_view report) {
  const auto errors = numbers(report, R"(errors: (\d+))");
  const auto states = numbers(report, R"((\d+) states, stored)");
  const auto transitions = numbers(report, R"((\d+) transitions \(= stored\+matched\))");
  if (!errors || !states || !transitions) return failed_with("not a report", std::string(report));
  for (const char* sign : {"max search depth too small", "Search not completed", "Bit statespace",
                           "Hash-Compact", "Partial Order Reduction"}) {
    if (has(report, sign)) return failed_with("the search was not exact", std::string(report));
  }
  if ((*errors)[0] != 0) return failed_with("errors were found", std::string(report));
  return {.states = (*states)[0], .transitions = (*transitions)[0] - 1, .failure = {}};
}

Counted read_rumur_report(std::string_view report) {
  const auto counts = numbers(report, R"((\d+) states, (\d+) rules fired in)");
  if (!counts) return failed_with("not a report", std::string(report));
  if (!has(report, "No error found.")) {
    return failed_with("errors were found", std::string(report));
  }
  return {.states = (*counts)[0], .transitions = (*counts)[1], .failure = {}};
}

const std::vector<std::string>& needed_tools() {
  static const std::vector<std::string> tools{"spin", "rumur", "gcc"};
  return tools;
}

std::optional<std::string> missing(const std::vector<std::string>& tools) {
  const char* const path = std::getenv("PATH");
  std::string absent;
  for (const std::string& tool : tools) {
    std::istringstream folders(path == nullptr ? "" : path);
    bool found = false;
    for (std::string folder; std::getline(folders, folder, ':');) {
      found = found || fs::exists(fs::path(folder) / tool);
    }
    if (!found) absent += " " + tool;
  }
  if (absent.empty()) return {};
  return "not installed:" + absent + " (Debian has packages of these names)";
}

Workroom::Workroom() {
  std::string name = (fs::temp_directory_path() / "quiesce_external_XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder could be made: " + name);
  folder_ = name;
}
Workroom::~Workroom() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}
void Workroom::put(std::string_view name, std::string_view text) const {
  std::ofstream out(folder_ / name, std::ios::binary);
  out << text;
  if (!out.flush()) throw std::runtime_error("could not write " + std::string(name));
}
std::string Workroom::run(const std::string& command, bool& failed) const {
  const std::string whole =
      "cd '" + folder_.string() + "' && ( " + command + " ) > output.txt 2>&1 < /dev/null";
  failed = std::system(whole.c_str()) != 0;
  return command + "\n" + text_of(folder_ / "output.txt");
}

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("could not read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos || text.find(from, at + 1) != std::string::npos) {
    throw std::runtime_error("does not stand in the text once: " + std::string(from));
  }
  return text.replace(at, from.size(), to);
}

std::string murphi_text(const Bounds& bounds) {
  std::string text = text_of(models / "murphi/house.m");
  for (const auto& [name, value] : named(bounds)) {
    const std::regex constant("\n  " + std::string(name) + R"(: \d+;)");
    if (!std::regex_search(text, constant)) {
      throw std::runtime_error("house.m has no constant " + std::string(name));
    }
    text = std::regex_replace(text, constant,
                              "\n  " + std::string(name) + ": " + std::to_string(value) + ";",
                              std::regex_constants::format_first_only);
  }
  return text;
}

// spin -o1 -o2: no variable is dropped from the state because nothing reads it.
// gcc -O0: what -O1 and -O2 take on pan.c, 3 and 14 seconds, the search does not win back.
Counted count_with_spin(const Bounds& bounds) {
  const Workroom room;
  put_promela(room);
  bool failed = false;
  const std::string report =
      room.run("spin -o1 -o2 -a" + as_macros(bounds) +
                   " house.pml && gcc -O0 -w -DSAFETY -DNOREDUCE -o pan pan.c && ./pan -m10000",
               failed);
  return failed ? failed_with("spin failed", report) : read_spin_report(report);
}

Counted count_with_rumur(std::string_view model) {
  const Workroom room;
  room.put("house.m", model);
  bool failed = false;
  const std::string report = room.run(
      "rumur --quiet --deadlock-detection off --symmetry-reduction off --threads 1"
      " --output house.c house.m && gcc -std=c11 -O1 -w -o house house.c -lpthread && ./house",
      failed);
  return failed ? failed_with("rumur failed", report) : read_rumur_report(report);
}

std::string spin_on_wrong_states(const Bounds& bounds) {
  const Workroom room;
  put_promela(room);
  bool failed = false;
  return room.run(
      "spin -o1 -o2 -a" + as_macros(bounds) +
          " wrong_states.pml && gcc -O0 -w -DSAFETY -DNOREDUCE -DPRINTF -o pan pan.c && "
          "./pan -m1 -c0 -E",
      failed);
}

std::string rumur_on_wrong_states(const Bounds& bounds) {
  const Workroom room;
  room.put("wrong.m", murphi_text(bounds) + text_of(models / "murphi/wrong_states.m"));
  bool failed = false;
  return room.run(
      "rumur --quiet --deadlock-detection off --symmetry-reduction off --threads 1"
      " --counterexample-trace off --max-errors 100 --bound 1 --output wrong.c wrong.m && "
      "gcc -std=c11 -O0 -w -o wrong wrong.c -lpthread && ./wrong",
      failed);
}

}  // namespace quiesce::external
