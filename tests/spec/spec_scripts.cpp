#include "tests/spec/spec_scripts.hpp"

#include <algorithm>
#include <stdexcept>

#include "spec/invariants.hpp"

namespace quiesce::spec_tests {
namespace {

template <class EntityName, class State>
auto& row(State& state, std::uint32_t name) {
  auto* const found = spec::find(state, EntityName{name});
  if (found == nullptr) throw std::logic_error(to_text(EntityName{name}) + " does not exist");
  return *found;
}

void check_step(const spec::State& before, const Action& taken, const spec::Step& next) {
  const spec::Transition transition{before, taken, next.answer, next.after};
  if (const auto broken = spec::first_violation(transition))
    throw std::logic_error(to_text(taken) + " breaks " + std::string(broken->id) + ": " +
                           broken->fact);
  if (const auto broken = spec::first_violation(next.after))
    throw std::logic_error("after " + to_text(taken) + ", " + std::string(broken->id) + ": " +
                           broken->fact);
}

}  // namespace

Action action(std::string_view text) {
  const ParsedAction parsed = parse_action(text);
  if (!parsed.ok) throw std::logic_error(std::string(text) + ": " + parsed.error);
  return parsed.action;
}

std::vector<Action> actions(std::string_view script) {
  std::vector<Action> list;
  while (!script.empty()) {
    const std::size_t end = script.find(';');
    list.push_back(action(script.substr(0, end)));
    script = end == std::string_view::npos ? std::string_view{} : script.substr(end + 1);
  }
  return list;
}

spec::State after(const spec::State& state, std::string_view script) {
  spec::State now = state;
  for (const Action& taken : actions(script)) {
    spec::Step next = spec::step(now, taken);
    if (!is_done(next.answer))
      throw std::logic_error(to_text(taken) + " is " + to_text(next.answer));
    check_step(now, taken, next);
    now = std::move(next.after);
  }
  return now;
}

spec::State after(std::string_view script) {
  constexpr std::string_view leaks = "leaks ";
  if (!script.starts_with(leaks)) return after(spec::initial(), script);
  const std::size_t end = std::min(script.find(';'), script.size());
  const ParsedLeakPolicy parsed =
      parse_leak_policy(script.substr(leaks.size(), end - leaks.size()));
  if (!parsed.ok) throw std::logic_error(parsed.error);
  return after(spec::initial(parsed.policy), script.substr(std::min(end + 1, script.size())));
}

std::string answer(const spec::State& state, std::string_view last) {
  const Action taken = action(last);
  const spec::Step next = spec::step(state, taken);
  check_step(state, taken, next);
  return to_text(next.answer);
}

std::string answer(std::string_view script, std::string_view last) {
  return answer(after(script), last);
}

const spec::Region& region(const spec::State& state, std::uint32_t name) {
  return row<RegionName>(state, name);
}
const spec::Task& task(const spec::State& state, std::uint32_t name) {
  return row<TaskName>(state, name);
}
const spec::Obligation& obligation(const spec::State& state, std::uint32_t name) {
  return row<ObligationName>(state, name);
}
spec::Region& region(spec::State& state, std::uint32_t name) {
  return row<RegionName>(state, name);
}
spec::Task& task(spec::State& state, std::uint32_t name) {
  return row<TaskName>(state, name);
}
spec::Obligation& obligation(spec::State& state, std::uint32_t name) {
  return row<ObligationName>(state, name);
}

std::string region_words(const spec::State& state, std::uint32_t name) {
  const spec::Region& row = region(state, name);
  std::string words{to_text(row.phase)};
  if (row.phase == RegionPhase::Closed) return words + " " + to_text(row.outcome);
  return row.reason ? words + " for " + to_text(*row.reason) : words;
}

std::string task_words(const spec::State& state, std::uint32_t name) {
  const spec::Task& row = task(state, name);
  std::string words{to_text(row.phase)};
  if (row.phase == TaskPhase::Completed) return words + " " + to_text(row.outcome);
  return row.reason ? words + " for " + to_text(*row.reason) : words;
}

std::string obligation_words(const spec::State& state, std::uint32_t name) {
  const spec::Obligation& row = obligation(state, name);
  std::string words{to_text(row.phase)};
  if (row.phase != ObligationPhase::Aborted) return words;
  return words + "(" + std::string(to_text(row.abort_reason)) + ")";
}

}  // namespace quiesce::spec_tests
