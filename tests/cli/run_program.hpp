// The program from outside: what it prints, where, and with which exit code.
#pragma once

#include <sys/wait.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <filesystem>
#include <string>

#include "models/report/atomic_file.hpp"

namespace quiesce::cli {

struct ProgramRun {
  int exit_code = -1;
  std::string out;
  std::string err;
};

/// Runs the program with arguments as a shell reads them; `before` is what the shell does first.
inline ProgramRun run_program(const std::string& arguments, const std::string& before = "") {
  const std::string err_file = "build/program_test.err";
  std::filesystem::create_directories("build");
  const std::string command =
      before + QUIESCE_PROGRAM + " " + arguments + " 2>" + err_file + " </dev/null";
  ProgramRun run;
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  BOOST_TEST_REQUIRE(pipe != nullptr);
  std::array<char, 4096> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe))
    run.out.append(buffer.data(), got);
  const int status = ::pclose(pipe);
  run.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  run.err = report::read_whole_file(err_file).text;
  return run;
}

}  // namespace quiesce::cli
