// A run of the scheduler, written down step by step, with what must be true after each.
#pragma once

#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>

#include "spec/scheduling/invariants.hpp"
#include "spec/scheduling/step.hpp"

namespace quiesce::scheduling_tests {

using namespace spec::scheduling;

inline const TaskRef t0{0, TaskName{0}};
inline const TaskRef t1{1, TaskName{1}};
inline const TaskRef t2{2, TaskName{2}};

/// The state, and `does`, which takes one step and checks every sentence.
struct Run {
  State s;
  History history;

  explicit Run(const Sizes& sizes = {3, 2, 2, 16})
      : s(initial(sizes)), history(initial_history(s)) {}

  Answer does(const Action& action) {
    const State before = s;
    const History past = history;
    const Answer answer = apply(s, action);
    if (is_refused(answer)) {
      BOOST_TEST((s == before), to_text(action) << " is refused and changes something");
      return answer;
    }
    observe(history, before, action, answer, s);
    for (const auto& row : invariants()) {
      const Violation found = row.violated(s, history);
      BOOST_TEST(!found.has_value(), row.id << ": " << found.value_or(""));
    }
    for (const auto& row : step_properties()) {
      const Violation found = row.violated({before, past, action, answer, s});
      BOOST_TEST(!found.has_value(), row.id << ": " << found.value_or(""));
    }
    return answer;
  }
  /// "Done", "Dispatched t1 Ready", "LookedInVain", "Dropped", "Refused TaskExists".
  std::string says(const Action& action) {
    const Answer answer = does(action);
    if (const auto* refused = std::get_if<Refused>(&answer))
      return "Refused " + std::string(to_text(refused->guard));
    if (const auto* taken = std::get_if<Dispatched>(&answer))
      return "Dispatched " + quiesce::to_text(taken->entry.task.name) + " " +
             std::string(to_text(taken->entry.lane));
    if (std::holds_alternative<LookedInVain>(answer)) return "LookedInVain";
    return std::holds_alternative<Dropped>(answer) ? "Dropped" : "Done";
  }
  void done(const Action& action) { BOOST_TEST(says(action) == "Done", to_text(action)); }
  TaskRecord& task(const TaskRef& ref) { return *find(s, ref); }

  /// The worker dispatches this task and begins to poll it.
  void polls(WorkerNumber worker, const TaskRef& ref) {
    const Answer answer = does(Dispatch{worker});
    const auto* taken = std::get_if<Dispatched>(&answer);
    BOOST_TEST_REQUIRE(taken != nullptr);
    BOOST_TEST((taken->entry.task == ref));
    done(BeginPoll{worker});
  }
  /// A whole poll that says Pending; nobody wakes the task meanwhile.
  void polls_to_idle(WorkerNumber worker, const TaskRef& ref) {
    polls(worker, ref);
    done(Pend{worker});
    done(FinishPoll{worker});
  }
};

}  // namespace quiesce::scheduling_tests
