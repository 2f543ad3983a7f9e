#include "models/explore/run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "models/explore/export.hpp"
#include "models/explore/house.hpp"
#include "models/explore/public_tla.hpp"
#include "models/explore/refusal.hpp"
#include "models/explore/search.hpp"

namespace quiesce::explore {
namespace {

constexpr std::array<ExplorableModel, 2> models{{
    {"house", "the project's own specification, spec::step, its invariants evaluated everywhere"},
    {"public-tla", "the public TLA+ model of asupersync, formal/tla/Asupersync.tla"},
}};

constexpr std::int64_t least_memory_bytes = std::int64_t{4} << 20;
constexpr std::int64_t most_threads = 16;

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
  options.count_witnesses = arguments.count_witnesses;
  options.want_example = !arguments.itf_path.empty();
  options.stop_requested = arguments.stop_requested;
  options.checkpoint_path = arguments.checkpoint_path;
  options.resume_path = arguments.resume_path;
  options.checkpoint_every = std::chrono::seconds(
      checked(arguments.checkpoint_seconds, 60, {"--checkpoint-seconds", 0, 86'400}));
  if (!arguments.witness.empty() && arguments.itf_path.empty())
    throw Refusal{"--witness says what --itf writes: it needs --itf FILE"};
  if (!arguments.witness.empty() && !arguments.resume_path.empty())
    throw Refusal{"--witness needs the search from its beginning: it cannot be used with --resume"};
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

/// What a checkpoint must be of to be gone on from.
std::string identity_of(const Searched& searched, const ExploreArguments& arguments) {
  std::string text = searched.model;
  for (const auto& [name, value] : searched.bounds) text += fmt::format(" {} {}", name, value);
  if (!searched.symmetry.empty()) {
    text += fmt::format(" symmetry {}", fmt::join(searched.symmetry, ","));
  }
  if (!searched.claim.empty()) text += " claim " + searched.claim;
  if (arguments.count_witnesses) text += " counting witnesses";
  return arguments.sources.empty() ? text : text + " sources " + arguments.sources;
}

/// A prepared search: the head of its report and the options that every model shares.
struct Prepared {
  Run run;
  SearchOptions options;
  bool wants_dot = false;
  std::string witness;
};

template <Model M>
void search_with(const M& model, Prepared& prepared) {
  if (!prepared.witness.empty()) {
    const auto known = model.sometimes();
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const Fact& fact) { return fact.id == prepared.witness; });
    if (found == known.end())
      throw Refusal{fmt::format("--witness '{}' is no `sometimes` of {}", prepared.witness,
                                prepared.run.searched.model)};
    prepared.options.example_of = static_cast<std::size_t>(found - known.begin());
  }
  prepared.run.result = search(model, prepared.options);
  if (prepared.wants_dot && prepared.run.result.distinct_states <= most_dot_states)
    prepared.run.dot = dot_of(model);
}

void refuse_flag(bool given, std::string_view flag, std::string_view model) {
  if (given) throw Refusal{fmt::format("{} has no {}", model, flag)};
}

template <std::size_t words>
void search_public_tla(const Bounds& bounds, const Symmetry& symmetry, Prepared& prepared) {
  const PublicTla<words> model(bounds, symmetry);
  if (!symmetry.any()) return search_with(model, prepared);
  search_with(UpToSymmetry<PublicTla<words>>(model), prepared);
}

Bounds checked_public_tla_bounds(const ExploreArguments& arguments) {
  using Names = PublicTlaNames;
  refuse_flag(arguments.finalizers.has_value(), "--finalizers", arguments.model);
  refuse_flag(arguments.kinds.has_value(), "--kinds", arguments.model);
  refuse_flag(arguments.policies.has_value(), "--policies", arguments.model);
  refuse_flag(!arguments.granularity.empty(), "--granularity", arguments.model);
  refuse_flag(!arguments.claim.empty(), "--claim", arguments.model);
  Bounds bounds;
  bounds.tasks = checked(arguments.tasks, bounds.tasks, {"--tasks", 1, Names::most_tasks});
  bounds.regions =
      checked(arguments.regions, bounds.regions, {"--regions", 1, Names::most_regions});
  bounds.obligations = checked(arguments.obligations, bounds.obligations,
                               {"--obligations", 0, Names::most_obligations});
  bounds.mask = checked(arguments.mask, bounds.mask, {"--mask", 0, Names::most_mask});
  return bounds;
}

HouseBounds checked_house_bounds(const ExploreArguments& arguments) {
  refuse_flag(!arguments.symmetry.empty(), "--symmetry: its names are handed out in order",
              arguments.model);
  if (!arguments.granularity.empty() && arguments.granularity != "settled" &&
      arguments.granularity != "small") {
    throw Refusal{
        fmt::format("--granularity '{}' is neither settled nor small", arguments.granularity)};
  }
  if (!arguments.claim.empty() && arguments.claim != "no-leak")
    throw Refusal{fmt::format("--claim '{}' is not known; there is: no-leak", arguments.claim)};
  HouseBounds bounds;
  using H = HouseBounds;
  bounds.regions = checked(arguments.regions, bounds.regions, {"--regions", 1, H::most_regions});
  bounds.tasks = checked(arguments.tasks, bounds.tasks, {"--tasks", 0, H::most_tasks});
  bounds.obligations =
      checked(arguments.obligations, bounds.obligations, {"--obligations", 0, H::most_obligations});
  bounds.finalizers =
      checked(arguments.finalizers, bounds.finalizers, {"--finalizers", 0, H::most_finalizers});
  bounds.mask = checked(arguments.mask, bounds.mask, {"--mask", 0, H::most_mask});
  bounds.kinds = checked(arguments.kinds, bounds.kinds, {"--kinds", 1, 2});
  bounds.policies = checked(arguments.policies, bounds.policies, {"--policies", 1, 2});
  bounds.small_step = arguments.granularity == "small";
  bounds.claims_no_leak = arguments.claim == "no-leak";
  return bounds;
}

void search_house(const HouseBounds& bounds, Prepared& prepared) {
  const HouseMachine machine(bounds);
  const std::size_t words = machine.codec().words();
  if (words <= 2) return search_with(House<2>(machine), prepared);
  if (words == 3) return search_with(House<3>(machine), prepared);
  if (words == 4) return search_with(House<4>(machine), prepared);
  search_with(House<7>(machine), prepared);
}

Prepared prepared(const ExploreArguments& arguments) {
  const ExplorableModel& model = checked_model(arguments.model);
  Prepared made;
  made.options = checked_options(arguments);
  made.wants_dot = !arguments.dot_path.empty();
  made.witness = arguments.witness;
  Searched& searched = made.run.searched;
  searched.model = model.name;
  searched.sentence = model.sentence;
  searched.threads = made.options.threads;
  searched.memory_ceiling_bytes = made.options.memory_ceiling_bytes;
  if (model.name == "public-tla") {
    const Bounds bounds = checked_public_tla_bounds(arguments);
    static_cast<void>(parse_symmetry(arguments.symmetry, searched.symmetry));
    searched.bounds = {{"tasks", bounds.tasks},
                       {"regions", bounds.regions},
                       {"obligations", bounds.obligations},
                       {"mask", bounds.mask}};
  } else {
    const HouseBounds bounds = checked_house_bounds(arguments);
    searched.bounds = {{"regions", bounds.regions},
                       {"tasks", bounds.tasks},
                       {"obligations", bounds.obligations},
                       {"finalizers", bounds.finalizers},
                       {"mask", bounds.mask},
                       {"kinds", bounds.kinds},
                       {"policies", bounds.policies},
                       {"small_step", bounds.small_step}};
    searched.claim = arguments.claim;
  }
  made.options.identity = identity_of(searched, arguments);
  return made;
}

}  // namespace

std::span<const ExplorableModel> explorable_models() {
  return models;
}

void check_arguments(const ExploreArguments& arguments) {
  static_cast<void>(prepared(arguments));
}

Run run_search(const ExploreArguments& arguments,
               const std::function<void(const Progress&)>& progress) {
  Prepared made = prepared(arguments);
  made.options.progress = progress;
  if (arguments.model == "public-tla") {
    const Bounds bounds = checked_public_tla_bounds(arguments);
    std::vector<std::string> kinds;
    const Symmetry symmetry = parse_symmetry(arguments.symmetry, kinds);
    if (PublicTla<1>::fits(bounds)) {
      search_public_tla<1>(bounds, symmetry, made);
    } else {
      search_public_tla<2>(bounds, symmetry, made);
    }
  } else {
    search_house(checked_house_bounds(arguments), made);
  }
  return std::move(made.run);
}

}  // namespace quiesce::explore
