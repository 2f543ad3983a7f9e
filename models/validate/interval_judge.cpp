// Linearizability over a stream of intervals: every order that is still possible, carried along.
//
// This file reads begins and ends in their order; possible_orders.hpp searches. The search of
// models/refine looks for one order of a short history as a whole; the two are compared in the
// tests.
#include <algorithm>
#include <array>
#include <bit>
#include <boost/unordered/unordered_flat_map.hpp>

#include "models/report/text_table.hpp"
#include "models/validate/compare.hpp"
#include "models/validate/judge.hpp"
#include "models/validate/possible_orders.hpp"

namespace quiesce::validate {
namespace {

constexpr std::size_t remembered_events = 512;
constexpr std::size_t most_events_shown = 6;
constexpr std::size_t most_answers_shown = 4;

std::uint64_t begin_of(const Progress& progress) {
  return std::visit([](const auto& read) { return read.begin; }, progress);
}
std::uint64_t end_of(const Progress& progress) {
  return std::visit([](const auto& read) { return read.end; }, progress);
}
std::uint64_t line_of(const Progress& progress) {
  return std::visit([](const auto& read) { return read.line; }, progress);
}
std::uint64_t thread_of(const Progress& progress) {
  return std::visit([](const auto& read) { return read.thread; }, progress);
}

class IntervalJudge final : public Judge {
 public:
  IntervalJudge(spec::State initial, const Spending& spending)
      : spending_(spending), orders_(initial, spending) {
    names_.start(initial);
  }

  std::optional<Finding> take(TraceLine line) override {
    if (auto* const event = std::get_if<Event>(&line)) return arrive(std::move(*event));
    if (auto* const snapshot = std::get_if<TraceSnapshot>(&line))
      return arrive(std::move(*snapshot));
    return std::nullopt;
  }

  std::optional<Finding> finish() override {
    while (!waiting_.empty()) {
      if (auto finding = admit_first()) return finding;
    }
    while (!ends_.empty()) {
      if (auto finding = end_at(ends_.begin())) return finding;
    }
    const RowCounts away = orders_.ended_rows().counts();
    const spec::State& state = orders_.possible().front().state;
    counts_.rows = {away.regions + state.regions.size(), away.tasks + state.tasks.size(),
                    away.obligations + state.obligations.size()};
    return std::nullopt;
  }

 private:
  /// Lines wait in the order of their begin, so that a file may be a little out of order.
  std::optional<Finding> arrive(Progress progress) {
    if (begin_of(progress) < admitted_begin_)
      return bad_input(line_of(progress),
                       "this begins at " + std::to_string(begin_of(progress)) +
                           ", and what begins at " + std::to_string(admitted_begin_) +
                           " was taken already; sort the lines by 'begin', or --window keeps more "
                           "of them");
    waiting_.emplace(begin_of(progress), std::move(progress));
    if (waiting_.size() <= spending_.window) return std::nullopt;
    return admit_first();
  }

  std::optional<Finding> admit_first() {
    admitted_begin_ = waiting_.begin()->first;
    // What ended before this stamp had taken effect by then.
    while (!ends_.empty() && ends_.begin()->first < admitted_begin_) {
      if (auto finding = end_at(ends_.begin())) return finding;
    }
    // At the same stamp events overlap, but those of one thread never do: its event ends first,
    // after all that others begin.
    const auto same_stamp = waiting_.equal_range(admitted_begin_);
    auto chosen = std::find_if(same_stamp.first, same_stamp.second, [this](const auto& waiting) {
      return end_of_thread(thread_of(waiting.second)) == ends_.end();
    });
    if (chosen == same_stamp.second) {
      chosen = same_stamp.first;
      if (auto finding = end_at(end_of_thread(thread_of(chosen->second)))) return finding;
    }
    Progress progress = std::move(chosen->second);
    waiting_.erase(chosen);
    return begin(std::move(progress));
  }

  using InProgress = std::multimap<std::uint64_t, std::size_t>;

  /// The event of a thread that ends at the stamp that was reached.
  InProgress::iterator end_of_thread(std::uint64_t thread) {
    for (auto at = ends_.begin(); at != ends_.end() && at->first == admitted_begin_; ++at) {
      if (thread_of(orders_.in_slot(at->second)) == thread) return at;
    }
    return ends_.end();
  }

  std::optional<Finding> begin(Progress progress) {
    if (auto finding = one_at_a_time(progress)) return finding;
    std::string wrong = std::visit([this](auto& read) { return names_.take(read); }, progress);
    if (!wrong.empty()) return bad_input(line_of(progress), std::move(wrong));
    const std::uint64_t line = line_of(progress);
    const std::uint64_t end = end_of(progress);
    const auto slot = orders_.begin(std::move(progress));
    if (!slot)
      return undecided(line, "more than " + std::to_string(PossibleOrders::most_in_progress) +
                                 " events are in progress at once here, more than the search can "
                                 "hold; tickets need none");
    ends_.emplace(end, *slot);
    counts_.widest = std::max(counts_.widest, std::uint64_t{ends_.size()});
    return std::nullopt;
  }

  /// A thread does one thing at a time.
  std::optional<Finding> one_at_a_time(const Progress& progress) {
    auto& last = threads_[thread_of(progress)];
    if (last.line != 0 && begin_of(progress) < last.end)
      return bad_input(line_of(progress),
                       "thread " + std::to_string(thread_of(progress)) + " begins this at " +
                           std::to_string(begin_of(progress)) + ", before its event of line " +
                           std::to_string(last.line) + " ends at " + std::to_string(last.end) +
                           "; a thread does one thing at a time");
    last = {end_of(progress), line_of(progress)};
    counts_.threads = threads_.size();
    return std::nullopt;
  }

  /// The event that ends must have taken effect.
  std::optional<Finding> end_at(InProgress::iterator at) {
    const std::size_t slot = at->second;
    const Progress progress = orders_.in_slot(slot);
    const PossibleOrders::Ended ended = orders_.end(slot);
    counts_.steps = orders_.steps();
    if (ended == PossibleOrders::Ended::Unexplained) return unexplained(slot);
    if (ended != PossibleOrders::Ended::Explained) return given_up(progress, ended);
    ends_.erase(at);
    if (const auto* const event = std::get_if<Event>(&progress)) {
      recent_[counts_.events % remembered_events] = *event;
      ++counts_.events;
    } else {
      ++counts_.snapshots;
      const auto& snapshot = std::get<TraceSnapshot>(progress);
      counts_.rows_compared +=
          snapshot.regions.size() + snapshot.tasks.size() + snapshot.obligations.size();
    }
    counts_.most_states = std::max(counts_.most_states, std::uint64_t{orders_.possible().size()});
    return std::nullopt;
  }

  Finding given_up(const Progress& at, PossibleOrders::Ended why) const {
    if (why == PossibleOrders::Ended::Interrupted)
      return undecided(line_of(at), "interrupted here");
    const auto* const event = std::get_if<Event>(&at);
    const std::string where = "at the end of " +
                              (event != nullptr ? event_text(*event) : std::string("a snapshot")) +
                              ", where " + std::to_string(ends_.size()) +
                              (ends_.size() == 1 ? " event is" : " events are") + " in progress; ";
    if (why == PossibleOrders::Ended::TooLongInAll)
      return undecided(line_of(at), "the whole trace took more than " +
                                        report::with_commas(spending_.budget_in_all) + " steps, " +
                                        where +
                                        "--budget-in-all takes more, and tickets need none");
    return undecided(line_of(at),
                     "more than " + report::with_commas(spending_.search_budget) +
                         " steps would be needed to find the orders that are possible " + where +
                         "--budget takes more, and tickets need none");
  }

  /// No order explains the event of `slot`: what could have come next, and what it would answer.
  Finding unexplained(std::size_t slot) {
    Unexplained report;
    const auto* const event = std::get_if<Event>(&orders_.in_slot(slot));
    const spec::State& one = orders_.reached().back().state;
    if (event == nullptr) {
      const auto& snapshot = std::get<TraceSnapshot>(orders_.in_slot(slot));
      report = unexplained_snapshot(snapshot, one.leak_policy,
                                    differences(snapshot, one, orders_.ended_rows()));
      report.details.insert(report.details.begin(), "against one of " +
                                                        std::to_string(orders_.reached().size()) +
                                                        " states that are possible there:");
    } else {
      spec::State state = one;
      report = unexplained_answer(*event, answer_to(state, *event));
      if (!event->name_is_taken) report.id = "refine.linearizable";
      report.rows = rows_in_words(*event, one, orders_.ended_rows());
      const NamedRows named = concerned_by(*event, one);
      for (std::size_t back = 1;
           back <= std::min<std::uint64_t>(counts_.events, remembered_events) &&
           report.before.size() < most_events_shown;
           ++back) {
        const Event& earlier = recent_[(counts_.events - back) % remembered_events];
        if (concerns(earlier, named)) report.before.insert(report.before.begin(), earlier);
      }
    }
    report.frontier = frontier();
    Finding finding;
    finding.verdict = Verdict::NotAllowed;
    finding.unexplained = std::move(report);
    return finding;
  }

  std::vector<Option> frontier() {
    std::vector<Option> options;
    for (std::uint64_t left = orders_.slots_in_use(); left != 0; left &= left - 1) {
      const auto slot = static_cast<std::size_t>(std::countr_zero(left));
      const auto* const event = std::get_if<Event>(&orders_.in_slot(slot));
      if (event == nullptr) continue;
      Option option{*event, {}};
      for (const Possibility& possibility : orders_.reached()) {
        if ((possibility.taken >> slot & 1U) != 0) continue;
        spec::State state = possibility.state;
        std::string says = in_words(answer_to(state, *event), event->answer);
        const bool known = std::find(option.spec_says.begin(), option.spec_says.end(), says) !=
                           option.spec_says.end();
        if (!known && option.spec_says.size() < most_answers_shown)
          option.spec_says.push_back(std::move(says));
      }
      options.push_back(std::move(option));
    }
    return options;
  }

  static Finding bad_input(std::uint64_t line, std::string sentence) {
    return {Verdict::BadInput, line, std::move(sentence), {}};
  }
  static Finding undecided(std::uint64_t line, std::string sentence) {
    return {Verdict::Undecided, line, std::move(sentence), {}};
  }

  struct LastOfThread {
    std::uint64_t end = 0;
    std::uint64_t line = 0;
  };

  Spending spending_;
  KnownNames names_;
  PossibleOrders orders_;
  InProgress ends_;                                 // end -> slot
  std::multimap<std::uint64_t, Progress> waiting_;  // by begin
  std::uint64_t admitted_begin_ = 0;
  boost::unordered_flat_map<std::uint64_t, LastOfThread> threads_;
  std::array<Event, remembered_events> recent_{};
};

}  // namespace

std::unique_ptr<Judge> judge_intervals(spec::State initial, const Spending& spending) {
  return std::make_unique<IntervalJudge>(std::move(initial), spending);
}

}  // namespace quiesce::validate
