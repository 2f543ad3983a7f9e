// Samples of the specification: a state, an action or internal rule, the answer, the state after.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "spec/step.hpp"

namespace quiesce::smt {

// The names that samples use: few enough for a quantifier to be written out. The last of each kind
// never gets a row.
inline constexpr std::uint32_t region_count = 4;
inline constexpr std::uint32_t task_count = 8;
inline constexpr std::uint32_t obligation_count = 4;

/// What an action carries, in the words of inputs.smt2. What an action does not carry has some
/// value that no rule looks at.
struct Inputs {
  std::uint32_t region = 0;
  std::uint32_t new_region = 0;
  std::uint32_t task = 0;
  std::uint32_t target = 0;
  std::uint32_t new_task = 0;
  std::uint32_t obligation = 0;
  std::uint32_t new_obligation = 0;
  bool fail_fast = false;
  bool cancel = false;
  OutcomeKind returned = OutcomeKind::Ok;
  AbortReason abort = AbortReason::Cancel;
  std::uint8_t units = 0;
  Budget budget{};
  Limits limits{};
  ObligationKind promise = ObligationKind::SendPermit;
  Time to = 0;
  CancelKind kind = CancelKind::User;
  Time stamp = 0;  // the time that reasons get
  std::optional<CancelReason> reason;
  std::optional<CancelReason> returned_reason;
  std::array<bool, region_count> from_above{};
};

/// One transition or refusal of spec::step_unsettled, or one internal rule tried at one region.
struct Sample {
  std::string rule;      // "rule.task.start"
  std::string sentence;  // "start(t1)", "finalize r1"
  spec::State before;
  Inputs inputs;
  std::string answer;  // answer_class(); "Done" or "Disabled" for an internal rule
  spec::State after;
};

/// Where walks begin: at the initial state, or with the clock near `never` and the count of leaks
/// at its largest number or one below, which no walk would live to see.
enum class Beginning { Initial, NearTheLargestNumbers };

/// Random walks of the specification, small steps: `count` samples, a function of the seed.
///   keeps    creating actions carry fresh names; walks end when one of the names above would run
///   out cost     a step of the specification each
[[nodiscard]] std::vector<Sample> take_samples(std::uint64_t seed, std::size_t count,
                                               Beginning beginning = Beginning::Initial);

}  // namespace quiesce::smt
