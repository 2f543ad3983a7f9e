#include "models/validate/compare.hpp"

#include <algorithm>

#include "models/validate/json_values.hpp"
#include "spec/invariants.hpp"
#include "spec/step.hpp"

namespace quiesce::validate {
namespace {

std::string json_text(const auto& value) {
  return json::serialize(json_of(value));
}

template <class EntityName>
auto row_anywhere(const spec::State& state, const EndedRows& ended, EntityName name) {
  const auto* const row = spec::find(state, name);
  return row != nullptr ? std::optional(*row) : ended.find(name);
}

template <class Row>
void compare_rows(std::string_view noun, const std::vector<GivenRow<Row>>& given,
                  const spec::State& state, const EndedRows& ended,
                  std::vector<std::string>& lines) {
  for (const GivenRow<Row>& trace_says : given) {
    const std::string row = std::string(noun) + " " + to_text(trace_says.row.name);
    const auto spec_says = row_anywhere(state, ended, trace_says.row.name);
    if (!spec_says) {
      lines.push_back(row + " is there in the trace only");
      continue;
    }
    std::uint32_t bit = 1;
    for_each_field<Row>([&](const auto& field) {
      const auto& ours = (*spec_says).*field.member;
      const auto& theirs = trace_says.row.*field.member;
      if ((trace_says.given & bit) != 0 && !(ours == theirs))
        lines.push_back(row + ": " + std::string(field.name) + " is " + json_text(ours) +
                        " in the specification, " + json_text(theirs) + " in the trace");
      bit <<= 1U;
    });
  }
}

void compare_number(std::string_view what, std::uint64_t spec_says, std::uint64_t trace_says,
                    std::vector<std::string>& lines) {
  if (spec_says == trace_says) return;
  lines.push_back(std::string(what) + " is " + std::to_string(spec_says) +
                  " in the specification, " + std::to_string(trace_says) + " in the trace");
}

/// The state that a whole snapshot describes; the policy stands in the header.
spec::State state_of(const TraceSnapshot& snapshot, const LeakPolicy& leaks) {
  spec::State state;
  state.leak_policy = leaks;
  for (const auto& row : snapshot.regions) state.regions.push_back(row.row);
  for (const auto& row : snapshot.tasks) state.tasks.push_back(row.row);
  for (const auto& row : snapshot.obligations) state.obligations.push_back(row.row);
  state.now = snapshot.now.value_or(0);
  state.leak_count = snapshot.leak_count.value_or(0);
  return state;
}

template <class Row>
std::string row_words(std::string_view noun, const Row& row) {
  json::object object;
  write_fields(row, object);
  std::string text =
      std::string(noun) + " " + to_text(row.name) + ": " + std::string(to_text(row.phase));
  for (const auto& member : object) {
    if (member.key() == "name" || member.key() == "phase") continue;
    const auto& value = member.value();
    text += ", " + std::string(member.key()) + " " +
            (value.is_string() ? std::string(value.get_string()) : json::serialize(value));
  }
  return text;
}

template <class EntityName, class List>
void add_once(List& list, EntityName name) {
  if (name.is_none() || std::find(list.begin(), list.end(), name) != list.end()) return;
  list.push_back(name);
}

template <class List>
void add_rows(std::string_view noun, const List& names, const spec::State& state,
              const EndedRows& ended, std::vector<std::string>& lines) {
  for (const auto name : names) {
    const auto row = row_anywhere(state, ended, name);
    lines.push_back(row ? row_words(noun, *row)
                        : std::string(noun) + " " + to_text(name) + ": there is none");
  }
}

template <class EntityName>
constexpr bool is_name = false;
template <class Kind>
constexpr bool is_name<Name<Kind>> = true;

/// Calls visit(name) for the Name that an action creates.
template <class AnyAction, class Visit>
void for_created_name(AnyAction& action, Visit&& visit) {
  std::visit(
      [&](auto& fields) {
        for_each_field<std::decay_t<decltype(fields)>>([&](const auto& field) {
          if constexpr (is_name<std::decay_t<decltype(fields.*field.member)>>)
            if (field.use == Use::Creates) visit(fields.*field.member);
        });
      },
      action);
}

void add_name(RegionName name, NamedRows& into) {
  add_once(into.regions, name);
}
void add_name(TaskName name, NamedRows& into) {
  add_once(into.tasks, name);
}
void add_name(ObligationName name, NamedRows& into) {
  add_once(into.obligations, name);
}

template <class EntityName, class List>
void erase_from(List& list, EntityName name) {
  list.erase(std::remove(list.begin(), list.end(), name), list.end());
}
void remove_name(RegionName name, NamedRows& from) {
  erase_from(from.regions, name);
}
void remove_name(TaskName name, NamedRows& from) {
  erase_from(from.tasks, name);
}
void remove_name(ObligationName name, NamedRows& from) {
  erase_from(from.obligations, name);
}

template <class Kind>
std::string_view noun_of(Name<Kind>) {
  return Kind::noun;
}

}  // namespace

std::vector<std::string> differences(const TraceSnapshot& snapshot, const spec::State& state,
                                     const EndedRows& ended) {
  std::vector<std::string> lines;
  compare_rows("region", snapshot.regions, state, ended, lines);
  compare_rows("task", snapshot.tasks, state, ended, lines);
  compare_rows("obligation", snapshot.obligations, state, ended, lines);
  if (snapshot.now) compare_number("now", state.now, *snapshot.now, lines);
  if (snapshot.leak_count)
    compare_number("leak_count", state.leak_count, *snapshot.leak_count, lines);
  if (snapshot.counts) {
    const RowCounts put_away = ended.counts();
    compare_number("the number of regions", state.regions.size() + put_away.regions,
                   snapshot.counts->regions, lines);
    compare_number("the number of tasks", state.tasks.size() + put_away.tasks,
                   snapshot.counts->tasks, lines);
    compare_number("the number of obligations", state.obligations.size() + put_away.obligations,
                   snapshot.counts->obligations, lines);
  }
  return lines;
}

Unexplained unexplained_snapshot(const TraceSnapshot& snapshot, const LeakPolicy& leaks,
                                 std::vector<std::string> differences) {
  Unexplained unexplained;
  unexplained.line = snapshot.line;
  unexplained.id = "refine.state";
  unexplained.sentence = differences.front();
  if (snapshot.is_whole()) {
    if (const auto broken = spec::first_violation(state_of(snapshot, leaks))) {
      unexplained.id = std::string(broken->id);
      unexplained.sentence = broken->fact;
    }
  }
  constexpr std::size_t most_lines = 20;
  if (differences.size() > most_lines) {
    const std::size_t left = differences.size() - most_lines;
    differences.resize(most_lines);
    differences.push_back("… and " + std::to_string(left) + " more");
  }
  unexplained.details = std::move(differences);
  return unexplained;
}

Answer answer_to(spec::State& state, const Event& event) {
  if (!event.name_is_taken) return spec::apply(state, event.action);
  Action of_its_own = event.action;
  for_created_name(of_its_own, [](auto& name) { name = std::decay_t<decltype(name)>::none(); });
  return spec::apply(state, of_its_own);
}

bool explains(const Answer& spec_says, const Event& event) {
  return spec_says == event.answer && !(event.name_is_taken && is_done(event.answer));
}

NamedRows concerned_by(const Event& event, const spec::State& state) {
  NamedRows all;
  NamedRows named = named_by(event.action);
  if (event.name_is_taken)
    for_created_name(event.action, [&](auto name) { add_name(name, named); });
  for (const ObligationName name : named.obligations) {
    add_once(all.obligations, name);
    if (const spec::Obligation* const row = spec::find(state, name)) {
      add_once(all.regions, row->region);
      add_once(all.tasks, row->holder);
    }
  }
  for (const TaskName name : named.tasks) add_once(all.tasks, name);
  const auto waits_on = [](const spec::Region& region, TaskName name) {
    const auto& stack = region.finalizers;
    return std::find(stack.begin(), stack.end(), name) != stack.end();
  };
  for (const TaskName name : named.tasks) {
    if (const spec::Task* const row = spec::find(state, name)) {
      add_once(all.regions, row->owner);
      continue;
    }
    // A finalizer that has not started is a name on its region's stack.
    for (const spec::Region& region : state.regions) {
      if (!waits_on(region, name)) continue;
      add_once(all.regions, region.name);
      if (region.finalizing) add_once(all.tasks, *region.finalizing);
    }
  }
  for (const RegionName name : named.regions) add_once(all.regions, name);
  return all;
}

std::vector<std::string> rows_in_words(const Event& event, const spec::State& state,
                                       const EndedRows& ended) {
  NamedRows named = concerned_by(event, state);
  if (event.name_is_taken) {  // who has the Name may have been released: then nothing is known
    for_created_name(event.action, [&](auto name) {
      if (!row_anywhere(state, ended, name)) remove_name(name, named);
    });
  }
  std::vector<std::string> lines;
  add_rows("obligation", named.obligations, state, ended, lines);
  add_rows("task", named.tasks, state, ended, lines);
  add_rows("region", named.regions, state, ended, lines);
  lines.push_back("now " + std::to_string(state.now));
  return lines;
}

bool concerns(const Event& event, const NamedRows& named) {
  bool found = false;
  std::visit(
      [&](const auto& fields) {
        for_each_field<std::decay_t<decltype(fields)>>([&](const auto& field) {
          const auto& value = fields.*field.member;
          using Value = std::decay_t<decltype(value)>;
          if constexpr (is_name<Value>) {
            const auto is_in = [&](const auto& list) {
              return std::find(list.begin(), list.end(), value) != list.end();
            };
            if constexpr (std::is_same_v<Value, RegionName>) found = found || is_in(named.regions);
            if constexpr (std::is_same_v<Value, TaskName>) found = found || is_in(named.tasks);
            if constexpr (std::is_same_v<Value, ObligationName>)
              found = found || is_in(named.obligations);
          }
        });
      },
      event.action);
  return found || std::holds_alternative<AdvanceTime>(event.action);
}

std::string in_words(const Answer& spec_says, const Answer& trace_says) {
  std::string text = to_text(spec_says);
  if (const auto* const refusal = std::get_if<Refused>(&spec_says)) {
    text += ": it is not true that " + std::string(sentence(refusal->guard));
  } else if (const auto* const refused_guard = std::get_if<Refused>(&trace_says)) {
    text += ": every guard holds, it is true that " + std::string(sentence(refused_guard->guard));
  }
  return text;
}

std::string event_text(const Event& event) {
  return to_text(event.action) + " answered " + to_text(event.answer);
}

Unexplained unexplained_answer(const Event& event, const Answer& spec_says) {
  Unexplained unexplained;
  unexplained.line = event.line;
  unexplained.event = event;
  unexplained.id = "refine.answer";
  unexplained.sentence = event_text(event);
  unexplained.spec_says = in_words(spec_says, event.answer);
  if (spec_says == event.answer) {
    unexplained.id = "refine.name";
    for_created_name(event.action, [&](auto name) {
      const std::string noun(noun_of(name));
      unexplained.sentence = to_text(name) + " is the name of another " + noun +
                             " already; a name stands for one entity in the whole trace";
      unexplained.spec_says += std::string(", to ") + (noun == "obligation" ? "an " : "a ") + noun +
                               " with a name of its own";
    });
  }
  return unexplained;
}

}  // namespace quiesce::validate
