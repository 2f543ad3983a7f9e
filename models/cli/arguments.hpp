// The words of the command line: commands, their flags, and where each word goes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "models/cli/command.hpp"

namespace CLI {
class App;
}

namespace quiesce::cli {

/// A command while it is put together. A name such as "--seed" is a flag's, one such as "files" is
/// that of words without a flag. What is handed over by reference lives until the command is done.
class Command {
 public:
  Command(CLI::App& app, ExitCode& result) : app_(app), result_(result) {}

  /// One word; what is in it already is the default, and the help text shows it.
  void word(const char* name, std::string& into, const char* help);
  void required_word(const char* name, std::string& into, const char* help);
  void words(const char* name, std::vector<std::string>& into, const char* help);
  void required_words(const char* name, std::vector<std::string>& into, const char* help);
  void words_with_commas(const char* name, std::vector<std::string>& into, const char* help);
  void flag(const char* name, bool& into, const char* help);
  /// A word for `read`, which gives the sentence that says what is wrong with it, or none.
  void word_for(const std::string& name, std::function<std::string(const std::string&)> read,
                const std::string& help);
  /// What the command does once its words are read.
  void does(std::function<ExitCode()> action);

 private:
  CLI::App& app_;
  ExitCode& result_;
};

/// All commands of the program; only arguments.cpp includes CLI11, which is slow to compile.
class Program {
 public:
  Program(CLI::App& app, ExitCode& result) : app_(app), result_(result) {}
  [[nodiscard]] Command command(const char* name, const char* help);

 private:
  CLI::App& app_;
  ExitCode& result_;
};

/// Reads the command line and runs the command that it names; the program's exit code.
///   refuses  an unknown command or flag, with the nearest name; words that a command does not take
int run_program(int argc, char** argv);

}  // namespace quiesce::cli
