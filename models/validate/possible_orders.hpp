// PossibleOrders: the states that the events in progress may have led to, carried along.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "models/validate/ended_rows.hpp"
#include "models/validate/event.hpp"
#include "models/validate/judge.hpp"

namespace quiesce::validate {

/// An event in progress, or a look at the state in progress.
using Progress = std::variant<Event, TraceSnapshot>;

/// A state that is possible now, and which of the events in progress have taken effect in it.
struct Possibility {
  spec::State state;
  std::uint64_t taken = 0;  // a bit for each slot
  std::uint64_t hash = 0;   // of the state
  friend bool operator==(const Possibility& a, const Possibility& b) {
    return a.hash == b.hash && a.taken == b.taken && a.state == b.state;
  }
};

/// Just-in-time linearization (Lowe, "Testing for linearizability", 2017). When an event ends it
/// must have taken effect in every possibility that stays: each is extended by the events in
/// progress, in every order whose answers the specification gives, until the ended one is among
/// them. No state with the same events taken is extended twice.
///
/// Two things keep the possibilities few, and leave out no verdict:
///   - What was refused, or only looks, takes effect at once where it fits: it changes nothing,
///     whenever it does, so whatever could follow without it can follow with it.
///   - A possibility that another one leads to by events in progress is dropped: whatever can
///   follow
///     it can follow the other, which only took less.
/// So what commutes is not taken before it has to be, and a thread that stands still costs little
/// as long as what it does commutes with what the others do.
///
///   cost     for an event that ends: the possibilities, times two to the power of the events in
///            progress that are ready and change something; `Spending` bounds it
class PossibleOrders {
 public:
  static constexpr std::size_t most_in_progress = 64;

  PossibleOrders(spec::State initial, const Spending& spending);

  /// What begins gets a slot; none if all are in use.
  [[nodiscard]] std::optional<std::size_t> begin(Progress progress);

  enum class Ended : std::uint8_t {
    Explained,    // it took effect in every possibility that stays
    Unexplained,  // in none
    TooLong,      // more steps than an event may cost
    TooLongInAll,
    Interrupted,
  };
  /// The event of a slot ends. If it is explained, its slot is free again.
  [[nodiscard]] Ended end(std::size_t slot);

  [[nodiscard]] const Progress& in_slot(std::size_t slot) const { return slots_[slot]; }
  [[nodiscard]] std::uint64_t slots_in_use() const { return in_use_; }
  [[nodiscard]] const std::vector<Possibility>& possible() const { return possible_; }
  /// What was reached in the last search, the possibilities that it began with first.
  [[nodiscard]] const std::deque<Possibility>& reached() const { return reached_; }
  [[nodiscard]] const EndedRows& ended_rows() const { return ended_; }
  /// Steps of the specification that were taken.
  [[nodiscard]] std::uint64_t steps() const { return steps_; }

 private:
  /// What the events in progress do to a possibility.
  struct Around {
    std::uint64_t changes_nothing = 0;  // a bit for each slot
    std::vector<Possibility> leads_to;
  };

  void bring_back(const Action& action);
  void clean_up();
  [[nodiscard]] std::optional<Ended> search(std::uint64_t wanted);
  [[nodiscard]] std::optional<Ended> look_around(const Possibility& here, std::uint64_t slots);
  [[nodiscard]] std::optional<Ended> spend_a_step();
  void reach(Possibility possibility);
  [[nodiscard]] std::optional<Ended> drop_what_others_lead_to();

  struct HashOf {
    std::size_t operator()(const Possibility* possibility) const;
  };
  struct Same {
    bool operator()(const Possibility* a, const Possibility* b) const { return *a == *b; }
  };

  Spending spending_;
  EndedRows ended_;
  std::vector<Possibility> possible_;
  std::deque<Possibility> reached_;
  boost::unordered_flat_set<const Possibility*, HashOf, Same> seen_;
  std::vector<Possibility> found_;  // those in which the wanted event took effect
  Around around_;                   // of the possibility that was looked at last
  spec::State after_;               // a copy of its state, for one event after the other
  std::array<Progress, most_in_progress> slots_;
  std::uint64_t in_use_ = 0;  // a bit for each slot
  std::uint64_t idle_ = 0;    // the slots of what changes nothing, whenever it takes effect
  std::uint64_t steps_ = 0;
  std::uint64_t steps_of_event_ = 0;
  std::size_t since_clean_ = 0;
};

}  // namespace quiesce::validate
