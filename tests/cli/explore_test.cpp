// quiesce explore against bad words, a full disk and a sudden end, as a user meets them.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/run_program.hpp"

namespace fs = std::filesystem;
using quiesce::cli::ProgramRun;
using quiesce::cli::run_program;

namespace {

/// A search of a second or so that saves after every round.
const std::string folder = "build/explore_program_test";
const std::string checkpoint = folder + "/checkpoint";
const std::string search =
    "explore public-tla --tasks 3 --regions 2 --obligations 1 --mask 2 --threads 1";
const std::string saving = search + " --checkpoint " + checkpoint + " --checkpoint-seconds 0";

std::string states_of(const std::string& report) {
  const std::size_t at = report.find("\nstates ");
  return at == std::string::npos ? report : report.substr(at, report.find('\n', at + 1) - at);
}

void start_anew() {
  fs::remove_all(folder);
  fs::create_directories(folder);
}

void resumes_to_the_same() {
  const ProgramRun resumed = run_program(search + " --resume " + checkpoint);
  BOOST_TEST(resumed.exit_code == 0, resumed.err);
  BOOST_TEST(states_of(resumed.out) == states_of(run_program(search).out));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(explore_program)

BOOST_AUTO_TEST_CASE(bad_bounds_get_one_line_that_repeats_the_word) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"house --tasks 18446744073709551617", "--tasks is '18446744073709551617'; it takes a whole"},
      {"house --tasks 99", "--tasks 99 is out of range: 0 to"},
      {"house --tasks -1", "--tasks -1 is out of range: 0 to"},
      {"house --tasks 3x", "--tasks is '3x'; it takes a whole number"},
      {"house --memory 99999999999999999999", "--memory is '99999999999999999999'; it takes"},
      {"public-tla --symmetry ''", "--symmetry is ''; give it a word, or leave it out"},
      {"public-tla --symmetry=", "--symmetry is ''; give it a word, or leave it out"},
      {"public-tla --symmetry tasks,tasks", "--symmetry names 'tasks' twice; each kind once"},
      {"house --progress --unfair start,start", "--unfair names 'start' twice; each kind once"},
      {"''", "an empty word stands after 'explore'; leave it out"},
      {"house --memory 1", "the memory ceiling of 1 bytes is out of range"},
      {"house --threads 0", "--threads 0 is out of range"},
      {"house --checkpoint-seconds -3 --checkpoint build/c", "--checkpoint-seconds -3 is out"},
      {"house --checkpoint-seconds 3", "it needs --checkpoint FILE"},
      {"house --checkpoint build", "cannot write 'build': it is a folder; name a file in it"},
      {"house --checkpoint build/no/such/c", "cannot write 'build/no/such/c': No such file"},
      {"house --resume build/no/such/c", "cannot read checkpoint 'build/no/such/c'"},
      {"house --resume README.md", "'README.md' is not a checkpoint of quiesce explore"},
      {"no-model", "no model is called 'no-model'"},
      {"--threads 0", "--threads 0 is out of range: 1 to 16"},
      {"--checkpoint-seconds 5", "the default set takes only --threads, --memory and --json"},
      {"--count-witnesses", "the default set takes only --threads, --memory and --json"},
      {"house --json build/x --itf build/x", "--json and --itf are both 'build/x'; name two files"},
      {"house --resume build/x --json build/x", "--json and --resume are both 'build/x'"},
      {"house --checkpoint README.md",
       "'README.md' is not a checkpoint of quiesce explore, and --checkpoint would replace it"},
      {"house --resume README.md", "; without --resume the search begins anew"},
      {"house --spill build/no/such", "'build/no/such': No such file or directory"},
      {"house --escalate-to panic", "--escalate-to says nothing without --escalate-after"},
      {"scripts --exact", "scripts are drawn, not searched: no --exact and --spill"},
  };
  for (const auto& [arguments, says] : table) {
    const ProgramRun run = run_program("explore " + arguments);
    BOOST_TEST(run.exit_code == 2, arguments << "\n" << run.out << run.err);
    BOOST_TEST(run.err.find(says) != std::string::npos, run.err << " should say " << says);
    BOOST_TEST(std::count(run.err.begin(), run.err.end(), '\n') == 1, run.err);
    BOOST_TEST(run.out == "");
  }
}

BOOST_AUTO_TEST_CASE(a_full_disk_ends_the_search_and_leaves_the_checkpoint_before) {
  start_anew();
  const ProgramRun full = run_program(saving, "ulimit -f 64; ");  // blocks of 512 or 1024 bytes
  BOOST_TEST(full.exit_code == 2);
  BOOST_TEST(
      full.err.find("cannot write '" + checkpoint + "': File too large") != std::string::npos,
      full.err);
  BOOST_TEST(!fs::exists(checkpoint + ".part"));
  BOOST_TEST_REQUIRE(fs::exists(checkpoint));
  resumes_to_the_same();
}

BOOST_AUTO_TEST_CASE(a_search_that_is_killed_goes_on_from_its_last_checkpoint) {
  start_anew();
  const pid_t child = ::fork();
  BOOST_TEST_REQUIRE(child >= 0);
  if (child == 0) {
    const std::string command =
        "exec " + std::string(QUIESCE_PROGRAM) + " " + saving + " >/dev/null 2>&1";
    ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    ::_exit(127);
  }
  while (!fs::exists(checkpoint + ".previous") && ::waitpid(child, nullptr, WNOHANG) == 0)
    ::usleep(1000);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  resumes_to_the_same();
}

BOOST_AUTO_TEST_SUITE_END()
