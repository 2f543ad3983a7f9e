// --progress on the command line: its rows, its lassos, what it refuses.
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <sstream>
#include <string>

#include "models/explore/command.hpp"
#include "tests/explore/folder.hpp"

namespace quiesce::explore {
namespace {

struct Ran {
  int exit_code = 0;
  std::string out;
  std::string err;
};

Ran run(const ExploreArguments& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  Ran ran;
  ran.exit_code = explore_command(arguments, out, err);
  ran.out = out.str();
  ran.err = err.str();
  return ran;
}

ExploreArguments of_house() {
  ExploreArguments arguments;
  arguments.model = "house";
  arguments.progress = true;
  arguments.threads = 1;
  arguments.choices["granularity"] = "small";
  return arguments;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

BOOST_AUTO_TEST_SUITE(progress_command)

BOOST_AUTO_TEST_CASE(progress_has_a_row_for_each_property_and_exit_code_0) {
  const Ran ran = run(of_house());
  BOOST_TEST(ran.exit_code == 0);
  BOOST_TEST(has(ran.out, "progress      3,693 states and 12,937 steps in memory"));
  BOOST_TEST(has(ran.out,
                 "  progress.cancelled_task_completes        holds         I48: pending in "
                 "800 states, fair: observe unwind\n"));
  BOOST_TEST(has(ran.out,
                 "  progress.acknowledged_within_mask        exact         at most 1 of 1 "
                 "(begins in 160 states), 2 of 2 (begins in 160 states)\n"));
  BOOST_TEST(has(ran.out,
                 "  progress.potential                       holds         facts §19: over "
                 "9,433 steps\n"));
  BOOST_TEST(!has(ran.out, "FAIL"));
}

BOOST_AUTO_TEST_CASE(a_lasso_is_shown_like_a_counterexample_and_exit_code_1) {
  ExploreArguments arguments = of_house();
  arguments.unfair = "scope";
  const Ran ran = run(arguments);
  BOOST_TEST(ran.exit_code == 1);
  BOOST_TEST(has(ran.out,
                 "FAIL progress.closing_region_closes: r0 waits for ever\n"
                 "     a closing region closes\n"
                 "     a stem of 2 steps; then it may stay so for ever\n"
                 "   0 | initial                 | r0 Open\n"
                 "   1 | open_region(r1, r0)     | r0 Open, r1 Open in r0\n"
                 "   2 | close_region(r0, Await) | r0 Draining, r1 Open in r0\n"
                 "     scope(r1) could be taken all along and never is: not assumed\n"));
}

BOOST_AUTO_TEST_CASE(every_lasso_is_shown) {
  ExploreArguments arguments = of_house();
  arguments.unfair = "scope,start";
  const Ran ran = run(arguments);
  BOOST_TEST(has(ran.out, "FAIL progress.closing_region_closes"));
  BOOST_TEST(has(ran.out, "FAIL progress.reserved_obligation_resolves"));
}

BOOST_AUTO_TEST_CASE(a_lasso_is_written_as_json_and_itf) {
  const testing::Folder folder;
  ExploreArguments arguments = of_house();
  arguments.unfair = "finish";
  arguments.json_path = folder.file("report.json");
  arguments.itf_path = folder.file("lasso.itf.json");
  BOOST_TEST(run(arguments).exit_code == 1);
  const auto report = boost::json::parse(testing::text_of(arguments.json_path)).as_object();
  BOOST_TEST(report.at("violation").at("id").as_string() == "progress.closing_region_closes");
  BOOST_TEST(report.at("violation").at("loop").as_int64() == 3);
  BOOST_TEST(report.at("broken").as_array().size() == 2U);
  const auto& progress = report.at("progress").as_object();
  BOOST_TEST(progress.at("complete").as_bool());
  BOOST_TEST(progress.at("properties").at(0).at("violation").is_null());
  BOOST_TEST(progress.at("bounds").at(0).at("exact").as_bool());
  const auto itf = boost::json::parse(testing::text_of(arguments.itf_path)).as_object();
  BOOST_TEST(itf.at("loop").as_int64() == 3);
  BOOST_TEST(itf.at("states").as_array().size() == 4U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_judged_is_refused_in_one_line) {
  ExploreArguments arguments = of_house();
  arguments.unfair = "luck";
  BOOST_TEST(run(arguments).err ==
             "quiesce explore: --unfair 'luck' is no kind of fairness of house\n");
  BOOST_TEST(run(arguments).exit_code == 2);
  arguments.progress = false;
  BOOST_TEST(run(arguments).err ==
             "quiesce explore: --unfair says what --progress must not assume: it needs "
             "--progress\n");
  arguments.unfair.clear();
  arguments.fair_together = true;
  BOOST_TEST(run(arguments).err ==
             "quiesce explore: --fair-together says what --progress assumes: it needs "
             "--progress\n");
  arguments.progress = true;
  arguments.unfair = "scope";
  BOOST_TEST(run(arguments).err ==
             "quiesce explore: --fair-together has no kinds of fairness that --unfair could leave "
             "out\n");
  arguments = {};
  arguments.progress = true;
  BOOST_TEST(run(arguments).err ==
             "quiesce explore: the default set takes only --threads, --memory and --json: name a "
             "model\n");
  arguments.model = "public-tla";
  BOOST_TEST(run(arguments).err == "quiesce explore: public-tla has no --progress\n");
}

BOOST_AUTO_TEST_CASE(a_graph_that_does_not_fit_is_refused_after_the_search) {
  ExploreArguments arguments = of_house();
  arguments.bounds["tasks"] = 2;
  arguments.memory_ceiling_bytes = 8 << 20;
  const Ran ran = run(arguments);
  BOOST_TEST(ran.exit_code == 2);
  BOOST_TEST(has(ran.out, "every reachable state was explored"));
  BOOST_TEST(has(ran.err, "quiesce explore: --progress needs the whole graph in memory: "));
  BOOST_TEST(
      has(ran.err,
          " bytes, and the ceiling is 8,388,608; give it more with --memory, or smaller bounds\n"));
}

BOOST_AUTO_TEST_CASE(an_interrupt_after_the_search_is_said) {
  // How often the search and the graph ask in all; then the last time says stop.
  int asked = 0;
  ExploreArguments arguments = of_house();
  arguments.stop_requested = [&asked] { return ++asked == 0; };
  BOOST_TEST(run(arguments).exit_code == 0);
  const int in_all = asked;
  asked = 0;
  arguments.stop_requested = [&] { return ++asked == in_all; };
  const Ran ran = run(arguments);
  BOOST_TEST(ran.exit_code == 2);
  BOOST_TEST(has(ran.out, "every reachable state was explored"));
  BOOST_TEST(ran.err == "quiesce explore: --progress was interrupted: nothing was judged\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace quiesce::explore
