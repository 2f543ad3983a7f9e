// The search of models/refine, asked about the same history as the judge of intervals.
#pragma once

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <tuple>
#include <utility>
#include <vector>

#include "models/refine/linearizability.hpp"
#include "models/refine/numbers.hpp"
#include "models/validate/event.hpp"
#include "tests/validate/traces.hpp"

namespace quiesce::validate::traces {

/// What the other search says of the same history.
inline refine::Linearizable other_verdict(const std::vector<Event>& events) {
  refine::SpecMemo memo;
  refine::Coverage coverage;
  refine::History history;
  // It numbers all begins and ends. At one stamp events overlap, but for those of one thread.
  struct Point {
    std::uint64_t stamp;
    int kind;  // begins, ends of a thread that begins again, its begins, other ends
    std::size_t event;
    bool is_begin;
  };
  std::vector<Point> points;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto meets = [&](std::uint64_t Event::*mine, std::uint64_t Event::*other) {
      return std::any_of(events.begin(), events.end(), [&](const Event& event) {
        return &event != &events[i] && event.thread == events[i].thread &&
               event.*other == events[i].*mine;
      });
    };
    points.push_back({events[i].begin, meets(&Event::begin, &Event::end) ? 2 : 0, i, true});
    points.push_back({events[i].end, meets(&Event::end, &Event::begin) ? 1 : 3, i, false});
  }
  std::stable_sort(points.begin(), points.end(), [](const Point& a, const Point& b) {
    return std::tie(a.stamp, a.kind) < std::tie(b.stamp, b.kind);
  });
  std::vector<std::uint32_t> begin(events.size());
  std::vector<std::uint32_t> end(events.size());
  std::uint32_t number = 0;
  for (const Point& point : points) (point.is_begin ? begin : end)[point.event] = number++;
  std::vector<std::size_t> order(events.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return begin[a] < begin[b]; });
  for (const std::size_t i : order) {
    refine::Operation operation;
    operation.invoked = begin[i];
    operation.responded = end[i];
    operation.has_responded = true;
    operation.action = events[i].action;
    operation.answer = events[i].answer;
    operation.action_id = memo.intern(operation.action);
    history.push_back(operation);
  }
  refine::Linearizability search(memo);
  return search.check(history, nullptr, 1'000'000, coverage).verdict;
}

/// Makes an answer wrong, swaps two actions, or leaves an event out; most of the time nothing
/// explains what is left.
inline void spoil(std::vector<Event>& events, std::uint64_t seed) {
  refine::Numbers numbers(refine::derived(seed, 2));
  Event& victim = events[numbers.below(events.size())];
  switch (seed % 4) {
    case 0: victim.answer = done(); break;
    case 1: victim.answer = refused(Guard::TaskLive); break;
    case 2: std::swap(victim.action, events[numbers.below(events.size())].action); break;
    default: events.erase(events.begin() + numbers.below(events.size()));
  }
}

/// Histories that both searches were asked about, by what both said.
struct Agreement {
  std::size_t allowed = 0;
  std::size_t not_allowed = 0;

  /// Asks both, and fails the test if they do not agree. A swap may give a name twice, which only
  /// the judge of traces has a sentence about: that is not counted.
  Report ask(const std::vector<Event>& events, std::uint64_t seed) {
    const auto other_says = other_verdict(events);
    BOOST_TEST_REQUIRE((other_says != refine::Linearizable::Unknown));
    Report report = verdict_on(text_of(events, Order::Intervals));
    if (report.first && report.first->id == "refine.name") return report;
    const bool agrees =
        (report.verdict == Verdict::Allowed) == (other_says == refine::Linearizable::Yes);
    BOOST_TEST_REQUIRE(agrees, "seed " << seed << "\n"
                                       << text_of(events, Order::Intervals)
                                       << report_text(report, 1));
    ++(report.verdict == Verdict::Allowed ? allowed : not_allowed);
    return report;
  }
};

}  // namespace quiesce::validate::traces
