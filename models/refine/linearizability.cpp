#include "models/refine/linearizability.hpp"

#include <algorithm>
#include <utility>

#include "models/refine/numbers.hpp"

namespace quiesce::refine {

std::size_t Linearizability::VisitedHash::operator()(const Visited& visited) const {
  std::uint64_t hash = visited.state;
  for (const std::uint64_t word : visited.done) hash = mixed(hash ^ word);
  return hash;
}

/// How many operations from the start had each answered before the next one began.
std::size_t Linearizability::sequential_head(const History& history) const {
  std::uint32_t latest_response = 0;
  std::size_t head = 0;
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (i > 0 && history[i].invoked > latest_response) head = i;
    if (history[i].invoked < latest_response) return head;
    latest_response = std::max(latest_response, history[i].responded);
  }
  return history.size();
}

bool Linearizability::fits_snapshot() {
  return final_state_ == nullptr || memo_.stands_for(*final_state_, state_);
}

bool Linearizability::search(std::size_t done_count) {
  const History& history = *history_;
  if (done_count == history.size()) {
    if (fits_snapshot()) return true;
    furthest_ = done_count;
    furthest_state_ = state_;
    furthest_order_ = chosen_;
    furthest_refused_.reset();
    return false;
  }
  if (++nodes_ > budget_) return false;
  std::uint32_t earliest_response = ~std::uint32_t{0};
  for (std::size_t i = head_; i < history.size(); ++i) {
    if (!is_done(i - head_)) earliest_response = std::min(earliest_response, history[i].responded);
  }
  for (std::size_t i = head_; i < history.size(); ++i) {
    if (history[i].invoked > earliest_response) break;  // and so do all that follow
    if (is_done(i - head_)) continue;
    const SpecMemo::Edge edge = memo_.step(state_, history[i].action_id);
    if (!(edge.answer == history[i].answer) || !told_as(history[i], edge.told)) {
      if (done_count >= furthest_) {
        furthest_ = done_count;
        furthest_state_ = state_;
        furthest_order_ = chosen_;
        furthest_refused_ = static_cast<std::uint32_t>(i);
      }
      continue;
    }
    flip(i - head_);
    if (visited_.insert({done_, edge.next}).second) {
      const StateId before = std::exchange(state_, edge.next);
      chosen_.push_back(static_cast<std::uint32_t>(i));
      if (search(done_count + 1)) return true;
      chosen_.pop_back();
      state_ = before;
    }
    flip(i - head_);
    if (nodes_ > budget_) return false;
  }
  return false;
}

Linearizability::Result Linearizability::check(const History& history, const Snapshot* final_state,
                                               std::uint64_t node_budget, Coverage& coverage) {
  history_ = &history;
  final_state_ = final_state;
  budget_ = node_budget;
  nodes_ = 0;
  furthest_ = 0;
  furthest_refused_.reset();
  furthest_order_.clear();
  furthest_state_ = initial_state_id;
  chosen_.clear();
  visited_.clear();
  done_ = {};
  state_ = initial_state_id;
  Result result;

  // What has only one order is not searched.
  head_ = sequential_head(history);
  const Operation* before = nullptr;
  for (std::size_t i = 0; i < head_; ++i) {
    const SpecMemo::Edge edge = memo_.step(state_, history[i].action_id);
    coverage.count(edge.action_index, edge.class_index);
    if (!(edge.answer == history[i].answer)) {
      result.verdict = Linearizable::No;
      result.clash = answer_clash(history[i], before, edge.answer, final_state);
      return result;
    }
    if (!told_as(history[i], edge.told)) {
      result.verdict = Linearizable::No;
      result.clash = effects_clash(history[i], edge.told);
      return result;
    }
    if (edge.broken >= 0) {
      result.verdict = Linearizable::No;
      result.clash = specification_clash(history[i], memo_.broken(edge.broken));
      return result;
    }
    state_ = edge.next;
    before = &history[i];
  }
  if (history.size() - head_ > most_overlapping) return result;

  const StateId start = state_;
  const bool found = search(head_);
  result.nodes = nodes_;
  if (!found) {
    if (nodes_ > budget_) return result;
    result.verdict = Linearizable::No;
    result.clash = no_order(final_state);
    return result;
  }
  result.verdict = Linearizable::Yes;
  StateId state = start;
  for (const std::uint32_t i : chosen_) {
    const SpecMemo::Edge edge = memo_.step(state, history[i].action_id);
    coverage.count(edge.action_index, edge.class_index);
    if (edge.broken >= 0 && !result.clash) {
      result.verdict = Linearizable::No;
      result.clash = specification_clash(history[i], memo_.broken(edge.broken));
    }
    state = edge.next;
  }
  return result;
}

Clash Linearizability::no_order(const Snapshot* final_state) const {
  const History& history = *history_;
  if (!furthest_refused_) {  // all answers can be explained, the final snapshot cannot
    Clash clash = state_clash(*final_state, memo_.state(furthest_state_));
    clash.details.insert(clash.details.begin(),
                         "every order of the operations that explains the answers ends in another "
                         "state; one of them:");
    return clash;
  }
  const Operation& operation = history[*furthest_refused_];
  const Operation* before = furthest_order_.empty() ? (head_ > 0 ? &history[head_ - 1] : nullptr)
                                                    : &history[furthest_order_.back()];
  const SpecMemo::Edge edge = memo_.step(furthest_state_, operation.action_id);
  if (edge.answer == operation.answer) return effects_clash(operation, edge.told);
  Clash clash = answer_clash(operation, before, edge.answer, final_state);
  if (clash.kind == FailureKind::AnswerDiffers) {
    clash.kind = FailureKind::NotLinearizable;
    clash.id = "refine.linearizable";
    clash.details.push_back(clash.sentence);
    clash.sentence =
        "no order of the operations explains their answers: " + std::to_string(furthest_) + " of " +
        std::to_string(history.size()) + " can be ordered, but not " + to_text(operation.action) +
        " with answer " + to_text(operation.answer);
  }
  return clash;
}

}  // namespace quiesce::refine
