// Every command of the README is run, and its table names what the program knows.
#include <sys/wait.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "models/report/atomic_file.hpp"
#include "spec/invariants.hpp"

namespace {

const std::string launcher = "./quiesce";

/// The lines of the README's shell blocks that call the launcher, comments taken off.
std::vector<std::string> commands() {
  std::istringstream in(quiesce::report::read_whole_file("README.md").text);
  std::vector<std::string> found;
  bool in_shell = false;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("```", 0) == 0) in_shell = line == "```sh";
    if (!in_shell || line.rfind(launcher, 0) != 0) continue;
    line = line.substr(0, line.find('#'));
    line.erase(line.find_last_not_of(' ') + 1);
    found.push_back(line);
  }
  return found;
}

int exit_code_of(const std::string& command) {
  const int status = std::system((command + " >build/readme_test.log 2>&1 </dev/null").c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(readme)

BOOST_AUTO_TEST_CASE(every_command_of_the_readme_succeeds) {
  const std::vector<std::string> all = commands();
  BOOST_TEST(all.size() >= 7U);
  bool names_test = false;
  for (const std::string& command : all) {
    if (command == launcher + " test") {  // this very run
      names_test = true;
      continue;
    }
    const int exit_code = exit_code_of(QUIESCE_PROGRAM + command.substr(launcher.size()));
    BOOST_TEST(exit_code == 0,
               command << " exited with " << exit_code << "\n"
                       << quiesce::report::read_whole_file("build/readme_test.log").text);
  }
  BOOST_TEST(names_test);
}

BOOST_AUTO_TEST_CASE(the_table_in_the_readme_names_every_invariant) {
  const std::string text = quiesce::report::read_whole_file("README.md").text;
  for (const auto& invariant : quiesce::spec::invariants())
    BOOST_TEST(text.find("  " + std::string(invariant.id) + " ") != std::string::npos,
               invariant.id << " is missing: paste the table of a new ./quiesce check");
  for (const auto& property : quiesce::spec::step_properties())
    BOOST_TEST(text.find("  " + std::string(property.id) + " ") != std::string::npos,
               property.id << " is missing: paste the table of a new ./quiesce check");
}

BOOST_AUTO_TEST_SUITE_END()
