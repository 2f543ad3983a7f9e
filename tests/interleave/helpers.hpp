// Shared by the explorer's tests: run many executions, look for an ending.
#pragma once

#include <cstdint>
#include <ostream>
#include <set>
#include <string>

#include "models/interleave/bounded.hpp"
#include "models/interleave/engine.hpp"
#include "models/interleave/pct.hpp"
#include "models/interleave/pos.hpp"

namespace quiesce::interleave {

inline std::ostream& operator<<(std::ostream& out, Ending ending) {
  return out << word(ending);
}

/// The first execution that does not complete, or the last one.
struct Found {
  Ended ended;
  Decisions decisions;
  std::uint64_t executions = 0;
};

template <Strategy S, class Body>
Found first_failure(S strategy, Body body, std::uint64_t executions = 1'000,
                    const EngineOptions& options = {}) {
  Engine engine(options);
  Found found;
  while (found.executions < executions) {
    ++found.executions;
    found.ended = engine.run(strategy, body);
    if (!found.ended.completed()) break;
  }
  found.decisions = engine.decisions();
  return found;
}

/// How an exhaustive search went.
struct Searched {
  std::uint64_t completed = 0;
  std::uint64_t cut = 0;     // by sleep sets
  std::uint64_t failed = 0;  // any other ending
  Ended first_failure;
  bool left_out = false;
  bool diverged = false;
};

template <class Body>
Searched search_all(BoundedExhaustive search, Body body) {
  Engine engine;
  Searched result;
  do {
    Ended ended = engine.run(search, body);
    if (ended.completed()) {
      ++result.completed;
    } else if (ended.ending == Ending::Abandoned) {
      ++result.cut;
    } else if (result.failed++ == 0) {
      result.first_failure = std::move(ended);
    }
  } while (search.advance());
  result.left_out = search.bound_left_schedules_out();
  result.diverged = search.diverged();
  return result;
}

inline constexpr std::uint32_t no_bound = BoundedExhaustive::no_bound;

}  // namespace quiesce::interleave
