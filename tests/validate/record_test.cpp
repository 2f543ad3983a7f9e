// Real threads on every layout, recorded and validated; and faulty twins that are found so.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "impl/shards/config.hpp"
#include "impl/sync/native.hpp"
#include "models/refine/runtime_under_test.hpp"
#include "models/validate/compare.hpp"
#include "models/validate/record.hpp"
#include "tests/refine/twins.hpp"
#include "tests/validate/traces.hpp"

using namespace quiesce;
using namespace quiesce::validate;
using namespace quiesce::validate::traces;

namespace {

Report recorded_verdict(const refine::Variant& variant, const RecordOptions& options) {
  const Recorded recorded = record(variant, options);
  BOOST_TEST_REQUIRE(recorded.error == "");
  const std::string path = file_with("", "recorded.jsonl");
  BOOST_TEST_REQUIRE(write_trace(recorded.recording, path) == "");
  return validate::validate(path);
}

RecordOptions some(std::uint64_t actions, Order order = Order::Tickets, std::uint64_t seed = 1) {
  RecordOptions options;
  options.actions = actions;
  options.order = order;
  options.seed = seed;
  return options;
}

/// The specification under a mutex, but for Spawn: it looks at the region in one critical section
/// and inserts the task in another, whatever the region has become.
class SpawnsInTwoSections final : public refine::RuntimeUnderTest {
 public:
  void start(const refine::Capacity&) override {}
  void stop() noexcept override {}
  refine::Issued apply(const Action& action) override {
    const auto* const spawn = std::get_if<Spawn>(&action);
    return spawn == nullptr ? in_one_section(action) : in_two_sections(*spawn);
  }
  void snapshot(Snapshot& into) override { peek(into); }
  void peek(Snapshot& into) const override { into = refine::twins::snapshot_of(state_); }

 private:
  refine::Issued in_one_section(const Action& action) {
    mutex_.lock();
    refine::Issued issued{action, spec::apply(state_, action), ++ticket_};
    mutex_.unlock();
    return issued;
  }
  refine::Issued in_two_sections(const Spawn& spawn) {
    mutex_.lock();
    const bool would_be_admitted = is_done(spec::step(state_, spawn).answer);
    mutex_.unlock();
    if (!would_be_admitted) return in_one_section(spawn);
    Native::yield();
    mutex_.lock();
    spec::Region& region = *spec::find(state_, spawn.region);
    const RegionPhase phase = std::exchange(region.phase, RegionPhase::Open);
    refine::Issued issued{spawn, spec::apply_unsettled(state_, spawn), ++ticket_};
    spec::find(state_, spawn.region)->phase = phase;
    mutex_.unlock();
    return issued;
  }

  Native::Mutex mutex_;
  spec::State state_ = spec::initial();
  std::uint64_t ticket_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(validate_recorded)

BOOST_AUTO_TEST_CASE(what_threads_do_on_each_layout_is_allowed) {
  std::size_t layouts = 0;
  for (const refine::Variant& variant : refine::variants()) {
    for (const Order order : {Order::Tickets, Order::Intervals}) {
      const Report report = recorded_verdict(variant, some(4'000, order));
      BOOST_TEST((report.verdict == Verdict::Allowed), variant.name << "\n"
                                                                    << report_text(report, 1));
      BOOST_TEST(report.counts.events >= 4'000U);
      BOOST_TEST(report.counts.threads == 5U);
      BOOST_TEST(report.counts.rows_compared >= report.counts.rows.tasks);
    }
    ++layouts;
  }
  BOOST_TEST(layouts >= 5U);
}

BOOST_AUTO_TEST_CASE(leaks_are_responded_to_as_the_header_says) {
  for (const LeakResponse response :
       {LeakResponse::Silent, LeakResponse::Recover, LeakResponse::Panic}) {
    RecordOptions options = some(6'000);
    options.leaks = {response, 3, LeakResponse::Panic};
    Recording recording = record(*refine::find_variant("sharded"), options).recording;
    const std::string path = file_with("", "recorded.jsonl");
    BOOST_TEST_REQUIRE(write_trace(recording, path) == "");
    const Report report = validate::validate(path);
    BOOST_TEST((report.verdict == Verdict::Allowed), report_text(report, 1));
    const bool panicked = std::any_of(
        recording.events.begin(), recording.events.end(),
        [](const Event& event) { return answer_class(event.answer) == "Done{LeakPanic}"; });
    BOOST_TEST(panicked);
    recording.leaks = {};  // the header of another runtime
    BOOST_TEST_REQUIRE(write_trace(recording, path) == "");
    BOOST_TEST((validate::validate(path).verdict == Verdict::NotAllowed));
  }
}

BOOST_AUTO_TEST_CASE(a_recorded_runtime_forgets_nothing_however_much_has_ended) {
  const Report report = recorded_verdict(*refine::find_variant("sharded"), some(100'000));
  BOOST_TEST((report.verdict == Verdict::Allowed), report_text(report, 1));
  const std::size_t remembered_by_default = impl::RuntimeConfig{}.remembered_tasks;
  BOOST_TEST(report.counts.rows.tasks > remembered_by_default);
  // The threads stood still on the way, and all rows are there at the end.
  BOOST_TEST(report.counts.snapshots > 20U);
  BOOST_TEST(report.counts.rows_compared > report.counts.rows.tasks + report.counts.rows.regions);
}

BOOST_AUTO_TEST_CASE(names_that_are_released_leave_nothing_behind) {
  RecordOptions options = some(8'000);
  options.release = true;
  const Report report = recorded_verdict(*refine::find_variant("sharded"), options);
  BOOST_TEST((report.verdict == Verdict::Allowed), report.sentence << report_text(report, 1));
  const Report kept = recorded_verdict(*refine::find_variant("sharded"), some(8'000));
  BOOST_TEST(report.counts.rows.tasks < kept.counts.rows.tasks / 2);
}

BOOST_AUTO_TEST_CASE(every_answer_that_can_be_given_is_recorded) {
  std::set<std::string> seen;
  for (const Event& event :
       record(*refine::find_variant("one_lock"), some(30'000)).recording.events)
    seen.insert(std::string(action_verb(event.action.index())) + " " + answer_class(event.answer));
  for (const char* const rare :
       {"return Done{Completed(Cancelled)}", "checkpoint Done{Cancelled}", "commit Done",
        "abort Done", "cleanup_done Done", "join Done{Ready}", "poll Done{PollExhausted}",
        "leave_mask Done", "close_region Done", "cancel_region Done{unchanged}",
        "open_region Refused{WithinLimit}", "cancel_task Refused{TaskIsBody}"})
    BOOST_TEST(seen.contains(rare), rare);
  BOOST_TEST(seen.size() > 60U);
}

BOOST_AUTO_TEST_CASE(without_tickets_intervals_must_do) {
  BOOST_TEST(record(refine::twins::ticketless(), some(100)).error.find("--intervals") !=
             std::string::npos);
  const Report report =
      recorded_verdict(refine::twins::ticketless(), some(1'000, Order::Intervals));
  BOOST_TEST((report.verdict == Verdict::Allowed), report_text(report, 1));
}

BOOST_AUTO_TEST_CASE(checker_finds_a_twin_that_says_changed) {
  const auto twin = refine::twins::bad(refine::twins::Fault::SaysChanged);
  for (const Order order : {Order::Tickets, Order::Intervals}) {
    const Report report = recorded_verdict(twin, some(1'500, order));
    BOOST_TEST_REQUIRE((report.verdict == Verdict::NotAllowed));
    BOOST_TEST((report.first->event->answer == done_with(Changed{true})));
    BOOST_TEST(report.first->spec_says == "Done{unchanged}");
  }
}

BOOST_AUTO_TEST_CASE(checker_finds_a_twin_whose_clock_stands_still) {
  const Report report =
      recorded_verdict(refine::twins::bad(refine::twins::Fault::KeepsNow), some(1'500));
  BOOST_TEST((report.verdict == Verdict::NotAllowed));
}

BOOST_AUTO_TEST_CASE(checker_finds_a_spawn_that_checks_and_inserts_apart) {
  // The interleaving must really happen: tries with other seeds until it does.
  refine::Variant variant = refine::twins::good();
  variant.make_native = [] {
    return std::unique_ptr<refine::RuntimeUnderTest>(std::make_unique<SpawnsInTwoSections>());
  };
  bool found = false;
  for (std::uint64_t seed = 1; seed <= 100 && !found; ++seed) {
    const Report report = recorded_verdict(variant, some(2'000, Order::Tickets, seed));
    found = report.verdict == Verdict::NotAllowed;
    if (!found) continue;
    BOOST_TEST_REQUIRE(report.first->event.has_value());
    BOOST_TEST_MESSAGE("seed " << seed << "\n" << report_text(report, 1));
  }
  BOOST_TEST(found);
}

BOOST_AUTO_TEST_SUITE_END()
