#include "models/validate/trace_line.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <span>

#include "models/validate/json_values.hpp"
#include "models/validate/repeated_key.hpp"

namespace quiesce::validate {
namespace {

constexpr std::array<std::string_view, 2> order_words{"tickets", "intervals"};

std::string quoted(std::string_view word) {
  return "'" + std::string(word) + "'";
}

/// The fields of one object, read by name; what nobody asked for is refused at the end.
///   cost     the names are only written out for a complaint
class ObjectReader {
 public:
  ObjectReader(const json::object& object, std::string_view what, ValueReader& values)
      : object_(object), what_(what), values_(values) {}

  template <class Value>
  void required(std::string_view name, Value& into) {
    const json::value* const value = taken(name);
    if (value == nullptr) return values_.complain(std::string(what_) + " has no " + quoted(name));
    values_.read(name, *value, into);
  }
  template <class Value>
  void optional(std::string_view name, std::optional<Value>& into) {
    if (const json::value* const value = taken(name)) values_.read(name, *value, into.emplace());
  }
  /// A ticket, of which there is always a next one.
  void ticket(std::string_view name, std::uint64_t& into) {
    constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();
    const json::value* const value = taken(name);
    if (value == nullptr) return values_.complain(std::string(what_) + " has no " + quoted(name));
    into = values_.number(name, *value, largest);
  }
  void ticket_if_given(std::string_view name, std::uint64_t& into) {
    if (object_.contains(name)) return ticket(name, into);
    known_[known_count_++] = name;
  }
  const json::value* taken(std::string_view name) {
    known_[known_count_++] = name;
    const json::value* const value = object_.if_contains(name);
    if (value != nullptr) ++taken_;
    return value;
  }
  template <class T>
  void fields(T& into) {
    taken_ += static_cast<std::size_t>(std::popcount(values_.read_fields(what_, object_, into)));
    has_more_ = ValueReader::has_field<T>;
    more_names_ = ValueReader::field_names<T>;
  }
  void nothing_else() {
    if (values_.failed() || taken_ == object_.size()) return;
    const auto known = std::span(known_).first(known_count_);
    for (const auto& member : object_) {
      const std::string_view key = member.key();
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      if (has_more_ != nullptr && has_more_(key)) continue;
      return values_.complain(quoted(key) + " is no field of " + std::string(what_) + "; it has " +
                              names());
    }
  }

 private:
  [[nodiscard]] std::string names() const {
    std::string text = more_names_ == nullptr ? "" : more_names_();
    for (std::size_t i = 0; i < known_count_; ++i)
      text += (text.empty() ? "" : ", ") + std::string(known_[i]);
    return text;
  }

  const json::object& object_;
  std::string_view what_;
  ValueReader& values_;
  std::size_t taken_ = 0;
  std::array<std::string_view, 12> known_{};
  std::size_t known_count_ = 0;
  bool (*has_more_)(std::string_view) = nullptr;
  std::string (*more_names_)() = nullptr;
};

template <std::size_t index = 0>
Action action_of_verb(std::string_view verb, bool& found) {
  if (verb == action_verb(index)) {
    found = true;
    return Action{std::in_place_index<index>};
  }
  if constexpr (index + 1 < std::variant_size_v<Action>)
    return action_of_verb<index + 1>(verb, found);
  return {};
}

std::string all_verbs() {
  std::string verbs;
  for (int i = 0; i < action_count; ++i)
    verbs += (i == 0 ? "" : ", ") + std::string(action_verb(static_cast<std::size_t>(i)));
  return verbs;
}

/// What no combination of fields may say.
void check(const Return& action, ValueReader& values) {
  if (action.outcome != OutcomeKind::Cancelled && action.kind != CancelKind::User)
    values.complain("only a Cancelled return has a 'kind'");
}
void check(const Abort& action, ValueReader& values) {
  if (action.reason == AbortReason::Cancel)
    values.complain("an action aborts with Error or Explicit; Cancel is the completion's own");
}
template <class Other>
void check(const Other&, ValueReader&) {}

void read_action(const json::value& word, ObjectReader& object, ValueReader& values,
                 Action& action) {
  if (!word.is_string()) return values.complain("'action' is a word such as \"spawn\"");
  const std::string_view text = word.get_string();
  if (text.find('(') != std::string_view::npos) {  // "spawn(t1, r0)": the text form
    ParsedAction parsed = parse_action(text);
    if (!parsed.ok)
      return values.complain("'action' is wrong at its column " + std::to_string(parsed.column) +
                             ": " + parsed.error);
    action = parsed.action;
    return;
  }
  bool found = false;
  action = action_of_verb(text, found);
  if (!found) return values.complain(quoted(text) + " is not an action; there is " + all_verbs());
  std::visit(
      [&](auto& fields) {
        object.fields(fields);
        if (!values.failed()) check(fields, values);
      },
      action);
}

/// "ticket", or "begin" and "end": the stamps of the order that the header announced.
template <class Stamped>
void read_interval(ObjectReader& object, ValueReader& values, Stamped& stamped) {
  object.required("begin", stamped.begin);
  object.required("end", stamped.end);
  if (!values.failed() && stamped.end < stamped.begin)
    values.complain("the end " + std::to_string(stamped.end) + " comes before the begin " +
                    std::to_string(stamped.begin));
}
void read_stamps(ObjectReader& object, const json::object& line, ValueReader& values, Order order,
                 Event& event) {
  const bool has_ticket = line.contains("ticket");
  const bool has_interval = line.contains("begin") || line.contains("end");
  if (order == Order::Tickets) {
    if (has_interval)
      values.complain("'begin' and 'end' are for the order intervals; the header says tickets");
    object.ticket("ticket", event.ticket);
    return;
  }
  if (has_ticket) values.complain("a 'ticket' is for the order tickets; the header says intervals");
  read_interval(object, values, event);
}

Event read_event(const json::object& line, ValueReader& values, Order order) {
  Event event;
  ObjectReader object(line, "an event", values);
  read_action(*object.taken("action"), object, values, event.action);
  object.required("thread", event.thread);
  read_stamps(object, line, values, order, event);
  object.required("answer", event.answer);
  static_cast<void>(object.taken("note"));
  object.nothing_else();
  return event;
}

template <class Row>
void read_rows(std::string_view name, ObjectReader& object, ValueReader& values,
               std::vector<GivenRow<Row>>& into) {
  const json::value* const list = object.taken(name);
  if (list == nullptr) return;
  if (!list->is_array()) return values.complain(quoted(name) + " is a list of rows");
  for (const json::value& element : list->get_array()) {
    GivenRow<Row>& row = into.emplace_back();
    row.given = values.read_object("a row of " + quoted(name), element, row.row);
    if (!values.failed() && row.row.name.is_none()) values.complain("a row has no name");
    if (values.failed()) return;
  }
}

template <class Row>
void refuse_twins(const std::vector<GivenRow<Row>>& rows, ValueReader& values) {
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (!(rows[i - 1].row.name < rows[i].row.name))
      values.complain("the rows of a snapshot stand in the order of their names, each once: " +
                      to_text(rows[i].row.name) + " comes after " + to_text(rows[i - 1].row.name));
  }
}

void read_counts(const json::value& value, ValueReader& values, std::optional<RowCounts>& into) {
  if (!value.is_object()) return values.complain("'counts' has regions, tasks and obligations");
  ObjectReader object(value.get_object(), "'counts'", values);
  RowCounts counts;
  std::uint64_t number = 0;
  object.required("regions", number);
  counts.regions = number;
  object.required("tasks", number);
  counts.tasks = number;
  object.required("obligations", number);
  counts.obligations = number;
  object.nothing_else();
  into = counts;
}

void read_snapshot_body(ObjectReader& object, ValueReader& values, TraceSnapshot& snapshot) {
  object.optional("now", snapshot.now);
  object.optional("leak_count", snapshot.leak_count);
  if (const json::value* const counts = object.taken("counts"))
    read_counts(*counts, values, snapshot.counts);
  read_rows("regions", object, values, snapshot.regions);
  read_rows("tasks", object, values, snapshot.tasks);
  read_rows("obligations", object, values, snapshot.obligations);
  refuse_twins(snapshot.regions, values);
  refuse_twins(snapshot.tasks, values);
  refuse_twins(snapshot.obligations, values);
}

TraceSnapshot read_snapshot(const json::value& value, ValueReader& values, Order order) {
  TraceSnapshot snapshot;
  if (!value.is_object()) {
    values.complain("'snapshot' is an object");
    return snapshot;
  }
  ObjectReader object(value.get_object(), "a snapshot", values);
  if (order == Order::Tickets) {
    object.ticket("after", snapshot.after);
  } else {
    object.required("thread", snapshot.thread);
    read_interval(object, values, snapshot);
  }
  read_snapshot_body(object, values, snapshot);
  object.nothing_else();
  return snapshot;
}

Released read_released(const json::value& value, ValueReader& values, Order order) {
  Released released;
  if (order == Order::Intervals) {
    values.complain("'released' is for the order tickets");
    return released;
  }
  if (!value.is_object()) {
    values.complain("'released' is an object with after, regions, tasks, obligations");
    return released;
  }
  ObjectReader object(value.get_object(), "'released'", values);
  object.ticket("after", released.after);
  const auto names = [&](std::string_view name, auto& into) {
    const json::value* const list = object.taken(name);
    if (list == nullptr) return;
    if (!list->is_array()) return values.complain(quoted(name) + " is a list of names");
    for (const json::value& element : list->get_array())
      values.read(name, element, into.emplace_back());
  };
  names("regions", released.regions);
  names("tasks", released.tasks);
  names("obligations", released.obligations);
  object.nothing_else();
  return released;
}

Header read_header(const json::object& line, ValueReader& values) {
  Header header;
  ObjectReader object(line, "the header", values);
  const json::value* const format = object.taken("format");
  if (format == nullptr || !format->is_string() ||
      std::string_view(format->get_string()) != format_name) {
    values.complain(R"(the first line is the header: {"format": ")" + std::string(format_name) +
                    R"(", "version": 1, "order": "tickets"})");
    return header;
  }
  std::uint64_t version = 0;
  object.required("version", version);
  if (!values.failed() && version != format_version)
    values.complain("this is version " + std::to_string(version) + " of the format, and version " +
                    std::to_string(format_version) +
                    " is what this program reads; write the trace "
                    "anew");
  if (values.failed()) return header;
  const json::value* const order = object.taken("order");
  const std::string_view word =
      order != nullptr && order->is_string() ? std::string_view(order->get_string()) : "";
  const auto* const known = std::find(order_words.begin(), order_words.end(), word);
  if (known == order_words.end()) values.complain(R"('order' is "tickets" or "intervals")");
  header.order = known == order_words.begin() ? Order::Tickets : Order::Intervals;
  if (header.order == Order::Tickets) object.ticket_if_given("first_ticket", header.first_ticket);
  if (const json::value* const leaks = object.taken("leaks"))
    values.read("leaks", *leaks, header.leaks);
  if (const json::value* const initial = object.taken("initial")) {
    if (!initial->is_object()) {
      values.complain("'initial' is an object with the rows of a whole state");
    } else {
      ObjectReader rows(initial->get_object(), "'initial'", values);
      read_snapshot_body(rows, values, header.initial.emplace());
      rows.nothing_else();
    }
  }
  static_cast<void>(object.taken("note"));
  object.nothing_else();
  return header;
}

TraceLine read_object(const json::object& line, bool is_first, Order order, ValueReader& values) {
  if (is_first) return read_header(line, values);
  if (line.contains("action")) return read_event(line, values, order);
  const auto alone = [&](std::string_view name) -> const json::value* {
    const json::value* const value = line.if_contains(name);
    if (value != nullptr && line.size() != 1)
      values.complain("nothing may stand beside " + quoted(name));
    return value;
  };
  if (const json::value* const value = alone("snapshot"))
    return read_snapshot(*value, values, order);
  if (const json::value* const value = alone("released"))
    return read_released(*value, values, order);
  if (line.contains("format"))
    values.complain("this is a second header; judge each trace in a file of its own");
  values.complain(
      "this is no event, snapshot or release: a line has 'action', 'snapshot' or "
      "'released'");
  return Event{};
}

json::object rows_of(const TraceSnapshot& snapshot) {
  json::object body;
  if (snapshot.now) body.emplace("now", *snapshot.now);
  if (snapshot.leak_count) body.emplace("leak_count", *snapshot.leak_count);
  if (snapshot.counts)
    body.emplace("counts", json::object{{"regions", snapshot.counts->regions},
                                        {"tasks", snapshot.counts->tasks},
                                        {"obligations", snapshot.counts->obligations}});
  const auto rows = [&](std::string_view name, const auto& given) {
    if (given.empty()) return;
    json::array list;
    for (const auto& row : given) {
      json::object object;
      write_fields(row.row, object, Defaults::Write);
      list.push_back(std::move(object));
    }
    body.emplace(name, std::move(list));
  };
  rows("regions", snapshot.regions);
  rows("tasks", snapshot.tasks);
  rows("obligations", snapshot.obligations);
  return body;
}

std::string one_line(std::string_view name, json::object body) {
  json::object line;
  line.emplace(name, std::move(body));
  return json::serialize(line);
}

/// Where a line stops to be JSON, and what it may be instead.
std::string why_not_json(std::string_view text, json::error_code error) {
  if (text.starts_with("\xEF\xBB\xBF"))
    return "a byte order mark stands before the text; write the trace as UTF-8 without one";
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return "this is UTF-16; write the trace as UTF-8";
  if (text.starts_with("\x1F\x8B") || text.starts_with("\x28\xB5\x2F\xFD"))
    return "the file is compressed; unpack it first";
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)
    return "a NUL byte stands at column " + std::to_string(nul + 1) +
           "; write the trace as UTF-8, and only what was recorded";
  if (error == json::error::incomplete)
    return "the line stops in the middle of its JSON (was the file cut, or an object spread over "
           "several lines?); complete it or take it out";
  if (error == json::error::too_deep)
    return "this is nested more than 32 deep; a trace needs no more than 6";
  json::parser parser;
  json::error_code again;
  const std::size_t column = parser.write_some(text, again) + 1;
  if (const std::size_t end = text.find('\r');
      end != std::string_view::npos && end + 1 < text.size())
    return "a line ends with a carriage return alone at column " + std::to_string(end + 1) +
           "; end it with a line feed";
  if (error == json::error::extra_data)
    return "there is more behind the object, from column " + std::to_string(column) +
           " on; a line holds one object";
  if (column <= text.size() && static_cast<unsigned char>(text[column - 1]) >= 0x80)
    return "a byte beyond ASCII stands at column " + std::to_string(column) +
           ", outside of a string or as no UTF-8; write the trace as UTF-8";
  return "this is not JSON from column " + std::to_string(column) + " on: " + error.message();
}

/// A complaint may repeat a word of the trace, of any length and with any byte in it.
std::string one_short_line(const std::string& sentence) {
  constexpr std::size_t most = 800;
  constexpr std::size_t kept = 200;
  std::string text;
  for (const char byte : sentence) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto code = static_cast<unsigned char>(byte);
    if (code >= 0x20 && code != 0x7F) {
      text += byte;
    } else {
      text += {'\\', 'x', digits[code >> 4U], digits[code & 15U]};
    }
  }
  if (text.size() <= most) return text;
  const auto is_inside_a_character = [&](std::size_t at) { return (text[at] & 0xC0) == 0x80; };
  std::size_t head = kept;
  std::size_t tail = text.size() - 3 * kept;
  while (is_inside_a_character(head)) --head;
  while (is_inside_a_character(tail)) ++tail;
  return text.substr(0, head) + " … " + text.substr(tail);
}

}  // namespace

ReadLine LineParser::read(std::string_view text, std::uint64_t number) {
  std::array<unsigned char, 16384> first_buffer;  // NOLINT: written before it is read
  json::monotonic_resource memory(first_buffer.data(), first_buffer.size());
  json::error_code error;
  const json::value value = json::parse(text, error, &memory);
  if (error) return {{}, one_short_line(why_not_json(text, error))};
  if (!value.is_object()) return {{}, "a line is a JSON object, such as {\"action\": …}"};
  if (const std::string key = repeated_key(text, value); !key.empty())
    return {{}, one_short_line(quoted(key) + " stands twice in one object; take one of them out")};
  ValueReader values;
  ReadLine read{read_object(value.get_object(), !has_header_, order_, values), {}};
  read.error = one_short_line(values.complaint());
  if (values.failed()) return read;
  if (const auto* const header = std::get_if<Header>(&read.line)) {
    has_header_ = true;
    order_ = header->order;
  }
  std::visit(overloaded{[](Header&) {}, [number](auto& line) { line.line = number; }}, read.line);
  return read;
}

std::string line_of(const Header& header) {
  json::object line{{"format", format_name},
                    {"version", format_version},
                    {"order", order_words[static_cast<std::size_t>(header.order)]}};
  if (header.first_ticket != 1) line.emplace("first_ticket", header.first_ticket);
  if (header.leaks != LeakPolicy{}) line.emplace("leaks", json_of(header.leaks));
  if (header.initial) line.emplace("initial", rows_of(*header.initial));
  return json::serialize(line);
}

std::string line_of(const Event& event, Order order) {
  std::array<unsigned char, 4096> first_buffer;  // NOLINT: written before it is read
  json::monotonic_resource memory(first_buffer.data(), first_buffer.size());
  json::object line(&memory);
  if (order == Order::Tickets) {
    line.emplace("ticket", event.ticket);
    line.emplace("thread", event.thread);
  } else {
    line.emplace("thread", event.thread);
    line.emplace("begin", event.begin);
    line.emplace("end", event.end);
  }
  line.emplace("action", action_verb(event.action.index()));
  std::visit([&](const auto& action) { write_fields(action, line); }, event.action);
  line.emplace("answer", json_of(event.answer));
  return json::serialize(line);
}

std::string line_of(const TraceSnapshot& snapshot, Order order) {
  json::object body;
  if (order == Order::Tickets) {
    body.emplace("after", snapshot.after);
  } else {
    body.emplace("thread", snapshot.thread);
    body.emplace("begin", snapshot.begin);
    body.emplace("end", snapshot.end);
  }
  for (auto& member : rows_of(snapshot)) body.emplace(member.key(), std::move(member.value()));
  return one_line("snapshot", std::move(body));
}

std::string line_of(const Released& released) {
  json::object body{{"after", released.after}};
  const auto names = [&](std::string_view name, const auto& list) {
    if (list.empty()) return;
    json::array array;
    for (const auto entity : list) array.push_back(json_of(entity));
    body.emplace(name, std::move(array));
  };
  names("regions", released.regions);
  names("tasks", released.tasks);
  names("obligations", released.obligations);
  return one_line("released", std::move(body));
}

TraceSnapshot whole_snapshot(const spec::State& state) {
  TraceSnapshot snapshot;
  snapshot.now = state.now;
  snapshot.leak_count = state.leak_count;
  snapshot.counts = RowCounts{state.regions.size(), state.tasks.size(), state.obligations.size()};
  constexpr std::uint32_t every = ~std::uint32_t{0};
  for (const spec::Region& row : state.regions) snapshot.regions.push_back({row, every});
  for (const spec::Task& row : state.tasks) snapshot.tasks.push_back({row, every});
  for (const spec::Obligation& row : state.obligations)
    snapshot.obligations.push_back({row, every});
  return snapshot;
}

}  // namespace quiesce::validate
