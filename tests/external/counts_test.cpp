// The machine written again in Promela and in Murphi has the pinned number of states.
#include <boost/test/unit_test.hpp>
#include <vector>

#include "tests/external/counts_table.hpp"
#include "tests/external/external_tools.hpp"

namespace quiesce::external {
namespace {

/// The rows that the suite runs.
std::vector<PinnedCount> rows_of_the_suite() {
  std::vector<PinnedCount> rows;
  for (const PinnedCount& row : read_counts(text_of("models/external/counts.txt"))) {
    if (row.in_suite) rows.push_back(row);
  }
  return rows;
}

void check(const Counted& counted, const PinnedCount& pinned) {
  BOOST_TEST_CONTEXT(to_text(pinned.bounds)) {
    BOOST_TEST(counted.failure == "");
    BOOST_TEST(counted.states == pinned.states);
    BOOST_TEST(counted.transitions == pinned.transitions);
  }
}

/// A sentence of the semantics read otherwise, as a change of house.m, with bounds that tell. What
/// is a function of the rest of the state (a region's outcome) no count tells: an invariant must.
struct Misreading {
  std::string_view otherwise;
  Bounds bounds;
  std::string_view from;
  std::string_view to;
  std::string_view told_by = "";  // the invariant that fails, where the count does not tell
};

const Bounds one{.regions = 1, .tasks = 1, .mask = 1, .kinds = 1, .policies = 1};
const Bounds steps_of_one{
    .regions = 1, .tasks = 1, .mask = 1, .kinds = 1, .policies = 1, .arrivals = 1};
const Bounds child{.regions = 2, .tasks = 1, .mask = 1, .kinds = 1, .policies = 2};
const Bounds grandchild{.regions = 3, .tasks = 1, .mask = 1, .kinds = 1, .policies = 1};

const std::vector<Misreading> misreadings{
    {"a body that returns Cancelled while Running has been asked to cancel", one,
     "    complete(t, Cancelled, why.kind, why.origin);",
     "    tasks[t].why := why;\n    complete(t, Cancelled, why.kind, why.origin);"},
    {"the last mask unit that is spent acknowledges", steps_of_one,
     "        tasks[t].mask := tasks[t].mask - 1;\n",
     "        tasks[t].mask := tasks[t].mask - 1;\n        if tasks[t].mask = 0 then"
     " tasks[t].phase := Cancelling; end;\n"},
    {"FailFast cancels the region that acts", child,
     "  request_bodies(r, FailFast, r);\n  cancel_children(r);",
     "  cancel_subtree(r, FailFast, r);"},
    {"a child region that has closed makes its parent drain", child,
     "    if has_live_child(r) then",
     "    if exists c: region_name do c != 0 & regions[c].phase != NoRegion & regions[c].parent = "
     "r "
     "end then"},
    {"a child region's outcome is folded into its parent", child, "  regions[r].phase := Closed;\n",
     "  regions[r].phase := Closed;\n  join(regions[regions[r].parent].result,"
     " regions[r].result.kind, regions[r].result.why.kind, regions[r].result.why.origin);\n",
     "inv.outcome.joined"},
    {"a descendant's reason comes from the target of the cancel", grandchild,
     "  request_bodies(r, kind, origin);\n  for c: region_name do\n    if is_child(c, r) then\n"
     "      cancel_subtree(c, ParentCancelled, r);",
     "  request_bodies(r, kind, origin);\n  for c: region_name do\n    if is_child(c, r) then\n"
     "      cancel_subtree(c, ParentCancelled, origin);"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(external_counts)

BOOST_AUTO_TEST_CASE(suite_has_two_bounds) {
  BOOST_TEST(rows_of_the_suite().size() >= 2U);
}

BOOST_AUTO_TEST_CASE(promela_model_has_the_pinned_states) {
  const auto absent = missing(needed_tools());
  BOOST_REQUIRE_MESSAGE(!absent, absent.value_or(""));
  for (const PinnedCount& row : rows_of_the_suite()) check(count_with_spin(row.bounds), row);
}

BOOST_AUTO_TEST_CASE(murphi_model_has_the_pinned_states) {
  const auto absent = missing(needed_tools());
  BOOST_REQUIRE_MESSAGE(!absent, absent.value_or(""));
  for (const PinnedCount& row : rows_of_the_suite()) {
    check(count_with_rumur(murphi_text(row.bounds)), row);
  }
}

BOOST_AUTO_TEST_CASE(each_misreading_of_the_semantics_is_told) {
  const auto absent = missing(needed_tools());
  BOOST_REQUIRE_MESSAGE(!absent, absent.value_or(""));
  std::string counted_text;
  Counted says;
  for (const Misreading& misreading : misreadings) {
    const std::string right = murphi_text(misreading.bounds);
    if (right != counted_text) {
      says = count_with_rumur(right);
      BOOST_REQUIRE(says.failure == "");
      counted_text = right;
    }
    const Counted wrong = count_with_rumur(replaced(right, misreading.from, misreading.to));
    if (misreading.told_by.empty()) {
      BOOST_TEST(wrong.failure == "");
      BOOST_TEST(wrong.states != says.states,
                 misreading.otherwise << " leaves " << says.states << " states");
    } else {
      BOOST_TEST(wrong.failure.find(misreading.told_by) != std::string::npos,
                 misreading.otherwise << " is not told: " << wrong.failure);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace quiesce::external
