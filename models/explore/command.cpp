#include "models/explore/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <ostream>
#include <utility>
#include <vector>

#include "models/explore/checkpoint.hpp"
#include "models/explore/export.hpp"
#include "models/explore/manifest.hpp"
#include "models/explore/pages.hpp"
#include "models/explore/refusal.hpp"
#include "models/explore/report.hpp"
#include "models/explore/run.hpp"
#include "models/files/whole_file.hpp"

namespace quiesce::explore {
namespace {

/// Shows the progress of a search: one line rewritten on a terminal, plain lines otherwise.
class ProgressLine {
 public:
  ProgressLine(std::ostream& err, bool on_terminal) : err_(err), on_terminal_(on_terminal) {}
  ~ProgressLine() { wipe(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const Progress& progress) {
    const std::string line = progress_line(progress);
    if (on_terminal_) {
      err_ << '\r' << fmt::format("{:<{}}", line, width_) << std::flush;
      width_ = line.size();
    } else {
      err_ << line << '\n';
    }
  }

 private:
  void wipe() {
    if (width_ != 0) err_ << '\r' << std::string(width_, ' ') << '\r' << std::flush;
  }
  std::ostream& err_;
  const bool on_terminal_;
  std::size_t width_ = 0;
};

/// A file that was asked for: opened before the work whose result goes there.
class Output {
 public:
  explicit Output(const std::string& path) {
    if (path.empty()) return;
    demand(file_.open(path));
    is_open_ = true;
  }
  void write(const std::string& text) {
    if (!is_open_) return;
    demand(file_.write(text.data(), text.size()));
    demand(file_.commit());
  }

 private:
  files::WholeFile file_;
  bool is_open_ = false;
};

bool has_ended(const SearchResult& result) {
  return result.ended == Ended::Complete || result.ended == Ended::Violated ||
         result.ended == Ended::Sampled;
}

int exit_code_of(const SearchResult& result) {
  if (!has_ended(result)) return 2;
  return result.violation ? 1 : 0;
}

int exit_code_of(const Run& run) {
  const bool judged = !run.progress || run.progress->is_complete;
  return judged ? exit_code_of(run.result) : 2;
}

void demand_a_judgement(const Run& run) {
  if (!run.progress || run.progress->is_complete) return;
  if (run.progress->was_stopped) throw Refusal{"--progress was interrupted: nothing was judged"};
  throw Refusal{fmt::format(
      "--progress needs the whole graph in memory: {} states and {} steps of it take {} bytes, and "
      "the ceiling is {}; give it more with --memory, or smaller bounds",
      grouped(run.progress->states), grouped(run.progress->steps),
      grouped(run.progress->memory_bytes), grouped(run.searched.memory_ceiling_bytes))};
}

bool can_be_kept(const ExploreArguments& arguments) {
  return !arguments.reduce && !is_sample(arguments.model);
}

/// What can be done about a search that ended early.
std::string next_row(const ExploreArguments& arguments, const SearchResult& result) {
  const bool is_full = result.ended == Ended::MemoryCeiling;
  if (!is_full && result.ended != Ended::Interrupted) return {};
  std::string what = is_full ? ", with more --memory" : "";
  if (is_full && can_be_kept(arguments)) what += ", or --spill DIR";
  std::string row = "again" + what;
  if (!arguments.checkpoint_path.empty()) {
    row = "--resume " + arguments.checkpoint_path + " goes on here" + what;
  } else if (can_be_kept(arguments)) {
    row += "; --checkpoint FILE would have kept what was done";
  }
  return fmt::format("{:<14}{}\n", "next", row);
}

/// Of two results that go to one file the first is lost, and what is read would be.
void refuse_one_file_for_two(const ExploreArguments& arguments) {
  const std::array<std::pair<std::string_view, std::string_view>, 5> files{{
      {"--json", arguments.json_path},
      {"--dot", arguments.dot_path},
      {"--itf", arguments.itf_path},
      {"--checkpoint", arguments.checkpoint_path},
      {"--resume", arguments.resume_path},
  }};
  for (auto file = files.begin(); file != files.end(); ++file) {
    for (auto other = files.begin(); other != file; ++other) {
      // A search may save where it went on from.
      if (file->first == "--resume" && other->first == "--checkpoint") continue;
      if (files::is_same_file(std::string(file->second), std::string(other->second)))
        throw Refusal{fmt::format("{} and {} are both '{}'; name two files", other->first,
                                  file->first, file->second)};
    }
  }
}

/// A checkpoint takes the place of a checkpoint, and of nothing else that was there.
void refuse_to_replace(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return;
  if (std::filesystem::file_size(path, ignored) == 0) return;
  const std::string reads = CheckpointReader{}.open(path, "");
  if (reads.find("is not a checkpoint") != std::string::npos)
    throw Refusal{reads + ", and --checkpoint would replace it; name another file"};
}

void try_to_spill(const std::string& folder) {
  if (folder.empty() || Pages{}.keep_in(folder)) return;
  throw Refusal{
      fmt::format("--spill: no file can be made in '{}': {}", folder, std::strerror(errno))};
}

/// A checkpoint that cannot be gone on from is not the end of what was done.
std::string with_remedy(std::string failure, const ExploreArguments& arguments) {
  const bool is_of_it = !arguments.resume_path.empty() &&
                        failure.find("'" + arguments.resume_path + "'") != std::string::npos &&
                        failure.rfind("cannot write", 0) != 0;
  if (!is_of_it) return failure;
  const std::string before = previous_checkpoint(arguments.resume_path);
  std::error_code ignored;
  return std::move(failure) + (std::filesystem::exists(before, ignored)
                                   ? "; '" + before + "' is the one before it"
                                   : "; without --resume the search begins anew");
}

int explore_one(const ExploreArguments& arguments, std::ostream& out, std::ostream& err) {
  check_arguments(arguments);
  refuse_one_file_for_two(arguments);
  refuse_to_replace(arguments.checkpoint_path);
  try_to_spill(arguments.spill_folder);
  Output{arguments.checkpoint_path};  // an hour is too late to learn that there is no such folder
  Output json(arguments.json_path);
  Output dot(arguments.dot_path);
  Output itf(arguments.itf_path);
  Run run;
  {
    ProgressLine line(err, arguments.on_terminal);
    run = run_search(arguments, [&line](const Progress& progress) { line.show(progress); });
  }
  demand(with_remedy(run.result.failure, arguments));
  out << text_report(run) << next_row(arguments, run.result) << std::flush;
  json.write(json_report(run));
  demand_a_judgement(run);
  if (!arguments.dot_path.empty() && !run.dot) {
    throw Refusal{fmt::format("--dot draws at most {} states; this space has {}",
                              grouped(most_dot_states), grouped(run.result.distinct_states))};
  }
  dot.write(run.dot.value_or(""));
  if (!arguments.itf_path.empty()) {
    const auto trace = itf_of(run.searched, run.result);
    if (!trace) throw Refusal{"there is no trace for --itf: the witness was not reached"};
    itf.write(*trace);
  }
  return exit_code_of(run);
}

/// Why an entry of the default set was not judged, and what can be done.
std::string early_end_of(const Run& run) {
  if (run.result.ended == Ended::Interrupted) return "it was interrupted";
  if (run.result.ended == Ended::MemoryCeiling)
    return fmt::format(
        "it was stopped at the memory ceiling of {} bytes; give it more with --memory",
        grouped(run.searched.memory_ceiling_bytes));
  if (!run.result.failure.empty()) return run.result.failure;
  return run.progress && run.progress->was_stopped
             ? "its progress check was interrupted"
             : "its progress check needs more memory; give it more with --memory";
}

double seconds_of(const Run& run) {
  return run.result.seconds + (run.progress ? run.progress->seconds : 0);
}

std::string row_of(const ManifestEntry& entry, const Run& run, const std::string& difference) {
  const SearchResult& result = run.result;
  std::string verdict = "holds";
  if (result.violation) verdict = "breaks " + result.violation->id;
  if (!difference.empty()) verdict = exit_code_of(run) == 2 ? "stopped" : "DIFFERS";
  return fmt::format("{:<10} {:>12} {:>13} {:>5} {:>7.2f}  {:<8} {}\n{:>10} {}{}: {}\n",
                     entry.model, grouped(result.distinct_states), grouped(result.transitions),
                     result.levels.size() - 1, seconds_of(run), verdict, entry.question, "",
                     entry.bounds, entry.progress ? " progress" : "", entry.why);
}

void refuse_what_needs_a_model(const ExploreArguments& given) {
  const bool bounded = !given.bounds.empty() || !given.choices.empty();
  const bool worded = !given.symmetry.empty() || !given.witness.empty() || given.exact ||
                      given.keep_going || given.count_witnesses || given.reduce;
  const bool filed = !given.checkpoint_path.empty() || given.checkpoint_seconds ||
                     !given.resume_path.empty() || !given.dot_path.empty() ||
                     !given.itf_path.empty() || given.progress || !given.spill_folder.empty() ||
                     !given.unfair.empty() || given.fair_together;
  if (bounded || worded || filed)
    throw Refusal{"the default set takes only --threads, --memory and --json: name a model"};
}

/// Every entry of the manifest; one that differs is said in a line on `err`.
int explore_all(const ExploreArguments& given, std::ostream& out, std::ostream& err) {
  refuse_what_needs_a_model(given);
  check_machine(given);
  Output json(given.json_path);
  std::vector<Run> runs;
  std::uint64_t states = 0;
  double seconds = 0;
  int exit_code = 0;
  out << fmt::format("{:<10} {:>12} {:>13} {:>5} {:>7}  {:<8} {}\n", "model", "states",
                     "transitions", "depth", "s", "verdict", "question");
  for (const ManifestEntry& entry : manifest()) {
    ExploreArguments arguments = arguments_of(entry);
    arguments.threads = given.threads;
    arguments.memory_ceiling_bytes = given.memory_ceiling_bytes;
    arguments.stop_requested = given.stop_requested;
    Run run;
    {
      ProgressLine line(err, given.on_terminal);
      run = run_search(arguments, [&](const Progress& progress) {
        if (given.on_terminal) line.show(progress);
      });
    }
    const SearchResult& result = run.result;
    states += result.distinct_states;
    seconds += seconds_of(run);
    const bool ended = exit_code_of(run) != 2;
    const std::string difference = ended ? what_differs(entry, result) : early_end_of(run);
    out << row_of(entry, run, difference) << std::flush;
    if (!difference.empty()) err << command_of(entry) << ": " << difference << '\n';
    if (!difference.empty()) exit_code = ended ? std::max(exit_code, 1) : 2;
    runs.push_back(std::move(run));
    if (!ended) break;
  }
  out << fmt::format("{} entries, {} distinct states, {:.1f} s: {}\n", runs.size(), grouped(states),
                     seconds, exit_code == 0 ? "all as pinned" : "not as pinned");
  json.write(json_report(runs));
  return exit_code;
}

}  // namespace

int explore_command(const ExploreArguments& arguments, std::ostream& out, std::ostream& err) {
  try {
    return arguments.model.empty() ? explore_all(arguments, out, err)
                                   : explore_one(arguments, out, err);
  } catch (const Refusal& refusal) {
    err << "quiesce explore: " << refusal.line << '\n';
    return 2;
  }
}

}  // namespace quiesce::explore
