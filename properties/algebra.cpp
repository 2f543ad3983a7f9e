// The algebra of the shared lattices, which lockstep cannot judge because both sides call them.
#include <boost/test/unit_test.hpp>
// RapidCheck's macros come after Boost.Test.
#include <rapidcheck/boost_test.h>

#include "properties/generators.hpp"

using namespace quiesce;

namespace {

/// What a total order that equality goes with says of two values.
template <class T>
void check_order_of_two(const T& a, const T& b) {
  RC_ASSERT(((a < b) + (b < a) + (a == b)) == 1);
  RC_ASSERT((a <= b) == !(b < a));
  RC_ASSERT((a == b) == ((a <=> b) == std::strong_ordering::equal));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(algebra_of_outcomes)

RC_BOOST_PROP(outcomes_are_totally_ordered, (const Outcome& a, const Outcome& b)) {
  check_order_of_two(a, b);
}
RC_BOOST_PROP(the_order_of_outcomes_is_transitive,
              (const Outcome& a, const Outcome& b, const Outcome& c)) {
  RC_ASSERT(!(a <= b && b <= c) || a <= c);
}
RC_BOOST_PROP(join_is_commutative, (const Outcome& a, const Outcome& b)) {
  RC_ASSERT(join(a, b) == join(b, a));
}
RC_BOOST_PROP(join_is_associative, (const Outcome& a, const Outcome& b, const Outcome& c)) {
  RC_ASSERT(join(join(a, b), c) == join(a, join(b, c)));
}
RC_BOOST_PROP(join_is_idempotent_with_identity_Ok_and_absorbing_Panicked, (const Outcome& a)) {
  RC_ASSERT(join(a, a) == a);
  RC_ASSERT(join(a, Outcome::ok()) == a);
  RC_ASSERT(join(a, Outcome::panicked()) == Outcome::panicked());
}
RC_BOOST_PROP(join_is_the_least_upper_bound,
              (const Outcome& a, const Outcome& b, const Outcome& c)) {
  const Outcome joined = join(a, b);
  RC_ASSERT(a <= joined);
  RC_ASSERT(b <= joined);
  RC_ASSERT(!(a <= c && b <= c) || joined <= c);
}
RC_BOOST_PROP(join_is_monotone, (const Outcome& a, const Outcome& b, const Outcome& c)) {
  RC_ASSERT(!(a <= b) || join(a, c) <= join(b, c));
}
RC_BOOST_PROP(join_ranks_kinds_before_reasons, (const CancelReason& a, const CancelReason& b)) {
  RC_ASSERT(join(Outcome::cancelled(a), Outcome::cancelled(b)) ==
            Outcome::cancelled(strengthen(a, b)));
  RC_ASSERT(Outcome::err() < Outcome::cancelled(a));
  RC_ASSERT(Outcome::cancelled(a) < Outcome::panicked());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(algebra_of_reasons)

RC_BOOST_PROP(reasons_are_totally_ordered, (const CancelReason& a, const CancelReason& b)) {
  check_order_of_two(a, b);
}
RC_BOOST_PROP(the_order_of_reasons_is_transitive,
              (const CancelReason& a, const CancelReason& b, const CancelReason& c)) {
  RC_ASSERT(!(a <= b && b <= c) || a <= c);
}
RC_BOOST_PROP(strengthen_is_commutative, (const CancelReason& a, const CancelReason& b)) {
  RC_ASSERT(strengthen(a, b) == strengthen(b, a));
}
RC_BOOST_PROP(strengthen_is_associative,
              (const CancelReason& a, const CancelReason& b, const CancelReason& c)) {
  RC_ASSERT(strengthen(strengthen(a, b), c) == strengthen(a, strengthen(b, c)));
}
RC_BOOST_PROP(strengthen_is_idempotent_and_chooses,
              (const CancelReason& a, const CancelReason& b)) {
  RC_ASSERT(strengthen(a, a) == a);
  const CancelReason stronger = strengthen(a, b);
  RC_ASSERT(stronger == a || stronger == b);
}
RC_BOOST_PROP(strengthen_is_monotone,
              (const CancelReason& a, const CancelReason& b, const CancelReason& c)) {
  RC_ASSERT(strengthen(a, b) >= a);
  RC_ASSERT(!(a <= b) || strengthen(a, c) <= strengthen(b, c));
}
RC_BOOST_PROP(strengthen_never_lowers_the_severity,
              (const CancelReason& a, const CancelReason& b)) {
  RC_ASSERT(severity(strengthen(a, b).kind) == std::max(severity(a.kind), severity(b.kind)));
}
RC_BOOST_PROP(strengthen_keeps_the_earlier_of_two_reasons_of_one_severity,
              (const CancelReason& a, const CancelReason& b)) {
  const bool tied = severity(a.kind) == severity(b.kind);
  RC_ASSERT(!tied || strengthen(a, b).at_ticks == std::min(a.at_ticks, b.at_ticks));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(algebra_of_budgets)

RC_BOOST_PROP(meet_is_commutative, (const Budget& a, const Budget& b)) {
  RC_ASSERT(meet(a, b) == meet(b, a));
}
RC_BOOST_PROP(meet_is_associative, (const Budget& a, const Budget& b, const Budget& c)) {
  RC_ASSERT(meet(meet(a, b), c) == meet(a, meet(b, c)));
}
RC_BOOST_PROP(meet_is_idempotent_with_identity_and_absorbing_element, (const Budget& a)) {
  const Budget nothing_left{.deadline_ticks = 0, .poll_quota = 0, .cost_quota = 0, .priority = 255};
  RC_ASSERT(meet(a, a) == a);
  RC_ASSERT(meet(a, no_budget) == a);
  RC_ASSERT(meet(a, nothing_left) == nothing_left);
}
RC_BOOST_PROP(tightness_is_a_partial_order_and_meet_its_greatest_lower_bound,
              (const Budget& a, const Budget& b, const Budget& c)) {
  RC_ASSERT(at_least_as_tight(a, a));
  RC_ASSERT(!(at_least_as_tight(a, b) && at_least_as_tight(b, a)) || a == b);
  RC_ASSERT(!(at_least_as_tight(a, b) && at_least_as_tight(b, c)) || at_least_as_tight(a, c));
  RC_ASSERT(at_least_as_tight(meet(a, b), a));
  RC_ASSERT(at_least_as_tight(meet(a, b), b));
  const bool below_both = at_least_as_tight(c, a) && at_least_as_tight(c, b);
  RC_ASSERT(!below_both || at_least_as_tight(c, meet(a, b)));
}
RC_BOOST_PROP(meet_is_monotone, (const Budget& a, const Budget& b, const Budget& c)) {
  RC_ASSERT(!at_least_as_tight(a, b) || at_least_as_tight(meet(a, c), meet(b, c)));
}
RC_BOOST_PROP(a_stronger_reason_never_has_a_looser_cleanup_budget,
              (const CancelReason& a, const CancelReason& b)) {
  RC_ASSERT(at_least_as_tight(cleanup_budget(strengthen(a, b).kind), cleanup_budget(a.kind)));
}

BOOST_AUTO_TEST_SUITE_END()
