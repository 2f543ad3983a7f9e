// The models of the channel primitives: pinned counts, what they reach, and how they are packed.
#include <boost/test/unit_test.hpp>
#include <deque>
#include <set>

#include "models/explore/manifest.hpp"
#include "models/explore/models/channel_progress.hpp"
#include "models/explore/models/mpsc.hpp"
#include "models/explore/models/notify.hpp"
#include "models/explore/progress_check.hpp"
#include "models/explore/run.hpp"
#include "models/explore/search.hpp"

namespace quiesce::explore {
namespace {

/// Every state that was reached, packed.
template <class Model>
std::set<typename Model::State> reached(const Model& model) {
  std::set<typename Model::State> seen{model.initial()};
  std::deque<typename Model::State> waiting{model.initial()};
  for (; !waiting.empty(); waiting.pop_front()) {
    const auto facts = model.inspect(waiting.front());
    std::vector<typename Model::State> found;
    model.successors(waiting.front(), facts,
                     [&](std::size_t, const auto& next) { found.push_back(next); });
    for (const auto& next : found) {
      if (seen.insert(next).second) waiting.push_back(next);
    }
  }
  return seen;
}

template <class Machine>
std::uint64_t states_packed_again_the_same(const Machine& machine) {
  std::uint64_t same = 0;
  for (const auto& packed : reached(ChannelModel<Machine>(machine)))
    same += machine.encode(machine.decode(packed)) == packed;
  return same;
}

void check_every_witness(const SearchResult& result) {
  BOOST_TEST((result.ended == Ended::Complete));
  BOOST_TEST(result.deadlocked_states == 0U);
  for (const Witness& witness : result.sometimes) {
    BOOST_TEST_CONTEXT(witness.id) {
      BOOST_TEST(witness.first_level.has_value() == witness.beyond.empty());
    }
  }
}

/// The pairs that were met, so that a pair in the list that no bound can meet is named here.
std::vector<std::string> refusals_never_met(const SearchResult& result) {
  std::vector<std::string> never;
  for (const Refusals& row : result.refusals) {
    if (row.count == 0) never.push_back(row.action + ": " + row.guard);
  }
  return never;
}

BOOST_AUTO_TEST_CASE(notify_reaches_every_witness_and_its_pinned_count) {
  const NotifyMachine machine({.waiters = 3, .notifies = 2, .broadcasts = 1, .drops = 1});
  const SearchResult result = search(NotifyModel(machine), SearchOptions{});
  check_every_witness(result);
  BOOST_TEST(result.distinct_states == 11'807U);
  BOOST_TEST(result.transitions == 36'903U);
  BOOST_TEST(refusals_never_met(result).empty());
}

BOOST_AUTO_TEST_CASE(notify_of_one_waiter_is_small_enough_to_count_by_hand) {
  // Absent, Created, Looking, Waiting.
  const NotifyMachine machine({.waiters = 1, .notifies = 0, .broadcasts = 0, .drops = 0});
  const SearchResult result = search(NotifyModel(machine), SearchOptions{});
  BOOST_TEST(result.distinct_states == 4U);
}

BOOST_AUTO_TEST_CASE(notify_is_packed_without_loss) {
  const NotifyMachine machine({.waiters = 3, .notifies = 1, .broadcasts = 1, .drops = 1});
  const std::uint64_t states = reached(NotifyModel(machine)).size();
  BOOST_TEST(states > 1'000U);
  BOOST_TEST(states_packed_again_the_same(machine) == states);
}

BOOST_AUTO_TEST_CASE(mpsc_reaches_every_witness_and_its_pinned_count) {
  const MpscMachine machine(
      {.senders = 2, .capacity = 2, .values = 2, .permits = 2, .cancels = 1, .runtime = false});
  const SearchResult result = search(MpscModel(machine), SearchOptions{});
  check_every_witness(result);
  BOOST_TEST(result.distinct_states == 18'742U);
  BOOST_TEST(result.transitions == 64'266U);
}

BOOST_AUTO_TEST_CASE(mpsc_beside_its_runtime_reaches_every_witness_of_one_sender) {
  const MpscMachine machine(
      {.senders = 1, .capacity = 1, .values = 1, .permits = 1, .cancels = 0, .runtime = true});
  const SearchResult result = search(MpscModel(machine), SearchOptions{});
  check_every_witness(result);
  BOOST_TEST(result.distinct_states == 817U);
}

BOOST_AUTO_TEST_CASE(mpsc_is_packed_without_loss) {
  const MpscMachine machine(
      {.senders = 2, .capacity = 1, .values = 1, .permits = 2, .cancels = 1, .runtime = false});
  const std::uint64_t states = reached(MpscModel(machine)).size();
  BOOST_TEST(states > 1'000U);
  BOOST_TEST(states_packed_again_the_same(machine) == states);
}

/// What the replayed runtime leaves out would show as a difference after one step.
BOOST_AUTO_TEST_CASE(mpsc_unpacks_the_runtime_that_its_rules_made) {
  const MpscMachine machine(
      {.senders = 2, .capacity = 1, .values = 1, .permits = 1, .cancels = 0, .runtime = true});
  std::uint64_t steps = 0;
  for (const auto& packed : reached(MpscModel(machine))) {
    const channel::Mpsc before = machine.decode(packed);
    for (const channel::MpscAction& action : machine.alphabet()) {
      channel::Mpsc after = before;
      if (!machine.may(before, action) || !is_done(apply(after, action))) continue;
      ++steps;
      const channel::Mpsc unpacked = machine.decode(machine.encode(after));
      if (!(unpacked.runtime == after.runtime)) BOOST_ERROR(to_text(action));
    }
  }
  BOOST_TEST(steps > 10'000U);
}

/// Without a kind of fairness the properties that assume it have a lasso, and only they.
template <class Progress>
void check_each_kind_of_fairness(const Progress& model) {
  const ProgressReport fair = check_progress(model, ProgressOptions{});
  BOOST_TEST(fair.failures().empty());
  for (const ProgressRow& row : fair.properties) BOOST_TEST(row.pending_states > 0U);
  for (const FairnessKind& kind : model.fairness_kinds()) {
    ProgressOptions options;
    options.unfair = {std::string(kind.name)};
    for (const ProgressRow& row : check_progress(model, options).properties) {
      const auto assumed =
          std::find_if(fair.properties.begin(), fair.properties.end(),
                       [&](const ProgressRow& other) { return other.id == row.id; });
      const bool needs =
          std::count(assumed->assumes.begin(), assumed->assumes.end(), kind.name) > 0;
      BOOST_TEST(row.broken.has_value() == needs, row.id << " without " << kind.name);
    }
  }
}

BOOST_AUTO_TEST_CASE(notify_goes_on_by_the_fairness_it_assumes_and_by_nothing_less) {
  const NotifyMachine machine({.waiters = 2, .notifies = 2, .broadcasts = 1, .drops = 1});
  check_each_kind_of_fairness(NotifyProgress(machine));
}

BOOST_AUTO_TEST_CASE(mpsc_goes_on_by_the_fairness_it_assumes_and_by_nothing_less) {
  const MpscMachine machine(
      {.senders = 2, .capacity = 1, .values = 1, .permits = 2, .cancels = 1, .runtime = false});
  check_each_kind_of_fairness(MpscProgress(machine));
}

/// The others are run by `quiesce explore`.
BOOST_AUTO_TEST_CASE(small_entries_of_the_manifest_come_out_as_pinned) {
  std::size_t entries = 0;
  for (const ManifestEntry& entry : manifest()) {
    const bool of_a_channel = entry.model == "notify" || entry.model == "mpsc";
    if (!of_a_channel || entry.states > 60'000) continue;
    const Run run = run_search(arguments_of(entry), {});
    BOOST_TEST(what_differs(entry, run.result) == "");
    ++entries;
  }
  BOOST_TEST(entries == 3U);
}

}  // namespace
}  // namespace quiesce::explore
