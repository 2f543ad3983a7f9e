// What a trace says, line by line, after it was read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "spec/state.hpp"
#include "spec/vocabulary/action.hpp"
#include "spec/vocabulary/answer.hpp"

namespace quiesce::validate {

/// How a trace says in which order its events took effect.
enum class Order : std::uint8_t {
  Tickets,    // each event has a ticket: a total order
  Intervals,  // each event has a begin and an end: any order that respects them
};

inline constexpr std::string_view format_name = "quiesce-trace";
inline constexpr std::uint64_t format_version = 1;

/// One action of one thread and what it was answered.
///   state    `ticket` for Order::Tickets; `begin` and `end` for Order::Intervals, in any unit
struct Event {
  std::uint64_t line = 0;  // of the file, counted from 1
  std::uint64_t thread = 0;
  std::uint64_t ticket = 0;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  Action action;
  Answer answer;
  bool name_is_taken = false;  // an earlier event created an entity of the Name that it creates
};

/// A row of which some fields are given.
///   state    bit i of `given` stands for field i of fields_of<Row>
template <class Row>
struct GivenRow {
  Row row;
  std::uint32_t given = 0;
};

/// How many rows of each kind there are, the ended ones included.
struct RowCounts {
  std::size_t regions = 0;
  std::size_t tasks = 0;
  std::size_t obligations = 0;
  friend bool operator==(const RowCounts&, const RowCounts&) = default;
};

/// What the runtime looked like: after a ticket, or at some instant of an interval.
struct TraceSnapshot {
  std::uint64_t line = 0;
  std::uint64_t after = 0;  // Order::Tickets
  std::uint64_t thread = 0;
  std::uint64_t begin = 0;  // Order::Intervals
  std::uint64_t end = 0;
  std::optional<Time> now;
  std::optional<std::uint32_t> leak_count;
  std::optional<RowCounts> counts;
  std::vector<GivenRow<spec::Region>> regions;
  std::vector<GivenRow<spec::Task>> tasks;
  std::vector<GivenRow<spec::Obligation>> obligations;

  /// True if it gives as many rows as it counts: then it is a whole state.
  [[nodiscard]] bool is_whole() const {
    return counts && *counts == RowCounts{regions.size(), tasks.size(), obligations.size()};
  }
};

/// Names that no later event will use: what is known of them may be forgotten.
struct Released {
  std::uint64_t line = 0;
  std::uint64_t after = 0;
  std::vector<RegionName> regions;
  std::vector<TaskName> tasks;
  std::vector<ObligationName> obligations;
};

/// The first line.
struct Header {
  Order order = Order::Tickets;
  std::uint64_t first_ticket = 1;
  LeakPolicy leaks{};
  std::optional<TraceSnapshot> initial;  // one Open root region if there is none
};

using TraceLine = std::variant<Header, Event, TraceSnapshot, Released>;

}  // namespace quiesce::validate
