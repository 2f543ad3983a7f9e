// `quiesce explore` called as a function: its exit code and what it prints.
#pragma once

#include <sstream>
#include <string>

#include "models/explore/command.hpp"

namespace quiesce::explore::testing {

struct Ran {
  int exit_code;
  std::string out;
  std::string err;
};

inline Ran run(const ExploreArguments& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  const int exit_code = explore_command(arguments, out, err);
  return {exit_code, out.str(), err.str()};
}

}  // namespace quiesce::explore::testing
