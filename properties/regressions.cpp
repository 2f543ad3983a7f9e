// Replays every script of properties/regressions: each once showed a fault, and its first line says
// which. A script is checked against the specification's own catalogue, in sequential lockstep, and
// under schedules of every variant.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "impl/layout/layout.hpp"
#include "impl/sync/single_thread.hpp"
#include "models/refine/execution.hpp"
#include "models/refine/named_runtime.hpp"
#include "properties/falsify.hpp"
#include "properties/lockstep.hpp"
#include "properties/reference_runtime.hpp"
#include "spec/invariants.hpp"

using namespace quiesce;

namespace {

const std::filesystem::path folder{"properties/regressions"};

std::vector<std::filesystem::path> regression_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream{file};
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string specification_fact(const std::vector<Action>& actions, const LeakPolicy& leaks) {
  spec::State state = spec::initial(leaks);
  for (const Action& action : actions) {
    const spec::Step next = spec::step(state, action);
    if (const auto broken =
            spec::first_violation(spec::Transition{state, action, next.answer, next.after})) {
      return std::string(broken->id) + ": " + broken->fact;
    }
    if (const auto broken = spec::first_violation(next.after)) {
      return std::string(broken->id) + ": " + broken->fact;
    }
    state = next.after;
  }
  return {};
}

/// What clashes when a script is replayed on these variants; empty if nothing does.
std::string replayed(const refine::Script& script, std::span<const refine::Variant> variants) {
  std::vector<Action> one_after_the_other;
  for (const auto& part : refine::parts(script)) {
    one_after_the_other.insert(one_after_the_other.end(), part.begin(), part.end());
  }
  std::string fact = specification_fact(one_after_the_other, script.leaks);
  if (!fact.empty()) return fact;
  for (const impl::Layout* layout : impl::layouts) {
    refine::NamedRuntime<SingleThread> runtime{refine::capacity_of(script), *layout};
    fact = properties::first_disagreement(runtime, one_after_the_other, script.leaks).fact;
    if (!fact.empty()) return layout->name + (": " + fact);
  }
  for (const refine::Variant& variant : variants) {
    if (const auto failure = properties::falsify(variant, script))
      return properties::report(*failure);
  }
  return {};
}

void replay(const std::filesystem::path& file) {
  const refine::ParsedScript parsed = refine::parse_script(text_of(file));
  BOOST_TEST_REQUIRE(parsed.ok, file << ":" << parsed.line << ": " << parsed.error);
  const std::string fact = replayed(parsed.script, refine::variants());
  BOOST_TEST(fact == "");
}

/// One test case a file, named after it; there before main as every test case is.
const bool registered = [] {
  auto& all = boost::unit_test::framework::master_test_suite();
  for (const auto& file : regression_files()) {
    all.add(boost::unit_test::make_test_case([file] { replay(file); }, file.stem().string(),
                                             __FILE__, __LINE__));
  }
  return true;
}();

}  // namespace

BOOST_AUTO_TEST_SUITE(regressions)

BOOST_AUTO_TEST_CASE(every_regression_is_named_by_date_and_rule_and_has_a_test) {
  const auto files = regression_files();
  BOOST_TEST(registered);
  for (const auto& file : files) {
    const std::string name = file.stem().string();
    BOOST_TEST_CONTEXT(name) {
      // regression_2026_01_04_region_close
      BOOST_TEST(name.starts_with("regression_20"));
      BOOST_TEST(name.size() > std::string("regression_2026_01_04_").size());
      BOOST_TEST(text_of(file).starts_with("# "));
      BOOST_TEST((boost::unit_test::framework::master_test_suite().get(name) !=
                  boost::unit_test::INV_TEST_UNIT_ID));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_replay_finds_the_fault_while_it_is_there) {
  const refine::ParsedScript parsed =
      refine::parse_script("branch\nclose_region(r0, Await)\nbranch\nspawn(t1, r0)\nend\n");
  BOOST_TEST_REQUIRE(parsed.ok, parsed.error);
  const std::vector<refine::Variant> broken{properties::split_reference()};
  BOOST_TEST(
      replayed(parsed.script, broken)
          .starts_with("inv.ownership.task_owned: task t1 is Created but region r0 is Closed"));
  BOOST_TEST(replayed(parsed.script, refine::variants()) == "");
}

BOOST_AUTO_TEST_SUITE_END()
