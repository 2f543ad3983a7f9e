// What a step keeps of obligations, and what it makes of them. One function a property; the
// sentences stand in the table of step_properties.cpp.
#include <algorithm>
#include <utility>

#include "spec/step_sentences.hpp"

namespace quiesce::spec {

// inv.obligation.linear
Violation linear(const Transition& t) {
  return each_row(
      t, t.before.obligations, stays_if_resolved, [](const Obligation& b, const Obligation& a) {
        return was_and_is("obligation " + to_text(b.name), to_text(b.phase), to_text(a.phase));
      });
}

// inv.obligation.record_kept
Violation record_kept(const Transition& t) {
  return each_row(t, t.before.obligations, keeps_what_was_reserved,
                  [](const Obligation& before, const Obligation&) {
                    return "obligation " + to_text(before.name) +
                           " changed its kind, holder, region or the time when it was reserved";
                  });
}

// inv.obligation.fence
Violation fence(const Transition& t) {
  return each_row(
      t, t.before.obligations,
      [&](const Obligation& before, const Obligation& after) {
        return keeps_the_fence(t, before, after);
      },
      [](const Obligation& before, const Obligation& after) {
        return "region " + to_text(before.region) + " was Closed and obligation " +
               to_text(before.name) + " became " + std::string(to_text(after.phase));
      });
}

// inv.obligation.settled_by_completion: an obligation that stays as it was can break it.
Violation settled_by_completion(const Transition& t) {
  for (const Obligation& before : t.before.obligations) {
    if (!is_reserved(before)) continue;
    const Task* const holder_before = find(t.before, before.holder);
    const Task* const holder = find(t.after, before.holder);
    const Obligation* const after = find(t.after, before.name);
    if (holder_before == nullptr || holder == nullptr || after == nullptr) continue;
    if (!is_live(*holder_before) || is_live(*holder)) continue;
    const bool cancelled = holder->outcome.kind == OutcomeKind::Cancelled;
    const bool aborted = after->phase == ObligationPhase::Aborted;
    const bool right = cancelled ? aborted && after->abort_reason == AbortReason::Cancel
                                 : after->phase == ObligationPhase::Leaked ||
                                       (aborted && after->abort_reason == AbortReason::Error);
    if (right) continue;
    return "task " + to_text(holder->name) + " ended " + to_text(holder->outcome) +
           " and its obligation " + to_text(before.name) + " is " +
           std::string(to_text(after->phase));
  }
  return std::nullopt;
}

// inv.obligation.leak_response: what the policy says once the leaks of this step are counted.
Violation leak_response(const Transition& t) {
  if (!(t.before.leak_policy == t.after.leak_policy)) return "the leak policy changed";
  const bool panics = is_leak_panic(t.answer);
  const Names<ObligationName> leaks = leaks_of(t);
  const std::uint64_t counted = t.before.leak_count + std::uint64_t{leaks.size()};
  if (t.after.leak_count != std::min<std::uint64_t>(counted, ~std::uint32_t{0}))
    return std::to_string(leaks.size()) + " leaks were found and the count went from " +
           std::to_string(t.before.leak_count) + " to " + std::to_string(t.after.leak_count);
  const LeakPolicy& policy = t.before.leak_policy;
  const bool escalated = policy.escalate_after != 0 && counted >= policy.escalate_after;
  const LeakResponse response = escalated ? policy.escalate_to : policy.response;
  const bool right_answer = panics == (!leaks.empty() && response == LeakResponse::Panic);
  if (!right_answer)
    return "the response to leaks is " + std::string(to_text(response)) + " and " +
           to_text(t.action) + " answers " + to_text(t.answer);
  const ObligationPhase expected =
      response == LeakResponse::Recover ? ObligationPhase::Aborted : ObligationPhase::Leaked;
  for (const ObligationName name : leaks) {
    const Obligation* const after = find(t.after, name);
    if (after == nullptr || after->phase == expected) continue;
    return "the response to leaks is " + std::string(to_text(response)) + " and obligation " +
           to_text(name) + " became " + std::string(to_text(after->phase));
  }
  return std::nullopt;
}

// inv.obligation.late_answer: its own writing of the guards, for whoever holds an obligation.
Violation late_answer(const Transition& t) {
  const auto [name, actor] = [&]() -> std::pair<ObligationName, TaskName> {
    if (const auto* const commit = std::get_if<Commit>(&t.action))
      return {commit->obligation, commit->actor};
    if (const auto* const abort = std::get_if<Abort>(&t.action))
      return {abort->obligation, abort->actor};
    return {};
  }();
  const Obligation* const held = name.is_none() ? nullptr : find(t.before, name);
  const Region* const region = held == nullptr ? nullptr : find(t.before, held->region);
  if (region == nullptr || held->holder != actor) return std::nullopt;
  const Answer right = !is_live(*region)     ? refused(Guard::RegionNotClosed)
                       : !is_reserved(*held) ? refused(Guard::ObligationReserved)
                                             : done();
  if (t.answer == right) return std::nullopt;
  return to_text(t.action) + " answers " + to_text(t.answer) + " although obligation " +
         to_text(name) + " is " + std::string(to_text(held->phase)) + " and region " +
         to_text(region->name) + " " + std::string(to_text(region->phase));
}

bool is_resolved_as_told(const Transition& t, const Obligation& before, const Obligation& after) {
  const auto* const commit = accepted<Commit>(t);
  if (commit != nullptr && commit->obligation == before.name)
    return after.phase == ObligationPhase::Committed && after.abort_reason == before.abort_reason;
  const auto* const abort = accepted<Abort>(t);
  if (abort != nullptr && abort->obligation == before.name)
    return after.phase == ObligationPhase::Aborted && after.abort_reason == abort->reason;
  if (before.phase == after.phase && before.abort_reason == after.abort_reason) return true;
  const Task* const holder_before = find(t.before, before.holder);
  const Task* const holder = find(t.after, before.holder);
  return holder_before != nullptr && holder != nullptr && is_live(*holder_before) &&
         !is_live(*holder);
}

// inv.obligation.resolved_as_told
Violation resolved_as_told(const Transition& t) {
  const auto standing = [](const Obligation& obligation) {
    return std::string(to_text(obligation.phase)) + "(" +
           std::string(to_text(obligation.abort_reason)) + ")";
  };
  const auto say = [&](const Obligation& before, const Obligation& after) {
    return to_text(t.action) + ", and " +
           was_and_is("obligation " + to_text(before.name), standing(before), standing(after));
  };
  const auto* const commit = accepted<Commit>(t);
  const auto* const abort = accepted<Abort>(t);
  if (commit != nullptr || abort != nullptr) {
    const ObligationName name = commit != nullptr ? commit->obligation : abort->obligation;
    const Obligation* const before = find(t.before, name);
    const Obligation* const after = find(t.after, name);
    if (before != nullptr && after != nullptr && !is_resolved_as_told(t, *before, *after))
      return say(*before, *after);
  }
  return each_row(
      t, t.before.obligations,
      [&](const Obligation& before, const Obligation& after) {
        return is_resolved_as_told(t, before, after);
      },
      say);
}

}  // namespace quiesce::spec
