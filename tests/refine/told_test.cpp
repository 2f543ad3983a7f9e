// What a step leaves to be told, and what breaks the order in which it is.
#include "models/refine/told.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <memory>

#include "models/refine/runtime_under_test.hpp"
#include "models/refine/script.hpp"
#include "spec/step.hpp"

using namespace quiesce;
using namespace quiesce::refine;

BOOST_AUTO_TEST_SUITE(told)

namespace {

/// What the last action of a line leaves, in words.
std::string left_by_last(const std::string& line) {
  const Script script = parse_script_line(line).script;
  spec::State before = spec::initial(script.leaks);
  for (std::size_t i = 0; i + 1 < script.prefix.size(); ++i)
    before = spec::step(std::move(before), script.prefix[i]).after;
  const Action& last = script.prefix.back();
  const spec::Step step = spec::step(before, last);
  return to_text(told_by({before, last, step.answer, step.after}));
}

/// The same as the implementation tells it.
std::string told_last(const std::string& line) {
  const Script script = parse_script_line(line).script;
  const auto runtime = find_variant("one_lock")->make_native();
  Capacity capacity{8, 16, 16, script.leaks};
  runtime->start(capacity);
  Issued issued;
  for (const Action& action : script.prefix) issued = runtime->apply(action);
  runtime->stop();
  return issued.tells ? to_text(issued.told) : "it does not tell";
}

}  // namespace

BOOST_AUTO_TEST_CASE(step_and_implementation_tell_lanes_wakes_and_news) {
  const std::string failing =
      "open_region(r1,r0,FailFast);spawn(t1,r1);start(t1);spawn(t2,r1);spawn(t3,r0);"
      "join(t3,t1);join(t2,t1);reserve(o1,t1,r1,Lease);defer_finalizer(t4,r0);";
  struct Case {
    const char* leaks;
    const char* news;  // behind the cancel and the two wakes
  };
  constexpr std::array<Case, 5> cases{{{"", ", leak o1 of t1"},
                                       {"leaks Recover:", ", leak o1 of t1 recovered"},
                                       {"leaks Silent:", ""},
                                       {"leaks Silent,after 1 Log:", ", leak o1 of t1"},
                                       {"leaks Panic:", ", leak o1 of t1"}}};
  for (const auto& [leaks, news] : cases) {
    std::string line = "[";
    line += leaks + failing + "return(t1,Err)]";
    std::string wanted = "cancel t2, wake t2 for t1 Err, wake t3 for t1 Err";
    wanted += news;
    BOOST_TEST_CONTEXT(line) {
      BOOST_TEST(left_by_last(line) == wanted);
      BOOST_TEST(told_last(line) == wanted);
    }
  }
}

BOOST_AUTO_TEST_CASE(settling_tells_each_finalizer_that_starts) {
  const std::string line =
      "[open_region(r1,r0);defer_finalizer(t1,r1);defer_finalizer(t2,r1);open_region(r2,r1);"
      "defer_finalizer(t3,r2);spawn(t4,r0);cancel_region(r0,User)]";
  BOOST_TEST(left_by_last(line) == "start t3, cancel t4");
  BOOST_TEST(told_last(line) == "start t3, cancel t4");
}

BOOST_AUTO_TEST_CASE(refusal_and_strengthening_tell_nothing) {
  for (const std::string line :
       {"[start(t1)]", "[spawn(t1,r0);cancel_task(t1,User);cancel_task(t1,Shutdown)]"}) {
    BOOST_TEST(left_by_last(line) == "nothing");
    BOOST_TEST(told_last(line) == "nothing");
  }
}

BOOST_AUTO_TEST_SUITE_END()
