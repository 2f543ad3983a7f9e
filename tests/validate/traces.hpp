// Traces for the tests: text, files, and recordings that are spoiled on purpose.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "models/validate/trace_line.hpp"
#include "models/validate/validate.hpp"
#include "spec/step.hpp"

namespace quiesce::validate::traces {

/// A file in the build folder that holds a text.
inline std::string file_with(const std::string& text, const std::string& name = "trace.jsonl") {
  std::filesystem::create_directories("build/validate_test");
  std::string path = "build/validate_test/" + name;
  std::filesystem::remove(path);  // a truncated file would be flushed to disk
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

inline Report verdict_on(const std::string& text, const Options& options = {}) {
  return validate(file_with(text), options);
}

inline std::string tickets_header() {
  return R"({"format":"quiesce-trace","version":1,"order":"tickets"})"
         "\n";
}
inline std::string intervals_header() {
  return R"({"format":"quiesce-trace","version":1,"order":"intervals"})"
         "\n";
}

/// The events of actions done one after the other, as the specification answers them.
inline std::vector<Event> events_of(const std::vector<std::string>& actions) {
  std::vector<Event> events;
  spec::State state = spec::initial();
  for (const std::string& text : actions) {
    Event event;
    event.action = parse_action(text).action;
    event.answer = spec::apply(state, event.action);
    event.thread = events.size() % 2 + 1;
    event.ticket = events.size() + 1;
    event.begin = 2 * events.size();
    event.end = event.begin + 1;
    events.push_back(event);
  }
  return events;
}

inline std::string text_of(const std::vector<Event>& events, Order order = Order::Tickets) {
  std::string text = order == Order::Tickets ? tickets_header() : intervals_header();
  for (const Event& event : events) text += line_of(event, order) + "\n";
  return text;
}

/// A task that reserves, commits and returns, and a region that closes.
inline std::vector<Event> small_trace() {
  return events_of({"open_region(r1, r0)", "spawn(t1, r1)", "start(t1)", "reserve(o1, t1, r1, Ack)",
                    "commit(o1, t1)", "return(t1, Ok)", "close_region(r1, Await)",
                    "spawn(t2, r1)"});
}

}  // namespace quiesce::validate::traces
