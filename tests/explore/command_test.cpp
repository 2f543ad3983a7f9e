// `quiesce explore` as a program sees it: exit codes, one line for a wrong argument, the JSON file.
#include "models/explore/command.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "models/explore/registry.hpp"
#include "models/explore/report.hpp"
#include "models/files/whole_file.hpp"
#include "tests/explore/folder.hpp"
#include "tests/explore/run_command.hpp"

namespace quiesce::explore {
namespace {

namespace fs = std::filesystem;
using testing::Folder;
using testing::public_tla;
using testing::Ran;
using testing::run;
using testing::text_of;

BOOST_AUTO_TEST_CASE(json_at_a_tiny_bound_is_as_pinned) {
  const Folder folder;
  ExploreArguments arguments = public_tla();
  arguments.bounds["tasks"] = 1;
  arguments.bounds["regions"] = 1;
  arguments.bounds["obligations"] = 0;
  arguments.bounds["mask"] = 1;
  arguments.symmetry = "obligations,tasks";
  arguments.json_path = folder.file("report.json");
  BOOST_TEST(run(arguments).exit_code == 0);
  std::string text = text_of(arguments.json_path);
  text = text.substr(0, text.find("  \"timing\""));
  BOOST_TEST(text == text_of("tests/explore/public_tla_tiny.json"));
  BOOST_TEST(folder.files() == 1U);
}

BOOST_AUTO_TEST_CASE(json_of_two_runs_differs_only_in_its_timing) {
  const Folder folder;
  ExploreArguments arguments = public_tla();
  std::string first;
  for (const std::int64_t threads : {1, 2}) {
    arguments.threads = threads;
    arguments.json_path = folder.file(std::to_string(threads));
    BOOST_TEST(run(arguments).exit_code == 0);
    auto report = boost::json::parse(text_of(arguments.json_path)).as_object();
    BOOST_TEST(report.at("distinct_states").as_int64() == 13'686);
    BOOST_TEST(report.at("timing").as_object().at("threads").as_int64() == threads);
    report.erase("timing");
    if (first.empty()) first = boost::json::serialize(report);
    BOOST_TEST(boost::json::serialize(report) == first);
  }
}

BOOST_AUTO_TEST_CASE(table_says_what_was_covered_and_what_never_fired) {
  const Ran ran = run(public_tla());
  BOOST_TEST(ran.exit_code == 0);
  for (const char* const part :
       {"every reachable state was explored", "13,686", "48,604", "never fired   CancelAcknowledge",
        "never         NestedSubregion (a subregion has a subregion)",
        "148 states without successors, all quiescent"}) {
    BOOST_TEST(ran.out.find(part) != std::string::npos, part);
  }
}

BOOST_AUTO_TEST_CASE(bounds_out_of_range_are_refused_in_one_line_with_the_flag_and_the_range) {
  const auto refuses = [](auto&& set, const std::string& line) {
    ExploreArguments arguments = public_tla();
    set(arguments);
    const Ran ran = run(arguments);
    BOOST_TEST(ran.exit_code == 2);
    BOOST_TEST(ran.out == "");
    BOOST_TEST(ran.err == "quiesce explore: " + line + "\n");
  };
  refuses([](auto& a) { a.bounds["tasks"] = 0; }, "--tasks 0 is out of range: 1 to 6");
  refuses([](auto& a) { a.bounds["tasks"] = 7; }, "--tasks 7 is out of range: 1 to 6");
  refuses([](auto& a) { a.bounds["tasks"] = std::int64_t{1} << 32 | 2; },
          "--tasks 4294967298 is out of range: 1 to 6");
  refuses([](auto& a) { a.bounds["regions"] = 5; }, "--regions 5 is out of range: 1 to 4");
  refuses([](auto& a) { a.bounds["obligations"] = -1; },
          "--obligations -1 is out of range: 0 to 8");
  refuses([](auto& a) { a.bounds["mask"] = 10; }, "--mask 10 is out of range: 0 to 9");
  refuses([](auto& a) { a.threads = 0; }, "--threads 0 is out of range: 1 to 16");
  std::string known;
  for (const ExplorableModel& model : explorable_models()) known += " " + std::string(model.name);
  refuses([](auto& a) { a.model = "public-tal"; },
          "no model is called 'public-tal'; there are:" + known);
  refuses(
      [](auto& a) { a.symmetry = "tasks,locks"; },
      "--symmetry 'locks' is no kind of name: tasks, obligations, regions, separated by commas");
  refuses([](auto& a) { a.symmetry = "tasks,obligations,tasks"; },
          "--symmetry names 'tasks' twice; each kind once");
  refuses([](auto& a) { a.symmetry = "tasks,"; },
          "--symmetry '' is no kind of name: tasks, obligations, regions, separated by commas");
  refuses([](auto& a) { a.memory_ceiling_bytes = 1; },
          "the memory ceiling of 1 bytes is out of range: at least 4194304 bytes");
}

BOOST_AUTO_TEST_CASE(every_bound_in_range_can_be_packed) {
  ExploreArguments arguments = public_tla();
  arguments.bounds["tasks"] = 6;
  arguments.bounds["regions"] = 4;
  arguments.bounds["obligations"] = 8;
  arguments.bounds["mask"] = 9;
  arguments.memory_ceiling_bytes = std::int64_t{4} << 20;
  const Ran ran = run(arguments);
  BOOST_TEST(ran.exit_code == 2);  // far more states than 4 MiB hold
  BOOST_TEST(ran.out.find("stopped at the memory ceiling of 4,194,304 bytes") != std::string::npos);
  BOOST_TEST(ran.out.find("next          again, with more --memory, or --spill DIR") !=
             std::string::npos);
  BOOST_TEST(ran.err == "");
}

BOOST_AUTO_TEST_CASE(interrupted_search_reports_what_it_has) {
  const Folder folder;
  ExploreArguments arguments = public_tla();
  arguments.bounds["tasks"] = 3;
  arguments.json_path = folder.file("report.json");
  int asked = 0;
  arguments.stop_requested = [&asked] { return ++asked > 20; };
  const Ran ran = run(arguments);
  BOOST_TEST(ran.exit_code == 2);
  BOOST_TEST(ran.out.find("interrupted: not every state was explored") != std::string::npos);
  BOOST_TEST(
      ran.out.ends_with("next          again; --checkpoint FILE would have kept what was done\n"));
  const auto report = boost::json::parse(text_of(arguments.json_path)).as_object();
  BOOST_TEST(report.at("complete").as_bool() == false);
}

BOOST_AUTO_TEST_CASE(interrupted_default_set_says_so_and_judges_nothing) {
  ExploreArguments arguments;
  arguments.stop_requested = [] { return true; };
  const Ran ran = run(arguments);
  BOOST_TEST(ran.exit_code == 2);
  BOOST_TEST(ran.err.find(": it was interrupted\n") != std::string::npos, ran.err);
  BOOST_TEST(ran.out.find(" stopped ") != std::string::npos, ran.out);
  BOOST_TEST(ran.out.find("DIFFERS") == std::string::npos, ran.out);
  BOOST_TEST(ran.out.find("1 entries, ") != std::string::npos, ran.out);
}

BOOST_AUTO_TEST_CASE(json_path_that_cannot_be_written_is_refused_before_the_search) {
  const Folder folder;
  ExploreArguments arguments = public_tla();
  arguments.json_path = folder.file("no/such/folder.json");
  Ran ran = run(arguments);
  BOOST_TEST(ran.exit_code == 2);
  BOOST_TEST(ran.out == "");
  BOOST_TEST(ran.err == "quiesce explore: cannot write '" + arguments.json_path +
                            "': No such file or directory\n");
  arguments.json_path = folder.file("");
  ran = run(arguments);
  BOOST_TEST(ran.exit_code == 2);
  BOOST_TEST(ran.err.find("it is a folder") != std::string::npos);
  arguments.json_path = "/dev/full";
  ran = run(arguments);
  BOOST_TEST(ran.exit_code == 2);
  BOOST_TEST(ran.err.find("'/dev/full': No space left on device") != std::string::npos);
  BOOST_TEST(fs::is_character_file("/dev/full"));
}

BOOST_AUTO_TEST_CASE(whole_file_leaves_the_old_file_until_the_new_one_is_complete) {
  const Folder folder;
  const std::string path = folder.file("kept");
  std::ofstream(path) << "old";
  {
    files::WholeFile file;
    BOOST_TEST(file.open(path) == "");
    BOOST_TEST(file.write("new", 3) == "");
    BOOST_TEST(text_of(path) == "old");
  }
  BOOST_TEST(text_of(path) == "old");
  BOOST_TEST(folder.files() == 1U);
  files::WholeFile file;
  BOOST_TEST(file.open(path) == "");
  BOOST_TEST(file.write("new", 3) == "");
  BOOST_TEST(file.commit(folder.file("previous")) == "");
  BOOST_TEST(text_of(path) == "new");
  BOOST_TEST(text_of(folder.file("previous")) == "old");
}

BOOST_AUTO_TEST_CASE(progress_is_a_plain_line_off_a_terminal_and_one_rewritten_line_on_it) {
  ExploreArguments arguments = public_tla();
  arguments.bounds["tasks"] = 3;
  arguments.progress_milliseconds = 0;
  const Ran plain = run(arguments);
  BOOST_TEST(plain.err.find("M states/s") != std::string::npos);
  BOOST_TEST(plain.err.find('\r') == std::string::npos);
  arguments.on_terminal = true;
  const Ran terminal = run(arguments);
  BOOST_TEST(terminal.err.find('\n') == std::string::npos);
  BOOST_TEST(terminal.err.back() == '\r');
}

BOOST_AUTO_TEST_CASE(numbers_are_grouped_by_thousands) {
  BOOST_TEST(grouped(0) == "0");
  BOOST_TEST(grouped(999) == "999");
  BOOST_TEST(grouped(1'000) == "1,000");
  BOOST_TEST(grouped(2'119'568) == "2,119,568");
}

BOOST_AUTO_TEST_CASE(violation_is_reported_with_its_path) {
  SearchResult result;
  result.ended = Ended::Violated;
  result.levels = {1, 1};
  result.always = {{"A", "a holds"}, {"B", "b holds"}};
  result.broken = {{"B", 1, 1}};
  result.violation =
      Violation{"B", "b holds", "x is 1", {{"", "", "x 0", {}}, {"Add", "Add(1)", "x 1", {}}}};
  const Searched searched{.model = "m", .sentence = "a model", .bounds = {}, .symmetry = {}};
  const std::string text = text_report(searched, result);
  BOOST_TEST(text.find("FAIL B: x is 1\n     b holds\n     a shortest path, 1 step\n"
                       "   0 | initial  | x 0\n   1 | Add(1)   | x 1\n") != std::string::npos);
  const auto report = boost::json::parse(json_report(searched, result)).as_object();
  BOOST_TEST(report.at("always").as_array()[0].as_object().at("holds").is_null());
  BOOST_TEST(report.at("always").as_array()[1].as_object().at("holds").as_bool() == false);
  BOOST_TEST(report.at("violation").as_object().at("trace").as_array().size() == 2U);
}

}  // namespace
}  // namespace quiesce::explore
