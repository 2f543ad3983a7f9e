// The result of a check: a table for people, JSON and JUnit for programs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/refine/campaign.hpp"
#include "models/refine/failure.hpp"

namespace quiesce::report {

/// What was asked for, in words that the reports repeat.
///   state    `argument_rows` are pairs of name and text, in the order they are shown
struct CheckContext {
  const refine::Variant* variant = nullptr;
  std::uint64_t seed = 0;
  std::string sources;
  std::vector<std::pair<std::string, std::string>> argument_rows;
};

/// The traced re-run of a failure and the line that replays it.
struct Counterexample {
  refine::TracedRun run;
  std::string replay;
};

/// The table that needs no manual, and the counterexample if there is one.
[[nodiscard]] std::string check_text(const CheckContext& context,
                                     const refine::CampaignResult& result,
                                     const std::optional<Counterexample>& counterexample);

/// JSON: a function of the arguments but for its member `timing`.
[[nodiscard]] std::string check_json(const CheckContext& context,
                                     const refine::CampaignResult& result,
                                     const std::optional<Counterexample>& counterexample);

/// JUnit XML: one test case an invariant, one for the agreement as a whole.
[[nodiscard]] std::string check_junit(const CheckContext& context,
                                      const refine::CampaignResult& result,
                                      const std::optional<Counterexample>& counterexample);

}  // namespace quiesce::report
