// Histories: what each thread was answered, and when.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/refine/told.hpp"
#include "spec/vocabulary/action.hpp"
#include "spec/vocabulary/answer.hpp"

namespace quiesce::refine {

/// One operation of one thread.
///   state    `part` is 0 for the prefix, 1.. for the branches, last for the suffix; `position` the
///            index there; `invoked` and `responded` number all invocations and responses of the
///            execution in real time
struct Operation {
  std::uint16_t part = 0;
  std::uint16_t position = 0;
  std::uint32_t invoked = 0;
  std::uint32_t responded = 0;
  bool has_responded = false;
  std::optional<std::uint64_t> ticket;
  std::uint32_t action_id = 0;  // of the issued action, see SpecMemo
  Action action;                // as issued, Names resolved
  Answer answer;
  bool tells = false;  // whether the runtime tells its effects
  Told told{};
};

/// The operations of one execution in the order of their invocations.
///   cost     reused from execution to execution, no allocation once it has grown
using History = std::vector<Operation>;

}  // namespace quiesce::refine
