#include "models/explore/run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "impl/sync/require.hpp"
#include "models/explore/refusal.hpp"
#include "models/explore/registry.hpp"
#include "models/explore/request.hpp"

namespace quiesce::explore {
namespace {

constexpr std::int64_t least_memory_bytes = std::int64_t{4} << 20;
constexpr std::int64_t most_threads = 16;

struct Range {
  std::string flag;
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

/// "tasks,regions" in two; a comma at the end is followed by an empty word.
std::vector<std::string> words_between_commas(const std::string& words) {
  std::vector<std::string> found;
  for (std::size_t begin = 0; !words.empty() && begin <= words.size();) {
    const std::size_t comma = std::min(words.find(',', begin), words.size());
    found.push_back(words.substr(begin, comma - begin));
    begin = comma + 1;
  }
  return found;
}

/// A list that names something twice means something else than it says.
void refuse_repeated(std::string_view flag, const std::vector<std::string>& words) {
  for (auto word = words.begin(); word != words.end(); ++word) {
    if (std::find(words.begin(), word, *word) != word)
      throw Refusal{fmt::format("{} names '{}' twice; each kind once", flag, *word)};
  }
}

/// The kinds of names that are asked to be identified, in the model's order.
std::vector<std::string> checked_symmetry(const ExplorableModel& model, const std::string& words) {
  const std::vector<std::string> asked = words_between_commas(words);
  if (asked.empty()) return {};
  if (model.symmetry.empty()) throw Refusal{fmt::format("{} has no --symmetry", model.name)};
  for (const std::string& kind : asked) {
    if (std::find(model.symmetry.begin(), model.symmetry.end(), kind) == model.symmetry.end())
      throw Refusal{fmt::format("--symmetry '{}' is no kind of name: {}, separated by commas", kind,
                                fmt::join(model.symmetry, ", "))};
  }
  refuse_repeated("--symmetry", asked);
  std::vector<std::string> kinds;
  for (const std::string_view kind : model.symmetry) {
    if (std::find(asked.begin(), asked.end(), kind) != asked.end()) kinds.emplace_back(kind);
  }
  return kinds;
}

template <class Flags, class Given>
void refuse_unknown(const ExplorableModel& model, const Flags& flags, const Given& given) {
  for (const auto& [name, value] : given) {
    const auto known = std::find_if(flags.begin(), flags.end(),
                                    [&name = name](const auto& flag) { return flag.name == name; });
    if (known == flags.end()) throw Refusal{fmt::format("{} has no --{}", model.name, name)};
  }
}

std::string checked_word(const ChoiceFlag& flag, const std::string& word) {
  if (std::find(flag.words.begin(), flag.words.end(), word) != flag.words.end()) return word;
  throw Refusal{fmt::format("--{} '{}' is not known; there are: {}", flag.name, word,
                            fmt::join(flag.words, ", "))};
}

/// What is asked of a model; refuses what it does not have and what is out of range.
Searched checked_for(const ExplorableModel& model, const ExploreArguments& arguments) {
  refuse_unknown(model, model.bounds, arguments.bounds);
  refuse_unknown(model, model.choices, arguments.choices);
  Searched searched;
  searched.model = model.name;
  searched.sentence = model.sentence;
  for (const BoundFlag& flag : model.bounds) {
    const auto given = arguments.bounds.find(flag.name);
    std::optional<std::int64_t> value;
    if (given != arguments.bounds.end()) value = given->second;
    searched.bounds.emplace_back(
        flag.name,
        checked(value, flag.otherwise, {"--" + std::string(flag.name), flag.least, flag.most}));
  }
  for (const ChoiceFlag& flag : model.choices) {
    const auto given = arguments.choices.find(flag.name);
    if (given == arguments.choices.end()) continue;
    const std::string word = checked_word(flag, given->second);
    if (!flag.needs.empty() && searched.bound(flag.needs) == 0)
      throw Refusal{fmt::format("--{} says nothing without --{}", flag.name, flag.needs)};
    if (word != flag.words.front()) searched.choices.emplace_back(flag.name, word);
  }
  searched.symmetry = checked_symmetry(model, arguments.symmetry);
  return searched;
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
  options.keep_going = arguments.keep_going;
  options.want_example = !arguments.itf_path.empty();
  options.stop_requested = arguments.stop_requested;
  options.checkpoint_path = arguments.checkpoint_path;
  options.resume_path = arguments.resume_path;
  options.spill_folder = arguments.spill_folder;
  options.checkpoint_every = std::chrono::seconds(
      checked(arguments.checkpoint_seconds, 60, {"--checkpoint-seconds", 0, 86'400}));
  if (arguments.checkpoint_seconds && arguments.checkpoint_path.empty())
    throw Refusal{
        "--checkpoint-seconds says how often --checkpoint writes: it needs --checkpoint FILE"};
  if (!arguments.witness.empty() && arguments.itf_path.empty())
    throw Refusal{"--witness says what --itf writes: it needs --itf FILE"};
  if (!arguments.witness.empty() && !arguments.resume_path.empty())
    throw Refusal{"--witness needs the search from its beginning: it cannot be used with --resume"};
  return options;
}

const ExplorableModel& checked_model(const std::string& name) {
  std::string known;
  for (const ExplorableModel& model : explorable_models()) {
    if (model.name == name) return model;
    known += fmt::format(" {}", model.name);
  }
  throw Refusal{fmt::format("no model is called '{}'; there are:{}", name, known)};
}

/// What a checkpoint must be of to be gone on from.
std::string identity_of(const Searched& searched, const ExploreArguments& arguments) {
  std::string text = searched.model;
  for (const auto& [name, value] : searched.bounds) text += fmt::format(" {} {}", name, value);
  if (!searched.symmetry.empty()) {
    text += fmt::format(" symmetry {}", fmt::join(searched.symmetry, ","));
  }
  for (const auto& [name, word] : searched.choices) text += fmt::format(" {} {}", name, word);
  if (arguments.count_witnesses) text += " counting witnesses";
  // What fingerprints took for known is missing in a search that calls itself exact.
  if (arguments.exact) text += " exact";
  return arguments.sources.empty() ? text : text + " sources " + arguments.sources;
}

std::optional<ProgressOptions> checked_progress(const ExplorableModel& model,
                                                const ExploreArguments& arguments,
                                                const SearchOptions& options) {
  if (!arguments.progress && !arguments.unfair.empty())
    throw Refusal{"--unfair says what --progress must not assume: it needs --progress"};
  if (!arguments.progress && arguments.fair_together)
    throw Refusal{"--fair-together says what --progress assumes: it needs --progress"};
  if (arguments.fair_together && !arguments.unfair.empty())
    throw Refusal{"--fair-together has no kinds of fairness that --unfair could leave out"};
  if (!arguments.progress) return std::nullopt;
  if (!model.has_progress) throw Refusal{fmt::format("{} has no --progress", model.name)};
  const std::vector<std::string> unfair = words_between_commas(arguments.unfair);
  refuse_repeated("--unfair", unfair);
  if (!arguments.symmetry.empty())
    throw Refusal{"--progress asks of each name by itself: it cannot be used with --symmetry"};
  return ProgressOptions{options.memory_ceiling_bytes, unfair, arguments.fair_together,
                         options.stop_requested};
}

/// With sleep sets the search is one of its own: one thread, in memory, no files but its report.
void check_reduction(const ExplorableModel& model, const ExploreArguments& arguments) {
  if (!arguments.reduce) return;
  if (!model.has_reduction) throw Refusal{fmt::format("{} has no --reduce", model.name)};
  const auto refuse = [](std::string_view flag, bool is_given) {
    if (is_given) throw Refusal{fmt::format("--reduce cannot be used with {}", flag)};
  };
  refuse("--symmetry", !arguments.symmetry.empty());
  refuse("--progress, which asks of every step", arguments.progress);
  refuse("--checkpoint", !arguments.checkpoint_path.empty());
  refuse("--resume", !arguments.resume_path.empty());
  refuse("--spill", !arguments.spill_folder.empty());
  refuse("--dot, which draws every step", !arguments.dot_path.empty());
  refuse("--witness", !arguments.witness.empty());
  refuse("--threads: it searches on one", arguments.threads.value_or(1) > 1);
}

void check_sample(const ExplorableModel& model, const ExploreArguments& arguments) {
  if (model.is_sample && (arguments.exact || !arguments.spill_folder.empty()))
    throw Refusal{fmt::format("{} are drawn, not searched: no --exact and --spill", model.name)};
}

SearchRequest request_for(const ExplorableModel& model, const ExploreArguments& arguments) {
  SearchRequest request;
  request.options = checked_options(arguments);
  request.wants_dot = !arguments.dot_path.empty();
  request.witness = arguments.witness;
  Searched& searched = request.run.searched;
  searched = checked_for(model, arguments);
  request.progress = checked_progress(model, arguments, request.options);
  check_reduction(model, arguments);
  check_sample(model, arguments);
  request.wants_reduction = arguments.reduce;
  if (arguments.reduce) request.options.threads = 1;
  searched.threads = request.options.threads;
  searched.memory_ceiling_bytes = request.options.memory_ceiling_bytes;
  request.options.identity = identity_of(searched, arguments);
  return request;
}

}  // namespace

std::uint32_t Searched::bound(std::string_view name) const {
  const auto found = std::find_if(bounds.begin(), bounds.end(),
                                  [&](const auto& bound) { return bound.first == name; });
  require(found != bounds.end(), "a model asks for a bound that it has");
  return found->second;
}

bool Searched::chose(std::string_view choice, std::string_view word) const {
  return std::find(choices.begin(), choices.end(),
                   std::pair(std::string(choice), std::string(word))) != choices.end();
}

bool Searched::identifies(std::string_view kind) const {
  return std::find(symmetry.begin(), symmetry.end(), kind) != symmetry.end();
}

void check_machine(const ExploreArguments& arguments) {
  static_cast<void>(checked_options(arguments));
}

bool is_sample(std::string_view name) {
  const auto models = explorable_models();
  return std::any_of(models.begin(), models.end(), [name](const ExplorableModel& model) {
    return model.name == name && model.is_sample;
  });
}

void check_arguments(const ExploreArguments& arguments) {
  static_cast<void>(request_for(checked_model(arguments.model), arguments));
}

Run run_search(const ExploreArguments& arguments,
               const std::function<void(const Progress&)>& progress) {
  const ExplorableModel& model = checked_model(arguments.model);
  SearchRequest request = request_for(model, arguments);
  request.options.progress = progress;
  model.search(request);
  return std::move(request.run);
}

}  // namespace quiesce::explore
