#include "models/explore/export.hpp"

#include <boost/json.hpp>
#include <map>
#include <utility>
#include <vector>

namespace quiesce::explore {

namespace json = boost::json;

std::string dot_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

namespace {

json::object state_json(const TraceStep& row, std::size_t index) {
  json::object state;
  state["#meta"] = {{"index", index}, {"text", row.state}};
  state["action_taken"] = index == 0 ? "init" : row.step;
  for (const auto& [name, value] : row.variables) state[name] = json::parse(value);
  return state;
}

}  // namespace

std::optional<std::string> dot_of(const ModelView& model) {
  std::vector<KeptState> states{model.initial()};
  std::map<KeptState, std::size_t> number_of{{states.front(), 0}};
  std::string edges;
  for (std::size_t at = 0; at < states.size(); ++at) {
    const KeptState from = states[at];
    std::vector<std::pair<std::size_t, KeptState>> steps;
    model.successors(from, [&](std::size_t action, StateWords next) {
      steps.emplace_back(action, KeptState(next.begin(), next.end()));
    });
    for (const auto& [action, next] : steps) {
      const auto [found, is_new] = number_of.emplace(next, states.size());
      if (is_new) states.push_back(next);
      edges += "  s" + std::to_string(at) + " -> s" + std::to_string(found->second) +
               " [label=" + dot_quoted(model.step_text(from, action, next)) + "];\n";
    }
    if (states.size() > most_dot_states) return std::nullopt;
  }
  std::string text = "digraph states {\n  node [shape=box];\n";
  for (std::size_t at = 0; at < states.size(); ++at) {
    text +=
        "  s" + std::to_string(at) + " [label=" + dot_quoted(model.state_text(states[at])) + "];\n";
  }
  return text + edges + "}\n";
}

std::optional<std::string> itf_of(const Searched& searched, const SearchResult& result) {
  const std::vector<TraceStep>* trace = nullptr;
  std::string of;
  std::optional<std::size_t> loop;
  if (result.violation) {
    loop = result.violation->loop;
    trace = &result.violation->trace;
    of = result.violation->id + ": " + result.violation->facts;
  } else if (result.example) {
    trace = &result.example->trace;
    of = result.example->of;
  }
  if (trace == nullptr || trace->empty()) return std::nullopt;
  json::array variables{"action_taken"};
  for (const auto& [name, value] : trace->front().variables) variables.emplace_back(name);
  json::array states;
  for (const TraceStep& row : *trace) {
    if (!row.variables.empty()) states.push_back(state_json(row, states.size()));
  }
  // The last row of a cycle is its first again; the format says so by a number.
  if (loop && *loop + 1 < states.size()) states.pop_back();
  json::object bounds;
  for (const auto& [name, value] : searched.bounds) bounds[name] = value;
  json::object document{
      {"#meta",
       {{"format", "ITF"},
        {"format-description", "https://apalache.informal.systems/docs/adr/015adr-trace.html"},
        {"source", searched.model},
        {"bounds", std::move(bounds)},
        {"description", of}}},
      {"vars", std::move(variables)},
      {"states", std::move(states)}};
  if (loop) document["loop"] = *loop;
  return json::serialize(document) + '\n';
}

}  // namespace quiesce::explore
