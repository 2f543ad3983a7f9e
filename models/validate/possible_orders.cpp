#include "models/validate/possible_orders.hpp"

#include <algorithm>
#include <bit>

#include "models/validate/compare.hpp"

namespace quiesce::validate {
namespace {

constexpr std::size_t ends_between_clean_ups = 64;
constexpr std::uint64_t steps_between_looks = 512;

constexpr std::uint64_t bit_of(std::size_t slot) {
  return std::uint64_t{1} << slot;
}

/// Calls visit(slot) for each bit.
template <class Visit>
void for_each_slot(std::uint64_t slots, Visit&& visit) {
  for (std::uint64_t left = slots; left != 0; left &= left - 1)
    visit(static_cast<std::size_t>(std::countr_zero(left)));
}

/// True if nothing that follows depends on when it takes effect. An action that was not refused may
/// change nothing now, and something a moment later: a checkpoint of a masked task, after a cancel.
bool changes_nothing_ever(const Progress& progress) {
  const auto* const event = std::get_if<Event>(&progress);
  return event == nullptr || std::holds_alternative<Refused>(event->answer);
}

/// Makes rows again what they were: only the marked ones were written to.
template <class Rows>
void take_back_rows(Rows& rows, const Rows& before) {
  if (rows.size() != before.size()) {
    rows = before;
  } else {
    rows.for_each_marked([&](std::size_t place) { rows[place] = before[place]; });
  }
  rows.forget_marks();
}
void take_back(spec::State& state, const spec::State& before) {
  take_back_rows(state.regions, before.regions);
  take_back_rows(state.tasks, before.tasks);
  take_back_rows(state.obligations, before.obligations);
  state.now = before.now;
  state.leak_count = before.leak_count;
}
void forget_marks(spec::State& state) {
  state.regions.forget_marks();
  state.tasks.forget_marks();
  state.obligations.forget_marks();
}

/// Where possibilities stand, by the hash of their state.
class ByState {
 public:
  /// `idle`: the slots of what changes nothing, whenever it takes effect.
  ByState(const std::vector<Possibility>& all, std::uint64_t idle) : all_(all), idle_(idle) {
    for (std::size_t i = 0; i < all.size(); ++i) places_.emplace_back(all[i].hash, i);
    std::sort(places_.begin(), places_.end());
  }

  /// Calls visit(place) for each possibility in that state that took the same, or less of what
  /// changes nothing.
  template <class Visit>
  void for_each_behind(const Possibility& here, Visit&& visit) const {
    auto at =
        std::lower_bound(places_.begin(), places_.end(), std::pair{here.hash, std::size_t{0}});
    for (; at != places_.end() && at->first == here.hash; ++at) {
      const Possibility& other = all_[at->second];
      const bool took_more = (other.taken & ~here.taken) != 0;
      const bool could_do_more = (here.taken & ~other.taken & ~idle_) != 0;
      if (!took_more && !could_do_more && other.state == here.state) visit(at->second);
    }
  }

 private:
  const std::vector<Possibility>& all_;
  std::uint64_t idle_;
  std::vector<std::pair<std::uint64_t, std::size_t>> places_;
};

}  // namespace

std::size_t PossibleOrders::HashOf::operator()(const Possibility* possibility) const {
  return possibility->hash ^ (possibility->taken * 0x9E37'79B9'7F4A'7C15U);
}

PossibleOrders::PossibleOrders(spec::State initial, const Spending& spending)
    : spending_(spending) {
  const std::uint64_t hash = spec::hash_value(initial);
  possible_.push_back({std::move(initial), 0, hash});
}

std::optional<std::size_t> PossibleOrders::begin(Progress progress) {
  const auto free = static_cast<std::size_t>(std::countr_one(in_use_));
  if (free >= most_in_progress) return std::nullopt;
  if (const auto* const event = std::get_if<Event>(&progress)) bring_back(event->action);
  in_use_ |= bit_of(free);
  idle_ &= ~bit_of(free);
  if (changes_nothing_ever(progress)) idle_ |= bit_of(free);
  slots_[free] = std::move(progress);
  return free;
}

void PossibleOrders::bring_back(const Action& action) {
  const SomeRows rows = ended_.bring_back(named_by(action));
  if (rows.empty()) return;
  for (Possibility& possibility : possible_) {
    insert_rows(possibility.state, rows);
    possibility.hash = spec::hash_value(possibility.state);
  }
}

PossibleOrders::Ended PossibleOrders::end(std::size_t slot) {
  steps_of_event_ = 0;
  if (const auto stopped = search(bit_of(slot))) return *stopped;
  if (found_.empty()) return Ended::Unexplained;
  if (const auto stopped = drop_what_others_lead_to()) return *stopped;
  in_use_ &= ~bit_of(slot);
  possible_.clear();
  for (Possibility& possibility : found_)
    possible_.push_back(
        {std::move(possibility.state), possibility.taken & in_use_, possibility.hash});
  clean_up();
  return Ended::Explained;
}

/// Every possibility in which the wanted event has taken effect, each as soon as it has.
std::optional<PossibleOrders::Ended> PossibleOrders::search(std::uint64_t wanted) {
  found_.clear();
  seen_.clear();
  reached_.clear();
  for (Possibility& possibility : possible_) reach(std::move(possibility));
  for (std::size_t at = 0; at < reached_.size(); ++at) {
    Possibility& here = reached_[at];
    if ((here.taken & wanted) != 0) {
      found_.push_back(std::move(here));
      continue;
    }
    if (const auto stopped = look_around(here, in_use_ & ~here.taken)) return stopped;
    if (steps_of_event_ > spending_.search_budget) return Ended::TooLong;
    if (((here.taken | around_.changes_nothing) & wanted) != 0) {
      found_.push_back({std::move(here.state), here.taken | around_.changes_nothing, here.hash});
      continue;
    }
    for (Possibility& next : around_.leads_to) {
      if ((next.taken & wanted) != 0) {
        found_.push_back(std::move(next));
      } else {
        reach(std::move(next));
      }
    }
  }
  return std::nullopt;
}

/// Each of the events that could take effect in a possibility, and what it would lead to.
std::optional<PossibleOrders::Ended> PossibleOrders::look_around(const Possibility& here,
                                                                 std::uint64_t slots) {
  around_.changes_nothing = 0;
  around_.leads_to.clear();
  after_ = here.state;
  forget_marks(after_);
  for (std::uint64_t left = slots; left != 0; left &= left - 1) {
    const auto slot = static_cast<std::size_t>(std::countr_zero(left));
    if (const auto stopped = spend_a_step()) return stopped;
    if (const auto* const snapshot = std::get_if<TraceSnapshot>(&slots_[slot])) {
      if (differences(*snapshot, here.state, ended_).empty())
        around_.changes_nothing |= bit_of(slot);
      continue;
    }
    const Event& event = std::get<Event>(slots_[slot]);
    const bool fits = explains(answer_to(after_, event), event);
    if (fits && (idle_ & bit_of(slot)) != 0) {
      around_.changes_nothing |= bit_of(slot);
    } else if (fits) {
      around_.leads_to.push_back({after_, here.taken | bit_of(slot), spec::hash_value(after_)});
    }
    take_back(after_, here.state);
  }
  for (Possibility& next : around_.leads_to) next.taken |= around_.changes_nothing;
  return std::nullopt;
}

std::optional<PossibleOrders::Ended> PossibleOrders::spend_a_step() {
  ++steps_of_event_;
  if (++steps_ > spending_.budget_in_all) return Ended::TooLongInAll;
  if (steps_ % steps_between_looks == 0 && !spending_.go_on()) return Ended::Interrupted;
  return std::nullopt;
}

void PossibleOrders::reach(Possibility possibility) {
  reached_.push_back(std::move(possibility));
  if (!seen_.insert(&reached_.back()).second) reached_.pop_back();
}

/// Of those that were found: whatever one of them leads to by events in progress, one after the
/// other. To leave one in is no fault, only a cost.
///   keeps    Who is dropped was led to from one that stayed at that time. If that one is dropped
///            later, it is led to from another that stays: what is left leads to all.
std::optional<PossibleOrders::Ended> PossibleOrders::drop_what_others_lead_to() {
  if (found_.size() < 2) return std::nullopt;
  const ByState places(found_, idle_);
  std::vector<bool> dropped(found_.size(), false);
  std::vector<std::size_t> from;
  for (std::size_t root = 0; root < found_.size(); ++root) {
    if (dropped[root]) continue;
    const auto drop = [&](std::size_t other) {
      if (other == root || dropped[other]) return;
      dropped[other] = true;
      from.push_back(other);
    };
    from.assign(1, root);
    while (!from.empty()) {
      if (steps_of_event_ > spending_.search_budget) break;
      Possibility& here = found_[from.back()];
      from.pop_back();
      if (const auto stopped = look_around(here, in_use_ & ~here.taken)) return stopped;
      here.taken |= around_.changes_nothing;
      places.for_each_behind(here, drop);
      for (const Possibility& next : around_.leads_to) places.for_each_behind(next, drop);
    }
  }
  std::size_t at = 0;
  std::erase_if(found_, [&](const Possibility&) { return dropped[at++]; });
  return std::nullopt;
}

void PossibleOrders::clean_up() {
  if (++since_clean_ < ends_between_clean_ups) return;
  since_clean_ = 0;
  std::vector<spec::State*> states;
  for (Possibility& possibility : possible_) states.push_back(&possibility.state);
  ended_.put_away(states);
  for (Possibility& possibility : possible_) possibility.hash = spec::hash_value(possibility.state);
  // Rows that an event in progress names must stay; they are brought back at once.
  for_each_slot(in_use_, [this](std::size_t slot) {
    if (const auto* const event = std::get_if<Event>(&slots_[slot])) bring_back(event->action);
  });
}

}  // namespace quiesce::validate
