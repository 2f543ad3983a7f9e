// quiesce trace and quiesce validate as a user calls them.
#include <algorithm>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "models/report/atomic_file.hpp"
#include "tests/cli/run_program.hpp"

namespace {

using Run = quiesce::cli::ProgramRun;
using quiesce::cli::run_program;

const std::string trace = "build/validate_program_test.jsonl";
const std::string verdict = "build/validate_program_test.json";

/// The first line of the trace that has `from` gets `to` in its place; the line's number.
std::size_t spoil(const std::string& from, const std::string& to) {
  std::string text = quiesce::report::read_whole_file(trace).text;
  const std::size_t at = text.find(from);
  BOOST_TEST_REQUIRE(at != std::string::npos);
  const auto line = static_cast<std::size_t>(
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1);
  text.replace(at, from.size(), to);
  std::ofstream(trace, std::ios::binary) << text;
  return line;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(validate_program)

BOOST_AUTO_TEST_CASE(a_recorded_trace_is_allowed_and_a_spoiled_one_is_not) {
  for (const std::string order : {"", " --intervals"}) {
    const Run recorded = run_program("trace --actions 3000 --seed 4 --out " + trace + order);
    BOOST_TEST(recorded.exit_code == 0, recorded.err);
    const Run allowed = run_program("validate " + trace + " --json " + verdict);
    BOOST_TEST(allowed.exit_code == 0, allowed.out << allowed.err);
    BOOST_TEST(allowed.out.rfind("the specification allows this trace: ", 0) == 0U, allowed.out);
    namespace json = boost::json;
    BOOST_TEST(
        json::parse(quiesce::report::read_whole_file(verdict).text).at("verdict").as_string() ==
        "allowed");

    const std::size_t line =
        spoil(R"("answer":{"Completed":"Ok"})", R"("answer":{"Completed":"Err"})");
    const Run spoiled = run_program("validate " + trace + " --json " + verdict);
    BOOST_TEST(spoiled.exit_code == 1);
    BOOST_TEST(
        spoiled.out.find("the specification answers Done{Completed(Ok)}") != std::string::npos,
        spoiled.out);
    const json::value report = json::parse(quiesce::report::read_whole_file(verdict).text);
    BOOST_TEST(report.at("verdict").as_string() == "not_allowed");
    BOOST_TEST(report.at_pointer("/first/line").to_number<std::size_t>() == line);
  }
}

BOOST_AUTO_TEST_CASE(every_state_gives_the_same_verdict_as_putting_rows_away) {
  BOOST_TEST(run_program("trace --actions 1500 --seed 9 --out " + trace).exit_code == 0);
  const Run run = run_program("validate --every-state " + trace);
  BOOST_TEST(run.exit_code == 0, run.out);
  BOOST_TEST(run.out.find("every invariant on 1,5") != std::string::npos, run.out);
}

BOOST_AUTO_TEST_CASE(a_search_that_is_given_up_has_an_exit_code_of_its_own) {
  std::ofstream(trace) << R"({"format":"quiesce-trace","version":1,"order":"intervals"})"
                       << "\n";
  std::ofstream more(trace, std::ios::app);
  for (int i = 0; i < 8; ++i)
    more << R"({"thread":)" << i << R"(,"begin":0,"end":9,"action":"spawn","name":"t)" << i
         << R"(","region":"r0","answer":"Done"})"
         << "\n";
  more.close();
  const Run run = run_program("validate --budget 20 " + trace);
  BOOST_TEST(run.exit_code == 4);
  BOOST_TEST(run.out.rfind("UNDECIDED " + trace + ":2: more than 20 steps", 0) == 0U, run.out);
  BOOST_TEST(run_program("validate " + trace).exit_code == 0);
}

BOOST_AUTO_TEST_CASE(a_trace_that_takes_too_long_in_all_is_undecided) {
  std::ofstream(trace) << R"({"format":"quiesce-trace","version":1,"order":"intervals"})"
                       << "\n";
  std::ofstream more(trace, std::ios::app);
  for (int i = 0; i < 8; ++i)
    more << R"({"thread":)" << i << R"(,"begin":0,"end":)" << 9 + i
         << R"(,"action":"spawn","name":"t)" << i << R"(","region":"r0","answer":"Done"})"
         << "\n";
  more.close();
  const Run run = run_program("validate --budget-in-all 600 --json " + verdict + " " + trace);
  BOOST_TEST(run.exit_code == 4);
  BOOST_TEST(run.out.find("the whole trace took more than 600 steps, at the end of spawn(t") !=
                 std::string::npos,
             run.out);
  BOOST_TEST(run.out.find("--budget-in-all takes more") != std::string::npos, run.out);
  const auto report = boost::json::parse(quiesce::report::read_whole_file(verdict).text);
  BOOST_TEST(report.at("verdict").as_string() == "undecided");
  BOOST_TEST(report.at("steps").to_number<int>() == 601);
}

BOOST_AUTO_TEST_CASE(every_state_is_refused_where_several_are_possible) {
  BOOST_TEST(run_program("trace --actions 100 --intervals --out " + trace).exit_code == 0);
  const Run run = run_program("validate --every-state " + trace);
  BOOST_TEST(run.exit_code == 2);
  BOOST_TEST(run.err.find(trace + ":1: --every-state needs one state after each event") !=
                 std::string::npos,
             run.err);
}

/// A report that went nowhere must not look like a verdict.
BOOST_AUTO_TEST_CASE(an_output_that_cannot_be_written_is_one_line) {
  BOOST_TEST(run_program("trace --actions 100 --out " + trace).exit_code == 0);
  for (const std::string& command :
       {"validate " + trace, std::string("list"), std::string("help")}) {
    const Run full = run_program(command + " > /dev/full");
    BOOST_TEST(full.exit_code == 2, command);
    BOOST_TEST(full.err == "quiesce: cannot write to standard output: No space left on device\n");
  }
}

BOOST_AUTO_TEST_CASE(bad_words_and_bad_files_get_one_line_and_exit_code_2) {
  std::ofstream(trace) << R"({"format":"quiesce-trace","version":3,"order":"tickets"})"
                       << "\n";
  const std::string out = " --out build/validate_program_test.out";
  const std::vector<std::pair<std::string, std::string>> table{
      {"validate", "trace is required"},
      {"validate build", "cannot read 'build': it is a folder; name the trace file in it"},
      {"validate build/none.jsonl", "cannot read 'build/none.jsonl': No such file or directory"},
      {"validate /dev/null", "/dev/null:1: the file is empty; a trace starts with its header"},
      {"validate " + trace, trace + ":1: this is version 3 of the format, and version 1"},
      {"validate --window 0 " + trace, "--window is '0'; it takes a whole number from 1 to"},
      {"validate --budget 99999999999999999999 " + trace, "--budget is '99999999999999999999'"},
      {"validate --budget-in-all 0 " + trace, "--budget-in-all is '0'; it takes a whole number"},
      {"validate --json '' " + trace, "--json is ''; give it a word, or leave it out"},
      {"validate --json build/no/folder.json " + trace, "cannot write"},
      {"validate --json " + trace + " " + trace,
       "the trace and --json are both '" + trace + "'; name two files"},
      {"validate --evry-state " + trace, "'validate' has no flag '--evry-state'; did you mean"},
      {"trace --actions 100", "--out is required"},
      {"trace --threads 0" + out, "--threads is '0'; it takes a whole number from 1 to 64"},
      {"trace --actions 2" + out, "--actions is '2'; it takes a whole number from 4 to"},
      {"trace --seed -1" + out, "--seed is '-1'"},
      {"trace --impl shared" + out, "there is no variant 'shared'; did you mean 'sharded'?"},
      {"trace --release --intervals" + out, "--release is for tickets; leave out --intervals"},
      {"trace --out build/no/folder.jsonl", "cannot write"},
  };
  for (const auto& [arguments, says] : table) {
    const Run run = run_program(arguments);
    BOOST_TEST(run.exit_code == 2, arguments << "\n" << run.out << run.err);
    BOOST_TEST(run.err.rfind("quiesce: ", 0) == 0U, run.err);
    BOOST_TEST(run.err.find(says) != std::string::npos, run.err << " should say " << says);
    BOOST_TEST(std::count(run.err.begin(), run.err.end(), '\n') == 1, run.err);
  }
}

BOOST_AUTO_TEST_CASE(an_interrupt_ends_the_wait_for_a_pipe_that_nobody_writes_to) {
  const std::string pipe = "build/validate_program_test.pipe";
  const Run run =
      run_program("validate " + pipe, "rm -f " + pipe + "; mkfifo " + pipe +
                                          "; timeout --preserve-status -s INT -k 20 1 ");
  BOOST_TEST(run.exit_code == 2);
  BOOST_TEST(run.err == "quiesce: cannot read '" + pipe + "': Interrupted system call\n");
}

/// Seven actions of two threads are four and three.
BOOST_AUTO_TEST_CASE(as_many_actions_are_recorded_as_were_asked_for) {
  const Run recorded = run_program("trace --threads 2 --actions 7 --out " + trace);
  BOOST_TEST(recorded.exit_code == 0);
  const std::string text = quiesce::report::read_whole_file(trace).text;
  std::size_t of_the_threads = 0;
  for (const char* const thread : {"\"thread\":1,", "\"thread\":2,"}) {
    for (std::size_t at = text.find(thread); at != std::string::npos;
         at = text.find(thread, at + 1))
      ++of_the_threads;
  }
  BOOST_TEST(of_the_threads == 7U, text);
}

BOOST_AUTO_TEST_CASE(a_full_disk_leaves_the_trace_that_was_there) {
  BOOST_TEST(run_program("trace --actions 100 --out " + trace).exit_code == 0);
  const std::string before = quiesce::report::read_whole_file(trace).text;
  const Run full = run_program("trace --actions 20000 --out " + trace, "ulimit -f 64; ");
  BOOST_TEST(full.exit_code == 2);
  BOOST_TEST(full.err == "quiesce: cannot write '" + trace + "': File too large\n");
  BOOST_TEST(quiesce::report::read_whole_file(trace).text == before);
}

BOOST_AUTO_TEST_SUITE_END()
