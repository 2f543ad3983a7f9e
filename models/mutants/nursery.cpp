#include "models/mutants/nursery.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "models/report/atomic_file.hpp"

namespace quiesce::mutants {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::array<const char*, 8> copied{
    "spec",  "impl",  "models",         "properties",
    "tests", "cmake", "CMakeLists.txt", "CMakePresets.json"};

/// Runs a command of the shell with its output in a file; the exit code, or -1.
int shell(const std::string& command, const std::string& log) {
  const int status = std::system(("( " + command + " ) >'" + log + "' 2>&1 </dev/null").c_str());
  return status == -1 ? -1 : WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Every regular file that is copied, relative to the tree.
std::set<fs::path> files_of(const fs::path& tree) {
  std::set<fs::path> files;
  for (const char* const name : copied) {
    const fs::path top = tree / name;
    if (fs::is_regular_file(top)) files.insert(name);
    if (!fs::is_directory(top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(top)) {
      if (entry.is_regular_file()) files.insert(fs::relative(entry.path(), tree));
    }
  }
  return files;
}

std::string text_of(const fs::path& path) {
  return report::read_whole_file(path.string()).text;
}

std::string first_complaint(const std::string& log) {
  const std::string text = text_of(log);
  const std::size_t at = text.find("error");
  if (at == std::string::npos) return text.substr(0, text.find('\n'));
  const std::size_t from = text.rfind('\n', at) + 1;
  return text.substr(from, text.find('\n', at) - from);
}

std::string words(const json::object& object, const char* name) {
  const json::value* const value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::uint64_t count(const json::object& object, const char* name) {
  const json::value* const value = object.if_contains(name);
  return value != nullptr && value->is_number() ? value->to_number<std::uint64_t>() : 0;
}

void read_report(const std::string& path, Trial& trial) {
  json::error_code failed;
  const json::value report = json::parse(text_of(path), failed);
  if (failed || !report.is_object()) {
    trial.error = "the check wrote no report";
    return;
  }
  const json::object& object = report.get_object();
  trial.killed = words(object, "verdict") != "agrees";
  trial.seconds = object.at("timing").as_object().at("seconds").to_number<double>();
  trial.schedules = count(object.at("totals").as_object(), "interleavings");
  trial.found = words(object, "verdict");
  if (const json::object* const failure = object.at("failure").if_object()) {
    trial.found = words(*failure, "id");
    trial.sentence = words(*failure, "sentence");
    trial.strategy = words(*failure, "strategy");
    trial.replay = words(*failure, "replay");
    trial.preemptions = count(*failure, "preemptions");
  }
}

/// The report of `explore_only`: which sentences are broken, and how the first is.
void read_model_report(const std::string& path, Trial& trial, std::vector<std::string>& broken) {
  json::error_code failed;
  const json::value report = json::parse(text_of(path), failed);
  if (failed || !report.is_object()) {
    trial.error = "the model wrote no report";
    return;
  }
  const json::object& object = report.get_object();
  trial.states = count(object, "distinct_states");
  trial.seconds = object.at("timing").as_object().at("seconds").to_number<double>();
  for (const json::value& row : object.at("broken").as_array()) {
    broken.push_back(words(row.as_object(), "id"));
    trial.found += (trial.found.empty() ? "" : ", ") + broken.back();
  }
  if (const json::object* const violation = object.at("violation").if_object())
    trial.sentence = words(*violation, "facts");
}

std::string last_line(const std::string& log) {
  std::string text = text_of(log);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

bool names(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

Nursery::Nursery(std::string source, std::string work)
    : source_(std::move(source)), work_(std::move(work)) {}

void Nursery::refresh_copy() {
  const fs::path from = source_;
  const fs::path to = fs::path(work_) / "src";
  const std::set<fs::path> wanted = files_of(from);
  for (const fs::path& file : files_of(to)) {
    if (!wanted.contains(file)) fs::remove(to / file);
  }
  for (const fs::path& file : wanted) {
    if (fs::exists(to / file) && text_of(from / file) == text_of(to / file)) continue;
    fs::create_directories((to / file).parent_path());
    fs::copy_file(from / file, to / file, fs::copy_options::overwrite_existing);
  }
}

std::string Nursery::plant(const Mutant& mutant) {
  refresh_copy();
  const std::string log = work_ + "/patch.log";
  const std::string patch = fs::absolute(mutant.path).string();
  if (shell("patch -p1 --fuzz=0 --no-backup-if-mismatch -r - -d '" + work_ + "/src' -i '" + patch +
                "'",
            log) == 0)
    return {};
  return "does not apply to the sources of today";
}

std::string Nursery::build(const std::string& target) {
  const std::string log = work_ + "/build.log";
  const std::string tree = work_ + "/src/build/release";
  if (!fs::exists(tree + "/build.ninja") &&
      shell("cd '" + work_ + "/src' && cmake --preset release", log) != 0)
    return "cmake failed: " + first_complaint(log);
  if (shell("ninja -C '" + tree + "' " + target, log) != 0)
    return "does not build: " + first_complaint(log);
  return {};
}

Trial Nursery::try_to_apply(const Mutant& mutant) {
  Trial trial;
  trial.error = plant(mutant);
  trial.killed = trial.error.empty();
  trial.expected = trial.killed;
  trial.found = "applies";
  return trial;
}

void Nursery::run_check(const Mutant& mutant, std::uint64_t seed, unsigned seconds, Trial& trial) {
  const std::string report = work_ + "/report.json";
  fs::remove(report);
  shell("'" + work_ + "/src/build/release/quiesce' check --impl " + mutant.impl + " --seed " +
            std::to_string(seed) + " --seconds " + std::to_string(seconds) + " --json '" + report +
            "'",
        work_ + "/run.log");
  read_report(report, trial);
  trial.expected = names(mutant.found_by, trial.found);
}

void Nursery::run_test(const Mutant& mutant, Trial& trial) {
  const auto start = std::chrono::steady_clock::now();
  const std::string log = work_ + "/run.log";
  const bool failed = shell("cd '" + work_ +
                                "/src' && ctest --test-dir build/release --output-on-failure "
                                "--no-tests=error -R '^" +
                                mutant.program + "$'",
                            log) != 0;
  // A test that was not found or did not start kills nothing.
  trial.killed = failed && text_of(log).find("1 tests failed out of 1") != std::string::npos;
  trial.found = mutant.program;
  trial.seconds = seconds_since(start);
  trial.expected = names(mutant.found_by, trial.found);
}

/// The model must end with exit code 1: a model that holds, or that does not end, kills nothing.
void Nursery::run_model(const Mutant& mutant, Trial& trial) {
  const std::string report = work_ + "/report.json";
  fs::remove(report);
  const int exit_code = shell("'" + work_ + "/src/build/release/models/explore/explore_only' '" +
                                  report + "' " + mutant.model,
                              work_ + "/run.log");
  trial.strategy = mutant.model.substr(0, mutant.model.find(' '));
  trial.replay = "quiesce explore " + mutant.model + " --keep-going";
  if (exit_code != 0 && exit_code != 1) {
    trial.error = "the model did not end: " + last_line(work_ + "/run.log");
    return;
  }
  std::vector<std::string> broken;
  read_model_report(report, trial, broken);
  std::vector<std::string> wanted = mutant.breaks;
  std::sort(wanted.begin(), wanted.end());
  std::sort(broken.begin(), broken.end());
  trial.killed = trial.error.empty() && exit_code == 1 && !broken.empty();
  trial.expected = trial.killed && broken == wanted;
}

Trial Nursery::try_to_kill(const Mutant& mutant, std::uint64_t seed, unsigned seconds) {
  Trial trial = try_to_apply(mutant);
  if (!trial.error.empty()) return trial;
  const bool by_check = mutant.program == "check";
  const auto start = std::chrono::steady_clock::now();
  trial.error = build(mutant.is_of_a_model() ? "explore_only"
                      : by_check             ? "program"
                                             : mutant.program);
  trial.build_seconds = seconds_since(start);
  trial.killed = trial.expected = false;
  trial.found.clear();
  if (!trial.error.empty()) return trial;
  if (mutant.is_of_a_model()) {
    run_model(mutant, trial);
  } else if (by_check) {
    run_check(mutant, seed, seconds, trial);
  } else {
    run_test(mutant, trial);
  }
  return trial;
}

std::string trials_json(const std::vector<std::pair<Mutant, Trial>>& trials) {
  std::string text = "[\n";
  for (const auto& [mutant, trial] : trials) {
    json::object row{{"mutant", mutant.name},
                     {"family", mutant.family},
                     {"says", mutant.says},
                     {"needs", mutant.needs},
                     {"error", trial.error},
                     {"killed", trial.killed},
                     {"expected", trial.expected},
                     {"found_by", trial.found},
                     {"sentence", trial.sentence},
                     {"strategy", trial.strategy},
                     {"states", trial.states},
                     {"schedules", trial.schedules},
                     {"preemptions", trial.preemptions},
                     {"replay", trial.replay},
                     {"seconds", trial.seconds},
                     {"build_seconds", trial.build_seconds}};
    text += (text.size() > 2 ? ",\n  " : "  ") + json::serialize(row);
  }
  return text + "\n]\n";
}

}  // namespace quiesce::mutants
