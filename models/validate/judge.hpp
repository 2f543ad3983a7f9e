// Judges: each takes the lines of a trace one by one and says the first thing that is wrong.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/validate/ended_rows.hpp"
#include "models/validate/event.hpp"
#include "models/validate/name_set.hpp"

namespace quiesce::validate {

enum class Verdict : std::uint8_t {
  Allowed,
  NotAllowed,
  Undecided,  // the search was given up, or interrupted
  BadInput,
};

/// One of the events that could have come next, and what the specification would have answered.
struct Option {
  Event event;
  std::vector<std::string> spec_says;  // in each state that is possible there, each answer once
};

/// The first thing that the specification cannot explain.
struct Unexplained {
  std::uint64_t line = 0;
  std::optional<Event> event;  // none: a snapshot, or the specification itself
  std::string id;              // "refine.answer", "refine.state", an invariant that is broken
  std::string sentence;        // what the event is, or what differs
  std::string spec_says;       // the answer that the specification gives, with the guard in words
  std::vector<std::string> details;  // rows of a snapshot that differ
  std::vector<std::string> rows;     // of the specification before the event, those that matter
  std::vector<Event> before;         // the last events on the same entities, oldest first
  std::vector<Option> frontier;      // intervals: what could have come next
};

/// How a judgement ends early.
///   state    `sentence` for BadInput (with the line it is about) and for Undecided
struct Finding {
  Verdict verdict{};
  std::uint64_t line = 0;
  std::string sentence;
  std::optional<Unexplained> unexplained;
};

/// What was done, for the report.
struct Counts {
  std::uint64_t events = 0;
  std::uint64_t threads = 0;
  std::uint64_t snapshots = 0;
  std::uint64_t rows_compared = 0;
  std::uint64_t states_judged = 0;  // whole states of the specification, by every invariant
  std::uint64_t steps_judged = 0;   // steps, by every property of steps
  std::uint64_t widest = 0;         // intervals: most events in progress at once
  std::uint64_t most_states = 0;    // intervals: most states that were possible at once
  std::uint64_t steps = 0;          // intervals: steps of the specification that were taken
  RowCounts rows{};
};

/// What a judge may spend.
struct Spending {
  std::size_t window = 100'000;                 // lines that wait for an earlier one
  std::uint64_t search_budget = 200'000;        // intervals: steps of the specification an event
  std::uint64_t budget_in_all = 1'000'000'000;  // intervals: the same for the whole trace
  bool every_state = false;  // keep every row, evaluate every invariant after every event
  std::function<bool()> go_on = [] { return true; };  // asked every few hundred steps
};

/// Names that a trace gave out and released.
class KnownNames {
 public:
  /// Takes the Names of an initial state.
  void start(const spec::State& state);
  /// What is wrong with the Names of an event; else notes what it created, and in the event if
  /// there is an entity of that Name already.
  [[nodiscard]] std::string take(Event& event);
  /// What is wrong with a release; else notes it.
  [[nodiscard]] std::string take(const Released& released);
  [[nodiscard]] std::string take(const TraceSnapshot& snapshot) const;
  [[nodiscard]] bool any_released() const { return any_released_; }

 private:
  struct OfAKind {
    NameSet created;
    NameSet released;
  };
  OfAKind& of(RegionName) { return regions_; }
  OfAKind& of(TaskName) { return tasks_; }
  OfAKind& of(ObligationName) { return obligations_; }

  OfAKind regions_;
  OfAKind tasks_;
  OfAKind obligations_;
  bool any_released_ = false;
};

class Judge {
 public:
  virtual ~Judge() = default;
  /// Takes the next line; something if that ends the judgement.
  [[nodiscard]] virtual std::optional<Finding> take(TraceLine line) = 0;
  /// The trace is over.
  [[nodiscard]] virtual std::optional<Finding> finish() = 0;
  [[nodiscard]] const Counts& counts() const { return counts_; }

 protected:
  Counts counts_;
};

[[nodiscard]] std::unique_ptr<Judge> judge_tickets(const Header& header, spec::State initial,
                                                   const Spending& spending);
[[nodiscard]] std::unique_ptr<Judge> judge_intervals(spec::State initial, const Spending& spending);

/// The state that a trace starts with; `error` if the header gives one that cannot be.
struct InitialState {
  spec::State state;
  std::string error;
};
[[nodiscard]] InitialState initial_state(const Header& header);

}  // namespace quiesce::validate
