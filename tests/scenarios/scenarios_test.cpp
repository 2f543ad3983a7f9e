// Every scenario file gives exactly the output it says, on every variant.
// Rewriting them after a change that is meant: ./quiesce scenario --rewrite tests/scenarios/*.txt
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "models/report/atomic_file.hpp"
#include "models/report/scenario.hpp"

using namespace quiesce;
using namespace quiesce::report;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> scenario_files() {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator("tests/scenarios")) {
    const bool is_scenario =
        entry.path().extension() == ".txt" && entry.path().filename() != "CMakeLists.txt";
    if (is_scenario) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scenarios)

BOOST_AUTO_TEST_CASE(every_file_gives_exactly_the_output_it_says) {
  const std::vector<std::string> files = scenario_files();
  BOOST_TEST(files.size() >= 7U);
  for (const std::string& path : files) {
    const std::string text = read_whole_file(path).text;
    const Scenario scenario = parse_scenario(text);
    BOOST_TEST(scenario.error == "", path << ": " << scenario.error);
    for (const refine::Variant& variant : refine::variants()) {
      const ScenarioRun run = run_scenario(scenario, variant);
      BOOST_TEST(run.clash == "", path << ": " << run.clash);
      BOOST_TEST(run.unexpected == "", path << ": " << run.unexpected);
      BOOST_TEST(run.text == text);
    }
  }
}

BOOST_AUTO_TEST_CASE(other_output_than_expected_is_told_with_its_line) {
  const Scenario scenario =
      parse_scenario("# wrong\nspawn(t1, r0)\n  -> Refused{RegionOpen}\nend\n");
  BOOST_TEST_REQUIRE(scenario.error == "");
  const ScenarioRun run = run_scenario(scenario, *refine::find_variant("sharded"));
  BOOST_TEST(run.clash == "");
  BOOST_TEST(run.unexpected == "line 2: spawn(t1, r0) gave other output than the file says");
}

BOOST_AUTO_TEST_CASE(a_bad_scenario_names_line_and_remedy) {
  BOOST_TEST(parse_scenario("spawn(t1, r0)\n  -> Done\n").error ==
             "line 3: the scenario is cut: its last line is 'end'");
  BOOST_TEST(parse_scenario("").error == "line 1: the scenario is cut: its last line is 'end'");
  BOOST_TEST(parse_scenario("spwn(t1, r0)\nend\n").error ==
             "line 1: column 1: 'spwn' is not an action");
  BOOST_TEST(parse_scenario("  -> Done\nend\n").error ==
             "line 1: expected output stands below an action");
  BOOST_TEST(parse_scenario("end\nstart(t1)\n").error == "line 2: nothing may follow 'end'");
  BOOST_TEST(parse_scenario("leaks Loud\nend\n").error ==
             "line 1: 'Loud' is not Log, Silent, Recover or Panic");
  BOOST_TEST(parse_scenario("spawn(t1, r0)\nleaks Log\nend\n").error ==
             "line 2: 'leaks' stands once, before the first action");
  BOOST_TEST(parse_scenario("spawn(t1, r0)\nspawn(t1, r0)\nend\n").error.find("t1") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
