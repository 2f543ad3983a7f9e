// The verdict in words and as JSON.
#include "models/report/text_table.hpp"
#include "models/validate/compare.hpp"
#include "models/validate/json_values.hpp"
#include "models/validate/validate.hpp"

namespace quiesce::validate {
namespace {

using report::with_commas;

std::string_view word(Verdict verdict) {
  switch (verdict) {
    case Verdict::Allowed: return "allowed";
    case Verdict::NotAllowed: return "not_allowed";
    case Verdict::Undecided: return "undecided";
    case Verdict::BadInput: return "bad_input";
  }
  return "?";
}

std::string_view order_words(Order order) {
  return order == Order::Tickets ? "in the order of their tickets" : "in every order they allow";
}

std::string stamps(const Event& event, Order order) {
  const std::string thread = "thread " + std::to_string(event.thread);
  if (order == Order::Tickets) return "ticket " + std::to_string(event.ticket) + ", " + thread;
  return thread + ", " + std::to_string(event.begin) + " to " + std::to_string(event.end);
}

std::string counted(std::uint64_t count, const std::string& noun) {
  return with_commas(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string what_was_done(const Report& report, double seconds) {
  const Counts& counts = report.counts;
  std::string text = "  " + counted(counts.events, "event") + " of " +
                     counted(counts.threads, "thread") + ", " +
                     std::string(order_words(report.order)) + "\n";
  if (counts.snapshots > 0)
    text += "  " + counted(counts.snapshots, "snapshot") + ", " +
            counted(counts.rows_compared, "row") + " compared\n";
  if (report.order == Order::Intervals)
    text += "  at most " + counted(counts.widest, "event") + " in progress at once, " +
            counted(counts.most_states, "state") + " possible, " + counted(counts.steps, "step") +
            " of the specification\n";
  if (counts.states_judged > 0)
    text += "  every invariant on " + counted(counts.states_judged, "state") +
            " of the specification" +
            (counts.steps_judged > 0
                 ? ", every property of steps on " + counted(counts.steps_judged, "step")
                 : std::string()) +
            "\n";
  text += "  " + counted(counts.rows.regions, "region") + ", " +
          counted(counts.rows.tasks, "task") + ", " +
          counted(counts.rows.obligations, "obligation") + " at the end\n";
  const auto rate =
      static_cast<std::uint64_t>(static_cast<double>(counts.events) / std::max(seconds, 1e-6));
  const auto hundredths = static_cast<std::uint64_t>(seconds * 100);
  text += "  " + std::to_string(hundredths / 100) + "." + (hundredths % 100 < 10 ? "0" : "") +
          std::to_string(hundredths % 100) + " seconds, " + with_commas(rate) +
          " events a second\n";
  return text;
}

std::string list(const std::string& title, const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  std::string text = title + "\n";
  for (const std::string& line : lines) text += "  " + line + "\n";
  return text;
}

std::string unexplained_text(const Report& report) {
  const Unexplained& first = *report.first;
  std::string text = "FAIL " + report.path;
  if (first.line > 0) text += ":" + std::to_string(first.line);
  text += first.event ? ": the specification cannot explain this event\n"
                      : ": the specification cannot explain this state\n";
  if (first.event)
    text += event_text(*first.event) + "   (" + stamps(*first.event, report.order) + ")\n";
  if (!first.event || first.sentence != event_text(*first.event))
    text += first.id + ": " + first.sentence + "\n";
  if (!first.spec_says.empty()) text += "the specification answers " + first.spec_says + "\n";
  text += list("what differs", first.details);
  text += list("the specification's rows before it", first.rows);
  std::vector<std::string> before;
  for (const Event& event : first.before)
    before.push_back("line " + std::to_string(event.line) + ": " + event_text(event) + "   (" +
                     stamps(event, report.order) + ")");
  text += list("the last events on the same entities", before);
  std::vector<std::string> options;
  for (const Option& option : first.frontier) {
    std::string line = "line " + std::to_string(option.event.line) + ": " +
                       event_text(option.event) + "; the specification answers ";
    for (std::size_t i = 0; i < option.spec_says.size(); ++i)
      line += (i == 0 ? "" : " or ") + option.spec_says[i];
    if (option.spec_says.empty()) line += "the same, earlier";
    options.push_back(std::move(line));
  }
  text += list("what was in progress and could have come next", options);
  text += with_commas(report.counts.events) + " events before it are explained\n";
  return text;
}

json::object event_json(const Event& event, Order order) {
  json::object object{{"line", event.line}, {"thread", event.thread}};
  if (order == Order::Tickets) {
    object.emplace("ticket", event.ticket);
  } else {
    object.emplace("begin", event.begin);
    object.emplace("end", event.end);
  }
  object.emplace("action", to_text(event.action));
  object.emplace("answer", to_text(event.answer));
  return object;
}

json::array texts(const std::vector<std::string>& lines) {
  json::array array;
  for (const std::string& line : lines) array.emplace_back(line);
  return array;
}

json::object unexplained_json(const Unexplained& first, Order order) {
  json::object object{{"line", first.line}, {"id", first.id}, {"sentence", first.sentence}};
  if (first.event) object.emplace("event", event_json(*first.event, order));
  if (!first.spec_says.empty()) object.emplace("specification_answers", first.spec_says);
  object.emplace("differs", texts(first.details));
  object.emplace("rows", texts(first.rows));
  json::array before;
  for (const Event& event : first.before) before.push_back(event_json(event, order));
  object.emplace("before", std::move(before));
  json::array frontier;
  for (const Option& option : first.frontier) {
    json::object entry = event_json(option.event, order);
    entry.emplace("specification_answers", texts(option.spec_says));
    frontier.push_back(std::move(entry));
  }
  object.emplace("frontier", std::move(frontier));
  return object;
}

}  // namespace

std::string report_text(const Report& report, double seconds) {
  switch (report.verdict) {
    case Verdict::Allowed:
      return "the specification allows this trace: " + report.path + "\n" +
             what_was_done(report, seconds);
    case Verdict::NotAllowed: return unexplained_text(report);
    case Verdict::Undecided:
      return "UNDECIDED " + report.sentence + "\n" + with_commas(report.counts.events) +
             " events before it are explained\n";
    case Verdict::BadInput: break;
  }
  return report.sentence + "\n";
}

std::string report_json(const Report& report, double seconds) {
  const Counts& counts = report.counts;
  json::object object{{"trace", report.path},
                      {"verdict", word(report.verdict)},
                      {"order", report.order == Order::Tickets ? "tickets" : "intervals"},
                      {"lines", report.lines},
                      {"events", counts.events},
                      {"threads", counts.threads},
                      {"snapshots", counts.snapshots},
                      {"rows_compared", counts.rows_compared},
                      {"states_judged", counts.states_judged},
                      {"steps_judged", counts.steps_judged}};
  if (report.order == Order::Intervals) object.emplace("steps", counts.steps);
  if (!report.sentence.empty()) object.emplace("sentence", report.sentence);
  if (report.first) object.emplace("first", unexplained_json(*report.first, report.order));
  object.emplace("timing", json::object{{"seconds", seconds}});
  return json::serialize(object) + "\n";
}

}  // namespace quiesce::validate
