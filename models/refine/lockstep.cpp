#include "models/refine/lockstep.hpp"

#include <algorithm>
#include <utility>

#include "models/refine/abstraction.hpp"
#include "spec/invariants.hpp"

namespace quiesce::refine {
namespace {

std::string in_words(const Answer& answer) {
  std::string text = to_text(answer);
  if (const auto* refusal = std::get_if<Refused>(&answer)) {
    text += " (not true that " + std::string(sentence(refusal->guard)) + ")";
  }
  return text;
}

Clash ticket_clash(std::string sentence) {
  Clash clash;
  clash.kind = FailureKind::TicketOrder;
  clash.id = "refine.ticket_order";
  clash.sentence = std::move(sentence);
  return clash;
}

/// The first sentence that a snapshot breaks by itself, whatever the specification did.
std::optional<Clash> snapshot_breaks_catalogue(const Snapshot& snapshot) {
  Clash clash;
  if (auto fault = representation_fault(snapshot)) {
    clash.kind = FailureKind::Representation;
    clash.id = "refine.representation";
    clash.sentence = *std::move(fault);
    return clash;
  }
  if (auto broken = spec::first_violation(abstraction(snapshot))) {
    clash.kind = FailureKind::InvariantViolated;
    clash.id = std::string(broken->id);
    clash.sentence = std::move(broken->fact);
    return clash;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Clash> Lockstep::order_by_ticket(const History& history) {
  order_.clear();
  for (std::uint32_t i = 0; i < history.size(); ++i) {
    const Operation& operation = history[i];
    if (!operation.ticket) {
      return ticket_clash(to_text(operation.action) + " answered " + to_text(operation.answer) +
                          " without a ticket");
    }
    // Invocation order is nearly ticket order: an insertion moves an operation a few places.
    std::size_t at = order_.size();
    order_.push_back(i);
    while (at > 0 && *history[order_[at - 1]].ticket > *operation.ticket) {
      order_[at] = order_[at - 1];
      --at;
    }
    order_[at] = i;
    if (at > 0 && *history[order_[at - 1]].ticket == *operation.ticket) {
      return ticket_clash(to_text(history[order_[at - 1]].action) + " and " +
                          to_text(operation.action) + " both drew ticket " +
                          std::to_string(*operation.ticket));
    }
  }
  const Operation* latest = nullptr;  // the one with the latest invocation so far
  for (const std::uint32_t i : order_) {
    const Operation& operation = history[i];
    if (latest != nullptr && operation.responded < latest->invoked) {
      return ticket_clash(to_text(operation.action) + " had answered before " +
                          to_text(latest->action) + " began, but its ticket " +
                          std::to_string(*operation.ticket) + " comes after ticket " +
                          std::to_string(*latest->ticket));
    }
    if (latest == nullptr || operation.invoked > latest->invoked) latest = &operation;
  }
  return std::nullopt;
}

std::optional<Clash> Lockstep::check(const History& history, const Snapshot* final_state,
                                     Coverage& coverage) {
  if (auto clash = order_by_ticket(history)) return clash;
  StateId state = initial_state_id;
  const Operation* before = nullptr;
  for (const std::uint32_t i : order_) {
    const Operation& operation = history[i];
    if (auto clash = one_step(operation, before, final_state, state, coverage)) return clash;
    before = &operation;
  }
  if (final_state != nullptr && !memo_.stands_for(*final_state, state)) {
    return state_clash(*final_state, memo_.state(state));
  }
  return std::nullopt;
}

std::optional<Clash> Lockstep::one_step(const Operation& operation, const Operation* before,
                                        const Snapshot* final_state, StateId& state,
                                        Coverage& coverage) {
  const SpecMemo::Edge& edge = memo_.step(state, operation.action_id);
  coverage.count(edge.action_index, edge.class_index);
  if (!(edge.answer == operation.answer)) {
    return answer_clash(operation, before, edge.answer, final_state);
  }
  if (!told_as(operation, edge.told)) return effects_clash(operation, edge.told);
  if (edge.broken >= 0) return specification_clash(operation, memo_.broken(edge.broken));
  state = edge.next;
  return std::nullopt;
}

Clash state_clash(const Snapshot& snapshot, const spec::State& spec_says) {
  std::vector<std::string> lines = differences(spec_says, abstraction(snapshot));
  if (auto clash = snapshot_breaks_catalogue(snapshot)) {
    clash->details = std::move(lines);
    return *std::move(clash);
  }
  Clash clash;
  clash.kind = FailureKind::StateDiffers;
  clash.id = "refine.state";
  clash.sentence = lines.empty() ? "the states differ" : lines.front();
  clash.details = std::move(lines);
  return clash;
}

Clash answer_clash(const Operation& operation, const Operation* before, const Answer& spec_says,
                   const Snapshot* final_state) {
  std::string sentence = before == nullptr ? "" : "after " + to_text(before->action) + ", ";
  sentence += to_text(operation.action) + " answers " + in_words(spec_says) +
              " in the specification; the implementation answered " + in_words(operation.answer);
  Clash clash;
  const auto broken =
      final_state == nullptr ? std::nullopt : snapshot_breaks_catalogue(*final_state);
  if (broken) {
    clash = *broken;
    clash.details.push_back(std::move(sentence));
  } else {
    clash.kind = FailureKind::AnswerDiffers;
    clash.id = "refine.answer";
    clash.sentence = std::move(sentence);
  }
  clash.mismatch =
      Mismatch{operation.part, operation.position, operation.action, spec_says, operation.answer};
  return clash;
}

Clash effects_clash(const Operation& operation, const Told& spec_says) {
  Clash clash;
  clash.kind = FailureKind::EffectsDiffer;
  clash.id = "refine.effects";
  clash.sentence = to_text(operation.action) +
                   " leaves to be told in the specification: " + to_text(spec_says) +
                   "; the implementation told: " + to_text(operation.told);
  return clash;
}

Clash specification_clash(const Operation& operation, const BrokenSentence& broken) {
  Clash clash;
  clash.kind = FailureKind::InvariantViolated;
  clash.id = std::string(broken.id);
  clash.sentence = broken.fact;
  clash.details.push_back("the specification itself gets there, by " + to_text(operation.action));
  return clash;
}

}  // namespace quiesce::refine
