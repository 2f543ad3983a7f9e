// The program from outside: what it prints, where, and with which exit code.
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "models/report/atomic_file.hpp"
#include "models/report/replay_line.hpp"
#include "tests/cli/run_program.hpp"

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

using Run = quiesce::cli::ProgramRun;
using quiesce::cli::run_program;

std::string line(const std::string& text) {
  return quiesce::report::with_check_digits(text);
}

json::value json_of(const std::string& path) {
  return json::parse(quiesce::report::read_whole_file(path).text);
}

/// Two reports differ only inside `timing`.
void same_but_for_timing(const json::value& a, const json::value& b) {
  for (const auto& member : a.as_object()) {
    if (member.key() == "timing") continue;
    BOOST_TEST((member.value() == b.at(member.key())), std::string(member.key()) << " differs");
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(program)

BOOST_AUTO_TEST_CASE(bad_words_get_one_line_and_exit_code_2) {
  struct BadWords {
    std::string arguments;
    std::string says;
  };
  const std::vector<BadWords> table{
      {"chek", "there is no command 'chek'; did you mean 'check'?"},
      {"check --sed 3", "'check' has no flag '--sed'; did you mean '--seed'?"},
      {"check --impl shared", "there is no variant 'shared'; did you mean 'sharded'?"},
      {"check --strategy pst", "there is no strategy 'pst'; did you mean 'pct'?"},
      {"check --seconds 0", "--seconds is '0'; it takes a whole number from 1 to"},
      {"check --seconds soon", "--seconds is 'soon'; it takes a whole number from 1 to"},
      {"check --executions -3", "--executions is '-3'; it takes a whole number from 1 to"},
      {"check --executions 0", "--executions is '0'; it takes a whole number from 1 to"},
      {"check --threads 1", "--threads is '1'; it takes a number or a range from 2 to"},
      {"check --threads 9-2", "--threads is '9-2'; it takes a number or a range from 2 to"},
      {"check --seed", "--seed"},
      {"check --json no/such/folder/x.json", "cannot write 'no/such/folder/x.json': No such file"},
      {"check --junit docs", "cannot write 'docs': it is a folder"},
      {"replay q1:sharded:cut", "the replay line is not whole"},
      {"replay q7:sharded:x:pct:1.2.3:[]:-", "'q7' is not a replay format"},
      {"replay no_such_file", "cannot read 'no_such_file'"},
      {"replay docs/limits.md", "there is no replay line in 'docs/limits.md'"},
      {"replay '" + line("q1:shrded:x:pct:1.2.3:[|start(t1)|start(t1)]:-") + "'",
       "there is no variant 'shrded'; did you mean 'sharded'?"},
      {"replay '" + line("q1:sharded:000000000000:pct:1.2.3:[|start(t1)|start(t1)]:-") + "'",
       "this replay line comes from other sources (000000000000"},
      {"scenario README.md", "README.md: line "},
      {"scenario no_such_file", "cannot read 'no_such_file'"},
      {"list invariant", "there is no list of 'invariant'; did you mean 'invariants'?"},
      {"mutants no_such_mutant", "there is no mutant 'no_such_mutant'"},
      {"mutants --only-apply --seed -1", "--seed is '-1'; it takes a whole number from 0 to"},
      {"mutants --only-apply --seed 18446744073709551616", "--seed is '18446744073709551616'"},
      {"mutants --only-apply --seconds 0", "--seconds is '0'; it takes a whole number from 1 to"},
      {"check --json build/x --junit ./build/../build/x",
       "--json and --junit are both 'build/x'; name two files"},
      {"test", "the tests are built and run by the launcher: ./quiesce test"},
      {"help chek", "there is no command 'chek'; did you mean 'check'?"},
      {"explore no_such_model", "no_such_model"},
      {"", "A subcommand is required"},
  };
  for (const BadWords& words : table) {
    const Run run = run_program(words.arguments);
    BOOST_TEST_CONTEXT("quiesce " << words.arguments << " said: " << run.err) {
      BOOST_TEST(run.exit_code == 2);
      BOOST_TEST(run.err.find(words.says) != std::string::npos);
      BOOST_TEST(std::count(run.err.begin(), run.err.end(), '\n') == 1);
      BOOST_TEST(run.out == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(too_little_memory_is_one_line_and_exit_code_2) {
  bool refused = false;
  for (int kibibytes = 10'000; kibibytes <= 60'000; kibibytes += 2'000) {
    const Run run = run_program("check --executions 2000 --threads 3",
                                "ulimit -v " + std::to_string(kibibytes) + "; exec ");
    BOOST_TEST_CONTEXT(kibibytes << " KiB: exit code " << run.exit_code << ", " << run.err) {
      BOOST_TEST((run.exit_code == 0 || run.exit_code == 2 || run.exit_code == 127));
      if (run.exit_code != 2) continue;  // it was enough, or not even the program's libraries fit
      refused = true;
      BOOST_TEST(run.err.find("quiesce: ") == 0U);
      BOOST_TEST(std::count(run.err.begin(), run.err.end(), '\n') == 1);
      BOOST_TEST(run.out == "");
    }
  }
  BOOST_TEST(refused);
}

BOOST_AUTO_TEST_CASE(help_and_version_are_not_errors) {
  for (const char* const words : {"help", "--help", "check --help", "help check", "--version"}) {
    const Run run = run_program(words);
    BOOST_TEST(run.exit_code == 0);
    BOOST_TEST(!run.out.empty());
    BOOST_TEST(run.err == "");
  }
}

BOOST_AUTO_TEST_CASE(files_are_named_as_the_caller_sees_them) {
  const std::string elsewhere = "build/program_test/elsewhere";
  fs::remove_all(elsewhere);
  fs::create_directories(elsewhere + "/build");  // for what goes to standard error
  const std::string go_there = "export QUIESCE_PROJECT=$PWD; cd " + elsewhere + "; ";
  BOOST_TEST(run_program("mutants --only-apply spec_time_goes_back --json table.json", go_there)
                 .exit_code == 0);
  const json::value table = json_of(elsewhere + "/table.json");
  BOOST_TEST(table.at(0).at("mutant").as_string() == "spec_time_goes_back");
  const Run page = run_program("list rules --markdown", go_there);
  BOOST_TEST(page.exit_code == 0);
  BOOST_TEST(page.out.rfind("# Rules", 0) == 0U, page.out.substr(0, 200));
}

BOOST_AUTO_TEST_CASE(a_copy_of_the_sources_that_cannot_be_made_is_one_line) {
  const std::string project = "build/program_test/project";
  fs::remove_all(project);
  fs::create_directories(project + "/models/mutants");
  fs::create_directories(project + "/build");
  fs::copy_file("models/mutants/spec_time_goes_back.diff",
                project + "/models/mutants/spec_time_goes_back.diff");
  for (const char* const copy : {"mutants", "mutants_models", "mutants_models_too"})
    std::ofstream(project + "/build/" + copy) << "in the way";
  BOOST_TEST(run_program("mutants --only-apply", "cd " + project + "; ").exit_code == 2);
  const std::string err =
      quiesce::report::read_whole_file(project + "/build/program_test.err").text;
  BOOST_TEST(err.find("quiesce: filesystem error: ") != std::string::npos, err);
}

BOOST_AUTO_TEST_CASE(list_names_variants_strategies_invariants_rules_and_models) {
  const Run run = run_program("list");
  BOOST_TEST(run.exit_code == 0);
  for (const char* const word :
       {"sharded", "one_lock", "random_walk", "pct", "exhaustive", "inv.region.quiescence",
        "inv.obligation.linear", "rule.ownership.spawn", "public-tla"})
    BOOST_TEST(run.out.find(word) != std::string::npos, word << " is not listed");
}

BOOST_AUTO_TEST_CASE(check_with_executions_is_a_function_of_its_arguments) {
  fs::create_directories("build/program_test");
  const std::string flags = "check --executions 20000 --seed 5 --json build/program_test/";
  BOOST_TEST(run_program(flags + "a.json --junit build/program_test/a.xml").exit_code == 0);
  BOOST_TEST(run_program(flags + "b.json").exit_code == 0);
  BOOST_TEST(run_program(flags + "c.json --workers 1").exit_code == 0);
  const json::value first = json_of("build/program_test/a.json");
  same_but_for_timing(first, json_of("build/program_test/b.json"));
  same_but_for_timing(first, json_of("build/program_test/c.json"));
  BOOST_TEST(first.at("verdict").as_string() == "agrees");
  BOOST_TEST(first.at("totals").at("interleavings").to_number<std::uint64_t>() >= 20000U);
  BOOST_TEST(first.at("totals").at("repeated_executions").to_number<std::uint64_t>() > 0U);
  const std::string junit = quiesce::report::read_whole_file("build/program_test/a.xml").text;
  BOOST_TEST(junit.find("failures=\"0\"") != std::string::npos);
  BOOST_TEST(junit.find("inv.region.quiescence") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_variant_agrees_and_says_so_in_a_table) {
  for (const char* const variant : {"sharded", "one_lock"}) {
    const Run run =
        run_program(std::string("check --executions 5000 --threads 2-3 --impl ") + variant);
    BOOST_TEST(run.exit_code == 0);
    BOOST_TEST(run.out.find(std::string(variant) + " agrees with the specification") == 0U);
    BOOST_TEST(run.out.find("inv.region.quiescence") != std::string::npos);
    BOOST_TEST(run.out.find("seed 1") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(linearize_checks_without_tickets) {
  const Run run = run_program("check --executions 3000 --linearize");
  BOOST_TEST(run.exit_code == 0);
}

BOOST_AUTO_TEST_CASE(a_replay_that_agrees_exits_0) {
  const Run listed = run_program(
      "replay --anyway '" + line("q1:sharded:x:pct:1.2.3:[|spawn(t1,r0)|spawn(t2,r0)]:-") + "'");
  BOOST_TEST(listed.exit_code == 0);
  BOOST_TEST(listed.out == "sharded agrees with the specification on this interleaving\n");
}

BOOST_AUTO_TEST_CASE(an_interrupt_ends_with_the_table_so_far) {
  const Run run =
      run_program("check --seconds 50 & pid=$!; sleep 2; kill -INT $pid; wait $pid; exit $?");
  BOOST_TEST(run.exit_code == 0);
  BOOST_TEST(run.out.find("before it was interrupted") != std::string::npos);
  BOOST_TEST(run.out.find("inv.region.quiescence") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
