// The program `quiesce`: reads the command line, runs one command, exits with its code.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "models/cli/command.hpp"
#include "models/cli/nearest.hpp"

namespace quiesce::cli {
namespace {

std::vector<std::string> command_names(const CLI::App& program) {
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> flag_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string suggestion(const std::string& word, const std::vector<std::string>& names) {
  const std::vector<std::string_view> views(names.begin(), names.end());
  return did_you_mean(word, views);
}

/// An unknown command or flag, in one line with the nearest name; empty if there is none.
std::string unknown_word(const CLI::App& program, int argc, char** argv) {
  if (argc < 2) return {};
  const std::string first = argv[1];
  if (first == "-h" || first == "--help" || first == "--version") return {};
  const std::vector<std::string> commands = command_names(program);
  if (std::find(commands.begin(), commands.end(), first) == commands.end())
    return "there is no command '" + first + "'" + suggestion(first, commands);
  const std::vector<std::string> flags = flag_names(*program.get_subcommand(first));
  for (int i = 2; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.rfind("--", 0) != 0 || word == "--") continue;
    const std::string flag = word.substr(0, word.find('='));
    if (std::find(flags.begin(), flags.end(), flag) == flags.end())
      return "'" + first + "' has no flag '" + flag + "'" + suggestion(flag, flags);
  }
  return {};
}

int run(int argc, char** argv) {
  CLI::App program{
      "quiesce: does an optimised runtime do what its specification says, under every\n"
      "interleaving that can be afforded?\n"
      "Exit codes: 0 agrees, 1 violation, 2 usage or input error, 3 nondeterminism,\n"
      "4 undecided.",
      "quiesce"};
  program.require_subcommand(1);
  program.set_version_flag("--version", "quiesce 0.1.0");
  ExitCode result = ExitCode::Agrees;
  add_check(program, result);
  add_replay(program, result);
  add_list(program, result);
  add_scenario(program, result);
  add_explore(program, result);
  add_mutants(program, result);
  add_trace(program, result);
  add_validate(program, result);
  // Known to the launcher, which never passes it on; here for the help text.
  program.add_subcommand("test", "every test, sanitizer legs included (by the launcher)");

  if (argc == 2 && std::string(argv[1]) == "help") {
    std::fputs(program.help().c_str(), stdout);
    return 0;
  }
  if (const std::string sentence = unknown_word(program, argc, argv); !sentence.empty())
    return static_cast<int>(refuse(sentence));
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);  // --help, --version
    return static_cast<int>(refuse(std::string(error.what()) + "; see ./quiesce help"));
  }
  return static_cast<int>(result);
}

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
    return quiesce::cli::run(argc, argv);
  } catch (const std::system_error& error) {
    return static_cast<int>(quiesce::cli::refuse("the system gives no more threads or memory (" +
                                                 error.code().message() +
                                                 "); ask for fewer workers"));
  } catch (const std::exception& error) {
    return static_cast<int>(quiesce::cli::refuse(error.what()));
  }
}
