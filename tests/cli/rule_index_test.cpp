// The rule index: the page on disk is the one that the sources give, and nothing is missing.
#include "models/cli/rule_index.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

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
