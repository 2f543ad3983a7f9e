// What the commands of the program share.
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace quiesce::refine {
class StopFlag;
struct Variant;
}  // namespace quiesce::refine

namespace quiesce::cli {

/// The program's exit codes.
enum class ExitCode : int {
  Agrees = 0,
  Violation = 1,
  Usage = 2,           // a flag, a file or an input is wrong; nothing was started
  Nondeterminism = 3,  // an execution did not repeat itself
};

/// Says one line on standard error, "quiesce: " before it, and gives the exit code back.
ExitCode refuse(const std::string& sentence);

/// The variant of that name, or null after a line that names the nearest one.
const refine::Variant* variant_or_complain(std::string_view name);

/// The flag that Ctrl-C sets; the first call installs the handler.
///   state    a second Ctrl-C ends the program at once
refine::StopFlag& interrupted();

// Each adds its command to the program; the command's exit code goes to `result`.
void add_check(CLI::App& program, ExitCode& result);
void add_replay(CLI::App& program, ExitCode& result);
void add_list(CLI::App& program, ExitCode& result);
void add_scenario(CLI::App& program, ExitCode& result);
void add_explore(CLI::App& program, ExitCode& result);
void add_mutants(CLI::App& program, ExitCode& result);

}  // namespace quiesce::cli
