// A fault that no model shows survives, and a header that names too little or too much is told.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "models/mutants/mutant.hpp"
#include "models/mutants/nursery.hpp"

using namespace quiesce::mutants;
namespace fs = std::filesystem;

namespace {

/// A mutant of the folder models/mutants with another patch or other ids.
Trial tried(Mutant mutant) {
  Nursery nursery(".", "build/mutants_models");
  return nursery.try_to_kill(mutant, 1, 60);
}

Mutant known(const std::string& name) {
  std::string error;
  for (Mutant& mutant : read_mutants("models/mutants", error)) {
    if (mutant.name == name) return mutant;
  }
  BOOST_FAIL("there is no mutant " + name + " " + error);
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(harmless_mutant)

BOOST_AUTO_TEST_CASE(a_change_that_breaks_nothing_survives) {
  const fs::path path = "build/harmless.diff";
  std::ofstream(path) << "--- a/spec/task_rules.cpp\n+++ b/spec/task_rules.cpp\n@@ -1,1 +1,2 @@\n"
                         "+// Nothing is wrong.\n // The rules of the task machine: Created -> "
                         "Running -> Completed(outcome), with a cancel\n";
  Mutant harmless = known("spec_cleanup_done_unlinks");
  harmless.path = path.string();
  const Trial trial = tried(harmless);
  BOOST_TEST(trial.error == "");
  BOOST_TEST(!trial.killed);
  BOOST_TEST(!trial.expected);
  BOOST_TEST(trial.states > 0U);
}

BOOST_AUTO_TEST_CASE(a_header_that_names_another_set_of_ids_is_told_apart) {
  Mutant mutant = known("spec_cleanup_done_unlinks");
  mutant.breaks = {"inv.ownership.single_owner", "inv.region.tree"};
  const Trial more = tried(mutant);
  BOOST_TEST(more.killed);
  BOOST_TEST(!more.expected);
  BOOST_TEST(more.found == "inv.ownership.single_owner, inv.region.close_hands_down");
  mutant.breaks = {"inv.region.tree"};
  BOOST_TEST(!tried(mutant).expected);
}

BOOST_AUTO_TEST_CASE(a_model_that_does_not_run_kills_nothing) {
  Mutant mutant = known("spec_cleanup_done_unlinks");
  mutant.model = "house --tasks 1000";
  const Trial trial = tried(mutant);
  BOOST_TEST(!trial.killed);
  BOOST_TEST(trial.error.find("--tasks 1000 is out of range") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
