// Three writings of the public TLA+ model agree, and each of its sentences is seen to fail.
#include <boost/test/unit_test.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "models/explore/public_tla.hpp"
#include "models/explore/search.hpp"
#include "tests/external/public_texts.hpp"

namespace quiesce::external {
namespace {

const std::vector<PublicBounds> rows{{2, 2, 1, 2}, {2, 2, 2, 1}, {1, 3, 1, 2}, {2, 1, 1, 0}};

explore::SearchResult explored(const PublicBounds& b) {
  const auto number = [](int value) { return static_cast<std::uint32_t>(value); };
  const explore::PublicTla<1> model(
      {number(b.tasks), number(b.regions), number(b.obligations), number(b.mask)});
  return explore::search(model, {});
}

void check(const Counted& counted, const PublicBounds& bounds) {
  const explore::SearchResult result = explored(bounds);
  BOOST_TEST(counted.failure == "");
  BOOST_TEST(counted.states == result.distinct_states);
  BOOST_TEST(counted.transitions == result.transitions);
}

/// The Murphi text made wrong, and the sentence that must fail then.
struct Fault {
  std::string_view invariant;
  std::vector<std::pair<std::string_view, std::string_view>> changes;
};

constexpr std::string_view quiesce_guard = "phase = RegionFinalizing & is_quiet(r)";
constexpr std::string_view close_guard = "phase = Quiescent & is_quiet(r)";
constexpr std::string_view done_guard =
    "phase = Closing & all_children_completed(r) & all_subregions_closed(r)";

const std::vector<Fault> faults{
    {"TypeInvariant", {{"mask := MASK;\n    regions", "mask := MASK + 1;\n    regions"}}},
    {"ObHolderExists",
     {{"(tasks[t].phase = Running | tasks[t].phase = CancelRequested\n", "(true\n"}}},
    {"NoOrphanTasks",
     {{done_guard, "phase = Closing & all_subregions_closed(r)"},
      {quiesce_guard, "phase = RegionFinalizing"},
      {close_guard, "phase = Quiescent"}}},
    {"NoLeakedObligations",
     {{quiesce_guard, "phase = RegionFinalizing"}, {close_guard, "phase = Quiescent"}}},
    {"CloseImpliesQuiescent",
     {{done_guard, "phase = Closing & all_children_completed(r)"},
      {quiesce_guard, "phase = RegionFinalizing & all_children_completed(r) & ledger_is_empty(r)"},
      {close_guard, "phase = Quiescent & all_children_completed(r) & ledger_is_empty(r)"}}},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(external_public)

BOOST_AUTO_TEST_CASE(promela_text_of_the_public_model_has_the_states_of_the_explorer) {
  const auto absent = missing(needed_tools());
  BOOST_REQUIRE_MESSAGE(!absent, absent.value_or(""));
  for (const PublicBounds& bounds : rows) {
    BOOST_TEST_CONTEXT(public_macros(bounds))
    check(count_public_with_spin(public_promela_text(), bounds), bounds);
  }
}

BOOST_AUTO_TEST_CASE(murphi_text_of_the_public_model_has_the_states_of_the_explorer) {
  const auto absent = missing(needed_tools());
  BOOST_REQUIRE_MESSAGE(!absent, absent.value_or(""));
  for (const PublicBounds& bounds : rows) {
    BOOST_TEST_CONTEXT(public_macros(bounds))
    check(count_with_rumur(public_murphi_text(bounds)), bounds);
  }
}

BOOST_AUTO_TEST_CASE(smallest_published_count_is_reached) {
  BOOST_TEST(explored({2, 2, 1, 2}).distinct_states == 13'686U);
  BOOST_TEST(explored({2, 2, 1, 2}).transitions == 48'604U);
}

BOOST_AUTO_TEST_CASE(each_sentence_of_the_murphi_text_is_seen_to_fail) {
  const PublicBounds small{1, 2, 1, 2};
  for (const Fault& fault : faults) {
    std::string text = public_murphi_text(small);
    for (const auto& [from, to] : fault.changes) text = replaced(std::move(text), from, to);
    const Counted wrong = count_with_rumur(text);
    BOOST_TEST(wrong.failure.find(fault.invariant) != std::string::npos,
               fault.invariant << " is not told: " << wrong.failure);
  }
}

BOOST_AUTO_TEST_CASE(sentences_of_the_promela_text_are_seen_to_fail) {
  const PublicBounds small{1, 2, 1, 2};
  const std::vector<std::vector<std::pair<std::string_view, std::string_view>>> wrong_texts{
      {{"IN_PHASE(r, R_FINALIZING) && IS_QUIET(r)", "IN_PHASE(r, R_FINALIZING)"},
       {"IN_PHASE(r, QUIESCENT) && IS_QUIET(r)", "IN_PHASE(r, QUIESCENT)"}},
      {{"       (task_phase[t] == RUNNING || task_phase[t] == CANCEL_REQUESTED || \\",
        "       (true || \\"}},
      {{"(task_mask[t] == 0 -> ACKNOWLEDGED : CANCEL_MASKED)", "ACKNOWLEDGED"}},
  };
  for (const auto& changes : wrong_texts) {
    std::string text = public_promela_text();
    for (const auto& [from, to] : changes) text = replaced(std::move(text), from, to);
    const Counted wrong = count_public_with_spin(text, small);
    BOOST_TEST(wrong.failure.find("assertion violated") != std::string::npos, wrong.failure);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace quiesce::external
