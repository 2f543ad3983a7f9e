#include "models/explore/command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ostream>
#include <vector>

#include "models/explore/public_tla.hpp"
#include "models/explore/report.hpp"
#include "models/explore/search.hpp"
#include "models/explore/whole_file.hpp"

namespace quiesce::explore {
namespace {

constexpr std::array<ExplorableModel, 1> models{{
    {"public-tla", "the public TLA+ model of asupersync, formal/tla/Asupersync.tla"},
}};

constexpr std::int64_t least_memory_bytes = std::int64_t{4} << 20;
constexpr std::int64_t most_threads = 16;

/// An argument that cannot be used, said in one line.
struct Refusal {
  std::string line;
};

struct Range {
  std::string_view flag;
  std::int64_t least;
  std::int64_t most;
};

std::uint32_t checked(const std::optional<std::int64_t>& value, std::int64_t otherwise,
                      const Range& range) {
  const std::int64_t number = value.value_or(otherwise);
  if (number >= range.least && number <= range.most) return static_cast<std::uint32_t>(number);
  throw Refusal{
      fmt::format("{} {} is out of range: {} to {}", range.flag, number, range.least, range.most)};
}

Symmetry parse_symmetry(const std::string& words, std::vector<std::string>& kinds) {
  Symmetry symmetry;
  std::size_t begin = 0;
  while (begin < words.size()) {
    const std::size_t comma = std::min(words.find(',', begin), words.size());
    const std::string kind = words.substr(begin, comma - begin);
    begin = comma + 1;
    if (kind == "tasks") {
      symmetry.tasks = true;
    } else if (kind == "obligations") {
      symmetry.obligations = true;
    } else if (kind == "regions") {
      symmetry.regions = true;
    } else {
      throw Refusal{fmt::format(
          "--symmetry '{}' is no kind of name: tasks, obligations, regions, separated by commas",
          kind)};
    }
  }
  if (symmetry.tasks) kinds.emplace_back("tasks");
  if (symmetry.obligations) kinds.emplace_back("obligations");
  if (symmetry.regions) kinds.emplace_back("regions");
  return symmetry;
}

template <std::size_t words>
SearchResult search_public_tla(const Bounds& bounds, const Symmetry& symmetry,
                               const SearchOptions& options) {
  const PublicTla<words> model(bounds, symmetry);
  if (!symmetry.any()) return search(model, options);
  return search(UpToSymmetry<PublicTla<words>>(model), options);
}

Bounds checked_bounds(const ExploreArguments& arguments) {
  using Names = PublicTlaNames;
  Bounds bounds;
  bounds.tasks = checked(arguments.tasks, bounds.tasks, {"--tasks", 1, Names::most_tasks});
  bounds.regions =
      checked(arguments.regions, bounds.regions, {"--regions", 1, Names::most_regions});
  bounds.obligations = checked(arguments.obligations, bounds.obligations,
                               {"--obligations", 0, Names::most_obligations});
  bounds.mask = checked(arguments.mask, bounds.mask, {"--mask", 0, Names::most_mask});
  return bounds;
}

SearchOptions checked_options(const ExploreArguments& arguments) {
  SearchOptions options;
  const std::int64_t cores = sysconf(_SC_NPROCESSORS_ONLN);
  options.threads = checked(arguments.threads, std::clamp<std::int64_t>(cores, 1, most_threads),
                            {"--threads", 1, most_threads});
  options.memory_ceiling_bytes = default_memory_ceiling();
  if (arguments.memory_ceiling_bytes) {
    if (*arguments.memory_ceiling_bytes < least_memory_bytes) {
      throw Refusal{fmt::format("the memory ceiling of {} bytes is out of range: at least {} bytes",
                                *arguments.memory_ceiling_bytes, least_memory_bytes)};
    }
    options.memory_ceiling_bytes = static_cast<std::uint64_t>(*arguments.memory_ceiling_bytes);
  }
  options.progress_every = std::chrono::milliseconds(arguments.progress_milliseconds);
  options.exact = arguments.exact;
  options.stop_requested = arguments.stop_requested;
  options.checkpoint_path = arguments.checkpoint_path;
  options.resume_path = arguments.resume_path;
  options.checkpoint_every = std::chrono::seconds(
      checked(arguments.checkpoint_seconds, 60, {"--checkpoint-seconds", 0, 86'400}));
  return options;
}

const ExplorableModel& checked_model(const std::string& name) {
  const auto* const found =
      std::find_if(models.begin(), models.end(),
                   [&](const ExplorableModel& model) { return model.name == name; });
  if (found != models.end()) return *found;
  std::string known;
  for (const ExplorableModel& model : models) known += fmt::format(" {}", model.name);
  throw Refusal{fmt::format("no model is called '{}'; there are:{}", name, known)};
}

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

/// What a checkpoint must be of to be gone on from.
std::string identity_of(const Searched& searched, const std::string& sources) {
  std::string text = searched.model;
  for (const auto& [name, value] : searched.bounds) text += fmt::format(" {} {}", name, value);
  if (!searched.symmetry.empty()) {
    text += fmt::format(" symmetry {}", fmt::join(searched.symmetry, ","));
  }
  return sources.empty() ? text : text + " sources " + sources;
}

int explore(const ExploreArguments& arguments, std::ostream& out, std::ostream& err) {
  const ExplorableModel& model = checked_model(arguments.model);
  const Bounds bounds = checked_bounds(arguments);
  SearchOptions options = checked_options(arguments);
  Searched searched;
  const Symmetry symmetry = parse_symmetry(arguments.symmetry, searched.symmetry);
  searched.model = model.name;
  searched.sentence = model.sentence;
  searched.bounds = {{"tasks", bounds.tasks},
                     {"regions", bounds.regions},
                     {"obligations", bounds.obligations},
                     {"mask", bounds.mask}};
  searched.threads = options.threads;
  searched.memory_ceiling_bytes = options.memory_ceiling_bytes;

  options.identity = identity_of(searched, arguments.sources);

  // Opened before the work whose result goes there.
  WholeFile json;
  const auto demand = [](const std::string& failure) {
    if (!failure.empty()) throw Refusal{failure};
  };
  if (!arguments.json_path.empty()) demand(json.open(arguments.json_path));

  SearchResult result;
  {
    ProgressLine line(err, arguments.on_terminal);
    options.progress = [&line](const Progress& progress) { line.show(progress); };
    result = PublicTla<1>::fits(bounds) ? search_public_tla<1>(bounds, symmetry, options)
                                        : search_public_tla<2>(bounds, symmetry, options);
  }
  demand(result.failure);
  out << text_report(searched, result) << std::flush;
  if (!arguments.json_path.empty()) {
    const std::string text = json_report(searched, result);
    demand(json.write(text.data(), text.size()));
    demand(json.commit());
  }
  switch (result.ended) {
    case Ended::Complete: return 0;
    case Ended::Violated: return 1;
    case Ended::MemoryCeiling:
    case Ended::Interrupted:
    case Ended::CheckpointRefused: break;
  }
  return 2;
}

}  // namespace

std::span<const ExplorableModel> explorable_models() {
  return models;
}

int explore_command(const ExploreArguments& arguments, std::ostream& out, std::ostream& err) {
  try {
    return explore(arguments, out, err);
  } catch (const Refusal& refusal) {
    err << "quiesce explore: " << refusal.line << '\n';
    return 2;
  }
}

}  // namespace quiesce::explore
