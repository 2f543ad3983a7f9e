// Lockstep in the order of commits: each event's answer against the specification's.
#include <algorithm>
#include <array>
#include <boost/unordered/unordered_flat_map.hpp>

#include "models/validate/compare.hpp"
#include "models/validate/judge.hpp"
#include "spec/invariants.hpp"
#include "spec/step.hpp"

namespace quiesce::validate {
namespace {

constexpr std::size_t events_between_clean_ups = 64;
constexpr std::size_t remembered_events = 512;
constexpr std::size_t most_events_shown = 6;
constexpr std::size_t most_rows_judged = 4096;

Finding bad_input(std::uint64_t line, std::string sentence) {
  Finding finding;
  finding.verdict = Verdict::BadInput;
  finding.line = line;
  finding.sentence = std::move(sentence);
  return finding;
}

Finding not_allowed(Unexplained unexplained) {
  Finding finding;
  finding.verdict = Verdict::NotAllowed;
  finding.unexplained = std::move(unexplained);
  return finding;
}

/// The specification's state, with what is over put away, and a way back by a few events.
class FollowedState {
 public:
  FollowedState(spec::State initial, bool keep_every_row)
      : state_(std::move(initial)), clean_(state_), keep_every_row_(keep_every_row) {}

  /// Must be called before a step or a look at what `named` names.
  void bring_back(const NamedRows& named) {
    if (keep_every_row_) return;
    const SomeRows rows = ended_.bring_back(named);
    if (rows.empty()) return;
    insert_rows(state_, rows);
    insert_rows(clean_, rows);
  }

  [[nodiscard]] Answer apply(const Event& event) {
    recent_[taken_++ % remembered_events] = event;
    ++since_clean_;
    return answer_to(state_, event);
  }
  /// Once in a while: what has ended goes out of the way.
  void clean_up() {
    if (since_clean_ < events_between_clean_ups) return;
    if (!keep_every_row_) ended_.put_away(state_);
    clean_ = state_;
    since_clean_ = 0;
  }
  void forget(const Released& released) {
    if (!keep_every_row_) ended_.forget(released);
  }

  [[nodiscard]] const spec::State& state() const { return state_; }
  [[nodiscard]] const EndedRows& ended() const { return ended_; }
  [[nodiscard]] spec::State whole() const { return ended_.whole(state_); }
  [[nodiscard]] RowCounts counts() const {
    const RowCounts away = ended_.counts();
    return {away.regions + state_.regions.size(), away.tasks + state_.tasks.size(),
            away.obligations + state_.obligations.size()};
  }

  /// The state before the event that was taken last.
  [[nodiscard]] spec::State before_last() const {
    spec::State state = clean_;
    for (std::size_t back = since_clean_; back > 1; --back)
      static_cast<void>(answer_to(state, nth_last(back)));
    return state;
  }
  /// The line of the event that was taken `back` events ago, 1 the last; 0 if it is forgotten.
  [[nodiscard]] std::uint64_t line_of_earlier(std::uint64_t back) const {
    return back <= std::min<std::uint64_t>(taken_, remembered_events) ? nth_last(back).line : 0;
  }
  /// The last events before the last one that concern what it is about, oldest first.
  [[nodiscard]] std::vector<Event> before_last_on(const NamedRows& named) const {
    std::vector<Event> found;
    const std::size_t known = std::min<std::size_t>(taken_, remembered_events);
    for (std::size_t back = 2; back <= known && found.size() < most_events_shown; ++back) {
      if (concerns(nth_last(back), named)) found.push_back(nth_last(back));
    }
    std::reverse(found.begin(), found.end());
    return found;
  }

 private:
  [[nodiscard]] const Event& nth_last(std::size_t n) const {
    return recent_[(taken_ - n) % remembered_events];
  }

  spec::State state_;
  spec::State clean_;  // as it was `since_clean_` events ago
  EndedRows ended_;
  bool keep_every_row_;
  std::array<Event, remembered_events> recent_{};
  std::uint64_t taken_ = 0;
  std::size_t since_clean_ = 0;
};

class TicketJudge final : public Judge {
 public:
  TicketJudge(const Header& header, spec::State initial, const Spending& spending)
      : spending_(spending),
        next_(header.first_ticket),
        first_(header.first_ticket),
        followed_(std::move(initial), spending.every_state) {
    names_.start(followed_.state());
  }

  std::optional<Finding> take(TraceLine line) override {
    return std::visit(overloaded{[](Header&) -> std::optional<Finding> { return std::nullopt; },
                                 [this](auto& read) { return arrive(read); }},
                      line);
  }

  std::optional<Finding> finish() override {
    if (!waiting_.empty()) return missing("the trace ends");
    if (!looks_.empty()) {
      const Look& look = looks_.begin()->second;
      return bad_input(line_of_look(look),
                       "this stands after ticket " + std::to_string(looks_.begin()->first) +
                           ", and the last ticket is " + std::to_string(next_ - 1));
    }
    counts_.rows = followed_.counts();
    return judge_whole_state();
  }

 private:
  using Look = std::variant<TraceSnapshot, Released>;

  static std::uint64_t line_of_look(const Look& look) {
    return std::visit([](const auto& read) { return read.line; }, look);
  }

  std::optional<Finding> arrive(Event& event) {
    if (const std::uint64_t line = line_of_ticket(event.ticket); line != 0)
      return bad_input(event.line, "ticket " + std::to_string(event.ticket) +
                                       " was drawn by line " + std::to_string(line) +
                                       " already; each event has a ticket of its own");
    auto& thread = threads_[event.thread];
    if (thread.line != 0 && event.ticket < thread.ticket)
      return bad_input(event.line, "thread " + std::to_string(event.thread) + " has ticket " +
                                       std::to_string(event.ticket) + " here and ticket " +
                                       std::to_string(thread.ticket) + " on line " +
                                       std::to_string(thread.line) +
                                       "; the lines of one thread stand in the order in which it "
                                       "did them");
    thread = {event.ticket, event.line};
    if (event.ticket == next_) {
      if (auto finding = in_turn(event)) return finding;
      return catch_up();
    }
    if (event.ticket < first_)
      return bad_input(event.line, "ticket " + std::to_string(event.ticket) +
                                       " comes before the first one, " + std::to_string(first_) +
                                       "; a header may say 'first_ticket'");
    if (event.ticket < next_)
      return bad_input(event.line, "ticket " + std::to_string(event.ticket) +
                                       " was drawn by an earlier line already; each event has a "
                                       "ticket of its own");
    waiting_.emplace(event.ticket, event);
    if (waiting_.size() > spending_.window)
      return missing(std::to_string(spending_.window) +
                     " lines wait for it (--window takes more of them)");
    return std::nullopt;
  }

  /// The line that drew a ticket, if it is one of the last or waits; else 0.
  [[nodiscard]] std::uint64_t line_of_ticket(std::uint64_t ticket) const {
    if (ticket < next_) return ticket < first_ ? 0 : followed_.line_of_earlier(next_ - ticket);
    const auto waiting = waiting_.find(ticket);
    return waiting == waiting_.end() ? 0 : waiting->second.line;
  }

  std::optional<Finding> arrive(TraceSnapshot& snapshot) { return arrive_look(snapshot); }
  std::optional<Finding> arrive(Released& released) { return arrive_look(released); }
  template <class Read>
  std::optional<Finding> arrive_look(Read& read) {
    if (read.after + 1 < next_)
      return bad_input(read.line, "this stands after ticket " + std::to_string(read.after) +
                                      ", but the event of ticket " + std::to_string(next_ - 1) +
                                      " came before this line; put it before the line of ticket " +
                                      std::to_string(read.after + 1));
    if (read.after + 1 == next_) return look(read);
    looks_.emplace(read.after, std::move(read));
    return std::nullopt;
  }

  /// A ticket that nobody has, although later ones are there.
  Finding missing(const std::string& when) {
    const Event& later = waiting_.begin()->second;
    return bad_input(later.line, "ticket " + std::to_string(next_) + " is missing: ticket " +
                                     std::to_string(later.ticket) + " stands on this line, and " +
                                     when + "; every event has its line, with the next ticket");
  }

  std::optional<Finding> catch_up() {
    while (true) {
      while (!looks_.empty() && looks_.begin()->first + 1 <= next_) {
        Look read = std::move(looks_.begin()->second);
        looks_.erase(looks_.begin());
        auto finding = std::visit([this](auto& what) { return look(what); }, read);
        if (finding) return finding;
      }
      if (waiting_.empty() || waiting_.begin()->first != next_) return std::nullopt;
      Event event = waiting_.begin()->second;
      waiting_.erase(waiting_.begin());
      if (auto finding = in_turn(event)) return finding;
    }
  }

  std::optional<Finding> in_turn(Event& event) {
    if (std::string wrong = names_.take(event); !wrong.empty())
      return bad_input(event.line, std::move(wrong));
    followed_.bring_back(named_by(event.action));
    const std::optional<spec::State> before =
        spending_.every_state ? std::optional(followed_.state()) : std::nullopt;
    const Answer spec_says = followed_.apply(event);
    if (!explains(spec_says, event)) return unexplained(event, spec_says);
    ++next_;
    ++counts_.events;
    counts_.threads = threads_.size();
    if (before) {
      if (auto finding = judge_step(*before, event)) return finding;
    }
    followed_.clean_up();
    return std::nullopt;
  }

  Finding unexplained(const Event& event, const Answer& spec_says) {
    const spec::State before = followed_.before_last();
    Unexplained report = unexplained_answer(event, spec_says);
    report.rows = rows_in_words(event, before, followed_.ended());
    report.before = followed_.before_last_on(concerned_by(event, before));
    return not_allowed(std::move(report));
  }

  std::optional<Finding> look(TraceSnapshot& snapshot) {
    if (std::string wrong = names_.take(snapshot); !wrong.empty())
      return bad_input(snapshot.line, std::move(wrong));
    ++counts_.snapshots;
    counts_.rows_compared +=
        snapshot.regions.size() + snapshot.tasks.size() + snapshot.obligations.size();
    std::vector<std::string> lines = differences(snapshot, followed_.state(), followed_.ended());
    if (!lines.empty()) {
      const LeakPolicy& leaks = followed_.state().leak_policy;
      return not_allowed(unexplained_snapshot(snapshot, leaks, std::move(lines)));
    }
    return snapshot.is_whole() ? judge_whole_state() : std::nullopt;
  }

  std::optional<Finding> look(Released& released) {
    if (std::string wrong = names_.take(released); !wrong.empty())
      return bad_input(released.line, std::move(wrong));
    followed_.forget(released);
    return std::nullopt;
  }

  /// The specification's own invariants, on all rows there are.
  std::optional<Finding> judge_whole_state() {
    const RowCounts rows = followed_.counts();
    if (names_.any_released() || rows.regions + rows.tasks + rows.obligations > most_rows_judged)
      return std::nullopt;
    ++counts_.states_judged;
    return broken(spec::first_violation(followed_.whole()), nullptr);
  }
  std::optional<Finding> judge_step(const spec::State& before, const Event& event) {
    ++counts_.steps_judged;
    const spec::Transition step{before, event.action, event.answer, followed_.state()};
    if (auto finding = broken(spec::first_violation(step), &event)) return finding;
    ++counts_.states_judged;
    return broken(spec::first_violation(followed_.state()), &event);
  }
  static std::optional<Finding> broken(const std::optional<spec::NamedViolation>& violation,
                                       const Event* event) {
    if (!violation) return std::nullopt;
    Unexplained report;
    report.id = std::string(violation->id);
    report.sentence = "the specification itself breaks it: " + violation->fact;
    if (event != nullptr) {
      report.line = event->line;
      report.event = *event;
    }
    return not_allowed(std::move(report));
  }

  struct LastOfThread {
    std::uint64_t ticket = 0;
    std::uint64_t line = 0;
  };

  Spending spending_;
  std::uint64_t next_;
  std::uint64_t first_;
  FollowedState followed_;
  KnownNames names_;
  boost::unordered_flat_map<std::uint64_t, LastOfThread> threads_;
  std::map<std::uint64_t, Event> waiting_;    // by ticket
  std::multimap<std::uint64_t, Look> looks_;  // by the ticket that they stand after
};

}  // namespace

std::unique_ptr<Judge> judge_tickets(const Header& header, spec::State initial,
                                     const Spending& spending) {
  return std::make_unique<TicketJudge>(header, std::move(initial), spending);
}

}  // namespace quiesce::validate
