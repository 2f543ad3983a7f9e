// The nursery: a copy of the sources in which one mutant at a time is planted, built and checked.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "models/mutants/mutant.hpp"

namespace quiesce::mutants {

/// What came of one mutant.
struct Trial {
  std::string error;      // it does not apply or does not build
  bool killed = false;    // the check found a violation, or the test program failed
  bool expected = false;  // by an id that the header names; of a model: by exactly those ids
  std::string found;      // the id; of a model: the ids, with commas
  std::string sentence;   // the two facts that clash
  std::string strategy;
  std::uint64_t states = 0;       // that the model has
  std::uint64_t schedules = 0;    // tried before the first failure, the failing one included
  std::uint64_t preemptions = 0;  // of the smallest form
  std::string replay;
  double seconds = 0;  // of the search, without making it smaller
  double build_seconds = 0;
};

/// Plants mutants in a copy of a source tree.
///   state    `work`/src holds the copy, `work`/build its build; both are kept, so that the next
///   mutant
///            builds only what the patch touches
class Nursery {
 public:
  Nursery(std::string source, std::string work);

  /// Copies what changed, applies the patch, builds, checks with a seed for at most some seconds; a
  /// mutant of a model: searches the model past what is broken.
  [[nodiscard]] Trial try_to_kill(const Mutant& mutant, std::uint64_t seed, unsigned seconds);
  /// Only whether the patch applies to the sources of today; `killed` says so.
  [[nodiscard]] Trial try_to_apply(const Mutant& mutant);

 private:
  void refresh_copy();
  [[nodiscard]] std::string plant(const Mutant& mutant);
  [[nodiscard]] std::string build(const std::string& target);
  void run_check(const Mutant& mutant, std::uint64_t seed, unsigned seconds, Trial& trial);
  void run_test(const Mutant& mutant, Trial& trial);
  void run_model(const Mutant& mutant, Trial& trial);

  std::string source_;
  std::string work_;
};

/// The kill table as JSON, a line a mutant.
[[nodiscard]] std::string trials_json(const std::vector<std::pair<Mutant, Trial>>& trials);

}  // namespace quiesce::mutants
