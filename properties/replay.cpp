// Every property program runs the same cases on every machine: RapidCheck takes its parameters from
// the environment, and this gives it a seed if the environment names none.
//   replay   a failure prints RC_PARAMS="reproduce=…": run the same program with that environment
//   search   RC_PARAMS="seed=7 max_success=10000" tries others, and more of them
#include <cstdlib>
#include <string>

namespace {

/// Before main, and so before RapidCheck reads its configuration.
const bool seeded = [] {
  const char* const given = std::getenv("RC_PARAMS");
  const std::string asked = given == nullptr ? "" : given;
  if (asked.find("seed=") != std::string::npos || asked.find("reproduce=") != std::string::npos) {
    return false;
  }
  // What is asked for comes last, so that it wins.
  return setenv("RC_PARAMS", ("seed=20260104 max_success=500 " + asked).c_str(), 1) == 0;
}();

}  // namespace
