// An argument that cannot be used.
#pragma once

#include <string>

namespace quiesce::explore {

/// Thrown inside `quiesce explore`, and said by it in one line.
struct Refusal {
  std::string line;
};

/// Stops when a sentence says what could not be done.
inline void demand(const std::string& failure) {
  if (!failure.empty()) throw Refusal{failure};
}

}  // namespace quiesce::explore
