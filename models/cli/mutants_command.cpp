// quiesce mutants: plants each known fault, builds, and shows what finds it and how fast.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "impl/sync/native.hpp"
#include "models/cli/arguments.hpp"
#include "models/cli/command.hpp"
#include "models/cli/nearest.hpp"
#include "models/mutants/mutant.hpp"
#include "models/mutants/nursery.hpp"
#include "models/refine/campaign.hpp"
#include "models/report/atomic_file.hpp"
#include "models/report/text_table.hpp"

namespace quiesce::cli {
namespace {

/// The words of the command line; nothing is checked yet.
struct MutantsWords {
  std::vector<std::string> names;
  std::string seconds = "60";
  std::string seed = "1";
  std::string json_path;
  bool only_apply = false;
  bool only_models = false;
};

std::string one_decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string unknown_name(const std::vector<std::string>& names,
                         const std::vector<mutants::Mutant>& all) {
  std::vector<std::string_view> known;
  for (const mutants::Mutant& mutant : all) known.push_back(mutant.name);
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      return "there is no mutant '" + name + "'" + did_you_mean(name, known);
  }
  return {};
}

/// "inv.region.tree", or "inv.region.tree and 2 more".
std::string first_of(const std::vector<std::string>& ids) {
  if (ids.size() == 1) return ids.front();
  return ids.front() + " and " + std::to_string(ids.size() - 1) + " more";
}

void add_row(report::TextTable& table, const mutants::Mutant& mutant, const mutants::Trial& trial) {
  const std::string verdict = !trial.error.empty()     ? trial.error
                              : !trial.killed          ? "SURVIVED"
                              : !trial.expected        ? trial.found + " (not what its header says)"
                              : mutant.is_of_a_model() ? first_of(mutant.breaks)
                                                       : trial.found;
  table.add({mutant.name, mutant.family, mutant.needs, verdict, trial.strategy,
             trial.killed
                 ? report::with_commas(mutant.is_of_a_model() ? trial.states : trial.schedules)
                 : "",
             trial.killed ? one_decimal(trial.seconds) : "",
             trial.killed && !mutant.is_of_a_model() ? std::to_string(trial.preemptions) : "",
             one_decimal(trial.build_seconds)});
}

std::vector<mutants::Mutant> wanted(const MutantsWords& words,
                                    const std::vector<mutants::Mutant>& all) {
  std::vector<mutants::Mutant> some;
  for (const mutants::Mutant& mutant : all) {
    const bool named = words.names.empty() || std::find(words.names.begin(), words.names.end(),
                                                        mutant.name) != words.names.end();
    if (named && (mutant.is_of_a_model() || !words.only_models)) some.push_back(mutant);
  }
  return some;
}

/// What a check of one mutant may take.
struct Effort {
  std::uint64_t seconds = 0;
  std::uint64_t seed = 0;
  bool only_apply = false;
};

std::string read_effort(const MutantsWords& words, Effort& effort) {
  effort.only_apply = words.only_apply;
  std::string wrong = read_bounded("--seconds", words.seconds, 1, 3600, effort.seconds);
  if (wrong.empty()) wrong = read_bounded("--seed", words.seed, 0, ~std::uint64_t{0}, effort.seed);
  return wrong;
}

using Trials = std::vector<std::pair<mutants::Mutant, mutants::Trial>>;

/// Tries mutants on one core each in as many nurseries, which are kept for the next time.
class Nurseries {
 public:
  Nurseries(const Effort& effort, Trials& trials) : effort_(effort), trials_(trials) {}

  /// Mutants of a model build one source: two at a time. All others build much and check on every
  /// core: one at a time.
  /// The sentence that says what went wrong besides mutants, such as a full disk; or nothing.
  std::string try_all() {
    Native::Thread other([this] { try_each("build/mutants_models_too", true); });
    try_each("build/mutants_models", true);
    other.join();
    next_ = 0;
    try_each("build/mutants", false);
    return failure_;
  }

 private:
  void try_each(const std::string& work, bool of_a_model) {
    try {
      try_those(work, of_a_model);
    } catch (const std::exception& error) {
      const ScopedLock lock(mutex_);
      if (failure_.empty()) failure_ = error.what();
    }
  }
  void try_those(const std::string& work, bool of_a_model) {
    mutants::Nursery nursery(".", work);
    while (auto* const trial = next(of_a_model)) {
      trial->second = effort_.only_apply
                          ? nursery.try_to_apply(trial->first)
                          : nursery.try_to_kill(trial->first, effort_.seed,
                                                static_cast<unsigned>(effort_.seconds));
    }
  }
  Trials::value_type* next(bool of_a_model) {
    const ScopedLock lock(mutex_);
    while (next_ < trials_.size() && trials_[next_].first.is_of_a_model() != of_a_model) ++next_;
    if (next_ == trials_.size() || interrupted().is_set() || !failure_.empty()) return nullptr;
    std::fprintf(stderr, "mutant %s\n", trials_[next_].first.name.c_str());
    return &trials_[next_++];
  }

  const Effort& effort_;
  Trials& trials_;
  Native::Mutex mutex_{LockInfo{0, "which mutant is next"}};
  std::size_t next_ = 0;
  std::string failure_;
};

ExitCode run(const MutantsWords& given) {
  MutantsWords words = given;
  if (!words.json_path.empty())
    words.json_path = std::filesystem::absolute(words.json_path).string();  // as the caller sees it
  enter_project();
  Effort effort;
  if (const std::string wrong = read_effort(words, effort); !wrong.empty()) return refuse(wrong);
  std::string error;
  const std::vector<mutants::Mutant> all = mutants::read_mutants("models/mutants", error);
  if (!error.empty()) return refuse(error);
  if (const std::string sentence = unknown_name(words.names, all); !sentence.empty())
    return refuse(sentence);
  if (!words.json_path.empty()) {
    if (const std::string sentence = report::cannot_write(words.json_path); !sentence.empty())
      return refuse(sentence);
  }
  Trials trials;
  for (const mutants::Mutant& mutant : wanted(words, all)) {
    trials.emplace_back(mutant, mutants::Trial{.error = "not tried"});
  }
  static_cast<void>(interrupted());
  if (const std::string failure = Nurseries(effort, trials).try_all(); !failure.empty())
    return refuse(failure);
  report::TextTable table({"mutant", "family", "needs", "found by", "strategy", "tried", "seconds",
                           "preemptions", "build s"},
                          {5, 6, 7, 8});
  ExitCode result = ExitCode::Agrees;
  for (const auto& [mutant, trial] : trials) {
    if (!trial.killed || !trial.expected || !trial.error.empty()) result = ExitCode::Violation;
    add_row(table, mutant, trial);
  }
  std::fputs(table.text().c_str(), stdout);
  if (!words.json_path.empty()) {
    if (const std::string sentence =
            report::write_whole_file(words.json_path, mutants::trials_json(trials));
        !sentence.empty())
      return refuse(sentence);
  }
  return result;
}

}  // namespace

void add_mutants(Program& program) {
  auto words = std::make_shared<MutantsWords>();
  Command command = program.command("mutants", "plants each known fault and shows what finds it");
  command.words("names", words->names, "some of models/mutants; all if none is named");
  command.word("--seconds", words->seconds, "the most that a check of one mutant may take");
  command.word("--seed", words->seed, "of the checks");
  command.word("--json", words->json_path, "write the kill table as JSON");
  command.flag("--only-apply", words->only_apply, "only try whether each patch still applies");
  command.flag("--models", words->only_models,
               "only those that a model of quiesce explore must show");
  command.does([words] { return run(*words); });
}

}  // namespace quiesce::cli
