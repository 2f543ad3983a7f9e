// The mutants' headers and patches: each can be read and applies to the sources of today.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "models/mutants/mutant.hpp"
#include "models/mutants/nursery.hpp"

using namespace quiesce::mutants;
namespace fs = std::filesystem;

namespace {

std::vector<Mutant> all_mutants() {
  std::string error;
  std::vector<Mutant> mutants = read_mutants("models/mutants", error);
  BOOST_TEST_REQUIRE(error == "");
  return mutants;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mutants)

BOOST_AUTO_TEST_CASE(there_are_twelve_from_six_families_and_four_need_an_interleaving) {
  std::set<std::string> families;
  std::size_t interleaved = 0;
  const std::vector<Mutant> mutants = all_mutants();
  for (const Mutant& mutant : mutants) {
    families.insert(mutant.family);
    interleaved += mutant.needs.find(", 1 preemption") != std::string::npos ? 1U : 0U;
  }
  BOOST_TEST(mutants.size() >= 12U);
  BOOST_TEST(families.size() >= 6U);
  BOOST_TEST(interleaved >= 4U);
}

BOOST_AUTO_TEST_CASE(every_patch_applies_to_the_sources_of_today) {
  Nursery nursery(".", "build/mutants_apply");
  for (const Mutant& mutant : all_mutants()) {
    const Trial trial = nursery.try_to_apply(mutant);
    BOOST_TEST(trial.error == "", mutant.path << " " << trial.error);
  }
}

BOOST_AUTO_TEST_CASE(a_mutant_of_a_model_changes_rules_and_nothing_that_judges_them) {
  std::size_t of_models = 0;
  for (const Mutant& mutant : all_mutants()) {
    if (!mutant.is_of_a_model()) continue;
    ++of_models;
    std::ifstream diff(mutant.path);
    for (std::string line; std::getline(diff, line);) {
      if (line.rfind("+++ ", 0) != 0) continue;
      BOOST_TEST(line.rfind("+++ b/spec/", 0) == 0U, mutant.path << " " << line);
      for (const char* const judge : {"invariants", "properties", "progress", ".hpp"}) {
        BOOST_TEST(line.find(judge) == std::string::npos, mutant.path << " " << line);
      }
    }
  }
  BOOST_TEST(of_models >= 40U);
}

BOOST_AUTO_TEST_CASE(a_patch_that_does_not_apply_is_told_apart) {
  const fs::path folder = "build/mutants_broken";
  fs::create_directories(folder);
  std::ofstream(folder / "stale.diff") << "family: F1\nsays: nothing\nneeds: sequential\n"
                                          "found by: refine.answer\n\n"
                                          "--- a/spec/step.cpp\n+++ b/spec/step.cpp\n"
                                          "@@ -1,2 +1,2 @@\n-no such line\n+another\n no context\n";
  std::string error;
  const std::vector<Mutant> stale = read_mutants(folder.string(), error);
  BOOST_TEST_REQUIRE(error == "");
  BOOST_TEST_REQUIRE(stale.size() == 1U);
  Nursery nursery(".", "build/mutants_apply");
  BOOST_TEST(nursery.try_to_apply(stale.front()).error == "does not apply to the sources of today");
}

BOOST_AUTO_TEST_CASE(a_bad_header_names_file_and_line) {
  const fs::path folder = "build/mutants_bad_header";
  fs::create_directories(folder);
  std::ofstream(folder / "bad.diff") << "family: F1\nsay: nothing\n\n";
  std::string error;
  BOOST_TEST(read_mutants(folder.string(), error).empty());
  BOOST_TEST(error.find("bad.diff:2: a header line is") != std::string::npos);
  BOOST_TEST(read_mutants("build/no_such_folder", error).empty());
  BOOST_TEST(error.find("there is no mutant in") == 0U);
}

BOOST_AUTO_TEST_CASE(a_header_of_a_model_says_what_breaks_and_whether_alone) {
  const fs::path folder = "build/mutants_model_header";
  fs::create_directories(folder);
  const auto refusal = [&folder](const std::string& lines) {
    std::ofstream(folder / "one.diff") << "family: F1\nsays: nothing\nneeds: sequential\n"
                                       << lines << "\n";
    std::string error;
    static_cast<void>(read_mutants(folder.string(), error));
    return error.substr(error.find(": ") + 2);
  };
  BOOST_TEST(refusal("model: house\n") == "a model needs breaks, the ids that must break");
  BOOST_TEST(refusal("model: house\nbreaks: inv.a\n") == "alone is 'yes', or 'because …'");
  BOOST_TEST(refusal("model: house\nbreaks: inv.a, inv.b\nalone: yes\n") ==
             "alone is 'yes' exactly if breaks has one id");
  BOOST_TEST(refusal("model: house\nbreaks: inv.a\nalone: because it is so\n") ==
             "alone is 'yes' exactly if breaks has one id");
  BOOST_TEST(refusal("found by: refine.state\nalone: yes\n") == "breaks and alone need a model");

  std::ofstream(folder / "one.diff") << "family: F1\nsays: nothing\n  at all\nneeds: sequential\n"
                                        "rule: rule.a\nmodel: house --tasks 1\n  --mask 2\n"
                                        "breaks: inv.a,\n  inv.b\nalone: because\n  it is so\n\n";
  std::string error;
  const std::vector<Mutant> read = read_mutants(folder.string(), error);
  BOOST_TEST_REQUIRE(error == "");
  BOOST_TEST(read.front().says == "nothing at all");
  BOOST_TEST(read.front().model == "house --tasks 1 --mask 2");
  BOOST_TEST(read.front().breaks.size() == 2U);
  BOOST_TEST(read.front().alone == "because it is so");
}

BOOST_AUTO_TEST_SUITE_END()
