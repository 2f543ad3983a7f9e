#include "models/refine/generator.hpp"

#include "models/refine/numbers.hpp"
#include "models/refine/script_writer.hpp"

namespace quiesce::refine {
namespace {

/// The parts that are not yet full, for a fair draw among the branches.
struct Quota {
  std::vector<std::uint32_t> left;

  [[nodiscard]] std::uint32_t total() const {
    std::uint32_t sum = 0;
    for (const std::uint32_t one : left) sum += one;
    return sum;
  }
};

/// How leaks are responded to: Log in most scripts. Drawn apart, so that the actions of a script do
/// not depend on it.
LeakPolicy any_leak_policy(std::uint64_t seed, std::uint64_t index) {
  constexpr std::uint64_t apart = 0x1EA7;
  Numbers numbers{derived(derived(seed, index), apart)};
  LeakPolicy leaks;
  if (!numbers.chance(40)) return leaks;
  leaks.response = static_cast<LeakResponse>(numbers.below(leak_response_count));
  if (numbers.chance(50)) {
    leaks.escalate_after = numbers.between(1, 3);
    leaks.escalate_to = static_cast<LeakResponse>(numbers.below(leak_response_count));
  }
  return leaks;
}

}  // namespace

Script generate_script(std::uint64_t seed, std::uint64_t index, const Shape& shape) {
  ScriptWriter writer{derived(seed, index)};
  Numbers& numbers = writer.numbers();
  Script script;
  script.leaks = any_leak_policy(seed, index);

  const std::uint32_t motifs = numbers.between(shape.motifs_most > 0 ? 1 : 0, shape.motifs_most);
  for (std::uint32_t i = 0; i < motifs; ++i) writer.add_motif(script.prefix);
  if (numbers.chance(30)) writer.refocus();
  const std::uint32_t free_actions = numbers.below(shape.prefix_most + std::size_t{1});
  for (std::uint32_t i = 0; i < free_actions; ++i) writer.add_any(script.prefix);

  // The branches are chosen interleaved, so that one branch names what another one creates.
  script.branches.resize(numbers.between(shape.branches_least, shape.branches_most));
  Quota quota;
  for (std::size_t i = 0; i < script.branches.size(); ++i) {
    quota.left.push_back(numbers.between(shape.operations_least, shape.operations_most));
  }
  while (quota.total() > 0) {
    const std::size_t branch = numbers.weighted(quota.left);
    --quota.left[branch];
    writer.add_any(script.branches[branch]);
  }

  const std::uint32_t probes = numbers.below(shape.suffix_most + std::size_t{1});
  for (std::uint32_t i = 0; i < probes; ++i) writer.add_any(script.suffix);
  return script;
}

Script generate_sequence(std::uint64_t seed, std::uint64_t index, std::uint32_t length) {
  ScriptWriter writer{derived(seed, index)};
  Script script;
  script.leaks = any_leak_policy(seed, index);
  while (script.prefix.size() < length) {
    if (script.prefix.empty() || writer.numbers().chance(12)) {
      writer.add_motif(script.prefix);
    } else {
      writer.add_any(script.prefix);
    }
    if (writer.numbers().chance(10)) writer.refocus();
  }
  return script;
}

Script generate_crowd(std::uint64_t seed, std::uint64_t index, std::uint32_t scale) {
  ScriptWriter writer{derived(seed, index)};
  Script script;
  script.leaks = any_leak_policy(seed, index);
  writer.add_crowd(script.prefix, scale);
  const std::uint32_t free_actions = writer.numbers().below(16);
  for (std::uint32_t i = 0; i < free_actions; ++i) writer.add_any(script.prefix);
  writer.wind_down(script.prefix, scale);
  return script;
}

Script generate_lives(std::uint64_t seed, std::uint64_t index, std::uint32_t lives) {
  ScriptWriter writer{derived(seed, index)};
  Script script;
  writer.add_lives(script.prefix, lives);
  const std::uint32_t free_actions = writer.numbers().below(16);
  for (std::uint32_t i = 0; i < free_actions; ++i) writer.add_any(script.prefix);
  return script;
}

}  // namespace quiesce::refine
