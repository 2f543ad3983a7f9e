// The program `quiesce`: reads the command line, runs one command, exits with its code.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <new>
#include <string>
#include <string_view>
#include <system_error>

#include "models/cli/arguments.hpp"

namespace quiesce::cli {
namespace {

/// Memory that is gone is never a finding about the code under test: one line, and the end.
void no_memory() {
  constexpr std::string_view line =
      "quiesce: there is not enough memory; ask for fewer threads, workers or bounds\n";
  static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
  ::_exit(static_cast<int>(ExitCode::Usage));
}

}  // namespace
}  // namespace quiesce::cli

int main(int argc, char** argv) {
  std::set_new_handler(quiesce::cli::no_memory);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that grows too large is an error of the write
  try {
    return quiesce::cli::run_program(argc, argv);
  } catch (const std::system_error& error) {
    return static_cast<int>(quiesce::cli::refuse("the system gives no more threads or memory (" +
                                                 error.code().message() +
                                                 "); ask for fewer workers"));
  } catch (const std::exception& error) {
    return static_cast<int>(quiesce::cli::refuse(error.what()));
  }
}
