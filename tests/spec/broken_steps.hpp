// Good steps and what breaks them: what the tables of step_properties_test.cpp share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/spec/spec_scripts.hpp"

namespace quiesce::spec_tests {

using spec::State;

/// A good step, one change of the state after it that breaks the property, the fact in words.
struct BrokenStep {
  std::string_view id;
  std::string script;
  std::string_view action;
  void (*breaks)(State&);
  std::string_view fact;
};

inline const std::string running = "spawn(t1, r0); start(t1)";
inline const std::string cancelled = running + "; cancel_task(t1, Timeout)";
inline const std::string ended = running + "; return(t1, Ok)";
inline const std::string closing = running + "; close_region(r0, Await)";
inline const std::string held = running + "; reserve(o1, t1, r0, Lease)";
inline const std::string fenced =
    "open_region(r1, r0); spawn(t1, r1); start(t1); reserve(o1, t1, r1, Lease); commit(o1, t1); "
    "return(t1, Ok); close_region(r1, Await)";
inline const std::string siblings =
    "open_region(r1, r0, FailFast); spawn(t1, r1); start(t1); spawn(t2, r1)";
inline const std::string stack = "defer_finalizer(t1, r0); defer_finalizer(t2, r0)";
inline const std::string later = "advance_time(3); ";

/// What a step writes into rows, and what it was told to do.
[[nodiscard]] const std::vector<BrokenStep>& record_cases();
[[nodiscard]] const std::vector<BrokenStep>& told_cases();

}  // namespace quiesce::spec_tests
