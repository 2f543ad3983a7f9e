#include "models/refine/coverage.hpp"

#include <string_view>

namespace quiesce::refine {
namespace {

// The kinds of accepted answers in the order of their numbers; the guards follow.
enum class Kind : std::size_t {
  Done,
  Changed,
  Unchanged,
  Continue,
  Acknowledged,
  CancelPending,
  PollGranted,
  PollExhausted,
  Registered,
  Ready,
  Completed,  // and three more, by outcome
  LeakPanic = 14,
  FirstGuard = 15,
};

constexpr std::size_t number(Kind kind) {
  return static_cast<std::size_t>(kind);
}
constexpr std::size_t number(Guard guard) {
  return number(Kind::FirstGuard) + static_cast<std::size_t>(guard);
}
constexpr std::size_t completed(OutcomeKind kind) {
  return number(Kind::Completed) + static_cast<std::size_t>(kind);
}

using Row = std::array<bool, answer_class_count>;

template <class... Classes>
constexpr Row row(Classes... classes) {
  Row possible{};
  ((possible[classes] = true), ...);
  return possible;
}

// By hand from the table of external actions in the design's semantics page: guards, then answers.
constexpr std::array<Row, action_count> possible_rows{
    /* open_region    */ row(number(Guard::RegionExists), number(Guard::RegionOpen),
                             number(Guard::WithinLimit), number(Kind::Done)),
    /* close_region   */
    row(number(Guard::RegionExists), number(Guard::RegionOpen), number(Kind::Done)),
    /* cancel_region  */
    row(number(Guard::RegionExists), number(Guard::RegionNotClosed), number(Kind::Changed),
        number(Kind::Unchanged)),
    /* defer_finalizer*/
    row(number(Guard::RegionExists), number(Guard::RegionOpen), number(Kind::Done)),
    /* spawn          */
    row(number(Guard::RegionExists), number(Guard::RegionOpen), number(Guard::WithinLimit),
        number(Kind::Done)),
    /* start          */
    row(number(Guard::TaskExists), number(Guard::TaskCreated), number(Kind::Done)),
    /* poll           */
    row(number(Guard::TaskExists), number(Guard::TaskStarted), number(Guard::TaskLive),
        number(Kind::PollGranted), number(Kind::PollExhausted)),
    /* checkpoint     */
    row(number(Guard::TaskExists), number(Guard::TaskStarted), number(Guard::TaskLive),
        number(Kind::Continue), number(Kind::Acknowledged), number(Kind::CancelPending)),
    /* enter_mask     */
    row(number(Guard::TaskExists), number(Guard::TaskIsBody), number(Guard::TaskRunning),
        number(Guard::NotMasked), number(Guard::WithinMaskBound), number(Kind::Done)),
    /* leave_mask     */
    row(number(Guard::TaskExists), number(Guard::TaskLive), number(Guard::TaskMasked),
        number(Kind::Done)),
    /* cleanup_done   */
    row(number(Guard::TaskExists), number(Guard::TaskCancelling), number(Kind::Done)),
    /* return         */
    row(number(Guard::TaskExists), number(Guard::TaskStarted), number(Guard::TaskLive),
        completed(OutcomeKind::Ok), completed(OutcomeKind::Err), completed(OutcomeKind::Cancelled),
        completed(OutcomeKind::Panicked), number(Kind::LeakPanic)),
    /* cancel_task    */
    row(number(Guard::TaskExists), number(Guard::TaskLive), number(Guard::TaskIsBody),
        number(Kind::Changed), number(Kind::Unchanged)),
    /* join           */
    row(number(Guard::TaskExists), number(Guard::JoinerLive), number(Guard::NotSelf),
        number(Kind::Registered), number(Kind::Ready)),
    /* reserve        */
    row(number(Guard::RegionExists), number(Guard::TaskExists), number(Guard::TaskOwnedByRegion),
        number(Guard::TaskLive), number(Guard::RegionOpen), number(Guard::WithinLimit),
        number(Kind::Done)),
    /* commit         */
    row(number(Guard::ObligationExists), number(Guard::ActorIsHolder),
        number(Guard::RegionNotClosed), number(Guard::ObligationReserved), number(Kind::Done)),
    /* abort          */
    row(number(Guard::ObligationExists), number(Guard::ActorIsHolder),
        number(Guard::RegionNotClosed), number(Guard::ObligationReserved), number(Kind::Done)),
    /* advance_time   */ row(number(Guard::TimeNotBackwards), number(Kind::Done))};

Answer answer_of_class(std::size_t class_index) {
  if (class_index >= number(Kind::FirstGuard)) {
    return refused(static_cast<Guard>(class_index - number(Kind::FirstGuard)));
  }
  if (class_index == number(Kind::LeakPanic)) return done_with(LeakPanic{});
  if (class_index >= number(Kind::Completed)) {
    const auto kind = static_cast<OutcomeKind>(class_index - number(Kind::Completed));
    return done_with(Completed{Outcome{kind, {}}});
  }
  switch (static_cast<Kind>(class_index)) {
    case Kind::Changed: return done_with(Changed{true});
    case Kind::Unchanged: return done_with(Changed{false});
    case Kind::Continue: return done_with(Continue{});
    case Kind::Acknowledged: return done_with(Acknowledged{});
    case Kind::CancelPending: return done_with(CancelPending{});
    case Kind::PollGranted: return done_with(PollGranted{});
    case Kind::PollExhausted: return done_with(PollExhausted{});
    case Kind::Registered: return done_with(Registered{});
    case Kind::Ready: return done_with(Ready{});
    default: return done();
  }
}

}  // namespace

std::size_t answer_class_index(const Answer& answer) {
  if (const auto* refusal = std::get_if<Refused>(&answer)) return number(refusal->guard);
  const auto& result = std::get<Done>(answer).result;
  if (const auto* changed = std::get_if<Changed>(&result)) {
    return number(changed->changed ? Kind::Changed : Kind::Unchanged);
  }
  if (const auto* ended = std::get_if<Completed>(&result)) return completed(ended->outcome.kind);
  if (std::holds_alternative<LeakPanic>(result)) return number(Kind::LeakPanic);
  if (result.index() == 0) return number(Kind::Done);
  return result.index() + 1;  // the Changed of the variant stands for two kinds
}

std::string answer_class_text(std::size_t class_index) {
  return answer_class(answer_of_class(class_index));
}

bool is_possible_row(std::size_t action_index, std::size_t class_index) {
  return possible_rows[action_index][class_index];
}

void Coverage::add(const Coverage& other) {
  for (std::size_t action = 0; action < counts_.size(); ++action) {
    for (std::size_t kind = 0; kind < answer_class_count; ++kind) {
      counts_[action][kind] += other.counts_[action][kind];
    }
  }
}

std::vector<CoverageRow> Coverage::rows() const {
  std::vector<CoverageRow> all;
  for (std::size_t action = 0; action < counts_.size(); ++action) {
    for (std::size_t kind = 0; kind < answer_class_count; ++kind) {
      if (is_possible_row(action, kind)) all.push_back({action, kind, counts_[action][kind]});
    }
  }
  return all;
}

std::vector<std::string> Coverage::empty_rows() const {
  std::vector<std::string> empty;
  for (const CoverageRow& r : rows()) {
    if (r.count == 0) {
      empty.push_back(std::string(action_verb(r.action_index)) + ": " +
                      answer_class_text(r.class_index));
    }
  }
  return empty;
}

std::vector<std::string> Coverage::impossible_rows() const {
  std::vector<std::string> foreign;
  for (std::size_t action = 0; action < counts_.size(); ++action) {
    for (std::size_t kind = 0; kind < answer_class_count; ++kind) {
      if (counts_[action][kind] > 0 && !is_possible_row(action, kind)) {
        foreign.push_back(std::string(action_verb(action)) + ": " + answer_class_text(kind));
      }
    }
  }
  return foreign;
}

}  // namespace quiesce::refine
