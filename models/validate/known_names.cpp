#include "models/validate/fields.hpp"
#include "models/validate/judge.hpp"
#include "spec/invariants.hpp"

namespace quiesce::validate {
namespace {

template <class EntityName>
std::string released_before(EntityName name) {
  return to_text(name) + " was released by an earlier line; a released name is never used again";
}

}  // namespace

void KnownNames::start(const spec::State& state) {
  for (const spec::Region& row : state.regions) {
    regions_.created.insert(row.name.value);
    for (const TaskName name : row.finalizers) tasks_.created.insert(name.value);
  }
  for (const spec::Task& row : state.tasks) tasks_.created.insert(row.name.value);
  for (const spec::Obligation& row : state.obligations) obligations_.created.insert(row.name.value);
}

std::string KnownNames::take(Event& event) {
  std::string wrong;
  const bool accepted = is_done(event.answer);
  std::visit(
      [&](const auto& fields) {
        for_each_field<std::decay_t<decltype(fields)>>([&](const auto& field) {
          const auto& name = fields.*field.member;
          if constexpr (requires { this->of(name); }) {
            OfAKind& known = of(name);
            if (field.use == Use::Creates && known.created.contains(name.value)) {
              event.name_is_taken = true;
            } else if (!known.released.empty() && known.released.contains(name.value)) {
              wrong = released_before(name);
            } else if (field.use == Use::Creates && accepted) {
              known.created.insert(name.value);
            }
          }
        });
      },
      event.action);
  return wrong;
}

std::string KnownNames::take(const Released& released) {
  std::string wrong;
  const auto take_all = [&](const auto& names) {
    for (const auto name : names) {
      OfAKind& known = of(name);
      if (!known.released.insert(name.value)) wrong = to_text(name) + " is released twice";
    }
  };
  take_all(released.regions);
  take_all(released.tasks);
  take_all(released.obligations);
  any_released_ = true;
  return wrong;
}

std::string KnownNames::take(const TraceSnapshot& snapshot) const {
  if (!any_released_) return {};
  if (snapshot.counts)
    return "a snapshot has no 'counts' once names were released: what is forgotten is not counted";
  for (const auto& row : snapshot.regions)
    if (regions_.released.contains(row.row.name.value)) return released_before(row.row.name);
  for (const auto& row : snapshot.tasks)
    if (tasks_.released.contains(row.row.name.value)) return released_before(row.row.name);
  for (const auto& row : snapshot.obligations)
    if (obligations_.released.contains(row.row.name.value)) return released_before(row.row.name);
  return {};
}

InitialState initial_state(const Header& header) {
  if (!header.initial) return {spec::initial(header.leaks), {}};
  spec::State state;
  for (const auto& row : header.initial->regions) state.regions.push_back(row.row);
  for (const auto& row : header.initial->tasks) state.tasks.push_back(row.row);
  for (const auto& row : header.initial->obligations) state.obligations.push_back(row.row);
  state.now = header.initial->now.value_or(0);
  state.leak_count = header.initial->leak_count.value_or(0);
  state.leak_policy = header.leaks;
  if (spec::find(state, root_region) == nullptr)
    return {{}, "the initial state has no region r0; give every row of it"};
  if (const auto broken = spec::first_violation(state))
    return {{}, "the initial state breaks " + std::string(broken->id) + ": " + broken->fact};
  return {std::move(state), {}};
}

}  // namespace quiesce::validate
