#include "models/cli/arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <string_view>
#include <utility>

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

/// An empty word says nothing, and what has no words of its own would take it for its absence.
std::string empty_word(int argc, char** argv) {
  for (int i = 2; i < argc; ++i) {
    const std::string word = argv[i];
    const std::string before = argv[i - 1];
    const bool is_flag = word.rfind("--", 0) == 0;
    if (is_flag && word.size() > 2 && word.find('=') == word.size() - 1)
      return word.substr(0, word.size() - 1) + " is ''; give it a word, or leave it out";
    if (!word.empty()) continue;
    if (before.rfind("--", 0) == 0) return before + " is ''; give it a word, or leave it out";
    return "an empty word stands after '" + before + "'; leave it out";
  }
  return {};
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
  return empty_word(argc, argv);
}

/// What was printed must have arrived: a full disk must not look like a verdict.
int with_output_written(ExitCode result) {
  std::cout.flush();
  const bool is_written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (is_written) return static_cast<int>(result);
  return static_cast<int>(
      refuse("cannot write to standard output: " + std::string(std::strerror(errno))));
}

/// `help`, or `help check`: as `--help`, and `check --help`.
int help(const CLI::App& program, int argc, char** argv) {
  if (argc == 2) {
    std::fputs(program.help().c_str(), stdout);
    return with_output_written(ExitCode::Agrees);
  }
  const std::string name = argv[2];
  const std::vector<std::string> commands = command_names(program);
  if (std::find(commands.begin(), commands.end(), name) == commands.end())
    return static_cast<int>(
        refuse("there is no command '" + name + "'" + suggestion(name, commands)));
  std::fputs(program.get_subcommand(name)->help("quiesce").c_str(), stdout);
  return with_output_written(ExitCode::Agrees);
}

}  // namespace

void Command::word(const char* name, std::string& into, const char* help) {
  app_.add_option(name, into, help)->capture_default_str();
}

void Command::required_word(const char* name, std::string& into, const char* help) {
  app_.add_option(name, into, help)->required();
}

void Command::words(const char* name, std::vector<std::string>& into, const char* help) {
  app_.add_option(name, into, help);
}

void Command::required_words(const char* name, std::vector<std::string>& into, const char* help) {
  app_.add_option(name, into, help)->required();
}

void Command::words_with_commas(const char* name, std::vector<std::string>& into,
                                const char* help) {
  app_.add_option(name, into, help)->delimiter(',');
}

void Command::flag(const char* name, bool& into, const char* help) {
  app_.add_flag(name, into, help);
}

void Command::word_for(const std::string& name, std::function<std::string(const std::string&)> read,
                       const std::string& help) {
  const std::function<void(const std::string&)> take =
      [read = std::move(read)](const std::string& word) {
        if (std::string wrong = read(word); !wrong.empty()) throw CLI::ValidationError(wrong);
      };
  app_.add_option_function<std::string>(name, take, help);
}

void Command::does(std::function<ExitCode()> action) {
  app_.callback([action = std::move(action), &result = result_] { result = action(); });
}

Command Program::command(const char* name, const char* help) {
  return {*app_.add_subcommand(name, help), result_};
}

int run_program(int argc, char** argv) {
  CLI::App program{
      "quiesce: does an optimised runtime do what its specification says, under every\n"
      "interleaving that can be afforded?\n"
      "Exit codes: 0 agrees, 1 violation, 2 usage or input error, 3 nondeterminism,\n"
      "4 undecided.",
      "quiesce"};
  program.require_subcommand(1);
  program.set_version_flag("--version", "quiesce 0.1.0");
  ExitCode result = ExitCode::Agrees;
  Program commands(program, result);
  add_check(commands);
  add_replay(commands);
  add_list(commands);
  add_scenario(commands);
  add_explore(commands);
  add_mutants(commands);
  add_trace(commands);
  add_validate(commands);
  // Known to the launcher, which never passes it on; here for the help text.
  commands.command("test", "every test, sanitizer legs included (by the launcher)").does([] {
    return refuse("the tests are built and run by the launcher: ./quiesce test");
  });

  if (argc >= 2 && std::string(argv[1]) == "help") return help(program, argc, argv);
  if (const std::string sentence = unknown_word(program, argc, argv); !sentence.empty())
    return static_cast<int>(refuse(sentence));
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help, --version
      program.exit(error);
      return with_output_written(ExitCode::Agrees);
    }
    return static_cast<int>(refuse(std::string(error.what()) + "; see ./quiesce help"));
  }
  return with_output_written(result);
}

}  // namespace quiesce::cli
