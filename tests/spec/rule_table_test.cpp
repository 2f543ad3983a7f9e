// The table of rules against the sources: a reader who holds an id finds its one place.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "spec/invariants.hpp"
#include "tests/spec/spec_scripts.hpp"

using namespace quiesce;
using namespace quiesce::spec_tests;

namespace {

bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || c == '_' || c == '.';
}

/// The ids with this beginning in the comments of a text, as often as they stand there.
std::vector<std::string> ids_in_comments(std::istream& text, const std::string& beginning) {
  std::vector<std::string> ids;
  for (std::string line; std::getline(text, line);) {
    std::size_t at = line.find("//");
    if (at == std::string::npos) continue;
    while ((at = line.find(beginning, at)) != std::string::npos) {
      const std::size_t from = at;
      while (at < line.size() && is_id_character(line[at])) ++at;
      ids.push_back(line.substr(from, at - from));
    }
  }
  return ids;
}

/// The files in which a rule has its one place: where it is defined, for the vocabulary and the
/// causes where they are declared.
bool has_rules(const std::filesystem::path& path) {
  const std::string file = path.filename().string();
  if (path.parent_path().filename() == "vocabulary") return file.ends_with(".hpp");
  return file.ends_with("_rules.cpp") || file == "step.cpp" || file == "cause.hpp";
}

std::map<std::string, int> places_of_rules() {
  std::map<std::string, int> places;
  for (const char* const folder : {"spec", "spec/vocabulary"}) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (!has_rules(entry.path())) continue;
      std::ifstream text{entry.path()};
      for (const std::string& id : ids_in_comments(text, "rule.")) ++places[id];
    }
  }
  return places;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rule_table)

BOOST_AUTO_TEST_CASE(every_rule_stands_in_one_comment_of_the_sources) {
  const auto places = places_of_rules();
  BOOST_TEST(!places.empty());
  for (const spec::RuleRow& row : spec::rules()) {
    const auto place = places.find(std::string(row.id));
    BOOST_TEST_CONTEXT(row.id) {
      BOOST_TEST((place == places.end() ? 0 : place->second) == 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_id_in_a_comment_of_the_sources_is_in_the_table) {
  std::set<std::string_view> ids;
  for (const spec::RuleRow& row : spec::rules()) ids.insert(row.id);
  for (const auto& [id, count] : places_of_rules()) {
    BOOST_TEST_CONTEXT(id) {
      BOOST_TEST(ids.contains(id));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_reader_of_comments_finds_ids_in_comments_only) {
  std::istringstream text{"/// x  rule.task.start\nid = \"rule.task.poll\";\n// rule.a, rule.b\n"};
  const std::vector<std::string> spec_says{"rule.task.start", "rule.a", "rule.b"};
  BOOST_TEST(ids_in_comments(text, "rule.") == spec_says, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_rule_has_an_id_of_its_own_a_sentence_and_a_source) {
  std::set<std::string_view> ids;
  std::set<std::string_view> sentences;
  for (const spec::RuleRow& row : spec::rules()) {
    BOOST_TEST(ids.insert(row.id).second);
    BOOST_TEST(sentences.insert(row.sentence).second);
    BOOST_TEST(!row.source.empty());
  }
}

BOOST_AUTO_TEST_CASE(every_action_and_every_internal_rule_has_one_rule_of_the_table) {
  std::set<std::string_view> table;
  for (const spec::RuleRow& row : spec::rules()) table.insert(row.id);
  const std::vector<Action> one_of_each{
      OpenRegion{}, CloseRegion{}, CancelRegion{}, DeferFinalizer{}, Spawn{},       Start{},
      Poll{},       Checkpoint{},  EnterMask{},    LeaveMask{},      CleanupDone{}, Return{},
      CancelTask{}, Join{},        Reserve{},      Commit{},         Abort{},       AdvanceTime{}};
  BOOST_TEST(one_of_each.size() == static_cast<std::size_t>(action_count));
  std::set<std::string_view> used;
  for (std::size_t i = 0; i < one_of_each.size(); ++i) {
    BOOST_TEST(one_of_each[i].index() == i);
    const std::string_view id = spec::rule_id(one_of_each[i]);
    BOOST_TEST(table.contains(id));
    BOOST_TEST(used.insert(id).second);
  }
  for (int i = 0; i < spec::internal_rule_count; ++i) {
    const std::string id =
        "rule.region." + std::string(to_text(static_cast<spec::InternalRule>(i)));
    BOOST_TEST(table.contains(id));
  }
}

BOOST_AUTO_TEST_CASE(every_rule_that_is_kept_is_named_by_an_invariant_of_the_catalogue) {
  std::set<std::string_view> known;
  for (const spec::Invariant& invariant : spec::invariants()) known.insert(invariant.id);
  for (const spec::StepProperty& property : spec::step_properties()) known.insert(property.id);
  for (const auto& entry : std::filesystem::directory_iterator("spec")) {
    if (!entry.is_regular_file() || entry.path().extension() == ".txt") continue;
    std::ifstream text{entry.path()};
    for (const std::string& id : ids_in_comments(text, "inv.")) {
      BOOST_TEST_CONTEXT(entry.path() << ": " << id) {
        BOOST_TEST(known.contains(id));
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
