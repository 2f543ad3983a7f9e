// The rule index: the page on disk is the one that the sources give, and nothing is missing.
#include "models/cli/rule_index.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <utility>

#include "models/report/atomic_file.hpp"

using namespace quiesce;
using namespace quiesce::cli;

namespace {

IndexedSources sources_of_today() {
  std::string error;
  IndexedSources sources = read_indexed_sources(error);
  BOOST_TEST_REQUIRE(error == "");
  return sources;
}

std::vector<std::string> complaints_about(const IndexedSources& sources) {
  return rule_complaints(rule_records(sources), sources);
}

bool says(const std::vector<std::string>& complaints, const std::string& sentence) {
  return std::find(complaints.begin(), complaints.end(), sentence) != complaints.end();
}

const RuleRecord& record_of(const std::vector<RuleRecord>& records, const std::string& id) {
  const auto found = std::find_if(records.begin(), records.end(),
                                  [&](const RuleRecord& record) { return record.id == id; });
  BOOST_TEST_REQUIRE((found != records.end()));
  return *found;
}

/// A change to every file of a list.
template <class Change>
void change(std::vector<IndexedSources::File>& files, Change&& change_text) {
  for (auto& [path, text] : files) change_text(text);
}
void replace(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at))
    text.replace(at, what.size(), by);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rule_index)

BOOST_AUTO_TEST_CASE(the_page_on_disk_is_the_one_that_the_sources_give) {
  const std::string given = rule_page(rule_records(sources_of_today()));
  BOOST_TEST((report::read_whole_file("docs/rules.md").text == given),
             "write it anew: ./quiesce list rules --markdown > docs/rules.md");
}

BOOST_AUTO_TEST_CASE(
    every_rule_has_a_function_a_source_a_test_a_mutant_and_a_place_in_the_smt_text) {
  for (const std::string& complaint : complaints_about(sources_of_today())) BOOST_ERROR(complaint);
}

BOOST_AUTO_TEST_CASE(a_row_leads_to_function_tests_scenarios_and_mutants) {
  const std::vector<RuleRecord> records = rule_records(sources_of_today());
  const RuleRecord& spawn = record_of(records, "rule.ownership.spawn");
  BOOST_TEST(spawn.function == "spawn");
  BOOST_TEST(spawn.file == "spec/task_rules.cpp");
  BOOST_TEST(spawn.source == "facts T1");
  BOOST_TEST(!spawn.scenarios.empty());
  BOOST_TEST(says(spawn.tests, "task_rules_test.cpp: spawn"));
  BOOST_TEST(says(spawn.mutants, "spawn_checks_and_inserts_apart"));
  BOOST_TEST(spawn.proof == "models/external/smt/house/rules_task.smt2");
  // A rule inside a function, one of the vocabulary, and one of another machine.
  BOOST_TEST(record_of(records, "rule.region.fail_fast").function == "complete");
  BOOST_TEST(record_of(records, "rule.cancel.strengthen").file == "spec/vocabulary/cancel.hpp");
  BOOST_TEST(record_of(records, "rule.sched.steal").file.starts_with("spec/scheduling/"));
}

BOOST_AUTO_TEST_CASE(tests_are_matched_by_folder_namespace_and_action) {
  const std::vector<RuleRecord> records = rule_records(sources_of_today());
  // The house has a Spawn of its own, containers have a front(), parking has a Look, too.
  for (const auto& [id, folder] :
       {std::pair{"rule.sched.spawn", "scheduling"}, std::pair{"rule.waiters.front", "channel"},
        std::pair{"rule.sched.clear", "scheduling"}}) {
    const RuleRecord& record = record_of(records, id);
    BOOST_TEST(!record.tests.empty());
    for (const std::string& test : record.tests) {
      const std::string file = test.substr(0, test.find_first_of(": "));
      BOOST_TEST(std::filesystem::exists("tests/" + std::string(folder) + "/" + file), test);
    }
  }
  const RuleRecord& look = record_of(records, "rule.sched.look");
  BOOST_TEST(look.action == "Look");
  BOOST_TEST(!says(look.tests, "parking_test.cpp (9 cases)"));
  BOOST_TEST(record_of(records, "rule.mpsc.send").action == "SendPermitted");
  BOOST_TEST(record_of(records, "rule.park.tick").action == "Tick");
  BOOST_TEST(record_of(records, "rule.sched.link").action == "");
  // A rule that others call is shown through one of them.
  BOOST_TEST(says(record_of(records, "rule.mpsc.wake_next").tests,
                  "mpsc_test.cpp: a_dropped_reserve_hands_its_wake_on (through "
                  "`rule.mpsc.drop_reserve`)"));
}

BOOST_AUTO_TEST_CASE(a_call_of_another_namespace_or_of_a_member_is_no_match) {
  IndexedSources sources = sources_of_today();
  const std::string id = "rule.waiters.enter";
  const auto tests_with = [&](const std::string& body) {
    sources.tests = {{"tests/channel/one_test.cpp",
                      "using namespace quiesce::channel;\n"
                      "BOOST_AUTO_TEST_CASE(one) {\n" +
                          body + "\n}\n"}};
    return record_of(rule_records(sources), id).tests.size();
  };
  BOOST_TEST(tests_with("  enter(waiters, {});") == 1U);
  BOOST_TEST(tests_with("  quiesce::channel::enter(waiters, {});") == 1U);
  BOOST_TEST(tests_with("  door.enter(waiters, {});") == 0U);
  BOOST_TEST(tests_with("  house::enter(waiters, {});") == 0U);
  BOOST_TEST(tests_with("  reenter(waiters, {});") == 0U);
  sources.tests = {
      {"tests/channel/one_test.cpp", "BOOST_AUTO_TEST_CASE(one) {\n  enter(waiters, {});\n}\n"}};
  BOOST_TEST(record_of(rule_records(sources), id).tests.empty());
  sources.tests = {{"tests/scheduling/one_test.cpp",
                    "using namespace quiesce::channel;\n"
                    "BOOST_AUTO_TEST_CASE(one) {\n  enter(waiters, {});\n}\n"}};
  BOOST_TEST(record_of(rule_records(sources), id).tests.empty());
}

BOOST_AUTO_TEST_CASE(a_test_that_names_a_rule_and_does_not_take_it_is_found) {
  IndexedSources sources = sources_of_today();
  sources.tests.emplace_back("tests/channel/one_test.cpp",
                             "using namespace quiesce::channel;\n"
                             "// rule.waiters.enter, rule.notify.pass_on\n"
                             "BOOST_AUTO_TEST_CASE(one) {\n  step(s, NotifyOne{}, \"\");\n}\n");
  const std::vector<std::string> complaints = complaints_about(sources);
  BOOST_TEST(complaints.size() == 1U);  // a NotifyOne passes on, and does not enter
  BOOST_TEST(says(complaints,
                  "rule.waiters.enter is named above one_test.cpp: one, which does not take it"));
}

BOOST_AUTO_TEST_CASE(a_mutant_that_leaves_its_rule_alone_is_found) {
  IndexedSources sources = sources_of_today();
  const auto mutant =
      std::find_if(sources.mutants.begin(), sources.mutants.end(),
                   [](const mutants::Mutant& each) { return each.name == "sched_no_fallback"; });
  BOOST_TEST_REQUIRE((mutant != sources.mutants.end()));
  mutant->rules.emplace_back("rule.sched.pick");  // it changes `probe`
  BOOST_TEST(complaints_about(sources) ==
                 (std::vector<std::string>{"rule.sched.pick is named by mutant sched_no_fallback, "
                                           "which changes nothing that it calls"}),
             boost::test_tools::per_element());
  mutant->rules.back() = "rule.sched.steal";  // that looks without the pick's steps
  BOOST_TEST(complaints_about(sources).size() == 1U);
  mutant->rules.back() = "rule.sched.dispatch";
  BOOST_TEST(complaints_about(sources).empty());
}

BOOST_AUTO_TEST_CASE(a_rule_of_another_machine_without_source_test_or_mutant_is_found) {
  for (const std::string id : {"rule.sched.set_draining", "rule.park.tick", "rule.sched.link",
                               "rule.mpsc.wake_next", "rule.notify.wake", "rule.waiters.front"}) {
    IndexedSources sources = sources_of_today();
    const std::string folder =
        id.starts_with("rule.sched") || id.starts_with("rule.park") ? "scheduling" : "channel";
    std::erase_if(sources.tests,
                  [&](const auto& file) { return file.first.starts_with("tests/" + folder); });
    BOOST_TEST(says(complaints_about(sources), id + " has no test that names or calls it"));

    sources = sources_of_today();
    for (mutants::Mutant& mutant : sources.mutants) std::erase(mutant.rules, id);
    BOOST_TEST(says(complaints_about(sources), id + " has no mutant: no header says 'rule: …'"));
  }
  IndexedSources sources = sources_of_today();
  change(sources.spec, [&](std::string& text) { replace(text, "source", "origin"); });
  BOOST_TEST(says(complaints_about(sources), "rule.mpsc.wake_next has no source"));
}

BOOST_AUTO_TEST_CASE(a_rule_without_its_comment_test_or_mutant_is_found) {
  const std::string id = "rule.task.poll";
  IndexedSources sources = sources_of_today();
  BOOST_TEST(complaints_about(sources).empty());
  change(sources.spec, [&](std::string& text) { replace(text, id, ""); });
  BOOST_TEST(says(complaints_about(sources), id + " stands above no function of spec/"));

  sources = sources_of_today();
  change(sources.tests, [&](std::string& text) {
    replace(text, id, "");
    replace(text, "poll(", "look(");
  });
  BOOST_TEST(says(complaints_about(sources), id + " has no test that names or calls it"));

  sources = sources_of_today();
  change(sources.proof_texts.pieces, [&](std::string& text) { replace(text, id, ""); });
  BOOST_TEST(says(complaints_about(sources), id + " has no place in the SMT text"));

  sources = sources_of_today();
  for (mutants::Mutant& mutant : sources.mutants) std::erase(mutant.rules, id);
  BOOST_TEST(says(complaints_about(sources), id + " has no mutant: no header says 'rule: …'"));
}

BOOST_AUTO_TEST_CASE(a_mutant_of_a_rule_that_is_none_is_found) {
  IndexedSources sources = sources_of_today();
  sources.mutants.front().rules.emplace_back("rule.task.sleep");
  BOOST_TEST(says(complaints_about(sources),
                  "mutant " + sources.mutants.front().name + " breaks 'rule.task.sleep', no rule"));
}

BOOST_AUTO_TEST_SUITE_END()
