// `quiesce explore house`, the default set, and what goes to files for other tools.
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "models/explore/command.hpp"
#include "models/explore/export.hpp"
#include "models/explore/manifest.hpp"
#include "models/explore/run.hpp"
#include "tests/explore/folder.hpp"
#include "tests/explore/run_command.hpp"

namespace quiesce::explore {
namespace {

using testing::Folder;
using testing::Ran;
using testing::run;
using testing::text_of;

ExploreArguments house(std::int64_t regions, std::int64_t tasks, std::int64_t obligations) {
  ExploreArguments arguments;
  arguments.model = "house";
  arguments.bounds["regions"] = regions;
  arguments.bounds["tasks"] = tasks;
  arguments.bounds["obligations"] = obligations;
  return arguments;
}

void refuses(const ExploreArguments& arguments, const std::string& line) {
  const Ran ran = run(arguments);
  BOOST_TEST(ran.exit_code == 2);
  BOOST_TEST(ran.err == "quiesce explore: " + line + "\n");
}

BOOST_AUTO_TEST_CASE(house_report_names_refusals_and_cases_never_reached) {
  const Ran ran = run(house(2, 1, 1));
  BOOST_TEST(ran.exit_code == 0);
  for (const char* const part :
       {"every reachable state was explored", "1,437", "refused       open_region: RegionOpen",
        "never by      open_region: RegionExists", "never fired   defer_finalizer",
        "inv.join.waiters_live (no task joins)", "all quiescent", "joins 0  limits 0\n"}) {
    BOOST_TEST(ran.out.find(part) != std::string::npos, part);
  }
}

BOOST_AUTO_TEST_CASE(house_refuses_what_it_does_not_have) {
  const auto spoiled = [](auto&& spoil) {
    ExploreArguments arguments = house(2, 1, 1);
    spoil(arguments);
    return arguments;
  };
  refuses(spoiled([](auto& a) { a.bounds["regions"] = 5; }), "--regions 5 is out of range: 1 to 4");
  refuses(spoiled([](auto& a) { a.bounds["finalizers"] = 3; }),
          "--finalizers 3 is out of range: 0 to 2");
  refuses(spoiled([](auto& a) { a.bounds["kinds"] = 0; }), "--kinds 0 is out of range: 1 to 2");
  refuses(spoiled([](auto& a) { a.bounds["policies"] = 3; }),
          "--policies 3 is out of range: 1 to 2");
  refuses(spoiled([](auto& a) { a.choices["granularity"] = "smal"; }),
          "--granularity 'smal' is not known; there are: settled, small");
  refuses(spoiled([](auto& a) { a.choices["claim"] = "no-leek"; }),
          "--claim 'no-leek' is not known; there are: none, no-leak");
  refuses(spoiled([](auto& a) { a.symmetry = "regions"; }),
          "--symmetry 'regions' is no kind of name: tasks, obligations, separated by commas");
  refuses(spoiled([](auto& a) {
            a.symmetry = "tasks";
            a.progress = true;
          }),
          "--progress asks of each name by itself: it cannot be used with --symmetry");
  refuses(spoiled([](auto& a) { a.witness = "inv.mask.bounded"; }),
          "--witness says what --itf writes: it needs --itf FILE");
  refuses(spoiled([](auto& a) {
            a.model = "public-tla";
            a.bounds["kinds"] = 1;
          }),
          "public-tla has no --kinds");
  refuses(spoiled([](auto& a) { a.bounds["time"] = 4; }), "--time 4 is out of range: 0 to 3");
  refuses(spoiled([](auto& a) { a.bounds["quota"] = 4; }), "--quota 4 is out of range: 0 to 3");
  refuses(spoiled([](auto& a) { a.bounds["joins"] = 2; }), "--joins 2 is out of range: 0 to 1");
  refuses(spoiled([](auto& a) { a.bounds["limits"] = 2; }), "--limits 2 is out of range: 0 to 1");
  refuses(spoiled([](auto& a) {
            a.bounds["time"] = 1;
            a.choices["granularity"] = "small";
          }),
          "--granularity small cannot be used with --time");
  refuses(spoiled([](auto& a) {
            a.bounds["joins"] = 1;
            a.symmetry = "obligations,tasks";
          }),
          "--symmetry tasks cannot be used with --joins, by which tasks name each other");
  refuses(spoiled([](auto& a) {
            a.bounds["regions"] = 4;
            a.bounds["tasks"] = 6;
            a.bounds["finalizers"] = 2;
            a.bounds["time"] = 3;
            a.bounds["quota"] = 3;
            a.bounds["joins"] = 1;
          }),
          "these bounds need 10 words a state, and 7 is the most");
  refuses(spoiled([](auto& a) { a.model = ""; }),
          "the default set takes only --threads, --memory and --json: name a model");
}

/// What a flag turns on is in the report, and what it could not show before is shown.
BOOST_AUTO_TEST_CASE(house_report_has_what_the_flags_turn_on) {
  ExploreArguments arguments = house(2, 2, 0);
  for (const char* const flag : {"quota", "joins", "limits"}) arguments.bounds[flag] = 1;
  arguments.bounds["mask"] = 0;
  const Ran ran = run(arguments);
  BOOST_TEST(ran.exit_code == 0);
  for (const char* const part :
       {"every reachable state was explored", "time 0  quota 1  joins 1  limits 1\n",
        "inv.join.waiters_live at level", "inv.region.within_limits at level",
        "inv.budget.along_the_tree at level"})
    BOOST_TEST(ran.out.find(part) != std::string::npos, part);
  for (const char* const part : {"no task joins", "a limit)", "has a budget)"})
    BOOST_TEST(ran.out.find(part) == std::string::npos, part);
}

BOOST_AUTO_TEST_CASE(counterexample_of_a_claim_is_written_as_itf) {
  const Folder folder;
  ExploreArguments arguments = house(1, 1, 1);
  arguments.choices["claim"] = "no-leak";
  arguments.itf_path = folder.file("leak.itf.json");
  const Ran ran = run(arguments);
  BOOST_TEST(ran.exit_code == 1);
  BOOST_TEST(ran.out.find("FAIL quality.no_leak: 1 obligations are Leaked") != std::string::npos);
  const auto itf = boost::json::parse(text_of(arguments.itf_path)).as_object();
  const auto& states = itf.at("states").as_array();
  BOOST_TEST(states.size() == 5U);  // spawn, reserve, start, return
  for (const auto& variable : itf.at("vars").as_array()) {
    for (const auto& state : states) {
      BOOST_TEST(state.as_object().contains(variable.as_string()));
    }
  }
  BOOST_TEST(states.back().as_object().at("leak_count").as_int64() == 1);
  BOOST_TEST(states.front().as_object().at("action_taken").as_string() == "init");
}

BOOST_AUTO_TEST_CASE(trace_to_a_witness_ends_where_the_case_is_first_shown) {
  const Folder folder;
  ExploreArguments arguments = house(2, 1, 1);
  arguments.itf_path = folder.file("masked.itf.json");
  arguments.witness = "inv.mask.bounded";
  BOOST_TEST(run(arguments).exit_code == 0);
  const auto itf = boost::json::parse(text_of(arguments.itf_path)).as_object();
  const auto& last = itf.at("states").as_array().back().as_object();
  BOOST_TEST(itf.at("states").as_array().size() == 4U);  // spawn, start, enter_mask
  BOOST_TEST(last.at("tasks").as_array()[0].as_object().at("mask_units").as_int64() == 1);
  arguments.witness = "inv.join.waiters_live";
  refuses(arguments, "there is no trace for --itf: the witness was not reached");
  arguments.witness = "inv.mask.bound";
  refuses(arguments, "--witness 'inv.mask.bound' is no `sometimes` of house");
  arguments.itf_path = folder.file("no/such/folder");
  refuses(arguments, "cannot write '" + arguments.itf_path + "': No such file or directory");
}

BOOST_AUTO_TEST_CASE(small_space_is_drawn_and_a_large_one_is_refused) {
  const Folder folder;
  ExploreArguments arguments = house(1, 1, 0);
  arguments.dot_path = folder.file("space.dot");
  arguments.json_path = folder.file("space.json");
  BOOST_TEST(run(arguments).exit_code == 0);
  const auto report = boost::json::parse(text_of(arguments.json_path)).as_object();
  const std::string dot = text_of(arguments.dot_path);
  const auto count = [&dot](std::string_view what) {
    std::int64_t found = 0;
    for (std::size_t at = dot.find(what); at != std::string::npos; at = dot.find(what, at + 1))
      ++found;
    return found;
  };
  BOOST_TEST(dot.starts_with("digraph states {\n"));
  BOOST_TEST(dot.ends_with("}\n"));
  BOOST_TEST(count(" -> ") == report.at("transitions").as_int64());
  BOOST_TEST(count("[label=") - count(" -> ") == report.at("distinct_states").as_int64());
  BOOST_TEST(dot.find("[label=\"spawn(t0, r0)\"]") != std::string::npos);
  arguments = house(2, 2, 0);
  arguments.dot_path = folder.file("large.dot");
  refuses(arguments, "--dot draws at most 2,000 states; this space has 9,411");
  arguments.dot_path = "/dev/full";
  arguments.bounds["regions"] = 1;
  arguments.bounds["tasks"] = 1;
  refuses(arguments, "cannot write '/dev/full': No space left on device");
}

BOOST_AUTO_TEST_CASE(text_in_a_drawing_is_quoted) {
  BOOST_TEST(dot_quoted("a \"b\" \\c") == "\"a \\\"b\\\" \\\\c\"");
}

BOOST_AUTO_TEST_CASE(small_entries_of_the_default_set_come_out_as_pinned) {
  std::uint64_t states = 0;
  for (const ManifestEntry& entry : manifest()) {
    states += entry.states;
    BOOST_TEST(!entry.question.empty());
    BOOST_TEST(!entry.why.empty());
    if (entry.states > 150'000) continue;
    const Run ran = run_search(arguments_of(entry), {});
    BOOST_TEST(what_differs(entry, ran.result) == "", command_of(entry));
  }
  BOOST_TEST(states >= 10'000'000U);
}

const ManifestEntry& entry_of(std::string_view model, std::uint64_t states) {
  const auto entries = manifest();
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const ManifestEntry& entry) {
    return entry.model == model && entry.states == states;
  });
  BOOST_REQUIRE(found != entries.end());
  return *found;
}

BOOST_AUTO_TEST_CASE(entry_that_comes_out_differently_is_said) {
  const ManifestEntry& same = entry_of("public-tla", 13'686);
  const SearchResult result = run_search(arguments_of(same), {}).result;
  BOOST_TEST(what_differs(same, result) == "");
  ManifestEntry other = same;
  other.states = 13'687;
  BOOST_TEST(what_differs(other, result) == "13,686 states where 13,687 are pinned");
  other = same;
  other.transitions = 1;
  BOOST_TEST(what_differs(other, result) == "48,604 transitions where 1 are pinned");
  other = same;
  other.graph = 1;
  BOOST_TEST(what_differs(other, result) ==
             "as many states and transitions as pinned, but some step leads elsewhere or something "
             "else refuses: graph 0x3a7fdd784156ac70 where 0x0000000000000001 is pinned");
  other = same;
  other.breaks = "quality.no_leak";
  BOOST_TEST(what_differs(other, result) == "nothing breaks quality.no_leak, which must break");
  const ManifestEntry& inverted = entry_of("house", 141);
  const SearchResult broken = run_search(arguments_of(inverted), {}).result;
  BOOST_TEST(what_differs(inverted, broken) == "");
  other = inverted;
  other.breaks = "";
  BOOST_TEST(what_differs(other, broken) == "quality.no_leak is broken: 1 obligations are Leaked");
  const ManifestEntry& asked = entry_of("house", 10'072);
  SearchResult unreached = run_search(arguments_of(asked), {}).result;
  BOOST_TEST(what_differs(asked, unreached) == "");
  unreached.sometimes[0].first_level.reset();
  BOOST_TEST(what_differs(asked, unreached) ==
             "inv.region.tree is never put to the test: a region has a child region");
}

}  // namespace
}  // namespace quiesce::explore
