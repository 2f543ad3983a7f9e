// Judge: one finished execution against the specification.
#pragma once

#include <cstdint>
#include <optional>

#include "models/interleave/ended.hpp"
#include "models/refine/coverage.hpp"
#include "models/refine/execution.hpp"
#include "models/refine/linearizability.hpp"
#include "models/refine/lockstep.hpp"
#include "models/refine/spec_memo.hpp"

namespace quiesce::refine {

/// Decides which check an execution gets: how it ended, then lockstep in commit order where there
/// are tickets, then a search for a linearization where there are none.
class Judge {
 public:
  explicit Judge(SpecMemo& memo) : lockstep_(memo), linearizability_(memo) {}

  struct Settings {
    bool search_linearization = false;
    std::uint64_t linearization_budget = 200'000;
  };

  /// What clashes, if anything.
  [[nodiscard]] std::optional<Clash> judge(const Execution& execution, Mode mode,
                                           const interleave::Ended& ended, const Settings& settings,
                                           Coverage& coverage);

  /// Searches that ran out of their budget since the last call.
  [[nodiscard]] std::uint64_t take_unknown();

 private:
  Lockstep lockstep_;
  Linearizability linearizability_;
  std::uint64_t unknown_ = 0;
};

/// The key string of an ending that is a failure: "run.deadlock", "run.lock_rank", …
[[nodiscard]] std::string_view ending_id(interleave::Ending ending);

/// A failure of an execution: what clashed and how to run it again. What belongs to the run (seed,
/// indices, strategy) is for the caller to fill in.
[[nodiscard]] Failure failure_of(Clash clash, const Execution& execution,
                                 const interleave::Ended& ended, interleave::Decisions decisions);

}  // namespace quiesce::refine
