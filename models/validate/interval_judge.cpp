// Linearizability over a stream of intervals: every order that is still possible, carried along.
//
// Just-in-time linearization (Lowe, "Testing for linearizability", 2017). A possibility is a state
// of the specification and the set of events in progress that took effect already. When an event
// ends it must have taken effect in every possibility that stays: each is extended by the events in
// progress, in every order whose answers the specification gives, until the ended one is among
// them. Nothing is kept of what is over, so that a trace may be as long as it likes. The search of
// models/refine looks for one order of a short history as a whole; the two are compared in the
// tests.
#include <algorithm>
#include <array>
#include <bit>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <queue>

#include "models/validate/compare.hpp"
#include "models/validate/judge.hpp"
#include "spec/step.hpp"

namespace quiesce::validate {
namespace {

constexpr std::size_t most_in_progress = 64;
constexpr std::size_t ends_between_clean_ups = 64;
constexpr std::size_t remembered_events = 512;
constexpr std::size_t most_events_shown = 6;
constexpr std::size_t most_answers_shown = 4;

/// An event in progress, or a look at the state in progress.
using Progress = std::variant<Event, TraceSnapshot>;

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

/// A state that is possible now, and which of the events in progress have taken effect in it.
struct Possibility {
  spec::State state;
  std::uint64_t taken = 0;  // a bit for each slot
  friend bool operator==(const Possibility&, const Possibility&) = default;
};
struct PossibilityHash {
  std::size_t operator()(const Possibility* possibility) const {
    return spec::hash_value(possibility->state) ^ (possibility->taken * 0x9E37'79B9'7F4A'7C15U);
  }
};
struct SamePossibility {
  bool operator()(const Possibility* a, const Possibility* b) const { return *a == *b; }
};

class IntervalJudge final : public Judge {
 public:
  IntervalJudge(spec::State initial, const Spending& spending) : spending_(spending) {
    names_.start(initial);
    possible_.push_back({std::move(initial), 0});
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
    const RowCounts away = ended_.counts();
    const spec::State& state = possible_.front().state;
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
      if (thread_of(slots_[at->second]) == thread) return at;
    }
    return ends_.end();
  }

  std::optional<Finding> begin(Progress progress) {
    if (auto finding = one_at_a_time(progress)) return finding;
    std::string wrong = std::visit([this](auto& read) { return names_.take(read); }, progress);
    if (!wrong.empty()) return bad_input(line_of(progress), std::move(wrong));
    if (const auto* const event = std::get_if<Event>(&progress)) bring_back(event->action);
    const auto free = static_cast<std::size_t>(std::countr_one(in_use_));
    if (free >= most_in_progress)
      return undecided(line_of(progress), "more than " + std::to_string(most_in_progress) +
                                              " events are in progress at once here, more than "
                                              "the search can hold");
    in_use_ |= std::uint64_t{1} << free;
    ends_.emplace(end_of(progress), free);
    slots_[free] = std::move(progress);
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

  void bring_back(const Action& action) {
    const SomeRows rows = ended_.bring_back(named_by(action));
    if (rows.empty()) return;
    for (Possibility& possibility : possible_) insert_rows(possibility.state, rows);
  }

  /// The event that ends must have taken effect.
  std::optional<Finding> end_at(InProgress::iterator at) {
    const std::size_t slot = at->second;
    const bool finished = extend_until_taken(slot);
    if (interrupted_) return undecided(line_of(slots_[slot]), "interrupted here");
    if (!finished)
      return undecided(line_of(slots_[slot]),
                       "more than " + std::to_string(spending_.search_budget) +
                           " steps would be needed to find the orders that are possible here; "
                           "--budget takes more, and tickets need none");
    if (next_possible_.empty()) return unexplained(slot);
    ends_.erase(at);
    in_use_ &= ~(std::uint64_t{1} << slot);
    if (const auto* const event = std::get_if<Event>(&slots_[slot])) {
      recent_[counts_.events % remembered_events] = *event;
      ++counts_.events;
    } else {
      ++counts_.snapshots;
      const auto& snapshot = std::get<TraceSnapshot>(slots_[slot]);
      counts_.rows_compared +=
          snapshot.regions.size() + snapshot.tasks.size() + snapshot.obligations.size();
    }
    possible_.clear();
    for (Possibility& possibility : next_possible_) possible_.push_back(std::move(possibility));
    counts_.most_states = std::max(counts_.most_states, std::uint64_t{possible_.size()});
    clean_up();
    return std::nullopt;
  }

  static constexpr std::uint64_t steps_between_looks = 512;
  std::uint64_t steps_in_all_ = 0;
  bool interrupted_ = false;

  void clean_up() {
    if (++since_clean_ < ends_between_clean_ups) return;
    since_clean_ = 0;
    std::vector<spec::State*> states;
    for (Possibility& possibility : possible_) states.push_back(&possibility.state);
    ended_.put_away(states);
    // Rows that an event in progress names must stay; they are brought back at once.
    for (std::uint64_t left = in_use_; left != 0; left &= left - 1) {
      const auto slot = static_cast<std::size_t>(std::countr_zero(left));
      if (const auto* const event = std::get_if<Event>(&slots_[slot])) bring_back(event->action);
    }
  }

  /// Every possibility in which the event of `wanted` has taken effect, each as soon as it has;
  /// false if the budget was used up.
  bool extend_until_taken(std::size_t wanted) {
    next_possible_.clear();
    seen_.clear();
    reached_.clear();
    const std::uint64_t bit = std::uint64_t{1} << wanted;
    std::uint64_t steps = 0;
    for (Possibility& possibility : possible_) reach(std::move(possibility));
    for (std::size_t at = 0; at < reached_.size(); ++at) {
      if ((reached_[at].taken & bit) != 0) continue;
      for (std::uint64_t left = in_use_ & ~reached_[at].taken; left != 0; left &= left - 1) {
        if (++steps > spending_.search_budget) return false;
        if (++steps_in_all_ % steps_between_looks == 0 && !spending_.go_on()) {
          interrupted_ = true;
          return false;
        }
        const auto slot = static_cast<std::size_t>(std::countr_zero(left));
        Possibility next{reached_[at].state, reached_[at].taken | (std::uint64_t{1} << slot)};
        if (takes_effect(slots_[slot], next.state)) reach(std::move(next));
      }
    }
    for (const Possibility& possibility : reached_) {
      if ((possibility.taken & bit) == 0) continue;
      next_possible_.push_back({possibility.state, possibility.taken & ~bit});
    }
    return true;
  }

  void reach(Possibility possibility) {
    reached_.push_back(std::move(possibility));
    if (!seen_.insert(&reached_.back()).second) reached_.pop_back();
  }

  bool takes_effect(const Progress& progress, spec::State& state) {
    if (const auto* const event = std::get_if<Event>(&progress))
      return spec::apply(state, event->action) == event->answer;
    return differences(std::get<TraceSnapshot>(progress), state, ended_).empty();
  }

  /// No order explains the event of `slot`: what could have come next, and what it would answer.
  Finding unexplained(std::size_t slot) {
    Unexplained report;
    const auto* const event = std::get_if<Event>(&slots_[slot]);
    const spec::State& one = reached_.back().state;
    if (event == nullptr) {
      const auto& snapshot = std::get<TraceSnapshot>(slots_[slot]);
      report = unexplained_snapshot(snapshot, one.leak_policy, differences(snapshot, one, ended_));
      report.details.insert(
          report.details.begin(),
          "against one of " + std::to_string(reached_.size()) + " states that are possible there:");
    } else {
      spec::State state = one;
      report = unexplained_answer(*event, spec::apply(state, event->action));
      report.id = "refine.linearizable";
      report.rows = rows_in_words(event->action, one);
      const NamedRows named = concerned_by(event->action, one);
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
    for (std::uint64_t left = in_use_; left != 0; left &= left - 1) {
      const auto slot = static_cast<std::size_t>(std::countr_zero(left));
      const auto* const event = std::get_if<Event>(&slots_[slot]);
      if (event == nullptr) continue;
      Option option{*event, {}};
      for (const Possibility& possibility : reached_) {
        if ((possibility.taken >> slot & 1U) != 0) continue;
        spec::State state = possibility.state;
        std::string says = in_words(spec::apply(state, event->action), event->answer);
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
  EndedRows ended_;
  std::vector<Possibility> possible_;
  std::vector<Possibility> next_possible_;
  std::deque<Possibility> reached_;
  boost::unordered_flat_set<const Possibility*, PossibilityHash, SamePossibility> seen_;
  std::array<Progress, most_in_progress> slots_;
  std::uint64_t in_use_ = 0;                        // a bit for each slot
  InProgress ends_;                                 // end -> slot
  std::multimap<std::uint64_t, Progress> waiting_;  // by begin
  std::uint64_t admitted_begin_ = 0;
  boost::unordered_flat_map<std::uint64_t, LastOfThread> threads_;
  std::array<Event, remembered_events> recent_{};
  std::size_t since_clean_ = 0;
};

}  // namespace

std::unique_ptr<Judge> judge_intervals(spec::State initial, const Spending& spending) {
  return std::make_unique<IntervalJudge>(std::move(initial), spending);
}

}  // namespace quiesce::validate
