#include "models/explore/export.hpp"

#include <boost/json.hpp>

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
