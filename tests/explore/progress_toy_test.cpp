// A model of five states, written for the progress checks alone: what a report says of it.
#include <array>
#include <boost/test/unit_test.hpp>
#include <span>
#include <string>
#include <string_view>

#include "models/explore/progress_check.hpp"
#include "models/explore/report.hpp"
#include "models/explore/run.hpp"

namespace quiesce::explore {
namespace {

/// A guest rings (1) and waits in front of the door or beside it (2); the host lets it in (3), or
/// the guest goes home (4).
class Doorbell {
 public:
  using State = PackedState<1>;
  enum Number : std::uint64_t { Away, AtTheDoor, BesideIt, Inside, AtHome };

  explicit Doorbell(bool may_go_home) : may_go_home_(may_go_home) {}

  [[nodiscard]] State initial() const { return {Away}; }
  [[nodiscard]] std::span<const FairnessKind> fairness_kinds() const { return kinds; }
  [[nodiscard]] std::span<const FairnessClass> fairness_classes() const { return classes_; }
  [[nodiscard]] std::span<const ProgressProperty> progress_properties() const { return asked; }
  [[nodiscard]] std::span<const ProgressInstance> progress_instances() const { return guests_; }
  [[nodiscard]] std::span<const BoundedWait> bounded_waits() const { return {}; }
  [[nodiscard]] std::size_t allowed_steps(const State&, std::size_t) const { return 0; }
  [[nodiscard]] ProgressProperty measure() const { return {}; }
  [[nodiscard]] ProgressFacts progress_facts(const State& state) const {
    const bool waits = state[0] == AtTheDoor || state[0] == BesideIt;
    return {.pending = waits, .reached = state[0] == Inside};
  }
  template <class Sink>
  void labelled_successors(const State& state, Sink&& sink) const {
    if (state[0] == Away) sink(0, State{AtTheDoor}, StepLabel{});
    if (state[0] == AtTheDoor) sink(1, State{BesideIt}, StepLabel{2});
    if (state[0] == BesideIt) sink(1, State{AtTheDoor}, StepLabel{2});
    if (state[0] == AtTheDoor) sink(2, State{Inside}, StepLabel{1});
    if (state[0] == BesideIt && may_go_home_) sink(3, State{AtHome}, StepLabel{});
  }
  [[nodiscard]] std::span<const std::string_view> actions() const { return verbs; }
  [[nodiscard]] std::string state_text(const State& state) const {
    return std::string(places[state[0]]);
  }
  [[nodiscard]] std::string step_text(const State&, std::size_t action, const State&) const {
    return std::string(verbs[action]);
  }

 private:
  static constexpr std::array<std::string_view, 4> verbs{"ring", "walk", "open", "leave"};
  static constexpr std::array<std::string_view, 5> places{"away", "at the door", "beside the door",
                                                          "inside", "at home"};
  static constexpr std::array<FairnessKind, 2> kinds{
      {{"open", "the host opens"}, {"walk", "the guest does not stand still"}}};
  static constexpr std::array<ProgressProperty, 1> asked{
      {{"progress.guest_enters", "F1", "a guest who rings comes in", 3}}};
  std::vector<FairnessClass> classes_{{0, "host"}, {1, "guest"}};
  std::vector<ProgressInstance> guests_{{0, "the guest"}};
  bool may_go_home_;
};

Run judged(const Doorbell& model) {
  Run run;
  run.progress = check_progress(model, {});
  run.result.violation = run.progress->failures().front();
  return run;
}

bool ends_with(const Run& run, std::string_view end) {
  const std::string text = text_report(run);
  const bool is_end = text.ends_with(end);
  if (!is_end) BOOST_TEST_MESSAGE(text);
  return is_end;
}

BOOST_AUTO_TEST_SUITE(progress_toy)

BOOST_AUTO_TEST_CASE(a_cycle_is_shown_with_the_row_where_it_begins) {
  // The host could open whenever the guest stands at the door; but it walks to and fro, and weak
  // fairness does not insist on what is not possible all along.
  BOOST_TEST(ends_with(judged(Doorbell(false)),
                       "  progress.guest_enters                    LASSO         F1: pending in 2 "
                       "states, fair: open walk\n"
                       "FAIL progress.guest_enters: the guest waits for ever\n"
                       "     a guest who rings comes in\n"
                       "     a stem of 1 step, then a cycle of 2 steps: row 3 is row 1 again\n"
                       "   0 | initial  | away\n"
                       "   1 | ring     | at the door\n"
                       "   2 | walk     | beside the door\n"
                       "   3 | walk     | at the door\n"
                       "     open(host) has no step at 2\n"
                       "     walk(guest) is taken at 2\n"));
}

BOOST_AUTO_TEST_CASE(a_wait_that_is_given_up_is_forgotten) {
  BOOST_TEST(ends_with(judged(Doorbell(true)),
                       "  progress.guest_enters                    FORGOTTEN     F1: pending in 2 "
                       "states, fair: open walk\n"
                       "FAIL progress.guest_enters: the guest neither waits nor has what it waited "
                       "for\n"
                       "     a guest who rings comes in\n"
                       "     a shortest path, 3 steps\n"
                       "   0 | initial  | away\n"
                       "   1 | ring     | at the door\n"
                       "   2 | walk     | beside the door\n"
                       "   3 | leave    | at home\n"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace quiesce::explore
