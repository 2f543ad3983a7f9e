// What the commands of the program share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

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
  Undecided = 4,       // validate: the search was given up, or interrupted
};

/// Says one line on standard error, "quiesce: " before it, and gives the exit code back.
ExitCode refuse(const std::string& sentence);

/// The variant of that name, or null after a line that names the nearest one.
const refine::Variant* variant_or_complain(std::string_view name);

/// Reads a whole number; false if the word is none.
bool to_number(const std::string& word, std::uint64_t& number);
/// Reads a number within bounds; empty, or the sentence that says which flag is wrong.
std::string read_bounded(const char* flag, const std::string& word, std::uint64_t least,
                         std::uint64_t most, std::uint64_t& number);

/// Goes to the project's folder, which the launcher names in QUIESCE_PROJECT: for commands that
/// read the sources. Stays where the caller is if nobody names it.
void enter_project();

/// Of two results that go to one file the first is lost: the sentence that names the two flags, or
/// nothing.
[[nodiscard]] std::string one_file_for_two(const std::string& flag, const std::string& path,
                                           const std::string& other_flag,
                                           const std::string& other_path);

/// The flag that Ctrl-C sets; the first call installs the handler.
///   state    a second Ctrl-C ends the program at once; the first also ends a call of the system
///            that waits, such as to open a pipe that nobody writes to
refine::StopFlag& interrupted();

class Program;
// Each adds its command to the program.
void add_check(Program& program);
void add_replay(Program& program);
void add_list(Program& program);
void add_scenario(Program& program);
void add_explore(Program& program);
void add_mutants(Program& program);
void add_trace(Program& program);
void add_validate(Program& program);

}  // namespace quiesce::cli
